"""Highlight reports: begun from the leads' updates, written by a group's chair, submitted, corrected by an edition.

What a report says, for the page and for paper, is put together in ``plans.highlight_content``.
"""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from partnership.agenda import add_item, lock
from partnership.models import AgendaItem, Group, GroupMember, Meeting
from partnership.models.meetings import ItemKind
from plans.highlight_content import WHOSE, deliverables_of, gather, lines_of
from plans.models import DeliverableLead, HighlightLine, HighlightReport, Plan, Update, UpdateRound

# Groups that are asked for a report where they lead something. Whoever decides or takes reports is not, though
# any group may write one.
ASKED = (
    Group.Kind.SUBGROUP,
    Group.Kind.CASE_REVIEW,
    Group.Kind.TASK,
    Group.Kind.REFERENCE,
    Group.Kind.YOUNG_PEOPLE,
    Group.Kind.PANEL,
)
DAYS_AFTER_THE_ROUND = 7  # where the round does not say by when ratings are proposed
CARRIED_WORDS = ("achievements", "difference_made", "voice", "risks", "escalations", "next_period")


# Who reports, by when


def due_on(round):
    """The day by which a round's reports are wanted: that on which ratings are proposed, or a week after its end."""
    return round.proposals_due_on or round.closes_on + timedelta(days=DAYS_AFTER_THE_ROUND)


def leads_of(plan, *, group, on):
    """The leads in ``plan`` that are ``group`` (an OuterRef of the query around) or its chair's post on a day."""
    chairs = GroupMember.objects.current(on=on).filter(role=GroupMember.Role.CHAIR)
    chaired = Exists(chairs.filter(post=OuterRef("post"), group=OuterRef(group)))
    return DeliverableLead.objects.filter(
        Q(group=group) | chaired,
        deliverable__retired_on=None,
        deliverable__priority__retired_on=None,
        deliverable__priority__plan=plan,
    )


def groups_to_report(round, *, on):
    """The open groups that lead something in the round's plan themselves, by name."""
    own = Group.partnerships.through.objects.filter(partnership__in=round.plan.partnership_ids)
    return (
        Group.objects.open()
        .filter(
            Exists(leads_of(round.plan_id, group=OuterRef("pk"), on=on)), kind__in=ASKED, pk__in=own.values("group")
        )
        .order_by("name")
    )


def rounds_to_report_on(group, user, *, on):
    """The newest round that has opened of each running plan of the group's partnerships, the newest first."""
    own = Plan.partnerships.through.objects.filter(partnership__in=group.partnerships.values("pk"))
    rounds = (
        UpdateRound.objects.visible_to(user)
        .filter(plan__in=own.values("plan"), opens_on__lte=on)
        .filter(plan__in=Plan.objects.running().values("pk"))
        .select_related("plan")
        .order_by("-closes_on", "pk")
    )
    newest = {}
    for round in rounds:
        newest.setdefault(round.plan_id, round)
    return list(newest.values())


def submitted_reports(round):
    """What groups reported on ``round``: the last edition of each, by the group's name."""
    return (
        HighlightReport.objects.submitted()
        .current()
        .filter(round=round)
        .select_related("group", "submitted_to", "submitted_by", "round__plan")
        .order_by("group__name")
    )


# Begin and write


@transaction.atomic
def begin_report(group, round, *, by, at):
    """The group's report on ``round``, with a line from each update; begun twice, it is the one there is."""
    lock(group)
    there = HighlightReport.objects.filter(group=group, round=round).order_by("-edition").first()
    if there:
        return there
    report = HighlightReport.objects.create(group=group, round=round, begun_by=by, begun_at=at)
    deliverables = list(deliverables_of(group, round.plan, on=timezone.localdate(at)))
    said = updates_of(round, deliverables)
    HighlightLine.objects.bulk_create(line_of(report, each, said.get(each.pk)) for each in deliverables)
    return report


def updates_of(round, deliverables):
    """{deliverable's key: its current update in ``round``}."""
    updates = Update.objects.current().in_round(round).filter(deliverable__in=deliverables)
    return {each.deliverable_id: each for each in updates.select_related("rating", "submitted_by")}


def line_of(report, deliverable, update):
    """A line (unsaved) with the rating and the words of ``update``, or with neither."""
    line = HighlightLine(report=report, deliverable=deliverable)
    if update:
        line.rating, line.progress = update.rating, update.progress
    return line


@transaction.atomic
def write_report(report, *, words, lines=None, left_out=()):
    """Keep what was written: ``words`` by section, ``lines`` as {line's key: (rating's key or None, progress)}.

    ``left_out`` are keys of lines that the report is to go without. Raises ValidationError once submitted.
    """
    report = locked_draft(report)
    changed = [name for name, text in words.items() if getattr(report, name) != text]
    for name in changed:
        setattr(report, name, words[name])
    if changed:
        report.save(update_fields=changed)
    for line in report.lines.filter(pk__in=lines or {}):
        rating_id, progress = lines[line.pk]
        if (line.rating_id, line.progress) != (rating_id, progress):
            line.rating_id, line.progress = rating_id, progress
            line.save(update_fields=["rating", "progress"])
    for line in report.lines.filter(pk__in=left_out):
        line.delete()
    return report


@transaction.atomic
def move_line(report, key, *, by):
    """The line one place up (``by`` = -1) or down (1); at an end it stays. Raises ValidationError once submitted.

    Gives whether it moved. A key of no line of this report is one that was left out meanwhile: it stays.
    """
    report = locked_draft(report)
    lines = list(lines_of(report))
    here = next((n for n, line in enumerate(lines) if line.pk == key), None)
    if here is None or not 0 <= here + by < len(lines):
        return False
    lines[here], lines[here + by] = lines[here + by], lines[here]
    for position, line in enumerate(lines, start=1):
        if line.position != position:
            line.position = position
            line.save(update_fields=["position"])
    return True


@transaction.atomic
def use_words(report, section, words):
    """Put ``words`` that were offered at the end of a section; those that stand there already are not repeated."""
    report = locked_draft(report)
    there = getattr(report, section)
    if words not in there:
        setattr(report, section, f"{there.rstrip()}\n\n{words}".strip())
        report.save(update_fields=[section])
    return report


@transaction.atomic
def take_updates(report, keys, *, on):
    """Fill again the lines of the deliverables in ``keys`` from their updates; gives how many were filled."""
    report = locked_draft(report)
    chosen = [each for each in deliverables_of(report.group, report.round.plan, on=on) if each.pk in keys]
    said = updates_of(report.round, chosen)
    lines = {line.deliverable_id: line for line in report.lines.all()}
    last = max((line.position for line in lines.values()), default=0)
    for each in chosen:
        # Where the chair has an order, a new line stands at its end.
        line = lines.get(each.pk) or HighlightLine(report=report, deliverable=each, position=last and last + 1)
        fresh = line_of(report, each, said.get(each.pk))
        line.rating, line.progress = fresh.rating, fresh.progress
        line.save()
    return len(chosen)


def locked_draft(report):
    """The report's row, locked. Raises ValidationError once it is submitted."""
    report = (
        HighlightReport.objects.select_for_update(of=["self"], no_key=True)
        .select_related("group", "round__plan")
        .get(pk=report.pk)
    )
    if report.submitted_at:
        raise ValidationError("This report was submitted meanwhile, so it stands. Correct it by a new edition.")
    return report


# Voice

NO_ANSWER = re.compile(
    r"(n/?a|nil|none|no|nothing|not applicable|tbc|tba|see above|as above|ditto|not yet|"
    r"(none|nil|nothing)( to)?( report(ed)?| add| note)?( this (quarter|period|round|time))?)"
)
UNFINISHED = re.compile(r"\b(because|as|since)$")


def voice_problem(text, *, plan):
    """What is wrong with the words on voice, as a sentence; "" where they are an answer.

    "Nothing this quarter, because …" is one; a full stop is not.
    """
    words = re.sub(r"[^\w/ ]+", " ", text.lower())
    words = " ".join(words.split())
    whose = WHOSE[plan.audience]
    if not text.strip():
        return (
            f"Say how the group heard {whose} and what came of it. If there was nothing, say why: "
            "“Nothing this quarter, because …”"
        )
    if not re.search(r"[^\W\d_]", words) or NO_ANSWER.fullmatch(words):
        return f"“{text.strip()[:40]}” does not say why. Write: “Nothing this quarter, because …”"
    if UNFINISHED.search(words):
        return "Finish the sentence: nothing this quarter, because of what?"
    return ""


# Submit and correct


def groups_that_take(report):
    """The groups to which ``report`` may go: open, of the plan's partnerships, no case review group."""
    own = Group.partnerships.through.objects.filter(partnership__in=report.round.plan.partnership_ids)
    return (
        Group.objects.open()
        .filter(pk__in=own.values("group"))
        .exclude(pk=report.group_id)
        .exclude(kind=Group.Kind.CASE_REVIEW)
        .order_by("name")
    )


def usual_recipient(report):
    """The planning and delivery group above or beside the group, else the group it reports to, or None."""
    takers = groups_that_take(report)
    parent = takers.filter(pk=report.group.parent_id).first()
    if parent and parent.kind == Group.Kind.DELIVERY:
        return parent
    return takers.filter(kind=Group.Kind.DELIVERY).first() or parent


@transaction.atomic
def submit_report(report, *, to, voice, by, at):
    """Send the report to the group ``to`` and freeze what it says; gives (report, its item on that group's agenda).

    Raises ValidationError where voice is not answered (by field), or it was submitted already.
    """
    lock(report.group)
    report = locked_draft(report)
    problem = voice_problem(voice, plan=report.round.plan)
    if problem:
        raise ValidationError({"voice": problem})
    report.voice, report.submitted_to, report.submitted_by, report.submitted_at = voice, to, by, at
    report.frozen |= gather(report, on=timezone.localdate(at))
    report.save()
    earlier = HighlightReport.objects.filter(group=report.group, round=report.round, edition=report.edition - 1).first()
    if earlier:
        earlier.replaced_by = report
        earlier.save(update_fields=["replaced_by"])
    return report, put_on_agenda(report, earlier, on=timezone.localdate(at))


def put_on_agenda(report, earlier, *, on):
    """On the agenda of the next meeting planned, or the forward plan; an edition takes its predecessor's place."""
    path = report.get_absolute_url()
    if earlier:
        waiting = AgendaItem.objects.filter(Q(meeting=None) | Q(meeting__status=Meeting.Status.PLANNED))
        item = waiting.filter(group=report.submitted_to, source_path=earlier.get_absolute_url()).first()
        if item:
            item.source_path = path
            item.save(update_fields=["source_path"])
            return item
    meeting = report.submitted_to.meetings.planned().filter(meets_on__gte=on).order_by("meets_on").first()
    return add_item(
        report.submitted_to,
        meeting=meeting,
        title=f"Highlight report: {report}"[:200],
        kind=ItemKind.ASSURANCE,
        source=report.group.name,
        source_path=path,
    )


@transaction.atomic
def correct_report(report, *, reason, by, at):
    """A new edition, with the same words, to be put right and submitted; until then the earlier one stands.

    Begun twice, it is the draft there is. Raises ValidationError where this edition was not submitted or is
    replaced already.
    """
    lock(report.group)
    editions = HighlightReport.objects.filter(group=report.group, round=report.round)
    draft = editions.filter(submitted_at=None).first()
    if draft:
        return draft
    last = editions.order_by("-edition").first()
    if last.pk != report.pk:
        raise ValidationError("A later edition has replaced this one. Correct that one.")
    again = HighlightReport.objects.create(
        group=report.group,
        round=report.round,
        edition=report.edition + 1,
        begun_by=by,
        begun_at=at,
        submitted_to=report.submitted_to,
        frozen={"reason": reason},
        **{name: getattr(report, name) for name in CARRIED_WORDS},
    )
    HighlightLine.objects.bulk_create(
        HighlightLine(
            report=again,
            deliverable_id=line.deliverable_id,
            rating_id=line.rating_id,
            progress=line.progress,
            position=line.position,
        )
        for line in report.lines.all()
    )
    return again


@transaction.atomic
def discard_report(report):
    """Throw a draft away; its history stays. Raises ValidationError once submitted."""
    locked_draft(report).delete()
