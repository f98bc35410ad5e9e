"""Numbers that somebody typed into a text of the report, where a figure of the year says the same or said it once.

A typed number does not move with its figure. What is or was a figure's value is offered to be replaced by a reference;
what was its value and no longer is stands in the report's list of what is missing.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from assurance.annual.figures import REFERENCE
from assurance.models import ReportSeen

SEEN = "figure:"
ROUND_ABOUT = 90  # characters of the text in which a figure's own words are looked for
LARGE = 100  # from here on a number is rarely another's by chance
SMALLEST = 3
HALF = 0.5
MOST_OFFERED = 3
COMMON = {"heard", "year", "held", "with", "that", "their", "from", "were", "this", "last", "which", "when", "they"}

NUMBER = re.compile(r"(?<![\w£.,])£?\d(?:[\d,]*\d)?(?:\.\d+)?%?(?![\w]|[.,]\d)")
YEAR = re.compile(r"(?:19|20)\d\d")
DAY = re.compile(
    r"\s+(?:January|February|March|April|May|June|July|August|September|October|November|December|in\s+\d)"
)
A_LABEL = re.compile(r"(?:section|priority|page|chapter|schedule|version|edition|number|part|table|figure)\s+$", re.I)


@dataclass(frozen=True)
class Typed:
    """One number in a text (``start``: where), and the figures that it is or was, the likeliest first.

    ``is_old``: none of them says so any more.
    """

    text: str
    start: int
    around: str
    figures: tuple
    is_old: bool


def references_typed(texts, seen):
    """The references of ``seen`` (``seen_values(report)``) of which some value stands as a number in ``texts``."""
    typed = {number for text in texts for number in numbers_in(text)}
    return sorted(reference for reference, values in seen.items() if typed.intersection(values))


def numbers_in(text):
    """The numbers that may be counts, as figures are printed, without those of references."""
    blind = without_references(text)
    return {with_commas(match.group(0)) for match in NUMBER.finditer(blind) if not is_no_count(blind, match)}


def without_references(text):
    """``text`` with blanks in the place of every reference, so that all else stands where it stood."""
    return REFERENCE.sub(lambda match: " " * len(match.group(0)), text)


def typed_numbers(text, figures, seen):
    """Every Typed of ``text``. ``figures``: all of the year (a list); ``seen``: ``seen_values(report)``."""
    blind = without_references(text)
    by_words, once = {}, {}
    for figure in figures:
        if figure.is_known:
            by_words.setdefault(figure.words, []).append(figure)
            for words in seen.get(figure.reference, ()):
                if words != figure.words:
                    once.setdefault(words, []).append(figure)
    found = []
    for match in NUMBER.finditer(blind):
        if is_no_count(blind, match):
            continue
        words = with_commas(match.group(0))
        around = blind[max(match.start() - ROUND_ABOUT, 0) : match.end() + ROUND_ABOUT]
        is_now = likely(by_words.get(words, ()), around, words, needs_words=size_of(words) < LARGE)
        was = [] if is_now else likely(once.get(words, ()), around, words, needs_words=True)
        if is_now or was:
            near = " ".join(blind[max(match.start() - 30, 0) : match.end() + 30].split())
            found.append(Typed(match.group(0), match.start(), near, tuple((is_now or was)[:MOST_OFFERED]), not is_now))
    return found


def is_no_count(text, match):
    """A year, a day, a section's number, or a number that stands for anything."""
    words = match.group(0)
    if words[0] == "£" or words[-1] == "%":
        return False
    return bool(
        size_of(words) < SMALLEST
        or YEAR.fullmatch(words)
        or DAY.match(text, match.end())
        or A_LABEL.search(text[: match.start()])
    )


def likely(figures, around, words, *, needs_words):
    """Those whose own words stand near the number, the most of them first; of a large number the others too."""
    near = roots(around)
    scored = [(share_of(near, roots(figure.label)), figure) for figure in figures]
    scored = [(score, figure) for score, figure in scored if score >= HALF or not needs_words]
    return [figure for _score, figure in sorted(scored, key=lambda each: -each[0])]


def share_of(near, own):
    """How much of a figure's ``own`` words stand ``near``."""
    return len(near & own) / len(own) if own else 0


def roots(text):
    """Longer words without their endings: "training places" meets "trained in 40 places"."""
    return {word[:5] for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in COMMON}


def with_commas(words):
    """ "1146" as "1,146"."""
    digits = words.strip("£%")
    if not digits.isdigit():
        return words
    return words.replace(digits, f"{Decimal(digits):,}")


def size_of(words):
    return float(re.sub(r"[£,%]", "", words))


def replaced(text, start, number, figure):
    """``text`` with the number at ``start`` as a reference to ``figure``; as it is where it no longer stands there."""
    if text[start : start + len(number)] != number:
        return text
    return f"{text[:start]}{figure.form}{text[start + len(number) :]}"


# What was shown


def remember(report, figures, *, at):
    """Keep what every known figure says today, so that a number typed from it is known again."""
    ReportSeen.objects.bulk_create(
        (
            ReportSeen(report=report, key=f"{SEEN}{figure.reference}"[:80], value=figure.words[:80], seen_at=at)
            for figure in figures
            if figure.is_known
        ),
        ignore_conflicts=True,
    )


def seen_values(report):
    """``{reference: [words, the oldest first]}`` of all that was remembered."""
    found = {}
    for key, value in report.seen.filter(key__startswith=SEEN).values_list("key", "value"):
        found.setdefault(key.removeprefix(SEEN), []).append(value)
    return found
