"""The words of the forms that end the time for which a case is kept, or lengthen it."""

from django import forms

from partnership.forms import PlannerForm
from reviews.forms.identities import IdentityGuard
from reviews.releasing import tells

STAYS = "This stays when the case is gone: say nothing of what it was about, and leave out its reference."
LEADS_TO_IT = "Leave out the reference of the case and what it was about. This stays when the case is gone"


class ReasonForm(IdentityGuard, PlannerForm):
    because = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class ReasonThatStaysForm(ReasonForm):
    """Of words that are kept when ``case`` is deleted, so they may not lead to it."""

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case

    def clean_because(self):
        words, case = self.cleaned_data["because"], self.case
        if tells(words, {case.reference, case.panel_reference} - {""}, {case.category}):
            raise forms.ValidationError(LEADS_TO_IT)
        return words


class AskForDeletionForm(ReasonThatStaysForm):
    submit_label = "Ask for it to be deleted"
    submit_kind = "warning"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["because"]
        field.label, field.help_text = "Why may it be deleted?", f"Who looked whether it is still needed. {STAYS}"
        field.error_messages["required"] = "Enter why it may be deleted"


class KeepAfterAllForm(ReasonThatStaysForm):
    submit_label = "Do not delete it"
    submit_kind = "secondary"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["because"]
        field.label, field.help_text = "Why not?", STAYS
        field.error_messages["required"] = "Enter why it is not deleted"


class HoldCaseForm(ReasonForm):
    submit_label = "Hold this case"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["because"]
        field.label, field.help_text = "Why must it be kept?", "An inquiry, a court, a claim. Never a name."
        field.error_messages["required"] = "Enter why it must be kept"


class LiftCaseHoldForm(ReasonForm):
    submit_label = "Lift the hold"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["because"]
        field.label = "Why need it not be kept any longer?"
        field.error_messages["required"] = "Enter why it need not be kept any longer"
