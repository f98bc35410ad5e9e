"""A change, a line of the log and a task that come of one request can be joined by its id."""

import re

import pghistory
import pytest
from celery.app.trace import build_tracer
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from kombu import Connection

from partnership import request_ids
from partnership.celery import app
from partnership.request_ids import HEADER, IN_TASKS, RequestIds, current, reference, working_on
from partnership.views import errors
from plans.models import Deliverable

OF_THE_PROXY = "0123456789abcdef0123456789abcdef"
WELL_FORMED = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def behind_a_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


@pytest.fixture
def retitle(led_deliverable):
    """A task that changes a record, as one of ours would."""

    @app.task(name="partnership.tasks.retitle", shared=False)
    def retitle(title):
        Deliverable.objects.filter(pk=led_deliverable.pk).update(title=title)

    yield retitle
    app.tasks.pop("partnership.tasks.retitle")


def last_context():
    return pghistory.models.Context.objects.order_by("created_at").last().metadata


# Every request


@pytest.mark.parametrize("path", ["/help/", "/nowhere/", "/p/av/%00", "/health/", "/administration/", "/?q=%00"])
def test_every_answer_has_an_id_of_its_own(client, db, path):
    ids = {client.get(path)[HEADER] for _ in range(3)}
    assert [bool(WELL_FORMED.fullmatch(each)) for each in ids] == [True] * 3


def test_a_method_that_is_refused_before_all_else_has_one(client, db):
    response = client.put("/help/")
    assert (response.status_code, bool(WELL_FORMED.fullmatch(response[HEADER]))) == (405, True)


def test_the_proxys_id_is_kept(client, db, behind_a_proxy):
    assert client.get("/help/", headers={HEADER: OF_THE_PROXY})[HEADER] == OF_THE_PROXY


@pytest.mark.parametrize(
    "given",
    ["", "short", OF_THE_PROXY.upper(), OF_THE_PROXY + "0", f"{OF_THE_PROXY}\n", "Jane Smith of 4 High Street, AV1 2"],
)
def test_what_is_no_id_is_not_taken_for_one(client, db, behind_a_proxy, given):
    answered = client.get("/help/", headers={HEADER: given})[HEADER]
    assert (answered != given, bool(WELL_FORMED.fullmatch(answered))) == (True, True)


def test_without_a_proxy_nobody_outside_names_a_request(client, db):
    assert client.get("/help/", headers={HEADER: OF_THE_PROXY})[HEADER] != OF_THE_PROXY


def test_after_a_request_there_is_none(rf):
    seen = []
    RequestIds(lambda request: seen.append(current()) or HttpResponse())(rf.get("/"))
    assert (bool(seen[0]), current(), reference()) == (True, None, "")


# The page that says that something went wrong


def test_where_the_fault_is_ours_the_page_gives_the_reference(client, db, monkeypatch):
    strict = Client(raise_request_exception=False)
    monkeypatch.setattr("partnership.public.render", lambda *args: 1 / 0)
    response = strict.get("/help/")
    assert response.status_code == 500
    assert f"<strong>{response[HEADER][:12]}</strong>" in response.content.decode()


@pytest.mark.parametrize("view", [errors.not_found, errors.forbidden, errors.bad_request, errors.csrf_failure])
def test_a_refusal_gives_none_or_two_would_differ(view):
    with working_on(OF_THE_PROXY):
        assert b"reference" not in view(RequestFactory().get("/")).content


# History


def test_what_a_request_changes_stands_with_its_id(client_of, office, led_deliverable):
    milestone = led_deliverable.activities.get(position=2).milestones.get()
    response = client_of(office).post(reverse("plans:milestone-meet", args=[milestone.pk]))
    assert last_context()["request"] == response[HEADER]


# Tasks


def sent(task, *args):
    """(headers, id) of the message that a task asked for here would be."""
    with Connection("memory://") as broker:
        queue = broker.SimpleQueue("celery")
        queue.clear()
        task.apply_async(args, connection=broker, queue="celery")
        return queue.get(timeout=1).headers


@pytest.fixture
def by_message():
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


def worked(task, headers, *args):
    """What a worker makes of that message."""
    return build_tracer(task.name, task, app=app)(headers["id"], args, {}, dict(headers))


def test_a_task_goes_by_the_id_of_the_request_that_asked_for_it(retitle, by_message):
    with working_on(OF_THE_PROXY):
        headers = sent(retitle, "By message")
    worked(retitle, headers, "By message")
    assert headers[IN_TASKS] == OF_THE_PROXY
    assert last_context() == {"task": "retitle", "request": OF_THE_PROXY}


def test_a_task_that_the_clock_asked_for_goes_by_its_own(retitle, by_message):
    headers = sent(retitle, "By the clock")
    worked(retitle, headers, "By the clock")
    assert last_context() == {"task": "retitle", "request": headers["id"].replace("-", "")}


def test_a_task_that_a_task_asks_for_has_the_same_id(retitle, by_message):
    asked = []

    @app.task(name="partnership.tasks.ask", shared=False)
    def ask():
        asked.append(sent(retitle, "By a task")[IN_TASKS])

    with working_on(OF_THE_PROXY):
        headers = sent(ask)
    worked(ask, headers)
    app.tasks.pop("partnership.tasks.ask")
    assert asked == [OF_THE_PROXY]


def test_within_a_request_an_eager_task_has_the_requests_id(retitle):
    with working_on(OF_THE_PROXY):
        retitle.delay("At once")
    assert last_context() == {"task": "retitle", "request": OF_THE_PROXY}


def test_without_the_header_the_two_could_not_be_joined(retitle, by_message, monkeypatch):
    """The control."""
    monkeypatch.setattr("partnership.worker.current", lambda: None)
    with working_on(OF_THE_PROXY):
        headers = sent(retitle, "By nobody")
    worked(retitle, headers, "By nobody")
    assert (IN_TASKS in headers, request_ids.id_of_task(retitle.request)) == (False, None)
