"""Several people of one organisation booked at once, as a list of them is read from a form."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from partnership.refusals import NotNow
from training.models import Place
from training.places.bookings import ask_for_place, lock
from training.practitioners.finding import practitioner_for

MOST_PEOPLE = 60
APART = re.compile(r"\t|;|,|<|>")
HEADING = re.compile(r"\s*(name|person|first name|full name)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Person:
    """Somebody to be booked, as they were typed or pasted."""

    name: str
    email: str
    needs: str = ""


@dataclass(frozen=True)
class Booked:
    """What came of booking ``person``: their ``place``, or in words ``why_not``."""

    person: Person
    place: Place | None = None
    why_not: str = ""


def person_of(line):
    """The Person of one pasted line: name, e-mail and what they need, cells of a sheet or words with commas.

    Raises ValidationError with what is wrong with the line.
    """
    parts = [" ".join(part.split()) for part in APART.split(line)]
    at = next((index for index, part in enumerate(parts) if "@" in part), None)
    if at is None:
        raise ValidationError("write an e-mail address in it")
    try:
        validate_email(parts[at])
    except ValidationError:
        raise ValidationError(f"{parts[at]} is no e-mail address") from None
    name = ", ".join(part for part in parts[:at] if part)
    if not name:
        raise ValidationError("write a name before the address")
    if len(name) > Place._meta.get_field("person").max_length:
        raise ValidationError("shorten the name")
    needs = ", ".join(part for part in parts[at + 1 :] if part)
    return Person(name, parts[at].lower(), needs[: Place._meta.get_field("needs").max_length])


def people_of(text):
    """(people, [what is wrong, line by line]) of a pasted list. Empty lines and a heading are passed over."""
    people, problems = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or ("@" not in line and number == 1 and HEADING.match(line)):
            continue
        try:
            people.append(person_of(line))
        except ValidationError as problem:
            problems.append(f"Line {number}, “{line.strip()[:60]}”: {problem.message}")
    return people, problems


@transaction.atomic
def book_people(event, *, people, organisation, by, at, manager_email=""):
    """Book each of ``people`` of ``organisation``, in their order; a Booked for each. One refusal stops nobody else."""
    lock(event)
    return [book_person(event, person, organisation, by=by, at=at, manager_email=manager_email) for person in people]


def book_person(event, person, organisation, *, by, at, manager_email):
    practitioner = practitioner_for(
        email=person.email, name=person.name, organisation=organisation, manager_email=manager_email
    )
    if practitioner.organisation_id != organisation.pk:
        why_not = f"this address belongs to somebody who is not with {organisation}. Ask whoever runs the training"
        return Booked(person, why_not=why_not)
    try:
        place = ask_for_place(
            event, practitioner=practitioner, at=at, by=by, manager_email=manager_email, needs=person.needs
        )
    except NotNow as refusal:
        return Booked(person, why_not=str(refusal))
    return Booked(person, place)
