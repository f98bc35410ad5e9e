"""What went wrong is kept, by the reference that whoever met it was shown, and never stands in the way."""

from datetime import UTC, datetime, timedelta

import pytest
from celery.app.trace import build_tracer
from django.db import DatabaseError, OperationalError
from django.test import Client

from partnership.celery import app
from partnership.models import Fault
from partnership.operations import faults
from partnership.operations.faults import keep_fault
from partnership.request_ids import HEADER, IN_TASKS

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
SOMEBODY = "Imelda Brightwater-Okonjo"


def broken(*_arguments):
    raise ValueError(SOMEBODY)


@pytest.fixture
def strict(db):
    return Client(raise_request_exception=False)


def test_a_page_that_failed_is_kept_without_what_was_typed(strict, monkeypatch):
    monkeypatch.setattr("partnership.public.render", broken)
    response = strict.get(f"/help/?q={SOMEBODY}")
    [kept] = Fault.objects.values("kind", "name", "error", "request")
    assert (response.status_code, kept) == (
        500,
        {"kind": "page", "name": "partnership:help", "error": "ValueError", "request": response[HEADER]},
    )
    fault = Fault.objects.get()
    assert fault.reference in response.content.decode()
    assert fault.where.startswith("partnership/test_faults.py:")
    assert SOMEBODY not in str(vars(fault))


@pytest.mark.parametrize("path", ["/nowhere/", "/?q=%00", "/help/"])
def test_a_refusal_is_no_fault(strict, path):
    strict.get(path)
    assert Fault.objects.count() == 0


def test_a_database_that_is_away_is_no_fault_of_the_page(strict, monkeypatch):
    def away(*_arguments):
        raise OperationalError

    monkeypatch.setattr("partnership.public.render", away)
    assert (strict.get("/help/").status_code, Fault.objects.count()) == (503, 0)


def test_a_fault_that_cannot_be_kept_changes_no_answer(strict, monkeypatch):
    def refuse(**_fields):
        raise DatabaseError

    monkeypatch.setattr("partnership.public.render", broken)
    monkeypatch.setattr(faults.Fault.objects, "create", refuse)
    assert strict.get("/help/").status_code == 500


def test_a_task_that_failed_is_kept_with_what_asked_for_it(db):
    @app.task(name="partnership.tasks.fail", shared=False)
    def fail():
        broken()

    app.conf.task_eager_propagates = False
    build_tracer(fail.name, fail, app=app)("0f-job", (), {}, {"id": "0f-job", IN_TASKS: "a" * 32})
    app.conf.task_eager_propagates = True
    app.tasks.pop("partnership.tasks.fail")
    [kept] = Fault.objects.values_list("kind", "name", "error", "request")
    assert kept == ("task", "partnership.tasks.fail", "ValueError", "a" * 32)


def test_few_are_kept_and_not_long(db, monkeypatch):
    monkeypatch.setattr(faults, "MOST_KEPT", 3)
    keep_fault("page", "old", None, at=AT - timedelta(days=31))
    for number in range(4):
        keep_fault("page", f"page {number}", ValueError("a"), at=AT)
    assert list(Fault.objects.values_list("name", flat=True)) == ["page 3", "page 2", "page 1"]
