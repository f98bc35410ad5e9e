"""What indicators say to the public of one outcome statement."""

from dataclasses import dataclass

from django.db.models import Q

from assurance.indicators.moves import in_words
from assurance.indicators.small_numbers import figures_of
from assurance.models import Indicator


@dataclass(frozen=True)
class ToldIndicator:
    """``words``: where the figures stand and whether they moved, with small numbers hidden as from everybody."""

    key: int
    title: str
    words: str
    definition: str
    source: str


def indicators(partnership, *, priority, text, on):
    """Those that may be told and measure the statement, or its priority (a key) and no statement in particular."""
    of_statement = Q(outcomes__priority=priority, outcomes__text=text)
    of_priority = Q(priorities=priority, outcomes=None)
    own = Indicator.objects.filter(of_statement | of_priority, partnership=partnership, is_public=True)
    found = list(Indicator.objects.in_use().filter(pk__in=own.values("pk")))
    figures = figures_of(found, None)
    return [
        ToldIndicator(each.pk, each.title, in_words(each, figures[each.pk]), each.definition, each.source)
        for each in found
        if figures[each.pk]
    ]
