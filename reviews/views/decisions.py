"""Advice, the partners' decisions, what becomes of a difference, and the review that follows."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from partnership.access import get_permitted
from partnership.refusals import NotNow
from reviews import decisions as process
from reviews.cases import IS_CLOSED, LateNeedsReason
from reviews.decisions import DecidedMeanwhile, Verdict, lines_of, may_decide
from reviews.forms.decisions import AdviceForm, BeginReviewForm, DecisionForm, DisputeForm
from reviews.models import Case
from reviews.practice import begin_review
from reviews.views.summaries import asks_and_answers, data_of, form_page


@asks_and_answers
def add_advice(request, pk):
    """The independent advisor who sits in the group advises, and decides nothing."""
    case = get_permitted(request.user, Case, "advise", pk=pk)
    if case.closed_on:
        return not_now(request, case, IS_CLOSED)
    form = AdviceForm(data_of(request), case=case, on=timezone.localdate(), cancel_url=place_of(case))
    if form.is_valid():
        said = form.cleaned_data
        try:
            process.advise(
                case, outcome=said["outcome"], reasons=said["reasons"], given_on=said["day"], by=request.user
            )
        except NotNow as refusal:
            return not_now(request, case, str(refusal))
        messages.success(request, "Advice kept. It stands beside the decisions, and decides nothing")
        return redirect(place_of(case))
    return form_page(request, case, form, "Independent advice")


@asks_and_answers
def add_decision(request, pk, organisation_pk):
    """One partner's decision, by its representative or recorded by the group's chair."""
    case = get_permitted(request.user, Case, "decide", pk=pk)
    if case.closed_on:
        return not_now(request, case, IS_CLOSED)
    today = timezone.localdate()
    line = next((each for each in lines_of(case, on=today) if each.organisation.pk == organisation_pk), None)
    if line is None:
        raise Http404
    if not may_decide(request.user, case, line):
        raise PermissionDenied
    form = DecisionForm(
        data_of(request),
        case=case,
        on=today,
        line=line,
        by=request.user,
        late_since=process.late_since(case, on=today),
        cancel_url=place_of(case),
    )
    if form.is_valid() and keep_decision(request, case, line, form, on=today):
        messages.success(request, f"The decision of {line.organisation} is recorded")
        return redirect(place_of(case))
    lede = ""
    if line.standing:
        lede = "A decision is recorded already. What you record now stands in its place, and both can be read."
    return form_page(request, case, form, f"Decision of {line.organisation}", lede)


def keep_decision(request, case, line, form, *, on):
    said = form.cleaned_data
    try:
        process.decide(
            case,
            line.organisation,
            outcome=said["outcome"],
            reasons=said["reasons"],
            decided_on=said["day"],
            decided_by=form.who_decided,
            seen=said["standing"],
            late_because=said.get("late_because", ""),
            by=request.user,
            on=on,
        )
    except DecidedMeanwhile as meanwhile:
        decision = meanwhile.decision
        form.show_standing(decision)
        form.add_error(
            "outcome",
            f"{decision.recorded_by} recorded “{decision.get_outcome_display()}” while you were writing. "
            "Record yours again to put it in that one’s place",
        )
    except LateNeedsReason as late:
        form.add_error("late_because" if "late_because" in form.fields else None, str(late))
    except NotNow as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


@asks_and_answers
def add_dispute(request, pk):
    """The partners differ: the partnership's own way of settling disputes takes it on, without a word of the case."""
    case = get_permitted(request.user, Case, "decide", pk=pk)
    today = timezone.localdate()
    verdict = Verdict(lines_of(case, on=today))
    if not verdict.differs:
        return not_now(request, case, "The partners do not differ, so there is nothing to settle.")
    form = DisputeForm(data_of(request), case=case, verdict=verdict, on=today, cancel_url=place_of(case))
    if form.is_valid():
        try:
            process.take_to_dispute(case, **form.cleaned_data, by=request.user, on=today)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The dispute process has it. Nothing of the case stands there")
            return redirect(place_of(case))
    return form_page(request, case, form, "Take it to the dispute process")


@asks_and_answers
def begin(request, pk):
    """Begin the practice review on which the partners agreed."""
    case = get_permitted(request.user, Case, "decide", pk=pk)
    today = timezone.localdate()
    verdict = Verdict(lines_of(case, on=today))
    if case.closed_on or verdict.outcome not in process.REVIEW_OF:
        return not_now(request, case, "A practice review begins once all partners have decided on one.")
    decided_on = max(decision.decided_on for decision in verdict.decided)
    form = BeginReviewForm(
        data_of(request),
        case=case,
        on=today,
        initial={"kind": process.REVIEW_OF[verdict.outcome], "begun_on": decided_on, "title": case.category},
        cancel_url=place_of(case),
    )
    if form.is_valid():
        try:
            review = begin_review(partnership=case.partnership, cases=[case], by=request.user, **answers_of(form))
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{review.reference} is begun")
            return redirect(review)
    return form_page(request, case, form, "Begin a practice review")


def answers_of(form):
    return {name: form.cleaned_data[name] for name in ("kind", "reference", "title", "begun_on")}


def not_now(request, case, words):
    messages.info(request, words)
    return redirect(place_of(case))


def place_of(case):
    return f"{case.get_absolute_url()}#decisions"


CASE = "reviews/<uuid:pk>/"

patterns = [
    path(CASE + "advice/", add_advice, name="advice-add"),
    path(CASE + "decisions/<int:organisation_pk>/", add_decision, name="decision-add"),
    path(CASE + "dispute/", add_dispute, name="case-dispute-add"),
    path(CASE + "begin-review/", begin, name="review-begin"),
]
