"""A password counts as it was typed, may be as long and odd as people like, and is kept so that nobody reads it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

SIGN_IN = reverse("partnership:sign-in")
GOOD = "  Kettle ravine PAPER boat  "


def gets_in(person, password):
    browser = Client()
    browser.post(SIGN_IN, {"login": person.email, "password": password})
    return SESSION_KEY in browser.session


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [GOOD.strip(), GOOD.lower(), GOOD[:-1], GOOD + " "])
def test_a_password_counts_as_it_was_typed(today, typed):
    person = UserFactory()
    person.set_password(GOOD)
    person.save()
    assert (gets_in(person, GOOD), gets_in(person, typed)) == (True, False)


@pytest.mark.parametrize(
    "password",
    [
        "kettle ravine paper boat " * 4,
        "ключ овраг бумага лодка",
        "🫖 ravine 📄 boat kettle",
        "9406 2211 8357 4470 9183 5521",
    ],
)
def test_it_may_be_long_and_of_any_letters(password):
    assert validate_password(password, UserFactory.build(name="Greta Holloway")) is None


@pytest.mark.parametrize("password", ["gretaholloway", "Greta Holloway 1", "partnershipplanner", "safeguarding 2026"])
def test_the_names_of_the_person_and_of_the_product_are_none(password):
    with pytest.raises(ValidationError):
        validate_password(password, UserFactory.build(name="Greta Holloway", email="greta@example.org"))


@pytest.mark.django_db
def test_it_is_hidden_while_it_is_typed_and_a_manager_of_passwords_may_fill_it_in(client):
    fields = re.findall(r"<input[^>]*name=\"password\"[^>]*>", client.get(SIGN_IN).content.decode())
    assert [('type="password"' in field, 'autocomplete="current-password"' in field) for field in fields] == [
        (True, True)
    ]
    scripts = [path.read_text() for path in Path(settings.BASE_DIR, "static/js").glob("*.js")]
    assert [text for text in scripts if "paste" in text and "password" in text] == []


def test_production_keeps_it_by_argon2():
    """The tests' own hasher is a quick one, so this reads what the settings say before them."""
    text = Path(settings.BASE_DIR, "partnership/settings.py").read_text()
    hashers = re.search(r"^PASSWORD_HASHERS = \[\s*\"([\w.]+)\"", text, re.MULTILINE)
    assert hashers[1] == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert get_hasher("default").algorithm == "md5"
