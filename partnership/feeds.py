"""What machines read about us."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from partnership.health import health_of_reminders
from partnership.metrics import in_words_of_prometheus
from partnership.operations.readings import read_all

NOT_KEPT = {"Cache-Control": "no-store"}


@login_not_required
@require_safe
@transaction.non_atomic_requests
def health(request):
    """Whether this web server answers and has its database: for the proxy. 503 while it has not."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return without_database()
    return JsonResponse({"database": "ok"}, headers=NOT_KEPT)


@login_not_required
@require_safe
@transaction.non_atomic_requests
def reminders_health(request):
    """Whether reminders go out: 200, or 503 with what is wrong in words, for a monitor outside.

    The numbers, in which a restricted matter counts like any other, only for whoever has the token.
    """
    try:
        found = health_of_reminders(now=timezone.now())
    except DatabaseError:
        return without_database()
    body = {"status": "ok" if found.is_well else "trouble", "troubles": found.troubles, **found.times}
    if has_token(request):
        body["numbers"] = found.numbers
    return JsonResponse(body, status=200 if found.is_well else 503, headers=NOT_KEPT)


@login_not_required
@require_safe
@transaction.non_atomic_requests
def metrics(request):
    """The numbers of the Operations page for Prometheus. Not there unless ``MONITOR_TOKEN`` is set; 401 without it."""
    if not settings.MONITOR_TOKEN:
        raise Http404
    if not has_token(request):
        return HttpResponse(status=401, headers=NOT_KEPT | {"WWW-Authenticate": "Bearer"})
    try:
        found = read_all(now=timezone.now())
    except DatabaseError:
        return without_database()
    return HttpResponse(in_words_of_prometheus(found), content_type=CONTENT_TYPE_LATEST, headers=NOT_KEPT)


def without_database():
    return JsonResponse({"database": "unavailable"}, status=503, headers=NOT_KEPT)


def has_token(request):
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not settings.MONITOR_TOKEN or scheme.lower() != "bearer":
        return False
    return constant_time_compare(token.strip(), settings.MONITOR_TOKEN)
