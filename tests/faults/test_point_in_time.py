"""T12: The database is put back to the moment before somebody dropped a table, by its log of changes."""

import shutil
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest

from partnership import embedded
from partnership.operations import continuous
from partnership.operations.programs import BackupProblem
from partnership.operations.repository import Repository
from tests.faults.conftest import wait_for
from tests.faults.estate import HOST, Estate
from tests.faults.estate_parts import PostgreSQL
from tests.guarantees.figures import record

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed"),
]


@pytest.fixture
def estate(prepared, tmp_path):
    (tmp_path / "estate").mkdir()
    estate = Estate(tmp_path / "estate")
    estate.take_over(prepared(True))
    estate.postgres.start()
    yield estate
    estate.stop()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("RESTIC_CACHE_DIR", str(tmp_path / "cache"))
    repository = Repository(str(tmp_path / "repository"), "made-up-for-this-test-alone", host=HOST)
    repository.prepare()
    return repository


@pytest.fixture
def receiver(estate, tmp_path, settings):
    settings.BACKUP_DATABASE_URL = estate.postgres.url("planner_backup")
    receiver = continuous.Receiver(tmp_path / "log", settings.BACKUP_DATABASE_URL)
    receiver.keep_going()
    yield receiver
    receiver.stop()


def ask(server, words, *values):
    with closing(psycopg2.connect(server.url("postgres"))) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(words, values)
            return cursor.fetchone() if cursor.description else None


def position(server):
    return ask(server, "SELECT pg_current_wal_flush_lsn()")[0]


def received(server, lsn):
    """Whether all up to ``lsn`` has come over."""
    return ask(server, "SELECT bool_or(flush_lsn >= %s) FROM pg_stat_replication", lsn)[0]


def test_it_goes_back_to_just_before_a_table_was_dropped(estate, repository, receiver, tmp_path):
    server = estate.postgres
    began = time.monotonic()
    continuous.store_base(repository)
    seconds_of_base = time.monotonic() - began
    before = ask(server, "SELECT count(*) FROM plans_update")[0]
    ask(server, "INSERT INTO partnership_area (name, code) VALUES ('Written after the base', 'PIT')")
    time.sleep(1.1)
    moment = datetime.now(UTC)
    time.sleep(1.1)
    ask(server, "DROP TABLE plans_update CASCADE")
    ask(server, "INSERT INTO partnership_area (name, code) VALUES ('Written after the mistake', 'LAT')")
    last = position(server)
    wait_for(lambda: received(server, last), "the log of changes has come over")
    continuous.store_log(repository, receiver.folder, at=datetime.now(UTC))
    server.kill()  # and all of it is lost

    began = time.monotonic()
    back = PostgreSQL(tmp_path / "back", estate.watcher)
    continuous.restore_to(repository, moment, tmp_path / "back" / "cluster")
    account = embedded._server_account()
    if account:
        subprocess.run(["chown", "-R", account.pw_name, tmp_path / "back"], check=True)
        embedded._let_through(tmp_path / "back" / "cluster-log")
    back.start()
    seconds = time.monotonic() - began
    try:
        areas = ask(back, "SELECT array_agg(code) FROM partnership_area WHERE code IN ('PIT', 'LAT')")[0]
        assert (ask(back, "SELECT count(*) FROM plans_update")[0], areas) == (before, ["PIT"])
        ask(back, "INSERT INTO partnership_area (name, code) VALUES ('It can be written to', 'NEW')")
    finally:
        back.stop()
    record(
        "T12",
        "put back to two seconds before a table was dropped, in {worst_seconds:.0f} seconds; its base took "
        "{worst_base:.0f}",
        worst_seconds=seconds,
        worst_base=seconds_of_base,
    )


def test_it_goes_on_receiving_after_a_crash_of_the_server(estate, receiver):
    estate.postgres.restart("immediate")
    wait_for(lambda: receiver.process.poll() is not None, "it notices")
    with pytest.raises(BackupProblem, match="was not being received"):
        receiver.keep_going()
    ask(estate.postgres, "INSERT INTO partnership_area (name, code) VALUES ('After the crash', 'CRA')")
    last = position(estate.postgres)
    wait_for(lambda: received(estate.postgres, last), "the log of changes has come over")


def test_from_before_the_first_base_there_is_no_way_back(repository, tmp_path):
    with pytest.raises(BackupProblem, match="no base from before that moment"):
        continuous.restore_to(repository, datetime.now(UTC) - timedelta(days=9), tmp_path / "back")


def test_a_log_that_was_thrown_away_is_noticed_and_begun_anew(estate, repository, receiver):
    """As max_slot_wal_keep_size does when nobody has fetched it for long."""
    server = estate.postgres
    wait_for(lambda: received(server, position(server)), "it has come over so far")
    receiver.process.kill()
    receiver.process.wait()
    ask(server, "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'")
    ask(server, "SELECT pg_reload_conf()")

    def is_lost():
        ask(server, "CREATE TABLE noise AS SELECT generate_series(1, 1000)")
        ask(server, "DROP TABLE noise")
        ask(server, "SELECT pg_switch_wal()")
        ask(server, "CHECKPOINT")
        return continuous.is_slot_lost(server.url("planner_backup"))

    wait_for(is_lost, "PostgreSQL has thrown it away")
    with pytest.raises(BackupProblem, match="was not being received"):
        receiver.keep_going()
    assert receiver.needs_base
    assert list((receiver.folder / continuous.EARLIER).iterdir())
    wait_for(lambda: received(server, position(server)), "it comes over again")
