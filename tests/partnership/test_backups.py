"""T12: Backups: what goes into the repository comes out again, half a backup counts for nothing, and wrong is noticed.

Whole backups that are put back and begun anew: ``tests/faults/test_restore.py``.
"""

import os
import shutil
import subprocess
from datetime import timedelta
from io import BytesIO

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from partnership.accounts.invitations import invite
from partnership.management.commands import backup_loop
from partnership.models import BackupRun, CalendarFeed, Invitation
from partnership.operations import backups, checksums, postgres, restoring, schedule
from partnership.operations.backups import DATABASE, DUMP, LIST, WHOLE, Backup, running, tag_of, tidy
from partnership.operations.programs import BackupProblem
from partnership.operations.quarantine import HELD, quarantine
from partnership.operations.repository import Repository
from tests.conftest import TODAY
from tests.ownership import as_owner
from training.models import TrainingMail

PASSWORD = "correct-horse-battery-staple-7"
needs_restic = pytest.mark.skipif(not shutil.which("restic"), reason="restic is not installed")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("RESTIC_CACHE_DIR", str(tmp_path / "cache"))
    repository = Repository(str(tmp_path / "repository"), PASSWORD, host="planner.example.org")
    repository.prepare()
    return repository


def stored(repository, run, *, is_whole=True):
    """Put a run's parts in, with words instead of a dump."""
    repository.store(DUMP, f"dump of {run}".encode(), tags=[tag_of(run), DATABASE])
    if is_whole:
        repository.store(LIST, backup_of(run).as_json(), tags=[tag_of(run), WHOLE])


def backup_of(run, files=None):
    return Backup(str(run), "2027-01-12T09:00:00+00:00", 17, [], [3, "abc"], {"tables": {}, "schema": {}}, files or {})


# The repository


@needs_restic
def test_what_is_stored_is_encrypted_and_comes_out_as_it_was(repository, tmp_path):
    content = b"Somebody's name, stored " * 100
    repository.store("words", content, tags=["a", "b"])
    [snapshot] = repository.snapshots("a", "b")
    with repository.reading(snapshot.key, "words") as stream:
        assert stream.read() == content
    assert repository.snapshots("a", "c") == []
    there = [path.read_bytes() for path in (tmp_path / "repository").rglob("*") if path.is_file()]
    assert [content for content in there if b"Somebody" in content] == []


@needs_restic
def test_the_password_is_among_no_words_that_others_could_read(repository, monkeypatch):
    asked, run = [], subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda words, **more: asked.append(words) or run(words, **more))
    repository.snapshots()
    assert asked and not [words for words in asked if PASSWORD in " ".join(words)]
    assert "SECRET_KEY" not in repository.environment


@needs_restic
def test_another_password_opens_nothing(repository):
    other = Repository(repository.address, "another-password-altogether", host=repository.host)
    with pytest.raises(BackupProblem, match="wrong password"):
        other.prepare()


@needs_restic
def test_of_a_pipe_that_breaks_nothing_stays(repository):
    with pytest.raises(ZeroDivisionError), repository.storing("words", tags=["a"]) as pipe:
        pipe.write(b"half of it")
        pipe.write(bytes(1 // 0))
    assert repository.snapshots() == []


@needs_restic
def test_a_flipped_bit_in_the_repository_is_found(repository, tmp_path):
    repository.store("words", os.urandom(100_000), tags=["a"])
    repository.check(part="1/1")
    [pack] = [path for path in (tmp_path / "repository" / "data").rglob("*") if path.stat().st_size > 90_000]
    content = bytearray(pack.read_bytes())
    content[50_000] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(content)
    with pytest.raises(BackupProblem, match="restic check"):
        repository.check(part="1/1")


@needs_restic
def test_kept_is_what_the_setting_says_with_its_parts_and_halves_go_after_a_day(repository, settings):
    settings.BACKUP_KEEP = {"last": 2}
    for run in ("one", "two", "three"):
        stored(repository, run)
    stored(repository, "cut-off", is_whole=False)
    now = timezone.now()
    tidy(repository, at=now)
    assert {tag for each in repository.snapshots(DATABASE) for tag in each.tags} - {DATABASE} == {
        tag_of("two"),
        tag_of("three"),
        tag_of("cut-off"),
    }
    tidy(repository, at=now + timedelta(days=1, minutes=1))
    assert sorted(backups.run_of(each) for each in repository.snapshots()) == sorted(
        [tag_of("two"), tag_of("two"), tag_of("three"), tag_of("three")]
    )


@needs_restic
def test_the_newest_is_the_newest_that_is_whole(repository):
    with pytest.raises(BackupProblem, match="no whole backup"):
        restoring.newest(repository)
    stored(repository, "one")
    stored(repository, "cut-off", is_whole=False)
    assert restoring.newest(repository).run == "one"
    with pytest.raises(BackupProblem, match="no such backup"):
        restoring.newest(repository, run="cut-off")


def test_a_list_of_another_version_is_refused_in_words():
    with pytest.raises(BackupProblem, match="format 9; this version of the product reads 1"):
        Backup.of_json(backup_of("one").as_json().replace(b'"format": 1', b'"format": 9'))
    with pytest.raises(BackupProblem, match="cannot be read"):
        Backup.of_json(b'{"run": "on')


# The row that says how it went


@pytest.mark.django_db
def test_a_run_says_how_it_ended():
    now = timezone.now()
    with running(BackupRun.Kind.BACKUP, at=now) as run:
        assert BackupRun.objects.get().state == "running"
    with pytest.raises(BackupProblem), running(BackupRun.Kind.BACKUP, at=now):
        raise BackupProblem("The disc is full.")
    with pytest.raises(KeyError), running(BackupRun.Kind.DRILL, at=now):
        raise KeyError("a name that is nobody's business")
    runs = BackupRun.objects.values_list("kind", "state", "problem")
    assert set(runs) == {
        ("backup", "done", ""),
        ("backup", "failed", "The disc is full."),
        ("drill", "failed", "It was broken off (KeyError). The log says more."),
    }
    assert BackupRun.objects.backups().done().newest() == run


@pytest.mark.django_db
def test_without_settings_it_says_what_to_do(settings):
    settings.BACKUP_REPOSITORY = ""
    with pytest.raises(CommandError, match="Set BACKUP_REPOSITORY and BACKUP_PASSWORD"):
        call_command("backup")
    assert [run.problem for run in BackupRun.objects.all()] == [
        "Set BACKUP_REPOSITORY and BACKUP_PASSWORD: see .env.example."
    ]


def test_without_a_role_for_it_it_says_what_to_do():
    with pytest.raises(BackupProblem, match="Set BACKUP_DATABASE_URL"):
        postgres.connect("")


@pytest.mark.django_db
def test_when_the_next_is_due(settings):
    settings.BACKUP_EVERY_MINUTES, settings.DRILL_EVERY_DAYS = 60, 7
    now = timezone.now()

    def ran(kind, state, ago):
        ended = None if state == "running" else now
        return BackupRun.objects.create(kind=kind, state=state, began_at=now - ago, ended_at=ended)

    assert (schedule.is_backup_due(at=now), schedule.is_drill_due(at=now)) == (True, False)
    first = ran("backup", "done", timedelta(minutes=59))
    assert (schedule.is_backup_due(at=now), schedule.is_drill_due(at=now)) == (False, True)
    assert schedule.is_backup_due(at=now + timedelta(minutes=1))
    ran("drill", "failed", timedelta(hours=11))
    assert not schedule.is_drill_due(at=now)
    assert schedule.is_drill_due(at=now + timedelta(hours=1))
    first.delete()
    ran("backup", "failed", timedelta(minutes=11))
    assert schedule.is_backup_due(at=now)


@pytest.mark.django_db
def test_what_fails_does_not_end_the_loop(monkeypatch, caplog):
    def fail(**_):
        raise BackupProblem("The disc is full.")

    monkeypatch.setattr(backup_loop, "make_backup", fail)
    monkeypatch.setattr(backup_loop, "close_old_connections", lambda: None)
    backup_loop.Command().look(receiver=None)
    assert [record.getMessage() for record in caplog.records] == ["back_up: The disc is full."]


# What must be noticed


@pytest.mark.django_db
def test_one_row_and_one_trigger_make_another_checksum(office):
    with connection.cursor() as cursor:
        before = checksums.of_database(cursor)
        cursor.execute("SET search_path = public")
        cursor.execute("UPDATE partnership_user SET name = name || '.' WHERE id = %s", [office.pk])
        with as_owner():
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_published_is%'")
            cursor.execute(f'DROP TRIGGER "{cursor.fetchone()[0]}" ON partnership_publishedfile')
        after = checksums.of_database(cursor)
        cursor.execute("SET search_path = public")
    tables = list(checksums.differences(before["tables"], after["tables"], "Table"))
    assert [each.partition(":")[0] for each in tables] == [
        "Table public.partnership_user differs",
        "Table public.partnership_userevent differs",
    ]
    [schema] = checksums.differences(before["schema"], after["schema"], "What the database has of")
    assert schema.startswith("What the database has of triggers differs: ")


@pytest.mark.django_db
@pytest.mark.usefixtures("partnership", "other_partnership")
def test_the_order_of_rows_makes_no_other_checksum():
    with connection.cursor() as cursor:
        sums = []
        for order in ("", "DESC"):
            make = "CREATE TEMP TABLE shuffled{0} AS SELECT id, name FROM partnership_area ORDER BY id {0}"
            cursor.execute(make.format(order))
            cursor.execute(checksums.ROWS.format(table=f"shuffled{order}"))
            sums.append(cursor.fetchone())
    assert sums[0] == sums[1]


def test_a_flipped_bit_a_missing_file_and_a_longer_journal(tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "sent-journal").mkdir()
    for name in ("files/a", "files/b", "sent-journal/day.jsonl"):
        (tmp_path / name).write_bytes(b"as it was stored")
    backup = backup_of("one", checksums.of_folder(tmp_path, ["files", "sent-journal"]))
    assert list(restoring.compare_files(backup, tmp_path)) == []
    with (tmp_path / "sent-journal/day.jsonl").open("ab") as journal:
        journal.write(b"and another line")
    assert list(restoring.compare_files(backup, tmp_path)) == []
    (tmp_path / "files/a").write_bytes(b"As it was stored")
    (tmp_path / "files/b").unlink()
    assert list(restoring.compare_files(backup, tmp_path)) == [
        "File files/a differs from what was stored.",
        "File files/b is missing.",
    ]


def test_a_dump_that_came_otherwise_is_noticed():
    stream = restoring.Digesting(BytesIO(b"dump"))
    stream.read(100)
    other = restoring.Digesting(BytesIO(b"Dump"))
    other.read(100)
    assert stream.found[0] == other.found[0] and stream.found != other.found


@needs_restic
def test_files_go_where_none_stands_and_the_log_of_erasures_is_the_newest(repository, tmp_path):
    data, target = tmp_path / "data", tmp_path / "target"
    (data / "files").mkdir(parents=True)
    (data / "files/a").write_text("first")
    (data / "files/b").write_text("first")
    for run, words in (("one", "ada\n"), ("two", "ada\nbea\n")):
        (data / "erasures.jsonl").write_text(words)
        repository.store_paths(data, ["files", "erasures.jsonl"], tags=[tag_of(run), backups.FILES])
        listed = backup_of(run, checksums.of_folder(data, ["files", "erasures.jsonl"]))
        repository.store(LIST, listed.as_json(), tags=[tag_of(run), WHOLE])
        (data / "files/a").write_text("second")
    (target / "files").mkdir(parents=True)
    (target / "files/b").write_text("newer")
    one = restoring.newest(repository, run="one")
    assert restoring.restore_files(repository, one, target) == 2
    assert [(target / name).read_text() for name in ("files/a", "files/b", "erasures.jsonl")] == [
        "first",
        "newer",
        "ada\nbea\n",
    ]


# Afterwards


@pytest.mark.django_db
def test_what_waited_is_held_and_every_old_way_in_is_shut(client_of, office, chair, administrator, partnership):
    now = timezone.now()
    client_of(office).get("/")
    UserSession.objects.create(user=chair, session_key="k" * 32, ip="::", user_agent="")
    newcomer = type(office).objects.create(name="New Comer", email="new@example.org", is_administrator=True)
    invite(newcomer, at=now, by=administrator)
    waiting = TrainingMail.objects.create(kind="booked", key="booked-1", address="person@example.org")
    sent = TrainingMail.objects.create(
        kind="booked", key="booked-2", address="person@example.org", claimed_at=now, sent_at=now
    )
    BackupRun.objects.create(kind="backup", began_at=now)
    done = quarantine(on=TODAY, at=now)
    waiting.refresh_from_db()
    sent.refresh_from_db()
    assert (waiting.problem, sent.problem) == (HELD, "")
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)
    assert not Invitation.objects.open(at=now).exists()
    assert BackupRun.objects.get().state == "failed"
    assert (done["mails held"], done["invitations taken back"]) == (1, 1)
    again = quarantine(on=TODAY, at=now)
    assert {what: count for what, count in again.items() if not what.startswith("calendar")} == dict.fromkeys(
        [what for what in again if not what.startswith("calendar")], 0
    )
    assert CalendarFeed.objects.filter(revoked_at=None).count() == done["calendar addresses that work as they did then"]


def test_the_rehearsal_refuses_the_database_that_is_in_use():
    with pytest.raises(CommandError, match="would change the database that is in use"):
        call_command("rehearse_restore")
