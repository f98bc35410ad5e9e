"""T5, T22: Where one machine is outgrown: files in a bucket, a copy of the database, and workers for each kind of work.

Each on the estate, with the real thing beside it: a server that speaks S3, a PostgreSQL that streams from the first,
and workers that take from queues of their own.
"""

import re
import subprocess
import time
from contextlib import closing

import psycopg2
import pytest

from partnership import embedded
from partnership.operations.neighbours import BUCKET, COPY
from tests.faults.conftest import wait_for
from tests.faults.estate import OFFICE, PARTNER
from tests.faults.estate_parts import PostgreSQL
from tests.guarantees.figures import record
from tests.object_server import object_server

pytestmark = pytest.mark.long

PUBLIC = ["/p/{slug}/", "/p/{slug}/plan/", "/p/{slug}/structure/", "/p/{slug}/meetings/", "/p/{slug}/reports/"]
LATEST = 20  # seconds after which a public page shows what was changed, however late the copy is
REPORTS = 12

FIRST_SLUG = "from partnership.models import Partnership; print('slug', Partnership.objects.order_by('pk')[0].slug)"
CAUGHT_UP = """
from partnership.models import Area
from partnership.replica_reading import caught_up
def read():
    found = Area.objects.filter(code="CAUGHT").first()
    return found and found._state.db
Area.objects.create(name="CAUGHT", code="CAUGHT")
print("read", caught_up(read))
"""
LOOK = """
from django.utils import timezone
from partnership.operations import neighbours
found = neighbours.look(at=timezone.now())
print("found", found.get({name!r}, "well").partition(" ")[0])
"""
FILES_OF = "from partnership.models import BoardPack; print('kept', BoardPack.objects.get(pk={key!r}).pdf.key)"
MANY_REPORTS = """
import time
from assurance.models import AnnualReport
from assurance.tasks import build_report
from partnership.models import User
from partnership.tasks import send_account_mail
report, person = AnnualReport.objects.order_by("pk")[0], User.objects.order_by("pk")[0]
builds = [report.builds.create(requested_by=person, number=900 + n) for n in range({count})]
for build in builds:
    build_report.delay(str(build.pk))
mail = ["Your code waits for nobody", "1234", "somebody@example.org"]
send_account_mail.apply_async(mail, queue={queue!r})
print("asked", time.time())
"""
DONE = """
from assurance.models import ReportBuild
print("done", ReportBuild.objects.filter(number__gte=900).done().count())
"""


def ask(server, words, *values):
    with closing(psycopg2.connect(server.url("postgres"))) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(words, values)
            return cursor.fetchone() if cursor.description else None


def shell(estate, words):
    said = estate.run("manage", "shell", "-c", words)
    return dict(re.findall(r"^(\w+) (\S+)$", said, re.MULTILINE))


# A copy of the database


@pytest.fixture
def followed(make_estate):
    """(the estate, the PostgreSQL that follows its own)."""
    estate = make_estate(is_started=False)
    estate.postgres.start()
    replica = PostgreSQL(estate.folder / "replica", estate.watcher)
    follow(estate.postgres, replica)
    replica.start()
    # Each page is made anew, or there would be little to read from the copy.
    estate.extra = {**estate.extra, "DATABASE_REPLICA_URL": replica.url(embedded.APP), "PUBLIC_PAGES_KEPT": "0"}
    estate.postgres.stop()
    estate.start()
    wait_for(lambda: ask(estate.postgres, "SELECT count(*) FROM pg_stat_replication")[0] == 1, "it follows")
    yield estate, replica
    replica.stop("immediate")


def follow(server, replica):
    """Make the files of ``replica`` as a copy of ``server`` that goes on following it."""
    embedded._make_folder(replica.folder, server.account)
    subprocess.run(
        [
            server.programs.path("pg_basebackup"),
            *("-D", replica.folder / "cluster", "-d", f"host={server.sockets} user=postgres"),
            *("--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast"),
        ],
        check=True,
        capture_output=True,
        cwd="/",
        **embedded._as_account(server.account),
    )


def transactions(server):
    """How many the database has ended, but for those of whoever asks."""
    time.sleep(12)  # a connection at rest tells of its last ones ten seconds late
    return ask(server, "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'planner'")[0]


def found_of(estate, name):
    """What a worker finds of the copy or of the bucket."""
    return shell(estate, LOOK.format(name=name))["found"]


def ask_all(client, addresses, times):
    return [client.get(address).status for _ in range(times) for address in addresses]


def test_public_pages_are_read_from_a_copy_that_follows_and_from_the_first_where_it_does_not(followed):
    estate, replica = followed
    slug = shell(estate, FIRST_SLUG)["slug"]
    addresses = [address.format(slug=slug) for address in PUBLIC]
    public, office = estate.client(), estate.client(OFFICE)
    assert set(ask_all(public, addresses, 2)) == {200}

    before = transactions(replica)
    assert set(ask_all(estate.client(), addresses, 6)) == {200}
    for_public = transactions(replica) - before
    assert for_public > len(addresses) * 6

    before = transactions(replica)
    signed_in = ["/my-work/", "/plans/", "/meetings/", "/reports/", "/people/"]
    assert set(ask_all(office, signed_in, 4) + ask_all(office, addresses, 2)) == {200}
    assert transactions(replica) - before < 10

    assert shell(estate, CAUGHT_UP)["read"] == "replica"
    assert found_of(estate, COPY) == "well"

    seconds = lag(estate, replica, slug)
    assert seconds < LATEST
    assert shell(estate, CAUGHT_UP.replace("CAUGHT", "BEHIND"))["read"] == "default"
    assert found_of(estate, COPY) == "behind"
    ask(replica, "SELECT pg_wal_replay_resume()")

    replica.stop("immediate")
    assert set(ask_all(estate.client(), addresses, 6)) == {200}
    assert found_of(estate, COPY) == "away"
    replica.start()
    ask(replica, "SELECT pg_promote(false)")  # one that waits is cancelled by what is still replayed
    wait_for(lambda: not ask(replica, "SELECT pg_is_in_recovery()")[0], "it follows nobody")
    assert found_of(estate, COPY) == "alone"
    rename(estate.postgres, slug, "Only the first one knows")
    time.sleep(LATEST)
    assert "Only the first one knows" in estate.client().get(addresses[0]).text
    record(
        "T22",
        "{reads} transactions of {pages} public pages on a copy of the database, 0 of pages behind a sign-in; "
        "where it stopped following, the first one answered after {worst_seconds} s, and 0 pages failed when it fell",
        reads=for_public,
        pages=len(addresses) * 6,
        worst_seconds=round(seconds, 1),
    )


def lag(estate, replica, slug):
    """Seconds for which a public page still showed the old name once the copy had stood still."""
    ask(replica, "SELECT pg_wal_replay_pause()")
    rename(estate.postgres, slug, "Renamed meanwhile")
    began = time.monotonic()
    address = f"/p/{slug}/"
    wait_for(lambda: "Renamed meanwhile" in estate.client().get(address).text, "the page shows the new name")
    return time.monotonic() - began


def rename(server, slug, name):
    with closing(psycopg2.connect(server.url("postgres"))) as link:
        with link.cursor() as cursor:
            cursor.execute("UPDATE partnership_partnership SET name = %s WHERE slug = %s", [name, slug])
        link.commit()


# Files in a bucket


@pytest.fixture
def bucket():
    with object_server() as server:
        yield server


def ask_for_pack(office):
    """The address of a board pack that was just asked for."""
    meeting = re.search(r"/meetings/(\d+)/", office.get("/meetings/").text)[1]
    return office.post(f"/meetings/{meeting}/packs/", {}).headers["Location"]


def test_documents_stand_in_a_bucket_and_wait_while_it_is_away(make_estate, bucket):
    estate = make_estate(environment=bucket.environment)
    office, partner = estate.client(OFFICE), estate.client(PARTNER)
    pack = ask_for_pack(office)
    wait_for(lambda: office.get(f"{pack}pdf/").status == 200, "the pack is made")
    whole = office.get(f"{pack}pdf/")
    key = shell(estate, FILES_OF.format(key=pack.strip("/").rpartition("/")[2]))["kept"]
    assert bucket.objects()[key] == whole.body
    assert bucket.url not in str(whole.headers)
    assert partner.get(f"{pack}pdf/").status in {200, 403, 404}

    assert found_of(estate, BUCKET) == "well"

    bucket.stop()
    assert found_of(estate, BUCKET) == "away"
    away = office.get(f"{pack}pdf/")
    assert (away.status, office.get(pack).status) == (503, 200)
    again = ask_for_pack(office)
    time.sleep(20)
    assert office.get(f"{again}pdf/").status == 302  # it is not made, and not given up
    bucket.start()
    began = time.monotonic()
    wait_for(lambda: office.get(f"{again}pdf/").status == 200, "the second is made when the bucket is back")
    seconds = time.monotonic() - began
    assert office.get(f"{pack}pdf/").body == whole.body
    record(
        "T5",
        "the bucket of files away for 20 s: downloads answered 503 in {away_seconds} s, pages went on, and the "
        "document asked for meanwhile stood there {worst_seconds} s after its return",
        away_seconds=round(away.seconds, 1),
        worst_seconds=round(seconds, 1),
    )


# Workers


def seconds_until_mail(estate):
    """(seconds from when it was asked for, how many reports were made by then, or a little later)."""
    said = shell(estate, MANY_REPORTS.format(count=REPORTS, queue="mail"))
    wait_for(lambda: any("Your code waits" in mail for mail in estate.mail.taken), "the mail is there")
    return time.time() - float(said["asked"]), int(shell(estate, DONE)["done"])


def test_a_mail_does_not_wait_for_documents(make_estate):
    estate = make_estate(workers=1, environment={"WORKER_CONCURRENCY": "1"})
    estate.worker[0].stop()
    for name, queues in {"mail": "mail,celery", "documents": "documents", "long": "long"}.items():
        part = estate.part(f"worker-{name}", "worker", "--hostname", f"{name}@estate", "--queues", queues)
        estate.worker.append(part)
        part.start()
    time.sleep(15)  # until they listen
    seconds, done = seconds_until_mail(estate)
    assert done < REPORTS
    record(
        "T22",
        "a code by mail {worst_seconds} s after {reports} annual reports were asked for, {done} of which were made by "
        "then",
        worst_seconds=round(seconds, 1),
        reports=REPORTS,
        done=done,
    )


def test_control_in_one_queue_it_waits_for_the_last(make_estate):
    """The same words in the queue of the reports, one worker: the mail comes after what was asked for before it."""
    estate = make_estate(workers=1, environment={"WORKER_CONCURRENCY": "1"})
    time.sleep(10)
    shell(estate, MANY_REPORTS.format(count=3, queue="documents"))
    wait_for(lambda: any("Your code waits" in mail for mail in estate.mail.taken), "the mail is there")
    assert int(shell(estate, DONE)["done"]) >= 3
