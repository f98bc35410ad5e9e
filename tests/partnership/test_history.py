"""The history page: who, when, from what to what, for those who may see the record."""

import pghistory
import pytest
from django.urls import reverse

from partnership.changes import CHANGED, MADE, FieldChange, changes_of


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


@pytest.mark.parametrize("address", ["partnership.user/1", "plans.deliverable/x", "reviews.case/1", "no.such/1"])
def test_what_is_not_on_the_list_or_no_key_is_gone(client_of, office, address):
    assert client_of(office).get(f"/history/{address}/").status_code == 404


@pytest.mark.parametrize("changes", [1, 3])
def test_query_count(client_of, led_deliverable, office, django_assert_num_queries, changes):
    for number in range(changes):
        change(led_deliverable, by=office, ref=str(number + 5))
    client = client_of(office)
    with django_assert_num_queries(13):
        client.get(page_of(led_deliverable))
