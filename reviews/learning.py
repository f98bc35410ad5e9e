"""Learning points: shown on the page they come from, and counted with recommendations by theme and year."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from partnership.refusals import NotNow
from reviews.clock import AWARE
from reviews.counts import USUAL_SMALLEST, Counts, with_small_ones_hidden
from reviews.models import Briefing, Case, LearningPoint, LearningSettings, Recommendation, Stage, Theme
from reviews.releasing import note_released
from reviews.years import year_of_field

YEARS_SHOWN = 6


@dataclass(frozen=True)
class Section:
    """Learning of a case or a review on its page: its points and, of a review, its briefings."""

    points: list
    briefings: list


def section_of(owner, user):
    """What the case review group sees of learning on the page of a case or a review."""
    is_case = isinstance(owner, Case)
    points = LearningPoint.objects.visible_to(user).filter(**{"case" if is_case else "review": owner})
    briefings = Briefing.objects.none() if is_case else Briefing.objects.visible_to(user).filter(review=owner)
    return Section(list(points.prefetch_related("themes")), list(briefings.filter(superseded_by__published_at=None)))


@transaction.atomic
def remove_point(point, *, on):
    """Delete one that was entered by mistake. Raises NotNow where a briefing has taken it up."""
    held = LearningPoint.objects.select_for_update(of=["self"], no_key=True).get(pk=point.pk)
    if held.briefings.exists():
        raise NotNow("A briefing takes it up, so it stays. Untick it there first.")
    held.delete()
    note_released(held.review_id, on=on)


# Themes over years


@dataclass(frozen=True)
class Measure:
    """One thing that is counted: ``code`` for an address, its heading, and its Counts by Theme and year."""

    code: str
    heading: str
    counts: Counts


def smallest_shown(partnership):
    """The smallest number by theme and year that members read."""
    found = LearningSettings.objects.filter(partnership=partnership).first()
    return found.smallest_shown if found else USUAL_SMALLEST


def measures_of(partnership, user, *, last_year):
    """What is counted for ``partnership`` in the six years up to ``last_year``, as this person may read it.

    Of what they may see and nothing else. The case review group reads every number, and cases too. A query for each
    measure, two beside.
    """
    is_group = partnership.pk in user.standing.case_group_ids
    years = list(range(last_year - YEARS_SHOWN + 1, last_year + 1))
    ours = {"partnership": partnership}
    sources = [
        ("learning", "Learning points", LearningPoint.objects.visible_to(user).with_source(user).filter(**ours)),
        (
            "recommendations",
            "Recommendations",
            Recommendation.objects.visible_to(user).with_source(user).filter(**ours),
        ),
    ]
    if is_group:
        aware = Stage.objects.filter(case=OuterRef("pk"), code=AWARE).values("done_on")[:1]
        cases = Case.objects.visible_to(user).filter(**ours).annotate(known_on=Subquery(aware))
        sources.append(("cases", "Cases", cases))
    themes = list(Theme.objects.all())
    found = [(code, heading, _by_theme_and_year(rows, years)) for code, heading, rows in sources]
    if is_group:
        return [Measure(code, heading, _counts(cells, themes, years)) for code, heading, cells in found]
    smallest = smallest_shown(partnership)
    return [
        Measure(code, heading, with_small_ones_hidden(_counts(cells, themes, years), smallest=smallest))
        for code, heading, cells in found
    ]


def _by_theme_and_year(rows, years):
    """{(key of a theme, year): how many}. One record with two themes counts under each."""
    pairs = rows.annotate(year=year_of_field("known_on")).filter(year__in=years).exclude(themes=None)
    return Counter(pairs.order_by().values_list(F("themes"), "year"))


def _counts(cells, themes, years):
    used = {theme for theme, _year in cells}
    by_key = {theme.pk: theme for theme in themes}
    return Counts(
        rows=[theme for theme in themes if theme.pk in used],
        columns=years,
        cells={(by_key[theme], year): count for (theme, year), count in cells.items()},
    )
