"""Cases, for the case review group alone. To anyone else these addresses do not exist."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.accounts.freshness import asks_again
from partnership.lists import RecordList
from partnership.models import Partnership
from partnership.refusals import NotNow
from partnership.templatetags.components import sentence_join
from reviews import cases as process
from reviews import decisions, learning, panel, rapid_review, recommendations, summaries
from reviews.cases import LateNeedsReason, Taken
from reviews.clock import ANSWERED, AWARE, REPLIED
from reviews.forms.cases import (
    TAKEN,
    ChangeCaseForm,
    CloseForm,
    LeaveOutForm,
    NotMetForm,
    OpenCaseForm,
    PlanForm,
    StageForm,
)
from reviews.lists import CaseFilter, CaseTable
from reviews.models import Case, Stage
from reviews.timeline import marks_of, next_of, parts_of, timeline_of
from reviews.views.summaries import asks_and_answers, form_page


class CaseList(RecordList):
    """Open cases of one's case review group, then closed ones."""

    table_class, filterset_class = CaseTable, CaseFilter
    template_name = "reviews/case_list.html"
    export_name = "cases"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.standing.case_group_ids:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        show = super().get
        return (asks_again(show) if self.export_trigger_param in request.GET else show)(request, *args, **kwargs)

    def get_queryset(self):
        return (
            Case.objects.visible_to(self.request.user)
            .with_status()
            .with_next_stage()
            .select_related("partnership")
            .annotate(is_closed=Q(closed_on__isnull=False))
            .order_by("is_closed", "-aware_on", "pk")
        )


@require_safe
def case_detail(request, pk):
    """One case; that this person looked at it is recorded."""
    case = get_permitted(request.user, Case, "view", pk=pk)
    case.note_reading(by=request.user)
    case = Case.objects.with_status().select_related("partnership", "area").get(pk=case.pk)
    today = timezone.localdate()
    marks = marks_of(case, on=today)
    done, ahead = parts_of(timeline_of(marks, on=today))
    context = {
        "case": case,
        "crumbs": [("Cases", reverse("reviews:case-list")), (case.reference, None)],
        "done": done,
        "ahead": ahead,
        "next": None if case.closed_on else next_of(marks),
        "unexplained": [mark for mark in marks if mark.lacks_reason],
        "follows_letters": [REPLIED, ANSWERED],
        "may_change": not case.closed_on and may(request.user, "change", case),
        "may_delete": may(request.user, "delete", case),
        "themes": sentence_join(case.themes.all()),
        "today": today,
        "panel": panel.section_of(case),
        "agencies": summaries.section_of(case, request.user, on=today),
        "rapid": rapid_review.section_of(case, request.user),
        "decisions": decisions.section_of(case, request.user, on=today),
        "recommendations": recommendations.section_of(case, request.user),
        "learning": learning.section_of(case, request.user),
        "readings": case.readings.select_related("read_by")[:10],
    }
    return render(request, "reviews/case_detail.html", context)


@asks_and_answers
def add_case(request):
    """From a notification, or for adults from a referral. Whose it is, is asked only of who sits in two groups."""
    partnerships = Partnership.objects.filter(pk__in=request.user.standing.own_case_group_ids)
    partnerships = {str(each.pk): each for each in partnerships.order_by("name")}
    if not partnerships:
        raise Http404
    of = request.GET.get("of")
    partnership = partnerships.get(of) or (next(iter(partnerships.values())) if len(partnerships) == 1 else None)
    crumbs = [("Cases", reverse("reviews:case-list")), ("Open a case", None)]
    if partnership is None:
        context = {"partnerships": partnerships.values(), "crumbs": crumbs}
        return render(request, "reviews/case_of_which.html", context)
    form = OpenCaseForm(
        sent_in(request),
        instance=Case(partnership=partnership),
        partnership=partnership,
        on=timezone.localdate(),
        cancel_url=reverse("reviews:case-list"),
    )
    if request.method == "POST" and form.is_valid():
        is_referral = partnership.kind == Partnership.Kind.ADULTS
        kind = Case.Kind.REFERRAL if is_referral else Case.Kind.INCIDENT
        try:
            case = process.open_case(partnership=partnership, kind=kind, **form.cleaned_data)
        except Taken:
            form.add_error("reference", TAKEN)
        except LateNeedsReason as late:
            form.add_error("late_because", str(late))
        else:
            messages.success(request, f"{case.reference} is open, and known to the case review group alone")
            return redirect(case)
    context = {"form": form, "partnership": partnership, "crumbs": crumbs}
    return render(request, "reviews/case_add.html", context, status=form.status)


@asks_and_answers
def change_case(request, pk):
    case = get_permitted(request.user, Case, "change", pk=pk)
    if case.closed_on:
        return not_now(request, case, process.IS_CLOSED)
    form = ChangeCaseForm(
        sent_in(request), instance=case, partnership=case.partnership, cancel_url=case.get_absolute_url()
    )
    if request.method == "POST" and form.is_valid():
        try:
            process.change_case(form.instance, themes=form.cleaned_data["themes"])
        except Taken:
            form.add_error("reference", TAKEN)
        else:
            messages.success(request, "Saved")
            return redirect(case)
    return form_page(request, Case.objects.get(pk=pk), form, "Change the case")


@asks_and_answers
def close_case(request, pk):
    return end_case(request, pk, CloseForm, process.close_case, "Close the case")


@asks_and_answers
def find_not_met(request, pk):
    heading = "It does not meet the criteria after all"
    return end_case(request, pk, NotMetForm, process.find_not_met, heading)


def end_case(request, pk, form_class, end, heading):
    case = get_permitted(request.user, Case, "change", pk=pk)
    if case.closed_on:
        return not_now(request, case, "The case is closed already.")
    today = timezone.localdate()
    form = form_class(sent_in(request), case=case, on=today, cancel_url=case.get_absolute_url())
    if request.method == "POST" and form.is_valid():
        try:
            end(case, closed_on=form.cleaned_data["closed_on"], because=form.cleaned_data["because"])
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{case.reference} is closed. Nothing of it is due any more")
            return redirect(case)
    lede = "Nothing of it is due any more, and nobody is reminded. You can reopen it."
    return form_page(request, case, form, heading, lede)


@require_POST
def reopen_case(request, pk):
    case = get_permitted(request.user, Case, "change", pk=pk)
    try:
        process.reopen_case(case)
    except NotNow as refusal:
        return not_now(request, case, str(refusal))
    messages.success(request, f"{case.reference} is open again, with the stages it had")
    return redirect(case)


# Stages


def stage_of(request, pk, code):
    """(the case, its stage with its clock, the stage's mark today) for who may change the case."""
    case = get_permitted(request.user, Case, "change", pk=pk)
    stage = get_object_or_404(Stage.objects.with_clock(), case=case, code=code)
    mark = next(mark for mark in marks_of(case, on=timezone.localdate()) if mark.stage == stage)
    return case, stage, mark


def why_not(case, stage):
    """Why ``stage`` can't be recorded by hand at present, or nothing."""
    if case.closed_on:
        return process.IS_CLOSED
    if stage.code in (REPLIED, ANSWERED):
        return "This follows from the Panel’s letters. Record the letter, or your answer to it."
    return ""


@asks_and_answers
def record_stage(request, pk, code):
    """It was done on a day; or, while a late one waits, why it is late."""
    case, stage, mark = stage_of(request, pk, code)
    if refusal := why_not(case, stage):
        return not_now(request, case, refusal)
    today = timezone.localdate()
    form = StageForm(
        sent_in(request), instance=Stage.objects.get(pk=stage.pk), mark=mark, on=today, cancel_url=place_of(case)
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if said["done_on"]:
                process.record_stage(stage, done_on=said["done_on"], late_because=said.get("late_because", ""))
            else:
                process.explain_stage(stage, because=said["late_because"])
        except LateNeedsReason as late:
            form.add_error("late_because" if "late_because" in form.fields else None, str(late))
        else:
            messages.success(request, f"{stage}: kept")
            return redirect(place_of(case))
    return form_page(request, case, form, stage.title)


@asks_and_answers
def leave_stage_out(request, pk, code):
    case, stage, _mark = stage_of(request, pk, code)
    refusal = why_not(case, stage) or (
        "Everything counts from this day, so it can’t be left out." if stage.code == AWARE else ""
    )
    if stage.done_on:
        refusal = refusal or "This is done. Undo it first."
    if refusal:
        return not_now(request, case, refusal)
    form = LeaveOutForm(sent_in(request), cancel_url=place_of(case))
    if request.method == "POST" and form.is_valid():
        process.leave_stage_out(stage, because=form.cleaned_data["because"])
        messages.success(request, f"{stage}: left out")
        return redirect(place_of(case))
    return form_page(request, case, form, f"Leave out: {stage}")


@require_POST
def undo_stage(request, pk, code):
    case, stage, _mark = stage_of(request, pk, code)
    refusal = why_not(case, stage)
    try:
        if not refusal:
            process.undo_stage(stage)
            messages.success(request, f"{stage}: not done yet")
    except NotNow as not_undone:
        refusal = str(not_undone)
    return not_now(request, case, refusal) if refusal else redirect(place_of(case))


@asks_and_answers
def plan_stage(request, pk, code):
    """For which day a stage that waits is planned, such as the meeting."""
    case, stage, mark = stage_of(request, pk, code)
    refusal = why_not(case, stage) or ("" if mark.is_waiting else "This doesn’t wait to be done.")
    if refusal:
        return not_now(request, case, refusal)
    today = timezone.localdate()
    form = PlanForm(
        sent_in(request), instance=Stage.objects.get(pk=stage.pk), mark=mark, on=today, cancel_url=place_of(case)
    )
    if request.method == "POST" and form.is_valid():
        process.plan_stage(stage, planned_on=form.cleaned_data["planned_on"])
        messages.success(request, f"{stage}: planned")
        return redirect(place_of(case))
    return form_page(request, case, form, f"Plan: {stage}")


def sent_in(request):
    """What was posted, empty or not; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def place_of(case):
    return f"{case.get_absolute_url()}#stages"


def not_now(request, case, words):
    messages.info(request, words)
    return redirect(case)


patterns = [
    path("reviews/", CaseList.as_view(), name="case-list"),
    path("reviews/add/", add_case, name="case-add"),
    path("reviews/<uuid:pk>/", case_detail, name="case-detail"),
    path("reviews/<uuid:pk>/change/", change_case, name="case-change"),
    path("reviews/<uuid:pk>/close/", close_case, name="case-close"),
    path("reviews/<uuid:pk>/not-met/", find_not_met, name="case-not-met"),
    path("reviews/<uuid:pk>/reopen/", reopen_case, name="case-reopen"),
    path("reviews/<uuid:pk>/stages/<slug:code>/", record_stage, name="stage-record"),
    path("reviews/<uuid:pk>/stages/<slug:code>/undo/", undo_stage, name="stage-undo"),
    path("reviews/<uuid:pk>/stages/<slug:code>/leave-out/", leave_stage_out, name="stage-leave-out"),
    path("reviews/<uuid:pk>/stages/<slug:code>/plan/", plan_stage, name="stage-plan"),
]
