"""The house stands: the entry script, the locks, the containers and the embedded database."""

import os
import re
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from partnership import demo, embedded

PROJECT = Path(__file__).resolve().parent.parent
SCRIPT = PROJECT / "run"
LOCKS = sorted(PROJECT.glob("requirements*.txt"))
ROOMS = ["assurance", "partnership", "plans", "reviews", "training"]
PRODUCTION_WORDS = {"migrate", "web", "worker", "beat"}


def read(name):
    return (PROJECT / name).read_text()


def compose():
    return yaml.safe_load(read("docker-compose.yml"))


def ask(*words, **environment):
    """``./run`` with these words: its exit status and all it said."""
    finished = subprocess.run(
        [str(SCRIPT), *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return finished.returncode, finished.stdout + finished.stderr


# The entry script


def words_of_script():
    cases = SCRIPT.read_text().split("case $word in")[1]
    found = re.findall(r"^([a-z]+(?: \| [a-z]+)*)\)", cases, re.MULTILINE)
    return {word for alternatives in found for word in alternatives.split(" | ")}


def test_scripts_can_be_started():
    modes = {name: os.access(PROJECT / name, os.X_OK) for name in ["run", ".ci/run", ".ci/second-try"]}
    assert all(modes.values()), modes


def test_entry_script_is_plain_sh():
    assert SCRIPT.read_text().startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", str(SCRIPT)]).returncode == 0


def test_help_names_every_word_of_the_script():
    status, said = ask("help")
    unnamed = {word for word in words_of_script() if not re.search(rf"\b{word}\b", said)}
    assert (status, unnamed) == (0, set())


def test_unknown_word_is_refused_with_the_list_of_words():
    status, said = ask("fly")
    assert status == 1
    assert said.endswith('./run knows no word "fly"\n')
    assert "./run test" in said


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_what_is_told_of_the_house_is_there(page):
    """Each word of ./run, each file and each link that the page names; a pattern stands for many files."""
    told = re.findall(r"`([^`\n]+)`", read(page))
    words = {match[1] for each in told if (match := re.match(r"\./run ([a-z-]+)", each))}
    files = {each for each in told if re.fullmatch(r"\w[\w.-]*/[\w./*-]*[\w*](\.\w+|/)", each)}
    links = set(re.findall(r"\]\((?!https?:)([^)#]+)\)", read(page)))
    labels = SCRIPT.read_text().split("case $word in")[1]
    assert words - set(re.findall(r"(?:^|\| )([a-z-]+)(?= \||\))", labels, re.MULTILINE)) == set()
    assert {name for name in files | links if not list(PROJECT.glob(name))} == set()


def test_the_way_to_a_change_is_told_once():
    assert "](CONTRIBUTING.md)" in read("README.md")
    assert "plans/update_forms.py" not in read("README.md")
    assert '"risk": "What is in the way?"' in read("plans/update_forms.py")


def test_continuous_integration_runs_the_same_words():
    called = re.findall(r"\./run (\w+)", read(".ci/run") + read(".ci/second-try"))
    assert set(called) == {"lint", "test"}


# The locks


@pytest.mark.parametrize("lock", [path.name for path in LOCKS])
def test_python_lock_holds_no_address(lock):
    assert [line for line in read(lock).splitlines() if "://" in line or " @ " in line] == []


@pytest.mark.parametrize("lock", [path.name for path in LOCKS])
def test_python_lock_pins_every_package_by_hash(lock):
    packages = re.split(r"\n(?=[a-z0-9])", read(lock))
    assert [each for each in packages if "==" not in each or "--hash=sha256:" not in each] == []


def pins(lock):
    return dict(re.findall(r"^([a-z0-9][a-z0-9.\[\],_-]*)==(\S+)", read(lock), re.MULTILINE))


def test_production_demo_and_tests_use_the_same_versions():
    production, for_demo, development = (pins(f"requirements{suffix}.txt") for suffix in ["", "-demo", "-dev"])
    assert production
    assert production.items() <= for_demo.items() <= development.items()


def test_npm_lock_holds_no_address_of_a_registry():
    assert '"resolved"' not in read("package-lock.json")
    assert '"integrity"' in read("package-lock.json")


# The containers


def test_containers_run_all_that_production_needs():
    """That each of their commands is a word of ./run, and no secret in the file: see test_containers.py."""
    commands = {tuple(service.get("command", ())) for service in compose()["services"].values()}
    assert {("./run", word) for word in PRODUCTION_WORDS} <= commands


def test_demo_runs_the_same_words_as_the_containers():
    assert set(demo.PARTS) == PRODUCTION_WORDS - {"migrate"}


def test_example_settings_hold_no_secret():
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))
    secret = {name for name in values if re.search("PASSWORD|SECRET|TOKEN|KEY", name)}
    assert len(secret) > 5
    assert {name for name in secret if values[name]} == set()


def test_example_settings_name_every_setting_taken_from_outside():
    taken = re.findall(r"""(?:env\.\w+|required)\(\s*"([A-Z_]+)\"""", read("partnership/settings.py"))
    named = re.findall(r"^#?([A-Z_]+)=", read(".env.example"), re.MULTILINE)
    # The image sets where its own static files lie.
    assert set(taken) - set(named) == {"STATIC_ROOT"}


def test_image_has_every_room():
    let_in = re.findall(r"^!(\S+)", read(".dockerignore"), re.MULTILINE)
    assert set(ROOMS) - set(let_in) == set()
    assert [name for name in let_in if not (PROJECT / name).exists()] == []


# The demo, before anything is started


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "-1", "80.0"])
def test_demo_refuses_a_port_that_is_none(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(demo.Refused, match="PORT must be a number from 1 to 65535"):
        demo.read_port()


def test_demo_refuses_a_taken_port_and_names_another():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(demo.Refused, match=f"Port {taken} is taken: try another, PORT="):
            demo.refuse_taken(taken)
    demo.refuse_taken(taken)


def test_second_demo_of_one_folder_is_refused_with_the_address_of_the_first(monkeypatch, tmp_path):
    for name, folder in {"DATA": "", "LOGS": "logs", "BROKER": "broker"}.items():
        monkeypatch.setattr(demo, name, tmp_path / folder)
    first = demo.claim_folder("http://localhost:8123")
    with pytest.raises(demo.Refused, match="already runs: http://localhost:8123"):
        demo.claim_folder("http://localhost:8124")
    first.close()
    demo.claim_folder("http://localhost:8124").close()


# The embedded database


@pytest.fixture
def folder(tmp_path):
    """A data folder; whatever server a test started there is stopped with the test."""
    yield tmp_path / "data"
    assert is_stopped(tmp_path / "data" / "postgres")


def is_stopped(postgres, seconds=10):
    """Whether the server goes, and its keeper after it has tidied up."""
    for _ in range(seconds * 20):
        is_running = (postgres / "cluster" / "postmaster.pid").exists()
        if not postgres.exists() or (not is_running and not embedded.has_keeper(postgres)):
            return True
        time.sleep(0.05)
    return False


ASK_DATABASE = """
import os, psycopg2
connection = psycopg2.connect(os.environ["DATABASE_URL"])
cursor = connection.cursor()
cursor.execute("select current_user, rolsuper, lower('\u00c9') from pg_roles where rolname = current_user")
print(*cursor.fetchone(), flush=True)
"""


def with_database(folder, program, **options):
    """A process of ours that uses the database of ``folder``."""
    environment = {**os.environ, "DATA_DIR": str(folder)}
    environment.pop("DATABASE_URL")
    return subprocess.Popen(
        [sys.executable, "-I", embedded.__file__, "exec", sys.executable, "-c", program],
        env=environment,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        **options,
    )


def reset(folder):
    finished = subprocess.run(
        [sys.executable, "-I", embedded.__file__, "reset"],
        env={**os.environ, "DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
    )
    return finished.returncode, finished.stdout + finished.stderr


def test_database_lives_as_long_as_its_last_user(folder):
    first = with_database(folder, ASK_DATABASE + "input()")
    assert first.stdout.readline() == "planner False é\n"
    second = with_database(folder, ASK_DATABASE + "input()")
    assert second.stdout.readline() == "planner False é\n"
    first.communicate("\n")
    assert not is_stopped(folder / "postgres", seconds=1)
    status, said = reset(folder)
    assert (status, said) == (
        1,
        "The demo's database is in use: stop ./run demo first, then reset.\n",
    )

    # Killed, not ended: the server goes all the same.
    second.kill()
    second.communicate()
    assert is_stopped(folder / "postgres")
    status, said = reset(folder)
    assert (status, folder.exists()) == (0, False)


def test_database_starts_again_after_everything_of_it_was_killed(folder):
    first = with_database(folder, ASK_DATABASE + "input()")
    assert first.stdout.readline() == "planner False é\n"
    server = int((folder / "postgres/cluster/postmaster.pid").read_text().split()[0])
    keeper = int(Path(f"/proc/{server}/stat").read_text().split()[3])
    for process in (keeper, first.pid):
        os.kill(process, 9)
    first.communicate()

    second = with_database(folder, ASK_DATABASE)
    assert second.communicate()[0] == "planner False é\n"


def test_reset_leaves_a_folder_that_no_demo_made(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear director")
    status, said = reset(tmp_path)
    assert (status, said) == (0, f"There is nothing to reset: {tmp_path} holds no demo.\n")
    assert (tmp_path / "letter.txt").exists()


@pytest.mark.parametrize("name", ["data", "a-folder-too-deep-for-the-path-of-a-socket-" + "x" * 60])
def test_database_opens_no_port_and_its_socket_is_ours_alone(tmp_path, name):
    folder = tmp_path / name
    process = with_database(folder, ASK_DATABASE + "input()")
    assert process.stdout.readline() == "planner False é\n"
    lines = (folder / "postgres/cluster/postmaster.pid").read_text().split("\n")
    sockets, addresses = Path(lines[4]), lines[5]
    mode = stat.S_IMODE(sockets.stat().st_mode)
    process.communicate("\n")
    assert (mode, addresses) == (0o700, "")
    assert is_stopped(folder / "postgres")
    assert list(sockets.glob(".s.PGSQL*")) == []


def test_absent_programs_are_named_in_one_sentence(monkeypatch):
    monkeypatch.setattr(embedded, "_wheel_folders", list)
    monkeypatch.setattr(embedded, "_machine_folders", list)
    with pytest.raises(embedded.Unavailable, match="or set DATABASE_URL to a database of your own"):
        embedded.find_programs()


def test_machines_own_programs_stand_in_for_the_wheel(monkeypatch, tmp_path):
    theirs = tmp_path / "usr/lib/postgresql/16/bin"
    theirs.mkdir(parents=True)
    (theirs / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 16.3 (Debian)'\n")
    (theirs / "postgres").chmod(0o755)
    broken = tmp_path / "wheel"
    monkeypatch.setattr(embedded, "_wheel_folders", lambda: [broken])
    monkeypatch.setattr(embedded, "_machine_folders", lambda: [theirs])
    assert embedded.find_programs() == embedded.Programs(theirs, 16)
