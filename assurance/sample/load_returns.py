"""Returns in full swing: two colleagues at one, two partnerships' answered together, a self-assessment handed in."""

from datetime import timedelta
from decimal import Decimal

from assurance.joining import join
from assurance.models import AssuranceRequest, Question, Return, StandardSet
from assurance.requests import choose_organisations, make_request, send_request
from assurance.return_evidence import add_link
from assurance.return_sheet import read_sheet
from assurance.returns import add_improvement, save_answer, save_assessment, submit_return
from assurance.sample.load_requests import usual
from assurance.sample.people import COUNTY, LANTERN, MB, POSTS, TIDEWELL
from assurance.usual import VOICE
from assurance.usual_standards import CHILDREN

DAYS_SINCE_ASKED, DAYS_TO_THE_DEADLINE = 20, 38

# Score, what shows it; None where nothing is said yet. In the order of the standards.
SCORES = {
    COUNTY: [
        (3, "The Director of Children’s Services. All 14 front desks named her when we asked."),
        (2, "Twice a year in the leadership meeting; the last one moved two posts."),
        (3, "Letters were written anew with the children’s panel."),
        (2, "The record is read monthly; volunteers of two centres are behind."),
    ],
    LANTERN: [
        (3, "Our chief executive. The name hangs in every room."),
        (2, "The trustees look in May and November."),
        (1, "Parents’ panels yes, children not yet."),
        None,
    ],
}
TO_DO = [(2, "Begin a children’s panel with the nursery next door", "Head of family work", 120)]


def load_returns(cast):
    ask_millbrook(cast)
    ask_self_assessment(cast)


def people_of(cast, agency):
    """Everybody of the sample who holds a post in the agency."""
    keys = [key for key, office in POSTS.items() if office.agency == agency and key in cast.holders]
    return [cast.holders[key] for key in keys]


def ask_millbrook(cast):
    """Millbrook asks three questions of its own; Tidewell answers them together with the yearly return."""
    calendar = cast.calendar
    request, _is_new = make_request(
        partnerships=[cast.partnerships[MB]],
        title="How Millbrook hears children",
        introduction="Three questions before our day on listening to children.",
        due_on=calendar.day(DAYS_TO_THE_DEADLINE),
        question_sets=[usual(VOICE)],
        on=calendar.day(-DAYS_SINCE_ASKED),
    )
    Question.objects.create(
        request=request, position=3, text="Whom in Millbrook do you not reach?", guidance="Say why, if you know."
    )
    choose_organisations(request, [cast.agencies[agency] for agency in (TIDEWELL, LANTERN)])
    send_request(request, by=cast.holders["manager"], on=calendar.day(-DAYS_SINCE_ASKED))
    new = request.returns.get(organisation=cast.agencies[TIDEWELL])
    yearly = Return.objects.filter(organisation=cast.agencies[TIDEWELL], submitted_at=None, answered_in=None)
    by = people_of(cast, TIDEWELL)
    at = calendar.moment(calendar.day(-4), hour=9)
    record = yearly.exclude(pk=new.pk).get(request__due_on=calendar.day(17))
    join(record, new, by=by[0], at=at)
    line = read_sheet(record).lines[-1]
    save_answer(
        line.record, line.row, text="Families on the boats. We have no address for them.", seen=0, by=by[-1], at=at
    )


def ask_self_assessment(cast):
    """The county has handed its own in; Lantern is in the middle of it."""
    calendar = cast.calendar
    standards = StandardSet.objects.filter(code=CHILDREN, partnership=None).order_by("pk").last()
    request = AssuranceRequest.objects.create(
        title=f"Self-assessment {calendar.today.year}",
        introduction="Say where you stand, and what shows it. What you will do about the rest is worth most.",
        due_on=calendar.day(DAYS_TO_THE_DEADLINE),
        sent_on=calendar.day(-DAYS_SINCE_ASKED),
        standards=standards,
    )
    request.partnerships.set(cast.both)
    for agency, scores in SCORES.items():
        record = ask(request, cast.agencies[agency])
        by = people_of(cast, agency)
        for number, line in enumerate(read_sheet(record, with_last=False).lines):
            said = scores[number] if number < len(scores) else (2, "Looked at in our own audit.")
            if said and (agency == COUNTY or number < len(scores)):
                at = calendar.moment(calendar.day(-9), hour=9) + timedelta(minutes=number)
                assess(line, *said, by=by[number % len(by)], at=at)
        line = read_sheet(record, with_last=False).lines[0]
        at = calendar.moment(calendar.day(-8), hour=9)
        add_link(line, "https://example.org/who-answers", label="Who answers for safeguarding", by=by[0], at=at)
        add_improvements(cast, record, by=by[0], at=at)
        if agency == COUNTY:
            signer = "Director of Children’s Services"
            submit_return(record, signed_off_by=signer, by=by[0], at=calendar.moment(calendar.day(-6)))


def ask(request, organisation):
    request.organisations.add(organisation)
    return Return.objects.create(request=request, organisation=organisation)


def assess(line, score, evidence, *, by, at):
    said = {"score": Decimal(score), "is_not_applicable": False, "reason": "", "evidence": evidence}
    save_assessment(line.record, line.row, seen=0, by=by, at=at, **said)


def add_improvements(cast, record, *, by, at):
    lines = read_sheet(record, with_last=False).lines
    for number, text, lead, days in TO_DO:
        due_on = cast.calendar.day(days)
        add_improvement(record, lines[number].row, text=text, lead=lead, due_on=due_on, by=by, at=at)
