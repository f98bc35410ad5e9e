"""T6: a thousand reminders, three workers, a hundred kills, PostgreSQL and Redis torn down in between.

Nothing is lost, nothing arrives twice: what had to be said is known from what was put in, what arrived from a
mail server that keeps every letter, and the ledger has to agree with both. A mail server cannot be asked what it
took, so whoever falls between our last dot and its answer leaves a mail for a person to see. GOV.UK Notify can: there
every one of the thousand arrives once and none is held. The controls are the same scene with one guard taken out;
each must break the same promise.

Which worker falls when is drawn at random. The seed is printed; ``THOUSAND_SEED`` sets it again, though
processes never fall in quite the same place twice.
"""

import asyncio
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg2
import pytest
from aiosmtpd.controller import Controller
from celery import Celery
from django.conf import settings

from partnership import embedded
from tests.faults.services import PostgreSQL, Redis, free_port
from tests.guarantees.figures import record
from tests.notify_server import NotifyServer

TASK = "partnership.tasks.send_reminders"
WORKERS = 3
TROUBLED = 0.05
MOST_SECONDS_FOR_A_STEP = 0.06
SECONDS_TO_REST = 180
SECONDS_FOR_A_CONTROL = 15  # longer than a lease; without a guard it may never come to rest
MOST_SECONDS_BETWEEN_KILLS = 6

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Size:
    people: int
    each: int
    kills: int
    postgresql_at: tuple = ()
    redis_at: tuple = ()

    @property
    def reminders(self):
        return self.people * self.each


WHOLE = Size(people=250, each=4, kills=100, postgresql_at=(35, 70), redis_at=(20, 50, 85))
SMALL = Size(people=30, each=2, kills=10)


class Letterbox:
    """A mail server that keeps what it took, and takes its time at each step, so that workers fall in the middle of it.

    Of twenty recipients it tells one to come back later. ``letters``: (Message-ID, to whom, what is in it).
    """

    def __init__(self, chance):
        self.chance = chance
        self.port = free_port()
        self.letters = []
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        self.controller.stop()

    def environment(self):
        return {"SINK_PORT": str(self.port)}

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        await self.pause()
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        await self.pause()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self.pause()
        if self.chance.random() < TROUBLED:
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        words = envelope.content.decode()
        message_id = re.search(r"^message-id:\s*(\S+)", words, re.I | re.M).group(1)
        [to] = envelope.rcpt_tos
        await self.pause(0.5)
        self.letters.append((message_id, to, items_in(words)))
        await self.pause(0.5)
        return "250 OK"

    async def pause(self, share=1):
        await asyncio.sleep(share * self.chance.uniform(0, MOST_SECONDS_FOR_A_STEP))


class NotifyLetterbox(NotifyServer):
    """GOV.UK Notify, as slow. Of twenty requests one goes wrong: refused for now, failed, dropped, or taken unheard."""

    def __init__(self, chance):
        self.chance = chance
        super().__init__()

    def environment(self):
        return {"NOTIFY_BASE_URL": self.base_url}

    @property
    def letters(self):
        return [
            (mail["reference"], mail["email_address"], items_in(mail["personalisation"]["body"])) for mail in self.taken
        ]

    def came_to(self):
        time.sleep(self.chance.uniform(0, MOST_SECONDS_FOR_A_STEP))
        troubles = ((429, "Exceeded rate limit"), (500, "Internal server error"), "dropped", "lost")
        return self.chance.choice(troubles) if self.chance.random() < TROUBLED else None


def items_in(words):
    return tuple(sorted(set(re.findall(r"item-\d{4}", words))))


@dataclass
class Scene:
    """One run: what had to be said, what arrived, what the ledger says of it."""

    wanted: list
    letters: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    fell: Counter = field(default_factory=Counter)
    restarts: Counter = field(default_factory=Counter)
    seconds: float = 0

    def wrong(self):
        """Every way in which the promise is broken, counted; {} if it is kept."""
        arrived = Counter((item, to) for _id, to, items in self.letters for item in items)
        ids = Counter(message_id for message_id, _to, _items in self.letters)
        states = {}
        for item, to, state, message_state in self.rows:
            states.setdefault((item, to), []).append((state, message_state))
        accepted = {each for each, found in states.items() if ("done", "accepted") in found}
        held = {each for each, found in states.items() if ("held", "held") in found}
        wanted = set(self.wanted)
        counts = {
            "letters that arrived twice": sum(count - 1 for count in ids.values()),
            "reminders that arrived twice": sum(count - 1 for count in arrived.values()),
            "reminders accepted twice": sum(found.count(("done", "accepted")) > 1 for found in states.values()),
            "reminders lost": len(wanted - accepted - held),
            "accepted, says the ledger, and never arrived": len(accepted - arrived.keys()),
            "arrived, and the ledger does not know": len(arrived.keys() - accepted - held),
            "said to somebody whom it does not concern": len(arrived.keys() - wanted),
            "in two states at once": sum(len(found) > 1 for found in states.values()),
        }
        return {words: count for words, count in counts.items() if count}

    def states(self):
        """How many reminders are in each state."""
        return dict(Counter(state for _item, _to, state, _message in self.rows))

    def table(self, carrier, seed):
        arrived = {(item, to) for _id, to, items in self.letters for item in items}
        in_doubt = {(item, to) for item, to, state, _message in self.rows if state == "held"}
        fell = ", ".join(f"{where} {count}" for where, count in self.fell.most_common())
        restarts = ", ".join(f"{what} {count} times" for what, count in self.restarts.items())
        kept = (
            f"accepted {self.states().get('done', 0)}, held for a person {len(in_doubt)} in"
            f" {len({to for _item, to in in_doubt})} mails (of those {len(in_doubt & arrived)} had arrived),"
            f" lost 0, twice 0"
        )
        people = len({to for _item, to in self.wanted})
        return "\n".join(
            [
                f"{len(self.wanted)} reminders, {people} people, {WORKERS} workers, {carrier}, {self.seconds:.0f} s;"
                f" seed {seed}",
                f"  {self.wrong() or kept}",
                f"  killed {sum(self.fell.values())} times, while: {fell}",
                f"  torn down: {restarts or 'nothing'}",
            ]
        )


class Stage:
    """The services, and the one place where a scene is played."""

    def __init__(self, folder, seed):
        self.folder = folder
        self.chance = random.Random(seed)
        (folder / "postgres").mkdir()
        self.postgresql = PostgreSQL(folder / "postgres")
        self.postgresql.start()
        self.connection = None
        self.redis = Redis(folder) if Redis.is_here() else None
        if self.redis:
            self.redis.start()
        self.log = open(folder / "nest.log", "w")  # noqa: SIM115
        self.python("manage.py", "migrate", "-v0")

    def close(self):
        self.log.close()
        if self.redis:
            self.redis.stop()
        self.postgresql.stop()

    def environment(self, guard="", letterbox=None):
        return {
            **os.environ,
            "MODE": "test",
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.postgresql.url,
            "REDIS_URL": self.redis.url if self.redis else "",
            "DATA_DIR": str(self.folder),
            "SABOTAGE": guard,
            **(letterbox.environment() if letterbox else {}),
        }

    def python(self, *arguments):
        answer = subprocess.run(
            [sys.executable, *arguments], cwd=settings.BASE_DIR, env=self.environment(), capture_output=True, text=True
        )
        assert answer.returncode == 0, answer.stderr[-3000:]
        return answer.stdout

    def ask(self, sql):
        """Rows, whatever PostgreSQL is going through."""
        give_up_at = time.monotonic() + 30
        while True:
            try:
                if self.connection is None:
                    self.connection = psycopg2.connect(self.postgresql.url)
                    self.connection.autocommit = True
                with self.connection.cursor() as cursor:
                    cursor.execute(sql)
                    return cursor.fetchall() if cursor.description else []
            except psycopg2.Error:
                self.connection = None
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.1)

    def empty(self):
        tables = self.ask(
            "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
        )[0][0]
        self.ask(f"TRUNCATE {tables} CASCADE")
        shutil.rmtree(self.folder / "sent-journal", ignore_errors=True)
        for left in [*self.folder.glob("where-*"), *self.folder.glob("busy-*")]:
            left.unlink()

    # Playing

    def play(self, letterbox, size, guard="", at=""):
        self.empty()
        wanted = [
            tuple(each)
            for each in json.loads(self.python("-m", "tests.faults.thousand_actions", str(size.people), str(size.each)))
        ]
        began_at = time.monotonic()
        scene = Scene(wanted)
        nest = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nest", str(self.folder), str(WORKERS)],
            cwd=settings.BASE_DIR,
            env=self.environment(guard, letterbox),
            stdin=subprocess.DEVNULL,
            stderr=self.log,
            start_new_session=True,
        )
        over = threading.Event()
        waker = threading.Thread(target=self.wake, args=[over], daemon=True)
        waker.start()
        try:
            self.wait_until(lambda: self.ask("SELECT 1 FROM partnership_message LIMIT 1"), 60)
            for number in range(1, size.kills + 1):
                self.let_them_work()
                scene.fell[self.kill_one(at)] += 1
                if number in size.postgresql_at:
                    self.postgresql.restart()
                    scene.restarts["PostgreSQL"] += 1
                if number in size.redis_at and self.redis:
                    self.redis.restart()
                    scene.restarts["Redis"] += 1
            self.wait_until(self.is_at_rest, SECONDS_FOR_A_CONTROL if guard else SECONDS_TO_REST, must=not guard)
        finally:
            nest.kill()  # its workers die with it
            nest.wait()
            over.set()
            waker.join()
        scene.rows = self.ask(
            "SELECT a.text, u.email, r.state, m.state FROM partnership_reminder r"
            " JOIN partnership_user u ON u.id = r.recipient_id"
            " JOIN partnership_meetingaction a ON 'action:' || a.id = r.deadline_key"
            " LEFT JOIN partnership_message m ON m.id = r.message_id"
        )
        scene.letters = list(letterbox.letters)
        scene.seconds = time.monotonic() - began_at
        return scene

    def let_them_work(self):
        """For none to four claims more, and then a moment; by what is done and not by the clock, on any machine."""
        aim = self.claims() + self.chance.randint(0, 4)
        self.wait_until(lambda: self.claims() >= aim, MOST_SECONDS_BETWEEN_KILLS, must=False, every=0.05)
        time.sleep(self.chance.uniform(0, 0.3))

    def claims(self):
        return self.ask("SELECT coalesce(sum(fence), 0) FROM partnership_message")[0][0]

    def is_at_rest(self):
        """Nothing is under way, and no reminder waits for a message."""
        [(under_way,)] = self.ask(
            "SELECT (SELECT count(*) FROM partnership_message WHERE state IN ('planned', 'claimed', 'submitting'))"
            " + (SELECT count(*) FROM partnership_reminder WHERE state = 'planned')"
        )
        return not under_way

    def wait_until(self, what, seconds, must=True, every=0.2):
        give_up_at = time.monotonic() + seconds
        while not what():
            if time.monotonic() > give_up_at:
                assert not must, f"Not within {seconds} seconds. {self.last_words()}"
                return
            time.sleep(every)

    def last_words(self):
        ledger = self.ask(
            "SELECT state, count(*), max(send_after), max(last_answer) FROM partnership_message GROUP BY 1"
        )
        logs = [log.read_text(errors="replace")[-3000:] for log in self.folder.glob("*.log")]
        return "\n".join([*map(str, ledger), *logs])

    def wake(self, over):
        """As beat does, only more often. What is put into a Redis that is then killed is lost with it."""
        broker = Celery(broker=self.redis.url if self.redis else "filesystem://", set_as_current=False)
        if not self.redis:
            for name in ("broker", "broker-control"):
                (self.folder / name).mkdir(exist_ok=True)
            broker.conf.broker_transport_options = {
                "data_folder_in": str(self.folder / "broker"),
                "data_folder_out": str(self.folder / "broker"),
                "control_folder": str(self.folder / "broker-control"),
            }
        while not over.wait(0.4):
            with suppress(Exception):
                broker.send_task(TASK, ignore_result=True, retry=False, expires=3)

    def kill_one(self, at=""):
        """SIGKILL to a worker drawn at random from those that have begun to work; where in the loop it was.

        ``at``: rather to one that is just there, if within some seconds there is one.
        """
        give_up_at = time.monotonic() + 8
        while True:
            self.wait_until(self.busy_ones, 20, must=False)
            pid = self.chance.choice(self.busy_ones() or self.pids())
            with suppress(ProcessLookupError):
                place = self.place_of(pid)
                if at in ("", place) or time.monotonic() > give_up_at:
                    os.kill(int(pid), signal.SIGKILL)
                    return place

    def place_of(self, pid):
        where = self.folder / f"where-{pid}"
        if not where.exists():  # it has not come so far as to say
            return "starting"
        before = where.stat().st_size
        os.kill(int(pid), signal.SIGUSR2)
        self.wait_until(lambda: where.stat().st_size > before, 2, must=False, every=0.002)
        return place_in(where.read_text()[before:])

    def pids(self):
        return (self.folder / "pids").read_text().split()

    def busy_ones(self):
        return [pid for pid in self.pids() if (self.folder / f"busy-{pid}").exists()]


PHASES = {
    "accept": "writing down a yes",
    "submit": "handing over",
    "mark_submitting": "about to hand over",
    "prepare": "saying whom it is for",
    "open": "connecting",
    "write": "writing a mail",
    "claim": "claiming",
    "recover": "recovering",
    "plan_day": "planning",
    "reckoned": "reckoning",
    "send_reminders": "between two of these",
}


def place_in(traceback):
    """In words what the worker was at."""
    functions = re.findall(r'File ".*/partnership/reminders/\w+\.py", line \d+ in (\w+)', traceback)
    phase = next((words for function, words in PHASES.items() if function in functions), "waiting for work")
    return phase if traceback else "starting"


@pytest.fixture(scope="module")
def seed():
    return int(os.environ.get("THOUSAND_SEED") or random.SystemRandom().randrange(1_000_000))


@pytest.fixture(scope="module")
def stage(tmp_path_factory, seed):
    now = datetime.now()
    if (now + timedelta(minutes=10)).date() != now.date():
        pytest.skip("It is nearly midnight, and a new day's mails would come in between")
    try:
        stage = Stage(tmp_path_factory.mktemp("thousand"), seed)
    except embedded.Unavailable as reason:
        pytest.skip(str(reason))
    yield stage
    stage.close()


@pytest.fixture
def mail_box(seed):
    letterbox = Letterbox(random.Random(seed))
    yield letterbox
    letterbox.stop()


@pytest.fixture
def notify_box(seed):
    letterbox = NotifyLetterbox(random.Random(seed))
    yield letterbox
    letterbox.stop()


def test_a_thousand_reminders_and_a_hundred_kills(stage, mail_box, seed, capsys):
    scene = stage.play(mail_box, WHOLE)
    with capsys.disabled():
        print("\n" + scene.table("a mail server", seed))
    assert (scene.wrong(), len(scene.wanted)) == ({}, WHOLE.reminders)
    assert sum(scene.fell.values()) == WHOLE.kills
    tell(scene, "a mail server")


def test_a_thousand_reminders_through_a_carrier_that_can_be_asked(stage, notify_box, seed, capsys):
    scene = stage.play(notify_box, WHOLE)
    with capsys.disabled():
        print("\n" + scene.table("GOV.UK Notify", seed))
    assert (scene.wrong(), scene.states()) == ({}, {"done": WHOLE.reminders})
    assert sum(scene.fell.values()) == WHOLE.kills
    tell(scene, "GOV.UK Notify")


def tell(scene, carrier):
    """Of a scene in which nothing went wrong."""
    words = "{reminders:,} reminders through %s while workers were killed {kills} times, databases and brokers "
    words += "torn down {restarts} times: {lost} lost, {twice} twice, {held} held for a person"
    counts = {
        "reminders": len(scene.wanted),
        "kills": sum(scene.fell.values()),
        "restarts": sum(scene.restarts.values()),
    }
    record("T6", words % carrier, **counts, lost=0, twice=0, held=scene.states().get("held", 0))


@pytest.mark.parametrize(
    ("guard", "at", "broken"),
    [
        ("without_memory", "", "reminders that arrived twice"),
        ("without_claim", "", "letters that arrived twice"),
        ("without_recovery", "writing a mail", "reminders lost"),
        ("accepted_beforehand", "handing over", "accepted, says the ledger, and never arrived"),
    ],
)
def test_control_with_a_guard_taken_out(stage, mail_box, seed, capsys, guard, at, broken):
    scene = stage.play(mail_box, SMALL, guard, at)
    with capsys.disabled():
        print(f"\n{guard.replace('_', ' ')}: {scene.wrong()}")
    assert broken in scene.wrong()
