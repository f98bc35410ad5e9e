"""Who takes the mails, what their answers mean, and how often and how fast we try."""

import logging
from datetime import timedelta
from smtplib import SMTP, SMTPDataError, SMTPRecipientsRefused

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage
from django.db.models.functions import Now

from partnership.models import Bounce, MailBrake, Message, MessageAttempt, Reminder, User
from partnership.reminders import brake, sending
from partnership.reminders.carriers import NotifyCarrier, smtp_refusal
from partnership.reminders.held_mail import HeldSMTP
from partnership.reminders.sending import hand_over_waiting, recover
from tests.conftest import TODAY
from tests.faults.services import free_port

LONG_AGO = timedelta(minutes=10)


def message_to(name, number=0, day=TODAY):
    """A waiting message with one reminder in it, of nothing that exists."""
    address = f"{name.lower()}@example.org"
    reader, _ = User.objects.get_or_create(email=address, defaults={"name": f"{name} Pell"})
    message = Message.objects.create(recipient=reader, day=day, idem_key=f"{reader.pk:032x}{number:032x}")
    message.reminders.create(
        deadline_key=f"milestone:{number}", due_on=day, step=0, recipient=reader, state=Reminder.State.BUNDLED
    )
    return message


@pytest.fixture
def message(db, monkeypatch):
    """The mails' words are ``tests/partnership/test_reminders.py``'s; here only that there is one counts."""

    def write(message, *, on):
        headers = {"List-Unsubscribe": "<https://plan.example.org/unsubscribe/1.x/>"}
        return EmailMessage("One thing", "Is due.\n", to=[message.recipient.email], headers=headers), {}

    monkeypatch.setattr(sending, "write", write)
    return message_to("Ada")


def hand_over():
    """One turn of sending, whatever pauses there are."""
    Message.objects.update(send_after=None)
    return hand_over_waiting(on=TODAY)


def recover_after(*, lease=LONG_AGO, look_up=LONG_AGO):
    Message.objects.exclude(lease_until=None).update(lease_until=Now() - lease)
    Message.objects.exclude(looked_up_at=None).update(looked_up_at=Now() - look_up)
    recover(on=TODAY)


def standing():
    return [(each.state, [reminder.state for reminder in each.reminders.all()]) for each in Message.objects.all()]


def tries():
    return list(MessageAttempt.objects.order_by("pk").values_list("number", "outcome"))


def refuse(refusal):
    def refusing():
        raise refusal

    return refusing


# A mail server's answers

FOR_GOOD, ADDRESS, SLOWLY = "is_permanent", "is_of_address", "is_slow"


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (550, b"5.1.1 <ada@example.org>: Recipient address rejected: User unknown", {FOR_GOOD, ADDRESS}),
        (550, b"No such user here", {FOR_GOOD, ADDRESS}),
        (550, b"5.1.10 RESOLVER.ADR.RecipientNotFound", {FOR_GOOD, ADDRESS}),
        (550, b"5.2.1 The account is disabled", {FOR_GOOD, ADDRESS}),
        (550, b"5.4.1 Recipient address rejected: Access denied", {FOR_GOOD, ADDRESS}),
        (554, b"5.7.1 <ada@example.org>: Relay access denied", {SLOWLY}),
        (550, b"Relaying denied", {SLOWLY}),
        (550, b"5.7.606 Access denied, banned sending IP [192.0.2.5]", {SLOWLY}),
        (550, b"5.1.8 Sender address rejected: Domain not found", {SLOWLY}),
        (552, b"5.2.2 Mailbox full", {SLOWLY}),
        (452, b"4.2.2 Over quota", {SLOWLY}),
        (451, b"4.7.1 Greylisted, try again later", {SLOWLY}),
        (450, b"4.2.0 Try again", set()),
        (421, b"Too busy", set()),
        (554, b"5.3.4 Message too big for system", {FOR_GOOD}),
    ],
)
def test_what_a_mail_server_says_of_a_recipient(code, text, expected):
    refusal = smtp_refusal(code, text, is_of_recipient=True)
    assert {name for name in (FOR_GOOD, ADDRESS, SLOWLY) if getattr(refusal, name)} == expected


def test_a_refused_text_is_no_news_of_the_address():
    assert not smtp_refusal(554, b"5.1.1 Looks like spam").is_of_address


def test_an_address_that_does_not_exist_is_written_down_and_no_failure_of_the_server(message, mail_server):
    mail_server.at["leaving"] = refuse(SMTPRecipientsRefused({"ada@example.org": (550, b"5.1.1 User unknown")}))
    assert hand_over() == 0
    assert standing() == [("failed", ["failed"])]
    [bounce] = Bounce.objects.all()
    assert (bounce.email, bounce.is_permanent, bounce.answer, bounce.message) == (
        "ada@example.org",
        True,
        "550 5.1.1 User unknown",
        message,
    )
    assert not MailBrake.objects.exists()


def test_a_server_that_refuses_us_marks_nobodys_address(message, mail_server):
    mail_server.at["leaving"] = refuse(SMTPRecipientsRefused({"ada@example.org": (554, b"5.7.1 Relay access denied")}))
    assert hand_over() == 0
    assert (standing(), Bounce.objects.count()) == ([("planned", ["bundled"])], 0)


@pytest.mark.parametrize(
    ("refusal", "pauses"),
    [
        (SMTPDataError(451, b"4.3.0 Try again"), [10, 30, 60, 300, 900, 900]),
        (SMTPRecipientsRefused({"ada@example.org": (452, b"4.2.2 Mailbox full")}), [60, 300, 600, 1200, 1800, 1800]),
    ],
)
def test_tried_again_after_pauses_that_grow_slower_for_a_full_mailbox(message, mail_server, refusal, pauses):
    mail_server.at["leaving"] = refuse(refusal)
    waited = []
    for _ in pauses:
        hand_over()
        now = Message.objects.annotate(now=Now()).get()
        waited.append(round((now.send_after - now.now).total_seconds()))
    assert waited == pauses


def test_at_last_it_is_given_up_and_nobodys_address_is_wrong(message, mail_server, monkeypatch):
    monkeypatch.setattr(brake, "FAILURES_IN_A_ROW", 100)
    mail_server.at["leaving"] = refuse(SMTPDataError(451, b"4.3.0 Try again"))
    for _ in range(sending.MOST_TRIES + 1):
        hand_over()
    assert (standing(), Bounce.objects.count()) == ([("failed", ["failed"])], 0)
    assert tries()[-1][1] == "refused for good"


def test_each_try_leaves_a_row_with_its_worker(message, mail_server):
    mail_server.at["leaving"] = refuse(SMTPDataError(451, b"4.3.0 Try again"))
    hand_over()
    mail_server.at.clear()
    hand_over()
    assert tries() == [(1, "leaving"), (1, "refused for now"), (2, "leaving"), (2, "accepted")]
    assert {each.worker for each in MessageAttempt.objects.all()} == {sending.WORKER}


def test_a_mail_that_cannot_be_written_keeps_nobody_else_waiting(message, mail_server, monkeypatch):
    message_to("Yusuf", 1)
    write = sending.write

    def broken_for_ada(message, *, on):
        if message.recipient.email == "ada@example.org":
            raise ValueError("no such thing")
        return write(message, on=on)

    monkeypatch.setattr(sending, "write", broken_for_ada)
    assert hand_over_waiting(on=TODAY) == 1
    assert [each.to for each in mail_server.delivered] == [["yusuf@example.org"]]
    message.refresh_from_db()
    assert (message.state, message.last_answer) == ("planned", "no such thing")


def test_what_could_not_be_sent_on_its_day_goes_into_the_next_days_mail(message):
    recover(on=TODAY)
    assert standing() == [("planned", ["bundled"])]
    recover(on=TODAY + timedelta(days=1))
    assert standing() == [("withdrawn", [])]
    [reminder] = Reminder.objects.all()
    assert (reminder.state, reminder.message) == ("planned", None)


# A real mail server, step by step


class Post:
    """``taken``: (to, lines) of each mail. ``at``: {"MAIL", "RCPT" or "DATA": what it answers there, or "hang up"}."""

    def __init__(self):
        self.said, self.taken, self.at = [], [], {}

    def answer(self, server, step):
        self.said.append(step)
        if self.at.get(step) == "hang up":
            server.transport.abort()
        return self.at.get(step, "250 OK")

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.answer(server, "MAIL")

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return self.answer(server, "RCPT")

    async def handle_DATA(self, server, session, envelope):
        answer = self.answer(server, "DATA")
        if answer.startswith("250"):
            self.taken.append((envelope.rcpt_tos, envelope.content.decode().splitlines()))
        return answer


@pytest.fixture
def post(settings):
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield post
    controller.stop()


def test_all_but_the_last_dot_is_said_before_the_ledger_says_that_it_leaves(message, post, monkeypatch):
    before = []

    def mark(message, left_out, mark=sending.mark_submitting):
        before.append((post.said.copy(), tries()))
        return mark(message, left_out)

    monkeypatch.setattr(sending, "mark_submitting", mark)
    assert hand_over() == 1
    assert before == [(["MAIL", "RCPT"], [])]
    assert [to for to, _lines in post.taken] == [["ada@example.org"]]
    assert (standing(), tries()) == ([("accepted", ["done"])], [(1, "leaving"), (1, "accepted")])


def test_a_worker_that_breaks_off_before_the_dot_has_sent_nothing(message, post, monkeypatch):
    monkeypatch.setattr(sending, "mark_submitting", lambda *_: False)  # another has it by now
    assert hand_over() == 0
    assert (post.said, post.taken) == (["MAIL", "RCPT"], [])


def test_control_with_the_dot_it_would_have(message, post, monkeypatch):
    monkeypatch.setattr(HeldSMTP, "data", SMTP.data)
    monkeypatch.setattr(sending, "mark_submitting", lambda *_: False)
    assert hand_over() == 0
    assert (post.said, len(post.taken)) == (["MAIL", "RCPT", "DATA"], 1)


def test_the_words_arrive_as_they_were_written(message, post, monkeypatch):
    body = "First.\n.A line that begins with a dot\n.\n..\nLast, without an end"
    monkeypatch.setattr(sending, "write", lambda *_, **__: (EmailMessage("One", body, to=["ada@example.org"]), {}))
    assert hand_over() == 1
    [(_to, lines)] = post.taken
    assert lines[lines.index("") + 1 :] == body.splitlines()


@pytest.mark.parametrize(
    ("step", "answer", "state", "outcomes"),
    [
        ("MAIL", "451 4.3.0 Try again", "planned", ["refused for now"]),
        ("MAIL", "hang up", "planned", ["unreachable"]),
        ("RCPT", "451 4.7.1 Greylisted", "planned", ["refused for now"]),
        ("RCPT", "550 5.1.1 User unknown", "failed", ["refused for good"]),
        ("RCPT", "hang up", "planned", ["unreachable"]),
        ("DATA", "451 4.3.0 Try again", "planned", ["leaving", "refused for now"]),
        ("DATA", "554 5.6.0 Looks like spam", "failed", ["leaving", "refused for good"]),
        ("DATA", "hang up", "held", ["leaving", "in doubt", "held"]),
    ],
)
def test_only_an_answer_to_the_dot_that_never_comes_leaves_a_doubt(message, post, step, answer, state, outcomes):
    post.at[step] = answer
    assert hand_over() == 0
    assert ([each for each, _ in standing()], [outcome for _, outcome in tries()]) == ([state], outcomes)
    assert (post.taken, Bounce.objects.count()) == ([], int("5.1.1" in answer))


def test_a_mail_server_that_is_not_there_is_waited_for(message, post, settings):
    settings.EMAIL_PORT = free_port()
    assert hand_over() == 0
    assert (standing(), tries()) == ([("planned", ["bundled"])], [(1, "unreachable")])


# The brake


def test_twenty_failures_in_a_row_stop_all_with_one_alert_and_one_goes_ahead_to_see(message, mail_server, caplog):
    def is_stopped():
        return MailBrake.objects.filter(stopped_until__gt=Now()).exists()

    for number in range(1, 21):
        message_to("Ada", number)
    mail_server.at["connected"] = refuse(ConnectionRefusedError("no server"))
    with caplog.at_level(logging.ERROR):
        assert hand_over_waiting(on=TODAY) == 0
        assert (MailBrake.objects.get().failure_count, is_stopped()) == (20, True)
        assert Message.objects.filter(attempt_count=0).count() == 1
        MailBrake.objects.update(stopped_until=Now())
        hand_over_waiting(on=TODAY)
    assert (MailBrake.objects.get().failure_count, is_stopped()) == (21, True)
    assert len([each for each in caplog.records if each.name == brake.__name__]) == 1
    mail_server.at.clear()
    MailBrake.objects.update(stopped_until=Now())
    assert hand_over() == 21
    assert (MailBrake.objects.get().failure_count, MailBrake.objects.get().stopped_until) == (0, None)


def test_no_more_leave_in_a_minute_than_the_carrier_takes(message, mail_server, settings):
    settings.MAIL_PER_MINUTE = 2
    for number in range(1, 4):
        message_to("Ada", number)
    assert [hand_over_waiting(on=TODAY), hand_over_waiting(on=TODAY)] == [2, 0]
    MessageAttempt.objects.update(began_at=Now() - timedelta(seconds=61))
    assert hand_over_waiting(on=TODAY) == 2


# GOV.UK Notify


def test_notify_is_given_the_words_our_reference_and_the_one_click_address(message, notify, settings):
    assert hand_over() == 1
    [mail] = notify.taken
    message.refresh_from_db()
    assert message.provider_id == mail.pop("id")
    assert mail == {
        "email_address": "ada@example.org",
        "template_id": settings.NOTIFY_TEMPLATE_ID,
        "personalisation": {"subject": "One thing", "body": "Is due.\n"},
        "reference": message.idem_key,
        "one_click_unsubscribe_url": "https://plan.example.org/unsubscribe/1.x/",
        "status": "sending",
    }
    assert tries() == [(1, "leaving"), (1, "accepted")]


@pytest.mark.parametrize(
    ("answer", "expected", "bounces"),
    [
        ((429, "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"), "planned", 0),
        ((400, "Can't send to this recipient when service is in trial mode"), "planned", 0),
        ((403, "Invalid token: API key not found"), "planned", 0),
        ((400, "email_address Not a valid email address"), "failed", 1),
    ],
)
def test_what_notifys_refusals_mean(message, notify, answer, expected, bounces):
    notify.next.append(answer)
    assert hand_over() == 0
    assert [state for state, _ in standing()] == [expected]
    assert (notify.taken, Bounce.objects.count()) == ([], bounces)


@pytest.mark.parametrize(
    ("status", "expected", "bounced"),
    [
        ("sending", ("done", False, False), []),
        ("delivered", ("done", True, False), []),
        ("permanent-failure", ("failed", False, True), [("ada@example.org", True)]),
        ("temporary-failure", ("failed", False, True), [("ada@example.org", False)]),
        ("technical-failure", ("failed", False, True), [("ada@example.org", False)]),
    ],
)
def test_notify_is_asked_later_whether_it_arrived(message, notify, status, expected, bounced):
    hand_over()
    recover(on=TODAY)
    assert notify.look_ups == 0  # not at once
    notify.taken[0]["status"] = status
    Message.objects.update(accepted_at=Now() - timedelta(minutes=5))
    recover(on=TODAY)
    recover(on=TODAY)
    assert notify.look_ups == 1  # and not every minute
    message.refresh_from_db()
    [reminder] = message.reminders.all()
    assert (reminder.state, bool(message.delivered_at), bool(message.bounced_at)) == expected
    assert list(Bounce.objects.values_list("email", "is_permanent")) == bounced


def test_after_a_week_notify_has_forgotten_and_is_not_asked(message, notify):
    hand_over()
    Message.objects.update(accepted_at=Now() - timedelta(days=8))
    recover(on=TODAY)
    assert notify.look_ups == 0


def test_while_notify_cannot_be_asked_a_doubt_stays_and_nothing_is_sent_again(message, notify, settings):
    notify.next.append("lost")
    assert hand_over() == 0
    assert standing() == [("submitting", ["bundled"])]
    settings.NOTIFY_BASE_URL = "http://127.0.0.1:9"
    recover_after()
    assert standing() == [("submitting", ["bundled"])]
    recover_after(lease=timedelta(days=8))
    settings.NOTIFY_BASE_URL = notify.base_url
    recover(on=TODAY)
    assert standing() == [("held", ["held"])]
    assert tries() == [(1, "leaving"), (1, "in doubt"), (1, "held")]


def test_a_yes_that_comes_after_both_look_ups_still_counts(message, notify, monkeypatch):
    submit = NotifyCarrier.submit

    def slowly(self, mail, reference):
        provider_id = submit(self, mail, reference)
        notify.listed_from = 99
        recover_after()
        recover_after()
        assert standing() == [("planned", ["bundled"])]
        return provider_id

    monkeypatch.setattr(NotifyCarrier, "submit", slowly)
    assert [hand_over(), hand_over()] == [1, 0]
    assert (standing(), len(notify.taken)) == ([("accepted", ["done"])], 1)
