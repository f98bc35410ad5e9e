"""What a log may hold: never a secret that stands in an address, nor the words of a row.

Django names the path of a request that it refuses, and gunicorn that of every request. PostgreSQL tells of a
row that it refuses by what stands in it. Whatever is written goes through ``masked``, so a log shows that a signed
link was followed and not which one, and that a row was refused and not what it says.
"""

import logging
import re

SECRET_ADDRESSES = re.compile(r"(/answer/|/say/|/t/[a-z-]+/|/calendar/feed/|/unsubscribe/)[A-Za-z0-9_%.:~-]{24,}")
# From PostgreSQL's DETAIL to the end of that exception.
ROWS = re.compile(
    r"^(DETAIL:).*?(?=\n\nThe above exception was|\n\nDuring handling of the above|\Z)", re.MULTILINE | re.DOTALL
)


def masked(text):
    """``text`` with the secret of each signed address left out, ``/answer/…/``, and what a refused row says."""
    return ROWS.sub(r"\1 …", SECRET_ADDRESSES.sub(r"\1…", text))


class MaskingFormatter(logging.Formatter):
    """The whole record as it is written, its traceback too."""

    def format(self, record):
        return masked(super().format(record))
