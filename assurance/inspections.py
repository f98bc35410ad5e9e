"""Inspections: written down, told to members, recommended from, closed once all that came of them is done."""

from django.core.exceptions import ValidationError
from django.db import transaction

from assurance.models import Inspection
from assurance.risks import lock_partnership
from partnership.templatetags.components import sentence_join
from reviews.models import Recommendation
from reviews.recommendations import add_recommendations


@transaction.atomic
def add_inspection(partnership, *, priorities, themes, **fields):
    """(the inspection, whether it is new). Sent twice, it is one."""
    lock_partnership(partnership)
    same = Inspection.objects.filter(partnership=partnership, **fields).first()
    if same:
        return same, False
    inspection = Inspection.objects.create(partnership=partnership, **fields)
    inspection.priorities.set(priorities)
    inspection.themes.set(themes)
    return inspection, True


def locked(inspection):
    return Inspection.objects.select_for_update(of=["self"], no_key=True).get(pk=inspection.pk)


@transaction.atomic
def recommend(inspection, lines, *, made_on, organisations):
    """(recommendations of these (ref, text), how many are new). Sent twice, they are there once.

    Raises ValidationError before members are told of the inspection, as every member reads recommendations.
    """
    inspection = locked(inspection)
    if inspection.released_on is None:
        raise ValidationError("Every member reads recommendations. Tell members of the inspection first")
    kept, new_count = add_recommendations(
        lines,
        partnership=inspection.partnership,
        source=Recommendation.Source.INSPECTION,
        source_title=inspection.source_words,
        source_address=inspection.address,
        made_on=made_on,
        organisations=organisations,
        themes=list(inspection.themes.all()),
    )
    inspection.recommendations.add(*kept)
    return kept, new_count


@transaction.atomic
def tell_members(inspection, *, on):
    """Every member of its partnership may read it. Told again, it stays told since the first day."""
    inspection = locked(inspection)
    if inspection.released_on is None:
        inspection.released_on = on
        inspection.save(update_fields=["released_on"])


@transaction.atomic
def take_back(inspection):
    """Members read it no longer. Raises ValidationError where they read recommendations of it."""
    inspection = locked(inspection)
    if inspection.recommendations.exists():
        raise ValidationError("Every member reads its recommendations, which name it, so it stays told")
    inspection.released_on = None
    inspection.save(update_fields=["released_on"])


def still_open(inspection):
    """What came of it and goes on, in words like “2 recommendations and 1 action”; empty where nothing does."""
    counts = Inspection.objects.with_what_is_open().get(pk=inspection.pk)
    found = (
        (counts.open_recommendation_count, "recommendation"),
        (counts.open_action_count, "action"),
    )
    return sentence_join([f"{n} {word}{'' if n == 1 else 's'}" for n, word in found if n])


@transaction.atomic
def close_inspection(inspection, *, because, on, is_anyway=False):
    """Close it with what came of it. Raises ValidationError where something goes on and it is not closed anyway."""
    inspection = locked(inspection)
    if inspection.closed_on:
        return
    left = still_open(inspection)
    if left and not is_anyway:
        raise ValidationError(f"Still open: {left}. End them first, or tick that it is closed all the same and say why")
    inspection.closed_on, inspection.closed_because = on, because
    inspection.save(update_fields=["closed_on", "closed_because"])


@transaction.atomic
def reopen_inspection(inspection):
    """It goes on. What was said to have come of it stays, to be written again when it is closed."""
    inspection = locked(inspection)
    inspection.closed_on = None
    inspection.save(update_fields=["closed_on"])
