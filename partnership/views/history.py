"""Who changed what, on one page for every kind of record."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnership.access import get_permitted
from partnership.changes import changes_of

# The records whose history may be read, each through its own ``visible_to`` and "view". Higher
# apps are named as strings only.
SHOWN = {
    "assurance.audit",
    "assurance.annualreport",
    "assurance.challenge",
    "assurance.indicator",
    "assurance.coverreport",
    "assurance.coversection",
    "assurance.inspection",
    "assurance.moderationpanel",
    "assurance.quarterlyreport",
    "assurance.reportcompanion",
    "assurance.reportconsultation",
    "assurance.reportcontribution",
    "assurance.return",
    "assurance.risk",
    "assurance.scrutiny",
    "assurance.thematicsummary",
    "assurance.voiceentry",
    "partnership.agendaitem",
    "partnership.arrangements",
    "partnership.boardpack",
    "partnership.budgetyear",
    "partnership.closure",
    "partnership.contribution",
    "partnership.dispute",
    "partnership.glossaryterm",
    "partnership.group",
    "partnership.meeting",
    "partnership.meetingaction",
    "partnership.organisation",
    "partnership.post",
    "partnership.rule",
    "partnership.ruleset",
    "partnership.spendingline",
    "partnership.termsofreference",
    "plans.deliverable",
    "plans.plan",
    "plans.plandocument",
    "plans.priority",
    "plans.priorityreview",
    "plans.updateround",
    "reviews.case",
    "reviews.learningpoint",
    "reviews.practicereview",
    "reviews.receipt",
    "reviews.recommendation",
    "reviews.reviewpublication",
    "training.course",
    "training.event",
    "training.learningneed",
    "training.needsanalysis",
    "training.place",
    "training.practitioner",
}
# Where to see a record is not yet to read what it said before.
LOOKED_BACK_BY = dict.fromkeys(
    [
        "assurance.challenge",
        "assurance.inspection",
        "assurance.quarterlyreport",
        "assurance.risk",
        "reviews.learningpoint",
        "reviews.recommendation",
        "training.learningneed",
        "training.needsanalysis",
    ],
    "look_back",
) | {
    "assurance.audit": "read",
    "assurance.reportconsultation": "run",
    "training.event": "change",  # how to join an event is told to those booked
}
CHANGES_A_PAGE = 30


@require_safe
def record_history(request, model, pk):
    """The changes of one record that this person may see, all or of one field."""
    if model not in SHOWN:
        raise Http404
    try:
        record = get_permitted(request.user, apps.get_model(model), LOOKED_BACK_BY.get(model, "view"), pk=pk)
    except (ValidationError, ValueError):
        raise Http404 from None
    note_reading(record, by=request.user)
    changes = changes_of(record)
    fields = {field.name: field.label for change in changes for field in change.fields}
    wanted = request.GET.get("field", "")
    if wanted in fields:
        changes = [c for c in changes if any(field.name == wanted for field in c.fields)]
    context = {
        "record": record,
        "page_obj": Paginator(changes, CHANGES_A_PAGE).get_page(request.GET.get("page")),
        "fields": sorted(fields.items(), key=lambda field: field[1]),
        "wanted": wanted,
    }
    return render(request, "partnership/record_history.html", context)


def note_reading(record, *, by):
    """Where reading a record is itself recorded (a case), reading its history is too."""
    if hasattr(record, "note_reading"):
        record.note_reading(by=by)
