"""A school answers: each question saved by itself, two people at once without loss, submitted once for good."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.db.models import Q

from assurance.models import SchoolAnswer, SchoolQuestion, SchoolReturn
from partnership.refusals import ChangedMeanwhile

Kind = SchoolQuestion.Kind
YES, NO = "yes", "no"
LONGEST_TEXT = 5_000
MOST_CHOICES = 11  # scores offered as buttons; on a longer scale the score is typed


class TakesNoAnswer(Exception):
    """It is submitted, excused or closed. The words say which, and can be shown to a person."""


class CannotTake(Exception):
    """What was typed is no answer to this question. The words say what to do."""


# What may be said


def cleaned_value(question, value):
    """``value`` (text) as it is kept, "" for none. Raises CannotTake."""
    value = value.strip()
    if not value or question.kind == Kind.TEXT:
        return ""
    if question.kind == Kind.YES_NO:
        if value not in (YES, NO):
            raise CannotTake("Choose yes or no.")
        return value
    number = number_of(value)
    if question.kind == Kind.NUMBER:
        if number is None or number < 0 or len(value) > 12:
            raise CannotTake("Enter a number in figures, like 12.")
        return written(number)
    scale = question.scale
    if number is None or not scale.takes(number):
        raise CannotTake(f"Enter a score from {written(scale.lowest)} to {written(scale.highest)}{steps_in(scale)}.")
    return written(number)


def number_of(text):
    try:
        number = Decimal(text.replace(",", "").removesuffix("%").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e10") else None


def written(number):
    """ "3" of Decimal("3.00"), "2.5" of Decimal("2.50")."""
    return f"{number.normalize():f}"


def steps_in(scale):
    return "" if scale.step == 1 else f", in steps of {written(scale.step)}"


def choices_of(question):
    """[(value, words)] offered for a question; empty where the answer is typed."""
    if question.kind == Kind.YES_NO:
        return [(YES, "Yes"), (NO, "No")]
    if question.kind != Kind.SCORE:
        return []
    scale = question.scale
    count = int((scale.highest - scale.lowest) / scale.step) + 1
    if count > MOST_CHOICES:
        return []
    words = {point.value: point.word for point in scale.points.all()}
    values = [scale.lowest + scale.step * n for n in range(count)]
    return [(written(value), words_of_score(value, words.get(value, ""), scale.unit)) for value in values]


def words_of_score(value, word, unit):
    figure = f"{written(value)}{unit}"
    return f"{figure}: {word}" if word else figure


def said_in_words(question, value):
    """A kept ``value`` as it is read: "2: Mostly met", "Yes"."""
    if not value:
        return ""
    named = dict(choices_of(question)).get(value)
    return named or f"{value}{question.scale.unit if question.scale else ''}"


# Saving


@transaction.atomic
def save_answer(record, question, *, value, text, seen, at):
    """Keep one answer; gives the SchoolAnswer. ``seen`` is the version that stood on the page, 0 for none.

    The same words again change nothing, whichever version was seen. Raises TakesNoAnswer, CannotTake,
    ChangedMeanwhile.
    """
    _locked(record)
    return _keep(record, question, value=value, text=text, seen=seen)


def _keep(record, question, *, value, text, seen):
    value, text = cleaned_value(question, value), cleaned_text(text)
    answer = SchoolAnswer.objects.filter(record=record, question=question).first()
    if answer is None:
        if not (value or text):
            return SchoolAnswer(record=record, question=question)
        return SchoolAnswer.objects.create(record=record, question=question, value=value, text=text, version=1)
    if (answer.value, answer.text) == (value, text):
        return answer
    if answer.version != seen:
        raise ChangedMeanwhile(answer)
    answer.value, answer.text, answer.version = value, text, answer.version + 1
    answer.save(update_fields=["value", "text", "version"])
    return answer


def cleaned_text(text):
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > LONGEST_TEXT:
        raise CannotTake(f"Use {LONGEST_TEXT:,} characters or fewer. You have {len(text):,}.")
    return text


def _locked(record):
    """Hold the return until this is done. Raises TakesNoAnswer where it takes none any more."""
    held = SchoolReturn.objects.select_for_update(of=["self"], no_key=True).select_related("survey").get(pk=record.pk)
    if held.submitted_at:
        raise TakesNoAnswer("These answers have been submitted, so they can no longer be changed.")
    if held.survey.closed_on or held.excused_on:
        raise TakesNoAnswer("This survey takes no answers any more.")
    return held


@transaction.atomic
def open_return(record, *, at):
    """Note when the school first saved something."""
    SchoolReturn.objects.filter(pk=record.pk, opened_at=None).update(opened_at=at)


@dataclass
class Typed:
    """What came from the page for one question."""

    question: object
    value: str
    text: str
    seen: int
    problem: str = ""
    theirs: object = None


@transaction.atomic
def save_all(record, typed, *, at):
    """Keep every answer of the page that can be kept; each other one says in ``problem`` or ``theirs`` why not.

    ``typed``: a list of Typed. Gives whether all were kept. Raises TakesNoAnswer.
    """
    _locked(record)
    open_return(record, at=at)
    for each in typed:
        try:
            _keep(record, each.question, value=each.value, text=each.text, seen=each.seen)
        except CannotTake as problem:
            each.problem = str(problem)
        except ChangedMeanwhile as meanwhile:
            each.theirs = meanwhile.there
    return not any(each.problem or each.theirs for each in typed)


def unanswered(record, questions):
    """Those of ``questions`` that must be answered and are not."""
    done = set(record.answers.exclude(Q(value="") & Q(text="")).values_list("question", flat=True))
    half = set(record.answers.filter(value="").values_list("question", flat=True))
    return [
        question
        for question in questions
        if question.is_required and (question.pk not in done or (question.kind != Kind.TEXT and question.pk in half))
    ]


@transaction.atomic
def submit(record, *, answered_by, at, typed_in_by=None):
    """Freeze the answers. Raises TakesNoAnswer; what must be answered was asked before: ``unanswered``."""
    held = _locked(record)
    held.answered_by, held.submitted_at, held.typed_in_by = answered_by, at, typed_in_by
    held.opened_at = held.opened_at or at
    held.save(update_fields=["answered_by", "submitted_at", "opened_at", "typed_in_by"])
    return held


# Last year's


def last_answers(record, questions):
    """{question's key: the SchoolAnswer to the same question last time}, of the survey that this one follows."""
    if not record.survey.previous_id:
        return {}
    before = SchoolAnswer.objects.filter(
        record__survey=record.survey.previous_id, record__school=record.school_id
    ).exclude(record__submitted_at=None)
    by_sign = {}
    for answer in before.select_related("question__scale", "question__standard"):
        for sign in signs_of(answer.question):
            by_sign.setdefault(sign, answer)
    found = {}
    for question in questions:
        answer = next((by_sign[sign] for sign in signs_of(question) if sign in by_sign), None)
        if answer and answer.question.kind == question.kind and (answer.value or answer.text):
            found[question.pk] = answer
    return found


def signs_of(question):
    """By what a question is known again from year to year, however its words changed."""
    if question.standard_id:
        yield "standard", question.standard_id
        if question.standard.same_as_id:
            yield "standard", question.standard.same_as_id
    if question.asked_from_id:
        yield "asked", question.asked_from_id
    yield "words", question.text.casefold()
