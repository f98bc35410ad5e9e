"""What training did in the year, for the annual report: what it changed, which needs it met, who gave it.

Answers are told only as ``training.evaluation.figures`` tells them: never of few people, never one by one. Of what
agencies taught their own, only what they submitted.
"""

from collections import defaultdict
from decimal import Decimal
from itertools import chain

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assurance.annual.money import DIFFERENCE, HOW_MUCH, HOW_WELL, Fact
from partnership.templatetags.components import sentence_join
from training.evaluation.asking import figures_of
from training.evaluation.charts import in_words
from training.models import (
    HELD,
    AgencyTrainingReturn,
    Course,
    Evaluation,
    EvaluationSummary,
    Event,
    EventTrainer,
    LearningNeed,
    Place,
)
from training.needs.deciding import met_of

KIND = "training"
MOST_AGENCIES = 6
NO_IMPACT = "Evidence of what training changed in practice: nobody was asked weeks later, or too few answered"


def events_of(year):
    """Events of the year at which somebody had a place, or missed one."""
    of_ours = Course.objects.filter(partnerships__in=year.partnership_ids).values("pk")
    held = Place.objects.filter(status__in=HELD).values("event")
    return (
        Event.objects.not_cancelled()
        .filter(course__in=of_ours, pk__in=held, starts_at__date__range=(year.starts_on, year.ends_on))
        .order_by("starts_at", "pk")
    )


def facts_of_training(year):
    yield from facts_of_evaluation(year)
    yield from facts_of_summaries(year)
    yield from facts_of_needs(year)
    yield from facts_of_trainers(year)
    yield from facts_of_own_training(year)


def facts_of_evaluation(year):
    """Confidence before and since, and what people and managers say of their practice, over all events of the year."""
    figures = figures_of(events_of(year), on=timezone.localdate())
    if figures.is_told:
        yield fact(
            "evaluation",
            f"Courses of the year, as those who took part say. {' '.join(in_words(figures))}",
            DIFFERENCE if figures.later.changed else HOW_WELL,
            year.ends_on,
            reverse("training:evaluation-list"),
        )


def facts_of_summaries(year):
    """What people wrote some weeks later, put together by hand, with the difference it made."""
    summaries = EvaluationSummary.objects.filter(
        event__in=events_of(year).order_by().values("pk"), stage=Evaluation.Stage.LATER
    )
    for summary in summaries.select_related("event__course").order_by("event__starts_at", "pk"):
        said = " ".join(filter(None, [summary.text.strip(), summary.difference.strip()]))
        yield fact(
            f"summary:{summary.pk}",
            f"{summary.event.course.title}, {summary.answer_count} answers some weeks later: {said}",
            DIFFERENCE if summary.difference.strip() else HOW_WELL,
            timezone.localdate(summary.event.starts_at),
            summary.event.get_absolute_url(),
        )


def facts_of_needs(year):
    """Needs of the year: what was held for each, and why what is left was left."""
    needs = LearningNeed.objects.filter(
        ~Q(decision=LearningNeed.Decision.OPEN),
        analysis__partnership__in=year.partnership_ids,
        analysis__settled_on__isnull=False,
        analysis__starts_on__lte=year.ends_on,
        analysis__ends_on__gte=year.starts_on,
    ).order_by("analysis__starts_on", "position", "pk")
    for met in met_of(needs, starts_on=year.starts_on, ends_on=year.ends_on, on=timezone.localdate()):
        decided = met.need.get_decision_display().lower()
        people = "person" if met.held.attended == 1 else "people"
        came = f", {met.held.attended} {people} came" if met.held.attended else ""
        left = f" {met.left.strip()}" if met.left else ""
        yield fact(
            f"need:{met.need.pk}",
            f"Learning need “{met.need.topic}”: {decided}{came}.{left}",
            HOW_MUCH,
            year.ends_on,
            met.need.get_absolute_url(),
        )


def facts_of_trainers(year):
    """Which agencies gave trainers, and how many days."""
    days = defaultdict(Decimal)
    events = events_of(year).order_by().values("pk")
    given = EventTrainer.objects.filter(event__in=events).exclude(organisation=None)
    for name, count in given.values_list("organisation__name", "days"):
        days[name] += count
    if days:
        most = sorted(days.items(), key=lambda each: (-each[1], each[0]))
        named = sentence_join([f"{name} ({number(count)})" for name, count in most[:MOST_AGENCIES]])
        others = f" {len(most) - MOST_AGENCIES} more gave some." if len(most) > MOST_AGENCIES else ""
        total = number(sum(days.values()))
        yield fact(
            "trainers", f"Agencies gave {total} trainer days. Most came from {named}.{others}", HOW_MUCH, year.ends_on
        )


def facts_of_own_training(year):
    """What agencies say that their own training changed."""
    records = AgencyTrainingReturn.objects.filter(
        partnership__in=year.partnership_ids, ends_on__range=(year.starts_on, year.ends_on)
    )
    told = records.exclude(submitted_at=None).exclude(difference="").select_related("organisation")
    for record in told.order_by("organisation__name", "pk"):
        yield fact(
            f"own:{record.pk}",
            f"{record.organisation.name}, on its own training: {record.difference.strip()}",
            DIFFERENCE,
            record.ends_on,
            record.get_absolute_url(),
        )


def fact(key, text, shows, day, address=""):
    key = f"training-{key}"
    return Fact(source_key=key, reference="TR", kind=KIND, text=text, shows=shows, dated_on=day, address=address)


def number(days):
    return f"{days.normalize():f}"


def lacks_of_training(year):
    """(what, where): that training was held and nothing shows what it changed."""
    facts = chain(facts_of_summaries(year), facts_of_evaluation(year))  # the quicker to read first
    if not any(each.shows == DIFFERENCE for each in facts) and events_of(year).exists():
        yield NO_IMPACT, reverse("training:evaluation-list")
