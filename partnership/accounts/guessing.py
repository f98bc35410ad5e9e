"""Guessing passwords is slowed down, and nobody can shut somebody else out by guessing badly.

Counted in ten minutes are failures of one network address at one account, of one network address altogether, and
of all browsers together that never signed in to an account. A browser that did signed in carries a cookie that
says so, and has a count of its own: whatever others do, its owner can sign in. A count is taken before the password
is looked at and given back where it was right, so many at once count as many.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from partnership.throttling import address_of, count_one, key_of

SALT = "partnership.accounts.guessing"
AT_ONE_ACCOUNT = 5  # from one network address
AT_AN_ACCOUNT = 30  # from all together
FROM_AN_ADDRESS = 100  # at all accounts: a whole council may come from one
FROM_A_KNOWN_BROWSER = 10
DAYS = 180
MOST_PEOPLE = 5  # whom one browser remembers


class Guess:
    """One try to sign in as ``email``, whoever that may be."""

    def __init__(self, request, email):
        account = key_of_account(email)
        known = known_in(request).get(account)
        address = address_of(request)
        if known:
            self.limits = {f"sign-in:browser:{known}": FROM_A_KNOWN_BROWSER}
        else:
            self.limits = {
                f"sign-in:pair:{address}:{account}": AT_ONE_ACCOUNT,
                f"sign-in:account:{account}": AT_AN_ACCOUNT,
                f"sign-in:address:{address}": FROM_AN_ADDRESS,
            }

    def is_one_too_many(self):
        """Count it. All are counted, so that one that is refused for one reason counts for the others too."""
        return any([count_one(what) > most for what, most in self.limits.items()])

    def take_back(self):
        """It was no guess: the password was right."""
        for what in self.limits:
            try:
                cache.decr(key_of(what))
            except ValueError:  # it ran out in this moment
                continue


def key_of_account(email):
    """The same for all ways to write an address; the address can't be read from it."""
    return salted_hmac(SALT, email.strip().casefold()).hexdigest()[:24]


def known_in(request):
    """``{key of an account: this browser's number with it}`` of those who signed in here before."""
    try:
        known = signing.loads(request.COOKIES.get(settings.KNOWN_COOKIE, ""), salt=SALT, max_age=DAYS * 86400)
    except signing.BadSignature:
        return {}
    return known


def remember(request, response, user):
    """Have this browser known as one in which ``user`` signed in."""
    account = key_of_account(user.email)
    known = known_in(request)
    number = known.pop(account, None) or secrets.token_hex(8)
    kept = dict(list(known.items())[-(MOST_PEOPLE - 1) :]) | {account: number}
    response.set_cookie(
        settings.KNOWN_COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=DAYS * 86400,
        httponly=True,
        secure=settings.IS_PRODUCTION,
        samesite="Lax",
    )
