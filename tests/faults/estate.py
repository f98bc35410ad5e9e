"""The estate: everything docker-compose.yml starts, as processes of this machine, for an experiment to break.

The very words the containers run (``./run migrate``, ``web``, ``worker``, ``beat``), with MODE=production; PostgreSQL
with its roles, a data folder and fsync; Redis that keeps its messages on disc; nginx with deployment/nginx.conf; a
mail server that keeps what it took. All on loopback, each in a process group of its own, and all gone at the end,
also when the test that began it was killed, and after an hour in any case.

    pytestmark = pytest.mark.long

    def test_nothing_is_lost(estate):                 # or empty_estate; two web servers, one worker, beat, nginx
        office = estate.client(OFFICE)                # signed in, through nginx, with the header of https
        estate.web[0].kill()                          # SIGKILL to all of it; .stop() asks, .start() starts it again
        estate.postgres.restart("immediate")          # a crash and its recovery; "fast" is as an administrator would
        estate.redis.kill()                           # .flush() also loses what it held
        assert office.get("/").status == 200          # .post("/…", {"name": "value"}) sends the token of the form too
        estate.run("manage", "check")                 # one more word of ./run, as the role that owns the database
        estate.web[1].log.read_text()                 # what each part said

Several web servers listen on one port of 127.0.1.1, 127.0.1.2, …, and ``estate.names`` tells nginx of them by name, as
Docker does: "web" is all of them, "web-a" the first, "web-b" the second. ``estate.pool("web-b")`` has nginx ask
that one alone. ``make_estate(sample=True, webs=3, workers=2, environment={…})`` is the fixture for another one; with
``megabytes=600`` all it has, its temporary files too, stands on a disk of that size, ``estate.disk``; with
``starts_at=`` a moment it has a clock of its own, ``estate.clock.set(moment)``. The tables, and the sample's rows, are
made once for all tests of a run and copied.
"""

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from partnership import embedded
from tests.faults.clocks import MovedClock
from tests.faults.estate_client import Client, session_of
from tests.faults.estate_parts import PROJECT, Mail, Part, PostgreSQL, Redis, Watcher, listens
from tests.faults.names import Names
from tests.faults.services import free_port
from tests.faults.small_disk import SmallDisk

HOST = "planner.example.org"
OFFICE, CHAIR, PARTNER, ADMINISTRATOR = (
    f"{name}@example.org" for name in ("nadia.fenwick", "tomasz.brindle", "greta.holloway", "ivor.penhale")
)
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
MISSING = [
    name
    for name, there in {"nginx": Path(NGINX).exists(), "redis-server": shutil.which("redis-server")}.items()
    if not there
]


class Estate:
    """See the module."""

    def __init__(self, folder, *, webs=2, workers=1, environment=None, project=PROJECT, disk=None, starts_at=None):
        self.folder = Path(folder)
        self.disk = disk
        self.project = project  # the checkout whose ./run is used
        self.extra = environment or {}
        self.static, self.proxied = self.folder / "static", self.folder / "proxied"
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.watcher = Watcher()
        self.clock = MovedClock(self.folder) if starts_at else None
        self.postgres = PostgreSQL(self.folder / "postgres", self.watcher)
        if starts_at:
            self.clock.set(starts_at)
            self.postgres.environment = self.clock.environment_of_postgres
        self.redis = Redis(self.folder / "redis", self.watcher)
        self.mail = Mail()
        self.port = free_port()
        self.web_port = free_port()
        self.secret = secrets.token_urlsafe(50)
        self.addresses = [f"127.0.1.{number + 1}" for number in range(webs)]
        each = {f"web-{'abcdefghij'[number]}": [address] for number, address in enumerate(self.addresses)}
        self.names = Names({"web": list(self.addresses), **each})
        self.workers_wanted = workers
        self.web, self.worker, self.beat, self.proxy = [], [], None, None
        self.is_stopped = False

    # Starting and stopping

    def prepare(self, *, sample):
        """The tables, the static files and maybe the sample's rows; what ``take_over`` then copies."""
        self.postgres.lasting = {"fsync": "off"}
        self.postgres.start()
        self.redis.start()
        self.copy_static()
        self.run("migrate")
        if sample:
            self.run("manage", "load_sample", MODE="demo")
        self.postgres.stop()
        self.stop()

    def copy_static(self):
        """Collect them, and put them where the proxy reads; an early version knows no word for the second."""
        self.run("collectstatic")
        if "\ncopystatic)" in (self.project / "run").read_text():
            self.run("copystatic", str(self.proxied))

    def take_over(self, other):
        """Begin with what ``other``, prepared and stopped, has."""
        self.static, self.secret = other.static, other.secret
        copies = [
            ("cluster", other.postgres.folder, self.postgres.folder),
            ("data", other.folder, self.folder),
            ("proxied", other.folder, self.folder),
        ]
        for name, old, new in copies:
            if (old / name).exists():
                subprocess.run(["cp", "--archive", old / name, new / name], check=True)

    def start(self):
        self.proxied.mkdir(exist_ok=True)
        self.postgres.start()
        self.redis.start()
        self.mail.start()
        self.names.start()
        self.web = [self.part_web(number) for number in range(len(self.addresses))]
        self.worker = self.parts_worker()
        self.beat = self.part("beat", "beat")
        self.proxy = self.part_proxy()
        for part in (*self.web, *self.worker, self.beat, self.proxy):
            part.start(wait=False)
        for part in (*self.web, *self.worker, self.beat, self.proxy):
            part.wait_until_ready()

    def stop(self):
        """Everything, at once; nothing is waited for but its end."""
        if self.is_stopped:
            return
        self.is_stopped = True
        for part in (self.proxy, self.beat, *self.worker, *self.web, self.redis):
            if part:
                part.kill()
        self.postgres.stop("immediate")
        self.mail.stop()
        self.names.stop()
        self.watcher.stop()

    def part(self, name, *words, is_ready=lambda: True):
        return Part(
            name,
            [str(self.project / "run"), *words],
            folder=self.folder,
            watcher=self.watcher,
            environment=self.environment(embedded.APP),
            is_ready=is_ready,
            project=self.project,
        )

    def parts_worker(self):
        names = [f"worker-{number}" for number in range(self.workers_wanted)]
        return [self.part(name, "worker", "--hostname", f"{name}@estate") for name in names]

    def part_web(self, number):
        address = self.addresses[number]
        bind = ("--bind", f"{address}:{self.web_port}")
        return self.part(f"web-{number}", "web", *bind, is_ready=lambda: listens(address, self.web_port))

    def part_proxy(self):
        run = self.folder / "nginx"
        run.mkdir(mode=0o755)
        settings = {
            "PROXY_PORT": f"127.0.0.1:{self.port}",
            "PROXY_WEB": "web",
            "PROXY_WEB_PORT": str(self.web_port),
            "PROXY_RESOLVER": f"127.0.0.1:{self.names.port}",
            "PROXY_STATIC": str(self.proxied),
            "PROXY_FILES": str(self.folder / "data" / "published"),
            "PROXY_RUN": str(run),
        }
        (run / "nginx.conf").write_text(filled_in(PROJECT / "deployment" / "nginx.conf", settings))
        return Part(
            "nginx",
            [NGINX, "-e", "stderr", "-c", str(run / "nginx.conf"), "-g", f"daemon off;{whose_nginx()}"],
            folder=self.folder,
            watcher=self.watcher,
            is_ready=lambda: listens("127.0.0.1", self.port),
        )

    # What parts are given

    def environment(self, role):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "MODE": "production",
            "SECRET_KEY": self.secret,
            "SITE_URL": f"https://{HOST}",
            "PROXIES": "1",
            "PUBLISHED_BY_PROXY": "true",
            "DATABASE_URL": self.postgres.url(role),
            "REDIS_URL": self.redis.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "DATA_DIR": str(self.folder / "data"),
            "STATIC_ROOT": str(self.static),
            "PORT": str(self.web_port),
            "WEB_WORKERS": "2",
            "WORKER_CONCURRENCY": "2",
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(self.temporary),
            **(self.clock.environment if self.clock else {}),
            **self.extra,
        }

    # What a test does with it

    def run(self, *words, seconds=600, **settings):
        """One word of ./run to its end, as the database's owner; what it said."""
        done = subprocess.run(
            [str(self.project / "run"), *words],
            cwd=self.project,
            env=self.environment(embedded.OWNER) | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        if done.returncode:
            pytest.fail(f"./run {' '.join(words)} failed: {done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def client(self, email=""):
        """Somebody at the proxy's door, signed in if ``email`` is given."""
        return Client(self.port, HOST, session_of(self, email) if email else "")

    def pool(self, name=""):
        """Have the proxy ask only the web servers found under ``name``, as deployment/pool.sh does in its container."""
        subprocess.run(
            [PROJECT / "deployment" / "pool.sh", *([name] if name else [])],
            env={"PATH": os.environ["PATH"], "PROXY_RUN": str(self.folder / "nginx")},
            check=True,
            timeout=60,
        )


def filled_in(template, settings):
    """The text of ``template`` as envsubst leaves it: of ${…} only those that are set."""
    return re.sub(r"\$\{(PROXY_\w+)\}", lambda found: settings.get(found[1], found[0]), template.read_text())


def whose_nginx():
    """Root's nginx would give its workers another account, which may not read a test's folder."""
    return " user root;" if os.geteuid() == 0 else ""


@contextmanager
def folders():
    """Gives new folders, gone afterwards. Not pytest's own: each new run of it shuts them to PostgreSQL's account."""
    made = []

    def new():
        made.append(Path(tempfile.mkdtemp(prefix="planner-estate-")))
        return made[-1]

    yield new
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def prepared():
    """Gives an estate that has the tables and is stopped, of a checkout and with the sample or not; each made once."""
    made = {}

    def get(sample, project=PROJECT):
        if (sample, project) not in made:
            made[sample, project] = Estate(new_folder(), project=project)
            made[sample, project].prepare(sample=sample)
        return made[sample, project]

    with folders() as new_folder:
        yield get


@pytest.fixture
def make_estate(prepared):
    if MISSING:
        pytest.skip(f"needs {' and '.join(MISSING)}")
    made = []

    def make(*, sample=True, project=PROJECT, is_started=True, megabytes=0, **wishes):
        folder = new_folder()
        disk = SmallDisk(folder, megabytes) if megabytes else None
        made.append(Estate(folder, project=project, disk=disk, **wishes))
        made[-1].take_over(prepared(sample, project))
        if is_started:
            made[-1].start()
        return made[-1]

    with folders() as new_folder:
        yield make
        for estate in made:
            estate.stop()


@pytest.fixture
def estate(make_estate):
    return make_estate()


@pytest.fixture
def empty_estate(make_estate):
    """With tables and no partnership."""
    return make_estate(sample=False)
