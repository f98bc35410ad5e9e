"""What an agency did with a briefing, answered in a minute; and whom else to ask."""

from datetime import timedelta

from django import forms

from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Organisation
from reviews.forms.identities import IdentityGuard
from reviews.models import Receipt

USED, NOT_USED = "used", "not-used"
LONGEST = timedelta(days=366)
MOST = 1_000_000


class ReceiptForm(IdentityGuard, PlannerModelForm):
    """``on``: today. What belongs to the other answer is not kept."""

    submit_label = "Send"

    was_used = forms.ChoiceField(
        label="Did you use it?",
        choices=[(USED, "Yes"), (NOT_USED, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you used it"},
    )

    class Meta:
        model = Receipt
        fields = ["used_on", "used_with", "reached", "changed", "not_used_because"]
        labels = {
            "used_on": "When?",
            "used_with": "With whom?",
            "reached": "About how many people, if you know?",
            "changed": "What changed because of it?",
            "not_used_because": "Why not?",
        }
        help_texts = {
            "used_on": "If it was more than once, the first time.",
            "used_with": "Like “Duty team and two supervision groups”. Never a name.",
            "changed": "What people do otherwise now, in a sentence or two. “Nothing yet” is an answer.",
            "not_used_because": "Like “It does not touch our work” or “We take it in March”.",
        }
        widgets = {
            "used_with": forms.Textarea({"rows": 2}),
            "changed": forms.Textarea({"rows": 3}),
            "not_used_because": forms.Textarea({"rows": 2}),
        }

    field_order = ["was_used"]

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)
        self.fields["reached"].widget.attrs |= {"inputmode": "numeric", "class": "govuk-input--width-5"}

    def extra_values(self):
        receipt = self.instance
        if receipt.used_on:
            return {"was_used": USED}
        return {"was_used": NOT_USED if receipt.not_used_because else ""}

    def clean_used_on(self):
        used_on = self.cleaned_data["used_on"]
        if used_on and used_on > self.on:
            raise forms.ValidationError("Enter today or a day before: you can say it once you have used it")
        return used_on

    def clean_reached(self):
        reached = self.cleaned_data["reached"]
        if reached is not None and reached > MOST:
            raise forms.ValidationError(f"Enter a number up to {MOST:,}")
        return reached

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("was_used") == USED:
            for name, words in WANTED.items():
                if name in cleaned and not cleaned[name]:
                    self.add_error(name, words)
            cleaned["not_used_because"] = ""
        elif cleaned.get("was_used") == NOT_USED:
            if "not_used_because" in cleaned and not cleaned["not_used_because"]:
                self.add_error("not_used_because", "Say why you did not use it")
            for name in ("used_on", "reached"):
                self.errors.pop(name, None)
                cleaned[name] = None
            cleaned["used_with"] = cleaned["changed"] = ""
        return cleaned

    @property
    def written(self):
        """What ``reviews.receipts.submit_receipt`` takes, of a valid form."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


WANTED = {
    "used_on": "Enter the day on which you used it",
    "used_with": "Say with whom you used it",
    "changed": "Say what changed because of it. “Nothing yet” is an answer",
}


class AskForm(PlannerForm):
    """One more agency, or another day for one that has not answered. ``agencies``: whom one may ask."""

    submit_label = "Ask"

    agency = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Which agency?",
        error_messages={"required": "Choose the agency"},
    )
    due_on = forms.DateField(label="By when?", error_messages={"required": "Enter the day by which it answers"})

    def __init__(self, *args, agencies, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if not self.on < due_on <= self.on + LONGEST:
            raise forms.ValidationError("Enter a day after today and within a year")
        return due_on
