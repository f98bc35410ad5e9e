"""What a log may hold: never a secret that stands in an address.

Django names the path of a request that it refuses, and gunicorn that of every request. Whatever is
written goes through ``masked``, so a log shows that a signed link was followed and not which one.
"""

import logging
import re

SECRET_ADDRESSES = re.compile(r"(/answer/|/calendar/feed/|/unsubscribe/)[A-Za-z0-9_%.~-]{24,}")


def masked(text):
    """``text`` with the secret of each signed address left out: ``/answer/…/``."""
    return SECRET_ADDRESSES.sub(r"\1…", text)


class MaskingFormatter(logging.Formatter):
    """The whole record as it is written, its traceback too."""

    def format(self, record):
        return masked(super().format(record))
