"""What published quarterly reports and indicators say to the public of one outcome statement."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Q, Subquery

from assurance.indicators.moves import in_words
from assurance.indicators.small_numbers import figures_of
from assurance.models import Indicator, QuarterlyLine, QuarterlyReport
from plans.models import OutcomeJudgement


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


@dataclass(frozen=True)
class ToldJudgement:
    """How far a statement was shown when the report of a quarter was published; ``level`` in words."""

    quarter: str
    level: str
    published_at: datetime


def judgements(partnership, *, priority, text, on):
    """What each published report said, the newest first: the judgement that stood then, and nobody's words."""
    at_publication = OutcomeJudgement.objects.filter(
        outcome=OuterRef("outcome"), round=OuterRef("report__round"), judged_at__lte=OuterRef("report__published_at")
    ).order_by("-judged_at", "-pk")
    lines = (
        QuarterlyLine.objects.filter(
            report__in=QuarterlyReport.objects.published().current().values("pk"),
            outcome__priority=priority,
            outcome__text=text,
        )
        .annotate(
            level=Subquery(at_publication.values("level")[:1]),
            quarter=F("report__round__name"),
            published_at=F("report__published_at"),
        )
        .exclude(level=None)
        .order_by("-report__round__ends_on", "-pk")
    )
    levels = OutcomeJudgement.Level
    return [ToldJudgement(each.quarter, levels(each.level).label, each.published_at) for each in lines]
