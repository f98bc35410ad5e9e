"""What a partnership was given when a return was submitted, read from its copy as lines to scrutinise."""

from dataclasses import dataclass
from decimal import Decimal

from assurance.models import ReturnEvidence
from assurance.return_sheet import QUESTION, STANDARD


@dataclass(frozen=True)
class Line:
    """One question with its answer, or one standard with what the organisation says of itself.

    ``key``: a letter and the key of the question or the standard ("q12", "s3"). ``words``: the answer, or what is said
    to show the score. ``score``: a Decimal or None. ``files``: {key, label, file, address} of each piece of evidence.
    """

    key: str
    title: str
    section: str
    words: str
    score: Decimal | None = None
    score_words: str = ""
    is_not_applicable: bool = False
    reason: str = ""
    is_still_true: bool = False
    files: tuple = ()
    improvements: tuple = ()

    @property
    def pk(self):
        return int(self.key[1:])

    @property
    def is_standard(self):
        return self.key.startswith(STANDARD)

    @property
    def said(self):
        """All that may differ from edition to edition."""
        return self.words, self.score, self.is_not_applicable, self.reason

    @property
    def is_silent(self):
        return self.said == ("", None, False, "")


def lines_of(copy):
    """Every Line of a ``ReturnCopy``, in the order in which they were asked (see ``return_sheet.content_of``)."""
    return [
        line_of(section["title"], given) for section in copy.content.get("sections", []) for given in section["lines"]
    ]


def line_of(section, given):
    return Line(
        key=given["key"],
        title=given["title"],
        section=section,
        words=given["answer"],
        score=Decimal(given["score"]) if given.get("score") else None,
        score_words=given.get("score_words", ""),
        is_not_applicable=given.get("is_not_applicable", False),
        reason=given.get("reason", ""),
        is_still_true=given["is_still_true"],
        files=tuple(given["files"]),
        improvements=tuple(given.get("improvements", [])),
    )


def key_of(row):
    """The key of the line to which a comment belongs; empty where it is on all."""
    if row.question_id:
        return f"{QUESTION}{row.question_id}"
    return f"{STANDARD}{row.standard_id}" if row.standard_id else ""


def latest_copies(copies):
    """{return's key: its last copy} of ``copies``, which may be of any edition."""
    return {copy.record_id: copy for copy in sorted(copies, key=lambda each: each.edition)}


def openable(user, lines):
    """The keys of the evidence that this person may still open. One query."""
    named = {each["key"] for line in lines for each in line.files}
    return {str(pk) for pk in ReturnEvidence.objects.visible_to(user).filter(pk__in=named).values_list("pk", flat=True)}
