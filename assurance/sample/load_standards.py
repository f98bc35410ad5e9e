"""Self-assessments of two years, a panel's look at the first, what practitioners say, and an edition in the making."""

from datetime import timedelta
from decimal import Decimal

from assurance.models import AssuranceRequest, StandardSet
from assurance.moderation import begin_panel, close_panel, keep_scores
from assurance.practitioners import keep_reply, make_survey, mark_given, new_press, press_of
from assurance.requests import ask_also, choose_organisations, close_request, make_request, send_request
from assurance.returns import add_improvement, save_assessment, submit_return
from assurance.sample.dates import month_after
from assurance.sample.load_returns import people_of
from assurance.sample.people import AV, SCRUTINY
from assurance.sample.standards import (
    COMMENTS,
    EVIDENCE,
    IMPROVEMENTS,
    MODERATED,
    NOT_APPLICABLE,
    PANEL,
    PANEL_NOTE,
    REASONS,
    REPLIES,
    SCORES,
    STATEMENTS,
)
from assurance.standards import new_edition
from assurance.usual_standards import CHILDREN


def load_standards(cast):
    """After the returns: this year's self-assessment is there already and is joined by more organisations."""
    standards = StandardSet.objects.get(code=CHILDREN, partnership=None)
    last = load_last_year(cast, standards)
    load_panel(cast, last)
    this = AssuranceRequest.objects.filter(standards=standards, closed_on=None).exclude(pk=last.pk).latest("sent_on")
    load_this_year(cast, this)
    load_surveys(cast, last, this)
    new_edition(standards, edition=f"{cast.calendar.today.year + 1}", partnership=cast.partnerships[AV])


def load_last_year(cast, standards):
    """Asked before the yearly return of last year, by both partnerships, and closed."""
    due_on = month_after(cast.calendar.reported_year, 8)
    sent_on = due_on - timedelta(days=60)
    request, _is_new = make_request(
        partnerships=cast.both,
        title=f"Self-assessment {due_on.year}",
        introduction="Say where you stand, and what shows it.",
        due_on=due_on,
        standards=standards,
        group=cast.groups[SCRUTINY],
        on=sent_on,
    )
    agencies = [agency for agency in SCORES if people_of(cast, agency)]
    choose_organisations(request, [cast.agencies[agency] for agency in agencies])
    send_request(request, by=cast.holders["manager"], on=sent_on)
    request.refresh_from_db()
    for number, agency in enumerate(agencies):
        measure(cast, request, agency, SCORES[agency][0], on=due_on - timedelta(days=number + 1))
    close_request(request, on=due_on + timedelta(days=30))
    return request


def load_this_year(cast, request):
    agencies = [agency for agency, (_last, this) in SCORES.items() if this and people_of(cast, agency)]
    ask_also(request, [cast.agencies[agency] for agency in agencies])
    for number, agency in enumerate(agencies):
        measure(cast, request, agency, SCORES[agency][1], on=cast.calendar.day(-2 - number))


def measure(cast, request, agency, scores, *, on):
    """One organisation's self-assessment, submitted on a day."""
    record = request.returns.get(organisation=cast.agencies[agency])
    by, at = people_of(cast, agency)[0], cast.calendar.moment(on)
    standards = list(request.standards.standards.all())
    for number, (standard, score) in enumerate(zip(standards, scores, strict=True)):
        is_not_applicable = score == NOT_APPLICABLE
        save_assessment(
            record,
            standard,
            seen=0,
            by=by,
            at=at,
            score=None if is_not_applicable else Decimal(score),
            is_not_applicable=is_not_applicable,
            reason=REASONS[0] if is_not_applicable else "",
            evidence="" if is_not_applicable else EVIDENCE[(number + len(agency)) % len(EVIDENCE)],
        )
    for number, (text, lead, days) in enumerate(IMPROVEMENTS):
        if scores[number * 3] < "2":
            due_on = on + timedelta(days=days)
            add_improvement(record, standards[number * 3], text=text, lead=lead, due_on=due_on, by=by, at=at)
    submit_return(record, signed_off_by="Chief executive", by=by, at=at)


def load_panel(cast, request):
    held_on = request.due_on + timedelta(days=24)
    at, by = cast.calendar.moment(held_on), cast.holders["manager"]
    records = {each.organisation: each for each in request.returns.all()}
    sample = {agency: records[cast.agencies[agency]] for agency in MODERATED}
    panel = begin_panel(
        request,
        cast.partnerships[AV],
        returns=sample.values(),
        held_on=held_on,
        group=cast.groups[SCRUTINY],
        members=PANEL,
    )
    standards = list(request.standards.standards.all())
    for agency, found in MODERATED.items():
        scores = {standards[at].pk: (Decimal(score), False, why) for at, (score, why) in found.items()}
        keep_scores(panel, sample[agency], scores, by=by, at=at)
    close_panel(panel, note=PANEL_NOTE, at=at)


def load_surveys(cast, last, this):
    """Last year's with what was said, and this year's, which is open."""
    standards = {standard.code: standard for standard in last.standards.standards.all()}
    statements = [(standards[code], text) for code, text in STATEMENTS.items()]
    opens_on = last.due_on - timedelta(days=20)
    fields = {"title": "Keeping children safe where you work", "introduction": "Seven statements. It takes a minute."}
    survey, _is_new = make_survey(
        last,
        partnership=cast.partnerships[AV],
        statements=statements,
        opens_on=opens_on,
        closes_on=last.due_on,
        **fields,
    )
    said = list(survey.statements.all())
    for invitation in survey.invitations.select_related("organisation"):
        for number, marks in enumerate(REPLIES.get(invitation.organisation.name, ())):
            comments = COMMENTS.get(invitation.organisation.name, [])
            given = {statement: int(mark) for statement, mark in zip(said, marks, strict=False) if mark.isdecimal()}
            keep_reply(
                invitation,
                press=press_of(new_press()),
                marks=given,
                comment=comments[number] if number < len(comments) else "",
                on=opens_on + timedelta(days=number),
            )
    open_survey, _is_new = make_survey(
        this,
        partnership=cast.partnerships[AV],
        statements=statements,
        opens_on=cast.calendar.day(-5),
        closes_on=cast.calendar.day(16),
        **fields,
    )
    for invitation in open_survey.invitations.order_by("organisation__name")[:6]:
        mark_given(invitation, on=cast.calendar.day(-5))
