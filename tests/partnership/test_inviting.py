"""Inviting people: who may, whom, and what becomes of the mail."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.accounts.invitations import cannot_be_invited, invite, invite_many, send_waiting
from partnership.models import Invitation, User
from partnership.refusals import NotNow
from tests.conftest import hold
from tests.factories import UserFactory


@pytest.fixture
def newcomer(partnership):
    """Holds a post and never signed in."""
    return hold("Orla Keane", "Named midwife", partnerships=[partnership])


@pytest.mark.parametrize(
    ("role", "status"), [("office", 302), ("administrator", 302), ("chair", 403), ("stranger", 404)]
)
def test_their_office_invites_and_nobody_else(request, client_of, newcomer, role, status):
    client = client_of(request.getfixturevalue(role))
    answer = client.post(reverse("partnership:person-invite", args=[newcomer.pk]))
    assert (answer.status_code, Invitation.objects.count()) == (status, int(status == 302))


def test_the_mail_leaves_when_the_office_has_pressed(
    client_of, office, newcomer, mail_server, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client_of(office).post(reverse("partnership:person-invite", args=[newcomer.pk]))
    sent = mail_server.delivered[-1]
    assert (sent.to, "Nadia Fenwick has made an account for you" in sent.body) == ([newcomer.email], True)
    assert "Ashford Vale Safeguarding Children Partnership" in sent.body


def test_pressed_twice_it_is_one_and_asked_later_another(office, newcomer):
    now = timezone.now()
    first = invite(newcomer, at=now, by=office)
    assert invite(newcomer, at=now + timedelta(minutes=1), by=office) == first
    second = invite(newcomer, at=now + timedelta(days=1), by=office)
    assert list(Invitation.objects.open(at=now)) == [second]


def test_sent_once_however_often_the_worker_runs(office, newcomer, mail_server):
    invite(newcomer, at=timezone.now(), by=office)
    assert [send_waiting(at=timezone.now()) for _ in range(3)] == [1, 0, 0]


def nobody_there():
    raise OSError("nobody there")


def test_an_unreachable_mail_server_keeps_it_waiting(office, newcomer, mail_server):
    invite(newcomer, at=timezone.now(), by=office)
    mail_server.at["connected"] = nobody_there
    assert send_waiting(at=timezone.now()) == 0
    kept = Invitation.objects.get()
    assert (kept.sent_at, kept.withdrawn_at) == (None, None)
    mail_server.at.clear()
    assert send_waiting(at=timezone.now()) == 1


def test_who_cannot_be_invited_is_told_why(office, newcomer, partner, leaver, today):
    off = UserFactory(name="Switched Off", is_active=False)
    User.objects.filter(pk=partner.pk).update(last_login=timezone.now())
    partner.refresh_from_db()
    people = [newcomer, partner, off, UserFactory(name="No Post")]
    said = [cannot_be_invited(person, on=today).partition(" ")[0] for person in people]
    assert said == ["", "Greta", "The", "No"]
    with pytest.raises(NotNow):
        invite(partner, at=timezone.now(), by=office)


def test_many_are_invited_together_and_the_others_named(client_of, office, newcomer, partnership, stranger):
    others = [hold(f"Person {n}", f"Post {n}", partnerships=[partnership]) for n in range(3)]
    client = client_of(office)
    url = reverse("partnership:invite-people")
    offered = {person.pk for person in client.get(url).context["new"]}
    assert {newcomer.pk, *[each.pk for each in others]} <= offered
    assert stranger.pk not in offered
    answer = client.post(url, {"person": [newcomer.pk, others[0].pk, stranger.pk, "x"]})
    assert answer.url == url
    assert set(Invitation.objects.values_list("user", flat=True)) == {newcomer.pk, others[0].pk}
    assert {person.pk for person in client.get(url).context["invited"]} == {newcomer.pk, others[0].pk}


def test_nobody_chosen_says_so(client_of, office, newcomer):
    page = client_of(office).post(reverse("partnership:invite-people"), {})
    assert (page.status_code, b"Choose whom to invite" in page.content) == (422, True)


def test_what_is_in_the_way_of_one_keeps_no_other_back(office, newcomer):
    off = UserFactory(name="Switched Off", is_active=False)
    invited, problems = invite_many([off, newcomer], at=timezone.now(), by=office)
    assert (invited, problems) == (
        [newcomer],
        ["The account of Switched Off is switched off. Switch it on first"],
    )


@pytest.mark.parametrize("people", [1, 3, 10])
def test_the_page_of_who_can_be_invited_asks_the_same(
    client_of, office, partnership, people, django_assert_num_queries
):
    for n in range(people):
        hold(f"Person {n}", f"Post {n}", partnerships=[partnership])
    client = client_of(office)
    with django_assert_num_queries(7):
        client.get(reverse("partnership:invite-people"))
