"""What the heat map can be narrowed to."""

from django import forms

from assurance.heat_map import BY_NAME, BY_WEAKEST, Asked
from partnership.models import Organisation, Partnership
from partnership.whole_numbers import whole_number

PAPERS = [("", "A4"), ("a3", "A3")]


class HeatMapForm(forms.Form):
    """Read from the address. ``shown``: the HeatMap whose years and sections can be chosen."""

    set = forms.ChoiceField(label="Standards", required=False)
    year = forms.TypedChoiceField(label="Year", required=False, coerce=int, empty_value=None)
    section = forms.ChoiceField(label="Section", required=False)
    kind = forms.ChoiceField(label="Kind of organisation", required=False)
    partnership = forms.TypedChoiceField(label="Partnership", required=False, coerce=int, empty_value=None)
    sort = forms.ChoiceField(
        label="Sorted by", required=False, choices=[(BY_NAME, "Name"), (BY_WEAKEST, "The weakest first")]
    )
    paper = forms.ChoiceField(label="Paper", required=False, choices=PAPERS)

    def __init__(self, *args, families, shown, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["set"].choices = [(str(each.pk), each.title) for each in families]
        years = reversed(shown.years) if shown else ()
        self.fields["year"].choices = [("", "The latest"), *((year, f"{year} to {year + 1}") for year in years)]
        sections = shown.sections if shown else ()
        self.fields["section"].choices = [("", "All sections"), *((each, each) for each in sections)]
        own = Partnership.objects.filter(pk__in=user.standing.partnership_ids).values_list("pk", "name")
        self.fields["partnership"].choices = [("", "All of mine"), *own]
        self.fields["kind"].choices = [("", "Every kind"), *Organisation.Kind.choices]
        if shown is None or not shown.is_whole:
            for name in ("kind", "sort"):
                del self.fields[name]
        if len(own) < 2:
            del self.fields["partnership"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "govuk-select"


def asked_of(query):
    """What an address (QueryDict) asks for, as far as it makes sense."""
    return Asked(
        year=whole_number(query.get("year")),
        section=query.get("section", ""),
        kind=query.get("kind", ""),
        partnership=whole_number(query.get("partnership")),
        sort=BY_WEAKEST if query.get("sort") == BY_WEAKEST else BY_NAME,
    )
