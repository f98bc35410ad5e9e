"""Rows of cases and practice reviews: Ashford Vale's case review group alone learns that they exist."""

from assurance.sample.reviews import CASES
from reviews.cases import open_case
from reviews.clock import NOTIFIED, SENT


def load_reviews(cast):
    """Two cases of Ashford Vale."""
    for row in CASES:
        aware_on, notified_on, sent_on = (None if days is None else cast.calendar.day(days) for days in row["days"])
        case = open_case(
            partnership=cast.partnerships["AV"],
            aware_on=aware_on,
            reference=row["reference"],
            category=row["category"],
            summary=row["summary"],
        )
        case.stages.filter(code=NOTIFIED).update(done_on=notified_on)
        case.stages.filter(code=SENT).update(done_on=sent_on)
