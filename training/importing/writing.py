"""Stage a log, mend and confirm it, and take all that it made back."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal

import pghistory
from django.db import transaction
from django.utils import timezone

from partnership.models import Document, Partnership
from partnership.refusals import NotNow
from partnership.sheets import fold
from partnership.uploads import check_upload
from training.importing.draft import ATTENDED, CANCELLED, LEAVE, MODES, Draft, people_known
from training.importing.sheet import EVENT, LONGEST, read_log
from training.models import Course, Evaluation, Event, EventTrainer, Place, Practitioner, TrainingImport, TrainingMail
from training.models.courses import CoursePartnership

WANTED = (".xlsx", ".csv")
NOT_NAMED = "Not named"
VENUE = "As in the log"
NOON = time(12)
HALF = Decimal("0.5")


@transaction.atomic
def stage_log(*, upload=None, pasted="", partnership, by):
    """Keep a file, or cells that were pasted, with what stands in it. Raises UnreadableFile."""
    if upload:
        suffix = check_upload(upload, wanted=WANTED)
        name, content = upload.name, upload.read()
    else:
        suffix, name, content = ".csv", "Pasted rows.csv", pasted.strip("\r\n").encode()
    understood = read_log(content, suffix)
    document = Document.keep(filename=name, content=content, by=by)
    return TrainingImport.objects.create(
        partnership=partnership, document=document, understood=understood, created_by=by
    )


def locked(staged):
    found = TrainingImport.objects.select_for_update().select_related("partnership").get(pk=staged.pk)
    if found.confirmed_at:
        raise NotNow("This log was brought meanwhile. Take it back to change it.")
    return found


@transaction.atomic
def mend(staged, *, cells, left_out, chosen):
    """Keep what somebody corrected. ``cells``: ``{number of a row: {field: text}}``, ``left_out``: numbers of rows,
    ``chosen``: ``{name of an organisation, folded: key of ours or LEAVE}``."""
    staged = locked(staged)
    understood = staged.understood
    rows, columns = understood.get("rows", []), understood.get("columns", {}).keys()
    names = {name for row in rows for name in row} | columns
    for row in rows:
        for name, text in cells.get(row["number"], {}).items():
            if name in names and name not in {"number", "agencies"}:
                row[name] = text[:LONGEST]
            elif name.startswith("agency "):
                agencies = [each for _letter, each, _what in understood["agencies"]]
                if name.removeprefix("agency ") in agencies:
                    row["agencies"][agencies.index(name.removeprefix("agency "))] = text[:20]
    understood["left_out"] = sorted({*understood.get("left_out", []), *left_out})
    understood["chosen"] = {**understood.get("chosen", {}), **chosen}
    staged.save(update_fields=["understood"])
    return staged


def leave_out_doubts(staged, *, on):
    return mend(staged, cells={}, left_out=[line.number for line in Draft(staged, on=on).doubtful], chosen={})


@transaction.atomic
def confirm_log(staged, *, by, at):
    """Make everything at once; gives the counts. A second yes makes nothing again. Raises NotNow while in doubt."""
    staged = TrainingImport.objects.select_for_update().select_related("partnership").get(pk=staged.pk)
    if staged.confirmed_at:
        return staged.understood["brought"]
    Partnership.objects.select_for_update(no_key=True).get(pk=staged.partnership_id)
    draft = Draft(staged, on=timezone.localdate(at))
    if not draft.is_ready:
        raise NotNow("There is something to mend, to choose or to leave out first. Nothing was brought.")
    with pghistory.context(user=by.pk):
        made = make(draft)
    staged.understood = {**staged.understood, "rows": [], "brought": draft.counts, "made": made}
    staged.confirmed_at = at
    staged.save(update_fields=["understood", "confirmed_at"])
    return draft.counts


def make(draft):
    """Rows of all new events; gives their keys, to take them back by."""
    courses, new_courses = dict(draft.courses), []
    for new in draft.new_events:
        key = fold(new.title)
        if key not in courses:
            mode = MODES.get(fold(new.lines[0].text("mode")), Course.Mode.ROOM)
            courses[key] = Course.objects.create(title=new.title, mode=mode, run_by=draft.partnership)
            CoursePartnership.objects.create(course=courses[key], partnership=draft.partnership)
            new_courses.append(courses[key].pk)
    events = Event.objects.bulk_create(event_of(new, courses[fold(new.title)]) for new in draft.new_events)
    people, new_people = people_of([line for new in draft.new_events for line in new.lines])
    trainers, places = [], []
    for new, event in zip(draft.new_events, events, strict=True):
        for line in new.lines:
            if line.trainer:
                days = line.numbers.get("trainer_days") or event.length
                name = line.text("trainer")[:160]
                trainers.append(EventTrainer(event=event, name=name, organisation=line.trainer, days=days))
        places += places_of(new, event, people, is_by_event=draft.shape == EVENT)
    EventTrainer.objects.bulk_create(trainers)
    Place.objects.bulk_create(places)
    return {"events": [event.pk for event in events], "courses": new_courses, "people": new_people}


def event_of(new, course):
    numbers = new.lines[0].numbers
    starts_at = timezone.make_aware(datetime.combine(new.day, NOON))
    return Event(
        course=course,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        length=numbers.get("length") or HALF,
        venue=new.lines[0].text("venue")[:160] or VENUE,
        capacity=numbers.get("capacity") or numbers.get("booked") or new.attended + new.missed,
        trainers=new.lines[0].text("trainer")[:200],
        is_public=False,
        register_closed_at=starts_at + timedelta(hours=3),
    )


def people_of(lines):
    """({address: Practitioner}, keys of the new ones). Whoever is known stays as they are."""
    known = people_known(lines)
    fresh = {}
    for line in lines:
        email = line.text("email").lower()
        if email and email not in known and email not in fresh and line.organisation:
            name = line.text("person")[:120] or NOT_NAMED
            fresh[email] = Practitioner(name=name, email=email, organisation=line.organisation)
    made = Practitioner.objects.bulk_create(fresh.values())
    return {**known, **fresh}, [person.pk for person in made]


def places_of(new, event, people, *, is_by_event):
    """A place for each person; without a name or an address one that says that nobody was named."""
    taken, found = defaultdict(set), []
    for line in new.lines:
        for organisation, became, count in line.counts:
            for _ in range(count):
                person = None if is_by_event else people.get(line.text("email").lower())
                if person and person.pk in taken[event.pk]:
                    continue  # twice in the log: somebody is at an event once
                if person:
                    taken[event.pk].add(person.pk)
                found.append(place_of(event, organisation, became, line, person))
    return found


def place_of(event, organisation, became, line, person):
    return Place(
        event=event,
        organisation=organisation,
        practitioner=person,
        person=line.text("person")[:120] or NOT_NAMED,
        status=became,
        cancelled_at=event.starts_at if became == CANCELLED else None,
        cancelled_because="As in the log" if became == CANCELLED else "",
        signed_in_at=event.starts_at if became == ATTENDED else None,
        signed_in_how=Place.How.IMPORTED,
    )


@transaction.atomic
def take_back(staged, *, by, at):
    """Undo all that a log made, as a whole; gives how many events. Raises NotNow once something was built on it."""
    staged = TrainingImport.objects.select_for_update().get(pk=staged.pk)
    made = staged.understood.get("made")
    if not staged.confirmed_at or made is None:
        raise NotNow("There is nothing of this log to take back.")
    events = Event.objects.filter(pk__in=made["events"])
    places = Place.objects.filter(event__in=events.values("pk"))
    if (
        places.exclude(signed_in_how=Place.How.IMPORTED).exists()
        or Evaluation.objects.filter(place__in=places.values("pk"), answered_at__isnull=False).exists()
        or TrainingMail.objects.filter(place__in=places.values("pk"), sent_at__isnull=False).exists()
    ):
        raise NotNow(
            "Somebody was added to these events, mailed or asked since. Call off or change the events one by one."
        )
    with pghistory.context(user=by.pk):
        count = events.count()
        events.delete()
        unused = Course.objects.filter(pk__in=made["courses"], held_events=None, needs=None)
        unused.delete()
        Practitioner.objects.filter(pk__in=made["people"], places=None, records=None).delete()
    staged.understood = {**staged.understood, "made": None, "taken_back_at": at.isoformat()}
    staged.save(update_fields=["understood"])
    return count


__all__ = ["LEAVE", "confirm_log", "leave_out_doubts", "mend", "stage_log", "take_back"]
