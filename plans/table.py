"""A plan as its table: everything the plan page shows, in a fixed number of queries.

The page is read far more often than anything else, and a plan has hundreds of cells; so rows are
read as plain values (three queries for any number of rows) and handed to the template ready made.
The preview of an import gives the same shape from a document instead of the database.
"""

from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.dateparse import parse_date

from plans.columns import USUAL_HEADINGS, columns_named, columns_to_show
from plans.due_words import DueWords, due_words
from plans.letters import lettered
from plans.models import (
    Activity,
    Deliverable,
    DeliverableLead,
    Milestone,
    OutcomeStatement,
    PlanComment,
    PriorityReview,
    Rating,
    RationaleItem,
    Update,
)

# How many rounds a strip of ratings shows: a year of quarters.
STRIP_LENGTH = 4


class Reason(str):
    """A reason why a priority matters, and the record it comes from; ``url`` where the reader may see that."""

    def __new__(cls, text, source="", source_key=""):
        reason = super().__new__(cls, text)
        reason.source, reason.source_key, reason.url = source, source_key, ""
        return reason


@dataclass(slots=True)
class LeadCell:
    """Who leads: ``text`` as written; ``area`` is a partnership's short name where leads differ."""

    text: str
    area: str = ""
    area_name: str = ""
    doubt: str = ""


@dataclass(slots=True)
class ActivityRow:
    text: str
    timescale_text: str
    due: DueWords
    pk: int | None = None
    by_hand: str = ""  # what a person said that the timescale means
    is_asked: bool = False  # whether that still holds, now that the words have changed
    edit: str = ""
    tools: str = ""
    letter: str = ""
    lead: str = ""
    doubt: str = ""
    text_doubt: str = ""


@dataclass(slots=True)
class DeliverableRows:
    """One promise with its activities: a block of rows that share their first cells."""

    ref: str
    title: str
    description: str
    leads: list
    other_partnerships: list
    evidence_measures: list
    activities: list
    pk: int | None = None
    url: str = ""
    edit: str = ""
    add: str = ""
    tools: str = ""
    comment: str = ""
    comment_count: int = 0
    duty: str = ""
    rating: object = None
    rating_round: str = ""
    doubt: str = ""
    doubts: dict = field(default_factory=dict)  # of its other cells, by their codes

    @property
    def span(self):
        return max(len(self.activities), 1)

    @property
    def days_late(self):
        return max((activity.due.days_late for activity in self.activities), default=0)

    @property
    def is_overdue(self):
        return self.days_late > 0


@dataclass(slots=True)
class StripPoint:
    """One round in a priority's strip of ratings. ``overruled``: the rating proposed, where another was decided."""

    label: str
    rating: object
    is_proposed: bool
    url: str
    overruled: object = None


@dataclass(slots=True)
class PriorityRows:
    ref: str
    title: str
    note: str
    rationale: list
    outcomes_heading: str
    outcomes: list
    deliverables: list
    is_cross_cutting: bool = False
    joint_with: list = field(default_factory=list)
    pk: int | None = None
    edit: str = ""
    add: str = ""
    paste: str = ""
    sources: str = ""
    tools: str = ""
    comment: str = ""
    comment_count: int = 0
    strip: list = field(default_factory=list)
    doubt: str = ""
    doubts: dict = field(default_factory=dict)

    @property
    def heading(self):
        return f"{self.ref}. {self.title}" if self.ref else self.title


@dataclass(slots=True)
class PlanTable:
    """``columns`` are those shown, in order: whoever draws the table draws these."""

    priorities: list
    columns: list
    other_doubts: list = field(default_factory=list)

    @property
    def column_count(self):
        return len(self.columns)

    @property
    def headings(self):
        """{code: heading} of the columns shown."""
        return {column.code: column.heading for column in self.columns}

    @property
    def deliverables(self):
        return [row for priority in self.priorities for row in priority.deliverables]

    @property
    def deliverable_count(self):
        return len(self.deliverables)

    @property
    def activity_count(self):
        return sum(len(row.activities) for row in self.deliverables)

    @property
    def overdue_count(self):
        return sum(row.is_overdue for row in self.deliverables)


def read_table(plan, *, on, deliverables=None, rounds=(), is_public=False):
    """``plan`` as a PlanTable on a day. ``deliverables``: a filtered queryset, else all of them.

    Rows that were retired are left out, but for a deliverable that was asked for. ``rounds``: those
    to show in the strips, oldest first. With ``is_public`` only decided ratings show, and no links: a
    deliverable's rating is its lead's word, for the partnership alone.
    Three queries, whatever the size of the plan; one more where ratings were given by a key it had before.
    """
    on = plan.judged_on(on)
    is_filtered = deliverables is not None
    deliverables = _deliverables(plan, deliverables if is_filtered else Deliverable.objects.in_plan())
    activities = _activities([row["pk"] for row in deliverables])
    priority_rows = list(_priorities(plan))
    ratings = _ratings(plan, deliverables, priority_rows)
    blocks = {}
    address = reverse("plans:deliverable-detail", args=[0])
    for row in deliverables:
        block = _deliverable(row, activities.get(row["pk"], []), ratings, on=on)
        if not is_public:
            block.url = _address_of(row["pk"], address)
        blocks.setdefault(row["priority_id"], []).append(block)
    rounds = [(round, reverse("plans:review-detail", args=[0, round.pk])) for round in rounds]
    priorities = [
        _priority(row, blocks.get(row["pk"], []), rounds, ratings, is_public)
        for row in priority_rows
        if not is_filtered or row["pk"] in blocks
    ]
    return arranged(priorities, columns=plan.columns, has_ratings=not is_public)


def make_editable(table, plan):
    """Give each row of ``table`` the addresses where its cells are changed and rows are added and arranged.

    Where the office has not chosen its columns, an empty one is shown too, for it could not be filled otherwise.
    """
    addresses = {
        kind: (
            reverse("plans:cell-change", args=[plan.pk, kind, 0, "x"]).removesuffix("x/"),
            reverse("plans:row-arrange", args=[plan.pk, kind, 0]),
        )
        for kind in ("priority", "deliverable", "activity")
    }
    add_activity = reverse("plans:row-add", args=[plan.pk, "activity", 0])
    add_deliverable = reverse("plans:row-add", args=[plan.pk, "deliverable", 0])
    paste = reverse("plans:rows-paste", args=[plan.pk, "deliverable", 0])
    sources = reverse("plans:priority-sources", args=[plan.pk, 0])
    for priority in table.priorities:
        priority.edit, priority.tools = (_address_of(priority.pk, each) for each in addresses["priority"])
        priority.add, priority.paste = _address_of(priority.pk, add_deliverable), _address_of(priority.pk, paste)
        priority.sources = _address_of(priority.pk, sources)
        for row in priority.deliverables:
            row.edit, row.tools = (_address_of(row.pk, each) for each in addresses["deliverable"])
            row.add = _address_of(row.pk, add_activity)
            for activity in row.activities:
                activity.edit = _address_of(activity.pk, addresses["activity"][0])
    if not plan.columns:
        table.columns = columns_named({"others": USUAL_HEADINGS["others"]} | table.headings)
    return table


def make_commentable(table, plan):
    """Give each priority and row of ``table`` the address where it is commented on, and how often it was. One query."""
    counted = PlanComment.objects.filter(plan=plan).values_list("priority", "deliverable").annotate(Count("pk"))
    counts = {(priority, deliverable): count for priority, deliverable, count in counted}
    of_priority = reverse("plans:comment-add", args=[plan.pk, "priority", 0])
    of_row = reverse("plans:comment-add", args=[plan.pk, "deliverable", 0])
    for priority in table.priorities:
        priority.comment = _address_of(priority.pk, of_priority)
        priority.comment_count = counts.get((priority.pk, None), 0)
        for row in priority.deliverables:
            row.comment = _address_of(row.pk, of_row)
            row.comment_count = counts.get((None, row.pk), 0)
    return table


def _address_of(pk, address):
    """``address`` with its 0 replaced. Asking for the address of each of 60 rows costs more than a query."""
    return address.replace("/0/", f"/{pk}/", 1)


def arranged(priorities, *, columns=(), has_ratings):
    """A PlanTable. ``columns``: those a plan has chosen, else the ones in which something stands."""
    table = PlanTable(priorities, [])
    table.columns = columns_to_show(columns, filled=filled_columns(table), has_ratings=has_ratings)
    return table


def filled_columns(table):
    """The codes of the columns in which anything stands."""
    rows = table.deliverables
    activities = [activity for row in rows for activity in row.activities]
    filled = {
        "ref": any(row.ref for row in rows),
        "promise": bool(rows),
        "measures": any(row.evidence_measures for row in rows),
        "leads": any(row.leads for row in rows),
        "others": any(row.other_partnerships for row in rows),
        "activity": any(activity.text for activity in activities),
        "timescale": any(activity.timescale_text for activity in activities),
        "rating": any(row.rating for row in rows),
    }
    return {code for code, is_filled in filled.items() if is_filled}


def _priorities(plan):
    reviews = PriorityReview.objects.filter(priority=OuterRef("pk")).values(
        data=JSONObject(round="round", proposed="proposed_rating", decided="decided_rating")
    )
    own = {"priority": OuterRef("pk")}
    reason = JSONObject(text="text", source="source_label", source_key="source_key")
    return (
        plan.priorities.in_plan()
        .annotate(
            rationale_lines=ArraySubquery(RationaleItem.objects.filter(**own).order_by("position").values(data=reason)),
            outcome_lines=ArraySubquery(OutcomeStatement.objects.filter(**own).order_by("position").values("text")),
            review_rows=ArraySubquery(reviews),
        )
        .values(
            "pk",
            "ref",
            "title",
            "note",
            "outcomes_heading",
            "is_cross_cutting",
            "joint_with",
            "rationale_lines",
            "outcome_lines",
            "review_rows",
        )
    )


def _ratings(plan, deliverables, priorities):
    """{key: Rating} of the plan's ratings, and of those that were given by a key it had before."""
    ratings = {rating.pk: rating for rating in plan.ratings}
    given = {row["current"]["rating"] for row in deliverables if row["current"]}
    given |= {review[stage] for row in priorities for review in row["review_rows"] for stage in ("proposed", "decided")}
    before = given - ratings.keys() - {None}
    return ratings | Rating.objects.in_bulk(before) if before else ratings


def _deliverables(plan, queryset):
    leads = (
        DeliverableLead.objects.filter(deliverable=OuterRef("pk"))
        .order_by("position")
        .values(data=JSONObject(text="text", area="partnership__short_name", area_name="partnership__name"))
    )
    updates = (
        Update.objects.filter(deliverable=OuterRef("pk"), superseded_by=None)
        .order_by("-round__closes_on", "-submitted_at")
        .values(data=JSONObject(rating="rating", round="round__name"))
    )
    return list(
        queryset.filter(priority__plan=plan)
        .annotate(lead_rows=ArraySubquery(leads), current=Subquery(updates[:1]))
        .order_by("priority__position", "position")
        .values(
            "pk",
            "priority_id",
            "priority__ref",
            "ref",
            "title",
            "description",
            "other_partnerships",
            "evidence_measures",
            "duty__title",
            "duty__source",
            "lead_rows",
            "current",
        )
    )


def _activities(deliverable_ids):
    milestones = (
        Milestone.objects.filter(activity=OuterRef("pk"))
        .order_by("position")
        .values(data=JSONObject(due="due_on", met="met_on"))
    )
    rows = (
        Activity.objects.in_plan()
        .filter(deliverable__in=deliverable_ids)
        .annotate(milestone_rows=ArraySubquery(milestones))
        .order_by("deliverable", "position")
        .values(
            "pk",
            "deliverable_id",
            "position",
            "text",
            "timescale_text",
            "timescale_kind",
            "timescale_by_hand",
            "by_hand_for",
            "lead__text",
            "milestone_rows",
        )
    )
    found = {}
    for row in rows:
        found.setdefault(row["deliverable_id"], []).append(row)
    return found


def _deliverable(row, activities, ratings, *, on):
    current = row["current"] or {"rating": None, "round": ""}
    ref = row["ref"]
    if ref and "." not in ref and row["priority__ref"]:
        ref = f"{row['priority__ref']}.{ref}"
    return DeliverableRows(
        pk=row["pk"],
        ref=ref,
        title=row["title"],
        description=row["description"],
        leads=[LeadCell(lead["text"], lead["area"] or "", lead["area_name"] or "") for lead in row["lead_rows"]],
        other_partnerships=row["other_partnerships"].splitlines(),
        evidence_measures=row["evidence_measures"].splitlines(),
        activities=[_activity(activity, on=on) for activity in activities],
        duty=duty_words(row["title"], row["duty__title"], row["duty__source"]),
        rating=ratings.get(current["rating"]),
        rating_round=current["round"],
    )


def duty_words(promise, duty, source):
    """How a promise says which duty it meets, and where that stands; its own words are not said twice."""
    return ", ".join(filter(None, [duty if duty != promise else "", source])) if duty else ""


def _activity(row, *, on):
    milestones = [
        (parse_date(m["due"]) if m["due"] else None, parse_date(m["met"]) if m["met"] else None)
        for m in row["milestone_rows"]
    ]
    return ActivityRow(
        pk=row["pk"],
        text=row["text"],
        timescale_text=row["timescale_text"],
        due=due_words(row["timescale_kind"], milestones, on=on),
        by_hand=row["timescale_by_hand"],
        is_asked=bool(row["timescale_by_hand"]) and row["by_hand_for"] != row["timescale_text"],
        letter=lettered(row["position"]),
        lead=row["lead__text"] or "",
    )


def _priority(row, deliverables, rounds, ratings, is_public):
    reviews = {review["round"]: review for review in row["review_rows"]}
    strip = []
    for round, address in rounds:
        review = reviews.get(round.pk, {})
        decided, proposed = review.get("decided"), review.get("proposed")
        shown = decided if is_public else decided or proposed
        strip.append(
            StripPoint(
                label=round.short_name,
                rating=ratings.get(shown),
                is_proposed=bool(shown and not decided),
                url="" if is_public else _address_of(row["pk"], address),
                overruled=None if is_public or not decided or proposed == decided else ratings.get(proposed),
            )
        )
    return PriorityRows(
        pk=row["pk"],
        ref=row["ref"],
        title=row["title"],
        note=row["note"],
        rationale=[Reason(**reason) for reason in row["rationale_lines"]],
        joint_with=row["joint_with"].splitlines(),
        outcomes_heading=row["outcomes_heading"] or "Outcome statement",
        outcomes=row["outcome_lines"],
        deliverables=deliverables,
        is_cross_cutting=row["is_cross_cutting"],
        strip=strip,
    )
