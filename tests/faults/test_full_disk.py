"""T5: a disk without a byte left: nothing that was acknowledged is lost, everybody is told, and room is all it takes.

All that the estate has stands on one small disk, as on a machine whose volumes share one: the database and its log,
Redis's file, uploads on their way through the proxy and the web server, what is published, and every log.
"""

import contextlib
import os
import re
import time
from collections import Counter
from io import BytesIO

import pikepdf
import psycopg2
import pytest

from partnership.operations.signs import LEAST_ROOM
from tests.faults.estate import ADMINISTRATOR, OFFICE
from tests.faults.estate_client import TOKEN, Client
from tests.faults.writers import NOT_SAVED, PERHAPS, SAVED, faults_of, stored_in
from tests.guarantees.figures import record
from tests.paper_samples import tagged_pdf

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("mounts")]

MEGABYTES = 700
SECONDS_WITHOUT_ROOM = 15
ALMOST_FULL = "are free on the disk of DATA_DIR"
MONITOR = "made-up-for-the-monitor-of-this-test-0123456789"


@pytest.fixture
def small(make_estate):
    return make_estate(megabytes=MEGABYTES, environment={"MONITOR_TOKEN": MONITOR})


def restarted(part):
    """As the containers' ``restart: unless-stopped``: who has ended is begun again."""
    if not part.is_up:
        part.start()


def share_free(estate):
    """What Prometheus reads of the disk; the alarm and the page have one limit."""
    said = estate.client().get("/metrics", Authorization=f"Bearer {MONITOR}").text
    return float(re.search(r"^planner_disk_free_ratio (\S+)$", said, re.MULTILINE)[1])


def another_segment(estate):
    """Ask PostgreSQL for the next file of its log, for which there is no room: the worst place to be without."""
    with (
        contextlib.suppress(psycopg2.Error),
        contextlib.closing(psycopg2.connect(estate.postgres.url("postgres"))) as link,
    ):
        link.autocommit = True
        for _ in range(8):
            link.cursor().execute("SELECT pg_switch_wal(), pg_logical_emit_message(true, 'test', repeat('x', 100000))")


def test_while_no_disk_has_room_nothing_acknowledged_is_lost(small, writing):
    office = small.client(OFFICE)
    seen = []

    def without_room():
        small.disk.fill()
        until = time.monotonic() + SECONDS_WITHOUT_ROOM
        while time.monotonic() < until:
            small.disk.fill()
            seen.append(office.get("/my-work/").status)
            time.sleep(0.5)

    def of_all():
        without_room()
        small.disk.make_room()

    def of_the_log():
        small.disk.fill()
        another_segment(small)
        without_room()
        small.disk.make_room()
        restarted(small.postgres)

    assert share_free(small) > LEAST_ROOM
    told, recovered = writing(small, [("the disk was full", of_all), ("the log's disk was full", of_the_log)])
    parts = [*small.web, *small.worker, small.beat, small.proxy, small.redis, small.postgres]
    assert [part for part in parts if not part.is_up] == []
    stored, by_answer = stored_in(small), Counter(told.values())
    assert faults_of(told, stored, recovered) == {}
    assert set(seen) <= {200, 503} and 200 in seen
    assert by_answer[NOT_SAVED] > 0
    assert share_free(small) > LEAST_ROOM
    record(
        "T5",
        "{sent:,} writes around {seconds} seconds without a byte of room: {saved:,} acknowledged and {lost} of them "
        "lost, {not_saved} told that nothing was saved, {perhaps} that nobody knows; {read} of {asked} pages could be "
        "read meanwhile; {worst_seconds} s to the next write once there was room",
        sent=len(told),
        seconds=2 * SECONDS_WITHOUT_ROOM,
        saved=by_answer[SAVED],
        lost=0,
        not_saved=by_answer[NOT_SAVED],
        perhaps=by_answer[PERHAPS],
        read=Counter(seen)[200],
        asked=len(seen),
        worst_seconds=round(max(seconds for _name, seconds in recovered), 1),
    )


def test_the_page_and_the_alarm_say_it_before_the_last_byte(small):
    administrator = small.client(ADMINISTRATOR)
    page = administrator.get("/operations/")
    assert (page.status, share_free(small) > LEAST_ROOM, ALMOST_FULL in page.text) == (200, True, False)
    small.disk.fill(leave=20 * 1024**2)
    page = administrator.get("/operations/")
    assert (page.status, share_free(small) > LEAST_ROOM, ALMOST_FULL in page.text) == (200, False, True)


# An upload


def paper(token, size):
    """The body of the form that brings a paper of about ``size`` bytes, and its header."""
    boundary = "of-this-test"
    with pikepdf.open(BytesIO(tagged_pdf())) as pdf:
        pdf.Root.Ballast = pdf.make_stream(os.urandom(size))
        content = BytesIO()
        pdf.save(content)
    parts = [
        ('name="csrfmiddlewaretoken"', token.encode()),
        ('name="title"', b"Figures of the year"),
        ('name="file"; filename="figures.pdf"', content.getvalue()),
    ]
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    )
    return body + f"--{boundary}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def door_of_papers(estate, client):
    """An agenda item to which this person may bring a paper."""
    with contextlib.closing(psycopg2.connect(estate.postgres.url("postgres"))) as link, link.cursor() as cursor:
        cursor.execute("SELECT id FROM partnership_agendaitem ORDER BY id DESC")
        doors = [f"/agenda-items/{number}/papers/add/" for (number,) in cursor]
    return next(door for door in doors if client.get(door).status == 200)


def papers_in(estate):
    with contextlib.closing(psycopg2.connect(estate.postgres.url("postgres"))) as link, link.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM partnership_paper")
        return cursor.fetchone()[0]


def test_an_upload_without_room_is_refused_in_words_and_leaves_nothing(small):
    office = small.client(OFFICE)
    behind = Client(small.web_port, office.host, address="127.0.1.1")  # past the proxy, which keeps what is sent, too
    behind.cookies = office.cookies
    door = door_of_papers(small, office)
    token = TOKEN.search(office.get(door).text)[1]
    body, head = paper(token, 4 * 1024**2)
    before = papers_in(small)
    small.disk.fill(leave=1024**2)
    answers = [client.ask("POST", door, body, **head) for client in (office, behind)]
    assert [answer.status for answer in answers] == [503, 503]
    assert (PERHAPS in answers[0].text, NOT_SAVED in answers[1].text) == (True, True)
    assert papers_in(small) == before
    assert list(small.temporary.glob("*.upload*")) == []
    small.disk.make_room()
    assert office.ask("POST", door, body, **head).status == 302
    assert papers_in(small) == before + 1
    record("T5", "an upload of 4 MB without room for it: refused in words by proxy and web server, {left} left", left=0)
