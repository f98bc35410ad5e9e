"""T22: Load: the people of many partnerships at their pages, four in five requests reading, while documents are made.

Locust asks the estate through its proxy: nginx, two web servers, a worker, PostgreSQL and Redis, on this machine
together with whoever asks. What people waited for is told as percentiles; what it cost as processor time, from which
another machine can be reckoned and which a busy one does not spoil. More people, for longer, of a whole nation:

    LOAD=500x180 LOAD_PARTNERSHIPS=150 ./run faults tests/faults/test_load.py
"""

import csv
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.faults.conftest import wait_for
from tests.faults.estate import HOST
from tests.faults.estate_client import Client
from tests.guarantees.figures import record

pytestmark = pytest.mark.long

PEOPLE, SECONDS = map(int, os.environ.get("LOAD", "100x60").split("x"))
PARTNERSHIPS = int(os.environ.get("LOAD_PARTNERSHIPS", "4"))
DOCUMENTS = 10
WHO = "from tests.faults.people_of_a_nation import say_people; say_people({count})"
PACKS = """
from partnership.models import BoardPack
packs = BoardPack.objects.all()
taken = [(each.finished_at - each.requested_at).total_seconds() for each in packs if each.finished_at]
print("packs", packs.count(), packs.done().count(), packs.under_way().count(), max(taken, default=0))
"""


@pytest.fixture
def nation(make_estate):
    """An estate of many partnerships and no sample."""
    estate = make_estate(sample=False, is_started=False)
    estate.postgres.lasting = {"fsync": "off"}
    estate.postgres.start()
    making = ["--partnerships", str(PARTNERSHIPS), "--years", "1", "--yes-into-this-database"]
    estate.run("manage", "generate_nation", *making, seconds=1800)
    estate.run("manage", "shell", "-c", "from django.db import connection; connection.cursor().execute('ANALYZE')")
    estate.postgres.stop()
    estate.postgres.lasting = {}
    estate.start()
    return estate


class Spent:
    """Seconds of processor time of the parts and all they started, by name, and the memory that they hold."""

    def __init__(self, parts):
        self.parts = parts
        self.began = self.seconds()

    def processes(self, name):
        for pid in self.parts[name]:
            head = psutil.Process(pid)
            yield from [head, *head.children(recursive=True)]

    def seconds(self):
        found = dict.fromkeys(self.parts, 0.0)
        for name in self.parts:
            for each in self.processes(name):
                with suppress(psutil.NoSuchProcess):  # what it spent is its parent's then
                    times = each.cpu_times()
                    found[name] += times.user + times.system + times.children_user + times.children_system
        return found

    def since(self):
        return {name: seconds - self.began[name] for name, seconds in self.seconds().items()}

    def megabytes(self, name):
        """What is one's alone, of whichever process of that part holds most."""
        return max(each.memory_full_info().uss for each in self.processes(name)) / 1e6


def people_of(estate):
    said = estate.run("manage", "shell", "-c", WHO.format(count=PEOPLE))
    return json.loads(re.search(r"^people (.+)$", said, re.MULTILINE)[1])


def warm_up(estate, people):
    """Every page once in each process of a web server or so: compiled, as on any day but the first."""
    for kind in {tuple(each["pages"]): each for each in people[:40]}.values():
        client = Client(estate.port, HOST, kind["session"])
        for page in kind["pages"] * 3:
            assert client.get(page).status == 200, page


def ask_for_documents(estate, people):
    """Board packs of as many meetings, all at once."""
    [office, *_] = [each for each in people if "/desk/" in each["pages"]]
    client = Client(estate.port, HOST, office["session"])
    meetings = list(dict.fromkeys(re.findall(r"/meetings/(\d+)/", client.get("/meetings/").text)))[:DOCUMENTS]
    answers = [client.post(f"/meetings/{meeting}/packs/", {}) for meeting in meetings]
    assert [answer.status for answer in answers] == [302] * DOCUMENTS


def packs(estate):
    """(how many there are, are made, are under way, seconds that the slowest took)."""
    said = estate.run("manage", "shell", "-c", PACKS)
    return tuple(map(float, re.search(r"^packs (.+)$", said, re.MULTILINE)[1].split()))


def figures_of(folder):
    """{name: row} of what locust wrote; "Aggregated" is all."""
    with open(folder / "load_stats.csv", newline="") as file:
        return {row["Name"]: row for row in csv.DictReader(file)}


def test_people_at_their_pages_while_documents_are_made(nation, tmp_path):
    people = people_of(nation)
    (tmp_path / "people.json").write_text(json.dumps({"host": HOST, "people": people}))
    warm_up(nation, people)
    busy = psutil.cpu_percent(5) * psutil.cpu_count() / 100  # by whoever else is here
    ask_for_documents(nation, people)
    spent = Spent(
        {
            "web": [part.process.pid for part in nation.web],
            "worker": [part.process.pid for part in nation.worker],
            "postgres": [nation.postgres.process.pid],
        }
    )
    before = spent.megabytes("web")
    done = subprocess.run(
        [sys.executable, "-m", "locust", "-f", Path(__file__).with_name("people_at_work.py"), "--headless"]
        + ["--users", str(PEOPLE), "--spawn-rate", str(PEOPLE), "--run-time", f"{SECONDS}s"]
        + ["--host", f"http://127.0.0.1:{nation.port}", "--csv", tmp_path / "load", "--exit-code-on-error", "0"],
        env={**nation.environment("nobody"), "PEOPLE_FILE": str(tmp_path / "people.json")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    cost, after, found = spent.since(), spent.megabytes("web"), figures_of(tmp_path)
    tell(found, cost)
    whole = found.pop("Aggregated")
    requests = int(whole["Request Count"])
    sent = sum(int(row["Request Count"]) for row in found.values() if row["Type"] == "POST")
    assert int(whole["Failure Count"]) == 0, (tmp_path / "load_failures.csv").read_text()
    assert requests > PEOPLE * SECONDS / 20 / 3  # they were at work
    wait_for(lambda: packs(nation)[2] == 0, "every document is made")
    count, made, _under_way, slowest = packs(nation)
    assert (count, made) == (DOCUMENTS, DOCUMENTS)
    record(
        "T22",
        "{people} people of {partnerships} partnerships for {seconds} s: {requests:,} requests, of which {share} in "
        "100 write, {failed} failed; half within {p50} ms, 95 of 100 within {p95} ms, 99 within {p99} ms, on "
        "{processors} processors of which others took {busy}; processor time a request {web_ms} ms in the web servers "
        "and {database_ms} ms in PostgreSQL; a web process held {before} MB at first and {after} MB at last; "
        "{documents} board packs meanwhile, each within {slowest} s",
        people=PEOPLE,
        partnerships=PARTNERSHIPS,
        seconds=SECONDS,
        requests=requests,
        share=round(100 * sent / requests),
        failed=int(whole["Failure Count"]),
        p50=int(whole["50%"]),
        p95=int(whole["95%"]),
        p99=int(whole["99%"]),
        processors=psutil.cpu_count(),
        busy=round(busy, 1),
        web_ms=round(1000 * cost["web"] / requests),
        database_ms=round(1000 * cost["postgres"] / requests),
        before=round(before),
        after=round(after),
        documents=DOCUMENTS,
        slowest=round(slowest),
    )


def tell(found, cost):
    """For whoever looks for what is slow (-s)."""
    sys.stdout.write("\n")
    for name, row in sorted(found.items(), key=lambda each: -float(each[1]["Average Response Time"])):
        sys.stdout.write(
            f"{row['Request Count']:>6} {row['Type']:>5}, p50 {row['50%']:>5} ms, p95 {row['95%']:>5} ms  {name}\n"
        )
    sys.stdout.write(", ".join(f"{name} {seconds:.0f} s of processor" for name, seconds in cost.items()) + "\n")
