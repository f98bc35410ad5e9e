"""A plan as plain values."""

import json
from datetime import date

import pytest

from plans.models import Deliverable
from plans.snapshots import hash_of, plan_of, table_of, take_snapshot
from plans.table import read_table

pytestmark = pytest.mark.django_db


def test_a_snapshot_holds_every_word_of_the_plan_by_its_rows(plan, led_deliverable):
    snapshot = take_snapshot(plan)
    first = snapshot["priorities"][0]
    assert [each["ref"] for each in snapshot["priorities"]] == ["1", "2"]
    assert first["outcomes"] == ["Babies are safe in their first year."]
    assert first["deliverables"][0] == {
        "key": led_deliverable.pk,
        "carried_from": None,
        "ref": "1",
        "full_ref": "1.1",
        "title": "A shared plan with every family before a birth",
        "description": "",
        "leads": [{"area": "", "area_name": "", "text": "Head of Midwifery"}],
        "other_partnerships": ["Adults boards of both areas"],
        "evidence_measures": ["Plans in place by 28 weeks in 9 of 10 cases"],
        "duty": None,
        "activities": [
            {
                "key": activity.pk,
                "text": activity.text,
                "lead": "",
                "timescale": activity.timescale_text,
                "kind": "date",
                "milestones": [
                    {"due": str(activity.milestones.get().due_on), "label": activity.milestones.get().label}
                ],
            }
            for activity in led_deliverable.activities.all()
        ],
    }


def test_it_survives_being_stored_and_its_hash_with_it(plan):
    snapshot = take_snapshot(plan)
    stored = json.loads(json.dumps(snapshot))
    assert (stored, hash_of(stored)) == (snapshot, hash_of(snapshot))
    assert len(hash_of(snapshot)) == 64


def test_one_changed_word_changes_the_hash(plan, led_deliverable):
    before = hash_of(take_snapshot(plan))
    Deliverable.objects.filter(pk=led_deliverable.pk).update(description="One word")
    assert hash_of(take_snapshot(plan)) != before


def test_what_was_retired_is_not_in_it(plan, led_deliverable):
    Deliverable.objects.filter(pk=led_deliverable.pk).update(retired_on=date(2026, 12, 1), retired_reason="Done")
    titles = [row["title"] for row in take_snapshot(plan)["priorities"][0]["deliverables"]]
    assert titles == ["Safer sleep advice that reaches fathers"]


def test_its_table_says_what_the_plan_page_says(plan):
    snapshot = take_snapshot(plan)
    table, live = table_of(snapshot, on=plan.starts_on), read_table(plan, on=plan.starts_on)
    words = lambda table: [  # noqa: E731
        (row.ref, row.title, [lead.text for lead in row.leads], [(a.letter, a.text) for a in row.activities])
        for row in table.deliverables
    ]
    assert words(table) == words(live)
    assert table.overdue_count == 0
    assert plan_of(snapshot).ends_on == plan.ends_on


def test_the_queries_do_not_grow_with_the_plan(plan, django_assert_num_queries):
    fresh = type(plan).objects.get(pk=plan.pk)
    with django_assert_num_queries(12):
        take_snapshot(fresh)
