"""The first administrator of a new installation comes in by a link that the command prints."""

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from partnership.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "seven kettles under the pier"  # noqa: S105


def make(capsys, *words):
    """What the command says."""
    call_command("make_administrator", *words)
    return capsys.readouterr().out


def follow(said):
    """The status of the page to which the printed link leads."""
    return Client().get(reverse("partnership:invitation-follow", args=[token_in(said)])).status_code


def come_in(said):
    """Press the button of that page and choose a password; the last answer's status."""
    browser = Client()
    begun = browser.post(reverse("partnership:invitation-begin"), {"token": token_in(said)})
    assert begun.status_code == 302
    return browser.post(begun.url, {"name": "Ivor Penhale", "password": PASSWORD}).status_code


def token_in(said):
    return re.search(r"/([\w=-]+)/$", said.strip())[1]


def test_somebody_new_comes_in_by_the_link_once(capsys):
    said = make(capsys, "ivor@example.org", "Ivor Penhale")
    person = User.objects.get(email="ivor@example.org")
    assert (person.is_administrator, person.is_active, person.has_usable_password()) == (True, True, False)
    assert mail.outbox == []
    assert (follow(said), come_in(said)) == (200, 302)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert follow(said) == 404


def test_asked_twice_only_the_second_link_works(capsys):
    first = make(capsys, "ivor@example.org", "Ivor Penhale")
    second = make(capsys, "Ivor@example.org")
    assert User.objects.count() == 1
    assert (follow(first), come_in(second)) == (404, 302)


def test_who_signs_in_already_goes_on_doing_so(capsys, office):
    office.last_login = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    office.save()
    said = make(capsys, office.email)
    office.refresh_from_db()
    assert office.is_administrator
    assert "signs in as before" in said
    assert "http" not in said


@pytest.mark.parametrize(("words", "problem"), [(("nobody", "Ivor"), "email: "), (("ivor@example.org",), "name: ")])
def test_what_makes_no_sense_is_said_and_makes_nobody(words, problem):
    with pytest.raises(CommandError, match=problem):
        call_command("make_administrator", *words)
    assert User.objects.count() == 0


def test_an_account_that_is_switched_off_stays_so(office):
    office.is_active = False
    office.save()
    with pytest.raises(CommandError, match="Switch it on first"):
        call_command("make_administrator", office.email)
    office.refresh_from_db()
    assert not office.is_administrator
