"""A later issue of a plan's document: known row by row, asked cell by cell, merged once, and taken back."""

import copy
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from partnership.models import Document
from partnership.refusals import ChangedMeanwhile
from plans.importer import read_plan
from plans.importing import confirm_import
from plans.merging import merge_issue, take_back_issue
from plans.models import Activity, Deliverable, Milestone, Plan, PlanImport, Update
from plans.plan_excel import make_workbook
from plans.reimporting import hold_against
from plans.snapshots import hash_of, take_snapshot
from tests.factories import ActivityFactory, DeliverableFactory

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
ON = date(2027, 1, 12)


@pytest.fixture
def exported(tmp_path):
    """``exported(plan)``: what is read of the workbook of ``plan`` as it stands, to be edited."""

    def exported(plan):
        path = tmp_path / "plan.xlsx"
        path.write_bytes(make_workbook(take_snapshot(plan), number=plan.version))
        return read_plan(path)

    return exported


@pytest.fixture
def stage(office):
    """``stage(plan, read)``: a document that was read, of the partnerships of ``plan``, waiting."""

    def stage(plan, read):
        staged = PlanImport.objects.create(
            document=Document.keep(filename="plan-edited.xlsx", content=b"bytes", by=office),
            understood=read,
            created_by=office,
        )
        staged.partnerships.set(plan.partnerships.all())
        return staged

    return stage


def row_of(read, title):
    return next(
        row
        for priority in read["plan"]["priorities"]
        for row in priority["deliverables"]
        if row["title"].startswith(title)
    )


def asked(questions):
    """[(section, row, what, answer chosen beforehand)] of all that is asked."""
    found = [("cell", each.ours.name, each.cell, each.answer) for each in questions.cells]
    found += [("new", each.row.name, each.kind, each.answer) for each in questions.new]
    found += [("back", each.row.name, each.kind, each.answer) for each in questions.back]
    return found + [("missing", each.row.name, each.kind, each.answer) for each in questions.missing]


def answers_of(questions, **changed):
    """The answers chosen beforehand, and ``changed`` by the name of the question or for all conflicts."""
    rest = changed.pop("rest", "")
    return {each.name: each.answer or rest for each in questions.all} | changed


@pytest.fixture
def merge(office):
    """``merge(plan, staged, rest=…, **answers)``: answer as was chosen beforehand, but for these."""

    def merge(plan, staged, *, reason="", chosen=None, **changed):
        questions = hold_against(plan, staged, chosen=chosen)
        return merge_issue(
            plan,
            staged,
            answers=answers_of(questions, **changed),
            chosen=chosen or {},
            reason=reason,
            seen=questions.digest,
            by=office,
            at=AT,
            on=ON,
        )

    return merge


def test_an_export_that_nobody_edited_asks_nothing(plan, exported, stage):
    assert asked(hold_against(plan, stage(plan, exported(plan)))) == []


def test_what_was_changed_in_an_export_alone_is_offered_to_be_taken(plan, exported, stage):
    read = exported(plan)
    row = row_of(read, "Safer sleep")
    row["title"] = "Safer sleep advice that reaches fathers and grandparents"
    row["leads"] = [{"partnership": None, "text": "Named nurse"}]
    row["activities"][0]["timescale_text"] = "November 2026"
    row["activities"][0]["dates"] = [{"due": "2026-11-30", "label": "", "precision": "month"}]
    questions = hold_against(plan, stage(plan, read | {"origin": hash_of(take_snapshot(plan))}))
    assert asked(questions) == [
        ("cell", "Safer sleep advice that reaches fathers", "title", "take"),
        ("cell", "Safer sleep advice that reaches fathers", "leads", "take"),
        ("cell", "Write a ten-minute briefing.", "timescale", "take"),
    ]


@pytest.fixture
def edited(plan, exported):
    """What is read of an export of ``plan`` in which much was edited."""
    read = exported(plan)
    row = row_of(read, "Safer sleep")
    row["title"] = "Safer sleep advice that reaches fathers and grandparents"
    row["leads"] = [{"partnership": None, "text": "Named nurse"}]
    row["activities"][0] |= {
        "timescale_text": "November 2026",
        "dates": [{"due": "2026-11-30", "label": "", "precision": "month"}],
    }
    row["activities"].append(
        {
            "text": "Ask fathers what helped.",
            "lead": None,
            "timescale_text": "March 2027",
            "kind": "date",
            "dates": [{"due": "2027-03-31", "label": "", "precision": "month"}],
        }
    )
    neglect = read["plan"]["priorities"][1]
    neglect["deliverables"][0]["activities"].pop()
    neglect["deliverables"].append(
        {
            "ref": "2.2",
            "title": "Dentists are asked",
            "leads": [{"partnership": None, "text": "Chair, Learning and Development Subgroup"}],
            "activities": [
                {"text": "Write to them.", "lead": None, "timescale_text": "tbc", "kind": "unset", "dates": []}
            ],
        }
    )
    return read


def shape_of(plan):
    """[(priority, [(promise, [leads], [(activity, timescale)])])] as the plan stands."""
    return [
        (
            priority["title"],
            [
                (
                    row["title"],
                    [lead["text"] for lead in row["leads"]],
                    [(each["text"], each["timescale"]) for each in row["activities"]],
                )
                for row in priority["deliverables"]
            ],
        )
        for priority in take_snapshot(plan)["priorities"]
    ]


def test_what_was_taken_is_in_the_plan_and_every_row_is_the_row_it_was(
    plan, edited, stage, merge, group_deliverable, learning_group, round_past, ratings, lead
):
    update = Update.objects.create(
        deliverable=group_deliverable,
        round=round_past,
        rating=ratings["A"],
        progress="Begun.",
        submitted_by=lead,
        submitted_at=AT,
    )
    met = Milestone.objects.get(activity__text="Write a ten-minute briefing.")
    issue = merge(plan, stage(plan, edited))
    assert shape_of(plan) == [
        (
            "Babies: a safe first year",
            [
                (
                    "A shared plan with every family before a birth",
                    ["Head of Midwifery"],
                    [
                        ("Agree one pre-birth checklist.", "Sept 2026"),
                        ("Try it in two maternity units.", "by end of Nov 2026"),
                    ],
                ),
                (
                    "Safer sleep advice that reaches fathers and grandparents",
                    ["Named nurse"],
                    [
                        ("Write a ten-minute briefing.", "November 2026"),
                        ("Run the winter campaign.", "Dec 2026 and Feb 2027"),
                        ("Ask fathers what helped.", "March 2027"),
                    ],
                ),
            ],
        ),
        (
            "Seeing neglect early",
            [
                (
                    "Families get help before neglect becomes harm",
                    ["Director of Early Help", "Early Help Manager"],
                    [
                        ("Every school uses the guide.", "ongoing"),
                        ("Agree what happens when a family says no to help.", "tbc"),
                    ],
                ),
                ("Dentists are asked", ["Chair, Learning and Development Subgroup"], [("Write to them.", "tbc")]),
            ],
        ),
    ]
    group_deliverable.refresh_from_db()
    assert (list(group_deliverable.updates.all()), group_deliverable.position) == ([update], 2)
    met.refresh_from_db()
    assert (met.due_on, met.met_on) == (date(2026, 11, 30), date(2026, 10, 19))
    assert Deliverable.objects.get(title="Dentists are asked").leads.get().group == learning_group
    assert [step["do"] for step in issue.steps].count("cell") == 3


def test_a_document_is_brought_in_once(plan, edited, stage, merge):
    staged = stage(plan, edited)
    issues = [merge(plan, staged), merge(plan, staged)]
    assert (issues[0], Activity.objects.filter(text="Ask fathers what helped.").count()) == (issues[1], 1)


def test_a_document_that_was_brought_in_makes_no_plan_of_its_own(client_of, office, plan, edited, stage, merge):
    staged = stage(plan, edited)
    merge(plan, staged)
    preview = reverse("plans:import-preview", args=[staged.pk])
    answer = client_of(office).post(reverse("plans:import-confirm", args=[staged.pk]))
    assert (answer.status_code, answer.url) == (302, plan.get_absolute_url())
    assert client_of(office).get(preview).url == plan.get_absolute_url()
    assert confirm_import(staged, by=office) == plan
    assert Plan.objects.count() == 1


def test_the_next_issue_is_held_against_this_one(plan, edited, stage, merge):
    """What was kept here though the document says otherwise is not asked about again, nor what was left out."""
    first = stage(plan, copy.deepcopy(edited))
    new = next(each for each in hold_against(plan, first).new if each.kind == "deliverable")
    title = next(each for each in hold_against(plan, first).cells if each.cell == "title")
    merge(plan, first, **{new.name: "keep", title.name: "keep"})
    again = hold_against(plan, stage(plan, {**copy.deepcopy(edited), "origin": ""}))
    assert asked(again) == [
        ("cell", "Safer sleep advice that reaches fathers", "title", "keep"),
        ("new", "Dentists are asked", "deliverable", "keep"),
    ]
    assert [row.name for row in again.ours_alone] == ["Agree what happens when a family says no to help."]


def test_what_both_changed_must_be_chosen_and_what_changed_here_alone_stays(plan, edited, stage, group_deliverable):
    staged = stage(plan, edited)
    Deliverable.objects.filter(pk=group_deliverable.pk).update(title="Safer sleep advice for every father")
    Activity.objects.filter(text="Every school uses the guide.").update(text="Every school and nursery uses the guide.")
    # Its last version is what the public reads; the export was of the same words.
    staged.understood["origin"] = plan.versions.get().sha256
    staged.save()
    questions = hold_against(plan, staged)
    assert [each for each in asked(questions) if each[0] == "cell"] == [
        ("cell", "Safer sleep advice for every father", "title", ""),
        ("cell", "Safer sleep advice for every father", "leads", "take"),
        ("cell", "Write a ten-minute briefing.", "timescale", "take"),
        ("cell", "Every school and nursery uses the guide.", "text", "keep"),
    ]
    assert questions.conflicts[0].then == ["Safer sleep advice that reaches fathers"]


def test_without_a_base_nothing_is_chosen_beforehand(plan, edited, stage):
    staged = stage(plan, edited | {"origin": ""})
    plan.issues.all().delete()
    questions = hold_against(plan, staged)
    assert (questions.base, {each.answer for each in questions.cells}) == (None, {""})


def test_rows_that_are_gone_from_the_document_stay_unless_taken_out_with_a_reason(plan, edited, stage, merge):
    gone = Activity.objects.get(text="Agree what happens when a family says no to help.")
    merge(plan, stage(plan, edited), reason="The law says so now", **{f"activity-{gone.pk}-missing": "take"})
    gone.refresh_from_db()
    assert (gone.retired_on, gone.retired_reason) == (ON, "The law says so now")


def test_a_row_that_was_taken_out_here_is_not_added_again(plan, exported, stage, merge, group_deliverable):
    read = exported(plan)
    Deliverable.objects.filter(pk=group_deliverable.pk).update(retired_on=ON, retired_reason="Done")
    staged = stage(plan, read)
    assert asked(hold_against(plan, staged)) == [("back", group_deliverable.title, "deliverable", "keep")]
    merge(plan, staged, **{f"deliverable-{group_deliverable.pk}-back": "take"})
    group_deliverable.refresh_from_db()
    assert not group_deliverable.is_retired


def test_a_row_moved_in_the_document_is_moved_with_all_that_is_on_it(plan, exported, stage, merge, group_deliverable):
    read = exported(plan)
    babies, neglect = read["plan"]["priorities"]
    neglect["deliverables"].insert(0, babies["deliverables"].pop())
    staged = stage(plan, read)
    [home] = [each for each in hold_against(plan, staged).cells if each.cell == "home"]
    assert home.answer == "take"
    merge(plan, staged)
    assert [title for _priority, rows in shape_of(plan) for title, *_rest in rows] == [
        "A shared plan with every family before a birth",
        "Safer sleep advice that reaches fathers",
        "Families get help before neglect becomes harm",
    ]


def test_a_row_may_be_said_to_be_another(plan, edited, stage, merge, group_deliverable):
    """The person knows better than the words: what looks like the old promise is a new one."""
    staged = stage(plan, edited)
    [guess] = [row for row in hold_against(plan, staged).guesses if row.name.startswith("Safer sleep")]
    questions = hold_against(plan, staged, chosen={guess.key: ""})
    assert [each.row.name for each in questions.missing if each.kind == "deliverable"] == [group_deliverable.title]
    assert [each.row.name for each in questions.new if each.kind == "deliverable"] == [
        "Safer sleep advice that reaches fathers and grandparents",
        "Dentists are asked",
    ]


def test_it_is_taken_back_as_a_whole(plan, edited, stage, merge, office):
    before = take_snapshot(plan)
    issue = merge(plan, stage(plan, edited))
    assert take_back_issue(issue, by=office, at=AT) == 0
    assert take_snapshot(plan) == before
    issue.refresh_from_db()
    assert (issue.taken_back_by, issue.taken_back_at) == (office, AT)


def test_taking_back_leaves_alone_what_was_changed_since(plan, edited, stage, merge, office, group_deliverable):
    issue = merge(plan, stage(plan, edited))
    Deliverable.objects.filter(pk=group_deliverable.pk).update(title="Written since")
    assert take_back_issue(issue, by=office, at=AT) == 1
    group_deliverable.refresh_from_db()
    assert group_deliverable.title == "Written since"
    assert [lead.group_id for lead in group_deliverable.leads.all()] != [None]


def test_a_plan_that_changed_meanwhile_is_not_merged_into(plan, edited, stage, office, group_deliverable):
    staged = stage(plan, edited)
    questions = hold_against(plan, staged)
    Deliverable.objects.filter(pk=group_deliverable.pk).update(title="Written meanwhile")
    before = take_snapshot(plan)
    with pytest.raises(ChangedMeanwhile):
        merge_issue(
            plan,
            staged,
            answers=answers_of(questions, rest="take"),
            chosen={},
            reason="",
            seen=questions.digest,
            by=office,
            at=AT,
            on=ON,
        )
    assert (take_snapshot(plan), plan.issues.count()) == (before, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_count_of_queries_does_not_grow(plan, stage, exported, django_assert_num_queries, count):
    for number in range(count):
        row = DeliverableFactory(priority=plan.priorities.first(), title=f"Promise {number}", position=9 + number)
        ActivityFactory(deliverable=row, text=f"Do it {number}")
    staged = stage(plan, exported(plan))
    plan = type(plan).objects.get(pk=plan.pk)
    with django_assert_num_queries(16):
        hold_against(plan, staged)
