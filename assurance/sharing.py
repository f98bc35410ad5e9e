"""A risk or a challenge is inside until the office shares it with members; and may be taken back."""

from django.db import transaction


@transaction.atomic
def share(record, *, on):
    """Every member of its partnership may read it. Shared again, it stays shared since the first day."""
    record = locked(record)
    if record.shared_on is None:
        record.shared_on = on
        record.save(update_fields=["shared_on"])


@transaction.atomic
def take_back(record):
    """Members read it no longer."""
    record = locked(record)
    record.shared_on = None
    record.save(update_fields=["shared_on"])


def locked(record):
    return type(record)._base_manager.select_for_update(of=["self"], no_key=True).get(pk=record.pk)
