"""Figures to take away, as one person may see them, and the empty sheet that comes back filled in.

The sheet that is given away is laid out like the one that is read, so it can be corrected and brought again.
"""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from tablib import Dataset

from assurance.indicators.importing import WHOLE
from assurance.indicators.periods import Period, later, period_with
from assurance.indicators.sheet import CALLED, FIELDS
from assurance.indicators.small_numbers import figures_of
from assurance.models import Indicator
from partnership.lists import write_cell

HIDDEN = "Hidden: small number"
WIDTHS = {"indicator": 52, "area": 26, "period": 28, "note": 44}
WIDTH = 16
PERIODS_IN_TEMPLATE = 4
HOW_TO = {
    "indicator": ("Its name or its ref, as it stands in the register.", "Children on a plan because of neglect"),
    "area": (f"One of your areas, or “{WHOLE}” for all together.", WHOLE),
    "period": ("A month, quarter or year. Years begin in April unless months are named.", "Q3 2026/27"),
    "value": ("The figure, without hiding small numbers: we hide them. Empty where there is none.", "41"),
    "numerator": ("Of a per cent or a rate: how many were counted. Small numbers are found by it.", "18"),
    "denominator": ("Of a per cent or a rate: out of how many. Of days or a score: how many were averaged.", "240"),
    "comparator": ("What it is compared with in this area and period, such as England’s figure.", "43"),
    "note": ("Provisional; counted in a new way. Everybody may read it.", "Provisional"),
}


def dataset_of(indicators, user):
    """Every figure of ``indicators`` as ``user`` may see it: a row each, a hidden one with words in its place."""
    indicators = list(indicators)
    figures = figures_of(indicators, user)
    rows = Dataset(headers=[CALLED[field] for field in FIELDS], title="Figures")
    for indicator in indicators:
        for figure in figures[indicator.pk]:
            rows.append(_row(indicator, figure))
    return rows


def _row(indicator, figure):
    own = [figure.value, figure.numerator, figure.denominator, figure.comparator]
    numbers = [None if value is None else _plain(value) for value in own]
    if figure.is_hidden:
        numbers[0] = HIDDEN
    period = Period(figure.starts_on, figure.ends_on)
    return [str(indicator.title), str(figure.area or WHOLE), period.name, *numbers, figure.note]


def _plain(value):
    return int(value) if value == value.to_integral_value() else float(value)


def write_template(indicators, areas, *, is_wide, on):
    """The bytes of an .xlsx to fill in: a row for each indicator and area; wide: a column for each of four quarters."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Figures"
    places = [(indicator, area) for indicator in indicators for area in (WHOLE, *(area.name for area in areas))]
    if is_wide:
        last = later(period_with(on, Indicator.Frequency.QUARTER), -1)
        periods = [later(last, step) for step in range(1 - PERIODS_IN_TEMPLATE, 1)]
        _write_heads(sheet, ["Indicator", "Area", "What", *(period.short for period in periods)], [52, 26, 16])
        quarterly = [place for place in places if place[0].frequency == Indicator.Frequency.QUARTER]
        for indicator, area in quarterly:
            for what in _whats(indicator):
                _write_row(sheet, [indicator.title, area, what])
    else:
        _write_heads(sheet, [CALLED[field] for field in FIELDS], [WIDTHS.get(field, WIDTH) for field in FIELDS])
        for indicator, area in places:
            _write_row(sheet, [indicator.title, area, later(period_with(on, indicator.frequency), -1).name])
    _write_how_to(book.create_sheet("How to fill it in"))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _whats(indicator):
    if indicator.unit in (Indicator.Unit.PERCENT, Indicator.Unit.RATE):
        return ("Value", "Number", "Out of")
    return ("Value",)


def _write_heads(sheet, heads, widths):
    sheet.append(heads)
    sheet.freeze_panes = "A2"
    for index in range(1, len(heads) + 1):
        sheet.cell(1, index).font = Font(bold=True)
        width = widths[index - 1] if index <= len(widths) else WIDTH
        sheet.column_dimensions[get_column_letter(index)].width = width


def _write_row(sheet, cells):
    number = sheet.max_row + 1
    for column, value in enumerate(cells, start=1):
        write_cell(sheet.cell(number, column), value, is_heading=False)


def _write_how_to(sheet):
    """One line a column, so that it can't be read as the list itself."""
    for column, (heading, width) in enumerate(
        zip(("Column", "What to write", "For example"), (20, 80, 36), strict=True), 1
    ):
        sheet.cell(1, column, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for field, (says, example) in HOW_TO.items():
        sheet.append([CALLED[field], says, example])
        sheet.cell(sheet.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
