"""One question to all kinds at once: what of the rows that a person may see has the words they typed.

The words are folded and taken apart by PostgreSQL (``columns.FUNCTIONS``), so that the two sides never differ and
nothing that is typed is ever read as a language of queries.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, DateField, F, FloatField, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Lower
from django.utils import timezone

from partnership.searching.columns import COLUMN
from partnership.searching.kinds import all_kinds
from partnership.standing import standing_of

MOST_TYPED = 200  # letters
MOST_WORDS = 12
PAGE = 20
ASKED = "\uffff"  # stands for what is asked in what was put together: no column and no key is called so
# What a word in a text counts, in a text as its stem, in a title as its stem, in a title: PostgreSQL's order, D to A.
WEIGHTS = "{0.05, 0.1, 0.5, 1.0}"
BEST, NEWEST = "best", "newest"
ORDERS = {BEST: "rank DESC, day DESC NULLS LAST", NEWEST: "day DESC NULLS LAST, rank DESC"}


@dataclass(frozen=True)
class Question:
    """What was typed, as PostgreSQL asks it: ``every`` word, or ``any`` of them (for what is marked)."""

    typed: str
    every: str
    any: str

    def __bool__(self):
        return bool(self.every)


@dataclass(frozen=True)
class Hit:
    kind: str
    pk: str
    day: object


@dataclass(frozen=True)
class Answer:
    """The hits of one page, and how many of each kind there are in all: {key: count}."""

    hits: list = field(default_factory=list)
    counts: dict = field(default_factory=dict)

    @property
    def total(self):
        return sum(self.counts.values())


def tidied(typed):
    """What can be asked of what was typed: of bounded length, and without what PostgreSQL holds in no text."""
    letters = "".join(letter if letter.isprintable() else " " for letter in typed[:MOST_TYPED])
    return " ".join(letters.split()[:MOST_WORDS])


def question(typed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT planner_query(%s, ' & ')::text, planner_query(%s, ' | ')::text", [typed, typed])
        return Question(typed, *cursor.fetchone())


def search(user, asked, *, kind="", order=BEST, page=1):
    """The Answer to a Question, for ``user``: where a ``kind`` is named those alone are listed; all are counted."""
    if not asked:
        return Answer()
    sql, parameters = _asked_of(user, _matching, asked.every)
    if not sql:
        return Answer()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH found (kind, key, day, rank) AS MATERIALIZED ({sql}),
            counted AS (SELECT kind, count(*) AS number FROM found GROUP BY kind),
            page AS (
                SELECT * FROM found WHERE kind = %s OR %s = ''
                ORDER BY {ORDERS[order]}, kind, key LIMIT {PAGE} OFFSET %s
            )
            SELECT counts, kind, key, day
            FROM (SELECT coalesce(json_object_agg(kind, number), '{{}}') AS counts FROM counted) AS counts
            LEFT JOIN page ON true ORDER BY {ORDERS[order]}, kind, key
            """,  # noqa: S608 -- words of this module and Django's own
            [*parameters, kind, kind, (page - 1) * PAGE],
        )
        rows = cursor.fetchall()
    return Answer([Hit(*row[1:]) for row in rows if row[1]], rows[0][0])


def words_seen_by(user, *, letters):
    """The words, as they are written, in all that ``user`` may find and that have between so many letters."""
    sql, parameters = _asked_of(user, _words, "")
    if not sql:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH found (words) AS MATERIALIZED ({sql})
            SELECT word, count(*) FROM found, unnest(tsvector_to_array(ts_filter(words, '{{a,c}}'))) AS word
            WHERE length(word) BETWEEN %s AND %s GROUP BY word
            """,  # noqa: S608 -- words of this module and Django's own
            [*parameters, *letters],
        )
        return dict(cursor.fetchall())


def numbered_so(user, ref):
    """Hits, the newest first: what people call by exactly this reference, of all that ``user`` may find."""
    sql, parameters = _asked_of(user, _called, ref.lower())
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY 3 DESC NULLS LAST, 1, 2", parameters)
        return [Hit(*row) for row in cursor.fetchall()]


def _asked_of(user, columns, asked):
    """SQL and parameters: of each kind what ``columns`` makes of the rows that ``user`` may find, one below the other.

    Django puts forty of them together for longer than PostgreSQL takes to answer, so they are kept: what a person may
    find is a matter of their standing, which is read from the database at each request, and of the day.
    """
    sql, parameters = _put_together(Reader(user, standing_of(user), timezone.localdate()), columns)
    return sql, [asked if value == ASKED else value for value in parameters]


@dataclass(frozen=True)
class Reader:
    """Who asks: two with the same standing on the same day may find the same."""

    user: object = field(compare=False, hash=False)
    standing: object
    day: object


@lru_cache(maxsize=256)
def _put_together(reader, columns):
    """Two empty where the person may find nothing of any kind."""
    kinds = [kind for kind in all_kinds().values() if kind.ref or columns is not _called]
    parts = []
    for kind in kinds:
        with suppress(EmptyResultSet):
            parts.append(columns(kind, kind.rows_for(reader.user)).query.sql_with_params())
    return " UNION ALL ".join(f"({sql})" for sql, _ in parts), [value for _, values in parts for value in values]


def _words_of(kind):
    return f'"{kind.model._meta.db_table}"."{COLUMN}"'


def _matching(kind, rows):
    """``kind``, ``key``, ``day`` and ``rank`` of those with every word."""
    rank = RawSQL(f"ts_rank('{WEIGHTS}', {_words_of(kind)}, %s::tsquery, 1)", [ASKED], FloatField())  # noqa: S611  # nosec B611
    matches = RawSQL(f"{_words_of(kind)} @@ %s::tsquery", [ASKED], BooleanField())  # noqa: S611  # nosec B611
    found = rows.filter(matches).annotate(**_key_of(kind), found_rank=rank)
    return found.values_list("found_kind", "found_key", "found_day", "found_rank")


def _called(kind, rows):
    called = rows.annotate(found_ref=Lower(kind.ref)).filter(found_ref=ASKED)
    return called.annotate(**_key_of(kind)).values_list("found_kind", "found_key", "found_day")


def _words(kind, rows):
    return rows.annotate(found_words=RawSQL(_words_of(kind), [], TextField())).values_list("found_words")  # noqa: S611  # nosec B611


def _key_of(kind):
    day = F(kind.on) if isinstance(kind.on, str) and kind.on else kind.on or Value(None)
    return {
        "found_kind": Value(kind.key, TextField()),
        "found_key": Cast("pk", TextField()),
        "found_day": Cast(day, DateField()),
    }
