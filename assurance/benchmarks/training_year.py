"""A year of training, 44 courses and 1,200 participants: the page of figures against one bare aggregate query."""

import time
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assurance.benchmarks.figures import Figure
from assurance.benchmarks.plan_page import make_office
from partnership.models import Membership, Organisation
from training.models import Course, CoursePartnership, Event, Place, Practitioner

COURSES, PEOPLE, AGENCIES, RUNS = 44, 1_200, 14, 5
STATUSES = ["attended", "attended", "attended", "attended", "missed", "cancelled", "waiting"]


def training_year():
    """The page of a year's figures as a multiple of one query, and how many it asks."""
    with transaction.atomic():
        try:
            return measure()
        finally:
            transaction.set_rollback(True)


def measure():
    office, (partnership, _other) = make_office()
    make_year(partnership, now=timezone.now())
    client = Client()
    client.force_login(office)
    bare = least(lambda: list(Place.objects.order_by().values("organisation", "status").annotate(count=Count("pk"))))
    page = least(lambda: client.get(reverse("training:figures")))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("training:figures"))
    return [
        Figure("page of figures ÷ one bare aggregate", page / bare, f"{page * 1000:.0f} ms of CPU"),
        Figure("page of figures", len(asked), unit=" queries"),
    ]


def make_year(partnership, *, now):
    """One event a course, all over by now."""
    agencies = Organisation.objects.bulk_create(
        Organisation(name=f"Measured agency {n}", kind="relevant") for n in range(AGENCIES)
    )
    Membership.objects.bulk_create(
        Membership(organisation=each, partnership=partnership, role="relevant") for each in agencies
    )
    courses = Course.objects.bulk_create(
        Course(title=f"Measured course {n}", run_by=partnership) for n in range(COURSES)
    )
    CoursePartnership.objects.bulk_create(
        CoursePartnership(course=course, partnership=partnership) for course in courses
    )
    events = Event.objects.bulk_create(
        Event(course=course, starts_at=now - timedelta(days=1 + n), venue="Hall") for n, course in enumerate(courses)
    )
    people = Practitioner.objects.bulk_create(
        Practitioner(name=f"Person {n}", email=f"person{n}@measured.example", organisation=agencies[n % AGENCIES])
        for n in range(PEOPLE)
    )
    Place.objects.bulk_create(
        Place(
            event=events[n % COURSES],
            organisation=person.organisation,
            practitioner=person,
            person=person.name,
            status=STATUSES[n % len(STATUSES)],
            waiting_since=now,
        )
        for n, person in enumerate(people)
    )


def least(do):
    """CPU seconds of the quickest run."""
    found = []
    for _ in range(RUNS):
        began = time.process_time()
        do()
        found.append(time.process_time() - began)
    return min(found)
