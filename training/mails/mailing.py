"""Mails to people without an account: put into the queue with what they tell of, written when they leave.

What they say and whether they still leave: ``training.mails.words``.
"""

from django.db import connection, transaction

from partnership.tasks import send_mails
from training.models import TrainingMail

Kind = TrainingMail.Kind

QUEUE = "training.mails.words.QUEUE"  # by name, as its words need what puts mails here


def put(kind, *, key, address, **about):
    """Have a mail of ``kind`` leave once this transaction is sure; a second one of the same ``key`` is none.

    ``about``: the ``place``, ``evaluation``, ``invitation``, ``practitioner`` or ``statement`` that it tells of. Of a
    place its event's ``sequence`` is kept too: a further change ends what tells of this one.
    """
    if "place" in about:
        about.setdefault("sequence", about["place"].event.sequence)
    if address:
        put_all([TrainingMail(kind=kind, key=f"{kind}-{key}", address=address, **about)])


def put_all(mails):
    """The same for many in one statement; their keys begin with their kind, and their sequence is said."""
    TrainingMail.objects.bulk_create(mails, ignore_conflicts=True)
    wake_soon()


def wake_soon():
    """Have a worker send what waits once this transaction is sure, however often it is said in it."""
    if wake not in [call for _savepoints, call, _is_robust in connection.run_on_commit]:
        transaction.on_commit(wake, robust=True)


def wake():
    """Where no worker can be told now, beat will."""
    send_mails.delay(QUEUE)
