"""Mails about a look that is due: of what is restricted its group's chair reads that something is due, and no more."""

from datetime import UTC, date, datetime, timedelta

import pytest

from partnership.models import GroupMember
from partnership.reminders.loop import send_reminders
from reviews.releasing import release
from tests.conftest import TODAY, hold
from tests.factories import ReCheckFactory, RecommendationFactory

pytestmark = pytest.mark.usefixtures("rule_sets", "today")

CANARY = "Canary of a text"


@pytest.fixture
def case_chair(case_group):
    return hold("Morag Teale", "Chair of the group", group=case_group, role=GroupMember.Role.CHAIR)


@pytest.fixture
def everybody_else(
    office, chair, lead, partner, advisor, executive_chair, lead_partner, case_group_member, administrator, stranger
):
    """The rest of the group among them: the chair answers for it."""


@pytest.fixture
def hidden(case):
    recommendation = RecommendationFactory(
        partnership=case.partnership, source="local", source_title="", case=case, text=CANARY
    )
    ReCheckFactory(recommendation=recommendation, planned_on=date(2027, 1, 13), method="Canary of a method")
    return recommendation


@pytest.fixture
def mails(settings, mailoutbox):
    """``mails()``: [(to, subject, words)] about looks, from the day before it is due until a month after."""
    settings.DEADLINE_SOURCES = {"reviews.deadlines.rechecks": "recheck"}

    def mails():
        for days in (0, 1, 8, 31):
            day = TODAY + timedelta(days=days)
            send_reminders(on=day, now=datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC))
        return [(*mail.to, mail.subject, mail.body) for mail in mailoutbox]

    return mails


def test_of_a_restricted_one_the_groups_chair_alone_hears_that_something_is_due(
    hidden, case_chair, everybody_else, mails
):
    sent = mails()
    assert {(to, subject) for to, subject, _words in sent} == {(case_chair.email, "Something is due from you")}
    told = " ".join(words for *_, words in sent)
    assert [word for word in ("Canary", "embedded", "ecommendation", hidden.case.reference) if word in told] == []


def test_once_it_is_released_the_office_is_told_what_it_is(
    hidden, case_chair, everybody_else, office, case_group_member, mails
):
    release(hidden, label="A local review", text=CANARY, by=case_group_member, on=TODAY)
    sent = mails()
    assert office.email in {to for to, _subject, words in sent if f"Is it embedded? {CANARY}" in words}
    assert case_chair.email not in {to for to, *_ in sent}
