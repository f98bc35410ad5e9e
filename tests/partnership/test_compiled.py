"""A query compiled once and asked with other values."""

from datetime import date

import pytest
from django.db import connection
from django.db.models.functions import JSONObject

from partnership.compiled import CompiledQuery, PreparedQuery
from partnership.models import PostHolding, User

pytestmark = pytest.mark.django_db


def holders(user, on):
    return (
        PostHolding.objects.filter(user=user, from_on__lte=on)
        .order_by("post__title")
        .values_list(JSONObject(title="post__title", of="post__organisation__name"))
    )


@pytest.fixture(params=[CompiledQuery, PreparedQuery])
def compiled(request):
    return request.param(holders, user=-17_271, on=date(1800, 1, 1))


def test_it_answers_each_time_for_the_values_it_is_asked_with(compiled, lead, chair, django_assert_num_queries):
    PostHolding.objects.update(from_on=date(2026, 4, 1))
    with django_assert_num_queries(3):
        answers = [compiled.ask(user=person.pk, on=date(2026, 4, 1)) for person in (lead, chair)]
        assert compiled.ask(user=lead.pk, on=date(2026, 3, 31)) == []
    assert [[row["title"] for row in rows] for rows in answers] == [
        ["Head of Midwifery"],
        ["Chair of Learning and Development"],
    ]


def test_it_sees_what_changed_since_it_was_compiled(compiled, lead):
    PostHolding.objects.update(from_on=date(2026, 4, 1))
    assert len(compiled.ask(user=lead.pk, on=date(2026, 4, 1))) == 1
    PostHolding.objects.filter(user=lead).delete()
    assert compiled.ask(user=lead.pk, on=date(2026, 4, 1)) == []


def test_whole_records_are_as_django_reads_them(lead, django_assert_num_queries):
    people = CompiledQuery(lambda pk: User.objects.filter(pk=pk), pk=-1)
    with django_assert_num_queries(1):
        [found] = people.records(User, pk=lead.pk)
    names = [field.attname for field in User._meta.concrete_fields]
    read = User.objects.get(pk=lead.pk)
    assert [getattr(found, name) for name in names] == [getattr(read, name) for name in names]
    assert (found, found._state.adding, found._state.db) == (lead, False, read._state.db)
    assert people.records(User, pk=0) == []


def test_it_is_planned_once_a_connection(lead):
    planned = PreparedQuery(holders, user=-17_272, on=date(1800, 1, 2))
    for _ in range(3):
        planned.ask(user=lead.pk, on=date(2026, 4, 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, custom_plans FROM pg_prepared_statements")
        [custom] = [custom for statement, custom in cursor.fetchall() if statement.endswith(planned.numbered)]
    assert custom == 0
    assert ("$1::bigint" in planned.numbered, "$2::date" in planned.numbered) == (True, True)
    assert ("17272" in planned.numbered, "1800" in planned.numbered) == (False, False)


def test_a_value_that_the_query_does_not_ask_by_is_refused():
    forgetful = CompiledQuery(lambda user, on: holders(user, date(2026, 4, 1)), user=-1, on=date(1800, 1, 1))
    with pytest.raises(ValueError, match="does not ask by on"):
        forgetful.ask(user=1, on=date(2026, 4, 1))
