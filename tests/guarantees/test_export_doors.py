"""T16: nasty words that stand in records leave through every door that gives a file, and come back as they were.

``test_exports.py`` tries the writers; here the words are put into the fields of a whole world, each with a number by
which it is known again, and every spreadsheet and Word file that somebody of the world may download is read.
"""

import csv
import io
import itertools
import re
import shutil
import subprocess
import zipfile

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from partnership.downloads import EXCEL
from partnership.lists import RECKONED
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import OK
from tests.guarantees.figures import record
from tests.guarantees.test_exports import STARTS, in_lines, nasty, shown
from tests.guarantees.walks import browser
from tests.ownership import as_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("meddles_with_history")]

ROOMS = ("partnership", "plans", "reviews", "training", "assurance")
ROLES = ("office", "case_group_member", "training_coordinator", "scrutiny_chair")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
POINTS = re.compile(r"^\s*[•–-]\s+", re.MULTILINE)
MARK = re.compile(r"⟦(\d+)⟧")
# Words that the product itself reads, and would not find any more.
LEFT_ALONE = {"email", "password", "slug", "code", "sha256", "token_hash", "filename", "content_type", "house_colour"}
MANY = 2_000


def put_in(texts):
    """Into every field for words of every record; gives {number: the text}. Fields that refuse are left as they are."""
    put = {}
    for model in [model for room in ROOMS for model in apps.get_app_config(room).get_models()]:
        if hasattr(model, "pgh_tracked_model") or model._meta.proxy:
            continue
        for field in model._meta.local_concrete_fields:
            if type(field) not in {models.CharField, models.TextField} or field.choices or field.primary_key:
                continue
            if field.name in LEFT_ALONE or (field.max_length or 99) < 20:
                continue
            for key in model._base_manager.exclude(**{field.name: ""}).values_list("pk", flat=True)[:40]:
                text, number = next(texts), len(put)
                mark = f"⟦{number}⟧"
                text = text[: (field.max_length or 400) - len(mark)] + mark
                try:
                    with transaction.atomic():
                        model._base_manager.filter(pk=key).update(**{field.name: text})
                except DatabaseError:
                    continue
                put[number] = text
    return put


def doors_of_files(world, browsers, *, only_lists=False):
    """(role, address) of everything that somebody of the world may download."""
    for door in DOORS:
        role = next((role for role in ROLES if door.get[role] == OK), None)
        if role is None or (only_lists and not door.name.endswith("-list")):
            continue
        address = reverse(door.name, kwargs=door.place(world))
        kind, content = answer_at(browsers[role], address)
        # What a world was brought is a few words under the name of a Word file.
        is_written_by_us = kind == "text/csv" or zipfile.is_zipfile(io.BytesIO(content))
        if kind in READERS and is_written_by_us:
            yield role, address
        if b"export=xlsx" in content:
            yield role, f"{address}?export=xlsx"
            yield role, f"{address}?export=csv"


def answer_at(client, address):
    """(kind, bytes), and whatever looking did is undone."""
    with transaction.atomic():
        answer = client.get(address)
        content = b"".join(answer)
        transaction.set_rollback(True)
    assert answer.status_code < 500, address
    return answer.headers.get("Content-Type", "").partition(";")[0], content


def texts_of_csv(content):
    """(its texts, those that a spreadsheet would reckon out)."""
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    return cells, [cell for cell in cells if cell.startswith(RECKONED)]


def texts_of_workbook(content):
    sheets = load_workbook(io.BytesIO(content)).worksheets
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return [cell.value for cell in cells if isinstance(cell.value, str)], [
        cell.value for cell in cells if cell.data_type == "f" and MARK.search(str(cell.value))
    ]


def texts_of_word(content):
    document = Document(io.BytesIO(content))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read("word/document.xml").decode()
    instructions = re.findall(r"<w:instrText[^>]*>([^<]*)<", xml)
    texts = [paragraph.text for paragraph in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return texts, [each for each in instructions if MARK.search(each)]


READERS = {"text/csv": texts_of_csv, EXCEL: texts_of_workbook, WORD: texts_of_word}


def gone_through(doors, browsers, texts):
    """(faults, the texts that were found again, the spreadsheets) of one world whose words are ``texts``."""
    with pgtrigger.ignore(), as_owner():
        put = put_in(texts)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    faults, found, sheets = [], set(), []
    for role, address in doors:
        kind, content = answer_at(browsers[role], address)
        if kind not in READERS:  # with other words in the records it is another page
            continue
        cells, reckoned = READERS[kind](content)
        faults += [f"{address} as {role} reckons {cell!r}" for cell in reckoned]
        wrong, there = compared(cells, put)
        faults += [f"{address} as {role}: {each}" for each in wrong]
        found |= there
        if kind != WORD:
            sheets.append((kind, content, put))
    return faults, found, sheets


def compared(cells, put):
    """(what changed on its way, the texts of ``put`` that stand in these cells)."""
    wrong, there = [], set()
    words = {cell: squeezed(cell) for cell in cells}
    everything = "\n".join(words.values())
    for cell in cells:
        for number in map(int, MARK.findall(cell)):
            text = put.get(number)
            if text is not None and squeezed(text) not in words[cell] and not in_paragraphs(text, everything):
                wrong.append(f"{text!r} became {cell!r}")
            there |= {text} - {None}
    return wrong, there


def in_paragraphs(text, everything):
    """Whether it came with each of its lines as a paragraph or cell of its own."""
    lines = [squeezed(line) for line in in_lines(shown(text)).split("\n")]
    return len(lines) > 1 and all(line in everything for line in lines)


def squeezed(text):
    """One end of a line, no ends, no points: forms and paragraphs leave those out, and put them there, by intent."""
    return " ".join(POINTS.sub("", in_lines(shown(text))).split())


def endless(seed):
    """Nasty texts without end, each time others."""
    return itertools.chain.from_iterable(nasty(MANY, seed=number) for number in itertools.count(seed))


@pytest.fixture
def browsers(world):
    return {role: browser(world, role) for role in ROLES}


def test_what_stands_in_records_leaves_every_list_as_it_was(world, browsers):
    doors = list(doors_of_files(world, browsers, only_lists=True))
    faults, found, sheets = gone_through(doors, browsers, endless(16))
    assert faults == []
    assert len(found) > 100
    assert len(sheets) > 100


def test_an_export_that_writes_words_as_they_are_is_found(world, browsers, monkeypatch):
    """The control: lists without their guard."""
    monkeypatch.setattr("partnership.lists.harmless", lambda cell: cell)
    doors = [("office", reverse("partnership:action-list") + "?export=csv")]
    assert "reckons" in str(gone_through(doors, browsers, itertools.cycle(STARTS[:8]))[0])


@pytest.mark.long
def test_two_thousand_nasty_texts_leave_through_every_door_as_they_were(world, browsers, tmp_path):
    doors = list(doors_of_files(world, browsers))
    faults, found, rounds = [], set(), 0
    texts = endless(160)
    while len(found) < MANY and rounds < 30:
        wrong, there, sheets = gone_through(doors, browsers, texts)
        faults, found, rounds = faults + wrong, found | there, rounds + 1
    record(
        "T16",
        "{texts:,} nasty texts in the records of a world, and {doors} lists and files read again: {faults} cells that "
        "reckon or changed",
        texts=len(found),
        doors=len(doors),
        faults=len(faults),
    )
    assert faults == []
    assert len(found) >= MANY
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not here, which reads the same files once more")
    faults, read = read_by_libreoffice(sheets, tmp_path)
    record(
        "T16",
        "{files} of them read by LibreOffice: {faults} cells that reckon or changed",
        files=read,
        faults=len(faults),
    )
    assert faults == []


def read_by_libreoffice(sheets, folder):
    """(faults, how many files): each made into the other kind by it, so that its own reading is what counts."""
    faults, read = [], 0
    for kind, ending, other, how in (
        ("text/csv", "csv", "xlsx", ["--infilter=CSV:44,34,76,1", "--convert-to", "xlsx"]),
        (EXCEL, "xlsx", "csv", ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1"]),
    ):
        given, made = folder / f"given-{ending}", folder / f"made-{other}"
        given.mkdir()
        puts = {}
        for number, (this, content, put) in enumerate(sheets):
            if this == kind:
                (given / f"{number}.{ending}").write_bytes(content)
                puts[number] = put
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", *how, "--outdir", str(made), *map(str, given.iterdir())]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        for number, put in puts.items():
            cells, reckoned = READERS[EXCEL if other == "xlsx" else "text/csv"](
                (made / f"{number}.{other}").read_bytes()
            )
            read += 1
            faults += [f"{number}.{ending}: {each}" for each in compared(cells, put)[0]]
            if other == "xlsx":
                faults += [f"{number}.{ending} reckons {cell!r}" for cell in reckoned]
    return faults, read
