"""A PostgreSQL whose database is migrated already, kept from run to run in the data folder.

To migrate takes longer than most parts of the tests do. So it is done once, and again when a migration, what one
imports, or a locked package is another; each run works on a copy, and each of its workers on a copy of the
database in it (PostgreSQL's ``TEMPLATE``).
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from partnership import embedded

PROJECT = embedded.PROJECT
SECONDS_TO_STOP = 30


def fingerprint():
    """Changes with whatever makes the migrated database another."""
    made_of = hashlib.sha256(f"PostgreSQL {embedded.find_programs().version}".encode())
    for path in sorted(
        {PROJECT / "requirements-dev.txt", Path(embedded.__file__), *reached_from(migrations()), *searched()}
    ):
        made_of.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return made_of.hexdigest()[:16]


def migrations():
    return PROJECT.glob("*/migrations/*.py")


def searched():
    """What the columns of words are made of, which ``migrate`` puts up besides."""
    return [*PROJECT.glob("*/searched.py"), *PROJECT.glob("partnership/searching/columns.py")]


def reached_from(paths):
    """These files of ours and all that they import, one through the other."""
    found, waiting = set(), list(paths)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += imported_by(path)
    return found


def imported_by(path):
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            place = PROJECT.joinpath(*module.split("."))
            yield from filter(Path.is_file, [place.with_suffix(".py"), place / "__init__.py"])


def use_throwaway_copy():
    """A server for one run, gone with it, whose database is migrated."""
    kept = embedded.data_folder() / "tests"
    kept.mkdir(parents=True, exist_ok=True)
    with open(kept / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cluster = kept / fingerprint() / "cluster"
        if not cluster.exists():
            make(cluster.parent)
        folder = tempfile.mkdtemp(prefix="planner-test-")
        subprocess.run(["cp", "-a", cluster, folder], check=True)  # with its owner, who may not be us
    return embedded.use(folder, throwaway=True)


def make(folder):
    """Migrate in a folder beside it, which takes its place when it is whole and at rest; those of other days go."""
    print("Making a database for the tests; it is kept until a migration changes.", file=sys.stderr, flush=True)
    for earlier in folder.parent.glob("*/"):
        shutil.rmtree(earlier, ignore_errors=True)
    unfinished = folder.with_suffix(".new")
    database = embedded.use(unfinished)
    try:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0"],
            cwd=PROJECT,
            env=os.environ | {"MODE": "test", "DATABASE_URL": database.url},
            check=True,
        )
    except subprocess.CalledProcessError as fault:
        raise embedded.Unavailable(
            "The database for the tests could not be migrated; the lines above say why."
        ) from fault
    finally:
        database.let_go()
        wait_until_stopped(unfinished)
    unfinished.rename(folder)


def wait_until_stopped(folder):
    patience_ends = time.monotonic() + SECONDS_TO_STOP
    while embedded.has_keeper(folder):
        if time.monotonic() > patience_ends:
            raise embedded.Unavailable(f"The PostgreSQL of {folder} does not stop: end it.")
        time.sleep(0.05)
