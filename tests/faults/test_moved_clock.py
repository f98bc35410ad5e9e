"""T5, T6: a day on which no mail server answers, and a machine's clock that is set ahead and back while people work.

Days are moved as an administrator would: the one clock of the estate is set (``clocks.py``), and everything goes on.
"""

import contextlib
import re
import time
from collections import Counter
from datetime import datetime, timedelta
from email import message_from_string
from zoneinfo import ZoneInfo

import psycopg2
import pytest

from partnership.working_days import add_working_days
from tests.faults.clocks import LIBRARY
from tests.faults.estate import OFFICE
from tests.faults.services import wait_for
from tests.faults.test_restore import WAITING
from tests.guarantees.figures import record

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not LIBRARY, reason="libfaketime is not installed"),
]
ENGLAND = ZoneInfo("Europe/London")
MONITOR = "made-up-for-the-monitor-of-this-test-0123456789"


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ENGLAND)


@pytest.fixture
def day():
    """The first of the days: a working day to come."""
    return add_working_days(datetime.now(ENGLAND).date(), 2)


@pytest.fixture
def moving(make_estate, day):
    """An estate at half past seven in the morning, before reminders go out."""
    return make_estate(starts_at=at(day, 7, 30), environment={"MONITOR_TOKEN": MONITOR})


def ask(estate, words, *values):
    with contextlib.closing(psycopg2.connect(estate.postgres.url("postgres"))) as link, link, link.cursor() as cursor:
        cursor.execute(words, values)
        return cursor.fetchall() if cursor.description else None


def messages(estate):
    """{state: how many} of the mails of reminders."""
    return dict(ask(estate, "SELECT state, count(*) FROM partnership_message GROUP BY state"))


def turns(estate):
    """When the loop of reminders last ended, by whatever clock it was then."""
    return ask(estate, "SELECT ended_at FROM partnership_heartbeat WHERE name = 'reminders'")


def wait_for_a_turn(estate):
    """Until beat, the broker and a worker have done a whole one since now."""
    before = turns(estate)
    wait_for(lambda: turns(estate) not in (before, []), f"a turn of the reminders. {estate.worker[0].last_words()}")


def number(estate, name):
    """As Prometheus reads it."""
    said = estate.client().get("/metrics", Authorization=f"Bearer {MONITOR}").text
    found = re.search(rf"^{name} (\S+)$", said, re.MULTILINE)
    return float(found[1]) if found else None


def said_twice(estate):
    """{what was to happen once: how often}: mails by their number, people by day, and steps of a reminder by person."""
    numbers = Counter(message_from_string(mail)["Message-ID"] for mail in estate.mail.taken)
    by_day = "SELECT recipient_id || ' ' || day, count(*) FROM partnership_message WHERE state = 'accepted' GROUP BY 1"
    steps = """SELECT concat_ws(' ', deadline_key, due_on, step, recipient_id), count(*)
        FROM partnership_reminder WHERE state = 'done' GROUP BY 1"""
    counted = [numbers.items(), ask(estate, by_day), ask(estate, steps)]
    return {what: count for each in counted for what, count in each if count > 1}


def left(estate):
    """How many mails the database says have left."""
    accepted = messages(estate).get("accepted", 0)
    [(of_training,)] = ask(estate, "SELECT count(*) FROM training_trainingmail WHERE sent_at IS NOT NULL")
    return accepted + of_training


def test_after_a_day_without_mail_all_that_is_still_true_leaves_once(moving, day):
    ask(moving, WAITING)
    before = left(moving)
    moving.mail.stop()
    moving.clock.set(at(day, 9))
    wait_for(lambda: tried(moving, "unreachable"), f"it was tried. {moving.worker[0].last_words()}")
    due = planned_on(moving, day)
    assert len(due) > 5

    moving.mail.hangs = True
    moving.mail.start()
    tries = tried(moving, "unreachable")
    moving.clock.set(at(day, 12))
    wait_for(lambda: tried(moving, "unreachable") > tries, "it was tried where somebody answers and says nothing")
    waited, stopped = number(moving, "planner_queue_age_seconds"), number(moving, "planner_mail_stopped")
    assert waited > 1800 or stopped == 1
    moving.mail.stop()
    moving.clock.set(at(day, 17, 30))
    wait_for_a_turn(moving)
    assert (left(moving), messages(moving).get("held", 0)) == (before, 0)

    moving.clock.set(at(day, 19))  # the server is well again after hours: a last try before that would wait longer
    wait_for_a_turn(moving)
    moving.mail.hangs = False
    moving.mail.start()
    next_day = add_working_days(day, 1)
    moving.clock.set(at(next_day, 8, 30))
    wait_for(
        lambda: (
            not {"planned", "claimed", "submitting"} & messages(moving).keys()
            and not of_training(moving)
            and due <= in_state(moving, "done") | in_state(moving, "suppressed")
        ),
        lambda: f"all has left. {still_here(moving, due)}\n{moving.worker[0].last_words()}",
    )
    wait_for_a_turn(moving)
    told, out_of_date = in_state(moving, "done"), in_state(moving, "suppressed")
    assert (said_twice(moving), messages(moving).get("held", 0)) == ({}, 0)
    assert len(moving.mail.taken) == left(moving) - before
    assert number(moving, "planner_reminders_astray") == 0
    record(
        "T5",
        "a day without a mail server: of {due} reminders that were due {told} left the next morning, {old} were no "
        "longer true, {lost} lost and {twice} twice; {mails} mails in all",
        due=len(due),
        told=len(due & told),
        old=len(due & out_of_date - told),
        lost=0,
        twice=0,
        mails=len(moving.mail.taken),
    )


def tried(estate, outcome):
    [(count,)] = ask(estate, "SELECT count(*) FROM partnership_messageattempt WHERE outcome = %s", outcome)
    return count


def planned_on(estate, day):
    """Whom a message of that day tells of what: (deadline, due, person)."""
    rows = ask(
        estate,
        "SELECT deadline_key, due_on, r.recipient_id FROM partnership_reminder r "
        "JOIN partnership_message m ON m.id = r.message_id WHERE m.day = %s",
        day,
    )
    return set(rows)


def in_state(estate, state):
    """As ``planned_on``, of every reminder that has come to ``state``."""
    return set(
        ask(estate, "SELECT deadline_key, due_on, recipient_id FROM partnership_reminder WHERE state = %s", state)
    )


def still_here(estate, due):
    """Messages by their state, mails of the training, and of ``due`` what has neither left nor lost its reason."""
    rows = ask(
        estate,
        "SELECT deadline_key, due_on, recipient_id, step, r.state, reason, m.day, m.state FROM partnership_reminder r "
        "LEFT JOIN partnership_message m ON m.id = r.message_id WHERE r.state NOT IN ('done', 'suppressed')",
    )
    return messages(estate), of_training(estate), [row for row in rows if row[:3] in due]


def of_training(estate):
    """How many mails of the training wait."""
    [(count,)] = ask(
        estate,
        "SELECT count(*) FROM training_trainingmail WHERE sent_at IS NULL AND problem = '' AND address <> ''",
    )
    return count


def test_a_clock_that_is_set_ahead_and_back_sends_nothing_twice_and_stops_nothing(moving, day):
    next_day = add_working_days(day, 1)
    moving.clock.set(at(day, 9))
    wait_for(lambda: messages(moving).get("accepted"), f"mails leave. {moving.worker[0].last_words()}")
    wait_for(lambda: not {"planned", "claimed", "submitting"} & messages(moving).keys(), "all of the day have left")
    office = moving.client(OFFICE)
    seen = []
    for words, moment in [
        ("an hour back", at(day, 8, 5)),
        ("twenty minutes ahead", at(day, 8, 25)),
        ("an hour ahead", at(day, 9, 40)),
        ("a day ahead", at(next_day, 9)),
        ("a day back", at(day, 9, 5)),
        ("a day ahead again", at(next_day, 9, 5)),
    ]:
        moving.clock.set(moment)
        began = time.monotonic()
        wait_for_a_turn(moving)
        page = office.get("/my-work/")
        is_in = page.status == 200
        seen.append((words, is_in, round(time.monotonic() - began)))
        assert said_twice(moving) == {}
        if not is_in:  # the clock says that nothing was done for longer than a session lasts
            assert (page.status, "/sign-in/" in page.headers["Location"]) == (302, True)
            office = moving.client(OFFICE)
    assert [(words, is_in) for words, is_in, _seconds in seen] == [
        ("an hour back", True),
        ("twenty minutes ahead", True),
        ("an hour ahead", False),
        ("a day ahead", False),
        ("a day back", True),
        ("a day ahead again", True),  # who signed in on that day is there again
    ]
    assert moving.mail.taken and messages(moving).get("held", 0) == 0
    parts = [*moving.web, *moving.worker, moving.beat]
    assert [part.name for part in parts if not part.is_up] == []
    # Of a night with an hour less: from two minutes before one to two minutes after what is then two o'clock.
    night = datetime(day.year + 1, 3, 31, tzinfo=ZoneInfo("UTC"))
    night -= timedelta(days=(night.weekday() + 1) % 7)
    moving.clock.set(night + timedelta(minutes=59, seconds=30))
    for _ in range(2):
        wait_for_a_turn(moving)
    assert said_twice(moving) == {}
    record(
        "T5",
        "the clock set ahead and back {jumps} times, by up to a day, and through the night in which it is put forward: "
        "{mails} mails, {twice} of them twice; the next turn of the reminders after {worst_seconds} s at most",
        jumps=len(seen) + 1,
        mails=len(moving.mail.taken),
        twice=0,
        worst_seconds=max(seconds for *_, seconds in seen),
    )
