"""What indicators offer as a source of a plan's reasons."""

from assurance.indicators.moves import in_words
from assurance.indicators.small_numbers import figures_of
from assurance.models import Indicator


def told(user, partnership_ids, only=None):
    """Indicators that may be shown to the public, with what their figures say to it.

    Rows as ``settings.PLAN_SOURCES`` asks: (pk, kind, label, address, words). Those of ``only`` come without words.
    """
    found = Indicator.objects.visible_to(user).filter(partnership__in=partnership_ids, is_public=True)
    if only is not None:
        return [_row(indicator, "") for indicator in found.filter(pk__in=only)]
    found = list(found.in_use())
    figures = figures_of(found, None)
    return [_row(each, in_words(each, figures[each.pk])) for each in found if figures[each.pk]]


def _row(indicator, words):
    return indicator.pk, "Indicator", f"Indicator: {indicator.title}", indicator.get_absolute_url(), words
