"""Returns: what one's own organisation was asked, and who has answered."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assurance.lists import ReturnFilter, ReturnTable
from assurance.models import Return
from assurance.return_forms import ReturnForm
from assurance.returns import AlreadySubmitted, last_answers, save_draft, submit_return
from partnership.access import get_permitted, may, may_or_refuse
from partnership.lists import RecordList


class ReturnList(RecordList):
    """One's own organisation's returns; for the office, who has submitted, and no draft's words."""

    table_class, filterset_class = ReturnTable, ReturnFilter
    template_name = "assurance/return_list.html"
    export_name = "returns"

    def get_queryset(self):
        return (
            Return.objects.followed_by(self.request.user)
            .select_related("request", "organisation")
            .prefetch_related("request__partnerships")
            .order_by("-request__due_on", "request__title", "organisation__name", "pk")
        )

    def get_context_data(self, **kwargs):
        standing, today = self.request.user.standing, timezone.localdate()
        mine = Return.objects.of_organisations(standing.organisation_ids).asked(on=today)
        return super().get_context_data(
            mine=mine.with_answer_counts().select_related("request", "organisation"),
            is_followed=bool(standing.wide_ids),
            today=today,
            **kwargs,
        )


@require_safe
def return_detail(request, pk):
    record = get_permitted(request.user, Return, "view", pk=pk)
    answers = {answer.question_id: answer.text for answer in record.answers.all()}
    questions = [
        {"question": question, "answer": answers.get(question.pk, "")} for question in record.request.questions.all()
    ]
    context = {
        "record": record,
        "crumbs": crumbs(record),
        "questions": questions,
        "may_change": may(request.user, "change", record),
    }
    return render(request, "assurance/return_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_return(request, pk):
    """Save a draft as often as one likes; submit once."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    if record.submitted_at and record.organisation_id in request.user.standing.organisation_ids:
        return already_submitted(request, record)
    may_or_refuse(request.user, "change", record)
    is_submitting = request.POST.get("action") == "submit"
    form = ReturnForm(
        request.POST or None,
        questions=record.request.questions.all(),
        last=last_answers(record),
        initial=draft_of(record),
        is_submitting=is_submitting,
    )
    if form.is_valid():
        try:
            return keep(request, record, form)
        except AlreadySubmitted:
            return already_submitted(request, record)
    context = {"record": record, "crumbs": crumbs(record), "form": form}
    status = 422 if form.errors else 200
    return render(request, "assurance/return_change.html", context, status=status)


def keep(request, record, form):
    if form.is_submitting:
        submit_return(
            record,
            answers=form.answers,
            signed_off_by=form.cleaned_data["signed_off_by"],
            by=request.user,
        )
        messages.success(request, "Return submitted. It can be read here and no longer changed")
        return redirect(record)
    save_draft(record, answers=form.answers)
    messages.success(request, "Draft saved. Only your own organisation can read it")
    return redirect("assurance:return-change", record.pk)


def already_submitted(request, record):
    messages.info(request, "This return is submitted, so it can no longer be changed")
    return redirect(record)


def draft_of(record):
    """What stands in the draft, by the names of the form's fields."""
    answers = {f"answer_{answer.question_id}": answer.text for answer in record.answers.all()}
    return {**answers, "signed_off_by": record.signed_off_by}


def crumbs(record):
    return [("Returns", reverse("assurance:return-list")), (str(record.request), None)]
