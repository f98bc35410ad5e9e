"""T5, T22: the hour before a deadline: two hundred organisations type at once, and every word that was taken is there.

Real requests to a real web server with two workers, each sent as soon as one before it is answered. What was sent is
known here; what was saved is asked of the database. As many organisations as the whole nation has:

    DEADLINE_RETURNS=1800 ./run faults tests/faults/test_deadline_hour.py
"""

import http.client
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from assurance.models import Answer
from tests.factories import (
    AssuranceRequestFactory,
    OrganisationFactory,
    PostFactory,
    PostHoldingFactory,
    QuestionFactory,
    ReturnFactory,
    UserFactory,
)
from tests.faults.conftest import database_url, wait_for
from tests.faults.services import free_port
from tests.guarantees.figures import record

RETURNS = int(os.environ.get("DEADLINE_RETURNS", "200"))
QUESTIONS, AT_ONCE, ALONE = 2, 50, 20
SECONDS_FOR_ALL = 240 * max(1, RETURNS // 200)
TOKEN = "a" * 32

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def web(tmp_path):
    """The product's own web server on the test's database; its port."""
    port = free_port()
    environment = {**os.environ, "MODE": "test", "DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path)}
    with open(tmp_path / "web.log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "partnership.wsgi"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    wait_for(lambda: answers(port), f"the web server answers. {(tmp_path / 'web.log').read_text()[-2000:]}")
    yield port
    server.terminate()
    server.wait()


def answers(port):
    try:
        return ask(port, "GET", "/sign-in/") == 200
    except OSError:
        return False


def ask(port, method, address, body=None, cookies=""):
    """The status of one request; whoever is not answered at once waits."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_FOR_ALL)
    headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
    link.request(method, address, body, headers)
    response = link.getresponse()
    response.read()
    link.close()
    return response.status


@pytest.fixture
def typing():
    """[(address, body, cookies, question, words)]: two answers in each of the returns, as the page would send them."""
    request = AssuranceRequestFactory()
    questions = [QuestionFactory(request=request, position=number, text=f"Question {number}") for number in (1, 2)]
    found = []
    for number in range(RETURNS + ALONE):
        organisation = OrganisationFactory(name=f"Agency {number}")
        person = UserFactory()
        PostHoldingFactory(post=PostFactory(organisation=organisation), user=person, from_on=None)
        record = ReturnFactory(request=request, organisation=organisation)
        client = Client()
        client.force_login(person)
        cookies = f"{settings.CSRF_COOKIE_NAME}={TOKEN}; {settings.SESSION_COOKIE_NAME}={client.session.session_key}"
        for question in questions:
            words = f"What agency {number} said to question {question.position}. " * 20
            body = urlencode({f"q{question.pk}-text": words, f"q{question.pk}-seen": "0-"})
            address = f"/returns/{record.pk}/questions/{question.pk}/"
            found.append((address, body, cookies, (record.pk, question.pk, words.strip())))
    return found


def saved():
    return set(Answer.objects.values_list("record", "question", "text"))


def test_all_returns_save_at_once_and_nothing_is_lost(web, typing):
    def send(each):
        address, body, cookies, _words = each
        began = time.monotonic()
        return ask(web, "POST", address, body, cookies), time.monotonic() - began

    alone, at_once = typing[: ALONE * QUESTIONS], typing[ALONE * QUESTIONS :]
    for each in alone[:4]:
        send(each)  # the first of each worker is slower
    one_by_one = [send(each) for each in alone[4:]]
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        together = list(pool.map(send, at_once))
    elapsed = time.monotonic() - began
    assert Counter(status for status, _seconds in one_by_one) == {200: len(one_by_one)}
    assert Counter(status for status, _seconds in together) == {200: len(at_once)}
    assert saved() == {words for *_, words in typing}
    assert elapsed < SECONDS_FOR_ALL
    record(
        "T22",
        "deadline hour: {returns} returns sent {answers:,} answers, {at_once} at once: {lost} lost, {rate} saved a "
        "second, 95 of 100 within {p95} ms of being sent; alone one takes {alone} ms",
        returns=RETURNS,
        answers=len(at_once),
        at_once=AT_ONCE,
        lost=len({words for *_, words in typing} - saved()),
        rate=round(len(at_once) / elapsed),
        p95=round(1000 * quantiles([seconds for _status, seconds in together], n=20)[-1]),
        alone=round(1000 * median(seconds for _status, seconds in one_by_one)),
    )


def test_control_what_was_not_taken_is_missed(web, typing):
    """A session that ended is answered with the sign-in page, and nothing of it is there."""
    address, body, _cookies, _words = typing[0]
    assert ask(web, "POST", address, body, f"{settings.CSRF_COOKIE_NAME}={TOKEN}") == 302
    assert saved() == set()
