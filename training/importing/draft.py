"""What a staged log would make today: events with their places, and every doubt at its cell.

An event that is there already (same course, same day) is passed over as a whole, so the same file brought twice makes
nothing twice. Rows keep their texts; organisations that nobody knows are chosen once for all rows that name them.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from partnership.models import Organisation
from partnership.sheets import day_of, fold, nearest, shortened
from training.importing.sheet import PERSON
from training.models import Course, Event, Practitioner

ATTENDED, MISSED, CANCELLED = "attended", "missed", "cancelled"
CAME = {
    **dict.fromkeys(["yes", "y", "1", "true", "attended", "came", "present", "x", "✓", "full"], ATTENDED),
    **dict.fromkeys(
        ["no", "n", "0", "false", "absent", "dna", "did not attend", "no show", "no-show", "missed", "non attendance"],
        MISSED,
    ),
    **dict.fromkeys(["cancelled", "canceled", "withdrawn", "withdrew"], CANCELLED),
}
NOT_OF_THE_LOG = {"waiting", "on the waiting list", "waits to be confirmed by mail", "booked"}
MODES = {
    **{fold(label): value for value, label in Course.Mode.choices},
    **dict.fromkeys(["face to face", "classroom", "in person", "room", "f2f"], Course.Mode.ROOM),
    **dict.fromkeys(["online", "virtual", "webinar", "teams", "zoom", "remote"], Course.Mode.ONLINE),
    **dict.fromkeys(["e learning", "e-learning", "elearning", "self directed"], Course.Mode.OWN_TIME),
    **dict.fromkeys(["blended", "hybrid", "mixed"], Course.Mode.BLENDED),
    **dict.fromkeys(["briefing", "conference"], Course.Mode.BRIEFING),
    "conference": Course.Mode.CONFERENCE,
}
LEAVE = "leave"
NUMBER = re.compile(r"\d{1,4}")
FIELDS = {
    "event": "Course",
    "date": "Date",
    "person": "Name",
    "organisation": "Organisation",
    "email": "E-mail",
    "attended": "Attended",
    "mode": "How",
    "trainer": "Trainer agency",
    "trainer_days": "Trainer days",
    "length": "Length in days",
    "booked": "Booked",
    "attended_count": "Attended",
    "missed_count": "Did not attend",
    "capacity": "Capacity",
}


@dataclass
class Line:
    """One row and what it means. ``doubts``: ``{field: what to do}``; ``counts``: [(Organisation, became, number)]."""

    row: dict
    day: date | None = None
    doubts: dict = field(default_factory=dict)
    organisation: Organisation | None = None
    became: str = ATTENDED
    counts: list = field(default_factory=list)
    trainer: Organisation | None = None
    numbers: dict = field(default_factory=dict)
    is_left_out: bool = False

    @property
    def number(self):
        return self.row["number"]

    def text(self, name):
        return self.row.get(name, "")


@dataclass
class NewEvent:
    """An event as it would be made. ``is_there``: it is already, and is passed over."""

    title: str
    day: date
    course: Course | None
    lines: list = field(default_factory=list)
    is_there: bool = False

    @property
    def attended(self):
        return self._count(ATTENDED)

    @property
    def missed(self):
        return self._count(MISSED)

    def _count(self, became):
        return sum(count for line in self.lines for _organisation, each, count in line.counts if each == became)


class Draft:
    """``doubtful``: lines with a doubt that are not left out; ``unknown``: names of organisations to be chosen."""

    def __init__(self, staged, *, on):
        self.understood, self.partnership, self.on = staged.understood, staged.partnership, on
        self.shape = self.understood.get("shape", PERSON)
        self.notes = []
        self._read_what_is_known()
        left_out = set(self.understood.get("left_out", []))
        self.lines = [Line(row, is_left_out=row["number"] in left_out) for row in self.understood.get("rows", [])]
        self.taken = [line for line in self.lines if not line.is_left_out]
        for line in self.taken:
            self._understand(line)
        self.doubtful = [line for line in self.taken if line.doubts]
        self.events = self._events()
        self.new_events = [event for event in self.events if not event.is_there]

    def _read_what_is_known(self):
        members = Organisation.objects.filter(memberships__partnership=self.partnership).distinct().order_by("name")
        self.organisations = list(members)
        self.by_name = {fold(each.name): each for each in self.organisations}
        self.by_key = {str(each.pk): each for each in self.organisations}
        self.chosen = self.understood.get("chosen", {})
        self.unknown = {}
        courses = Course.objects.filter(partnerships=self.partnership).order_by("-pk")
        self.courses = {fold(course.title): course for course in courses}
        known = Event.objects.filter(course__in=self.courses.values()).values_list("course", "starts_at")
        self.there = {(course, timezone.localdate(starts_at)) for course, starts_at in known}

    # A row

    def _understand(self, line):
        if not line.text("event"):
            line.doubts["event"] = "Enter the course, or leave this row out"
        self._day(line)
        for name, text in line.row.items():
            if isinstance(text, str) and text.startswith("="):
                line.doubts[name] = "This holds a formula, which we don’t reckon out. Write what it comes to"
        if self.shape == PERSON:
            self._person(line)
        else:
            self._counts(line)

    def _day(self, line):
        text = line.text("date")
        line.day = day_of(text)
        if line.day is None:
            line.doubts["date"] = (
                f"“{shortened(text)}” is no day that we can read. Write it like 24/11/2025" if text else "Enter the day"
            )
        elif line.day >= self.on:
            line.doubts["date"] = "This day is not over. A log tells of what was held: add what is to come as an event"

    def _person(self, line):
        line.organisation = self.organisation_of(line.text("organisation"), line)
        if email := line.text("email"):
            try:
                validate_email(email)
            except ValidationError:
                line.doubts["email"] = f"“{shortened(email)}” is no e-mail address. Correct it, or empty it"
        if "attended" in self.understood.get("columns", {}):
            said = fold(line.text("attended"))
            if said in NOT_OF_THE_LOG:
                line.is_left_out = True
                return
            line.became = CAME.get(said)
            if line.became is None:
                line.doubts["attended"] = "Write whether they came: yes, no or cancelled"
        if line.organisation:
            line.counts = [(line.organisation, line.became, 1)]

    def _counts(self, line):
        for name in ("booked", "attended_count", "missed_count", "capacity"):
            line.numbers[name] = self._number(line, name)
        for name in ("trainer_days", "length"):
            line.numbers[name] = self._decimal(line, name)
        if text := line.text("trainer"):
            line.trainer = self.organisation_of(text, line)
        found, is_whole = defaultdict(int), True
        for (_letter, agency, what), text in zip(
            self.understood.get("agencies", []), line.row.get("agencies", []), strict=False
        ):
            if text in {"", "-", "0"}:
                continue
            if not NUMBER.fullmatch(text):
                line.doubts[f"agency {agency}"] = f"“{shortened(text)}” under {agency} is no whole number"
                continue
            if organisation := self.organisation_of(agency, line):
                found[organisation, ATTENDED if what == "attended" else MISSED] += int(text)
            else:
                is_whole = False
        if is_whole:
            self._without_agency(line, found)
        line.counts = [(organisation, became, count) for (organisation, became), count in found.items()]

    def _without_agency(self, line, found):
        """Counts for the whole event that no column of an agency explains go to the one chosen for them."""
        is_by_agency = bool(self.understood.get("agencies"))
        for became, name in ((ATTENDED, "attended_count"), (MISSED, "missed_count")):
            told = line.numbers[name]
            listed = sum(count for (_organisation, each), count in found.items() if each == became)
            if told is None or told == listed:
                continue
            if is_by_agency and listed:
                line.doubts[name] = f"It says {told}, and the agencies come to {listed}. Correct one of them"
            elif organisation := self.organisation_of("", line):
                found[organisation, became] += told

    def _number(self, line, name):
        text = line.text(name)
        if not text or text == "-":
            return None
        if not NUMBER.fullmatch(text):
            line.doubts[name] = f"“{shortened(text)}” is no whole number"
            return None
        return int(text)

    def _decimal(self, line, name):
        text = line.text(name).replace("½", ".5")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or not 0 <= number < 100:
            line.doubts[name] = f"“{shortened(text)}” is no number of days. Write it like 0.5"
            return None
        return number

    def organisation_of(self, name, line):
        """The member of that name, or the one chosen for it; else the name waits to be chosen."""
        key = fold(name)
        if key in self.by_name:
            return self.by_name[key]
        choice = self.chosen.get(key)
        if choice in self.by_key:
            return self.by_key[choice]
        like = nearest(name, [each.name for each in self.organisations]) if name else None
        waits = self.unknown.setdefault(key, {"name": name, "like": like, "rows": [], "choice": choice})
        waits["rows"].append(line.number)
        if choice == LEAVE:
            line.is_left_out = self.shape == PERSON
        return None

    @property
    def to_choose(self):
        """Names of organisations that wait to be chosen."""
        return [each for each in self.unknown.values() if each["choice"] != LEAVE]

    # Events

    def _events(self):
        found = {}
        for line in self.taken:
            if line.doubts or line.is_left_out or line.day is None:
                continue
            key = (fold(line.text("event")), line.day)
            if key not in found:
                course = self.courses.get(key[0])
                is_there = course is not None and (course.pk, line.day) in self.there
                found[key] = NewEvent(line.text("event")[:160], line.day, course, is_there=is_there)
            found[key].lines.append(line)
        return sorted(found.values(), key=lambda event: (event.day, event.title))

    @property
    def is_ready(self):
        return not self.doubtful and not self.to_choose and bool(self.new_events)

    @property
    def counts(self):
        return {
            "events": len(self.new_events),
            "there": len(self.events) - len(self.new_events),
            "courses": len({fold(event.title) for event in self.new_events if event.course is None}),
            "attended": sum(event.attended for event in self.new_events),
            "missed": sum(event.missed for event in self.new_events),
            "left_out": sum(line.is_left_out for line in self.lines),
        }


def people_known(lines):
    """{lower-cased address: Practitioner} of those that the lines name by address. One query."""
    addresses = {line.text("email").lower() for line in lines} - {""}
    known = Practitioner.objects.filter(email__in=addresses)
    return {person.email.lower(): person for person in known}
