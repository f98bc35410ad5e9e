"""What machines read about us."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, transaction
from django.db.models import Count, Max
from django.http import JsonResponse
from django.views.decorators.http import require_safe
from django_celery_beat.models import PeriodicTask

from partnership.models import Message


@login_not_required
@require_safe
@transaction.non_atomic_requests
def health(request):
    """Is the database there, when did beat last tick, how many messages stand in which state.

    503 while the database does not answer. Counts only: nothing here names a person or a record.
    """
    try:
        last_beat_at = PeriodicTask.objects.aggregate(last=Max("last_run_at"))["last"]
        states = Message.objects.order_by("state").values("state").annotate(count=Count("pk"))
        messages = {row["state"]: row["count"] for row in states}
    except DatabaseError:
        return JsonResponse({"database": "unavailable"}, status=503)
    body = {"database": "ok", "last_beat_at": last_beat_at, "messages": messages}
    return JsonResponse(body, headers={"Cache-Control": "no-store"})
