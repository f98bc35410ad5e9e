"""Outcome statements of a published plan, which names each by its words alone.

So does the mark in a statement's address: the key of its priority and what its words come to. It leads to these
words for ever.
"""

import hashlib
from dataclasses import dataclass

LENGTH = 10


@dataclass(frozen=True)
class Outcome:
    """One statement; ``place`` is that of its priority in the plan."""

    text: str
    priority: int
    place: int

    @property
    def mark(self):
        digest = hashlib.sha256(self.text.encode()).hexdigest()[:LENGTH]
        return f"{self.priority}-{digest}"


def outcomes_of(snapshot):
    """The statements of a plan in its order; words that stand twice under a priority are one statement."""
    return [
        Outcome(text, row["key"], place)
        for place, row in enumerate(snapshot["priorities"])
        for text in dict.fromkeys(row["outcomes"])
    ]
