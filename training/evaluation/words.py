"""What people wrote in their questionnaires, for whoever runs the training to put together by hand."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from training.evaluation.telling import FEWEST
from training.models import Evaluation, EvaluationSummary, TrainingPolicy
from training.programme.policies import home_of

Stage = Evaluation.Stage
ASKED = {
    Stage.BEFORE: {"words": "What they want from it"},
    Stage.AFTER: {
        "words": "What they will do differently",
        "hindered": "What would have made it better",
    },
    Stage.LATER: {
        "words": "What changed, and how they know",
        "hindered": "What stood in the way",
    },
}
OF_MANAGERS = "What managers saw"


@dataclass(frozen=True)
class Words:
    """[(question, [text])] of ``answer_count`` questionnaires, those of managers among them."""

    answer_count: int
    said: list


def words_of(event, stage, figures):
    """The words of one stage at an event of these ``figures``; None where there are too few to read.

    Each question's by themselves and in alphabetical order: it tells neither who, nor when, nor which belong together.
    Once nobody can answer any more all are read, from the fewest on that the policy says. Until then they are read in
    steps of five, and one step is held back: whoever looks again finds five new ones or none.
    """
    told = {each.stage: each for each in figures.stages}[stage]
    has_managers = stage == Stage.LATER and figures.manager.changed is not None
    rows = Evaluation.objects.filter(place__event=event, stage=stage).exclude(answered_at=None)
    asked = dict(ASKED[stage])
    if has_managers:
        asked["manager_words"] = OF_MANAGERS
    found = list(rows.order_by("answered_at", "pk").values(*asked))
    found = found[: readable_count(len(found), fewest=figures.fewest, is_open=bool(told.open_event_count))]
    if not found:
        return None
    said = [(question, in_order(row[name] for row in found)) for name, question in asked.items()]
    return Words(len(found) + (figures.manager.answered_count if has_managers else 0), said)


def readable_count(count, *, fewest, is_open):
    readable = max(count // FEWEST - 1, 0) * FEWEST if is_open else count
    return readable if readable >= fewest else 0


def has_words(stage, figures):
    """Whether there is something to read of these StageFigures."""
    is_open = bool(stage.open_event_count)
    return readable_count(stage.answered_count, fewest=figures.fewest, is_open=is_open) > 0


def to_sum_up(events, *, on):
    """Those of ``events`` where enough people said something that nobody has summed up, and no more can be said."""
    policies = TrainingPolicy.objects.filter(partnership=OuterRef("home")).values("fewest_answers")
    written = EvaluationSummary.objects.filter(event=OuterRef("place__event"), stage=OuterRef("stage"))
    is_said = Q(answered_at__isnull=False) & ~Q(words="", hindered="")
    stages = (
        Evaluation.objects.filter(~Exists(written), place__event__in=events.order_by().values("pk"))
        .exclude(stage=Stage.BEFORE)
        .order_by()
        .annotate(home=home_of("place__event__course"))
        .values("place__event", "stage", "home")
        .annotate(
            fewest=Greatest(Subquery(policies), FEWEST),
            closes=Max("closes_on"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            said=Count("pk", filter=is_said),
        )
        .filter(closes__lt=on, answered__gte=F("fewest"), said__gt=0)
    )
    return events.filter(pk__in=stages.values("place__event"))


def in_order(texts):
    return sorted((text.strip() for text in texts if text.strip()), key=str.casefold)


def new_count(summary, words):
    """How many answers came since the summary was written."""
    return max(words.answer_count - summary.answer_count, 0) if summary and words else 0
