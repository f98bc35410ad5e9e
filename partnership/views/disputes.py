"""Disputes, for those involved alone. For anybody else there is none: every address is a 404."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership import disputes as process
from partnership.access import get_permitted, may
from partnership.arrangements_lists import DisputeFilter, DisputeTable
from partnership.dispute_forms import (
    AdviceAnswerForm,
    AdviceForm,
    AnswerForm,
    BeginForm,
    DisputeForm,
    PeopleForm,
    SettleForm,
    StepFormSet,
)
from partnership.lists import RecordList
from partnership.models import Dispute, DisputeStage, DisputeStep, Partnership, Post
from partnership.refusals import NotNow

may_be_written = require_http_methods(["GET", "HEAD", "POST"])
FORM_PAGE = "partnership/arrangements_form.html"
IS_SETTLED = "This dispute is settled, so what was said stands"


class DisputeList(RecordList):
    """The disputes in which one is involved; the same empty page for everyone who is in none."""

    table_class, filterset_class = DisputeTable, DisputeFilter
    template_name = "partnership/dispute_list.html"
    export_name = "disputes"

    def get_queryset(self):
        visible = Dispute.objects.visible_to(self.request.user)
        return visible.with_stage().select_related("partnership", "raised_by")

    def get_context_data(self, **kwargs):
        offices = Partnership.objects.of_office(self.request.user)
        return super().get_context_data(offices=offices, **kwargs)


@may_be_written
def add_dispute(request):
    """Step 1: what, who, with whom. Step 2 says who else is involved."""
    if not request.user.standing.office_ids:
        raise PermissionDenied
    today = timezone.localdate()
    form = DisputeForm(
        request.POST or None,
        user=request.user,
        on=today,
        initial={"raised_on": today},
        cancel_url=reverse("partnership:dispute-list"),
    )
    if form.is_valid():
        dispute = process.raise_dispute(**form.cleaned_data, by=request.user, on=today)
        messages.success(request, f"{dispute.ref} is kept, and so far seen by you alone. Say who else is involved")
        return redirect("partnership:dispute-people", dispute.pk)
    return form_page(request, form, crumbs(("Record a dispute", None)))


@require_safe
def dispute_detail(request, pk):
    dispute = get_permitted(request.user, Dispute, "view", pk=pk)
    today = timezone.localdate()
    stages = list(dispute.stages.select_related("owed_by__organisation"))
    waiting = next((stage for stage in stages if not stage.answered_on and not dispute.settled_on), None)
    may_change = may(request.user, "change", dispute)
    context = {
        "dispute": dispute,
        "partnership": dispute.partnership,
        "raised_with": dispute.raised_with.all(),
        "people": dispute.people.select_related("organisation").with_holders(on=today).order_by("title", "pk"),
        "stages": stages,
        "waiting": waiting,
        "steps": DisputeStep.objects.filter(partnership=dispute.partnership_id).exclude(
            position__in=[stage.position for stage in stages]
        ),
        "may_change": may_change,
        "may_answer": waiting is not None and may(request.user, "answer", waiting),
        "may_begin": may_change and not process.why_not_begin(dispute, on=today),
        "may_advise": not dispute.settled_on and not dispute.advice_answer and may(request.user, "advise", dispute),
        "today": today,
        "crumbs": crumbs((dispute.ref, None)),
    }
    return render(request, "partnership/dispute_detail.html", context)


@may_be_written
def change_dispute(request, pk):
    dispute = get_permitted(request.user, Dispute, "change", pk=pk)
    form = DisputeForm(
        request.POST or None,
        instance=dispute,
        user=request.user,
        on=timezone.localdate(),
        cancel_url=dispute.get_absolute_url(),
    )
    if dispute.settled_on:
        return not_now(request, dispute, IS_SETTLED)
    if form.is_valid():
        process.change_dispute(dispute, raised_with=form.cleaned_data["raised_with"])
        messages.success(request, "Saved")
        return redirect(dispute)
    return form_page(request, form, crumbs_of(dispute, "What it is about"))


@may_be_written
def change_people(request, pk):
    """Who sees it. Whoever leaves out their own post is taken at their word."""
    dispute = get_permitted(request.user, Dispute, "change", pk=pk)
    today = timezone.localdate()
    form = PeopleForm(request.POST or None, dispute=dispute, on=today, cancel_url=dispute.get_absolute_url())
    if form.is_valid():
        try:
            process.set_people(dispute, posts=form.posts, on=today)
        except NotNow as refusal:
            form.add_error("near", str(refusal))
        else:
            messages.success(request, "Saved who is involved. Nobody else can see it")
            sees_it = Dispute.objects.visible_to(request.user).filter(pk=dispute.pk).exists()
            return redirect(dispute if sees_it else "partnership:dispute-list")
    context = {"dispute": dispute, "form": form, "crumbs": crumbs_of(dispute, "Who is involved")}
    return render(request, "partnership/dispute_people.html", context, status=form.status)


# Stage by stage


@may_be_written
def begin_stage(request, pk):
    dispute = get_permitted(request.user, Dispute, "change", pk=pk)
    today = timezone.localdate()
    if not DisputeStep.objects.filter(partnership=dispute.partnership_id).exists():
        messages.info(request, "Say first how disputes are settled in this partnership")
        return redirect("partnership:dispute-steps", dispute.partnership_id)
    problem = process.why_not_begin(dispute, on=today)
    if problem:
        return not_now(request, dispute, problem)
    step = process.next_step(dispute)
    form = BeginForm(request.POST or None, dispute=dispute, step=step, on=today, cancel_url=dispute.get_absolute_url())
    if form.is_valid():
        try:
            stage = process.begin_stage(dispute, step=step, on=today, **form.cleaned_data)
        except NotNow as refusal:
            return not_now(request, dispute, str(refusal))
        messages.success(request, f"“{stage}” has begun. An answer is due on {stage.answer_due_on:%-d %B %Y}")
        return redirect(dispute)
    return form_page(request, form, crumbs_of(dispute, f"Begin “{step}”"), lede=f"{step.who}.")


@may_be_written
def answer_stage(request, pk):
    """Whoever owes the answer writes it, or the office what it was told."""
    stage = get_permitted(request.user, DisputeStage, "answer", pk=pk)
    dispute = stage.dispute
    if dispute.settled_on or stage.answered_on:
        return not_now(request, dispute, IS_SETTLED if dispute.settled_on else "This stage is answered already")
    form = AnswerForm(
        request.POST or None,
        stage=stage,
        on=timezone.localdate(),
        may_settle=may(request.user, "change", dispute),
        cancel_url=dispute.get_absolute_url(),
    )
    if form.is_valid():
        settles = form.cleaned_data.get("settles", False)
        given = {name: form.cleaned_data[name] for name in ("answer", "answered_on")}
        try:
            process.answer_stage(stage, settles=settles, **given)
        except NotNow as refusal:
            return not_now(request, dispute, str(refusal))
        if settles:
            messages.success(request, "Settled. Say what was learned, if there is something")
            return redirect("partnership:dispute-settle", dispute.pk)
        messages.success(request, "Answer kept")
        return redirect(dispute)
    return form_page(request, form, crumbs_of(dispute, f"Answer “{stage}”"))


# Advice and end


@may_be_written
def keep_advice(request, pk):
    dispute = get_permitted(request.user, Dispute, "advise", pk=pk)
    if dispute.settled_on or dispute.advice_answer:
        words = IS_SETTLED if dispute.settled_on else "The advice has been answered, so it stands as it was given"
        return not_now(request, dispute, words)
    advisor = next((post for post in request.user.standing.posts if post.duty == Post.Duty.ADVISOR), None)
    initial = {"advice_by": f"{request.user.name}, {advisor.title}"} if advisor and not dispute.advice_by else {}
    return write(request, dispute, AdviceForm, process.keep_advice, "Independent advice", "Advice kept", initial)


@may_be_written
def answer_advice(request, pk):
    dispute = get_permitted(request.user, Dispute, "change", pk=pk)
    if dispute.settled_on or not dispute.advice:
        return not_now(request, dispute, IS_SETTLED if dispute.settled_on else "Keep the advice first")
    return write(
        request,
        dispute,
        AdviceAnswerForm,
        process.answer_advice,
        "Response to the advice",
        "Response kept. Everyone involved reads it beside the advice",
    )


@may_be_written
def settle(request, pk):
    """How it ended and what was learned; the lesson may still be written afterwards."""
    dispute = get_permitted(request.user, Dispute, "change", pk=pk)
    heading = "What was learned" if dispute.settled_on else "Settle the dispute"
    said = "Saved" if dispute.settled_on else "Settled"
    return write(request, dispute, SettleForm, process.settle_dispute, heading, said)


def write(request, dispute, form_class, keep, heading, said, initial=None):
    """One form about the dispute itself, kept by ``keep``."""
    form = form_class(
        request.POST or None,
        instance=dispute,
        initial=initial,
        on=timezone.localdate(),
        cancel_url=dispute.get_absolute_url(),
    )
    if form.is_valid():
        try:
            keep(dispute)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(dispute)
    return form_page(request, form, crumbs_of(dispute, heading))


# The partnership's own way


@may_be_written
def change_steps(request, pk):
    """The stages with their times. The public page shows them beside the arrangements."""
    partnership = get_permitted(request.user, Partnership, "office", pk=pk)
    offered = [
        {"name": name, "who": who, "working_days": days} for name, who, days in process.steps_offered(partnership)
    ]
    formset = StepFormSet(request.POST or None, initial=offered, prefix="step")
    if formset.is_valid():
        process.save_steps(partnership, steps=formset.steps)
        messages.success(request, "Saved. Disputes under way keep the stages that have begun")
        return redirect("partnership:dispute-steps", partnership.pk)
    is_wrong = formset.is_bound
    context = {
        "partnership": partnership,
        "formset": formset,
        "is_usual": not DisputeStep.objects.filter(partnership=partnership).exists(),
        "crumbs": [*crumbs(), ("How disputes are settled", None)],
    }
    return render(request, "partnership/dispute_steps.html", context, status=422 if is_wrong else 200)


def not_now(request, dispute, words):
    messages.info(request, words)
    return redirect(dispute)


def crumbs(*here):
    return [("Disputes", reverse("partnership:dispute-list")), *here]


def crumbs_of(dispute, here):
    return crumbs((dispute.ref, dispute.get_absolute_url()), (here, None))


def form_page(request, form, here, lede=""):
    context = {"form": form, "crumbs": here, "heading": here[-1][0], "lede": lede}
    return render(request, FORM_PAGE, context, status=form.status)
