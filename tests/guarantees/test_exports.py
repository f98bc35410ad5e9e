"""T16: what leaves as a file is read again as it was: no cell reckons, no letter changes, and its name is a name.

Nasty words go through the writers that all lists use (``partnership.lists``, ``partnership.downloads``) and through
Word, and are read by the libraries that read other people’s files.
"""

import csv
import io
import random
import re
import zipfile
from urllib.parse import unquote

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tablib import Dataset

from partnership.downloads import as_attachment
from partnership.lists import BYTE_ORDER_MARK, RECKONED, UNPRINTABLE, SafeExport, as_workbook
from tests.guarantees.figures import record

MANY = 2_000
STARTS = [
    "=", "+", "-", "@", "\t", "\r", "=1+1", "=cmd|'/c calc'!A0", '=HYPERLINK("http://x","y")', "+2", "-3", "@SUM(A1)",
    "\uff1d1+1", " =1", "'=1", "''", '"', '"=1+1"', ",=1", ";=1", "\n=1", "\r\n=1", "%0A=1", "{=1}", "<", "&", "]]>",
    "\u202e", "\ufeff=1", "\u200b=1", "#REF!", "TRUE", "1e5", "00123", "2027-01-01", "1/2", "x" * 300, "../x", "a\\b",
]  # fmt: skip
LETTERS = "abc =+-@\t\n\"',;|&<>#%{}[]()0123456789é’漢字\U0001f9d2\u202e\u200b\u0301\ufeff"


def nasty(count, seed=16):
    """``count`` texts, the same each time."""
    draw = random.Random(seed)
    made = list(STARTS)
    while len(made) < count:
        made.append(draw.choice([*STARTS, ""]) + "".join(draw.choices(LETTERS, k=draw.randrange(1, 40))))
    return made


def as_list(texts):
    dataset = Dataset(title="Nasty")
    dataset.headers = ["Number", "Words", "=Heading"]
    for number, text in enumerate(texts):
        dataset.append([number, text, text[::-1]])
    return dataset


def export(texts, kind):
    """The bytes of a list with these texts, as a list page gives it."""
    made = SafeExport.__new__(SafeExport)
    made.format, made.dataset = kind, as_list(texts)
    content = made.export()
    return content if isinstance(content, bytes) else content.encode()


def rows_of_csv(content):
    text = content.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def shown(text):
    """As it may stand in a file: without what no file holds."""
    return UNPRINTABLE.sub("", text)


def faults_of_csv(texts):
    found = []
    rows = rows_of_csv(export(texts, SafeExport.CSV))
    for text, (_number, *cells) in zip(texts, rows, strict=True):
        for cell, original in zip(cells, [text, text[::-1]], strict=True):
            if cell.startswith(RECKONED):
                found.append(f"reckons: {cell!r}")
            if (cell[1:] if shown(original).startswith(RECKONED) else cell) != shown(original):
                found.append(f"changed: {original!r} → {cell!r}")
    return found


def faults_of_workbook(texts):
    content = export(texts, SafeExport.XLSX)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/")]
    found = ["a formula" for sheet in sheets if re.search(rb"<f[ >]", sheet)]
    for text, (_number, *cells) in zip(
        texts, list(load_workbook(io.BytesIO(content)).active.iter_rows())[1:], strict=True
    ):
        for cell, original in zip(cells, [text, text[::-1]], strict=True):
            if cell.data_type == "f":
                found.append(f"reckons: {cell.value!r}")
            if in_lines(cell.value or "") != in_lines(shown(original)):
                found.append(f"changed: {original!r} → {cell.value!r}")
    return found


def in_lines(text):
    """XML knows one end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def faults_of_word(texts):
    document = Document()
    table = document.add_table(rows=len(texts), cols=1)
    for row, text in zip(table.rows, texts, strict=True):
        row.cells[0].text = in_lines(shown(text))
    file = io.BytesIO()
    document.save(file)
    with zipfile.ZipFile(file) as package:
        xml = package.read("word/document.xml")
    found = ["a field" for _ in re.findall(rb"instrText|fldSimple|ddeLink|altChunk", xml)]
    read = [row.cells[0].text for row in Document(file).tables[0].rows]
    return found + [
        f"changed: {text!r} → {back!r}" for text, back in zip(texts, read, strict=True) if back != in_lines(shown(text))
    ]


def faults_of_names(texts):
    found = []
    for text in texts:
        try:
            said = as_attachment(b"x", f"{text}.csv", "text/csv")["Content-Disposition"]
        except ValueError as refusal:  # Django’s own: no header holds a line break
            found.append(f"refused: {text!r} {refusal}")
            continue
        star = re.fullmatch(r"attachment; filename\*=utf-8''([A-Za-z0-9!#$&+.^_`|~%()*'/:-]*)", said)
        plain = re.fullmatch(r'attachment; filename="((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\\"])*)"', said)
        if star:
            name = unquote(star[1])
        elif plain:
            name = re.sub(r'\\([\\"])', r"\1", plain[1])
        else:
            found.append(f"odd: {said!r}")
            continue
        if any(sign in name for sign in "\r\n\t/\\\0") or not name.endswith(".csv"):
            found.append(f"another name: {text!r} → {name!r}")
    return found


@pytest.mark.parametrize("faults_of", [faults_of_csv, faults_of_workbook, faults_of_word, faults_of_names])
def test_nasty_words_come_back_as_they_were(faults_of):
    texts = nasty(MANY)
    found = faults_of(texts)
    record(
        "T16",
        "{worst_texts:,} nasty texts written to CSV, Excel, Word and as names of files, and read again: {faults} cells "
        "that reckon or changed",
        worst_texts=len(texts),
        faults=len(found),
    )
    assert found == []


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), min_size=1, max_size=8))
def test_any_words_come_back_as_they_were(texts):
    assert faults_of_csv(texts) + faults_of_workbook(texts) == []


# Controls: as the libraries write it by themselves.


def test_a_list_that_is_written_as_it_is_would_reckon(monkeypatch):
    monkeypatch.setattr("partnership.lists.harmless", lambda cell: cell)
    assert any(fault.startswith("reckons") for fault in faults_of_csv(nasty(40)))


def test_a_workbook_that_is_written_as_it_is_would_reckon(monkeypatch):
    def write(cell, value, *, is_heading):
        cell.value = value

    monkeypatch.setattr("partnership.lists.write_cell", write)
    assert "a formula" in faults_of_workbook(nasty(40))


def test_the_headings_of_a_workbook_reckon_no_more_than_its_cells():
    sheet = load_workbook(io.BytesIO(as_workbook(as_list(["x"])))).active
    assert [(cell.value, cell.data_type) for cell in sheet[1]][-1] == ("=Heading", "s")


def test_the_headings_of_a_csv_reckon_no_more_than_its_cells():
    first = export(["x"], SafeExport.CSV).decode().removeprefix(BYTE_ORDER_MARK).splitlines()[0]
    assert first.split(",")[-1].startswith("=") is False
