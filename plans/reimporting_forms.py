"""The forms of a later issue: the document, and one choice for each cell and row in which it differs."""

from django import forms

from partnership.forms import PlannerForm
from plans.import_forms import ImportForm
from plans.reimporting import KEEP, TAKE
from plans.version_forms import Reason

NEW = "new"  # a row of the document that is none of the plan's


class LaterIssueForm(ImportForm):
    """A later issue of a plan's document, of whatever kind the first was."""

    submit_label = "Compare it with the plan"

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, partnerships=plan.partnerships.all(), **kwargs)
        del self.fields["partnerships"]
        self.fields["document"].label = "The later issue"


class MergeForm(PlannerForm):
    """``questions``: what ``hold_against`` asks. A field is named as its question is, so a choice outlives a reload."""

    submit_label = "Bring it in"

    rest = forms.ChoiceField(
        label="What you have not chosen",
        required=False,
        choices=[("", "I choose each one"), (KEEP, "Keep ours for all of them"), (TAKE, "Take the document’s")],
    )
    reason = Reason(
        label="Why do these rows leave the plan?",
        required=False,
        help_text="It stands with each of them. Their updates and their history stay.",
        max_length=1000,
    )

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for each in questions.all:
            field = forms.ChoiceField(
                label=f"{each.label}, {(each.ours or each.row).heading}",
                choices=each.choices,
                initial=each.answer,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[each.name] = field
            each.field = self[each.name]
        if not questions.conflicts:
            del self.fields["rest"]
        if not questions.missing:
            del self.fields["reason"]

    def clean(self):
        cleaned = super().clean()
        for each in self.questions.all:
            if each.name in self.errors:
                continue
            cleaned[each.name] = cleaned.get(each.name) or (
                cleaned.get("rest", "") if each.is_conflict else each.answer
            )
            if not cleaned[each.name]:
                self.add_error(each.name, f"Choose which words stand: {each.label.lower()} of {each.ours.heading}")
        leave = [each for each in self.questions.missing if cleaned.get(each.name) == TAKE]
        if leave and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say why these rows leave the plan")
        return cleaned

    @property
    def answers(self):
        return {each.name: self.cleaned_data[each.name] for each in self.questions.all}


class RowsForm(PlannerForm):
    """Which row of the plan a row of the document is, where its words alone don't say."""

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = []
        pairing = questions.pairing
        free = [row for row in questions.plan_rows.values() if not row.is_retired]
        for row in questions.guesses:
            mine = pairing.ours.get(row.key)
            choices = [
                (other.key, other.heading[:90])
                for other in free
                if other.kind == row.kind and (other.key == mine or other.key not in pairing.taken)
            ]
            if choices:
                name = f"same-{row.key}"
                self.fields[name] = forms.ChoiceField(
                    label=row.heading,
                    choices=[(NEW, "A new one"), *choices],
                    initial=mine or NEW,
                    required=False,
                )
                self.rows.append((row, self[name], mine))


def chosen_in(data):
    """{key of a row of the document: key of the plan's, or ""} as a person chose them."""
    return {
        name.removeprefix("same-"): "" if value == NEW else value
        for name, value in data.items()
        if name.startswith("same-") and value
    }
