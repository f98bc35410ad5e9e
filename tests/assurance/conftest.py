"""A year with something in it, and a report on it. PDFs are made by a stand-in, but where they are meant."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.utils import timezone

from assurance.annual import builds as report_builds
from assurance.annual.starting import start_report
from assurance.management.commands.load_sample import load_sample
from partnership import builds
from partnership.models import RuleSet
from partnership.pdf import Pdf
from tests.factories import (
    CourseFactory,
    EventFactory,
    PlaceFactory,
    UpdateFactory,
    VoiceEntryFactory,
)
from tests.ownership import as_owner
from training.models import Place

PROOF = b"%PDF-1.7 a proof"
ONE_PAGE = b"%PDF-1.7 one page"
STARTS_ON, ENDS_ON = date(2026, 4, 1), date(2027, 3, 31)


@pytest.fixture(scope="module")
def loaded_sample(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with as_owner():  # who alone may count the rows, without which PostgreSQL plans as for empty tables
            cast = load_sample(on=timezone.localdate())
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def sample(loaded_sample, db):
    """Everything but the PDF, loaded today, once a module: what a test changes in it is undone after the test."""
    return loaded_sample


@pytest.fixture
def quick_pdf(monkeypatch):
    """Lay nothing out: three pages at once. Gives the list of what was to be laid out."""
    asked = []

    def render_pdf(html, *, assets, on_progress):
        asked.append(html)
        for page in (1, 2, 3, 1):
            on_progress(page)
        return Pdf(PROOF + str(len(asked)).encode(), 3, 0.1)

    monkeypatch.setattr(report_builds, "render_pdf", render_pdf)
    monkeypatch.setattr(report_builds, "draw_pictures", lambda content, *, assets: {})
    monkeypatch.setattr(report_builds, "make_summary", lambda content, *, assets: Pdf(ONE_PAGE, 1, 0.1))
    monkeypatch.setattr(builds, "SECONDS_BETWEEN_WRITES", 0)
    return asked


@pytest.fixture
def decided_review(review_proposed, ratings, executive_chair):
    """Priority 1, July to September: amber proposed, red decided."""
    review_proposed.decided_rating = ratings["R"]
    review_proposed.decision_comments = "One unit of two is not enough."
    review_proposed.decision_reason = "The date was missed in one unit."
    review_proposed.decided_by = executive_chair
    review_proposed.decided_at = datetime(2026, 11, 5, 15, 0, tzinfo=UTC)
    review_proposed.save()
    return review_proposed


@pytest.fixture
def year(
    plan,
    led_deliverable,
    group_deliverable,
    past_update,
    decided_review,
    round_past,
    ratings,
    chair,
    submitted_return,
    draft_return,
    partnership,
    other_partnership,
    hospital,
    charity,
):
    """One of each kind of evidence between April 2026 and March 2027."""
    UpdateFactory(
        deliverable=group_deliverable,
        round=round_past,
        rating=ratings["G"],
        progress="The briefing is written.",
        submitted_by=chair,
        submitted_at=datetime(2026, 10, 12, 10, 0, tzinfo=UTC),
    )
    VoiceEntryFactory(
        partnerships=[partnership],
        said="Nobody asked me what worried me.",
        did="Every first visit now begins with that question.",
        is_public=True,
    )
    VoiceEntryFactory(partnerships=[partnership], said="Not cleared to be made public.", is_public=False)
    course = CourseFactory(partnerships=[partnership, other_partnership])
    event = EventFactory(course=course, starts_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    PlaceFactory(event=event, organisation=hospital, status=Place.Status.ATTENDED)
    PlaceFactory(event=event, organisation=charity, status=Place.Status.MISSED)
    PlaceFactory(event=event, organisation=charity, status=Place.Status.CANCELLED)


@pytest.fixture
def report(year, partnership, other_partnership):
    """The year's report under Working Together 2023, as it was started."""
    return start_report(
        [partnership, other_partnership],
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        rule_set=RuleSet.objects.get(code="wt2023"),
    )
