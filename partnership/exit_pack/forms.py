"""Asking for an exit pack."""

from django import forms

from partnership.exit_pack.making import CASES_STAY, may_have_cases
from partnership.forms import PlannerForm
from partnership.models import Partnership
from partnership.standing import standing_of


def may_ask_for(user):
    """The partnerships whose packs ``user`` may have made."""
    standing = standing_of(user)
    if standing.is_administrator:
        return Partnership.objects.order_by("name")
    return Partnership.objects.filter(pk__in=standing.office_ids).order_by("name")


class ExitPackForm(PlannerForm):
    submit_label = "Make the pack"

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Of which partnership?",
        empty_label="Choose one",
        error_messages={
            "required": "Choose the partnership whose pack you want",
            "invalid_choice": "Choose one of the partnerships in the list",
        },
    )
    with_cases = forms.BooleanField(
        label="With the cases of its case review group",
        help_text="You sit in that group. Only you can then download this pack.",
        required=False,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["partnership"].queryset = may_ask_for(user)
        if not standing_of(user).own_case_group_ids:
            del self.fields["with_cases"]

    def clean(self):
        cleaned = super().clean()
        partnership = cleaned.get("partnership")
        if cleaned.get("with_cases") and partnership and not may_have_cases(self.user, partnership):
            self.add_error("with_cases", f"You do not sit in the case review group of {partnership}. {CASES_STAY}")
        return cleaned
