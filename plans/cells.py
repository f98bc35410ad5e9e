"""The cells of a plan's table as forms: what may be typed in each, and what is kept of it.

A cell belongs to a row (a priority, a deliverable, an activity) or to the plan itself. Every form is
about one record and guarded against a second writer as all our forms are; the leads of a deliverable
and the reasons and outcomes of a priority are rows of their own, written as lines.
"""

import re
from datetime import date

from django import forms
from django.http import Http404

from partnership.forms import PlannerModelForm, Textarea
from plans import by_hand
from plans.importing import LeadFinder
from plans.models import Activity, Deliverable, DeliverableLead, Milestone, Plan, Priority
from plans.starting import refuse_overlap
from plans.timescale import describe, read_timescale

LONGEST_CELL = 4000  # characters; the longest cell of the real plans has 1,900
MOST_LINES = 40
REF_HELP = "As your plan writes it, like 2a. Leave it empty for none."


class Lines(forms.CharField):
    """Several short texts, one on each line; bullets that came with a paste are taken off."""

    widget = forms.Textarea
    BULLETS = "•·●▪◦–-*\u2023\uf0b7 \t"

    def to_python(self, value):
        lines = [line.strip().lstrip(self.BULLETS).strip() for line in super().to_python(value).splitlines()]
        return "\n".join(filter(None, lines))

    def validate(self, value):
        super().validate(value)
        if len(value.splitlines()) > MOST_LINES:
            raise forms.ValidationError(f"Use {MOST_LINES} lines or fewer")


def long_text(label, *, rows, required=True, help_text="", lines=False, error=""):
    """A field of a cell: one text, or with ``lines`` several."""
    kind = Lines if lines else forms.CharField
    return kind(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST_CELL,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": error} if error else None,
    )


class CellForm(PlannerModelForm):
    """A cell. ``plan`` is the plan it stands in."""

    submit_label = "Save"
    label_class = "govuk-label--s"

    def __init__(self, *args, plan, **kwargs):
        self.plan = plan
        super().__init__(*args, **kwargs)


# The plan itself


class IntroductionForm(CellForm):
    introduction = long_text("Introduction", rows=8, required=False)

    class Meta:
        model = Plan
        fields = ["introduction"]


class DetailsForm(CellForm):
    class Meta:
        model = Plan
        fields = ["title", "starts_on", "ends_on", "audience"]
        labels = {"starts_on": "First day", "ends_on": "Last day", "audience": "Whom it is for"}

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "Enter a last day that comes after the first")
        elif starts_on and ends_on:
            try:
                refuse_overlap(self.plan.partnership_ids, starts_on=starts_on, ends_on=ends_on, besides=self.plan)
            except forms.ValidationError as problem:
                self.add_error("starts_on", problem)
        return cleaned


# A priority


class HeadingForm(CellForm):
    title = long_text("Priority", rows=2, error="Enter what the priority is")

    class Meta:
        model = Priority
        fields = ["ref", "title", "is_cross_cutting"]
        labels = {"ref": "Ref", "is_cross_cutting": "It runs across the others, and has no rows of its own"}
        help_texts = {"ref": REF_HELP}


class NoteForm(CellForm):
    note = long_text("What stands under the heading", rows=4, required=False)

    class Meta:
        model = Priority
        fields = ["note"]


class JointForm(CellForm):
    joint_with = long_text(
        "Boards it is shared with", rows=3, required=False, lines=True, help_text="One on each line."
    )

    class Meta:
        model = Priority
        fields = ["joint_with"]


class LinesOfPriorityForm(CellForm):
    """Rows of their own (``related``), written as lines: a line that stays keeps its row."""

    related = ""

    def extra_values(self):
        return {"lines": "\n".join(getattr(self.instance, self.related).values_list("text", flat=True))}

    def save(self, commit=True):
        priority = super().save(commit)
        write_lines(getattr(priority, self.related), self.cleaned_data["lines"].splitlines())
        return priority


class RationaleForm(LinesOfPriorityForm):
    related = "rationale"
    lines = long_text("Why this matters", rows=6, required=False, lines=True, help_text="One reason on each line.")

    class Meta:
        model = Priority
        fields = []


class OutcomesForm(LinesOfPriorityForm):
    related = "outcomes"
    lines = long_text("What will be different", rows=4, required=False, lines=True, help_text="One on each line.")

    class Meta:
        model = Priority
        fields = ["outcomes_heading"]
        labels = {"outcomes_heading": "Heading"}


def write_lines(rows, texts):
    """Make ``rows`` (a related manager of rows with position and text) say ``texts``, in their order.

    A text that is there keeps its row; a changed one takes over the row that stood in its place.
    """
    left = list(rows.all())
    kept = {}
    for place, text in enumerate(texts):
        same = next((row for row in left if row.text == text), None)
        if same:
            left.remove(same)
            kept[place] = same
    for place, text in enumerate(texts):
        row = kept.get(place) or (left.pop(0) if left else rows.model(**rows.core_filters))
        if (row.position, row.text) != (place + 1, text):
            row.position, row.text = place + 1, text
            row.save()
    for row in left:
        row.delete()


# A deliverable


class PromiseForm(CellForm):
    title = long_text("Deliverable", rows=2, error="Enter what is promised")
    description = long_text("More about it", rows=3, required=False)
    evidence_measures = long_text(
        "How we will know", rows=3, required=False, lines=True, help_text="One measure on each line."
    )

    class Meta:
        model = Deliverable
        fields = ["title", "description", "evidence_measures"]


class MeasuresForm(CellForm):
    evidence_measures = long_text(
        "How we will know", rows=4, required=False, lines=True, help_text="One measure on each line."
    )

    class Meta:
        model = Deliverable
        fields = ["evidence_measures"]


class RefForm(CellForm):
    class Meta:
        model = Deliverable
        fields = ["ref"]
        labels = {"ref": "Ref"}
        help_texts = {"ref": REF_HELP}


class OthersForm(CellForm):
    other_partnerships = long_text(
        "Other partnerships involved", rows=3, required=False, lines=True, help_text="One on each line."
    )

    class Meta:
        model = Deliverable
        fields = ["other_partnerships"]


class LeadsForm(CellForm):
    """Who leads: one on each line, "AV: Head of Midwifery" where another leads in each partnership."""

    lines = long_text("Who leads", rows=3, required=False, lines=True)

    class Meta:
        model = Deliverable
        fields = []

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, plan=plan, **kwargs)
        names = [partnership.short_name for partnership in plan.partnerships.all()]
        words = "One on each line: the name of a post or group here is linked by itself."
        if len(names) > 1:
            words += f" Begin with {names[0]}: or {names[-1]}: where another leads in each partnership."
        self.fields["lines"].help_text = words

    def extra_values(self):
        leads = self.instance.leads.select_related("partnership")
        return {"lines": "\n".join(line_of_lead(lead) for lead in leads)}

    def save(self, commit=True):
        """Lines that stay keep their row and their link; new words are linked where they are a name."""
        deliverable = self.instance
        finder = LeadFinder(list(self.plan.partnerships.all()))
        left = list(deliverable.leads.select_related("partnership"))
        for position, line in enumerate(self.cleaned_data["lines"].splitlines()):
            partnership, text = self._read(line, finder)
            of = partnership.pk if partnership else None
            lead = next((lead for lead in left if (lead.partnership_id, lead.text) == (of, text)), None)
            if lead:
                left.remove(lead)
            else:
                lead = DeliverableLead(deliverable=deliverable, partnership=partnership, text=text, **finder.find(text))
            if lead.pk is None or lead.position != position:
                lead.position = position
                lead.save()
        for lead in left:
            lead.delete()
        return deliverable

    @staticmethod
    def _read(line, finder):
        """(partnership or None, words) of "AV: Head of Midwifery"."""
        before, colon, after = line.partition(":")
        partnership = finder.partnership(before.strip()) if colon else None
        return (partnership, after.strip()) if partnership and after.strip() else (None, line)


def line_of_lead(lead):
    return f"{lead.partnership.short_name}: {lead.text}" if lead.partnership else lead.text


# An activity


class ActivityTextForm(CellForm):
    text = long_text("Activity", rows=4, error="Enter what will be done")

    class Meta:
        model = Activity
        fields = ["text"]


class WrittenDay(forms.CharField):
    """A day as people write one, in one box: "15 October 2027", "15/10/27". Cleans to a date."""

    default_error_messages = {"invalid": "Enter a real day with its year, like 15 October 2027"}

    def to_python(self, value):
        if isinstance(value, date):
            return value
        words = super().to_python(value)
        return day_in(words, self.error_messages["invalid"]) if words else None

    def prepare_value(self, value):
        return by_hand.long(value) if isinstance(value, date) else value


AS_READ, KEEP = "read", "keep"
LONG_LINE = 60  # characters: longer words get a box of several lines


class MeansMixin(forms.Form):
    """What a timescale means, where our reading of its words is wrong. ``plan`` has the days it runs between.

    ``by_hand``: the line that was chosen, empty to have the words read; ``warnings``: what is allowed but unlikely.
    """

    means = forms.ChoiceField(
        label="What does it mean?",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (AS_READ, "What we read in the words"),
            ("dates", "On a day, or on several days"),
            ("window", "From one day to another"),
            ("recurring", "Again and again"),
            ("meeting", "At a meeting"),
            ("continuous", "Throughout the plan"),
            ("relative", "After something else has happened"),
            ("unset", "Not known yet"),
        ],
    )
    days = Lines(
        label="Which days?",
        required=False,
        max_length=LONGEST_CELL,
        widget=forms.Textarea({"rows": 3}),
        help_text="One on each line. What is due then comes after a colon, as in 30 June 2027: first draft.",
    )
    from_day = WrittenDay(label="From which day?", required=False, help_text="Like 1 June 2027.")
    to_day = WrittenDay(label="To which day?", required=False, help_text="Leave it empty where no end is known.")
    every = forms.IntegerField(
        label="Every how many?",
        required=False,
        min_value=1,
        max_value=52,
        help_text="For example 3 months, which is each quarter.",
    )
    unit = forms.ChoiceField(
        label="Weeks, months or years?", required=False, choices=[(unit, unit) for unit in ("months", "weeks", "years")]
    )
    first_day = WrittenDay(
        label="The first day it is due",
        required=False,
        help_text="Then each one is a date until the plan ends. Leave it empty to be asked about it each round.",
    )
    meeting_day = WrittenDay(
        label="Day of the meeting", required=False, help_text="Leave it empty where it is not known."
    )
    keeps = forms.ChoiceField(
        label="Does what was said by hand still hold?",
        required=False,
        widget=forms.RadioSelect,
        choices=[(KEEP, "Yes, it means the same"), (AS_READ, "No, read the new words")],
    )

    by_hand, asks, warnings = "", False, ()
    with_fields = ("dates", "window", "recurring", "meeting")  # the meanings that say more

    @property
    def is_means_open(self):
        """Whether there is more to see than the words: something was said by hand, or cannot be saved."""
        return self["means"].value() not in (AS_READ, None, "") or bool(self.errors)

    def dress_words(self):
        """Words on several lines, or many of them, need a box that keeps them so."""
        words = str(self["timescale_text"].value() or "")
        if "\n" in words or len(words) > LONG_LINE:
            self.fields["timescale_text"].widget = Textarea({"rows": min(8, max(3, words.count("\n") + 2))})

    def clean_means_of(self, plan, *, before, before_for):
        """Set ``by_hand``; ``before``: the line that stood, which was said of the words ``before_for``."""
        cleaned = self.cleaned_data
        means = cleaned.get("means") or AS_READ
        meaning = None if means == AS_READ else getattr(self, f"_{means}")(plan)
        self.by_hand = by_hand.say(meaning) if meaning else ""
        if self.errors:
            return
        if meaning:
            outside = [day for day, _label in meaning.days if not plan.starts_on <= day <= plan.ends_on]
            self.warnings = [said_outside(day, plan) for day in outside[:3]]
        is_same = before and self.by_hand == before
        if is_same and cleaned.get("timescale_text", "") != before_for:
            if not cleaned.get("keeps"):
                self.asks = True
                self.add_error("keeps", f"The words have changed. Say whether “{before}” still holds")
            elif cleaned["keeps"] == AS_READ:
                self.by_hand = ""

    def _dates(self, plan):
        lines = self.cleaned_data.get("days", "").splitlines()
        if not lines and "days" not in self.errors:
            self.add_error("days", "Enter at least one day")
        days = []
        for number, line in enumerate(dict.fromkeys(lines), start=1):
            said, _, label = line.partition(":")
            try:
                day = day_in(said, f"Line {number}: begin with a real day and its year, like 30 June 2027: first draft")
            except forms.ValidationError as problem:
                self.add_error("days", problem)
                return None
            label = " ".join(label.replace(";", ",").split())
            if len(label) > by_hand.LONGEST_LABEL:
                self.add_error("days", f"Line {number}: use {by_hand.LONGEST_LABEL} characters or fewer after the day")
                return None
            days.append((day, label))
        return by_hand.Meaning("date" if len(days) == 1 else "dates", tuple(days)) if days else None

    def _window(self, plan):
        first, last = self.cleaned_data.get("from_day"), self.cleaned_data.get("to_day")
        if not first and "from_day" not in self.errors:
            self.add_error("from_day", "Enter the day it begins")
        elif first and last and last < first:
            self.add_error("to_day", f"Enter an end that comes after the beginning, {by_hand.long(first)}")
        if not first:
            return None
        return by_hand.Meaning("window", tuple((day, "") for day in (first, last) if day))

    def _recurring(self, plan):
        every, unit, first = (self.cleaned_data.get(name) for name in ("every", "unit", "first_day"))
        if not every and (first or "every" in self.errors):
            if "every" not in self.errors:
                self.add_error("every", "Enter after how many weeks, months or years it comes again, like 3")
            return None
        if every and first and len(by_hand.repeated(first, every, unit, until=plan.ends_on)) >= by_hand.MOST_DATES:
            self.add_error(
                "first_day",
                f"These are {by_hand.MOST_DATES} dates or more. Leave the first day empty, or say it less often",
            )
        return by_hand.Meaning("recurring", ((first, ""),) if first else (), every, unit if every else "")

    def _meeting(self, plan):
        day = self.cleaned_data.get("meeting_day")
        return by_hand.Meaning("meeting", ((day, ""),) if day else ())

    def _continuous(self, plan):
        return by_hand.Meaning("continuous")

    def _relative(self, plan):
        return by_hand.Meaning("relative")

    def _unset(self, plan):
        return by_hand.Meaning("unset")


def means_values(said):
    """The fields of ``MeansMixin`` as they say ``said``, a line of ``plans.by_hand`` or empty."""
    meaning = by_hand.read(said) if said else None
    values = dict.fromkeys(["days", "from_day", "to_day", "every", "first_day", "meeting_day"], "")
    values |= {"means": AS_READ, "unit": "months", "keeps": ""}
    if meaning is None:
        return values
    days = [by_hand.long(day) for day, _label in meaning.days]
    values["means"] = "dates" if meaning.kind == "date" else meaning.kind
    if values["means"] == "dates":
        values["days"] = said.replace("; ", "\n")
    elif meaning.kind == "window":
        values["from_day"], values["to_day"] = [*days, ""][:2]
    elif meaning.kind == "recurring":
        values["every"], values["unit"] = meaning.every or "", meaning.unit or "months"
        values["first_day"] = days[0] if days else ""
    elif meaning.kind == "meeting":
        values["meeting_day"] = days[0] if days else ""
    return values


def day_in(words, problem):
    """The one day that ``words`` say. Raises ValidationError with ``problem``."""
    if re.search(r"\d{4}|\d[/.-]\d\d$", words.strip()):
        found = read_timescale(words, starts_on=date(2000, 1, 1), ends_on=date(2000, 12, 31))
        if found.kind == "date" and [each.precision for each in found.milestones] == ["day"]:
            return found.dates[0]
    raise forms.ValidationError(problem)


def said_outside(day, plan):
    return f"{by_hand.long(day)} is {'after the end' if day > plan.ends_on else 'before the start'} of the plan."


class TimescaleForm(MeansMixin, CellForm):
    timescale_text = forms.CharField(
        label="In your own words",
        required=False,
        max_length=LONGEST_CELL,
        help_text="For example “by end of Sept”, “quarterly”, “tbc”.",
    )

    field_order = ["timescale_text"]

    class Meta:
        model = Activity
        fields = ["timescale_text"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dress_words()
        self.asks = self.instance.is_by_hand_in_question

    def extra_values(self):
        values = means_values(self.instance.timescale_by_hand)
        if self.instance.timescale_by_hand and not self.instance.is_by_hand_in_question:
            values["keeps"] = KEEP
        return values

    def clean(self):
        cleaned = super().clean()
        self.clean_means_of(self.plan, before=self.instance.timescale_by_hand, before_for=self.instance.by_hand_for)
        return cleaned

    @property
    def reading(self):
        """What we make of the words now in the box."""
        return describe(read_in(self.plan, self["timescale_text"].value() or ""))

    def save(self, commit=True):
        activity = super().save(commit)
        activity.timescale_by_hand, activity.by_hand_for = self.by_hand, activity.timescale_text if self.by_hand else ""
        settle_dates(activity, self.plan)
        return activity


def read_in(plan, words):
    """The words of a timescale as dates, inside the plan's period where they leave it open."""
    return read_timescale(words, starts_on=plan.starts_on, ends_on=plan.ends_on)


def settle_dates(activity, plan):
    """Give ``activity`` the dates of what a person said its timescale means, else of its words.

    Where the words have changed since, what was said stands until somebody says if it still holds.
    """
    said = by_hand.read(activity.timescale_by_hand)
    if said is None:
        write_dates(activity, read_in(plan, activity.timescale_text))
    else:
        _write_dates(activity, by_hand.reading_of(said, ends_on=plan.ends_on))


def write_dates(activity, timescale):
    """Give ``activity`` the kind and milestones of ``timescale``; what was said by hand before is over."""
    activity.timescale_by_hand = activity.by_hand_for = ""
    _write_dates(activity, timescale)


def _write_dates(activity, timescale):
    """A day already met stays met, also where the same milestone has another day now."""
    before = list(activity.milestones.all())
    met = {milestone.due_on: milestone.met_on for milestone in before if milestone.met_on}
    found = timescale.milestones
    moved = {}
    if len(before) == len(found):
        days = {milestone.due_on for milestone in found}
        moved = {place: each.met_on for place, each in enumerate(before) if each.met_on and each.due_on not in days}
    activity.timescale_kind = timescale.kind
    activity.save()
    activity.milestones.all().delete()
    Milestone.objects.bulk_create(
        Milestone(
            activity=activity,
            position=position,
            label=(milestone.label or "")[:200],
            due_on=milestone.due_on,
            precision=milestone.precision or Milestone.Precision.MONTH,
            met_on=met.get(milestone.due_on) or moved.get(position),
        )
        for position, milestone in enumerate(found)
    )


# Which cells there are

CELLS = {
    ("plan", "introduction"): IntroductionForm,
    ("plan", "details"): DetailsForm,
    ("priority", "heading"): HeadingForm,
    ("priority", "note"): NoteForm,
    ("priority", "joint"): JointForm,
    ("priority", "rationale"): RationaleForm,
    ("priority", "outcomes"): OutcomesForm,
    ("deliverable", "ref"): RefForm,
    ("deliverable", "promise"): PromiseForm,
    ("deliverable", "measures"): MeasuresForm,
    ("deliverable", "leads"): LeadsForm,
    ("deliverable", "others"): OthersForm,
    ("activity", "text"): ActivityTextForm,
    ("activity", "timescale"): TimescaleForm,
}

WHOSE = {"priority": "plan", "deliverable": "priority__plan", "activity": "deliverable__priority__plan"}
MODELS = {"priority": Priority, "deliverable": Deliverable, "activity": Activity}


def find_row(plan, kind, pk):
    """The row of ``plan`` of that kind and key; Http404 for any other plan's."""
    if kind == "plan" and pk == plan.pk:
        return plan
    row = MODELS[kind].objects.filter(pk=pk, **{WHOSE[kind]: plan}).first() if kind in MODELS else None
    if row is None:
        raise Http404
    return row
