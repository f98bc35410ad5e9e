"""The link by which a school answers without an account.

It is signed and not kept: the return's key and its generation. So the same link can be shown again, and a new
generation ends all that were given out before. Whoever has it can read and write that one school's answers until
they are submitted, and read them until the survey is closed. Following it changes nothing: mail scanners do so too.
"""

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from assurance.models import SchoolReturn

# With a sign that stands in an address as it is, and that the log's mask knows: ``partnership.logs``.
SIGNER = Signer(salt="assurance.schools.answer", sep=".")


class LinkIsOver(Exception):
    """It was ours once: a newer link was made, or the survey is closed. ``record`` is whose it was."""

    def __init__(self, record):
        super().__init__()
        self.record = record


def token_of(record):
    return SIGNER.sign(f"{record.pk.hex}.{record.generation}")


def address_of(record):
    return settings.SITE_URL + reverse("assurance:school-answer", args=[token_of(record)])


def return_of_token(token):
    """The SchoolReturn that ``token`` opens, with its survey and school; None for what we never signed.

    Raises LinkIsOver.
    """
    try:
        key, generation = SIGNER.unsign(token).split(".")
        key, generation = uuid.UUID(hex=key), int(generation)
    except (BadSignature, ValueError):
        return None
    returns = SchoolReturn.objects.select_related("survey__partnership", "school__area")
    record = returns.filter(pk=key).first()
    if record is None:
        return None
    if record.generation != generation or record.survey.closed_on or record.excused_on:
        raise LinkIsOver(record)
    return record
