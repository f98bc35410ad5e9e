"""Questions that are planned once a connection: the same answers, planned once, few kept."""

import pytest
from django.db import DatabaseError, connection, transaction

from partnership.prepared import MOST, ask

pytestmark = pytest.mark.django_db


def kept():
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name LIKE 'planner_%'")
        return [statement for (statement,) in cursor.fetchall()]


def test_a_question_is_prepared_once_and_answered_for_each_value():
    question = "SELECT $1::bigint + 1 AS prepared_once"

    assert [ask(question, [each]) for each in (1, 2)] == [[(2,)], [(3,)]]
    assert sum("prepared_once" in statement for statement in kept()) == 1


def test_places_take_lists_and_nothing():
    question = "SELECT 3 = ANY($1::bigint[]), $2::bigint IS NULL"

    assert ask(question, [[3, 4], None]) == [(True, True)]
    assert ask(question, [[], 5]) == [(False, False)]


def test_a_connection_keeps_a_few():
    for number in range(2 * MOST):
        ask(f"SELECT {number} AS of_many", [])

    assert len(kept()) <= MOST
    assert ask("SELECT 0 AS of_many", []) == [(0,)]


def test_what_was_prepared_in_a_transaction_that_failed_is_there_after_it():
    question = "SELECT 1 AS in_a_failed_one"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask(question, [])
        raise ZeroDivisionError

    assert ask(question, []) == [(1,)]


def test_a_question_that_is_wrong_is_an_error_of_the_database_and_not_kept():
    question = "SELECT nothing_of_the_kind"
    for _ in range(2):
        with pytest.raises(DatabaseError), transaction.atomic():
            ask(question, [])

    assert question not in " ".join(kept())
