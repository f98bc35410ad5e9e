"""Rows of training: practitioners, courses with their competencies, events with trainers, and who had which place.

The year is made of offsets and remainders, never by chance: the same day gives the same rows.
"""

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import cycle

from django.utils import timezone

from assurance.sample import records, training, training_lessons
from assurance.sample.dates import month_after
from assurance.sample.people import AV, MB
from plans.models import Plan, Priority
from training.models import (
    Competency,
    CompetencyRecord,
    Course,
    Event,
    EventTrainer,
    Place,
    Practitioner,
    RoleRequirement,
    WorkRole,
)

ENDS_AFTER = {Decimal("0.25"): 1.5, Decimal("0.5"): 3, Decimal(1): 6}
CALLED_OFF = {("Going to court together", 0): "The solicitor was needed in court that day."}
AGREEMENT_NEEDED = {"Graded care: using the profile with parents", "County lines: what a child cannot say"}
SHARES = {"When a child harms themselves": 8, "Domestic abuse through a child’s eyes": 5}
NEEDS_TO_TAKE_PART = ("A hearing loop", "A room without steps", "Large print", "No nuts at lunch")
WAIT = Place.Status.WAITING


def load_training(cast):
    pools = load_practitioners(cast)
    competencies = load_framework(cast)
    load_earlier_programme(cast, pools, competencies)
    load_lessons(cast, pools, competencies)
    load_records_of_competence(cast)


# Who takes part


def load_practitioners(cast):
    """About 1,200 people; gives an endless round of each agency's, by the agency's name."""
    roles = {
        short_name: {
            title: WorkRole.objects.create(partnership=cast.partnerships[short_name], title=title, position=position)
            for position, title in enumerate(training.ROLES, start=1)
        }
        for short_name in (AV, MB)
    }
    people, names = defaultdict(list), invented_names()
    for agency, (size, domain, jobs) in training.PEOPLE.items():
        for number in range(size):
            job, role = jobs[number % len(jobs)]
            people[agency].append(practitioner(cast, agency, domain, job, next(names), number))
            people[agency][-1].role = roles[MB if agency in training.ONLY_OF_CITY else AV][role]
    Practitioner.objects.bulk_create(person for agency in people.values() for person in agency)
    return {agency: cycle([each for each in of_agency if not each.left_on]) for agency, of_agency in people.items()}


def practitioner(cast, agency, domain, job, name, number):
    day = cast.calendar.day
    return Practitioner(
        name=name,
        email=f"{name.replace(' ', '.').lower()}@{domain}",
        organisation=cast.agencies[agency],
        job=job,
        began_on=day(-(number * 37 % 2300) - 20),
        manager_name=f"{training.MANAGERS[number % 3].capitalize()} {number // 12 + 1}",
        manager_email=f"manager{number // 12 + 1}@{domain}",
        left_on=day(-(number % 90) - 10) if number % 47 == 46 else None,
    )


def invented_names():
    """Names that never come twice: as the first names come round, the last names are others."""
    firsts, lasts = training.FIRST_NAMES.split(), training.LAST_NAMES.split()
    for number in range(len(firsts) * len(lasts)):
        yield f"{firsts[number % len(firsts)]} {lasts[(number + number // len(firsts)) % len(lasts)]}"


def load_framework(cast):
    """What each role needs, in each partnership; gives the competencies by title."""
    found = defaultdict(list)
    for partnership in cast.both:
        for position, (title, (level, months)) in enumerate(training.COMPETENCIES.items(), start=1):
            found[title].append(
                Competency(partnership=partnership, title=title, level=level, valid_months=months, position=position)
            )
    Competency.objects.bulk_create(each for both in found.values() for each in both)
    RoleRequirement.objects.bulk_create(
        RoleRequirement(role=role, competency=competency, within_months=months)
        for role in WorkRole.objects.all()
        for title, months in training.ROLES[role.title].items()
        for competency in found[title]
        if competency.partnership_id == role.partnership_id
    )
    return found


def load_records_of_competence(cast):
    """Some gained a competency in their agency's own lessons."""
    framework = {(each.title, each.partnership_id): each for each in Competency.objects.all()}
    people = Practitioner.objects.here().select_related("role").order_by("pk")
    CompetencyRecord.objects.bulk_create(
        CompetencyRecord(
            practitioner=person,
            competency=framework[next(iter(training.ROLES[person.role.title])), person.role.partnership_id],
            gained_on=cast.calendar.day(-(number * 53 % 1400) - 30),
            evidence="The agency’s own induction" if number % 2 else "E-learning",
            recorded_by=cast.holders["training"],
        )
        for number, person in enumerate(people)
        if number % 3 == 0
    )


# What is taught


def load_earlier_programme(cast, pools, competencies):
    """The six courses that earlier reports tell of, over two years and more."""
    calendar, events = cast.calendar, []
    courses = {}
    for taught in records.COURSES:
        titles, trainers = training.EARLIER[taught.title]
        course = Course.objects.create(
            title=taught.title,
            mode=taught.mode,
            level=taught.level,
            audience=taught.audience,
            purpose=taught.purpose,
            run_by=cast.partnerships[AV],
        )
        course.partnerships.set(cast.both)
        course.competencies.set([each for title in titles for each in competencies[title]])
        courses[taught.title] = (course, taught.trainers, trainers)
        events += [
            (taught.title, calendar.day(days), hour, venue, capacity, agencies, taken)
            for days, hour, venue, capacity, agencies, taken in taught.held
        ]
    for title, months, *held in records.LAST_EVENTS:
        events.append((title, month_after(calendar.reported_year, months) + timedelta(days=9), 9, *held))
    made, rows = [], []
    for title, day, hour, venue, capacity, agencies, taken in events:
        course, words, trainers = courses[title]
        event = make_event(cast, course, weekday(day), hour, venue, capacity, length="0.5")
        event.trainers = words
        made.append((event, trainers))
        rows += places_at(cast, event, agencies, taken, pools)
    save_events(cast, made, rows)


def load_lessons(cast, pools, competencies):
    """The courses of this year and the last."""
    lessons = training_lessons.LESSONS
    courses = Course.objects.bulk_create(course_of(cast, lesson) for lesson in lessons)
    load_links(cast, zip(lessons, courses, strict=True), competencies)
    made, rows = [], []
    for lesson, course in zip(lessons, courses, strict=True):
        for nth, (days, venue, taken) in enumerate(lesson.held):
            hour = 13 if venue == training_lessons.ONLINE else 9
            day = weekday(cast.calendar.day(days))
            event = make_event(cast, course, day, hour, venue, lesson.capacity, length=lesson.length)
            event.trainers = "; ".join(", ".join(filter(None, trainer[:2])) for trainer in lesson.trainers)
            event.places_per_organisation = SHARES.get(lesson.title)
            event.shares_until_on = day - timedelta(days=10) if lesson.title in SHARES else None
            call_off(cast, event, CALLED_OFF.get((lesson.title, nth)))
            made.append((event, lesson.trainers))
            rows += places_at(cast, event, lesson.agencies or records.EVERYBODY, taken, pools)
    save_events(cast, made, rows)


def course_of(cast, lesson):
    return Course(
        title=lesson.title,
        mode=lesson.mode,
        level=lesson.level,
        audience=lesson.audience,
        purpose=lesson.purpose,
        run_by=cast.partnerships[MB if lesson.is_of_city else AV],
        is_agreement_needed=lesson.title in AGREEMENT_NEEDED,
    )


def load_links(cast, taught, competencies):
    """All that courses are linked to, each link once."""
    plan = Plan.objects.filter(status=Plan.Status.PUBLISHED, audience=Plan.Audience.CHILDREN)
    priorities = {each.ref: each for each in Priority.objects.filter(plan__in=plan)}
    of_partnerships, of_competencies, of_priorities = [], [], []
    for lesson, course in taught:
        of_partnerships += [Course.partnerships.through(course=course, partnership=each) for each in cast.both]
        of_competencies += [
            Course.competencies.through(course=course, competency=each)
            for title in lesson.competencies
            for each in competencies[title]
        ]
        if lesson.priority in priorities:
            of_priorities.append(Course.priorities.through(course=course, priority=priorities[lesson.priority]))
    Course.partnerships.through.objects.bulk_create(of_partnerships)
    Course.competencies.through.objects.bulk_create(of_competencies)
    Course.priorities.through.objects.bulk_create(of_priorities)


def make_event(cast, course, day, hour, venue, capacity, *, length):
    starts_at = timezone.make_aware(datetime.combine(day, time(hour, 30)))
    ends_at = starts_at + timedelta(hours=ENDS_AFTER[Decimal(length)])
    is_over, is_online = day < cast.calendar.today, venue == training_lessons.ONLINE
    return Event(
        course=course,
        starts_at=starts_at,
        ends_at=ends_at,
        length=Decimal(length),
        venue=venue,
        link="https://meet.example.org/training" if is_online else "",
        joining="" if is_online else "The room is on the first floor; there is a lift. Coffee from nine.",
        capacity=capacity,
        books_until_on=day - timedelta(days=2),
        register_closed_at=ends_at if is_over else None,
    )


def weekday(day):
    """``day``, or the Monday after it at a weekend."""
    return day + timedelta(days=max(7 - day.weekday(), 0)) if day.weekday() > 4 else day


def call_off(cast, event, because):
    if because:
        event.cancelled_because = because
        event.cancelled_at = cast.calendar.moment(event.starts_at.date() - timedelta(days=6))
        event.register_closed_at = None


def save_events(cast, made, rows):
    Event.objects.bulk_create(event for event, _ in made)
    EventTrainer.objects.bulk_create(
        EventTrainer(event=event, name=name, organisation=cast.agencies[agency] if agency else None, days=Decimal(days))
        for event, trainers in made
        for name, agency, days in trainers
    )
    Place.objects.bulk_create(rows)


# Who has which place


def places_at(cast, event, agencies, taken, pools):
    """``taken`` places by agencies in turn; at a full event three people more, who wait or waited in vain."""
    waiting = 3 if taken >= event.capacity else 0
    return [
        place_at(cast, event, next(pools[agencies[number % len(agencies)]]), number, is_waiting=number >= taken)
        for number in range(taken + waiting)
    ]


def place_at(cast, event, person, number, *, is_waiting):
    nth, day = number + event.starts_at.toordinal(), event.starts_at.date()
    asked_at = cast.calendar.moment(day - timedelta(days=20 + nth % 23), hour=8 + nth % 9, minute=nth % 60)
    place = Place(
        event=event,
        organisation=person.organisation,
        practitioner=person,
        person=person.name,
        booked_by=cast.holders["training"] if nth % 4 == 0 else None,
        needs=NEEDS_TO_TAKE_PART[nth % 4] if nth % 43 == 0 else "",
        asked_at=asked_at,
        confirmed_at=asked_at + timedelta(hours=nth % 5),
        manager_email=person.manager_email if event.course.is_agreement_needed else "",
        status=Place.Status.BOOKED,
    )
    if is_waiting:
        place.status, place.waiting_since = WAIT, place.confirmed_at
    elif event.cancelled_at:
        cancel(place, because="The event was called off.", at=event.cancelled_at)
    elif nth % 17 == 16:
        is_late = nth % 2 == 0
        at = cast.calendar.moment(day - timedelta(days=3 if is_late else 12))
        cancel(place, because="Ill." if is_late else "Needed at work.", at=at, is_late=is_late)
    elif day < cast.calendar.today:
        attend(place, nth)
    else:
        book(place, nth)
    return place


def cancel(place, *, because, at, is_late=False):
    place.status, place.cancelled_because, place.cancelled_at, place.is_late = "cancelled", because, at, is_late


def attend(place, nth):
    """At one place in eleven nobody came; one in five of those is not charged for."""
    place.agreed_at = place.confirmed_at if place.manager_email else None
    if nth % 11 == 10:
        place.status = Place.Status.MISSED
        place.waived_because = "A child was taken into care that morning." if nth % 5 == 0 else ""
        return
    place.status = Place.Status.ATTENDED
    place.signed_in_at = place.event.starts_at + timedelta(minutes=nth % 9 - 6)
    place.signed_in_how = Place.How.CODE if nth % 3 else Place.How.LIST


def book(place, nth):
    if place.manager_email and nth % 6 == 0:
        place.status = Place.Status.AGREEMENT
        place.agree_by_at = place.event.starts_at - timedelta(days=5)
    elif nth % 23 == 5:
        place.status, place.confirmed_at = Place.Status.UNCONFIRMED, None
    else:
        place.agreed_at = place.confirmed_at if place.manager_email else None
