"""The forms of a highlight report: its sections and lines on one page, what to take, to whom it goes."""

from django import forms

from partnership.forms import PlannerForm, PlannerModelForm, lock_and_refresh
from partnership.models import Group
from plans.highlight_content import SECTIONS, WHOSE, heading_of, lines_of
from plans.highlights import groups_that_take, usual_recipient, voice_problem
from plans.models import HighlightReport

ROWS = {"achievements": 5, "voice": 4}
VOICE_HELP = (
    "What you heard from {whose}, and what you did about it. Never a name. "
    "If there was nothing, say why: “Nothing this quarter, because …”"
)


class HighlightForm(PlannerModelForm):
    """The sections, and for each line its rating, its words and whether the report goes without it.

    A draft may be as empty as it is; what must not be empty is asked at submission.
    """

    submit_label = "Save"

    class Meta:
        model = HighlightReport
        fields = list(SECTIONS)

    def __init__(self, data=None, *, instance, **kwargs):
        if data is not None:
            lock_and_refresh(instance)
        self.lines = list(lines_of(instance))
        plan = instance.round.plan
        self.base_fields = {**type(self).base_fields, **line_fields(self.lines, plan)}
        super().__init__(data, instance=instance, **kwargs)
        for name in SECTIONS:
            field = self.fields[name]
            field.label = heading_of(name, plan)
            field.help_text = SECTIONS[name][1]
            field.widget.attrs["rows"] = ROWS.get(name, 3)
        self.fields["voice"].help_text = VOICE_HELP.format(whose=WHOSE[plan.audience])

    def extra_values(self):
        values = {}
        for line in self.lines:
            values[f"rating-{line.pk}"] = str(line.rating_id or "")
            values[f"progress-{line.pk}"] = line.progress
            values[f"out-{line.pk}"] = False
        return values

    @property
    def line_rows(self):
        """(line, its rating's field, its words' field, the field to leave it out) as they stand."""
        return [(line, *(self[f"{name}-{line.pk}"] for name in ("rating", "progress", "out"))) for line in self.lines]

    @property
    def section_fields(self):
        return [self[name] for name in SECTIONS]

    @property
    def written(self):
        """What ``plans.highlights.write_report`` takes, of a valid form."""
        answers = self.cleaned_data
        return {
            "words": {name: answers[name] for name in SECTIONS},
            "lines": {
                line.pk: (int(answers[f"rating-{line.pk}"] or 0) or None, answers[f"progress-{line.pk}"])
                for line in self.lines
            },
            "left_out": [line.pk for line in self.lines if answers[f"out-{line.pk}"]],
        }


def line_fields(lines, plan):
    choices = [("", "Not rated"), *((str(each.pk), each.word) for each in plan.ratings)]
    fields = {}
    for line in lines:
        name = line.deliverable.full_ref or line.deliverable.title
        fields[f"rating-{line.pk}"] = forms.ChoiceField(label=f"Rating of {name}", choices=choices, required=False)
        fields[f"progress-{line.pk}"] = forms.CharField(
            label=f"What has happened with {name}", required=False, widget=forms.Textarea({"rows": 3})
        )
        fields[f"out-{line.pk}"] = forms.BooleanField(label=f"Leave {name} out of the report", required=False)
    return fields


class TakeForm(PlannerForm):
    """Which lines are filled again from the updates."""

    submit_label = "Take what is ticked"

    take = forms.MultipleChoiceField(
        label="Which lines?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick the lines that the report should take",
            "invalid_choice": "One of these has changed meanwhile. Look again, and tick what the report should take",
        },
    )

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = [(str(each.deliverable.pk), str(each.deliverable)) for each in found]
        self.found = found

    @property
    def ticked(self):
        """The keys that were ticked, as they came: for a page that is shown again."""
        return self["take"].value() or []


class GroupChoice(forms.ModelChoiceField):
    def label_from_instance(self, group):
        return f"{group.name} ({group.get_kind_display().lower()})" if group.kind != Group.Kind.DELIVERY else group.name


class SubmitForm(PlannerModelForm):
    """To whom it goes; the words on voice are asked here, because nothing is submitted without them."""

    submit_label = "Submit the report"

    submitted_to = GroupChoice(
        label="To which group does it go?",
        queryset=Group.objects.none(),
        empty_label="Choose one",
        error_messages={"required": "Choose the group that reads it"},
    )

    class Meta:
        model = HighlightReport
        fields = ["voice", "submitted_to"]
        widgets = {"voice": forms.Textarea({"rows": 4})}

    def __init__(self, *args, instance, **kwargs):
        usual = instance.submitted_to or usual_recipient(instance)
        super().__init__(*args, instance=instance, initial={"submitted_to": usual and usual.pk}, **kwargs)
        self.plan = instance.round.plan
        self.fields["submitted_to"].queryset = groups_that_take(instance)
        voice = self.fields["voice"]
        voice.label = heading_of("voice", self.plan)
        voice.help_text = VOICE_HELP.format(whose=WHOSE[self.plan.audience])
        voice.required = True
        voice.error_messages["required"] = voice_problem("", plan=self.plan)

    def clean_voice(self):
        text = self.cleaned_data["voice"]
        problem = voice_problem(text, plan=self.plan)
        if problem:
            raise forms.ValidationError(problem)
        return text


class CorrectForm(PlannerForm):
    submit_label = "Begin a new edition"

    reason = forms.CharField(
        label="What has to be put right, and why?",
        help_text="It stands on the new edition. The earlier one stays readable.",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say what has to be put right, and why"},
    )
