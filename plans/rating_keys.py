"""The key by which a plan's ratings are read: chosen, made, and changed without touching what was said.

What was said of a past round keeps the rating that it was said by, with its word and meaning, for ever. So a
rating that was given is never changed nor deleted, and a plan takes another key only between two rounds.
"""

from collections import Counter
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import transaction

from partnership.templatetags.components import sentence_join
from plans.models import EarlierDecision, HighlightLine, Plan, PriorityReview, Rating, RatingKey, Update

RATING_FIELDS = ["code", "word", "meaning", "token", "shape", "outlook", "is_done", "needs_evidence"]

# Where a rating may have been given: it can go nowhere from there.
PLACES = [
    (Update, "rating"),
    (PriorityReview, "proposed_rating"),
    (PriorityReview, "decided_rating"),
    (EarlierDecision, "rating"),
    (HighlightLine, "rating"),
]


def times_given(key):
    """{rating's key: how often it was given}, of those of ``key`` that were. Five queries."""
    given = (model.objects.filter(**{f"{name}__key": key}).values_list(name, flat=True) for model, name in PLACES)
    return Counter(chain.from_iterable(given))


# Choosing


@transaction.atomic
def choose_key(plan, key):
    """From the next round on ``plan`` is rated by ``key``. What was said keeps its rating.

    Raises ValidationError, with what stands in the way, while a round is being answered or judged, and
    for a key that is another partnership's.
    """
    plan = Plan.objects.select_for_update(of=["self"], no_key=True).get(pk=plan.pk)
    if not RatingKey.objects.offered_to(plan).filter(pk=key.pk).exists():
        raise ValidationError("This key is another partnership’s. Choose from the list, or make one of your own.")
    if plan.rating_key_id == key.pk:
        return plan
    problems = in_the_way(plan)
    if problems:
        raise ValidationError(problems)
    plan.rating_key = key
    plan.save(update_fields=["rating_key", "changed_at"])
    return plan


def in_the_way(plan):
    """What must end before the plan can be rated by another key, as sentences."""
    problems = []
    answered = plan.rounds.filter(closed_at=None, updates__isnull=False).distinct().order_by("closes_on")
    if answered:
        names = sentence_join([str(round) for round in answered])
        problems.append(f"Leads have answered by the key that is in use: {names}. Close that round first")
    waiting = (
        PriorityReview.objects.filter(round__plan=plan, decided_at=None)
        .exclude(proposed_at=None)
        .select_related("priority", "round")
        .order_by("round__closes_on", "priority__position")
    )
    if waiting:
        names = sentence_join([f"{review.priority} ({review.round})" for review in waiting])
        problems.append(f"Ratings are proposed and not decided yet: {names}. Decide them first")
    return problems


# Making and changing


@transaction.atomic
def make_key(plan, *, name, ratings):
    """An own key of the plan's partnerships. ``ratings``: values of each, the best first."""
    key = RatingKey.objects.create(name=name)
    key.partnerships.set(plan.partnerships.all())
    write_ratings(key, ratings)
    return key


@transaction.atomic
def change_key(key, *, name, ratings):
    """Change an own key. ``ratings``: values of each that stays (with ``pk``) or is new, the best first.

    Those that were given keep every word; raises ValidationError where one of them would go.
    """
    key = RatingKey.objects.select_for_update(of=["self"]).get(pk=key.pk)
    key.name = name
    key.save()
    given = times_given(key)
    staying = {values.get("pk") for values in ratings}
    gone = [rating for rating in key.ratings.all() if rating.pk not in staying]
    kept = [rating.word for rating in gone if given[rating.pk]]
    if kept:
        raise ValidationError(f"{sentence_join(kept)} was given already, so it stays in this key.")
    for rating in gone:
        rating.delete()
    write_ratings(key, ratings, given=given)
    return key


def write_ratings(key, ratings, *, given=None):
    """Each rating's place is its place in the list: the last is the worst."""
    own = {rating.pk: rating for rating in key.ratings.all()}
    if any(values["code"] != own[values["pk"]].code for values in ratings if values.get("pk") in own):
        for place, pk in enumerate(own):  # two that change letters with one another must not meet on the way
            Rating.objects.filter(pk=pk).update(code=f"~{place}")
    for place, values in enumerate(reversed(ratings), start=1):
        rating = own.get(values.get("pk")) or Rating(key=key)
        rating.position = place
        if not (given and given[rating.pk]):
            for name in RATING_FIELDS:
                setattr(rating, name, values[name])
        rating.save()


@transaction.atomic
def remove_key(key):
    """Delete an own key that no plan uses and by which nothing was said; else ValidationError."""
    key = RatingKey.objects.select_for_update(of=["self"]).get(pk=key.pk)
    plans = list(key.plan_set.order_by("-starts_on"))
    if plans:
        raise ValidationError(f"{sentence_join(plans)} is rated by this key. Choose another for it first.")
    if times_given(key):
        raise ValidationError("Ratings of this key were given in rounds that are past, so it stays.")
    key.delete()
