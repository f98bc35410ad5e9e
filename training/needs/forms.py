"""Forms of the learning needs analysis: the year, a need, what is decided of it, and whom to ask."""

from django import forms

from partnership.forms import PlannerForm, PlannerModelForm
from partnership.meeting_forms import check_year
from partnership.models import Group, Organisation, Partnership
from plans.models import Priority
from plans.priority_links import priorities_for
from training.models import FEWEST_REPLIES, Course, LearningNeed, NeedsAnalysis
from training.needs.asking import Kind, groups_to_ask
from training.needs.deciding import Decision, last_day_of_year

NOT_BACK = (
    "The questions have closed and what practitioners said may have been read, so they cannot be opened again: who "
    "answers now could be told apart. Add what comes later as a need by hand"
)


class PriorityField(forms.ModelChoiceField):
    def label_from_instance(self, priority):
        return f"{priority.plan}: {priority}"


# The year


def check_days(form, cleaned):
    """The year ends after it begins, and questions open before they close, and both or neither have a day."""
    starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
    if starts and ends and ends <= starts:
        form.add_error("ends_on", "Enter a last day that is after the first day of the year")
    opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
    if opens and not closes and "closes_on" not in form.errors:
        form.add_error("closes_on", "Enter the day on which the questions close, or take their first day away")
    if closes and not opens and "opens_on" not in form.errors:
        form.add_error("opens_on", "Enter the day on which the questions open, or take their last day away")
    if opens and closes and closes < opens:
        form.add_error("closes_on", "Enter a last day of the questions that is not before the first")


LABELS = {
    "title": "What is it called?",
    "starts_on": "First day of the year it is for",
    "ends_on": "Last day of the year",
    "introduction": "What should whoever is asked read first?",
    "opens_on": "First day of the questions",
    "closes_on": "Last day of the questions",
}
HELP = {
    "introduction": "Why you ask, and what comes of it. Members, groups and practitioners read it above the questions.",
    "opens_on": "From then on members, groups and practitioners can answer. Empty where you ask nobody.",
}


class AnalysisForm(PlannerModelForm):
    """The words and days of an analysis that is there."""

    submit_label = "Save"

    class Meta:
        model = NeedsAnalysis
        fields = ["title", "starts_on", "ends_on", "introduction", "opens_on", "closes_on"]
        labels, help_texts = LABELS, HELP

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on, self.closed_on = on, self.instance.closes_on

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        check_year(day, on=self.on)
        same = NeedsAnalysis.objects.filter(partnership=self.instance.partnership_id, starts_on=day)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is an analysis that begins on this day already. Choose another day")
        return day

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        is_over = self.closed_on is not None and self.closed_on < self.on
        if is_over and (day is None or day >= self.on) and self._practitioners_are_told():
            raise forms.ValidationError(NOT_BACK)
        return day

    def _practitioners_are_told(self):
        people = self.instance.invitations.with_replies().filter(kind=Kind.PRACTITIONERS)
        return people.filter(reply_count__gte=FEWEST_REPLIES).exists()

    def clean(self):
        cleaned = super().clean()
        if self.instance.settled_on:
            raise forms.ValidationError("This analysis was settled meanwhile. Open it again to change it")
        check_days(self, cleaned)
        return cleaned


class BeginForm(PlannerForm):
    """A new analysis of one of ``partnerships``."""

    submit_label = "Begin the analysis"

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="For which partnership?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the partnership that it is for"},
    )
    title = forms.CharField(label=LABELS["title"], max_length=160)
    starts_on = forms.DateField(label=LABELS["starts_on"])
    ends_on = forms.DateField(
        label=LABELS["ends_on"], required=False, help_text="Left empty, it is the day before the same day a year later."
    )
    introduction = forms.CharField(
        label=LABELS["introduction"], required=False, widget=forms.Textarea({"rows": 3}), help_text=HELP["introduction"]
    )
    opens_on = forms.DateField(label=LABELS["opens_on"], required=False, help_text=HELP["opens_on"])
    closes_on = forms.DateField(label=LABELS["closes_on"], required=False)
    is_carried = forms.BooleanField(
        label="Carry forward what was left unmet the year before",
        required=False,
        initial=True,
        help_text="Each need that comes over says so, and why it was left.",
    )

    def __init__(self, *args, partnerships, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["partnership"].queryset = partnerships
        if len(partnerships) == 1:
            del self.fields["partnership"]
            self.only = partnerships[0]
        else:
            self.only = None

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        check_year(day, on=self.on)
        return day

    def clean(self):
        cleaned = super().clean()
        if self.only:
            cleaned["partnership"] = self.only
        if cleaned.get("starts_on") and "ends_on" in cleaned and cleaned["ends_on"] is None:
            cleaned["ends_on"] = last_day_of_year(cleaned["starts_on"])
        check_days(self, cleaned)
        return cleaned


# A need


class NeedForm(PlannerModelForm):
    """What people have to learn, where it was seen, and for whom."""

    submit_label = "Save the need"

    priority = PriorityField(
        Priority.objects.none(), required=False, label="Which priority of a plan does it serve?", empty_label="None"
    )

    class Meta:
        model = LearningNeed
        fields = ["topic", "why", "source", "source_title", "audience", "level", "urgency", "priority"]
        labels = {
            "topic": "What do people have to learn?",
            "why": "What shows it?",
            "source": "Where was it seen?",
            "source_title": "In what?",
            "audience": "Who has to learn it?",
            "level": "At which level?",
            "urgency": "How soon?",
        }
        help_texts = {
            "topic": "In a few words, as it would stand in a programme. No names of people.",
            "source_title": "For example “Multi-agency audit of neglect, autumn 2026”.",
            "audience": "For example “Health visitors and family support workers”.",
            "level": "Your own word: everybody, working with families, designated leads.",
        }
        error_messages = {"topic": {"required": "Enter what people have to learn"}}
        widgets = {"urgency": forms.RadioSelect}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        need = self.instance
        besides = [need.priority_id] if need.priority_id else []
        partnership = need.analysis.partnership_id
        self.fields["priority"].queryset = priorities_for([partnership], user, besides=besides).distinct()
        if need.source_key:
            for name in ("source", "source_title"):
                del self.fields[name]

    def clean_topic(self):
        return " ".join(self.cleaned_data["topic"].split())


DECISIONS = [
    (Decision.MET, "By these courses"),
    (Decision.PARTLY, "Partly, by these courses"),
    (Decision.UNMET, "It is left unmet this year"),
    ("open", "Not decided yet"),
]


class DecisionForm(PlannerForm):
    """By which courses a need is met, or why not."""

    submit_label = "Save the decision"

    decision = forms.ChoiceField(
        label="How is it met?",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it is met, or that it is not decided yet"},
    )
    courses = forms.ModelMultipleChoiceField(
        Course.objects.none(),
        label="Courses",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose courses that this partnership offers"},
    )
    reasons = forms.CharField(
        label="Why, and what is left?",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Members read this, and so does the annual report. Needed where it is partly met or left unmet.",
    )

    def __init__(self, *args, need, **kwargs):
        chosen = list(need.courses.all())
        initial = {"decision": need.decision or "open", "courses": chosen, "reasons": need.reasons}
        super().__init__(*args, initial=initial, **kwargs)
        offered = Course.objects.offered().filter(partnerships=need.analysis.partnership_id)
        own = Course.objects.filter(pk__in=[course.pk for course in chosen])
        self.fields["courses"].queryset = Course.objects.filter(
            pk__in=offered.values("pk").union(own.values("pk"))
        ).order_by("title", "pk")

    def clean_decision(self):
        decision = self.cleaned_data["decision"]
        return Decision.OPEN if decision == "open" else decision

    def clean(self):
        cleaned = super().clean()
        decision, courses = cleaned.get("decision"), cleaned.get("courses")
        if decision in {Decision.MET, Decision.PARTLY} and "courses" in cleaned and not courses:
            self.add_error("courses", "Choose at least one course that meets it, or plan a new one first")
        if decision == Decision.UNMET and courses:
            self.add_error("courses", "Take the courses away, or say that they meet it partly")
        if decision in {Decision.PARTLY, Decision.UNMET} and not cleaned.get("reasons"):
            self.add_error("reasons", "Enter why it is not met, or what is left")
        return cleaned


class PlaceForm(PlannerForm):
    """What becomes of the chosen wishes: under a need that is there, or a need of their own."""

    need = forms.ModelChoiceField(LearningNeed.objects.none(), required=False, empty_label="Choose a need")
    topic = forms.CharField(required=False, max_length=200)


# Whom to ask


class InviteForm(PlannerForm):
    """Who gets a link. Those who have one are not offered."""

    submit_label = "Make their links"

    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Member organisations",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    practitioners_of = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Practitioners of",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="One link for each organisation to hand on. Nobody says who they are.",
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(),
        label="Groups",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Its chair answers for it.",
    )

    def __init__(self, *args, analysis, on, **kwargs):
        super().__init__(*args, **kwargs)
        asked = {(each.kind, each.organisation_id or each.group_id) for each in analysis.invitations.all()}
        members = Organisation.objects.members_of([analysis.partnership_id], on=on).order_by("name")

        def without(records, kind):
            return records.exclude(pk__in=[pk for of, pk in asked if of == kind])

        self.fields["organisations"].queryset = without(members, Kind.ORGANISATION)
        self.fields["practitioners_of"].queryset = without(members, Kind.PRACTITIONERS)
        self.fields["groups"].queryset = without(groups_to_ask(analysis.partnership_id), Kind.GROUP)
        for name in list(self.fields):
            if not self.fields[name].queryset:
                del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError("Choose at least one organisation or group to ask")
        return cleaned
