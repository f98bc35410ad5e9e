"""The office sees who will be told and who was, of its own partnerships; and nothing restricted."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from partnership.models import GroupMember, Message, OutboxMail, Reminder
from partnership.reminders.loop import send_reminders
from tests.conftest import hold
from tests.factories import MilestoneFactory

URL = "/reminders/"


def send_on(day):
    return send_reminders(on=day, now=datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC))


def listed(response):
    return [row.record for row in response.context["page_obj"]]


def words(response):
    return " ".join(response.content.decode().split())


def test_the_office_sees_who_will_be_told_and_why(milestone, client_of, office):
    page = client_of(office).get(URL)
    [(person, reminders)] = page.context["preview"].people
    assert person.name == "Tomasz Brindle"
    assert [(each.title, each.why, each.step_in_words) for each in reminders] == [
        (
            "1.2 Run the winter campaign. (Posters are up)",
            "Chair of Learning and Development Subgroup",
            "1 working day before",
        )
    ]
    assert Reminder.objects.count() == Message.objects.count() == 0


def test_after_sending_it_stands_under_sent(milestone, client_of, office, stranger, today):
    send_on(today)
    [message] = listed(client_of(office).get(URL))
    assert (message.recipient.name, [each.title for each in message.shown]) == (
        "Tomasz Brindle",
        ["1.2 Run the winter campaign. (Posters are up)"],
    )
    assert listed(client_of(stranger).get(URL)) == []


def test_what_was_sent_is_narrowed_by_person_and_day_and_never_by_what_it_was_about(
    milestone, client_of, office, today
):
    send_on(today)
    client = client_of(office)
    asked = [{"words": "tomasz"}, {"words": "campaign"}, {"first": "2027-01-12"}, {"last": "2027-01-11"}]
    assert [len(listed(client.get(URL, each))) for each in asked] == [1, 0, 1, 0]
    taken = client.get(URL, {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in taken] == ["To", "Tomasz Brindle"]
    assert "1.2 Run the winter campaign. (Posters are up) (due 14 January 2027, 5 working days before)" in taken[1]


def test_what_may_not_have_arrived_is_listed(milestone, client_of, office, stranger, today, mail_server):
    def lost():
        raise TimeoutError

    mail_server.at["taken"] = lost
    send_on(today)
    assert "1 message of the last two weeks may not have arrived" in words(client_of(office).get(URL))
    assert "may not have arrived" not in words(client_of(stranger).get(URL))


def test_whom_nobody_can_tell_is_listed(plan, round_open, client_of, office):
    Reminder.objects.all().delete()
    round_open.closes_on = date(2027, 1, 15)
    round_open.save()
    assert "Nobody holds the post “Director of Early Help”." in words(client_of(office).get(URL))


def test_a_case_changes_nothing_on_the_page_of_an_office_outside_its_group(
    milestone, case_group, partnership, client_of, office, today
):
    hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)
    day = date(2027, 1, 27)
    client = client_of(office)

    def shown():
        page = client.get(URL)
        preview = page.context["preview"]
        return (
            [(person.name, len(reminders)) for person, reminders in preview.people],
            preview.unreached,
            [message.recipient.name for message in listed(page)],
            [message.recipient.name for message in page.context["troubled"]],
        )

    send_on(day)
    without = shown()
    partnership.cases.create(
        reference="CANARY",
        stage="rapid-review",
        category="Injury to a baby",
        summary="What happened.",
        aware_on=today,
        notified_on=date(2027, 1, 7),
    )
    assert send_on(day) == 1
    assert Reminder.objects.filter(is_restricted=True).count() == 1
    assert shown() == without


def test_the_button_wakes_the_worker_and_nobody_is_told_twice(
    milestone, client_of, office, mailoutbox, django_capture_on_commit_callbacks
):
    client = client_of(office)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(URL).url == URL
    assert [message.to for message in mailoutbox] == [["tomasz.brindle@example.org"]]


def test_only_an_office_may_press_it(milestone, client_of, chair, administrator, mailoutbox):
    for user in (chair, administrator):
        assert client_of(user).post(URL).status_code == 403
    assert client_of(None).post(URL).status_code == 302
    assert mailoutbox == []


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(milestone, client_of, office, today, count, django_assert_num_queries):
    for number in range(count):
        MilestoneFactory(activity=milestone.activity, position=4 + number, due_on=date(2027, 1, 8))
    send_on(today)
    for number in range(count):
        MilestoneFactory(activity=milestone.activity, position=9 + number, due_on=date(2027, 1, 20))
    client = client_of(office)
    with django_assert_num_queries(26):
        client.get(URL)


# The demo's outbox


def test_the_outbox_keeps_every_mail_word_for_word(milestone, client_of, chair, today, settings):
    settings.EMAIL_BACKEND = "partnership.outbox.EmailBackend"
    assert [send_on(today), send_on(today)] == [1, 0]
    [mail] = OutboxMail.objects.all()
    assert (mail.recipients, mail.subject) == (
        "tomasz.brindle@example.org",
        "One thing is due from you by 14 January 2027",
    )
    [message] = Message.objects.all()
    assert mail.message_id == f"<{message.idem_key}@localhost>"
    client = client_of(chair)
    assert listed(client.get("/outbox/")) == [mail]
    assert "1.2 Run the winter campaign. (Posters are up)" in words(client.get(mail.get_absolute_url()))


def test_the_public_is_sent_to_sign_in(client_of, milestone):
    for name in ("partnership:outbox", "partnership:reminder-list"):
        assert client_of(None).get(reverse(name)).url.startswith("/sign-in/")
