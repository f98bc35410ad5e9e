"""What the office wrote of promises that stood still is offered to the report of their year."""

from datetime import UTC, date, datetime

from assurance.annual.filing import LITTLE_PROGRESS
from assurance.annual.offers import standstill_offers
from assurance.annual.year import Year
from plans.standstill import keep_note

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def offers(partnership, starts_on):
    year = Year(frozenset({partnership.pk}), starts_on, starts_on.replace(year=starts_on.year + 1))
    return [(offer.headings, offer.source_key, offer.reference, offer.text) for offer in standstill_offers(year)]


def test_the_offices_words_are_offered_under_little_or_no_progress_and_to_that_year_and_partnership_alone(
    plan, partnership, far_partnership, led_deliverable, office
):
    this_year, long_ago = date(2026, 4, 1), date(2020, 4, 1)
    assert offers(partnership, this_year) == []  # a draft that nobody edited is not offered
    keep_note(led_deliverable, text="Two midwives left.", by=office, at=AT)
    assert offers(partnership, this_year) == [
        (LITTLE_PROGRESS, f"standstill:{led_deliverable.pk}", "N-1.1", "Two midwives left.")
    ]
    assert offers(partnership, long_ago) == []
    assert offers(far_partnership, this_year) == []
