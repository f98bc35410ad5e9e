"""An account at an organisation can be parted from the one here, and nobody is left without a way in by that."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.accounts.parting import part
from partnership.models import AccountEvent, Bounce
from partnership.refusals import NotNow
from tests.at_once import at_once

OWN = reverse("partnership:second-step")
MY_WORK = reverse("assurance:my-work")
REASON = "That mailbox is another person’s now"


def part_url(key="council"):
    return reverse("partnership:organisation-part", args=[key])


@pytest.fixture(autouse=True)
def two_organisations(settings):
    settings.ORGANISATIONS_SIGN_IN = [
        {"id": key, "name": name, "server_url": "", "client_id": "", "client_secret": "", "domains": []}
        for key, name in (("council", "Ashford Vale Council"), ("force", "Ashford Vale Police"))
    ]


@pytest.fixture
def joined(partner):
    """A partner who comes in by their council, and has a password beside that."""
    SocialAccount.objects.create(user=partner, provider="council", uid="number-7")
    return partner


@pytest.fixture
def without_password(joined):
    joined.set_unusable_password()
    joined.save()
    return joined


@pytest.fixture
def persons_url(joined):
    return reverse("partnership:person-part", args=[joined.pk, "council"])


def test_one_parts_ones_own_and_it_is_told(client_of, joined, django_capture_on_commit_callbacks):
    client, elsewhere = client_of(joined), client_of(joined)
    assert f'href="{part_url()}"' in client.get(OWN).content.decode()
    assert "lets you in no more" in client.get(part_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(part_url()).url == OWN
    assert not SocialAccount.objects.exists()
    assert (client.get(MY_WORK).status_code, elsewhere.get(MY_WORK).status_code) == (200, 302)
    event = joined.account_events.get(kind=AccountEvent.Kind.ACCOUNT_PARTED)
    assert (event.by, event.detail) == (None, "Ashford Vale Council")
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([joined.email], "Your account at Ashford Vale Council lets you in no more")
    assert "You have disconnected" in sent.body
    assert client.get(part_url()).status_code == 404


def test_whoever_has_nothing_else_is_told_what_to_do_first(client_of, without_password):
    client = client_of(without_password)
    for answer, status in ((client.get(part_url()), 200), (client.post(part_url()), 422)):
        page = answer.content.decode()
        assert (answer.status_code, "Choose a password or set up a passkey first" in page) == (status, True)
        assert reverse("partnership:password-change") in page
    assert SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("way", "is_enough"),
    [("passkey", True), ("another organisation", True), ("an app", False), ("one that is gone", False)],
)
def test_what_is_a_way_in_of_its_own(client_of, without_password, way, is_enough):
    kinds = {"passkey": Authenticator.Type.WEBAUTHN, "an app": Authenticator.Type.TOTP}
    if way in kinds:
        Authenticator.objects.create(user=without_password, type=kinds[way], data={})
    else:
        key = "force" if way == "another organisation" else "one-that-is-gone"
        SocialAccount.objects.create(user=without_password, provider=key, uid="number-8")
    if is_enough:
        part(without_password, "council", by=without_password, at=timezone.now())
    else:
        with pytest.raises(NotNow, match="your only sure way in"):
            part(without_password, "council", by=without_password, at=timezone.now())
    assert SocialAccount.objects.filter(provider="council").exists() != is_enough


def test_an_organisation_that_the_settings_name_no_more_can_be_parted_from(client_of, joined):
    SocialAccount.objects.create(user=joined, provider="gone", uid="number-9")
    assert client_of(joined).post(part_url("gone")).url == OWN
    assert SocialAccount.objects.get().provider == "council"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one(without_password):
    """Each would be the other's way in."""
    SocialAccount.objects.create(user=without_password, provider="force", uid="number-8")

    def parting(key):
        try:
            part(without_password, key, by=without_password, at=timezone.now())
        except NotNow:
            return 0
        return 1

    assert sum(at_once(lambda: parting("council"), lambda: parting("force"))) == 1
    assert SocialAccount.objects.count() == 1


# By an office


def test_an_office_parts_it_with_a_reason(
    client_of, office, without_password, persons_url, django_capture_on_commit_callbacks
):
    theirs, client = client_of(without_password), client_of(office)
    assert persons_url in client.get(without_password.get_absolute_url()).content.decode()
    assert client.post(persons_url, {"because": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(persons_url, {"because": REASON}).url == without_password.get_absolute_url()
    assert theirs.get(MY_WORK).status_code == 302
    event = without_password.account_events.get(kind=AccountEvent.Kind.ACCOUNT_PARTED)
    assert (event.by, event.detail) == (office, f"Ashford Vale Council: {REASON}")
    [sent] = mail.outbox
    assert REASON in sent.body
    assert reverse("partnership:password-forgotten") in sent.body  # their way in from now on
    assert client.post(persons_url, {"because": REASON}).status_code == 404


def test_an_office_shuts_nobody_out_whom_no_mail_reaches(client_of, office, without_password, persons_url):
    Bounce.objects.create(email=without_password.email, is_permanent=True)
    answer = client_of(office).post(persons_url, {"because": REASON})
    assert (answer.status_code, "mail to greta" in answer.content.decode()) == (422, True)
    assert SocialAccount.objects.exists()


def test_it_is_for_who_may_switch_the_account_off(client_of, lead, stranger, persons_url):
    assert client_of(lead).get(persons_url).status_code == 403
    assert client_of(stranger).get(persons_url).status_code == 404
    assert Client().get(persons_url).status_code == 302


@pytest.mark.parametrize("accounts", [1, 3])
def test_the_page_of_the_second_step_asks_the_same_of_few_and_many(
    client_of, partner, accounts, django_assert_num_queries
):
    for number in range(accounts):
        SocialAccount.objects.create(user=partner, provider=f"organisation-{number}", uid="number-7")
    client = client_of(partner)
    client.get(OWN)
    with django_assert_num_queries(8):
        client.get(OWN)
