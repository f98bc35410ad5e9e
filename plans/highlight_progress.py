"""Which groups have reported on a round and which have not: for the round's page, a group's page and lists."""

from dataclasses import dataclass

from django.urls import reverse

from partnership.models import Group
from partnership.panels import Panel
from partnership.standing import standing_of
from plans.highlights import ASKED, due_on, groups_to_report, rounds_to_report_on
from plans.models import HighlightReport, UpdateRound


@dataclass(frozen=True)
class GroupsReport:
    """One group's report on a round; ``report`` None where there is none that this person may see."""

    group: Group
    report: HighlightReport | None

    @property
    def is_submitted(self):
        return bool(self.report and self.report.submitted_at)


@dataclass(frozen=True)
class Progress:
    """``waiting`` are groups that have not submitted, ``submitted`` those that have; both by name."""

    round: UpdateRound
    due_on: object
    submitted: list
    waiting: list
    is_late: bool

    @property
    def words(self):
        total = len(self.submitted) + len(self.waiting)
        return f"{len(self.submitted)} of {total} group{'' if total == 1 else 's'} reported"

    @property
    def total(self):
        return len(self.submitted) + len(self.waiting)


def progress_of(round, user, *, on):
    """The Progress of ``round`` as ``user`` may see it, in as many queries however many groups there are.

    That a group has begun a draft is known to its chair and the office alone.
    """
    latest = {}
    reports = HighlightReport.objects.visible_to(user).filter(round=round).select_related("group", "submitted_to")
    for report in reports.order_by("-edition"):
        there = latest.get(report.group_id)
        if there is None or (report.submitted_at and not there.submitted_at):
            latest[report.group_id] = report  # a correction in hand does not take back what was submitted
    groups = {group.pk: group for group in groups_to_report(round, on=on)}
    groups |= {report.group_id: report.group for report in latest.values()}
    standings = [
        GroupsReport(group, latest.get(pk)) for pk, group in sorted(groups.items(), key=lambda each: each[1].name)
    ]
    due = due_on(round)
    return Progress(
        round=round,
        due_on=due,
        submitted=[each for each in standings if each.is_submitted],
        waiting=[each for each in standings if not each.is_submitted],
        is_late=due < on,
    )


@dataclass(frozen=True)
class ToWrite:
    """What whoever runs a group can do about a round: begin, go on, or read what was submitted."""

    round: UpdateRound
    report: HighlightReport | None
    due_on: object
    is_late: bool

    @property
    def begin_words(self):
        return f"Begin the report for {self.round}"


def to_write(group, user, *, on):
    """A ToWrite for each round that ``group`` can report on, if ``user`` writes its reports; else nothing."""
    if not writes_for(group, user):
        return []
    rounds = rounds_to_report_on(group, user, on=on)
    latest = {}
    reports = HighlightReport.objects.visible_to(user).filter(group=group, round__in=rounds)
    for report in reports.order_by("edition"):
        latest[report.round_id] = report
    return [
        ToWrite(round, latest.get(round.pk), due_on(round), is_late=due_on(round) < on and _is_owed(latest, round))
        for round in rounds
    ]


def _is_owed(latest, round):
    return round.pk not in latest or latest[round.pk].edition == 1 and latest[round.pk].submitted_at is None


def writes_for(group, user):
    """Whether ``user`` may begin and write the reports of ``group``: its chair and its office."""
    standing = standing_of(user)
    if group.pk in standing.chaired_group_ids:
        return True
    return bool(standing.office_ids & group.partnership_ids)


def group_panel(group, user, *, on):
    """On a group's page: what to write now, and of a planning and delivery group who has reported to it."""
    if group.closed_on:
        return None
    shown = []
    if group.kind == Group.Kind.DELIVERY:
        shown = [progress_of(round, user, on=on) for round in rounds_to_report_on(group, user, on=on)[:1]]
    return Panel(
        "plans/highlight_panel.html",
        {
            "to_write": to_write(group, user, on=on) if group.kind in ASKED else [],
            "progress": shown,
            "all_url": reverse("plans:highlight-list", args=[group.pk]),
        },
    )
