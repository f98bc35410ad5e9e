"""The words and rules of the form by which a plan begins."""

from django import forms

from partnership.forms import PlannerModelForm
from partnership.models import Partnership
from plans.models import Plan
from plans.starting import is_long

EMPTY = "empty"


class StartForm(PlannerModelForm):
    """Whose, for when, for whom, and from what. ``plans``: those that can be carried forward."""

    submit_label = "Start the plan"

    partnerships = forms.ModelMultipleChoiceField(
        Partnership.objects.none(),
        label="Whose plan is it?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick both where two partnerships share one plan.",
        error_messages={
            "required": "Choose the partnership whose plan this is",
            "invalid_choice": "Choose from the partnerships whose office you are in",
        },
    )
    begins = forms.ChoiceField(
        label="What does it start from?",
        widget=forms.RadioSelect,
        help_text="From a plan that is there you decide row by row what is done, carried forward or dropped.",
        error_messages={
            "required": "Choose what the plan starts from",
            "invalid_choice": "This plan can’t be carried forward by you, or is already. Choose from the list",
        },
    )
    is_meant = forms.BooleanField(label="Yes, it runs for longer than three years", required=False)

    field_order = ["begins", "partnerships", "title", "starts_on", "ends_on", "is_meant", "audience"]

    class Meta:
        model = Plan
        fields = ["title", "starts_on", "ends_on", "audience"]
        labels = {
            "title": "What is it called?",
            "starts_on": "First day",
            "ends_on": "Last day",
            "audience": "Whom is it for?",
        }
        error_messages = {"title": {"required": "Enter what the plan is called, like “Business plan 2027 to 2028”"}}
        widgets = {"audience": forms.RadioSelect}

    def __init__(self, *args, partnerships, plans, **kwargs):
        super().__init__(*args, **kwargs)
        self.plans = {str(plan.pk): plan for plan in plans}
        self.fields["partnerships"].queryset = partnerships
        self.fields["begins"].choices = [
            *((pk, f"{plan}, carried forward") for pk, plan in self.plans.items()),
            (EMPTY, "An empty plan"),
        ]
        if not self.plans:
            self.fields["begins"].initial = EMPTY
            self.fields["begins"].widget = forms.HiddenInput()
        if not self.is_bound:
            del self.fields["is_meant"]

    def clean_begins(self):
        """The plan that is carried forward, or None."""
        return self.plans.get(self.cleaned_data["begins"])

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        earlier = cleaned.get("begins")
        if starts_on and earlier and starts_on <= earlier.starts_on:
            self.add_error("starts_on", f"“{earlier}” starts later than that. What follows it starts after it")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "Enter a last day that comes after the first")
        elif starts_on and ends_on and is_long(starts_on, ends_on):
            if not cleaned.get("is_meant"):
                self.add_error("is_meant", "Tick this if the plan runs for so long, or change its last day")
            return cleaned
        del self.fields["is_meant"]
        return cleaned

    def values(self):
        """What ``plans.starting.start_plan`` takes."""
        return {
            "partnerships": list(self.cleaned_data["partnerships"]),
            "continues": self.cleaned_data["begins"],
            **{name: self.cleaned_data[name] for name in self.Meta.fields},
        }
