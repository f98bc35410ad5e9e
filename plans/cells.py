"""The cells of a plan's table as forms: what may be typed in each, and what is kept of it.

A cell belongs to a row (a priority, a deliverable, an activity) or to the plan itself. Every form is
about one record and guarded against a second writer as all our forms are; the leads of a deliverable
and the reasons and outcomes of a priority are rows of their own, written as lines.
"""

from django import forms
from django.http import Http404

from partnership.forms import PlannerModelForm
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
            self.add_error("ends_on", "The last day comes after the first")
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


class TimescaleForm(CellForm):
    timescale_text = forms.CharField(
        label="In your own words",
        required=False,
        max_length=300,
        help_text="For example “by end of Sept”, “quarterly”, “tbc”.",
    )

    class Meta:
        model = Activity
        fields = ["timescale_text"]

    @property
    def reading(self):
        """What we make of the words now in the box."""
        return describe(read_in(self.plan, self["timescale_text"].value() or ""))

    def save(self, commit=True):
        activity = super().save(commit)
        write_dates(activity, read_in(self.plan, activity.timescale_text))
        return activity


def read_in(plan, words):
    """The words of a timescale as dates, inside the plan's period where they leave it open."""
    return read_timescale(words, starts_on=plan.starts_on, ends_on=plan.ends_on)


def write_dates(activity, timescale):
    """Give ``activity`` the kind and milestones of ``timescale``; a day already met stays met."""
    met = {milestone.due_on: milestone.met_on for milestone in activity.milestones.all() if milestone.met_on}
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
            met_on=met.get(milestone.due_on),
        )
        for position, milestone in enumerate(timescale.milestones)
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
