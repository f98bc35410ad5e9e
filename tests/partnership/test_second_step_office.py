"""What an office decides of second steps, and who is told."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from partnership.models import AccountEvent
from tests.factories import PASSWORD, PostFactory, PostHoldingFactory

MY_WORK = reverse("assurance:my-work")
SIGN_IN = reverse("partnership:sign-in")
REASON = "She called from her desk: her phone was stolen"


@pytest.fixture
def take_away(partner):
    TOTP.activate(partner, generate_totp_secret())
    return reverse("partnership:person-second-step", args=[partner.pk])


def test_a_lost_second_step_is_taken_away_and_both_are_told(
    client, office, partner, take_away, django_capture_on_commit_callbacks
):
    theirs = Client()
    theirs.force_login(partner)
    client.force_login(office)
    assert client.get(take_away).status_code == 200
    assert client.post(take_away, {"because": "lost"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(take_away, {"because": REASON}).url == partner.get_absolute_url()
    assert not Authenticator.objects.filter(user=partner).exists()
    assert theirs.get(MY_WORK).url.startswith(SIGN_IN)
    assert Client().post(SIGN_IN, {"login": partner.email, "password": PASSWORD}).status_code == 422
    assert sorted(each.to[0] for each in mail.outbox) == sorted([partner.email, office.email])
    assert [each.body.count(REASON) for each in mail.outbox] == [1, 1]
    event = partner.account_events.get(kind=AccountEvent.Kind.STEP_REMOVED)
    assert (event.by, event.detail) == (office, REASON)
    assert client.post(take_away, {"because": REASON}).url == partner.get_absolute_url()
    assert partner.account_events.filter(kind=AccountEvent.Kind.STEP_REMOVED).count() == 1


def test_who_has_no_second_step_has_none_to_be_taken_away(client, office, partner):
    client.force_login(office)
    url = reverse("partnership:person-second-step", args=[partner.pk])
    assert "Greta Holloway has no second step" in client.get(url).content.decode()
    assert "Take it away" not in client.get(partner.get_absolute_url()).content.decode()


def test_nobody_takes_their_own_or_an_administrators_away(client, office, administrator, take_away):
    client.force_login(office)
    for person in (office, administrator):
        TOTP.activate(person, generate_totp_secret())
        answer = client.post(reverse("partnership:person-second-step", args=[person.pk]), {"because": REASON})
        assert answer.status_code in {403, 404}
    assert Authenticator.objects.count() == 3


def test_an_office_says_who_needs_one_and_sees_how_many_have_none(client, office, partner, partnership, take_away):
    client.force_login(office)
    policy = reverse("partnership:second-step-policy", args=[partnership.pk])
    before = client.get(policy)
    assert before.context["without"] == before.context["people"] - 1
    theirs = Client()
    theirs.force_login(partner)
    Authenticator.objects.all().delete()
    assert theirs.get(MY_WORK).status_code == 200
    assert client.post(policy, {"second_step_roles": ["member"]}).url == policy
    assert theirs.get(MY_WORK).url.startswith(reverse("partnership:second-step"))
    assert client.post(policy, {}).url.startswith(reverse("partnership:second-step"))  # who asks needs one, too


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_of_who_needs_one_asks_the_same_of_few_and_many(
    client, office, partnership, people, django_assert_num_queries
):
    post = PostFactory(partnerships=[partnership])
    PostHoldingFactory.create_batch(people, post=post)
    client.force_login(office)
    policy = reverse("partnership:second-step-policy", args=[partnership.pk])
    client.get(policy)
    with django_assert_num_queries(8):
        client.get(policy)
