"""What the log says is for machines to join and says nothing of anybody: lines of JSON, of chosen keys."""

import io
import json
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery.app.trace import build_tracer
from django.db import DatabaseError, connection, transaction
from gunicorn.config import Config

from partnership.access_log import MaskingLogger
from partnership.celery import app
from partnership.logs import JsonLines, MaskingFormatter, masked
from partnership.request_ids import HEADER, IN_TASKS, working_on

REQUEST = "0123456789abcdef0123456789abcdef"
SOMEBODY = "Imelda Brightwater-Okonjo"


@pytest.fixture
def lines():
    """What is written from here on, read again: each line on its own is JSON."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)


def failing(act, wanted=ValueError):
    try:
        act()
    except wanted:
        logging.getLogger("partnership.tried").exception("It could not be done for '%s'", SOMEBODY)


# Lines


def test_a_line_is_one_object_of_known_keys(lines):
    with working_on(REQUEST):
        logging.getLogger("partnership.tried").warning(
            "Two lines\nof %s", 2, extra={"data": SOMEBODY, "person": SOMEBODY}
        )
    [line] = lines()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "WARNING",
        "logger": "partnership.tried",
        "message": "Two lines\nof 2",
        "request": REQUEST,
    }


@pytest.mark.django_db
def test_a_task_is_named_with_the_request_that_asked_for_it(lines):
    @app.task(name="partnership.tasks.fail", shared=False)
    def fail(name):
        logging.getLogger("partnership.tried").info("It has begun")
        raise ValueError(f"no figure: '{name}'")

    was_thrown, app.conf.task_eager_propagates = app.conf.task_eager_propagates, False
    build_tracer(fail.name, fail, app=app)("0f-job", (SOMEBODY,), {}, {"id": "0f-job", IN_TASKS: REQUEST})
    app.conf.task_eager_propagates = was_thrown
    app.tasks.pop("partnership.tasks.fail")
    begun, failed = lines()
    assert {(line["task"], line["job"], line["request"]) for line in (begun, failed)} == {("fail", "0f-job", REQUEST)}
    assert (failed["logger"], failed["error"], SOMEBODY in json.dumps(failed)) == (
        "celery.app.trace",
        "ValueError",
        False,
    )


# Nobody's words


def test_an_exception_says_where_and_not_what_somebody_typed(lines):
    failing(lambda: int(SOMEBODY))
    [line] = lines()
    assert (line["error"], line["message"]) == ("ValueError", "It could not be done for “…”")
    assert line["where"].startswith("partnership/test_logs.py:")
    assert line["traceback"].endswith("ValueError: invalid literal for int() with base 10: “…”\n")
    assert SOMEBODY not in json.dumps(line)


@pytest.mark.django_db
def test_a_statement_that_is_refused_says_nothing_of_its_values(lines):
    """Whatever client lays the values into the statement, and with what came before it."""

    def ask():
        try:
            int(SOMEBODY)
        except ValueError:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT %s::text, %s::integer, nothing", [SOMEBODY, "2"])

    failing(ask, DatabaseError)
    [line] = lines()
    assert (line["error"], SOMEBODY in json.dumps(line)) == ("ProgrammingError", False)
    assert "LINE 1: …" in line["traceback"]
    assert "invalid literal" in line["traceback"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("550 <imelda.bo@ashfordvale.example> is full", "550 <…@ashfordvale.example> is full"),
        ("postgres://planner:secret@db.example.org/planner", "postgres://planner:…@db.example.org/planner"),
        ("LINE 1: INSERT INTO a VALUES ('Imelda')\n                 ^\nHINT: b", "LINE 1: …\nHINT: b"),
        ("DETAIL:  Key (title)=(Imelda) exists.", "DETAIL: …"),
        ("celery@web-1 ready.", "celery@web-1 ready."),
    ],
)
def test_mailboxes_statements_and_rows_are_left_out(text, shown):
    assert masked(text) == shown


def test_the_name_of_what_refused_a_row_stays(lines):
    def refuse():
        raise ValueError('duplicate key value violates unique constraint "one_theme_a_title": "Imelda"')

    failing(refuse)
    [line] = lines()
    assert 'unique constraint "one_theme_a_title": “…”' in line["traceback"]


def test_without_the_mask_it_would_say_it(lines, monkeypatch):
    """The control."""
    monkeypatch.setattr("partnership.logs.unquoted", lambda text: text)
    failing(lambda: int(SOMEBODY))
    assert SOMEBODY in json.dumps(lines())


# The web server's own


@pytest.fixture
def web_log(settings, monkeypatch):
    """``note(format, path, status)`` gives the line that gunicorn writes of a request."""

    def note(form, uri, status=200):
        settings.LOG_FORMAT = form
        logging.getLogger("gunicorn.access").handlers.clear()
        config = Config()
        config.set("accesslog", "-")
        logger = MaskingLogger(config)
        [handler] = logger.access_log.handlers
        handler.stream = io.StringIO()
        response = SimpleNamespace(status_code=status, sent=5120, headers=[("Server", "g"), (HEADER, REQUEST)])
        environ = {
            "REQUEST_METHOD": "GET",
            "RAW_URI": uri,
            "REMOTE_ADDR": "203.0.113.9",
            "HTTP_REFERER": f"https://planner.example.org/people/?q={SOMEBODY}",
            "HTTP_USER_AGENT": "Firefox of one person",
        }
        logger.access(response, None, environ, timedelta(milliseconds=34))
        return handler.stream.getvalue()

    yield note
    for name in ("gunicorn.access", "gunicorn.error"):
        logging.getLogger(name).handlers.clear()


def test_a_request_is_a_line_without_whose_it_was(web_log):
    line = json.loads(web_log("json", "/people/?q=Imelda+Brightwater-Okonjo"))
    assert line.pop("time")
    assert line == {
        "level": "INFO",
        "logger": "gunicorn.access",
        "message": "GET /people/: 200 in 34 ms",
        "request": REQUEST,
        "method": "GET",
        "path": "/people/",
        "status": 200,
        "bytes": 5120,
        "milliseconds": 34,
    }


@pytest.mark.parametrize("form", ["json", "plain"])
def test_a_signed_link_is_followed_unseen(web_log, form):
    secret = "abcdefghijklmnopqrstuvwxyz0123456789"
    line = web_log(form, f"/answer/{secret}/")
    assert ("/answer/…/" in line, secret in line) == (True, False)


def test_every_line_says_it_plainly_where_people_read(web_log):
    assert web_log("plain", "/plans/", 503).endswith(" INFO gunicorn.access: GET /plans/: 503 in 34 ms\n")


def test_both_ways_of_writing_are_masked():
    record = logging.LogRecord("a", logging.INFO, "b", 1, "to imelda@ashfordvale.example", (), None)
    assert [JsonLines().format(record).count("imelda"), MaskingFormatter().format(record)] == [
        0,
        "to …@ashfordvale.example",
    ]
