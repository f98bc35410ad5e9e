"""Indicators with two to four years of figures: what moved and why, what is late, and what is hidden."""

from datetime import timedelta
from decimal import Decimal

from assurance.indicators.comments import say_why
from assurance.indicators.periods import later, period_with
from assurance.models import Indicator, IndicatorValue
from assurance.sample.indicators import DISTRICTS, INDICATORS
from assurance.sample.people import AV
from partnership.models import Area

DAYS_TO_REPORT, DAYS_UNTIL_ENTERED, DAYS_UNTIL_EXPLAINED = 42, 33, 40


def load_indicators(cast, plan):
    """``plan``: the one that is running, to whose priorities they belong."""
    areas = {name: Area.objects.create(name=name, code=code) for name, code in DISTRICTS.items()}
    cast.partnerships[AV].areas.add(*areas.values())
    priorities = {priority.ref: priority for priority in plan.priorities.all()}
    for counted in INDICATORS:
        indicator = make_indicator(cast, counted)
        indicator.priorities.set([priorities[counted.priority]] if counted.priority else [])
        make_values(cast, indicator, counted, areas)
        explain(cast, indicator, counted)


def periods_of(cast, counted, count):
    """The last ``count`` periods whose figures should be there by now, but for those that are behind."""
    reported_on = cast.calendar.day(-DAYS_TO_REPORT)
    under_way = period_with(reported_on + timedelta(days=1), counted.frequency)
    last = later(under_way, -1 - counted.behind)
    return [later(last, -back) for back in range(count - 1, -1, -1)]


def make_indicator(cast, counted):
    limits_from = periods_of(cast, counted, counted.anew)[0].starts_on if counted.anew else None
    return Indicator.objects.create(
        partnership=cast.partnerships[counted.of],
        owner=cast.agencies[counted.owner],
        ref=counted.ref,
        title=counted.title,
        definition=counted.definition,
        source=counted.source,
        unit=counted.unit,
        unit_words=counted.unit_words,
        decimals=counted.decimals,
        polarity=counted.polarity,
        frequency=counted.frequency,
        target=counted.target,
        target_by=cast.calendar.plan_ends_on if counted.target is not None else None,
        baseline=counted.baseline,
        baseline_words=counted.baseline_words,
        comparator_name=counted.comparator_name,
        days_to_report=DAYS_TO_REPORT,
        limits_from=limits_from,
        limits_because=counted.because,
        is_public=counted.is_public,
    )


def make_values(cast, indicator, counted, areas):
    by_area = {areas[name]: figures for name, figures in counted.areas.items()}
    figures = counted.figures or tuple(map(sum, zip(*by_area.values(), strict=True)))
    compared = counted.compared or (None,) * len(figures)
    periods = periods_of(cast, counted, len(figures))
    rows = []
    for area, own in {None: figures, **by_area}.items():
        for place, (period, figure) in enumerate(zip(periods, own, strict=True)):
            rows.append(
                IndicatorValue(
                    indicator=indicator,
                    area=area,
                    starts_on=period.starts_on,
                    ends_on=period.ends_on,
                    value=Decimal(str(figure)),
                    denominator=counted.of_whom,
                    comparator=None if area or compared[place] is None else Decimal(str(compared[place])),
                    note=counted.notes.get(len(own) - 1 - place, "") if area is None else "",
                    entered_by=cast.holders["deputy-manager"],
                    entered_at=cast.calendar.moment(period.ends_on + timedelta(days=DAYS_UNTIL_ENTERED)),
                )
            )
    IndicatorValue.objects.bulk_create(rows)


def explain(cast, indicator, counted):
    for back, why, so_what in counted.said:
        period = periods_of(cast, counted, back + 1)[0]
        say_why(
            indicator,
            period_on=period.starts_on,
            why=why,
            so_what=so_what,
            by=cast.holders["manager"],
            at=cast.calendar.moment(period.ends_on + timedelta(days=DAYS_UNTIL_EXPLAINED)),
        )
