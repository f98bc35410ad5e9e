"""Invitations: what stands in them, how they hang on a mail, and what real calendar programs make of them.

khal (Debian) is given each file as somebody's mail program would hand it on; vobject and icalendar read them by code
that shares nothing. Outlook, Google and Apple can't be run here: for them the shape of the mail is held to what their
own invitations look like, a part ``text/calendar; method=`` beside the words and the same as ``invite.ics``.
"""

import email
from datetime import UTC, datetime, timedelta
from email import policy

import icalendar
import pytest
import vobject
from django.urls import reverse

from partnership.logs import masked
from tests.factories import CourseFactory, EventFactory, PartnershipFactory, PlaceFactory
from tests.factories_training import PractitionerFactory
from tests.partnership.test_calendar_programs import khal, needs_khal  # noqa: F401  a fixture
from training.links import PLACE, address_of, token_of
from training.mails import invitations
from training.mails.mailing import Kind, put
from training.mails.words import QUEUE
from training.models import Event, Place, TrainingMail

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
HARD = 'Früh 👩‍👧 sleep, cots; \\ and “quotes” " on ^ a line that goes on and on, longer than any line may be 🎈'
WINTER, SUMMER = datetime(2027, 3, 24, 9, 30, tzinfo=UTC), datetime(2027, 3, 30, 8, 30, tzinfo=UTC)  # 09:30 in London


@pytest.fixture
def place():
    course = CourseFactory(
        title="Safer sleep", partnerships=[PartnershipFactory(name="Ashford Vale", office_email="office@example.org")]
    )
    event = EventFactory(course=course, starts_at=WINTER, ends_at=WINTER + timedelta(hours=3), venue="Hall 1, High St")
    person = PractitionerFactory(name="Priya Shah", email="priya@agency.example")
    return PlaceFactory(event=event, practitioner=person, person=person.name)


def change(place, **fields):
    """The place, its event changed as ``change_event`` does."""
    Event.objects.filter(pk=place.event_id).update(sequence=place.event.sequence + 1, **fields)
    return Place.objects.get(pk=place.pk)


def request_of(place, at=NOW):
    return invitations.invitation_to(place, to=place.practitioner.email, at=at)


def cancel_of(place, at=NOW):
    return invitations.cancellation_of(place, to=place.practitioner.email, at=at)


def entry_of(content):
    [entry] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return entry


# What stands in it


def test_an_invitation_is_a_request_to_one_person_who_is_not_asked_to_answer(place, settings):
    settings.DEFAULT_FROM_EMAIL = "Planner <planner@example.org>"
    content = request_of(place)
    file, entry = icalendar.Calendar.from_ical(content), entry_of(content)
    assert (file["method"], file["version"], entry["uid"]) == ("REQUEST", "2.0", f"place-{place.pk}@localhost")
    assert (entry["sequence"], entry["status"], entry.get("rrule")) == (0, "CONFIRMED", None)
    assert entry["dtstamp"].dt == NOW
    organizer, attendee = entry["organizer"], entry["attendee"]
    assert (str(organizer), organizer.params["CN"]) == ("mailto:office@example.org", "Ashford Vale")
    assert organizer.params["SENT-BY"] == "mailto:planner@example.org"
    assert (str(attendee), attendee.params["CN"]) == ("mailto:priya@agency.example", "Priya Shah")
    assert (attendee.params["RSVP"], attendee.params["PARTSTAT"]) == ("FALSE", "ACCEPTED")
    assert address_of(PLACE, place) in entry["description"]
    assert entry["location"] == "Hall 1, High St"


def test_who_joins_online_finds_the_address_where_the_room_would_stand(place):
    place = change(place, venue="Online", link="https://meet.example.org/x", joining="Camera on.\nPlease.")
    entry = entry_of(request_of(place))
    assert entry["location"] == "https://meet.example.org/x"
    assert "Join here: https://meet.example.org/x\n\nCamera on.\nPlease." in entry["description"]


def test_a_later_invitation_replaces_the_one_before_and_a_cancellation_follows_all(place):
    first = entry_of(request_of(place))
    moved = change(place, starts_at=SUMMER, ends_at=None)
    second, last = entry_of(request_of(moved, LATER)), entry_of(cancel_of(moved, LATER))
    assert first["uid"] == second["uid"] == last["uid"]
    assert [each["sequence"] for each in (first, second, last)] == [0, 1, 2]
    assert second["dtstamp"].dt > first["dtstamp"].dt
    assert (last["status"], last["organizer"], last["attendee"]) == (
        "CANCELLED",
        first["organizer"],
        first["attendee"],
    )


def test_a_cancellation_gives_nobody_the_way_to_join(place):
    place = change(place, link="https://meet.example.org/x", joining="Room code 7")
    content = cancel_of(place)
    assert b"meet.example.org" not in content
    assert b"Room code" not in content


def test_another_place_of_the_same_person_is_another_entry(place):
    again = PlaceFactory(event=place.event, practitioner=PractitionerFactory())
    assert entry_of(request_of(place))["uid"] != entry_of(request_of(again))["uid"]


@pytest.mark.parametrize("moment", [WINTER, SUMMER, datetime(2027, 11, 1, 9, 30, tzinfo=UTC)])
def test_the_clock_says_half_past_nine_before_and_after_it_changes(place, moment):
    place = change(place, starts_at=moment, ends_at=moment + timedelta(hours=3))
    content = request_of(place)
    assert f"DTSTART;TZID=Europe/London:{moment:%Y%m%d}T093000".encode() in content
    assert entry_of(content).start.astimezone(UTC) == moment
    other = vobject.readOne(content.decode())  # reckons by the clock changes that stand in the file
    assert other.vevent.dtstart.value.astimezone(UTC) == moment


@pytest.mark.parametrize("day", [27, 28])
@pytest.mark.parametrize("hour", [0, 1, 2, 3])
def test_on_the_night_itself_the_file_and_the_world_change_at_one(place, day, hour):
    moment = datetime(2027, 3, day, hour, 30, tzinfo=UTC)
    place = change(place, starts_at=moment, ends_at=moment + timedelta(hours=1))
    other = vobject.readOne(request_of(place).decode())
    assert other.vevent.dtstart.value.astimezone(UTC) == moment


def test_an_event_without_an_end_lasts_as_long_as_its_days_say(place):
    place = change(place, ends_at=None, length="1.00")
    assert entry_of(request_of(Place.objects.get(pk=place.pk))).duration == timedelta(hours=6)


def test_two_parsers_take_whatever_people_typed(place):
    place.practitioner.name = 'Zoë "Z" O\'Neil; x:y\r\nATTENDEE:mailto:all@example.org'
    place.practitioner.save()
    place.event.course.title = HARD
    place.event.course.save()
    place = change(place, venue="Hall 1,\r\nEND:VEVENT", joining="Ring\r\nEND:VCALENDAR\r\nthe bell")
    for content in (request_of(place), cancel_of(place), invitations.calendar_file_of(place, at=NOW)):
        strict = icalendar.Calendar.from_ical(content)
        assert [each.errors for each in strict.walk()] == [[]] * len(list(strict.walk()))
        other = vobject.readOne(content.decode())
        other.validate(raiseException=True)
        assert other.vevent.summary.value == str(entry_of(content)["summary"]) == HARD
        assert len(content.split(b"\r\nEND:VEVENT")) == 2
        assert content.count(b"\r\nATTENDEE") <= 1
        assert max(map(len, content.split(b"\r\n"))) <= 75


# How it hangs on a mail


@pytest.fixture
def sent(mail_server, today):
    """``sent(kind, place)``: the mail as it goes over the wire, read again."""

    def sent(kind, place, turn=0):
        put(kind, key=f"{place.pk}-{place.event.sequence}-{turn}", address=place.practitioner.email, place=place)
        mail_server.delivered.clear()
        QUEUE.send_waiting()
        [message] = mail_server.delivered
        return email.message_from_bytes(message.message().as_bytes(linesep="\r\n"), policy=policy.default)

    return sent


def calendars_in(mail):
    """[(type, method, bytes)] of each calendar in ``mail``."""
    return [
        (part.get_content_type(), part["content-type"].params.get("method"), part.get_payload(decode=True))
        for part in mail.walk()
        if part.get_content_type() in ("text/calendar", "application/ics")
    ]


def test_a_mail_carries_its_invitation_beside_the_words_and_as_a_file(place, sent):
    mail = sent(Kind.BOOKED, place)
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/calendar",
        "application/ics",
    ]
    (kind, method, inline), (_kind, _no_method, attached) = calendars_in(mail)
    assert (kind, method) == ("text/calendar", "REQUEST")
    assert inline.replace(b"\r\n", b"\n") == attached.replace(b"\r\n", b"\n")
    assert entry_of(attached)["uid"] == entry_of(inline)["uid"]
    assert next(mail.iter_attachments()).get_filename() == "invite.ics"
    assert reverse("training:place-calendar", args=[token_of(PLACE, place)]) in mail.get_body(("plain",)).get_content()


def test_by_notify_which_carries_no_parts_the_words_lead_to_the_file(place, notify, today):
    put(Kind.BOOKED, key="1", address=place.practitioner.email, place=place)
    assert QUEUE.send_waiting() == 1
    [taken] = notify.taken
    assert f"For your calendar: {invitations.calendar_address_of(place)}" in taken["personalisation"]["body"]
    assert taken["reference"] == QUEUE.number_of(TrainingMail.objects.get())


def test_what_was_booked_is_invited_what_moves_again_and_what_ends_is_taken_back(place, sent):
    booked = sent(Kind.BOOKED, place)
    place = change(place, starts_at=SUMMER, ends_at=None)
    moved = sent(Kind.MOVED, place)
    Place.objects.filter(pk=place.pk).update(status=Place.Status.CANCELLED)
    gone = sent(Kind.CANCELLED, Place.objects.get(pk=place.pk))
    found = [calendars_in(mail)[0] for mail in (booked, moved, gone)]
    assert [method for _kind, method, _content in found] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [entry_of(content)["sequence"] for *_others, content in found] == [0, 1, 2]


@pytest.mark.parametrize("status", [Place.Status.WAITING, Place.Status.AGREEMENT])
def test_who_waits_is_not_invited_and_has_nothing_taken_back(place, sent, status):
    Place.objects.filter(pk=place.pk).update(status=status, waiting_since=NOW)
    assert calendars_in(sent(Kind.MOVED, Place.objects.get(pk=place.pk))) == []
    TrainingMail.objects.all().delete()
    Place.objects.filter(pk=place.pk).update(status=Place.Status.CANCELLED)
    assert calendars_in(sent(Kind.CANCELLED, Place.objects.get(pk=place.pk))) == []


def test_an_event_called_off_is_taken_out_of_calendars(place, sent):
    sent(Kind.BOOKED, place)
    place = change(place, cancelled_at=NOW, cancelled_because="The trainer is ill.")
    [(_kind, method, content), _file] = calendars_in(sent(Kind.CALLED_OFF, place))
    assert (method, entry_of(content)["sequence"]) == ("CANCEL", 2)


# The file behind the link


def test_who_is_booked_saves_the_file_and_nobody_is_invited_in_it(client, place, today):
    url = reverse("training:place-calendar", args=[token_of(PLACE, place)])
    answer = client.get(url)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert "no-store" in answer["Cache-Control"]
    entry = entry_of(answer.content)
    assert (entry["uid"], entry.get("attendee")) == (f"place-{place.pk}@localhost", None)
    assert masked(f"GET {url}") == "GET /t/place/…/invitation.ics"
    assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Place.Status.WAITING, "waiting_since": NOW},
        {"status": Place.Status.CANCELLED},
        {"generation": 2},
    ],
)
def test_nobody_else_gets_the_file(client, place, today, fields):
    url = reverse("training:place-calendar", args=[token_of(PLACE, place)])
    Place.objects.filter(pk=place.pk).update(**fields)
    assert client.get(url).status_code == 404
    assert client.get(url.replace("/t/place/", "/t/place/x")).status_code == 404


def test_an_event_called_off_has_no_file(client, place, today):
    change(place, cancelled_at=NOW, cancelled_because="Snow")
    assert client.get(reverse("training:place-calendar", args=[token_of(PLACE, place)])).status_code == 404


# khal


DAYS = ["2027-03-01", "2027-04-30"]


def import_into(khal, tmp_path, content):  # noqa: F811
    """[(uid, day and hour and title in words, status)] of all that khal lists after it was given the file."""
    file = tmp_path / "invite.ics"
    file.write_bytes(content)
    khal("import", "--batch", "-a", "planner", str(file))
    form = "{uid}|{start-date} {start-time} {end-time} {title}|{status}"
    listed = khal("list", "--once", "--format", form, "-df", "", *DAYS)
    return [tuple(part.strip() for part in line.split("|")) for line in listed.splitlines() if "@" in line]


@needs_khal
def test_khal_shows_one_event_that_moves_over_the_change_of_clocks_and_is_cancelled(place, sent, khal, tmp_path):  # noqa: F811
    """Tried with khal 0.10 and its default settings: an import of the same UID replaces what stands there."""
    uid = f"place-{place.pk}@localhost"
    *_inline, (_kind, _method, content) = calendars_in(sent(Kind.BOOKED, place))
    assert import_into(khal, tmp_path, content) == [(uid, "2027-03-24 09:30 12:30 Safer sleep", "CONFIRMED")]

    place = change(place, starts_at=SUMMER, ends_at=SUMMER + timedelta(hours=2))
    *_inline, (_kind, _method, content) = calendars_in(sent(Kind.MOVED, place))
    assert import_into(khal, tmp_path, content) == [(uid, "2027-03-30 09:30 11:30 Safer sleep", "CONFIRMED")]

    Place.objects.filter(pk=place.pk).update(status=Place.Status.CANCELLED)
    *_inline, (_kind, _method, content) = calendars_in(sent(Kind.CANCELLED, Place.objects.get(pk=place.pk)))
    assert import_into(khal, tmp_path, content) == [(uid, "2027-03-30 09:30 11:30 Safer sleep", "CANCELLED")]


@needs_khal
def test_control_with_another_uid_it_would_stand_there_twice(place, khal, tmp_path):  # noqa: F811
    import_into(khal, tmp_path, request_of(place))
    other = request_of(place).replace(b"@localhost", b"@elsewhere")
    assert len(import_into(khal, tmp_path, other)) == 2
