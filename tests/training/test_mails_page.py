"""The page of training's mails: who reads it, how it is narrowed, and sending once more after mending an address."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from partnership.models import Bounce
from partnership.reminders.bounces import record_bounce
from tests.factories import CourseFactory, EventFactory, PlaceFactory
from tests.factories_training import EvaluationFactory, PractitionerFactory
from tests.plans.test_plan_page import count_queries
from training.mails.mailing import Kind, put
from training.mails.words import DEAD, OVERTAKEN, QUEUE
from training.models import Place, Practitioner, TrainingMail

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
LIST = reverse("training:mail-list")


@pytest.fixture
def event(partnership):
    return EventFactory(course=CourseFactory(partnerships=[partnership]))


def mail_to(event, number, **fields):
    person = PractitionerFactory(email=f"person{number}@agency.example")
    place = PlaceFactory(event=event, practitioner=person, person=person.name)
    put(Kind.BOOKED, key=str(place.pk), address=person.email, place=place)
    mail = TrainingMail.objects.get(place=place)
    TrainingMail.objects.filter(pk=mail.pk).update(**fields)
    mail.refresh_from_db()
    return mail


@pytest.fixture
def mails(event):
    """One that left, one that waits, one that was refused, one that left and came back."""
    found = {
        "left": mail_to(event, 1, sent_at=NOW),
        "waits": mail_to(event, 2),
        "refused": mail_to(event, 3, problem="550 5.1.1 No such user"),
        "returned": mail_to(event, 4, sent_at=NOW),
    }
    record_bounce("person4@agency.example", is_permanent=True, answer="5.1.1", message=None, at=NOW)
    return found


@pytest.fixture
def desk(client, office, sign_in, today):
    return sign_in(client, office)


def shown(client, **asked):
    return sorted(row.record.address[:7] for row in client.get(LIST, asked).context["table"].rows)


def test_the_list_is_narrowed_by_what_became_of_a_mail(desk, mails):
    found = {state: shown(desk, state=state) for state in ("", "sent", "waits", "not-sent", "returned")}
    assert found == {
        "": ["person1", "person2", "person3", "person4"],
        "sent": ["person1", "person4"],
        "waits": ["person2"],
        "not-sent": ["person3"],
        "returned": ["person4"],
    }
    assert shown(desk, words="PERSON2") == ["person2"]
    assert shown(desk, kind="remind") == []
    page = desk.get(LIST).content.decode()
    assert page.count("Send again") == 2
    assert "mail to this address comes back" in page


def test_what_was_not_needed_any_more_is_no_trouble(desk, event):
    mail = mail_to(event, 5, problem=f"{OVERTAKEN}the event was over.")
    assert (shown(desk, state="not-sent"), shown(desk, state="overtaken")) == ([], ["person5"])
    assert "Send again" not in desk.get(LIST).content.decode()
    assert press(desk, mail, "x@agency.example").status_code == 302
    mail.refresh_from_db()
    assert mail.address == "person5@agency.example"


def test_an_event_leads_to_its_own_mails(desk, mails, partnership):
    another = EventFactory(course=CourseFactory(partnerships=[partnership]))
    mail_to(another, 9)
    evaluation = EvaluationFactory(place=another.places.get())
    put(Kind.EVALUATION, key="1", address="person8@agency.example", evaluation=evaluation)
    link = f"{LIST}?event={another.pk}"
    assert link in desk.get(another.get_absolute_url()).content.decode()
    assert shown(desk, event=another.pk) == ["person8", "person9"]


def test_the_list_is_given_away_as_excel(desk, mails):
    sheet = load_workbook(BytesIO(desk.get(LIST, {"export": "xlsx"}).content)).active
    rows = list(sheet.values)
    assert rows[0] == ("To", "What", "About", "Made", "Left")
    assert {row[4] for row in rows[1:]} >= {"Waits to leave", "550 5.1.1 No such user"}


def test_mails_of_another_partnerships_training_are_not_there(desk, mails):
    elsewhere = mail_to(EventFactory(), 7, problem="550")
    assert "person7" not in shown(desk)
    assert desk.get(reverse("training:mail-again", args=[elsewhere.pk])).status_code == 404


@pytest.mark.parametrize("who", ["partner", "advisor", "stranger"])
def test_nobody_else_reads_them(client, request, sign_in, mails, who, today):
    sign_in(client, request.getfixturevalue(who))
    answer = client.get(LIST)
    assert answer.status_code == (200 if who == "stranger" else 404)
    assert "person1" not in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3, 60])
def test_query_count_of_the_list(desk, event, count):
    for number in range(count):
        mail_to(event, number, problem="550")
    assert count_queries(desk, LIST) == 6


# Sending again


def press(client, mail, address):
    return client.post(reverse("training:mail-again", args=[mail.pk]), {"address": address})


def test_a_mended_address_is_the_persons_from_now_on_and_the_mail_goes_there(desk, mails, mail_server):
    mail = mails["refused"]
    waiting = put(Kind.WAITING, key="1", address=mail.address, place=mail.place)
    assert press(desk, mail, "Priya.Shah@agency.example").status_code == 302
    assert Practitioner.objects.get(pk=mail.place.practitioner_id).email == "priya.shah@agency.example"
    QUEUE.send_waiting()
    assert [message.to for message in mail_server.delivered if message.subject.startswith("Booked")].count(
        ["priya.shah@agency.example"]
    ) == 1
    assert waiting is None
    assert TrainingMail.objects.get(kind=Kind.WAITING).address == "priya.shah@agency.example"
    assert press(desk, mail, "priya.shah@agency.example").status_code == 302
    QUEUE.send_waiting()
    assert len([each for each in mail_server.delivered if each.to == ["priya.shah@agency.example"]]) == 1


def test_who_says_that_a_dead_address_is_right_has_mail_go_there_again(desk, mails, mail_server):
    mail = mails["returned"]
    assert DEAD in desk.get(reverse("training:mail-again", args=[mail.pk])).content.decode()
    press(desk, mail, mail.address)
    assert not Bounce.objects.standing().exists()
    QUEUE.send_waiting()
    assert [mail.address] in [message.to for message in mail_server.delivered]


def test_a_managers_address_is_mended_at_the_place(desk, event, today):
    person = PractitionerFactory()
    place = PlaceFactory(
        event=event, practitioner=person, status=Place.Status.AGREEMENT, manager_email="wrong@agency.example"
    )
    put(Kind.AGREE, key="1", address="wrong@agency.example", place=place)
    mail = TrainingMail.objects.get(kind=Kind.AGREE)
    TrainingMail.objects.update(problem="550")
    press(desk, mail, "right@agency.example")
    place.refresh_from_db()
    person.refresh_from_db()
    assert (place.manager_email, person.email) == ("right@agency.example", person.email)


@pytest.mark.parametrize("address", ["", "no address", "person1@agency.example", "a@b.example\r\nBcc: c@d.example"])
def test_what_is_no_address_or_anothers_is_kept_and_refused(desk, mails, address):
    answer = press(desk, mails["refused"], address)
    assert answer.status_code == 422
    mails["refused"].refresh_from_db()
    assert mails["refused"].problem == "550 5.1.1 No such user"


def test_what_has_left_or_waits_is_not_sent_again(desk, mails):
    for name in ("left", "waits"):
        assert press(desk, mails[name], "x@agency.example").status_code == 302
        mails[name].refresh_from_db()
        assert mails[name].address != "x@agency.example"


def test_what_is_no_longer_true_stays_however_often_it_is_sent_again(desk, mails, mail_server):
    Place.objects.filter(pk=mails["refused"].place_id).update(status=Place.Status.CANCELLED)
    press(desk, mails["refused"], "priya.shah@agency.example")
    TrainingMail.objects.exclude(pk=mails["refused"].pk).update(sent_at=NOW + timedelta(minutes=1))
    QUEUE.send_waiting()
    mails["refused"].refresh_from_db()
    assert mail_server.delivered == []
    assert mails["refused"].problem == f"{OVERTAKEN}the place was otherwise by then, cancelled."
