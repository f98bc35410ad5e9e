"""Figures of training: looked at, a statement issued and corrected, last year's log brought in and taken back."""

from datetime import UTC, datetime
from decimal import Decimal

from playwright.sync_api import expect

from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import EventTrainerFactory
from training.models import ChargeStatement, Event, PlaceStatus, TrainingPolicy

YEAR = "?starts_on=2025-04-01&ends_on=2026-03-31"
LOG = (
    "Training\tDate\tAttended\tNo shows\t{agency}\tOur old name\n"
    "Neglect\t3.11.2025\t5\t0\t3\t2\n"
    "Sleep\tsoon\t4\t0\t4\t\n"
)


def test_from_figures_to_a_statement_and_a_log(visit, check_page, office, partner, partnership):
    own = partner.holdings.get().post.organisation
    TrainingPolicy.objects.create(partnership=partnership, is_charging=True)
    course = CourseFactory(title="Safer sleep", partnerships=[partnership], run_by=partnership)
    held = EventFactory(
        course=course, starts_at=datetime(2025, 11, 10, 9, 30, tzinfo=UTC), length=Decimal(1), capacity=20
    )
    for _ in range(6):
        PlaceFactory(event=held, organisation=own, status=PlaceStatus.ATTENDED)
    missed = PlaceFactory(event=held, organisation=own, status=PlaceStatus.MISSED, person="Ada Birch")
    EventTrainerFactory(event=held, organisation=own, days=Decimal("0.5"))

    page = visit(office)
    page.goto(f"/training/figures/{YEAR}")
    expect(page.get_by_text("6 of 7 people who had a place came")).to_be_visible()
    check_page(page)

    page.goto(f"/training/charges/{YEAR}&partnership={partnership.pk}")
    check_page(page)
    page.get_by_role("link", name=own.name).click()
    expect(page.get_by_role("rowheader", name="Ada Birch")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Issue the statement").click()
    check_page(page)
    first = ChargeStatement.objects.get()
    assert first.total == Decimal("70.00")

    missed.waived_because = "Snow"
    missed.save()
    page.goto(f"/training/charges/{partnership.pk}/{own.pk}/{YEAR}")
    page.get_by_label("What does this edition correct?").fill("A place was waived for snow")
    check_page(page)
    page.get_by_role("button", name="Issue the statement").click()
    expect(page.get_by_text("This edition corrects: A place was waived for snow")).to_be_visible()
    page.goto(first.get_absolute_url())
    expect(page.get_by_role("link", name="Edition 2")).to_be_visible()
    check_page(page)

    before = Event.objects.count()
    page.goto("/training/import/")
    check_page(page)
    page.get_by_label("Whose training was it?").select_option(label=partnership.name)
    page.get_by_label("Or the rows pasted").fill(LOG.format(agency=own.name))
    page.get_by_role("button", name="Read the log").click()
    expect(page.get_by_text("is no day that we can read")).to_be_visible()
    check_page(page)
    page.get_by_label("Which member is “Our old name”?").select_option(label=own.name)
    page.get_by_label("Date, B3").fill("1 December 2025")
    page.get_by_role("button", name="Keep this").click()
    page.get_by_role("button", name="Yes, bring these").click()
    expect(page.get_by_role("heading", name="The log counts")).to_be_visible()
    check_page(page)
    assert Event.objects.count() == before + 2
    page.get_by_role("button", name="Take it all back").click()
    expect(page.get_by_role("heading", name="The log was taken back")).to_be_visible()
    check_page(page)
    assert Event.objects.count() == before
