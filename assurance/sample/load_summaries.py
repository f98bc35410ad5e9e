"""Rows of agency summaries, of a rapid review and of what the partners decided."""

from assurance.sample.summaries import ASKED, DECISIONS, NOW, ON_PAPER, RAPID_REVIEWS, SUMMARIES
from reviews.clock import NOTIFIED
from reviews.decisions import decide
from reviews.models import Case
from reviews.summaries import (
    WORDS,
    add_agencies,
    ask,
    due_by_rule,
    name_contact,
    record_paper,
    representatives,
    submit,
)


def load_summaries(cast):
    """One case whose agencies are answering, and two on which the partners decided long ago."""
    cases = {case.reference: case for case in Case.objects.all()}
    load_answers(cast, cases[NOW])
    for reference, (day, words) in ON_PAPER.items():
        load_papers(cast, cases[reference], received_on=cast.calendar.day(day), words=words)
    for reference, words in RAPID_REVIEWS.items():
        load_rapid_review(cases[reference], words)
    for reference, rows in DECISIONS.items():
        load_decisions(cast, cases[reference], rows)


def load_answers(cast, case):
    today = cast.calendar.today
    asked_on = case.stages.get(code=NOTIFIED).done_on
    add_agencies(case, [cast.agencies[row["agency"]] for row in SUMMARIES])
    found = {summary.organisation.name: summary for summary in case.summaries.select_related("organisation")}
    for summary in found.values():
        name_contact(summary, representatives(summary.organisation, on=today).first(), on=today)
    ask(case, found.values(), words=ASKED, due_on=due_by_rule(case, on=asked_on), on=asked_on, late_because="")
    for row in SUMMARIES:
        summary = case.summaries.get(organisation__name=row["agency"])
        for name, words in zip(WORDS, row["words"], strict=False):
            setattr(summary, name, words)
        summary.save()
        if row["back"]:
            at = cast.calendar.moment(cast.calendar.day(row["back"]), hour=11, minute=20)
            submit(summary, by=summary.contact, at=at)


def load_papers(cast, case, *, received_on, words):
    for summary in case.summaries.select_related("organisation", "case"):
        record_paper(
            summary,
            words=dict.fromkeys(WORDS, "") | {WORDS[0]: words[summary.organisation.name]},
            received_on=received_on,
            by=cast.holders["county-cases-chair"],
            at=cast.calendar.moment(cast.calendar.today),
        )


def load_rapid_review(case, words):
    for name, text in words.items():
        setattr(case.rapid_review, name, text)
    case.rapid_review.save()


def load_decisions(cast, case, rows):
    on = cast.calendar.today
    for row in rows:
        person = cast.holders[row["by"]]
        decide(
            case,
            cast.agencies[row["agency"]],
            outcome=row["outcome"],
            reasons=row["reasons"],
            decided_on=cast.calendar.day(row["day"]),
            decided_by=person,
            by=person,
            on=on,
            late_because="One partner’s representative was away.",
        )
