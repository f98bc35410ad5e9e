"""A priority judged in two stages by different people: proposed, decided, logged, and corrected in sight.

What a group proposed may change until the decision is recorded; a decision stands, and one that was recorded
wrongly is corrected by another beside which the first stays. Leads' answers end when the office closes a round;
a review may come after that day, because groups meet once the answers are in.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.models import EarlierDecision, PriorityReview, ReviewAction, ReviewDraft, UpdateRound

PROPOSE, DECIDE = ReviewDraft.Stage.PROPOSE, ReviewDraft.Stage.DECIDE

PROPOSED_IT = "You proposed this rating, so somebody else must decide it."
LONGEST_KEPT = 200_000  # characters of one answer of a draft; its form takes far fewer


# The two stages


@transaction.atomic
def propose_rating(review, *, by, at, became="", **answers):
    """Stage 1: the scrutiny group's comments, recommendations, risks and proposed rating.

    ``became``: what became of last round's recommendations, which is logged. A proposal may be changed
    until the decision is recorded; then ValidationError, and before the round has begun.
    """
    review = _locked(review)
    if review.decided_at:
        raise ValidationError("The decision is recorded, so the proposal can no longer change.")
    if review.round.opens_on > timezone.localdate(at):
        raise ValidationError(f"The round {review.round} has not begun, so there is nothing to judge yet.")
    for name, value in answers.items():
        setattr(review, name, value)
    review.proposed_by, review.proposed_at = by, at
    review.save()
    if became:
        _log(review, by=by, at=at, agreed_on=timezone.localdate(at), text=f"{WHAT_BECAME} {became}")
    forget_draft(review, stage=PROPOSE, by=by)
    return review


WHAT_BECAME = "What became of last round’s recommendations:"


@transaction.atomic
def decide_rating(review, *, by, at, **answers):
    """Stage 2: the deciding group's rating beside the proposed one, which is kept.

    Raises ValidationError without a proposal, from a person who proposed, twice, or where the
    rating differs from the proposal and no reason is given.
    """
    review = _locked(review)
    if review.proposed_at is None:
        raise ValidationError("Nothing is proposed yet. The scrutiny group proposes first.")
    if review.decided_at:
        raise ValidationError("The decision is already recorded. It stands for this round.")
    _decide(review, by=by, at=at, answers=answers)
    forget_draft(review, stage=DECIDE, by=by)
    return review


@transaction.atomic
def correct_decision(review, *, by, at, because, **answers):
    """Record what was decided in truth; what was recorded first stays beside it for ever, with ``because``.

    Raises ValidationError without a decision, and as ``decide_rating`` does.
    """
    review = _locked(review)
    if review.decided_at is None:
        raise ValidationError("Nothing is decided yet, so there is nothing to correct.")
    if not because.strip():
        raise ValidationError("Say what was recorded wrongly.")
    EarlierDecision.objects.create(
        review=review,
        rating=review.decided_rating,
        comments=review.decision_comments,
        risks=review.decision_risks,
        reason=review.decision_reason,
        decided_by=review.decided_by,
        decided_at=review.decided_at,
        corrected_because=because,
        corrected_by=by,
        corrected_at=at,
    )
    _decide(review, by=by, at=at, answers=answers)
    return review


def _decide(review, *, by, at, answers):
    if has_proposed(review, by):
        raise ValidationError(PROPOSED_IT)
    for name, value in answers.items():
        setattr(review, name, value)
    if review.differs and not review.decision_reason.strip():
        raise ValidationError("Say why the rating differs from the one proposed.")
    review.decided_by, review.decided_at = by, at
    review.save()


def has_proposed(review, user):
    """Whether ``user`` recorded the proposal, or an earlier wording of it."""
    if review.pk is None or review.proposed_at is None:
        return False
    return review.proposed_by_id == user.pk or review.events.filter(proposed_by=user.pk).exists()


# The action log


@transaction.atomic
def log_action(review, *, by, at, agreed_on, text):
    """One dated line of the action log, of either group or the office. The same line twice is one line."""
    return _log(_locked(review), by=by, at=at, agreed_on=agreed_on, text=text)


def _log(review, *, by, at, agreed_on, text):
    said = {"agreed_on": agreed_on, "text": text}
    line = review.actions.filter(added_by=by, **said).first()
    return line or ReviewAction.objects.create(review=review, added_by=by, added_at=at, **said)


# Drafts


@transaction.atomic
def keep_draft(review, *, stage, by, at, answers):
    """Keep what ``by`` has typed so far (``{field: as typed}``). Nothing else reads it."""
    kept = {name: str(typed).replace("\x00", "")[:LONGEST_KEPT] for name, typed in answers.items()}
    draft, _made = ReviewDraft.objects.update_or_create(
        priority=review.priority,
        round=review.round,
        stage=stage,
        author=by,
        defaults={"answers": kept, "saved_at": at},
    )
    return draft


def forget_draft(review, *, stage, by):
    drafts = ReviewDraft.objects.filter(priority=review.priority_id, round=review.round_id)
    drafts.filter(stage=stage, author=by).delete()


def draft_of(review, *, stage, by):
    """What ``by`` has typed for this stage and not recorded, or None."""
    drafts = ReviewDraft.objects.filter(priority=review.priority_id, round=review.round_id)
    return drafts.filter(stage=stage, author=by).first()


# One at a time


def lock_round(round):
    """Two chairs who answer at once do so one after the other, so that the second sees what the first wrote."""
    UpdateRound.objects.select_for_update(of=["self"], no_key=True).get(pk=round.pk)


def _locked(review):
    """The review's row, locked; made now if this is the first word on it."""
    lock_round(review.round)
    if review.pk is None:
        review, _made = PriorityReview.objects.get_or_create(priority=review.priority, round=review.round)
    return PriorityReview.objects.select_for_update(of=["self"], no_key=True).get(pk=review.pk)
