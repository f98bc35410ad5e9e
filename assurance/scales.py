"""Scales of scores: which are offered, which are in use, and the points of one kept together."""

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from assurance.models import Scale, ScalePoint, StandardSet
from partnership.standing import standing_of

MOST_SCORES = 101  # 0 to 100 per cent in ones


def with_use(scales):
    """Annotate ``is_in_use``: somebody measures themselves by it, so that its numbers stand; and ``set_count``."""
    measured = StandardSet.objects.filter(scale=OuterRef("pk")).exclude(published_on=None, requests=None)
    return scales.annotate(is_in_use=Exists(measured), set_count=Count("standard_sets", distinct=True))


def offered_to(user):
    """Those a set of this person's may use: the installation's, and those of partnerships whose office they are in."""
    standing = standing_of(user)
    return Scale.objects.filter(Q(partnership=None) | Q(partnership__in=standing.office_ids), retired_on=None)


@transaction.atomic
def keep_points(scale, points):
    """Make ``points`` (dicts of a ScalePoint's fields, ``pk`` None for a new one) the words of ``scale``."""
    kept = {point["pk"] for point in points} - {None}
    for gone in scale.points.exclude(pk__in=kept):
        gone.delete()
    standing = {point.pk: point for point in scale.points.all()}
    for point in points:
        values = {name: value for name, value in point.items() if name != "pk"}
        if point["pk"] is None:
            ScalePoint.objects.create(scale=scale, **values)
            continue
        there = standing[point["pk"]]
        if any(getattr(there, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(there, name, value)
            there.save()
