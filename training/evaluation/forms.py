"""Three short questionnaires, the manager's, and what is put together of their words."""

from django import forms
from django.core import signing

from partnership.forms import PlannerForm, PlannerModelForm
from training.models import Evaluation, EvaluationSummary

Stage, Changed = Evaluation.Stage, Evaluation.Changed
CONFIDENT = ["Not at all confident", "Not very confident", "Fairly confident", "Confident", "Very confident"]
USEFUL = ["Not useful at all", "Not very useful", "Fairly useful", "Useful", "Very useful"]
LONGEST = 1000  # characters
NO_NAMES = "No names, and nothing by which a child, a family or a colleague could be found."


def numbered(words):
    """[(1, "1 Not at all confident"), …]."""
    return [(number, f"{number} {said}") for number, said in enumerate(words, start=1)]


def scale_field(label, words):
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        choices=numbered(words),
        widget=forms.RadioSelect,
        error_messages={"required": f"Choose a number from 1 to 5 for “{label}”"},
    )


def words_field(label, help_text=""):
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 3}), help_text=help_text
    )


class BeforeForm(PlannerForm):
    submit_label = "Send my answers"

    confidence = scale_field("How confident are you today that you can do this?", CONFIDENT)
    words = words_field("What do you want from the day?", NO_NAMES)

    @property
    def answers(self):
        """What is kept, by the names of the model."""
        return self.cleaned_data


class AfterForm(BeforeForm):
    confidence = scale_field("How confident are you now that you can do this?", CONFIDENT)
    usefulness = scale_field("How useful was it for your work?", USEFUL)
    words = words_field("What will you do differently?", NO_NAMES)
    hindered = words_field("Would anything have made it better?")

    field_order = ["confidence", "usefulness", "words", "hindered"]


class LaterForm(BeforeForm):
    ALONE, ASK, TOGETHER = "alone", "ask", "together"

    confidence = scale_field("How confident are you now that you can do this?", CONFIDENT)
    changed = forms.ChoiceField(
        label="Has your practice changed because of it?",
        choices=Changed.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether your practice has changed"},
    )
    words = words_field("What changed, and how do you know?", NO_NAMES)
    hindered = words_field("What stood in the way?")
    manager = forms.ChoiceField(
        label="Did you answer with your manager?",
        choices=[
            (TOGETHER, "Yes, together. My manager may see what I wrote"),
            (ASK, "No, but ask my manager too. They do not see what I wrote"),
            (ALONE, "No, and ask nobody else"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you answered with your manager"},
    )
    manager_email = forms.EmailField(
        label="Your manager’s work e-mail",
        required=False,
        help_text="They get two questions of their own: whether your practice changed, and what they saw.",
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    field_order = ["confidence", "changed", "words", "hindered", "manager", "manager_email"]

    def __init__(self, *args, place, **kwargs):
        self.place = place
        super().__init__(*args, **kwargs)

    def clean(self):
        answers = super().clean()
        email, asked = answers.get("manager_email", ""), answers.get("manager")
        if asked == self.ALONE:
            answers["manager_email"] = ""
        elif asked == self.ASK and not email and "manager_email" not in self.errors:
            self.add_error("manager_email", "Enter your manager’s work e-mail, or choose to ask nobody else")
        elif email:
            self.check_address(email)
        return answers

    def check_address(self, email):
        course, practitioner = self.place.event.course, self.place.practitioner
        if practitioner and email.casefold() == practitioner.email.casefold():
            self.add_error("manager_email", "Enter your manager’s address. This one is your own")
        elif course.is_work_email_needed and course.policy.is_private(email):
            self.add_error("manager_email", "Enter your manager’s work address. This one is a private one")

    @property
    def answers(self):
        answers = dict(self.cleaned_data)
        return answers | {"is_with_manager": answers.pop("manager") == self.TOGETHER}


class ManagerForm(PlannerForm):
    submit_label = "Send my answers"

    changed = forms.ChoiceField(
        label="Has their practice changed because of it?",
        choices=Changed.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether their practice has changed"},
    )
    words = words_field("What have you seen?", NO_NAMES)


def form_for(evaluation, data):
    """The questionnaire of its stage. Needs the place with its event, course and practitioner."""
    if evaluation.stage == Stage.LATER:
        place = evaluation.place
        known = place.manager_email or (place.practitioner.manager_email if place.practitioner else "")
        return LaterForm(data, place=place, initial={"manager_email": known})
    return (BeforeForm if evaluation.stage == Stage.BEFORE else AfterForm)(data)


class SummaryForm(PlannerModelForm):
    """What people wrote, put together. A first one that somebody else wrote meanwhile is not written over unseen."""

    submit_label = "Save the summary"

    class Meta:
        model = EvaluationSummary
        fields = ["text", "difference"]
        labels = {"text": "What do people say?", "difference": "What difference did it make in practice?"}
        help_texts = {
            "text": "Members read this, so write it in your own words: no quotation by which somebody could be known.",
            "difference": "The annual report’s section on impact takes it from here.",
        }
        error_messages = {"text": {"required": "Enter what people say"}}

    def __init__(self, data=None, *, instance, **kwargs):
        if data is not None and not instance._state.adding and "seen" not in data:
            data = data.copy()
            data["seen"] = signing.dumps(dict.fromkeys(self.Meta.fields, ""), compress=True)
        super().__init__(data, instance=instance, **kwargs)
