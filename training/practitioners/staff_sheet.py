"""Read lists that agencies keep: their staff, and who gained what elsewhere. From a file, or pasted.

As with people (``partnership.sheet_lists``): other headings and dates as words are read, and what could be read in two
ways is a problem with the name of its cell. Nothing is asked of the database here.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from partnership.sheet_lists import Reading, heading_of
from partnership.sheets import shortened
from training.models import CompetencyRecord, Practitioner

# What each column may be headed, as ``heading_of`` folds it.
STAFF = {
    "name": {"name", "full name", "person", "employee", "employee name", "staff name", "practitioner", "staff member"},
    "first_name": {"first name", "forename", "given name"},
    "last_name": {"last name", "surname", "family name"},
    "email": {"email", "email address", "work email", "e mail", "mail", "work email address"},
    "job": {"job", "job title", "post", "post title", "position"},
    "role": {"role", "role in the framework", "framework role", "staff group", "job role"},
    "began_on": {"began", "began on", "start", "start date", "started", "in post since", "since", "date started"},
    "manager_name": {"manager", "manager s name", "manager name", "managers name", "line manager", "supervisor"},
    "manager_email": {"manager s email", "manager email", "managers email", "line manager email",
                      "line manager s email", "managers email address", "manager email address"},
}  # fmt: skip
GAINED = {
    "name": STAFF["name"],
    "first_name": STAFF["first_name"],
    "last_name": STAFF["last_name"],
    "email": STAFF["email"],
    "competency": {"competency", "competence", "what", "course", "training", "gained"},
    "gained_on": {"gained on", "date", "day", "when", "completed", "completed on", "date completed", "gained"},
    "evidence": {"how", "evidence", "proof", "how gained", "certificate", "provider"},
}
NAMES = {"first_name", "last_name"}
NO_HEADINGS = "We found no row with the headings {headings}. Put them above your list and try again."
NO_ROWS = "There are headings but no rows under them. Fill in a row for each person, and try again."


class OfPeople(Reading):
    """A list of people, whose name may be parted and whose addresses are read."""

    headings = {}  # noqa: RUF012 -- read only, as all of these
    needed = {}  # noqa: RUF012
    addresses = frozenset()
    no_rows = NO_ROWS
    stands_for = {"name": "last_name"}  # noqa: RUF012

    @classmethod
    def read(cls, content, suffix):
        """What stands in a file (bytes) of kind ``suffix``, as ``Reading.of`` gives it. Raises UnreadableFile."""
        return cls.of(content, suffix, find=cls.find_headings, refuse=cls.refuse)

    @classmethod
    def columns_of(cls, texts):
        """{column: index} of the headings known; the first of two alike counts."""
        columns = {}
        for index, text in enumerate(texts):
            heading = heading_of(text)
            for column, known in cls.headings.items():
                if heading in known and column not in columns:
                    columns[column] = index
                    break
        return columns

    @classmethod
    def find_headings(cls, rows):
        best = {}
        for number, cells in rows:
            columns = cls.columns_of([cell.text for cell in cells])
            if not cls.needed.keys() - columns.keys() - ({"name"} if "last_name" in columns else set()):
                return number, columns
            if len(columns) > len(best):
                best = columns
        return None, best

    @classmethod
    def refuse(cls, best, title):
        missing = [words for column, words in cls.needed.items() if column not in best]
        if best and missing:
            where = f"The sheet “{title}”" if title else "This list"
            return f"{where} has no column headed {' and none headed '.join(missing)}. Add it and try again."
        return NO_HEADINGS.format(headings=" and ".join(cls.needed.values()))

    def columns_again(self, text):
        return self.columns_of([text]).keys() & self.columns.keys()

    def understand(self, texts):
        if "name" not in texts:
            texts["name"] = f"{texts.pop('first_name', '')} {texts.pop('last_name', '')}".strip()
        return texts

    def understand_text(self, column, text, at):
        if column not in self.addresses:
            return text
        text = text.removeprefix("mailto:").strip("<>; ").lower()
        try:
            validate_email(text)
        except ValidationError:
            self.problem(at, f"“{shortened(text)}” is not an e-mail address. Write it like name@example.org")
            return ""
        if not text.isascii():
            self.problem(at, f"“{text}” has a letter that only looks like one of ours. Type the address again by hand")
            return ""
        return text


def longest_of(model, *names):
    return {name: model._meta.get_field(name).max_length for name in names}


class StaffReading(OfPeople):
    headings = STAFF
    needed = {"name": "Name"}  # noqa: RUF012
    shown = ("name", "email", "job", "role", "began_on", "manager_name", "manager_email")
    days = frozenset({"began_on"})
    addresses = frozenset({"email", "manager_email"})
    longest = longest_of(Practitioner, "name", "email", "job", "manager_name", "manager_email") | {
        "first_name": 59,
        "last_name": 60,
        "role": 160,
    }


class GainedReading(OfPeople):
    headings = GAINED
    needed = {"competency": "Competency", "gained_on": "Date"}  # noqa: RUF012
    shown = ("name", "email", "competency", "gained_on", "evidence")
    days = frozenset({"gained_on"})
    addresses = frozenset({"email"})
    longest = longest_of(CompetencyRecord, "evidence") | {"name": 120, "competency": 240}
