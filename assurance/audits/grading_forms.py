"""What an agency types of one case, line by line, and why its grading is handed back."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from django import forms

from assurance.audits.sheets import WORDS
from assurance.models import AuditAnswer
from assurance.moderation_forms import text_of
from assurance.return_forms import LONGEST, Boxes
from partnership.forms import PlannerForm


def long_words(label):
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=forms.Textarea)


class QuestionForm(PlannerForm):
    """The answer to one question of the tool; a draft may have none."""

    answer = forms.ChoiceField(
        label="Answer",
        required=False,
        choices=[("", ""), *AuditAnswer.Answer.choices],
        error_messages={"invalid_choice": "Choose yes, partly, no or not applicable"},
    )
    evidence = long_words("What shows it in the record?")

    def __init__(self, data, *, line):
        super().__init__(data)

    @property
    def said(self):
        return {name: self.cleaned_data[name] for name in ("answer", "evidence")}


class GradeForm(PlannerForm):
    """The grade of one section, or of the case as a whole, and why."""

    score = forms.CharField(label="Grade", required=False, max_length=20)
    reasons = long_words("Why?")
    good_practice = long_words("Good practice to share")

    def __init__(self, data, *, line):
        super().__init__(data)
        self.line = line

    def clean_score(self):
        typed = self.cleaned_data["score"].strip()
        if not typed:
            return None
        try:
            score = Decimal(typed)
            is_on_scale = score.is_finite() and self.line.scale.takes(score)
        except InvalidOperation:
            is_on_scale = False
        if not is_on_scale:
            raise forms.ValidationError("Choose one of the grades of this scale")
        return score

    @property
    def said(self):
        return {name: self.cleaned_data[name] for name in ("score", "reasons", "good_practice")}


class ShownLine(Boxes):
    """A line with what stands in its boxes: typed just now or saved.

    ``other``: what a colleague saved meanwhile; ``before``: what stood there before both.
    """

    def __init__(self, line, values=None):
        self.line = line
        self.values = line.values | (values or {})
        self.errors = {}
        self.other = self.before = None

    @property
    def evidence(self):
        return self.box("evidence", "What shows it in the record?", "Dates and what was done. No names.")

    @property
    def reasons(self):
        return self.box("reasons", "Why this grade?")

    @property
    def good_practice(self):
        return self.box("good_practice", "Good practice to share, if there was any")

    @property
    def score(self):
        scale = self.line.scale
        hint = f"From {text_of(scale.lowest)} to {text_of(scale.highest)}{scale.unit}"
        return self.box("score", "Your grade", "" if self.line.points else hint)

    @property
    def answer_error(self):
        return self.errors.get("answer") or self.errors.get("score") or ""

    @property
    def answers(self):
        """(id, value, words, whether chosen) of each answer."""
        for value, words in AuditAnswer.Answer.choices:
            yield f"{self.key}-answer-{value[:1]}{value[-1:]}", value, words, self.values.get("answer") == value

    @property
    def grades(self):
        """(id, value, ScalePoint, whether chosen) of each grade in words, the best first."""
        scale = self.line.scale
        for value, point in sorted(self.line.points.items(), reverse=scale.best == scale.Best.HIGHEST):
            yield (
                f"{self.key}-score-{text_of(value)}",
                text_of(value),
                point,
                self.values.get("score") == text_of(value),
            )

    @property
    def other_words(self):
        """What a colleague saved, in words."""
        return self._words_of(self.other)

    @property
    def before_words(self):
        """What stood there when this person began, in words."""
        return self._words_of(self.before)

    def _words_of(self, row):
        if row is None:
            return ""
        names = WORDS[self.line.kind][1:]
        return "\n".join(filter(None, [replace(self.line, saved=row).words, *(getattr(row, name) for name in names)]))

    @property
    def problems(self):
        return [(said, f"line-{self.key}") for said in self.errors.values()]


class HandBackForm(PlannerForm):
    submit_label = "Hand it back"

    because = forms.CharField(
        label="Why do you hand it back?",
        help_text="The agency reads this. Say what it should look at again.",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why you hand it back"},
    )
