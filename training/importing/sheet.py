"""Read a log of training: a row for each person, or a row for each event with a column for each agency.

Everything is kept as the text that stood in its cell; what it means is asked each time it is shown (``draft``).
Nothing is asked of the database here.
"""

from datetime import date, datetime

from openpyxl.utils import get_column_letter

from partnership.sheet_lists import heading_of
from partnership.sheets import MOST_ROWS, TOO_MANY_ROWS, find_table
from partnership.uploads import UnreadableFile
from partnership.workbook_reading import DAMAGED

# What each column may be headed, as ``heading_of`` folds it.
HEADINGS = {
    "event": {
        *("event", "course", "course title", "event title", "training", "title", "name of course", "course name"),
        *("training course", "session", "training event", "module"),
    },
    "date": {
        *(
            "date",
            "day",
            "date of event",
            "event date",
            "course date",
            "date of course",
            "when",
            "held on",
            "start date",
        ),
        *("date held", "training date", "session date"),
    },
    "person": {
        *("name", "person", "full name", "delegate", "delegate name", "participant", "attendee", "participant name"),
        *("name of delegate", "attendee name", "practitioner"),
    },
    "first_name": {"first name", "forename", "given name"},
    "last_name": {"last name", "surname", "family name"},
    "organisation": {
        *("organisation", "organization", "agency", "employer", "organisation agency", "agency organisation", "from"),
        *("delegate organisation", "delegate agency", "company", "service"),
    },
    "email": {"email", "email address", "work email", "e mail", "work email address", "delegate email"},
    "attended": {
        *("attended", "attendance", "came", "present", "attended y n", "did they attend", "status", "outcome"),
        *("attendance status", "what became of it"),
    },
    "mode": {"mode", "method", "delivery", "how", "type", "delivery method", "way", "format"},
    "trainer": {
        *(
            "trainer agency",
            "trainer",
            "trainers",
            "delivered by",
            "trainer organisation",
            "trainers agency",
            "provider",
        ),
    },
    "trainer_days": {"trainer days", "days", "trainer day", "number of trainer days", "trainer days given"},
    "length": {"length", "length in days", "duration", "length in training days", "duration in days"},
    "booked": {"booked", "places booked", "places taken", "taken", "bookings", "number booked"},
    "attended_count": {"number attended", "total attended", "attendees", "attendances", "number of attendees"},
    "missed_count": {
        *("no shows", "no show", "did not attend", "dna", "dnas", "non attendance", "non attenders", "missed"),
    },
    "capacity": {"capacity", "places", "places offered", "max", "maximum"},
    "venue": {"venue", "place", "where", "location"},
}
NOT_AGENCIES = {
    *("cancelled", "cancellations", "waiting", "waiting list", "evaluation", "comments", "notes", "ref", "reference"),
    *("total", "number", "cost", "month", "year", "quarter", "level", "time", "id", "no", "average", "percentage"),
}
MISSED_ENDINGS = (" did not attend", " no shows", " no show", " dna", " missed")
PERSON, EVENT = "person", "event"
NO_HEADINGS = (
    "We found no row with headings of a log: one for the course (like “Course”) and one for its date (like “Date”). "
    "Put them above the rows and try again."
)
NO_WHO = (
    "There is a course and a date, but neither a column of names nor one of numbers. Add “Name” and “Organisation”, "
    "or “Attended” with a number for each event, and try again."
)
NO_ROWS = "There are headings but no rows under them."
LONGEST = 300


def columns_of(texts):
    """{column: index}; the first of two alike counts."""
    columns = {}
    for index, text in enumerate(texts):
        heading = heading_of(text)
        for column, known in HEADINGS.items():
            if heading in known and column not in columns:
                columns[column] = index
                break
    return columns


def find_headings(rows):
    best = {}
    for number, cells in rows:
        columns = columns_of([cell.text for cell in cells])
        if {"event", "date"} <= columns.keys():
            return number, columns
        if len(columns) > len(best):
            best = columns
    return None, best


def read_log(content, suffix):
    """What stands in a file (bytes; ".xlsx" or ".csv"). Raises UnreadableFile.

    ``{"shape", "sheet", "columns": {field: letter}, "agencies": [[letter, name, "attended" or "missed"]],
    "rows": [{"number", field: text, "agencies": [text …]}]}``
    """
    table = find_table(content, suffix, find=find_headings, refuse=lambda best, title: NO_HEADINGS)
    try:
        rows = [(number, cells) for number, cells in table.rows]
    except UnreadableFile:
        raise
    except Exception as fault:  # openpyxl raises anything over a damaged file
        raise UnreadableFile(DAMAGED) from fault
    columns, heads = dict(table.columns), [cell.text for cell in rows[0][1]]
    is_of_people = "organisation" in columns and bool({"person", "last_name"} & columns.keys())
    agencies = [] if is_of_people else agencies_in(heads, columns)
    if not is_of_people:
        if "attended_count" not in columns and "attended" in columns:
            columns["attended_count"] = columns.pop("attended")
        if not agencies and "attended_count" not in columns:
            raise UnreadableFile(NO_WHO)
    read = [row_of(number, cells, columns, agencies) for number, cells in rows[1:]]
    read = [row for row in read if row]
    if not read:
        raise UnreadableFile(NO_ROWS)
    if len(read) > MOST_ROWS:
        raise UnreadableFile(TOO_MANY_ROWS)
    return {
        "shape": PERSON if is_of_people else EVENT,
        "sheet": table.title,
        "columns": {name: get_column_letter(index + 1) for name, index in columns.items()},
        "agencies": [[get_column_letter(index + 1), name, what] for index, name, what in agencies],
        "rows": read,
    }


def agencies_in(heads, columns):
    """(index, name, "attended" or "missed") of the columns that are no other known one."""
    known, found = set(columns.values()), []
    for index, head in enumerate(heads):
        heading = heading_of(head)
        if index in known or not heading or heading in NOT_AGENCIES:
            continue
        ending = next((each for each in MISSED_ENDINGS if heading.endswith(each)), "")
        if ending:
            words = head.split()
            found.append((index, " ".join(words[: len(words) - len(ending.split())]).rstrip(" ,:-"), "missed"))
        else:
            found.append((index, head, "attended"))
    return found


def row_of(number, cells, columns, agencies):
    """Texts of one row; None of an empty one."""
    texts = [text_of(cell) for cell in cells]
    at = dict(enumerate(texts))
    row = {name: at.get(index, "")[:LONGEST] for name, index in columns.items() if at.get(index)}
    counts = [at.get(index, "")[:20] for index, _name, _what in agencies]
    if "person" not in row and ("first_name" in row or "last_name" in row):
        row["person"] = f"{row.pop('first_name', '')} {row.pop('last_name', '')}".strip()
    if not row and not any(counts):
        return None
    return {"number": number, **row, "agencies": counts}


def text_of(cell):
    if cell.is_formula:
        return f"={cell.text.lstrip('=')}"
    if isinstance(cell.value, (date, datetime)):
        return cell.value.strftime("%Y-%m-%d")
    return cell.text
