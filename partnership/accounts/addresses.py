"""The address of an account is another: written down, told to both addresses, and what went to the first ends."""

from partnership.accounts.events import Kind, note
from partnership.accounts.invitations import withdraw
from partnership.accounts.mails import post

SUBJECT = "The address of your account was changed"


def address_changed(person, *, before, by, at, request=None):
    """Follow up that ``person`` has another address than ``before``; whether an invitation that was open ended by it.

    Whoever never signed in has no account to lose, so nobody is told. Neither address stands in the event: what a
    person was called can be erased, an event is never changed. History has both.
    """
    note(Kind.ADDRESS_CHANGED, person, request, at=at, by=by)
    if person.last_login:
        words = {"person": person, "by": by}
        post("account_address_changed", SUBJECT, words | {"is_former": True}, to=before)
        post("account_address_changed", SUBJECT, words | {"is_former": False}, to=person.email)
    return withdraw(person, at=at)
