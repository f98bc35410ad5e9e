"""Rows of cases, returns and training."""

from datetime import datetime, time, timedelta
from itertools import count

from django.utils import timezone

from assurance.sample import records
from assurance.sample.dates import month_after
from assurance.sample.load_recommendations import load_recommendations
from assurance.sample.load_requests import load_requests, plan_next_request
from assurance.sample.load_returns import load_returns
from assurance.sample.load_reviews import load_reviews
from assurance.sample.load_scrutiny import load_scrutiny
from assurance.sample.load_standards import load_standards
from training.models import Course, Event, Place


def load_records(cast):
    load_reviews(cast)
    load_recommendations(cast)
    load_requests(cast)
    load_returns(cast)
    load_standards(cast)
    load_scrutiny(cast)
    plan_next_request(cast)
    load_training(cast)


# Training


def load_training(cast):
    calendar, people = cast.calendar, enumerate(invented_names())
    courses = {}
    for taught in records.COURSES:
        course = Course.objects.create(
            title=taught.title,
            mode=taught.mode,
            level=taught.level,
            audience=taught.audience,
            purpose=taught.purpose,
        )
        course.partnerships.set(cast.both)
        courses[taught.title] = (course, taught.trainers)
        for days, hour, venue, capacity, agencies, taken in taught.held:
            event = make_event(course, calendar.day(days), hour, venue, capacity, taught.trainers)
            make_places(cast, event, agencies, taken, people, is_over=days < 0)
    for title, months, venue, capacity, agencies, taken in records.LAST_EVENTS:
        course, trainers = courses[title]
        day = month_after(calendar.reported_year, months) + timedelta(days=9)
        event = make_event(course, day, 9, venue, capacity, trainers)
        make_places(cast, event, agencies, taken, people, is_over=True)


def make_event(course, day, hour, venue, capacity, trainers):
    return Event.objects.create(
        course=course,
        starts_at=timezone.make_aware(datetime.combine(weekday(day), time(hour, 30))),
        venue=venue,
        capacity=capacity,
        trainers=trainers,
    )


def weekday(day):
    """``day``, or the Monday after it at a weekend."""
    return day + timedelta(days=max(7 - day.weekday(), 0)) if day.weekday() > 4 else day


def make_places(cast, event, agencies, taken, people, *, is_over):
    """``taken`` places and, at a full event, three people waiting."""
    is_full = taken >= event.capacity and not is_over
    places = []
    for number in range(taken + 3 if is_full else taken):
        nth, name = next(people)
        status = Place.Status.WAITING if number >= taken else place_status(nth, is_over=is_over)
        places.append(
            Place(
                event=event,
                organisation=cast.agencies[agencies[number % len(agencies)]],
                person=name,
                status=status,
                waiting_since=timezone.now() if status == Place.Status.WAITING else None,
                booked_by=cast.holders["training"],
            )
        )
    Place.objects.bulk_create(places)


def place_status(nth, *, is_over):
    """Of all places one in seventeen is cancelled, and at one in seven nobody came."""
    if nth % 17 == 16:
        return Place.Status.CANCELLED
    if not is_over:
        return Place.Status.BOOKED
    return Place.Status.MISSED if nth % 7 == 6 else Place.Status.ATTENDED


def invented_names():
    """Names without end, each first name with another surname as it comes round."""
    for number in count():
        first = records.FIRST_NAMES[number % len(records.FIRST_NAMES)]
        last = records.LAST_NAMES[(number * 7 + number // 26) % len(records.LAST_NAMES)]
        yield f"{first} {last}"
