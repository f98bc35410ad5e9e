"""A version as documents: asked for by a press or by publishing, made by a worker, kept as they were made."""

from django.db import transaction

from plans.models import Plan


@transaction.atomic
def request_document(version, *, by, earlier=None):
    """Ask for ``version`` as PDF and Word; with ``earlier``, for what changed since that version, as PDF.

    One that is under way or was made already is the answer: a version never changes.
    """
    Plan.objects.select_for_update(of=["self"], no_key=True).get(pk=version.plan_id)
    asked = version.documents.filter(earlier=earlier)
    there = asked.under_way().first() or asked.done().first()
    return there or version.documents.create(earlier=earlier, requested_by=by, step="Waiting for a worker")
