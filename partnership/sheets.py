"""Read a spreadsheet that people keep: bounded, cell by cell, with what openpyxl leaves unsaid.

A workbook is opened in a process of its own (``partnership.workbook_reading``); a CSV is text, and read here.
Words are compared without what can't be seen.
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import islice

from partnership.confined import Limits, run_confined
from partnership.forms import month_number
from partnership.uploads import UnreadableFile
from partnership.workbook_reading import HEADINGS_WITHIN, MOST_COLUMNS, MOST_ROWS, TOO_LARGE, value_of

# 5,000 people in 12 columns take 2 s and 90 MB.
LIMITS = Limits(cpu_seconds=9, wall_seconds=20, memory_bytes=512 * 1024 * 1024)

TOO_MANY_ROWS = (
    "This sheet has more than 5,000 rows. Split it into files of at most 5,000 rows, and bring one at a time."
)

# Letters of other alphabets that look like ours. A mixed word was typed or pasted wrongly.
LOOK_ALIKES = str.maketrans(
    dict(
        zip(
            "АВЕЅІЈКМНОРСТУХаеѕіјорсух" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",  # Cyrillic, then Greek
            "ABESIJKMHOPCTYXaesijopcyx" + "ABEZHIKMNOPTYXo",
            strict=True,
        )
    )
)
LATIN = re.compile("[A-Za-z]")
MARKS = str.maketrans({"’": "", "'": "", "‘": "", "`": "", "–": "-", "—": "-", "‐": "-", "‑": "-", "&": " and "})
DAY = re.compile(r"(?:[a-z]+day,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s/.-]+([a-z]+|\d{1,2})[\s/.,-]+(\d{4}|\d{2})", re.I)
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")


# Words


def plain(text):
    """``text`` without what can't be seen: odd spaces, invisible signs, letters of another alphabet inside a word."""
    text = unicodedata.normalize("NFKC", text)
    kept = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    text = "".join(sign for sign in kept if unicodedata.category(sign) not in {"Cf", "Cs", "Co", "Cn"})
    return " ".join(_in_one_alphabet(word) for word in text.split())


def _in_one_alphabet(word):
    return word.translate(LOOK_ALIKES) if LATIN.search(word) else word


def fold(text):
    """To compare names by: no case, accents, apostrophes or extra space; "&" is "and"."""
    decomposed = unicodedata.normalize("NFKD", text.translate(MARKS).casefold())
    without_accents = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(without_accents.split())


def nearest(text, names, likeness=0.6):
    """The one of ``names`` that is spelled most like ``text``, or None."""
    by_fold = {fold(name): name for name in names}
    found = get_close_matches(fold(text), by_fold, n=1, cutoff=likeness)
    return by_fold[found[0]] if found else None


def shortened(text):
    return text if len(text) <= 60 else f"{text[:59]}…"


def day_of(text):
    """The day that ``text`` means ("1 April 2025", "01/04/2025", "2025-04-01"), days before months; None if none."""
    iso = ISO_DAY.fullmatch(text)
    if iso:
        year, month, day = iso.groups()
    else:
        written = DAY.fullmatch(text)
        if not written:
            return None
        day, month, year = written.groups()
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month_number(month), int(day))
    except ValueError:
        return None


def runs(numbers):
    """[(4, 6), (9, 9)] of [4, 5, 6, 9]."""
    found = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [tuple(run) for run in found]


# Cells


@dataclass(frozen=True)
class Cell:
    value: object = None
    is_formula: bool = False
    is_error: bool = False
    is_percent: bool = False  # a share (0.98) that Excel shows as a per cent

    @property
    def text(self):
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return plain(str(self.value))


EMPTY = Cell()


@dataclass
class Table:
    """A sheet from its row of headings (``number``) on, and what is said of it beside its rows."""

    title: str
    number: int
    columns: dict
    rows: object  # an iterable of (number, list of Cell)
    merged: tuple = ()  # ranges, like "B4:B9"
    hidden: frozenset = frozenset()  # numbers of rows


def find_table(content, suffix, *, find, refuse):
    """The table in a file (bytes) that ``check_file`` found to be a ``suffix`` (".xlsx" or ".csv").

    ``find(rows)`` is given the first rows of a sheet, (number, list of Cell) each, and answers with the
    number of the row of headings (None if there is none) and with {column: index} as far as it knew them.
    ``refuse(columns, title)`` words the refusal for the sheet that came nearest. Raises UnreadableFile;
    its rows, read as they are asked for, may raise it too, and anything else where the file is damaged.
    """
    look = _find_in_csv if suffix == ".csv" else _find_in_workbook
    return look(content, find, refuse)


# Workbooks


def _find_in_workbook(content, find, refuse):
    """It is opened in a process of its own, which gives the cells of its visible sheets."""
    answer, _files = run_confined("partnership.workbook_reading", {}, [content], limits=LIMITS, too_much=TOO_LARGE)
    best, best_title = {}, ""
    for sheet in answer["sheets"]:
        number, columns = find((at, _cells(row)) for at, row in sheet["rows"] if at <= HEADINGS_WITHIN)
        if number:
            if sheet["has_too_many"]:
                raise UnreadableFile(TOO_MANY_ROWS)
            rows = ((at, _cells(row)) for at, row in sheet["rows"] if at >= number)
            return Table(sheet["title"], number, columns, rows, tuple(sheet["merged"]), frozenset(sheet["hidden"]))
        if len(columns) > len(best):
            best, best_title = columns, sheet["title"]
    raise UnreadableFile(refuse(best, best_title))


def _cells(row):
    return [EMPTY if cell is None else Cell(value_of(cell[0]), *cell[1:]) for cell in row]


# CSV


def _find_in_csv(content, find, refuse):
    text = _decoded(content)
    delimiter = max(",;\t", key=text[:5_000].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = list(islice(reader, MOST_ROWS + HEADINGS_WITHIN + 1))
    except csv.Error as error:
        raise UnreadableFile(
            "A quotation mark in this file is not closed. Save it again as CSV, or as .xlsx."
        ) from error
    if len(lines) > MOST_ROWS + HEADINGS_WITHIN:
        raise UnreadableFile(TOO_MANY_ROWS)
    rows = [(number, [_csv_cell(text) for text in line[:MOST_COLUMNS]]) for number, line in enumerate(lines, start=1)]
    number, columns = find(rows[:HEADINGS_WITHIN])
    if not number:
        raise UnreadableFile(refuse(columns, ""))
    return Table("", number, columns, rows[number - 1 :])


def _decoded(content):
    """Excel writes a CSV as UTF-8 or in the old letters of Windows; either is read."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _csv_cell(text):
    return Cell(
        text, is_formula=text.lstrip().startswith("="), is_error=text.startswith("#") and text.endswith(("!", "A", "?"))
    )
