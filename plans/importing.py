"""A document becomes a plan: staged, shown with its doubts, and made real once by a person's yes."""

import re
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from partnership.models import Document, Group, Post
from plans.correcting import draft_of
from plans.corrections import words_of
from plans.due_words import due_words
from plans.findings import with_findings
from plans.importer import read_plan_safely
from plans.models import (
    Activity,
    Deliverable,
    DeliverableLead,
    Milestone,
    OutcomeStatement,
    Plan,
    PlanDriver,
    PlanImport,
    PlanIssue,
    Priority,
    RatingKey,
    RationaleItem,
    ReviewDate,
)
from plans.snapshots import take_snapshot
from plans.starting import usual_group
from plans.table import ActivityRow, DeliverableRows, LeadCell, PriorityRows


@transaction.atomic
def stage_import(upload, *, partnerships, by):
    """Read an uploaded file and keep it, with what was understood, until somebody confirms.

    Raises ``plans.importer.UnreadablePlan`` with a sentence for the person; nothing is kept then.
    """
    content = upload.read()
    with NamedTemporaryFile(suffix=Path(upload.name).suffix) as file:
        file.write(content)
        file.flush()
        understood = read_plan_safely(file.name, filename=upload.name)
    understood = with_findings(understood, list(partnerships))
    document = Document.keep(filename=upload.name, content=content, by=by)
    staged = PlanImport.objects.create(document=document, understood=understood, created_by=by)
    staged.partnerships.set(partnerships)
    return staged


class Doubts:
    """What the reader was not sure of, by place; each is shown once, and what has no cell is left."""

    def __init__(self, doubts):
        self.by_place = {}
        for doubt in doubts:
            self.by_place.setdefault(doubt["at"], []).append(doubt["says"])

    def at(self, *places):
        """The words about any of these places, joined."""
        return " ".join(says for place in places for says in self.by_place.pop(place, []))

    def left(self):
        return [says for place in self.by_place.values() for says in place]


def staged_priority(priority, at, doubts, on):
    return PriorityRows(
        ref=priority.get("ref") or "",
        title=priority["title"],
        note=priority.get("note") or "",
        rationale=priority.get("rationale", []),
        outcomes_heading=priority.get("outcomes_heading") or "Outcome statement",
        outcomes=priority.get("outcomes", []) + priority.get("indicators", []),
        deliverables=[
            _staged_deliverable(row, f"{at}/deliverables/{n}", doubts, on)
            for n, row in enumerate(priority.get("deliverables", []))
        ],
        doubt=doubts.at(at, f"{at}/title", f"{at}/ref"),
    )


def _staged_deliverable(row, at, doubts, on):
    return DeliverableRows(
        ref=row.get("ref") or "",
        title=row["title"],
        description=row.get("description") or "",
        leads=[
            LeadCell(
                lead["text"],
                area=lead.get("partnership") or "",
                doubt=doubts.at(f"{at}/leads/{n}", f"{at}/leads/{n}/text", f"{at}/leads/{n}/partnership"),
            )
            for n, lead in enumerate(row.get("leads", []))
        ],
        other_partnerships=row.get("other_partnerships", []),
        evidence_measures=row.get("evidence_measures", []),
        activities=[
            _staged_activity(activity, f"{at}/activities/{n}", doubts, on)
            for n, activity in enumerate(row.get("activities", []))
        ],
        doubt=doubts.at(at, f"{at}/title", f"{at}/ref", f"{at}/leads"),
    )


def _staged_activity(activity, at, doubts, on):
    milestones = [(due_on, None) for due_on, _label, _precision in milestones_of(activity)]
    return ActivityRow(
        text=words_of(activity),
        timescale_text=activity.get("timescale_text") or "",
        due=due_words(activity["kind"], milestones, on=on),
        letter="",
        lead=activity.get("lead") or "",
        doubt=doubts.at(f"{at}/timescale_text", f"{at}/dates"),
        text_doubt=doubts.at(at, f"{at}/text", f"{at}/lead"),
    )


class CorrectedSince(Exception):
    """Somebody put something right that the person who says yes has not seen. The message says who."""


def plan_with(staged):
    """The plan that the document became or was brought into as a later issue, or None."""
    if staged.plan_id:
        return staged.plan
    issue = staged.issues.standing().select_related("plan").first()
    return issue.plan if issue else None


@transaction.atomic
def confirm_import(staged, *, by, seen=None):
    """Make the plan a draft of the staged document's, as it was put right; a second yes gives the same plan again.

    ``seen``: the number of the last correction that ``by`` was shown. Raises CorrectedSince where somebody
    else has made another.
    """
    staged = PlanImport.objects.select_for_update().get(pk=staged.pk)
    plan = plan_with(staged)
    if plan:
        return plan
    later = staged.corrections.filter(number__gt=seen).exclude(made_by=by) if seen is not None else None
    unseen = later.select_related("made_by").last() if later is not None else None
    if unseen:
        raise CorrectedSince(
            f"{unseen.made_by} corrected something while you were reading: {unseen.place}. "
            "Look at it, and say yes again."
        )
    read = draft_of(staged).read
    partnerships = list(staged.partnerships.all())
    plan = Plan.objects.create(
        title=(read.get("title") or str(staged.document))[:200],
        starts_on=parse_date(read["period_start"]),
        ends_on=parse_date(read["period_end"]),
        version=re.sub(r"^[vV]\s*", "", read.get("version") or "")[:12] or "1.0",
        introduction=read.get("context") or "",
        rating_key=RatingKey.objects.usual(),
        scrutiny_group=usual_group(partnerships, "scrutiny_group"),
        deciding_group=usual_group(partnerships, "deciding_group"),
    )
    plan.partnerships.set(partnerships)
    _make_front(plan, read)
    _make_rows(plan, read, LeadFinder(partnerships))
    staged.plan, staged.confirmed_at = plan, timezone.now()
    staged.save()
    PlanIssue.objects.create(
        plan=plan,
        staged=staged,
        content={"snapshot": take_snapshot(plan)},
        brought_by=by,
        brought_at=staged.confirmed_at,
    )
    return plan


def _make_front(plan, read):
    """What drives the plan and when it is looked at again, as a document of our own says it."""
    PlanDriver.objects.bulk_create(
        PlanDriver(plan=plan, position=n, text=each["text"], source_label=each["source"][:160])
        for n, each in enumerate(read.get("drivers", []), start=1)
    )
    days = {each["day"]: each["label"][:120] for each in read.get("review_dates", [])}
    ReviewDate.objects.bulk_create(
        ReviewDate(plan=plan, held_on=parse_date(day), label=label) for day, label in days.items()
    )


def _make_rows(plan, read, leads):
    position = 0
    for row in read.get("cross_cutting", []):
        position += 1
        note = "\n\n".join(filter(None, [row.get("note"), *row.get("text", [])]))
        make_priority(plan, {**row, "note": note}, position, is_cross_cutting=True)
    for row in read["priorities"]:
        position += 1
        priority = make_priority(plan, row, position)
        for n, deliverable in enumerate(row.get("deliverables", []), start=1):
            make_deliverable(priority, deliverable, n, leads)


def make_priority(plan, row, position, *, is_cross_cutting=False):
    priority = Priority.objects.create(
        plan=plan,
        position=position,
        ref=(row.get("ref") or "")[:12],
        title=row["title"],
        note=row.get("note") or "",
        outcomes_heading=(row.get("outcomes_heading") or "Outcome statement")[:80],
        is_cross_cutting=is_cross_cutting,
        joint_with="\n".join(row.get("joint_with", [])),
    )
    RationaleItem.objects.bulk_create(
        RationaleItem(priority=priority, position=n, text=text)
        for n, text in enumerate(row.get("rationale", []), start=1)
    )
    outcomes = row.get("outcomes", []) + row.get("indicators", [])
    OutcomeStatement.objects.bulk_create(
        OutcomeStatement(priority=priority, position=n, text=text) for n, text in enumerate(outcomes, start=1)
    )
    return priority


def make_deliverable(priority, row, position, leads):
    deliverable = Deliverable.objects.create(
        priority=priority,
        position=position,
        ref=(row.get("ref") or "")[:12],
        title=row["title"],
        description=row.get("description") or "",
        other_partnerships="\n".join(row.get("other_partnerships", [])),
        evidence_measures="\n".join(row.get("evidence_measures", [])),
    )
    own_leads = {}
    for n, lead in enumerate(row.get("leads", [])):
        own_leads[lead["text"]] = DeliverableLead.objects.create(
            deliverable=deliverable,
            position=n,
            partnership=leads.partnership(lead.get("partnership")),
            text=lead["text"],
            **leads.find(lead["text"]),
        )
    make_activities(deliverable, row.get("activities", []), own_leads)
    return deliverable


def make_activities(deliverable, rows, leads, first=1):
    """Activities from position ``first`` on; ``leads``: the deliverable's, by their words."""
    made = []
    for position, row in enumerate(rows, start=first):
        activity = Activity.objects.create(
            deliverable=deliverable,
            position=position,
            text=words_of(row),
            lead=leads.get(row.get("lead")),
            timescale_text=row.get("timescale_text") or "",
            timescale_kind=row["kind"],
            timescale_by_hand=row.get("by_hand") or "",
            by_hand_for=(row.get("timescale_text") or "") if row.get("by_hand") else "",
        )
        Milestone.objects.bulk_create(
            Milestone(activity=activity, position=n, label=label[:200], due_on=due_on, precision=precision)
            for n, (due_on, label, precision) in enumerate(milestones_of(row))
        )
        made.append(activity)
    return made


def milestones_of(row):
    """(due_on, label, precision) of each date of an activity as the importer read it.

    A window starts on the first day of what was written, and its open end is a milestone without a day.
    """
    month = Milestone.Precision.MONTH
    milestones = [
        (parse_date(day.get("starts") or day["due"]), day.get("label") or "", day.get("precision") or month)
        for day in row["dates"]
    ]
    return [*milestones, (None, "", month)] if row.get("open_end") else milestones


def progress_of(deliverables):
    """(promise, words) of each cell of a progress column: a plan has no place for them, updates are given in rounds."""
    return [(row["title"], row["progress"]) for row in deliverables if row.get("progress")]


def unknown_leads(partnerships, deliverables):
    """The leads of deliverables that were read and are no post or group of ``partnerships``, as written."""
    leads = LeadFinder(list(partnerships))
    texts = [lead["text"] for row in deliverables for lead in row.get("leads", [])]
    return [text for text in dict.fromkeys(texts) if not leads.find(text)]


class LeadFinder:
    """Which post or group a lead's words mean: only where the words are exactly its name.

    "Chair of X" and "X Chair" also mean the group X. Anything else stays words, for the office
    to link; a wrong guess would ask the wrong person.
    """

    def __init__(self, partnerships):
        self.partnerships = {p.short_name.casefold(): p for p in partnerships}
        self.partnerships |= {p.name.casefold(): p for p in partnerships}
        ids = [partnership.pk for partnership in partnerships]
        posts = Post.objects.of_partnerships(ids).select_related("organisation")
        self.posts = _once({fold(str(post)): post for post in posts}, "post")
        groups = Group.objects.filter(partnerships__in=ids, closed_on=None).distinct()
        self.groups = _once({fold(g.name): g for g in groups}, "group")

    def partnership(self, short_name):
        return self.partnerships.get((short_name or "").casefold())

    def find(self, text):
        """``{"post": …}``, ``{"group": …}`` or ``{}``."""
        words = fold(text)
        chaired = re.sub(r"^(?:the )?chair(?:,| of)(?: the)? |,? chair$", "", words)
        return self.posts.get(words) or self.groups.get(words) or self.groups.get(chaired) or {}


def _once(found, field):
    return {words: {field: record} for words, record in found.items()}


def fold(text):
    """Words without case and extra space, to compare names by."""
    return " ".join(text.casefold().replace("&", "and").split())
