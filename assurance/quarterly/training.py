"""What training shows of the priorities that its courses serve: who came, and what they say that it changed.

What was said belongs to the quarter in which the questions closed, which is mostly not that of the course. Answers are
told only as ``training.evaluation.figures`` tells them.
"""

from collections import defaultdict
from dataclasses import replace

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from assurance.models import QuarterlyEvidence
from assurance.quarterly.offers import Offer
from partnership.templatetags.components import long_date
from training.evaluation.charts import in_words
from training.evaluation.figures import Figures, added_up, figures_by_event
from training.models import Course, Evaluation, EvaluationSummary, Event, Place

TRAINING = QuarterlyEvidence.Stream.TRAINING
AFTER, LATER = Evaluation.Stage.AFTER, Evaluation.Stage.LATER
TIMES = {1: "once", 2: "twice"}


def of_training(quarter, *, on):
    """Of each course that serves a priority. Eight queries, of however many courses."""
    in_partnerships = Course.partnerships.through.objects.filter(partnership__in=quarter.partnership_ids)
    ours = Course.objects.filter(pk__in=in_partnerships.values("course"))
    courses = {course.pk: course for course in quarter.linked(ours).order_by("title", "pk")}
    yield from of_who_came(quarter, courses)
    yield from of_what_they_say(quarter, courses, on=on)
    yield from of_what_they_wrote(quarter, courses)


def of_who_came(quarter, courses):
    held = Event.objects.not_cancelled().filter(course__in=courses, starts_at__date__range=quarter.days)
    came = Q(places__status=Place.Status.ATTENDED)
    rows = (
        held.filter(came)
        .order_by()
        .values("course")
        .annotate(
            last=Max("starts_at"),
            held_count=Count("pk", distinct=True),
            came_count=Count("places"),
            agency_count=Count("places__organisation", distinct=True),
        )
    )
    found = {row["course"]: row for row in rows}
    for course in courses.values():
        if row := found.get(course.pk):
            times = TIMES.get(row["held_count"], f"{row['held_count']} times")
            people = "person" if row["came_count"] == 1 else "people"
            agencies = "agency" if row["agency_count"] == 1 else "agencies"
            yield Offer(
                stream=TRAINING,
                source_key=f"course:{course.pk}",
                reference=f"Course: {course}",
                text=f"Held {times}: {row['came_count']} {people} of {row['agency_count']} {agencies} came.",
                dated_on=timezone.localdate(row["last"]),
                address=course.get_absolute_url(),
                priorities=quarter.now(course.ours),
            )


def of_what_they_say(quarter, courses, *, on):
    """How confident they are since, and whether their practice changed, where that is told."""
    stages = Evaluation.objects.filter(place__event__course__in=courses, stage__in=[AFTER, LATER]).order_by()
    closing = stages.values("place__event", "stage").annotate(closed_on=Max("closes_on"))
    closed = defaultdict(dict)
    for row in closing.filter(closed_on__range=quarter.days):
        closed[row["place__event"]][row["stage"]] = row["closed_on"]
    events = list(Event.objects.not_cancelled().filter(pk__in=closed).select_related("course"))
    figures = figures_by_event(events, on=on)
    told, days = defaultdict(list), defaultdict(list)
    for event in events:
        told[event.course_id].append(of_stages(figures[event.pk], closed[event.pk]))
        days[event.course_id] += closed[event.pk].values()
    for course in courses.values():
        of_course = added_up(told[course.pk])
        if of_course.learned or of_course.kept or of_course.later.changed or of_course.manager.changed:
            yield Offer(
                stream=TRAINING,
                source_key=f"course-said:{course.pk}",
                reference=f"What those say who took part in {course}",
                text=" ".join(in_words(of_course)),
                dated_on=max(days[course.pk]),
                address=f"{reverse('training:evaluation-list')}?course={course.pk}&when=all",
                priorities=quarter.now(course.ours),
            )


def of_stages(figures, stages):
    """``figures`` of an event, with what was said at these ``stages`` alone."""
    nothing = Figures()
    if AFTER not in stages:
        figures = replace(figures, after=nothing.after, learned=None)
    if LATER not in stages:
        figures = replace(figures, later=nothing.later, kept=None, manager=nothing.manager)
    return figures


def of_what_they_wrote(quarter, courses):
    """As whoever runs the training put it together by hand."""
    summaries = EvaluationSummary.objects.filter(event__course__in=courses, written_at__date__range=quarter.days)
    for each in summaries.exclude(stage=Evaluation.Stage.BEFORE).select_related("event").order_by("written_at", "pk"):
        course = courses[each.event.course_id]
        made = f" Difference made: {each.difference.strip()}" if each.difference.strip() else ""
        yield Offer(
            stream=TRAINING,
            source_key=f"training-summary:{each.pk}",
            reference=f"{course}, {long_date(each.event.starts_at)}: what people wrote",
            text=f"{each.get_stage_display()}, {each.answer_count} answers: {each.text.strip()}{made}",
            dated_on=timezone.localdate(each.written_at),
            address=reverse("training:evaluation-detail", args=[each.event_id]),
            priorities=quarter.now(course.ours),
        )
