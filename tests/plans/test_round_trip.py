"""A plan leaves as Word or Excel and is imported again: the same plan, whatever it calls things.

Compared are whole snapshots, without the keys and links that only the first plan has.
"""

import csv
import difflib
import io
import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plans.documents import content_of
from plans.importing import confirm_import, stage_import
from plans.models import Activity, Deliverable, Plan, Priority
from plans.plan_excel import make_csv, make_workbook
from plans.plan_word import make_word
from plans.snapshots import hash_of, take_snapshot
from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    PlanVersionFactory,
    PriorityFactory,
)


def words_of(value):
    """A snapshot without what belongs to one plan alone: keys, links, how its own table is set out."""
    ours = {"key", "carried_from", "duty", "ref", "columns", "milestones", "house_colour", "ratings", "audience"}
    if isinstance(value, dict):
        if set(value) == {"text", "source"}:  # of a reason: printed after it, and part of its words from then on
            return f"{value['text']} ({value['source']})" if value["source"] else value["text"]
        return {name: words_of(each) for name, each in value.items() if name not in ours} | (
            {"ref": value.get("full_ref", value["ref"])} if "ref" in value else {}
        )
    return [words_of(each) for each in value] if isinstance(value, list) else value


def in_lines(snapshot):
    return json.dumps(words_of(snapshot), indent=1, sort_keys=True, ensure_ascii=False).splitlines()


@pytest.fixture
def odd_plan(plan, partnership, other_partnership):
    """The cast's plan with everything in it that another plan would call otherwise."""
    Plan.objects.filter(pk=plan.pk).update(introduction="What we promise.\nAnd why.")
    plan.drivers.create(position=1, text="What young people asked for")
    plan.drivers.create(position=2, text="Late help is costly", source_label="Inspection of 2025")
    plan.review_dates.create(held_on=date(2026, 7, 1), label="The first quarter")
    plan.review_dates.create(held_on=date(2026, 10, 1), label="")
    across = PriorityFactory(plan=plan, ref="", title="Listening to families", position=0, is_cross_cutting=True)
    across.outcomes.create(position=1, text="They are heard")
    Priority.objects.filter(pk=across.pk).update(
        note="In everything.\nAlways.", outcomes_heading="So that children can say"
    )
    babies = plan.priorities.get(position=1)
    Priority.objects.filter(pk=babies.pk).update(
        ref="P1", outcomes_heading="So that children can say", joint_with="Adults board\nSafer together", note="A note."
    )
    babies.rationale.create(position=2, text="Reviews say so", source_label="Learning of May 2026")
    babies.deliverables.filter(position=1).update(ref="2a.1")
    babies.deliverables.filter(position=2).update(ref="2a.2")
    bare = PriorityFactory(plan=plan, ref="", title="Getting ready for a new law", position=3)
    row = DeliverableFactory(priority=bare, ref="", title="Ready in time", position=1)
    Deliverable.objects.filter(pk=row.pk).update(
        description="All of us.", evidence_measures="Nobody asks twice\nNine in ten know; the tenth is told"
    )
    for position, name in enumerate(["Head of Law", "Head of Practice"]):
        DeliverableLeadFactory(deliverable=row, position=position, text=name)
    ActivityFactory(
        deliverable=row,
        position=1,
        text="Read it",
        timescale_text="June 2026",
        timescale_kind=Activity.Kind.DATE,
        lead=row.leads.first(),
    )
    ActivityFactory(deliverable=row, position=2, text="Tell everyone about:\n• what\n• when", timescale_text="")
    lettered = PriorityFactory(plan=plan, ref="A", title="One letter", position=4)
    DeliverableFactory(priority=lettered, ref="A.1", title="A promise with nothing to do yet", position=1)
    plan.refresh_from_db()
    return plan


def bring_back(content, name, plan, office):
    """Import ``content`` as a new plan, and give its snapshot."""
    staged = stage_import(SimpleUploadedFile(name, content), partnerships=plan.partnerships.all(), by=office)
    return staged, take_snapshot(confirm_import(staged, by=office))


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("columns", ["all", "few"])
def test_a_plan_that_leaves_comes_back_as_it_was(odd_plan, office, kind, columns):
    if columns == "few":  # neither refs nor measures have a column of their own
        names = {"promise": "Our word", "leads": "Who", "others": "With", "activity": "Doing", "timescale": "Until"}
        odd_plan.columns = [{"code": code, "heading": heading} for code, heading in names.items()]
        odd_plan.save()
    version = PlanVersionFactory(plan=odd_plan, number="1.1", made_by=office)
    before = version.snapshot
    content = make_word(content_of(version)) if kind == "docx" else make_workbook(before, number="1.1")
    staged, after = bring_back(content, f"plan.{kind}", odd_plan, office)
    assert staged.understood["origin"] == hash_of(before)
    assert "\n".join(difflib.unified_diff(in_lines(before), in_lines(after), n=2, lineterm="")) == ""


def test_the_rows_of_a_csv_come_back_too(odd_plan, office):
    before = take_snapshot(odd_plan)
    content = make_csv(before).encode()
    assert len(list(csv.reader(io.StringIO(content.decode())))) > 9
    _staged, after = bring_back(content, "plan.csv", odd_plan, office)
    own = [
        [words_of(each)["deliverables"] for each in side["priorities"] if each["deliverables"]]
        for side in (before, after)
    ]
    assert own[1] == own[0]
