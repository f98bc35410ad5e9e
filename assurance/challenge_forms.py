"""The forms of challenges: who asks whom for what, the answer, the difference it made."""

from django import forms

from assurance.models import Challenge
from assurance.register_forms import AboutPriorities, WithParties, parties_of
from partnership.forms import PlannerModelForm
from partnership.meeting_forms import LeadField
from plans.priority_links import LinkedPriorities


class ByField(LeadField):
    """The group or organisation that raised it."""

    FIELDS = {"group": "by_group", "organisation": "by_organisation"}


class ToField(LeadField):
    """The group or organisation that answers it."""

    FIELDS = {"group": "to_group", "organisation": "to_organisation"}


class ChallengeForm(WithParties, AboutPriorities, PlannerModelForm):
    """One challenge. ``instance`` holds the partnership."""

    submit_label = "Save the challenge"
    party_fields = ("raised_by", "put_to")

    raised_by = ByField(label="Who raised it?", required=False, help_text="A group or an organisation.")
    put_to = ToField(
        label="Who is asked to answer?",
        help_text="An organisation’s representatives, or the group’s chair, are reminded and answer here.",
        error_messages={"required": "Choose who is asked to answer"},
    )
    priorities = LinkedPriorities()

    class Meta:
        model = Challenge
        fields = ["title", "by_words", "issue", "evidence", "raised_on", "answer_due_on", "priorities"]
        labels = {
            "title": "What is it about?",
            "by_words": "Or somebody else, in words",
            "issue": "What is asked to be better?",
            "evidence": "What shows it?",
            "raised_on": "When was it raised?",
            "answer_due_on": "By when is an answer asked for?",
        }
        help_texts = {
            "title": "A few words, without names of people.",
            "by_words": "“The independent advisor”, “A group of young carers”.",
            "evidence": "Figures, an audit, what people said. Nothing by which somebody could be found.",
            "answer_due_on": "Left empty, nobody is reminded and nothing is late.",
        }
        error_messages = {
            "title": {"required": "Enter what it is about"},
            "issue": {"required": "Enter what is asked to be better"},
            "raised_on": {"required": "Enter the day on which it was raised"},
        }

    field_order = [
        "title",
        "raised_by",
        "by_words",
        "put_to",
        "issue",
        "evidence",
        "raised_on",
        "answer_due_on",
        "priorities",
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = parties_of(self.instance.partnership, self.user, on=self.on)
        for name in self.party_fields:
            self.offer(name, kinds)
        self.fields["raised_by"].choices[0] = ("", "Somebody else")
        self.fields["raised_by"].choices = self.fields["raised_by"].choices
        if self.instance.pk is None:
            self.initial["raised_on"] = self.on

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_raised_on(self):
        return self.in_the_past("raised_on", "Enter the day on which it was raised, today or before")

    def clean_answer_due_on(self):
        return self.near("answer_due_on")

    def clean(self):
        answers = super().clean()
        by, to = self.chosen("raised_by"), self.chosen("put_to")
        if not by and not answers.get("by_words") and not self.errors.keys() & {"raised_by", "by_words"}:
            self.add_error("raised_by", "Choose who raised it, or say it in words below")
        if by and answers.get("by_words"):
            self.add_error("by_words", f"{by} is chosen above. Leave this empty, or choose “Somebody else” there")
        if by and by == to:
            self.add_error("put_to", f"{by} raised it. Choose somebody else to answer")
        raised_on, due_on = answers.get("raised_on"), answers.get("answer_due_on")
        if raised_on and due_on and due_on < raised_on:
            self.add_error("answer_due_on", "Enter a day on or after the day on which it was raised")
        return answers

    def chosen(self, name):
        return next(filter(None, (self.cleaned_data.get(name) or {}).values()), None)


class ChallengeAnswerForm(PlannerModelForm):
    submit_label = "Save the answer"

    class Meta:
        model = Challenge
        fields = ["answer"]
        labels = {"answer": "What do you answer?"}
        help_texts = {"answer": "What you found, what you do about it and by when; or why you see it differently."}
        error_messages = {"answer": {"required": "Enter your answer"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True

    def _post_clean(self):
        """Not on the record: whether it is answered wholly, the command sees to."""


class ChallengeEndForm(PlannerModelForm):
    """``is_closing``: with the button that closes it the difference must be said."""

    class Meta:
        model = Challenge
        fields = ["difference"]
        labels = {"difference": "What difference did it make?"}
        help_texts = {
            "difference": "For children, adults or those who work with them. “None yet” is an answer too.",
        }

    def __init__(self, *args, is_closing, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_closing = is_closing

    def clean_difference(self):
        words = self.cleaned_data["difference"].strip()
        if self.is_closing and not words:
            raise forms.ValidationError("Say what difference it made, or why it made none")
        return words
