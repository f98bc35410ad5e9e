"""What the meeting agrees of each case, and the day of it."""

from django import forms

from assurance.moderation_forms import DOES_NOT_APPLY, ScoreField, text_of
from assurance.scrutiny_forms import meetings_of
from partnership.forms import GuardMixin, PlannerForm
from partnership.models import Meeting


class AgreedForm(GuardMixin, PlannerForm):
    """What the meeting agrees of one case, section by section. ``row``: of ``moderating.read_matrix``.

    Another's grades are not overwritten unseen.
    """

    submit_label = "Save what was agreed"

    def __init__(self, *args, row, scale, points, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        for cell in row.cells:
            agreed = cell.agreed
            self.fields[f"score_{cell.key}"] = ScoreField(
                scale=scale,
                points=points,
                label=f"Agreed grade: {cell.title}",
                initial=text_of(agreed.score) if agreed else "",
            )
            widget = self.fields[f"score_{cell.key}"].widget
            if isinstance(widget, forms.Select):
                grades = [choice for choice in widget.choices if choice[0] not in ("", DOES_NOT_APPLY)]
                widget.choices = [("", "Not agreed yet"), *grades]
            self.fields[f"reasons_{cell.key}"] = forms.CharField(
                label=f"Why: {cell.title}",
                required=False,
                max_length=2000,
                initial=agreed.reasons if agreed else "",
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
        agreed = [cell.agreed for cell in self.row.cells if cell.agreed]
        return str(max(agreed, key=lambda row: row.moderated_at).moderated_by) if agreed else "Somebody"

    def _differs(self, name, value, typed):
        return (value or "") != (typed or "").replace("\r\n", "\n").strip()

    def clean(self):
        super().clean()
        for cell in self.row.cells:
            score, is_not_applicable = self.cleaned_data.get(f"score_{cell.key}") or (None, False)
            reasons = self.cleaned_data.get(f"reasons_{cell.key}")
            if is_not_applicable:
                self.add_error(f"score_{cell.key}", "Choose a grade of the scale, or leave it empty")
            elif score is None and reasons and f"score_{cell.key}" not in self.errors:
                self.add_error(f"score_{cell.key}", "Choose the agreed grade, or take the reason away")
            elif score is not None and not reasons and {each.score for each in cell.given} - {score}:
                self.add_error(f"reasons_{cell.key}", "Say why: it differs from what an agency gave")
        return self.cleaned_data

    @property
    def grades(self):
        """As ``moderating.agree_grades`` takes them."""
        return {
            cell.section.pk if cell.section else None: (
                self.cleaned_data[f"score_{cell.key}"][0],
                self.cleaned_data[f"reasons_{cell.key}"],
            )
            for cell in self.row.cells
        }

    @property
    def lines(self):
        return [(cell, self[f"score_{cell.key}"], self[f"reasons_{cell.key}"]) for cell in self.row.cells]


class ModeratedForm(PlannerForm):
    """When the grades were agreed, and at which meeting."""

    submit_label = "The grades are agreed"

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="At which meeting?", required=False, empty_label="Between meetings"
    )
    on = forms.DateField(
        label="On which day?",
        help_text="Leave it empty where the meeting’s own day is right.",
        required=False,
    )

    def __init__(self, *args, audit, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.audit, self.today = audit, today
        self.fields["meeting"].queryset = meetings_of(audit.group)

    def clean(self):
        answers = super().clean()
        if "on" in self.errors:
            return answers
        meeting = answers.get("meeting")
        day = answers.get("on") or (meeting.meets_on if meeting else None)
        if day is None:
            self.add_error("on", "Enter the day on which the grades were agreed")
        elif day > self.today:
            self.add_error("on", "Enter a day that is not in the future")
        elif self.audit.asked_on and day < self.audit.asked_on:
            self.add_error("on", "Enter a day after agencies were asked")
        answers["on"] = day
        return answers
