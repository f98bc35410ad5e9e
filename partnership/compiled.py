"""A question that every request asks: written in Django's terms, compiled once, asked with other values.

Building and compiling a query of several subqueries takes Django longer than PostgreSQL takes to
answer it. The SQL of a query is the same whoever asks, so it is kept, with the places of its values.
"""

import json
from datetime import date, datetime
from functools import cached_property

from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify

from partnership import prepared


class CompiledQuery:
    """``build(**stand_ins)`` gives a queryset; ``rows(**values)`` gives its rows as the database answers them.

    Of a queryset of single JSON objects ``ask(**values)`` gives dicts, of one of whole records ``records(**values)``
    gives these. A stand-in is a value of the right type that stands in the SQL's parameters where the value goes,
    and nowhere else; a ValueError says where one is not found.
    """

    def __init__(self, build, **stand_ins):
        self.build = build
        self.stand_ins = stand_ins

    @cached_property
    def compiled(self):
        """(SQL, its parameters, {place: name of the value that goes there})."""
        sql, parameters = self.build(**self.stand_ins).query.sql_with_params()
        places = {
            place: name
            for place, parameter in enumerate(parameters)
            for name, stand_in in self.stand_ins.items()
            if type(parameter) is type(stand_in) and parameter == stand_in
        }
        missing = set(self.stand_ins) - set(places.values())
        if missing:
            raise ValueError(f"The query does not ask by {', '.join(sorted(missing))}")
        return sql, parameters, places

    def rows(self, **values):
        sql, parameters, places = self.compiled
        asked = [values[places[n]] if n in places else parameter for n, parameter in enumerate(parameters)]
        with connection.cursor() as cursor:
            cursor.execute(sql, asked)
            return cursor.fetchall()

    def ask(self, **values):
        return [json.loads(row) if isinstance(row, str) else row for (row,) in self.rows(**values)]

    def records(self, model, **values):
        """Records of ``model``, none of whose fields needs a converter of Django's."""
        names = [field.attname for field in model._meta.concrete_fields]
        return [model.from_db(connection.alias, names, row) for row in self.rows(**values)]


class PreparedQuery(CompiledQuery):
    """One that PostgreSQL too plans once a connection: for a question that takes longer to plan than to answer."""

    TYPES = {int: "bigint", str: "text", date: "date", datetime: "timestamptz"}

    @cached_property
    def numbered(self):
        """Its SQL, in which a numbered place stands wherever a stand-in stood."""
        sql, parameters, _places = self.compiled
        written = mogrify(sql, parameters, connection)
        for number, stand_in in enumerate(self.stand_ins.values(), start=1):
            literal = mogrify("%s", [stand_in], connection).strip()
            written = written.replace(literal, f"${number}::{self.TYPES[type(stand_in)]}")
        return written

    def rows(self, **values):
        return prepared.ask(self.numbered, [values[name] for name in self.stand_ins])
