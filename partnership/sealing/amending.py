"""What the law asks to be changed in the history is sealed again with the reason, which is a code and names nobody.

The trigger of ``watching`` writes it down; whoever changes history says why in ``because``. Afterwards the salts of
what stood there before are wiped: its digest stays in the chain, and tells nobody who tries out names.
"""

import re
from contextlib import contextmanager

from django.db import connection
from django.db.models import Max

from partnership.data_protection.map import kinds
from partnership.models import Erasure, RetentionRun, SealedRows
from partnership.sealing.rows import SALT, WIPED
from partnership.sealing.watching import BECAUSE

REASON = re.compile(r"(erasure|retention|replay) ([a-z0-9-]{1,60})")


@contextmanager
def because(reason):
    """Inside it, in one transaction and as the keeper, what is changed in the history is sealed again."""
    before = SealedRows.objects.aggregate(last=Max("pk"))["last"] or 0
    say(reason)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            say("")
    for part in SealedRows.objects.filter(pk__gt=before, because=reason).order_by("pk"):
        wipe_salts(part)


def say(reason):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [BECAUSE, reason])


def wipe_salts(part):
    """Of the rows of ``part``, in all that was sealed of them before."""
    changed = set(part.ids)
    earlier = SealedRows.objects.filter(
        events=part.events, pk__lt=part.pk, first_id__lte=part.last_id, last_id__gte=part.first_id
    ).exclude(kind=SealedRows.Kind.GONE)
    for each in earlier:
        salts = bytearray(each.salts)
        for place, key in enumerate(each.ids):
            if key in changed:
                salts[place * SALT : (place + 1) * SALT] = WIPED
        if bytes(salts) != bytes(each.salts):
            SealedRows.objects.filter(pk=each.pk).update(salts=bytes(salts))


def is_known(reason):
    """Whether what ``reason`` names has been done here."""
    said = REASON.fullmatch(reason)
    if not said:
        return False
    what, which = said.groups()
    if what == "erasure":
        return Erasure.objects.filter(pk=which, confirmed_at__isnull=False).exists() if len(which) == 36 else False
    if what == "replay" or RetentionRun.objects.filter(kind=which).exists():
        return True
    return which in kinds() and kinds()[which].was_deleted()
