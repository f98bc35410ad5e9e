"""The days and stretches of time that words name, and how they hang together.

``find_stretches`` is the way in. It goes in four steps: words become tokens; a small grammar finds
moments ("mid May", "Q2 2024/25", "5, 12 and 19 June"); a moment without a year gets one from its
neighbours or from the plan's period; moments joined by "to" or a stroke become one stretch.
``plans.timescale`` says what kind of timescale they make, and holds the conventions.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta

LONGEST_READ = 2_000


def words(text):
    return frozenset(text.split())


# Words of the grammar

MONTH_SPELLINGS = [
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
]
MONTHS = {
    spelling: number for number, spellings in enumerate(MONTH_SPELLINGS, start=1) for spelling in spellings.split()
}

# First month, and how many months it lasts.
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
YEAR_NAMES = words("financial fiscal fy business reporting plan planning calendar academic school")
# "End of year reporting" names a report, not a day.
AFTER_A_YEAR_THAT_IS_A_NAME = words("report reports reporting review reviews conference summary data")

PARTS = {
    "early": "early",
    "beginning": "early",
    "start": "early",
    "mid": "mid",
    "middle": "mid",
    "late": "late",
    "end": "end",
}
HALVES = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "latter": 2}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
NUMBERS = {"1": 1, "2": 2, "3": 3, "4": 4, "one": 1, "two": 2, "three": 3, "four": 4}

# A number after one of these does not count days: "Phase 1 June" is June.
COUNTED = words("phase stage part priority version tier step wave cohort year group level")
AFTER_MAY_THE_VERB = words("be need have not change vary also require include take slip move")
BEFORE_A_DATE = words(
    """
    by in on before until till from to since during throughout of at for the end early mid late
    around circa approx through between and or due commencing beginning starting within over
    across after followed
    """
)
BEFORE_A_BARE_YEAR = BEFORE_A_DATE | {"", "\n", ":", "-", "/", ";", "'", "year"}
MEETING_NOUNS = words(
    """
    meeting meetings board boards executive exec committee cabinet panel subgroup subgroups forum
    agm assembly
    """
)
LIST_WORDS = words(", ; and & / or + then") | {"\n"}
RANGE_WORDS = words("- to until till through up")


# Plain text and tokens


def plain_text(written):
    """One spelling of dashes, quotes and spaces; lines stay apart."""
    text = unicodedata.normalize("NFKC", str(written or "")[:LONGEST_READ])[:LONGEST_READ]
    text = re.sub(r"[\u00ad\u200b-\u200f\ufeff]", "", text)
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"[\u2018\u2019\u201b`\u00b4]", "'", text)
    text = re.sub(r"[\u201c\u201d]", '"', text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    end: int

    @property
    def numbers(self):
        return [int(digits) for digits in re.findall(r"[0-9]+", self.text)]


_TOKEN = re.compile(
    r"""
    (?P<iso>[0-9]{4}(?P<bar>[-/])[0-9]{1,2}(?P=bar)[0-9]{1,2}(?![0-9]))
  | (?P<full>[0-9]{1,2}(?P<sep>[./-])[0-9]{1,2}(?P=sep)(?:[0-9]{4}|[0-9]{2})(?![0-9]))
  | (?P<years>(?<![0-9])(?:19|20)[0-9]{2}
        (?:\ ?[-/]\ ?(?:19|20)[0-9]{2}|[-/][0-9]{2})(?![0-9])(?![/-][0-9]))
  | (?P<time>[0-9]{1,2}(?::[0-9]{2}|\.[0-9]{2}(?=\ ?[ap]m)|(?=\ ?[ap]m))(?:\ ?[ap]m)?\b)
  | (?P<monthyear>(?<![0-9/])[0-9]{1,2}/(?:19|20)[0-9]{2}(?![0-9]))
  | (?P<pair>(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}(?![0-9/]))
  | (?P<quarter>\b(?:q|qtr|quarter)[. ]?[1-4]\b|(?<=q[1-4][/&-])[1-4]\b)
  | (?P<half>\bh[12]\b)
  | (?P<ordinal>[0-9]{1,2}(?:st|nd|rd|th)\b)
  | (?P<number>[0-9]+)
  | (?P<word>[^\W\d_]+)
  | (?P<mark>[^\w\s]|\n|_)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def tokenise(text):
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = {"bar": "iso", "sep": "full"}.get(match.lastgroup, match.lastgroup)
        tokens.append(Token(kind, match.group().lower(), match.start(), match.end()))
    return tokens


# Moments: what the words name, before its year is settled


@dataclass
class Period:
    """The time a plan covers."""

    starts_on: date
    ends_on: date

    def __post_init__(self):
        self.ends_on = max(self.starts_on, self.ends_on)

    def holds(self, day):
        return self.starts_on <= day <= self.ends_on

    def is_near(self, year):
        """Can two figures be this year? In 2025-26 "Mar 26" is a month, "June 14" a day."""
        return self.starts_on.year - 5 <= year <= self.ends_on.year + 10

    def as_moment(self, start, end):
        """The whole period, as the tokens [start, end) name it ("year", "plan")."""
        months = (self.ends_on.year - self.starts_on.year) * 12
        months += self.ends_on.month - self.starts_on.month + 1
        begins = self.starts_on
        return Moment(start, end, begins.month, months, year=begins.year, precision="year")


@dataclass
class Moment:
    """A day, or a stretch of whole months, that the tokens [start, end) name.

    ``month`` and ``months`` place it in ``year``, which stays None until the years are settled.
    ``part`` is early, mid, late or end of it.
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

    def _bounds(self, year):
        year = self.year if year is None else year
        if self.day:
            last = calendar.monthrange(year, self.month)[1]
            day = date(year, self.month, min(self.day, last))
            return day, day
        begin = date(year, self.month, 1)
        if self.last_year:
            return begin, date(self.last_year, 12, 31)
        return begin, end_of_months(begin, self.months)

    def first(self, year=None):
        """The first day, for a window that starts here."""
        begin, end = self._bounds(year)
        if self.part in (None, "early"):
            return begin
        if self.part == "end":
            return end
        if self.months == 1:
            return begin.replace(day=15 if self.part == "mid" else 21)
        if self.part == "mid":
            return _add_months(begin, self.months // 2)
        return _add_months(begin, self.months - self.months // 4 - 1)

    def due(self, year=None):
        """The day it is due: the last day, or as early and mid say."""
        begin, end = self._bounds(year)
        if self.part in (None, "late", "end") or self.day:
            return end
        is_early = self.part == "early"
        if self.months == 1:
            return begin.replace(day=10 if is_early else 15)
        if self.months >= 12:
            return end_of_months(begin, self.months // (4 if is_early else 2))
        return end_of_months(begin, 1 if is_early else 2)


def _add_months(day, months):
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def end_of_months(begin, months):
    """The last day of so many months from ``begin``, the first of a month."""
    return _add_months(begin, months) - timedelta(days=1)


def find_stretches(text, tokens, period):
    """Every stretch of time that the ``tokens`` of ``text`` name, in the order they are written."""
    moments = _find_moments(tokens, period)
    _settle_years(moments, tokens, period)
    return _join(_drop_replaced(moments, text, tokens), tokens)


def _find_moments(tokens, period):
    grammar = _Grammar(tokens, period)
    moments, at = [], 0
    while at < len(tokens):
        found = grammar.moments_at(at)
        moments += found
        at = found[-1].end if found else at + 1
    if len(moments) > 1:
        moments = [moment for moment in moments if not _is_after(moment, tokens)]
    return moments


def _is_after(moment, tokens):
    """As in "as soon after the end of the year as is feasible": from when, not by when."""
    before = [t.text for t in tokens[max(0, moment.start - 2) : moment.start] if t.text != "the"]
    return before[-1:] in (["after"], ["following"])


class _Grammar:
    """What can be written, one method each. A method takes a place and answers with a moment.

    None means that no such thing is written there. A moment's ``end`` is the place after it.
    """

    def __init__(self, tokens, period):
        self.tokens = tokens
        self.period = period

    def word(self, at):
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def kind(self, at):
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    def moments_at(self, at):
        moment = self.half(at) or self.part(at)
        if moment:
            return [moment]
        return self.days_of_month(at) or [m for m in [self.plain(at)] if m]

    def part(self, at):
        """As in "early May", "mid/end May", "end of the autumn term", "end of the year"."""
        part, after = None, at
        while self._is_part(after):
            part = PARTS[self.word(after)]
            after += 1
            if self.word(after) in {"/", "-", "to", "or"} and self._is_part(after + 1):
                after += 1
        if not part:
            return None
        while self.word(after) in {"of", "the", "-", "in", "this"}:
            after += 1
        moment = self.plain(after) or self.named_year(after)
        if not moment or moment.day:
            return None
        return replace(moment, start=at, part=part)

    def _is_part(self, at):
        """ "Beginning of May" is early May; "beginning May" and "start June" begin a window."""
        if self.word(at) in {"beginning", "start"}:
            return self.word(at + 1) == "of"
        return self.word(at) in PARTS

    def half(self, at):
        """As in "first half of the year", "2nd half of 2025/26", "H1": a window of six months."""
        if self.kind(at) == "half":
            which, after = int(self.word(at)[1]), at + 1
        elif self.word(at + 1) == "half" and self.word(at) in HALVES:
            which, after = HALVES[self.word(at)], at + 2
            while self.word(after) in {"of", "the", "this", "year"} | YEAR_NAMES:
                after += 1
        else:
            return None
        year, month, end = self.year_at(after)
        if year is None:
            month, year = self.period.starts_on.month, self.period.starts_on.year
        if which == 2:
            begin = _add_months(date(year, month, 1), 6)
            month, year = begin.month, begin.year
        return Moment(at, end or after, month, 6, year=year, is_range=True)

    def plain(self, at):
        """Whatever can follow early, mid, late or end."""
        return (
            self.figures(at)
            or self.week_of_month(at)
            or self.quarter(at)
            or self.season(at)
            or self.month(at)
            or self.year_in_words(at)
            or self.years(at)
            or self.bare_year(at)
        )

    # Days

    def figures(self, at):
        """As in 31/03/2025, 2025-03-31, 03/2025, 31/3, 03/25."""
        kind = self.kind(at)
        if kind == "pair":
            return self._pair(at)
        if kind == "monthyear":
            month, year = self.tokens[at].numbers
            return Moment(at, at + 1, month, year=year) if 1 <= month <= 12 else None
        if kind not in {"iso", "full"}:
            return None
        numbers = self.tokens[at].numbers
        day, month, year = reversed(numbers) if kind == "iso" else numbers
        year = year + 2000 if year < 100 else year
        if not _is_day(year, month, day):
            return None
        return Moment(at, at + 1, month, day=day, year=year, precision="day")

    def _pair(self, at):
        """Two numbers with a stroke: 25/26 a financial year, 04/25 a month, 31/3 a day."""
        one, two = self.tokens[at].numbers
        if (one, two) == (24, 7):  # round the clock
            return None
        if two == one + 1 and two > 12 and self.period.is_near(2000 + one):
            return Moment(at, at + 1, *FINANCIAL_YEAR, year=2000 + one, precision="year")
        if 1 <= one <= 12 < two and self.period.is_near(2000 + two):
            return Moment(at, at + 1, one, year=2000 + two)
        is_introduced = len(self.tokens) == 1 or self.word(at - 1) in BEFORE_A_DATE
        is_plainly_a_day = one > 12 or self.word(at).startswith("0")
        if _is_day(2000, two, one) and (is_introduced or is_plainly_a_day):
            return Moment(at, at + 1, two, day=one, precision="day")
        return None

    def days_of_month(self, at):
        """As in "4 July 2012", "the 12th of May", "12-16 May", "5, 12 and 19 June 2025"."""
        if self.word(at - 1) in COUNTED:
            return []
        days, after = self._days(at)
        is_joined = self.word(after) == "-" and self._touches(after) and len(days) == 1
        if self.word(after) == "of" or is_joined:  # "23-Mar"
            after += 1
        month = self.month(after) if days else None
        if not month or month.day:
            return []
        last = calendar.monthrange(month.year or 2024, month.month)[1]
        if any(not 1 <= day <= last for day, _ in days):
            return []
        moments = [replace(month, day=day, precision="day", start=place, end=place + 1) for day, place in days]
        moments[-1].end = month.end
        return moments

    def _days(self, at):
        """The numbers written here as a list, each with its place; and the place after them."""
        days, after = [], at
        while self.kind(after) in {"number", "ordinal", "pair"} and len(days) < 10:
            days += [(day, after) for day in self.tokens[after].numbers]
            after += 1
            is_list = self.word(after) in {",", "and", "&", "-", "to"}
            if not is_list or self.kind(after + 1) not in {"number", "ordinal"}:
                break
            after += 1
        return days, after

    def _touches(self, at):
        """Is there no space round this mark, as in "23-Mar"?"""
        if not 0 < at < len(self.tokens) - 1:
            return False
        before, mark, after = self.tokens[at - 1 : at + 2]
        return before.end == mark.start and mark.end == after.start

    # Weeks, months, quarters, seasons

    def week_of_month(self, at):
        """As in "first week of July", "last week in June"."""
        which = self._ordinal(at)
        if not which or self.word(at + 1) not in {"week", "wk"}:
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

    def _ordinal(self, at):
        """First to fourth, in words or figures."""
        if self.kind(at) == "ordinal" and 1 <= self.tokens[at].numbers[0] <= 4:
            return self.tokens[at].numbers[0]
        return ORDINALS.get(self.word(at))

    def month(self, at):
        """As in "March", "Mar-21", "Feb '26", "March 26th, 2026", "September 2025/26"."""
        is_verb = self.word(at) == "may" and self.word(at + 1) in AFTER_MAY_THE_VERB
        if self.word(at) not in MONTHS or is_verb:
            return None
        month, after = MONTHS[self.word(at)], at + 1
        if self.word(after) == "." and self.kind(after + 1) in {"number", "years", "ordinal"}:
            after += 1
        if self._is_day_after_month(after, month):
            day = self.tokens[after].numbers[0]
            year, _, end = self.year_at(after + 1)
            return Moment(at, end or after + 1, month, day=day, year=year, precision="day")
        year, first_month, end = self.year_at(after, short=True)
        if year and first_month == FINANCIAL_YEAR[0] and month < first_month:
            year += 1
        return Moment(at, end or after, month, year=year)

    def _is_day_after_month(self, at, month):
        """Is this a day written after its month, as in "March 26th", "March 26, 2026"?"""
        is_ordinal = self.kind(at) == "ordinal"
        if not is_ordinal and not (self.kind(at) == "number" and len(self.word(at)) <= 2):
            return False
        day = self.tokens[at].numbers[0]
        if not 1 <= day <= calendar.monthrange(2024, month)[1]:
            return False
        after = at + 2 if self.word(at + 1) == "," else at + 1
        has_year = self.kind(after) == "number" and len(self.word(after)) == 4
        return is_ordinal or has_year or not self.period.is_near(2000 + day)

    def quarter(self, at):
        """As in "Q2 2024/25", "2025/26 Q1", "Quarter 2", "first quarter of 2025/26"."""
        year, is_financial, after = None, False, at
        if self.kind(at) == "years":
            first, last = self._two_years(at)
            if last == first + 1:
                year, is_financial, after = first, True, at + 1
        number, after = self._quarter_number(after)
        if number is None:
            return None
        if year is None:
            if self.word(after) == "of" and self.year_at(after + 1)[0]:
                after += 1
            year, first_month, end = self.year_at(after, short=True)
            is_financial = first_month == FINANCIAL_YEAR[0]
            after = end or after
        moment = Moment(at, after, *QUARTERS[number], year=year, precision="quarter")
        if number == 4 and year is not None:
            # "Q4 2025" is March 2025 or 2026: the one inside the plan, else as in 2025/26.
            is_next_year = is_financial or not self.period.holds(moment.due(year))
            moment.year = year + 1 if is_next_year else year
        return moment

    def _quarter_number(self, at):
        if self.kind(at) == "quarter":
            return int(self.word(at)[-1]), at + 1
        if self.word(at) == "quarter" and self.word(at + 1) in NUMBERS:
            return NUMBERS[self.word(at + 1)], at + 2
        if self.word(at + 1) == "quarter":
            return self._ordinal(at), at + 2
        return None, at

    def season(self, at):
        """As in "Autumn 2013", "summer term", "Spring term 2025/26"."""
        name = self.word(at)
        if name not in SEASONS:
            return None
        year, first_month, end = self.year_at(at + 1, short=True)
        after, stretch, is_term = end or at + 1, SEASONS[name], False
        if self.word(after) in {"holiday", "holidays", "break"}:
            is_before = "before" in {self.word(at - 1), self.word(at - 2)}
            months = (TERMS[name][0], 4) if is_before and name == "summer" else stretch
            return Moment(at, after + 1, *months, year=year, precision="season")
        if self.word(after) == "term":
            after, stretch, is_term = after + 1, TERMS[name], True
            if year is None:
                year, first_month, end = self.year_at(after, short=True)
                after = end or after
        # In the school year 2025/26 the spring and summer terms are in 2026.
        if is_term and year and first_month == FINANCIAL_YEAR[0] and stretch[0] < 9:
            year += 1
        return Moment(at, after, *stretch, year=year, precision="season")

    # Years

    def year_at(self, at, *, short=False):
        """The year written here: (year, its first month, place after it), or three Nones.

        2013/14 begins in April 2013. ``short`` allows two figures, if they are near the plan.
        """
        nothing = None, None, None
        after = at
        while self.word(after) in {",", "of", "-", "/", "in", "the", "fy"} and after - at < 2:
            after += 1
        gap = self.word(after - 1) if after > at else None
        if gap == "fy" and self._is_short_number(after):
            return self._year_before_that(after), FINANCIAL_YEAR[0], after + 1
        if self.word(after) == "'" and self._is_short_number(after + 1):
            return 2000 + self.tokens[after + 1].numbers[0], 1, after + 2
        if self.kind(after) == "years":
            first, last = self._two_years(after)
            return (first, FINANCIAL_YEAR[0], after + 1) if last == first + 1 else nothing
        if self.kind(after) == "pair":
            one, two = self.tokens[after].numbers
            is_financial = two == one + 1 and self.period.is_near(2000 + one)
            return (2000 + one, FINANCIAL_YEAR[0], after + 1) if is_financial else nothing
        if self.kind(after) != "number":
            return nothing
        number = self.tokens[after].numbers[0]
        if len(self.word(after)) == 4:
            return (number, 1, after + 1) if 1990 <= number <= 2100 else nothing
        is_joined = gap is None or (gap == "-" and self._touches(after - 1))
        is_year = self._is_short_number(after) and self.period.is_near(2000 + number)
        if short and is_joined and is_year and self.word(after + 1) not in MONTHS:
            return 2000 + number, 1, after + 1
        return nothing

    def _is_short_number(self, at):
        return self.kind(at) == "number" and len(self.word(at)) == 2

    def _year_before_that(self, at):
        """FY26 is the financial year that ends in 2026: it begins in 2025."""
        return 2000 + self.tokens[at].numbers[0] - 1

    def _two_years(self, at):
        first, last = self.tokens[at].numbers
        return first, last if last > 99 else first // 100 * 100 + last

    def named_year(self, at):
        """As in "year", "financial year 2025/26", "plan", "FY26": what can follow "end of"."""
        after, name = at, ""
        if self.word(after) in YEAR_NAMES:
            name = self.word(after)
            after += 1
        if self.word(after) == "year":
            after += 1
        elif name not in {"plan", "fy"}:
            return None
        is_mid = "mid" in (self.word(at - 1), self.word(at - 2))
        if self.word(after) in AFTER_A_YEAR_THAT_IS_A_NAME and not is_mid:
            return None
        if name == "fy" and self._is_short_number(after):
            year = self._year_before_that(after)
            return Moment(at, after + 1, *FINANCIAL_YEAR, year=year, precision="year")
        year, first_month, end = self.year_at(after)
        if year is None and self.kind(after) == "number":  # "end of year 1"
            return None
        if year is None and name not in NAMED_YEARS:
            return self.period.as_moment(at, after)
        stretch = NAMED_YEARS.get(name, (first_month, 12))
        return Moment(at, end or after, *stretch, year=year, precision="year")

    def year_in_words(self, at):
        """As in "year end", "FY 2025/26", "within the year", "this financial year", "Christmas"."""
        if self.word(at) in {"christmas", "xmas"}:
            year, _, end = self.year_at(at + 1, short=True)
            return Moment(at, end or at + 1, 12, day=25, year=year, precision="day")
        if self.word(at) == "eoy":
            return self.period.as_moment(at, at + 1)
        is_within = self.word(at) in {"the", "this"} and self.word(at - 1) == "within"
        if is_within or (self.word(at) == "this" and self.word(at - 1) in {"in", "by", ""}):
            return self.named_year(at + 1)
        if self.word(at) == "fy":
            return self.named_year(at)
        after = at + 1 if self.word(at) in YEAR_NAMES else at
        hyphen = 1 if self.word(after + 1) == "-" else 0
        if self.word(after) == "year" and self.word(after + 1 + hyphen) == "end":
            moment = self.named_year(at)
            return replace(moment, end=after + 2 + hyphen) if moment else None
        return None

    def years(self, at):
        """As in "2021/22" a financial year, "2021-2022" the same as a window, "2020-30"."""
        if self.kind(at) != "years":
            return None
        first, last = self._two_years(at)
        is_dashed = "-" in self.word(at)
        if last == first + 1:
            names = {self.word(at - 1), self.word(at - 2)}
            stretch = SCHOOL_YEAR if names & {"academic", "school"} else FINANCIAL_YEAR
            return Moment(at, at + 1, *stretch, year=first, precision="year", is_range=is_dashed)
        if last > first:
            moment = Moment(at, at + 1, *CALENDAR_YEAR, year=first, precision="year")
            return replace(moment, last_year=last, is_range=True)
        month = last % 100
        if is_dashed and len(self.word(at)) == 7 and 1 <= month <= 12:  # 2020-05
            return Moment(at, at + 1, month, year=first)
        return None

    def bare_year(self, at):
        """As in "by 2026". Not the year in the name of guidance ("Working Together 2018")."""
        if self.kind(at) != "number" or len(self.word(at)) != 4:
            return None
        year = self.tokens[at].numbers[0]
        is_bracketed = self.word(at - 1) == "(" and self.word(at + 1) in {")", ""}
        is_introduced = self.word(at - 1) in BEFORE_A_BARE_YEAR or is_bracketed
        if not 1990 <= year <= 2100 or not is_introduced:
            return None
        return Moment(at, at + 1, *CALENDAR_YEAR, year=year, precision="year")


def _is_day(year, month, day):
    if not MINYEAR < year < MAXYEAR or not 1 <= month <= 12:
        return False
    return 1 <= day <= calendar.monthrange(year, month)[1]


# Years: from the neighbours, else from the plan


def _settle_years(moments, tokens, period):
    for place in range(len(moments) - 2, -1, -1):
        one, two = moments[place], moments[place + 1]
        between = set(between_words(tokens, one, two))
        if one.year is None and two.year is not None and between <= LIST_WORDS | RANGE_WORDS:
            is_range = bool(between & RANGE_WORDS)
            one.year = _shared_year(one, two, period, step=-1, in_order=is_range)
    for place, moment in enumerate(moments):
        if moment.year is not None:
            continue
        if place == 0:
            moment.year = _year_in_period(moment, period)
            continue
        before = moments[place - 1]
        is_range = bool(set(between_words(tokens, before, moment)) & RANGE_WORDS)
        moment.year = _shared_year(moment, before, period, step=1, in_order=is_range)


def between_words(tokens, one, two):
    return [token.text for token in tokens[one.end : two.start]]


def _shared_year(moment, other, period, *, step, in_order):
    """The year ``moment`` shares with ``other``, or the next in the order of time.

    ``step`` is 1 if ``other`` is written first, -1 if last. "December 2012 / January" is January
    2013: in order. In a list that is out of order the plan's period decides.
    """
    year = other.due().year if step > 0 else other.first().year
    same = moment.due(year)
    ordered = year if (same - other.due()).days * step >= 0 else year + step
    if not in_order and not period.holds(moment.due(ordered)) and period.holds(same):
        return year
    return ordered


def _year_in_period(moment, period):
    years = range(period.starts_on.year - 1, period.ends_on.year + 2)
    for year in years:
        if period.holds(moment.due(year)):
            return year
    return next(year for year in years if moment.due(year) >= period.starts_on)


# Stretches: moments joined


@dataclass
class Stretch:
    """One moment, or two that are the ends of a window."""

    begins: Moment
    ends: Moment
    is_window: bool

    @property
    def start(self):
        return self.begins.start

    @property
    def end(self):
        return self.ends.end


_REVISED = re.compile(
    r"\b(?:revised|now|extended|moved|slipped|deferred|rescheduled|postponed|new date|amended|"
    r"updated to|i\.?e)\b",
    re.IGNORECASE,
)


# "Revised from June 2021", "originally June": the next date is the old one.
_REPLACED = re.compile(
    r"\b(?:(?:revised|changed|extended|moved|slipped|deferred|rescheduled|postponed|amended|put back) from|"
    r"originally|previously|formerly)\b",
    re.IGNORECASE,
)


def _drop_replaced(moments, text, tokens):
    """Leave out what the words replace: an old date, a meeting that the work is done before."""
    for match in _REPLACED.finditer(text):
        old = next((moment for moment in moments if tokens[moment.start].start >= match.end()), None)
        if old and len(moments) > 1:
            moments = [moment for moment in moments if moment is not old]
    text = _REPLACED.sub(lambda match: " " * len(match.group()), text)
    revised_at = max((match.start() for match in _REVISED.finditer(text)), default=-1)
    revised = [moment for moment in moments if tokens[moment.start].start > revised_at]
    kept = []
    for moment in revised or moments:
        if not kept or not _is_ahead_of_meeting(moment, tokens):
            kept.append(moment)
    return kept


def _is_ahead_of_meeting(moment, tokens):
    """As in "End-June (ahead of 4 July meeting)": the meeting is why, not when."""
    before = {token.text for token in tokens[max(0, moment.start - 3) : moment.start]}
    after = {token.text for token in tokens[moment.end : moment.end + 3]}
    return bool(before & {"ahead", "before", "prior", "advance"}) and bool(after & MEETING_NOUNS)


def _join(moments, tokens):
    """Join the ends of a window; of neighbours with a stroke between them keep the later."""
    stretches = []
    for moment in moments:
        before = stretches[-1] if stretches else None
        if before and not before.is_window:
            between = between_words(tokens, before.ends, moment)
            between = [word for word in between if word not in {"the", "end", "of"}]
            if _is_range(between, before, tokens) and _is_earlier(before.begins, moment):
                stretches[-1] = Stretch(before.begins, moment, True)
                continue
            if between in (["/"], ["or"]) and _are_neighbours(before.ends, moment):
                stretches[-1] = Stretch(replace(moment, start=before.start), moment, False)
                continue
        stretches.append(Stretch(moment, moment, moment.is_range))
    return [s for place, s in enumerate(stretches) if not _says_again(stretches, place, tokens)]


def _is_range(between, before, tokens):
    """Do the words between lead from one to the other: "to", "-", "between A and B"?"""
    if between == ["and"]:
        return "between" in [t.text for t in tokens[max(0, before.start - 2) : before.start]]
    return bool(between) and set(between) <= RANGE_WORDS


def _is_earlier(one, two):
    return one.first() < two.due() and one.due() != two.due()


def _are_neighbours(one, two):
    return 0 <= (two.first() - one.due()).days <= 31 or two.due() == one.due()


def _says_again(stretches, place, tokens):
    """As in "Quarter 3 (Oct-Dec 2025)": did the words before the bracket say it already?"""
    this, before = stretches[place], stretches[place - 1]
    is_bracketed = place > 0 and tokens[this.start - 1].text == "("
    return is_bracketed and this.ends.due() == before.ends.due()
