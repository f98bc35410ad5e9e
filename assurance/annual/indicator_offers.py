"""What figures did in the year, and so what: of indicators that may be shown to the public, small numbers hidden."""

from dataclasses import replace

from django.db.models import Prefetch, Q

from assurance.annual.filing import DATA, DIFFERENCE, HOW_MUCH, HOW_WELL, LITTLE_PROGRESS, Offer, only_priority
from assurance.indicators.moves import CONCERN, IMPROVED, MOVED, in_words, judgement_of
from assurance.indicators.small_numbers import figures_of
from assurance.models import Indicator, IndicatorComment


def indicator_offers(year):
    """Those that moved by more than chance or of which somebody said what it means; the others stay figures.

    A concern is offered where progress is missing too. What was said of a period with a hidden figure may tell it,
    so it is not told.
    """
    comments = IndicatorComment.objects.filter(period_on__range=(year.starts_on, year.ends_on))
    comments = comments.order_by("-period_on", "-said_at", "-pk")
    indicators = list(
        Indicator.objects.filter(
            Q(retired_on=None) | Q(retired_on__gt=year.starts_on), partnership__in=year.partnership_ids, is_public=True
        )
        .prefetch_related("priorities", Prefetch("comments", comments, "said"))
        .order_by("ref", "title", "pk")
    )
    figures = figures_of(indicators, None)
    for each in indicators:
        known = [figure for figure in figures[each.pk] if figure.ends_on <= year.ends_on]
        if not known or known[-1].ends_on < year.starts_on:
            continue
        hidden = {figure.starts_on for figure in known if figure.is_hidden}
        told = {figure.starts_on for figure in known}
        said = [comment for comment in each.said if comment.period_on in told - hidden][:1]
        judged = judgement_of(each, known)
        if judged not in SHOWS and not said:
            continue
        offer = Offer(
            headings=DATA,
            source_key=f"indicator:{each.pk}",
            reference=each.ref or "Indicator",
            kind="indicator",
            text=" ".join(
                [
                    f"{each.title}: {in_words(each, known)}",
                    *[f"Why: {one.why.strip()} So what: {one.so_what.strip()}" for one in said],
                ]
            ),
            shows=SHOWS.get(judged, HOW_MUCH),
            dated_on=max(figure.ends_on for figure in known),
            address=each.get_absolute_url(),
            priority_id=only_priority(each.priorities.all()),
        )
        yield offer
        if judged == CONCERN:
            yield replace(offer, headings=LITTLE_PROGRESS)


SHOWS = {IMPROVED: DIFFERENCE, CONCERN: HOW_WELL, MOVED: HOW_WELL}
