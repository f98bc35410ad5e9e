"""The sample's own time: everything is counted from the day of loading, so that nothing looks old."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

MARK = re.compile(r"<([mntsd])([+-]\d+)>")
SHORT_MONTHS = [
    "",
    "Jan",
    "Feb",
    "March",
    "April",
    "May",
    "June",
    "July",
    "Aug",
    "Sept",
    "Oct",
    "Nov",
    "Dec",
]
SEASONS = {3: "Spring", 6: "Summer", 9: "Autumn", 12: "Winter"}
QUARTER = 3
YOUNGEST_PLAN_MONTHS = 6


@dataclass(frozen=True)
class Calendar:
    """Dates of the sample as seen from ``today``."""

    today: date

    def day(self, offset):
        return self.today + timedelta(days=offset)

    def moment(self, day, hour=10, minute=0):
        """A moment on ``day``, never later than now."""
        at = timezone.make_aware(datetime.combine(day, time(hour, minute)))
        return min(at, timezone.now())

    def month(self, offset):
        """The first of the month that lies ``offset`` months from this one."""
        return month_after(self.today.replace(day=1), offset)

    def words(self, text, *, years=("", "")):
        """``text`` with its marks replaced by dates, and {A} and {B} by the years of a plan."""
        first, last = map(str, years)
        return MARK.sub(self._read_mark, text).replace("{A}", first).replace("{B}", last)

    def _read_mark(self, mark):
        unit, offset = mark[1], int(mark[2])
        if unit == "d":
            return say(self.day(offset))
        month = self.month(offset)
        if unit == "t":
            return season(month)
        if unit == "n":
            return calendar.month_name[month.month]
        name = SHORT_MONTHS[month.month] if unit == "s" else calendar.month_name[month.month]
        return f"{name} {month.year}"

    @property
    def year_starts_on(self):
        """First day of this financial year."""
        return financial_year(self.today)

    @property
    def plan_starts_on(self):
        """The plan runs for this financial year; one that has hardly begun is the second of two."""
        starts_on = self.year_starts_on
        if self.today < month_after(starts_on, YOUNGEST_PLAN_MONTHS):
            return starts_on.replace(year=starts_on.year - 1)
        return starts_on

    @property
    def plan_ends_on(self):
        return last_day_of_year(self.year_starts_on)

    @property
    def reported_year(self):
        """First day of the last financial year whose report is due by now, at the end of September."""
        last = self.year_starts_on.replace(year=self.year_starts_on.year - 1)
        is_due = self.today > date(last.year + 1, 9, 30)
        return last if is_due else last.replace(year=last.year - 1)

    def rounds(self):
        """The periods of four rounds, the oldest first; the last is open today.

        Each is (first day, last day, opens, closes): quarters of whole months, the last of which
        ended with last month.
        """
        found = []
        for back in range(3, -1, -1):
            starts_on = self.month(-QUARTER * (back + 1))
            ends_on = month_after(starts_on, QUARTER) - timedelta(days=1)
            opens_on = ends_on + timedelta(days=4)
            found.append((starts_on, ends_on, opens_on, opens_on + timedelta(days=18)))
        starts_on, ends_on, *_ = found[-1]
        found[-1] = (starts_on, ends_on, self.day(-8), self.day(10))
        return found

    def half_years(self):
        """The periods of two rounds, like ``rounds``: the half year before last, and the last, open today."""
        first, last, opens_on, closes_on = self.rounds()[1]
        starts_on, ends_on = self.month(-QUARTER * 2), self.rounds()[-1][1]
        return [
            (month_after(first, -QUARTER), last, opens_on, closes_on),
            (starts_on, ends_on, self.day(-5), self.day(17)),
        ]


def month_after(first, count):
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def financial_year(day):
    """First day of the financial year that holds ``day``."""
    return date(day.year if day.month >= 4 else day.year - 1, 4, 1)


def last_day_of_year(starts_on):
    return date(starts_on.year + 1, 3, 31)


def season(month):
    """ "Spring 2027"; a winter bears the year of its December."""
    name = SEASONS[month.month // 3 * 3 or 12]
    return f"{name} {month.year - 1 if month.month < 3 else month.year}"


def say(day):
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def name_of_period(starts_on, ends_on):
    """ "October to December 2026"; both years where they differ."""
    first, last = calendar.month_name[starts_on.month], calendar.month_name[ends_on.month]
    if starts_on.year == ends_on.year:
        return f"{first} to {last} {ends_on.year}"
    return f"{first} {starts_on.year} to {last} {ends_on.year}"
