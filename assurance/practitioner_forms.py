"""Forms of the practitioner survey: the office's, and the one that a practitioner answers."""

from django import forms
from django.utils import timezone

from assurance.models import AssuranceRequest, PractitionerSurvey
from assurance.practitioners import MOST_STATEMENTS, new_press
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Partnership

MARKS = [("1", "1 Not at all"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5 Wholly"), ("", "I cannot say")]
LONGEST_COMMENT = 1000


class RequestChoiceForm(forms.Form):
    """Which request the survey stands beside. Read from the address."""

    request = forms.ModelChoiceField(
        AssuranceRequest.objects.none(), label="Which self-assessment does it stand beside?", empty_label="Choose one"
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["request"].queryset = requests_of(user)
        self.fields["request"].widget.attrs["class"] = "govuk-select"


def requests_of(user):
    """Requests with standards, sent by a partnership whose office this person is in, the latest first."""
    own = AssuranceRequest.objects.of_office(user).exclude(standards=None).exclude(sent_on=None)
    return own.select_related("standards").order_by("-due_on", "pk")


class StatementFields(forms.Form):
    """A field for each standard of the request: what practitioners are asked of it, or nothing."""

    def __init__(self, *args, asked, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = Partnership.objects.filter(pk__in=user.standing.office_ids & asked.partnership_ids)
        self.fields["partnership"].queryset = own
        if len(own) == 1:
            self.fields["partnership"].initial = own[0].pk
        self.standards = {f"s{standard.pk}": standard for standard in asked.standards.standards.all()}
        for name, standard in self.standards.items():
            self.fields[name] = forms.CharField(
                label=f"{standard.code} {standard.text}", required=False, max_length=300
            )


def days_in_order(form):
    opens, closes = form.cleaned_data.get("opens_on"), form.cleaned_data.get("closes_on")
    if opens and closes and closes < opens:
        form.add_error("closes_on", "Enter a last day that is not before the first")
    elif closes and closes < timezone.localdate():
        form.add_error("closes_on", "Enter a last day that is not over")


class SurveyForm(PlannerForm, StatementFields):
    """A new survey."""

    submit_label = "Make the survey"

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="For which partnership?",
        error_messages={"required": "Choose the partnership that asks"},
    )
    title = forms.CharField(
        label="What is it called?",
        max_length=160,
        help_text="Practitioners read this: “Keeping children safe where you work”",
        error_messages={"required": "Enter what the survey is called"},
    )
    introduction = forms.CharField(
        label="What should practitioners know first?", required=False, widget=forms.Textarea({"rows": 3})
    )
    opens_on = forms.DateField(label="First day", error_messages={"required": "Enter the first day"})
    closes_on = forms.DateField(label="Last day", error_messages={"required": "Enter the last day"})

    def clean(self):
        answers = super().clean()
        days_in_order(self)
        count = len(self.statements_of(answers))
        if count > MOST_STATEMENTS:
            words = f"Ask {MOST_STATEMENTS} statements at most: whoever answers has a minute. You have {count}"
            self.add_error(None, words)
        elif not count:
            self.add_error(None, "Write at least one statement")
        return answers

    def statements_of(self, answers):
        """[(standard, words)] of those that are asked."""
        said = [(standard, (answers.get(name) or "").strip()) for name, standard in self.standards.items()]
        return [(standard, text) for standard, text in said if text]

    @property
    def values(self):
        """What ``make_survey`` takes, of a valid form."""
        names = ("partnership", "title", "introduction", "opens_on", "closes_on")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"statements": self.statements_of(self.cleaned_data)}


class SurveyChangeForm(PlannerModelForm):
    """Its words and days, until it is closed. Statements stand: replies were given to them."""

    class Meta:
        model = PractitionerSurvey
        fields = ["title", "introduction", "opens_on", "closes_on"]
        labels = {
            "title": "What is it called?",
            "introduction": "What should practitioners know first?",
            "opens_on": "First day",
            "closes_on": "Last day",
        }

    def clean(self):
        answers = super().clean()
        days_in_order(self)
        return answers


class MarkFields(forms.Form):
    """A choice from 1 to 5 for each statement; none where somebody cannot say."""

    def __init__(self, *args, statements, **kwargs):
        super().__init__(*args, **kwargs)
        self.statements = {f"m{statement.pk}": statement for statement in statements}
        for name, statement in self.statements.items():
            self.fields[name] = forms.ChoiceField(
                label=statement.text,
                required=False,
                choices=MARKS,
                error_messages={"invalid_choice": "Choose a number from 1 to 5, or that you cannot say"},
            )
        self.fields["comment"] = forms.CharField(
            label="Is there anything else?",
            required=False,
            max_length=LONGEST_COMMENT,
            widget=forms.Textarea({"rows": 3}),
            help_text="No names, and nothing by which somebody could be found.",
        )
        self.fields["press"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=new_press)


class ReplyForm(PlannerForm, MarkFields):
    """What one practitioner says. Nothing asks who they are."""

    submit_label = "Send my answers"

    def clean(self):
        answers = super().clean()
        if not self.errors and not self.marks and not answers.get("comment", "").strip():
            raise forms.ValidationError("Answer at least one statement before you send")
        return answers

    @property
    def marks(self):
        """{statement: 1 to 5}."""
        said = {statement: self.cleaned_data.get(name) for name, statement in self.statements.items()}
        return {statement: int(value) for statement, value in said.items() if value}

    @property
    def questions(self):
        """(bound field, [(value, words, whether chosen)]) of each statement."""
        return [
            (self[name], [(value, words, (self[name].value() or None) == value) for value, words in MARKS])
            for name in self.statements
        ]
