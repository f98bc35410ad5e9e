"""Actions from a spreadsheet: all of it or nothing, once; what is in the log already is never written over unsaid."""

import io
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from partnership.action_sheet import read_actions
from partnership.actions_importing import CannotImport, Draft, confirm_actions
from partnership.models import ActionImport, ActionUpdate, Document, MeetingAction
from partnership.uploads import UnreadableFile
from tests.at_once import at_once
from tests.factories import MeetingActionFactory, OrganisationFactory, PostFactory

HEADINGS = ["Ref", "Action", "Lead", "Due", "Update", "Status", "Date closed"]
AT = datetime(2027, 1, 12, 10, 0, tzinfo=timezone.get_default_timezone())
TODAY = AT.date()


def row(text="Write to schools", **cells):
    """A row in the order of HEADINGS: open, due at the end of March 2027."""
    given = {"text": text, "due_on": date(2027, 3, 31), **cells}
    return [given.get(name, "") for name in ("ref", "text", "lead", "due_on", "update", "status", "closed_on")]


def workbook(*rows, headings=HEADINGS):
    book = Workbook()
    for each in (headings, *rows):
        book.active.append(each)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def stage(learning_group, office):
    def stage(*rows, group=learning_group, **options):
        content = workbook(*rows, **options)
        return ActionImport.objects.create(
            group=group,
            document=Document.keep(filename="actions.xlsx", content=content, by=office),
            understood=read_actions(content, ".xlsx"),
            created_by=office,
        )

    return stage


def log_of(group):
    return [
        (action.ref, action.text, str(action.lead or ""), action.due_on, action.closed_on, action.outcome)
        for action in group.actions.order_by("pk")
    ]


def confirm(staged, by, **options):
    return confirm_actions(staged, by=by, at=AT, **options)


def problems(staged):
    return {problem["at"]: problem["says"] for problem in Draft(staged, on=TODAY).problems}


def notes(staged):
    return {note["at"]: note["says"] for note in Draft(staged, on=TODAY).notes}


# What comes in


def test_open_and_closed_actions_come_into_the_log_with_their_leads(stage, learning_group, office, lead, hospital):
    staged = stage(
        row("Write to schools", ref="LD-3", lead="Head of Midwifery", due_on="31/03/2027", status="Open"),
        row("Map the courses", lead="Learning & Development Subgroup", due_on="1 May 2027", update="Half done"),
        row("Ask the trust", lead="St Brannoc’s Hospital Trust", status="Green"),
        row("Ring them", lead=lead.name, status="Closed", closed_on=date(2026, 12, 1), update="They agreed"),
    )
    assert confirm(staged, office) == {
        "new": 4,
        "changed": 0,
        "same": 0,
        "repeated": 0,
        "closed": 1,
        "are_changes_taken": False,
    }
    assert log_of(learning_group) == [
        ("LD-3", "Write to schools", str(lead.holdings.get().post), date(2027, 3, 31), None, ""),
        ("LD-4", "Map the courses", "Learning and Development Subgroup", date(2027, 5, 1), None, ""),
        ("LD-5", "Ask the trust", "St Brannoc’s Hospital Trust", date(2027, 3, 31), None, ""),
        ("LD-6", "Ring them", str(lead.holdings.get().post), date(2027, 3, 31), date(2026, 12, 1), "They agreed"),
    ]
    said = ActionUpdate.objects.values_list("action__ref", "text", "said_by", "said_at")
    assert list(said) == [("LD-4", "Half done", office.pk, AT)]
    assert notes(staged)["C5"] == f"{lead.name} holds the post {lead.holdings.get().post}, which answers"


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (
            ["Action No.", "Agreed action", "By whom", "By when", "Comments", "RAG"],
            ["7", "Write", "", "1/4/27", "", "A"],
        ),
        (["Item", "What", "Owner", "Deadline", "Closed?"], ["x", "Write", "", date(2027, 4, 1), "no"]),
        (["#", "Task", "Responsible", "Target date", "Status"], ["", "Write", "", "2027-04-01", "in progress"]),
    ],
)
def test_other_headings_and_days_are_read(stage, learning_group, office, headings, cells):
    confirm(stage(cells, headings=headings), office)
    assert [(text, due_on, closed_on) for _ref, text, _lead, due_on, closed_on, _outcome in log_of(learning_group)] == [
        ("Write", date(2027, 4, 1), None)
    ]


@pytest.mark.parametrize("closed", ["yes", "Closed", "✓"])
def test_what_is_closed_without_a_day_takes_one_that_is_over(stage, learning_group, office, closed):
    staged = stage(row(closed_on=closed), row("Ask", due_on=date(2026, 6, 1), status="Complete", update="Asked"))
    confirm(staged, office)
    assert [(action.closed_on, action.outcome) for action in learning_group.actions.order_by("pk")] == [
        (TODAY, "Closed before this log was kept here; nothing more was written."),
        (date(2026, 6, 1), "Asked"),
    ]
    assert notes(staged)["B3"] == "No day of closing is written, so we took 1 June 2026"


def test_a_lead_whom_we_do_not_know_is_said_and_kept_as_words(stage, learning_group, office, lead):
    staged = stage(row(lead="Head of Midwifry"), row("Two", lead="Police / Health"))
    assert notes(staged) == {
        "C2": "We know no lead “Head of Midwifry”. Did you mean “Head of Midwifery”? "
        "It comes in without a lead, and the words are kept with it",
        "C3": "We know no lead “Police / Health”. It comes in without a lead, and the words are kept with it",
    }
    confirm(staged, office)
    assert [action.lead for action in learning_group.actions.all()] == [None, None]
    assert list(ActionUpdate.objects.order_by("pk").values_list("text", flat=True)) == [
        "Lead, as written in the spreadsheet: Head of Midwifry",
        "Lead, as written in the spreadsheet: Police / Health",
    ]


def test_nobody_is_asked_on_a_guess(stage, partnership, far_partnership):
    for name in ("One Trust", "Two Trust"):
        PostFactory(title="Named nurse", organisation=OrganisationFactory(name=name), partnerships=[partnership])
    PostFactory(title="Head of housing", partnerships=[far_partnership])
    staged = stage(row(lead="Named nurse"), row("Two", lead="Head of housing"))
    assert [each.lead for each in Draft(staged, on=TODAY).rows] == [None, None]


# What is there already


@pytest.fixture
def known(learning_group, lead):
    return MeetingActionFactory(
        group=learning_group,
        ref="LD-3",
        text="Write to schools",
        due_on=date(2027, 3, 31),
        lead_post=lead.holdings.get().post,
    )


def test_what_is_in_the_log_is_the_same_or_shows_what_changes(stage, known, lead):
    known.updates.create(text="Letter drafted", said_by=lead, said_at=AT)
    staged = stage(
        row(ref="ld-3", lead="Head of Midwifery", update="Letter  drafted"),
        row("Write to all schools", ref="LD-4"),
    )
    [same, new] = Draft(staged, on=TODAY).rows
    assert (same.known, same.changes, new.known) == (known, [], None)
    staged = stage(row("Write to all schools", ref="LD-3", due_on=date(2027, 4, 30), status="Done", update="Sent"))
    [changed] = Draft(staged, on=TODAY).rows
    assert changed.changes == [
        ("Action", "Write to schools", "Write to all schools"),
        ("Due", "31 March 2027", "30 April 2027"),
        ("Status", "Open", "Closed on 12 January 2027"),
    ]


@pytest.mark.parametrize("takes", [False, True])
def test_a_line_of_the_log_is_changed_only_by_a_yes_to_that(stage, known, office, takes):
    staged = stage(row("Write to all schools", ref="LD-3", status="Closed", closed_on="11/01/2027", update="Sent"))
    made = confirm(staged, office, take_changes=takes)
    known.refresh_from_db()
    assert (made["new"], made["changed"], made["are_changes_taken"]) == (0, 1, takes)
    after = (known.text, known.closed_on, known.outcome)
    assert after == (("Write to all schools", date(2027, 1, 11), "Sent") if takes else ("Write to schools", None, ""))
    assert str(known.lead) == str(known.lead_post)


def test_a_line_that_is_closed_is_opened_again_only_where_the_sheet_says_open(stage, known, office):
    MeetingAction.objects.update(closed_on=date(2026, 12, 1), outcome="Done")
    assert Draft(stage(row(ref="LD-3")), on=TODAY).rows[0].changes == []
    staged = stage(row(ref="LD-3", status="Open", update="Not sent after all"))
    confirm(staged, office, take_changes=True)
    known.refresh_from_db()
    assert known.closed_on is None
    assert set(known.updates.values_list("text", flat=True)) == {
        "Opened again. It was closed on 1 December 2026: Done",
        "Not sent after all",
    }


def test_a_file_brought_twice_makes_nothing_twice(stage, learning_group, office):
    rows = [row("One"), row("Two", ref="9"), row("Three", status="Closed", ref="10", closed_on="1/1/2027")]
    confirm(stage(*rows), office)
    before = log_of(learning_group)
    made = confirm(stage(*rows), office, take_changes=True)
    assert (made["new"], made["changed"], made["same"], log_of(learning_group)) == (0, 0, 3, before)


def test_the_same_line_twice_in_the_sheet_is_one(stage, learning_group, office):
    staged = stage(row("One"), row("one "), row("One", due_on=date(2027, 5, 1)))
    assert notes(staged) == {"B3": "This says the same as row 2, and counts once"}
    assert confirm(staged, office)["repeated"] == 1
    assert learning_group.actions.count() == 2


# What is wrong is said by cell, and then nothing comes in


WRONG = {
    "no action": (row("", ref="1"), "B2", "Enter the action in this row, or delete the row"),
    "no day": (row(due_on=""), "D2", "Enter the day by which it is to be done, like 1 April 2027"),
    "no day at all": (row(due_on="ASAP"), "D2", "We can’t read “ASAP” as a day. Write it like 1 April 2025"),
    "a day of no month": (row(due_on="31/2/27"), "D2", "We can’t read “31/2/27” as a day. Write it like 1 April 2025"),
    "a year that slipped": (row(due_on="1/4/2072"), "D2", "Check the year: 1 April 2072 is too far away"),
    "no known status": (row(status="4711"), "F2", "We know no status “4711”. The words we know are: Open, Closed"),
    "open and closed": (
        row(status="Open", closed_on="1/1/2027"),
        "F2",
        "This says that it is open, but G2 says that it is closed. Mend one of them",
    ),
    "closed tomorrow": (
        row(closed_on="13/01/2027"),
        "G2",
        "13 January 2027 is still to come. Enter the day on which it was closed",
    ),
    "a formula": (row(due_on="=TODAY()"), "D2", "This holds a formula. Paste its value over it"),
    "too long": (row("x" * 2_001), "B2", "This is too long: use 2000 characters or fewer"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_at_its_cell_and_nothing_comes_in(stage, learning_group, office, name):
    cells, at, says = WRONG[name]
    staged = stage(cells, row("A good one"))
    assert problems(staged) == {at: says}
    with pytest.raises(CannotImport):
        confirm(staged, office)
    assert learning_group.actions.count() == 0


def test_a_number_twice_in_the_sheet_is_a_problem(stage):
    assert problems(stage(row("One", ref="LD-1"), row("Two", ref="ld-1"))) == {
        "A3": "Row 2 has this number too. Give one of them another"
    }


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (["Name", "Telephone"], "We found no row with the headings Action, Lead and Due."),
        (["Ref", "Action", "Lead"], "The sheet “Sheet” has no column headed Due."),
    ],
)
def test_a_sheet_that_is_no_log_is_answered_with_what_to_do(headings, says):
    with pytest.raises(UnreadableFile, match=says):
        read_actions(workbook(["1", "Write", "Me"], headings=headings), ".xlsx")


# Once, and who may


def test_a_second_yes_makes_nothing_again(stage, learning_group, office):
    staged = stage(row("One"))
    assert confirm(staged, office) == confirm(staged, office)
    assert learning_group.actions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_yeses_in_one_moment_make_one_line(stage, learning_group, office):
    staged = stage(row("One"))
    at_once(lambda: confirm(staged, office), lambda: confirm(staged, office))
    assert learning_group.actions.count() == 1


@pytest.fixture
def bring(client_of, learning_group):
    def bring(person, *rows, group=learning_group, name="actions.xlsx", content=None):
        url = reverse("partnership:action-import-upload", args=[group.pk])
        file = SimpleUploadedFile(name, content or workbook(*rows))
        return client_of(person).post(url, {"document": file})

    return bring


def test_those_who_run_the_group_bring_its_actions(client_of, bring, learning_group, office, chair, lead, stranger):
    assert [bring(person, row()).status_code for person in (lead, stranger)] == [403, 404]
    for person in (office, chair):
        response = bring(person, row(f"Of {person.name}"))
        assert response.status_code == 302
        page = client_of(person).get(response.url)
        assert (page.status_code, page.context["counts"]["new"]) == (200, 1)
        assert [client_of(each).get(response.url).status_code for each in (lead, stranger)] == [404, 404]
        confirmed = client_of(person).post(f"{response.url}confirm/")
        assert (confirmed.status_code, confirmed.url) == (302, response.url)
        assert client_of(person).get(response.url).context["made"]["new"] == 1
    assert learning_group.actions.count() == 2


def test_a_case_review_groups_log_is_brought_by_its_chair_alone(
    client_of, bring, case_group, case_group_member, office, stage
):
    staged = stage(row(), group=case_group)
    seat = case_group.members.get()
    assert [bring(each, row(), group=case_group).status_code for each in (office, case_group_member)] == [404, 403]
    assert [client_of(each).get(staged.get_absolute_url()).status_code for each in (office, case_group_member)] == [
        404
    ] * 2
    seat.role = seat.Role.CHAIR
    seat.save()
    assert bring(case_group_member, row(), group=case_group).status_code == 302
    assert client_of(case_group_member).get(staged.get_absolute_url()).status_code == 200
    assert client_of(office).post(f"{staged.get_absolute_url()}confirm/").status_code == 404


def test_what_becomes_of_lines_that_are_there_must_be_chosen(client_of, stage, known, office):
    staged = stage(row("Write to all schools", ref="LD-3"))
    url = f"{staged.get_absolute_url()}confirm/"
    client = client_of(office)
    response = client.post(url)
    assert response.status_code == 422
    assert response.context["form"].errors == {"changes": ["Choose whether the lines that are there already change"]}
    assert client.post(url, {"changes": "take"}).status_code == 302
    known.refresh_from_db()
    assert known.text == "Write to all schools"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This file has a password or is in an old format."),
        ("a.png", b"\x89PNG", "This is not an Excel workbook (.xlsx) or a CSV file."),
        ("a.xlsx", b"no workbook", "This file is named .xlsx but is something else."),
    ],
)
def test_another_kind_of_file_is_refused_at_its_field(bring, office, name, content, says):
    response = bring(office, name=name, content=content)
    assert response.status_code == 422
    assert response.context["form"].errors["document"][0].startswith(says)
    assert ActionImport.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_count_of_queries_does_not_grow(client_of, stage, office, count, django_assert_num_queries, hospital):
    staged = stage(*(row(f"Action {n}", lead="Nobody") for n in range(count)))
    client = client_of(office)
    client.get(staged.get_absolute_url())
    with django_assert_num_queries(16):
        client.get(staged.get_absolute_url())
