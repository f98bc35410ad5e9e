"""What stands in a file of schools: the national establishment file, or an office's own sheet with e-mails.

A program for ``partnership.confined`` (no settings, no database): a national file has 27,000 schools, of which
a partnership keeps those of its areas, so only these leave this process. Rows are read one at a time.
"""

import csv
import io
import re
from collections import Counter
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from openpyxl import load_workbook

from partnership.confined import serve
from partnership.uploads import UnreadableFile

MOST_ROWS = 60_000  # the national file has 52,000, closed schools and all
MOST_COLUMNS = 300
MOST_PROBLEMS = 500
HEADINGS_WITHIN = 20  # rows
LONGEST_CELL = 2_000

# What each column is headed, without case, spaces and signs. The first are the national file's own.
HEADINGS = {
    "urn": {"urn", "schoolurn", "uniquereferencenumber"},
    "area_code": {"gsslacode", "gsslacodename"},
    "area_name": {"laname", "la", "localauthority", "area"},
    "establishment_number": {"establishmentnumber", "estab"},
    "name": {"establishmentname", "schoolname", "school", "name"},
    "kind": {"typeofestablishmentname"},
    "status": {"establishmentstatusname"},
    "phase": {"phaseofeducationname", "phase"},
    "opened_on": {"opendate"},
    "closed_on": {"closedate"},
    "street": {"street"},
    "locality": {"locality"},
    "address3": {"address3"},
    "town": {"town"},
    "county": {"countyname", "county"},
    "postcode": {"postcode"},
    "telephone": {"telephonenum", "telephone", "phone"},
    "head_honorific": {"headtitlename"},
    "head_first": {"headfirstname"},
    "head_last": {"headlastname"},
    "head_name": {"head", "headname", "headteacher", "headteachername", "nameofhead"},
    "head_title": {"headpreferredjobtitle", "headjobtitle"},
    "trust": {"trustsname", "trust"},
    "head_email": {"heademail", "heademailaddress", "headteacheremail", "headteachersemail", "headsemail",
                   "emailofhead", "headteacheremailaddress", "email", "emailaddress", "schoolemail", "mainemail"},
    "chair_name": {"chair", "chairname", "chairofgovernors", "chairofgovernorsname", "nameofchair"},
    "chair_email": {"chairemail", "chairemailaddress", "chairofgovernorsemail", "chairsemail", "emailofchair",
                    "chairofgovernorsemailaddress", "governorsemail"},
}  # fmt: skip
FIELD_OF = {heading: field for field, headings in HEADINGS.items() for heading in headings}
NATIONAL = {"urn", "name", "status"}  # a file with these is of the national kind
CONTACTS = {"head_name", "head_title", "head_email", "chair_name", "chair_email"}
STATUSES = {
    "open": "open",
    "openbutproposedtoclose": "closing",
    "closed": "closed",
    "proposedtoopen": "proposed",
}
LONGEST = {
    "name": 200,
    "kind": 120,
    "phase": 60,
    "establishment_number": 8,
    "trust": 200,
    "street": 160,
    "locality": 160,
    "town": 100,
    "county": 100,
    "postcode": 8,
    "telephone": 40,
    "head_name": 160,
    "head_title": 120,
    "head_email": 254,
    "chair_name": 160,
    "chair_email": 254,
}
# How each is called where something is wrong with it.
CALLED = {
    "name": "name of the school",
    "kind": "type of establishment",
    "status": "status",
    "phase": "phase",
    "establishment_number": "establishment number",
    "trust": "trust",
    "street": "street",
    "locality": "locality",
    "town": "town",
    "county": "county",
    "postcode": "postcode",
    "telephone": "telephone number",
    "head_name": "head’s name",
    "head_title": "what the head is called",
    "head_email": "head’s e-mail",
    "chair_name": "name of the chair of governors",
    "chair_email": "e-mail of the chair of governors",
    "opened_on": "day it opened",
    "closed_on": "day it closed",
    "area": "area",
}
DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")

NO_HEADINGS = (
    "We found no row of headings with URN in this file. Bring the national file as it was downloaded, or a list "
    "with the columns URN, Head e-mail, Chair name and Chair e-mail."
)
NOTHING_TO_BRING = (
    "This file has URNs but nothing we know to bring beside them. The national file has EstablishmentName and "
    "EstablishmentStatus (name); a list of your own has Head e-mail, Chair name or Chair e-mail."
)
NO_STATUS = (
    "This file has names of schools but no column EstablishmentStatus (name), without which nobody knows which are "
    "closed. Download the national file with all its columns, or bring a list with URN and e-mails alone."
)
NO_AREA = "This file has no column GSSLACode (name) and none LA (name), so nobody knows whose schools they are."
NO_ROWS = "There are headings in this file but no schools under them."
TOO_MANY_ROWS = f"This file has more than {MOST_ROWS:,} rows. Take out the schools of other areas and try again."
QUOTE = "A quotation mark in this file is not closed. Download it again, or save it again as CSV."


def main(question, files):
    """``question``: {"suffix", "areas": [{"pk", "name", "code"}]}. The answer as ``Reading.answer`` gives it."""
    [content] = files
    rows = rows_of_workbook(content) if question["suffix"] == ".xlsx" else rows_of_csv(content)
    reading = Reading(question["areas"])
    try:
        for number, cells in rows:
            reading.take(number, cells)
    except csv.Error as fault:
        raise UnreadableFile(QUOTE) from fault
    return reading.answer(), []


# Rows


def rows_of_csv(content):
    """(number of the line, texts) each: numbers as a text editor shows them."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding_of(content), errors="replace", newline="")
    start = text.read(5_000)
    text.seek(0)
    csv.field_size_limit(LONGEST_CELL * 10)
    reader = csv.reader((line.replace("\0", "") for line in text), delimiter=max(",;\t", key=start.count))
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def encoding_of(content):
    """The national file comes in the old letters of Windows; Excel writes UTF-8, with a mark before it or without."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def rows_of_workbook(content):
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        first = [(number, cells) for number, cells in rows_of_sheet(sheet, HEADINGS_WITHIN)]
        if any("urn" in columns_of(cells) for _number, cells in first):
            return rows_of_sheet(sheet, None)
    raise UnreadableFile(NO_HEADINGS)


def rows_of_sheet(sheet, most):
    rows = sheet.iter_rows(max_row=most, max_col=MOST_COLUMNS, values_only=True)
    for number, values in enumerate(rows, start=1):
        yield number, [text_of(value) for value in values]


def text_of(value):
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def fold(text):
    """To compare by: no case, spaces or signs."""
    return re.sub(r"[^a-z0-9]", "", text.casefold().replace("&", "and"))


def columns_of(cells):
    """{field: index} of the headings we know; the first of two alike counts."""
    columns = {}
    for index, text in enumerate(cells[:MOST_COLUMNS]):
        field = FIELD_OF.get(fold(text))
        if field:
            columns.setdefault(field, index)
    return columns


def day_of(text):
    """ "2027-01-31" of "31-01-2027", "31/01/2027" or "2027-01-31"; None where it is no day."""
    iso, written = ISO_DAY.fullmatch(text), DAY.fullmatch(text)
    if not iso and not written:
        return None
    year, month, day = iso.groups() if iso else reversed(written.groups())
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


class Problem(Exception):
    """Why a row is left out: a sentence."""


class Reading:
    """Takes rows one at a time, keeps those of our areas, and notes what is wrong with which."""

    def __init__(self, areas):
        self.by_code = {area["code"].upper(): area["pk"] for area in areas if area["code"]}
        self.by_name = {fold(area["name"]): area["pk"] for area in areas}
        self.columns = {}
        self.is_national = False
        self.rows, self.problems, self.first_of = [], [], {}
        self.problem_count = self.read_count = self.same_count = 0
        self.elsewhere = Counter()

    def take(self, number, cells):
        if not self.columns:
            self.look_for_headings(number, cells)
            return
        if not any(cell.strip() for cell in cells):
            return
        self.read_count += 1
        if self.read_count > MOST_ROWS:
            raise UnreadableFile(TOO_MANY_ROWS)
        texts = {
            field: " ".join(cells[index][:LONGEST_CELL].split()) if index < len(cells) else ""
            for field, index in self.columns.items()
        }
        try:
            self.keep(number, texts, is_short=len(cells) <= max(self.columns.values()))
        except Problem as problem:
            self.problem(number, str(problem))

    def look_for_headings(self, number, cells):
        columns = columns_of(cells)
        if "urn" in columns:
            self.columns = columns
            self.is_national = columns.keys() >= NATIONAL
            self.check_headings()
        elif number >= HEADINGS_WITHIN:
            raise UnreadableFile(NO_HEADINGS)

    def check_headings(self):
        found = self.columns.keys()
        if self.is_national:
            if not found & {"area_code", "area_name"}:
                raise UnreadableFile(NO_AREA)
        elif not found & CONTACTS:
            raise UnreadableFile(NO_STATUS if "name" in found else NOTHING_TO_BRING)

    def keep(self, number, texts, *, is_short):
        area = self.area_of(texts)
        if self.is_national and area is None:
            self.elsewhere[texts.get("area_name", "")] += 1
            return
        if is_short and self.is_national:
            raise Problem("This row ends before the last column: a line break has come into it, or it was cut off.")
        row = self.understand(texts, area)
        first = self.first_of.get(row["urn"])
        if first is None:
            self.first_of[row["urn"]] = (number, row)
            self.rows.append({"number": number, **row})
        elif first[1] == row:
            self.same_count += 1
        else:
            raise Problem(self.differently(first, row))

    def area_of(self, texts):
        code = texts.get("area_code", "").upper()
        if code and code in self.by_code:
            return self.by_code[code]
        return self.by_name.get(fold(texts.get("area_name", ""))) if texts.get("area_name") else None

    def understand(self, texts, area):
        row = {"urn": urn_of(texts["urn"])}
        row |= self.understand_school(texts, area) if self.is_national else {}
        for field in CONTACTS & texts.keys():
            row[field] = texts[field]
        if {"head_first", "head_last"} & texts.keys():
            parts = (texts.get(part, "") for part in ("head_honorific", "head_first", "head_last"))
            row["head_name"] = " ".join(filter(None, parts)) or texts.get("head_name", "")
        for field in ("head_email", "chair_email"):
            if row.get(field):
                row[field] = email_of(row[field], field)
        for field, longest in LONGEST.items():
            if len(row.get(field, "")) > longest:
                raise Problem(f"The {CALLED[field]} is longer than {longest} characters.")
        return row

    def understand_school(self, texts, area):
        if not texts["name"]:
            raise Problem("This school has no name.")
        status = STATUSES.get(fold(texts["status"]))
        if status is None:
            raise Problem(f"We know no status “{texts['status'][:40]}”: a school is open, closed or proposed.")
        row = {"area": area, "status": status}
        for field in LONGEST.keys() - CONTACTS:
            if field in texts:
                row[field] = "" if fold(texts[field]) == "notapplicable" else texts[field]
        if texts.get("address3"):
            row["locality"] = ", ".join(filter(None, [row.get("locality", ""), texts["address3"]]))
        for field in ("opened_on", "closed_on"):
            if texts.get(field):
                row[field] = day_of(texts[field])
                if row[field] is None:
                    raise Problem(f"“{texts[field][:40]}” is no day: the {CALLED[field]} is written like 31-08-2026.")
        return row

    def differently(self, first, row):
        number, before = first
        differs = sorted(field for field in before.keys() | row.keys() if before.get(field) != row.get(field))
        words = "; ".join(
            f"{CALLED[field]} “{before.get(field, '')}” there, “{row.get(field, '')}” here"
            if field != "area"
            else "another area"
            for field in differs
        )
        return f"URN {row['urn']} stands in row {number} already, with other words ({words}). Row {number} counts."

    def problem(self, number, says):
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"row": number, "says": says})

    def answer(self):
        """{"is_national", "fields", "rows", "problems": [{"row", "says"}], counts of what else was found}."""
        if not self.columns:
            raise UnreadableFile(NO_HEADINGS)
        if not self.read_count:
            raise UnreadableFile(NO_ROWS)
        return {
            "is_national": self.is_national,
            "rows": self.rows,
            "problems": self.problems,
            "problem_count": self.problem_count,
            "read_count": self.read_count,
            "same_count": self.same_count,
            "elsewhere_count": self.elsewhere.total(),
            "elsewhere": [[name, count] for name, count in self.elsewhere.most_common(8)],
        }


def urn_of(text):
    if not text:
        raise Problem("This row has no URN.")
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:10]) < 10_000_000):
        raise Problem(f"“{text[:40]}” is no URN: that is a number of five to seven figures.")
    return int(text)


def email_of(text, field):
    text = text.removeprefix("mailto:").strip("<>; ")
    try:
        validate_email(text)
    except ValidationError:
        raise Problem(f"“{text[:60]}” is no e-mail address: write the {CALLED[field]} like name@example.org.") from None
    if not text.isascii():
        raise Problem(f"“{text[:60]}” has a letter that only looks like one of ours: type the address again by hand.")
    return text


if __name__ == "__main__":
    serve(main)
