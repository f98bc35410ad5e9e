"""The columns of a plan's table: those its office chose, or those in which something stands."""

from datetime import date

import pytest

from plans.columns import PRESETS, columns_to_show
from plans.models import Deliverable
from plans.snapshots import plan_of, table_of, take_snapshot
from plans.table import make_editable, read_table

pytestmark = pytest.mark.django_db

ON = date(2027, 1, 12)


def codes(table):
    return [column.code for column in table.columns]


def test_a_plan_that_chose_none_shows_the_columns_in_which_something_stands(plan):
    assert codes(read_table(plan, on=ON)) == ["ref", "promise", "leads", "others", "activity", "timescale", "rating"]
    Deliverable.objects.update(other_partnerships="")
    assert codes(read_table(plan, on=ON)) == ["ref", "promise", "leads", "activity", "timescale", "rating"]


def test_an_editor_can_fill_an_empty_column(plan):
    Deliverable.objects.update(other_partnerships="")
    table = make_editable(read_table(plan, on=ON), plan)
    assert codes(table) == ["ref", "promise", "leads", "others", "activity", "timescale", "rating"]


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("measured", ["ref", "promise", "measures", "leads", "timescale", "rating"]),
        ("short", ["promise", "leads", "activity", "timescale"]),
        ("shared", ["promise", "leads", "others", "activity", "timescale"]),
    ],
)
def test_a_preset_is_shown_whatever_stands_in_the_plan(plan, preset, expected):
    chosen = next(each for each in PRESETS if each.code == preset)
    plan.columns = [{"code": column.code, "heading": column.heading} for column in chosen.columns]
    table = make_editable(read_table(plan, on=ON), plan)
    assert codes(table) == expected
    assert table.headings == chosen.headings


def test_a_leads_own_rating_is_for_the_partnership_alone(plan):
    plan.columns = [{"code": "promise", "heading": "We will"}, {"code": "rating", "heading": "Progress"}]
    assert codes(read_table(plan, on=ON)) == ["promise", "rating"]
    assert codes(read_table(plan, on=ON, is_public=True)) == ["promise"]
    assert codes(table_of(take_snapshot(plan), on=ON)) == ["promise"]


def test_columns_stand_in_one_order_however_they_were_kept():
    kept = [{"code": code, "heading": code} for code in ("timescale", "activity", "promise", "ref")]
    shown = columns_to_show(kept, filled=set(), has_ratings=True)
    assert [column.code for column in shown] == ["ref", "promise", "activity", "timescale"]


def test_a_version_keeps_the_columns_it_was_made_with(plan):
    plan.columns = [{"code": "promise", "heading": "We will"}, {"code": "timescale", "heading": "By when"}]
    snapshot = take_snapshot(plan)
    plan.columns = []
    assert table_of(snapshot, on=plan_of(snapshot).starts_on).headings == {"promise": "We will", "timescale": "By when"}
