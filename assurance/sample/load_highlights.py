"""Highlight reports of the plan that runs: two sent on the last round, one begun on this, and one group silent."""

from datetime import timedelta

from assurance.sample import highlights as content
from assurance.sample.people import DELIVERY, chair_of
from plans.highlights import begin_report, submit_report, write_report

DAYS_AFTER_THE_ROUND = 3


def load_highlights(cast, plan):
    """After the meetings: what a report freezes of them stands already."""
    this, last = plan.rounds.order_by("-closes_on")[:2]
    sent_on = last.closes_on + timedelta(days=DAYS_AFTER_THE_ROUND)
    for name, said in content.LAST_ROUND.items():
        report = write(cast, name, last, said, day=sent_on)
        submit_report(
            report,
            to=cast.groups[DELIVERY],
            voice=said.voice,
            by=cast.holders[chair_of(name)],
            at=cast.calendar.moment(sent_on, hour=16, minute=10),
        )
    for name, said in content.THIS_ROUND.items():
        write(cast, name, this, said, day=cast.calendar.today)


def write(cast, name, round, said, *, day):
    """The chair's report of that day."""
    report = begin_report(
        cast.groups[name], round, by=cast.holders[chair_of(name)], at=cast.calendar.moment(day, hour=15)
    )
    words = {section: getattr(said, section) for section in WORDS}
    return write_report(report, words=words)


WORDS = ("achievements", "difference_made", "voice", "risks", "escalations", "next_period")
