"""What machines read about us: whether reminders go out, without a name or a count for strangers."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import DatabaseError
from django.db.models.functions import Now
from django.utils import timezone

from partnership import feeds, health, tasks
from partnership.heartbeats import REMINDERS, beating, tell_monitor
from partnership.models import Heartbeat, MailBrake, Message, Reminder
from partnership.reminders import ledger, loop
from partnership.reminders.reckoning import OUTCOMES, astray, reckon_planned
from tests.factories import MilestoneFactory

TOKEN = "the-monitors-own-token-of-forty-characters"
PAGE = "/health/reminders/"


@pytest.fixture
def token(settings):
    settings.MONITOR_TOKEN = TOKEN
    return {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def two_due(plan, group_deliverable, today):
    """Beside what the cast owes: two milestones of one person, due in two days."""
    activity = group_deliverable.activities.get(position=2)
    return [MilestoneFactory(activity=activity, position=n, due_on=today + timedelta(days=2)) for n in (3, 4)]


def turn():
    now = timezone.now()
    return loop.send_reminders(on=timezone.localdate(now), now=now)


def numbers(client, token):
    return client.get(PAGE, headers=token).json()["numbers"]


# Heartbeats


def test_a_job_that_ends_says_what_came_of_it(db):
    with beating("something") as outcome:
        outcome["done"] = 3
    [beat] = Heartbeat.objects.all()
    assert (beat.name, beat.outcome, beat.began_at <= beat.ended_at) == ("something", {"done": 3}, True)


def test_a_job_that_fails_has_begun_again_but_not_ended(db):
    with beating("something") as outcome:
        outcome["done"] = 3
    before = Heartbeat.objects.get()
    with pytest.raises(ZeroDivisionError), beating("something"):
        raise ZeroDivisionError
    after = Heartbeat.objects.get()
    assert (after.outcome, after.ended_at == before.ended_at) == ({"done": 3}, True)


# The web server's own


def test_the_proxy_is_told_that_the_database_is_there(client, db):
    response = client.get("/health/")
    assert (response.status_code, response.json(), response["Cache-Control"]) == (200, {"database": "ok"}, "no-store")


@pytest.mark.parametrize("address", ["/health/", PAGE, "/metrics"])
def test_without_a_database_it_says_so(client, db, token, monkeypatch, address):
    def gone(*_arguments, **_named):
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(feeds, "health_of_reminders", gone)
        patch.setattr(feeds.connection, "cursor", gone)
        response = client.get(address, headers=token)
    assert (response.status_code, response.json()) == (503, {"database": "unavailable"})


# Reminders


def test_after_a_good_turn_all_that_was_due_is_accounted_for(client, two_due, token, mail_server):
    accepted = turn()
    assert (accepted, len(mail_server.delivered)) == (accepted, accepted)
    response = client.get(PAGE, headers=token)
    found = response.json()
    sums = found["numbers"]["last_turn"]
    assert (response.status_code, found["status"], found["troubles"]) == (200, "ok", [])
    assert sums["due"] == Reminder.objects.count() == sum(sums[outcome] for outcome in OUTCOMES) > 1
    assert (sums["accepted"], found["numbers"]["last_hour"]) == (sums["due"], sums)
    assert found["numbers"]["messages_today"]["accepted"] == accepted


def test_what_waits_is_held_failed_or_skipped_is_counted_as_that(client, two_due, token, mail_server):
    turn()
    first, *others = Reminder.objects.order_by("pk")
    for reminder, state in zip(others, ("held", "failed", "skipped", "suppressed", "planned"), strict=False):
        Reminder.objects.filter(pk=reminder.pk).update(state=state, message=None)
    came_to = reckon_planned({"day": timedelta(days=1)})["day"]
    assert astray(came_to) == 0
    assert came_to["due"] == Reminder.objects.count()
    assert came_to["held"] == came_to["failed"] == 1


def test_a_reminder_that_the_planner_forgot_is_found(client, two_due, token, mail_server, monkeypatch):
    """The equation can fail: one telling of the agenda never reaches the ledger."""
    plan = ledger.plan

    def plan_all_but_one(agenda, *, on):
        plan(agenda, on=on)
        Reminder.objects.filter(deadline_key=f"milestone:{two_due[0].pk}").delete()

    monkeypatch.setattr(ledger, "plan", plan_all_but_one)
    turn()
    response = client.get(PAGE, headers=token)
    found = response.json()
    assert response.status_code == 503
    assert found["troubles"] == [
        "Not every reminder that is due is accounted for in the ledger. Ask whoever supports the system."
    ]
    assert (found["numbers"]["astray"], astray(found["numbers"]["last_turn"])) == (1, 1)


def test_a_ledger_that_contradicts_itself_is_found(client, two_due, token, mail_server):
    turn()
    Message.objects.update(state=Message.State.FAILED)
    assert client.get(PAGE).status_code == 503
    assert numbers(client, token)["astray"] == Reminder.objects.count()


def test_before_the_first_turn_it_is_not_well(client, db, today):
    response = client.get(PAGE)
    assert response.status_code == 503
    assert response.json()["troubles"] == [
        "Reminders have not been looked at yet. Check that the worker, beat and Redis are running."
    ]


def test_a_worker_that_fell_silent_is_noticed(client, two_due, mail_server):
    turn()
    Heartbeat.objects.update(ended_at=Now() - timedelta(minutes=11))
    response = client.get(PAGE)
    [trouble] = response.json()["troubles"]
    assert response.status_code == 503
    assert trouble.startswith("Reminders were last looked at on ")


def waiting_for(minutes):
    """Every message is waiting again, and has been for so long."""
    Message.objects.update(state=Message.State.PLANNED, accepted_at=None, created_at=Now() - timedelta(minutes=minutes))
    Reminder.objects.update(state=Reminder.State.BUNDLED)


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 503)])
def test_a_mail_that_waits_too_long_is_noticed(client, two_due, mail_server, settings, minutes, status):
    settings.REMINDER_HOURS = (0, 24)
    turn()
    waiting_for(minutes)
    assert client.get(PAGE).status_code == status


def test_a_mail_that_waits_for_the_morning_is_no_trouble(client, two_due, mail_server, monkeypatch):
    turn()
    waiting_for(600)
    monkeypatch.setattr(health, "is_sending_time", lambda _now: False)
    assert client.get(PAGE).status_code == 200


def test_the_brake_is_told_of(client, two_due, mail_server):
    turn()
    MailBrake.objects.create(pk=1, failure_count=20, stopped_until=Now() + timedelta(minutes=5))
    response = client.get(PAGE)
    [trouble] = response.json()["troubles"]
    assert (response.status_code, trouble.partition(";")[0]) == (
        503,
        "Too many mails in a row could not be handed over",
    )


def test_bank_holidays_that_are_not_known_are_noticed(client, two_due, mail_server, monkeypatch):
    turn()
    monkeypatch.setattr(health, "bank_holidays", lambda _year: frozenset())
    assert client.get(PAGE).status_code == 503


def test_a_disc_without_room_for_the_journal_is_noticed(client, two_due, mail_server, settings, tmp_path, monkeypatch):
    settings.SENT_JOURNAL = tmp_path / "sent-journal"
    turn()
    assert client.get(PAGE).status_code == 200
    monkeypatch.setattr(health, "ROOM_FOR_THE_JOURNAL", 10**18)
    response = client.get(PAGE)
    [trouble] = response.json()["troubles"]
    assert (response.status_code, trouble.partition(",")[0]) == (503, "The journal of sent mails cannot be written")


def test_numbers_are_for_whoever_has_the_token(client, two_due, mail_server, token, settings):
    turn()
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}, {"authorization": "Bearer"}):
        assert "numbers" not in client.get(PAGE, headers=headers).json()
    assert "numbers" in client.get(PAGE, headers=token).json()
    settings.MONITOR_TOKEN = ""
    assert "numbers" not in client.get(PAGE, headers={"authorization": "Bearer "}).json()


def test_a_case_changes_no_byte_of_what_strangers_read(client, two_due, mail_server, case, case_group):
    turn()
    found = client.get(PAGE).json()
    assert set(found) == {"status", "troubles", "last_turn_began_at", "last_turn_ended_at", "last_beat_at"}


# Heartbeat, reminders, messages, the queue, brake, beat; and for Prometheus what the Operations page reads.
@pytest.mark.parametrize(("address", "queries"), [(PAGE, 6), ("/metrics", 19)])
def test_the_queries_are_constant(client, two_due, mail_server, token, address, queries, django_assert_num_queries):
    turn()
    for _ in range(2):
        with django_assert_num_queries(queries):
            client.get(address, headers=token)


# Prometheus


def test_metrics_are_not_there_without_a_token_in_the_settings(client, db, settings):
    settings.MONITOR_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_metrics_ask_for_the_token(client, db, token):
    response = client.get("/metrics", headers={"authorization": "Bearer wrong"})
    assert (response.status_code, response["WWW-Authenticate"], response.content) == (401, "Bearer", b"")


def test_metrics_say_the_same_numbers(client, two_due, mail_server, token):
    turn()
    found = numbers(client, token)
    response = client.get("/metrics", headers=token)
    lines = response.content.decode().splitlines()
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert "planner_well 1.0" in lines
    assert f'planner_reminders_last_turn{{outcome="due"}} {found["last_turn"]["due"]:.1f}' in lines
    assert f'planner_messages_today{{state="accepted"}} {found["messages_today"]["accepted"]:.1f}' in lines
    assert not [line for line in lines if "@" in line or "milestone" in line]


def test_metrics_can_be_read_before_the_first_turn(client, db, today, token):
    assert "planner_well 0.0" in client.get("/metrics", headers=token).content.decode().splitlines()


# A monitor outside


@pytest.fixture
def monitor(settings):
    """An address that counts who asks for it, and answers as ``answer`` says."""

    class Monitor(BaseHTTPRequestHandler):
        asked = []
        answer = 200

        def do_GET(self):
            self.asked.append(self.path)
            self.send_response(self.answer)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Monitor)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.HEARTBEAT_URL = f"http://127.0.0.1:{server.server_port}/ping"
    yield Monitor
    server.shutdown()
    server.server_close()


def test_the_monitor_hears_of_a_good_turn(two_due, mail_server, monitor):
    tasks.send_reminders()
    assert monitor.asked == ["/ping"]


def test_the_monitor_does_not_hear_of_a_turn_that_left_something_out(two_due, mail_server, monitor, monkeypatch):
    monkeypatch.setattr(ledger, "plan", lambda *_, **__: None)
    tasks.send_reminders()
    assert monitor.asked == []


@pytest.mark.parametrize("answer", [500, 302])
def test_a_monitor_that_refuses_or_sends_elsewhere_changes_nothing(db, monitor, answer):
    monitor.answer = answer
    tell_monitor()
    assert monitor.asked == ["/ping"]


def test_a_monitor_that_is_gone_changes_nothing(two_due, mail_server, settings):
    settings.HEARTBEAT_URL = "http://127.0.0.1:9/ping"
    tasks.send_reminders()
    assert Heartbeat.objects.get(name=REMINDERS).ended_at is not None
