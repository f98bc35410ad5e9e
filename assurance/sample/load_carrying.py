"""The trail from last year's plan into this one, and this one's promises partly decided for the next."""

from datetime import timedelta

from assurance.sample import carried as content
from plans.carrying import decide, follow
from plans.models import CarryDecision, Deliverable

DAYS_BEFORE_THE_END = 12


def trace(cast, last, plan):
    """``plan`` was started from ``last``: what became of each promise, and where it goes on."""
    plan.continues = last
    plan.save(update_fields=["continues"])
    _link_priorities(last, plan, content.PRIORITIES_OF_LAST)
    rows, new_rows = _rows_of(last), _rows_of(plan)
    decided_on = last.ends_on - timedelta(days=DAYS_BEFORE_THE_END)
    for ref, became in content.LAST.items():
        CarryDecision.objects.create(
            deliverable=rows[ref],
            plan=plan,
            decision=became.decision,
            reason=became.words,
            activities=[
                {"activity": each.pk, "timescale": each.timescale_text}
                for each in rows[ref].activities.all()
                if became.into
            ],
            decided_by=cast.holders["manager"],
            decided_at=cast.calendar.moment(decided_on, hour=11),
        )
        if became.into:
            Deliverable.objects.filter(pk=new_rows[became.into].pk).update(carried_from=rows[ref])


def begin_carrying(cast, plan, following):
    """The office has begun to carry ``plan`` into the next; most rows still wait."""
    following = follow(plan, following)
    _link_priorities(plan, following, content.PRIORITIES_OF_THIS)
    rows = _rows_of(plan)
    years = (following.starts_on.year, following.ends_on.year)
    decided_on = cast.calendar.today - timedelta(days=2)
    for minute, (ref, became) in enumerate(content.THIS.items()):
        activities = list(rows[ref].activities.order_by("position"))
        decide(
            rows[ref],
            following,
            decision=became.decision,
            reason=became.words,
            activities=[
                {
                    "activity": activities[place - 1].pk,
                    "timescale": cast.calendar.words(words, years=years) or activities[place - 1].timescale_text,
                }
                for place, words in became.work
            ],
            by=cast.holders["manager"],
            at=cast.calendar.moment(decided_on, hour=15, minute=minute),
        )


def _link_priorities(old, new, pairs):
    olds = {priority.ref: priority for priority in old.priorities.all()}
    for ref, new_ref in pairs.items():
        new.priorities.filter(ref=new_ref).update(carried_from=olds[ref])


def _rows_of(plan):
    rows = Deliverable.objects.filter(priority__plan=plan).select_related("priority")
    return {row.full_ref: row for row in rows.prefetch_related("activities")}
