"""Requests: built from sets of questions, sent once to organisations, followed until they are closed.

Each command locks the request first, so that two presses at once happen one after the other.
"""

import re
from datetime import timedelta

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assurance.models import AssuranceRequest, Question, Return, TimetableEntry
from assurance.models.timetable import quarter_after
from assurance.question_sets import FIELDS as OF_SET
from assurance.return_state import locked_return
from assurance.timetable import lock_partnerships
from partnership.deadlines import Owner, People, deadlines
from partnership.models import Membership, Organisation
from partnership.reminders.chasing import chase
from partnership.templatetags.components import sentence_join

FIELDS = ("section", *OF_SET)
ASKED_AT_FIRST = [Membership.Role.STATUTORY, Membership.Role.RELEVANT]
YEAR = re.compile(r"\b20\d\d\b")


class AlreadySent(Exception):
    """The organisations have the questions, so nobody changes these any more."""


class CannotSend(Exception):
    """Something is missing. ``problems``: sentences that say what to do."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__(" ".join(problems))


def locked(request):
    return AssuranceRequest.objects.select_for_update(of=["self"], no_key=True).get(pk=request.pk)


def locked_draft(request):
    """Raises AlreadySent."""
    request = locked(request)
    if request.sent_on:
        raise AlreadySent
    return request


# Building


@transaction.atomic
def make_request(*, partnerships, on, question_sets=(), **fields):
    """(the request, whether it is new): a draft that asks the partnerships' statutory and relevant members.

    ``fields``: title, due_on, introduction, group, standards, entry. The same twice is one: a second press.
    """
    ids = {partnership.pk for partnership in partnerships}
    lock_partnerships(ids)
    same = AssuranceRequest.objects.filter(title=fields["title"], due_on=fields["due_on"], sent_on=None)
    for request in same.prefetch_related("partnerships"):
        if request.partnership_ids == ids:
            return request, False
    request = AssuranceRequest.objects.create(**fields)
    request.partnerships.set(partnerships)
    members = Membership.objects.current(on=on).filter(partnership__in=ids, role__in=ASKED_AT_FIRST)
    request.organisations.set(Organisation.objects.filter(pk__in=members.values("organisation")))
    for question_set in question_sets:
        copy_questions(request, question_set)
    return request, True


@transaction.atomic
def copy_questions(request, question_set):
    """Ask what the set asks too, after what is asked already; the questions that are new. Raises AlreadySent."""
    request = locked_draft(request)
    there = list(request.questions.all())
    asked = {question.asked_from_id for question in there}
    last = max((question.position for question in there), default=0)
    new = [each for each in question_set.questions.filter(retired_on=None) if each.pk not in asked]
    return Question.objects.bulk_create(
        Question(
            request=request,
            position=position,
            section=question_set.title,
            asked_from=each,
            **{name: getattr(each, name) for name in OF_SET},
        )
        for position, each in enumerate(new, start=last + 1)
    )


@transaction.atomic
def write_questions(request, questions):
    """``questions``: dicts of ``FIELDS`` in their order, with the ``pk`` of those that were there; others go.

    Raises AlreadySent.
    """
    request = locked_draft(request)
    own = {question.pk: question for question in request.questions.all()}
    request.questions.exclude(pk__in={each.get("pk") for each in questions} - {None}).delete()
    for position, values in enumerate(questions, start=1):
        question = own.get(values.get("pk")) or Question(request=request)
        fields = {name: values[name] for name in FIELDS} | {"position": position}
        if question.pk is None or any(getattr(question, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(question, name, value)
            question.save()


@transaction.atomic
def choose_organisations(request, organisations):
    """Whom the request will ask. Raises AlreadySent."""
    locked_draft(request).organisations.set(organisations)


@transaction.atomic
def next_request(request, *, on):
    """(next year's request made from this one, whether it is new): a draft, a year later, of the same questions.

    It asks those who are still members. A question that its set no longer asks is left out.
    """
    request = locked(request)
    waiting = request.next_ones.filter(sent_on=None).first()
    if waiting:
        return waiting, False
    partnerships = request.partnerships.all()
    new = AssuranceRequest.objects.create(
        title=YEAR.sub(lambda found: str(int(found[0]) + 1), request.title),
        introduction=YEAR.sub(lambda found: str(int(found[0]) + 1), request.introduction),
        due_on=a_year_after(request.due_on),
        standards=newest_edition(request.standards),
        group=request.group if request.group and request.group.closed_on is None else None,
        entry=entry_after(request.entry),
        previous=request,
    )
    new.partnerships.set(partnerships)
    members = Organisation.objects.members_of([each.pk for each in partnerships], on=on)
    new.organisations.set(members.filter(pk__in=request.organisations.values("pk")))
    asked = request.questions.exclude(asked_from__retired_on__isnull=False)
    Question.objects.bulk_create(
        Question(
            request=new,
            position=position,
            asked_from_id=question.asked_from_id,
            **{name: getattr(question, name) for name in FIELDS},
        )
        for position, question in enumerate(asked, start=1)
    )
    return new, True


def a_year_after(day):
    """The same day of next year, or the last before it; a Friday where that is a weekend."""
    try:
        later = day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        later = day.replace(year=day.year + 1, day=28)
    return later - timedelta(days=max(later.weekday() - 4, 0))


def newest_edition(standards):
    """The published edition of these standards that no other published one follows."""
    while standards:
        later = standards.followed_by.exclude(published_on=None).filter(retired_on=None).first()
        if later is None:
            return standards
        standards = later
    return None


def entry_after(entry):
    """The entry of the timetable that says the same a year later, where it stands already."""
    if entry is None:
        return None
    later = TimetableEntry.objects.filter(title=entry.title, kind=entry.kind, done_on=None, requests=None)
    return later.filter(quarter_on=quarter_after(entry.quarter_on, 4)).first()


# Sending


def what_is_missing(request, *, on):
    """What must be done before the request can be sent, as sentences."""
    problems = []
    if not request.standards_id and not request.questions.exists():
        problems.append("Add a question, or choose standards to measure up to")
    if not request.organisations.exists():
        problems.append("Choose at least one organisation to ask")
    if request.due_on < on:
        problems.append("The day by which to answer has passed. Choose a later one")
    if request.standards_id and request.standards.published_on is None:
        problems.append(f"Publish “{request.standards}” first, or choose other standards")
    return problems


def unanswerable(organisations, *, on):
    """{organisation's key: sentences} of those for whom nobody could be told and answer. Six queries at most."""
    owners = {each.pk: Owner(each.name, organisation_id=each.pk) for each in organisations}
    people = People(set(owners.values()), on=on)
    behind = {pk: people.behind(owner) for pk, owner in owners.items()}
    return {pk: absent for pk, (told, absent) in behind.items() if not told}


@transaction.atomic
def send_request(request, *, by, on):
    """Ask each of its organisations for one return; whether it was this call. Raises CannotSend.

    Nothing leaves here: who is told of it is ``ask``'s.
    """
    request = locked(request)
    if request.sent_on:
        return False
    problems = what_is_missing(request, on=on)
    if problems:
        raise CannotSend(problems)
    request.sent_on, request.sent_by = on, by
    request.save(update_fields=["sent_on", "sent_by"])
    Return.objects.bulk_create(Return(request=request, organisation=each) for each in request.organisations.all())
    return True


@transaction.atomic
def ask_also(request, organisations):
    """Ask more organisations, or again those that were withdrawn, of a request that was sent; their Returns."""
    request = locked(request)
    wanted = {each.pk for each in organisations}
    there = request.returns.filter(organisation__in=wanted)
    again = list(there.exclude(withdrawn_at=None))
    new = wanted - set(there.values_list("organisation", flat=True))
    request.organisations.add(*wanted)
    for record in again:
        record.withdrawn_at, record.withdrawn_because, record.withdrawal_told_at = None, "", None
        record.save(update_fields=["withdrawn_at", "withdrawn_because", "withdrawal_told_at"])
    return again + Return.objects.bulk_create(Return(request=request, organisation_id=pk) for pk in new)


# Following


def ask(request, *, by, now, only=None):
    """Ask those who have not answered, beside the usual reminders; gives ``partnership.reminders.chasing.Chased``.

    ``only``: of these returns. It writes in the ledger of reminders alone: the worker sends.
    """
    today = timezone.localdate(now)
    waiting = request.returns.waiting(on=today)
    if only is not None:
        waiting = waiting.filter(pk__in=[each.pk for each in only])
    keys = {f"return:{pk}" for pk in waiting.values_list("pk", flat=True)}
    return chase(deadlines(on=today, keys=keys) if keys else [], by=by, now=now)


@transaction.atomic
def extend(record, *, to, because, by):
    """Give one organisation more time, or again the time of the others (``to`` None). Not once it is submitted."""
    record = locked_return(record)
    if record.submitted_at:
        raise ValidationError("It is submitted already, so it needs no more time.")
    record.extended_to, record.extended_because = to, because if to else ""
    with pghistory.context(user=by.pk, reason=because):
        record.save(update_fields=["extended_to", "extended_because"])
    return record


@transaction.atomic
def withdraw(record, *, because, by, at):
    """The organisation need not answer any more. What it wrote stays its own; it may be asked again.

    Raises ValidationError where it is submitted, or where answers to another request are written in it.
    """
    record = locked_return(record)
    if record.submitted_at:
        raise ValidationError("It is submitted already, so it stays.")
    others = [str(each.request) for each in record.answered_with.filter(submitted_at=None).select_related("request")]
    if others:
        raise ValidationError(
            f"{record.organisation} writes its answers to {sentence_join(others)} in this return too. "
            "Ask it to answer that apart first."
        )
    record.withdrawn_at, record.withdrawn_because, record.answered_in = at, because, None
    with pghistory.context(user=by.pk, reason=because):
        record.save(update_fields=["withdrawn_at", "withdrawn_because", "answered_in"])
    return record


# Closing


@transaction.atomic
def close_request(request, *, on, is_entry_done=False):
    """Ask nobody any more; whether it was this call. Its entry of the timetable may be done with it."""
    request = locked(request)
    if request.closed_on or not request.sent_on:
        return False
    request.closed_on = on
    request.save(update_fields=["closed_on"])
    if is_entry_done and request.entry_id:
        TimetableEntry.objects.filter(pk=request.entry_id, done_on=None).update(done_on=on)
    return True


@transaction.atomic
def reopen_request(request):
    """Take answers again from those who have not submitted; whether it was this call.

    Those from whom it was withdrawn with the whole request are asked again.
    """
    request = locked(request)
    if request.closed_on is None:
        return False
    if request.withdrawn_at:
        again = request.returns.filter(withdrawn_at=request.withdrawn_at)
        again.update(withdrawn_at=None, withdrawn_because="", withdrawal_told_at=None)
    request.closed_on, request.withdrawn_at, request.withdrawn_because = None, None, ""
    request.save(update_fields=["closed_on", "withdrawn_at", "withdrawn_because"])
    return True
