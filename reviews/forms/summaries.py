"""The words and rules of the forms about agencies and their summaries."""

from django import forms

from partnership.forms import DateField, PlannerForm, PlannerModelForm
from partnership.models import User
from partnership.templatetags.components import long_date
from reviews.forms.identities import IdentityGuard
from reviews.models import AgencySummary
from reviews.summaries import WORDS, agencies_to_add, representatives

LATEST = 366  # days
GUIDANCE = {
    "involvement": "When your agency was involved, with whom in the family, and as what. Say “the baby”, “the "
    "mother”, “the older brother”: never a name, a date of birth, an address or a number.",
    "key_practice": "The contacts and decisions that mattered most, in their order: what was known, what was done, "
    "what was not.",
    "analysis": "Why it went that way. What helped, what got in the way, and what other agencies should know.",
    "immediate_action": "What your agency has done already so that others are safer now. “Nothing yet” is an answer.",
}
LABELS = {
    "involvement": "How was your agency involved?",
    "key_practice": "What mattered in practice?",
    "analysis": "What do you make of it?",
    "immediate_action": "What did you do at once?",
}
# The same, over the agency's answer as the group reads it.
HEADINGS = {
    "involvement": "How they were involved",
    "key_practice": "What mattered in practice",
    "analysis": "What they make of it",
    "immediate_action": "What they did at once",
}
DUE = {"label": "Back by", "error_messages": {"required": "Enter the day by which it is to be back"}}


def soon(day, *, on):
    """``day``, which is not past and not a year off."""
    if day < on:
        raise forms.ValidationError("Enter today or a later day")
    if (day - on).days > LATEST:
        raise forms.ValidationError("Enter a day within a year")
    return day


class AgenciesForm(PlannerForm):
    """Which members of the partnership were involved."""

    submit_label = "Add"

    agencies = forms.ModelMultipleChoiceField(
        None,
        label="Which agencies were involved?",
        help_text="Members of the partnership. Nobody is told until you ask them.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one agency"},
    )

    def __init__(self, *args, case, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies_to_add(case, on=on)


class ContactForm(PlannerForm):
    """Who of the agency's representatives answers."""

    submit_label = "Save"

    contact = forms.ModelChoiceField(
        User.objects.none(),
        label="Who answers for this agency?",
        help_text="They see the local reference, what you ask and their own answer. Nothing else of the case.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who answers"},
    )

    def __init__(self, *args, summary, on, **kwargs):
        super().__init__(*args, initial={"contact": summary.contact_id}, **kwargs)
        self.fields["contact"].queryset = representatives(summary.organisation, on=on)


class AskForm(IdentityGuard, PlannerForm):
    """What agencies are asked, by when. ``late_since``: the day on which they should have been asked."""

    submit_label = "Ask"

    words = forms.CharField(
        label="What do you ask?",
        help_text="Each agency reads these words beside the local reference: the time to look at, and what matters. "
        "Say what identifies the family by telephone or secure mail, never here.",
        widget=forms.Textarea,
        error_messages={"required": "Enter what you ask"},
    )
    due_on = DateField(**DUE)
    late_because = forms.CharField(label="Why are they asked late?", widget=forms.Textarea({"rows": 2}), required=False)

    def __init__(self, *args, on, late_since=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        if late_since:
            self.fields["late_because"].help_text = f"They were to be asked by {long_date(late_since)}."
        else:
            del self.fields["late_because"]

    def clean_due_on(self):
        return soon(self.cleaned_data["due_on"], on=self.on)


class SendBackForm(IdentityGuard, PlannerForm):
    submit_label = "Send it back"

    because = forms.CharField(
        label="What is still wanted?",
        help_text="The agency reads this above its own words, which it can change again.",
        widget=forms.Textarea,
        error_messages={"required": "Enter what is still wanted"},
    )
    due_on = DateField(**DUE)

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_due_on(self):
        return soon(self.cleaned_data["due_on"], on=self.on)


class PaperForm(IdentityGuard, PlannerForm):
    """An answer that came on paper, typed in by the group."""

    submit_label = "Keep the answer"

    received_on = DateField(label="When did it come?", error_messages={"required": "Enter the day on which it came"})
    involvement = forms.CharField(
        label=HEADINGS["involvement"],
        widget=forms.Textarea,
        error_messages={"required": "Enter how they were involved"},
    )
    key_practice = forms.CharField(label=HEADINGS["key_practice"], widget=forms.Textarea, required=False)
    analysis = forms.CharField(label=HEADINGS["analysis"], widget=forms.Textarea, required=False)
    immediate_action = forms.CharField(label=HEADINGS["immediate_action"], widget=forms.Textarea, required=False)

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > self.on:
            raise forms.ValidationError("Enter today or an earlier day")
        return day

    @property
    def words(self):
        return {name: self.cleaned_data[name] for name in WORDS}


class SummaryForm(IdentityGuard, PlannerModelForm):
    """The contact's own answer. A draft may be anything; with ``is_submitting`` nothing is missing."""

    class Meta:
        model = AgencySummary
        fields = WORDS
        labels = LABELS
        help_texts = GUIDANCE
        widgets = {name: forms.Textarea({"rows": 6}) for name in WORDS}

    def __init__(self, *args, is_submitting, **kwargs):
        super().__init__(*args, **kwargs)
        for name in WORDS:
            self.fields[name].required = is_submitting or not self.is_bound
