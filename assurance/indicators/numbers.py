"""Numbers as people write them, and what is odd about a figure of an indicator."""

import re
from decimal import Decimal

from assurance.indicators.words import number
from assurance.models import Indicator

MOST_DIGITS = 11
PLACES = Decimal("0.001")
HIDDEN_THERE = re.compile(r"[<≤]\s*=?\s*\d+|(?:fewer|less) than \w+|\[?[cxs*]\]?|suppressed|hidden", re.I)
NOTHING_THERE = re.compile(r"[-–—.:~]+|n\s*/?\s*[ak]|nil return|none|not known|unknown|tbc|\[?[zu]\]?", re.I)
THOUSANDS = re.compile(r"-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")
DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}")
FIGURES = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)")
A_PER_CENT = 100
MAY_DIFFER = Decimal("0.6")  # rounding of a per cent, and a little of another way to count


class NotANumber(Exception):
    """The message says what to do."""


def read_number(text):
    """The Decimal that ``text`` means; None for no text. Raises NotANumber."""
    text = " ".join(text.replace("−", "-").split()).removesuffix("%").rstrip()
    if not text:
        return None
    if HIDDEN_THERE.fullmatch(text):
        raise NotANumber(
            f"“{text}” was hidden where it comes from. Write the number (we hide small ones ourselves), or leave it out"
        )
    if NOTHING_THERE.fullmatch(text):
        raise NotANumber(f"“{text}” is no number. Where there is none, leave it out")
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    elif DECIMAL_COMMA.fullmatch(text):
        raise NotANumber(f"“{text}” has a comma in it. Write {text.replace(',', '.')}, or the number without a comma")
    if not FIGURES.fullmatch(text):
        raise NotANumber(f"“{text[:60]}” is no number. Write figures only; words belong in the note")
    value = Decimal(text)
    if value.adjusted() >= MOST_DIGITS:
        raise NotANumber("This number is far too large. Look whether figures ran together")
    return value.quantize(PLACES)


def value_behind(indicator, numerator, denominator):
    """The per cent or rate that they make; None where they make none."""
    if numerator is None or not denominator or indicator.unit not in (Indicator.Unit.PERCENT, Indicator.Unit.RATE):
        return None
    return (numerator * each_of(indicator) / denominator).quantize(PLACES)


def each_of(indicator):
    return A_PER_CENT if indicator.unit == Indicator.Unit.PERCENT else indicator.rate_per


def odd_about(indicator, value, numerator, denominator, comparator):
    """``{field: what to do}`` about figures (Decimals or None) that can't be right together."""
    odd = {}
    given = {"value": value, "numerator": numerator, "denominator": denominator, "comparator": comparator}
    for name, figure in given.items():
        if figure is not None and figure < 0:
            odd[name] = f"This can’t be less than nothing: {plainly(figure)}. Look at its sign"
    if indicator.unit == Indicator.Unit.PERCENT:
        for name in ("value", "comparator"):
            if given[name] is not None and given[name] > A_PER_CENT:
                odd[name] = f"A per cent can’t be more than 100: {plainly(given[name])}. Correct it"
    whole = ("value",) if indicator.unit == Indicator.Unit.COUNT and not indicator.decimals else ()
    for name in (*whole, "numerator", "denominator"):
        figure = given[name]
        if name not in odd and figure is not None and figure != figure.to_integral_value():
            odd[name] = f"{plainly(figure)} is no whole number. Write how many there were"
    if not odd:
        odd |= _odd_together(indicator, value, numerator, denominator)
    return odd


def _odd_together(indicator, value, numerator, denominator):
    if numerator is None or denominator is None:
        return {}
    if indicator.unit == Indicator.Unit.PERCENT and numerator > denominator:
        return {"numerator": f"{plainly(numerator)} can’t be out of {plainly(denominator)}. Correct one of the two"}
    if indicator.unit == Indicator.Unit.PERCENT and value is not None and not denominator:
        return {"denominator": "There is no per cent of none. Leave the value out"}
    made = value_behind(indicator, numerator, denominator)
    if made is None or value is None:
        return {}
    if abs(made - value) > max(MAY_DIFFER, made / A_PER_CENT):
        return {
            "value": f"{plainly(numerator)} out of {plainly(denominator)} is {number(indicator, made, decimals=1)}, "
            f"not {plainly(value)}. Correct one of the three"
        }
    return {}


def plainly(figure):
    """A Decimal as it would be typed: "12.5", "1240"."""
    return f"{figure.normalize():f}" if figure is not None else ""
