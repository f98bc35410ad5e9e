"""What is made of the returns: last year's all judged and summed up, this year's begun."""

from datetime import timedelta

from assurance import scrutiny, summaries
from assurance.given import lines_of
from assurance.levels import levels_of
from assurance.models import AssuranceRequest, ReturnCopy
from assurance.sample.load_timetable import YEARLY_RETURN
from assurance.sample.people import AV, MB, SCRUTINY, chair_of

NOT, PARTLY, FULLY = range(3)  # the installation's levels, the least assured first

# In the order of the organisations' names: (level, reasons, what it is told).
JUDGED = [
    (FULLY, "Says what it does and shows it. The audit is its own.", "Thank you. We use your audit as an example."),
    (PARTLY, "Much is done; what came of it is told and not shown.", "We ask for one example of a changed outcome."),
    (FULLY, "Plain, short, and every figure has its source.", "Thank you. Nothing more is asked of you this year."),
    (
        NOT,
        "Supervision is promised again, as last year, and no figure stands beside it.",
        "Show us who had supervision.",
    ),
    (PARTLY, "Children are heard in two places of five.", "Tell us by summer how the other three begin."),
]
TO_DO = (3, "Report how many staff had supervision each month, and what was done about the rest", 75)
COMMENTS = [
    ("scrutiny", 0, "Whom did they not hear? Ask at the meeting."),
    ("advisor", 1, "The same words as last year. What is new?"),
]
INTRODUCTION = (
    "Agencies know more of what they do than of what comes of it. Most can show an audit; few can show a child whose "
    "day is different. Supervision is the weakest promise, and nobody doubts its worth."
)
SECTIONS = [
    ("strength", "Audits have become a habit", "Nearly everybody audits records, and half do it with a partner."),
    ("concern", "Supervision is promised and not counted", "Three agencies promised it for the second time."),
    ("concern", "Fathers are written about, not to", "No return quotes a father."),
    ("next", "One example each", "Next year’s return asks every agency for one outcome that a child would recognise."),
]


def load_scrutiny(cast):
    yearly = AssuranceRequest.objects.filter(partnerships=cast.partnerships[AV], group=cast.groups[SCRUTINY])
    last = yearly.filter(standards=None).exclude(closed_on=None).latest("due_on")
    this = yearly.filter(standards=None, closed_on=None, entry__title=YEARLY_RETURN).latest("sent_on")
    for short in (AV, MB):
        judge_last_year(cast, last, cast.partnerships[short])
    sum_up(cast, last)
    begin_this_year(cast, this)


def judge_last_year(cast, request, partnership):
    levels, by, at = list(levels_of(partnership)), cast.holders["manager"], judged_at(cast, request)
    records = list(scrutiny.returns_given(request, partnership))
    for number, record in enumerate(records):
        level, reasons, response = JUDGED[number % len(JUDGED)]
        own = scrutiny.judge(
            scrutiny.scrutiny_of(record, partnership),
            level=levels[level],
            reasons=reasons,
            meeting=None,
            by=judge_of(cast, record),
            at=at,
        )
        if number == TO_DO[0]:
            due_on = cast.calendar.day(TO_DO[2])
            scrutiny.follow_up(record, partnership, text=TO_DO[1], due_on=due_on)
        sent = scrutiny.send_response(own, text=response, by=by, at=at + timedelta(days=2))
        scrutiny.mark_read(sent, by=record.submitted_by, at=at + timedelta(days=6))


def judge_of(cast, record):
    """The chair of the group, or the office where the return is of the chair's own organisation."""
    chair = cast.holders[chair_of(SCRUTINY)]
    return cast.holders["manager"] if record.organisation_id in chair.standing.organisation_ids else chair


def judged_at(cast, request):
    return cast.calendar.moment(request.due_on + timedelta(days=20), hour=15)


def sum_up(cast, request):
    """Ashford Vale's summary of last year, with one quote, released to its members."""
    summary = summaries.begin_summary(request, cast.partnerships[AV])
    summary.introduction = INTRODUCTION
    summary.save(update_fields=["introduction"])
    for kind, heading, text in SECTIONS:
        summaries.keep_section(summary, None, kind=kind, heading=heading, text=text, question=None)
    copy = next(iter(summaries.copies_of(summary).values()), None)
    line = lines_of(copy)[0] if copy else None
    if line and line.words:
        words = summaries.quote(summary, str(copy.pk), line.key, is_named=False)
        summaries.keep_section(
            summary, None, kind="concern", heading="In their own words", text=words, question_id=line.pk
        )
    summaries.release(summary, by=cast.holders["manager"], on=request.due_on + timedelta(days=34))


def begin_this_year(cast, request):
    """One return is judged and not answered yet; on another somebody remarks."""
    partnership, yesterday = cast.partnerships[AV], cast.calendar.day(-1)
    at = cast.calendar.moment(yesterday, hour=16)
    people = {"scrutiny": cast.holders[chair_of(SCRUTINY)], "advisor": cast.holders["advisor"]}
    records = list(scrutiny.returns_given(request, partnership))
    for record in records[:1]:
        level, reasons, _response = JUDGED[1]
        own = scrutiny.scrutiny_of(record, partnership)
        levels = list(levels_of(partnership))
        own = scrutiny.judge(own, level=levels[level], reasons=reasons, meeting=None, by=judge_of(cast, record), at=at)
        scrutiny.draft_response(own, text="Thank you for a plain return.")
    for record in records[1:2]:
        copy = ReturnCopy.objects.filter(record=record, partnership=partnership).latest("edition")
        lines = lines_of(copy)
        for who, place, text in COMMENTS:
            scrutiny.comment(record, partnership, text=text, question_id=lines[place].pk, by=people[who], at=at)
