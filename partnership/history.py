"""Who changed what, when: written by database triggers, never by our code.

``recorded`` decorates every model whose rows matter; ``links`` does it for the rows of a
many-to-many table. Event rows are append-only (a trigger refuses UPDATE and DELETE). A tracker
remembers the model it was given to, so each model gets trackers of its own.
"""

import pghistory
from pghistory import DeleteEvent, InsertEvent, UpdateEvent


def recorded(model):
    """Keep every insert, update and delete of ``model``'s rows."""
    return recorded_except()(model)


def recorded_except(*fields):
    """Like ``recorded``, leaving out ``fields`` (secrets, bytes, columns that are mere bookkeeping)."""
    return pghistory.track(InsertEvent(), UpdateEvent(), DeleteEvent(), exclude=list(fields), append_only=True)


def links(through):
    """Keep every link made and unmade; ``through`` is a proxy of a many-to-many's own model."""
    return pghistory.track(InsertEvent(), DeleteEvent(), obj_field=None, append_only=True)(through)
