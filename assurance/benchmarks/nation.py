"""The main pages of an office, alone and amid a nation: a page should not cost what it has nothing to do with."""

import time

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assurance.benchmarks.figures import Figure
from assurance.nation.making import Nation, make_neighbours
from partnership.models import Group, Meeting, Partnership, PostHolding
from partnership.nation.land import OFFICE, slug_of
from partnership.stack_room import with_stack_room
from plans.models import Plan

PARTNERSHIPS, YEARS, RUNS = 150, 1, 9
MOST_TIMES = 1.2


def nation():
    """For each of the ten main pages: its time amid 150 partnerships as a multiple of that in one alone."""
    with transaction.atomic():
        try:
            invented = Nation(seed=1, years=YEARS, on=timezone.localdate())
            make_neighbours(invented, (0,))
            client, addresses = office_of_the_first()
            alone = times(client, addresses)
            began = time.monotonic()
            rows = sum(
                make_neighbours(invented, tuple(range(first, min(first + 2, PARTNERSHIPS))))
                for first in range(1, PARTNERSHIPS, 2)
            )
            seconds = time.monotonic() - began
            amid = times(client, addresses)
        finally:
            transaction.set_rollback(True)
    figures = [
        Figure(
            f"{name} amid {PARTNERSHIPS} partnerships ÷ in one alone",
            amid[name] / alone[name],
            f"{1000 * alone[name]:.0f} ms, {1000 * amid[name]:.0f} ms: elapsed, least of {RUNS}",
            at_most=MOST_TIMES,
        )
        for name in addresses
    ]
    return [*figures, Figure("the nation itself", words=f"{rows:,} rows made in {seconds:.0f} s")]


def office_of_the_first():
    """Its manager's browser, and {name of a page: its address}."""
    own = Partnership.objects.get(slug=slug_of(0))
    holding = PostHolding.objects.get(post__title__startswith=f"{OFFICE[0]}, ", post__partnerships=own, to_on=None)
    client = Client()
    client.force_login(holding.user)
    plan = Plan.objects.filter(partnerships=own).order_by("-starts_on").first()
    group = Group.objects.filter(partnerships=own, kind="executive").get()
    return client, {
        "my work": reverse("assurance:my-work"),
        "desk": reverse("assurance:desk"),
        "plan": plan.get_absolute_url(),
        "round": plan.rounds.order_by("starts_on").first().get_absolute_url(),
        "calendar": reverse("partnership:calendar"),
        "meetings": reverse("partnership:meeting-list"),
        "a meeting": Meeting.objects.filter(group=group).order_by("meets_on").first().get_absolute_url(),
        "actions": reverse("partnership:action-list"),
        "indicators": reverse("assurance:indicator-list"),
        "public page": own.get_absolute_url(),
    }


def times(client, addresses):
    """{name: least elapsed seconds}; PostgreSQL is told first how much there is."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("ANALYZE")
    least, open_page = dict.fromkeys(addresses, float("inf")), with_stack_room(client.get)
    for _run in range(RUNS + 1):
        for name, address in addresses.items():
            before = time.perf_counter()
            response = open_page(address)
            least[name] = min(least[name], time.perf_counter() - before)
            if response.status_code != 200:
                raise RuntimeError(f"{address} answered {response.status_code}.")
    return least
