"""The signed-in pages of plans and the cycle."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may, may_or_refuse
from partnership.lists import RecordList
from partnership.models import Partnership
from partnership.standing import standing_of
from plans import undoing
from plans.filters import DeliverableFilter
from plans.forms import (
    DecisionForm,
    ImportForm,
    LeadForm,
    ProposalForm,
    RoundForm,
    UpdateForm,
)
from plans.front_matter import drivers_of, link_reasons
from plans.importer import UnreadablePlan
from plans.importing import confirm_import, progress_of, stage_import, staged_table, unlinked_leads
from plans.lists import PlanFilter, PlanTable
from plans.models import (
    Deliverable,
    Milestone,
    Plan,
    PlanImport,
    Priority,
    PriorityReview,
    UpdateRound,
)
from plans.panels import panels_of
from plans.rounds import (
    RoundClosed,
    decide_rating,
    last_update,
    meet_milestone,
    open_round,
    propose_rating,
    repeat_update,
    submit_update,
)
from plans.stages import stage_of
from plans.table import STRIP_LENGTH, make_commentable, make_editable, read_table
from plans.trail import trail_of

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


class PlanList(RecordList):
    """The plans of one's own partnerships, the newest first."""

    table_class, filterset_class = PlanTable, PlanFilter
    template_name = "plans/plan_list.html"
    export_name = "plans"

    def get_queryset(self):
        return Plan.objects.of_person(self.request.user).with_counts().prefetch_related("partnerships")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            may_import=bool(standing_of(self.request.user).office_ids),
            out_for_comment=Plan.objects.out_for_comment_to(self.request.user),
            waiting=PlanImport.objects.visible_to(self.request.user).filter(plan=None).select_related("document")[:5],
        )


@require_safe
def plan_detail(request, pk):
    """The plan as its table, with updates and links. Whoever is none of its people reads what was published."""
    plan = get_plan(request.user, pk)
    is_member = may(request.user, "view", plan)
    if not is_member and plan.published_version:
        return redirect(plan.published_version)
    today = timezone.localdate()
    rounds = list(plan.rounds.all()) if is_member else []
    narrowed = DeliverableFilter(request.GET or None, queryset=Deliverable.objects.in_plan(), plan=plan)
    is_narrowed = narrowed.is_bound and any(narrowed.form.cleaned_data.values()) if narrowed.form.is_valid() else False
    table = read_table(
        plan,
        on=today,
        deliverables=narrowed.qs if is_narrowed else None,
        rounds=rounds[-STRIP_LENGTH:],
        is_public=not is_member,
    )
    may_edit = is_member and may(request.user, "edit", plan)
    if may_edit:
        make_editable(table, plan)
    if is_member and may(request.user, "comment", plan):
        make_commentable(table, plan)
    link_reasons(table, plan, request.user)
    open_round = next((r for r in rounds if r.is_open(on=today)), None)
    context = {
        "stage": stage_of(plan, request.user, on=today, open_round=open_round),
        "edit": reverse("plans:cell-change", args=[plan.pk, "plan", plan.pk, "x"])[:-2] if may_edit else "",
        "may_undo": may_edit and undoing.waits(request.session, plan),
        "plan": plan,
        "drivers": drivers_of(plan, request.user),
        "review_dates": plan.review_dates.all(),
        "table": table,
        "filter": narrowed,
        "is_narrowed": is_narrowed,
        "open_round": open_round,
        "rounds": rounds,
        "may_change": may(request.user, "change", plan),
        "is_member": is_member,
        "panels": panels_of(plan, request.user, on=today) if is_member else [],
        "today": today,
    }
    return render(request, "plans/plan_detail.html", context)


def get_plan(user, pk):
    """A plan that may be seen; what may be done to it is asked where it is done."""
    plan = Plan.objects.visible_to(user).prefetch_related("partnerships").filter(pk=pk).first()
    if plan is None:
        raise Http404
    return plan


@asks_and_answers
def change_leads(request, pk):
    """Link each lead, as written, to the post or group that it means."""
    plan = get_permitted(request.user, Plan, "change", pk=pk)
    leads = plan.leads()
    texts = {}
    for lead in leads:
        chosen = f"post:{lead.post_id}" if lead.post_id else f"group:{lead.group_id}" if lead.group_id else ""
        texts[lead.text] = texts.get(lead.text) or chosen
    is_answer = request.method == "POST"
    form = LeadForm(request.POST if is_answer else None, plan=plan, texts=texts, cancel_url=plan.get_absolute_url())
    if form.is_valid():
        plan.link_leads(form.links())
        messages.success(request, "Saved who leads. They will be asked in each round.")
        return redirect(plan)
    return render(request, "plans/plan_leads.html", {"plan": plan, "form": form}, status=form.status)


# Import


@asks_and_answers
def import_upload(request):
    """Step 1: a document, and whose plan it is."""
    partnerships = Partnership.objects.of_office(request.user)
    may_or_refuse_import(request.user)
    form = ImportForm(request.POST or None, request.FILES or None, partnerships=partnerships)
    if form.is_valid():
        try:
            staged = stage_import(
                form.cleaned_data["document"], partnerships=form.cleaned_data["partnerships"], by=request.user
            )
        except UnreadablePlan as problem:
            form.add_error("document", str(problem))
        else:
            return redirect(staged)
    return render(request, "plans/import_upload.html", {"form": form}, status=form.status)


def may_or_refuse_import(user):
    """Only an office imports; there is no record yet to ask."""
    office = Partnership.objects.of_office(user).first()
    may_or_refuse(user, "office", office or Partnership())


@require_safe
def import_preview(request, pk):
    """Step 2: what was understood, cell by cell, with every doubt marked."""
    staged = get_permitted(request.user, PlanImport, "view", pk=pk)
    if staged.plan_id:
        return redirect(staged.plan)
    doubts = staged.understood.get("doubts", [])
    read = staged.understood["plan"]
    starts_on, ends_on = parse_date(read["period_start"]), parse_date(read["period_end"])
    context = {
        "staged": staged,
        "read": read,
        "period": f"{starts_on:%-d %B %Y} to {ends_on:%-d %B %Y}",
        "whose": " and ".join(str(partnership) for partnership in staged.partnerships.all()),
        "unlinked": unlinked_leads(staged),
        "notes": staged.understood.get("notes", []),
        "progress": progress_of(staged),
        "table": staged_table(staged, on=starts_on),
        "doubts": doubts,
    }
    return render(request, "plans/import_preview.html", context)


@require_POST
def import_confirm(request, pk):
    """Step 3: yes. The second yes of a double click gives the same plan."""
    staged = get_permitted(request.user, PlanImport, "confirm", pk=pk)
    plan = confirm_import(staged, by=request.user)
    messages.success(request, "The plan is imported as a draft. Nobody is asked anything until you publish it.")
    return redirect(plan)


# The cycle


@require_safe
def deliverable_detail(request, pk):
    """One promise with its whole trail: activities, leads, every update."""
    deliverable = get_permitted(request.user, Deliverable, "view", pk=pk)
    today = timezone.localdate()
    plan = deliverable.priority.plan
    table = read_table(plan, on=today, deliverables=Deliverable.objects.filter(pk=pk))
    context = {
        "deliverable": deliverable,
        "plan": plan,
        "row": table.deliverables[0],
        "leads": deliverable.leads.select_related("partnership", "organisation").with_holders(on=today),
        "updates": deliverable.updates.select_related("round", "rating", "submitted_by").order_by(
            "-round__closes_on", "-submitted_at"
        ),
        "open_round": plan.rounds.open_on(today).first(),
        "trail": trail_of(deliverable, request.user),
        "may_update": may(request.user, "update", deliverable),
        "milestones": Milestone.objects.filter(activity__deliverable=deliverable)
        .that_can_be_missed()
        .exclude(due_on=None)
        .select_related("activity")
        .order_by("due_on"),
    }
    return render(request, "plans/deliverable_detail.html", context)


@asks_and_answers
def update_deliverable(request, pk):
    """The short form: how is it going, what has happened, what difference, what is in the way, voice."""
    deliverable = get_permitted(request.user, Deliverable, "update", pk=pk)
    today = timezone.localdate()
    plan = deliverable.priority.plan
    round = plan.rounds.order_by("-closes_on").first()
    if round is None:
        messages.info(request, "No round has been opened yet, so there is nothing to answer.")
        return redirect(deliverable)
    last = last_update(deliverable, before=round)
    current = deliverable.updates.in_round(round).current().first()
    form = UpdateForm(request.POST or None, plan=plan, last=last, instance=None, initial=initial_of(current))
    status = 200
    try:
        if "same" in request.POST and last:
            repeat_update(deliverable, round=round, by=request.user, on=today)
            return update_done(request, deliverable)
        if form.is_valid():
            submit_update(deliverable, round=round, by=request.user, on=today, **form.cleaned_data)
            return update_done(request, deliverable)
    except RoundClosed:
        status = 409
        form.add_error(None, "This round has closed. Your words are kept on this page: send them to the office.")
    context = {
        "deliverable": deliverable,
        "plan": plan,
        "round": round,
        "is_open": round.is_open(on=today),
        "last": last,
        "current": current,
        "form": form,
        "row": read_table(plan, on=today, deliverables=Deliverable.objects.filter(pk=pk)).deliverables[0],
    }
    return render(
        request, "plans/deliverable_update.html", context, status=422 if form.errors and status == 200 else status
    )


@require_POST
def meet_milestone_view(request, pk):
    """Met today, or not met after all (``undo``)."""
    milestone = get_permitted(request.user, Milestone, "update", pk=pk)
    on = None if "undo" in request.POST else timezone.localdate()
    meet_milestone(milestone, on=on)
    messages.success(request, "Marked as met today." if on else "Marked as not met.")
    return redirect(milestone.activity.deliverable)


def initial_of(update):
    """The answers of ``update`` to begin with, if this person has answered in the round."""
    if update is None or update.is_unchanged:
        return None
    return {name: getattr(update, name) for name in UpdateForm.Meta.fields}


def update_done(request, deliverable):
    messages.success(request, f"Thank you. Your update on “{deliverable.title}” is in.")
    return redirect("assurance:my-work")


@asks_and_answers
def open_round_view(request, pk):
    """Start a turn of the cycle."""
    plan = get_permitted(request.user, Plan, "open_round", pk=pk)
    form = RoundForm(request.POST or None, initial=next_round_of(plan), cancel_url=plan.get_absolute_url())
    if not plan.is_running:
        messages.info(request, "Publish the plan first. Then its leads can be asked.")
        return redirect(plan)
    if form.is_valid():
        try:
            round = open_round(plan, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"The round {round} is open until {round.closes_on:%-d %B %Y}.")
            return redirect(round)
    return render(request, "plans/round_open.html", {"plan": plan, "form": form}, status=form.status)


def next_round_of(plan):
    """The quarter after the last round's, or the plan's first; open now, for three weeks."""
    today = timezone.localdate()
    last = plan.rounds.order_by("-ends_on").first()
    starts_on = last.ends_on + timedelta(days=1) if last else plan.starts_on
    month = starts_on.month + 2
    year, month = starts_on.year + (month - 1) // 12, (month - 1) % 12 + 1
    ends_on = (starts_on.replace(year=year, month=month, day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return {
        "name": f"{starts_on:%B} to {ends_on:%B %Y}",
        "starts_on": starts_on,
        "ends_on": ends_on,
        "opens_on": today,
        "closes_on": today + timedelta(days=21),
        "proposals_due_on": today + timedelta(days=35),
        "decisions_due_on": today + timedelta(days=49),
    }


@require_safe
def round_detail(request, pk):
    """Who has answered and who has not; each priority's review."""
    round = get_permitted(request.user, UpdateRound, "view", pk=pk)
    deliverables = Deliverable.objects.for_round(round)
    answered = [row for row in deliverables if row.round_updates]
    context = {
        "deliverable_count": len(deliverables),
        "progress_words": f"{len(answered)} of {len(deliverables)} deliverables answered",
        "round": round,
        "plan": round.plan,
        "answered": answered,
        "silent": [row for row in deliverables if not row.round_updates],
        "priorities": Priority.objects.filter(plan=round.plan).with_review_in(round),
        "is_open": round.is_open(on=timezone.localdate()),
        "may_change": may(request.user, "change", round),
    }
    return render(request, "plans/round_detail.html", context)


def get_review(user, pk, round_pk):
    """The review of a priority in a round, unsaved if nobody has said anything yet."""
    round = get_permitted(user, UpdateRound, "view", pk=round_pk)
    priority = get_object_or_404(Priority.objects.filter(plan=round.plan), pk=pk)
    review = (
        PriorityReview.objects.visible_to(user)
        .filter(priority=priority, round=round)
        .select_related("proposed_rating", "decided_rating", "proposed_by", "decided_by")
        .first()
    )
    return review or PriorityReview(priority=priority, round=round)


@require_safe
def review_detail(request, pk, round_pk):
    """Both stages side by side, with the counts of the updates beside them and never an average."""
    return render_review(request, get_review(request.user, pk, round_pk))


@asks_and_answers
def propose_rating_view(request, pk, round_pk):
    review = get_review(request.user, pk, round_pk)
    may_or_refuse(request.user, "propose", review)
    previous = previous_decided(review)
    form = ProposalForm(request.POST or None, instance=review, previous=previous)
    return answer_review(request, review, form, propose_rating, "Your group’s rating is proposed.")


@asks_and_answers
def decide_rating_view(request, pk, round_pk):
    review = get_review(request.user, pk, round_pk)
    may_or_refuse(request.user, "decide", review)
    form = DecisionForm(request.POST or None, instance=review)
    return answer_review(request, review, form, decide_rating, "The decision is recorded beside the proposal.")


def answer_review(request, review, form, process, done):
    """Run one stage's ``process`` on the form's answers, or show the page with what is wrong."""
    kept = get_review(request.user, review.priority_id, review.round_id)
    if request.method == "POST" and form.is_valid():
        try:
            process(kept, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, done)
            return redirect("plans:review-detail", review.priority_id, review.round_id)
    return render_review(request, kept, form=form, status=form.status)


def previous_decided(review):
    """The rating decided in the round before, or None."""
    before = PriorityReview.objects.decided().filter(
        priority=review.priority_id, round__closes_on__lt=review.round.closes_on
    )
    last = before.select_related("decided_rating").order_by("-round__closes_on").first()
    return last.decided_rating if last else None


def render_review(request, review, form=None, status=200):
    round, plan = review.round, review.round.plan
    today = timezone.localdate()
    table = read_table(
        plan,
        on=today,
        deliverables=Deliverable.objects.filter(priority=review.priority_id),
        rounds=list(plan.rounds.filter(closes_on__lte=round.closes_on))[-STRIP_LENGTH:],
    )
    deliverables = Deliverable.objects.filter(priority=review.priority_id).for_round(round)
    is_mine = review.proposed_by_id == request.user.pk
    may_decide = bool(
        review.proposed_at and not review.decided_at and not is_mine and may(request.user, "decide", review)
    )
    may_propose = not review.decided_at and not may_decide and may(request.user, "propose", review)
    if form is None and may_propose:
        form = ProposalForm(instance=review, previous=previous_decided(review))
    elif form is None and may_decide:
        form = DecisionForm(instance=review)
    if form:
        stage = "propose" if may_propose else "decide"
        form.helper.form_action = reverse(f"plans:review-{stage}", args=[review.priority_id, review.round_id])
    context = {
        "review": review,
        "priority": review.priority,
        "round": round,
        "plan": plan,
        "rows": table.priorities[0] if table.priorities else None,
        "counts": counts_of(plan, deliverables),
        "answered_count": sum(bool(row.round_updates) for row in deliverables),
        "deliverables": deliverables,
        "form": form,
        "may_propose": may_propose,
        "may_decide": may_decide,
    }
    return render(request, "plans/review_detail.html", context, status=status)


def counts_of(plan, deliverables):
    """(rating or None, how many deliverables were given it in the round), the key's order."""
    given = [row.round_updates[0].rating_id if row.round_updates else None for row in deliverables]
    return [(rating, given.count(rating.pk if rating else None)) for rating in [*plan.ratings, None]]
