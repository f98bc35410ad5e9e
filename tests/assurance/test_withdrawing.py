"""A request that was sent is taken back from everybody: who is told, what is kept, what may be asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from assurance.models import Return
from assurance.requests import ask_also, reopen_request
from assurance.withdrawing import tell_withdrawn, withdraw_request
from partnership.deadlines import deadlines_for
from tests.factories import AssuranceRequestFactory, QuestionFactory, ReturnFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
RETURNS = reverse("assurance:return-list")
WHY = "It went to the wrong agencies."


def url(name, record):
    return reverse(f"assurance:{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


def withdrawn(request, office):
    withdraw_request(request, because=WHY, by=office, at=NOW)
    request.refresh_from_db()
    return request


def test_nobody_is_asked_any_more_and_what_was_submitted_is_kept(
    client_of, office, partner, assurance_request, draft_return, submitted_return, charity
):
    client, address = client_of(office), url("request-withdraw", assurance_request)
    copies = submitted_return.copies.count()
    assert "What 1 organisation submitted is kept" in text_of(client.get(address))
    empty = client.post(address, {"because": " "})
    assert (empty.status_code, "Enter why it is withdrawn" in text_of(empty)) == (422, True)
    assert client.post(address, {"because": WHY}).url == assurance_request.get_absolute_url()
    assurance_request.refresh_from_db()
    assert (assurance_request.withdrawn_because, str(assurance_request.closed_on)) == (WHY, "2027-01-12")
    assert deadlines_for(partner, on=NOW.date()) == []
    submitted_return.refresh_from_db()
    assert (submitted_return.withdrawn_at, submitted_return.copies.count()) == (None, copies)
    assert client_of(office).get(submitted_return.get_absolute_url()).status_code == 200
    theirs = client_of(partner)
    assert WHY in text_of(theirs.get(RETURNS))
    draft = text_of(theirs.get(draft_return.get_absolute_url()))
    assert (WHY in draft, "A draft that nobody else may read." in draft) == (True, True)
    page = text_of(client.get(assurance_request.get_absolute_url()))
    assert "withdrawn on 12 January 2027: It went" in page
    assert (page.count(WHY), page.count("Withdrawn with the request")) == (1, 1)


def test_each_person_of_an_organisation_that_was_asked_is_told_once(
    office, partner, assurance_request, draft_return, submitted_return, mailoutbox
):
    withdrawn(assurance_request, office)
    assert (tell_withdrawn(at=NOW), tell_withdrawn(at=NOW)) == (1, 0)
    [mail] = mailoutbox
    assert mail.to == [partner.email]
    assert (mail.subject, WHY in mail.body) == ("No longer asked: Assurance return 2026 to 2027", True)
    assert "A draft that nobody else may read." not in mail.body


def test_news_of_the_day_before_yesterday_are_told_to_nobody(office, assurance_request, draft_return, mailoutbox):
    withdrawn(assurance_request, office)
    assert (tell_withdrawn(at=NOW + timedelta(days=2)), mailoutbox) == (0, [])


def test_opened_again_those_are_asked_from_whom_it_was_withdrawn_together(
    office, partner, assurance_request, draft_return, health_board
):
    alone = ReturnFactory(
        request=assurance_request, organisation=health_board, withdrawn_at=NOW, withdrawn_because="Merged"
    )
    Return.objects.filter(pk=alone.pk).update(withdrawn_at=NOW - timedelta(days=3))
    withdrawn(assurance_request, office)
    assert reopen_request(assurance_request) is True
    assurance_request.refresh_from_db()
    draft_return.refresh_from_db()
    alone.refresh_from_db()
    assert (assurance_request.withdrawn_at, assurance_request.closed_on, draft_return.withdrawn_at) == (None,) * 3
    assert alone.withdrawn_because == "Merged"
    assert [each.title for each in deadlines_for(partner, on=NOW.date())] == ["Assurance return 2026 to 2027"]


def test_an_answer_to_another_request_goes_to_its_own_return(
    office, assurance_request, draft_return, partnership, charity
):
    other_request = AssuranceRequestFactory(partnerships=[partnership], title="Assurance return 2027")
    asked = draft_return.answers.first().question
    QuestionFactory(request=other_request, text=asked.text, asked_from=asked.asked_from)
    other = ReturnFactory(request=other_request, organisation=charity, answered_in=draft_return)
    withdrawn(assurance_request, office)
    other.refresh_from_db()
    assert (other.answered_in, other.withdrawn_at) == (None, None)
    assert [each.text for each in other.answers.all()] == [draft_return.answers.first().text]


def test_a_second_press_changes_nothing_and_a_draft_is_not_withdrawn(office, partnership, assurance_request):
    withdrawn(assurance_request, office)
    assert withdraw_request(assurance_request, because="Again", by=office, at=NOW) is False
    building = AssuranceRequestFactory(partnerships=[partnership], title="Being built", sent_on=None)
    assert withdraw_request(building, because=WHY, by=office, at=NOW) is False
    building.refresh_from_db()
    assert building.closed_on is None


def test_who_is_asked_again_would_be_told_again(office, partner, assurance_request, draft_return, charity, mailoutbox):
    withdrawn(assurance_request, office)
    tell_withdrawn(at=NOW)
    ask_also(assurance_request, [charity])
    draft_return.refresh_from_db()
    assert (draft_return.withdrawn_at, draft_return.withdrawal_told_at) == (None, None)
