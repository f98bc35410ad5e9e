"""Keep what went wrong for the Operations page: few, not long, and never in the way of the answer."""

import logging
from datetime import timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from partnership.logs import kind_of, where
from partnership.models import Fault
from partnership.operations.error_reports import report
from partnership.request_ids import current

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)
MOST_KEPT = 500


def keep_fault(kind, name, error, *, at):
    """Write it down, and let go of what is old or too much. Where that can't be done, the log alone has it."""
    report(error, kind=kind, name=name)
    try:
        fault = Fault.objects.create(
            kind=kind,
            name=name[:120],
            error=kind_of(error)[:80] if error else "",
            where=where(error)[:200] if error else "",
            request=current() or "",
            at=at,
        )
        Fault.objects.filter(Q(at__lt=at - KEPT_FOR) | Q(pk__lte=fault.pk - MOST_KEPT)).delete()
    except DatabaseError as trouble:
        logger.warning("A fault could not be kept for the Operations page: %s", kind_of(trouble))


class KeepFaults:
    """Of answers that say that the fault is ours; what was being written is undone by then."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 500:
            match = request.resolver_match
            name = match.view_name if match else ""
            keep_fault(Fault.Kind.PAGE, name, getattr(request, "fault", None), at=timezone.now())
        return response
