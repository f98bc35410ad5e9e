"""People who add actions through nginx without a pause, each action with words of its own, and what each was told."""

import contextlib
import http.client
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import psycopg2
import pytest

from tests.faults.estate import CHAIR
from tests.faults.estate_client import TOKEN

WRITERS = 4
SECONDS_TO_RECOVER = 10
SECONDS_BETWEEN = 2
NOT_SAVED, PERHAPS = "it was not saved", "it may have been saved or not"
SAVED = "saved"
NO_ANSWER = "no answer"


@dataclass
class Writer:
    """Adds actions to a group until told to stop; {words: what it was told}, and when each was saved."""

    client: object
    group: str
    name: str
    told: dict = field(default_factory=dict)
    saved_at: list = field(default_factory=list)

    def write(self, until):
        token = TOKEN.search(self.client.get(self.address).text)[1]
        while not until.is_set():
            words = f"{self.name} asks for number {len(self.told)}"
            self.told[words] = self.send(words, token)
            if self.told[words] == SAVED:
                self.saved_at.append(time.monotonic())
            else:
                time.sleep(0.1)

    @property
    def address(self):
        return f"/groups/{self.group}/actions/add/"

    def send(self, words, token):
        due = {"due_on_day": "1", "due_on_month": "3", "due_on_year": str(time.localtime().tm_year + 1)}
        fields = {"text": words, "lead": f"group:{self.group}", "csrfmiddlewaretoken": token, **due}
        try:
            answer = self.client.send(self.address, fields)
        except (OSError, http.client.HTTPException):
            return NO_ANSWER
        if answer.status == 302:
            return SAVED
        said = [words for words in (NOT_SAVED, PERHAPS) if words in answer.text]
        return said[0] if answer.status == 503 and said else f"{answer.status}: {title_of(answer.text)}"


def title_of(page):
    found = re.search(r"<title>\s*(.*?)\s*</title>", page, re.DOTALL)
    return found[1] if found else page[:200]


@pytest.fixture
def writing():
    """``writing(estate, faults)``: what all writers were told, and [(fault, seconds to the next saved)] of each."""

    def writing(estate, faults):
        clients = [estate.client(CHAIR) for _ in range(WRITERS)]
        group = group_of(clients[0])
        writers = [Writer(client, group, f"Writer {number}") for number, client in enumerate(clients)]
        until = threading.Event()
        threads = [threading.Thread(target=writer.write, args=(until,)) for writer in writers]
        for thread in threads:
            thread.start()
        there_again = []
        try:
            for name, fault in faults:
                time.sleep(SECONDS_BETWEEN)
                fault()
                there_again.append((name, time.monotonic()))
            time.sleep(SECONDS_TO_RECOVER)
        finally:
            until.set()
            for thread in threads:
                thread.join()
        recovered = [
            (name, max(first_after(writer.saved_at, moment) - moment for writer in writers))
            for name, moment in there_again
        ]
        return {words: what for writer in writers for words, what in writer.told.items()}, recovered

    return writing


def group_of(client):
    """The number of a group to whose log this person may add."""
    found = dict.fromkeys(re.findall(r"/groups/(\d+)/", client.get("/groups/").text))
    return next(each for each in found if client.get(f"/groups/{each}/actions/add/").status == 200)


def first_after(moments, moment):
    return next((each for each in moments if each > moment), float("inf"))


def stored_in(estate):
    with contextlib.closing(psycopg2.connect(estate.postgres.url())) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT text FROM partnership_meetingaction WHERE text LIKE 'Writer %'")
        return Counter(words for (words,) in cursor)


def faults_of(told, stored, recovered):
    """{what must not be: what was}: of what was told, what stands in the database, and how long each recovery took."""
    acknowledged = {words for words, what in told.items() if what == SAVED}
    refused = {words for words, what in told.items() if what == NOT_SAVED}
    found = {
        "said to be saved, and is not": acknowledged - set(stored),
        "said not to be saved, and is": refused & set(stored),
        "never asked for": set(stored) - set(told),
        "saved twice": {words for words, count in stored.items() if count > 1},
        "another answer": set(told.values()) - {SAVED, NOT_SAVED, PERHAPS, NO_ANSWER},
        "slow to come back": [each for each in recovered if each[1] > SECONDS_TO_RECOVER],
    }
    return {what: which for what, which in found.items() if which}
