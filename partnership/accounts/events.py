"""What happened to accounts and at their doors, written down: see ``AccountEvent``."""

from django.utils import timezone

from partnership.models import AccountEvent
from partnership.throttling import address_of

Kind = AccountEvent.Kind
LONGEST = 200  # characters of what a browser calls itself, and of a detail


def note(kind, user, request=None, *, at=None, by=None, detail=""):
    """Keep that ``kind`` happened to ``user`` (None: to nobody whom we know).

    ``request`` says from where; without one it was done here. ``by``: somebody else, who did it to them; ``at``:
    now, which is when a view or a task asks. ``detail`` must hold no password, code or address that was typed.
    """
    return AccountEvent.objects.create(
        user=user,
        by=by if by is not None and by.pk is not None and by != user else None,
        kind=kind,
        at=at or timezone.now(),
        ip=address_of(request) if request is not None else None,
        browser=request.headers.get("User-Agent", "")[:LONGEST] if request is not None else "",
        detail=detail[:LONGEST],
    )
