"""What is due to assurance: returns that an organisation was asked for and has not submitted."""

from assurance.models import Return
from partnership.deadlines import as_deadlines


def requests(on):
    """Returns not submitted of requests that were sent and not closed, owed by the organisation."""
    waiting = Return.objects.filter(submitted_at=None, request__sent_on__lte=on).exclude(request__closed_on__lte=on)
    return as_deadlines(
        waiting,
        key="return",
        kind="Return",
        due_on="request__due_on",
        title="request__title",
        url_name="assurance:return-change",
        partnership="request__partnerships",
        owner_text="organisation__name",
        organisation="organisation",
    )
