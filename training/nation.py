"""Training of an invented nation: courses, events, who came, what they said afterwards."""

from datetime import timedelta

from partnership.nation.meetings import weekday
from partnership.nation.rows import moment
from training.models import Course, Evaluation, Event, EventTrainer, Place, Practitioner, TrainingPolicy

COURSES, EVENTS_A_YEAR, PLACES, PRACTITIONERS = 12, 14, 14, 180
JOBS = ["Social worker", "Health visitor", "Teacher", "Police constable", "Youth worker", "Midwife", "Housing officer"]
MODES = ["room", "room", "online", "blended"]
LEVELS = ["1", "2", "3", "4"]


def make_practitioners(home, *, rows, words):
    """[(key, name, organisation's key)] of those who come to training over the years."""
    at, made = moment(home.begins_on), []
    for number in range(PRACTITIONERS):
        name, organisation = words.person(), home.organisations[number % len(home.organisations)]
        key = rows.add(
            Practitioner,
            at=at,
            by=home.trainer,
            name=name,
            email=f"{name.lower().replace(' ', '.')}.{number}@work.{home.slug}.example",
            organisation_id=organisation,
            job=words.rng.choice(JOBS),
            began_on=home.begins_on,
        )
        made.append((key, name, organisation))
    return made


def make_courses(home, *, rows, words):
    at, made = moment(home.begins_on), []
    rows.add(TrainingPolicy, at=at, by=home.trainer, partnership_id=home.key)
    for number in range(COURSES):
        key = rows.add(
            Course,
            at=at,
            by=home.trainer,
            title=words.of("course"),
            mode=MODES[number % len(MODES)],
            level=f"Level {LEVELS[number % len(LEVELS)]}",
            audience=words.one("who").capitalize(),
            purpose=words.of("outcome"),
            run_by_id=home.key,
        )
        rows.link(Course, "partnerships", at=at, by=home.trainer, course_id=key, partnership_id=home.key)
        made.append(key)
    return made


def make_training_year(home, year, courses, practitioners, *, rows, words, on):
    for number in range(EVENTS_A_YEAR):
        day = weekday(year + timedelta(days=20 + number * 24))
        made_at = moment(day - timedelta(days=90))
        if made_at.date() >= on:
            return
        course = courses[number % len(courses)]
        is_over = day < on
        event = rows.add(
            Event,
            at=made_at,
            by=home.trainer,
            course_id=course,
            starts_at=moment(day, 9, 30),
            ends_at=moment(day, 12, 30),
            venue=f"{home.place} Learning Centre",
            capacity=PLACES + 6,
            trainers="Two of our own trainers",
            **(
                {
                    "register_closed_at": moment(day, 16),
                    "was": {"register_closed_at": None},
                    "changed_at": moment(day, 16),
                }
                if is_over
                else {}
            ),
        )
        for name in (words.person(), words.person()):
            trainer = words.rng.choice(home.organisations)
            rows.add(EventTrainer, at=made_at, by=home.trainer, event_id=event, name=name, organisation_id=trainer)
        for who in words.rng.sample(practitioners, PLACES):
            make_place(home, event, who, day, rows=rows, words=words, on=on, is_over=is_over)


def make_place(home, event, who, day, *, rows, words, on, is_over):
    person, name, organisation = who
    asked_at = moment(day - timedelta(days=words.rng.randint(10, 80)), 11)
    if asked_at.date() >= on:
        return
    came = words.chance(88)
    values = {
        "event_id": event,
        "organisation_id": organisation,
        "practitioner_id": person,
        "person": name,
        "asked_at": asked_at,
        "confirmed_at": asked_at,
        "status": "booked",
    }
    if is_over:
        values |= {
            "status": "attended" if came else "missed",
            "was": {"status": "booked", "signed_in_at": None, "signed_in_how": ""},
            "changed_at": moment(day, 16),
        }
        if came:
            values |= {"signed_in_at": moment(day, 9, 20), "signed_in_how": "list"}
    place = rows.add(Place, at=asked_at, by=home.trainer, **values)
    if is_over and came:
        make_evaluation(place, day, rows=rows, words=words, on=on)


def make_evaluation(place, day, *, rows, words, on):
    rng, answered_on = words.rng, day + timedelta(days=words.rng.randint(1, 12))
    values = {}
    if answered_on < on and words.chance(60):
        values = {
            "answered_at": moment(answered_on),
            "confidence": rng.randint(2, 5),
            "usefulness": rng.randint(2, 5),
            "words": words.of("voice") if words.chance(25) else "",
        }
    rows.add(
        Evaluation,
        at=moment(day),
        place_id=place,
        stage="after",
        opens_on=day,
        closes_on=day + timedelta(days=21),
        **values,
    )
