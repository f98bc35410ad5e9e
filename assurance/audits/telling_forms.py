"""What an audit found and recommends, what members are told, and why it ends."""

from django import forms

from assurance.models import AuditFinding
from assurance.request_forms import refuse_far_day
from partnership.forms import PlannerForm, PlannerModelForm
from reviews.forms.identities import IdentityGuard


class FindingForm(IdentityGuard, PlannerModelForm):
    submit_label = "Save the finding"

    class Meta:
        model = AuditFinding
        fields = ["kind", "text", "seen_in", "training_need"]
        labels = {
            "kind": "What kind of finding is it?",
            "text": "What did you find?",
            "seen_in": "In how many cases was it seen?",
            "training_need": "What do people need to learn?",
        }
        help_texts = {
            "text": "Members read this. Say nothing of one case by itself, and no names.",
            "seen_in": "",
            "training_need": "It stands in the list of training needs from the day members are told.",
        }
        error_messages = {"text": {"required": "Enter what you found"}}
        widgets = {
            "kind": forms.RadioSelect,
            "seen_in": forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-2"}),
            "training_need": forms.Textarea({"rows": 2}),
        }

    def __init__(self, *args, case_count, **kwargs):
        super().__init__(*args, **kwargs)
        self.case_count = case_count
        self.fields["seen_in"].help_text = f"Of {case_count}. Leave it empty where nobody counted."

    def clean_seen_in(self):
        seen_in = self.cleaned_data["seen_in"]
        if seen_in is not None and not 1 <= seen_in <= self.case_count:
            raise forms.ValidationError(f"Enter a number from 1 to {self.case_count}, or leave it empty")
        return seen_in


class RecommendForm(IdentityGuard, PlannerForm):
    """A recommendation because of a finding, in each partnership that is chosen."""

    submit_label = "Recommend it"

    partnership = forms.ModelChoiceField(None, label="To which partnership?", empty_label=None)
    text = forms.CharField(
        label="What is recommended?",
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Enter what is recommended"},
    )
    measure = forms.CharField(
        label="How will we know that it made a difference?",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    organisations = forms.ModelMultipleChoiceField(
        None,
        label="For whom is it?",
        help_text="Leave all empty where it is for all of us.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, partnerships, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = partnerships
        self.fields["organisations"].queryset = organisations
        self.initial.setdefault("partnership", partnerships.first())

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())


class TellForm(IdentityGuard, PlannerForm):
    submit_label = "Tell members"

    summary = forms.CharField(
        label="What did it find in all?",
        help_text="Two or three sentences that a board can take away.",
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": "Enter what it found in all"},
    )
    re_audit_on = forms.DateField(
        label="When will you look again?", required=False, help_text="You are reminded. Leave it empty if you will not."
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_re_audit_on(self):
        day = self.cleaned_data["re_audit_on"]
        if day:
            if day <= self.today:
                raise forms.ValidationError("Enter a day to come")
            refuse_far_day(day, on=self.today)
        return day


class CloseForm(PlannerForm):
    submit_label = "Close the audit"

    because = forms.CharField(
        label="Why does it end here?",
        help_text="Like “Looked at again in May: what was recommended is practice now.”",
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why it ends here"},
    )
