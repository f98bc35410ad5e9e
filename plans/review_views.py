"""Judge a priority in two stages: one group proposes its rating, another decides it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import get_permitted, may, may_or_refuse
from plans.models import Deliverable, Priority, PriorityReview, UpdateRound
from plans.review_forms import DecisionForm, ProposalForm
from plans.rounds import decide_rating, propose_rating
from plans.table import STRIP_LENGTH, read_table
from plans.views import asks_and_answers


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


patterns = [
    path("priorities/<int:pk>/review/<int:round_pk>/", review_detail, name="review-detail"),
    path(
        "priorities/<int:pk>/review/<int:round_pk>/propose/",
        propose_rating_view,
        name="review-propose",
    ),
    path(
        "priorities/<int:pk>/review/<int:round_pk>/decide/",
        decide_rating_view,
        name="review-decide",
    ),
]
