"""Mails of training: what each says and to whom, when it leaves no more, and that each leaves once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership import mail_queue
from partnership.logs import masked
from partnership.mail_queue import BATCH, LEASE
from partnership.reminders.bounces import record_bounce
from tests.factories import CourseFactory, EventFactory, PartnershipFactory, PlaceFactory
from tests.factories_training import (
    ChargeStatementFactory,
    EvaluationFactory,
    NeedsAnalysisFactory,
    NeedsInvitationFactory,
    PractitionerFactory,
    TrainingPolicyFactory,
)
from tests.mail_server import Killed, kill
from training.links import (
    EVALUATION,
    EVALUATION_MANAGER,
    MANAGER,
    NEEDS,
    PLACE,
    address_of,
    practitioner_of,
    record_address_of,
)
from training.mails.mailing import Kind, put
from training.mails.reminding import remind
from training.mails.words import DEAD, OVER, OVERTAKEN, QUEUE, SUBJECTS
from training.models import Event, Place, TrainingMail

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
JOINING, DETAILS = "https://meet.example.org/safer-sleep", "Ring the bell of the blue door."
Status = Place.Status


@pytest.fixture
def event():
    course = CourseFactory(title="Safer sleep", partnerships=[PartnershipFactory(office_email="office@example.org")])
    return EventFactory(course=course, link=JOINING, joining=DETAILS, ends_at=datetime(2027, 2, 9, 12, 30, tzinfo=UTC))


@pytest.fixture
def priya():
    return PractitionerFactory(name="Priya Shah", email="priya@agency.example")


def place_of(event, practitioner=None, status=Status.BOOKED, **fields):
    practitioner = practitioner or PractitionerFactory()
    return PlaceFactory(event=event, practitioner=practitioner, person=practitioner.name, status=status, **fields)


def tell(kind, place, address=None, **more):
    put(
        kind, key=f"{place.pk}-{place.event.sequence}", address=address or place.practitioner.email, place=place, **more
    )


def left(mail_server):
    """What leaves now."""
    mail_server.delivered.clear()
    QUEUE.send_waiting()
    return list(mail_server.delivered)


def problems():
    return list(TrainingMail.objects.order_by("pk").values_list("problem", flat=True))


def to_whom(mail_server):
    return [message.to[0] for message in mail_server.delivered]


# What they say


OF_PLACES = [
    (Kind.CONFIRM, Status.UNCONFIRMED, "Confirm your place: Safer sleep, 9 February 2027"),
    (Kind.BOOKED, Status.BOOKED, "Booked: Safer sleep, 9 February 2027"),
    (Kind.WAITING, Status.WAITING, "Waiting list: Safer sleep, 9 February 2027"),
    (Kind.WAITING, Status.AGREEMENT, "Waiting list: Safer sleep, 9 February 2027"),
    (Kind.AGREE, Status.AGREEMENT, "Do you agree? A place at: Safer sleep, 9 February 2027"),
    (Kind.DECLINED, Status.CANCELLED, "Not agreed: Safer sleep, 9 February 2027"),
    (Kind.MOVED, Status.BOOKED, "Changed: Safer sleep, 9 February 2027"),
    (Kind.MOVED, Status.WAITING, "Changed: Safer sleep, 9 February 2027"),
    (Kind.MOVED, Status.AGREEMENT, "Changed: Safer sleep, 9 February 2027"),
    (Kind.CANCELLED, Status.CANCELLED, "Place cancelled: Safer sleep, 9 February 2027"),
    (Kind.REMINDER, Status.BOOKED, "Reminder: Safer sleep, 9 February 2027"),
    (Kind.CERTIFICATE, Status.ATTENDED, "Certificate: Safer sleep, 9 February 2027"),
]


@pytest.mark.parametrize(("kind", "status", "subject"), OF_PLACES)
def test_a_mail_of_a_place_says_one_thing_and_only_who_is_booked_learns_how_to_join(
    event, priya, mail_server, today, kind, status, subject
):
    place = place_of(event, priya, status, asked_at=NOW, agree_by_at=NOW + timedelta(days=5), cancelled_because="Ill.")
    other = place_of(event, PractitionerFactory(name="Somebody Else"))
    tell(kind, place)
    [message] = left(mail_server)
    assert (message.subject, message.reply_to, message.to) == (subject, ["office@example.org"], [priya.email])
    assert "Tuesday 9 February 2027, 09:30 to 12:30\nTown Hall" in message.body
    is_booked = kind in (Kind.BOOKED, Kind.REMINDER) or (kind, status) == (Kind.MOVED, Status.BOOKED)
    whole = message.message().as_string()
    assert [JOINING in message.body, DETAILS in message.body] == [is_booked] * 2
    assert is_booked or (JOINING not in whole and DETAILS not in whole)
    assert other.person not in whole
    assert "{" not in message.body
    assert "\n\n\n" not in message.body
    link = {Kind.AGREE: address_of(MANAGER, place), Kind.DECLINED: None, Kind.CANCELLED: None}.get(
        kind, address_of(PLACE, place)
    )
    assert link is None or f"\n{link}" in message.body


def test_who_is_told_that_an_event_is_called_off_reads_why(event, priya, mail_server, today):
    Event.objects.filter(pk=event.pk).update(cancelled_at=NOW, cancelled_because="The trainer is ill.")
    tell(Kind.CALLED_OFF, place_of(Event.objects.get(pk=event.pk), priya))
    [message] = left(mail_server)
    assert message.subject == "Called off: Safer sleep, 9 February 2027"
    assert "Why: The trainer is ill." in message.body


def test_a_booking_is_to_be_confirmed_within_the_hours_of_who_runs_the_course(event, priya, mail_server, today):
    TrainingPolicyFactory(partnership=event.course.home, confirm_hours=3)
    tell(Kind.CONFIRM, place_of(event, priya, Status.UNCONFIRMED, asked_at=NOW))
    [message] = left(mail_server)
    assert "Confirm it by 12 January 2027, 12:00:" in message.body


@pytest.mark.parametrize("stage", ["before", "after", "later"])
def test_questions_are_asked_by_a_link_of_their_own(event, priya, mail_server, today, stage):
    status = Status.BOOKED if stage == "before" else Status.ATTENDED
    evaluation = EvaluationFactory(place=place_of(event, priya, status), stage=stage)
    put(Kind.EVALUATION, key="1", address=priya.email, evaluation=evaluation)
    [message] = left(mail_server)
    assert message.subject == "A few questions: Safer sleep, 9 February 2027"
    assert "Answer by 9 February 2027, without an account:\n" + address_of(EVALUATION, evaluation) in message.body


def test_a_manager_is_asked_about_the_one_who_named_them(event, priya, mail_server, today):
    evaluation = EvaluationFactory(
        place=place_of(event, priya, Status.ATTENDED), stage="later", answered_at=NOW, manager_email="m@agency.example"
    )
    put(Kind.EVALUATION_MANAGER, key="1", address="m@agency.example", evaluation=evaluation)
    [message] = left(mail_server)
    assert "Priya" not in message.subject
    assert message.body.startswith("Hello,\n\nPriya Shah gave your address")
    assert address_of(EVALUATION_MANAGER, evaluation) in message.body


def test_needs_are_asked_of_an_organisation_and_of_its_practitioners_in_other_words(mail_server, today):
    analysis = NeedsAnalysisFactory()
    of_all, of_people = (
        NeedsInvitationFactory(analysis=analysis),
        NeedsInvitationFactory(analysis=analysis, kind="people"),
    )
    for invitation in (of_all, of_people):
        put(Kind.NEEDS, key=invitation.pk.hex, address="head@agency.example", invitation=invitation)
    first, second = left(mail_server)
    assert address_of(NEEDS, of_all) in first.body
    assert "Whoever has this link can answer for" in first.body
    assert "Nothing is kept that says who answered." in second.body


def test_the_link_to_ones_own_record_leaves_on_the_day_or_never(priya, mail_server, today):
    put(Kind.RECORD, key="1", address=priya.email, practitioner=priya)
    [message] = left(mail_server)
    token = next(line for line in message.body.splitlines() if "/t/" in line).rstrip("/").rpartition("/")[2]
    assert (message.subject, practitioner_of(token)) == ("Your training record", priya)
    put(Kind.RECORD, key="2", address=priya.email, practitioner=priya)
    TrainingMail.objects.filter(key="record-2").update(made_at=timezone.now() - timedelta(hours=25))
    assert left(mail_server) == []
    assert problems()[1] == f"{OVERTAKEN}it was asked for more than a day before it could leave."


def test_a_statement_is_read_by_whoever_signs_in(office, mail_server, today):
    statement = ChargeStatementFactory(issued_by=office, edition=2, note="A place was counted twice.")
    put(Kind.STATEMENT, key="1", address="finance@agency.example", statement=statement)
    [message] = left(mail_server)
    assert "1 April 2025 to 31 March 2026, edition 2." in message.body
    assert "What it corrects: A place was counted twice." in message.body
    assert statement.get_absolute_url() in message.body


def test_no_log_shows_the_secret_of_a_link(event, priya):
    place = place_of(event, priya)
    evaluation, invitation = EvaluationFactory(place=place), NeedsInvitationFactory()
    found = [
        *(address_of(kind, place) for kind in (PLACE, MANAGER)),
        *(address_of(kind, evaluation) for kind in (EVALUATION, EVALUATION_MANAGER)),
        address_of(NEEDS, invitation),
        record_address_of(priya),
    ]
    assert [masked(link).removeprefix("http://localhost:8000") for link in found] == [
        "/t/place/…/",
        "/t/manager/…/",
        "/t/evaluation/…/",
        "/t/evaluation-manager/…/",
        "/t/needs/…/",
        "/t/record/…/",
    ]


def test_there_are_words_for_every_kind():
    assert set(SUBJECTS) == set(Kind)


def test_what_people_typed_can_make_no_header_and_no_endless_subject(event, mail_server, today):
    event.course.title = f"{'Süß ' * 36}\r\nBcc: e@x"
    event.course.save()
    person = PractitionerFactory(name='Zoë "Z"\r\nBcc: all@example.org', email="zoe@bücher.example")
    tell(Kind.BOOKED, place_of(event, person))
    [message] = left(mail_server)
    assert len(message.subject) <= 160
    assert message.subject.endswith(", 9 February 2027")
    sent = message.message()
    assert (message.recipients(), sent["Bcc"], sent["Cc"]) == (["zoe@bücher.example"], None, None)
    assert 'Hello Zoë "Z" Bcc: all@example.org,' in message.body


# What is no longer true


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.CONFIRM, Status.WAITING),
        (Kind.CONFIRM, Status.CANCELLED),
        (Kind.BOOKED, Status.CANCELLED),
        (Kind.WAITING, Status.BOOKED),
        (Kind.AGREE, Status.BOOKED),
        (Kind.MOVED, Status.CANCELLED),
        (Kind.REMINDER, Status.CANCELLED),
        (Kind.CERTIFICATE, Status.MISSED),
    ],
)
def test_what_a_place_has_overtaken_stays_and_says_why(event, priya, mail_server, today, kind, status):
    tell(kind, place_of(event, priya, status))
    assert left(mail_server) == []
    words = status.label.lower()
    assert problems() == [f"{OVERTAKEN}the place was otherwise by then, {words}."]


def test_of_many_changes_only_the_newest_is_told(event, priya, mail_server, today):
    place = place_of(event, priya)
    for sequence in (1, 2, 3):
        Event.objects.filter(pk=event.pk).update(sequence=sequence, venue=f"Room {sequence}")
        place = Place.objects.get(pk=place.pk)
        tell(Kind.MOVED, place)
    [message] = left(mail_server)
    assert "Room 3" in message.body
    assert [bool(problem) for problem in problems()] == [True, True, False]


@pytest.mark.parametrize("kind", [Kind.BOOKED, Kind.MOVED, Kind.REMINDER])
def test_nothing_of_an_event_that_is_called_off_or_over(event, priya, mail_server, today, kind):
    tell(kind, place_of(event, priya))
    Event.objects.filter(pk=event.pk).update(cancelled_at=NOW, cancelled_because="Snow")
    assert left(mail_server) == []
    assert problems() == [f"{OVERTAKEN}the event was called off."]
    Event.objects.filter(pk=event.pk).update(
        cancelled_at=None, starts_at=NOW - timedelta(days=1), ends_at=NOW - timedelta(hours=20)
    )
    TrainingMail.objects.update(problem="", claimed_at=None)
    assert left(mail_server) == []
    assert problems() == [OVER]


def test_questions_that_were_answered_or_closed_are_asked_no_more(event, priya, mail_server, today):
    closed = EvaluationFactory(
        place=place_of(event, priya, Status.ATTENDED), stage="after", closes_on=date(2027, 1, 11)
    )
    answered = EvaluationFactory(
        place=place_of(event, PractitionerFactory(), Status.ATTENDED), stage="after", answered_at=NOW
    )
    for evaluation in (closed, answered):
        put(Kind.EVALUATION, key=evaluation.pk.hex, address="x@agency.example", evaluation=evaluation)
    assert left(mail_server) == []
    assert problems() == [f"{OVERTAKEN}the questions were closed.", f"{OVERTAKEN}the questions were answered."]


def test_nothing_goes_to_an_address_from_which_mail_comes_back(event, priya, mail_server, today):
    record_bounce("PRIYA@agency.example", is_permanent=True, answer="5.1.1", message=None, at=NOW)
    tell(Kind.BOOKED, place_of(event, priya))
    tell(Kind.BOOKED, place_of(event))
    [message] = left(mail_server)
    assert message.to != [priya.email]
    assert problems() == [DEAD, ""]


# Each leaves once


def test_a_mail_put_twice_is_one_and_none_is_put_without_an_address(event, priya):
    place = place_of(event, priya)
    for _turn in range(2):
        tell(Kind.BOOKED, place)
    put(Kind.AGREE, key="1", address="", place=place)
    assert [mail.sequence for mail in TrainingMail.objects.all()] == [0]


def test_putting_wakes_one_worker_however_many_mails_there_are(
    event, mail_server, today, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as calls:
        for _each in range(3):
            tell(Kind.BOOKED, place_of(event))
    assert (len(calls), len(mail_server.delivered)) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_is_not_told(event, mail_server, priya):
    place = place_of(event, priya)
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(Kind.BOOKED, place)
        raise RuntimeError
    assert not TrainingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_where_no_worker_can_be_told_what_is_put_is_kept_and_beat_finds_it(
    event, mail_server, priya, today, monkeypatch
):
    """Redis is gone: the place is booked all the same, and the next turn of beat sends the mail."""

    def gone(*_arguments, **_named):
        raise ConnectionError("redis: connection refused")

    with monkeypatch.context() as patch:
        patch.setattr("training.mails.mailing.send_mails.delay", gone)
        with transaction.atomic():
            tell(Kind.BOOKED, place_of(event, priya))
    assert to_whom(mail_server) == []
    QUEUE.send_waiting()
    assert to_whom(mail_server) == [priya.email]


@pytest.fixture
def many(event):
    """Two batches and a half."""
    places = [place_of(event) for _each in range(2 * BATCH + BATCH // 2)]
    for place in places:
        tell(Kind.BOOKED, place)
    return {place.practitioner.email for place in places}


@pytest.mark.parametrize("point", ["connected", "leaving", "taken"])
def test_a_worker_killed_half_way_loses_none_and_a_second_copy_is_known_by_its_number(
    many, mail_server, today, point, monkeypatch
):
    seen = []

    def kill_the_third():
        seen.append(point)
        if len(seen) == (1 if point == "connected" else 3):
            kill()

    mail_server.at[point] = kill_the_third
    with monkeypatch.context() as patch:
        patch.setattr(mail_queue.Batch, "note", lambda batch: None)
        with pytest.raises(Killed):
            QUEUE.send_waiting()
    mail_server.at.clear()
    QUEUE.send_waiting()
    TrainingMail.objects.filter(sent_at=None).update(claimed_at=timezone.now() - LEASE - timedelta(minutes=1))
    QUEUE.send_waiting()
    assert set(to_whom(mail_server)) == many
    numbers = [message.extra_headers["Message-ID"] for message in mail_server.delivered]
    assert len(set(numbers)) == len(many)
    assert len(numbers) - len(set(numbers)) <= BATCH


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_once(many, mail_server, today):
    def work(_worker):
        try:
            return QUEUE.send_waiting()
        finally:
            connection.close()

    TrainingMail.objects.update(sent_at=None, claimed_at=None)  # some have left while they were put
    mail_server.delivered.clear()
    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == len(many)
    assert sorted(to_whom(mail_server)) == sorted(many)


def test_a_batch_asks_the_database_the_same_however_many_it_holds(event, mail_server, today):
    counts = []
    for count in (1, 3, BATCH):
        for _each in range(count):
            place = place_of(event, status=Status.BOOKED, asked_at=NOW)
            tell(Kind.BOOKED, place)
            evaluation = EvaluationFactory(place=place)
            if count < BATCH // 2:
                put(Kind.EVALUATION, key=evaluation.pk.hex, address="x@agency.example", evaluation=evaluation)
        with CaptureQueriesContext(connection) as asked:
            QUEUE.send_waiting()
        counts.append(len([query for query in asked if "SAVEPOINT" not in query["sql"]]))
    assert counts[0] == counts[1] == 12
    assert counts[2] <= counts[0]


# Reminders


@pytest.fixture
def reminded(mail_server):
    """``reminded(moment)``: who is reminded then."""

    def reminded(at):
        remind(at=at)
        mails = TrainingMail.objects.filter(kind=Kind.REMINDER, sent_at=None, problem="")
        addresses = sorted(mails.values_list("address", flat=True))
        mails.update(sent_at=at)
        return addresses

    return reminded


def on(day, month=2):
    return datetime(2027, month, day, 9, 0, tzinfo=UTC)


def test_who_is_booked_is_reminded_once_five_days_before(event, priya, reminded):
    place_of(event, priya)
    place_of(event, status=Status.WAITING)
    place_of(event, status=Status.CANCELLED)
    PlaceFactory(event=event)  # of an old log, without an address
    assert [reminded(on(day)) for day in (3, 4, 4, 5)] == [[], [priya.email], [], []]


def test_what_was_not_done_on_its_day_is_done_until_the_event_begins(event, priya, reminded):
    place_of(event, priya)
    assert reminded(datetime(2027, 2, 9, 9, 31, tzinfo=UTC)) == []
    assert reminded(datetime(2027, 2, 9, 8, 0, tzinfo=UTC)) == [priya.email]


def test_the_rules_of_who_runs_the_course_say_how_long_before(event, priya, reminded):
    TrainingPolicyFactory(partnership=event.course.home, remind_days_before=1)
    place_of(event, priya)
    assert [reminded(on(day)) for day in (7, 8)] == [[], [priya.email]]


def test_who_was_booked_or_told_of_another_day_since_needs_no_reminder(event, priya, reminded):
    tell(Kind.BOOKED, place_of(event, priya))
    TrainingMail.objects.update(made_at=on(6))
    assert reminded(on(7)) == []
    TrainingMail.objects.update(made_at=on(3))
    assert reminded(on(7)) == [priya.email]


def test_of_an_event_that_moves_to_a_later_day_one_is_reminded_again(event, priya, reminded):
    place_of(event, priya)
    assert reminded(on(4)) == [priya.email]
    Event.objects.filter(pk=event.pk).update(starts_at=on(9, 3), ends_at=None, sequence=1)
    assert [reminded(moment) for moment in (on(5), on(3, 3), on(4, 3), on(5, 3))] == [[], [], [priya.email], []]
    Event.objects.filter(pk=event.pk).update(cancelled_at=on(5, 3), cancelled_because="Snow", sequence=2)
    assert reminded(on(6, 3)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_reminders_ask_the_database_the_same_for_one_event_and_for_three(event, count, django_assert_num_queries):
    for number in range(count):
        another = EventFactory(course=event.course, starts_at=event.starts_at + timedelta(hours=number))
        place_of(another)
    with django_assert_num_queries(8):
        assert remind(at=on(4)) == count
