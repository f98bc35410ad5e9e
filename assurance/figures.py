"""Figures that lead to lists: how many there are of something, each with the list that shows exactly those."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from partnership.overview import Figure


@dataclass(frozen=True)
class Asked:
    """A figure before it is counted: its ``rows``, what one and what many are called, and where they are listed."""

    rows: QuerySet
    one: str
    many: str
    url: str


def ask(rows, words, name, **narrowed):
    """``words``: "late return" or "late return|late returns"; ``name``: of the list's address in assurance."""
    one, _, many = words.partition("|")
    name = name if ":" in name else f"assurance:{name}"
    return Asked(rows, one, many or f"{one}s", f"{reverse(name)}?{urlencode(narrowed)}" if narrowed else reverse(name))


def counted(asked):
    """The Figures that are not nought, in one query however many are asked."""
    counts = _counts([each.rows for each in asked])
    return [
        Figure(count, each.one if count == 1 else each.many, each.url)
        for each, count in zip(asked, counts, strict=True)
        if count
    ]


def _counts(querysets):
    parts, parameters = [], []
    for rows in querysets:
        try:
            sql, values = rows.order_by().values("pk").distinct().query.sql_with_params()
        except EmptyResultSet:  # Django sees by itself that nothing can fit
            sql, values = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 -- Django's own words
        parameters += values
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return cursor.fetchone()
