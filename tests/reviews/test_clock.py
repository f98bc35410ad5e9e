"""The clock of a case, on every day of two years, by bank holidays written down here by hand."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from partnership.models import Rule, RuleSet
from partnership.working_days import add_working_days, each_day
from reviews.clock import AWARE, BEGUN, INCIDENT, LOCAL_REVIEW, NOTIFIED, PUBLISHED, REFERRAL, REPLIED, SENT
from reviews.models import Case, Stage
from reviews.timeline import marks_of
from tests.factories import CaseFactory, PracticeReviewFactory

pytestmark = pytest.mark.usefixtures("rule_sets")

# As the government lists them for England and Wales.
BANK_HOLIDAYS = {
    *(date(2025, 12, 25), date(2025, 12, 26)),
    *(date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25)),
    *(date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28)),
    *(date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3), date(2027, 5, 31)),
    *(date(2027, 8, 30), date(2027, 12, 27), date(2027, 12, 28)),
    *(date(2028, 1, 3), date(2028, 4, 14), date(2028, 4, 17), date(2028, 5, 1), date(2028, 5, 29)),
}
DAYS = list(each_day(date(2026, 1, 1), date(2027, 12, 31)))
# The stages that count in working days from these of an incident, and by how many.
IN_WORKING_DAYS = {
    AWARE: {NOTIFIED: 5, "partners-told": 5},
    NOTIFIED: {"summaries-asked": 1, "summaries-back": 10, "meeting": 14, SENT: 15},
    SENT: {REPLIED: 15},
    REPLIED: {"panel-answered": 15},
}


def counted_by_hand(day, count):
    """The day that is ``count`` working days after ``day``, one day after another."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= day.weekday() < 5 and day not in BANK_HOLIDAYS
    return day


@pytest.fixture
def cases_by_day(partnership):
    """{day: the key of a case}: one a day of both years, without stages."""
    cases = [Case(partnership=partnership, reference=f"{day}", category="-", summary="-") for day in DAYS]
    return {day: case.pk for day, case in zip(DAYS, Case.objects.bulk_create(cases), strict=True)}


@pytest.mark.parametrize("counted_from", IN_WORKING_DAYS)
def test_every_day_of_two_years_is_counted_as_by_hand(partnership, cases_by_day, counted_from):
    counts = IN_WORKING_DAYS[counted_from]
    steps = [step for step in INCIDENT if step.code == counted_from or step.code in counts]
    assert {step.code for step in steps if step.counts_from == counted_from} == set(counts)
    Stage.objects.bulk_create(
        Stage(
            case_id=key,
            partnership=partnership,
            position=position,
            code=step.code,
            title=step.title,
            rule_code=step.rule,
            counts_from=step.counts_from,
            done_on=day if step.code == counted_from else None,
        )
        for day, key in cases_by_day.items()
        for position, step in enumerate(steps)
    )
    found = Stage.objects.with_clock().filter(code__in=counts).values_list("counted_from", "code", "due_on")
    by_hand = {(day, code, counted_by_hand(day, count)) for day in DAYS for code, count in counts.items()}
    in_python = {(day, code, add_working_days(day, count)) for day in DAYS for code, count in counts.items()}
    assert (set(found) == by_hand, set(found) == in_python) == (True, True)


@pytest.mark.parametrize(
    ("aware_on", "notify_by"),
    [
        (date(2026, 4, 2), date(2026, 4, 13)),  # the Thursday before Good Friday
        (date(2026, 12, 23), date(2027, 1, 4)),  # over Christmas, Boxing Day in lieu and New Year
        (date(2027, 12, 24), date(2028, 1, 5)),  # three days in lieu
        (date(2028, 2, 25), date(2028, 3, 3)),  # over 29 February
        (date(2028, 2, 29), date(2028, 3, 7)),
        (date(2027, 1, 9), date(2027, 1, 15)),  # a Saturday
    ],
)
def test_holidays_and_leap_day(partnership, aware_on, notify_by):
    case = CaseFactory(partnership=partnership, aware_on=aware_on, notified_on=None)
    assert case.stages.with_clock().get(code=NOTIFIED).due_on == notify_by == counted_by_hand(aware_on, 5)


def test_six_months_and_the_notice_before_publication_every_day_of_two_years(partnership):
    """Six months end where the month is short; notice counts back from the day that was chosen."""
    found = {}
    review = PracticeReviewFactory(partnership=partnership)
    begun, published = (review.stages.get(code=code) for code in (BEGUN, PUBLISHED))
    for day in [*DAYS[::7], date(2027, 8, 29), date(2027, 8, 31), date(2028, 2, 29)]:
        review.stages.filter(pk=begun.pk).update(done_on=day)
        review.stages.filter(pk=published.pk).update(planned_on=day)
        due = dict(review.stages.with_clock().values_list("code", "due_on"))
        found[day] = (due[PUBLISHED], due["notice"])
    assert found == {day: (day + relativedelta(months=6), counted_by_hand(day, -7)) for day in found}


def test_each_computed_day_shows_its_rule_and_paragraph(partnership):
    days = {AWARE: date(2027, 1, 5), NOTIFIED: date(2027, 1, 7), SENT: date(2027, 1, 28), REPLIED: date(2027, 2, 18)}
    review = PracticeReviewFactory(partnership=partnership, publish_on=date(2027, 4, 30))
    case = CaseFactory(partnership=partnership)
    case.stages.all().delete()
    from_steps(case, INCIDENT, days)
    marks = [*marks_of(case, on=date(2027, 1, 12)), *marks_of(review, on=date(2027, 1, 12))]
    ruled = [step.code for step in [*INCIDENT, *LOCAL_REVIEW] if step.rule]
    assert [mark.stage.code for mark in marks if mark.due_on and mark.why] == ruled
    rules = Rule.objects.in_bulk({mark.stage.clock_rule for mark in marks} - {None})
    sources = [rules[mark.stage.clock_rule].source for mark in marks if mark.why]
    assert [source in mark.why for mark, source in zip([m for m in marks if m.why], sources, strict=True)] == [
        True for _ in sources
    ]


def from_steps(case, steps, days):
    for position, step in enumerate(steps):
        Stage.objects.create(
            case=case,
            partnership=case.partnership,
            position=position,
            code=step.code,
            title=step.title,
            rule_code=step.rule,
            counts_from=step.counts_from,
            done_on=days.get(step.code),
        )


def test_a_referral_of_an_adult_is_counted_by_the_adults_rules(partnership):
    partnership.kind = "adults"
    partnership.save()
    case = CaseFactory(partnership=partnership, kind=Case.Kind.REFERRAL)
    case.stages.all().delete()
    from_steps(case, REFERRAL, {AWARE: date(2027, 1, 5)})
    rules = Rule.objects.filter(rule_set__audience="adults", code__in=[step.rule for step in REFERRAL])
    numbers = dict(rules.values_list("code", "number"))
    due = {step.code: counted_by_hand(date(2027, 1, 5), numbers[step.rule]) for step in REFERRAL if step.rule}
    assert {mark.stage.code: mark.due_on for mark in marks_of(case, on=date(2027, 1, 12)) if mark.due_on} == due


def test_an_edition_changed_in_between_counts_by_the_day_counted_from(partnership):
    """Who was notified on the last day of an edition has its days; on the day after, those of the next."""
    in_force = RuleSet.objects.filter(audience="children", in_force_until=None, in_force_from__isnull=False)
    in_force.update(in_force_until=date(2027, 1, 10))
    after = RuleSet.objects.create(code="tried-out", title="Tried out", in_force_from=date(2027, 1, 11))
    Rule.objects.create(
        rule_set=after,
        code="rapid-review",
        title="The rapid review",
        number=20,
        unit=Rule.Unit.WORKING_DAYS,
        counted_from="the day the notification was sent",
        source="Tried out, chapter 9",
    )
    due = {}
    for notified_on in (date(2027, 1, 8), date(2027, 1, 11)):
        case = CaseFactory(partnership=partnership, notified_on=notified_on)
        mark = marks_of(case, on=date(2027, 1, 12))[-1]
        due[notified_on] = (mark.due_on, "Tried out, chapter 9" in mark.why)
    assert due == {
        date(2027, 1, 8): (counted_by_hand(date(2027, 1, 8), 15), False),
        date(2027, 1, 11): (counted_by_hand(date(2027, 1, 11), 20), True),
    }
