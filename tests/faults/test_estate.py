"""T5: the estate that the experiments break stands, answers, mends what was broken, and is gone afterwards."""

import pytest

from tests.faults.estate import OFFICE

pytestmark = pytest.mark.long


def test_everything_answers_and_what_fell_comes_back(estate):
    somebody, office = estate.client(), estate.client(OFFICE)
    assert somebody.get("/sign-in/").status == 200
    assert somebody.get("/sign-in/", **{"X-Forwarded-Proto": "http"}).status == 301
    assert office.get("/my-work/").status == 200
    estate.web[0].kill()
    assert {office.get("/my-work/").status for _ in range(6)} == {200}
    estate.web[0].start()
    estate.redis.flush()
    estate.postgres.restart("immediate")
    assert {somebody.get("/sign-in/").status for _ in range(6)} == {200}
    assert {office.get("/my-work/").status for _ in range(6)} == {200}


def test_the_proxy_asks_those_it_is_told_to(empty_estate):
    somebody = empty_estate.client()
    empty_estate.pool("web-b")
    before = asked(empty_estate.web[0])
    assert {somebody.get("/sign-in/").status for _ in range(6)} == {200}
    assert asked(empty_estate.web[0]) == before
    empty_estate.pool()
    assert {somebody.get("/sign-in/").status for _ in range(12)} == {200}
    assert asked(empty_estate.web[0]) > before


def test_nothing_is_left_of_it(make_estate):
    estate = make_estate(sample=False, workers=2)
    parts = [estate.redis, *estate.web, *estate.worker, estate.beat, estate.proxy]
    assert [part.name for part in parts if not part.lives()] == []
    estate.stop()
    assert [part.name for part in parts if part.lives()] == []


def asked(web):
    """How often a page was asked of it."""
    return web.log.read_text().count("/sign-in/")
