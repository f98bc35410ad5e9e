"""Which rows of a model somebody may know of, also where the model itself does not say: through what it hangs on."""

from functools import cache

from django.apps import apps
from django.db import models

from partnership.data_protection.subjects import person_models
from partnership.standing import standing_of

DEEPEST = 4
# Not above a record, but beside it: to see an organisation is not to see what it wrote.
BESIDE = {
    "partnership.Organisation",
    "partnership.Post",
    "partnership.Group",
    "partnership.Document",
    "partnership.PublishedFile",
    "partnership.Rule",
    "partnership.RuleSet",
    "plans.Rating",
    "plans.RatingKey",
}


def rows_for(model, user):
    """Those that ``user`` may know of; an administrator all (cases and drafts are left out before)."""
    rows = model._base_manager.all()
    if standing_of(user).is_administrator:
        return rows
    way = way_to_a_door(model)
    if way is None:
        return rows.none()
    lookup, label = way
    if not label:
        return model._default_manager.visible_to(user)
    above = apps.get_model(label)._default_manager.visible_to(user)
    return rows.filter(**{f"{lookup}__in": above.order_by().values("pk")})


@cache
def way_to_a_door(model):
    """(lookup, label) of the nearest record above it that says who sees it; ("", "") where it says so itself; None."""
    if hasattr(model._default_manager, "visible_to"):
        return "", ""
    ways = [("", model)]
    for _depth in range(DEEPEST):
        further = []
        for lookup, each in ways:
            for field in each._meta.concrete_fields:
                if not leads_up(field):
                    continue
                name = f"{lookup}__{field.name}" if lookup else field.name
                if hasattr(field.related_model._default_manager, "visible_to"):
                    return name, field.related_model._meta.label
                further.append((name, field.related_model))
        ways = further
    return None


def leads_up(field):
    return (
        isinstance(field, models.ForeignKey)
        and field.related_model not in person_models()
        and field.related_model._meta.label not in BESIDE
    )
