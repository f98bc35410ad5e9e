"""Cases exist for their own review group alone; each look is recorded; clocks run in working days."""

from datetime import date

import pytest
from django.urls import reverse

from reviews.models import CaseReading
from reviews.timeline import marks_of, next_of
from tests.factories import CaseFactory

pytestmark = pytest.mark.usefixtures("rule_sets")

LIST = reverse("reviews:case-list")
CLOSED = {"closed_on": date(2027, 1, 11), "closed_because": "Everything was done"}


def listed(page):
    return [row.record for row in page.context["table"].paginated_rows]


def test_the_group_sees_its_cases(client_of, case_group_member, case):
    closed = CaseFactory(partnership=case.partnership, **CLOSED, aware_on=date(2027, 1, 9))
    client = client_of(case_group_member)
    pages = [client.get(LIST, {"state": state} if state else {}) for state in ("", "open", "closed")]
    assert [listed(page) for page in pages] == [[case, closed], [case], [closed]]


def test_the_list_says_what_is_next_on_the_page_and_in_a_spreadsheet(client_of, case_group_member, case):
    CaseFactory(partnership=case.partnership, reference="2026-CLOSED", **CLOSED)
    client = client_of(case_group_member)
    page = client.get(LIST).content.decode()
    assert ("By 28 January 2027" in page, "Nothing with a clock" in page) == (True, True)
    rows = client.get(LIST, {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [row.rpartition(",")[2] for row in rows] == [
        "Next",
        "Rapid review sent to the Panel. By 28 January 2027",
        "",
    ]


@pytest.mark.parametrize("role", ["office", "chair", "partner", "advisor", "administrator", "lead_partner", "stranger"])
def test_to_everyone_else_neither_page_exists(request, client_of, case, role):
    client = client_of(request.getfixturevalue(role))
    assert client.get(LIST, {"export": "csv"}).status_code == 404
    pages = [client.get(LIST), client.get(case.get_absolute_url()), client.get("/nowhere/")]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({page.content for page in pages}) == 1
    assert CaseReading.objects.count() == 0


def test_another_groups_case_does_not_exist_either(client_of, other_case_group_member, case):
    client = client_of(other_case_group_member)
    assert listed(client.get(LIST)) == []
    assert client.get(case.get_absolute_url()).status_code == 404


def test_each_look_at_a_case_is_recorded(client_of, case_group_member, case):
    client = client_of(case_group_member)
    client.get(case.get_absolute_url())
    client.get(case.get_absolute_url())
    assert [reading.read_by for reading in case.readings.all()] == [case_group_member] * 2


def test_stages_count_working_days_and_say_by_which_rule(case, today):
    assert [(mark.title, mark.done_on, mark.due_on, mark.why) for mark in marks_of(case, on=today)] == [
        ("Partnership aware", date(2027, 1, 5), None, ""),
        (
            "National Panel notified",
            date(2027, 1, 7),
            date(2027, 1, 12),
            "5 working days from the day of becoming aware, 5 January 2027 "
            "(Children Act 2004, section 16C(1); the Government’s page on reporting a serious incident)",
        ),
        (
            "Rapid review sent to the Panel",
            None,
            date(2027, 1, 28),
            "15 working days from the day the notification was sent, 7 January 2027 "
            "(Working Together 2023, chapter 5; the Panel’s own guidance)",
        ),
    ]


@pytest.mark.parametrize(("on", "is_late"), [(date(2027, 1, 28), False), (date(2027, 1, 29), True)])
def test_the_rapid_review_is_late_after_its_day_and_not_on_it(case, on, is_late):
    assert next_of(marks_of(case, on=on)).is_late is is_late


def test_without_a_notification_the_next_thing_is_to_notify(partnership):
    case = CaseFactory(partnership=partnership, notified_on=None)
    found = next_of(marks_of(case, on=date(2027, 1, 13)))
    assert (found.title, found.due_on, found.is_late) == ("National Panel notified", date(2027, 1, 12), True)


def test_a_group_without_cases_is_taught(client_of, case_group_member):
    assert b"No open case" in client_of(case_group_member).get(LIST).content


@pytest.mark.parametrize("cases", [1, 3])
def test_list_query_count(client_of, case_group_member, partnership, django_assert_num_queries, cases):
    for _ in range(cases):
        CaseFactory(partnership=partnership)
    client = client_of(case_group_member)
    # session, user, savepoint (2), standing, frame, partnerships to choose, count, cases
    with django_assert_num_queries(8):
        client.get(LIST)
