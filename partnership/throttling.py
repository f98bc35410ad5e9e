"""Too many of one thing from one address."""

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache

A_WHILE = 600  # seconds


def is_too_often(request, what, most):
    """Count one more of ``what`` from this address; whether that is more than ``most`` in ten minutes.

    A brake, not a wall: what must not be guessed is too long to be.
    """
    return count_one(f"{what}:{address_of(request)}") > most


def address_of(request):
    """Where a request comes from, or None: behind proxies what the last that we trust says (``PROXIES``)."""
    return get_client_ip(request)


def count_one(what):
    """Count one more of ``what``, from wherever; how many that makes in ten minutes."""
    key = key_of(what)
    cache.add(key, 0, A_WHILE)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out in this moment
        return 1


def counted(what):
    """How many there were of ``what`` in ten minutes."""
    return cache.get(key_of(what), 0)


def key_of(what):
    return f"throttle:{what}"
