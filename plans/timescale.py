"""What a person wrote in a Timescale column, read as dates.

Two functions are the whole face: ``read_timescale`` turns words into a ``Timescale``, ``describe``
says a ``Timescale`` in the plain words that the page shows beside what the person wrote. The words
themselves are always kept by the caller; nothing here is stored.

A reading has one of eight kinds:

========== ====================================================================================
date       one day by which it is due
dates      several, each a milestone of its own, in the order they were written
window     from one day to another; the second milestone has no date where the end is open
recurring  comes round again (quarterly, each term); may carry the dates that were written
meeting    tied to a named meeting; may carry its date
relative   waits for an event or counts from one ("6 weeks from sign off"); no day is known yet
continuous lasts as long as the plan; never overdue
unset      not yet known, or words that hold no time at all
========== ====================================================================================

Conventions, as partnerships' offices use them:

- A month, quarter, season, term, year or financial year is due on its last day. Spring ends on
  31 May, summer on 31 August, autumn on 30 November, winter on the last of February. Quarter 1 ends
  on 30 June, quarter 4 on 31 March. 2013/14 ends on 31 March 2014, a bare year on 31 December.
  School terms end on 31 December, 31 March and 31 July.
- Early, mid and late in a month are the 10th, the 15th and the last day; in a year 31 March,
  30 June and 31 December; in a season, quarter or term the ends of its first, second and last month.
- A month without a year is the one inside the plan's period, the first if there are two. Members of
  a list share the year that one of them gives ("December 2012 / January" is January 2013).
- Two neighbours joined by a stroke ("June/July 2020") are one date, the later.
- Days come before months, as in the United Kingdom.
- A date that the words revise replaces the one before it ("overdue - revised date 31 January"); one
  that they say it was moved from is left out ("September (revised from June)").
- "Ongoing" after a date is how things stand, and leaves the date due; before it, the work goes on
  and the date is a stop on the way.

No date is made up: what the words don't support stays without one. Any string is accepted, none
raises; only the first 2,000 characters are read.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from plans.moments import (
    BEFORE_A_DATE,
    LIST_WORDS,
    MEETING_NOUNS,
    Period,
    between_words,
    end_of_months,
    find_stretches,
    plain_text,
    tokenise,
    words,
)

KINDS = ("date", "dates", "window", "recurring", "meeting", "relative", "continuous", "unset")
PRECISIONS = ("day", "month", "quarter", "season", "year")


@dataclass(frozen=True)
class ReadMilestone:
    """A day that can be met or missed, and the words that say what should have happened by then.

    ``due_on`` is None only for the open end of a window. ``precision`` is how exactly the words put
    it: "March 2021" is due on the 31st, but only a month was meant. The start of a window has the
    first day of what was written.
    """

    due_on: date | None
    label: str | None
    precision: str

    @property
    def last_day(self):
        """The last day of the stretch that a window starts with.

        Work that starts "in September" is late only in October.
        """
        months = {"month": 1, "quarter": 3, "season": 3, "year": 12}.get(self.precision)
        if self.due_on is None or months is None or self.due_on.day != 1:
            return self.due_on
        return end_of_months(self.due_on, months)


@dataclass(frozen=True)
class Timescale:
    """One reading: its kind, and its milestones in the order they were written."""

    kind: str
    milestones: tuple[ReadMilestone, ...] = ()

    @property
    def dates(self):
        """The known days, in the order they were written."""
        return tuple(m.due_on for m in self.milestones if m.due_on)


def read_timescale(written: str, *, starts_on: date, ends_on: date) -> Timescale:
    """Read what was written in a plan that runs from ``starts_on`` to ``ends_on``."""
    text = plain_text(written)
    if not text:
        return Timescale("unset")
    tokens = tokenise(text)
    stretches = find_stretches(text, tokens, Period(starts_on, ends_on))
    return _Phrase(text, tokens, stretches).reading()


def describe(reading: Timescale) -> str:
    """Say in plain words what was read, to stand beside the words that were written."""
    days = [f"{day.day} {calendar.month_name[day.month]} {day.year}" for day in reading.dates]
    listed = " and ".join([", ".join(days[:-1]), days[-1]] if len(days) > 1 else days)
    if reading.kind == "date" and days:
        return f"We read this as due {listed}"
    if reading.kind == "dates" and days:
        return f"{_times(len(days))}: {listed}"
    if reading.kind == "window" and len(days) > 1:
        return f"From {days[0]} to {days[1]}"
    if reading.kind == "window" and days:
        return f"Starts {days[0]}, with no end date"
    if reading.kind == "recurring":
        return f"Comes round again. {f'We read {listed}' if days else 'Asked about each round'}"
    if reading.kind == "meeting":
        return f"At a meeting. {f'We read this as {listed}' if days else 'Asked about each round'}"
    if reading.kind == "relative":
        return "Waits for something else to happen. Asked about each round"
    if reading.kind == "continuous":
        return f"Goes on, with {listed}" if days else "Never overdue. Asked about each round"
    return "No date yet. Asked about each round"


def is_to_be_confirmed(written: str) -> bool:
    """Whether words in which no time was found say so themselves: "tbc", "to be agreed"."""
    return bool(_UNSET.search(plain_text(written).lower()))


def _times(count):
    return {1: "Once", 2: "Twice"}.get(count, f"{count} times")


# Words that tell the kinds apart. Each pattern is searched in lower case.

_UNITS = "day|week|fortnight|month|quarter|half|half-term|term|year|annum|period"
_NAMES = (
    "spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december"
)
_RECURRING = re.compile(
    r"\b(?:daily|weekly|fortnightly|monthly|bimonthly|quarterly|termly|yearly|annually|"
    r"bi-?annual|bi-?annually|biennial|biennially|regular|regularly|annual basis|periodically)\b"
    rf"|\b(?:every|each) (?:[\w&/'-]{{1,20}} ){{0,3}}?"
    rf"(?:(?:{_UNITS})s?|meetings?|board|cycle|round|{_NAMES})\b"
    rf"|\b(?:once|twice|times|one|two|three|four|x ?\d|\d ?x) (?:a|an|per|in each|in every) "
    rf"(?:[\w-]{{1,20}} )?(?:{_UNITS})\b"
    rf"|\bper (?:{_UNITS})\b"
)
# "Annual report, October 2025" has a date; "annual" alone comes round again.
_ANNUAL = re.compile(r"\bannual\b")
_COUNTED_FROM = re.compile(
    rf"\b(?:hour|{_UNITS})s?(?:'s?)? (?:of|from|after|following|before|prior|post)\b"
    r"(?! (?:the )?plan\b)"
)
_DURATION = re.compile(
    r"\b(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|few|several|"
    rf"couple of)[ -](?:working |school |calendar )?(?:hour|{_UNITS})s?\b"
    rf"|\bnext (?:[\w-]{{1,20}} ){{0,4}}(?:{_UNITS})s?\b"
)
_RELATIVE = re.compile(
    r"\b(?:once|after|following|upon|when|where|pending|subject to|depend(?:ent|ing|s) (?:on|upon)|"
    r"linked to|aligned|on (?:completion|receipt|publication|appointment|approval|release|"
    r"conclusion|sign[ -]?off|request|notification)|as soon as|in line with|in accordance with|"
    r"in response to|in time for|as per|as (?:and when|required|needed|necessary|appropriate)|"
    r"if required|prior to|ahead of|in advance of|before|until|within|post)\b"
)
_UNSET = re.compile(
    r"\b(?:t\.?b\.?[acd]|asap|as soon as (?:is )?(?:reasonably )?(?:possible|practicable|practical|"
    r"feasible)|to be (?:confirmed|agreed|decided|determined|set|arranged|announced|advised|"
    r"scheduled|identified)|not (?:yet )?(?:known|set|agreed|confirmed|started|specified|stated)|"
    r"awaiting|unknown|n/?a)\b"
)
_CONTINUOUS = re.compile(
    r"\bon[ -]?going\b|\bcontinu(?:ous|ously|al|ally|es|ing|e)\b|\bthroughout\b|\byear[ -]round\b|"
    r"\ball (?:the )?year\b|\byear[ -]long\b|\balways\b|\bbusiness as usual\b|\bbau\b|\b24/7\b|\brolling\b(?! out)|"
    r"\bpermanent(?:ly)?\b|\bstanding item\b|\bat all times\b|\bin[ -]year\b|"
    r"\b(?:duration|lifetime|lifespan|(?<=for the )life) of\b|"
    r"\b(?:during|across|over|through|for) (?:the |this )?(?:whole |full |entire |course of the )?"
    r"(?:business |financial |reporting |plan |planning |calendar |academic )?(?:year|plan|period)\b"
)
_GROUPS = "meeting|board|executive|exec|committee|cabinet|panel|subgroup|sub-group|forum|agm|assembly"
_NEXT_MEETING = re.compile(
    rf"\b(?:next|following|forthcoming|upcoming|first|last|final) (?:[\w&-]{{1,20}} ){{0,4}}?"
    rf"(?:{_GROUPS})\b|^at (?:the |a )?(?:[\w&-]{{1,20}} ){{0,4}}(?:{_GROUPS})s?\b"
)
_MEETING_JUST_BEFORE = re.compile(
    rf"\b(?:at|by|for|before) (?:the |a )?(?:[\w&-]{{1,20}} ){{0,3}}(?:{_GROUPS}),? (?:in|on|of|\() ?$"
)
# Not "Meeting our duties", where it is a verb.
_MEETING_WORD = re.compile(r"(?<!^)\bmeetings?\b|^meetings? (?:of|on|in|to|scheduled|\d)")
# "March Board report" is a paper, not a meeting.
_NOT_A_MEETING = words("report reports paper papers approval member members manager")

_STARTS = words(
    """
    from since beginning begin begins starting start starts commencing commence commences effective
    wef onwards
    """
)
_BEFORE_A_START = words("in on the at around circa c approx . about : date of work")
_FINISHES = re.compile(
    r"\b(?:to|until|till|by|complet\w{0,6}|finish\w{0,4}|end\w{0,3}|conclud\w{0,3})\b", re.IGNORECASE
)


class _Phrase:
    """The whole of what was written: its stretches of time, and the words round them."""

    def __init__(self, text, tokens, stretches):
        self.text = text
        self.lower = text.lower().replace("\n", " ")
        self.tokens = tokens
        self.stretches = stretches
        self.labels = _labels(text, tokens, stretches)

    def reading(self):
        if not self.stretches:
            return Timescale(self._kind_without_date())
        if _RECURRING.search(self.lower):
            return Timescale("recurring", self._start_and_end() or self._dues())
        if self._is_meeting():
            return Timescale("meeting", self._dues())
        if self._is_only_after():
            return Timescale("relative")
        window = self._window()
        if window:
            return Timescale("window", window)
        if self._goes_on_before():
            begins_with_all_of_it = self._is_throughout(self.stretches[0])
            return Timescale("continuous", self._dues()[1 if begins_with_all_of_it else 0 :])
        return Timescale("date" if len(self.stretches) == 1 else "dates", self._dues())

    def _kind_without_date(self):
        kinds = [
            ("relative", [_COUNTED_FROM]),
            ("recurring", [_RECURRING]),
            ("meeting", [_NEXT_MEETING, _MEETING_WORD]),
            ("unset", [_UNSET]),
            ("continuous", [_CONTINUOUS]),
            ("relative", [_RELATIVE, _DURATION]),
            ("recurring", [_ANNUAL]),
        ]
        for kind, patterns in kinds:
            if any(pattern.search(self.lower) for pattern in patterns):
                return kind
        return "unset"

    # Kinds, where there is a date

    def _is_meeting(self):
        """Is the only thing dated a meeting: "by the December Board", "next meeting (25 June)"?"""
        first, last = self.stretches[0], self.stretches[-1]
        if first.is_window or not self._is_list():
            return False
        if self._is_meeting_named_after(last):
            return True
        if "by" in self._words_before(first, 2):
            return False
        before = self.lower[: self.tokens[first.start].start]
        patterns = [_MEETING_JUST_BEFORE, _NEXT_MEETING, _MEETING_WORD]
        return any(pattern.search(before) for pattern in patterns)

    def _is_meeting_named_after(self, stretch):
        after = self._words_after(stretch, 4)
        for place, word in enumerate(after):
            if word in MEETING_NOUNS:
                return not set(after[place + 1 :]) & _NOT_A_MEETING
            is_part_of_name = word.isalpha() or word in {"&", "-"}
            if not is_part_of_name or word in BEFORE_A_DATE:
                return False
        return False

    def _is_list(self):
        return all(
            set(between_words(self.tokens, one.ends, two.begins)) <= LIST_WORDS
            for one, two in zip(self.stretches, self.stretches[1:], strict=False)
        )

    def _is_only_after(self):
        """As in "Following the audit in June 2025": no day is named for the work itself."""
        before = self.lower[: self.tokens[self.stretches[0].start].start]
        is_after = re.match(r"(?:after|following|once)\b", before)
        is_broken_off = re.search(r"\bby\b|[(,;:-]", before)
        return len(self.stretches) == 1 and bool(is_after) and not is_broken_off

    def _goes_on_before(self):
        """Do the words say that the work goes on, before they name a date?"""
        match = _CONTINUOUS.search(self.lower)
        return bool(match) and match.start() < self.tokens[self.stretches[0].start].start

    def _is_throughout(self, stretch):
        before = self._words_before(stretch, 2)
        return not stretch.begins.day and bool(set(before) & {"throughout", "during", "across", "over"})

    def _is_start(self, stretch):
        """Do the words make this a beginning: "from May", "2020 onwards", "Sept - ongoing"?"""
        before = self._words_before(stretch, 2)
        if before in (["not", "before"], ["earlier", "than"]):
            return True
        if before[:1] in (["week"], ["wk"]):  # "week commencing 12 May"
            return False
        at = stretch.start - 1
        while at >= 0 and self.tokens[at].text in _BEFORE_A_START:
            at -= 1
        if at >= 0 and self.tokens[at].text in _STARTS:
            return True
        after = self._words_after(stretch, 2)
        if after[:1] in (["onwards"], ["onward"]) or after == ["and", "onwards"]:
            return True
        leads_on = after[:1] in (["-"], ["to"])
        return leads_on and after[1:] in (["ongoing"], ["on"], ["onwards"], ["continuous"])

    def _words_before(self, stretch, count):
        return [t.text for t in self.tokens[max(0, stretch.start - count) : stretch.start]]

    def _words_after(self, stretch, count):
        return [t.text for t in self.tokens[stretch.end : stretch.end + count]]

    # Milestones

    def _dues(self):
        return tuple(
            ReadMilestone(stretch.ends.due(), label, stretch.ends.precision)
            for stretch, label in zip(self.stretches, self.labels, strict=True)
        )

    def _start_and_end(self):
        return tuple(m for m in self._window() if m.due_on)

    def _window(self):
        """Start and end, or nothing if the dates are deadlines."""
        first = self.stretches[0]
        start = ReadMilestone(first.begins.first(), self.labels[0], first.begins.precision)
        if len(self.stretches) == 1:
            if first.is_window or self._is_throughout(first):
                return start, ReadMilestone(first.ends.due(), None, first.ends.precision)
            if self._is_start(first):
                return start, ReadMilestone(None, None, first.begins.precision)
        if len(self.stretches) == 2 and self._is_start(first):
            second = self.stretches[1]
            between = self.text[self.tokens[first.end - 1].end : self.tokens[second.start].start]
            is_in_order = start.due_on <= second.ends.due()
            if _FINISHES.search(between) and is_in_order and not second.is_window:
                label = self.labels[1]
                return start, ReadMilestone(second.ends.due(), label, second.ends.precision)
        return ()


# Labels: what should have happened by then

_JOINING = words("and then or but with a is due to of for by in on at the from i.e ie e.g eg i e g no")
_TIMING = words(
    """
    early mid late end beginning start before until around approx circa onwards onward between
    during throughout within later than latest this each every annually yearly quarterly monthly
    termly weekly twice once ongoing on-going tbc likely w/c w/b w/e week commencing beginning
    ending monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
    cop fy academic financial year date asap not
    """
)
# "For completion" and "no later than September" read better whole.
_KEPT_IN_FRONT = words("for no from in to not")
_WITH_A_VIEW_TO = re.compile(r"^with a view to ", re.IGNORECASE)
_PREFIX = re.compile(r"^[A-Z][A-Z&]{1,9}: ")
_EDGES = " ,;:.-()[]/&'\"\u2022"


def _labels(text, tokens, stretches):
    """The words before each stretch say what it is for; those after, where none come first."""
    if not stretches:
        return []
    starts = [tokens[s.start].start for s in stretches]
    ends = [tokens[s.end - 1].end for s in stretches]
    before = [_label(text[a:b]) for a, b in zip([0, *ends[:-1]], starts, strict=True)]
    after = [_label(text[a:b]) for a, b in zip(ends, [*starts[1:], len(text)], strict=True)]
    return after if before[0] is None and after[-1] is not None else before


def _label(between):
    """The words without what only joins or times them; None if nothing is left."""
    text = " ".join(between.split())
    text = _WITH_A_VIEW_TO.sub("", _PREFIX.sub("", text).strip(_EDGES))
    parts = text.split(" ")
    while parts and _bare(parts[-1]) in _JOINING | _TIMING | {""}:
        parts.pop()
    while parts and _bare(parts[0]) in (_JOINING | _TIMING | {""}) - _KEPT_IN_FRONT:
        parts.pop(0)
    label = " ".join(parts).strip(_EDGES)
    if "(" in label and ")" not in label:
        label = label.replace("(", "")
    return label if re.search(r"[^\W\d_]{2}", label) else None


def _bare(word):
    return word.lower().strip(_EDGES)
