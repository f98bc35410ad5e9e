"""Forms of a request: what it asks for and by when, whom it asks, more time, and why somebody need not answer."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from assurance.models import AssuranceRequest, QuestionSet, StandardSet, TimetableEntry
from assurance.requests import FIELDS
from assurance.timetable import name_of_quarter
from assurance.timetable_forms import own_groups
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Membership, Organisation, Partnership
from partnership.templatetags.components import long_date

FURTHEST_YEARS = 5


def refuse_far_day(day, *, on):
    """A mistyped year is far away."""
    if day.year > on.year + FURTHEST_YEARS:
        raise forms.ValidationError(f"Enter a day before the end of {on.year + FURTHEST_YEARS}")


class RequestForm(PlannerModelForm):
    """A request but for its questions. What organisations were sent can no longer change its partnerships."""

    question_sets = forms.ModelMultipleChoiceField(
        None,
        label="Which question sets do you ask?",
        required=False,
        help_text="Their questions are copied. You can change, add and take out questions on the next page.",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = AssuranceRequest
        fields = ["title", "partnerships", "due_on", "introduction", "question_sets", "standards", "group", "entry"]
        labels = {
            "title": "What is the request called?",
            "partnerships": "Who asks?",
            "due_on": "By when is an answer due?",
            "introduction": "What should organisations know before they answer?",
            "standards": "Standards to measure up to",
            "group": "Which group scrutinises what comes?",
            "entry": "Which entry of the timetable is it?",
        }
        help_texts = {
            "title": "Like “Assurance return 2026 to 2027”",
            "partnerships": "An organisation in more than one of them answers once.",
            "introduction": "Why you ask, what you do with the answers and whom to call.",
            "standards": "For a self-assessment: each organisation scores itself against the published set.",
            "group": "",
            "entry": "The entry then leads to this request, and can be done when you close it.",
        }
        error_messages = {
            "title": {"required": "Enter what the request is called"},
            "partnerships": {"required": "Choose who asks"},
            "due_on": {"required": "Enter the day by which an answer is due"},
        }
        widgets = {"partnerships": forms.CheckboxSelectMultiple}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Partnership.objects.of_office(user)
        request, today = self.instance, timezone.localdate()
        self.fields["partnerships"].queryset = mine
        self.others = request.partnership_ids - {each.pk for each in mine} if request.pk else set()
        if request.pk:
            del self.fields["question_sets"]
        else:
            self.fields["question_sets"].queryset = QuestionSet.objects.offered_to(user.standing.office_ids)
            if len(mine) == 1:
                self.initial.setdefault("partnerships", list(mine))
        self.fields["group"].queryset = own_groups(user, besides=request.group_id)
        published = StandardSet.objects.offered_to(user.standing.office_ids).exclude(published_on=None)
        published = published.filter(asked_of=StandardSet.AskedOf.ORGANISATIONS)
        self.fields["standards"].queryset = StandardSet.objects.filter(
            Q(pk__in=published.values("pk")) | Q(pk=request.standards_id)
        )
        entries = TimetableEntry.objects.of_partnerships(user.standing.office_ids).filter(done_on=None)
        self.fields["entry"].queryset = TimetableEntry.objects.filter(
            Q(pk__in=entries.values("pk")) | Q(pk=request.entry_id)
        ).order_by("quarter_on", "title")
        self.fields["entry"].label_from_instance = lambda entry: f"{name_of_quarter(entry.quarter_on)}: {entry}"
        self.today = today
        if request.sent_on:
            del self.fields["partnerships"], self.fields["standards"]

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on != self.initial.get("due_on"):
            if due_on < self.today:
                raise forms.ValidationError("Enter a day that has not passed")
            refuse_far_day(due_on, on=self.today)
        return due_on

    def clean(self):
        """A group, an entry and own sets are of one of the partnerships that ask."""
        answers = super().clean()
        if "partnerships" in self.fields:
            chosen = {each.pk for each in answers.get("partnerships", ())} | self.others
        else:
            chosen = self.instance.partnership_ids
        for name, words in (
            ("group", "Choose a group of a partnership that asks"),
            ("entry", "Choose an entry of a partnership that asks"),
            ("standards", "Choose standards of a partnership that asks"),
        ):
            owner = answers.get(name)
            if chosen and owner and owner.partnership_ids and not chosen & owner.partnership_ids:
                self.add_error(name, words)
        for each in answers.get("question_sets", ()):
            if chosen and each.partnership_id and each.partnership_id not in chosen:
                self.add_error("question_sets", f"“{each}” is another partnership’s. Take its tick off")
        if self.others and "partnerships" in answers:  # those of an office elsewhere stay as they are
            answers["partnerships"] = Partnership.objects.filter(pk__in=chosen)
        return answers


# Whom it asks

ROLE_NAMES = {
    Membership.Role.STATUTORY: "Statutory safeguarding partners",
    Membership.Role.RELEVANT: "Relevant agencies",
    Membership.Role.VIRTUAL: "Virtual members",
    Membership.Role.COMMISSIONER: "Represented by their commissioner",
    Membership.Role.REFERENCE: "Represented by a reference group",
    Membership.Role.OBSERVER: "Participant observers",
}


def members_by_role(partnership_ids, *, on):
    """[(a role in words, its Organisations with ``part``: "Police, Ashford Vale and Millbrook")], each once.

    One that is in two partnerships stands with the first of its roles in this order. Two queries.
    """
    rows = (
        Membership.objects.current(on=on)
        .filter(partnership__in=partnership_ids)
        .select_related("organisation", "partnership")
        .order_by("organisation__name", "partnership__name")
    )
    by_organisation = {}
    for row in rows:
        by_organisation.setdefault(row.organisation, []).append(row)
    found = {role: [] for role in ROLE_NAMES}
    order = list(ROLE_NAMES)
    for organisation, memberships in by_organisation.items():
        first = min(memberships, key=lambda each: order.index(each.role))
        of = ", ".join(each.partnership.short_name for each in memberships)
        organisation.part = f"{organisation.get_kind_display()} ({of})"
        found[first.role].append(organisation)
    return [(ROLE_NAMES[role], organisations) for role, organisations in found.items() if organisations]


class OrganisationsForm(PlannerForm):
    """Which members are asked. ``members``: of ``members_by_role``; ``asked``: keys of those that are so already.

    Once the request is sent (``is_sent``) it can only ask more.
    """

    organisations = forms.MultipleChoiceField(
        label="Whom does it ask?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one organisation",
            "invalid_choice": "One of these is no longer a member. Choose from the list",
        },
    )

    def __init__(self, *args, members, asked, is_sent=False, **kwargs):
        self.members, self.asked, self.is_sent = members, asked, is_sent
        super().__init__(*args, initial={"organisations": [str(pk) for pk in asked]}, **kwargs)
        self.fields["organisations"].choices = [
            (str(each.pk), each.name) for _role, organisations in members for each in self.offered(organisations)
        ]

    def offered(self, organisations):
        return [each for each in organisations if not (self.is_sent and each.pk in self.asked)]

    @property
    def groups(self):
        """[(role, rows of organisation, whether it is ticked, whether it is asked already)]."""
        ticked = {str(pk) for pk in self["organisations"].value() or ()}
        return [
            (
                role,
                [(each, str(each.pk) in ticked, self.is_sent and each.pk in self.asked) for each in organisations],
            )
            for role, organisations in self.members
        ]

    @property
    def chosen(self):
        return Organisation.objects.filter(pk__in=self.cleaned_data["organisations"])


# One organisation


class ExtendForm(PlannerForm):
    """More time for one organisation, and why. ``usual``: the day of the others."""

    submit_label = "Give more time"

    to = forms.DateField(label="Until when?", error_messages={"required": "Enter the new day"})
    because = forms.CharField(
        label="Why does it need more time?",
        max_length=300,
        help_text="The organisation reads this too.",
        error_messages={"required": "Enter why it needs more time"},
    )

    def __init__(self, *args, usual, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.usual, self.on = usual, on

    def clean_to(self):
        to = self.cleaned_data["to"]
        earliest = max(self.usual, self.on)
        if to < earliest or to == self.usual:
            raise forms.ValidationError(f"Enter a day after {long_date(earliest)}")
        refuse_far_day(to, on=self.on)
        return to


class WithdrawForm(PlannerForm):
    submit_label = "Do not ask it any more"

    because = forms.CharField(
        label="Why need it not answer?",
        max_length=300,
        help_text="The organisation reads this too.",
        error_messages={"required": "Enter why it need not answer"},
    )


class WithdrawAllForm(PlannerForm):
    submit_label = "Withdraw the request"

    because = forms.CharField(
        label="Why is it withdrawn?",
        max_length=300,
        help_text="Every organisation that has not submitted is told this.",
        error_messages={"required": "Enter why it is withdrawn"},
    )


class HandBackForm(PlannerForm):
    """What should change, and by when."""

    submit_label = "Hand it back"

    because = forms.CharField(
        label="What should be changed or added?",
        widget=forms.Textarea,
        max_length=2000,
        help_text="The organisation reads this on its return.",
        error_messages={"required": "Enter what should be changed or added"},
    )
    to = forms.DateField(
        label="By when should it come back?", error_messages={"required": "Enter the day by which it should come back"}
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_to(self):
        to = self.cleaned_data["to"]
        if to < self.on:
            raise forms.ValidationError("Enter a day that has not passed")
        refuse_far_day(to, on=self.on)
        return to


class CloseForm(PlannerForm):
    submit_label = "Close the request"

    is_entry_done = forms.BooleanField(required=False)

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, **kwargs)
        if entry is None or entry.done_on:
            del self.fields["is_entry_done"]
        else:
            self.fields["is_entry_done"].label = f"“{entry}” on the timetable is done with it"


def as_rows(request):
    """The request's questions as the rows of its form show them."""
    return request.questions.order_by("position", "pk").values("pk", *FIELDS)
