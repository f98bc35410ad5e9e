"""Agencies say what they did with a briefing; each sees its own, the office who has answered and who has not."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from partnership.deadlines import deadlines, deadlines_for
from partnership.models import Reminder
from reviews.models import Receipt
from tests.factories import BriefingFactory, ReceiptFactory

NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
USED = {
    "was_used": "used",
    "used_on_day": "8",
    "used_on_month": "1",
    "used_on_year": "2027",
    "used_with": "Both duty teams",
    "reached": "24",
    "changed": "Nothing yet",
}


@pytest.fixture
def briefing(partnership):
    return BriefingFactory(partnership=partnership, published_at=NOW)


@pytest.fixture
def receipt(briefing, lead):
    return ReceiptFactory(briefing=briefing, organisation=lead.holdings.get().post.organisation)


@pytest.fixture
def other_receipt(briefing, hospital):
    return ReceiptFactory(briefing=briefing, organisation=hospital, due_on=date(2027, 1, 8))


def test_who_represents_the_agency_owes_it_and_answers_in_one_go(client_of, lead, receipt, today):
    (due,) = [each for each in deadlines_for(lead, on=today) if each.key.startswith("receipt:")]
    assert (due.title, due.due_on, due.url) == ("Bruises on babies", date(2027, 2, 15), receipt.get_absolute_url())
    assert client_of(lead).post(due.url, USED).status_code == 302
    receipt.refresh_from_db()
    assert (receipt.used_on, receipt.used_with, receipt.reached, receipt.changed, receipt.submitted_by) == (
        date(2027, 1, 8),
        "Both duty teams",
        24,
        "Nothing yet",
        lead,
    )
    assert [each for each in deadlines_for(lead, on=today) if each.key.startswith("receipt:")] == []


def test_why_it_was_not_used_is_an_answer_and_can_be_changed_later(client_of, lead, receipt):
    client = client_of(lead)
    client.post(receipt.get_absolute_url(), {"was_used": "not-used", "not_used_because": "We take it in March"})
    assert Receipt.objects.values_list("used_on", "not_used_because").get() == (None, "We take it in March")
    client.post(receipt.get_absolute_url(), USED)
    assert Receipt.objects.values_list("used_on", "not_used_because").get() == (date(2027, 1, 8), "")
    history = client.get(reverse("partnership:record-history", args=["reviews.receipt", receipt.pk]))
    assert "We take it in March" in history.content.decode()


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"was_used": ""}, "Say whether you used it"),
        ({"used_on_year": ""}, "Add the year to the date"),
        ({"used_on_day": "13"}, "Enter today or a day before: you can say it once you have used it"),
        ({"used_with": ""}, "Say with whom you used it"),
        ({"changed": " "}, "Say what changed because of it. “Nothing yet” is an answer"),
        ({"reached": "many"}, "Enter a whole number, in figures"),
        ({"reached": "99999999"}, "Enter a number up to 1,000,000"),
        ({"was_used": "not-used"}, "Say why you did not use it"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client_of, lead, receipt, said, problem):
    page = client_of(lead).post(receipt.get_absolute_url(), USED | said)
    assert (page.status_code, problem in page.content.decode()) == (422, True)
    assert Receipt.objects.get().submitted_at is None


def test_an_agency_sees_its_own_alone(client_of, lead, other_receipt, receipt, briefing):
    client = client_of(lead)
    assert client.get(receipt.get_absolute_url()).status_code == 200
    assert client.get(other_receipt.get_absolute_url()).status_code == 404
    assert client.get(reverse("reviews:briefing-receipts", args=[briefing.pk])).status_code == 403
    assert other_receipt.organisation.name not in client.get(briefing.get_absolute_url()).content.decode()


def test_the_office_sees_who_has_answered_and_who_is_late(client_of, office, lead, receipt, other_receipt, briefing):
    client_of(lead).post(receipt.get_absolute_url(), USED)
    client = client_of(office)
    page = client.get(reverse("reviews:briefing-receipts", args=[briefing.pk]))
    answers = page.context["answers"]
    assert ([*answers.answered], [*answers.waiting], answers.late, answers.reached) == (
        [receipt],
        [other_receipt],
        {other_receipt.pk},
        24,
    )
    rows = client.get(page.request["PATH_INFO"], {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    year = client.get(reverse("reviews:receipt-year")).context["lines"]
    assert [(each.asked, each.answered, each.used, each.late, each.reached) for each in year] == [
        (1, 0, 0, 1, 0) if each.organisation == other_receipt.organisation else (1, 1, 1, 0, 24) for each in year
    ]


def test_who_is_silent_is_asked_again_once_a_day(client_of, office, partner, other_partner, receipt, other_receipt):
    client = client_of(office)
    chase = reverse("reviews:receipt-chase", args=[receipt.briefing_id])
    assert client.post(chase, {"who": str(receipt.pk)}).status_code == 302
    client.post(chase, {"who": str(receipt.pk)})
    assert list(Reminder.objects.values_list("deadline_key", "asked_by")) == [(f"receipt:{receipt.pk}", office.pk)]
    assert client.post(chase, {"who": "nobody"}).status_code == 404


def test_a_draft_asks_nobody(partnership, hospital, today):
    ReceiptFactory(briefing=BriefingFactory(partnership=partnership), organisation=hospital)
    assert [each for each in deadlines(on=today) if each.key.startswith("receipt:")] == []


def test_one_more_agency_is_asked_once(client_of, office, briefing, health_board):
    client = client_of(office)
    said = {"agency": health_board.pk, "due_on_day": "1", "due_on_month": "3", "due_on_year": "2027"}
    for _ in range(2):
        assert client.post(reverse("reviews:briefing-receipts", args=[briefing.pk]), said).status_code == 302
    assert Receipt.objects.values_list("organisation", "due_on").get() == (health_board.pk, date(2027, 3, 1))
    refused = client.post(reverse("reviews:briefing-receipts", args=[briefing.pk]), said | {"due_on_year": "2026"})
    assert refused.status_code == 422
