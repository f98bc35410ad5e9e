"""Read a spreadsheet of actions: the first sheet with our headings, one action a row.

As with people (``sheet_lists``), other headings and dates as words are read, and what could be read in two
ways is a problem with the name of its cell.
"""

from partnership.models import MeetingAction
from partnership.sheet_lists import Reading, Words, heading_of
from partnership.sheets import fold

OPEN, CLOSED = "open", "closed"

# What each column may be headed, as ``heading_of`` folds it.
HEADINGS = {
    "ref": {"ref", "ref no", "reference", "no", "number", "action no", "action ref", "action number", "id",
            "action id"},
    "text": {"action", "actions", "agreed action", "action agreed", "action required", "what", "task", "action point",
             "description", "what is to be done"},
    "lead": {"lead", "leads", "owner", "action owner", "by whom", "who", "responsible", "lead officer", "lead agency",
             "lead person", "responsible person", "person responsible", "assigned to", "action by"},
    "due_on": {"due", "due date", "date due", "due on", "by when", "deadline", "target date", "target", "timescale",
               "when", "complete by", "to be done by"},
    "update": {"update", "updates", "latest update", "progress", "progress update", "comments", "comment", "notes",
               "update progress", "current position"},
    "status": {"status", "state", "rag", "brag", "rag status", "rag rating", "open closed", "open or closed"},
    "closed_on": {"closed", "closed on", "date closed", "closed date", "closure date", "completed", "completed on",
                  "date completed", "completion date", "date of completion"},
    "outcome": {"outcome", "result", "what came of it"},
}  # fmt: skip
NEEDED = {"text": "Action", "due_on": "Due"}

STATUS_WORDS = Words(
    "status",
    dict.fromkeys(
        ["open", "in progress", "ongoing", "on going", "on track", "not started", "not yet started", "outstanding"]
        + ["overdue", "delayed", "red", "amber", "green", "r", "a", "g", "new", "o"],
        OPEN,
    )
    | dict.fromkeys(
        ["closed", "complete", "completed", "done", "discharged", "finished", "blue", "b", "c"],
        CLOSED,
    ),
    {OPEN: "Open", CLOSED: "Closed"},
)
IS_CLOSED = {"yes", "y", "x", "✓", "✔", "closed", "done", "complete", "completed"}
NOT_CLOSED = {"no", "n", "-", "open", "n/a", "not yet"}
LONGEST = {
    "ref": MeetingAction._meta.get_field("ref").max_length,
    "text": 2_000,
    "update": 2_000,
    "outcome": 2_000,
    "lead": 200,
}


def read_actions(content, suffix):
    """What stands in a file (bytes) that ``check_file`` found to be a ``suffix``, as ``Reading.of`` gives it."""
    return ActionReading.of(content, suffix, find=find_headings, refuse=no_headings)


def find_headings(rows):
    """(number of the row, {column: index}) of the first row that has what is needed, and the best that has not."""
    best = {}
    for number, cells in rows:
        columns = columns_of([cell.text for cell in cells])
        if not NEEDED.keys() - columns.keys():
            return number, columns
        if len(columns) > len(best):
            best = columns
    return None, best


def columns_of(texts):
    """{column: index} of the headings known; the first of two alike counts."""
    columns = {}
    for index, text in enumerate(texts):
        heading = heading_of(text)
        for column, headings in HEADINGS.items():
            if heading in headings:
                columns.setdefault(column, index)
    return columns


def no_headings(best, title):
    where = f"The sheet “{title}”" if title else "This file"
    missing = [words for column, words in NEEDED.items() if column not in best]
    if best and missing:
        return f"{where} has no column headed {' and none headed '.join(missing)}. Add it and bring the file again."
    return "We found no row with the headings Action, Lead and Due. Put them above your actions and try again."


class ActionReading(Reading):
    shown = tuple(HEADINGS)
    days = frozenset({"due_on", "closed_on"})
    lines = frozenset({"text", "update", "outcome"})
    known_words = {"status": STATUS_WORDS}  # noqa: RUF012
    longest = LONGEST
    no_rows = "There are headings in this file but no actions under them. Choose the file that holds them."

    def columns_again(self, text):
        return columns_of([text]).keys() & self.columns.keys()

    def understand_cell(self, column, cell, at):
        """A column "Closed" holds a day, or only whether it is."""
        words = fold(cell.text) if column == "closed_on" and not cell.is_formula else ""
        if words in NOT_CLOSED:
            return ""
        return CLOSED if words in IS_CLOSED else super().understand_cell(column, cell, at)
