"""Read a spreadsheet of people: the first sheet with our headings, one post and its holder a row.

What offices really keep is read forgivingly (other headings, dates as words, spaces that only look
like spaces); what could be read in two ways is a problem with the name of its cell. Nothing is asked
of the database here, and no more is read than a list of people can hold.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from partnership.models import Group, GroupMember, Membership, Organisation, Post, User
from partnership.sheet_lists import Reading, Words, heading_of
from partnership.sheets import shortened

NO_ROWS = "There are headings in this file but no rows under them. Fill in one row for each post, and try again."

# What each column may be headed, as ``heading_of`` folds it.
HEADINGS = {
    "organisation": {"organisation", "organization", "agency", "organisation name", "employer", "partner agency"},
    "kind": {
        "kind",
        "kind of organisation",
        "organisation kind",
        "organisation type",
        "type of organisation",
        "sector",
    },
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

    As ``Reading.of`` gives it; a row has a text for each of ``OUR_HEADINGS``. Raises UnreadableFile.
    """
    return PeopleReading.of(content, suffix, find=find_headings, refuse=no_headings)


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


class PeopleReading(Reading):
    shown = tuple(OUR_HEADINGS)
    known_words = KNOWN_WORDS
    longest = LONGEST
    days = frozenset({"from_on"})
    no_rows = NO_ROWS
    stands_for = {"name": "last_name"}  # noqa: RUF012

    def columns_again(self, text):
        return () if heading_of(text) == "role" else columns_of([text]).keys() & self.columns.keys()

    def understand(self, texts):
        if "name" not in texts:
            texts["name"] = f"{texts.pop('first_name', '')} {texts.pop('last_name', '')}".strip()
        return texts

    def understand_text(self, column, text, at):
        return self._address(text, at) if column == "email" else text

    def _address(self, text, at):
        text = text.removeprefix("mailto:").strip("<>; ")
        try:
            validate_email(text)
        except ValidationError:
            self.problem(at, f"“{shortened(text)}” is not an e-mail address. Write it like name@example.org")
            return ""
        if not text.isascii():
            self.problem(at, f"“{text}” has a letter that only looks like one of ours. Type the address again by hand")
            return ""
        return text
