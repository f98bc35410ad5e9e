"""Releasing: what comes of a case or a review becomes readable for every member, under words that lead nowhere.

One by one at any time; together once the review is public. What was not released of it then is its group's next step
until it is released as well, or the group says why it stays with it. Each release stands in the history.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

import pghistory
from django.db import transaction
from django.db.models import Prefetch, Q

from partnership.refusals import NotNow
from partnership.templatetags.components import sentence_join
from partnership.working_days import add_working_days
from reviews.cases import add_stages, leave_stage_out, record_stage
from reviews.clock import RELEASED
from reviews.models import (
    Case,
    LearningPoint,
    PracticeReview,
    Recommendation,
    RecommendationEvidence,
    ReviewPublication,
    Stage,
)

SHORTEST_WORD = 4  # letters of a word of a category that would lead somebody to a case
DAYS_TO_RELEASE = 10  # working days from publication


# What would lead to the case


class TellTales(NamedTuple):
    """What leads to a case or a review: ``references`` anywhere, ``names`` in a label, unless it is one of ``titles``.

    ``titles`` are those under which the review is public, which lead nowhere but to the public page.
    """

    references: set
    names: set
    titles: list


def tell_tales(record):
    """Of the case and the review that ``record`` comes from, which nobody else may read. Three queries."""
    case, review = record.case_id, record.review_id
    of_cases = (Q(pk=case) if case else Q()) | (Q(reviews=review) if review else Q())
    of_reviews = (Q(pk=review) if review else Q()) | (Q(cases=case) if case else Q())
    cases = Case.objects.filter(of_cases).distinct() if of_cases else Case.objects.none()
    reviews = PracticeReview.objects.filter(of_reviews).distinct() if of_reviews else PracticeReview.objects.none()
    found = list(cases.values_list("reference", "category", "panel_reference"))
    found += [(reference, title, "") for reference, title in reviews.values_list("reference", "title")]
    references = {each for reference, _name, other in found for each in (reference, other) if each}
    return TellTales(references, {name for _reference, name, _other in found if name}, public_titles(review))


def public_titles(review_id):
    """The title under which the public reads the review; none where it reads nothing of it."""
    if not review_id:
        return []
    return list(ReviewPublication.objects.published().filter(review=review_id).values_list("title", flat=True))


def tells(text, references, names=()):
    """What of ``text`` would lead somebody to the case: a reference however it is put, or the words of a name."""
    squeezed, words = _squeezed(text), set(_words(text))
    for reference in references:
        if _squeezed(reference) in squeezed:
            return reference
    for name in names:
        telling = {word for word in _words(name) if len(word) >= SHORTEST_WORD}
        if telling and telling <= words:
            return name
    return ""


def label_tells(label, tales):
    """What of ``label`` would lead somebody to the case. The title under which the review is public does not."""
    if _words(label) in [_words(title) for title in tales.titles]:
        return ""
    return tells(label, tales.references, tales.names)


def _squeezed(text):
    return re.sub(r"[\W_]+", "", text).casefold()


def _words(text):
    return re.findall(r"\w+", text.casefold())


# What ``words_of_others`` reads, to be fetched for several at once.
READ_BY_OTHERS = (
    "themes",
    "organisations",
    "rechecks",
    Prefetch(
        "evidence",
        RecommendationEvidence.objects.shown().select_related("document").defer("document__content"),
        to_attr="evidence_shown",
    ),
)


def words_of_others(recommendation):
    """[(what it is, words)] of all that members will read of it beside its label, its text and its measure.

    ``recommendation`` was fetched with ``READ_BY_OTHERS``.
    """
    found = [
        ("Ref", recommendation.ref),
        ("About", sentence_join(recommendation.themes.all())),
        ("For whom", sentence_join(recommendation.organisations.all())),
        ("Why this is the answer", recommendation.answer_because),
    ]
    for each in recommendation.evidence_shown:
        found += [("Evidence", each.words), ("Link", each.address)]
        found += [("File", each.document.filename)] if each.document else []
    for each in recommendation.rechecks.all():
        found += [("How we look", each.method), ("What the judgement rests on", each.evidence)]
    return [(what, words) for what, words in found if words]


# One by one


def _held(record):
    return type(record).objects.select_for_update(of=["self"], no_key=True).get(pk=record.pk)


@transaction.atomic
def release(record, *, label, by, on, **words):
    """Let every member read a recommendation or a learning point under ``label``, as ``words``: text, measure.

    The history says who released it as what. Raises NotNow where it comes from no case and no review.
    """
    held = _held(record)
    if not held.is_of_group:
        raise NotNow("Every member may read this already.")
    for name, value in {"label": label, **words}.items():
        setattr(held, name, value)
    held.released_on, held.released_by = held.released_on or on, by
    with pghistory.context(reason=f"Released to all members as “{label}”"):
        held.save()
    note_released(held.review_id, on=on)
    return held


@transaction.atomic
def take_back(record):
    """Make it the group's own again. Raises NotNow where something holds it, such as a plan or a published briefing."""
    held = _held(record)
    if held.has_lost_its_source:
        raise NotNow("What it came from is not kept any more, so it stays released.")
    if isinstance(held, Recommendation) and held.actions.exists():
        raise NotNow("It is on a plan. Take it off there first; the row of the plan stays.")
    if isinstance(held, LearningPoint) and held.briefings.filter(published_at__isnull=False).exists():
        raise NotNow("A published briefing takes it up, so it stays released.")
    held.released_on = held.released_by = None
    with pghistory.context(reason="Taken back: for the case review group alone again"):
        held.save()
    return held


# Together, once the review is public


@dataclass(frozen=True)
class Left:
    """What of a review only its group may read."""

    recommendations: list
    points: list

    def __len__(self):
        return len(self.recommendations) + len(self.points)

    def __iter__(self):
        return iter([*self.recommendations, *self.points])


def left_of(review):
    """What of ``review`` was not released, ready for ``words_of_others``. Six queries."""
    recommendations = review.recommendations.restricted().prefetch_related(*READ_BY_OTHERS)
    points = LearningPoint.objects.filter(review=review, released_on=None)
    return Left(list(recommendations.order_by("made_on", "ref", "pk")), list(points.order_by("learned_on", "pk")))


def count_left(review_id):
    """How much of a review only its group may read. Two queries."""
    kinds = (Recommendation, LearningPoint)
    return sum(kind.objects.filter(review=review_id, released_on=None).count() for kind in kinds)


@transaction.atomic
def release_together(chosen, *, label, by, on):
    """Release each (record, {name: words}) of ``chosen`` under one ``label``; how many were not released yet."""
    waiting = [(record, words) for record, words in chosen if _held(record).is_restricted]
    for record, words in waiting:
        release(record, label=label, by=by, on=on, **words)
    return len(waiting)


@transaction.atomic
def keep_the_rest(review, *, because):
    """What was not released stays with the group, which is reminded of it no more. Raises NotNow if nothing waits."""
    stage = review.stages.filter(code=RELEASED.code).still_open().first()
    if stage is None:
        raise NotNow("Nothing waits to be released any more.")
    leave_stage_out(stage, because=because)


def is_waiting(review):
    """Whether the group is reminded of what is left of ``review``."""
    return review.stages.filter(code=RELEASED.code).still_open().exists()


def begin_releasing(review, *, on):
    """Have the group reminded of what is left, where ``review`` became public ``on`` a day and something is."""
    if not count_left(review.pk) or review.stages.filter(code=RELEASED.code).exists():
        return
    add_stages([RELEASED], first=review.stages.count() + 1, review=review, partnership=review.partnership)
    review.stages.filter(code=RELEASED.code).update(planned_on=add_working_days(on, DAYS_TO_RELEASE))


def note_released(review_id, *, on):
    """Once nothing of a review is left to release, that is done."""
    if not review_id:
        return
    waiting = Stage.objects.select_for_update(of=["self"]).filter(review=review_id, code=RELEASED.code).still_open()
    stage = waiting.first()  # held, as two who release the last ones at once would each see the other’s
    if stage and not count_left(review_id):
        record_stage(stage, done_on=on, late_because="Released after the day that was meant for it.")
