"""Two hundred indicators of four quarters and four areas brought from a sheet, and what of them is hidden."""

import time
from datetime import UTC, date, datetime

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assurance.benchmarks.figures import Figure
from assurance.benchmarks.plan_page import make_office
from assurance.indicators.importing import WHOLE, Draft, confirm_figures, stage_pasted
from assurance.indicators.small_numbers import figures_of
from assurance.models import Indicator, IndicatorValue
from partnership.models import Area, Organisation

INDICATORS, AREAS = 200, ("Measured North", "Measured South", "Measured West")
PERIODS = ("Q4 2025/26", "Q1 2026/27", "Q2 2026/27", "Q3 2026/27")
NUMBERS = (2, 30, 9, 40, 3, 12, 61)  # in turn, so that four in ten are hidden
ON, NOW = date(2027, 1, 12), datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def indicator_file():
    """The file, the preview, the yes; and hiding small numbers as a multiple of reading the figures."""
    with transaction.atomic():
        try:
            return measure()
        finally:
            transaction.set_rollback(True)


def measure():
    office, (partnership, _other) = make_office()
    owner = Organisation.objects.create(name="Measured Council")
    partnership.areas.set([Area.objects.create(name=name) for name in AREAS])
    indicators = Indicator.objects.bulk_create(
        Indicator(partnership=partnership, owner=owner, title=f"Measured {number}") for number in range(INDICATORS)
    )
    staged, reading = timed(lambda: stage_pasted(sheet(), partnership=partnership, by=office))
    _draft, understanding = timed(lambda: Draft(staged, on=ON))
    with CaptureQueriesContext(connection) as asked:
        counts, counting = timed(lambda: confirm_figures(staged, by=office, at=NOW))
    values = IndicatorValue.objects.filter(indicator__in=indicators).select_related("area", "indicator")
    _rows, bare = timed(lambda: list(values))
    figures, hiding = timed(lambda: figures_of(indicators, None))
    hidden = sum(figure.is_hidden for own in figures.values() for figure in own)
    return [
        Figure(
            f"a file of {INDICATORS} indicators confirmed",
            len(asked),
            f"{counts['new']:,} figures: read in {reading:.1f} s, understood in {understanding:.1f} s, counted in "
            f"{counting:.1f} s",
            unit=" queries",
        ),
        Figure(
            "finding the small numbers to hide ÷ reading the rows",
            hiding / bare,
            f"{hidden:,} are to hide",
        ),
    ]


def sheet():
    lines = ["\t".join(["Indicator", "Area", *PERIODS])]
    for number in range(INDICATORS):
        rows = [
            [NUMBERS[(number + 2 * area + period) % len(NUMBERS)] for period in range(len(PERIODS))]
            for area in range(len(AREAS))
        ]
        whole = [sum(column) for column in zip(*rows, strict=True)]
        for name, row in zip((WHOLE, *AREAS), [whole, *rows], strict=True):
            lines.append("\t".join([f"Measured {number}", name, *map(str, row)]))
    return "\n".join(lines)


def timed(do):
    began = time.perf_counter()
    return do(), time.perf_counter() - began
