"""Outcome statements: whether each is so yet, round by round, how we know, and what shows it."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted, may, may_or_refuse
from partnership.lists import RecordList
from partnership.whole_numbers import whole_number
from plans.judgement_lists import OutcomeStatementFilter, OutcomeStatementTable
from plans.models import Evidence, OutcomeJudgement, OutcomeStatement, Plan, UpdateRound
from plans.outcome_forms import EvidenceForm, JudgementForm
from plans.outcomes import (
    IS_GAP,
    add_evidence,
    differences_said,
    judge_outcome,
    judged_outcomes,
    judgement_of,
    quoted,
    remove_evidence,
)
from plans.views import asks_and_answers


def get_outcome(user, pk):
    """An outcome statement of a plan whose person ``user`` is: 404 where it may not be seen, else 403."""
    outcomes = OutcomeStatement.objects.filter(priority__plan__in=Plan.objects.visible_to(user).values("pk"), pk=pk)
    outcome = outcomes.select_related("priority__plan").first()
    if outcome is None:
        raise Http404
    may_or_refuse(user, "view", outcome.priority.plan)
    return outcome


def may_judge(user, outcome):
    """The office and whoever chairs the group that proposes ratings."""
    draft = OutcomeJudgement(outcome=outcome, round=UpdateRound(plan=outcome.priority.plan))
    return may(user, "add", draft)


def begun_rounds(plan):
    """The rounds that have something to judge, the newest first."""
    return plan.rounds.filter(opens_on__lte=timezone.localdate()).newest_first()


class OutcomeStatementList(RecordList):
    """Every outcome statement of a plan with its last judgement, and plainly where there is none."""

    table_class, filterset_class = OutcomeStatementTable, OutcomeStatementFilter
    template_name = "plans/outcome_list.html"
    export_name = "outcomes"

    def get(self, request, *args, **kwargs):
        self.plan = get_permitted(request.user, Plan, "view", pk=kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        return judged_outcomes(self.plan)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            plan=self.plan,
            gap_count=judged_outcomes(self.plan).filter(IS_GAP).count(),
            crumbs=crumbs_of(self.plan, ("Outcomes", None)),
        )


def crumbs_of(plan, *more):
    return [("Plans", reverse("plans:plan-list")), (str(plan), plan.get_absolute_url()), *more]


@dataclass
class RoundOfOutcome:
    """One round on an outcome's page. ``earlier``: judgements that were superseded, the latest first."""

    round: UpdateRound
    judgement: OutcomeJudgement | None = None
    earlier: list = field(default_factory=list)
    evidence: list = field(default_factory=list)
    said: list = field(default_factory=list)


def rounds_of(outcome, rounds):
    """A RoundOfOutcome for each of ``rounds``. Three queries, however many there are."""
    found = {round.pk: RoundOfOutcome(round) for round in rounds}
    judgements = outcome.judgements.filter(round__in=found).select_related("judged_by").order_by("-judged_at", "-pk")
    for judgement in judgements:
        own = found[judgement.round_id]
        if judgement.superseded_by_id:
            own.earlier.append(judgement)
        else:
            own.judgement = judgement
    evidence = outcome.evidence.filter(removed_at=None, round__in=found).select_related("document", "added_by")
    for each in evidence.defer("document__content"):
        found[each.round_id].evidence.append(each)
    for key, said in differences_said(outcome, found).items():
        found[key].said = said
    return list(found.values())


@require_safe
def outcome_detail(request, pk):
    """One outcome statement: each round's judgement, its evidence and what leads said; and what is missing."""
    return render_outcome(request, get_outcome(request.user, pk))


def render_outcome(request, outcome, *, form=None, status=200):
    plan = outcome.priority.plan
    rounds = rounds_of(outcome, begun_rounds(plan))
    can_judge = may_judge(request.user, outcome)
    if form is None and can_judge and rounds:
        form = evidence_form(None, outcome)
    latest = next((each for each in rounds if each.judgement), None)
    context = {
        "outcome": outcome,
        "priority": outcome.priority,
        "plan": plan,
        "rounds": rounds,
        "latest": latest,
        "evidence_count": sum(len(each.evidence) for each in rounds),
        "may_judge": can_judge and bool(rounds),
        "form": form,
        "crumbs": crumbs_of(plan, ("Outcomes", list_of(plan)), ("Outcome", None)),
    }
    return render(request, "plans/outcome_detail.html", context, status=status)


def list_of(plan):
    return reverse("plans:outcome-list", args=[plan.pk])


@asks_and_answers
def judge_view(request, pk):
    """Judge an outcome in a round; what leads said is beside, and one press puts it into the answer.

    Evidence can be added on the way: what is judged so far stays on the page, and is not recorded by it.
    """
    outcome = get_outcome(request.user, pk)
    if not may_judge(request.user, outcome):
        raise PermissionDenied
    rounds = begun_rounds(outcome.priority.plan)
    round = chosen_round(request, rounds)
    if round is None:
        messages.info(request, "No round of this plan has begun. An outcome is judged once a round has.")
        return redirect("plans:outcome-detail", pk)
    known = {"outcome": outcome, "rounds": rounds, "by": request.user}
    is_quoting = request.method == "POST" and "quote" in request.POST
    is_attaching = request.method == "POST" and "attach" in request.POST
    attached, evidence = attach(request, outcome) if is_attaching else (None, evidence_form(None, outcome))
    if request.method == "POST" and not is_quoting and not is_attaching:
        form = JudgementForm(request.POST, cancel_url=address_of(outcome), **known)
        if form.is_valid():
            judgement = judge_outcome(outcome, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"Recorded: {judgement.get_level_display().lower()}.")
            return redirect("plans:outcome-detail", pk)
    else:
        now = judgement_of(outcome, round)
        initial = {"round": round.pk, "level": now.level if now else None, "words": now.words if now else ""}
        initial["last"] = now.pk if now else ""
        if is_quoting or is_attaching:
            initial |= {name: request.POST.get(name, "") for name in ("level", "words", "last")}
        if is_quoting:
            initial["words"] = with_quote(initial["words"], outcome, round, request.POST["quote"])
        form = JudgementForm(initial=initial, cancel_url=address_of(outcome), **known)
    form.helper.form_tag = False
    [own] = rounds_of(outcome, [round])
    before = rounds.filter(closes_on__lt=round.closes_on).first()
    context = {
        "outcome": outcome,
        "priority": outcome.priority,
        "round": round,
        "own": own,
        "before": judgement_of(outcome, before) if before else None,
        "before_round": before,
        "form": form,
        "is_quoting": is_quoting,
        "attached": attached,
        "evidence": evidence,
        "crumbs": crumbs_of(
            outcome.priority.plan,
            ("Outcomes", list_of(outcome.priority.plan)),
            ("Outcome", address_of(outcome)),
            ("Judge it", None),
        ),
    }
    status = evidence.status if is_attaching else form.status
    return render(request, "plans/outcome_judge.html", context, status=status)


def attach(request, outcome):
    """(the evidence that was added or None, the form: empty once it has been)."""
    form = evidence_form(request, outcome)
    if not form.is_valid():
        return None, form
    attached = add_evidence(outcome, by=request.user, at=timezone.now(), **form.cleaned_data)
    return attached, evidence_form(None, outcome)


def chosen_round(request, rounds):
    """The round named in the address or the answer, else the newest; None where none has begun."""
    key = request.POST.get("round") or request.GET.get("round")
    named = rounds.filter(pk=whole_number(key)).first() if key else None
    return named or rounds.first()


def with_quote(words, outcome, round, key):
    """``words`` with what one lead said under them; as they were where nobody said that."""
    said = differences_said(outcome, [round.pk]).get(round.pk, [])
    quotes = [quoted(update) for update in said if str(update.pk) == key]
    return "\n".join(filter(None, [words.strip(), *(quote for quote in quotes if quote not in words)]))


def address_of(outcome):
    return reverse("plans:outcome-detail", args=[outcome.pk])


# Evidence


def evidence_form(request, outcome):
    data = (request.POST, request.FILES) if request else (None, None)
    form = EvidenceForm(*data, outcome=outcome, rounds=begun_rounds(outcome.priority.plan))
    form.helper.form_action = reverse("plans:outcome-evidence-add", args=[outcome.pk])
    return form


@asks_and_answers
def add_evidence_view(request, pk):
    outcome = get_outcome(request.user, pk)
    if not may_judge(request.user, outcome):
        raise PermissionDenied
    if request.method != "POST":
        return redirect(address_of(outcome) + "#evidence")
    form = evidence_form(request, outcome)
    if form.is_valid():
        evidence = add_evidence(outcome, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, f"Added: {evidence}.")
        return redirect("plans:outcome-detail", pk)
    return render_outcome(request, outcome, form=form, status=form.status)


def get_evidence(user, pk):
    evidence = Evidence.objects.visible_to(user).exclude(outcome=None).filter(pk=pk).first()
    if evidence is None:
        raise Http404
    return evidence


@require_POST
def remove_evidence_view(request, pk):
    """Out of sight; its history says who took it away."""
    evidence = get_evidence(request.user, pk)
    outcome = get_outcome(request.user, evidence.outcome_id)
    if not may_judge(request.user, outcome):
        raise PermissionDenied
    remove_evidence(evidence, at=timezone.now())
    messages.success(request, f"Taken away: {evidence}.")
    return redirect("plans:outcome-detail", outcome.pk)


patterns = [
    path("plans/<int:pk>/outcome-statements/", OutcomeStatementList.as_view(), name="outcome-list"),
    path("outcomes/<int:pk>/", outcome_detail, name="outcome-detail"),
    path("outcomes/<int:pk>/judge/", judge_view, name="outcome-judge"),
    path("outcomes/<int:pk>/evidence/", add_evidence_view, name="outcome-evidence-add"),
    path("outcomes/evidence/<uuid:pk>/remove/", remove_evidence_view, name="outcome-evidence-remove"),
]
