"""The cycle's turns: a round opens, leads answer, one group proposes a rating, another decides it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.models import Deliverable, Plan, PriorityReview, UpdateRound


class RoundClosed(Exception):
    """The round is not open on the day of the answer. ``round`` says which."""

    def __init__(self, round):
        self.round = round
        super().__init__(f"The round {round} is not open.")


@transaction.atomic
def open_round(plan, *, name, starts_on, ends_on, **dates):
    """Start a turn of the cycle.

    ``dates``: opens_on, closes_on, proposals_due_on, decisions_due_on. Raises ValidationError where
    the period overlaps that of another round of the plan.
    """
    Plan.objects.select_for_update().get(pk=plan.pk)
    clash = plan.rounds.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if clash:
        raise ValidationError(f"This period overlaps the round {clash}. Choose other dates.")
    round = UpdateRound(
        plan=plan,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        **dates,
    )
    round.full_clean()
    round.save()
    return round


@transaction.atomic
def submit_update(deliverable, *, round, by, on, **answers):
    """Record ``by``'s update for this round; an earlier one in the round is superseded, not lost.

    ``answers``: rating, progress, risk, difference_made, voice, is_unchanged. Raises RoundClosed.
    """
    Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    if not round.is_open(on=on):
        raise RoundClosed(round)
    earlier = deliverable.updates.in_round(round).current().first()
    update = deliverable.updates.create(round=round, submitted_by=by, submitted_at=timezone.now(), **answers)
    if earlier:
        earlier.superseded_by = update
        earlier.save(update_fields=["superseded_by"])
    return update


def repeat_update(deliverable, *, round, by, on):
    """“Same as last time”: the last words and rating stand for this round too.

    Raises LookupError where there is no last time, RoundClosed where the round is not open.
    """
    last = last_update(deliverable, before=round)
    if last is None:
        raise LookupError("There is no earlier update to repeat.")
    return submit_update(
        deliverable,
        round=round,
        by=by,
        on=on,
        rating=last.rating,
        progress=last.progress,
        risk=last.risk,
        difference_made=last.difference_made,
        voice=last.voice,
        is_unchanged=True,
    )


def last_update(deliverable, *, before):
    """The deliverable's last word in a round that closed before ``before`` did, or None."""
    return (
        deliverable.updates.current()
        .filter(round__closes_on__lt=before.closes_on)
        .select_related("rating", "round", "submitted_by")
        .order_by("-round__closes_on")
        .first()
    )


def meet_milestone(milestone, *, on):
    """The milestone was met that day; None takes it back."""
    milestone.met_on = on
    milestone.save(update_fields=["met_on"])


@transaction.atomic
def propose_rating(review, *, by, **answers):
    """Stage 1: the scrutiny group's comments, recommendations, risks and proposed rating.

    A proposal may be changed until the decision is recorded; then ValidationError.
    """
    review = _locked(review)
    if review.decided_at:
        raise ValidationError("The decision is recorded, so the proposal can no longer change.")
    for name, value in answers.items():
        setattr(review, name, value)
    review.proposed_by, review.proposed_at = by, timezone.now()
    review.save()
    return review


@transaction.atomic
def decide_rating(review, *, by, **answers):
    """Stage 2: the deciding group's rating beside the proposed one, which is kept.

    Raises ValidationError without a proposal, from the person who proposed, twice, or where the
    rating differs from the proposal and no reason is given.
    """
    review = _locked(review)
    if review.proposed_at is None:
        raise ValidationError("Nothing is proposed yet. The scrutiny group proposes first.")
    if review.decided_at:
        raise ValidationError("The decision is already recorded. It stands for this round.")
    if review.proposed_by == by:
        raise ValidationError("You proposed this rating, so somebody else must decide it.")
    for name, value in answers.items():
        setattr(review, name, value)
    if review.differs and not review.decision_reason.strip():
        raise ValidationError("Say why the rating differs from the one proposed.")
    review.decided_by, review.decided_at = by, timezone.now()
    review.save()
    return review


def _locked(review):
    """The review's row, locked; made now if this is the first word on it."""
    if review.pk is None:
        review, _made = PriorityReview.objects.get_or_create(priority=review.priority, round=review.round)
    return PriorityReview.objects.select_for_update(of=["self"]).get(pk=review.pk)
