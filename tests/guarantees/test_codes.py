"""T11: Codes and secrets of a second step are drawn by chance that nobody can foresee, are long enough, and a copy of
the database alone gives none of them away.
"""

import json
import math
import random
import secrets

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import crypto

from partnership.accounts import adapters
from tests.factories import UserFactory
from tests.guarantees.figures import record

DRAWS = 500
LEAST_BITS = 19.9  # six figures of an app, as ASVS 6.5.4 has it


@pytest.fixture
def person(db):
    return UserFactory()


def new_code():
    return get_adapter().generate_login_code()


def new_recovery_code():
    codes = RecoveryCodes(
        Authenticator(data={"seed": adapters.SecondStepAdapter().encrypt(RecoveryCodes.generate_seed())})
    )
    return codes.generate_codes()[0]


DRAWN = {
    "a code by mail": new_code,
    "the secret of an app": generate_totp_secret,
    "a recovery code": new_recovery_code,
}


@pytest.mark.parametrize("kind", DRAWN)
def test_what_is_drawn_does_not_follow_from_pythons_random(kind, monkeypatch):
    """Begun from the same number, ``random`` gives the same again; these do not, and never ask it."""

    def asked(*args, **kwargs):
        pytest.fail("random was asked")

    for name in ("random", "randint", "choice", "choices", "getrandbits"):
        monkeypatch.setattr(random, name, asked)
    drawn = {DRAWN[kind]() for _each in range(DRAWS)}
    assert len(drawn) > DRAWS - 3
    record("T11", "{drawn} codes and secrets drawn", drawn=DRAWS)


def test_control_a_code_drawn_by_random_is_found(monkeypatch):
    monkeypatch.setattr(crypto, "secrets", random)
    random.seed(7)
    first = new_code()
    random.seed(7)
    assert new_code() == first
    monkeypatch.setattr(crypto, "secrets", secrets)
    random.seed(7)
    assert new_code() != first


@pytest.mark.parametrize("kind", DRAWN)
def test_what_is_drawn_is_long_enough(kind):
    drawn = [DRAWN[kind]().replace("-", "") for _each in range(200)]
    letters, length = set("".join(drawn)), min(map(len, drawn))
    assert length * math.log2(len(letters)) > LEAST_BITS


def test_a_copy_of_the_database_gives_no_code_away(person, monkeypatch):
    """What codes are made from is enciphered by a key that stands in the environment."""
    app_secret = generate_totp_secret()
    TOTP.activate(person, app_secret)
    codes = RecoveryCodes.activate(person).get_unused_codes()
    rows = Authenticator.objects.filter(user=person)
    kept = json.dumps(list(rows.values_list("data", flat=True)))
    assert not [each for each in [app_secret, *codes] if each in kept]
    recovery = rows.get(type=Authenticator.Type.RECOVERY_CODES)
    assert recovery.wrap().get_unused_codes() == codes
    monkeypatch.setattr(settings, "SECRET_KEY", "another key, of whoever has the copy and not the environment")
    with pytest.raises(InvalidToken):
        recovery.wrap().get_unused_codes()


def test_control_without_the_cipher_the_database_gives_them_away(person, monkeypatch):
    monkeypatch.setattr(adapters.SecondStepAdapter, "encrypt", lambda adapter, text: text)
    app_secret = generate_totp_secret()
    TOTP.activate(person, app_secret)
    assert app_secret in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
