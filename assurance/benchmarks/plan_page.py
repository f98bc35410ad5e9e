"""The plan page: its queries, and its time against rendering the same template with ready data."""

import contextlib
import gc
import time
from datetime import date, timedelta
from unittest import mock

from django.db import connection, transaction
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.benchmarks.figures import Figure
from partnership.frame import Frame, frame
from partnership.models import Group, Partnership, Post, PostHolding, User
from partnership.stack_room import with_stack_room
from plans import views
from plans.models import (
    Activity,
    Deliverable,
    DeliverableLead,
    Milestone,
    OutcomeStatement,
    Plan,
    Priority,
    PriorityReview,
    Rating,
    RatingKey,
    Update,
    UpdateRound,
)

RUNS = 100
SMALL, LARGE = 10, 60
PRIORITIES = 6
ACTIVITIES_OF_THREE = (3, 3, 4)  # of three deliverables in turn: 200 for 60
MOST_QUERIES, MOST_TIMES = 12, 2


def plan_page():
    """Queries at 10 and 60 deliverables, and the page as a multiple of its template."""
    with transaction.atomic():
        try:
            office, partnerships = make_office()
            client = Client()
            client.force_login(office)
            small = make_plan(partnerships, office, deliverables=SMALL)
            large = make_plan(partnerships, office, deliverables=LARGE)
            count_rows_anew()
            activity_count = Activity.objects.filter(deliverable__priority__plan=large).count()
            queries = [count_queries(client, plan) for plan in (small, large)]
            times, elapsed = time_page(client, large)
        finally:
            transaction.set_rollback(True)
    return [
        Figure(
            f"plan page with {LARGE} deliverables",
            queries[1],
            f"{activity_count} activities; {queries[0]} queries with {SMALL} deliverables",
            unit=" queries",
            at_most=MOST_QUERIES,
        ),
        Figure(
            "plan page ÷ rendering its template with ready data",
            times,
            f"CPU, least of {RUNS}; {elapsed:.2f} × with the database’s time",
            at_most=MOST_TIMES,
        ),
    ]


def count_rows_anew():
    """Tell the planner what is there; in a database that lives, PostgreSQL does so by itself."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def count_queries(client, plan):
    """Queries of the page; the savepoint that our own transaction adds is not the page's."""
    with CaptureQueriesContext(connection) as captured:
        get(client, plan)
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def get(client, plan):
    response = client.get(plan.get_absolute_url())
    if response.status_code != 200:
        raise RuntimeError(f"The plan page answered {response.status_code}.")
    return response


def time_page(client, plan):
    """(CPU, elapsed) of the whole request, each as a multiple of the template alone."""
    ready = ready_context(client, plan)
    template = "plans/plan_detail.html"
    with CaptureQueriesContext(connection) as captured:
        alone = render_to_string(template, ready)
    if len(captured):
        raise RuntimeError("The ready data still asks the database, so there is nothing to compare with.")
    if alone.count("<tr") != get(client, plan).content.decode().count("<tr"):
        raise RuntimeError("The two do not show the same rows.")
    with collecting_as_the_web_server_does():
        # With the room that partnership.wsgi gives every request; it is the same for both.
        page, bare = least_seconds(
            with_stack_room(lambda: get(client, plan)), with_stack_room(lambda: render_to_string(template, ready))
        )
    return page[0] / bare[0], page[1] / bare[1]


def ready_context(client, plan):
    """Everything that the page is rendered with, read already."""
    with mock.patch.object(views, "render", wraps=render) as rendered:
        get(client, plan)
    request, _template, context = rendered.call_args.args
    lazy = frame(request)["frame"]
    ready = Frame(lazy.partnerships_label, lazy.role_label, tuple(lazy.nav), lazy.is_demo)
    return {**context, "request": request, "frame": ready, "messages": [], "csrf_token": "ready"}


def least_seconds(*doings):
    """(CPU, elapsed) seconds of each of ``doings``: the least of the runs, each after one to warm up.

    They take turns, so that what else the machine does falls on all of them alike.
    """
    cpu, elapsed = [[] for _each in doings], [[] for _each in doings]
    for run in range(RUNS + 1):
        for at, do in enumerate(doings):
            cpu_before, before = time.process_time(), time.perf_counter()
            do()
            if run:
                cpu[at].append(time.process_time() - cpu_before)
                elapsed[at].append(time.perf_counter() - before)
    return [(min(each), min(other)) for each, other in zip(cpu, elapsed, strict=True)]


@contextlib.contextmanager
def collecting_as_the_web_server_does():
    """The settings of gunicorn.conf.py, for as long as we measure."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


# What is measured


def make_office():
    """Somebody of the business office of two partnerships, and the two."""
    partnerships = [
        Partnership.objects.create(
            name=f"{area} Safeguarding Partnership", short_name=short, slug=short.lower(), second_step_roles=[]
        )
        for area, short in [("Measured Vale", "MV"), ("Measured Moor", "MM")]
    ]
    post = Post.objects.create(title="Business manager", duty=Post.Duty.OFFICE)
    post.partnerships.set(partnerships)
    office = User.objects.create_user(email="measured@example.org", name="Measured Office")
    PostHolding.objects.create(post=post, user=office, from_on=date(2020, 4, 1))
    return office, partnerships


def make_plan(partnerships, office, *, deliverables):
    """A running plan with four rounds behind it, in all of which everybody answered."""
    plan = Plan.objects.create(
        title=f"Plan of {deliverables} deliverables",
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        status=Plan.Status.PUBLISHED,
        rating_key=make_rating_key(deliverables),
    )
    plan.partnerships.set(partnerships)
    lead = Group.objects.create(name=f"Group that leads {deliverables}")
    priorities = [make_priority(plan, position) for position in range(1, PRIORITIES + 1)]
    rows = [
        make_deliverable(priorities[n % PRIORITIES], n, lead, partnerships[0] if n % 3 == 0 else None)
        for n in range(deliverables)
    ]
    ratings = list(plan.rating_key.ratings.all())
    for quarter in range(4):
        make_round(plan, quarter, priorities, rows, ratings, office)
    return plan


def make_rating_key(number):
    key = RatingKey.objects.create(name=f"Measured key {number}")
    for position, (code, token, shape) in enumerate(
        [("R", "red", "diamond"), ("A", "amber", "triangle"), ("G", "green", "circle"), ("B", "blue", "square")],
        start=1,
    ):
        Rating.objects.create(
            key=key,
            position=position,
            code=code,
            word=token.capitalize(),
            meaning=f"What {token} means",
            token=token,
            shape=shape,
        )
    return key


def make_priority(plan, position):
    priority = Priority.objects.create(plan=plan, position=position, ref=str(position), title=f"Priority {position}")
    for n in range(1, 4):
        OutcomeStatement.objects.create(priority=priority, position=n, text=f"What will be different, {n}.")
    return priority


def make_deliverable(priority, number, lead, partnership):
    deliverable = Deliverable.objects.create(
        priority=priority,
        position=number,
        ref=str(number),
        title=f"A promise of about the length that promises have, number {number}",
        evidence_measures="Nine of ten families say so\nThe audit says so",
    )
    DeliverableLead.objects.create(
        deliverable=deliverable, group=lead, partnership=partnership, text=f"Chair of the group that leads {number % 7}"
    )
    for position in range(1, ACTIVITIES_OF_THREE[number % 3] + 1):
        activity = Activity.objects.create(
            deliverable=deliverable,
            position=position,
            text="Do what was said, with everybody who has to do with it, and write down what came of it.",
            timescale_text="December 2026",
            timescale_kind=Activity.Kind.DATE,
        )
        Milestone.objects.create(activity=activity, due_on=date(2026, 12, 31))
    return deliverable


def make_round(plan, quarter, priorities, rows, ratings, office):
    starts_on = date(2026, 1, 1) + timedelta(days=91 * quarter)
    ends_on = starts_on + timedelta(days=90)
    now = timezone.now()
    round = UpdateRound.objects.create(
        plan=plan,
        name=f"Quarter {quarter + 1}",
        starts_on=starts_on,
        ends_on=ends_on,
        opens_on=ends_on,
        closes_on=ends_on + timedelta(days=21),
    )
    for n, deliverable in enumerate(rows):
        Update.objects.create(
            deliverable=deliverable,
            round=round,
            rating=ratings[n % len(ratings)],
            progress="What has happened since the last time, in one sentence.",
            submitted_by=office,
            submitted_at=now,
        )
    for n, priority in enumerate(priorities):
        PriorityReview.objects.create(priority=priority, round=round, proposed_rating=ratings[n % len(ratings)])
