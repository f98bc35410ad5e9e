"""How long what happened to accounts is kept."""

from datetime import timedelta

from partnership.models import AccountEvent

KEPT_FOR = timedelta(days=365)
AT_A_TIME = 5000


def forget_old_events(*, at):
    """Delete what is older than a year; how many there were. Batch after batch, so that nobody waits for it."""
    old = AccountEvent.objects.filter(at__lt=at - KEPT_FOR).order_by("at")
    count = 0
    while batch := list(old.values_list("pk", flat=True)[:AT_A_TIME]):
        AccountEvent.objects.filter(pk__in=batch).delete()
        count += len(batch)
    return count
