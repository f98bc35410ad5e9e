"""The forms of a moderation panel: who sits on what, the scores of one return, what it found in all."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError

from assurance.models import ModerationPanel, Return
from assurance.moderation import NOT_APPLICABLE, values_of
from assurance.return_sheet import score_in_words
from assurance.scales import MOST_SCORES
from partnership.forms import GuardMixin, PlannerForm, PlannerModelForm
from partnership.meeting_forms import check_year
from partnership.models import Group
from partnership.templatetags.components import sentence_join

DOES_NOT_APPLY = "na"


class SampleField(forms.ModelMultipleChoiceField):
    """Returns to choose, each with why a panel should look at it (``because``: {key: [reasons]})."""

    because = {}

    def label_from_instance(self, record):
        reasons = self.because.get(record.pk)
        return f"{record.organisation} ({sentence_join(reasons).lower()})" if reasons else str(record.organisation)


class PanelForm(PlannerModelForm):
    submit_label = "Save the panel"

    returns = SampleField(
        Return.objects.none(),
        label="Which returns does it look at?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Beside a name stands why it may be worth a look. Nothing is chosen for you.",
        error_messages={"required": "Choose at least one return"},
    )

    class Meta:
        model = ModerationPanel
        fields = ["held_on", "group", "members", "returns"]
        labels = {
            "held_on": "When does it sit?",
            "group": "Which group sits?",
            "members": "Who sits on it?",
        }
        help_texts = {"members": "Posts and agencies, one a line"}
        error_messages = {"held_on": {"required": "Enter the day on which the panel sits"}}

    def __init__(self, *args, candidates, because, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["group"].queryset = (
            Group.objects.filter(partnerships=self.instance.partnership, closed_on=None)
            .exclude(kind=Group.Kind.CASE_REVIEW)
            .order_by("name")
        )
        self.fields["group"].empty_label = "People from several groups"
        sample = self.fields["returns"]
        sample.because = because
        sample.queryset = candidates

    def clean_held_on(self):
        check_year(self.cleaned_data["held_on"], on=self.on)
        return self.cleaned_data["held_on"]


class ScoreField(forms.Field):
    """A score of ``scale``, "does not apply", or nothing: (Decimal or None, does not apply)."""

    def __init__(self, *, scale, points, **kwargs):
        self.scale = scale
        values = values_of(scale)
        if len(values) <= MOST_SCORES:
            choices = [("", "Not looked at yet"), (DOES_NOT_APPLY, NOT_APPLICABLE)]
            choices += [(text_of(value), self.said(value, points)) for value in values]
            kwargs["widget"] = forms.Select(choices=choices)
        else:
            kwargs["widget"] = forms.TextInput()
        super().__init__(required=False, **kwargs)

    def said(self, value, points):
        words = score_in_words(value, self.scale, points)
        return f"{text_of(value)} {words}" if points.get(value) else words

    def to_python(self, value):
        typed = str(value or "").strip()
        if typed in ("", DOES_NOT_APPLY):
            return None, typed == DOES_NOT_APPLY
        try:
            score = Decimal(typed)
            is_on_scale = score.is_finite() and self.scale.takes(score)
        except InvalidOperation:
            is_on_scale = False
        if not is_on_scale:
            lowest, highest = text_of(self.scale.lowest), text_of(self.scale.highest)
            raise ValidationError(f"“{typed[:20]}” is not on the scale. Choose a score from {lowest} to {highest}")
        return score, False

    def has_changed(self, initial, data):
        return (initial or "") != (data or "")


def text_of(score):
    return f"{score.normalize():f}"


class ScoresForm(GuardMixin, PlannerForm):
    """What the panel says of one return, standard by standard. Another member's scores are not overwritten unseen.

    ``rows``: of ``moderation.rows_of``; ``standing()`` reads them anew.
    """

    submit_label = "Save the scores"

    def __init__(self, *args, rows, scale, points, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            key, text, score = row.line.key, "", ""
            if row.given:
                score = DOES_NOT_APPLY if row.given["is_not_applicable"] else text_of(row.given["score"])
                text = row.given["reason"]
            self.fields[f"score_{key}"] = ScoreField(
                scale=scale, points=points, label=f"The panel’s score for {row.line.title}", initial=score
            )
            self.fields[f"reason_{key}"] = forms.CharField(
                label=f"Why it differs, for {row.line.title}",
                required=False,
                max_length=2000,
                initial=text,
                widget=forms.Textarea({"rows": 2}),
            )
        self.guard()

    def values_now(self):
        return {name: field.initial for name, field in self.fields.items() if name != "seen"}

    def value_now(self, name):
        value = self.fields[name].initial
        return self.fields[name].to_python(value) if name.startswith("score_") else value

    def words_now(self, name):
        return self.fields[name].initial or "nothing"

    def last_changed_by(self):
        given = [row.given for row in self.rows if row.given]
        return max(given, key=lambda each: each["given_at"])["given_by__name"] if given else "Somebody"

    def _differs(self, name, value, typed):
        return (value or "") != (typed or "").replace("\r\n", "\n").strip()

    def clean(self):
        super().clean()
        for row in self.rows:
            key = row.line.key
            given = self.cleaned_data.get(f"score_{key}")
            reason = self.cleaned_data.get(f"reason_{key}")
            is_given = given is not None and given != (None, False)
            if is_given and given != (row.line.score, row.line.is_not_applicable) and not reason:
                self.add_error(f"reason_{key}", "Say why the panel’s score differs from the organisation’s own")
            if given == (None, False) and reason:
                self.add_error(f"score_{key}", "Choose the panel’s score, or take the reason away")
        return self.cleaned_data

    @property
    def scores(self):
        """As ``moderation.keep_scores`` takes them."""
        return {
            row.line.pk: (*self.cleaned_data[f"score_{row.line.key}"], self.cleaned_data[f"reason_{row.line.key}"])
            for row in self.rows
        }

    @property
    def lines(self):
        """(row, its two boxes) in the order of the standards."""
        return [(row, self[f"score_{row.line.key}"], self[f"reason_{row.line.key}"]) for row in self.rows]


class CloseForm(PlannerForm):
    submit_label = "Close the panel"

    note = forms.CharField(
        label="What did it find in all?",
        widget=forms.Textarea,
        error_messages={"required": "Enter what the panel found"},
    )
