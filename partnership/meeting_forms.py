"""The words and rules of the forms about meetings, agendas, minutes, attendance and actions."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve

from partnership.forms import PlannerForm, PlannerModelForm, SearchField
from partnership.meetings import LONGEST_PATTERN, MONTHS_BETWEEN, days_of_pattern
from partnership.models import (
    AgendaItem,
    Attendance,
    Frequency,
    Group,
    Meeting,
    MeetingAction,
    MeetingDecision,
    Organisation,
    Post,
    StandingItem,
)
from partnership.templatetags.components import long_date

YEARS_AHEAD = 5
EARLIEST_YEAR = 2000
TIME_FORMATS = ["%H:%M", "%H", "%I%p", "%I:%M%p"]


class TimeField(forms.TimeField):
    """A time as people write it: "10:00", "14.30", "2pm", "2.30 pm"."""

    default_error_messages = {"invalid": "Enter a time like 10:00 or 2.30pm"}

    def __init__(self, **kwargs):
        widget = forms.TimeInput(attrs={"class": "govuk-input--width-5"}, format="%H:%M")
        super().__init__(input_formats=TIME_FORMATS, widget=widget, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace(" ", "").replace(".", ":")
        return super().to_python(value)


class LinkField(forms.URLField):
    """An address on the web; one without its beginning is taken to be a safe one."""

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", **kwargs)


def check_order(form):
    """A meeting ends after it starts."""
    starts, ends = form.cleaned_data.get("starts_at"), form.cleaned_data.get("ends_at")
    if starts and ends and ends <= starts:
        form.add_error("ends_at", "Enter an end that comes after the start")
    elif ends and not starts and "starts_at" not in form.errors:
        form.add_error("starts_at", "Enter when it starts too")


def check_year(day, *, on):
    """Refuse a day so far away that its year must be a slip."""
    if not EARLIEST_YEAR <= day.year <= on.year + YEARS_AHEAD:
        raise ValidationError(f"Check the year: {long_date(day)} is too far away")


# Planning


class PatternForm(PlannerForm):
    """A year of meetings in one step: when the first is and how they go on."""

    submit_label = "Show the dates"

    first = forms.DateField(
        label="First meeting", help_text="The others keep its place in the month, as “second Tuesday”."
    )
    frequency = forms.ChoiceField(
        label="How often?", choices=[(each.value, each.label) for each in Frequency if each in MONTHS_BETWEEN]
    )
    until = forms.DateField(label="Until", help_text="No meeting is planned after this day.")
    starts_at = TimeField(label="From", required=False, help_text="For example 10:00 or 2.30pm")
    ends_at = TimeField(label="To", required=False)
    venue = forms.CharField(label="Where?", required=False, max_length=200)
    link = LinkField(label="Link to join online", required=False)

    details = ("starts_at", "ends_at", "venue", "link")

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean(self):
        cleaned = super().clean()
        check_order(self)
        for name in ("first", "until"):
            if cleaned.get(name):
                try:
                    check_year(cleaned[name], on=self.on)
                except ValidationError as problem:
                    self.add_error(name, problem)
        first, until = cleaned.get("first"), cleaned.get("until")
        if first and until and not self.errors:
            if until < first:
                self.add_error("until", "Enter a last day that is not before the first meeting")
            elif len(days_of_pattern(first, frequency=cleaned["frequency"], until=until)) > LONGEST_PATTERN:
                self.add_error("until", f"Plan at most {LONGEST_PATTERN} meetings at once. Choose an earlier day")
        return cleaned


class DayForm(PlannerForm):
    """One day of the list that a pattern gives: kept, changed or left out."""

    is_wanted = forms.BooleanField(label="Plan it", required=False)
    meets_on = forms.DateField(label="Date", required=False)

    def __init__(self, *args, on=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("is_wanted"):
            self._errors.clear()  # what is left out need not be a date
            return {"is_wanted": False}
        if "meets_on" not in self.errors:
            if not cleaned.get("meets_on"):
                self.add_error("meets_on", "Enter the date, or leave this meeting out")
            else:
                try:
                    check_year(cleaned["meets_on"], on=self.on)
                except ValidationError as problem:
                    self.add_error("meets_on", problem)
        return cleaned


class BaseDays(forms.BaseFormSet):
    """The days, of which at least one is wanted."""

    @property
    def days(self):
        return [form.cleaned_data["meets_on"] for form in self.forms if form.cleaned_data.get("is_wanted")]

    def clean(self):
        if not any(self.errors) and not self.days:
            raise ValidationError("Tick at least one meeting")

    def refuse(self, refused):
        """Put each sentence of ``refused`` (by day) beside its day."""
        for form in self.forms:
            sentence = refused.get(form.cleaned_data.get("meets_on")) if form.cleaned_data.get("is_wanted") else None
            if sentence:
                form.add_error("meets_on", sentence)


DayFormSet = forms.formset_factory(DayForm, formset=BaseDays, extra=0, max_num=LONGEST_PATTERN, absolute_max=60)


class MeetingDetailsForm(PlannerModelForm):
    """What both the form that adds a meeting and the one that changes it ask."""

    def __init__(self, *args, group, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.group, self.on = group, on
        others = Group.objects.filter(partnerships__in=group.partnerships.all()).exclude(pk=group.pk)
        self.fields["led_by"].queryset = others.exclude(kind=Group.Kind.CASE_REVIEW).distinct()
        self.fields["led_by"].empty_label = "The group itself"

    def clean(self):
        cleaned = super().clean()
        check_order(self)
        return cleaned


MEETING_LABELS = {
    "title": "Does it have a name?",
    "meets_on": "Date",
    "venue": "Where?",
    "link": "Link to join online",
    "led_by": "Who leads it?",
    "papers_due_on": "When are papers due?",
}
MEETING_HELP = {
    "title": "Only where it is more than the group’s meeting, as “Development day”.",
    "link": "Shown to members only, never on the public page.",
    "led_by": "A young people’s group may lead one of a board’s meetings each year.",
}


class MeetingForm(MeetingDetailsForm):
    submit_label = "Plan the meeting"

    class Meta:
        model = Meeting
        fields = ["title", "meets_on", "starts_at", "ends_at", "venue", "link", "led_by"]
        labels = MEETING_LABELS | {"starts_at": "From", "ends_at": "To"}
        help_texts = MEETING_HELP | {"starts_at": "For example 10:00 or 2.30pm"}
        field_classes = {"starts_at": TimeField, "ends_at": TimeField, "link": LinkField}

    def clean_meets_on(self):
        day = self.cleaned_data["meets_on"]
        check_year(day, on=self.on)
        return day


class MeetingChangeForm(MeetingDetailsForm):
    submit_label = "Save the meeting"

    class Meta:
        model = Meeting
        fields = ["title", "starts_at", "ends_at", "venue", "link", "led_by", "papers_due_on"]
        labels = MEETING_LABELS | {"starts_at": "From", "ends_at": "To"}
        help_texts = MEETING_HELP | {"starts_at": "For example 10:00 or 2.30pm"}
        field_classes = {"starts_at": TimeField, "ends_at": TimeField, "link": LinkField}

    def clean_papers_due_on(self):
        day = self.cleaned_data["papers_due_on"]
        if day and day > self.instance.meets_on:
            raise ValidationError(f"The meeting is on {long_date(self.instance.meets_on)}. Enter a day before it")
        return day


class MoveForm(PlannerForm):
    submit_label = "Move the meeting"

    to = forms.DateField(label="New date")
    reason = forms.CharField(
        label="Why is it moved?",
        widget=forms.Textarea,
        max_length=500,
        help_text="Members and, where the group is public, everyone can read this.",
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_to(self):
        check_year(self.cleaned_data["to"], on=self.on)
        return self.cleaned_data["to"]


class CancelForm(PlannerForm):
    submit_label = "Cancel the meeting"
    submit_kind = "warning"

    reason = forms.CharField(
        label="Why is it cancelled?",
        widget=forms.Textarea,
        max_length=500,
        help_text="Members and, where the group is public, everyone can read this. So can the yearly report.",
    )


class AgreeMinutesForm(PlannerForm):
    submit_label = "The minutes are agreed"

    agreed_on = forms.DateField(label="Day on which the group agreed them")

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_agreed_on(self):
        day = self.cleaned_data["agreed_on"]
        if day > self.on:
            raise ValidationError("Enter a day that has come")
        return day


# The agenda


def posts_of(group):
    """Posts that may lead something for ``group``: of its partnerships, and not closed."""
    partnerships = group.partnerships.values("pk")
    return Post.objects.of_partnerships(partnerships).filter(closed_on=None).select_related("organisation")


class ItemForm(PlannerModelForm):
    """An item of the forward plan. ``group`` is whose; a new one may go on an agenda at once."""

    lead_post = SearchField(
        Post.objects.none(),
        label="Who leads it?",
        required=False,
        help_text="Type part of a post’s name. Whoever holds it then is reminded of the paper.",
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="On which agenda?", required=False, empty_label="None yet: on the forward plan"
    )

    class Meta:
        model = AgendaItem
        fields = [
            "title",
            "kind",
            "asked",
            "lead_post",
            "minutes",
            "needs_paper",
            "paper_due_on",
            "wanted_by",
            "source",
            "source_path",
        ]
        labels = {
            "title": "What is it about?",
            "kind": "What is the group asked for?",
            "asked": "What exactly is it asked to do?",
            "minutes": "How many minutes does it need?",
            "needs_paper": "A paper is wanted",
            "paper_due_on": "When is the paper due?",
            "wanted_by": "Take it by",
            "source": "Where does it come from?",
            "source_path": "Its page here",
        }
        help_texts = {
            "asked": "For example “Agree the budget for next year”.",
            "paper_due_on": "Left empty, it is due with the meeting’s other papers. Its lead is reminded.",
            "wanted_by": "The latest day on which it is of use.",
            "source_path": "Copy the address of the page it comes from, as /deliverables/12/.",
        }
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, group, may_place=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead_post"].queryset = posts_of(group)
        self.fields["minutes"].widget.attrs["class"] = "govuk-input--width-3"
        if may_place:
            self.fields["meeting"].queryset = group.meetings.planned().select_related("group")
        else:
            del self.fields["meeting"]

    def clean_source_path(self):
        return path_of_this_product(self.cleaned_data["source_path"].strip())

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("paper_due_on") and not cleaned.get("needs_paper"):
            self.add_error("needs_paper", "Tick this, or take away the day on which the paper is due")
        elif cleaned.get("needs_paper") and not cleaned.get("paper_due_on") and self.instance.meeting:
            cleaned["paper_due_on"] = self.instance.meeting.papers_due_on
        return cleaned


def path_of_this_product(given):
    """The path in ``given``, which may be a whole address of this product; ValidationError for any other."""
    wrong = ValidationError("Copy the address of a page of this product, for example /deliverables/12/")
    if not given:
        return ""
    try:
        parts = urlsplit(given)
    except ValueError:
        raise wrong from None
    here = urlsplit(settings.SITE_URL)
    if (parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != (here.scheme, here.netloc):
        raise wrong
    try:
        resolve(parts.path)
    except Resolver404:
        raise wrong from None
    return parts.path


class PlaceForm(forms.Form):
    """Where an item goes: a planned meeting of its group, "next" for carrying over, nothing for back."""

    NEXT = "next"

    meeting = forms.ChoiceField(required=False)

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, **kwargs)
        self.meetings = {str(meeting.pk): meeting for meeting in item.group.meetings.planned()}
        self.fields["meeting"].choices = [("", ""), (self.NEXT, ""), *((key, key) for key in self.meetings)]


class StandingItemForm(PlannerModelForm):
    submit_label = "Add to every agenda"

    class Meta:
        model = StandingItem
        fields = ["title", "kind", "minutes", "asked_by"]
        labels = {
            "title": "What is it?",
            "kind": "What is the group asked for?",
            "minutes": "How many minutes does it need?",
            "asked_by": "Whose item is it?",
        }
        help_texts = {"asked_by": "A young people’s group may have an item of its own on every agenda."}

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["minutes"].widget.attrs["class"] = "govuk-input--width-3"
        others = Group.objects.filter(partnerships__in=group.partnerships.all(), closed_on=None).exclude(pk=group.pk)
        self.fields["asked_by"].queryset = others.exclude(kind=Group.Kind.CASE_REVIEW).distinct()
        self.fields["asked_by"].empty_label = "The group’s own"


# Attendance


class AnswerForm(PlannerForm):
    """Whether one organisation is there. Its initial values are an ``Answer``'s."""

    organisation_id = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(label="Answer", choices=Attendance.Status.choices, widget=forms.RadioSelect)
    who = forms.CharField(label="Who", required=False, max_length=200)


class BaseAnswers(forms.BaseFormSet):
    """``expected`` are the organisations that may be answered for; before the day nobody has come yet."""

    def __init__(self, *args, expected=(), is_before=False, **kwargs):
        self.expected, self.is_before = set(expected), is_before
        super().__init__(*args, **kwargs)

    def clean(self):
        if any(self.errors):
            return
        if {form.cleaned_data.get("organisation_id") for form in self.forms} - self.expected:
            raise ValidationError("The list of organisations has changed meanwhile. Open this page again")
        came = (Attendance.Status.PRESENT, Attendance.Status.DEPUTY)
        for form in self.forms:
            if self.is_before and form.cleaned_data["status"] in came:
                form.add_error("status", "The meeting has not been held yet. Note apologies, the rest on its day")

    @property
    def answers(self):
        cleaned = [form.cleaned_data for form in self.forms]
        return {each["organisation_id"]: (each["status"], each["who"]) for each in cleaned}


AnswerFormSet = forms.formset_factory(AnswerForm, formset=BaseAnswers, extra=0, absolute_max=500, max_num=500)


# Actions and minutes


class LeadField(forms.ChoiceField):
    """A post, a group or an organisation. Its value is a dict of lead_post, lead_group, lead_organisation."""

    FIELDS = {"post": "lead_post", "group": "lead_group", "organisation": "lead_organisation"}

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.records = {}

    def offer(self, leads):
        """``leads``: what ``leads_for`` gives."""
        self.records = leads.records
        self.choices = [("", "Nobody yet" if not self.required else "Choose one"), *leads.choices]

    def clean(self, value):
        value = super().clean(value)
        kind = value.partition(":")[0]
        return {name: self.records[value] if of == kind else None for of, name in self.FIELDS.items()}

    @classmethod
    def value_for(cls, action):
        """What stands for the lead of ``action`` in the form."""
        for kind, name in cls.FIELDS.items():
            if getattr(action, f"{name}_id"):
                return f"{kind}:{getattr(action, f'{name}_id')}"
        return ""


class Offered:
    """What a LeadField offers. ``kinds``: {what they are called: (kind, records)}; ``current``: who it is until now."""

    def __init__(self, kinds, *, current=None):
        self.choices, self.records = [], {}
        for label, (kind, records) in kinds.items():
            self.offer(label, {f"{kind}:{record.pk}": record for record in records})
        for value, record in (current or {}).items():
            if value not in self.records:
                self.offer("Until now", {value: record})

    def offer(self, label, records):
        self.records.update(records)
        self.choices.append((label, [(value, str(record)) for value, record in records.items()]))


class Leads(Offered):
    """Who may answer for an action of ``group``: read once for all the forms of a page."""

    def __init__(self, group, *, on, current=None):
        partnerships = list(group.partnerships.all())
        groups = Group.objects.filter(partnerships__in=partnerships, closed_on=None).distinct()
        organisations = Organisation.objects.members_of([each.pk for each in partnerships], on=on)
        kinds = {
            "Posts": ("post", posts_of(group)),
            "Groups": ("group", groups),
            "Organisations": ("organisation", organisations),
        }
        is_led = current and current.lead
        super().__init__(kinds, current={LeadField.value_for(current): current.lead} if is_led else None)


class ActionForm(PlannerForm):
    """A line of the action log. ``meetings`` are those that it may have been agreed at."""

    submit_label = "Add the action"

    text = forms.CharField(label="What is to be done?", widget=forms.Textarea, max_length=2000)
    lead = LeadField(
        label="Who answers for it?", help_text="A post, a group or an organisation: whoever holds it then is reminded."
    )
    due_on = forms.DateField(label="By when?")
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="At which meeting was it agreed?", required=False, empty_label="Between meetings"
    )

    def __init__(self, *args, group, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["lead"].offer(Leads(group, on=on))
        self.fields["meeting"].queryset = (
            group.meetings.exclude(status=Meeting.Status.CANCELLED)
            .filter(minutes_agreed_on=None)
            .select_related("group")
            .order_by("-meets_on")
        )

    def clean_due_on(self):
        check_year(self.cleaned_data["due_on"], on=self.on)
        return self.cleaned_data["due_on"]


class ActionChangeForm(PlannerModelForm):
    submit_label = "Save the action"

    lead = LeadField(label="Who answers for it?", required=False)
    is_open_again = forms.BooleanField(
        label="Open it again",
        required=False,
        help_text="What was said to have come of it stays among its updates.",
    )

    class Meta:
        model = MeetingAction
        fields = ["text", "due_on"]
        labels = {"text": "What is to be done?", "due_on": "By when?"}

    field_order = ["text", "lead", "due_on", "is_open_again"]

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        action = self.instance
        self.on = on
        self.fields["lead"].initial = LeadField.value_for(action)
        self.fields["lead"].offer(Leads(action.group, on=on, current=action))
        if action.closed_on is None:
            del self.fields["is_open_again"]


class ActionUpdateForm(PlannerForm):
    submit_label = "Save what has happened"

    text = forms.CharField(label="What has happened?", widget=forms.Textarea, max_length=2000)
    is_done = forms.BooleanField(label="It is done, and can be closed", required=False)
    outcome = forms.CharField(
        label="What came of it?",
        widget=forms.Textarea,
        max_length=2000,
        required=False,
        help_text="Only when it is done: what is different now.",
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_done") and not cleaned.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", "Enter what came of it, or leave “It is done” unticked")
        if cleaned.get("outcome") and not cleaned.get("is_done"):
            self.add_error("is_done", "Tick this if it is done, or move your words to “What has happened?”")
        return cleaned


class DiscussionForm(PlannerModelForm):
    """What was said on one item."""

    class Meta:
        model = AgendaItem
        fields = ["discussion"]
        labels = {"discussion": "What was said"}
        widgets = {"discussion": forms.Textarea(attrs={"rows": "3"})}


class DecisionForm(PlannerModelForm):
    """One decision in the minutes; without words it is taken out, or was never one."""

    class Meta:
        model = MeetingDecision
        fields = ["text", "reason"]
        labels = {"text": "What was decided", "reason": "Why"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = "2"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", "Enter what was decided")
        return cleaned


class NewActionForm(PlannerForm):
    """One action that the meeting agreed; left empty, there is none."""

    text = forms.CharField(label="Action", widget=forms.Textarea(attrs={"rows": "2"}), max_length=2000, required=False)
    lead = LeadField(label="Who answers for it", required=False)
    due_on = forms.DateField(label="By when", required=False)

    def __init__(self, *args, leads, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["lead"].offer(leads)

    def clean(self):
        cleaned = super().clean()
        is_begun = cleaned.get("text") or cleaned.get("due_on") or any((cleaned.get("lead") or {}).values())
        if not is_begun:
            return cleaned
        if not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", "Enter what is to be done")
        if not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Enter by when it is to be done")
        elif cleaned.get("due_on"):
            try:
                check_year(cleaned["due_on"], on=self.on)
            except ValidationError as problem:
                self.add_error("due_on", problem)
        return cleaned


class GuestsForm(PlannerModelForm):
    """Who else was there."""

    class Meta:
        model = Meeting
        fields = ["also_there"]
        labels = {"also_there": "Who else was there?"}
        help_texts = {"also_there": "Guests and others, with why they came. One to a line."}
