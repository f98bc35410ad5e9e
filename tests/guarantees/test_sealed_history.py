"""T10: whoever rules the database can change history, and the seal over it shows each such change.

Here somebody has all rights: every trigger is switched off, and they know how seals are made.
"""

import datetime
import json
import random
import uuid
from types import SimpleNamespace

import pghistory
import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from partnership.data_protection import erasing, keeping
from partnership.data_protection.map import event_models
from partnership.data_protection.subjects import subjects
from partnership.models import Heartbeat, Partnership, Seal, SealedRows, User
from partnership.roles import as_keeper
from partnership.sealing import outside, rows
from partnership.sealing.amending import because, say
from partnership.sealing.chain import digest_of_link, digest_of_part, seal
from partnership.sealing.checking import check
from partnership.tasks import seal_history
from tests.guarantees.figures import record
from tests.guarantees.histories import histories
from tests.ownership import as_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("meddles_with_history")]

NOW = datetime.datetime(2027, 1, 12, 9, 0, tzinfo=datetime.UTC)
AT_ONCE = {"at": NOW, "age": datetime.timedelta(0), "patience": 0}
TAMPERINGS = 200


@pytest.fixture
def sealed(world, office, settings, tmp_path):
    """A world whose history was sealed on two nights, and each seal told outside."""
    settings.SEAL_JOURNAL = tmp_path / "seals"
    outside.tell(seal(**AT_ONCE))
    with pghistory.context(user=office.pk, path="/partnerships/"):
        for words in ("Said once", "Said twice"):
            Partnership.objects.update(introduction=words)
        world.people["chair"].name = "Renamed Since"
        world.people["chair"].save()
    outside.tell(seal(**AT_ONCE))
    return world


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


# As it should be


def test_a_sealed_history_is_as_it_was_sealed(sealed):
    found = check()
    assert (found.faults, found.seals, found.unreadable) == ([], 2, 0)
    told = sum(events.objects.count() for events in histories().values())
    assert found.rows == told > 400


def test_every_row_is_sealed_once_and_a_night_without_news_makes_no_seal(sealed):
    assert seal(**AT_ONCE) == []
    keys = [(part.events, key) for part in SealedRows.objects.all() for key in part.ids]
    assert len(keys) == len(set(keys))


def test_what_is_younger_than_a_task_may_take_waits_for_the_next_night(world):
    assert seal(at=NOW, patience=0) == []


def test_the_seals_themselves_are_only_added_to(sealed):
    for change in (
        lambda: Seal.objects.update(digest="0" * 64),
        Seal.objects.all().delete,
        lambda: SealedRows.objects.update(because="x"),
        lambda: SealedRows.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(Exception, match="Cannot (update|delete)|permission denied"), transaction.atomic():
            change()


# As somebody has changed it


def event(draw, *, table=None):
    """(table, key) of some row of the history."""
    table = table or draw.choice(
        [each for each in sorted(rows.tables_of_history()) if ask(f"SELECT 1 FROM {each} LIMIT 1")]  # noqa: S608
    )
    return table, draw.choice(ask(f"SELECT pgh_id FROM {table} ORDER BY 1"))[0]  # noqa: S608


def other(value, kind):
    """Another value of that type of PostgreSQL's."""
    if kind in {"text", "varchar"}:
        return "y" if value == "x" else "x"
    if kind in {"int2", "int4", "int8", "float8", "numeric"}:
        return (value or 0) + 1
    if kind == "bool":
        return not value
    if kind in {"date", "timestamptz"}:
        return (value or NOW) + datetime.timedelta(days=1)
    if kind in {"json", "jsonb"}:
        return json.dumps({"other": str(value)[:20]})
    if kind == "uuid":
        return str(uuid.uuid4())
    return None


def change_a_value(draw):
    table, key = event(draw)
    columns = [each.split() for each in rows.tables_of_history()[table]]
    columns = [(name, kind) for name, kind in columns if name not in {"pgh_id", "pgh_context_id"}]
    while columns:
        name, kind = columns.pop(draw.randrange(len(columns)))
        [[value]] = ask(f'SELECT "{name}" FROM {table} WHERE pgh_id = %s', key)  # noqa: S608
        new = other(value, kind)
        if new is not None:
            ask(f'UPDATE {table} SET "{name}" = %s WHERE pgh_id = %s', new, key)  # noqa: S608
            return
    raise AssertionError(table)


def take_a_row_away(draw):
    table, key = event(draw)
    ask(f"DELETE FROM {table} WHERE pgh_id = %s", key)  # noqa: S608


def make_a_row_up(draw):
    """A copy of one, among those that are sealed."""
    table, key = event(draw)
    names = [each.split()[0] for each in rows.tables_of_history()[table]]
    columns = ", ".join(f'"{name}"' for name in names)
    copied = ", ".join("%s" if name == "pgh_id" else f'"{name}"' for name in names)
    new = -draw.randrange(1, 10_000)
    ask(f"INSERT INTO {table} ({columns}) SELECT {copied} FROM {table} WHERE pgh_id = %s", new, key)  # noqa: S608


def let_two_rows_change_places(draw):
    table, key = event(draw, table="partnership_partnershipevent")
    [[another]] = ask("SELECT max(pgh_id) FROM partnership_partnershipevent WHERE pgh_id <> %s", key)
    for old, new in ((key, -1), (another, key), (-1, another)):
        ask(f"UPDATE {table} SET pgh_id = %s WHERE pgh_id = %s", new, old)  # noqa: S608


def say_that_somebody_else_did_it(draw):
    ask("UPDATE pghistory_context SET metadata = jsonb_set(metadata, '{user}', %s)", str(draw.randrange(10**6, 10**7)))


def say_that_nobody_did_it(draw):
    ask("UPDATE partnership_userevent SET pgh_context_id = NULL WHERE pgh_context_id IS NOT NULL")


def some_part(draw, **which):
    return draw.choice(list(SealedRows.objects.filter(**which)))


def change_a_digest(draw):
    part = some_part(draw)
    digests = bytearray(part.digests)
    digests[draw.randrange(len(digests))] ^= 1
    SealedRows.objects.filter(pk=part.pk).update(digests=bytes(digests))


def change_a_salt(draw):
    part = some_part(draw)
    salts = bytearray(part.salts)
    salts[draw.randrange(len(salts))] ^= 1
    SealedRows.objects.filter(pk=part.pk).update(salts=bytes(salts))


def take_a_part_away(draw):
    SealedRows.objects.filter(pk=some_part(draw).pk)._raw_delete("default")


def take_a_seal_away(draw):
    Seal.objects.filter(number=draw.choice([1, 2]))._raw_delete("default")


def change_a_seal(draw):
    change = draw.choice([{"digest": "0" * 64}, {"previous": "0" * 64}, {"at": NOW - datetime.timedelta(days=1)}])
    Seal.objects.filter(number=draw.choice([1, 2])).update(**change)


def put_the_digest_right(draw, part, key):
    """Of a row of ``part``, whatever it says by now."""
    contents = dict(rows.contents(part.events, part.columns, after=key - 1, through=key))
    place, digests = part.ids.index(key), bytearray(part.digests)
    salt = bytes(part.salts)[place * rows.SALT : (place + 1) * rows.SALT]
    digests[place * rows.DIGEST : (place + 1) * rows.DIGEST] = rows.salted(salt, contents[key])
    SealedRows.objects.filter(pk=part.pk).update(digests=bytes(digests))


def change_a_row_and_its_digest(draw):
    part = some_part(draw, events="partnership_userevent")
    key = draw.choice(part.ids)
    ask("UPDATE partnership_userevent SET name = name || %s WHERE pgh_id = %s", "x", key)
    put_the_digest_right(draw, part, key)


def change_a_row_its_digest_and_every_seal(draw):
    """All that stands in the database fits together: only what left it tells otherwise."""
    change_a_row_and_its_digest(draw)
    previous, first = "", 0
    for link in Seal.objects.order_by("number"):
        parts = SealedRows.objects.filter(pk__gt=first, pk__lte=link.through).order_by("pk")
        link.previous, first = previous, link.through
        link.digest = previous = digest_of_link(link, [digest_of_part(part) for part in parts])
        Seal.objects.filter(number=link.number).update(previous=link.previous, digest=link.digest)


def begin_the_chain_anew(draw):
    take_a_row_away(draw)
    Seal.objects.all()._raw_delete("default")
    SealedRows.objects.all()._raw_delete("default")
    seal(**AT_ONCE)


def cut_off_its_end(draw):
    first = Seal.objects.get(number=1)
    Seal.objects.filter(number=2)._raw_delete("default")
    SealedRows.objects.filter(pk__gt=first.through)._raw_delete("default")
    change_a_value(draw)


def make_a_reason_up(draw):
    """As if it were an erasure: the trigger itself seals it again."""
    say(f"erasure {uuid.uuid4()}")
    table, key = event(draw, table="partnership_userevent")
    ask(f"UPDATE {table} SET name = name || 'x' WHERE pgh_id = %s", key)  # noqa: S608
    say("")


WAYS = [
    *[change_a_value] * 6,
    *[take_a_row_away] * 2,
    *[make_a_row_up] * 2,
    let_two_rows_change_places,
    say_that_somebody_else_did_it,
    say_that_nobody_did_it,
    change_a_digest,
    change_a_salt,
    take_a_part_away,
    take_a_seal_away,
    change_a_seal,
    change_a_row_and_its_digest,
    change_a_row_its_digest_and_every_seal,
    begin_the_chain_anew,
    cut_off_its_end,
    make_a_reason_up,
]


def unseen(count, seed):
    """Of so many tamperings, drawn by lot, those that the check does not find."""
    draw, found = random.Random(seed), []
    ways = [WAYS[number % len(WAYS)] for number in range(count)]
    for way in ways:
        with transaction.atomic():
            with as_owner(), pgtrigger.ignore():
                way(draw)
            if check().is_well:
                found.append(way.__name__)
            transaction.set_rollback(True)
    return found


def test_whatever_somebody_changes_is_found(sealed):
    missed = unseen(len(WAYS), seed=10)
    assert missed == []
    assert check().faults == []


@pytest.mark.long
def test_two_hundred_tamperings_are_found(sealed):
    missed = unseen(TAMPERINGS, seed=200)
    record(
        "T10",
        "{tried} random tamperings with a sealed history by somebody with all rights, {found} found",
        tried=TAMPERINGS,
        found=TAMPERINGS - len(missed),
    )
    assert missed == []


def test_without_what_left_the_database_a_chain_made_anew_would_be_believed(sealed, settings):
    """The control: this is what the file, the log and the witnesses are for."""
    settings.SEAL_JOURNAL = None
    draw = random.Random(1)
    kept = [(link.number, link.digest) for link in Seal.objects.all()]
    with as_owner(), pgtrigger.ignore():
        change_a_row_its_digest_and_every_seal(draw)
    assert check().is_well
    assert not check(kept).is_well


# What the law changes


@pytest.fixture
def erased(sealed, office, administrator):
    """The administrator's word stands with it: two people asked and confirmed."""
    asked = erasing.ask(subjects()["colleague"], sealed.people["chair"], because="They asked.", by=office, at=NOW)
    return SimpleNamespace(was=sealed.people["chair"], record=erasing.confirm(asked, by=administrator, at=NOW))


def test_an_erasure_is_explained_by_its_key_and_by_nobodys_name(erased):
    found = check()
    assert (found.faults, list(found.explained)) == ([], [f"erasure {erased.record.pk}"])
    assert found.explained.total() > 2
    outside.tell(seal(**AT_ONCE))
    assert check().faults == []
    parts = SealedRows.objects.filter(kind=SealedRows.Kind.CHANGED)
    assert {part.because for part in parts} == {f"erasure {erased.record.pk}"}


def test_after_an_erasure_nobody_can_find_out_by_guessing_what_stood_there(sealed, office, administrator):
    """Whoever knows every other word of the row and tries out names needs the salt, and that is gone."""
    events = event_models()[User]
    key = events.objects.filter(pgh_obj_id=sealed.people["chair"].pk).order_by("pgh_id").first().pgh_id
    part = SealedRows.objects.get(events=events._meta.db_table, ids__contains=[key])
    place = part.ids.index(key) * rows.SALT
    before = bytes(part.salts)[place : place + rows.SALT]
    asked = erasing.ask(subjects()["colleague"], sealed.people["chair"], because="They asked.", by=office, at=NOW)
    erasing.confirm(asked, by=administrator, at=NOW)
    part.refresh_from_db()
    assert (before == rows.WIPED, bytes(part.salts)[place : place + rows.SALT] == rows.WIPED) == (False, True)


def test_a_row_that_is_changed_again_after_an_erasure_is_found(erased):
    with as_owner(), pgtrigger.ignore():
        ask("UPDATE partnership_userevent SET name = 'x' WHERE pgh_obj_id = %s", erased.was.pk)
    assert {fault.partition(" ")[0] for fault in check().faults} == {"partnership_userevent"}


def test_what_is_kept_long_enough_goes_and_is_explained(sealed, office, partnership):
    with transaction.atomic():
        keeping.delete_with_history(type(sealed.people_import).objects.all(), reason="retention imports")
        faults = check().faults
        transaction.set_rollback(True)
    assert any("not known here" in fault for fault in faults)  # no run of it is written down
    keeping.apply_kind(partnership.pk, "imports", on=datetime.date(2040, 1, 1), by=office, at=NOW)
    found = check()
    assert (found.faults, list(found.explained)) == ([], ["retention imports"])


def test_what_is_changed_without_a_word_is_not_explained(sealed):
    """The control: the very same statement, once with a reason and once without."""

    def change():
        with as_owner(), pgtrigger.ignore("partnership.UserEvent:append_only"):
            ask("UPDATE partnership_userevent SET name = 'Somebody'")

    for reason, is_well in (("replay colleague", True), ("", False)):
        with transaction.atomic():
            if reason:
                with as_keeper(), because(reason):
                    change()
            else:
                change()
            assert check().is_well is is_well
            transaction.set_rollback(True)


# New versions, restored backups and the night’s work


def test_a_column_that_a_new_version_adds_breaks_no_seal(sealed):
    with as_owner():
        ask("SET CONSTRAINTS ALL IMMEDIATE")
        ask("ALTER TABLE partnership_closureevent ADD COLUMN colour text NOT NULL DEFAULT 'red'")
    assert check().faults == []


def test_rows_whose_column_is_gone_are_said_to_be_unreadable_and_sealed_again(sealed):
    count = ask("SELECT count(*) FROM partnership_closureevent")[0][0]
    with as_owner():
        ask("SET CONSTRAINTS ALL IMMEDIATE")
        ask("ALTER TABLE partnership_closureevent RENAME COLUMN title TO name")
    found = check()
    assert (found.faults, found.unreadable, count > 0) == ([], count, True)
    assert len(seal(**AT_ONCE)) == 1
    assert seal(**AT_ONCE) == []
    outside.tell(Seal.objects.all())
    assert (check().faults, check().unreadable) == ([], 0)
    with as_owner(), pgtrigger.ignore():
        ask("UPDATE partnership_closureevent SET name = 'x'")
    assert check().fault_count == count


def test_after_a_backup_was_put_back_the_time_that_is_lost_is_no_longer_asked_for(sealed):
    with as_owner(), pgtrigger.ignore():
        Seal.objects.filter(number=2)._raw_delete("default")
        SealedRows.objects.filter(pk__gt=Seal.objects.get(number=1).through)._raw_delete("default")
    assert "after_restore" in check().faults[0]
    assert outside.forget_after_restore(at=NOW) == 1
    outside.tell(seal(**AT_ONCE))
    assert check().faults == []


def test_the_night_seals_checks_and_tells_the_witnesses(sealed, settings, mailoutbox):
    settings.HISTORY_WITNESSES = ["dpo@example.org"]
    seal_history()
    last = Seal.objects.last()
    assert Heartbeat.objects.get(name="history").outcome == {"seals": 2, "rows": check().rows, "faults": 0}
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["dpo@example.org"], "Seal 2 of the history")
    assert f"--known {last.number}:{last.digest}" in mail.body


def test_the_night_raises_the_alarm(sealed, settings, mailoutbox, caplog):
    settings.HISTORY_WITNESSES = ["dpo@example.org"]
    with as_owner(), pgtrigger.ignore():
        Partnership.pgh_event_model.objects.update(introduction="Never said")
    seal_history()
    errors = [line.getMessage() for line in caplog.records if line.levelname == "ERROR"]
    assert len(errors) == Heartbeat.objects.get(name="history").outcome["faults"] > 2
    assert mailoutbox[0].subject == "The history is not as it was sealed"
    assert "Never said" not in mailoutbox[0].body + str(errors)


def test_the_command_says_what_is_wrong_and_ends_with_an_error(sealed, capsys):
    last = Seal.objects.last()
    call_command("verify_history", known=[f"{last.number}:{last.digest}"])
    assert capsys.readouterr().out.endswith("All of it is as it was sealed.\n")
    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify_history", known=[f"{last.number}:{'0' * 64}"])
    with pytest.raises(CommandError, match="is no seal"):
        call_command("verify_history", known=["yesterday"])
