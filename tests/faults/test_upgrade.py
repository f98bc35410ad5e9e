"""T21: a new version comes in while people work: nobody is refused, nothing typed is lost, no row is changed.

The version of before is the newest tag, or what UPGRADE_FROM names; while there is none, what the project was before
its last migration. It makes the tables and the sample, serves them, and goes on serving while the new version comes in
by its own deployment/upgrade.sh, run word for word on the estate. Whoever is signed out by it counts as refused: a
session names the backend that began it, so one that is renamed ends them all.
"""

import os
import subprocess
import sys
import threading
import time
from contextlib import closing

import psycopg2
import pytest
from psycopg2 import sql

from tests.faults.estate import CHAIR, OFFICE, PARTNER, PROJECT
from tests.faults.estate_compose import Compose
from tests.faults.load import Load
from tests.faults.locks import LockWatch
from tests.guarantees.figures import record
from tests.test_containers import STEPS

pytestmark = pytest.mark.long

PAGES = {
    OFFICE: ["/my-work/", "/desk/", "/plans/", "/posts/", "/people/", "/meetings/", "/reports/"],
    CHAIR: ["/my-work/", "/meetings/", "/plans/", "/groups/"],
    PARTNER: ["/my-work/", "/plans/"],
    "": ["/", "/sign-in/", "/accessibility/"],
}
EACH_PHASE = 25  # requests at least
LONGEST_SHUT = 10  # seconds: a page waits for a table no longer than it may wait for anything
# What a job, a session or the migration itself writes.
NOT_COMPARED = {"django_migrations", "django_content_type", "auth_permission", "partnership_heartbeat"}


def git(*words):
    answer = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def version_before():
    """The commit that stands for it, or nothing where there is no history."""
    named = os.environ.get("UPGRADE_FROM") or git("describe", "--tags", "--abbrev=0")
    newest_migration = git("log", "-1", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py")
    return named or (git("rev-parse", f"{newest_migration}~1") if newest_migration else "")


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A checkout of the version before, with the packages and the style sheet of this one."""
    commit = version_before()
    if not commit:
        pytest.skip("needs the project's history")
    folder = tmp_path_factory.mktemp("before")
    archive = subprocess.run(["git", "archive", commit], cwd=PROJECT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    (folder / ".venv").unlink(missing_ok=True)
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    subprocess.run(["cp", "-r", PROJECT / "static" / "build", folder / "static" / "build"], check=True)
    return folder


def test_a_new_version_comes_in_while_everybody_works(make_estate, before, capsys):
    estate = make_estate(project=before)
    people = {email: estate.client(email) for email in PAGES}
    refused = [
        (email, page, answer.status)
        for email, pages in PAGES.items()
        for page in pages
        if (answer := people[email].get(page)).status != 200
    ]
    assert refused == []
    load = Load([(people[email], pages) for email, pages in PAGES.items()], estate.client(OFFICE))
    watch, asked = LockWatch(estate.postgres.url("postgres")), []
    with load.going_on(), watch.going_on():
        load.wait_for_more(EACH_PHASE)
        for words in Compose(estate, PROJECT).upgrade():
            asked.append(words)
            load.wait_for_more(EACH_PHASE)
            load.phase = words
        load.wait_for_more(EACH_PHASE)
    assert asked == STEPS
    with closing(psycopg2.connect(estate.postgres.url("postgres"))) as link, link.cursor() as cursor:
        cursor.execute("SELECT title FROM partnership_post WHERE title LIKE 'Post of turn %'")
        stored = [title for (title,) in cursor.fetchall()]
    with capsys.disabled():
        sys.stdout.write(
            f"\nUpgrade under load: {load.counts.total()} requests, {len(load.failures)} failed; "
            f"{len(load.acknowledged)} posts acknowledged, {len(stored)} stored; by phase {dict(load.counts)}; "
            f"slowest {', '.join(f'{phase} {seconds:.1f} s' for phase, seconds in load.slowest.items())}; "
            f"{len(watch.tables)} tables shut, none for longer than {watch.seconds:.2f} s\n"
        )
    record(
        "T21",
        "Web servers replaced under load: {requests} requests, {failed} failed, {lost} of what was acknowledged lost",
        requests=load.counts.total(),
        failed=len(load.failures),
        lost=len(load.acknowledged - set(stored)),
    )
    record(
        "T21",
        "Migrating under load no table was shut for longer than {worst_shut} s and nobody waited longer than "
        "{worst_waited} s for a lock, in {looks:,} looks",
        worst_shut=round(watch.seconds, 2),
        worst_waited=round(watch.waited, 2),
        looks=watch.looks,
    )
    assert (watch.seconds < LONGEST_SHUT, watch.waited < LONGEST_SHUT) == (True, True)
    assert load.failures == []
    assert load.acknowledged <= set(stored) <= load.sent
    assert len(stored) == len(set(stored))
    assert min(load.counts.values()) >= EACH_PHASE
    assert load.acknowledged
    control_both_halves_at_once_are_missed(estate)


def test_control_a_table_that_is_shut_is_seen(make_estate):
    estate = make_estate(sample=False, is_started=False)
    estate.postgres.start()
    url = estate.postgres.url("postgres")
    watch = LockWatch(url)
    with watch.going_on(), closing(psycopg2.connect(url)) as link, link.cursor() as cursor:
        cursor.execute("LOCK TABLE partnership_area IN ACCESS EXCLUSIVE MODE")
        reader = threading.Thread(target=ask, args=(url, "SELECT count(*) FROM partnership_area"))
        reader.start()
        time.sleep(2)
        link.rollback()
        reader.join()
    assert (watch.tables, watch.seconds > 1.5, watch.waited > 1) == (["partnership_area"], True, True)


def ask(url, words):
    with closing(psycopg2.connect(url)) as link, link.cursor() as cursor:
        cursor.execute(words)


def control_both_halves_at_once_are_missed(estate):
    """What the load must notice: nobody answers. The proxy's own page then says so, and promises nothing."""
    load = Load([(estate.client(OFFICE), PAGES[OFFICE])], estate.client(OFFICE))
    with load.going_on():
        load.wait_for_more(3)
        for web in estate.web:
            web.kill()
        load.wait_for_more(3)
        page = estate.client().get("/")
        for web in estate.web:
            web.start()
    assert load.failures != []
    assert (page.status, page.headers["Retry-After"], "Nobody answers just now" in page.text) == (503, "10", True)


def test_forward_backward_and_forward_again_no_column_of_before_is_changed(make_estate, before, capsys):
    estate = make_estate(project=before, is_started=False)
    estate.postgres.start()
    leaves = applied(estate)
    was = columns(estate)
    estate.project = PROJECT
    estate.run("migrate")
    forward = columns(estate)
    for app, name in leaves.items() - applied(estate).items():
        estate.run("manage", "migrate", app, name, MODE="production")
    backward = columns(estate)
    estate.run("migrate")
    again = columns(estate)
    differing = {
        what: sorted(key for key in was if now.get(key) != was[key])
        for what, now in {"forward": forward, "backward": backward, "again": again}.items()
    }
    with capsys.disabled():
        sys.stdout.write(f"\nForward, backward, forward: {len(was)} columns, differing {differing}\n")
    record(
        "T21",
        "{columns} columns forward, backward and forward, {changed} changed",
        columns=len(was),
        changed=len(differing["forward"]) + len(differing["again"]),
    )
    assert differing == {"forward": [], "backward": [], "again": []}
    assert set(backward) == set(was)


def applied(estate):
    """{app: its last migration}, of the apps that are ours."""
    with closing(psycopg2.connect(estate.postgres.url("postgres"))) as link, link.cursor() as cursor:
        cursor.execute(
            "SELECT app, max(name) FROM django_migrations "
            "WHERE app IN ('partnership', 'plans', 'reviews', 'training', 'assurance') GROUP BY app"
        )
        return dict(cursor.fetchall())


def columns(estate):
    """{(table, column): the checksum of all its values}; the order is the rows' own."""
    found = {}
    with closing(psycopg2.connect(estate.postgres.url("postgres"))) as link, link.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
        )
        for table, column in cursor.fetchall():
            if table not in NOT_COMPARED:
                values = sql.SQL("md5({}::text)").format(sql.Identifier(column))
                question = sql.SQL("SELECT count(*), md5(string_agg({0}, '' ORDER BY {0})) FROM {1}")
                cursor.execute(question.format(values, sql.Identifier(table)))
                found[table, column] = cursor.fetchone()
    return found
