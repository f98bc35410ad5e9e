"""What happens to a case: it is opened with its stages, each is done on a day, and it is closed."""

from django.db import transaction

from partnership.models import Partnership
from partnership.refusals import NotNow
from reviews.clock import AWARE, BEGUN, LOOKED_AFTER, NOTIFIED, PUBLISHED, steps_of_case, steps_of_review
from reviews.models import AgencySummary, Case, RapidReview, Stage

IS_CLOSED = "The case is closed. Reopen it first."
NOT_MET = "It does not meet the criteria after all"


class LateNeedsReason(Exception):
    """The stage was done after the day it was due, and nobody said why. The words can be shown to a person."""


class Taken(Exception):
    """Another case of the partnership has this reference already."""


def next_reference(partnership, *, year):
    """What the next case of ``year`` would be called: "AV-2027-03" after "AV-2027-02"."""
    begins = f"{partnership.short_name}-{year}-"
    taken = Case.objects.filter(partnership=partnership, reference__startswith=begins)
    numbers = [reference.removeprefix(begins) for reference in taken.values_list("reference", flat=True)]
    return f"{begins}{max([int(number) for number in numbers if number.isdecimal()], default=0) + 1:02}"


def is_taken(reference, *, partnership, besides=None):
    """Whether a case of ``partnership``, other than ``besides``, has this reference, in capitals or not."""
    cases = Case.objects.filter(partnership=partnership, reference__iexact=reference)
    return cases.exclude(pk=besides).exists()


def opened_already(*, partnership, reference, category, summary, **fields):
    """The case that was opened with these very words: the button was pressed twice. Else None."""
    cases = Case.objects.filter(partnership=partnership, reference__iexact=reference)
    return cases.filter(category=category, summary=summary).first()


@transaction.atomic
def open_case(*, partnership, aware_on, notified_on=None, themes=(), agencies=(), late_because="", **fields):
    """Keep a new case with its stages, the first of them done on ``aware_on``; no agency is asked yet.

    Pressed twice it is opened once. Raises Taken, and LateNeedsReason where the Panel was notified late and nobody
    says why.
    """
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)  # two with one reference would collide
    there = opened_already(partnership=partnership, **fields)
    if there:
        return there
    if is_taken(fields["reference"], partnership=partnership):
        raise Taken
    case = Case.objects.create(partnership=partnership, **fields)
    case.themes.set(themes)
    add_stages(steps_of_case(case), case=case, partnership=partnership)
    case.stages.filter(code=AWARE).update(done_on=aware_on)
    if notified_on:
        record_stage(case.stages.get(code=NOTIFIED), done_on=notified_on, late_because=late_because)
    RapidReview.objects.create(case=case, partnership=partnership)
    for agency in agencies:
        AgencySummary.objects.create(case=case, partnership=partnership, organisation=agency)
    return case


@transaction.atomic
def change_case(case, *, themes):
    """Keep what a form put into ``case``. A looked-after child's death has a stage more, until that was done."""
    held_open(case)
    if is_taken(case.reference, partnership=case.partnership_id, besides=case.pk):
        raise Taken
    case.save()
    case.themes.set(themes)
    told = case.stages.filter(code=LOOKED_AFTER.code)
    if not case.is_looked_after_death:
        told.filter(done_on=None).delete()
    elif not told.exists():
        position = steps_of_case(case).index(LOOKED_AFTER) + 1
        for stage in case.stages.filter(position__gte=position).order_by("-position"):
            stage.position += 1
            stage.save()
        add_stages([LOOKED_AFTER], first=position, case=case, partnership=case.partnership)


@transaction.atomic
def close_case(case, *, closed_on, because):
    """Nothing of ``case`` is due any more. Raises NotNow while a practice review of it is under way."""
    held = held_open(case)
    if held.reviews.under_way().exists():
        raise NotNow("A practice review of this case is under way. End it first.")
    held.closed_on, held.closed_because = closed_on, because
    held.save()
    return held


@transaction.atomic
def find_not_met(case, *, closed_on, because):
    """It turned out that the case does not meet the criteria: it is closed, and the reason stands."""
    held = close_case(case, closed_on=closed_on, because=NOT_MET)
    held.not_met_because = because
    held.save()
    return held


@transaction.atomic
def reopen_case(case):
    """What was closed goes on; why it was closed stays in its history."""
    held = Case.objects.select_for_update().get(pk=case.pk)
    if not held.closed_on:
        raise NotNow("The case is open already.")
    held.closed_on, held.closed_because, held.not_met_because = None, "", ""
    held.save()
    return held


def held_open(case):
    """``case`` as it stands, locked. Raises NotNow where it is closed."""
    held = Case.objects.select_for_update().get(pk=case.pk)
    if held.closed_on:
        raise NotNow(IS_CLOSED)
    return held


def add_stages(steps, *, partnership, first=1, **owner):
    """Keep ``steps`` in their order as stages of ``owner`` (a case or a review), from position ``first``."""
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
        for position, step in enumerate(steps, start=first)
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


def bounds_of(stage):
    """(stage, stage): between whose days this one's must lie: what it counts from, and the first that counts from it.

    Each is None where there is none with a day. A stage counted backwards is not bound.
    """
    siblings = stage.case.stages.exclude(done_on=None)
    return (
        siblings.filter(code=stage.counts_from).first() if stage.counts_from else None,
        siblings.filter(counts_from=stage.code).order_by("done_on").first(),
    )


@transaction.atomic
def explain_stage(stage, *, because):
    """Keep why ``stage``, which is late and waits, is late."""
    held = Stage.objects.select_for_update().get(pk=stage.pk)
    held.late_because = because
    held.save()
    return held


@transaction.atomic
def undo_stage(stage):
    """``stage`` waits again, as if nobody had recorded it. Raises NotNow where another counts from its day."""
    held = Stage.objects.select_for_update().get(pk=stage.pk)
    follower = bounds_of(held)[1]
    if held.code == AWARE:
        raise NotNow("Everything counts from this day. Change the day, or close the case.")
    if held.done_on and follower:
        raise NotNow(f"“{follower}” counts from this day and is done. Undo that first.")
    held.done_on, held.late_because, held.not_needed_because = None, "", ""
    held.save()
    return held


@transaction.atomic
def plan_stage(stage, *, planned_on):
    """Keep for which day ``stage`` is planned."""
    held = Stage.objects.select_for_update().get(pk=stage.pk)
    held.planned_on = planned_on
    held.save()
    return held


@transaction.atomic
def leave_stage_out(stage, *, because):
    """Keep that ``stage`` is not needed, and why."""
    held = Stage.objects.select_for_update().get(pk=stage.pk)
    held.done_on, held.late_because, held.not_needed_because = None, "", because
    held.save()
    return held
