"""The words in which a board says how assured it is: the installation's, or a partnership's own instead."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from assurance.models import AssuranceLevel, Scrutiny, ScrutinyResponse

LEVEL_FIELDS = ["position", "word", "meaning", "token", "shape"]


def levels_of(partnership):
    """The levels that this partnership judges by, the least assured first: its own, or where it has none, all's."""
    offered = AssuranceLevel.objects.offered_to([partnership.pk])
    own = offered.filter(partnership=partnership)
    return (own if own.exists() else offered.filter(partnership=None)).order_by("position", "pk")


def times_given(level):
    """How often somebody judged by it or told it; what was said by a word keeps that word."""
    return sum(model.objects.filter(level=level).count() for model in (Scrutiny, ScrutinyResponse))


@transaction.atomic
def begin_own_levels(partnership):
    """Copies of the installation's levels, to be made the partnership's own. Doing it again changes nothing."""
    type(partnership).objects.select_for_update(of=["self"], no_key=True).get(pk=partnership.pk)
    own = AssuranceLevel.objects.filter(partnership=partnership, retired_on=None)
    if own.exists():
        return
    kept = set(AssuranceLevel.objects.filter(partnership=partnership).values_list("word", flat=True))
    for level in AssuranceLevel.objects.filter(partnership=None, retired_on=None):
        values = {name: getattr(level, name) for name in LEVEL_FIELDS}
        if level.word in kept:
            AssuranceLevel.objects.filter(partnership=partnership, word=level.word).update(retired_on=None)
        else:
            AssuranceLevel.objects.create(partnership=partnership, **values)


def next_position(partnership):
    """After the most assured of them."""
    last = AssuranceLevel.objects.filter(partnership=partnership).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


@transaction.atomic
def retire_level(level, *, on):
    """Offer it no longer. Judgements made by it keep it. Raises ValidationError for the last of its kind."""
    level = AssuranceLevel.objects.select_for_update(of=["self"]).get(pk=level.pk)
    others = AssuranceLevel.objects.filter(partnership=level.partnership, retired_on=None).exclude(pk=level.pk)
    if level.partnership_id is None and not others.exists():
        raise ValidationError("This is the last level. Add another before you take it away")
    if level.retired_on is None:
        level.retired_on = on
        level.save(update_fields=["retired_on"])


@transaction.atomic
def offer_level_again(level):
    level.retired_on = None
    level.save(update_fields=["retired_on"])
