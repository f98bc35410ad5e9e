"""What this product does otherwise than django-allauth does by itself."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an office invites."""

    def is_open_for_signup(self, request):
        return False


class OrganisationAdapter(DefaultSocialAccountAdapter):
    """Accounts at people's own organisations join accounts that an office made; they make none."""

    def is_open_for_signup(self, request, sociallogin):
        return False


class SecondStepAdapter(DefaultMFAAdapter):
    """What the codes of an app are made from is kept encrypted."""

    def encrypt(self, text):
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return cipher().decrypt(encrypted_text.encode()).decode()


def cipher():
    """By the first of the keys, readable by each: the former ones stay in the settings while rows use them."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second step {key}".encode()).digest())) for key in keys]
    )
