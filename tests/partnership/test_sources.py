"""Each source of what is due: from whom, when, why then; and unknown to a stranger."""

from datetime import UTC, date, datetime

import pytest

from assurance.annual.recipients import make_recipients
from partnership.deadlines import deadlines, deadlines_for, with_rules
from partnership.models import Arrangements, Rule
from partnership.publishing import publish_file
from tests.conftest import hold
from tests.factories import (
    AnnualReportFactory,
    CaseFactory,
    PostFactory,
    PostHoldingFactory,
    RuleFactory,
    TimetableEntryFactory,
    UpdateRoundFactory,
)

pytestmark = pytest.mark.usefixtures("rule_sets")

TODAY = date(2027, 1, 12)


def of_kind(word, user):
    """(key, day, title, address, why) of what ``user`` owes of that kind."""
    due = [each for each in deadlines_for(user, on=TODAY) if each.key.startswith(f"{word}:")]
    return [(each.key, each.due_on, each.title, each.url, each.why) for each in with_rules(due)]


@pytest.fixture
def refuse(stranger, partner):
    """A stranger owes nothing of that kind and learns of nothing; nor does a partner owe it."""

    def refuse(word):
        seen = deadlines(on=TODAY, partnership_ids=stranger.standing.partnership_ids, standing=stranger.standing)
        assert [each.key for each in seen if each.key.startswith(f"{word}:")] == []
        assert [of_kind(word, user) for user in (stranger, partner)] == [[], []]

    return refuse


# The partnership itself


def test_arrangements_are_looked_at_again_a_year_after_they_came_into_force(published_arrangements, office, refuse):
    rule = Rule.objects.get(rule_set__code="wt2023", code="arrangements-review")
    assert of_kind("arrangements", office) == [
        (
            f"arrangements:{published_arrangements.pk}",
            date(2027, 7, 1),
            f"Look again at {published_arrangements.title}",
            published_arrangements.get_absolute_url(),
            f"12 months from the day they came into force, 1 July 2026 ({rule.source}; to be verified)",
        )
    ]
    refuse("arrangements")


def test_a_day_that_was_said_for_arrangements_goes_before_the_rule(draft_arrangements, office):
    said = date(2027, 3, 31)
    file = publish_file(
        partnerships=[draft_arrangements.partnership],
        kind="arrangements",
        title="Arrangements",
        filename="arrangements.pdf",
        content=b"%PDF-1.7",
        page_count=1,
        manifest={},
        at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
        by=office,
    )
    Arrangements.objects.filter(pk=draft_arrangements.pk).update(
        status="published", published_file=file, published_at=file.published_at, in_force_from=None, review_on=said
    )
    [(_key, day, _title, _url, why)] = of_kind("arrangements", office)
    assert (day, why) == (said, "")


def test_a_duty_that_nobody_takes_over_is_told_to_the_office(partnership, office, refuse):
    post = PostFactory(title="Independent scrutineer", duty="advisor", partnerships=[partnership])
    holding = PostHoldingFactory(post=post, from_on=date(2025, 4, 1), to_on=date(2027, 3, 31))
    assert of_kind("holding", office) == [
        (
            f"holding:{holding.pk}",
            date(2027, 3, 31),
            f"{holding.user.name} leaves the post of Independent scrutineer",
            post.get_absolute_url(),
            "",
        )
    ]
    refuse("holding")
    PostHoldingFactory(post=post, from_on=date(2027, 4, 1))
    assert of_kind("holding", office) == []


def test_a_seat_that_ends(learning_group, chair, office, refuse):
    seat = learning_group.members.get()
    seat.to_on = date(2027, 3, 31)
    seat.save()
    assert of_kind("seat", office) == [
        (
            f"seat:{seat.pk}",
            date(2027, 3, 31),
            f"{seat.post.title} ends in {learning_group}",
            learning_group.get_absolute_url(),
            "",
        )
    ]
    refuse("seat")


def test_a_nomination_that_ends_with_nobody_to_follow(health_board, lead, office, refuse):
    post = lead.holdings.get().post
    nomination = health_board.nominations.create(post=post, from_on=date(2026, 4, 1), to_on=date(2027, 3, 31))
    assert of_kind("nomination", office) == [
        (
            f"nomination:{nomination.pk}",
            date(2027, 3, 31),
            f"{post.title} speaks no longer for {health_board.name}",
            health_board.get_absolute_url(),
            "",
        )
    ]
    refuse("nomination")
    health_board.nominations.create(post=post, from_on=date(2027, 4, 1))
    assert of_kind("nomination", office) == []


# Plans


def test_rounds_to_come_are_told_to_the_office_until_they_are_over(plan, office, refuse):
    round = UpdateRoundFactory(
        plan=plan,
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 3, 31),
        opens_on=date(2027, 3, 22),
        closes_on=date(2027, 4, 9),
    )
    for word, day in (("round-opens", round.opens_on), ("round-closes", round.closes_on)):
        words = word.removeprefix("round-").capitalize()
        address = round.get_absolute_url()
        assert of_kind(word, office) == [(f"{word}:{round.pk}", day, f"{words}: {round.name}", address, "")]
        refuse(word)
    kinds = [each.kind for each in deadlines(on=date(2027, 4, 10)) if each.key.startswith("round")]
    assert kinds == []


def test_who_hears_of_it_when_it_stays_undone(plan, round_open, meeting_action, scrutiny_group, learning_group):
    above = {each.key.partition(":")[0]: each.group_above_ids for each in deadlines(on=TODAY)}
    assert above["milestone"] == above["update"] == above["highlight"] == {scrutiny_group.pk}
    assert above["action"] == {learning_group.pk}


# Assurance


def test_an_entry_of_the_timetable_is_due_by_the_end_of_its_quarter(
    partnership, other_partnership, learning_group, chair, office, refuse
):
    with_group = TimetableEntryFactory(partnerships=[partnership], group=learning_group)
    without = TimetableEntryFactory(partnerships=[partnership], title="A survey of schools")
    TimetableEntryFactory(partnerships=[partnership], title="Next quarter's", quarter_on=date(2027, 4, 1))
    TimetableEntryFactory(partnerships=[partnership], title="Done", done_on=TODAY)
    assert of_kind("timetable", chair) == [
        (f"timetable:{with_group.pk}", date(2027, 3, 31), with_group.title, "/timetable/", "")
    ]
    assert of_kind("timetable", office) == [
        (f"timetable:{without.pk}", date(2027, 3, 31), "A survey of schools", "/timetable/", "")
    ]
    refuse("timetable")


@pytest.fixture
def published(partnership, other_partnership, office):
    """``published(day)``: the yearly report of 2025 to 2026, published on that day under Working Together 2023."""

    def published(day, **fields):
        rule_set = Rule.objects.get(rule_set__code="wt2023", code="copies").rule_set
        report = AnnualReportFactory(partnerships=[partnership, other_partnership], rule_set=rule_set, **fields)
        if day:
            report.published_file = publish_file(
                partnerships=[partnership],
                kind="annual-report",
                title=report.title,
                filename="report.pdf",
                content=b"%PDF-1.7",
                page_count=1,
                manifest={},
                at=datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC),
                by=office,
            )
            report.save()
        return report

    return published


def test_a_yearly_report_is_published_by_the_end_of_september(published, office, refuse):
    report = published(None, starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    [(key, day, title, address, why)] = of_kind("report", office)
    assert (key, day, title) == (f"report:{report.pk}", date(2027, 9, 30), f"Publish: {report.title}")
    assert (address, why.partition(" (")[0]) == (
        report.get_absolute_url(),
        "6 months from the end of the year reported on, 31 March 2027",
    )
    refuse("report")


def test_copies_are_sent_within_a_week_and_the_next_report_comes_within_a_year(published, office, refuse):
    report = published(date(2027, 1, 8))
    make_recipients(report)
    assert [row[:2] for row in of_kind("report-copies", office)] == [(f"report-copies:{report.pk}", date(2027, 1, 15))]
    assert [row[:2] for row in of_kind("next-report", office)] == [(f"next-report:{report.pk}", date(2028, 1, 8))]
    assert of_kind("report", office) == []
    refuse("report-copies")
    refuse("next-report")
    published(None, starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    assert of_kind("next-report", office) == []


def test_copies_are_asked_for_until_they_are_written_down_as_sent(published, office):
    report = published(date(2026, 9, 30))
    assert of_kind("report-copies", office) == []  # of a report without a list nobody knows who is waited for
    make_recipients(report)
    assert [row[1] for row in of_kind("report-copies", office)] == [date(2026, 10, 7)]
    report.recipients.update(sent_on=date(2026, 10, 12), way="post")
    assert of_kind("report-copies", office) == []


# Reviews


@pytest.fixture
def case_chair(case_group):
    return hold("Morag Teale", "Chair", group=case_group, role="chair")


def test_a_case_is_notified_and_reviewed_by_the_rule_of_its_day(partnership, case, case_chair, refuse, office):
    aware = CaseFactory(partnership=partnership, notified_on=None, aware_on=date(2027, 1, 11))
    assert [row[:2] for row in of_kind("notification", case_chair)] == [
        (f"notification:{aware.stages.get(code='notified').pk}", date(2027, 1, 18))
    ]
    [(key, day, _title, _address, why)] = of_kind("rapid-review", case_chair)
    assert (key, day) == (f"rapid-review:{case.stages.get(code='rapid-review').pk}", date(2027, 1, 28))
    assert why == (
        "15 working days from the day the notification was sent, 7 January 2027 "
        "(Working Together 2023, chapter 5; the Panel’s own guidance)"
    )
    assert of_kind("rapid-review", office) == of_kind("notification", office) == []
    refuse("rapid-review")
    refuse("notification")


def test_what_an_administrator_changes_moves_the_date(case, case_chair):
    Rule.objects.filter(rule_set__code="wt2023", code="rapid-review").update(number=10)
    [(_key, day, _title, _address, why)] = of_kind("rapid-review", case_chair)
    assert (day, why[:15]) == (date(2027, 1, 21), "10 working days")


def test_by_no_rule_there_is_no_date(case, case_chair):
    Rule.objects.filter(code="rapid-review").delete()
    assert of_kind("rapid-review", case_chair) == []


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_says_what_is_due_and_one_why(partnership, count, published, django_assert_num_queries):
    for number in range(count):
        CaseFactory(partnership=partnership, notified_on=date(2027, 1, 4 + number))
    published(date(2027, 1, 8))
    RuleFactory()
    with django_assert_num_queries(2):
        with_rules(deadlines(on=TODAY))
