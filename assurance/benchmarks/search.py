"""A search amid a nation: of one partnership's office, against PostgreSQL answering the same question ready-made."""

import time

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assurance.benchmarks.figures import Figure
from assurance.nation.making import Nation, make_neighbours
from partnership.models import Partnership, PostHolding, User
from partnership.nation.land import OFFICE, slug_of
from partnership.searching import asking
from partnership.searching.asking import question
from partnership.stack_room import with_stack_room

PARTNERSHIPS, YEARS, RUNS = 30, 1, 9
WORDS = "safeguarding"
MOST_TIMES = 2


def search():
    """Its time as a multiple of the bare SQL's; both in milliseconds beside it, and the whole page's."""
    with transaction.atomic():
        try:
            make_neighbours(Nation(seed=1, years=YEARS, on=timezone.localdate()), tuple(range(PARTNERSHIPS)))
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("ANALYZE")
            office = PostHolding.objects.get(
                post__title__startswith=f"{OFFICE[0]}, ",
                post__partnerships=Partnership.objects.get(slug=slug_of(0)),
                to_on=None,
            ).user
            ours, found = least(lambda: searched(office))
            bare, _ = least(ready_made(office))
            client = Client()
            client.force_login(office)
            open_page = with_stack_room(client.get)
            page, _ = least(lambda: open_page(reverse("partnership:search"), {"q": WORDS}))
        finally:
            transaction.set_rollback(True)
    return [
        Figure(
            f"a search amid {PARTNERSHIPS} partnerships ÷ the bare SQL",
            ours / bare,
            f"{found} found; elapsed, least of {RUNS}: {1000 * ours:.0f} ms, {1000 * bare:.0f} ms, "
            f"the whole page {1000 * page:.0f} ms",
            at_most=MOST_TIMES,
        ),
    ]


def searched(office):
    """As in a new request, which reads anew where the person stands; how many are found."""
    reader = User.objects.get(pk=office.pk)
    return asking.search(reader, question(WORDS)).total


def ready_made(office):
    """A function that asks for the same rows by SQL that is put together already."""
    sql, parameters = asking._asked_of(office, asking._matching, question(WORDS).every)

    def ask():
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return len(cursor.fetchall())

    return ask


def least(do):
    """(Least elapsed seconds of the runs, after one to warm up; what the last gave)."""
    seconds = []
    for _run in range(RUNS + 1):
        before = time.perf_counter()
        given = do()
        seconds.append(time.perf_counter() - before)
    return min(seconds[1:]), given
