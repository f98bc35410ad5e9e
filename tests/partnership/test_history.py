"""The history page: who, when, from what to what, for those who may see the record."""

from datetime import date, time
from decimal import Decimal

import pghistory
import pgtrigger
import pytest
from django.db import connection
from django.urls import reverse

from partnership.changes import CHANGED, MADE, FieldChange, changes_of
from partnership.models import BoardPack
from tests.conftest import TODAY
from tests.factories import AgendaItemFactory, MeetingActionFactory


def page_of(record):
    return reverse("partnership:record-history", args=[record._meta.label_lower, record.pk])


def change(record, *, by, **values):
    with pghistory.context(user=by.pk if by else None):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def test_a_change_says_who_and_from_what_to_what(led_deliverable, office):
    change(led_deliverable, by=office, title="A plan with every family", ref="1a")
    newest = changes_of(led_deliverable)[0]
    assert (newest.what, newest.by, newest.fields) == (
        CHANGED,
        "Nadia Fenwick",
        (
            FieldChange("ref", "Ref", "1", "1a"),
            FieldChange("title", "Title", "A shared plan with every family before a birth", "A plan with every family"),
        ),
    )


def test_what_is_written_without_a_person_is_the_products(led_deliverable):
    change(led_deliverable, by=None, ref="1b")
    assert [(each.what, each.by) for each in changes_of(led_deliverable)] == [
        (CHANGED, "Partnership Planner"),
        (MADE, "Partnership Planner"),
    ]


def test_values_are_told_in_words(plan, scrutiny_group, executive, office, today):
    change(plan, by=office, scrutiny_group=executive, status="closed", ends_on=today)
    assert changes_of(plan)[0].fields == (
        FieldChange("ends_on", "Ends on", "31 March 2027", "12 January 2027"),
        FieldChange("status", "Status", "Published", "Closed"),
        FieldChange("scrutiny_group", "Scrutiny group", "Quality and Scrutiny Subgroup", "Executive"),
    )


def test_saving_without_a_change_leaves_no_line(plan, office):
    before = changes_of(plan)
    change(plan, by=office)
    assert changes_of(plan) == before


def test_the_page_can_be_narrowed_to_one_field(client_of, led_deliverable, office):
    change(led_deliverable, by=office, title="Another title")
    change(led_deliverable, by=office, ref="9")
    page = client_of(office).get(page_of(led_deliverable), {"field": "title"})
    assert [[field.name for field in each.fields] for each in page.context["page_obj"]][0] == ["title"]
    assert len(client_of(office).get(page_of(led_deliverable)).context["page_obj"]) == 3


def test_only_who_may_see_the_record_reads_its_history(client_of, case, case_group_member, office):
    assert client_of(case_group_member).get(page_of(case)).status_code == 200
    assert client_of(office).get(page_of(case)).status_code == 404


def test_reading_a_cases_history_is_recorded_as_reading_the_case(client_of, case, case_group_member):
    client_of(case_group_member).get(page_of(case))
    assert [reading.read_by for reading in case.readings.all()] == [case_group_member]


# The records of the partnership itself: (fixture, who changes it, the new values, the change in words)

OF_THE_PARTNERSHIP = [
    (
        "meeting",
        {"starts_at": time(9, 30), "led_by": "executive", "status": "cancelled", "cancelled_reason": "Snow"},
        {
            "From": ("", "09:30"),
            "Status": ("Planned", "Cancelled"),
            "Why it was cancelled": ("", "Snow"),
            "Led by": ("", "Executive"),
        },
    ),
    (
        "agenda_item",
        {"kind": "assurance", "needs_paper": False, "meeting": None},
        {
            "Meeting": ("Learning and Development Subgroup, 9 March 2027", ""),
            "What the meeting is asked for": ("For information", "For assurance"),
            "A paper is wanted": ("Yes", "No"),
        },
    ),
    (
        "meeting_action",
        {"lead_group": "executive", "due_on": date(2027, 3, 31), "closed_on": TODAY, "outcome": "Done"},
        {
            "Lead group": ("", "Executive"),
            "Due": ("26 February 2027", "31 March 2027"),
            "Closed": ("", "12 January 2027"),
            "What came of it": ("", "Done"),
        },
    ),
    (
        "draft_terms",
        {"frequency": "monthly", "quorum": "Four"},
        {
            "Quorum": ("Three organisations, one of them a safeguarding partner", "Four"),
            "Frequency": ("Every quarter", "Every month"),
        },
    ),
    (
        "learning_group",
        {"kind": "panel", "parent": None, "is_public": False},
        {
            "Kind": ("Subgroup", "Panel"),
            "Parent": ("Executive", ""),
            "On the public page": ("Yes", "No"),
        },
    ),
    (
        "draft_budget",
        {"opening_reserve": Decimal("12500.50"), "starts_on": date(2027, 4, 2)},
        {"First day": ("1 April 2027", "2 April 2027"), "Reserve at the start": ("20,000.00", "12,500.50")},
    ),
    (
        "draft_arrangements",
        {"in_force_from": date(2027, 4, 1), "status": "endorsing"},
        {"Status": ("Draft", "Being endorsed"), "In force from": ("", "1 April 2027")},
    ),
    (
        "dispute",
        {"raised_by": "hospital", "title": "Who pays"},
        {
            "What it is about": ("Who pays for the placement", "Who pays"),
            "Raised by": ("Lantern Family Trust", "St Brannoc’s Hospital Trust"),
        },
    ),
    (
        "hospital",
        {"kind": "health", "name": "St Brannoc’s"},
        {
            "Name": ("St Brannoc’s Hospital Trust", "St Brannoc’s"),
            "Kind": ("Relevant agency", "Integrated care board or clinical commissioning group"),
        },
    ),
]


@pytest.mark.parametrize(
    ("name", "values", "expected"), OF_THE_PARTNERSHIP, ids=[name for name, *_ in OF_THE_PARTNERSHIP]
)
def test_each_record_of_the_partnership_tells_its_changes_in_words(request, client_of, office, name, values, expected):
    record = request.getfixturevalue(name)
    related = {"led_by", "lead_group", "raised_by"}
    given = {key: request.getfixturevalue(value) if key in related else value for key, value in values.items()}
    change(record, by=office, **given)
    newest = changes_of(record)[0]
    assert {field.label: (field.before, field.after) for field in newest.fields} == expected
    page = client_of(office).get(page_of(record))
    assert [each.by for each in page.context["page_obj"]][0] == "Nadia Fenwick"


@pytest.mark.parametrize("kind", ["meeting", "agendaitem", "meetingaction", "boardpack"])
def test_what_a_case_review_group_does_has_a_history_for_its_own_alone(
    client_of, case_meeting, case_group_member, office, advisor, administrator, other_case_group_member, kind
):
    record = {
        "meeting": lambda: case_meeting,
        "agendaitem": lambda: AgendaItemFactory(meeting=case_meeting),
        "meetingaction": lambda: MeetingActionFactory(group=case_meeting.group),
        "boardpack": lambda: BoardPack.objects.create(meeting=case_meeting, requested_by=case_group_member),
    }[kind]()
    everyone = [case_group_member, office, advisor, administrator, other_case_group_member]
    assert [client_of(user).get(page_of(record)).status_code for user in everyone] == [200, 404, 404, 404, 404]


def test_a_dispute_has_a_history_for_those_involved_alone(
    client_of, dispute, partner, lead, office, advisor, chair, administrator, stranger
):
    involved = [client_of(user).get(page_of(dispute)).status_code for user in (partner, lead, office)]
    others = [client_of(user).get(page_of(dispute)).status_code for user in (advisor, chair, administrator, stranger)]
    assert (involved, others) == ([200] * 3, [404] * 4)


def test_answers_kept_together_are_counted(meeting, office):
    pack = BoardPack.objects.create(meeting=meeting, requested_by=office)
    change(pack, by=office, left_out=[{"label": "1a"}, {"label": "2"}])
    assert changes_of(pack)[0].fields == (FieldChange("left_out", "Left out", "", "2 entries"),)


@pytest.mark.parametrize("address", ["partnership.user/1", "plans.deliverable/x", "reviews.case/1", "no.such/1"])
def test_what_is_not_on_the_list_or_no_key_is_gone(client_of, office, address):
    assert client_of(office).get(f"/history/{address}/").status_code == 404


@pytest.mark.parametrize("changes", [1, 3])
def test_query_count(client_of, led_deliverable, office, django_assert_num_queries, changes):
    for number in range(changes):
        change(led_deliverable, by=office, ref=str(number + 5))
    client = client_of(office)
    with django_assert_num_queries(12):
        client.get(page_of(led_deliverable))


def left_out():
    """The triggers that the database is to leave out; "error" where it raises one to say that nobody ever told it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('pgtrigger.ignore', true), 'error')")
        return cursor.fetchone()[0]


def test_a_trigger_need_not_raise_an_error_to_learn_that_it_is_wanted(led_deliverable):
    assert left_out() == "{}"
    with pgtrigger.ignore("plans.Deliverable:insert_insert"):
        pass
    assert left_out() == "{}"
