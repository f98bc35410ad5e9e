"""Mails to people without an account: put into the queue with what they tell of, written when they leave."""

from training.models import TrainingMail

Kind = TrainingMail.Kind


def put(kind, *, key, address, **about):
    """Have a mail of ``kind`` leave once this transaction is sure; a second one of the same ``key`` is none.

    ``about``: the ``place``, ``evaluation``, ``invitation``, ``practitioner`` or ``statement`` that it tells of.
    """
    if address:
        TrainingMail.objects.bulk_create(
            [TrainingMail(kind=kind, key=f"{kind}-{key}", address=address, **about)], ignore_conflicts=True
        )
