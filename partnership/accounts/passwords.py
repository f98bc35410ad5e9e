"""What makes a password good enough: long, not like the person, not one that is guessed early, not in a known breach.

How early a password is guessed is reckoned by zxcvbn, whose lists of leaked passwords, names and words come with it
and so work without a network. Whether the very password was in a breach is asked of Have I Been Pwned where
``BREACHED_PASSWORDS`` is "online": it is told the first five figures of a hash, never the password.
"""

import hashlib
import logging

import requests
from django.conf import settings
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

logger = logging.getLogger(__name__)

LONGEST_JUDGED = 72  # characters: what follows only makes it better, and judging takes longer than proportionally
FEWEST_GUESSES = 9  # as a power of ten: “Summer2026Summer” falls short, three words without a link do not
SECONDS = 2
ADDRESS = "https://api.pwnedpasswords.com/range/"
WHAT_TO_DO = "Three words that have nothing to do with one another make a good one"


class EarlyGuessValidator:
    """Refuse what somebody who knows people's habits, and this person, would try early."""

    def validate(self, password, user=None):
        known = ["partnership", "planner", "safeguarding"]
        if user is not None:
            known += [user.name, *user.name.split(), user.email, *user.email.replace("@", ".").split(".")]
        guesses = zxcvbn(password[:LONGEST_JUDGED], user_inputs=known, max_length=LONGEST_JUDGED)["guesses_log10"]
        if guesses < FEWEST_GUESSES:
            raise ValidationError(f"Choose one that is harder to guess. {WHAT_TO_DO}", code="guessed_early")

    def get_help_text(self):
        return WHAT_TO_DO


class BreachValidator:
    """Refuse what stands in a breach that is known. Where nobody answers in time, it is let through and logged."""

    def validate(self, password, user=None):
        if settings.BREACHED_PASSWORDS == "online" and is_breached(password):
            raise ValidationError(
                "This password has been stolen from some other site, so it will be tried here. Choose another one",
                code="breached",
            )

    def get_help_text(self):
        return ""


def is_breached(password):
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    try:
        answer = requests.get(ADDRESS + digest[:5], headers={"Add-Padding": "true"}, timeout=SECONDS)
        answer.raise_for_status()
    except requests.RequestException as trouble:
        logger.warning("Nobody could say whether a password was in a breach: %s", type(trouble).__name__)
        return False
    rows = dict(line.strip().split(":", 1) for line in answer.text.splitlines() if ":" in line)
    return rows.get(digest[5:], "0") != "0"
