"""What a person wrote in a Timescale column, read as dates.

Two functions are the whole face: ``read_timescale`` turns words into a ``Timescale``, ``describe`` says a
``Timescale`` in the plain words that the page shows beside what the person wrote. The words themselves are always
kept by the caller; nothing here is stored.

A reading has one of eight kinds:

========== ==========================================================================================
date       one day by which it is due
dates      several, each a milestone of its own, in the order they were written
window     from one day to another; the second milestone has no date where the end is open
recurring  comes round again (quarterly, each term); may carry the dates that were written
meeting    tied to a named meeting; may carry its date
relative   waits for an event or counts from one ("6 weeks from sign off"); no date can be known yet
continuous lasts as long as the plan; never overdue
unset      not yet known, or words that hold no time at all
========== ==========================================================================================

Conventions, as partnerships' offices use them:

- A month, quarter, season, term, year or financial year is due on its last day. Spring ends on 31 May, summer on
  31 August, autumn on 30 November, winter on the last of February. Quarter 1 ends on 30 June, quarter 4 on 31 March.
  2013/14 ends on 31 March 2014, a bare year on 31 December. School terms end on 31 December, 31 March and 31 July.
- Early, mid and late in a month are the 10th, the 15th and the last day; in a year 31 March, 30 June and 31 December;
  in a season, quarter or term the last day of its first, second and last month.
- A month without a year is the one inside the plan's period, the first if there are two. Members of a list share the
  year that one of them gives ("December 2012 / January" is January 2013).
- Two neighbours joined by a stroke ("June/July 2020") are one date, the later.
- Days come before months, as in the United Kingdom.
- A date that the words revise replaces the one before it ("overdue - revised date 31 January").

No date is made up: what the words don't support stays without one. Any string is accepted, none raises; only the first
2,000 characters are read.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta

LONGEST_READ = 2_000

KINDS = ("date", "dates", "window", "recurring", "meeting", "relative", "continuous", "unset")
PRECISIONS = ("day", "month", "quarter", "season", "year")


@dataclass(frozen=True)
class ReadMilestone:
    """A day that can be met or missed, and the words that say what should have happened by then.

    ``due_on`` is None only for the open end of a window. ``precision`` is how exactly the words put it: "March 2021"
    is due on the 31st, but its precision is a month. The start of a window has the first day of what was written.
    """

    due_on: date | None
    label: str | None
    precision: str

    @property
    def last_day(self):
        """The last day of the stretch that ``due_on`` begins: a start in "September" is late only in October."""
        months = {"month": 1, "quarter": 3, "season": 3, "year": 12}.get(self.precision)
        if self.due_on is None or months is None or self.due_on.day != 1:
            return self.due_on
        return _end_of_months(self.due_on, months)


@dataclass(frozen=True)
class Timescale:
    """One reading: its kind, and its milestones in the order they were written."""

    kind: str
    milestones: tuple[ReadMilestone, ...] = ()

    @property
    def dates(self):
        """The known days of the milestones, in order."""
        return tuple(m.due_on for m in self.milestones if m.due_on)


def read_timescale(words: str, *, starts_on: date, ends_on: date) -> Timescale:
    """Read ``words`` as a timescale of a plan that runs from ``starts_on`` to ``ends_on``."""
    text = _plain(words)
    if not text:
        return Timescale("unset")
    period = _Period(starts_on, ends_on)
    tokens = _tokenise(text)
    moments = _find_moments(tokens, period)
    _settle_years(moments, tokens, period)
    moments = _drop_replaced(moments, tokens, text)
    phrases = _join(moments, tokens)
    return _Phrase(text, tokens, phrases).reading()


def describe(reading: Timescale) -> str:
    """Say in plain words what ``reading`` means, to stand beside the words that were written."""
    days = [_say(day) for day in reading.dates]
    asked = "Asked about each round"
    if reading.kind == "date" and days:
        return f"We read this as due {days[0]}"
    if reading.kind == "dates" and days:
        return f"{_times(len(days))}: {_list(days)}"
    if reading.kind == "window" and days:
        return (
            f"From {days[0]} to {days[1]}"
            if len(days) > 1
            else f"Starts {days[0]}, with no end date"
        )
    if reading.kind == "recurring":
        return (
            f"Comes round again. We read {_list(days)}" if days else f"Comes round again. {asked}"
        )
    if reading.kind == "meeting":
        return (
            f"At a meeting. We read this as due {_list(days)}" if days else f"At a meeting. {asked}"
        )
    if reading.kind == "relative":
        return f"Waits for something else to happen. {asked}"
    if reading.kind == "continuous":
        return (
            f"Goes on all the time, with a date: {_list(days)}"
            if days
            else f"Never overdue. {asked}"
        )
    return f"No date yet. {asked}"


def _say(day):
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _times(count):
    return {1: "Once", 2: "Twice"}.get(count, f"{count} times")


def _list(days):
    return days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"


# --- Words of the grammar -------------------------------------------------------------------------------------------

MONTHS = {
    spelling: number
    for number, spellings in enumerate(
        [
            "january jan januray janurary",
            "february feb febuary feburary",
            "march mar",
            "april apr apirl",
            "may",
            "june jun",
            "july jul",
            "august aug agust",
            "september sept sep septmber setpember",
            "october oct ocotber",
            "november nov novemeber",
            "december dec decemeber",
        ],
        start=1,
    )
    for spelling in spellings.split()
}

# First month and how many months it lasts.
SEASONS = {"spring": (3, 3), "summer": (6, 3), "autumn": (9, 3), "winter": (12, 3)}
TERMS = {"spring": (1, 3), "summer": (4, 4), "autumn": (9, 4), "winter": (9, 4)}
QUARTERS = {1: (4, 3), 2: (7, 3), 3: (10, 3), 4: (1, 3)}
CALENDAR_YEAR = (1, 12)
FINANCIAL_YEAR = (4, 12)
SCHOOL_YEAR = (9, 11)
NAMED_YEARS = {
    "financial": FINANCIAL_YEAR,
    "fiscal": FINANCIAL_YEAR,
    "fy": FINANCIAL_YEAR,
    "academic": SCHOOL_YEAR,
    "school": SCHOOL_YEAR,
    "calendar": CALENDAR_YEAR,
}
# "End of year reporting" names a report, not a day.
FOLLOWS_YEAR_AS_A_NAME = set(
    "report reports reporting review reviews conference summary data".split()
)

EARLY_MID_LATE = {
    "early": "early",
    "beginning": "early",
    "start": "early",
    "mid": "mid",
    "middle": "mid",
    "late": "late",
    "end": "end",
}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
NUMBERED = {1: 1, 2: 2, 3: 3, 4: 4, "one": 1, "two": 2, "three": 3, "four": 4}
YEAR_NAMES = set(
    """
    financial fiscal fy business reporting plan planning calendar academic school
    """.split()
)

# A number after one of these counts something else than days of a month: "Phase 1 June" is June.
COUNTED = set(
    """
    phase stage part priority version tier step wave cohort year group level
    """.split()
)
# "May" before one of these is a verb.
AFTER_MAY_THE_VERB = set("be need have not change vary also require include take slip move".split())
BEFORE_A_DATE = set(
    """
    by in on before until till from to since during throughout of at for the end early mid
    late around circa approx through between and or due commencing beginning starting within
    over across after followed
    """.split()
)
MEETING_NOUNS = set(
    """
    meeting meetings board boards executive exec committee cabinet panel subgroup subgroups
    forum agm assembly
    """.split()
)
# "March Board report" is a paper, not a meeting.
NOT_A_MEETING = set("report reports paper papers approval member members manager".split())
LIST_WORDS = {",", ";", "and", "&", "/", "or", "+", "then", "\n"}
RANGE_WORDS = set("- to until till through up into".split())

_JUST_A_NUMBER = re.compile(r"\d+")


# --- Plain text and tokens ------------------------------------------------------------------------------------------


def _plain(words):
    """One spelling of dashes, quotes and spaces; lines stay apart."""
    text = unicodedata.normalize("NFKC", str(words or "")[:LONGEST_READ])[:LONGEST_READ]
    text = re.sub(r"[\u00ad\u200b-\u200f\ufeff]", "", text)
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"[\u2018\u2019\u201b`\u00b4]", "'", text)
    text = re.sub(r"[\u201c\u201d]", '"', text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int

    @property
    def number(self):
        return int(_JUST_A_NUMBER.match(self.text).group())


_TOKEN = re.compile(
    r"""
    (?P<iso>\d{4}(?P<bar>[-/])\d{1,2}(?P=bar)\d{1,2}(?!\d))
  | (?P<full>\d{1,2}(?P<sep>[./-])\d{1,2}(?P=sep)(?:\d{4}|\d{2})(?!\d))
  | (?P<years>(?<!\d)(?:19|20)\d\d(?:\ ?[-/]\ ?(?:19|20)\d\d|[-/]\d\d)(?!\d)(?![/-]\d))
  | (?P<time>\d{1,2}(?::\d\d|\.\d\d(?=\ ?[ap]m)|(?=\ ?[ap]m))(?:\ ?[ap]m)?\b)
  | (?P<monthyear>(?<![\d/])\d{1,2}/(?:19|20)\d\d(?!\d))
  | (?P<pair>(?<![\d/])\d{1,2}/\d{1,2}(?![\d/]))
  | (?P<quarter>\b(?:q|qtr|quarter)[. ]?[1-4]\b|(?<=q[1-4][/&-])[1-4]\b)
  | (?P<half>\bh[12]\b)
  | (?P<ordinal>\d{1,2}(?:st|nd|rd|th)\b)
  | (?P<number>\d+)
  | (?P<ie>\bi\.?e\b\.?)
  | (?P<word>[^\W\d_]+)
  | (?P<mark>[^\w\s]|\n|_)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def _tokenise(text):
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = {"bar": "iso", "sep": "full"}.get(match.lastgroup, match.lastgroup)
        tokens.append(_Token(kind, match.group().lower(), match.start(), match.end()))
    return tokens


# --- Moments: what the words name, before its year is settled -----------------------------------------------------------


@dataclass
class _Period:
    starts_on: date
    ends_on: date

    def __post_init__(self):
        self.ends_on = max(self.starts_on, self.ends_on)

    def as_moment(self, start, end):
        """The whole period, as the words [start, end) name it; "mid-year" can then be told."""
        months = (self.ends_on.year - self.starts_on.year) * 12 + self.ends_on.month
        months += 1 - self.starts_on.month
        begins = self.starts_on
        return _Moment(start, end, begins.month, months, year=begins.year, precision="year")

    def holds(self, day):
        return self.starts_on <= day <= self.ends_on

    def is_near(self, year):
        """May a two-figure number be this year? "Mar 26" in a plan of 2025-26 is; "June 14" is a day."""
        return self.starts_on.year - 5 <= year <= self.ends_on.year + 10


@dataclass
class _Moment:
    """A day or a stretch of whole months that the words name.

    ``month`` and ``months`` place it in the year ``year``, which stays None until ``_settle_years``. A quarter 4 and a
    term or month of a financial year get their calendar year at once. ``tokens`` it was read from: [start, end).
    """

    start: int
    end: int
    month: int
    months: int = 1
    day: int | None = None
    year: int | None = None
    part: str | None = None
    precision: str = "month"
    is_range: bool = False
    last_year: int | None = None

    def _bounds(self, year=None):
        year = self.year if year is None else year
        if self.day:
            day = date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))
            return day, day
        begin = date(year, self.month, 1)
        end = _end_of_months(begin, self.months)
        if self.last_year:
            end = date(self.last_year, 12, 31)
        return begin, end

    def first(self, year=None):
        """The first day, for a window that starts here."""
        begin, end = self._bounds(year)
        if self.part in (None, "early"):
            return begin
        if self.part == "end":
            return end
        if self.months == 1:
            return begin.replace(day=15 if self.part == "mid" else 21)
        return _add_months(
            begin, {"mid": self.months // 2, "late": self.months - self.months // 4 - 1}[self.part]
        )

    def due(self, year=None):
        """The day it is due: the last day, or as early, mid and late say."""
        begin, end = self._bounds(year)
        if self.part in (None, "late", "end") or self.day:
            return end
        if self.months == 1:
            return begin.replace(day=10 if self.part == "early" else 15)
        if self.months >= 12:
            return _end_of_months(begin, self.months // (4 if self.part == "early" else 2))
        return _end_of_months(begin, 1 if self.part == "early" else 2)


def _add_months(day, months):
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def _end_of_months(begin, months):
    return _add_months(begin, months) - timedelta(days=1)


def _find_moments(tokens, period):
    """Every moment that the words name, in order; overlapping readings go to the first and longest."""
    grammar = _Grammar(tokens, period)
    moments, at = [], 0
    while at < len(tokens):
        found = grammar.moments_at(at)
        if found:
            moments += found
            at = found[-1].end
        else:
            at += 1
    return moments


class _Grammar:
    """The productions. Each method takes a position and answers with moments (or None)."""

    def __init__(self, tokens, period):
        self.tokens = tokens
        self.period = period

    def word(self, at):
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def kind(self, at):
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    def moments_at(self, at):
        return self.with_part(at) or self.days_of_month(at) or self._one(self.plain(at))

    @staticmethod
    def _one(moment):
        return [moment] if moment else None

    def with_part(self, at):
        """ "early May", "mid/end May", "end of the autumn term", "end of year", "second half of the year"."""
        half = self.half(at)
        if half:
            return [half]
        part, after = None, at
        while self._is_part(after):
            part = EARLY_MID_LATE[self.word(after)]
            after += 1
            if (
                self.word(after) in {"/", "-", "to", "or"}
                and self.word(after + 1) in EARLY_MID_LATE
            ):
                after += 1
        if not part:
            return None
        while self.word(after) in {"of", "the", "-", "in", "this"}:
            after += 1
        moment = self.plain(after) or self.named_year(after)
        if not moment or moment.day:
            return None
        return [replace(moment, start=at, part=part)]

    def _is_part(self, at):
        """ "beginning of May" is early May; "beginning May" and "start June" begin a window."""
        if self.word(at) in {"beginning", "start"}:
            return self.word(at + 1) == "of"
        return self.word(at) in EARLY_MID_LATE

    def named_year(self, at):
        """ "year", "financial year 2025/26", "plan", "FY26" after "end of": of the plan's own time."""
        after, name = at, ""
        if self.word(after) in YEAR_NAMES:
            name = self.word(after)
            after += 1
        if self.word(after) == "year":
            after += 1
        elif name not in {"plan", "fy"}:
            return None
        if self.word(after) in FOLLOWS_YEAR_AS_A_NAME:
            return None
        if name == "fy" and self.kind(after) == "number" and len(self.word(after)) == 2:
            year = 2000 + self.tokens[after].number - 1
            return _Moment(at, after + 1, *FINANCIAL_YEAR, year=year, precision="year")
        year, first_month, end = self.year_at(after)
        after = end or after
        stretch = NAMED_YEARS.get(name)
        if year and not stretch:
            stretch = (first_month, 12)
        if stretch:
            return _Moment(at, after, *stretch, year=year, precision="year")
        return self.period.as_moment(at, after)

    def half(self, at):
        """ "first half of the year", "2nd half of 2025/26", "H1": a window of six months."""
        if self.kind(at) == "half":
            which, after = int(self.word(at)[1]), at + 1
        elif self.word(at + 1) == "half" and self.word(at) in {
            "first",
            "second",
            "1st",
            "2nd",
            "latter",
        }:
            which, after = (1 if self.word(at) in {"first", "1st"} else 2), at + 2
            while self.word(after) in {"of", "the", "this"} or self.word(after) in YEAR_NAMES:
                after += 1
            if self.word(after) == "year":
                after += 1
        else:
            return None
        year, month, end = self.year_at(after)
        if year is None:
            month, year = self.period.starts_on.month, self.period.starts_on.year
        if which == 2:
            begin = _add_months(date(year, month, 1), 6)
            month, year = begin.month, begin.year
        return _Moment(at, end or after, month, 6, year=year, is_range=True)

    def plain(self, at):
        """A moment without early, mid or late before it."""
        return (
            self.figures(at)
            or self.week_of_month(at)
            or self.quarter(at)
            or self.season(at)
            or self.month(at)
            or self.year_end(at)
            or self.years(at)
            or self.bare_year(at)
        )

    def figures(self, at):
        """31/03/2025, 2025-03-31, 03/2025, 31/3, 03/25."""
        kind = self.kind(at)
        if kind not in {"iso", "full", "monthyear", "pair"}:
            return None
        numbers = [int(n) for n in _JUST_A_NUMBER.findall(self.word(at))]
        if kind == "monthyear":
            month, year = numbers
            return _Moment(at, at + 1, month, year=year) if 1 <= month <= 12 else None
        if kind == "pair":
            return self.pair(at, *numbers)
        day, month, year = reversed(numbers) if kind == "iso" else numbers
        year = year + 2000 if year < 100 else year
        if not _is_day(year, month, day):
            return None
        return _Moment(at, at + 1, month, day=day, year=year, precision="day")

    def week_of_month(self, at):
        """ "first week of July", "last week in June"."""
        which = ORDINALS.get(self.word(at))
        if self.kind(at) == "ordinal":
            which = self.tokens[at].number
        if not which or which > 4 or self.word(at + 1) not in {"week", "wk"}:
            return None
        after = at + 2
        while self.word(after) in {"of", "in"}:
            after += 1
        month = self.month(after)
        if not month or month.day:
            return None
        if self.word(at) in {"last", "final"}:
            return replace(month, start=at, part="late")
        return replace(month, start=at, day=7 * which)

    def pair(self, at, one, two):
        if (one, two) == (24, 7):  # round the clock
            return None
        if two == one + 1 and two > 12 and self.period.is_near(2000 + one):
            return _Moment(at, at + 1, *FINANCIAL_YEAR, year=2000 + one, precision="year")
        if one <= 12 < two and self.period.is_near(2000 + two) and one:
            return _Moment(at, at + 1, one, year=2000 + two)
        stands_alone = len(self.tokens) == 1 or self.word(at - 1) in BEFORE_A_DATE
        if _is_day(2000, two, one) and (one > 12 or stands_alone or self.word(at).startswith("0")):
            return _Moment(at, at + 1, two, day=one, precision="day")
        return None

    def days_of_month(self, at):
        """ "4 July 2012", "the 12th of May", "12-16 May", "5, 12 and 19 June 2025": days that share a month."""
        days, seps, after = [], [], at
        while self.kind(after) in {"number", "ordinal", "pair"} and len(days) < 10:
            days += [(int(n), after) for n in _JUST_A_NUMBER.findall(self.word(after))][:2]
            if self.kind(after) == "pair":
                seps.append("/")
            after += 1
            if self.word(after) in {",", "and", "&", "-", "to"} and self._is_day_token(after + 1):
                seps.append(self.word(after))
                after += 1
            else:
                break
        if not days or not all(1 <= day <= 31 for day, _ in days) or self.word(at - 1) in COUNTED:
            return None
        gap = self.word(after)
        if gap == "of" or (gap == "-" and self._touches(after) and len(days) == 1):
            after += 1
        month = self.month(after)
        if not month or month.day:
            return None
        last = 31 if month.year is None else calendar.monthrange(month.year, month.month)[1]
        if any(day > min(last, calendar.monthrange(2024, month.month)[1]) for day, _ in days):
            return None
        moments = [
            replace(month, day=day, precision="day", start=place, end=place + 1)
            for day, place in days
        ]
        moments[-1].end = month.end
        if len(days) == 2 and seps == ["/"]:
            moments[0].end = moments[0].start
        return moments

    def _is_day_token(self, at):
        return self.kind(at) in {"number", "ordinal"} and len(self.word(at)) <= 4

    def _touches(self, at):
        """Is there no space round this mark, as in "23-Mar"?"""
        before, mark, after = self.tokens[at - 1], self.tokens[at], self.tokens[at + 1 : at + 2]
        return before.end == mark.start and bool(after) and mark.end == after[0].start

    def month(self, at):
        """ "March", "March 2021", "Mar-21", "Feb '26", "March 26th, 2026", "September 2025/26"."""
        if self.word(at) not in MONTHS or not self._is_not_the_verb(at):
            return None
        month, after = MONTHS[self.word(at)], at + 1
        if self.word(after) == "." and self.kind(after + 1) in {"number", "years", "ordinal"}:
            after += 1
        day = self._day_after_month(after, month)
        if day:
            year, _, end = self.year_at(day[1])
            return _Moment(at, end or day[1], month, day=day[0], year=year, precision="day")
        year, first_month, end = self.year_at(after, short=True)
        if year and first_month == FINANCIAL_YEAR[0] and month < first_month:
            year += 1
        return _Moment(at, end or after, month, year=year)

    def _is_not_the_verb(self, at):
        if self.word(at) != "may":
            return True
        return self.word(at + 1) not in AFTER_MAY_THE_VERB

    def _day_after_month(self, at, month):
        """A day written after its month: "March 26th", "March 26, 2026"; the day and where it ends, or None."""
        kind, word = self.kind(at), self.word(at)
        if kind == "ordinal" or (kind == "number" and len(word) <= 2):
            day = self.tokens[at].number
            if not 1 <= day <= calendar.monthrange(2024, month)[1]:
                return None
            comma = 1 if self.word(at + 1) == "," else 0
            has_year = self.kind(at + 1 + comma) == "number" and len(self.word(at + 1 + comma)) == 4
            if kind == "ordinal" or has_year or not self.period.is_near(2000 + day):
                return day, at + 1
        return None

    def year_at(self, at, *, short=False):
        """The year written here: (year, its first month, end), or (None, None, None). 2013/14 begins in April 2013."""
        after = at
        while self.word(after) in {",", "of", "-", "/", "in", "the", "fy"} and after - at < 2:
            after += 1
        has_gap = after > at
        if (
            self.word(after) == "'"
            and self.kind(after + 1) == "number"
            and len(self.word(after + 1)) == 2
        ):
            return 2000 + self.tokens[after + 1].number, 1, after + 2
        if self.kind(after) == "years":
            first, last = self._two_years(after)
            if last == first + 1:
                return first, FINANCIAL_YEAR[0], after + 1
        if self.kind(after) == "pair":
            one, two = (int(n) for n in self.word(after).split("/"))
            if two == one + 1 and self.period.is_near(2000 + one):
                return 2000 + one, FINANCIAL_YEAR[0], after + 1
        if self.kind(after) == "number":
            word, number = self.word(after), self.tokens[after].number
            if len(word) == 4 and 1990 <= number <= 2100:
                return number, 1, after + 1
            is_joined = not has_gap or self.word(after - 1) == "-" and self._touches(after - 1)
            if short and len(word) == 2 and is_joined and self.period.is_near(2000 + number):
                if self.word(after + 1) not in MONTHS:
                    return 2000 + number, 1, after + 1
        return None, None, None

    def _two_years(self, at):
        first, last = (int(n) for n in _JUST_A_NUMBER.findall(self.word(at)))
        return first, last if last > 99 else first // 100 * 100 + last

    def season(self, at):
        """ "Autumn 2013", "summer term", "Spring term 2025/26"."""
        name = self.word(at)
        if name not in SEASONS:
            return None
        after, stretch, is_term = at + 1, SEASONS[name], False
        year, first_month, end = self.year_at(after, short=True)
        after = end or after
        if self.word(after) == "term":
            after, stretch, is_term = after + 1, TERMS[name], True
            if year is None:
                year, first_month, end = self.year_at(after, short=True)
                after = end or after
        moment = _Moment(at, after, *stretch, year=year, precision="season")
        if year and first_month == FINANCIAL_YEAR[0]:
            is_in_second_year = (
                stretch[0] < 9
                if is_term
                else _end_of_months(date(2001, stretch[0], 1), 3).month < 4
            )
            if is_in_second_year and stretch[0] < 9:
                moment.year += 1
        return moment

    def quarter(self, at):
        """ "Q2 2024/25", "2025/26 Q1", "Quarter 2", "first quarter of the year"."""
        year = end = None
        after = at
        if self.kind(at) == "years":
            first, last = self._two_years(at)
            if last != first + 1 or self._quarter_number(at + 1)[0] is None:
                return None
            year, after = first, at + 1
        number, after = self._quarter_number(after)
        if number is None:
            return None
        is_financial = year is not None
        if year is None:
            while self.word(after) in {"of", "the", "("} and self.year_at(after + 1)[0]:
                after += 1
            year, first_month, end = self.year_at(after, short=True)
            is_financial = first_month == FINANCIAL_YEAR[0]
            after = end or after
        moment = _Moment(at, after, *QUARTERS[number], year=year, precision="quarter")
        if year is not None and number == 4:
            is_next_year = is_financial or not self.period.holds(moment.due(year))
            moment.year = year + 1 if is_next_year else year
        return moment

    def _quarter_number(self, at):
        if self.kind(at) == "quarter":
            return int(self.word(at)[-1]), at + 1
        if self.word(at) == "quarter" and self.word(at + 1) in NUMBERED:
            return NUMBERED[self.word(at + 1)], at + 2
        named = ORDINALS.get(self.word(at))
        if self.kind(at) == "ordinal" and self.tokens[at].number <= 4:
            named = self.tokens[at].number
        if named and self.word(at + 1) == "quarter":
            return named, at + 2
        return None, at

    def year_end(self, at):
        """ "year end", "financial year-end", "within the year", "this financial year", "Christmas"."""
        if self.word(at) in {"christmas", "xmas"}:
            year, _, end = self.year_at(at + 1, short=True)
            return _Moment(at, end or at + 1, 12, day=25, year=year, precision="day")
        if self.word(at) == "eoy":
            return self.period.as_moment(at, at + 1)
        if (
            self.word(at) in {"the", "this"}
            and self.word(at - 1) == "within"
            or (self.word(at) == "this" and self.word(at - 1) in {"in", "by", ""})
        ):
            return self.named_year(at + 1)
        after = at + 1 if self.word(at) in YEAR_NAMES else at
        hyphen = 1 if self.word(after + 1) == "-" else 0
        if self.word(after) == "year" and self.word(after + 1 + hyphen) == "end":
            moment = self.named_year(at)
            return replace(moment, end=after + 2 + hyphen) if moment else None
        if self.word(at) == "fy" and self.kind(at + 1) == "number":
            return self.named_year(at)
        return None

    def years(self, at):
        """ "2021/22" a financial year, "2021-2022" the same as a window, "2020-30" a stretch of years."""
        if self.kind(at) != "years":
            return None
        first, last = self._two_years(at)
        if last == first + 1:
            name = self.word(at - 1) if self.word(at - 1) != "year" else self.word(at - 2)
            stretch = SCHOOL_YEAR if name in {"academic", "school"} else FINANCIAL_YEAR
            is_range = "-" in self.word(at)
            return _Moment(at, at + 1, *stretch, year=first, precision="year", is_range=is_range)
        if last > first:
            return _Moment(
                at, at + 1, 1, 12, year=first, last_year=last, precision="year", is_range=True
            )
        month = last % 100
        if "-" in self.word(at) and len(self.word(at)) == 7 and 1 <= month <= 12:  # 2020-05
            return _Moment(at, at + 1, month, year=first)
        return None

    def bare_year(self, at):
        """ "by 2026", "2020 onwards". Not the year of a document's name ("Working Together 2018")."""
        if self.kind(at) != "number" or len(self.word(at)) != 4:
            return None
        year = self.tokens[at].number
        before = self.word(at - 1)
        is_introduced = before in BEFORE_A_DATE or before in {
            "",
            "\n",
            ":",
            "-",
            "/",
            ";",
            "'",
            "year",
        }
        if before == "(" and self.word(at + 1) in {")", ""}:
            is_introduced = True
        if not 1990 <= year <= 2100 or not is_introduced:
            return None
        return _Moment(at, at + 1, *CALENDAR_YEAR, year=year, precision="year")


def _is_day(year, month, day):
    return (
        MINYEAR < year < MAXYEAR
        and 1 <= month <= 12
        and 1 <= day <= calendar.monthrange(year, month)[1]
    )


# --- Years ----------------------------------------------------------------------------------------------------------


def _settle_years(moments, tokens, period):
    """Give each moment without a year the one of its list, or else the one inside the plan's period."""
    for place in range(len(moments) - 2, -1, -1):
        one, two = moments[place], moments[place + 1]
        between = _between(tokens, one, two)
        if one.year is None and two.year is not None and set(between) <= LIST_WORDS | RANGE_WORDS:
            must_precede = bool(set(between) & RANGE_WORDS)
            one.year = _shared_year(one, two, period, step=-1, in_order=must_precede)
    for place, moment in enumerate(moments):
        if moment.year is not None:
            continue
        if place:
            before = moments[place - 1]
            must_follow = bool(set(_between(tokens, before, moment)) & RANGE_WORDS)
            moment.year = _shared_year(moment, before, period, step=1, in_order=must_follow)
        else:
            moment.year = _year_in_period(moment, period)


def _between(tokens, one, two):
    return [token.text for token in tokens[one.end : two.start]]


def _shared_year(moment, other, period, *, step, in_order):
    """The year of ``moment`` in a list with ``other``: the same year, or the one that keeps the order of time."""
    year = other.due().year if step > 0 else other.first().year
    same = moment.due(year)
    ordered = year if (same - other.due()).days * step >= 0 else year + step
    if in_order or period.holds(moment.due(ordered)):
        return ordered
    if period.holds(same):
        return year
    return ordered


def _year_in_period(moment, period):
    years = range(period.starts_on.year - 1, period.ends_on.year + 2)
    for year in years:
        if period.holds(moment.due(year)):
            return year
    return next(year for year in years if moment.due(year) >= period.starts_on)


# --- Joining moments -------------------------------------------------------------------------------------------------

_REVISED = re.compile(
    r"\b(?:revised|now|extended|moved|slipped|deferred|rescheduled|postponed|new date|amended|updated to|i\.?e)\b",
    re.IGNORECASE,
)


def _drop_replaced(moments, tokens, text):
    """Leave out what the words replace: an old date, a meeting that the work is done before."""
    revised_at = max((match.start() for match in _REVISED.finditer(text)), default=-1)
    if any(tokens[m.start].start > revised_at for m in moments):
        moments = (
            [m for m in moments if tokens[m.start].start > revised_at]
            if revised_at >= 0
            else moments
        )
    kept = []
    for moment in moments:
        if kept and _is_ahead_of_meeting(moment, tokens):
            continue
        kept.append(moment)
    return kept


def _is_ahead_of_meeting(moment, tokens):
    """ "End-June (ahead of 4 July Meeting)": the meeting is why, not when."""
    before = {token.text for token in tokens[max(0, moment.start - 3) : moment.start]}
    after = {token.text for token in tokens[moment.end : moment.end + 3]}
    return bool(before & {"ahead", "before", "prior", "advance"}) and bool(after & MEETING_NOUNS)


@dataclass
class _Stretch:
    """One moment, or two joined to a range; what ``_Phrase`` counts."""

    begins: _Moment
    ends: _Moment
    is_window: bool

    @property
    def start(self):
        return self.begins.start

    @property
    def end(self):
        return self.ends.end


def _join(moments, tokens):
    """Join the two ends of a range, and neighbours with a stroke between them, which are one date."""
    stretches = []
    for moment in moments:
        before = stretches[-1] if stretches else None
        if before and not before.is_window:
            between = [
                t for t in _between(tokens, before.ends, moment) if t not in {"the", "end", "of"}
            ]
            ahead = {t.text for t in tokens[max(0, before.start - 2) : before.start]}
            is_range = bool(between) and set(between) <= RANGE_WORDS
            is_range = is_range or (between == ["and"] and "between" in ahead)
            if (
                is_range
                and before.begins.first() < moment.due()
                and before.begins.due() != moment.due()
            ):
                stretches[-1] = _Stretch(before.begins, moment, True)
                continue
            if between in (["/"], ["or"]) and _are_neighbours(before.ends, moment):
                stretches[-1] = _Stretch(moment, moment, False)
                stretches[-1].begins = replace(moment, start=before.start)
                continue
        stretches.append(_Stretch(moment, moment, moment.is_range))
    return [s for place, s in enumerate(stretches) if not _says_again(stretches, place, tokens)]


def _says_again(stretches, place, tokens):
    """ "Quarter 3 (Oct-Dec 2025)": is this stretch in brackets what the one before it already said?"""
    this, before = stretches[place], stretches[place - 1]
    is_bracketed = place > 0 and tokens[this.start - 1].text == "("
    return is_bracketed and this.ends.due() == before.ends.due()


def _are_neighbours(one, two):
    return 0 <= (two.first() - one.due()).days <= 31 or two.due() == one.due()


# --- What kind it is -------------------------------------------------------------------------------------------------

_RECURRING = re.compile(
    r"\b(?:daily|weekly|fortnightly|(?:bi-?)?monthly|quarterly|(?:half-?)?termly|yearly|annually|"
    r"bi-?annual|bi-?annually|biennial|biennially|regular|regularly|per annum|annual basis|periodically)\b"
    r"|\b(?:every|each) (?:[\w&/'-]{1,20} ){0,3}?(?:day|week|fortnight|month|quarter|half|term|year|period|meeting|cycle|"
    r"board|round|summer|autumn|winter|spring|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|days|weeks|months|terms|years|quarters)\b"
    r"|\b(?:once|twice|times|one|two|three|four|x ?\d|\d ?x) (?:a|an|per|in each|in every) (?:[\w-]{1,20} )?"
    r"(?:day|week|month|quarter|term|year|annum|period)\b"
    r"|\bper (?:week|month|quarter|term|year)\b",
)
_WEAK_RECURRING = re.compile(r"\bannual\b")
_COUNTED_FROM = re.compile(
    r"\b(?:days?|weeks?|months?|years?|hours?)(?:'s?)? (?:of|from|after|following|before|prior|post)\b(?! (?:the )?plan\b)"
)
_DURATION = re.compile(
    r"\b(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|few|several|couple of)[ -]"
    r"(?:working |school |calendar )?(?:hour|day|week|fortnight|month|year|term)s?\b"
)
_NEXT_STRETCH = re.compile(
    r"\bnext (?:[\w-]{1,20} ){0,4}(?:days|weeks|months|month|week|term|years|year)\b"
)
_RELATIVE = re.compile(
    r"\b(?:once|after|following|upon|when|where|pending|subject to|depend(?:ent|ing|s) (?:on|upon)|linked to|aligned|"
    r"on (?:completion|receipt|publication|appointment|approval|release|conclusion|sign[ -]?off|request|notification)|"
    r"as soon as|in line with|in accordance with|in response to|in time for|as per|as (?:and when|required|needed|"
    r"necessary|appropriate)|if required|prior to|ahead of|in advance of|before|until|within|post)\b"
)
_UNSET = re.compile(
    r"\b(?:t\.?b\.?[acd]|asap|as soon as (?:is )?(?:reasonably )?(?:possible|practicable|practical|feasible)|"
    r"to be (?:confirmed|agreed|decided|determined|set|arranged|announced|advised|scheduled|identified)|"
    r"not (?:yet )?(?:known|set|agreed|confirmed|started|specified|stated)|awaiting|unknown|n/?a)\b"
)
_CONTINUOUS = re.compile(
    r"\bon[ -]?going\b|\bcontinu(?:ous|ously|al|ally|es|ing|e)\b|\bthroughout\b|\byear[ -]round\b|\ball (?:the )?year\b|"
    r"\balways\b|\bbusiness as usual\b|\bbau\b|\b24/7\b|\brolling\b(?! out)|\bpermanent(?:ly)?\b|\bstanding item\b|"
    r"\bat all times\b|\b(?:duration|lifetime|lifespan|(?<=for the )life) of\b|"
    r"\b(?:during|across|over|through|for) (?:the |this )?(?:whole |full |entire |course of the )?"
    r"(?:business |financial |reporting |plan |planning |calendar |academic )?(?:year|plan|period)\b|\bin[ -]year\b"
)
_STARTS = set(
    """
    from since beginning begin begins starting start starts commencing commence commences
    effective wef onwards
    """.split()
)
_LEAD_IN = set("in on from the at around circa c approx . about : date of work".split())
_FINISHES = re.compile(
    r"\b(?:to|until|till|by|complet\w{0,6}|finish\w{0,4}|end\w{0,3}|conclud\w{0,3})\b",
    re.IGNORECASE,
)
_NEXT_MEETING = re.compile(
    r"\b(?:next|following|forthcoming|upcoming|first|last|final) (?:[\w&-]{1,20} ){0,4}?"
    r"(?:meeting|board|executive|exec|committee|cabinet|panel|subgroup|sub-group|forum|agm|assembly)\b"
    r"|^at (?:the |a )?(?:[\w&-]{1,20} ){0,4}(?:meetings?|board|executive|committee|agm|panel)\b"
)
_MEETING_WORD = re.compile(r"(?<!^)\bmeetings?\b|^meetings? (?:of|on|in|to|scheduled|\d)")


class _Phrase:
    """The whole of what was written: its stretches of time, and the words round them."""

    def __init__(self, text, tokens, stretches):
        self.text = text
        self.plain = text.lower().replace("\n", " ")
        self.tokens = tokens
        self.stretches = stretches
        self.labels = _labels(text, tokens, stretches)

    def reading(self):
        if not self.stretches:
            return Timescale(self._kind_without_date())
        if self._is_recurring():
            return Timescale("recurring", self._starts_and_dues())
        if self._is_meeting():
            return Timescale("meeting", self._dues())
        if self._is_only_after():
            return Timescale("relative")
        window = self._window()
        if window:
            return Timescale("window", window)
        if self._is_continuous_with_a_date():
            is_first_the_whole = self._is_throughout(self.stretches[0])
            return Timescale("continuous", self._dues()[1 if is_first_the_whole else 0 :])
        return Timescale("date" if len(self.stretches) == 1 else "dates", self._dues())

    def _kind_without_date(self):
        if _COUNTED_FROM.search(self.plain):
            return "relative"
        if _RECURRING.search(self.plain):
            return "recurring"
        if _NEXT_MEETING.search(self.plain) or _MEETING_WORD.search(self.plain):
            return "meeting"
        if _UNSET.search(self.plain):
            return "unset"
        if _CONTINUOUS.search(self.plain):
            return "continuous"
        if (
            _RELATIVE.search(self.plain)
            or _DURATION.search(self.plain)
            or _NEXT_STRETCH.search(self.plain)
        ):
            return "relative"
        return "recurring" if _WEAK_RECURRING.search(self.plain) else "unset"

    # Kinds, where there is a date

    def _is_recurring(self):
        return bool(_RECURRING.search(self.plain))

    def _is_meeting(self):
        """Is the only thing dated here a meeting? "by the December Board", "next meeting (25 September)"."""
        first, last = self.stretches[0], self.stretches[-1]
        is_one = len(self.stretches) == 1 or self._is_list()
        if not is_one or first.is_window:
            return False
        after = [token.text for token in self.tokens[last.end : last.end + 4]]
        for place, word in enumerate(after):
            if word in MEETING_NOUNS:
                return not set(after[place + 1 :]) & NOT_A_MEETING
            if not word.isalpha() and word not in {"&", "-"} or word in BEFORE_A_DATE:
                break
        before = self.plain[: self.tokens[first.start].start]
        just_before = [token.text for token in self.tokens[max(0, first.start - 2) : first.start]]
        if "by" in just_before:
            return False
        return bool(_NEXT_MEETING.search(before) or _MEETING_WORD.search(before))

    def _is_list(self):
        for one, two in zip(self.stretches, self.stretches[1:], strict=False):
            if not set(_between(self.tokens, one.ends, two.begins)) <= LIST_WORDS:
                return False
        return True

    def _is_only_after(self):
        """ "Following the audit in June 2025": June is when the event is, and no day is named for the work."""
        first = self.stretches[0]
        before = self.plain[: self.tokens[first.start].start]
        is_after = re.match(r"(?:after|following|once)\b", before)
        return (
            len(self.stretches) == 1
            and bool(is_after)
            and not re.search(r"\bby\b|\(|[,;:-]", before)
        )

    def _is_continuous_with_a_date(self):
        match = _CONTINUOUS.search(self.plain)
        return bool(match) and match.start() < self.tokens[self.stretches[0].start].start

    # Milestones

    def _milestone(self, place, day, moment, label=True):
        return ReadMilestone(day, self.labels[place] if label else None, moment.precision)

    def _dues(self):
        return tuple(
            self._milestone(place, s.ends.due(), s.ends) for place, s in enumerate(self.stretches)
        )

    def _starts_and_dues(self):
        window = self._window()
        return tuple(m for m in window if m.due_on) if window else self._dues()

    def _window(self):
        """Start and end of a window, or None if the dates are deadlines."""
        first = self.stretches[0]
        if len(self.stretches) == 1:
            if first.is_window or self._is_throughout(first):
                return (
                    self._milestone(0, first.begins.first(), first.begins),
                    self._milestone(0, first.ends.due(), first.ends, label=False),
                )
            if self._is_start(first):
                return (
                    self._milestone(0, first.begins.first(), first.begins),
                    ReadMilestone(None, None, first.begins.precision),
                )
        if len(self.stretches) == 2 and self._is_start(first) and not self.stretches[1].is_window:
            second = self.stretches[1]
            between = self.text[self.tokens[first.end - 1].end : self.tokens[second.start].start]
            if _FINISHES.search(between) and first.begins.first() <= second.ends.due():
                return (
                    self._milestone(0, first.begins.first(), first.begins),
                    self._milestone(1, second.ends.due(), second.ends),
                )
        return None

    def _is_start(self, stretch):
        """Do the words round it make this a beginning: "from May", "2020 onwards", "Sept 2025 - ongoing"?"""
        before = [token.text for token in self.tokens[max(0, stretch.start - 2) : stretch.start]]
        if before in (["not", "before"], ["earlier", "than"]):
            return True
        if before[:1] in (["week"], ["wk"]):
            return False
        at = stretch.start - 1
        while at >= 0 and self.tokens[at].text in _LEAD_IN - {"from"}:
            at -= 1
        if at >= 0 and self.tokens[at].text in _STARTS:
            return True
        after = [token.text for token in self.tokens[stretch.end : stretch.end + 4]]
        if after[:1] in (["onwards"], ["onward"]) or after[:2] == ["and", "onwards"]:
            return True
        return after[:1] in (["-"], ["to"]) and after[1:2] in (
            ["ongoing"],
            ["on"],
            ["onwards"],
            ["continuous"],
        )

    def _is_throughout(self, stretch):
        if stretch.begins.day:
            return False
        before = [token.text for token in self.tokens[max(0, stretch.start - 2) : stretch.start]]
        return bool(set(before) & {"throughout", "during", "across", "over"})


# --- Labels ----------------------------------------------------------------------------------------------------------

_EDGE_WORDS = {
    "by", "in", "on", "the", "at", "and", "then", "for", "from", "until", "to", "of", "with", "or", "is", "due", "end",
    "early", "mid", "late", "before", "a", "but", "with a view to", "ie", "eg", "i.e", "i.e.", "e.g", "e.g.", "around",
    "approx", "circa", "onwards", "between", "during", "throughout", "within", "no", "later", "than",
}  # fmt: skip
_KEPT_AT_START = {"for", "no", "from", "in", "to"}


def _labels(text, tokens, stretches):
    """The words that say what each stretch is for: those before it, or, where none come first, those after it."""
    if not stretches:
        return []
    starts = [tokens[s.start].start for s in stretches]
    ends = [tokens[s.end - 1].end for s in stretches]
    before = [_label(text[a:b]) for a, b in zip([0, *ends[:-1]], starts, strict=True)]
    after = [_label(text[a:b]) for a, b in zip(ends, [*starts[1:], len(text)], strict=True)]
    if before[0] is None and after[-1] is not None:
        return after
    return before


def _label(words):
    words = " ".join(words.split()).strip(" ,;:.-()[]/&'\"\u2022")
    parts = words.split(" ")
    while parts and parts[-1].lower().strip(",;:.-(") in _EDGE_WORDS | {""}:
        parts.pop()
    while parts and parts[0].lower().strip(",;:.-)") in (_EDGE_WORDS - _KEPT_AT_START) | {""}:
        parts.pop(0)
    label = " ".join(parts).strip(" ,;:.-([/&")
    return label if re.search(r"[^\W\d_]{2}", label) else None
