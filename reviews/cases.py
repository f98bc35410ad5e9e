"""What happens to a case: it is opened with its stages, each is done on a day, and it is closed."""

from django.db import transaction

from reviews.clock import AWARE, BEGUN, PUBLISHED, steps_of_case, steps_of_review
from reviews.models import Case, RapidReview, Stage


class LateNeedsReason(Exception):
    """The stage was done after the day it was due, and nobody said why. The words can be shown to a person."""


class NotNow(Exception):
    """This can't be done at present. The words say why, and can be shown to a person."""


@transaction.atomic
def open_case(*, partnership, aware_on, themes=(), **fields):
    """Keep a new case with its stages, the first of them done on ``aware_on``."""
    case = Case.objects.create(partnership=partnership, **fields)
    case.themes.set(themes)
    add_stages(steps_of_case(case), case=case, partnership=partnership)
    case.stages.filter(code=AWARE).update(done_on=aware_on)
    RapidReview.objects.create(case=case, partnership=partnership)
    return case


def add_stages(steps, *, partnership, **owner):
    """Keep ``steps`` in their order as stages of ``owner`` (a case or a review)."""
    Stage.objects.bulk_create(
        Stage(
            partnership=partnership,
            position=position,
            code=step.code,
            title=step.title,
            rule_code=step.rule,
            counts_from=step.counts_from,
            **owner,
        )
        for position, step in enumerate(steps, start=1)
    )


def begin_stages_of_review(review, *, begun_on, publish_on=None):
    """The stages of a practice review that was decided on ``begun_on``."""
    add_stages(steps_of_review(review), review=review, partnership=review.partnership)
    review.stages.filter(code=BEGUN).update(done_on=begun_on)
    review.stages.filter(code=PUBLISHED).update(planned_on=publish_on)


@transaction.atomic
def record_stage(stage, *, done_on, late_because=""):
    """Keep that ``stage`` was done on a day. Raises LateNeedsReason where it was due before and no reason is given."""
    held = Stage.objects.select_for_update().get(pk=stage.pk)
    due_on = Stage.objects.filter(pk=stage.pk).with_clock().get().due_on
    is_late = bool(due_on and done_on and due_on < done_on)
    if is_late and not late_because:
        raise LateNeedsReason(f"This was due on {due_on:%-d %B %Y}. Say why it was late.")
    held.done_on, held.late_because = done_on, late_because if is_late else ""
    held.not_needed_because = ""
    held.save()
    return held


@transaction.atomic
def leave_stage_out(stage, *, because):
    """Keep that ``stage`` is not needed, and why."""
    held = Stage.objects.select_for_update().get(pk=stage.pk)
    held.done_on, held.late_because, held.not_needed_because = None, "", because
    held.save()
    return held
