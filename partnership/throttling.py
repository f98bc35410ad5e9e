"""Too many of one thing from one address."""

from django.core.cache import cache

A_WHILE = 600  # seconds


def is_too_often(request, what, most):
    """Count one more of ``what`` from this address; whether that is more than ``most`` in ten minutes.

    Counted in the cache, so by each server of its own where they share none: a brake, not a wall. What must
    not be guessed is too long to be.
    """
    key = f"throttle:{what}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, A_WHILE)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out in this moment
        return False
