"""A survey of schools: made from standards and question sets, or from last year's; sent, chased, closed."""

import re
from datetime import date

from django.db import transaction
from django.db.models import Max, Q

from assurance.models import School, SchoolMail, SchoolQuestion, SchoolReturn, SchoolSurvey
from partnership.working_days import this_or_next_working_day

Kind, Mail = SchoolQuestion.Kind, SchoolMail.Kind
ROWS_AT_ONCE = 500
YEAR = re.compile(r"\b(20\d\d)\b")


class CannotDo(Exception):
    """It is not the time for it. The words say what to do, and can be shown to a person."""


# Making


@transaction.atomic
def make_survey(*, partnership, title, due_on, introduction="", standards=None, question_sets=(), letter=""):
    """A survey with a question for each standard, after those of the question sets; nobody is asked yet."""
    survey = SchoolSurvey.objects.create(
        partnership=partnership,
        title=title,
        introduction=introduction,
        due_on=due_on,
        standards=standards,
        letter=letter,
    )
    questions = []
    for each in question_sets:
        questions += [
            SchoolQuestion(
                section=each.title,
                text=question.text,
                guidance=question.guidance,
                is_required=question.is_required,
                asked_from=question,
            )
            for question in each.questions.filter(retired_on=None)
        ]
    if standards:
        questions += [question_of_standard(standard, standards.scale) for standard in standards.standards.all()]
    for position, question in enumerate(questions, start=1):
        question.survey, question.position = survey, position
    SchoolQuestion.objects.bulk_create(questions)
    return survey


def question_of_standard(standard, scale):
    return SchoolQuestion(
        section=standard.section,
        text=f"{standard.code} {standard.text}"[:400],
        guidance=standard.guidance,
        kind=Kind.SCORE,
        scale=scale,
        standard=standard,
    )


@transaction.atomic
def copy_survey(survey):
    """The next year's, with the same questions and letter, due a year later; the one that is there already, if any."""
    survey = SchoolSurvey.objects.select_for_update(of=["self"], no_key=True).get(pk=survey.pk)
    there = survey.next_ones.first()
    if there:
        return there, False
    following = SchoolSurvey.objects.create(
        partnership=survey.partnership,
        title=year_later(survey.title)[:160],
        introduction=year_later(survey.introduction),
        standards=survey.standards,
        due_on=this_or_next_working_day(day_year_later(survey.due_on)),
        letter=survey.letter,
        letter_signed_by=survey.letter_signed_by,
        previous=survey,
    )
    questions = list(survey.questions.all())
    for question in questions:
        question.pk, question.survey = None, following
        question._state.adding = True
    SchoolQuestion.objects.bulk_create(questions)
    return following, True


def year_later(words):
    """ "Survey 2026 to 2027" as "Survey 2027 to 2028"."""
    return YEAR.sub(lambda found: str(int(found[1]) + 1), words)


def day_year_later(day):
    last_of_february = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) if last_of_february else day.replace(year=day.year + 1)


@transaction.atomic
def add_question(survey, question):
    """Put ``question`` (not saved) at the end. Raises CannotDo once the survey is sent."""
    survey = _unsent(survey)
    question.survey = survey
    question.position = (survey.questions.aggregate(last=Max("position"))["last"] or 0) + 1
    question.save()
    return question


@transaction.atomic
def remove_question(question):
    """Raises CannotDo once the survey is sent."""
    _unsent(question.survey)
    question.delete()


@transaction.atomic
def move_question(question, *, up):
    """Change places with the question before it, or after it. Raises CannotDo once the survey is sent."""
    survey = _unsent(question.survey)
    questions = list(survey.questions.all())
    at = questions.index(question)
    to = at - 1 if up else at + 1
    if 0 <= to < len(questions):
        questions[at], questions[to] = questions[to], questions[at]
    for position, each in enumerate(questions, start=1):
        each.position = position
    SchoolQuestion.objects.bulk_update(questions, ["position"])


def _unsent(survey):
    survey = _locked(survey)
    if survey.sent_on:
        raise CannotDo("The survey has been sent, so its questions stay as they are.")
    return survey


def _locked(survey):
    return SchoolSurvey.objects.select_for_update(of=["self"], no_key=True).get(pk=survey.pk)


def _open(survey):
    survey = _locked(survey)
    if survey.closed_on:
        raise CannotDo("The survey is closed.")
    return survey


# Asking


def schools_asked(survey):
    """The open schools of the partnership's areas."""
    statuses = [School.Status.OPEN, School.Status.CLOSING]
    return School.objects.of_partnership(survey.partnership_id).filter(status__in=statuses)


@transaction.atomic
def send_survey(survey, *, by, at, on):
    """Ask every open school of the areas; gives how many mails wait to leave now.

    A school without an address gets its return and no mail. Pressed again, it asks those that were not asked:
    schools that were added, and those whose address was mended. Raises CannotDo.
    """
    survey = _open(survey)
    if not survey.questions.exists():
        raise CannotDo("Add a question first: there is nothing to ask yet.")
    if not schools_asked(survey).exists():
        raise CannotDo("There are no open schools in the register. Bring the national file first.")
    missing = schools_asked(survey).exclude(returns__survey=survey).order_by("pk")
    SchoolReturn.objects.bulk_create(
        [SchoolReturn(survey=survey, school=school) for school in missing],
        batch_size=ROWS_AT_ONCE,
        ignore_conflicts=True,
    )
    if survey.sent_on is None:
        survey.sent_on = on
        survey.save(update_fields=["sent_on"])
    unasked = waiting_with_address(survey).exclude(mails__kind=Mail.ASKED)
    return _make_mails(unasked, Mail.ASKED, turn=1, by=by, at=at)


def waiting_with_address(survey):
    return SchoolReturn.objects.waiting().filter(survey=survey).exclude(school__head_email="")


def last_turn(survey, kind):
    return SchoolMail.objects.filter(record__survey=survey, kind=kind).aggregate(last=Max("turn"))["last"] or 0


@transaction.atomic
def chase_survey(survey, *, turn, by, at):
    """Remind every school that was asked and has not answered; gives how many mails wait to leave.

    ``turn`` is the one that the page offered, so that a second press of it sends nothing. Raises CannotDo.
    """
    survey = _open(survey)
    if not survey.sent_on:
        raise CannotDo("The survey has not been sent yet.")
    if turn != last_turn(survey, Mail.CHASED) + 1:
        return 0
    return _make_mails(waiting_with_address(survey), Mail.CHASED, turn=turn, by=by, at=at)


def _make_mails(returns, kind, *, turn, by, at):
    mails = [
        SchoolMail(record_id=key, kind=kind, turn=turn, address=address, made_by=by, made_at=at)
        for key, address in returns.order_by("school__name").values_list("pk", "school__head_email")
    ]
    made = SchoolMail.objects.bulk_create(mails, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def send_again(record, *, by, at):
    """One mail to one school, after its address was mended or the mail came back."""
    _open(record.survey)
    if record.submitted_at or record.excused_on:
        raise CannotDo("This school is not asked any more.")
    if not record.school.head_email:
        raise CannotDo("Enter the head’s e-mail address first.")
    kind = Mail.CHASED if record.mails.filter(kind=Mail.ASKED).exists() else Mail.ASKED
    turn = (record.mails.filter(kind=kind).aggregate(last=Max("turn"))["last"] or 0) + 1
    return SchoolMail.objects.create(
        record=record, kind=kind, turn=turn, address=record.school.head_email, made_by=by, made_at=at
    )


@transaction.atomic
def close_survey(survey, *, on):
    """Take no more answers. Closing twice changes nothing."""
    survey = _locked(survey)
    if survey.sent_on is None:
        raise CannotDo("The survey has not been sent, so there is nothing to close.")
    if survey.closed_on is None:
        survey.closed_on = on
        survey.save(update_fields=["closed_on"])
        withdraw = Q(sent_at=None, claimed_at=None, problem="") & ~Q(address="")
        SchoolMail.objects.filter(withdraw, record__survey=survey).update(problem="The survey was closed before.")


# One school


@transaction.atomic
def excuse(record, *, because, on):
    """Ask this school no more. Raises CannotDo where it has answered."""
    record = SchoolReturn.objects.select_for_update(of=["self"], no_key=True).get(pk=record.pk)
    if record.submitted_at:
        raise CannotDo("This school has answered already.")
    record.excused_on, record.excused_because = on, because
    record.save(update_fields=["excused_on", "excused_because"])


@transaction.atomic
def ask_after_all(record):
    """Take an excuse back."""
    SchoolReturn.objects.select_for_update(of=["self"], no_key=True).get(pk=record.pk)
    SchoolReturn.objects.filter(pk=record.pk).update(excused_on=None, excused_because="")


@transaction.atomic
def renew_link(record):
    """End every link to this return that was given out; the next one shown or mailed is new."""
    record = SchoolReturn.objects.select_for_update(of=["self"], no_key=True).get(pk=record.pk)
    record.generation += 1
    record.save(update_fields=["generation"])
    return record
