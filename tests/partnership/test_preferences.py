"""Everybody says how often they hear; a duty is slowed, never silenced; the link in a mail gives nothing away."""

import re

import pytest
from django.test import Client

from partnership.models import Message, Reminder, ReminderHours, ReminderPolicy, ReminderPreference
from partnership.reminders.bounces import record_bounce
from partnership.reminders.choices import keep_paces, paces_of
from partnership.reminders.unsubscribing import unsubscribe_address

URL = "/my-reminders/"
TOKEN = re.compile(r"[A-Za-z0-9]{64}")  # drawn by lot in each page
AS_IT_IS = {"pace": "daily", "weekdays": ["0", "1", "2", "3", "4"], "first_hour": "8", "last_hour": "18"}


def words(response):
    return " ".join(response.content.decode().split())


def errors(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


@pytest.fixture
def address(today, lead):
    """Where the link in ``lead``'s reminders leads to."""
    whole = unsubscribe_address(lead)
    return whole[whole.index("/unsubscribe/") :]


# One's own page


def test_what_is_chosen_is_kept_and_only_that(client_of, lead, chair):
    client = client_of(lead)
    answers = AS_IT_IS | {"pace": "weekly", "pace_milestone": "daily", "pace_event": "off"}
    assert client.post(URL, answers).url == URL
    assert paces_of(lead) == {"": "weekly", "milestone": "daily", "event": "off"}
    assert client.post(URL, AS_IT_IS | {"pace": "daily"}).url == URL
    assert paces_of(lead) == {}
    assert paces_of(chair) == {}


def test_the_page_shows_what_was_chosen(client_of, lead):
    keep_paces(lead, {"": "weekly", "event": "off"})
    form = client_of(lead).get(URL).context["form"]
    assert (form["pace"].value(), form["pace_event"].value(), form["pace_milestone"].value()) == ("weekly", "off", "")


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"pace_milestone": "off"}, "pace_milestone", "Choose how often, from the list. A duty can’t be turned off"),
        ({"pace": "off"}, "pace", "Choose an answer from the list"),
        ({"pace": ""}, "pace", "Answer “How often do you want to hear?”"),
        ({"weekdays": []}, "weekdays", "Choose at least one day of the week"),
        ({"weekdays": ["6"]}, "weekdays", "Choose days of the list"),
        ({"first_hour": "15", "last_hour": "9"}, "last_hour", "Choose an hour after the first"),
        ({"first_hour": "3"}, "first_hour", "Choose an answer from the list"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(client_of, lead, answers, field, said):
    response = client_of(lead).post(URL, AS_IT_IS | {"pace_event": "off"} | answers)
    assert (response.status_code, errors(response)) == (422, {field: [said]})
    assert paces_of(lead) == {}


def test_a_kind_whose_policy_allows_no_week_offers_none(client_of, lead, partnership):
    ReminderPolicy.objects.create(kind="milestone", partnership=partnership, steps=[-2], may_be_slowed=False)
    client = client_of(lead)
    offered = [value for value, _label in client.get(URL).context["form"].fields["pace_milestone"].choices]
    assert offered == ["", "at-once", "daily"]
    assert client.post(URL, AS_IT_IS | {"pace_milestone": "weekly"}).status_code == 422


def test_own_days_and_hours_are_kept_until_they_are_the_usual_ones_again(client_of, lead):
    client = client_of(lead)
    client.post(URL, AS_IT_IS | {"weekdays": ["1", "3"], "first_hour": "10", "last_hour": "16"})
    [hours] = ReminderHours.objects.all()
    assert (hours.user, hours.weekdays, hours.first_hour, hours.last_hour) == (lead, [1, 3], 10, 16)
    client.post(URL, AS_IT_IS)
    assert not ReminderHours.objects.exists()


def test_what_one_was_sent_stands_there_and_nobody_elses(client_of, lead, chair, today):
    for person, title in ((lead, "Posters are up"), (chair, "Minutes")):
        message = Message.objects.create(
            idem_key=title, recipient=person, day=today, state=Message.State.ACCEPTED, accepted_at="2027-01-11T09:00Z"
        )
        Reminder.objects.create(
            deadline_key="milestone:1", due_on=today, step=0, recipient=person, message=message, title=title
        )
    page = words(client_of(lead).get(URL))
    assert ("Posters are up" in page, "Minutes" in page) == (True, False)


def test_whose_mail_comes_back_is_told_so(client_of, lead, chair):
    record_bounce(lead.email, is_permanent=True, answer="550", message=None, at="2027-01-11T09:00Z")
    assert f"Mail to {lead.email} comes back" in words(client_of(lead).get(URL))
    assert "comes back" not in words(client_of(chair).get(URL))


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(client_of, lead, today, count, django_assert_num_queries):
    for number in range(count):
        message = Message.objects.create(
            idem_key=str(number),
            recipient=lead,
            day=today,
            state=Message.State.ACCEPTED,
            accepted_at="2027-01-11T09:00Z",
        )
        Reminder.objects.create(
            deadline_key=f"milestone:{number}", due_on=today, step=0, recipient=lead, message=message
        )
        ReminderPreference.objects.create(user=lead, kind=["milestone", "update", "event"][number], pace="weekly")
    client = client_of(lead)
    with django_assert_num_queries(11):
        client.get(URL)


# The link in a mail


def test_opening_the_link_changes_nothing_however_often_a_scanner_does(client_of, lead, address):
    page = client_of(None).get(address)
    assert (page.status_code, paces_of(lead)) == (200, {})
    assert client_of(None).head(address).status_code == 200
    assert paces_of(lead) == {}
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("private, no-store", "strict-origin")


SLOW = {
    "": "weekly",
    "milestone": "weekly",
    "event": "off",
    "meeting": "off",
}


def test_pressing_it_slows_duties_and_stops_the_rest_and_can_be_undone(client_of, lead, chair, address):
    keep_paces(lead, {"milestone": "at-once"})
    client = client_of(None)
    page = client.post(address)
    assert "now come once a week" in words(page)
    assert {kind: paces_of(lead)[kind] for kind in SLOW} == SLOW
    assert paces_of(chair) == {}
    again = client.post(address, {"undo": page.context["undo"]})
    assert "As it was before" in words(again)
    assert paces_of(lead) == {"milestone": "at-once"}


def test_a_mail_program_presses_it_by_itself_without_cookie_or_form(lead, address):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, paces_of(lead)["milestone"]) == (200, "weekly")


def test_whoever_has_the_forwarded_mail_reads_no_name_and_no_address(client_of, lead, address):
    client = client_of(None)
    for page in (client.get(address), client.post(address)):
        shown = words(page).replace(page.context.get("undo") or "-", "")
        assert [word for word in (*lead.name.split(), lead.email, "Midwifery", "Ashford") if word in shown] == []


@pytest.mark.parametrize("spoil", [lambda url: url[:-3] + "x/", lambda url: "/unsubscribe/nonsense/"])
def test_a_wrong_link_is_one_plain_page_and_changes_nothing(client_of, lead, address, spoil):
    client = client_of(None)
    pages = [client.get(spoil(address)), client.post(spoil(address)), client.get("/unsubscribe/x/")]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({TOKEN.sub("", words(page)) for page in pages}) == 1
    assert paces_of(lead) == {}


def test_a_link_dies_with_its_address_and_its_account(client_of, lead, address):
    lead.email = "new@example.org"
    lead.save()
    assert client_of(None).post(address).status_code == 404
    lead.refresh_from_db()
    assert paces_of(lead) == {}


def test_an_undo_of_somebody_else_or_made_up_does_nothing(client_of, lead, chair, address):
    keep_paces(chair, {"milestone": "at-once"})
    whole = unsubscribe_address(chair)
    theirs = client_of(None).post(whole[whole.index("/unsubscribe/") :]).context["undo"]
    client = client_of(None)
    client.post(address)
    for undo in (theirs, "made-up", ""):
        assert client.post(address, {"undo": undo}).context["is_undone"] is False
    assert paces_of(lead)["milestone"] == "weekly"


def test_guessing_is_slowed(client_of, db):
    client = client_of(None)
    assert [client.get(f"/unsubscribe/{number}/").status_code for number in range(61)] == [404] * 60 + [429]


def test_nothing_can_be_told_of_a_link_by_who_is_signed_in(client_of, chair, lead, address):
    assert client_of(chair).post(address).status_code == 200
    assert (paces_of(chair), paces_of(lead)["milestone"]) == ({}, "weekly")
