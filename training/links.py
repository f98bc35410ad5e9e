"""Signed links for people without an account. A link names its record and a generation; a new one ends those before.

Following a link changes nothing, as scanners of mails follow it too: what changes something is a press on its page.
Only the link to somebody's own record is for a day, as it tells more than one event. ``partnership.logs`` leaves the
secret out of every log: all their addresses begin with ``/t/``.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from training.models import Evaluation, NeedsInvitation, Place, Practitioner

RECORD_LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Kind:
    """What a link opens: its ``model``, the ``page`` it leads to, and ``of``, what is fetched with the record.

    One record can have links of several kinds, which do not open each other's pages.
    """

    name: str
    model: type
    page: str
    of: tuple = ()

    @property
    def signer(self):
        return signing.Signer(salt=f"training.{self.name}", sep=".")


OF_PLACE = ("event__course__run_by", "organisation", "practitioner")
PLACE = Kind("place", Place, "training:place-open", OF_PLACE)
MANAGER = Kind("manager", Place, "training:manager-open", OF_PLACE)
OF_EVALUATION = ("place__event__course__run_by", "place__organisation", "place__practitioner")
EVALUATION = Kind("evaluation", Evaluation, "training:evaluation-open", OF_EVALUATION)
EVALUATION_MANAGER = Kind("evaluation-manager", Evaluation, "training:evaluation-manager-open", OF_EVALUATION)
NEEDS = Kind("needs", NeedsInvitation, "training:needs-open", ("analysis__partnership", "organisation", "group"))

RECORDS = signing.TimestampSigner(salt="training.record", sep=".")


def token_of(kind, record):
    key = record.pk.hex if isinstance(record.pk, uuid.UUID) else record.pk
    return kind.signer.sign(f"{key}.{record.generation}")


def address_of(kind, record):
    """The whole address to mail. It is the same each time it is shown."""
    return settings.SITE_URL + reverse(kind.page, args=[token_of(kind, record)])


def record_of(kind, token):
    """The record that ``token`` opens; None for what we never signed, or for a link that a newer one ended."""
    try:
        key, generation = kind.signer.unsign(token).split(".")
        return kind.model.objects.select_related(*kind.of).get(pk=key, generation=int(generation))
    except (signing.BadSignature, ValueError, kind.model.DoesNotExist):
        return None


def record_address_of(practitioner):
    """Where a practitioner reads all about their own training, for a day."""
    token = RECORDS.sign(str(practitioner.pk))
    return settings.SITE_URL + reverse("training:record-open", args=[token])


def practitioner_of(token):
    """Whose own record ``token`` opens; None for a wrong or an old one."""
    try:
        key = RECORDS.unsign(token, max_age=RECORD_LASTS)
        return Practitioner.objects.select_related("organisation", "role").get(pk=int(key))
    except (signing.BadSignature, ValueError, Practitioner.DoesNotExist):
        return None
