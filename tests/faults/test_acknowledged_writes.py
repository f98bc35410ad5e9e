"""T5: what was said to be saved is saved, whatever falls meanwhile, and what was said not to be saved is not.

Four people add actions while PostgreSQL crashes, web servers are killed and Redis loses all it holds (``writers.py``).
What each was told is kept beside what stands in the database. With a full disk: ``test_full_disk.py``.
"""

import re
import time
from collections import Counter

import pytest

from tests.faults.estate import OFFICE
from tests.faults.writers import NO_ANSWER, NOT_SAVED, PERHAPS, SAVED, faults_of, stored_in
from tests.guarantees.figures import record

pytestmark = pytest.mark.long


def kill_and_start(part):
    def fault():
        part.kill()
        time.sleep(1)
        part.start()

    return fault


def test_what_was_acknowledged_is_there_and_what_was_refused_is_not(estate, writing):
    webs = [(f"web {number} killed", kill_and_start(estate.web[number % 2])) for number in range(5)]
    crashes = [("PostgreSQL crashed", lambda: estate.postgres.restart("immediate"))] * 3
    losses = [("Redis killed and flushed", estate.redis.flush)] * 2
    told, recovered = writing(estate, [*webs[:2], *crashes, *losses, *webs[2:]])
    assert faults_of(told, stored_in(estate), recovered) == {}
    by_answer = Counter(told.values())
    assert by_answer[NOT_SAVED] + by_answer[PERHAPS] > 0  # something was in the way of somebody
    record(
        "T5",
        "{sent:,} writes while PostgreSQL crashed 3 times, web servers were killed 5 and Redis flushed twice: "
        "{saved:,} acknowledged and {lost} of them lost, {not_saved} told that nothing was saved, {perhaps} that "
        "nobody knows; {worst_seconds} s to the next write at worst",
        sent=len(told),
        saved=by_answer[SAVED],
        lost=0,
        not_saved=by_answer[NOT_SAVED],
        perhaps=by_answer[PERHAPS] + by_answer[NO_ANSWER],
        worst_seconds=round(max(seconds for _name, seconds in recovered), 1),
    )


def test_control_a_database_that_promises_too_early_loses_what_was_acknowledged(make_estate, writing):
    estate = make_estate()
    estate.postgres.lasting = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    estate.postgres.restart()
    told, _recovered = writing(estate, [("PostgreSQL crashed", lambda: estate.postgres.restart("immediate"))] * 3)
    assert {words for words, what in told.items() if what == SAVED} - set(stored_in(estate))


def test_every_page_answers_without_redis(estate):
    """Slower, and the same words: nothing of the truth is in it."""
    office = estate.client(OFFICE)
    addresses = pages_of(office)
    assert len(addresses) > 15
    before = {address: office.get(address) for address in addresses}
    before = {address: office.get(address) for address in addresses}  # once more, when all is compiled
    estate.redis.kill()
    without = {address: office.get(address) for address in addresses}
    assert {address: answer.status for address, answer in without.items() if answer.status != 200} == {}
    slower = sum(answer.seconds for answer in without.values()) / sum(answer.seconds for answer in before.values())
    record(
        "T5",
        "{pages} pages answered without Redis, in {worst_times} × the time",
        pages=len(addresses),
        worst_times=round(slower, 1),
    )


def pages_of(client):
    """Every address that the first page and the pages of its menu lead to."""
    start = links_of(client.get("/my-work/").text)
    return sorted({*start, *(link for address in start[:12] for link in links_of(client.get(address).text)[:12])})


def links_of(page):
    found = re.findall(r'href="(/[a-z][^"#?]*/)"', page)
    return [address for address in dict.fromkeys(found) if not address.startswith(("/static/", "/sign-out/"))]
