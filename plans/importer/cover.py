"""What the front of a plan says of itself: its title, the time it covers, its version."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from plans.moments import Period, find_stretches, plain_text, tokenise

FRONT_PARAGRAPHS = 25
# A time that two-figure years in a title can be read by.
_ANY_TIME = Period(date(2008, 4, 1), date(2035, 3, 31))
_VERSION = re.compile(r"\b(?:version|ver)\.?\s?:?\s?(\d{1,2}(?:\.\d{1,3}){0,3})\b", re.IGNORECASE)
_SHORT_VERSION = re.compile(r"\bv\.?\s?\d{1,2}(?:\.\d{1,3}){0,3}\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_PLAN_WORDS = re.compile(r"\b(?:plan|strategy|programme)\b", re.IGNORECASE)


@dataclass
class Cover:
    title: str | None
    version: str | None
    starts_on: date | None
    ends_on: date | None
    doubt: str | None = None  # about the time it covers


def read_cover(paragraphs, *, filename=None):
    """Read the front, the paragraphs before the first priority, and the name of the file."""
    front = [p for p in paragraphs if p.text][:FRONT_PARAGRAPHS]
    title = _title(front)
    texts = [title or "", *(p.text for p in front), (filename or "").replace("_", " ")]
    periods = [period for period in map(read_period, texts) if period]
    certain = [period for period in periods if not period[2]]
    starts_on, ends_on, doubt = (certain or periods or [(None, None, None)])[0]
    named = read_period(texts[-1])
    if named and named[:2] != (starts_on, ends_on):
        doubt = f"The file is called “{filename}”, but the plan gives another time."
    version = next(filter(None, (read_version(text) for text in texts)), None)
    return Cover(title, version, starts_on, ends_on, doubt)


def _title(front):
    """The line that sounds most like the name of a plan; the first one, if none does."""

    def likeness(place):
        paragraph = front[place]
        likes = [
            bool(_PLAN_WORDS.search(paragraph.text)),
            bool(_YEAR.search(paragraph.text)),
            paragraph.heading == 0,
            paragraph.is_bold or paragraph.heading is not None,
            len(paragraph.text) < 200,
            paragraph.bullet is None,
        ]
        return sum(likes) - place * 0.3

    if not front:
        return None
    place = max(range(min(8, len(front))), key=likeness)
    names = [p.text for p in front[:place]]
    if any(p.bullet is not None or not (p.is_bold or p.heading == 0) or len(p.text) > 90 for p in front[:place]):
        names = []  # not the lines of one name
    title = " ".join([*names, front[place].text])
    after = front[place + 1].text if place + 1 < len(front) else ""
    if not _YEAR.search(title) and len(after) <= 60 and ":" not in after and read_period(after):
        title = f"{title} {after}"
    return title


def read_version(text):
    """ "v1.2" as it is written, the number alone after the word "version"; or None."""
    short = _SHORT_VERSION.search(text)
    long = _VERSION.search(text)
    if long:
        return long.group(1)
    return short.group() if short else None


def read_period(text):
    """(first day, last day, doubt) that words such as "April 2021 to March 2022" cover, or None."""
    text = plain_text(text)
    stretches = find_stretches(text, tokens := tokenise(text), _ANY_TIME)
    for stretch in stretches:
        is_year = stretch.begins.precision == "year" and stretch.begins.months == 12
        has_year = any(token.kind in {"years", "pair"} for token in tokens[stretch.start : stretch.end])
        if is_year and has_year:
            first, last = stretch.begins.first(), stretch.ends.due()
            if last.year - first.year > 1 or first.month == 1:  # 2024-27 is April 2024 to March 2027
                first, last = date(first.year, 4, 1), date(last.year, 3, 31)
                return first, last, f"The plan says {text!r}. We took it from April to March."
            return first, last, None
        if stretch.is_window and stretch.begins.year and (stretch.ends.due() - stretch.begins.first()).days > 80:
            return stretch.begins.first(), stretch.ends.due(), None
    year = _YEAR.search(text)
    if year and len(text) < 200 and _PLAN_WORDS.search(text):
        year = int(year.group())
        said = f"The plan says only {year}. We took it from January to December."
        return date(year, 1, 1), date(year, 12, 31), said
    started = re.match(r"(?:effective|with effect|starting|in force|valid) from\b", text, re.IGNORECASE)
    if started and stretches:
        first = stretches[0].begins.first()
        last = date(first.year + 1, first.month, 1) - timedelta(days=1)
        return first, last, "The plan gives only its first day. We took it to last a year."
    return None
