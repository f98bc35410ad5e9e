"""SECRET_KEY can be changed without anybody setting up their second step again."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken
from django.core.management import call_command

from partnership.accounts.adapters import cipher

pytestmark = pytest.mark.django_db

NEW = "a new one that nobody has seen, of more than fifty letters, at last"


@pytest.fixture
def steps(office, settings):
    """An app and recovery codes, made under the key of before: ``(what they hold, readable now?)`` of each."""
    made = [TOTP.activate(office, generate_totp_secret()).instance, RecoveryCodes.activate(office).instance]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [settings.SECRET_KEY]

    def read():
        for step, name in zip(made, ("secret", "seed"), strict=True):
            step.refresh_from_db()
            yield cipher().decrypt(step.data[name].encode())

    return read


def test_second_steps_are_read_by_the_new_key_alone(steps, settings, capsys):
    before = list(steps())
    call_command("renew_keys")
    assert "Encrypted anew: 2." in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert list(steps()) == before


def test_control_without_it_the_former_key_is_needed(steps, settings):
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        list(steps())
