"""Read a spreadsheet of people: the first sheet with our headings, one post and its holder a row.

What offices really keep is read forgivingly (other headings, dates as words, spaces that only look
like spaces); what could be read in two ways is a problem with the name of its cell. Nothing is asked
of the database here, and no more is read than a list of people can hold.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from openpyxl.utils import get_column_letter, range_boundaries

from partnership.models import Group, GroupMember, Membership, Organisation, Post, User
from partnership.sheets import (
    DAMAGED,
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

MOST_PROBLEMS = 1_000
YEARS = range(1950, 2101)

NO_ROWS = "There are headings in this file but no rows under them. Fill in one row for each post, and try again."

# What each column may be headed, as ``heading_of`` folds it.
HEADINGS = {
    "organisation": {"organisation", "organization", "agency", "organisation name", "employer", "partner agency"},
    "kind": {"kind of organisation", "organisation kind", "organisation type", "type of organisation", "sector"},
    "membership": {"membership", "membership role", "role in partnership", "role in the partnership", "member type"},
    "post": {"post", "post title", "job title", "job", "position", "job role"},
    "name": {"name", "full name", "person", "held by", "holder", "post holder", "postholder", "contact name"},
    "first_name": {"first name", "forename", "given name"},
    "last_name": {"last name", "surname", "family name"},
    "email": {"email", "email address", "e mail", "mail", "contact email"},
    "group": {"group", "board", "board or group", "subgroup", "sub group", "committee", "sits on", "group name"},
    "role": {"role in group", "role in the group", "role on group", "group role", "part", "seat"},
    "from_on": {"from", "from date", "start", "start date", "starts", "since", "in post since", "date from"},
}
NEEDED = {"post": "Post", "name": "Name", "email": "E-mail"}
# What stands in the template, in its order.
OUR_HEADINGS = {
    "organisation": "Organisation",
    "kind": "Kind of organisation",
    "membership": "Membership",
    "post": "Post",
    "name": "Name",
    "email": "E-mail",
    "group": "Group",
    "role": "Role in group",
    "from_on": "From",
}

KINDS = {
    "council": "local-authority",
    "county council": "local-authority",
    "city council": "local-authority",
    "la": "local-authority",
    "health": "health",
    "nhs": "health",
    "icb": "health",
    "integrated care board": "health",
    "ccg": "health",
    "agency": "relevant",
    "school": "education",
    "schools": "education",
    "college": "education",
    "charity": "voluntary",
    "voluntary": "voluntary",
    "voluntary sector": "voluntary",
    "vcs": "voluntary",
    "board": "board",
}
MEMBERSHIPS = {
    "statutory": "statutory",
    "statutory partner": "statutory",
    "safeguarding partner": "statutory",
    "partner": "statutory",
    "relevant": "relevant",
    "agency": "relevant",
    "virtual": "virtual",
    "via commissioner": "commissioner",
    "commissioner": "commissioner",
    "via reference group": "reference",
    "reference group": "reference",
    "observer": "observer",
}
ROLES = {
    "chairperson": "chair",
    "chair person": "chair",
    "deputy chair": "vice-chair",
    "vice": "vice-chair",
    "full member": "member",
    "deputy": "deputy",
    "adviser": "advisor",
}


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


KIND_WORDS = Words.of("kind of organisation", Organisation.Kind, KINDS)
MEMBERSHIP_WORDS = Words.of("membership", Membership.Role, MEMBERSHIPS)
ROLE_WORDS = Words.of("role in a group", GroupMember.Role, ROLES)
KNOWN_WORDS = {"kind": KIND_WORDS, "membership": MEMBERSHIP_WORDS, "role": ROLE_WORDS}
LONGEST = {
    "organisation": Organisation._meta.get_field("name").max_length,
    "post": Post._meta.get_field("title").max_length,
    "name": User._meta.get_field("name").max_length,
    "first_name": 59,
    "last_name": 60,
    "email": User._meta.get_field("email").max_length,
    "group": Group._meta.get_field("name").max_length,
}


def read_people(content, suffix):
    """What stands in a file (bytes) that ``check_file`` found to be a ``suffix`` (".xlsx" or ".csv").

    Gives ``{"sheet", "columns": {"post": "D"}, "rows", "problems": [{"at": "C7", "says": "…"}], "left_out",
    "unread"}``: headings of columns that mean nothing to us, and cells that are empty because they are merged.
    A row has ``number`` and a text for each of ``OUR_HEADINGS``, in which a known word stands as the
    value it means and a day as "2027-01-31". Raises UnreadableFile.
    """
    try:
        table = find_table(content, suffix, find=find_headings, refuse=no_headings)
        read = Reading(table)
        for number, cells in table.rows:
            read.take(number, cells)
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise UnreadableFile(TOO_LARGE) from error
    except Exception as error:  # a file can be wrong in any way; each is a sentence, never a crash
        raise UnreadableFile(DAMAGED) from error
    return read.answer()


# Headings


def find_headings(rows):
    """(number of the row, {column: index}) of the first row that has what is needed, and the best that has not."""
    best = {}
    for number, cells in rows:
        columns = columns_of([cell.text for cell in cells])
        if not NEEDED.keys() - columns.keys() - ({"name"} if "last_name" in columns else set()):
            return number, columns
        if len(columns) > len(best):
            best = columns
    return None, best


def columns_of(texts):
    """{column: index} of the headings known; the first of two alike counts."""
    columns, roles = {}, []
    for index, text in enumerate(texts):
        heading = heading_of(text)
        if heading == "role":
            roles.append(index)
        for column, headings in HEADINGS.items():
            if heading in headings:
                columns.setdefault(column, index)
    for index in roles:  # "Role" alone is a post, or beside a post the part in a group
        columns.setdefault("role" if "post" in columns else "post", index)
    return columns


def no_headings(best, title):
    where = f"The sheet “{title}”" if title else "This file"
    missing = [words for column, words in NEEDED.items() if column not in best]
    if len(best) > 1 and missing:
        return f"{where} has no column headed {' and none headed '.join(missing)}. Add it, or start from our template."
    return (
        "We found no row with the headings Post, Name and E-mail. Put them above your list, or start from our template."
    )


# Rows


class Reading:
    """Takes the rows of a table from its headings on, and notes what is wrong where."""

    def __init__(self, table):
        self.table, self.number, self.columns = table, table.number, table.columns
        self.rows, self.problems, self.left_out, self.unread = [], [], [], []
        self.heading_texts = None
        self.merged = [(ref, range_boundaries(ref)) for ref in table.merged]

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
            is_role_alone = heading_of(cell.text) == "role"
            again = () if is_role_alone else columns_of([cell.text]).keys() & self.columns.keys()
            for column in again:
                first = f"{self._letter(column)}{self.number}"
                self._problem(at, f"This is headed like {first}: we can’t tell which of the two to read. Rename one")
            if not again:
                self.left_out.append(f"{cell.text} ({at})")

    def _letter(self, column):
        index = self.columns.get(column, self.columns.get("last_name" if column == "name" else column))
        return get_column_letter(index + 1) if index is not None else ""

    def _problem(self, at, says):
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"at": at, "says": says})

    def _understand(self, number, own):
        texts = {}
        for column, cell in own.items():
            at = f"{get_column_letter(self.columns[column] + 1)}{number}"
            texts[column] = self._understand_cell(column, cell, at)
        if "name" not in texts:
            texts["name"] = f"{texts.pop('first_name', '')} {texts.pop('last_name', '')}".strip()
        return {column: texts.get(column, "") for column in OUR_HEADINGS}

    def _understand_cell(self, column, cell, at):
        if cell.is_formula:
            self._problem(at, "This holds a formula. Paste its value over it")
            return ""
        if cell.is_error:
            self._problem(at, f"This holds an error ({cell.text}). Type what it should say")
            return ""
        if column == "from_on":
            return self._day(cell, at)
        text = cell.text
        if len(text) > LONGEST.get(column, len(text)):
            self._problem(at, f"This is too long: use {LONGEST[column]} characters or fewer")
            return ""
        if text and column == "email":
            return self._address(text, at)
        if text and column in KNOWN_WORDS:
            return self._known_word(KNOWN_WORDS[column], text, at)
        return text

    def _address(self, text, at):
        text = text.removeprefix("mailto:").strip("<>; ")
        try:
            validate_email(text)
        except ValidationError:
            self._problem(at, f"“{shortened(text)}” is not an e-mail address. Write it like name@example.org")
            return ""
        if not text.isascii():
            self._problem(at, f"“{text}” has a letter that only looks like one of ours. Type the address again by hand")
            return ""
        return text

    def _known_word(self, words, text, at):
        known = words.meanings.get(fold(text))
        if known is None:
            self._problem(at, f"We know no {words.what} “{shortened(text)}”. {words.offer(text)}")
            return ""
        return known

    def _day(self, cell, at):
        value = cell.value.date() if isinstance(cell.value, datetime) else cell.value
        if not cell.text:
            return ""
        if isinstance(value, str):
            value = day_of(cell.text)
        if not isinstance(value, date):
            self._problem(at, f"We can’t read “{shortened(cell.text)}” as a day. Write it like 1 April 2025")
            return ""
        if value.year not in YEARS:
            self._problem(at, f"The year {value.year} can’t be right")
            return ""
        return value.isoformat()

    def answer(self):
        if not self.rows and not self.problems:
            raise UnreadableFile(NO_ROWS)
        self._note_merged()
        self._note_hidden()
        return {
            "sheet": self.table.title,
            "columns": {column: self._letter(column) for column in OUR_HEADINGS if self._letter(column)},
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
            self._problem(first, f"Cells are merged here: unmerge {ref}, and write in each row what belongs to it")
            rows = [row["number"] for row in self.rows if first_row <= row["number"] <= last_row]
            cells = {f"{get_column_letter(column)}{number}" for number in rows for column in ours}
            self.unread += sorted(cells - {first})

    def _note_hidden(self):
        hidden = sorted({row["number"] for row in self.rows} & self.table.hidden)
        for first, last in runs(hidden):
            rows = f"Row {first} is" if first == last else f"Rows {first} to {last} are"
            self._problem(
                f"A{first}",
                f"{rows} hidden, perhaps by a filter. Show it or delete it, so that you see all that you bring",
            )
