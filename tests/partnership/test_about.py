"""The page of guarantees says what a run found and nothing better; security.txt says whom to tell of a hole."""

import json
from datetime import UTC, datetime

import pytest

from partnership import guarantees
from partnership.guarantees import NUMBERS, OLD_AFTER, joined, kept_runs, parts_of
from partnership.views.about import security_txt_expires

pytestmark = pytest.mark.django_db
ENDED = datetime(2027, 1, 11, 18, 30, tzinfo=UTC)
FOUND = {
    "T1": {"state": "kept", "figures": ["61,040 looks, 0 wrong"], "reasons": []},
    "T8": {"state": "failed", "figures": [], "reasons": []},
    "T19": {"state": "partly", "figures": ["171 packages by hash"], "reasons": ["no list of faults was read"]},
}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """``kept(ended_at, found)``: a run that was kept; without a call there is none."""
    file = tmp_path / "guarantees.json"
    monkeypatch.setattr(guarantees, "KEPT_RUN", file)

    def keep(ended_at=ENDED, found=FOUND):
        run = {"ended_at": ended_at.isoformat(), "minutes": 24, "commit": "3d74b9a", "test_count": 512}
        before = json.loads(file.read_text()) if file.exists() else None
        file.write_text(json.dumps(joined(before, run, found)))

    return keep


def words(client):
    response = client.get("/about/guarantees/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_without_a_run_the_promises_stand_there_and_nothing_is_called_kept(client, today, kept):
    page = words(client)
    assert "No run has been kept yet" in page
    assert ("Published is for ever" in page, "<strong>Kept" in page) == (True, False)


def test_the_page_says_what_was_kept_what_was_not_and_what_was_left_out(client, today, kept):
    kept()
    page = words(client)
    assert "The last run, 11 January 2027" in page
    said = "1 of 24 promises kept, 1 kept as far as they were tried, 21 not tried"
    assert f'{said}, <strong class="late-text">1 not kept</strong>.' in page
    assert "<li>61,040 looks, 0 wrong</li>" in page
    assert "Left out: no list of faults was read." in page
    assert "more than three months ago" not in page


def test_an_old_run_is_called_old(client, today, kept):
    kept(ENDED - OLD_AFTER)
    assert "This run was more than three months ago" in words(client)


def test_promises_tried_later_say_their_day_and_the_others_keep_theirs(client, today, kept):
    kept(ENDED - OLD_AFTER)
    kept(ENDED, {"T8": {"state": "kept", "figures": [], "reasons": []}})
    page = words(client)
    assert "2 of 24 promises kept" in page
    assert "Some of this was more than three months ago" in page
    assert page.count("512 tests in 24 minutes; version 3d74b9a") == 2
    days = {
        verdict.promise.number: verdict.tried_at
        for _heading, part in parts_of(kept_runs(guarantees.KEPT_RUN))
        for verdict in part
        if verdict.state != "untried"
    }
    assert days == {"T1": ENDED - OLD_AFTER, "T8": ENDED, "T19": ENDED - OLD_AFTER}


def test_a_run_of_which_no_promise_is_left_is_dropped(client, today, kept):
    kept(ENDED - OLD_AFTER)
    kept(ENDED)
    page = words(client)
    assert "The last run, 11 January 2027" in page
    assert "more than three months ago" not in page


def test_there_is_a_promise_for_each_number_once(kept):
    numbers = [verdict.promise.number for _heading, part in parts_of(None) for verdict in part]
    assert sorted(numbers) == sorted(NUMBERS)
    assert [f"T{number}" for number in range(1, 25)] == NUMBERS


def test_the_run_that_goes_out_with_the_code_can_be_read():
    kept = kept_runs()
    assert kept is None or set(kept.guarantees) <= set(NUMBERS)


def test_the_page_is_reached_from_every_page(client, today):
    assert 'href="/about/guarantees/"' in client.get("/help/").content.decode()


def fields_of(client):
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines())


def test_security_txt_has_what_the_standard_asks_for(client, today, settings):
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    assert fields_of(client) == {
        "Contact": "mailto:security@example.org",
        "Expires": "2027-07-01T00:00:00Z",
        "Preferred-Languages": "en",
        "Canonical": f"{settings.SITE_URL}/.well-known/security.txt",
        "Policy": f"{settings.SITE_URL}/about/guarantees/#report",
    }


@pytest.mark.parametrize("month", range(1, 13))
def test_security_txt_always_expires_later_and_within_a_year(month):
    at = datetime(2027, month, 28, 23, 59, tzinfo=UTC)
    left = security_txt_expires(at) - at
    assert 150 < left.days < 366
