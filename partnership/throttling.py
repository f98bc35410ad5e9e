"""Too many of one thing from one address."""

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.db import OperationalError

A_WHILE = 600  # seconds
MANY = 1_000_000


def is_too_often(request, what, most):
    """Count one more of ``what`` from this address; whether that is more than ``most`` in ten minutes.

    A brake, not a wall: what must not be guessed is too long to be.
    """
    return count_one(f"{what}:{address_of(request)}") > most


def address_of(request):
    """Where a request comes from, or None: behind proxies what the last that we trust says (``PROXIES``)."""
    return get_client_ip(request)


def count_one(what):
    """Count one more of ``what``, from wherever; how many that makes in ten minutes.

    Where so many count at once that this one can't in time, it is one too many.
    """
    key = key_of(what)
    for _try in range(2):  # it may run out between the two questions
        if cache.add(key, 1, A_WHILE):
            return 1
        try:
            return cache.incr(key)
        except ValueError:
            continue
        except OperationalError:
            break
    return MANY


def counted(what):
    """How many there were of ``what`` in ten minutes."""
    return cache.get(key_of(what), 0)


def key_of(what):
    return f"throttle:{what}"
