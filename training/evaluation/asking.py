"""Questions before an event, straight after it and some weeks later: who is asked, and what they answer.

Everybody is asked once a stage, by one mail, and reminded once. What is not open any more is worked out from the place
and its event whenever somebody comes, so a cancelled place ends its questions without anybody writing that down.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from training import links
from training.evaluation.figures import figures_by_event, figures_of
from training.mails.mailing import Kind, put, put_all
from training.models import Evaluation, Event, Place, Practitioner, TrainingMail
from training.models.evaluations import MANAGER_DAYS, STATUSES_ASKED
from training.programme.policies import policies_of

__all__ = ["answer", "answer_as_manager", "figures_by_event", "figures_of", "open_evaluations", "state_of"]

Stage = Evaluation.Stage
A_WEEK = timedelta(weeks=1)
BEFORE_REMINDER = timedelta(days=2)  # those who are booked are asked so long before they are reminded of the event
AFTER_LASTS = timedelta(weeks=3)
BETWEEN_MAILS = timedelta(days=3)  # nobody is reminded sooner
AGAIN = "-again"
LONGEST = timedelta(weeks=60)  # after an event, until its last questions close


# Asking


@transaction.atomic
def move_questions(*, on):
    """Questions before an event follow it to another day, unless they are answered or closed."""
    waiting = Evaluation.objects.filter(stage=Stage.BEFORE, answered_at=None, closes_on__gte=on)
    waiting = list(waiting.select_related("place__event").select_for_update(of=("self",), no_key=True))
    policies = policies_of({row.place.event for row in waiting})
    for row in waiting:
        event = row.place.event
        opens_on, closes_on = window_of(Stage.BEFORE, day_of(event), policies[event.pk])
        if closes_on != row.closes_on:
            Evaluation.objects.filter(pk=row.pk).update(opens_on=opens_on, closes_on=closes_on)


def open_evaluations(*, on, at=None):
    """Ask everybody who is to be asked by now, and remind once who has not answered; gives how many mails were put.

    ``at``: the moment, from which on an event of today may be over; without one, all of that day is. Running it again
    changes nothing, and what was not done for days is done as long as the questions are not closed.
    """
    at = at or timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    move_questions(on=on)
    events = list(events_near(on))
    policies = policies_of(events)
    count = 0
    for stage in Stage:
        due = [event for event in events if is_due(stage, event, policies[event.pk], on=on, at=at)]
        to_ask = people_to_ask(stage, due, on=on)
        keys = set(to_ask.values_list("event", flat=True))
        for event in due:
            if event.pk in keys:
                count += ask(stage, event, policies[event.pk], on=on)
    return count + remind(on=on)


def events_near(on):
    """Those whose questions could be open on that day."""
    first, last = (timezone.make_aware(datetime.combine(day, time.min)) for day in (on - LONGEST, on + LONGEST))
    return Event.objects.not_cancelled().filter(starts_at__range=(first, last)).order_by("starts_at", "pk")


def day_of(event):
    return timezone.localdate(event.starts_at)


def last_day_of(event):
    return timezone.localdate(event.ends_at) if event.ends_at else day_of(event)


def window_of(stage, day, policy):
    """(first day, last day) of a stage's questions about an event of ``day``."""
    if stage == Stage.BEFORE:
        return day - BEFORE_REMINDER - timedelta(days=policy.remind_days_before), day
    if stage == Stage.AFTER:
        return day, day + AFTER_LASTS
    return day + timedelta(weeks=policy.later_weeks), day + timedelta(weeks=policy.later_closing_weeks)


def days_of(stage, event, policy):
    return window_of(stage, day_of(event) if stage == Stage.BEFORE else last_day_of(event), policy)


def is_due(stage, event, policy, *, on, at):
    opens_on, closes_on = days_of(stage, event, policy)
    if not opens_on <= on <= closes_on:
        return False
    if stage == Stage.BEFORE:
        return at < event.starts_at
    return stage == Stage.LATER or is_over(event, on=on, at=at)


def is_over(event, *, on, at):
    """Whoever came can be asked: it has ended, or its register is closed."""
    return (
        last_day_of(event) < on or event.register_closed_at is not None or bool(event.ends_at and event.ends_at <= at)
    )


def people_to_ask(stage, events, *, on):
    """Places of ``events`` whose people have an address and were not asked yet.

    Where questions of a stage have closed, nobody is asked any more: their figures stand.
    """
    status = Place.Status.BOOKED if stage == Stage.BEFORE else Place.Status.ATTENDED  # who signed in is there already
    asked = Evaluation.objects.filter(stage=stage)
    return (
        Place.objects.filter(event__in=[event.pk for event in events], status=status)
        .filter(practitioner__in=Practitioner.objects.on_day(on).exclude(email=""))
        .exclude(Exists(asked.filter(place=OuterRef("pk"))))
        .exclude(Exists(asked.filter(place__event=OuterRef("event"), closes_on__lt=on)))
    )


@transaction.atomic
def ask(stage, event, policy, *, on):
    """Make the questions and their mails together, one run at a time for an event."""
    Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)
    opens_on, closes_on = days_of(stage, event, policy)
    places = list(people_to_ask(stage, [event], on=on).select_related("practitioner"))
    made = Evaluation.objects.bulk_create(
        Evaluation(place=place, stage=stage, opens_on=opens_on, closes_on=closes_on) for place in places
    )
    put_all([mail_of(evaluation) for evaluation in made])
    return len(made)


@transaction.atomic
def remind(*, on):
    """One more mail a week before closing to whoever has not answered, unless they were asked only just before."""
    first = TrainingMail.objects.filter(evaluation=OuterRef("pk"), kind=Kind.EVALUATION).order_by("made_at")
    waiting = (
        Evaluation.objects.still_asked()
        .filter(answered_at=None, opens_on__lte=on, closes_on__range=(on, on + A_WEEK))
        .filter(place__practitioner__email__gt="")
        .exclude(Exists(first.filter(key__endswith=AGAIN)))
        .annotate(asked_at=Subquery(first.values("made_at")[:1]))
        .exclude(asked_at=None)
    )
    waiting = waiting.select_related("place__practitioner").select_for_update(of=("self",), no_key=True)
    mails = [
        mail_of(evaluation, again=AGAIN)
        for evaluation in waiting
        if timezone.localdate(evaluation.asked_at) <= evaluation.closes_on - A_WEEK - BETWEEN_MAILS
    ]
    if mails:
        put_all(mails)
    return len(mails)


def mail_of(evaluation, *, again=""):
    return TrainingMail(
        kind=Kind.EVALUATION,
        key=f"{Kind.EVALUATION}-{evaluation.pk.hex}{again}",
        address=evaluation.place.practitioner.email,
        evaluation=evaluation,
    )


# Whether somebody can answer now


class State(StrEnum):
    """What the page behind a link says."""

    OPEN = "open"
    ANSWERED = "answered"
    EARLY = "early"
    CLOSED = "closed"
    ENDED = "ended"


def state_of(evaluation, *, at):
    """Of the practitioner's questions. Needs the place with its event."""
    on, event = timezone.localdate(at), evaluation.place.event
    if evaluation.answered_at:
        return State.ANSWERED
    if event.is_cancelled or evaluation.place.status not in STATUSES_ASKED[evaluation.stage]:
        return State.ENDED
    if on < evaluation.opens_on:
        return State.EARLY
    has_begun = evaluation.stage == Stage.BEFORE and at >= event.starts_at
    return State.CLOSED if on > evaluation.closes_on or has_begun else State.OPEN


def state_of_manager(evaluation, *, at):
    """Of the manager's: they can answer some days longer, as they were asked only by the practitioner's answer."""
    if evaluation.manager_answered_at:
        return State.ANSWERED
    if not evaluation.manager_email or not evaluation.answered_at:
        return State.ENDED
    closes_on = manager_closes_on(evaluation)
    return State.CLOSED if timezone.localdate(at) > closes_on else State.OPEN


def manager_closes_on(evaluation):
    return evaluation.closes_on + MANAGER_DAYS


def waiting_for(places, *, at):
    """[(Evaluation, its address)] of questions that wait for an answer, of one person's ``places``; one query."""
    found = Evaluation.objects.filter(place__in=places, answered_at=None)
    found = found.select_related("place__event__course").order_by("closes_on", "pk")
    return [(each, links.address_of(links.EVALUATION, each)) for each in found if state_of(each, at=at) == State.OPEN]


# Answering


@transaction.atomic
def answer(evaluation, *, at, **answers):
    """Keep a practitioner's answers, and ask the manager where they gave an address. The first answer stands.

    Gives the state that was found: OPEN where these answers were kept.
    """
    evaluation = locked(evaluation)
    state = state_of(evaluation, at=at)
    if state == State.OPEN:
        Evaluation.objects.filter(pk=evaluation.pk).update(answered_at=at, **answers)
        if answers.get("manager_email"):
            address = answers["manager_email"]
            put(Kind.EVALUATION_MANAGER, key=evaluation.pk.hex, address=address, evaluation=evaluation)
    return state


@transaction.atomic
def answer_as_manager(evaluation, *, at, changed, words):
    """Keep a manager's answers; the first stands. Gives the state that was found."""
    evaluation = locked(evaluation)
    state = state_of_manager(evaluation, at=at)
    if state == State.OPEN:
        Evaluation.objects.filter(pk=evaluation.pk).update(
            manager_answered_at=at, manager_changed=changed, manager_words=words
        )
    return state


def locked(evaluation):
    rows = Evaluation.objects.select_related("place__event__course", "place__practitioner")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=evaluation.pk)
