"""Forms of rounds: opened, planned for a year in one table, changed, closed and reopened."""

from django import forms
from django.forms.utils import ErrorDict

from partnership.forms import PlannerForm, PlannerModelForm
from plans.models import UpdateRound
from plans.round_year import Steps
from plans.rounds import clashes_of, order_of

MOST_ROUNDS = 24  # of one plan in one table
LABELS = {
    "name": "What is the round called?",
    "starts_on": "First day it asks about",
    "ends_on": "Last day it asks about",
    "opens_on": "Day it opens",
    "closes_on": "Last day to answer",
    "proposals_due_on": "When are ratings proposed by?",
    "decisions_due_on": "When are they decided by?",
}
HELP_TEXTS = {
    "name": "The leads see this name, for example “October to December 2026”.",
    "closes_on": "Leads are reminded before this day, and after it until you close the round.",
}


class RoundForm(PlannerModelForm):
    """Open a turn of the cycle."""

    submit_label = "Open the round"

    class Meta:
        model = UpdateRound
        fields = list(LABELS)
        labels = LABELS
        help_texts = HELP_TEXTS

    def clean(self):
        cleaned = super().clean()
        for field, said in order_of(cleaned):
            self.add_error(field if field in self.fields else None, said)
        return cleaned


class PlannedRoundForm(RoundForm):
    """Change a round that has not opened."""

    submit_label = "Save the round"


class RunningRoundForm(RoundForm):
    """Change what is still to come of a round that has opened: extend it, mostly."""

    submit_label = "Save the round"

    class Meta(RoundForm.Meta):
        fields = ["name", "closes_on", "proposals_due_on", "decisions_due_on"]  # noqa: RUF012

    def clean(self):
        cleaned = super().clean()
        closes_on = cleaned.get("closes_on")
        if closes_on and closes_on < self.instance.opens_on:
            self.add_error("closes_on", "Choose a last day to answer that is not before the round opened")
        return cleaned


class ReopenForm(PlannerForm):
    submit_label = "Reopen the round"

    reason = forms.CharField(
        label="Why is it reopened?",
        help_text="It stays in the history of the round.",
        widget=forms.Textarea({"rows": 3}),
        max_length=500,
        error_messages={"required": "Say why the round is reopened"},
    )


# The year


class DayField(forms.DateField):
    """A day in one box, for tables: browsers offer a calendar; 2 July 2026 and 02/07/2026 are read as well."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"],
            error_messages={"required": "Enter the day", "invalid": "Enter a real day, like 2 July 2026"},
            **kwargs,
        )


class StepsForm(PlannerForm):
    """Working days from step to step, as which the proposal is worked out. Sent by GET: it changes nothing."""

    submit_label = "Work the days out again"

    to_answer = forms.IntegerField(label="To answer", min_value=1, max_value=60, initial=Steps.to_answer)
    to_propose = forms.IntegerField(
        label="Then until ratings are proposed", min_value=0, max_value=60, initial=Steps.to_propose
    )
    to_decide = forms.IntegerField(
        label="Then until they are decided", min_value=0, max_value=60, initial=Steps.to_decide
    )

    @property
    def steps(self):
        """What was asked for where it can be used, else the usual ones."""
        return Steps(**self.cleaned_data) if self.is_bound and self.is_valid() else Steps()


class YearRow(PlannerForm):
    """One round of the year; nothing of a row that is not ticked is looked at."""

    is_wanted = forms.BooleanField(label="Plan this round", required=False, initial=True)
    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Enter a name"})
    starts_on = DayField(label="Asks about the time from")
    ends_on = DayField(label="to")
    opens_on = DayField(label="Opens")
    closes_on = DayField(label="Last day to answer")
    proposals_due_on = DayField(label="Ratings proposed by", required=False)
    decisions_due_on = DayField(label="Ratings decided by", required=False)

    def full_clean(self):
        super().full_clean()
        if self.is_bound and not self.is_ticked:
            self._errors = ErrorDict()

    @property
    def is_ticked(self):
        return bool(getattr(self, "cleaned_data", {}).get("is_wanted"))

    @property
    def days(self):
        return {name: self.cleaned_data.get(name) for name in LABELS}


class YearRows(forms.BaseFormSet):
    """``plan``: the days of its rounds, there and typed, must go together."""

    def __init__(self, *args, plan, **kwargs):
        self.plan = plan
        super().__init__(*args, **kwargs)

    def clean(self):
        if not any(form.is_ticked for form in self.forms):
            raise forms.ValidationError("Tick at least one round to plan")
        for form in self.wanted:
            self._check_years(form)
        self.say(clashes_of([form.days for form in self.wanted], self.standing))

    def _check_years(self, form):
        """A mistyped year is far from the plan's own."""
        first, last = self.plan.starts_on.year - 1, self.plan.ends_on.year + 1
        for name, day in form.days.items():
            if name != "name" and day and not first <= day.year <= last:
                form.add_error(name, f"Enter a day from {first} to {last}")

    @property
    def standing(self):
        """The plan's rounds, but for those that are sent once more, day for day."""
        typed = [form.days for form in self.wanted]
        rounds = self.plan.rounds.all()
        return [each for each in rounds if not any(_is_same(each, days) for days in typed)]

    @property
    def wanted(self):
        return [form for form in self.forms if form.is_ticked]

    def say(self, problems):
        """Put ``problems`` ({number of a wanted row: [(field, sentence)]}) beside their rows."""
        for number, found in problems.items():
            for field, said in found:
                self.wanted[number].add_error(field, said)


def _is_same(round, days):
    return all(getattr(round, name) == value for name, value in days.items())


YearFormSet = forms.formset_factory(
    YearRow, formset=YearRows, extra=0, max_num=MOST_ROUNDS, absolute_max=MOST_ROUNDS, validate_max=True
)
