"""What a document of our own says in places of its own, so that a plan comes back as it left.

Our Word and Excel documents name the content that they were made of by its hash: by that they are known.
Around the plan's rows they print what other plans don't have in these places: what drives the plan, when it
is looked at again, whom a priority is shared with, and at the end what the ratings mean and which version
it is. All of that is taken to where it belongs; somebody may have edited it like everything else.
"""

import re
from dataclasses import dataclass, field

from plans.by_hand import day_of
from plans.importer.blocks import Paragraph, Table

HASH = "Hash of its content (SHA-256)"
OPENING, DRIVERS, REVIEW_DATES = "Introduction", "What drives this plan", "When we look at it again"
RATINGS, ABOUT = "How we say how it is going", "About this version"
SHARED = "Shared with "
MEASURES = "How we will know:"

_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
_FACT = re.compile(r"^(?:Of|Period|Version): |^Version [\d.]+\. |" + re.escape(HASH))
_DATED = re.compile(r"^(\d{1,2} [A-Z][a-z]+ \d{4})(?:: (.+))?$")
_SOURCED = re.compile(r"^(.+) \(([^()]+)\)$")


@dataclass
class Own:
    """``sha256``: of what the document was made of, or "". ``cover``: lines of the front that are no introduction."""

    sha256: str = ""
    drivers: list = field(default_factory=list)
    review_dates: list = field(default_factory=list)
    cover: set = field(default_factory=set)

    def __bool__(self):
        return bool(self.sha256)


def take_own(blocks):
    """(Own, the blocks without what it took). Of another's document nothing is taken."""
    sha256 = _hash_in(blocks)
    if not sha256:
        return Own(), blocks
    own = Own(sha256)
    front, rest = _parted(_without_end(blocks))
    kept, part = [], None
    for block in front:
        text = block.text
        if text in {OPENING, DRIVERS, REVIEW_DATES} and block.bullet is None:
            part = text
        elif block.heading is not None:
            part = None
            kept.append(block)
        elif part == DRIVERS and block.bullet is not None:
            said = _SOURCED.match(text)
            own.drivers.append({"text": said[1], "source": said[2]} if said else {"text": text, "source": ""})
        elif part == REVIEW_DATES and block.bullet is not None and (day := _review_date(text)):
            own.review_dates.append(day)
        else:
            if part is None and (_FACT.match(text) or block is front[0] or _is_period(text)):
                own.cover.add(text)
            part = part if part == OPENING else None
            kept.append(block)
    return own, [*kept, *rest]


def _hash_in(blocks):
    for block in reversed(blocks):
        texts = (
            [block.text] if isinstance(block, Paragraph) else [cell.text for row in block.rows for cell in row.cells]
        )
        if any(text.startswith(HASH) for text in texts):
            found = _SHA256.search(" ".join(texts))
            return found.group() if found else ""
    return ""


def _without_end(blocks):
    """What the ratings mean and which version it is: said of the plan, and no part of it."""
    kept, is_end = [], False
    for block in blocks:
        if isinstance(block, Paragraph) and block.heading is not None:
            is_end = block.text in {RATINGS, ABOUT}
        if not is_end and not (isinstance(block, Paragraph) and block.text.startswith(HASH)):
            kept.append(block)
    return kept


def _parted(blocks):
    """(paragraphs before the first table and the heading over it, the rest)."""
    at = next((place for place, block in enumerate(blocks) if isinstance(block, Table)), len(blocks))
    headings = [place for place, block in enumerate(blocks[:at]) if block.heading == 1 and not _is_of_front(block)]
    first = headings[0] if headings else at
    return blocks[:first], blocks[first:]


def _is_of_front(block):
    return block.text in {OPENING, DRIVERS, REVIEW_DATES}


def _is_period(text):
    return bool(re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4} to \d{1,2} [A-Z][a-z]+ \d{4}", text))


def _review_date(text):
    said = _DATED.match(text)
    try:
        return {"day": day_of(said[1]).isoformat(), "label": said[2] or ""} if said else None
    except ValueError:  # 31 June
        return None
