"""A list that people keep in a spreadsheet, one record a row, and what is wrong in which of its cells.

What offices really keep is read forgivingly; what could be read in two ways is a problem with the name of
its cell. A list says which columns it has (``Reading``) and is asked nothing of the database.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl.utils import get_column_letter, range_boundaries

from partnership.sheets import (
    EMPTY,
    MOST_ROWS,
    TOO_LARGE,
    TOO_MANY_ROWS,
    day_of,
    find_table,
    fold,
    nearest,
    plain,
    runs,
    shortened,
)
from partnership.uploads import UnreadableFile
from partnership.workbook_reading import DAMAGED

MOST_PROBLEMS = 1_000
YEARS = range(1950, 2101)


class CannotImport(Exception):
    """The message says what to do. Nothing was made."""


def place_of(at):
    """To sort by: "B10" after "C9"."""
    letters = at.rstrip("0123456789")
    return int(at[len(letters) :] or 0), len(letters), letters


def heading_of(text):
    return " ".join(re.sub(r"[^a-z]+", " ", fold(plain(text)).replace("e-mail", "email")).split())


@dataclass(frozen=True)
class Words:
    """A column of known words: what it is called in a problem, what each word means, how a meaning is written."""

    what: str
    meanings: dict
    labels: dict

    @classmethod
    def of(cls, what, choices, others):
        meanings = {**others, **{fold(label): value for value, label in choices.choices}}
        return cls(what, meanings, dict(choices.choices))

    def offer(self, text):
        """The known word that is most like ``text``, as we write it; otherwise all of them."""
        word = nearest(text, self.meanings)
        if word:
            return f"Did you mean “{self.labels[self.meanings[word]]}”?"
        return f"The words we know are: {', '.join(self.labels.values())}"


class Reading:
    """Takes the rows of a table from its headings on, and notes what is wrong where.

    A list says in a class of its own which columns it has: those of each row (``shown``), which of them
    are ``days`` or ``known_words``, how long each may be, and what a heading is (``columns_again``).
    ``stands_for``: the column by whose place another is named, where the sheet has parted it.
    """

    shown = ()
    days = frozenset()
    lines = frozenset()  # in which line breaks are kept
    known_words = {}  # noqa: RUF012 -- read only, as all of these
    longest = {}  # noqa: RUF012
    stands_for = {}  # noqa: RUF012
    no_rows = "There are headings in this file but no rows under them. Fill in a row, and try again."

    @classmethod
    def of(cls, content, suffix, *, find, refuse):
        """What stands in a file (bytes) that ``check_file`` found to be a ``suffix``; see ``find_table``.

        Gives ``{"sheet", "columns": {"post": "D"}, "rows", "problems": [{"at": "C7", "says": "…"}],
        "left_out", "unread"}``: headings of columns that mean nothing to us, and cells that are empty because
        they are merged. A row has ``number`` and a text for each of ``shown``, in which a known word stands as
        the value it means and a day as "2027-01-31". Raises UnreadableFile.
        """
        try:
            read = cls(find_table(content, suffix, find=find, refuse=refuse))
            for number, cells in read.table.rows:
                read.take(number, cells)
        except UnreadableFile:
            raise
        except MemoryError as error:
            raise UnreadableFile(TOO_LARGE) from error
        except Exception as error:  # a file can be wrong in any way; each is a sentence, never a crash
            raise UnreadableFile(DAMAGED) from error
        return read.answer()

    def __init__(self, table):
        self.table, self.number, self.columns = table, table.number, table.columns
        self.rows, self.problems, self.left_out, self.unread = [], [], [], []
        self.heading_texts = None
        self.merged = [(ref, range_boundaries(ref)) for ref in table.merged]

    # What a list says of itself

    def columns_again(self, text):
        """The columns that this second heading would be of."""
        raise NotImplementedError

    def understand(self, texts):
        """The texts of a row, put together where the sheet has parted them."""
        return texts

    def understand_text(self, column, text, at):
        return text

    # Rows

    def take(self, number, cells):
        if number == self.number:
            self._take_headings(cells)
            return
        own = {column: cells[index] if index < len(cells) else EMPTY for column, index in self.columns.items()}
        if not any(cell.text or cell.is_formula for cell in own.values()):
            return
        texts = {column: cell.text for column, cell in own.items()}
        if texts == self.heading_texts:  # printed again on every page
            return
        if len(self.rows) == MOST_ROWS:
            raise UnreadableFile(TOO_MANY_ROWS)
        self.rows.append({"number": number, **self._understand(number, own)})

    def _take_headings(self, cells):
        self.heading_texts = {column: cells[index].text for column, index in self.columns.items()}
        known = set(self.columns.values())
        for index, cell in enumerate(cells):
            if not cell.text or index in known:
                continue
            at = f"{get_column_letter(index + 1)}{self.number}"
            again = self.columns_again(cell.text)
            for column in again:
                first = f"{self._letter(column)}{self.number}"
                self.problem(at, f"This is headed like {first}: we can’t tell which of the two to read. Rename one")
            if not again:
                self.left_out.append(f"{cell.text} ({at})")

    def _letter(self, column):
        index = self.columns.get(column, self.columns.get(self.stands_for.get(column, column)))
        return get_column_letter(index + 1) if index is not None else ""

    def problem(self, at, says):
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"at": at, "says": says})

    def _understand(self, number, own):
        texts = {}
        for column, cell in own.items():
            at = f"{get_column_letter(self.columns[column] + 1)}{number}"
            texts[column] = self.understand_cell(column, cell, at)
        texts = self.understand(texts)
        return {column: texts.get(column, "") for column in self.shown}

    def understand_cell(self, column, cell, at):
        if cell.is_formula:
            self.problem(at, "This holds a formula. Paste its value over it")
            return ""
        if cell.is_error:
            self.problem(at, f"This holds an error ({cell.text}). Type what it should say")
            return ""
        if column in self.days:
            return self.day(cell, at)
        text = cell.text
        if column in self.lines:
            text = "\n".join(filter(None, map(plain, str(cell.value or "").splitlines())))
        if len(text) > self.longest.get(column, len(text)):
            self.problem(at, f"This is too long: use {self.longest[column]} characters or fewer")
            return ""
        if text and column in self.known_words:
            return self._known_word(self.known_words[column], text, at)
        return self.understand_text(column, text, at) if text else ""

    def _known_word(self, words, text, at):
        known = words.meanings.get(fold(text))
        if known is None:
            self.problem(at, f"We know no {words.what} “{shortened(text)}”. {words.offer(text)}")
            return ""
        return known

    def day(self, cell, at):
        value = cell.value.date() if isinstance(cell.value, datetime) else cell.value
        if not cell.text:
            return ""
        if isinstance(value, str):
            value = day_of(cell.text)
        if not isinstance(value, date):
            self.problem(at, f"We can’t read “{shortened(cell.text)}” as a day. Write it like 1 April 2025")
            return ""
        if value.year not in YEARS:
            self.problem(at, f"The year {value.year} can’t be right")
            return ""
        return value.isoformat()

    # What it comes to

    def answer(self):
        if not self.rows and not self.problems:
            raise UnreadableFile(self.no_rows)
        self._note_merged()
        self._note_hidden()
        return {
            "sheet": self.table.title,
            "columns": {column: self._letter(column) for column in self.shown if self._letter(column)},
            "rows": self.rows,
            "problems": self.problems,
            "left_out": self.left_out,
            "unread": self.unread,
        }

    def _note_merged(self):
        """A merged cell stands for one row or for many: only its owner knows."""
        columns = {index + 1 for index in self.columns.values()}
        for ref, (first_column, first_row, last_column, last_row) in self.merged:
            ours = columns & set(range(first_column, last_column + 1))
            if last_row <= self.number or not ours:
                continue
            first = ref.partition(":")[0]
            self.problem(first, f"Cells are merged here: unmerge {ref}, and write in each row what belongs to it")
            rows = [row["number"] for row in self.rows if first_row <= row["number"] <= last_row]
            cells = {f"{get_column_letter(column)}{number}" for number in rows for column in ours}
            self.unread += sorted(cells - {first})

    def _note_hidden(self):
        hidden = sorted({row["number"] for row in self.rows} & self.table.hidden)
        for first, last in runs(hidden):
            rows = f"Row {first} is" if first == last else f"Rows {first} to {last} are"
            self.problem(
                f"A{first}",
                f"{rows} hidden, perhaps by a filter. Show it or delete it, so that you see all that you bring",
            )
