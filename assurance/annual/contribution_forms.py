"""Forms of contributions to the annual report and of the scrutineer's statement."""

from django import forms

from assurance.annual.contributions import ASKED_AT_FIRST
from assurance.models import ReportContribution, ScrutinyStatement
from assurance.request_forms import ROLE_NAMES, OrganisationsForm, refuse_far_day
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.templatetags.components import long_date

LONGEST_ASKED = 2_000
LONGEST_PRINTED = 10_000
LONGEST_STATEMENT = 15_000
USUAL_WORDS = (
    "Please tell us what your agency did this year and what difference it made. Two or three hundred words to each "
    "question are plenty. Write as you would to a parent who asks what you do for children. Name nobody who could be "
    "recognised."
)


class AskForm(OrganisationsForm):
    """Whom the report asks, with what words and by when. ``on``: today."""

    asks = forms.CharField(
        label="What do you tell them?",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_ASKED,
        required=False,
        help_text="It stands above the three questions that everybody is asked.",
    )
    due_on = forms.DateField(
        label="By when is an answer due?", error_messages={"required": "Enter the day by which an answer is due"}
    )

    def __init__(self, *args, on, asks, due_on, asked, members, **kwargs):
        self.on = on
        super().__init__(*args, members=members, asked=asked, is_sent=True, **kwargs)
        first = [ROLE_NAMES[role] for role in ASKED_AT_FIRST]
        new = [each for role, rows in members if role in first and not asked for each in rows]
        self.initial = {"organisations": [str(each.pk) for each in new], "asks": asks, "due_on": due_on}

    def clean_due_on(self):
        return checked_day(self.cleaned_data["due_on"], on=self.on)


def checked_day(day, *, on):
    if day < on:
        raise forms.ValidationError("Enter a day that has not passed")
    refuse_far_day(day, on=on)
    return day


class DayForm(PlannerForm):
    """Another day for one organisation. ``now_due``: the one that stands."""

    submit_label = "Change the day"

    due_on = forms.DateField(label="By when is it due now?", error_messages={"required": "Enter the new day"})
    because = forms.CharField(
        label="Why is it changed?",
        max_length=300,
        help_text="The organisation reads this too.",
        error_messages={"required": "Enter why the day is changed"},
    )

    def __init__(self, *args, now_due, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.now_due, self.on = now_due, on

    def clean_due_on(self):
        day = checked_day(self.cleaned_data["due_on"], on=self.on)
        if day == self.now_due:
            raise forms.ValidationError(f"It is due on {long_date(day)} already. Enter another day")
        return day


class WithdrawForm(PlannerForm):
    submit_label = "Do not ask it any more"
    submit_kind = "warning"

    because = forms.CharField(
        label="Why need it not answer?",
        max_length=300,
        help_text="It stands in the history of this contribution.",
        error_messages={"required": "Enter why it need not answer"},
    )


class GiveBackForm(PlannerForm):
    submit_label = "Give it back"

    because = forms.CharField(
        label="What should be changed or added?",
        widget=forms.Textarea,
        max_length=2000,
        help_text="The organisation reads this above its answers.",
        error_messages={"required": "Enter what should be changed or added"},
    )


class ShortenForm(PlannerModelForm):
    """The text for print. What the organisation wrote, or nothing, prints what it wrote."""

    submit_label = "Save the text for print"

    printed = forms.CharField(
        label="As the report prints it",
        help_text="Shorten, and change nothing that it means: the organisation sees this beside its own words. "
        "An empty line starts a new paragraph. Leave it empty to print what it wrote.",
        widget=forms.Textarea({"rows": 18}),
        max_length=LONGEST_PRINTED,
        required=False,
    )

    class Meta:
        model = ReportContribution
        fields = ["printed"]

    def __init__(self, *args, written, **kwargs):
        super().__init__(*args, **kwargs)
        self.written = written
        if not self.instance.printed:
            self.initial["printed"] = written

    def clean_printed(self):
        printed = self.cleaned_data["printed"].strip()
        return "" if printed == self.written else printed


class StatementForm(PlannerModelForm):
    """The statement while it is written. A draft may lack anything; two advisors never overwrite each other unseen."""

    submit_label = "Save the draft"

    words = forms.CharField(
        label="The statement",
        help_text="An empty line starts a new paragraph; lines that begin with a dash become a list.",
        widget=forms.Textarea({"rows": 22}),
        max_length=LONGEST_STATEMENT,
        required=False,
    )

    class Meta:
        model = ScrutinyStatement
        fields = ["words", "conclusion", "by_line"]
        labels = {
            "conclusion": "What it comes to, in one sentence",
            "by_line": "Your name and role, as printed",
        }
        help_texts = {
            "conclusion": "It is printed large, above the statement.",
            "by_line": "Like “Marguerite Lowell, independent scrutineer”",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.is_of_draft = True
        if self.instance._state.adding:
            self.guard()  # or a draft that another advisor began meanwhile would be overwritten unseen


class StatementAnswerForm(PlannerModelForm):
    submit_label = "Save the answer"

    class Meta:
        model = ScrutinyStatement
        fields = ["answer"]
        labels = {"answer": "What does the partnership answer?"}
        help_texts = {"answer": "It is printed below the statement, whose words nobody can change."}
        error_messages = {"answer": {"required": "Enter what the partnership answers"}}
        widgets = {"answer": forms.Textarea({"rows": 10})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True


class StatementDayForm(PlannerForm):
    submit_label = "Save the day"

    statement_due_on = forms.DateField(
        label="By when is the statement wanted?",
        required=False,
        help_text="The advisor is reminded. Leave it empty to ask for no day.",
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_statement_due_on(self):
        day = self.cleaned_data["statement_due_on"]
        return checked_day(day, on=self.on) if day and day != self.initial.get("statement_due_on") else day
