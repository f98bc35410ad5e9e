"""T11: an invitation lets one person in, once, in the browser that pressed its button; following it does nothing."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.accounts.invitations import invite, send_waiting, withdraw
from partnership.accounts.leaving import switch_off
from partnership.appointments import leave
from partnership.models import AccountEvent, Invitation, User
from tests.at_once import at_once
from tests.conftest import hold
from tests.guarantees.figures import record
from tests.guarantees.test_access import rows_written

pytestmark = pytest.mark.django_db

LINK = re.compile(r"https?://[^/\s]+(/invitation/\S+)")
GOOD = "walnut harbour trellis"
BEGIN, COME_IN = reverse("partnership:invitation-begin"), reverse("partnership:invitation-come-in")
PEOPLE = reverse("partnership:person-list")


@pytest.fixture
def newcomer(partnership):
    """Holds a post and never signed in."""
    user = hold("Orla Keane", "Named midwife", partnerships=[partnership])
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def link(office, newcomer, mail_server):
    return link_to(newcomer, office, mail_server)


def link_to(person, by, mail_server):
    invite(person, at=timezone.now(), by=by)
    send_waiting(at=timezone.now())
    return LINK.search(mail_server.delivered[-1].body)[1]


def token_of(link):
    return link.rstrip("/").rpartition("/")[2]


def press(client, link):
    return client.post(BEGIN, {"token": token_of(link)})


def come_in(client, **answers):
    return client.post(COME_IN, {"name": "Orla Keane", "password": GOOD, **answers})


def is_in(client):
    return SESSION_KEY in client.session


# The way in


def test_who_was_invited_comes_in_with_a_password_of_their_own(link, newcomer):
    client = Client()
    page = client.get(link)
    assert (page.status_code, newcomer.name in page.content.decode()) == (200, False)
    assert press(client, link).url == COME_IN
    answer = come_in(client, name=" Orla  Keane-Rowe ")
    newcomer.refresh_from_db()
    assert (answer.status_code, is_in(client), newcomer.name) == (302, True, "Orla Keane-Rowe")
    assert newcomer.check_password(GOOD)
    kinds = list(AccountEvent.objects.filter(user=newcomer).order_by("pk").values_list("kind", flat=True))
    assert kinds[:2] == ["invited", "invitation-used"]


def test_a_weak_password_is_refused_and_the_invitation_stays(link, newcomer):
    client = Client()
    press(client, link)
    page = come_in(client, password="password1234")
    assert (page.status_code, is_in(client), Invitation.objects.get().used_at) == (422, False, None)
    assert come_in(client).status_code == 302


def test_the_database_alone_opens_nothing(link):
    """Whoever reads the table has the hash, and neither it nor the key is a token."""
    kept = Invitation.objects.get()
    client = Client()
    for token in (kept.token_hash, str(kept.pk)):
        assert client.post(BEGIN, {"token": token}).status_code == 404
    assert not any(kept.token_hash in str(each.message()) for each in mail.outbox)


# Once, in one browser


def test_scanners_that_follow_it_use_nothing_up_and_write_no_row(link):
    before = rows_written()
    for _ in range(20):
        assert Client(HTTP_USER_AGENT="scanner").get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert rows_written() == before
    client = Client()
    press(client, link)
    assert come_in(client).status_code == 302


def test_another_browser_cannot_go_on_where_one_began(link):
    begun, other = Client(), Client()
    press(begun, link)
    assert (other.get(COME_IN).status_code, come_in(other).status_code, is_in(other)) == (404, 404, False)
    assert come_in(begun).status_code == 302


def test_used_it_is_worth_nothing_anywhere(link, newcomer):
    first, waiting, late = Client(), Client(), Client()
    for client in (first, waiting):
        press(client, link)
    come_in(first)
    assert come_in(waiting, password="another walnut trellis").status_code == 404
    assert (late.get(link).status_code, press(late, link).status_code) == (404, 404)
    newcomer.refresh_from_db()
    assert newcomer.check_password(GOOD)


def ended(name):
    """Each way in which an invitation ends, by its name."""

    def taken_back(person, by):
        withdraw(person, at=timezone.now())

    def another_was_sent(person, by):
        Invitation.objects.update(made_at=timezone.now() - timedelta(hours=1))
        invite(person, at=timezone.now(), by=by)

    def too_late(person, by):
        Invitation.objects.update(expires_at=timezone.now())

    def another_address(person, by):
        User.objects.filter(pk=person.pk).update(email="orla@example.net")

    def switched_off(person, by):
        switch_off(person, at=timezone.now(), by=by)

    def left(person, by):
        leave(person, at=timezone.now(), by=by)

    def came_in_otherwise(person, by):
        User.objects.filter(pk=person.pk).update(last_login=timezone.now())

    return locals()[name]


ENDS = [
    "taken_back",
    "another_was_sent",
    "too_late",
    "another_address",
    "switched_off",
    "left",
    "came_in_otherwise",
]


@pytest.mark.parametrize("name", ENDS)
def test_however_it_ends_the_answer_is_the_same(link, newcomer, office, name):
    begun = Client()
    press(begun, link)
    wrong = without_tokens(Client().get(reverse("partnership:invitation-follow", args=["x" * 64])))
    ended(name)(newcomer, office)
    assert without_tokens(Client().get(link)) == wrong
    if name != "another_address":  # whoever pressed the button had the mail
        assert (come_in(begun).status_code, is_in(begun)) == (404, False)
    record("T11 access", "{ends} ends of an invitation tried", ends=1)


def without_tokens(response):
    return response.status_code, re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode())


def test_control_an_invitation_that_has_not_ended_opens(link):
    assert Client().get(link).status_code == 200


def test_guessing_is_slowed_down(link):
    statuses = [
        Client().get(reverse("partnership:invitation-follow", args=[f"{n:064}"])).status_code for n in range(35)
    ]
    assert (statuses[0], statuses[-1]) == (404, 429)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_use_it_once(link, newcomer):
    browsers = [Client(), Client()]
    for browser in browsers:
        press(browser, link)
    jobs = [
        lambda browser=browser, n=n: come_in(browser, password=f"{GOOD} {n}").status_code
        for n, browser in enumerate(browsers)
    ]
    assert sorted(at_once(*jobs)) == [302, 404]


def test_a_session_that_was_put_there_by_somebody_else_gets_a_new_key(link):
    client = Client()
    client.session["before"] = "kept by somebody else"
    client.session.save()
    before = client.session.session_key
    press(client, link)
    middle = client.session.session_key
    come_in(client)
    assert len({before, middle, client.session.session_key}) == 3


def test_whoever_is_signed_in_is_signed_out_by_the_button_and_not_before(link, client_of, partner):
    client = client_of(partner)
    assert (client.get(link).status_code, is_in(client)) == (200, True)
    press(client, link)
    assert not is_in(client)
