"""Judge a priority in two stages: one group proposes its rating, another decides it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted, may, may_or_refuse
from plans import review_print_views
from plans.models import DateMove, Deliverable, Evidence, Priority, PriorityReview, ReviewAction, UpdateRound
from plans.review_forms import ActionForm, CorrectionForm, DecisionForm, ProposalForm
from plans.reviewing import (
    DECIDE,
    PROPOSE,
    PROPOSED_IT,
    correct_decision,
    decide_rating,
    draft_of,
    forget_draft,
    has_proposed,
    keep_draft,
    lock_round,
    log_action,
    propose_rating,
)
from plans.table import STRIP_LENGTH, read_table
from plans.views import asks_and_answers

HELD = ("proposed_rating", "decided_rating", "proposed_by", "decided_by")


def get_review(user, pk, round_pk, *, locked=False):
    """The review of a priority in a round, unsaved if nobody has said anything yet.

    ``locked``: nobody else can write of this round before the request ends.
    """
    round = get_permitted(user, UpdateRound, "view", pk=round_pk)
    priority = get_object_or_404(Priority.objects.filter(plan=round.plan), pk=pk)
    if locked:
        lock_round(round)
    reviews = PriorityReview.objects.visible_to(user).filter(priority=priority, round=round)
    review = reviews.select_related(*HELD).first()
    if review is None:
        return PriorityReview(priority=priority, round=round)
    review.priority, review.round = priority, round
    return review


# Both stages


@require_safe
def review_detail(request, pk, round_pk):
    """Both stages side by side, with the counts of the updates beside them and never an average."""
    return render_review(request, get_review(request.user, pk, round_pk))


@asks_and_answers
def propose_rating_view(request, pk, round_pk):
    review = get_review(request.user, pk, round_pk, locked=request.method == "POST")
    may_or_refuse(request.user, "propose", review)
    if request.method != "POST":
        return render_review(request, review)
    form = ProposalForm(request.POST, instance=review, last=Course.of(review).last)
    if form.is_valid():
        return record(request, form, propose_rating, "Your group’s rating is proposed.", **form.cleaned_data)
    return render_review(request, review, form=form, status=form.status)


@asks_and_answers
def decide_rating_view(request, pk, round_pk):
    review = get_review(request.user, pk, round_pk, locked=request.method == "POST")
    may_or_refuse(request.user, "decide", review)
    if request.method != "POST":
        return render_review(request, review)
    form = DecisionForm(request.POST, instance=review)
    if form.is_valid():
        if review.decided_by_id == request.user.pk and not form.answers_changed:
            return redirect("plans:review-detail", pk, round_pk)  # pressed twice
        return record(
            request, form, decide_rating, "The decision is recorded beside the proposal.", **form.cleaned_data
        )
    return render_review(request, review, form=form, status=form.status)


@asks_and_answers
def correct_decision_view(request, pk, round_pk):
    """Put right a decision that was recorded wrongly; the first stays visible."""
    is_answer = request.method == "POST"
    review = get_review(request.user, pk, round_pk, locked=is_answer)
    may_or_refuse(request.user, "decide", review)
    if not review.decided_at:
        messages.info(request, "Nothing is decided yet, so there is nothing to correct.")
        return redirect("plans:review-detail", pk, round_pk)
    form = CorrectionForm(request.POST if is_answer else None, instance=review)
    form.cancel_url = address_of("detail", review)
    if form.is_valid():
        return record(
            request, form, correct_decision, "Corrected. What was recorded first stays beside it.", **form.cleaned_data
        )
    return render_review(request, review, form=form, status=form.status)


def record(request, form, process, done, **answers):
    """Run one stage's ``process`` on what a form took, or show the page with why it can't be."""
    form_review = form.instance
    kept = get_review(request.user, form_review.priority_id, form_review.round_id)
    try:
        process(kept, by=request.user, at=timezone.now(), **answers)
    except ValidationError as problem:
        form.add_error(None, problem)
        return render_review(request, kept, form=form, status=form.status)
    messages.success(request, done)
    return redirect("plans:review-detail", kept.priority_id, kept.round_id)


# Beside the stages


@asks_and_answers
def add_action(request, pk, round_pk):
    """One dated line of the action log; after the decision too."""
    review = get_review(request.user, pk, round_pk)
    may_or_refuse(request.user, "log", review)
    form = action_form(request.POST if request.method == "POST" else None, review)
    if form.is_valid():
        log_action(review, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Added to the action log.")
        return redirect(address_of("detail", review) + "#log")
    return render_review(request, review, action=form, status=form.status)


def action_form(data, review):
    form = ActionForm(data, first_on=review.plan.starts_on, today=timezone.localdate())
    form.helper.form_action = address_of("action-add", review)
    return form


@require_POST
def save_draft(request, pk, round_pk, stage):
    """Keep what a chair has typed so far. A script asks for it as they write; without one a button does."""
    if stage not in FORMS:
        raise Http404
    review = get_review(request.user, pk, round_pk)
    may_or_refuse(request.user, stage, review)
    if "forget" in request.POST:
        forget_draft(review, stage=stage, by=request.user)
    if review.decided_at or "forget" in request.POST:  # a draft may still be on its way when its answer is recorded
        return HttpResponse(status=204) if request.htmx else redirect("plans:review-detail", pk, round_pk)
    fields = {**FORMS[stage].base_fields, "seen": None}
    answers = {name: request.POST[name] for name in fields if name in request.POST}
    draft = keep_draft(review, stage=stage, by=request.user, at=timezone.now(), answers=answers)
    if request.htmx:
        return render(request, "plans/review_draft_saved.html", {"draft": draft})
    messages.success(request, "Kept as a draft. Only you see it until you record it.")
    return redirect("plans:review-detail", pk, round_pk)


FORMS = {PROPOSE: ProposalForm, DECIDE: DecisionForm}


# The page


@dataclass
class Course:
    """How one priority was judged, round by round. ``reviews``: every one, oldest first, with ``log`` and ``earlier``.

    ``last``: the latest review of an earlier round in which something was proposed, or None.
    """

    reviews: list
    review: PriorityReview

    @classmethod
    def of(cls, review):
        """Three queries, however many rounds there were."""
        reviews = (
            PriorityReview.objects.filter(priority=review.priority_id)
            .select_related("round", *HELD)
            .prefetch_related("earlier_decisions__rating", "earlier_decisions__decided_by")
            .prefetch_related("earlier_decisions__corrected_by")
            .order_by("round__closes_on")
        )
        return cls(list(reviews), review)

    @property
    def last(self):
        earlier = [each for each in self.reviews if each.round.closes_on < self.review.round.closes_on]
        return next((each for each in reversed(earlier) if each.proposed_at), None)

    @property
    def judged(self):
        """The newest first, those in which anything was proposed."""
        return [each for each in reversed(self.reviews) if each.proposed_at]

    @property
    def corrections(self):
        """What was decided of this round before it was corrected, the latest first."""
        own = next((each for each in self.reviews if each.pk == self.review.pk), None)
        return list(own.earlier_decisions.all()) if own else []


@dataclass
class Sitting:
    """The priorities of a round one after another: (priority, review or None, whether it waits for the reader)."""

    entries: list
    priority_id: int

    @classmethod
    def of(cls, review, *, user, may_propose, may_decide):
        """Two queries. ``may_propose``, ``may_decide``: whether the reader has that part in this plan's reviews."""
        priorities = review.plan.priorities.in_plan().with_review_in(review.round).order_by("position")
        entries = []
        for priority in priorities:
            each = priority.round_reviews[0] if priority.round_reviews else None
            stage = stage_waiting(each, user=user, may_propose=may_propose, may_decide=may_decide)
            entries.append((priority, each, bool(stage)))
        return cls(entries, review.priority_id)

    @property
    def place(self):
        return next((n for n, (priority, *_) in enumerate(self.entries) if priority.pk == self.priority_id), 0)

    @property
    def next_waiting(self):
        """The next priority that waits for the reader, from this one on and round again; None if none does."""
        others = self.entries[self.place + 1 :] + self.entries[: self.place]
        return next((priority for priority, _review, waits in others if waits), None)

    @property
    def before(self):
        return self.entries[self.place - 1][0] if self.place else None

    @property
    def after(self):
        return self.entries[self.place + 1][0] if self.place + 1 < len(self.entries) else None

    @property
    def words(self):
        proposed = sum(bool(review and review.proposed_at) for _priority, review, _waits in self.entries)
        decided = sum(bool(review and review.decided_at) for _priority, review, _waits in self.entries)
        return f"Of {len(self.entries)} priorities {proposed} proposed, {decided} decided"


def stage_waiting(review, *, user, may_propose, may_decide):
    """Which stage of ``review`` (None: nobody has said anything yet) waits for ``user``; "" where none does."""
    if review is None or not review.proposed_at:
        return PROPOSE if may_propose else ""
    if may_decide and not review.decided_at and review.proposed_by_id != user.pk:
        return DECIDE
    return ""


def give_stages(priorities, round, *, user):
    """Set ``waiting_stage`` of each of ``priorities`` (with_review_in), as ``stage_waiting``; whether any waits."""
    may_do = {verb: may(user, verb, PriorityReview(round=round)) for verb in ("propose", "decide")}
    for priority in priorities:
        review = priority.round_reviews[0] if priority.round_reviews else None
        stage = stage_waiting(review, user=user, may_propose=may_do["propose"], may_decide=may_do["decide"])
        priority.waiting_stage = stage if not priority.is_retired else ""
    return any(priority.waiting_stage for priority in priorities)


def render_review(request, review, *, form=None, action=None, status=200):
    """The page. ``form`` and ``action``: a stage’s and the log’s form as they came back, else those to begin."""
    round, plan = review.round, review.plan
    if form is not None:  # a form that was refused has put its answers on its own copy
        review = get_review(request.user, review.priority_id, review.round_id)
        round, plan = review.round, review.plan
    course = Course.of(review)
    table = read_table(
        plan,
        on=timezone.localdate(),
        deliverables=Deliverable.objects.filter(priority=review.priority_id),
        rounds=list(plan.rounds.filter(closes_on__lte=round.closes_on))[-STRIP_LENGTH:],
    )
    deliverables = list(Deliverable.objects.filter(priority=review.priority_id).for_round(round))
    may_do = {verb: may(request.user, verb, review) for verb in ("propose", "decide", "log")}
    stage, refused = stage_of_reader(request.user, review, may_do)
    if form is not None:
        stage, refused = stage_of_form(form), ""
    elif stage:
        form = begun_form(stage, review, request.user, course)
    log = list(
        ReviewAction.objects.filter(review__priority=review.priority_id)
        .select_related("added_by", "review__round")
        .order_by("-agreed_on", "-pk")
    )
    own_log = [line for line in log if line.review_id == review.pk]
    context = {
        "review": review,
        "priority": review.priority,
        "round": round,
        "plan": plan,
        "rows": table.priorities[0] if table.priorities else None,
        "counts": counts_of(plan, deliverables),
        "facts": facts_of(review, deliverables, table),
        "deliverables": deliverables,
        "form": form,
        "stage": stage,
        "refused": refused,
        "form_address": address_of(VERBS[stage], review) if stage else "",
        "draft_address": reverse("plans:review-draft", args=[review.priority_id, round.pk, stage])
        if stage in FORMS
        else "",
        "course": course,
        "last": course.last,
        "last_log": [line for line in log if course.last and line.review_id == course.last.pk],
        "log": own_log,
        "action_form": action or (action_form(None, review) if may_do["log"] else None),
        "may_correct": bool(
            review.decided_at and may_do["decide"] and stage != CORRECT and not has_proposed(review, request.user)
        ),
        "sitting": Sitting.of(review, user=request.user, may_propose=may_do["propose"], may_decide=may_do["decide"]),
    }
    return render(request, "plans/review_detail.html", context, status=status)


CORRECT = "correct"
VERBS = {PROPOSE: "propose", DECIDE: "decide", CORRECT: "correct"}


def stage_of_form(form):
    return PROPOSE if isinstance(form, ProposalForm) else CORRECT if isinstance(form, CorrectionForm) else DECIDE


def stage_of_reader(user, review, may_do):
    """(the stage at which this person can write now or "", why not where they might have expected to)."""
    if review.decided_at:
        return "", ""
    if may_do["decide"] and review.proposed_at:
        if not has_proposed(review, user):
            return DECIDE, ""
        return (PROPOSE if may_do["propose"] else ""), PROPOSED_IT
    return (PROPOSE if may_do["propose"] else ""), ""


def begun_form(stage, review, user, course):
    """The stage's form, as the person left it if they began it before."""
    draft = draft_of(review, stage=stage, by=user)
    extra = {"last": course.last} if stage == PROPOSE else {}
    form = FORMS[stage](instance=review, draft=draft, **extra)
    if draft and form.is_as_recorded:
        form = FORMS[stage](instance=review, **extra)
    return form


def address_of(verb, review):
    return reverse(f"plans:review-{verb}", args=[review.priority_id, review.round_id])


def counts_of(plan, deliverables):
    """(rating or None, how many deliverables were given it in the round), the key's order; then those of other keys."""
    given = [row.round_updates[0].rating if row.round_updates else None for row in deliverables]
    others = {rating for rating in given if rating} - set(plan.ratings)
    ratings = [*plan.ratings, *sorted(others, key=lambda rating: rating.pk), None]
    return [(rating, given.count(rating)) for rating in ratings]


def facts_of(review, deliverables, table):
    """(words, count) of what came in beside the ratings, to be read with them. Two queries."""
    updates = [update for row in deliverables for update in row.round_updates]
    of_round = {"round": review.round_id}
    moves = DateMove.objects.filter(update__in=[update.pk for update in updates]).count()
    evidence = Evidence.objects.filter(deliverable__priority=review.priority_id, removed_at=None, **of_round).count()
    return [
        ("Leads who answered", f"{len(updates)} of {len(deliverables)}"),
        ("Answers that came late", sum(update.is_late for update in updates)),
        ("Deliverables with a date missed", sum(row.is_overdue for row in table.deliverables)),
        ("Dates that leads ask to move", moves),
        ("Pieces of evidence", evidence),
    ]


patterns = [
    *review_print_views.patterns,
    path("priorities/<int:pk>/review/<int:round_pk>/", review_detail, name="review-detail"),
    path("priorities/<int:pk>/review/<int:round_pk>/propose/", propose_rating_view, name="review-propose"),
    path("priorities/<int:pk>/review/<int:round_pk>/decide/", decide_rating_view, name="review-decide"),
    path("priorities/<int:pk>/review/<int:round_pk>/correct/", correct_decision_view, name="review-correct"),
    path("priorities/<int:pk>/review/<int:round_pk>/log/", add_action, name="review-action-add"),
    path("priorities/<int:pk>/review/<int:round_pk>/draft/<str:stage>/", save_draft, name="review-draft"),
]
