"""T10: every change of a row that matters has its entry in the history, with whoever made it, and no entry changes.

Each test of these folders is a witness too: ``conftest.py`` holds what its transaction wrote against the history.
"""

import re

import pghistory
import pgtrigger
import pytest
from celery import Task
from django.db import connection, transaction
from django.urls import reverse

from partnership import middleware
from partnership import tasks as our_tasks
from partnership.celery import app
from partnership.models import Contribution
from partnership.roles import event_tables
from partnership.worker import NamedInHistory
from plans.models import Deliverable
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import MOVED, OK
from tests.guarantees.figures import record
from tests.guarantees.headers import SECRET_ADDRESSES
from tests.guarantees.histories import WITHOUT_HISTORY, histories, now_is, rows_touched, tables, unsaid
from tests.guarantees.walks import browser
from tests.ownership import as_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_is_watched")]

ROOMS = ("partnership", "plans", "reviews", "training", "assurance")


def unsaid_of(work):
    """What the history does not say of what ``work()`` does; it is undone."""
    with transaction.atomic():
        before, since = rows_touched(), now_is()
        work()
        found = unsaid(before, since=since)[0]
        transaction.set_rollback(True)
    return found


# Which tables


def test_every_table_has_a_history_or_a_reason_why_it_has_none():
    of_records, of_events = tables()
    recorded = set(histories())
    assert {
        "neither": of_records - recorded - set(WITHOUT_HISTORY),
        "both": recorded & set(WITHOUT_HISTORY),
        "gone": (recorded | set(WITHOUT_HISTORY)) - of_records,
    } == {"neither": set(), "both": set(), "gone": set()}
    record(
        "T10",
        "{recorded} tables with a history, {reasoned} with a reason why not, {neither} without either",
        recorded=len(recorded),
        reasoned=len(WITHOUT_HISTORY),
        neither=0,
    )


def test_what_is_said_to_be_refused_is_refused_by_a_trigger():
    """A reason of ``WITHOUT_HISTORY`` that names the database is true of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgenabled = 'O' AND NOT tgisinternal")
        guarded = {table for (table,) in cursor.fetchall()}
    said = {table for table, reason in WITHOUT_HISTORY.items() if "refuses" in reason}
    assert said - guarded == set()


def test_no_event_can_be_changed_or_taken_away(world):
    """By the triggers alone, whoever asks; ``test_row_security.py`` asks in the product’s own role."""
    changed, tried = [], 0
    for events in histories().values():
        rows = events.objects.all()
        if not rows.exists():
            continue
        for change in (lambda: rows.update(pgh_label="other"), rows.delete):  # noqa: B023 called at once
            tried += 1
            try:
                with as_owner(), transaction.atomic():
                    change()
                changed.append(events._meta.db_table)
            except Exception as refusal:
                if not re.search("Cannot (update|delete)|permission denied", str(refusal)):
                    raise
    assert changed == []
    assert tried > 100
    record("T10", "{tried} tries to change or delete events of every table, {kept} refused", tried=tried, kept=tried)


# Whether all of it is told


def test_a_bulk_update_raw_sql_and_what_is_undone_are_told(led_deliverable):
    def work():
        Deliverable.objects.filter(pk=led_deliverable.pk).update(title="By one statement")
        with transaction.atomic():
            led_deliverable.delete()
            transaction.set_rollback(True)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE plans_deliverable SET title = 'By hand' WHERE id = %s", [led_deliverable.pk])

    assert unsaid_of(work) == []


def test_a_change_that_the_history_misses_is_found(led_deliverable):
    """The control: a trigger that looks away."""

    def work():
        with pgtrigger.ignore("plans.Deliverable:update_update"):
            Deliverable.objects.filter(pk=led_deliverable.pk).update(title="Unseen")

    assert unsaid_of(work) == ["plans_deliverable: 1 rows are not as their last event says"]


def test_a_row_put_in_or_taken_out_unseen_is_found(meddles_with_history, budget):
    """The control: a trigger that was switched off."""

    def work():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE partnership_contribution DISABLE TRIGGER USER")
        row = budget.contributions.get()
        row.delete()
        Contribution.objects.bulk_create([row])

    assert unsaid_of(work)[0] == "partnership_contribution: 1 in, 0 changed, 1 out, 0 events"


# Whoever did it


def last_events():
    """{table of events: the number of its last}."""
    numbers = [f"SELECT '{table}', max(pgh_id) FROM {table}" for table in sorted(event_tables())]  # noqa: S608 ours
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(numbers))
        return {table: number or 0 for table, number in cursor.fetchall()}


def people_in_history(before):
    """{table: by whom its events were written since ``last_events`` gave ``before``}, by the history's own words."""
    found, now = {}, last_events()
    for table, events in histories().items():
        if now[events._meta.db_table] > before[events._meta.db_table]:
            rows = events.objects.filter(pgh_id__gt=before[events._meta.db_table])
            metadata = rows.values_list("pgh_context__metadata", flat=True)
            found[table] = {(each or {}).get("user") or (each or {}).get("task") for each in metadata}
    return found


def test_what_somebody_changes_stands_with_their_name_and_the_page(client_of, office, led_deliverable):
    before = last_events()
    page = reverse("plans:milestone-meet", args=[led_deliverable.activities.get(position=2).milestones.get().pk])
    client_of(office).post(page)
    found = people_in_history(before)
    assert found == dict.fromkeys(found, {office.pk})
    assert "plans_milestone" in found
    context = pghistory.models.Context.objects.order_by("created_at").last()
    assert (context.metadata["path"], context.created_at.tzinfo is not None) == (page, True)


def secrets_told(world):
    """The doors with a secret in their address whose secret stands in the history after somebody pressed there."""
    told, client = [], browser(world, "anonymous")
    for door in DOORS:
        if door.name not in SECRET_ADDRESSES or door.post["anonymous"] not in {OK, MOVED}:
            continue
        place = door.place(world)
        with transaction.atomic():
            client.post(reverse(door.name, kwargs=place), {"csrfmiddlewaretoken": "", **door.body(world)})
            kept = " ".join(str(context.metadata) for context in pghistory.models.Context.objects.all())
            told += [str(door) for secret in place.values() if len(str(secret)) >= 24 and str(secret) in kept]
            transaction.set_rollback(True)
    return told


def test_no_secret_of_a_signed_address_stands_in_the_history(world):
    assert secrets_told(world) == []


def test_a_secret_in_the_history_is_found(world, monkeypatch):
    monkeypatch.setattr(middleware, "masked", lambda path: path)
    assert secrets_told(world) != []


def tasks_of_ours():
    app.finalize()
    return {name: task for name, task in app.tasks.items() if name.startswith(ROOMS)}


def test_every_task_of_the_worker_writes_under_its_name():
    app.loader.import_default_modules()
    found = tasks_of_ours()
    assert len(found) > 20
    assert [name for name, task in found.items() if not isinstance(task, NamedInHistory)] == []
    names = [name.rpartition(".")[2] for name in found]
    assert len(names) == len(set(names))


def test_what_a_task_writes_says_which_task(world):
    before = last_events()
    our_tasks.send_reminders()
    found = people_in_history(before)
    assert found == dict.fromkeys(found, {"send_reminders"})
    assert len(found) >= 1


def test_without_its_name_a_task_would_be_nobody(led_deliverable):
    """The control: the very same task, as Celery alone would call it."""

    @app.task(name="partnership.tasks.retitle", shared=False)
    def retitle(title):
        Deliverable.objects.filter(pk=led_deliverable.pk).update(title=title)

    before = last_events()
    Task.__call__(retitle, "By nobody")
    assert people_in_history(before) == {"plans_deliverable": {None}}
    retitle("By a task")
    assert people_in_history(before) == {"plans_deliverable": {None, "retitle"}}
    app.tasks.pop("partnership.tasks.retitle")
