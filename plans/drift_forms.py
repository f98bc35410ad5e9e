"""The form that sets a line of drift aside."""

from datetime import timedelta

from django import forms

from partnership.forms import PlannerForm

LONGEST = timedelta(days=366)


class SetAsideForm(PlannerForm):
    """Why, and until when. ``on``: today."""

    submit_label = "Set aside"

    reason = forms.CharField(
        label="Why can this wait?",
        help_text="Whoever looks next reads it, and it stays in the plan’s history.",
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": "Say why this can wait"},
    )
    until = forms.DateField(
        label="Until when?",
        help_text="It comes back by itself on the day after.",
        error_messages={"required": "Enter the day until which it can wait"},
    )

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until <= self.on:
            raise forms.ValidationError("Enter a day after today")
        if until > self.on + LONGEST:
            raise forms.ValidationError("Enter a day within a year from today")
        return until
