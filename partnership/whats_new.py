"""What changed for the people who use the product: read from ``whats_new.txt``, newest release first.

That file is the one source: ``/about/whats-new/`` shows it, and ``./run manage release_notes VERSION`` prints the part
of one release for its signed tag (SECURITY.md). A release begins with ``VERSION, DAY``; below it stand headings, each
with lines that begin with ``- ``.
"""

import datetime
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WRITTEN = Path(__file__).with_name("whats_new.txt")
BEGINNING = re.compile(r"^(?P<version>\d+\.\d+\.\d+), (?P<day>\d{1,2} [A-Z][a-z]+ \d{4})$", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """``parts``: (heading, lines) in the order in which they were written."""

    version: str
    released_on: datetime.date
    parts: tuple

    @property
    def notes(self):
        """As the message of a tag: plain text without a line that git would take for a comment."""
        parts = ["\n".join([heading, "", *(f"- {line}" for line in lines)]) for heading, lines in self.parts]
        return "\n\n".join([f"{self.version}, {self.released_on:%-d %B %Y}", *parts]) + "\n"


class Unreadable(ValueError):
    """What is wrong with the file, in words for whoever wrote it."""


@cache
def releases():
    return read(WRITTEN.read_text())


def read(text):
    """The releases in ``text``, newest first; Unreadable where it is not written as said above."""
    beginnings = list(BEGINNING.finditer(text))
    if not beginnings or text[: beginnings[0].start()].strip():
        raise Unreadable("Begin with a line such as “1.2.0, 24 November 2026”")
    ends = [following.start() for following in beginnings[1:]] + [len(text)]
    found = [
        Release(begun["version"], _day(begun["day"]), _parts(text[begun.end() : end]))
        for begun, end in zip(beginnings, ends, strict=True)
    ]
    days = [release.released_on for release in found]
    if days != sorted(days, reverse=True):
        raise Unreadable("Write the newest release first")
    return found


def _day(words):
    return datetime.datetime.strptime(words, "%d %B %Y").date()


def _parts(text):
    parts = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if not line.startswith("- "):
            parts.append((line, []))
        elif parts:
            parts[-1][1].append(line.removeprefix("- "))
        else:
            raise Unreadable(f"Write whom it is for above “{line}”")
    empty = [heading for heading, lines in parts if not lines]
    if empty or not parts:
        raise Unreadable(f"Say what is new below “{empty[0] if empty else 'the newest release'}”")
    return tuple((heading, tuple(lines)) for heading, lines in parts)
