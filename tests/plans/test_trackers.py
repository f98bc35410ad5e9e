"""The tracker of a round: made to be answered in, read when it comes back, and put in once by a yes."""

from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from docx import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from partnership.uploads import UnreadableFile
from plans.answering import send_line
from plans.models import Deliverable, Update, UpdateImport
from plans.rounds import close_round
from plans.tracker_importing import rating_of_words, stage_updates, token_of
from tests.at_once import at_once

NINE = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def as_file(book, name="tracker.xlsx"):
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile(name, content.getvalue())


def workbook(*rows, fills=()):
    """A workbook of one sheet; ``fills``: {cell: colour}."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, colour in dict(fills).items():
        book.active[cell].fill = PatternFill("solid", fgColor=colour)
    return as_file(book)


def staged_rows(file, round, office):
    staged = stage_updates(file, round=round, by=office)
    return [(row["deliverable"], row["sure"], row["rating"], row["progress"]) for row in staged.understood["rows"]]


OLD = ["Ref", "Action", "Lead", "By when", "Progress", "RAG"]


@pytest.fixture
def download(client_of, chair, round_open):
    return client_of(chair).get(reverse("plans:round-tracker", args=[round_open.pk]))


def column(sheet, heading):
    return next(cell.column for cell in sheet[3] if cell.value == heading)


def answered(download, **answers):
    """Our own tracker with ``answers`` in the row of 1.1."""
    book = load_workbook(BytesIO(download.content))
    sheet = book.active
    at = next(row[0].row for row in sheet.iter_rows(min_row=4) if row[0].value == "1.1")
    for heading, words in answers.items():
        row, heading = (at + 1, heading[:-1]) if heading.endswith("2") else (at, heading)
        sheet.cell(row, column(sheet, heading.replace("_", " "))).value = words
    return as_file(book)


# Ours, there and back


def test_our_own_tracker_comes_back_whole(download, round_open, office, led_deliverable, ratings, plan):
    file = answered(
        download,
        Rating="Amber",
        Progress="Two visits\nand a call",
        Voice_of_the_child="“It helped”",
        New_date2="end of March 2027",
        Why_the_date_moves2="The second unit is short of staff",
    )
    staged = stage_updates(file, round=round_open, by=office)
    [row] = staged.understood["rows"]
    assert (row["deliverable"], row["sure"], row["rating"], row["doubts"]) == (
        led_deliverable.pk,
        True,
        ratings["A"].pk,
        [],
    )
    assert (row["progress"], row["voice"]) == ("Two visits\nand a call", "“It helped”")
    assert row["moves"] == [
        ["Try it in two maternity units.", "end of March 2027", "The second unit is short of staff"]
    ]


def test_the_tracker_says_what_was_said_last_and_offers_the_ratings(client_of, chair, past_update, round_open):
    response = client_of(chair).get(reverse("plans:round-tracker", args=[round_open.pk]))
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet.cell(5, column(sheet, "Last time")).value == "Amber: Checklist agreed. Only one unit has begun."
    assert [each.formula1 for each in sheet.data_validations.dataValidation] == ['"Blue,Green,Amber,Red"']


def test_the_tracker_of_one_group_holds_its_rows_alone(client_of, chair, round_open, learning_group, plan):
    url = reverse("plans:round-tracker", args=[round_open.pk])
    response = client_of(chair).get(url, {"who": f"group-{learning_group.pk}"})
    sheet = load_workbook(BytesIO(response.content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=5) if row[0].value] == ["1.2"]
    assert client_of(chair).get(url, {"who": "group-0"}).status_code == 404


# An office's own


def test_an_old_tracker_is_read_by_its_headings_refs_words_and_colours(
    round_open, office, led_deliverable, group_deliverable, ratings
):
    file = workbook(
        ["Babies tracker"],
        OLD,
        ["Priority 1"],
        ["1.1", "A shared plan with every family before birth", "Midwifery", "Nov", "Second unit has begun", "G"],
        ["", "Safer sleep advice that reaches fathers", "L&D", "Feb", "Campaign is on", ""],
        ["9.9", "Something else entirely", "", "", "Words", "Purple"],
        ["2.1", "Families get help before neglect becomes harm", "", "", "", ""],
        fills={"F5": "FFC000"},
    )
    assert staged_rows(file, round_open, office) == [
        (led_deliverable.pk, True, ratings["G"].pk, "Second unit has begun"),
        (group_deliverable.pk, True, ratings["A"].pk, "Campaign is on"),
        (None, False, None, "Words"),
    ]


def test_what_is_doubted_is_said(round_open, office, led_deliverable, group_deliverable):
    file = workbook(
        OLD,
        ["1.1", "Safer sleep advice that reaches fathers", "", "", "Words", "Green"],
        fills={"F2": "FF0000"},
    )
    [row] = stage_updates(file, round=round_open, by=office).understood["rows"]
    assert (row["deliverable"], row["sure"]) == (group_deliverable.pk, False)
    assert row["doubts"] == [
        "Its ref is that of “1.1 A shared plan with every family before a birth”, its words are those of "
        "“1.2 Safer sleep advice that reaches fathers”.",
        "It says “Green” on a field that is red.",
    ]


def test_an_activity_under_another_title_is_doubted(round_open, office, led_deliverable):
    headings = ["Ref", "Deliverable", "Activity", "Progress"]
    row = ["", "Something else entirely", "Try it in two maternity units.", "Words"]
    [row] = stage_updates(workbook(headings, row), round=round_open, by=office).understood["rows"]
    assert (row["deliverable"], row["sure"], row["doubts"]) == (
        led_deliverable.pk,
        False,
        ["Matched by its activity: its title is another."],
    )


def test_a_word_table_is_read_with_merged_cells_and_shades(round_open, office, led_deliverable, ratings):
    document = WordDocument()
    table = document.add_table(rows=3, cols=3)
    for cell, words in zip(table.rows[0].cells, ["Action", "Progress update", "BRAG"], strict=True):
        cell.text = words
    for at, words in enumerate(["First unit has begun.", "Second unit has begun."], start=1):
        table.cell(at, 1).text = words
    table.cell(1, 0).merge(table.cell(2, 0)).text = led_deliverable.title
    shaded = table.cell(1, 2).merge(table.cell(2, 2))._tc.get_or_add_tcPr()
    shade = OxmlElement("w:shd")
    shade.set(qn("w:fill"), "00B050")
    shaded.append(shade)
    file = as_file(document, "tracker.docx")
    assert staged_rows(file, round_open, office) == [
        (led_deliverable.pk, True, ratings["G"].pk, "First unit has begun.\nSecond unit has begun.")
    ]


def test_a_csv_is_read_and_a_progress_column_may_hold_the_rating(round_open, office, led_deliverable, ratings):
    content = (
        "Recommendation;Progress (RAG);Comments\nA shared plan with every family before a birth;amber;Slow but on\n"
    )
    file = SimpleUploadedFile("tracker.csv", content.encode("cp1252"))
    assert staged_rows(file, round_open, office) == [(led_deliverable.pk, True, ratings["A"].pk, "Slow but on")]


@pytest.mark.parametrize(
    ("fill", "token"),
    [
        ("FF0000", "red"),
        ("C00000", "red"),
        ("FFC000", "amber"),
        ("FFFF00", "amber"),
        ("00B050", "green"),
        ("92D050", "green"),
        ("0070C0", "blue"),
        ("00B0F0", "blue"),
        ("FFFFFF", ""),
        ("D9D9D9", ""),
        ("7030A0", ""),
        ("", ""),
    ],
)
def test_the_colours_that_office_programs_offer_are_known(fill, token):
    assert token_of(fill) == token


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("G", "G"),
        ("green", "G"),
        ("Green - on track", "G"),
        ("On track", "G"),
        ("Completed", "B"),
        ("R", "R"),
        ("RED: late", "R"),
        ("Purple", None),
        ("", None),
        ("Great", None),
    ],
)
def test_a_rating_is_read_by_letter_word_or_meaning(plan, words, code):
    rating = rating_of_words(words, plan.ratings)
    assert (rating.code if rating else None) == code


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SimpleUploadedFile("x.xlsx", b"nonsense"), "This file is named .xlsx but is something else."),
        (SimpleUploadedFile("x.pdf", b"%PDF-1.7"), "This file is a PDF."),
        (workbook(["Name", "Telephone"], ["Delia", "1"]), "We found no table with answers in this file."),
        (workbook(OLD, ["1.1", "A shared plan", "", "", "", ""]), "This file has the rows of a tracker and no answer"),
    ],
)
def test_a_file_that_is_no_tracker_gets_one_sentence(client_of, office, round_open, file, said):
    file.seek(0)
    response = client_of(office).post(reverse("plans:update-import", args=[round_open.pk]), {"document": file})
    assert response.status_code == 422
    assert response.context["form"].errors["document"][0].startswith(said)
    assert UpdateImport.objects.count() == 0


# The yes


@pytest.fixture
def staged(round_open, office, plan):
    file = workbook(
        OLD,
        [
            "1.1",
            "A shared plan with every family before a birth",
            "",
            "",
            "Second unit has begun <b>now</b> 🙂",
            "Green",
        ],
        ["1.2", "Safer sleep advice that reaches fathers", "", "", "Campaign is on", "Amber"],
        ["", "Nobody knows", "", "", "Words", "Green"],
    )
    return stage_updates(file, round=round_open, by=office)


def data_of(client, staged, **changes):
    """What the preview's form would send, with ``changes`` ("row-0-rating")."""
    forms = client.get(staged.get_absolute_url()).context["forms"]
    data = {field.html_name: field.value() or "" for form in forms for field in form}
    return data | {name.replace("_", "-", 2): value for name, value in changes.items()}


def confirm(client, staged, **changes):
    data = data_of(client, staged, **changes)
    return client.post(reverse("plans:update-import-confirm", args=[staged.pk]), data)


def words_of_round():
    rows = Update.objects.current().order_by("deliverable")
    return [
        (row.deliverable.full_ref, row.rating.word, row.progress, row.came_by, row.submitted_by.name) for row in rows
    ]


def test_a_yes_puts_the_answers_in_once_in_the_name_of_the_office(client_of, office, staged):
    client = client_of(office)
    data = data_of(client, staged)
    for _press in range(2):
        assert client.post(reverse("plans:update-import-confirm", args=[staged.pk]), data).status_code == 302
    assert words_of_round() == [
        ("1.1", "Green", "Second unit has begun <b>now</b> 🙂", "import", "Nadia Fenwick"),
        ("1.2", "Amber", "Campaign is on", "import", "Nadia Fenwick"),
    ]
    staged.refresh_from_db()
    assert staged.understood["made"] == {"taken": 2, "kept": 0, "same": 0}
    page = client.get(staged.round.get_absolute_url()).content.decode()
    assert "read from a document by Nadia Fenwick on behalf of Head of Midwifery" in page
    said = "Read from a document by Nadia Fenwick on behalf of Head of Midwifery"
    deliverable = Deliverable.objects.get(priority__ref="1", ref="1")
    for shown in (page, client.get(deliverable.get_absolute_url()).text):
        assert said in shown


def test_what_somebody_has_answered_stays_unless_the_office_says_otherwise(
    client_of, office, staged, lead, led_deliverable, ratings
):
    said = {"rating": ratings["A"], "progress": "My own words"}
    own, _new = send_line(led_deliverable, round=staged.round, by=lead, at=NINE, answers=said)
    confirm(client_of(office), staged)
    assert words_of_round()[0] == ("1.1", "Amber", "My own words", "page", "Delia Marchetti")
    staged.confirmed_at = None
    staged.save()
    confirm(client_of(office), staged, row_0_which="take")
    own.refresh_from_db()
    assert words_of_round()[0][:3] == ("1.1", "Green", "Second unit has begun <b>now</b> 🙂")
    assert own.superseded_by.came_by == "import"


def test_an_answer_that_came_after_the_page_was_shown_is_not_overwritten_unseen(
    client_of, office, staged, lead, led_deliverable, ratings
):
    client = client_of(office)
    data = data_of(client, staged) | {"row-0-which": "take"}
    said = {"rating": ratings["A"], "progress": "My own words"}
    send_line(led_deliverable, round=staged.round, by=lead, at=NINE, answers=said)
    response = client.post(reverse("plans:update-import-confirm", args=[staged.pk]), data)
    assert response.status_code == 422
    assert response.context["forms"][0].errors == {"deliverable": ["Delia Marchetti has answered this meanwhile."]}
    assert Update.objects.get().progress == "My own words"  # and nothing of the other rows


def test_what_an_answer_needs_is_asked_at_its_row_and_nothing_is_half_saved(client_of, office, staged, ratings):
    client = client_of(office)
    changes = {"row_0_rating": ratings["B"].pk, "row_1_progress": ""}
    response = confirm(client, staged, **changes)
    assert response.status_code == 422
    errors = [list(form.errors) for form in response.context["forms"]]
    assert errors == [["difference_made"], ["progress"], []]
    assert Update.objects.count() == 0
    confirm(client, staged, **changes, row_0_difference_made="Plans in 26 of 31 families", row_1_deliverable="")
    assert [(row[0], row[1]) for row in words_of_round()] == [("1.1", "Blue")]


def test_a_row_we_could_not_place_is_placed_by_hand_and_put_together_with_another(
    client_of, office, staged, group_deliverable
):
    confirm(client_of(office), staged, row_2_deliverable=group_deliverable.pk)
    assert words_of_round()[1][:3] == ("1.2", "Amber", "Campaign is on\nWords")  # the worse rating of the two


def test_a_row_of_another_plan_is_refused_at_its_field(client_of, office, staged, draft_plan):
    response = confirm(client_of(office), staged, row_0_deliverable=999_999)
    assert (response.status_code, list(response.context["forms"][0].errors)) == (422, ["deliverable"])


def test_a_round_closed_meanwhile_takes_nothing_and_says_so(client_of, office, staged):
    client = client_of(office)
    data = data_of(client, staged)
    close_round(staged.round, by=office, at=NINE)
    page = client.post(reverse("plans:update-import-confirm", args=[staged.pk]), data, follow=True).content.decode()
    assert "This round takes no answers, so nothing was put in." in page
    assert Update.objects.count() == 0


def test_leads_and_strangers_see_no_tracker_that_came_back(client_of, lead, stranger, staged):
    urls = [staged.get_absolute_url(), reverse("plans:update-import-confirm", args=[staged.pk])]
    assert [client_of(who).post(urls[1]).status_code for who in (lead, stranger)] == [404, 404]
    assert [client_of(who).get(urls[0]).status_code for who in (lead, stranger)] == [404, 404]


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_at_once_send_one_answer_each(client_of, office, staged):
    client = client_of(office)
    data, url = data_of(client, staged), reverse("plans:update-import-confirm", args=[staged.pk])
    statuses = [each.status_code for each in at_once(*[lambda: client_of(office).post(url, data)] * 2)]
    assert (statuses, Update.objects.count()) == ([302, 302], 2)


@pytest.mark.parametrize("count", [1, 3])
def test_preview_query_count(client_of, office, round_open, plan, count, django_assert_num_queries):
    rows = [
        ["1.1", "A shared plan with every family before a birth", "", "", f"Words {at}", "G"] for at in range(count)
    ]
    staged = stage_updates(workbook(OLD, *rows), round=round_open, by=office)
    client = client_of(office)
    client.get(staged.get_absolute_url())
    with django_assert_num_queries(PREVIEW):
        client.get(staged.get_absolute_url())


PREVIEW = 17


# From the command line


@pytest.fixture
def tracker_file(tmp_path):
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(
        workbook(
            OLD,
            ["1.1", "A shared plan with every family before a birth", "", "", "Second unit has begun", "Green"],
            ["", "Nobody knows", "", "", "Words", "Green"],
        ).read()
    )
    return path


def run(round, path, by, **options):
    out = StringIO()
    call_command("import_updates", str(path), round=round.pk, by=by, stdout=out, **options)
    return out.getvalue().splitlines()


def test_the_command_says_what_it_would_do_and_does_it_with_yes(round_open, office, tracker_file):
    lines = run(round_open, tracker_file, office.email)
    assert lines == [
        "Sheet, row 2: 1.1 A shared plan with every family before a birth: Green.",
        "Sheet, row 3: left out. We do not know which row of the plan this is.",
        "1 answers would be put into October to December 2026. Say --yes to do it.",
    ]
    assert (Update.objects.count(), UpdateImport.objects.count()) == (0, 0)
    assert run(round_open, tracker_file, office.email, yes=True)[-1] == "1 answers put in, 0 left as they were."
    assert words_of_round() == [("1.1", "Green", "Second unit has begun", "import", "Nadia Fenwick")]


def test_the_command_refuses_whoever_is_not_of_the_office(round_open, stranger, lead, tracker_file):
    for who in (stranger, lead):
        with pytest.raises(CommandError, match="is in no office of this plan"):
            run(round_open, tracker_file, who.email, yes=True)
    assert Update.objects.count() == 0


def test_a_damaged_workbook_is_a_sentence(round_open, office):
    content = workbook(OLD, ["1.1", "x", "", "", "y", "G"]).read()
    with pytest.raises(UnreadableFile):
        stage_updates(SimpleUploadedFile("x.xlsx", content[: len(content) // 2]), round=round_open, by=office)
