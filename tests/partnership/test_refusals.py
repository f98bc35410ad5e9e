"""What is refused is in the log with who asked, and nothing that they typed makes a line of its own there."""

import logging

import pytest


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.WARNING, logger="partnership.middleware")
    return lambda: [each.getMessage() for each in caplog.records if each.name == "partnership.middleware"]


def test_a_refusal_is_in_the_log_with_who_asked(client_of, office, stranger, learning_group, lines):
    client_of(office).post("/help/")
    client_of(stranger).get(f"/groups/{learning_group.pk}/")
    client_of(office).get("/administration/")
    assert lines() == [
        f"405 to person {office.pk}: POST /help/",
        f"404 to person {stranger.pk}: GET /groups/{learning_group.pk}/",
        f"403 to person {office.pk}: GET /administration/",
    ]


def test_what_is_opened_is_not_in_it(client_of, office, lines):
    client_of(office).get("/help/")
    client_of(None).get("/nowhere/")
    assert lines() == []


@pytest.mark.parametrize(
    "typed", ["/nowhere/%0A2027-01-12 ERROR all is lost/", "/nowhere/%0D%0Aa/", "/nowhere/\u2028a/"]
)
def test_nothing_typed_makes_a_line_of_a_log(client_of, office, caplog, typed):
    client_of(office).get(typed)
    assert caplog.records
    assert [each for each in caplog.records if len(each.getMessage().splitlines()) != 1] == []
