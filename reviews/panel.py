"""The Panel's letters on a case: what each says, point by point, and what the partnership answers.

The stages follow from them: the Panel replied on the day of its first letter, and its points are answered when every
letter is.
"""

from django.db import transaction

from reviews.cases import held_open, record_stage, undo_stage
from reviews.clock import ANSWERED, REPLIED, SENT
from reviews.models import PanelLetter, PanelPoint

NOT_OURS = "The Panel’s own time"  # a late reply is nobody's here to explain


def section_of(case):
    """What the case page shows of the Panel's letters. Two queries, however many there are."""
    return {"letters": list(case.letters.prefetch_related("points")), "is_open": case.closed_on is None}


def sent_on(case):
    """The day on which the rapid review was sent to the Panel, or None."""
    return case.stages.filter(code=SENT).values_list("done_on", flat=True).first()


@transaction.atomic
def keep_letter(case, *, received_on, view, words, points):
    """Keep a letter of the Panel with its ``points``, each a text."""
    held_open(case)
    letter = PanelLetter.objects.create(
        case=case, partnership_id=case.partnership_id, received_on=received_on, view=view, words=words
    )
    write_points(letter, points)
    follow(case)
    return letter


@transaction.atomic
def change_letter(letter, *, points):
    """Keep what a form put into ``letter``. A point whose words stay keeps its answer."""
    held_open(letter.case)
    letter.save()
    write_points(letter, points)
    follow(letter.case)


def write_points(letter, points):
    """``points`` in their order. Answers go with the words that they answer, else with the place."""
    before = list(letter.points.all())
    by_words = {point.point: point.response for point in before}
    by_place = [point.response if point.point not in points else "" for point in before]
    letter.points.all().delete()
    for place, text in enumerate(points):
        response = by_words.get(text, by_place[place] if place < len(by_place) else "")
        PanelPoint.objects.create(
            letter=letter, partnership_id=letter.partnership_id, position=place + 1, point=text, response=response
        )


@transaction.atomic
def answer_letter(letter, *, responses, answered_on, late_because=""):
    """Keep what we say to each point (``responses`` by a point's key), and when that was sent (None: not yet).

    Raises reviews.cases.LateNeedsReason where the last answer is late and nobody says why.
    """
    held_open(letter.case)
    held = PanelLetter.objects.select_for_update().get(pk=letter.pk)
    for point in held.points.filter(pk__in=responses):
        point.response = responses[point.pk]
        point.save()
    held.answered_on = answered_on
    held.save()
    follow(letter.case, late_because=late_because)
    return held


def follow(case, *, late_because=""):
    """Bring the two stages of the Panel to where the letters are."""
    letters = list(case.letters.all())
    stages = {stage.code: stage for stage in case.stages.filter(code__in=[REPLIED, ANSWERED])}
    replied_on = min((letter.received_on for letter in letters), default=None)
    answered = [letter.answered_on for letter in letters]
    if replied_on and REPLIED in stages:
        record_stage(stages[REPLIED], done_on=replied_on, late_because=NOT_OURS)
    if ANSWERED not in stages:
        return
    if answered and all(answered):
        stage = stages[ANSWERED]
        record_stage(stage, done_on=max(answered), late_because=late_because or stage.late_because)
    elif stages[ANSWERED].done_on:
        undo_stage(stages[ANSWERED])
