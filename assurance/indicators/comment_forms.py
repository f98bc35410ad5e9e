"""The form in which somebody says why a figure moved."""

from django import forms

from assurance.indicators.moves import has_moved, periods_of
from assurance.indicators.words import name_of_period
from partnership.forms import PlannerForm

PERIODS_OFFERED = 16


class CommentForm(PlannerForm):
    """``figures`` are those that the writer sees, with at least one; ``owed`` the moves nobody explained."""

    submit_label = "Save"

    period_on = forms.TypedChoiceField(
        label="Which period is it about?",
        coerce=forms.DateField().to_python,
        error_messages={"required": "Choose the period", "invalid_choice": "Choose a period from the list"},
    )
    why = forms.CharField(
        label="Why did it move?",
        help_text="What happened, and how you know. “We do not know yet” is an answer, with what you do to find out.",
        widget=forms.Textarea,
        error_messages={"required": "Enter why it moved, or that you do not know yet"},
    )
    so_what = forms.CharField(
        label="So what?",
        help_text="What it means for children, and what is done about it, by whom and by when.",
        widget=forms.Textarea,
        error_messages={"required": "Enter what it means and what is done about it"},
    )

    def __init__(self, *args, indicator, figures, owed, **kwargs):
        super().__init__(*args, **kwargs)
        waiting = {point.starts_on for move in owed for point in move.points}
        periods = periods_of(figures)
        offered = periods[:PERIODS_OFFERED] + [each for each in periods[PERIODS_OFFERED:] if each[0] in waiting]
        self.fields["period_on"].choices = [
            (starts_on.isoformat(), self._called(indicator, figures, starts_on, ends_on, waiting))
            for starts_on, ends_on in offered
        ]

    def _called(self, indicator, figures, starts_on, ends_on, waiting):
        name = name_of_period(starts_on, ends_on)
        if starts_on in waiting:
            return f"{name}: it moved, and nobody has said why"
        return f"{name}: it moved" if has_moved(indicator, figures, starts_on) else name
