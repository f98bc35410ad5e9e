"""What a log may hold: never a secret that stands in an address, nor the words of a row or of a person.

Django names the path of a request that it refuses, and gunicorn that of every request. PostgreSQL tells of a
row that it refuses by what stands in it, and a mail server of a mail by its address. Whatever is written goes through
``masked``, so a log shows that a signed link was followed and not which one, and that a row was refused and not what
it says.

In production each line is one object of JSON (``JsonLines``), of the keys named here and no others: libraries hang
the arguments of a task and whole requests on their records, where people's names are.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

from celery import current_task

from partnership.request_ids import current

SECRET_ADDRESSES = re.compile(r"(/answer/|/say/|/t/[a-z-]+/|/calendar/feed/|/unsubscribe/)[A-Za-z0-9_%.:~-]{24,}")
# From PostgreSQL's DETAIL to the end of that exception.
ROWS = re.compile(
    r"^(DETAIL:).*?(?=\n\nThe above exception was|\n\nDuring handling of the above|\Z)", re.MULTILINE | re.DOTALL
)
# The beginning of the statement that PostgreSQL could not take, with the values in it, and what points at them.
STATEMENTS = re.compile(r"^(LINE \d+:).*(?:\n *\^)?", re.MULTILINE)
MAILBOXES = re.compile(r"[\w.+%'-]+(@[\w-]+\.[\w.-]*\w)")
# What an exception quotes is what somebody gave it, but for the names of what is ours.
QUOTED = re.compile(
    r"""(\b(?:column|constraint|index|relation|table|trigger)\ "\w+" | \b(?:module\ named|attribute)\ '[\w.]+')"""
    r"""| "[^"]*" | '[^']*' | “[^”]*”""",
    re.VERBOSE,
)

LIBRARIES = re.compile(r"site-packages|/lib/python3|^<")


def masked(text):
    """``text`` without the secret of each signed address, ``/answer/…/``, what a refused row says, whose mailbox."""
    text = STATEMENTS.sub(r"\1 …", ROWS.sub(r"\1 …", text))
    return MAILBOXES.sub(r"…\1", SECRET_ADDRESSES.sub(r"\1…", text))


def unquoted(text):
    return QUOTED.sub(lambda found: found[1] or "“…”", text)


class MaskingFormatter(logging.Formatter):
    """The whole record as it is written, its traceback too."""

    def format(self, record):
        return masked(super().format(record))


class JsonLines(logging.Formatter):
    """One record as one line of JSON, with the request and the task that it was written in.

    Our own code adds to a line by ``extra={"answer": {…}}``; what anybody else hangs on a record is left out. Of an
    exception stand its kind, where it was raised and its words without what they quote.
    """

    def format(self, record):
        error = record.exc_info[1] if record.exc_info else None
        message, answer = masked(record.getMessage()), getattr(record, "answer", {})
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": unquoted(message) if error else message,
            "request": current(),
            **of_task(),
            **{key: masked(value) if isinstance(value, str) else value for key, value in answer.items()},
        }
        if error:
            line |= {"error": kind_of(error), "where": where(error), "traceback": told(error)}
        return json.dumps({key: value for key, value in line.items() if value is not None}, ensure_ascii=False)


def of_task():
    if not current_task:
        return {}
    return {"task": current_task.name.rpartition(".")[2], "job": current_task.request.id}


def kind_of(error):
    return type(error).__qualname__


def where(error):
    """The last place in our own code that the exception came through: ``plans/rounds.py:126 close_round``."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if not LIBRARIES.search(frame.filename)] or frames
    if not ours:
        return ""
    path = "/".join(ours[-1].filename.split("/")[-2:])
    return f"{path}:{ours[-1].lineno} {ours[-1].name}"


def told(error):
    """The traceback, and before it those of what it came from, without what their words quote."""
    parts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        words = unquoted(masked("".join(traceback.format_exception_only(error))))
        parts.append("".join(traceback.format_tb(error.__traceback__)) + words)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(reversed(parts))
