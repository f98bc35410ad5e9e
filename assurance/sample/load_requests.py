"""Requests: this year's built from the usual sets and half answered, last year's closed, next year's begun."""

from datetime import timedelta

from assurance.models import Answer, QuestionSet, TimetableEntry
from assurance.requests import choose_organisations, close_request, extend, make_request, next_request, send_request
from assurance.returns import begin, submit_return
from assurance.sample import records
from assurance.sample.dates import month_after
from assurance.sample.load_timetable import YEARLY_RETURN
from assurance.sample.people import DISTRICTS, POSTS, SCRUTINY
from assurance.usual import FIVE, VOICE

DAYS_TO_THE_DEADLINE = 17
DAYS_SINCE_ASKED = 30


def load_requests(cast):
    load_this_request(cast)
    load_last_request(cast)


def load_this_request(cast):
    calendar = cast.calendar
    request = send(
        cast,
        starts_on=calendar.year_starts_on,
        due_on=calendar.day(DAYS_TO_THE_DEADLINE),
        sent_on=calendar.day(-DAYS_SINCE_ASKED),
        entry=TimetableEntry.objects.filter(title=YEARLY_RETURN).order_by("quarter_on").first(),
    )
    for agency, (state, signed_off_by, days_ago, answers) in records.RETURNS.items():
        submitted_on = calendar.day(-days_ago) if state == records.SUBMITTED else None
        make_return(cast, request, agency, answers, signed_off_by, submitted_on)
    record = request.returns.get(organisation=cast.agencies[DISTRICTS])
    words = "Its safeguarding lead is ill until the end of the month"
    extend(record, to=calendar.day(DAYS_TO_THE_DEADLINE + 14), because=words, by=cast.holders["manager"])


def load_last_request(cast):
    """Last year's, answered in a sentence for each question by those who answered at all."""
    starts_on = cast.calendar.reported_year
    due_on = month_after(starts_on, 10)
    request = send(cast, starts_on=starts_on, due_on=due_on, sent_on=due_on - timedelta(days=47))
    request.questions.exclude(position=1).update(is_required=False)
    for number, agency in enumerate(records.RETURNS):
        words = records.LAST_RETURNS.get(agency)
        if words:
            make_return(cast, request, agency, (words,), "Chief executive", due_on - timedelta(days=number + 1))
    close_request(request, on=due_on + timedelta(days=60))


def plan_next_request(cast):
    """Next year's, made from this year's and sent to nobody yet."""
    this = next(each for each in cast.both[0].requests.order_by("-sent_on") if each.entry)
    next_request(this, on=cast.calendar.today)


def send(cast, *, starts_on, due_on, sent_on, entry=None):
    """The yearly return of both partnerships, sent to those who answer in the sample."""
    request, _is_new = make_request(
        partnerships=cast.both,
        title=f"Assurance return {starts_on.year} to {starts_on.year + 1}",
        introduction=records.REQUEST_INTRODUCTION,
        due_on=due_on,
        group=cast.groups[SCRUTINY],
        entry=entry,
        question_sets=[usual(FIVE), usual(VOICE)],
        on=sent_on,
    )
    choose_organisations(request, [cast.agencies[agency] for agency in records.RETURNS])
    send_request(request, by=cast.holders["manager"], on=sent_on)
    request.refresh_from_db()
    return request


def usual(code):
    return QuestionSet.objects.get(code=code, partnership=None)


def make_return(cast, request, agency, answers, signed_off_by, submitted_on):
    """Answer in the order of the questions. The last words say how children were heard, then what that changed."""
    record = request.returns.get(organisation=cast.agencies[agency])
    if len(answers) == records.WHOLE:
        heard, _stop, changed = answers[-1].partition(". ")
        answers = (*answers[:-1], f"{heard}.", changed)
    Answer.objects.bulk_create(
        Answer(record=record, question=question, text=text)
        for question, text in zip(request.questions.all(), answers, strict=False)
        if text
    )
    if any(answers):
        begin(record, at=cast.calendar.moment(request.sent_on + timedelta(days=3)))
    if submitted_on is not None:
        at = cast.calendar.moment(submitted_on, hour=11)
        submit_return(record, signed_off_by=signed_off_by, by=person_of(cast, agency), at=at)


def person_of(cast, agency):
    """Somebody who holds a post in the agency."""
    return next(cast.holders[key] for key, office in POSTS.items() if office.agency == agency and key in cast.holders)
