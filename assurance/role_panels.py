"""What stands on a home page below what is due from a person: a panel for each part they have.

Whoever has two parts has both panels, each once. A figure is counted by the rows that its list shows.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from assurance.annual.at_home import report_panel
from assurance.figures import ask, counted
from assurance.indicators.lists import unexplained
from assurance.models import (
    AdvisorNote,
    AnnualReport,
    Audit,
    Challenge,
    Indicator,
    Inspection,
    QuarterlyReport,
    Return,
    Risk,
    ScrutinyStatement,
)
from assurance.quarterly.lists import WITH_BOARD, WRITTEN, rounds_with_reports
from assurance.risks import called, matrices_of
from assurance.training_panel import training_panel
from partnership.models import Dispute, Group, GroupMember, Meeting, MeetingAction, Organisation
from partnership.overview import Figure
from partnership.panels import Panel
from partnership.standing import standing_of
from plans.course import read_courses
from plans.models import Plan
from plans.pictures import glance

NEWS = timedelta(days=31)  # how far back an advisor looks who has written nothing yet
MOST_NEW, MOST_OF_A_KIND = 8, 4
ROUNDS_SHOWN = 4
REPORTS_SHOWN = 3

# What is due from organisations that no list but that of everything due shows: (one, many), by the word of its keys.
OWED = {
    "return": ("return to answer", "returns to answer"),
    "audit-grading": ("case to grade for an audit", "cases to grade for an audit"),
    "improvement": ("improvement to finish", "improvements to finish"),
    "report-contribution": ("part of an annual report to write", "parts of annual reports to write"),
    "report-comment": ("draft of a report to comment on", "drafts of reports to comment on"),
}


def role_panels(user, *, due, at, on, until):
    """The Panels of ``user``. ``due``: what is due from them until that day, as ``deadlines_for`` gives it."""
    panels = [
        plans_panel(user, on=on),
        groups_panel(user, on=on),
        organisations_panel(user, due=due, on=on, until=until),
        advisor_panel(user, on=on),
        report_panel(user, on=on),
        training_panel(user, at=at, on=on),
    ]
    return [panel for panel in panels if panel]


# What wants looking at in assurance


def figures_of_office(user, *, on):
    """For the desk."""
    rounds = rounds_with_reports(user, on=on)
    grading = Audit.State.GRADING
    return counted(
        [
            ask(Return.objects.followed_by(user).late(on=on), "late return", "return-list", state="late"),
            ask(
                Audit.objects.visible_to(user).in_state(grading),
                "audit in grading|audits in grading",
                "audit-list",
                state=grading.value,
            ),
            *indicators(user, on=on),
            *very_high_risks(user),
            ask(
                Risk.objects.visible_to(user).overdue(on=on),
                "risk overdue to be looked at|risks overdue to be looked at",
                "risk-list",
                state="overdue",
            ),
            ask(
                Challenge.objects.visible_to(user).late_to(user, on=on),
                "challenge not answered in time|challenges not answered in time",
                "challenge-list",
                state="late",
            ),
            ask(
                AdvisorNote.objects.visible_to(user).unanswered(on=on),
                "question of the advisor not answered in time|questions of the advisor not answered in time",
                "independent-scrutiny",
                state="late",
            ),
            ask(
                rounds.filter(state=WRITTEN),
                "quarterly report being written|quarterly reports being written",
                "quarterly-list",
                state=WRITTEN,
            ),
            with_board(rounds),
        ]
    )


def indicators(user, *, on, **narrowed):
    """Figures that are late, and moves of which nobody said why. ``narrowed``: to the ``owner``."""
    own = Indicator.objects.visible_to(user).filter(**narrowed)
    late = "indicator without its figure|indicators without their figure"
    moved = "indicator that moved, and nobody said why|indicators that moved, and nobody said why"
    return [
        ask(own.stale(on=on), late, "indicator-list", **narrowed, state="late"),
        ask(unexplained(own.in_use(), user, on=on), moved, "indicator-list", **narrowed, state="unexplained"),
    ]


def very_high_risks(user):
    """The risks in the highest band, by the word of each partnership's own matrix. Two queries."""
    matrices = matrices_of(sorted(standing_of(user).partnership_ids))
    highest = {matrix.bands[-1].word for matrix in matrices.values() if matrix.bands}
    open_risks = Risk.objects.visible_to(user).open().with_latest()
    return [
        ask(
            open_risks.filter(called(word, matrices)),
            f"risk called {word.lower()}|risks called {word.lower()}",
            "risk-list",
            band=word,
        )
        for word in sorted(highest)
    ]


def with_board(rounds):
    return ask(
        rounds.filter(state=WITH_BOARD),
        "quarterly report with the board|quarterly reports with the board",
        "quarterly-list",
        state=WITH_BOARD,
    )


# How the plan stands: whoever decides it, and whoever watches for those who elected them


@dataclass(frozen=True)
class Change:
    """A priority that was decided otherwise than the time before."""

    heading: str
    url: str
    before: object
    now: object


@dataclass(frozen=True)
class Standing:
    """A plan in one picture, and what got better or worse between the last two decisions."""

    plan: object
    rounds: list
    glance: list
    better: list
    worse: list


def plans_panel(user, *, on):
    """Of who chairs the deciding group or is a lead partner, and of observers (the lead member)."""
    standing = standing_of(user)
    watches = is_observer(standing, on=on)
    if not (standing.chaired_group_ids or standing.lead_partner_ids or watches):
        return None
    links = Plan.partnerships.through.objects.filter(partnership__in=standing.partnership_ids)
    running = Plan.objects.visible_to(user).running().filter(pk__in=links.values("plan"))
    plans = list(running.prefetch_related("partnerships").order_by("-starts_on", "-pk"))
    decided = [plan for plan in plans if decides(plan, standing)]
    shown = plans if watches else decided
    if not shown:
        return None
    courses = read_courses(shown, on=on)
    figures = figures_of_executive(user, on=on) if decided else []
    values = {"plans": [_standing(course, on) for course in courses], "figures": figures, "reports": reports(user)}
    return Panel("assurance/panel_plans.html", values)


def is_observer(standing, *, on):
    """Sits in a group to watch and not to decide, as lead members do."""
    if not standing.group_ids - standing.chaired_group_ids:
        return False
    seats = GroupMember.objects.current(on=on).filter(post__in=standing.post_ids, role=GroupMember.Role.OBSERVER)
    return seats.exclude(group__kind=Group.Kind.CASE_REVIEW).exists()


def decides(plan, standing):
    """Chairs the group that decides, or is a lead partner of it."""
    chairs = plan.deciding_group_id in standing.chaired_group_ids
    return chairs or bool(plan.partnership_ids & standing.lead_partner_ids)


def _standing(course, on):
    rounds, rows = glance(course, on=on, most=ROUNDS_SHOWN)
    better, worse = [], []
    for row in rows:
        decided = [cell.rating for cell in row.cells if cell.rating and not cell.is_proposed]
        if len(decided) > 1:
            before, now = decided[-2:]
            change = Change(row.heading, row.url, before, now)
            if now.is_worse_than(before):
                worse.append(change)
            elif before.is_worse_than(now):
                better.append(change)
    return Standing(course.plan, rounds, rows, better, worse)


def figures_of_executive(user, *, on):
    """What there is to decide, and what was put to somebody and waits."""
    return counted(
        [
            with_board(rounds_with_reports(user, on=on)),
            *very_high_risks(user),
            ask(
                Challenge.objects.visible_to(user).open().filter(answered_on=None),
                "challenge waiting for an answer|challenges waiting for an answer",
                "challenge-list",
                state="waiting",
            ),
            ask(
                Dispute.objects.visible_to(user).filter(settled_on=None),
                "open dispute",
                "partnership:dispute-list",
                state="open",
            ),
        ]
    )


def reports(user):
    """The last that were published: how are we doing, and annual reports. Two queries."""
    quarterly = QuarterlyReport.objects.visible_to(user).published().current().select_related("round__plan")
    yearly = AnnualReport.objects.of_person(user).published().order_by("-ends_on", "-pk")
    return [*quarterly.order_by("-round__ends_on", "-pk")[:REPORTS_SHOWN], *yearly[:1]]


# The groups that one chairs


@dataclass(frozen=True)
class OfGroup:
    group: object
    meeting: object
    figures: list


def groups_panel(user, *, on):
    """Of each group: its next meeting, and what of its log and its risks is late. Three queries."""
    groups = list(Group.objects.open().filter(pk__in=standing_of(user).chaired_group_ids).order_by("name"))
    if not groups:
        return None
    late = MeetingAction.objects.visible_to(user).overdue(on=on)
    risks = Risk.objects.visible_to(user).overdue(on=on)
    of_group = {}
    for group in groups:
        figures = [
            ask(late.filter(group=group), "late action", "partnership:action-list", group=group.pk, state="late"),
            ask(
                risks.filter(lead_group=group),
                "risk overdue to be looked at|risks overdue to be looked at",
                "risk-list",
                lead=f"group:{group.pk}",
                state="overdue",
            ),
        ]
        of_group[group] = figures
    found = {figure.url: figure for figure in counted([each for figures in of_group.values() for each in figures])}
    to_come = Meeting.objects.planned().filter(group__in=groups, meets_on__gte=on)
    meetings = {each.group_id: each for each in to_come.order_by("group_id", "meets_on", "pk").distinct("group_id")}
    values = [
        OfGroup(group, meetings.get(group.pk), [found[each.url] for each in figures if each.url in found])
        for group, figures in of_group.items()
    ]
    return Panel("assurance/panel_groups.html", {"groups": values})


# The organisations that one represents


def organisations_panel(user, *, due, on, until):
    """What is asked of one's organisation and its people. The business office has its desk instead."""
    standing = standing_of(user)
    if standing.office_ids or not standing.organisation_ids:
        return None
    organisations = Organisation.objects.filter(pk__in=standing.organisation_ids, successor=None).order_by("name")
    asked = [each for organisation in organisations for each in asked_of(organisation, user, on=on)]
    figures = [*owed(due, until=until), *counted(asked)]
    return Panel("assurance/panel_organisations.html", {"organisations": organisations, "figures": figures})


def owed(due, *, until):
    """Of each kind of OWED, how many are due until that day."""
    counts = Counter(deadline.key.partition(":")[0] for deadline in due)
    listed = reverse("partnership:deadline-list")
    for kind, (one, many) in OWED.items():
        if counts[kind]:
            narrowed = urlencode({"whose": "mine", "kind": kind, "last": until.isoformat()})
            yield Figure(counts[kind], one if counts[kind] == 1 else many, f"{listed}?{narrowed}")


def asked_of(organisation, user, *, on):
    late = MeetingAction.objects.visible_to(user).overdue(on=on).led_from(organisation)
    waiting = Challenge.objects.visible_to(user).open().filter(answered_on=None, to_organisation=organisation)
    questions = AdvisorNote.objects.visible_to(user).waiting().filter(to_organisation=organisation)
    return [
        *indicators(user, on=on, owner=organisation.pk),
        ask(
            waiting,
            "challenge to answer|challenges to answer",
            "challenge-list",
            to=organisation.pk,
            state="waiting",
        ),
        ask(
            questions,
            "question of the advisor to answer|questions of the advisor to answer",
            "independent-scrutiny",
            organisation=organisation.pk,
            state="waiting",
        ),
        ask(late, "late action", "partnership:action-list", organisation=organisation.pk, state="late"),
    ]


# The independent advisor


@dataclass(frozen=True)
class News:
    """Something to look at. ``about``: how a note names it."""

    on: date
    what: str
    label: str
    url: str
    about: str


def advisor_panel(user, *, on):
    """What came since the last note, what became of earlier ones, and statements to write. Eight queries."""
    standing = standing_of(user)
    if not standing.advisor_ids:
        return None
    notes = AdvisorNote.objects.visible_to(user)
    last = notes.filter(written_by=user).order_by("-looked_on").values_list("looked_on", flat=True).first()
    since = last or on - NEWS
    figures = counted(
        [
            ask(
                notes.waiting(),
                "question waiting for an answer|questions waiting for an answer",
                "independent-scrutiny",
                state="waiting",
            ),
            ask(notes.answered(), "answer to read|answers to read", "independent-scrutiny", state="answered"),
        ]
    )
    values = {
        "news": news_for(user, since=since, on=on),
        "since": last,
        "figures": figures,
        "statements": reports_without_statement(user),
    }
    return Panel("assurance/panel_advisor.html", values)


def reports_without_statement(user):
    """Reports that wait for what the advisor says of the year, the first due first; ``is_begun``: it is drafted."""
    statements = ScrutinyStatement.objects.filter(report=OuterRef("pk"))
    own = AnnualReport.objects.filter(partnerships__in=standing_of(user).advisor_ids).values("pk")
    return (
        AnnualReport.objects.filter(~Exists(statements.given()), pk__in=own, published_file=None)
        .annotate(is_begun=Exists(statements))
        .order_by(F("statement_due_on").asc(nulls_last=True), "ends_on", "pk")
    )


def news_for(user, *, since, on):
    """What was submitted, agreed, published or given between those days, the newest first."""
    days = (since + timedelta(days=1), on)
    submitted = Return.objects.followed_by(user).filter(submitted_at__date__range=days)
    agreed = Audit.objects.visible_to(user).filter(moderated_on__range=days)
    inspected = Inspection.objects.visible_to(user).filter(published_on__range=days)
    given = QuarterlyReport.objects.visible_to(user).filter(given_at__date__range=days)
    found = [
        *_news("Return", "return", submitted.select_related("request", "organisation"), "submitted_at"),
        *_news("Audit, grades agreed", "audit", agreed, "moderated_on"),
        *_news("Inspection", "inspection", inspected, "published_on"),
        *_news("Quarterly report", "quarter", given.select_related("round__plan"), "given_at"),
    ]
    return sorted(found, key=lambda each: each.on, reverse=True)[:MOST_NEW]


def _news(what, kind, records, day):
    for record in records.order_by(f"-{day}", "-pk")[:MOST_OF_A_KIND]:
        moment = getattr(record, day)
        on = timezone.localdate(moment) if isinstance(moment, datetime) else moment
        yield News(on, what, str(record), record.get_absolute_url(), f"{kind}:{record.pk}")
