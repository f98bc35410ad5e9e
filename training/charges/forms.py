"""The form by which a statement is issued."""

from django import forms

from partnership.forms import PlannerForm


class IssueForm(PlannerForm):
    """``before``: the statement that a further edition corrects; without one nothing is asked."""

    submit_label = "Issue the statement"
    note = forms.CharField(
        label="What does this edition correct?",
        max_length=300,
        help_text="The organisation reads it. The edition before stays as it is.",
        error_messages={"required": "Enter what this edition corrects"},
    )

    def __init__(self, *args, before, **kwargs):
        super().__init__(*args, **kwargs)
        if before is None:
            del self.fields["note"]
