"""Rows of evaluation: three stages of everybody who had a place, and what a person made of their words."""

from collections import Counter
from datetime import datetime, time, timedelta

from django.utils import timezone

from assurance.sample import training
from training.models import HELD, Evaluation, EvaluationSummary, Place

BEFORE, AFTER, LATER = Evaluation.Stage.BEFORE, Evaluation.Stage.AFTER, Evaluation.Stage.LATER
# Days after the event on which a stage opens and closes; of a hundred so many answer.
STAGES = {BEFORE: (-7, 0, 68), AFTER: (0, 14, 61), LATER: (42, 56, 44)}
CHANGED = ["yes", "partly", "yes", "not-yet", "partly", "yes", "no", "not-yet", "yes", "partly"]
MANY_ANSWERS = 5


def load_answers(cast):
    held = Place.objects.filter(status__in=HELD).select_related("event__course").order_by("event", "pk")
    rows = [row for number, place in enumerate(held) for row in evaluations_of(cast, place, number)]
    Evaluation.objects.bulk_create(rows)
    load_summaries(cast, rows)


def evaluations_of(cast, place, number):
    """Those that were due by today; nobody is asked what changed who was not there."""
    day = timezone.localdate(place.event.starts_at)
    for stage, (opens, closes, of_a_hundred) in STAGES.items():
        opens_on = day + timedelta(days=opens)
        is_asked = stage == BEFORE or place.status == Place.Status.ATTENDED
        if not is_asked or opens_on > cast.calendar.today:
            continue
        row = Evaluation(place=place, stage=stage, opens_on=opens_on, closes_on=day + timedelta(days=closes))
        day_of_answer = opens_on + timedelta(days=number % 6)
        answered_at = timezone.make_aware(datetime.combine(day_of_answer, time(9 + number % 9)))
        if (number * 61 + len(stage) * 17) % 100 < of_a_hundred and answered_at < timezone.now():
            answer(row, number, answered_at)
        yield row


def answer(row, number, at):
    row.answered_at = at
    low = 2 + number % 7 // 4  # twos and threes, more twos
    row.confidence = min(low + {BEFORE: 0, AFTER: 1 + number % 2, LATER: 1 + (number % 3 == 0)}[row.stage], 5)
    says_something = number % 3 == 0
    if row.stage == BEFORE:
        row.words = training.BEFORE_WORDS[number % 3] if says_something else ""
    if row.stage == AFTER:
        row.usefulness = 5 - number % 5 // 3
        row.words = training.AFTER_WORDS[number % 4] if says_something else ""
    if row.stage == LATER:
        later(row, number, at)


def later(row, number, at):
    row.changed = CHANGED[number % 10]
    row.words = training.LATER_WORDS[number % 4] if number % 2 else ""
    row.hindered = training.HINDERED[number % 3] if row.changed in {"not-yet", "no"} else ""
    row.is_with_manager = number % 7 == 0
    row.manager_email = row.place.practitioner.manager_email if number % 2 else ""
    if number % 4 == 1:
        row.manager_answered_at = at + timedelta(days=1)
        row.manager_changed = CHANGED[(number + 1) % 10]
        row.manager_words = training.MANAGER_WORDS[number // 4 % 2] if number % 8 == 1 else ""


def load_summaries(cast, rows):
    """Of some events, where enough people answered."""
    answered = Counter((row.place.event, row.stage) for row in rows if row.answered_at)
    EvaluationSummary.objects.bulk_create(
        EvaluationSummary(
            event=event,
            stage=stage,
            text=training.SUMMARIES[event.course.title][0 if stage == AFTER else 1],
            difference=training.SUMMARIES[event.course.title][2] if stage == LATER else "",
            answer_count=count,
            written_by=cast.holders["training"],
            written_at=cast.calendar.moment(timezone.localdate(event.starts_at) + timedelta(days=STAGES[stage][1] + 5)),
        )
        for (event, stage), count in answered.items()
        if stage != BEFORE
        and count >= MANY_ANSWERS
        and event.course.title in training.SUMMARIES
        and timezone.localdate(event.starts_at) + timedelta(days=STAGES[stage][1] + 5) <= cast.calendar.today
    )
