"""The page of guarantees says what a run found and nothing better; security.txt says whom to tell of a hole."""

import json
from datetime import UTC, datetime

import pytest

from partnership import guarantees
from partnership.guarantees import NUMBERS, OLD_AFTER, kept_run, parts_of
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
        run = {
            "ended_at": ended_at.isoformat(),
            "minutes": 24,
            "commit": "3d74b9a",
            "is_quick": False,
            "test_count": 512,
            "guarantees": found,
        }
        file.write_text(json.dumps(run))

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
    assert "more than three months old" not in page


def test_an_old_run_is_called_old(client, today, kept):
    kept(ENDED - OLD_AFTER)
    assert "more than three months old" in words(client)


def test_there_is_a_promise_for_each_number_once(kept):
    numbers = [verdict.promise.number for _heading, part in parts_of(None) for verdict in part]
    assert sorted(numbers) == sorted(NUMBERS)
    assert [f"T{number}" for number in range(1, 25)] == NUMBERS


def test_the_run_that_goes_out_with_the_code_can_be_read():
    run = kept_run()
    assert run is None or set(run.guarantees) <= set(NUMBERS)


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
