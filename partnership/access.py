"""The one door to a record.

404 if this person may not know that it exists, 403 if they may see it but not do this to it.
Absent and forbidden give the same answer.
"""

import rules
from django.core.exceptions import PermissionDenied
from django.http import Http404


def get_permitted(user, model, verb, **lookup):
    """The one ``model`` matching ``lookup`` to which ``user`` may do ``verb``.

    ``model``'s manager must offer ``visible_to(user)`` and its ``Meta.rules_permissions`` the verb.
    Raises Http404 where it is absent or hidden, PermissionDenied where it may only be seen.
    """
    record = model.objects.visible_to(user).filter(**lookup).first()
    if record is None:
        raise Http404
    if not may(user, verb, record):
        raise PermissionDenied
    return record


def may(user, verb, record):
    """Whether ``user`` may do ``verb`` to ``record`` (which they can already see)."""
    return rules.has_perm(type(record).get_perm(verb), user, record)


def may_or_refuse(user, verb, record):
    """Raise PermissionDenied unless ``user`` may do ``verb`` to ``record``."""
    if not may(user, verb, record):
        raise PermissionDenied
