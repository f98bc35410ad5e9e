"""Periods and figures as people write them."""

from calendar import month_abbr, month_name

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def name_of_period(starts_on, ends_on):
    """ "October to December 2026", "October 2026", "April 2026 to March 2027"."""
    first, last = month_name[starts_on.month], month_name[ends_on.month]
    if starts_on.year != ends_on.year:
        return f"{first} {starts_on.year} to {last} {ends_on.year}"
    return f"{first} {ends_on.year}" if first == last else f"{first} to {last} {ends_on.year}"


def short_period(starts_on, ends_on):
    """ "Oct–Dec 2026", "Oct 2026", "Apr 2026–Mar 2027"."""
    first, last = month_abbr[starts_on.month], month_abbr[ends_on.month]
    if starts_on.year != ends_on.year:
        return f"{first} {starts_on.year}–{last} {ends_on.year}"
    return f"{first} {ends_on.year}" if first == last else f"{first}–{last} {ends_on.year}"


def number(indicator, value, *, decimals=None):
    """ "1,240", "61.5%", "14 days": a figure with its mark, not with what is counted."""
    places = indicator.decimals if decimals is None else decimals
    text = f"{value:,.{places}f}".replace("-", "−")
    if indicator.unit == indicator.Unit.PERCENT:
        return f"{text}%"
    if indicator.unit == indicator.Unit.DAYS:
        return f"{text} day" if text == "1" else f"{text} days"
    return text


def amount(indicator, value):
    """The same with what is counted: "41 children", "52.3 per 10,000 children"."""
    return f"{number(indicator, value)} {of_what(indicator)}".strip()


def of_what(indicator):
    if indicator.unit == indicator.Unit.RATE and "per " not in indicator.unit_words:
        return f"per {indicator.rate_per:,} {indicator.unit_words}".strip()
    return indicator.unit_words


def counted(count, noun):
    """ "four quarters", "13 months", "one year"."""
    word = NUMBERS[count] if count < len(NUMBERS) else f"{count}"
    return f"{word} {noun}" if count == 1 else f"{word} {noun}s"
