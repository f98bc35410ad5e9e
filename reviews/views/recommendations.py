"""Recommendations: the register for every member, and what is made of each; restricted ones for their group alone."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.models import Partnership
from partnership.refusals import NotNow
from reviews.forms.recommendations import (
    AddForm,
    AddFromElsewhereForm,
    AnswerForm,
    ChoosePlanForm,
    EvidenceForm,
    JudgeForm,
    PartnershipForm,
    PutOnPlanForm,
    ReCheckForm,
    RecommendationForm,
)
from reviews.forms.releasing import ReleaseForm
from reviews.models import Case, PracticeReview, ReCheck, Recommendation, RecommendationAction, RecommendationEvidence
from reviews.recommendation_lists import RecommendationFilter, RecommendationTable
from reviews.recommendations import (
    add_evidence,
    add_recommendations,
    add_to_plan,
    answer_recommendation,
    judge,
    link_row,
    obstacle_of,
    plan_recheck,
    plans_for,
    read_lines,
    register_of,
    remove_recommendation,
    rows_of,
    take_evidence_away,
    with_rows,
)
from reviews.releasing import release, take_back, tell_tales

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
REGISTER = "reviews:recommendation-list"


def crumbs_of(recommendation, *here):
    """From the register to this page, the last of ``here``."""
    name = f"Recommendation {recommendation.ref}".strip()
    top = [("Recommendations", reverse(REGISTER)), (name, recommendation.get_absolute_url() if here else None)]
    return [*top, *[(label, None) for label in here]]


def get_recommendation(request, pk, verb):
    """The one that this person may do ``verb`` to; that they looked at a restricted one is recorded."""
    recommendation = get_permitted(request.user, Recommendation, verb, pk=pk)
    if request.method != "POST":
        recommendation.note_reading(by=request.user)
    return recommendation


def references_known(request, recommendation):
    """What may not stand in words that members read already: of use to the group alone, which knows it."""
    if recommendation.released_on and may(request.user, "release", recommendation):
        return tell_tales(recommendation).references
    return frozenset()


def page_of_form(request, form, *, heading, crumbs, lede="", recommendation=None):
    context = {"form": form, "heading": heading, "lede": lede, "crumbs": crumbs, "recommendation": recommendation}
    return render(request, "reviews/recommendation_form.html", context, status=form.status)


# The register


class RecommendationList(RecordList):
    """All that this person may know of, restricted and open ones together, with what became of each."""

    table_class, filterset_class = RecommendationTable, RecommendationFilter
    template_name = "reviews/recommendation_list.html"
    export_name = "recommendations"

    def get_queryset(self):
        return with_rows(register_of(self.request.user), self.request.user)

    def get_context_data(self, **kwargs):
        standing = self.request.user.standing
        return super().get_context_data(
            **kwargs, may_add=bool(standing.office_ids), is_of_group=bool(standing.case_group_ids)
        )


@require_safe
def recommendation_detail(request, pk):
    """One recommendation: the answer, the rows of plans, evidence, every look at it."""
    return render_detail(request, get_recommendation(request, pk, "view"))


def render_detail(request, recommendation, *, form=None, status=200):
    user, today = request.user, timezone.localdate()
    found = register_of(user).select_related("partnership", "answered_by", "released_by")
    recommendation = found.prefetch_related("themes", "organisations").get(pk=recommendation.pk)
    may_change = may(user, "change", recommendation)
    rechecks = list(recommendation.rechecks.select_related("judged_by").order_by("planned_on", "pk"))
    if form is None and may_change:
        form = evidence_form(recommendation)
    context = {
        "recommendation": recommendation,
        "crumbs": crumbs_of(recommendation),
        "rows": rows_of(recommendation, user),
        "evidence": recommendation.evidence.shown().select_related("document", "added_by").defer("document__content"),
        "planned": [each for each in rechecks if not each.done_on],
        "judged": sorted((each for each in rechecks if each.done_on), key=lambda each: each.done_on, reverse=True),
        "is_answered": recommendation.answer != Recommendation.Answer.WAITING,
        "may_change": may_change,
        "may_release": may(user, "release", recommendation),
        "may_put_on_plan": may_change and bool(user.standing.office_ids & recommendation.partnership_ids),
        "obstacle": obstacle_of(recommendation),
        "may_look_back": may(user, "look_back", recommendation),
        "origin_url": origin_url(recommendation) if recommendation.origin else "",
        "form": form,
        "today": today,
    }
    return render(request, "reviews/recommendation_detail.html", context, status=status)


def origin_url(recommendation):
    if recommendation.case_id:
        return reverse("reviews:case-detail", args=[recommendation.case_id])
    return reverse("reviews:review-detail", args=[recommendation.review_id])


# Adding and changing


@asks_and_answers
def add(request):
    """From a national review, an audit, an inspection or elsewhere: the office, of which partnership is asked first."""
    offices = request.user.standing.office_ids
    if not offices:
        raise PermissionDenied
    if len(offices) == 1:
        return redirect("reviews:recommendation-add-for", next(iter(offices)))
    form = PartnershipForm(request.POST or None, user=request.user, cancel_url=reverse(REGISTER))
    if form.is_valid():
        return redirect("reviews:recommendation-add-for", form.cleaned_data["partnership"].pk)
    crumbs = [("Recommendations", reverse(REGISTER)), ("Add", None)]
    return page_of_form(request, form, heading="Add recommendations", crumbs=crumbs)


@asks_and_answers
def add_for(request, pk):
    partnership = Partnership.objects.of_office(request.user).filter(pk=pk).first()
    if partnership is None:
        raise Http404
    form = AddFromElsewhereForm(request.POST or None, partnership=partnership, cancel_url=reverse(REGISTER))
    if form.is_valid():
        return keep(request, form, partnership=partnership)
    crumbs = [("Recommendations", reverse(REGISTER)), ("Add", None)]
    lede = f"For {partnership}. What comes from a case or a review of your own is added on its page, by its group."
    return page_of_form(request, form, heading="Add recommendations", crumbs=crumbs, lede=lede)


def add_of(model, name):
    """The view that adds recommendations of a case or a review, for its group alone."""

    @asks_and_answers
    def view(request, pk):
        record = get_permitted(request.user, model, "change", pk=pk)
        form = AddForm(request.POST or None, partnership=record.partnership, cancel_url=record.get_absolute_url())
        if form.is_valid():
            source = {"source": Recommendation.Source.LOCAL, name: record}
            return keep(request, form, partnership=record.partnership, goes_to=record, **source)
        if request.method != "POST":
            record.note_reading(by=request.user)
        crumbs = [("Cases", reverse("reviews:case-list")), (record.reference, record.get_absolute_url()), ("Add", None)]
        lede = "Only the case review group reads them, until it releases one under a label that leads nowhere."
        return page_of_form(request, form, heading="Add recommendations", crumbs=crumbs, lede=lede)

    return view


def keep(request, form, *, partnership, goes_to=None, **source):
    answers = form.cleaned_data
    lines = read_lines(answers.pop("lines"))
    kept, new_count = add_recommendations(lines, partnership=partnership, **answers, **source)
    if new_count == 0:
        messages.info(request, "That is there already, so nothing was added.")
    else:
        messages.success(request, "Added." if new_count == 1 else f"Added {new_count} recommendations.")
    return redirect(goes_to or (kept[0] if len(kept) == 1 else REGISTER))


@asks_and_answers
def change(request, pk):
    recommendation = get_recommendation(request, pk, "change")
    form = RecommendationForm(
        request.POST or None,
        instance=recommendation,
        knows_source=may(request.user, "release", recommendation),
        cancel_url=recommendation.get_absolute_url(),
    )
    form.references = references_known(request, recommendation)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(recommendation)
    crumbs = crumbs_of(recommendation, "Change")
    return page_of_form(request, form, heading="Change the recommendation", crumbs=crumbs)


@require_POST
def remove(request, pk):
    """One that was entered by mistake, before anything was made of it."""
    recommendation = get_recommendation(request, pk, "change")
    try:
        remove_recommendation(recommendation, on=timezone.localdate())
    except NotNow as problem:
        messages.error(request, str(problem))
        return redirect(recommendation)
    messages.success(request, "Removed.")
    return redirect(REGISTER)


@asks_and_answers
def answer(request, pk):
    recommendation = get_recommendation(request, pk, "change")
    form = AnswerForm(request.POST or None, instance=recommendation, cancel_url=recommendation.get_absolute_url())
    form.references = references_known(request, recommendation)
    if form.is_valid():
        given = form.cleaned_data
        answered = answer_recommendation(
            recommendation,
            answer=given["answer"],
            because=given["answer_because"],
            on=given["answered_on"],
            by=request.user,
        )
        messages.success(request, f"Saved: {answered.get_answer_display().lower()}.")
        return redirect(recommendation)
    crumbs = crumbs_of(recommendation, "Answer")
    return page_of_form(request, form, heading="Answer it", crumbs=crumbs, recommendation=recommendation)


# Releasing


@asks_and_answers
def release_view(request, pk):
    """First what members will read, then the release itself."""
    recommendation = get_recommendation(request, pk, "release")
    form = ReleaseForm(request.POST or None, instance=recommendation, cancel_url=recommendation.get_absolute_url())
    is_shown = form.is_valid()
    if is_shown and "release" in request.POST:
        words = {name: form.cleaned_data[name] for name in ("label", "text", "measure")}
        release(recommendation, **words, by=request.user, on=timezone.localdate())
        messages.success(request, f"Released. Every member of {recommendation.partnership} can read it now.")
        return redirect(recommendation)
    context = {
        "recommendation": recommendation,
        "form": form,
        "is_shown": is_shown,
        "crumbs": crumbs_of(recommendation, "Release"),
    }
    return render(request, "reviews/recommendation_release.html", context, status=form.status)


@require_POST
def take_back_view(request, pk):
    recommendation = get_recommendation(request, pk, "release")
    try:
        take_back(recommendation)
    except NotNow as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Taken back. Who has read it meanwhile may remember it.")
    return redirect(recommendation)


# On a plan


def recommendation_for_plan(request, pk):
    """One that may be put on a plan by this person. Raises NotNow with the sentence to show instead."""
    recommendation = get_recommendation(request, pk, "change")
    obstacle = obstacle_of(recommendation)
    if obstacle:
        raise NotNow(obstacle)
    return recommendation


@asks_and_answers
def choose_plan(request, pk):
    try:
        recommendation = recommendation_for_plan(request, pk)
    except NotNow as problem:
        messages.error(request, str(problem))
        return redirect("reviews:recommendation-detail", pk)
    plans = plans_for(recommendation, request.user)
    form = ChoosePlanForm(request.POST or None, plans=plans, cancel_url=recommendation.get_absolute_url())
    if form.is_valid():
        return redirect("reviews:recommendation-put-on-plan", pk, form.cleaned_data["plan"].pk)
    lede = "" if plans else "There is no plan of this partnership that you may edit. Its office puts it on one."
    crumbs = crumbs_of(recommendation, "Put it on a plan")
    return page_of_form(
        request, form, heading="Put it on a plan", crumbs=crumbs, lede=lede, recommendation=recommendation
    )


@asks_and_answers
def put_on_plan(request, pk, plan_pk):
    try:
        recommendation = recommendation_for_plan(request, pk)
    except NotNow as problem:
        messages.error(request, str(problem))
        return redirect("reviews:recommendation-detail", pk)
    plan = plans_for(recommendation, request.user).filter(pk=plan_pk).first()
    if plan is None:
        raise Http404
    form = PutOnPlanForm(
        request.POST or None,
        plan=plan,
        initial={"words": recommendation.text},
        cancel_url=recommendation.get_absolute_url(),
    )
    if form.is_valid():
        try:
            carry_out(recommendation, plan, form.cleaned_data, by=request.user)
        except NotNow as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"It is on “{plan}” now.")
        return redirect(recommendation)
    crumbs = crumbs_of(recommendation, "Put it on a plan")
    return page_of_form(
        request, form, heading="Put it on a plan", crumbs=crumbs, lede=str(plan), recommendation=recommendation
    )


def carry_out(recommendation, plan, chosen, *, by):
    how = chosen["how"]
    if how == PutOnPlanForm.DELIVERABLE:
        return link_row(recommendation, chosen["deliverable"], by=by)
    if how == PutOnPlanForm.ACTIVITY:
        return link_row(recommendation, chosen["activity"], by=by)
    kind, parent = ("deliverable", "priority") if how == PutOnPlanForm.NEW_DELIVERABLE else ("activity", "deliverable")
    return add_to_plan(
        recommendation,
        plan=plan,
        kind=kind,
        parent=chosen[parent],
        words=chosen["words"],
        timescale=chosen["timescale"] if kind == "activity" else "",
        by=by,
    )


@require_POST
def take_off_plan(request, pk, action_pk):
    """The row stays on its plan; it is only no longer said to carry this out."""
    recommendation = get_recommendation(request, pk, "change")
    action = RecommendationAction.objects.filter(recommendation=recommendation, pk=action_pk).first()
    if action is None:
        raise Http404
    action.delete()
    messages.success(request, "The row stays on its plan, and no longer stands for this recommendation.")
    return redirect(recommendation)


# Evidence


def evidence_form(recommendation, request=None):
    data = (request.POST, request.FILES) if request else ()
    form = EvidenceForm(*data)
    form.helper.form_action = reverse("reviews:recommendation-evidence-add", args=[recommendation.pk])
    return form


@asks_and_answers
def add_evidence_view(request, pk):
    recommendation = get_recommendation(request, pk, "change")
    if request.method != "POST":
        return redirect(f"{recommendation.get_absolute_url()}#evidence")
    form = evidence_form(recommendation, request)
    form.references = references_known(request, recommendation)
    if form.is_valid():
        add_evidence(recommendation, by=request.user, **form.cleaned_data)
        messages.success(request, "Added.")
        return redirect(recommendation)
    return render_detail(request, recommendation, form=form, status=form.status)


def get_evidence(request, pk, verb):
    evidence = get_permitted(request.user, RecommendationEvidence, verb, pk=pk)
    if evidence.removed_at:
        raise Http404
    return evidence


@require_safe
def evidence_file(request, pk):
    evidence = get_evidence(request, pk, "view")
    if evidence.document is None:
        raise Http404
    evidence.recommendation.note_reading(by=request.user)
    return as_attachment(evidence.document.content, evidence.document.filename, "application/octet-stream")


@require_POST
def remove_evidence(request, pk):
    evidence = get_evidence(request, pk, "change")
    take_evidence_away(evidence, at=timezone.now())
    messages.success(request, "Taken away. The history keeps it.")
    return redirect(evidence.recommendation)


# Re-checks


@asks_and_answers
def plan_recheck_view(request, pk):
    recommendation = get_recommendation(request, pk, "change")
    form = ReCheckForm(request.POST or None, cancel_url=recommendation.get_absolute_url())
    form.references = references_known(request, recommendation)
    if form.is_valid():
        try:
            plan_recheck(recommendation, **{name: form.cleaned_data[name] for name in ("planned_on", "method")})
        except NotNow as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, "Planned. The office is reminded of it, or the case review group’s chair.")
        return redirect(recommendation)
    crumbs = crumbs_of(recommendation, "Plan a re-check")
    return page_of_form(
        request, form, heading="Plan a re-check", crumbs=crumbs, lede=LOOK_AGAIN, recommendation=recommendation
    )


LOOK_AGAIN = "An action that is done is not yet a change. Look again after some months, and say how."


def get_waiting(request, pk):
    """A re-check that is not done; with what is said instead where it is."""
    recheck = get_permitted(request.user, ReCheck, "change", pk=pk)
    if request.method != "POST":
        recheck.recommendation.note_reading(by=request.user)
    return recheck


def say_done(request, recheck):
    messages.info(request, "This look is done, and its judgement stands. Plan another one.")
    return redirect(recheck.recommendation)


@asks_and_answers
def change_recheck(request, pk):
    recheck = get_waiting(request, pk)
    if recheck.done_on:
        return say_done(request, recheck)
    recommendation = recheck.recommendation
    form = ReCheckForm(request.POST or None, instance=recheck, cancel_url=recommendation.get_absolute_url())
    form.submit_label = "Save"
    form.references = references_known(request, recommendation)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(recommendation)
    crumbs = crumbs_of(recommendation, "Change the re-check")
    return page_of_form(request, form, heading="Change the re-check", crumbs=crumbs, recommendation=recommendation)


@require_POST
def remove_recheck(request, pk):
    recheck = get_waiting(request, pk)
    if recheck.done_on:
        return say_done(request, recheck)
    recheck.delete()
    messages.success(request, "This look is no longer planned.")
    return redirect(recheck.recommendation)


@asks_and_answers
def judge_view(request, pk):
    recheck = get_waiting(request, pk)
    if recheck.done_on:
        return say_done(request, recheck)
    recommendation = recheck.recommendation
    has_next = recommendation.rechecks.filter(done_on=None).exclude(pk=recheck.pk).exists()
    form = JudgeForm(request.POST or None, has_next=has_next, cancel_url=recommendation.get_absolute_url())
    form.references = references_known(request, recommendation)
    if form.is_valid():
        try:
            judged = judge(recheck, by=request.user, **form.cleaned_data)
        except NotNow as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"Recorded: {judged.get_judgement_display().lower()}.")
        return redirect(recommendation)
    crumbs = crumbs_of(recommendation, "Judge it")
    lede = f"How we look: {recheck.method}"
    return page_of_form(
        request, form, heading="Is it embedded?", crumbs=crumbs, lede=lede, recommendation=recommendation
    )


# To print


def year_asked(request, *, on):
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) > 0 else on.year


def pages_of_years(year):
    """The year before and the one after, where there is one."""
    return {"year": year, "before": year - 1, "after": year + 1 if year < 9998 else None}


@require_safe
def recheck_year(request):
    """The re-checks of a year, planned and done, on one page for the group's meeting."""
    today = timezone.localdate()
    year = year_asked(request, on=today)
    found = ReCheck.objects.visible_to(request.user).of_year(year).select_related("judged_by", "recommendation")
    context = {
        **pages_of_years(year),
        "rechecks": found.order_by("planned_on", "pk"),
        "today": today,
        "crumbs": [("Recommendations", reverse(REGISTER)), ("Re-checks", None)],
    }
    return render(request, "reviews/recommendation_rechecks.html", context)


@require_safe
def declined(request):
    """What was decided not to be done, and why, year by year (Care Act 2014, Schedule 2, paragraph 4(1)(g))."""
    answers = Recommendation.Answer
    found = (
        register_of(request.user)
        .filter(answer__in=[answers.DECLINED, answers.PART])
        .select_related("partnership", "answered_by")
        .order_by("-answered_on", "ref", "pk")
    )
    years = [(year, list(rows)) for year, rows in groupby(found, key=lambda each: each.answered_on.year)]
    crumbs = [("Recommendations", reverse(REGISTER)), ("Not to be done", None)]
    return render(request, "reviews/recommendation_declined.html", {"years": years, "crumbs": crumbs})


patterns = [
    path("recommendations/", RecommendationList.as_view(), name="recommendation-list"),
    path("recommendations/add/", add, name="recommendation-add"),
    path("recommendations/add/<int:pk>/", add_for, name="recommendation-add-for"),
    path("recommendations/re-checks/", recheck_year, name="recheck-year"),
    path("recommendations/not-to-be-done/", declined, name="recommendation-declined"),
    path("recommendations/<uuid:pk>/", recommendation_detail, name="recommendation-detail"),
    path("recommendations/<uuid:pk>/change/", change, name="recommendation-change"),
    path("recommendations/<uuid:pk>/remove/", remove, name="recommendation-remove"),
    path("recommendations/<uuid:pk>/answer/", answer, name="recommendation-answer"),
    path("recommendations/<uuid:pk>/release/", release_view, name="recommendation-release"),
    path("recommendations/<uuid:pk>/take-back/", take_back_view, name="recommendation-take-back"),
    path("recommendations/<uuid:pk>/plan/", choose_plan, name="recommendation-choose-plan"),
    path("recommendations/<uuid:pk>/plan/<int:plan_pk>/", put_on_plan, name="recommendation-put-on-plan"),
    path("recommendations/<uuid:pk>/rows/<int:action_pk>/", take_off_plan, name="recommendation-take-off-plan"),
    path("recommendations/<uuid:pk>/evidence/", add_evidence_view, name="recommendation-evidence-add"),
    path("recommendations/evidence/<uuid:pk>/", evidence_file, name="recommendation-evidence-file"),
    path("recommendations/evidence/<uuid:pk>/remove/", remove_evidence, name="recommendation-evidence-remove"),
    path("recommendations/<uuid:pk>/re-check/", plan_recheck_view, name="recheck-plan"),
    path("recommendations/re-checks/<uuid:pk>/", change_recheck, name="recheck-change"),
    path("recommendations/re-checks/<uuid:pk>/remove/", remove_recheck, name="recheck-remove"),
    path("recommendations/re-checks/<uuid:pk>/judge/", judge_view, name="recheck-judge"),
    path("reviews/<uuid:pk>/recommendations/", add_of(Case, "case"), name="case-recommendation-add"),
    path(
        "practice-reviews/<uuid:pk>/recommendations/",
        add_of(PracticeReview, "review"),
        name="review-recommendation-add",
    ),
]
