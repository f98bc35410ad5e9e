"""A plan leaves as Excel, CSV and JSON, and comes back from Excel as the same plan."""

import csv
import io
import json

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from plans.columns import PRESETS
from plans.importer import read_plan
from plans.importing import words_of
from plans.models import Activity, Deliverable, Priority
from plans.plan_excel import make_csv, make_workbook
from plans.snapshots import take_snapshot
from tests.factories import ActivityFactory, DeliverableFactory, DeliverableLeadFactory, PriorityFactory
from tests.plans.score import mean_f1

# What is written, and what is understood of it, in one shape


def expected_of(snapshot, number):
    """``snapshot`` in the shape in which a reader gives a plan."""
    plan = snapshot["plan"]
    return {
        "title": plan["title"],
        "period_start": plan["starts_on"],
        "period_end": plan["ends_on"],
        "version": number,
        "priorities": [
            {
                "ref": priority["ref"] or None,
                "title": priority["title"],
                "rationale": [
                    f"{each['text']} ({each['source']})" if each["source"] else each["text"]
                    for each in priority["rationale"]
                ],
                "outcomes": priority["outcomes"],
                "deliverables": [expected_row(row) for row in priority["deliverables"]],
            }
            for priority in snapshot["priorities"]
            if priority["deliverables"]
        ],
    }


def expected_row(row):
    return {
        "ref": row["full_ref"] or None,
        "title": row["title"],
        "leads": [{"partnership": lead["area"] or None, "text": lead["text"]} for lead in row["leads"]],
        "other_partnerships": row["other_partnerships"],
        "evidence_measures": row["evidence_measures"],
        "activities": [
            {
                "text": plain_lines(activity["text"]),
                "timescale_text": activity["timescale"],
                "kind": activity["kind"],
                "dates": [each["due"] for each in activity["milestones"] if each["due"]],
            }
            for activity in row["activities"]
        ],
    }


def understood_of(plan):
    """A plan that was read, with the points of an activity as they stand in ours, and the first days of windows."""
    plan = json.loads(json.dumps(plan))
    for priority in plan["priorities"]:
        for row in priority["deliverables"]:
            for activity in row["activities"]:
                activity["text"] = plain_lines(words_of(activity))
                activity["timescale_text"] = activity["timescale_text"] or ""
                activity["dates"] = [day.get("starts") or day["due"] for day in activity["dates"]]
    return plan


def plain_lines(text):
    return "\n".join(line.strip().lstrip("•-– ").strip() for line in text.splitlines() if line.strip())


@pytest.fixture
def round_trip(tmp_path):
    """``round_trip(snapshot)``: (what was read of its workbook, what it says)."""

    def round_trip(snapshot, number="1.2"):
        path = tmp_path / "plan.xlsx"
        path.write_bytes(make_workbook(snapshot, number=number))
        return understood_of(read_plan(path)["plan"]), expected_of(snapshot, number)

    return round_trip


def rows_of(plan):
    """Refs, titles, leads, activities and timescales, in their order."""
    return [
        (
            row["ref"],
            row["title"],
            [(lead["partnership"], lead["text"]) for lead in row["leads"]],
            [(each["text"], each["timescale_text"], each["kind"]) for each in row["activities"]],
        )
        for priority in plan["priorities"]
        for row in priority["deliverables"]
    ]


@pytest.fixture
def rich_plan(plan, partnership, other_partnership):
    """The cast's plan, and beside it a priority with everything that could be read wrongly."""
    priority = PriorityFactory(plan=plan, ref="7", title="Children in two homes", position=70)
    priority.rationale.create(position=1, text="Reviews said so")
    priority.outcomes.create(position=1, text="Nobody waits")
    row = DeliverableFactory(priority=priority, ref="1", title="20 families. Twice a year", position=1)
    Deliverable.objects.filter(pk=row.pk).update(description="They choose.\nWe come.", other_partnerships="A\nB")
    each = [
        DeliverableLeadFactory(deliverable=row, position=1, text="Head of one", partnership=partnership),
        DeliverableLeadFactory(deliverable=row, position=2, text="Head of two", partnership=other_partnership),
    ]
    for position, lead in enumerate([*each, each[0]], start=1):
        ActivityFactory(
            deliverable=row,
            position=position,
            text=f"=SUM({position}) things\n• one\n• two",
            timescale_text="Throughout the year",
            timescale_kind=Activity.Kind.CONTINUOUS,
            lead=lead,
        )
    bare = DeliverableFactory(priority=priority, ref="2", title="Nothing yet", position=2)
    assert not bare.activities.exists()
    return plan


@pytest.mark.parametrize("columns", [[], *(preset.columns for preset in PRESETS)])
def test_a_plan_comes_back_from_excel_as_it_left(rich_plan, round_trip, columns):
    rich_plan.columns = [{"code": each.code, "heading": each.heading} for each in columns]
    found, expected = round_trip(take_snapshot(rich_plan))
    score, misses = mean_f1(found, expected)
    assert (score, misses) == (1, {})
    assert rows_of(found) == rows_of(expected)


def test_columns_with_names_of_the_offices_own_come_back_too(rich_plan, round_trip):
    rich_plan.columns = [
        {"code": "ref", "heading": "Code"},
        {"code": "promise", "heading": "Our word"},
        {"code": "leads", "heading": "Name"},
        {"code": "activity", "heading": "Doing"},
        {"code": "timescale", "heading": "Until"},
    ]
    found, expected = round_trip(take_snapshot(rich_plan))
    assert mean_f1(found, expected) == (1, {})


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=30)


@given(title=WORDS, text=WORDS, lead=WORDS, timescale=WORDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_make_a_workbook_in_which_nothing_is_reckoned(snapshot, title, text, lead, timescale):
    row = snapshot["priorities"][0]["deliverables"][0]
    row |= {"title": title, "leads": [{"area": "", "area_name": "", "text": lead}]}
    row["activities"][0] |= {"text": text, "timescale": timescale}
    book = load_workbook(io.BytesIO(make_workbook(snapshot, number="1")))
    assert {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
    for line in csv.reader(io.StringIO(make_csv(snapshot).removeprefix("\ufeff"))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)


@pytest.fixture
def snapshot(plan, led_deliverable):
    return take_snapshot(plan)


def test_the_sheet_is_the_table_on_paper(rich_plan):
    book = load_workbook(io.BytesIO(make_workbook(take_snapshot(rich_plan), number="1.2")))
    sheet = book.active
    assert (book.sheetnames, sheet.title, sheet.freeze_panes, sheet.print_title_rows) == (
        ["About", "Plan", "Priorities"],
        "Plan",
        "A3",
        "$2:$2",
    )
    assert [cell.value for cell in sheet[2]] == [
        "Ref",
        "Key deliverable",
        "How we will know",
        "Lead",
        "Other partnerships",
        "Activity",
        "Timescale",
    ]
    top = next(cell.row for cell in sheet["B"] if str(cell.value).startswith("20 families"))
    merged = {str(each) for each in sheet.merged_cells.ranges}
    assert {f"A{top}:A{top + 2}", f"B{top}:B{top + 2}", f"E{top}:E{top + 2}"} <= merged
    assert [sheet.cell(at, 4).value for at in range(top, top + 3)] == [
        "AV: Head of one",
        "MB: Head of two",
        "AV: Head of one",
    ]
    assert sheet.cell(top, 6).value == "=SUM(1) things\n   • one\n   • two"
    assert (sheet.cell(top, 6).data_type, sheet.cell(top, 6).quotePrefix) == ("s", True)
    assert sheet.cell(top, 6).alignment.wrap_text


def test_the_csv_says_everything_again_in_every_row(rich_plan):
    lines = list(csv.DictReader(io.StringIO(make_csv(take_snapshot(rich_plan)).removeprefix("\ufeff"))))
    own = [line for line in lines if line["Priority"] == "7. Children in two homes"]
    assert [(line["Ref"], line["Lead"], line["Activity"][:10]) for line in own] == [
        ("7.1", "AV: Head of one", "'=SUM(1) t"),
        ("7.1", "MB: Head of two", "'=SUM(2) t"),
        ("7.1", "AV: Head of one", "'=SUM(3) t"),
        ("7.2", "", ""),
    ]


# Who may take it away


@pytest.mark.parametrize("name", ["plan-excel", "plan-csv"])
def test_its_own_people_take_the_plan_as_it_stands_and_others_what_was_published(
    client_of, plan, lead, stranger, led_deliverable, name
):
    Deliverable.objects.filter(pk=led_deliverable.pk).update(title="Changed since")
    url = reverse(f"plans:{name}", args=[plan.pk])
    words = {person.name: words_in(client_of(person).get(url)) for person in (lead, stranger)}
    assert ["Changed since" in each for each in words.values()] == [True, False]
    assert led_deliverable.title in words[stranger.name]


def words_in(response):
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; filename=")
    if response["Content-Type"].startswith("text/csv"):
        return response.content.decode()
    book = load_workbook(io.BytesIO(response.content))
    return "\n".join(str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line)


def test_a_draft_is_taken_away_by_nobody_else(client_of, draft_plan, office, lead, stranger):
    url = reverse("plans:plan-excel", args=[draft_plan.pk])
    assert [client_of(person).get(url).status_code for person in (office, lead, stranger)] == [200, 404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_the_count_of_queries_does_not_grow(client_of, plan, lead, django_assert_num_queries, count):
    for number in range(count):
        priority = PriorityFactory(plan=plan, position=50 + number)
        for each in range(count):
            ActivityFactory(deliverable=DeliverableFactory(priority=priority, position=each + 1))
    client = client_of(lead)
    client.get(reverse("plans:plan-excel", args=[plan.pk]))
    with django_assert_num_queries(17):
        client.get(reverse("plans:plan-excel", args=[plan.pk]))


def test_the_public_reads_the_published_plan_as_data(client_of, plan, partnership, led_deliverable):
    Priority.objects.filter(plan=plan).update(title="Changed since")
    response = client_of(None).get(reverse("plans:public-plan-json", args=[partnership.slug]))
    values = json.loads(response.content)
    version = plan.versions.published().get()
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, "*")
    assert list(values) == [
        "title",
        "version",
        "published_on",
        "fingerprint",
        "partnerships",
        "starts_on",
        "ends_on",
        "introduction",
        "drivers",
        "review_dates",
        "ratings",
        "priorities",
    ]
    assert values["title"] == version.snapshot["plan"]["title"]
    assert [each["title"] for each in values["priorities"]] == [
        each["title"] for each in version.snapshot["priorities"]
    ]
    assert not any(
        f'"{name}"' in response.content.decode() for name in ("key", "carried_from", "token", "house_colour")
    )


def test_without_a_published_plan_there_is_no_data(client_of, far_partnership, draft_plan):
    response = client_of(None).get(reverse("plans:public-plan-json", args=[far_partnership.slug]))
    assert response.status_code == 404
