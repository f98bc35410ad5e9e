"""Who looks after what is held about people: the business offices, and administrators."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from partnership.standing import standing_of


def looks_after_it(user):
    standing = standing_of(user)
    return standing.is_administrator or bool(standing.office_ids)


def office_or_administrator(user):
    if not looks_after_it(user):
        raise PermissionDenied


def crumbs(*last):
    """``last``: (words, address or None) of each page below the first."""
    home = reverse("partnership:data-protection") if last else None
    return [("Data protection", home), *last]
