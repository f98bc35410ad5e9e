"""The year's rounds: old ones closed for good, one late answer, those to come planned; then one lead asked again."""

from datetime import timedelta

from plans.chasing import chase_round
from plans.responders import Responders
from plans.round_year import proposed_rounds
from plans.rounds import close_round, plan_rounds

DAYS_LATE, DAYS_UNTIL_CLOSED = 4, 12


def load_rounds(cast, plan):
    """``plan`` runs; the last of its rounds is open today."""
    *past, now = plan.rounds.order_by("closes_on")
    manager, calendar = cast.holders["manager"], cast.calendar
    late = past[-1].updates.current().order_by("-submitted_at").first()
    if late:
        late.submitted_at = calendar.moment(past[-1].closes_on + timedelta(days=DAYS_LATE), hour=17)
        late.is_late = True
        late.save(update_fields=["submitted_at", "is_late"])
    for round in past:
        close_round(round, by=manager, at=calendar.moment(round.closes_on + timedelta(days=DAYS_UNTIL_CLOSED), hour=9))
    proposed = proposed_rounds(plan, standing=[*past, now])
    plan_rounds(plan, rounds=[days for days in proposed if days["opens_on"] > now.closes_on])


def chase_last_silent(cast, plan):
    """In the round that is open. Asks for all that is due, so it comes when PostgreSQL knows how much there is."""
    manager, calendar = cast.holders["manager"], cast.calendar
    now = plan.rounds.open_on(calendar.today).get()
    silent = [tally for tally in Responders(now, on=calendar.today).by_person() if tally.silent]
    if silent:
        chase_round(now, who=silent[-1].key, by=manager, now=calendar.moment(calendar.today, hour=9))
