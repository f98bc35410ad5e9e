"""Returns: one's own organisation's and what others submitted; copies, evidence, and what was promised."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assurance.lists import ReturnFilter, ReturnTable
from assurance.models import Improvement, Return, ReturnCopy, ReturnEvidence
from assurance.return_forms import (
    DoneForm,
)
from assurance.return_sheet import content_of, read_sheet
from assurance.return_state import is_joined, takes_answers
from assurance.returns import (
    finish_improvement,
)
from assurance.scrutiny import responses_of
from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.standing import standing_of

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
STILL_NEWS = timedelta(days=90)  # how long a return that is not asked any more stands in its organisation's list


class ReturnList(RecordList):
    """One's own organisation's returns; for the office, who has submitted, and no draft's words."""

    table_class, filterset_class = ReturnTable, ReturnFilter
    template_name = "assurance/return_list.html"
    export_name = "returns"

    def get_queryset(self):
        return (
            Return.objects.followed_by(self.request.user)
            .with_due()
            .select_related("request", "organisation")
            .prefetch_related("request__partnerships")
            .order_by("-request__due_on", "request__title", "organisation__name", "pk")
        )

    def get_context_data(self, **kwargs):
        standing, today = self.request.user.standing, timezone.localdate()
        mine = Return.objects.of_organisations(standing.organisation_ids).asked(on=today)
        own = Return.objects.of_organisations(standing.organisation_ids).withdrawn_since(timezone.now() - STILL_NEWS)
        mine = mine.with_answer_counts().select_related("request", "organisation", "signer", "answered_in")
        return super().get_context_data(
            mine=together(mine),
            withdrawn=own.select_related("request", "organisation").order_by("-withdrawn_at"),
            is_followed=bool(standing.wide_ids),
            today=today,
            **kwargs,
        )


def together(returns):
    """``returns`` in their order, each with those that are answered in it (``together``) and not by themselves."""
    by_key = {record.pk: record for record in returns}
    for record in by_key.values():
        record.together = []
    for record in by_key.values():
        if is_joined(record) and record.answered_in_id in by_key:
            by_key[record.answered_in_id].together.append(record)
    return [record for record in by_key.values() if not (is_joined(record) and record.answered_in_id in by_key)]


# Reading


@require_safe
def return_detail(request, pk):
    """What was submitted; of one's own organisation the draft too."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    today = timezone.localdate()
    sheet = read_sheet(record, with_joined=False)
    is_own = record.organisation_id in standing_of(request.user).organisation_ids
    context = {
        "record": record,
        "crumbs": crumbs(record),
        "sheet": sheet,
        "content": content_of(sheet),
        "files": {str(each.pk) for line in sheet.lines for each in line.evidence},
        "is_own": is_own,
        "is_open": is_own and takes_answers(record, on=today),
        "holder": record.answered_in if is_joined(record) else None,
        "improvements": [each for line in sheet.lines for each in line.improvements],
        "copies": ReturnCopy.objects.visible_to(request.user).filter(record=record).select_related("partnership"),
        "responses": responses_of(record, request.user),
        "today": today,
        "may_change": may(request.user, "change", record) and takes_answers(record, on=today),
    }
    return render(request, "assurance/return_detail.html", context)


@require_safe
def return_copy(request, pk):
    """What one partnership was given, as it was given."""
    copy = get_permitted(request.user, ReturnCopy, "view", pk=pk)
    there = ReturnEvidence.objects.visible_to(request.user).filter(record=copy.record_id)
    context = {
        "copy": copy,
        "record": copy.record,
        "content": copy.content,
        "files": {str(each) for each in there.values_list("pk", flat=True)},
        "crumbs": [("Returns", reverse("assurance:return-list")), (str(copy.record.request), None)],
    }
    return render(request, "assurance/return_copy.html", context)


@require_safe
def evidence_file(request, pk):
    """A file to be saved, for whoever may read the return."""
    evidence = get_permitted(request.user, ReturnEvidence, "view", pk=pk)
    if evidence.document is None:
        raise Http404
    return as_attachment(evidence.document.content, evidence.document.filename, "application/octet-stream")


# What will be better, after it was submitted


@asks_and_answers
def improvement_done(request, pk):
    """Somebody of the organisation says that what it promised is done, and what came of it."""
    mine = Return.objects.of_organisations(standing_of(request.user).organisation_ids)
    rows = Improvement.objects.filter(assessment__record__in=mine, done_on=None)
    improvement = get_object_or_404(rows.select_related("assessment__standard", "assessment__record"), pk=pk)
    record = improvement.assessment.record
    form = DoneForm(request.POST or None, cancel_url=record.get_absolute_url())
    if form.is_valid():
        finish_improvement(improvement, outcome=form.cleaned_data["outcome"], on=timezone.localdate())
        messages.success(request, "Marked as done, with what came of it.")
        return redirect(f"{record.get_absolute_url()}#improvements")
    context = {"improvement": improvement, "record": record, "form": form, "crumbs": crumbs(record)}
    return render(request, "assurance/improvement_done.html", context, status=form.status)


def crumbs(record):
    return [("Returns", reverse("assurance:return-list")), (str(record.request), None)]


patterns = [
    path("returns/", ReturnList.as_view(), name="return-list"),
    path("returns/<uuid:pk>/", return_detail, name="return-detail"),
    path("returns/copies/<uuid:pk>/", return_copy, name="return-copy"),
    path("returns/evidence/<uuid:pk>/", evidence_file, name="evidence-file"),
    path("returns/improvements/<int:pk>/done/", improvement_done, name="improvement-done"),
]
