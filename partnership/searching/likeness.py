"""What was probably meant where nothing has the words that were typed: the nearest of the words that one may see."""

from django.db import connection
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from partnership.searching.asking import words_seen_by

SHORTEST = 4  # letters of a word that is guessed at: "ICB" is near to everything
MOST_APART = 2  # letters more or fewer
NEAR = 0.7  # of 1: one slip in four letters, two in seven


def nearest(user, typed):
    """``typed`` with the nearest word for each long one that stands nowhere, or "" where that changes nothing."""
    words = _plain(typed)
    guessed = [word for word in words if len(word) >= SHORTEST]
    if not guessed:
        return ""
    lengths = [len(word) for word in guessed]
    seen = words_seen_by(user, letters=(min(lengths) - MOST_APART, max(lengths) + MOST_APART))
    meant = [_nearest(word, seen) if word in guessed else word for word in words]
    return "" if meant == words else " ".join(meant)


def _plain(typed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(planner_plain(%s))", [typed])
        return cursor.fetchone()[0].split()


def _nearest(word, seen):
    """The most alike, of those the one written most often; the word itself where none is near."""
    if word in seen:
        return word
    near = extract(word, seen.keys(), scorer=OSA.normalized_similarity, score_cutoff=NEAR, limit=10)
    return max(near, key=lambda each: (round(each[1], 2), seen[each[0]], each[0]))[0] if near else word
