"""What people wrote in their questionnaires, for whoever runs the training to put together by hand."""

from dataclasses import dataclass

from training.models import Evaluation

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
    """The words of one stage; None until the event's ``figures`` of it are told, and for the same reasons.

    Each question's by themselves and in alphabetical order: it tells neither who, nor when, nor which belong together.
    """
    told = {each.stage: each for each in figures.stages}[stage]
    if not told.told_event_count:
        return None
    has_managers = stage == Stage.LATER and figures.manager.changed is not None
    rows = Evaluation.objects.filter(place__event=event, stage=stage).exclude(answered_at=None)
    asked = dict(ASKED[stage])
    if has_managers:
        asked["manager_words"] = OF_MANAGERS
    found = list(rows.values(*asked))
    said = [(question, in_order(row[name] for row in found)) for name, question in asked.items()]
    return Words(told.answered_count + (figures.manager.answered_count if has_managers else 0), said)


def in_order(texts):
    return sorted((text.strip() for text in texts if text.strip()), key=str.casefold)


def new_count(summary, words):
    """How many answers came since the summary was written."""
    return max(words.answer_count - summary.answer_count, 0) if summary and words else 0
