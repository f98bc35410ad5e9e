"""Why a figure moved and what follows: said once for each move, by whoever answers for the figure or the office."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, TruncDate

from assurance.indicators.limits import ENOUGH_FOR_LIMITS, NEAR_REACH, REACH, SHIFT, TREND
from assurance.indicators.moves import DAYS_LOOKED_BACK, moves_of, unexplained
from assurance.indicators.words import name_of_period
from assurance.models import Indicator, IndicatorValue
from partnership.deadlines import OFFICE, as_deadlines, of_those_asked

DAYS_TO_SAY_WHY = timedelta(days=14)

# Last points of the moves that nobody explained, of the indicators ``{whose}``: ``moves.unexplained`` in
# PostgreSQL's words.
UNEXPLAINED = f"""
WITH since AS (SELECT %s::date AS day), judged AS (
    SELECT v.id, v.indicator_id, v.area_id, v.starts_on, v.ends_on, v.value, i.target, i.polarity,
        coalesce(v.starts_on < i.limits_from, false) AS is_before
    FROM assurance_indicatorvalue AS v JOIN assurance_indicator AS i ON i.id = v.indicator_id
    WHERE i.retired_on IS NULL AND {{whose}} AND v.value IS NOT NULL AND (v.area_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM assurance_indicatorvalue AS whole
        WHERE whole.indicator_id = v.indicator_id AND whole.area_id IS NULL AND whole.value IS NOT NULL))
), stepped AS (
    SELECT *, row_number() OVER phase AS place, value - lag(value) OVER phase AS step,
        CASE polarity WHEN 'higher' THEN value >= target WHEN 'lower' THEN value <= target END AS is_met
    FROM judged WINDOW phase AS (PARTITION BY indicator_id, area_id, is_before ORDER BY starts_on)
), measured AS (
    SELECT *, count(*) OVER phase AS points, value - avg(value) OVER phase AS off,
        avg(abs(step)) OVER phase AS mean_step, sign(step) AS way, is_met <> lag(is_met) OVER series AS has_crossed,
        place - row_number() OVER (
            PARTITION BY indicator_id, area_id, is_before, sign(step) ORDER BY starts_on) AS way_run
    FROM stepped
    WINDOW phase AS (PARTITION BY indicator_id, area_id, is_before),
        series AS (PARTITION BY indicator_id, area_id ORDER BY starts_on)
), sided AS (
    SELECT *, sign(off) AS side, abs(off) > {REACH} * mean_step AS is_outside,
        CASE WHEN abs(off) > {NEAR_REACH} * mean_step THEN sign(off) ELSE 0 END AS near_side,
        CASE WHEN count(*) OVER (PARTITION BY indicator_id, area_id, is_before, way, way_run) >= {TREND - 1}
            THEN way ELSE 0 END AS trend,
        place - row_number() OVER (
            PARTITION BY indicator_id, area_id, is_before, sign(off) ORDER BY starts_on) AS side_run
    FROM measured
), ruled AS (
    SELECT *, count(*) OVER (PARTITION BY indicator_id, area_id, is_before, side, side_run) AS side_length,
        lead(trend) OVER phase AS trend_begins,
        sum((near_side = 1)::int) OVER around AS near_upper, sum((near_side = -1)::int) OVER around AS near_lower
    FROM sided
    WINDOW phase AS (PARTITION BY indicator_id, area_id, is_before ORDER BY starts_on),
        around AS (phase ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING)
), marked AS (
    SELECT *, CASE
        WHEN points >= {ENOUGH_FOR_LIMITS} AND (is_outside OR side_length >= {SHIFT} AND side <> 0) THEN side
        WHEN trend <> 0 THEN trend
        WHEN trend_begins <> 0 THEN trend_begins
        WHEN points >= {ENOUGH_FOR_LIMITS} AND (near_side = 1 AND near_upper > 1 OR near_side = -1 AND near_lower > 1)
            THEN near_side
        ELSE 0 END AS mark
    FROM ruled
), spans AS (
    SELECT *, place - row_number() OVER (
        PARTITION BY indicator_id, area_id, is_before, mark ORDER BY starts_on) AS span
    FROM marked
)
SELECT (array_agg(s.id ORDER BY s.starts_on DESC))[1]
FROM spans AS s
LEFT JOIN assurance_indicatorcomment AS c ON c.indicator_id = s.indicator_id AND c.period_on = s.starts_on
WHERE s.mark <> 0
GROUP BY s.indicator_id, s.area_id, s.is_before, s.mark, s.span
HAVING count(c.id) = 0 AND max(s.ends_on) >= (SELECT day FROM since)
UNION
SELECT s.id FROM spans AS s
WHERE s.has_crossed AND s.points < {ENOUGH_FOR_LIMITS} AND s.ends_on >= (SELECT day FROM since) AND NOT EXISTS (
    SELECT 1 FROM assurance_indicatorcomment AS c
    WHERE c.indicator_id = s.indicator_id AND c.period_on = s.starts_on)
"""  # noqa: S608 -- numbers of limits.py alone


def unexplained_values(on, *, whose="true", keys=()):
    """Values (the last of each move) of which somebody has still to say why, as a queryset.

    ``whose`` says in SQL which indicators (``i``) are asked, with a place for each of ``keys``. A country has
    thousands, and PostgreSQL looks whose they are only when it has worked them all out.
    """
    earliest = on - timedelta(days=DAYS_LOOKED_BACK)
    # The words of the query are this module's own.
    asked = RawSQL(  # noqa: S611  # nosec B611
        UNEXPLAINED.replace("{whose}", whose), [earliest, *keys], output_field=models.BigIntegerField()
    )
    return IndicatorValue.objects.filter(pk__in=asked)


def unexplained_of(*, partnership_ids, organisation_ids, on):
    """Values of which somebody has still to say why, of these partnerships or answered for by these organisations."""
    whose = "(i.partnership_id = ANY(%s) OR i.owner_id = ANY(%s))"
    return unexplained_values(on, whose=whose, keys=[list(partnership_ids), list(organisation_ids)])


def explanations(on):
    """Moves that the organisation has to explain, a fortnight after the figure was entered. Deadlines."""
    due_on = TruncDate(ExpressionWrapper(F("entered_at") + DAYS_TO_SAY_WHY, DateTimeField()))
    return as_deadlines(
        unexplained_values(on, whose=of_those_asked(partnership="i.partnership_id", organisation="i.owner_id")),
        key="indicator-comment",
        kind="Why a figure moved",
        due_on=due_on,
        title=Concat(Value("Say why it moved: "), F("indicator__title"), output_field=TextField()),
        url_name="assurance:indicator-comment",
        url_pk="indicator",
        partnership="indicator__partnership",
        owner_text="indicator__owner__name",
        organisation="indicator__owner",
        audience=OFFICE,
        look_name="assurance:indicator-detail",
        look_pk="indicator",
    )


@transaction.atomic
def say_why(indicator, *, period_on, why, so_what, by, at):
    """Keep what was said of a period beside what was said before; the same words again are said once."""
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    last = latest_of(indicator).get(period_on)
    if last and (last.why, last.so_what) == (why, so_what):
        return last
    return indicator.comments.create(period_on=period_on, why=why, so_what=so_what, said_by=by, said_at=at)


def latest_of(indicator):
    """``{first day of a period: its latest comment}``, the newest period first, each with ``earlier`` ones."""
    found = {}
    for comment in indicator.comments.select_related("said_by"):
        newest = found.setdefault(comment.period_on, comment)
        if newest is comment:
            comment.earlier = []
        else:
            newest.earlier.append(comment)
    return found


def talk_of(indicator, figures, *, on):
    """What is said of an indicator and what is owed, for whoever sees ``figures``.

    ``said``: the latest comment of each period, the newest first, with its ``period`` in words, the ``moves`` it is
    about, the ``earlier`` ones, and ``is_hidden`` where a figure of the period is hidden, since words may tell it.
    ``owed``: moves that nobody explained.
    """
    comments = latest_of(indicator)
    moves = moves_of(indicator, figures)
    ends = {figure.starts_on: figure.ends_on for figure in figures}
    hidden = {figure.starts_on for figure in figures if figure.is_hidden}
    for day, comment in comments.items():
        comment.period = name_of_period(day, ends.get(day, day))
        comment.moves = [move for move in moves if move.holds(day)]
        comment.is_hidden = day in hidden
    return {"said": list(comments.values()), "owed": unexplained(indicator, figures, comments, on=on)}
