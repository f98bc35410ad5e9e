"""An offer: one thing that the year has shown, where it stands, and the headings that it serves."""

from dataclasses import dataclass
from datetime import date

from assurance.models import ReportEvidence

HOW_MUCH, HOW_WELL, DIFFERENCE = ReportEvidence.Shows

# What every report must have a heading for, by any rule set: where whatever fits nowhere else is filed.
ANYWHERE = ("impact", "strategy", "objective")


def serves(*codes):
    """The codes of headings, in order: of those that a report has, the first is where a thing is filed."""
    return (*codes, *(code for code in ANYWHERE if code not in codes))


IMPACT = ANYWHERE
PEOPLE = serves("impact", "objective")
FEEDBACK = serves("feedback", "objective")
LITTLE_PROGRESS = serves("little-progress")
LEARNING = serves("learning", "findings-implemented")
REFUSED = serves("findings-refused", "learning")
CONCLUDED = serves("reviews-concluded", "learning")
ONGOING = ("reviews-ongoing",)
DECISIONS = serves("decisions")
MEMBERS = serves("contribution", "members")
MONEY = serves("costs", "members")
EDUCATION = serves("education", "members")
DATA = serves("data", "impact", "objective")
SCRUTINY = serves("scrutiny", "impact", "objective")
ARRANGEMENTS = serves("arrangements", "objective")
REFORMS = ("reforms",)

# Headings of these codes fill by themselves; under any other one files by hand.
FILL_THEMSELVES = frozenset(
    code
    for headings in (
        IMPACT,
        PEOPLE,
        FEEDBACK,
        LITTLE_PROGRESS,
        LEARNING,
        REFUSED,
        CONCLUDED,
        ONGOING,
        DECISIONS,
        MEMBERS,
        MONEY,
        EDUCATION,
        DATA,
        SCRUTINY,
        ARRANGEMENTS,
        REFORMS,
    )
    for code in headings
)


def fills_itself(section):
    """Whether what was recorded is offered under this heading; needs its rule."""
    return section.rule is not None and section.rule.code in FILL_THEMSELVES


@dataclass(frozen=True)
class Offer:
    """One thing that could be filed: under the first of ``headings`` that the report has.

    ``address`` is where it stands, ``priority_id`` the one priority it is about, if it is about one.
    """

    headings: tuple
    source_key: str
    reference: str
    kind: str
    text: str
    shows: str
    dated_on: date
    address: str = ""
    priority_id: int | None = None


def only_priority(priorities):
    """The key of the one priority that something is about; None where it is about several or none."""
    priorities = list(priorities)
    return priorities[0].pk if len(priorities) == 1 else None


def as_sentence(words):
    """``words`` on one line, with a stop at the end."""
    words = " ".join(words.split())
    return words if not words or words[-1] in ".!?…”" else f"{words}."


def in_sentences(*parts):
    """What there is of ``parts``, each a sentence."""
    return " ".join(as_sentence(part) for part in parts if part and part.strip())
