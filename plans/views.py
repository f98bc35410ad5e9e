"""The signed-in pages of plans and the cycle."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.standing import standing_of
from plans import undoing
from plans.answered import answered_of, moves_of
from plans.deputies import deputies_of
from plans.filters import DeliverableFilter
from plans.forms import (
    LeadForm,
)
from plans.front_matter import front_matter_of, link_reasons
from plans.lists import PlanFilter, PlanTable
from plans.models import (
    Deliverable,
    Milestone,
    Plan,
    PlanImport,
)
from plans.panels import panels_of, panels_of_deliverable
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
            waiting=PlanImport.objects.visible_to(self.request.user)
            .filter(confirmed_at=None)
            .select_related("document")[:5],
        )


@require_safe
def plan_detail(request, pk):
    """The plan as its table, with updates and links. Whoever is none of its people reads what was published."""
    plan = get_plan(request.user, pk, plans=Plan.objects.with_front_matter())
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
        rounds=[round for round in rounds if round.opens_on <= today][-STRIP_LENGTH:],
        is_public=not is_member,
    )
    if not narrowed.is_bound:
        narrowed.offer_leads(lead.text for row in table.deliverables for lead in row.leads)
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
        "front": front_matter_of(plan, request.user),
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


def get_plan(user, pk, *, plans=Plan.objects):
    """A plan that may be seen; what may be done to it is asked where it is done."""
    plan = plans.visible_to(user).prefetch_related("partnerships").filter(pk=pk).first()
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
        "answered": answered_of(deliverable),
        "moves": moves_of(deliverable),
        "may_decide": may(request.user, "change", plan),
        "open_round": plan.rounds.newest_answerable_on(today).first(),
        "trail": trail_of(deliverable, request.user),
        "may_update": may(request.user, "update", deliverable),
        "deputies": deputies_of(deliverable, on=today),
        "panels": panels_of_deliverable(deliverable, request.user, on=today),
        "may_hand_on": may(request.user, "hand_on", deliverable),
        "milestones": Milestone.objects.filter(activity__deliverable=deliverable)
        .that_can_be_missed()
        .exclude(due_on=None)
        .select_related("activity")
        .order_by("due_on"),
    }
    return render(request, "plans/deliverable_detail.html", context)
