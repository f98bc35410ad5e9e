"""What a document says that disagrees with itself or with what we know: pointed at, never put right by us.

The reader finds what the document alone can tell (``plans.importer.names``). Here is what needs our own
records: the partnerships' names, and which editions of guidance there are. A finding is a doubt like any
other: it has a place, says what to do, and keeps nobody from going on.
"""

import re
from difflib import SequenceMatcher

from partnership.models import Partnership, RuleSet
from plans.importer.names import EDITION_DOUBT, texts_of

# "Ashford Vale Safeguarding Children Partnership Board"; what stands in capitals throughout is a headline.
_NAME = re.compile(
    r"\b((?:[A-Z][\w’'-]*[a-z][\w’'-]*(?:,| and| &)? ){1,6})Safeguarding (Children|Adults?)(?:’s|'s)? "
    r"(?:Partnership Board|Partnership|Board)\b"
)
ALIKE_AREAS = 0.7  # "Leicestershire" and "Leicester" are 0.78; "Millbrook" and "Ashford Vale" 0.3


def with_findings(understood, partnerships):
    """What was read, with the doubts that our records add and without those that they settle. Two queries."""
    years = _known_years()
    doubts = [doubt for doubt in understood["doubts"] if not _is_settled(doubt, years)]
    found = list(_names(understood["plan"], partnerships))
    return understood | {"doubts": [*doubts, *found]}


def _known_years():
    """The years of the editions of Working Together that the installation has rules of."""
    titles = RuleSet.objects.filter(title__icontains="working together").values_list("title", flat=True)
    return {year for title in titles for year in re.findall(r"\b20\d\d\b", title)}


def _is_settled(doubt, years):
    said = EDITION_DOUBT.search(doubt["says"])
    return bool(said) and said[1] in years


def _names(plan, partnerships):
    """A partnership's name that is nearly, and not quite, that of a record: once for each way it is written."""
    known = [_fold(name) for name in Partnership.objects.values_list("name", flat=True)]
    own = [(match, partnership.name) for partnership in partnerships if (match := _NAME.search(partnership.name))]
    said = set()
    for at, text in texts_of(plan):
        for match in _NAME.finditer(text):
            if any(f" {_fold(match.group())}".endswith(f" {name}") for name in known):
                continue
            name, record = next(filter(None, (_near(match, *each) for each in own)), ("", ""))
            if record and _fold(name) not in said:
                said.add(_fold(name))
                says = (
                    f"“{name}” is not how the record writes “{record}”. Check which of them is meant, and write it so."
                )
                yield {"at": at, "says": says}


def _near(match, mine, record):
    """(the name as written, the record's) where both are of one kind, and their areas' names nearly the same."""
    if match[2][0] != mine[2][0]:
        return None
    words = match[1].split()  # those that begin the sentence are among them
    likely = [
        (SequenceMatcher(None, _fold(" ".join(words[at:])), _fold(mine[1])).ratio(), at) for at in range(len(words))
    ]
    ratio, at = max(likely)
    if ratio < ALIKE_AREAS:
        return None
    return " ".join([*words[at:], match.group()[len(match[1]) :].strip()]), record


def _fold(name):
    return " ".join(name.casefold().replace("&", "and").replace("’", "'").replace(",", "").split())
