"""A form that asks before it keeps what may say who somebody is."""

from django import forms
from django.core import signing

from partnership.models import Area, Group, Organisation, Partnership
from reviews.identities import doubts_in

NOBODY = "None of these says who somebody is"
WHAT_TO_DO = "If so, take it out. If not, tick the box at the end of this page."


class IdentityGuard:
    """Question what looks like a name, date of birth, address or number in the answers of a form.

    Stands before ``PlannerForm`` or ``PlannerModelForm``. A form with such words is sent back (422) with all that was
    typed, each doubt at its field, and a box to tick; ticked, it is kept with these very words. Words that stood in
    the record before are not asked about again. ``trusted_fields`` are not looked at (a name that belongs there).
    A template that lists its fields one by one ends with ``{% include "reviews/nobody.html" %}``.
    """

    trusted_fields = ()

    def _clean_form(self):
        super()._clean_form()
        doubts = {name: found for name in self.questioned_fields() if (found := self._doubts(name))}
        if doubts:
            self._ask(doubts)

    def questioned_fields(self):
        """The names of the fields in which somebody writes words of their own."""
        return [
            name
            for name, field in self.fields.items()
            if name not in self.trusted_fields
            and isinstance(field.widget, forms.TextInput | forms.Textarea)
            and isinstance(self.cleaned_data.get(name), str)
        ]

    def _doubts(self, name):
        text = self.cleaned_data[name]
        if not doubts_in(text):
            return []
        before = self.get_initial_for_field(self.fields[name], name)
        had = doubts_in(before) if isinstance(before, str) else []
        return [doubt for doubt in doubts_in(text, known=known_names()) if doubt not in had]

    def _ask(self, doubts):
        """Show the doubts that were not yet answered, and the box that answers all of them."""
        answered = self._answered()
        for name, found in doubts.items():
            new = [str(doubt) for doubt in found if str(doubt) not in answered]
            if new:
                self.add_error(name, f"{' '.join(new)} {WHAT_TO_DO}")
        everything = sorted({str(doubt) for found in doubts.values() for doubt in found})
        is_answered = not set(everything) - answered
        self.fields["nobody"] = forms.BooleanField(label=NOBODY, required=False)
        self.fields["nobody_of"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.data = self.data.copy()
        self.data[self.add_prefix("nobody_of")] = signing.dumps(everything, compress=True)
        if not is_answered:
            self.data.pop(self.add_prefix("nobody"), None)

    def _answered(self):
        """The doubts beside which the box was ticked."""
        if not self.data.get(self.add_prefix("nobody")):
            return set()
        try:
            return set(signing.loads(self.data.get(self.add_prefix("nobody_of"), "")))
        except signing.BadSignature:
            return set()


def known_names():
    """The names of all partnerships, organisations, areas and groups: nobody's. One query."""
    of_partnerships = Partnership.objects.order_by().values_list("name")
    others = [model.objects.order_by().values_list("name") for model in (Organisation, Area, Group)]
    return [name for (name,) in of_partnerships.union(*others)]
