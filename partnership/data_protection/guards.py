"""The triggers that keep rows and their history from being changed, set aside for the few statements that must.

The law asks that what is kept too long goes, and that a person can be forgotten, in the history too. Nothing else
changes history. The seal over it is told why: the digests of its rows stay when their words go.
"""

from contextlib import contextmanager

import pgtrigger
from django.db import transaction

from partnership.data_protection.map import event_models
from partnership.roles import as_keeper
from partnership.sealing.amending import because


@contextmanager
def unguarded(*models, reason):
    """Inside it rows of these models, and their history, may be changed and deleted. A transaction of its own.

    ``reason`` is one of ``sealing.amending.REASON``: a word and a key, which name nobody.
    """
    histories = [event_models()[model] for model in models if model in event_models()]
    names = [
        f"{model._meta.label}:{trigger.name}"
        for model in {*models, *histories}
        for trigger in getattr(model._meta, "triggers", [])
        if isinstance(trigger, pgtrigger.Protect)
    ]
    with transaction.atomic(), as_keeper(), because(reason), pgtrigger.ignore(*names):
        yield
