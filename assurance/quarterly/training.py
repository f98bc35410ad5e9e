"""What training shows of the priorities that its courses serve: who came, and what they say that it changed.

What was said belongs to the quarter in which the questions closed, which is mostly not that of the course. Answers are
told only as ``training.evaluation.figures`` tells them.
"""

from collections import defaultdict
from dataclasses import replace

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from assurance.models import QuarterlyEvidence
from assurance.quarterly.offers import Offer
from partnership.templatetags.components import long_date, sentence_join
from training.evaluation.charts import in_words
from training.evaluation.figures import Figures, added_up, figures_by_event
from training.models import Course, Evaluation, EvaluationSummary, Event, Place

TRAINING = QuarterlyEvidence.Stream.TRAINING
AFTER, LATER = Evaluation.Stage.AFTER, Evaluation.Stage.LATER


def of_training(quarter, *, on):
    """Of each priority, what its courses come to together. Eight queries, of however many courses."""
    in_partnerships = Course.partnerships.through.objects.filter(partnership__in=quarter.partnership_ids)
    ours = Course.objects.filter(pk__in=in_partnerships.values("course"))
    courses = {course.pk: course for course in quarter.linked(ours).order_by("title", "pk")}
    serving = defaultdict(list)
    for course in courses.values():
        for priority in quarter.now(course.ours):
            serving[priority].append(course)
    yield from of_who_came(quarter, courses, serving)
    yield from of_what_they_say(quarter, courses, serving, on=on)
    yield from of_what_they_wrote(quarter, courses)


def of_who_came(quarter, courses, serving):
    held = Event.objects.not_cancelled().filter(course__in=courses, starts_at__date__range=quarter.days)
    rows = held.filter(places__status=Place.Status.ATTENDED).order_by().values("course")
    rows = rows.annotate(last=Max("starts_at"), held_count=Count("pk", distinct=True), came_count=Count("places"))
    found = {row["course"]: row for row in rows}
    for priority, of_priority in serving.items():
        told = [(course, found[course.pk]) for course in of_priority if course.pk in found]
        if told:
            times = sum(row["held_count"] for _course, row in told)
            named = sentence_join([f"{course} ({row['came_count']})" for course, row in told])
            yield Offer(
                stream=TRAINING,
                source_key=f"training-came:{priority}",
                reference="Courses held, and who came",
                text=f"{times} event{'' if times == 1 else 's'}, with how many people came: {named}.",
                dated_on=max(timezone.localdate(row["last"]) for _course, row in told),
                address=reverse("training:course-list"),
                priorities=frozenset([priority]),
            )


def of_what_they_say(quarter, courses, serving, *, on):
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
    for priority, of_priority in serving.items():
        of_all = added_up([each for course in of_priority for each in told[course.pk]])
        if of_all.learned or of_all.kept or of_all.later.changed or of_all.manager.changed:
            asked = [course for course in of_priority if told[course.pk]]
            yield Offer(
                stream=TRAINING,
                source_key=f"training-said:{priority}",
                reference="What those say who took part in courses",
                text=f"{' '.join(in_words(of_all))} Courses: {sentence_join([str(course) for course in asked])}.",
                dated_on=max(day for course in asked for day in days[course.pk]),
                address=reverse("training:evaluation-list"),
                priorities=frozenset([priority]),
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
    """The difference it made, as whoever runs the training put it together by hand."""
    summaries = EvaluationSummary.objects.filter(event__course__in=courses, written_at__date__range=quarter.days)
    for each in summaries.exclude(difference="").select_related("event").order_by("written_at", "pk"):
        course = courses[each.event.course_id]
        yield Offer(
            stream=TRAINING,
            source_key=f"training-summary:{each.pk}",
            reference=f"{course}, {long_date(each.event.starts_at)}: what people wrote",
            text=f"{each.get_stage_display()}, {each.answer_count} answers: {each.text.strip()} "
            f"Difference made: {each.difference.strip()}",
            dated_on=timezone.localdate(each.written_at),
            address=reverse("training:evaluation-detail", args=[each.event_id]),
            priorities=quarter.now(course.ours),
        )
