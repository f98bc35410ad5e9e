"""How what was found is shown: its heading, where it belongs, and the words around the first match, marked."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from partnership.searching.kinds import all_kinds

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
BEFORE, LONGEST, LONGEST_HEADING = 70, 220, 160  # letters
ALIKE = 2  # letters with which a word must begin as one that was typed does, to be asked about


@dataclass(frozen=True)
class Found:
    """``heading`` and ``words`` are made of parts: (letters, whether they are marked)."""

    one: str
    heading: list
    place: str
    day: object
    url: str
    words: list


def shown(user, hits, asked):
    """A Found for each hit, in their order. One that is gone since it was found is left out."""
    by_kind = defaultdict(list)
    for hit in hits:
        by_kind[hit.kind].append(hit.pk)
    records = {kind: all_kinds()[kind].records(user, keys) for kind, keys in by_kind.items()}
    rows = [(hit, all_kinds()[hit.kind], records[hit.kind][hit.pk]) for hit in hits if hit.pk in records[hit.kind]]
    said = [(kind.heading(record), kind.words_of(record)) for _hit, kind, record in rows]
    matching = matching_words([text for pair in said for text in pair], asked)
    return [
        Found(
            one=kind.one,
            heading=parts(cut(heading, 0, LONGEST_HEADING), matching),
            place=kind.place(record),
            day=hit.day,
            url=kind.url(record),
            words=around_first(text, matching),
        )
        for (hit, kind, record), (heading, text) in zip(rows, said, strict=True)
    ]


def matching_words(texts, asked):
    """Which words of ``texts`` PostgreSQL takes for one that was asked: "policies" where somebody typed "policy"."""
    begins = {folded(word)[:ALIKE] for word in WORD.findall(asked.typed)}
    words = {word for text in texts for word in WORD.findall(text)}
    near = sorted(word for word in words if folded(word)[:ALIKE] in begins)
    if not near or not asked:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word WHERE planner_words(word, '') @@ %s::tsquery",
            [near, asked.any],
        )
        return {word for (word,) in cursor.fetchall()}


def folded(word):
    letters = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def around_first(text, matching):
    text = " ".join(text.split())
    first = next((each.start() for each in WORD.finditer(text) if each.group() in matching), 0)
    start = max(0, first - BEFORE)
    if start:
        start = text.find(" ", start, first) + 1 or first
    return parts(cut(text, start, LONGEST), matching)


def cut(text, start, most):
    """At most so many letters from ``start`` on, in whole words, with an ellipsis where something is left out."""
    piece = text[start : start + most]
    if start + most < len(text):
        piece = (piece[: piece.rfind(" ")] if " " in piece else piece) + " …"
    return f"… {piece}" if start else piece


def parts(text, matching):
    made, done = [], 0
    for each in WORD.finditer(text):
        if each.group() in matching:
            made += [(text[done : each.start()], False), (each.group(), True)]
            done = each.end()
    return [part for part in [*made, (text[done:], False)] if part[0]]
