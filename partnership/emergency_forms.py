"""The forms of emergency access: why it is needed, and why it is not given."""

from django import forms

from partnership.forms import PlannerForm


class AskForm(PlannerForm):
    submit_label = "Ask for access"

    reason = forms.CharField(
        label="Why do you need to see the cases now, and why can’t the group tell you?",
        help_text="A lead safeguarding partner or a member of the case review group reads this and answers. Don’t name "
        "a child, an adult or a family.",
        widget=forms.Textarea(attrs={"rows": 5}),
        min_length=20,
        max_length=2000,
        error_messages={
            "required": "Enter why you need to see the cases now",
            "min_length": "Say it in a sentence or two, so that a second person can judge it",
        },
    )


class RefuseForm(PlannerForm):
    submit_label = "Do not allow it"
    submit_kind = "secondary"

    because = forms.CharField(
        label="Why not?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter why it is not allowed. Who asked reads it"},
    )
