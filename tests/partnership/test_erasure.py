"""Somebody is forgotten where the law lets it, on the word of two, in the history too; what is published stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from psycopg2 import sql

from partnership.data_protection import erasing
from partnership.data_protection.map import event_models
from partnership.data_protection.subjects import subjects
from partnership.models import Attendance, Erasure, PostHolding, User
from partnership.refusals import NotNow
from partnership.sealing.chain import seal
from partnership.sealing.checking import check
from tests.factories import AttendanceFactory, MeetingFactory, PlaceFactory, UserFactory
from tests.factories_training import PractitionerFactory
from training.models import Place, Practitioner

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("today")


def erase(person, *, asker, second, kind="colleague"):
    asked = erasing.ask(subjects()[kind], person, because="They asked for it.", by=asker, at=NOW)
    return erasing.confirm(asked, by=second, at=NOW)


def everywhere(words):
    """The text columns of all tables, the history's among them, that hold these words: {(table, column)}."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
            "AND data_type IN ('text', 'character varying', 'jsonb')"
        )
        found = set()
        for table, column in cursor.fetchall():
            look = sql.SQL("SELECT 1 FROM {} WHERE {}::text ILIKE %s LIMIT 1")
            cursor.execute(look.format(sql.Identifier(table), sql.Identifier(column)), [f"%{words}%"])
            if cursor.fetchone():
                found.add((table, column))
    return found


def test_name_and_address_are_nowhere_afterwards_and_the_posts_are_still_held(lead, office, administrator):
    name, address = lead.name, lead.email
    lead.name = "Lena Married"
    lead.save()
    lead.name = name
    lead.save()
    assert ("partnership_userevent", "name") in everywhere("Lena Married")
    erased = erase(lead, asker=office, second=administrator)
    assert [everywhere(words) for words in (name, address, "Lena Married")] == [set(), set(), set()]
    lead.refresh_from_db()
    assert (lead.name, lead.is_active, erased.pseudonym) == (f"Former member {lead.pk}", False, lead.name)
    assert PostHolding.objects.filter(user=lead).exists()
    assert event_models()[User].objects.filter(pgh_obj_id=lead.pk).count() >= 3


def test_done_twice_it_is_done_once(lead, office, administrator):
    erased = erase(lead, asker=office, second=administrator)
    with pytest.raises(NotNow):
        erasing.confirm(erased, by=administrator, at=NOW)
    with pytest.raises(NotNow):
        erasing.ask(subjects()["colleague"], User.objects.get(pk=lead.pk), because="Again", by=office, at=NOW)


def test_it_takes_two(lead, office):
    asked = erasing.ask(subjects()["colleague"], lead, because="They asked.", by=office, at=NOW)
    with pytest.raises(NotNow):
        erasing.confirm(asked, by=office, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.filter(pk=asked.pk).update(confirmed_by=office, confirmed_at=NOW)


def test_a_namesakes_name_stays_and_is_left_to_a_person(lead, office, administrator, learning_group):
    UserFactory(name=lead.name, email="namesake@example.org")
    there = AttendanceFactory(meeting=MeetingFactory(group=learning_group), who=lead.name)
    erase(lead, asker=office, second=administrator)
    there.refresh_from_db()
    assert there.who != f"Former member {lead.pk}"


def test_the_name_alone_is_replaced_where_nobody_else_bears_it(lead, office, administrator, learning_group):
    there = AttendanceFactory(meeting=MeetingFactory(group=learning_group), who=lead.name)
    erase(lead, asker=office, second=administrator)
    assert Attendance.objects.get(pk=there.pk).who == f"Former member {lead.pk}"


def test_a_learner_is_forgotten_with_what_they_needed_and_their_place_counts_on(charity, office, administrator):
    learner = PractitionerFactory(name="Wanda Ashby", email="wanda@agency.example", organisation=charity)
    place = PlaceFactory(organisation=charity, practitioner=learner, person="Wanda Ashby", needs="A hearing loop")
    erase(learner, asker=office, second=administrator, kind="learner")
    assert everywhere("Wanda Ashby") == everywhere("wanda@agency") == set()
    assert Practitioner.objects.get(pk=learner.pk).job == ""
    assert Place.objects.get(pk=place.pk).needs == ""


def test_what_goes_and_what_stays_is_said_before(client, lead, office):
    client.force_login(office)
    page = client.get(f"/data-protection/people/colleague/{lead.pk}/erase/").content.decode()
    assert f"Former member {lead.pk}" in page
    assert "What stays, and why" in page


def test_the_office_asks_and_an_administrator_confirms(client, lead, office, administrator):
    client.force_login(office)
    asked = client.post(f"/data-protection/people/colleague/{lead.pk}/erase/", {"because": "She asked us."})
    assert client.post(f"{asked.url}confirm/").status_code == 403
    client.force_login(administrator)
    assert lead.name in client.get(asked.url).content.decode()
    assert client.post(f"{asked.url}confirm/").status_code == 302
    assert User.objects.get(pk=lead.pk).name == f"Former member {lead.pk}"


def test_by_day_and_by_the_page_the_seal_over_the_history_knows_of_it_at_once(client, lead, office, administrator):
    lead.name = "Lena Married"
    lead.save()
    seal(at=NOW, age=timedelta(0), patience=0)
    client.force_login(office)
    asked = client.post(f"/data-protection/people/colleague/{lead.pk}/erase/", {"because": "She asked us."})
    client.force_login(administrator)
    client.post(f"{asked.url}confirm/")
    found = check()
    assert (found.faults, list(found.explained)) == ([], [f"erasure {Erasure.objects.get().pk}"])
    assert found.explained.total() > 2


def test_an_administrator_is_not_erased_by_an_office(client, administrator, office):
    client.force_login(office)
    assert client.get(f"/data-protection/people/colleague/{administrator.pk}/erase/").status_code in {403, 404}


def test_a_backup_that_is_put_back_does_not_bring_them_back(lead, office, administrator, settings, tmp_path, capsys):
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    name, address = lead.name, lead.email
    erase(lead, asker=office, second=administrator)
    assert name not in settings.ERASURE_LOG.read_text()
    User.objects.filter(pk=lead.pk).update(name=name, email=address, is_active=True)
    call_command("replay_erasures")
    assert "Erased again: 1" in capsys.readouterr().out
    assert User.objects.get(pk=lead.pk).name == f"Former member {lead.pk}"
    call_command("replay_erasures")
    assert "Erased again: 0" in capsys.readouterr().out


def test_a_log_with_a_broken_line_is_read_to_its_end(db, settings, tmp_path, capsys):
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    settings.ERASURE_LOG.write_text('{"kind": "colleague", "key": "0"}\n{"kind": "coll')
    call_command("replay_erasures")
    assert "could not be read: 1" in capsys.readouterr().out


def test_history_is_still_for_nobody_to_change(lead, office, administrator):
    erase(lead, asker=office, second=administrator)
    with pytest.raises(Exception, match="Cannot update|append|permission"), transaction.atomic():
        event_models()[User].objects.filter(pgh_obj_id=lead.pk).update(name="Somebody")
