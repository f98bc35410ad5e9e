"""The pages on which a plan is carried into the next, row by row, and what became of every promise of it.

A row is a form of its own, saved as one goes. With a script only that row is fetched again; without
one the page comes back at the next row.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted, may, may_or_refuse
from partnership.lists import RecordList
from plans.carrying import (
    CannotCarry,
    decide,
    finish,
    follow,
    following_of,
    is_open,
    leave_priority,
    lock_open,
    look_ahead,
    read_rows,
    start_priority,
    take_priority,
    tally,
    without_new_date,
)
from plans.carrying_forms import CarryForm, IntoForm, PriorityForm
from plans.cells import LONGEST_CELL
from plans.informing import find_informant, informants_of, linked_keys
from plans.models import Activity, Deliverable, Plan, Priority
from plans.outcome_lists import OutcomeFilter, OutcomeTable
from plans.trail import totals_of, with_outcomes
from plans.views import asks_and_answers

SHOWN = {"undecided", "decided"}


def old_plan(request, pk):
    return get_permitted(request.user, Plan, "carry", pk=pk)


def plans_of(request, pk):
    """(the plan that ends, the draft that follows); Http404 where nothing was chosen to follow yet."""
    plan = old_plan(request, pk)
    following = following_of(plan)
    if following is None:
        raise Http404
    may_or_refuse(request.user, "edit", following)
    return plan, following


def crumbs(plan, *here):
    """From the list of plans to this page, the last of ``here``."""
    top = [("Plans", reverse("plans:plan-list")), (str(plan), plan.get_absolute_url())]
    carry = ("Carry forward", reverse("plans:plan-carry", args=[plan.pk]) if here else None)
    return [*top, carry, *[(label, None) for label in here]]


@asks_and_answers
def carry(request, pk):
    """Every promise with its facts and its answer; what should inform the next plan beside it."""
    plan = old_plan(request, pk)
    following = following_of(plan)
    if following is None:
        return choose(request, plan)
    if request.method == "POST":  # pressed twice, or a colleague was quicker
        return redirect("plans:plan-carry", plan.pk)
    if not may(request.user, "view", following):
        raise PermissionDenied
    today = timezone.localdate()
    priorities = read_rows(plan, following, on=today)
    may_decide = is_open(following) and may(request.user, "edit", following)
    shown = request.GET.get("show")
    give_forms(priorities, may_decide)
    linked, counts = linked_keys(following), tally(plan, following)
    context = {
        "plan": plan,
        "following": following,
        "priorities": [each for each in priorities if shown not in SHOWN or rows_shown(each, shown)],
        "shown": shown if shown in SHOWN else "",
        "show_choices": [
            ("", f"All {counts.total}"),
            ("undecided", f"Not decided: {counts.undecided}"),
            ("decided", f"Decided: {counts.decided}"),
        ],
        "tally": counts,
        "may_decide": may_decide,
        "informants": [(each, each.key in linked) for each in informants_of(plan, user=request.user, on=today)],
        "dateless": list(without_new_date(following)),
        "crumbs": crumbs(plan),
    }
    return render(request, "plans/plan_carry.html", context)


def rows_shown(priority, shown):
    """The rows of ``priority`` that are decided, or are not; the others are taken out of it."""
    priority.rows = [row for row in priority.rows if bool(row.decision) == (shown == "decided")]
    return priority.rows


def give_forms(priorities, may_decide):
    for priority in priorities:
        for row in priority.rows:
            row.form = CarryForm(row=row) if may_decide else None


def choose(request, plan):
    """Nothing follows yet: start the next plan, or carry into a draft that is there."""
    drafts = Plan.objects.that_can_follow(plan)
    form = IntoForm(request.POST or None, drafts=drafts)
    if request.method == "POST" and form.is_valid():
        may_or_refuse(request.user, "edit", form.cleaned_data["into"])
        try:
            follow(plan, form.cleaned_data["into"])
        except CannotCarry as problem:
            messages.error(request, str(problem))
        return redirect("plans:plan-carry", plan.pk)
    may_start = Plan.objects.that_can_be_continued_by(request.user).filter(pk=plan.pk).exists()
    context = {
        "plan": plan,
        "form": form,
        "drafts": drafts,
        "start_url": f"{reverse('plans:plan-start')}?from={plan.pk}" if may_start else "",
        "crumbs": crumbs(plan),
    }
    return render(request, "plans/plan_carry_begin.html", context, status=form.status)


@asks_and_answers
def decide_row(request, pk, row_pk):
    """One promise: its page without a script, the piece that is fetched again with one."""
    plan, following = plans_of(request, pk)
    is_answer = request.method == "POST"
    status = 200
    problem = ""
    if is_answer:
        try:
            following = lock_open(following)
        except CannotCarry as refusal:
            problem, status = str(refusal), 409
    priority, row = find_row(plan, following, row_pk)
    may_decide = is_open(following)
    if may_decide:
        row.form = CarryForm(request.POST if is_answer else None, row=row)
    if is_answer and may_decide and row.form.is_valid():
        try:
            decide(row.deliverable, following, by=request.user, at=timezone.now(), **row.form.values())
        except CannotCarry as refusal:
            row.form.add_error("decision", str(refusal))
        else:
            return after_row(request, plan, row)
    context = {
        "plan": plan,
        "following": following,
        "priority": priority,
        "row": row,
        "form": row.form,
        "tally": tally(plan, following),
        "may_decide": may_decide,
        "problem": problem,
        "crumbs": crumbs(plan, row.deliverable.full_ref or row.deliverable.title),
    }
    status = row.form.status if row.form and status == 200 else status
    return render(request, "plans/carry_row_page.html", context, status=status)


def find_row(plan, following, pk):
    """(PriorityToCarry, RowToCarry) of one promise; Http404 where it is another plan's or was retired."""
    found = read_rows(plan, following, on=timezone.localdate(), deliverables=Deliverable.objects.filter(pk=pk))
    if not found:
        raise Http404
    return found[0], found[0].rows[0]


def after_row(request, plan, row):
    """With a script the same row again; without one the whole page, at that row."""
    if request.htmx:
        return redirect("plans:carry-decide", plan.pk, row.pk)
    show = request.POST.get("show")
    query = f"?show={show}" if show in SHOWN else ""
    messages.success(request, f"Saved what becomes of “{row.deliverable}”.")
    place = "#progress" if query else f"#row-{row.pk}"
    return redirect(f"{reverse('plans:plan-carry', args=[plan.pk])}{query}{place}")


@require_safe
def read_words(request, pk, activity_pk):
    """How the words of a timescale are read in the next plan while they are typed: a line for beside the box."""
    plan, following = plans_of(request, pk)
    activity = get_object_or_404(
        Activity.objects.prefetch_related("milestones"), pk=activity_pk, deliverable__priority__plan=plan
    )
    needs_date, reading = look_ahead(activity, request.GET.get("words", "")[:LONGEST_CELL], following)
    return HttpResponse(reading, content_type="text/plain", headers={"X-Needs-Date": "yes" if needs_date else "no"})


@require_POST
def carry_priority(request, pk, priority_pk):
    """A priority goes along by its own tick (``do`` is take), or stays behind after all (leave)."""
    plan, following = plans_of(request, pk)
    priority = Priority.objects.in_plan().filter(pk=priority_pk, plan=plan).first()
    if priority is None or request.POST.get("do") not in {"take", "leave"}:
        raise Http404
    try:
        if request.POST["do"] == "take":
            take_priority(priority, following)
            messages.success(request, f"“{priority}” goes along.")
        else:
            leave_priority(priority, following)
            messages.success(request, f"“{priority}” stays behind.")
    except CannotCarry as problem:
        messages.error(request, str(problem))
    return redirect(f"{reverse('plans:plan-carry', args=[plan.pk])}#priority-{priority.pk}")


@require_POST
def finish_carrying(request, pk):
    """The carried rows are made in the draft. The second press of a double click changes nothing."""
    plan, following = plans_of(request, pk)
    try:
        done = finish(plan, following)
    except CannotCarry as problem:
        messages.error(request, str(problem))
        return redirect("plans:plan-carry", plan.pk)
    messages.success(request, f"“{following}” has what was carried: {done.words}.")
    return redirect(following)


@asks_and_answers
def start_priority_view(request, pk):
    """A new priority of the draft, for the reason that ``?key=`` names."""
    plan, following = plans_of(request, pk)
    informant = find_informant(plan, request.GET.get("key", ""), user=request.user, on=timezone.localdate())
    back = reverse("plans:plan-carry", args=[plan.pk])
    if informant is None:
        messages.info(request, "What you wanted to start from is not in this list any more.")
        return redirect(f"{back}#informing")
    form = PriorityForm(request.POST or None, initial={"reason": informant.text}, cancel_url=f"{back}#informing")
    if form.is_valid():
        priority = start_priority(
            following, **form.cleaned_data, source_key=informant.key, source_label=informant.label
        )
        messages.success(request, f"“{priority}” is in the draft, with its reason.")
        return redirect(f"{back}#informing")
    context = {
        "plan": plan,
        "following": following,
        "informant": informant,
        "form": form,
        "crumbs": crumbs(plan, "Start a priority"),
    }
    return render(request, "plans/carry_priority_start.html", context, status=form.status)


class OutcomeList(RecordList):
    """What became of every promise of a plan, as far as this person may know what follows it."""

    table_class, filterset_class = OutcomeTable, OutcomeFilter
    template_name = "plans/plan_outcomes.html"
    export_name = "what-became-of-the-plan"

    def get(self, request, *args, **kwargs):
        self.plan = get_permitted(request.user, Plan, "view", pk=kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        return with_outcomes(self.plan, self.request.user)

    def get_context_data(self, **kwargs):
        plan, user = self.plan, self.request.user
        return super().get_context_data(
            **kwargs,
            plan=plan,
            totals=totals_of(plan, user),
            may_carry=may(user, "carry", plan),
            crumbs=[
                ("Plans", reverse("plans:plan-list")),
                (str(plan), plan.get_absolute_url()),
                ("What became of it", None),
            ],
        )


patterns = [
    path("plans/<int:pk>/carry/", carry, name="plan-carry"),
    path("plans/<int:pk>/carry/rows/<int:row_pk>/", decide_row, name="carry-decide"),
    path("plans/<int:pk>/carry/priorities/<int:priority_pk>/", carry_priority, name="carry-priority"),
    path("plans/<int:pk>/carry/timescales/<int:activity_pk>/", read_words, name="carry-reading"),
    path("plans/<int:pk>/outcomes/", OutcomeList.as_view(), name="plan-outcomes"),
    path("plans/<int:pk>/carry/finish/", finish_carrying, name="carry-finish"),
    path("plans/<int:pk>/carry/priorities/start/", start_priority_view, name="carry-priority-start"),
]
