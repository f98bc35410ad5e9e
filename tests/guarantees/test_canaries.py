"""T17: nothing of a case is written where others look: no log, no cache, no argument of a task."""

import logging
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from partnership.logs import JsonLines, MaskingFormatter
from reviews.models import Case, Theme
from tests.guarantees.access_table import DOORS
from tests.guarantees.conftest import WHO_LOG_REFUSALS
from tests.guarantees.figures import record
from tests.guarantees.restricted import CANARY, more_restricted
from tests.guarantees.walks import browser, look

pytestmark = pytest.mark.django_db

ADDRESSES = [door for door in DOORS if door.name.startswith("reviews:")]


class Written(logging.Handler):
    """Everything that would stand in the log, in each way in which it is written."""

    def __init__(self):
        super().__init__(level=logging.DEBUG)
        self.ways = [MaskingFormatter("%(levelname)s %(name)s: %(message)s"), JsonLines()]
        self.lines = []

    def emit(self, record):
        self.lines.append("\n".join(way.format(record) for way in self.ways))


@pytest.fixture
def written():
    handler, root = Written(), logging.getLogger()
    root.addHandler(handler)
    for name in WHO_LOG_REFUSALS:  # those too, which other tests here keep quiet
        logging.getLogger(name).setLevel(logging.NOTSET)
    yield handler.lines
    root.removeHandler(handler)


@pytest.fixture
def handed_over(monkeypatch):
    """The arguments with which workers are woken."""
    calls = []
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda task, *given, **also: calls.append((given, also)))
    return calls


def test_whoever_opens_what_leaves_nothing_of_a_case_behind(world, written, handed_over):
    more_restricted(world)
    Case.objects.filter(pk=world.case.pk).update(summary=f"{CANARY} summary")
    for role in ("case_group_member", "office", "stranger", "partner"):
        client = browser(world, role)
        for door in ADDRESSES:
            url = reverse(door.name, kwargs=door.place(world))
            look(client, "get", url)
            look(client, "post", url, {**door.body(world), "summary": CANARY, "text": CANARY})
    assert len(written) > 10
    assert [line for line in written if CANARY in line] == []
    assert [call for call in handed_over if CANARY in str(call)] == []
    assert CANARY not in str(getattr(cache, "_cache", {}))
    record(
        "T17",
        "{lines:,} lines of log, {calls} calls of a worker and the cache, while four people opened every page about "
        "cases: {found} words of a case in them",
        lines=len(written),
        calls=len(handed_over),
        found=0,
    )


KEEPS = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.")


def test_no_page_about_a_case_loads_a_script_that_keeps_words_in_the_browser(world):
    """Of the two scripts that keep anything one keeps a moment, and the other the drafts of a plan’s cells."""
    scripts = {path.stem: path.read_text() for path in (settings.BASE_DIR / "static" / "js").glob("*.js")}
    keeping = {name for name, text in scripts.items() if KEEPS.search(text)}
    assert keeping == {"plan-drafts", "session-end"}
    client, loaded, pages = browser(world, "case_group_member"), set(), 0
    for door in ADDRESSES:
        content = b"".join(look(client, "get", reverse(door.name, kwargs=door.place(world))))
        found = re.findall(rb'<script[^>]* src="[^"]*?/js/([\w-]+)', content)
        loaded, pages = loaded | {name.decode() for name in found}, pages + bool(found)
    assert pages > 20
    assert "plan-drafts" not in loaded
    record("T17", "{pages} pages about cases, {found} of which keep words in the browser", pages=pages, found=0)


@pytest.mark.usefixtures("meddles_with_history")  # a row that is refused was touched
def test_a_row_that_is_refused_says_nothing_in_the_log(written):
    """Of a case PostgreSQL says nothing itself, as row security is on; of other rows it does."""
    Theme.objects.create(kind=Theme.Kind.HARM, title=CANARY)
    try:
        with transaction.atomic():
            Theme.objects.create(kind=Theme.Kind.HARM, title=CANARY)
    except IntegrityError:
        logging.getLogger("partnership").exception("Could not be kept")
    [line] = written
    assert "one_theme_a_title" in line
    assert CANARY not in line


@pytest.mark.usefixtures("meddles_with_history")  # a row that is refused was touched
def test_without_the_mask_it_would_say_it(written, monkeypatch):
    monkeypatch.setattr("partnership.logs.masked", lambda text: text)
    with pytest.raises(AssertionError, match="not in"):
        test_a_row_that_is_refused_says_nothing_in_the_log(written)
