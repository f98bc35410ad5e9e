"""What the yearly report hears of meetings, decisions, actions and arrangements; and what it never does."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assurance.annual.content import content_of
from assurance.annual.filing import REFORMS
from assurance.annual.gathering import gather_evidence
from assurance.annual.meetings import lacks_of_arrangements, lacks_of_meetings
from assurance.annual.missing import missing
from assurance.annual.offers import all_offers
from assurance.annual.year import Year
from assurance.models import ReportEvidence
from partnership.models import Group, Meeting, MeetingDecision, MeetingMove, PublishedFile
from partnership.publishing import publish_file
from tests.conftest import TODAY
from tests.factories import (
    ArrangementsChangeFactory,
    ArrangementsFactory,
    AttendanceFactory,
    DisputeFactory,
    GroupMemberFactory,
    MeetingActionFactory,
    MeetingFactory,
    PostFactory,
)

KINDS = ("meetings", "attendance", "decision", "action", "arrangements")


@pytest.fixture
def this_year(partnership, other_partnership):
    return Year(frozenset([partnership.pk, other_partnership.pk]), date(2026, 4, 1), date(2027, 3, 31))


def offered(year):
    """{kind: [(words, what it shows)]} of what was gathered from meetings and arrangements."""
    found = {}
    for offer in all_offers(year):
        if offer.kind in KINDS and offer.headings != REFORMS:
            found.setdefault(offer.kind, []).append((offer.text, offer.shows))
    return found


def fill(group, office, *organisations):
    """A year of ``group``: two meetings held, one moved; one cancelled; a decision; an action closed."""
    for organisation in organisations:
        GroupMemberFactory(group=group, post=PostFactory(organisation=organisation))
    first = MeetingFactory(group=group, meets_on=date(2026, 5, 12), status=Meeting.Status.HELD)
    second = MeetingFactory(group=group, meets_on=date(2026, 9, 22), status=Meeting.Status.HELD)
    MeetingMove.objects.create(
        meeting=second,
        was_on=date(2026, 9, 15),
        now_on=date(2026, 9, 22),
        reason="The chair\nwas ill.",
        moved_by=office,
        moved_at=timezone.now(),
    )
    MeetingFactory(
        group=group, meets_on=date(2026, 12, 8), status=Meeting.Status.CANCELLED, cancelled_reason="Too few could come"
    )
    for meeting, statuses in ((first, ["present", "none"]), (second, ["deputy", "apologies"])):
        for organisation, status in zip(organisations, statuses, strict=True):
            AttendanceFactory(meeting=meeting, organisation=organisation, status=status)
    MeetingDecision.objects.create(
        meeting=first, ref=f"D{group.pk}", text="Ask every school once a year.", reason="Two were never asked"
    )
    MeetingActionFactory(
        group=group, meeting=first, ref=f"A{group.pk}", closed_on=date(2026, 11, 2), outcome="All 62 have answered."
    )
    MeetingActionFactory(group=group, meeting=first, ref=f"B{group.pk}", text="Still open")
    return first, second


@pytest.fixture
def published(partnership, office):
    """Ashford Vale's second version, with one change."""
    file = publish_file(
        partnerships=[partnership],
        kind=PublishedFile.Kind.ARRANGEMENTS,
        title="How we work together",
        filename="arrangements.pdf",
        content=b"%PDF-1.7 arrangements",
        page_count=1,
        manifest={},
        at=datetime(2026, 6, 30, 9, 0, tzinfo=UTC),
        by=office,
    )
    version = ArrangementsFactory(partnership=partnership, version=2)
    ArrangementsChangeFactory(arrangements=version)
    version.status, version.published_file, version.published_at = "published", file, file.published_at
    version.save()
    return version


# What is told


def test_a_year_of_a_group_is_told_with_its_reasons(this_year, learning_group, office, hospital, charity):
    fill(learning_group, office, hospital, charity)
    assert offered(this_year) == {
        "meetings": [
            (
                "Learning and Development Subgroup: 2 meetings held, 1 cancelled, 1 moved. "
                "Cancelled, 8 December 2026. Why: Too few could come. "
                "Moved from 15 September 2026 to 22 September 2026. Why: The chair was ill.",
                "how-much",
            )
        ],
        "attendance": [
            (
                "Learning and Development Subgroup: meetings at which each organisation or its deputy was there: "
                "Lantern Family Trust 0 of 2; St Brannoc’s Hospital Trust 2 of 2. Seldom there: Lantern Family Trust.",
                "how-well",
            )
        ],
        "decision": [
            (
                "Learning and Development Subgroup, 12 May 2026: Ask every school once a year. "
                "Why: Two were never asked.",
                "how-much",
            )
        ],
        "action": [
            (
                "Learning and Development Subgroup: Write to every school. What came of it: All 62 have answered.",
                "how-well",
            )
        ],
    }


def test_changes_of_published_arrangements_are_told_with_reason_and_timescale(this_year, published, partnership):
    draft = ArrangementsFactory(partnership=partnership, version=3)
    ArrangementsChangeFactory(arrangements=draft, what="Not decided yet")
    assert offered(this_year) == {
        "arrangements": [
            (
                "Ashford Vale Safeguarding Children Partnership, version 2: Schools join the Executive. "
                "Why: They see every child every day. By when: From September 2026.",
                "how-well",
            )
        ]
    }


def test_each_is_filed_under_its_heading(report, learning_group, office, hospital, charity, published):
    fill(learning_group, office, hospital, charity)
    gather_evidence(report)
    filed = ReportEvidence.objects.filter(section__report=report, kind__in=KINDS)
    assert sorted(filed.values_list("section__rule__code", "kind")) == [
        ("arrangements", "arrangements"),
        ("contribution", "attendance"),
        ("contribution", "meetings"),
        ("decisions", "action"),
        ("decisions", "decision"),
        ("reforms", "arrangements"),
    ]


def test_under_the_headings_of_2018_nothing_is_lost(report, learning_group, office, hospital, charity, published):
    fill(learning_group, office, hospital, charity)
    report.sections.filter(rule__code__in=["contribution", "decisions"]).delete()
    gather_evidence(report)
    filed = ReportEvidence.objects.filter(section__report=report, kind__in=KINDS)
    assert sorted(filed.values_list("section__rule__code", "kind")) == [
        ("arrangements", "arrangements"),
        ("impact", "action"),
        ("impact", "attendance"),
        ("impact", "decision"),
        ("impact", "meetings"),
        ("reforms", "arrangements"),
    ]


# What never is


def test_nothing_of_a_case_review_group_or_of_a_dispute_gets_in(
    report, this_year, case_group, partnership, office, hospital, charity
):
    fill(case_group, office, hospital, charity)
    MeetingFactory(group=case_group, meets_on=date(2027, 1, 5))
    dispute = DisputeFactory(
        partnership=partnership, title="Who pays for the placement", settled_on=TODAY, outcome="They share the cost"
    )
    gather_evidence(report)
    ReportEvidence.objects.filter(section__report=report).update(use=ReportEvidence.Use.ACCEPTED)
    words = str(content_of(report, on=TODAY)) + str(missing(report, on=TODAY))
    assert offered(this_year) == {}
    assert list(lacks_of_meetings(this_year, on=TODAY)) == []
    assert [told for told in (case_group.name, "62 have answered", dispute.title, dispute.about) if told in words] == []
    # The control: of any other group the same would be told.
    Group.objects.filter(pk=case_group.pk).update(kind=Group.Kind.SUBGROUP)
    gather_evidence(report)
    ReportEvidence.objects.filter(section__report=report).update(use=ReportEvidence.Use.ACCEPTED)
    words = str(content_of(report, on=TODAY)) + str(missing(report, on=TODAY))
    assert sorted(offered(this_year)) == ["action", "attendance", "decision", "meetings"]
    assert [told for told in (case_group.name, "62 have answered") if told not in words] == []


def test_another_partnerships_year_and_another_year_are_not_told(
    this_year, learning_group, office, hospital, charity, published, far_partnership
):
    fill(learning_group, office, hospital, charity)
    far = Year(frozenset([far_partnership.pk]), this_year.starts_on, this_year.ends_on)
    assert [offered(far), offered(this_year.before())] == [{}, {}]


def test_a_cancelled_meeting_decided_nothing(this_year, learning_group):
    cancelled = MeetingFactory(
        group=learning_group, meets_on=date(2026, 5, 12), status="cancelled", cancelled_reason="Snow"
    )
    MeetingDecision.objects.create(meeting=cancelled, ref="D1", text="Written before the day")
    assert list(offered(this_year)) == ["meetings"]


# What is missing


def test_meetings_that_nobody_wrote_up_are_missed(this_year, learning_group, executive, scrutiny_group, hospital):
    GroupMemberFactory(group=learning_group, post=PostFactory(organisation=hospital))
    MeetingFactory(group=scrutiny_group, meets_on=date(2026, 5, 3), status=Meeting.Status.HELD)  # nobody expected
    for day in (3, 4):
        MeetingFactory(group=learning_group, meets_on=date(2026, 5, day), status=Meeting.Status.HELD)
    MeetingFactory(group=executive, meets_on=date(2027, 1, 11))
    MeetingFactory(group=executive, meets_on=TODAY)
    pages = [reverse("partnership:group-meetings", args=[group.pk]) for group in (executive, learning_group)]
    assert list(lacks_of_meetings(this_year, on=TODAY)) == [
        ("Whether 1 meeting of Executive happened", pages[0]),
        ("Attendance at 2 meetings of Learning and Development Subgroup", pages[1]),
    ]


def test_arrangements_that_nobody_looked_at_are_missed(this_year, published, other_partnership):
    page = reverse("partnership:arrangements-list")
    assert list(lacks_of_arrangements(this_year)) == [
        (
            "The yearly look at the arrangements of Millbrook Safeguarding Children Partnership: "
            "no version was published in the year",
            page,
        )
    ]
    assert len(list(lacks_of_arrangements(this_year.before()))) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_a_fuller_year_asks_no_more(
    this_year, executive, learning_group, scrutiny_group, office, hospital, charity, count, django_assert_num_queries
):
    for group in [executive, learning_group, scrutiny_group][:count]:
        fill(group, office, hospital, charity)
    with django_assert_num_queries(51):
        list(all_offers(this_year))
        list(lacks_of_meetings(this_year, on=TODAY))
        list(lacks_of_arrangements(this_year))
