"""All that the year has shown, and which heading each thing serves: one generator a kind of record."""

from django.utils import timezone

from assurance.annual.filing import ARRANGEMENTS, DECISIONS, HOW_MUCH, IMPACT, MEMBERS, MONEY, PEOPLE, REFORMS, Offer
from assurance.annual.indicator_offers import indicator_offers
from assurance.annual.meetings import facts_of_actions, facts_of_arrangements, facts_of_decisions, facts_of_meetings
from assurance.annual.member_offers import (
    contribution_offers,
    moderation_offers,
    practitioner_offers,
    return_offers,
    school_offers,
    seat_offers,
    summary_offers,
    voice_offers,
)
from assurance.annual.money import facts_of_money
from assurance.annual.plan_offers import (
    highlight_offers,
    judgement_offers,
    outcome_offers,
    promise_offers,
    review_offers,
    standstill_offers,
    update_offers,
)
from assurance.annual.review_offers import (
    agency_offers,
    briefing_offers,
    concluded_offers,
    learning_offers,
    ongoing_offers,
    recommendation_offers,
)
from assurance.annual.scrutiny_offers import audit_offers, challenge_offers, inspection_offers, risk_offers
from assurance.annual.training import facts_of_training
from assurance.annual.year import Year
from assurance.printed import counted

__all__ = ["ARRANGEMENTS", "COSTS", "IMPACT", "all_offers", "offers_to"]

COSTS = ("costs",)


def all_offers(year):
    """Everything that a year has shown, the same number of queries however much there is."""
    for source in SOURCES:
        yield from source(year)


def offers_to(report, *, on):
    """The same of the year of ``report``, with what waits for a day, and what was written for this report."""
    year = Year.of(report)
    yield from all_offers(year)
    yield from practitioner_offers(year, on=on)
    yield from ongoing_offers(year, on=on)
    yield from contribution_offers(report)


def training_offers(year):
    """Each course with its events and places in the year; what they changed, for which needs, and who gave it."""
    for course in year.courses():
        places = f"{counted(course.taken_count, 'place')} booked, {course.attended_count} taken up"
        yield Offer(
            headings=PEOPLE,
            source_key=f"course:{course.pk}",
            reference=f"TR-{course.pk}",
            kind="training",
            text=f"{course.title}: {counted(course.event_count, 'event')}, {places}.",
            shows=HOW_MUCH,
            dated_on=timezone.localdate(course.last_at),
            address=course.get_absolute_url(),
        )
    for fact in facts_of_training(year):
        yield Offer(headings=PEOPLE, **vars(fact))


def money_offers(year):
    """What was given, spent and kept, in words."""
    for fact in facts_of_money(year):
        yield Offer(headings=MONEY, **vars(fact))


def meeting_offers(year):
    """How the groups met and who came; what they decided; what came of what they asked for."""
    for fact in facts_of_meetings(year):
        yield Offer(headings=MEMBERS, **vars(fact))
    for fact in (*facts_of_decisions(year), *facts_of_actions(year)):
        yield Offer(headings=DECISIONS, **vars(fact))


def arrangements_offers(year):
    """What changed in published arrangements: also what shows that reforms are carried out here."""
    for fact in facts_of_arrangements(year):
        yield Offer(headings=ARRANGEMENTS, **vars(fact))
        yield Offer(headings=REFORMS, **vars(fact))


SOURCES = [
    update_offers,
    review_offers,
    judgement_offers,
    promise_offers,
    outcome_offers,
    standstill_offers,
    highlight_offers,
    indicator_offers,
    voice_offers,
    return_offers,
    summary_offers,
    moderation_offers,
    school_offers,
    seat_offers,
    audit_offers,
    inspection_offers,
    challenge_offers,
    risk_offers,
    recommendation_offers,
    learning_offers,
    briefing_offers,
    agency_offers,
    concluded_offers,
    training_offers,
    money_offers,
    meeting_offers,
    arrangements_offers,
]
