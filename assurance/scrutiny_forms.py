"""The forms of those who scrutinise: the judgement, a comment, what follows, what the organisation is told; levels."""

from django import forms

from assurance.levels import levels_of, times_given
from assurance.models import AssuranceLevel, Scrutiny
from partnership.forms import PlannerForm, PlannerModelForm, RatingSelect
from partnership.meeting_forms import check_year
from partnership.models import Meeting


class FromTheStart:
    """A form that is guarded from the first time it is shown, when its record is not there yet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "seen" not in self.fields:
            self.guard()


class JudgementForm(FromTheStart, PlannerModelForm):
    submit_label = "Save the judgement"

    class Meta:
        model = Scrutiny
        fields = ["level", "reasons", "meeting"]
        labels = {
            "level": "How assured are you?",
            "reasons": "Why?",
            "meeting": "At which meeting was it judged?",
        }
        help_texts = {"reasons": "For the group, the office and the advisor. What the organisation is told is below."}
        error_messages = {
            "level": {"required": "Choose how assured you are"},
            "reasons": {"required": "Say why you judge it so"},
        }
        widgets = {"level": RatingSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scrutiny, level = self.instance, self.fields["level"]
        level.required = self.fields["reasons"].required = True
        offered = levels_of(scrutiny.partnership)
        if scrutiny.level_id:  # a level that was given stays to be chosen, offered or not
            offered = AssuranceLevel.objects.filter(pk__in=[*offered.values_list("pk", flat=True), scrutiny.level_id])
        level.queryset = offered.order_by("position", "pk")
        self.fields["meeting"].queryset = meetings_of(scrutiny.record.request.group)
        self.fields["meeting"].empty_label = "Between meetings"


def meetings_of(group):
    """What the group that scrutinises may have judged at, the newest first; without one, no meeting."""
    if group is None:
        return Meeting.objects.none()
    return group.meetings.exclude(status=Meeting.Status.CANCELLED).select_related("group").order_by("-meets_on")


class CommentForm(PlannerForm):
    """``lines``: those of the copy that stands on the page."""

    submit_label = "Add the comment"

    about = forms.ChoiceField(label="On what?", required=False)
    text = forms.CharField(
        label="Comment",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        help_text="The office, the advisor and the group read it. The organisation does not.",
        error_messages={"required": "Enter your comment"},
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["about"].choices = [("", "All of it")] + [(line.key, line.title[:100]) for line in lines]

    @property
    def answers(self):
        """What is kept, with the key of its question or its standard."""
        line = next((line for line in self.lines if line.key == self.cleaned_data["about"]), None)
        return {
            "text": self.cleaned_data["text"],
            "question_id": line.pk if line and not line.is_standard else None,
            "standard_id": line.pk if line and line.is_standard else None,
        }


class FollowUpForm(PlannerForm):
    submit_label = "Put it in the action log"

    text = forms.CharField(
        label="What is the organisation to do?",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        help_text="The partnership’s people can read the group’s action log, so leave the judgement out of it.",
        error_messages={"required": "Enter what the organisation is to do"},
    )
    due_on = forms.DateField(label="By when?")
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="At which meeting was it agreed?", required=False, empty_label="Between meetings"
    )

    def __init__(self, *args, group, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["meeting"].queryset = meetings_of(group).filter(minutes_agreed_on=None)

    def clean_due_on(self):
        check_year(self.cleaned_data["due_on"], on=self.on)
        return self.cleaned_data["due_on"]


class ResponseForm(FromTheStart, PlannerModelForm):
    """A draft may be empty; what is sent (``is_sending``) is not."""

    class Meta:
        model = Scrutiny
        fields = ["response"]
        labels = {"response": "What do you tell the organisation?"}
        help_texts = {
            "response": "It reads this beside the judgement, on its return’s page. Reasons and comments stay here."
        }
        error_messages = {"response": {"required": "Enter what you tell the organisation"}}

    def __init__(self, *args, is_sending=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["response"].required = is_sending


# Levels


class LevelForm(PlannerModelForm):
    submit_label = "Save the level"

    class Meta:
        model = AssuranceLevel
        fields = ["word", "meaning", "token", "shape", "position"]
        labels = {
            "word": "Word",
            "meaning": "What it means",
            "token": "Colour",
            "shape": "Shape",
            "position": "Place",
        }
        help_texts = {
            "word": "As the board says it: “Partly assured”",
            "shape": "With its letter it says the same where there is no colour.",
            "position": "1 is the least assured.",
        }
        error_messages = {
            "word": {"required": "Enter the word"},
            "position": {"required": "Enter its place, in figures"},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.given_count = times_given(self.instance) if self.instance.pk else 0
        if self.given_count:
            for name in ("word", "meaning", "token", "shape"):
                del self.fields[name]

    def clean(self):
        super().clean()
        word, token, shape = (self.cleaned_data.get(name) for name in ("word", "token", "shape"))
        others = AssuranceLevel.objects.filter(partnership=self.instance.partnership).exclude(pk=self.instance.pk)
        if word and others.filter(word__iexact=word).exists():
            self.add_error("word", f"There is a level “{word}” already. Choose another word, or offer that one again")
        same = others.filter(retired_on=None, token=token, shape=shape).first() if token and shape else None
        if same:
            self.add_error(
                "shape", f"“{same.word}” has this shape in this colour. Choose another, so that nobody confuses the two"
            )
        return self.cleaned_data
