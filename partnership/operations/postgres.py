"""PostgreSQL's own programs and a connection of our own, beside Django's: another role, and no limits of a page.

The address of a database has a password in it, so it goes into a program's environment and never among its words.
"""

import os
import re
import shutil
import subprocess
import uuid
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import parse_dsn

from partnership import embedded
from partnership.operations.programs import CHUNK, BackupProblem, broken_off_with, ended_well, last_words, saying

SECONDS_TO_CONNECT = 10
NAMES = {"dbname": "DATABASE"}  # the others are called in the environment as in an address
# A backup waits for nobody who changes a table for longer, and takes as long as it takes.
OPTIONS = "-c lock_timeout=60s -c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c jit=off"


def connect(url):
    """A connection to the database at ``url``. Raises BackupProblem where there is none."""
    if not url:
        raise BackupProblem("Set BACKUP_DATABASE_URL, the database as planner_backup: see .env.example.")
    try:
        return psycopg2.connect(url, connect_timeout=SECONDS_TO_CONNECT, options=OPTIONS)
    except psycopg2.OperationalError as problem:
        raise BackupProblem(f"The database cannot be reached: {last_words(str(problem))}") from problem


def environment(url):
    """What libpq and PostgreSQL's programs read."""
    said = {f"PG{NAMES.get(name, name.upper())}": value for name, value in parse_dsn(url).items()}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **said, "PGOPTIONS": OPTIONS}


def name_of(url):
    return parse_dsn(url)["dbname"]


def at_database(url, name):
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def program(name, *, server):
    """The path of ``name`` (``pg_dump``) that can work with a server of that major version."""
    found = {}
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    with suppress(embedded.Unavailable):
        folders.append(embedded.find_programs().folder)
    on_path = shutil.which(name)
    for path in [*([on_path] if on_path else []), *(folder / name for folder in folders)]:
        if Path(path).exists():
            found.setdefault(version_of(path), path)
    fitting = sorted(version for version in found if version >= server)
    if not fitting:
        raise BackupProblem(
            f"{name} of PostgreSQL {server} or later is not installed. Debian: apt-get install postgresql-client"
        )
    return str(found[fitting[0]])


def version_of(path):
    """The major version, 0 where it does not run here."""
    answer = subprocess.run([str(path), "--version"], capture_output=True, text=True)
    said = re.search(r"(\d+)\.\d+", answer.stdout)
    return int(said[1]) if said and not answer.returncode else 0


def server_version(url):
    link = connect(url)
    version = link.server_version // 10000
    link.close()
    return version


def reading(name, words, url):
    """What the program says, as a stream. Raises BackupProblem at its end if it failed."""
    return saying(name, [program(name, server=server_version(url)), *words], environment(url))


def run(name, words, url, *, stdin=None):
    """Have it done; ``stdin`` is a stream of bytes or nothing. Raises BackupProblem."""
    process = subprocess.Popen(
        [program(name, server=server_version(url)), *words],
        env=environment(url),
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with broken_off_with(process), suppress(BrokenPipeError):  # it says why
        while stdin and (chunk := stdin.read(CHUNK)):
            process.stdin.write(chunk)
    ended_well(name, process, process.communicate()[1])


SCRATCH = "planner_drill_"
LEFT_BEHIND = """
    SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND pg_get_userbyid(datdba) = current_user
        AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datid = pg_database.oid)"""


@contextmanager
def scratch_database(url):
    """A new database on the server of ``url``, gone afterwards; its address. Those of killed runs go too."""
    name = f"{SCRATCH}{uuid.uuid4().hex}"
    with closing(connect(url)) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(LEFT_BEHIND, [SCRATCH])
            for (left_behind,) in cursor.fetchall():
                cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(left_behind)))
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            try:
                with closing(connect(at_database(url, name))):  # so that it is seen to be in use
                    yield at_database(url, name)
            finally:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
