"""Figures in the text of an annual report are references until it is frozen: ``[[places-taken-up]]``.

Two words may follow a figure's name: ``before`` (the year before) and ``change`` (in words, against the year before).
A proof holds the text as it reads and the figures that it used; published, neither changes again.

    figures = Figures.of(report)
    resolve("[[places-taken-up]] places, [[places-taken-up change]].", figures)
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from assurance.annual import counts
from assurance.annual.counts import COUNT, PER_CENT, POUNDS, TOO_SMALL
from assurance.annual.year import Year
from partnership.money import in_pounds

BEFORE, CHANGE = "before", "change"
NOT_RECORDED = "not recorded"
NO_CHANGE_KNOWN = "no figure is recorded for the year before"
MOST_SUGGESTED = 3

# Whatever stands in two square brackets is meant as a reference, so that a slip is found and not printed.
REFERENCE = re.compile(r"\[\[([^\[\]\n]{1,120})\]\]")

# Each heading with the streams under it, and the names or beginnings of names by which a stream is found.
STREAMS = [
    ("The plan", counts.of_plan, ("deliverables", "deliverables-with-difference", "updates")),
    ("The plan", counts.of_ratings, ("rated-", "ratings-")),
    ("Voices", counts.of_voices, ("people-heard", "voices", *(f"{name}-heard" for name in counts.HEARD))),
    ("Training", counts.of_training, ("places-", "training-events", "courses", "take-up")),
    ("Training", counts.of_trainers, ("trainer-days",)),
    ("Meetings", counts.of_meetings, ("meetings-", "meeting-decisions", "actions-closed")),
    ("Meetings", counts.of_attendance, ("attendance",)),
    ("Assurance", counts.of_returns, ("returns-",)),
    ("Assurance", counts.of_schools, ("schools-",)),
    ("Assurance", counts.of_practitioners, ("practitioners-answered",)),
    ("Learning", counts.of_learning, ("recommendations-", "rechecks", "audits", "briefings")),
    ("Money", counts.of_money, ("contributions", "contributors", "planned", "spent")),
    ("This report", counts.of_contributions, ("contributions-asked", "contributions-returned")),
    ("Indicators", counts.of_indicators, ("indicator-",)),
]


@dataclass(frozen=True)
class Figure:
    """A named figure as it stands today. ``words`` are what is printed; ``is_known``: something is recorded."""

    reference: str
    label: str
    words: str
    url: str
    is_known: bool
    group: str = ""

    @property
    def form(self):
        return f"[[{self.reference}]]"

    @property
    def as_data(self):
        """For the manifest of what is published."""
        return {
            "reference": self.reference,
            "label": self.label,
            "value": self.words,
            "is_known": self.is_known,
            "url": self.url,
        }


class Figures:
    """The figures of one year, each stream read when the first of its names is asked for.

    ``used`` fills as text is resolved: ``{reference: Figure}``.
    """

    def __init__(self, year):
        self.year = year
        self.used = {}
        self._read = {}

    @classmethod
    def of(cls, report):
        return cls(Year.of(report))

    def all(self):
        """Every figure of the year, stream by stream."""
        return [
            self._figure(count.name, count, group)
            for group, stream, _names in STREAMS
            for count in self._counts(stream, is_before=False).values()
        ]

    def find(self, words):
        """The Figure that ``words`` between brackets mean, or None. "places-taken-up", "places-taken-up change"."""
        name, _, form = " ".join(words.lower().split()).partition(" ")
        if form not in ("", BEFORE, CHANGE):
            return None
        now = self._count(name)
        if now is None:
            return None
        if not form:
            return self._figure(name, now)
        then = self._count(name, is_before=True)
        if form == BEFORE:
            label = f"{now.label}, the year before"
            known = then is not None and is_known(then)
            return Figure(f"{name} {form}", label, printed(then) if known else NOT_RECORDED, now.url, known)
        said = change_in_words(now, then)
        return Figure(
            f"{name} {form}", f"{now.label}, against the year before", said or NO_CHANGE_KNOWN, now.url, bool(said)
        )

    def nearest(self, words):
        """References that somebody may have meant, the nearest first."""
        name, _, form = " ".join(words.lower().replace("_", "-").split()).partition(" ")
        known = [figure.reference for figure in self.all()]
        wanted = name if form in ("", BEFORE, CHANGE) else f"{name}-{form.replace(' ', '-')}"
        near = get_close_matches(wanted, known, n=MOST_SUGGESTED, cutoff=0.5)
        near += [each for each in known if wanted in each and each not in near]
        suffix = f" {form}" if form in (BEFORE, CHANGE) else ""
        return [f"[[{each}{suffix}]]" for each in near[:MOST_SUGGESTED]]

    def _figure(self, name, count, group=""):
        known = is_known(count)
        return Figure(name, count.label, printed(count) if known else NOT_RECORDED, count.url, known, group)

    def _count(self, name, *, is_before=False):
        for _group, stream, names in STREAMS:
            if any(is_of(name, each) for each in names):
                found = self._counts(stream, is_before=is_before).get(name)
                if found:
                    return found
        return None

    def _counts(self, stream, *, is_before):
        key = stream, is_before
        if key not in self._read:
            year = self.year.before() if is_before else self.year
            self._read[key] = {count.name: count for count in stream(year)}
        return self._read[key]


def is_of(name, stream):
    """Whether the figure ``name`` is one of ``stream``: "voices-acted-on" of "voices"."""
    return name == stream or name.startswith(f"{stream.removesuffix('-')}-")


def is_known(count):
    return count.value is not None


def printed(count):
    if count.words:
        return count.words
    if count.unit == POUNDS:
        return in_pounds(count.value, short=True)
    shown = f"{count.value.normalize():f}" if hasattr(count.value, "normalize") else f"{count.value:,}"
    return f"{shown}%" if count.unit == PER_CENT else shown


def change_in_words(now, then):
    """ "34 more than the year before"; nothing where one of the two is not known or may not be told."""
    if then is None or not (is_known(now) and is_known(then)) or TOO_SMALL in (now.words, then.words):
        return ""
    difference = now.value - then.value
    if not difference:
        return "the same as the year before"
    more, size = ("more" if difference > 0 else "less"), abs(difference)
    if now.unit == POUNDS:
        return f"{in_pounds(size, short=True)} {more} than the year before"
    shown = f"{size.normalize():f}" if hasattr(size, "normalize") else f"{size:,}"
    if now.unit == PER_CENT:
        points = "percentage point" if size == 1 else "percentage points"
        return f"{shown} {points} {'higher' if difference > 0 else 'lower'} than the year before"
    if now.unit == COUNT:
        return f"{shown} {'more' if difference > 0 else 'fewer'} than the year before"
    return f"{'up' if difference > 0 else 'down'} by {shown} from the year before"


# Text


def resolve(text, figures):
    """``text`` as it reads today. What is not recorded, or no figure at all, says so."""

    def words(match):
        figure = figures.find(match.group(1))
        if figure is None:
            return NOT_RECORDED
        figures.used[figure.reference] = figure
        return figure.words

    return REFERENCE.sub(words, text)


def references(text):
    """What stands between brackets, each once, in its order."""
    return list(dict.fromkeys(match.group(1) for match in REFERENCE.finditer(text)))


def unknown(text, figures):
    """Those of ``references`` that no figure is called."""
    return [words for words in references(text) if figures.find(words) is None]


def used_figures(figures):
    """What was resolved so far, as plain data in the order of its names."""
    return [figures.used[name].as_data for name in sorted(figures.used)]
