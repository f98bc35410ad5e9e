"""Two years of one partnership's plan, as an office lives them: imported, run, changed, carried, compared.

With the real plans where they are on this machine, else with two of our own making.
"""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plans.carrying import decide, finish, is_met, read_rows
from plans.cells import read_in, write_dates
from plans.comparing import compare
from plans.importing import confirm_import, stage_import
from plans.missing import blocking, missing_of
from plans.models import Activity, Deliverable, Plan
from plans.rounds import meet_milestone, open_round, submit_update
from plans.snapshots import take_snapshot
from plans.starting import start_plan
from plans.trail import totals_of, trail_of
from plans.versions import publish_plan
from tests.plans.samples.documents import small_plan

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[3] / "shared" / "plans"
THIS_YEAR = [
    ["1. Guide", "Office", "", "Write it\nUse it", "June 2026\nongoing"],
    ["2. Training", "Office", "", "Train every team", "by March 2028"],
    ["3. Campaign", "Office", "", "Run it", "September 2026"],
]
NEXT_YEAR = [
    ["1. Guide", "Office", "", "Use it", "ongoing"],
    ["2. A new list", "Office", "", "Make it", "June 2027"],
]


def ours(rows, title):
    content = io.BytesIO()
    small_plan(*rows, title=title).save(content)
    return content.getvalue()


DOCUMENTS = {
    "ours": lambda: (
        ours(THIS_YEAR, "Business plan April 2026 to March 2027 (v1.0)"),
        ours(NEXT_YEAR, "Business plan April 2027 to March 2028 (v1.0)"),
    ),
    "real": lambda: tuple((REAL / f"llr-{years}.docx").read_bytes() for years in ("2020-21", "2021-22")),
}


def imported(content, partnerships, by):
    upload = SimpleUploadedFile("plan.docx", content)
    return confirm_import(stage_import(upload, partnerships=partnerships, by=by), by=by)


def rows_of(plan):
    rows = Deliverable.objects.filter(priority__plan=plan).select_related("priority__plan")
    return list(rows.order_by("priority__position", "position"))


def at(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def publish(plan, executive, office, *, number, on, reason=""):
    assert blocking(missing_of(plan, on=on)) == []
    return publish_plan(plan, by=office, at=at(on), number=number, reason=reason, group=executive, on=on)


def make_carriable(plan, scrutiny_group, executive):
    """What the office mends by hand after an import: who scrutinises and decides, and who leads."""
    plan.scrutiny_group, plan.deciding_group = scrutiny_group, executive
    plan.save()
    plan.link_leads({text: ("group", executive.pk) for text in plan.leads().values_list("text", flat=True)})
    for row in rows_of(plan):
        if not row.leads.exists():
            row.leads.create(text="Executive", group=executive)
        if not row.activities.exists():
            row.activities.create(position=1, text="Do it")


def live_through(plan, ratings, office):
    """Four rounds in which every promise is updated; the first row is done at the end, its milestones met."""
    rows = rows_of(plan)
    for quarter in range(4):
        starts_on = plan.starts_on + timedelta(days=91 * quarter)
        closes_on = starts_on + timedelta(days=90)
        round = open_round(
            plan,
            name=f"Quarter {quarter + 1}",
            starts_on=starts_on,
            ends_on=closes_on,
            opens_on=closes_on - timedelta(days=20),
            closes_on=closes_on,
            proposals_due_on=None,
            decisions_due_on=None,
        )
        for row in rows:
            is_done = row == rows[0] and quarter == 3
            submit_update(
                row,
                round=round,
                by=office,
                on=closes_on,
                rating=ratings["B" if is_done else "G"],
                progress=f"Quarter {quarter + 1}.",
                difference_made="Families say so." if is_done else "",
            )
    for activity in rows[0].activities.all():
        for milestone in activity.milestones.exclude(due_on=None):
            meet_milestone(milestone, on=milestone.due_on)


@pytest.mark.parametrize("documents", ["ours", "real"])
def test_two_years_from_import_to_comparison(
    documents, partnership, other_partnership, office, rating_key, ratings, scrutiny_group, executive, advisor
):
    if documents == "real" and not REAL.exists():
        pytest.skip("the real plans are not on this machine")
    both = [partnership, other_partnership]
    before, after = DOCUMENTS[documents]()

    # The old plan is imported, published, lived through, and changed half way with a reason.
    old = imported(before, both, office)
    make_carriable(old, scrutiny_group, executive)
    first = publish(old, executive, office, number="1.0", on=old.starts_on)
    assert (Plan.objects.get(pk=old.pk).status, first.snapshot) == ("published", take_snapshot(old))
    live_through(old, ratings, office)
    changed = Activity.objects.filter(deliverable=rows_of(old)[-1]).order_by("position").last()
    changed.timescale_text = f"March {old.ends_on.year + 1}"
    write_dates(changed, read_in(old, changed.timescale_text))
    middle = old.starts_on + timedelta(days=180)
    second = publish(old, executive, office, number="1.1", on=middle, reason="The work takes a year longer.")
    between = compare(first.snapshot, second.snapshot)
    assert [row.key for row in between.rows if row.is_changed and row.what == "activity"] == [changed.pk]

    # Its rows are decided: what is suggested as done is done, the second is dropped, the others go on.
    new = start_plan(
        both,
        title="The year after",
        starts_on=old.ends_on + timedelta(days=1),
        ends_on=old.ends_on + timedelta(days=365),
        audience=old.audience,
        continues=old,
    )
    decided_at = at(old.ends_on)
    rows = [row for priority in read_rows(old, new, on=old.ends_on) for row in priority.rows]
    assert [row.suggested[0] for row in rows] == ["done", *["carried"] * (len(rows) - 1)]
    for number, row in enumerate(rows):
        choice = row.suggested[0] if number != 1 else "dropped"
        going = [{"activity": each.activity.pk, "timescale": each.timescale} for each in row.activities if each.goes]
        reason = {"done": row.difference, "dropped": "The money has ended.", "carried": ""}[choice]
        decide(row.deliverable, new, decision=choice, reason=reason, activities=going, by=office, at=decided_at)
    counted = finish(old, new)
    assert (counted.done, counted.dropped, counted.carried, counted.undecided) == (1, 1, len(rows) - 2, 0)

    # The trail reads both ways, and dates that run past the year stay as they are.
    carried = rows_of(new)
    assert [each.carried_from for each in carried] == [row.deliverable for row in rows[2:]]
    assert [each.title for each in carried] == [row.deliverable.title for row in rows[2:]]
    assert trail_of(carried[0], advisor).before == [rows[2].deliverable]
    assert totals_of(old, advisor) == [
        ("done", "Done", 1),
        ("carried", "Carried forward", len(rows) - 2),
        ("dropped", "Dropped", 1),
    ]
    stays = Activity.objects.filter(deliverable__carried_from=rows_of(old)[-1]).order_by("position").last()
    assert (stays.timescale_text, list(stays.milestones.values_list("due_on", flat=True))) == (
        changed.timescale_text,
        [date(old.ends_on.year + 1, 3, 31)],
    )
    assert [each for row in carried for each in row.activities.all() if is_met(each)] == []

    # Compared with itself carried, nothing is new; beside the plan that was really written, words tell what is.
    onwards = compare(take_snapshot(old), take_snapshot(new))
    assert [row.state for row in onwards.of("deliverable")].count("") == len(carried)
    written = imported(after, both, office)
    beside = compare(take_snapshot(new), take_snapshot(written))
    assert {row.state for row in beside.of("deliverable")} >= {"added"}
    assert take_snapshot(Plan.objects.get(pk=old.pk)) == second.snapshot
