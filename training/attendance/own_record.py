"""A practitioner's own record: what they come to, wait for and went to, what they hold, and which questions wait.

Whoever can read the mail of an address may read the record, for a day. Asking for it says nothing of who is known.
"""

from dataclasses import dataclass

from django.db.models import Q
from tablib import Dataset

from partnership.models import Partnership
from training.attendance.certificates import is_earned, number_of, print_pdf
from training.competence.marks import marks_of_person
from training.evaluation.asking import waiting_for
from training.links import PLACE, address_of
from training.mails import mailing
from training.models import Competency, PlaceStatus, Practitioner

COMING = [PlaceStatus.UNCONFIRMED, PlaceStatus.AGREEMENT, PlaceStatus.BOOKED]


def ask_for_record(email, *, at):
    """Mail the link to whoever has that work address; once an hour, however often anybody asks.

    Nobody who left: their address may be somebody else's by now.
    """
    found = Practitioner.objects.here().filter(email__iexact=email.strip()).exclude(email="").first()
    if found:
        mailing.put(mailing.Kind.RECORD, key=f"{found.pk}-{at:%Y%m%d%H}", address=found.email, practitioner=found)


@dataclass(frozen=True)
class OwnRecord:
    """``coming``, ``waiting`` and ``past``: places, each with its ``event``. ``marks``: of competencies.

    ``questions``: (Evaluation, its address) of those that wait.
    """

    practitioner: Practitioner
    coming: list
    waiting: list
    past: list
    marks: list
    questions: list

    @property
    def attended_count(self):
        return sum(place.status == PlaceStatus.ATTENDED for place in self.past)


def record_of_person(practitioner, *, at, on):
    """The same number of queries for however long a working life."""
    places = practitioner.places.exclude(status=PlaceStatus.CANCELLED)
    places = places.filter(Q(event__cancelled_at=None) | Q(event__starts_at__gte=at))
    places = list(places.select_related("event__course", "organisation").order_by("event__starts_at", "pk"))
    for place in places:
        place.address = address_of(PLACE, place)
        place.has_certificate = is_earned(place, at=at)
        place.number = number_of(place) if place.has_certificate else ""
    competencies = Competency.objects.filter(partnership__in=practitioner.partnership_ids)
    to_come = [place for place in places if place.event.starts_at >= at]
    return OwnRecord(
        practitioner=practitioner,
        coming=[place for place in to_come if place.status in COMING],
        waiting=[place for place in to_come if place.status == PlaceStatus.WAITING],
        past=[place for place in reversed(places) if is_past(place, at=at)],
        marks=marks_of_person(practitioner, on=on, competencies=competencies),
        questions=waiting_for(practitioner.places.all(), at=at),
    )


def is_past(place, *, at):
    """Where they were, were not, or have been and the register is still open; not what they waited for in vain."""
    if place.status in (PlaceStatus.ATTENDED, PlaceStatus.MISSED):
        return True
    return place.event.starts_at < at and place.status in (PlaceStatus.AGREEMENT, PlaceStatus.BOOKED)


def partnerships_of(practitioner):
    """Whom to tell of a new name or agency."""
    found = Partnership.objects.filter(memberships__organisation=practitioner.organisation_id).exclude(office_email="")
    return found.distinct().order_by("name")


# To take away


def make_pdf(record, *, made):
    """Raises PdfProblem."""
    partnership = Partnership.objects.filter(pk__in=record.practitioner.partnership_ids).order_by("name").first()
    context = {"record": record, "practitioner": record.practitioner, "partnership": partnership, "made": made}
    return print_pdf("training/print/record", context, partnership)


def sheets_of(record):
    """The record as the sheets of a workbook."""
    went = Dataset(
        headers=["Course", "Level", "Date", "Days", "Place", "Organisation then", "Attendance", "Certificate"],
        title="Training",
    )
    for place in record.past:
        event, course = place.event, place.event.course
        went.append(
            [
                course.title,
                course.level,
                event.starts_at,
                event.length,
                event.venue,
                place.organisation.name,
                place.get_status_display(),
                place.number,
            ]
        )
    coming = Dataset(headers=["Course", "Date", "Place", "How it stands"], title="Coming")
    for place in [*record.coming, *record.waiting]:
        event = place.event
        coming.append([event.course.title, event.starts_at, event.venue, place.get_status_display()])
    held = Dataset(headers=["Competency", "How it stands", "Gained", "How", "Refresh by"], title="Competencies")
    for mark in record.marks:
        gained = mark.gained
        how = [gained.on, gained.how] if gained else ["", ""]
        held.append([str(mark.competency), mark.words, *how, mark.runs_out_on or mark.due_on or ""])
    return [went, coming, held]
