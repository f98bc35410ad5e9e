"""The link in a reminder by which its reader hears less, without signing in.

It is signed for this one purpose and for the address that it was sent to, so it ends when that changes. It
does not run out, because mails are kept. Whoever is forwarded one can make the reminders rarer and reads
nothing from it but a number.
"""

from django.conf import settings
from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from partnership.models import User

PURPOSE = "partnership.reminders.unsubscribe"


def unsubscribe_address(reader):
    token = f"{reader.pk}.{proof_of(reader)}"
    return settings.SITE_URL + reverse("partnership:unsubscribe", args=[token])


def proof_of(reader):
    return Signer(salt=PURPOSE).signature(f"{reader.pk} {reader.email.lower()}")


def reader_of(token):
    """Whose link it is, or None: spoilt, or of an address that is no longer theirs, or of an account switched off."""
    number, _, proof = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    reader = User.objects.filter(pk=number, is_active=True).first()
    return reader if reader and constant_time_compare(proof, proof_of(reader)) else None
