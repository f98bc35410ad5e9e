"""T12: A backup of the sample partnership is put back: every row and file is as it was, and nothing goes a second time.

With the words that the container ``backup`` runs, in production's mode and roles. What it is made of is tried in
``tests/partnership/test_backups.py``; to put back any moment, in ``test_point_in_time.py``.
"""

import json
import re
import shutil
import threading
import time
from contextlib import closing

import psycopg2
import pytest

from partnership import embedded
from partnership.operations import postgres, restoring
from partnership.operations.programs import BackupProblem
from partnership.operations.repository import Repository
from tests.faults.estate import HOST, Estate
from tests.guarantees.figures import record

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed"),
]
PASSWORD = "made-up-for-this-test-alone-0123456789"
WAITING = """
    INSERT INTO training_trainingmail (kind, key, address, place_id, sequence, made_at, problem)
    SELECT 'booked', 'booked-of-the-drill', 'somebody@example.org', place.id, event.sequence, now(), ''
    FROM training_place AS place JOIN training_event AS event ON event.id = place.event_id
    WHERE event.starts_at > now() AND event.cancelled_at IS NULL AND place.status = 'booked' LIMIT 1"""


@pytest.fixture
def house(prepared, tmp_path):
    """The sample's database and folder, and where their backups go; nothing else runs."""
    house = House(tmp_path / "estate", prepared(True))
    yield house
    house.estate.stop()


class House:
    def __init__(self, folder, prepared):
        folder.mkdir()
        self.estate = Estate(folder)
        self.estate.take_over(prepared)
        self.estate.postgres.start()
        self.data = folder / "data"
        (self.data / "files").mkdir(parents=True, exist_ok=True)
        (self.data / "files" / "evidence").write_bytes(bytes(range(256)) * 4000)
        self.urls = {
            "BACKUP_REPOSITORY": str(folder / "backups"),
            "BACKUP_PASSWORD": PASSWORD,
            "BACKUP_DATABASE_URL": self.estate.postgres.url("planner_backup"),
            "DRILL_DATABASE_URL": self.estate.postgres.url("planner_drill", "postgres"),
            "DATABASE_URL": self.estate.postgres.url(embedded.APP),
            "RESTIC_CACHE_DIR": str(folder / "cache"),
        }
        self.repository = Repository(self.urls["BACKUP_REPOSITORY"], PASSWORD, host=HOST)

    def run(self, *words, **settings):
        return self.estate.run(*words, **(self.urls | settings))

    def refused(self, *words, **settings):
        """What it says when it must fail."""
        with pytest.raises(pytest.fail.Exception) as failed:
            self.run(*words, **settings)
        return str(failed.value)

    def tell(self, words, *values, role="postgres", fetch=False):
        with closing(psycopg2.connect(self.estate.postgres.url(role))) as link, link, link.cursor() as cursor:
            cursor.execute(words, values)
            return cursor.fetchall() if fetch else None

    def runs(self):
        return self.tell("SELECT kind, state, problem FROM partnership_backuprun ORDER BY began_at", fetch=True)


def numbers(said):
    """{name: seconds} of the last line."""
    return {name: float(number) for name, number in re.findall(r"(\w+) ([\d.]+)(?:,|$)", said.strip().splitlines()[-1])}


def test_what_is_put_back_is_what_was_stored_and_nothing_goes_twice(house):
    house.tell(WAITING)
    made = house.run("backup")
    # Since then somebody was erased, and only the log knows it.
    [(key,)] = house.tell("SELECT id FROM partnership_user WHERE email LIKE 'greta%%'", fetch=True)
    house.data.joinpath("erasures.jsonl").write_text(
        json.dumps({"kind": "colleague", "key": str(key), "was": "", "at": "2027-01-12T09:00:00+00:00"}) + "\n"
    )
    house.run("backup")
    drilled = house.run("verify-restore")
    assert re.search(r"equal, \d+ stored documents as their digests say, [34] pages answered", drilled)
    assert "0 mails left, 0 sessions, 0 of 1 erased are back." in drilled
    assert house.runs() == [("backup", "done", ""), ("backup", "done", ""), ("drill", "done", "")]
    rows = int(re.search(r"(\d+) rows of \d+ tables", made)[1])
    seconds = numbers(drilled)
    record(
        "T12",
        "a backup of the sample in {worst_dump:.0f} seconds and put back in {worst_back:.0f}: {rows:,} rows and every "
        "file equal, 0 mails sent, 0 sessions, 0 erased people back",
        worst_dump=sum(numbers(made).values()),
        worst_back=seconds["database"] + seconds["files"],
        rows=rows,
    )


def test_control_without_the_quarantine_a_waiting_mail_goes(house):
    house.tell(WAITING)
    house.run("backup")
    code = "from django.utils import timezone; from partnership.operations.drills import hold_drill; "
    said = house.refused("manage", "shell", "-c", code + "hold_drill(at=timezone.now(), is_quarantined=False)")
    assert re.search(r"Mails that would have gone out after the restore: \d+", said)
    [_backup, (kind, state, problem)] = house.runs()
    assert (kind, state) == ("drill", "failed") and problem.startswith("Mails that would have gone out")


def test_control_one_row_one_bit_and_one_policy_are_noticed(house, tmp_path):
    house.run("backup")
    backup = restoring.newest(house.repository)
    with postgres.scratch_database(house.urls["DRILL_DATABASE_URL"]) as url:
        restoring.restore_database(house.repository, backup, url)
        folder = tmp_path / "back"
        restoring.restore_files(house.repository, backup, folder)
        assert restoring.compare(backup, url, folder).problems == []
        with closing(psycopg2.connect(url)) as link, link, link.cursor() as cursor:
            cursor.execute(
                "UPDATE partnership_area SET name = name || '.' WHERE id = (SELECT min(id) FROM partnership_area)"
            )
            cursor.execute("DROP POLICY restricted ON reviews_case")
        file = folder / "files" / "evidence"
        content = bytearray(file.read_bytes())
        content[1000] ^= 1
        file.write_bytes(content)
        problems = restoring.compare(backup, url, folder).problems
        with pytest.raises(BackupProblem, match="tables already"):
            restoring.restore_database(house.repository, backup, url)
    assert [problem.partition(" differs")[0] for problem in problems] == [
        "Table public.partnership_area",
        "Table public.partnership_areaevent",
        "Table public.reviews_case",  # without its policy nobody sees a row
        "What the database has of policies",
        "File files/evidence",
    ]
    record("T12", "one row, one policy and one bit changed after the restore were each noticed")


def test_a_backup_made_while_people_write_is_of_one_moment(house, tmp_path):
    written, stop = [], threading.Event()

    def write():
        with closing(psycopg2.connect(house.estate.postgres.url())) as link:
            link.autocommit = True
            with link.cursor() as cursor:
                while not stop.is_set():
                    cursor.execute(
                        "INSERT INTO partnership_area (name, code) VALUES (%s, %s)",
                        [f"Area {len(written)}", f"X{len(written)}"],
                    )
                    written.append(time.monotonic())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        house.run("backup")
    finally:
        stop.set()
        writer.join()
    backup = restoring.newest(house.repository)
    with postgres.scratch_database(house.urls["DRILL_DATABASE_URL"]) as url:
        restoring.restore_database(house.repository, backup, url)
        restoring.restore_files(house.repository, backup, tmp_path / "back")
        assert restoring.compare(backup, url, tmp_path / "back").problems == []
    [(count,)] = house.tell("SELECT count(*) FROM partnership_area", fetch=True)
    assert backup.database["tables"]["public.partnership_area"][0] < count
    record("T12", "{writes:,} rows written while a backup was made: it holds one moment", writes=len(written))


def test_a_role_that_may_not_see_all_makes_none_and_says_so(house):
    said = house.refused("backup", BACKUP_DATABASE_URL=house.urls["DATABASE_URL"])
    assert "row-level security" in said
    assert [(kind, state) for kind, state, _problem in house.runs()] == [("backup", "failed")]
    with pytest.raises(BackupProblem, match="no whole backup"):
        restoring.newest(house.repository)


def test_put_back_for_good_by_the_words_of_the_guide(house, tmp_path):
    house.run("backup")
    began = time.monotonic()
    with closing(psycopg2.connect(house.estate.postgres.url("postgres", "postgres"))) as link:
        link.autocommit = True
        link.cursor().execute("CREATE DATABASE anew OWNER planner TEMPLATE template0")
    anew = {"DATABASE_URL": house.estate.postgres.url(database="anew"), "DATA_DIR": str(tmp_path / "anew")}
    assert "All of it is as it was." in house.run("restore", **anew)
    house.run("migrate", **anew)
    said = house.run("manage", "after_restore", **anew)
    assert re.search(r"Mails held: \d+\.", said)
    seconds = time.monotonic() - began
    assert (tmp_path / "anew" / "files" / "evidence").read_bytes() == bytes(range(256)) * 4000
    app = {**anew, "DATABASE_URL": house.estate.postgres.url(embedded.APP, "anew")}
    house.run("manage", "check", "--deploy", "--database", "default", **app)
    record(
        "T12",
        "the sample put back for good, by the guide's words, in {worst_seconds:.0f} seconds",
        worst_seconds=seconds,
    )
