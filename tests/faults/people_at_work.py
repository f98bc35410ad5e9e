"""What people do who are at work, for locust: each reads, thinks for some 20 seconds, and now and then writes.

``PEOPLE_FILE`` is JSON: {"host": …, "people": [{"session": …, "pages": […], "writes": {"page": …, "fields": {…}} or
None}]}; ``people_of_a_nation.py`` makes it. A form is fetched, filled in for as long as somebody thinks, and sent. Of
those who write half of their turns are such, so that of all requests one in five writes.
"""

import itertools
import json
import os
import random
import re
import time
from pathlib import Path

from locust import HttpUser, between, task

SAID = json.loads(Path(os.environ["PEOPLE_FILE"]).read_text())
NEXT = itertools.cycle(SAID["people"])
NUMBER = itertools.count(1)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
THINKING = SAID.get("thinking", 20)


class Person(HttpUser):
    wait_time = between(THINKING * 0.5, THINKING * 1.5)

    def on_start(self):
        self.me = next(NEXT)
        self.pages = itertools.cycle(self.me["pages"])
        self.client.headers.update({"Host": SAID["host"], "X-Forwarded-Proto": "https"})
        self.cookies = {"__Host-sid": self.me["session"]} if self.me["session"] else {}
        time.sleep(random.uniform(0, THINKING))  # noqa: S311  nobody begins with everybody

    def ask(self, method, page, fields=None, *, name, wanted):
        """The answer, whose status must be ``wanted``."""
        address = f"https://{SAID['host']}{page}"
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if fields:
            headers |= {"Referer": address, "Origin": f"https://{SAID['host']}"}
        with self.client.request(
            method, page, data=fields, headers=headers, allow_redirects=False, name=name, catch_response=True
        ) as answer:
            if answer.status_code != wanted:
                answer.failure(f"{answer.status_code} {answer.headers.get('Location', '')}")
            self.cookies |= answer.cookies.get_dict()
            return answer

    @task(1)
    def read(self):
        page = next(self.pages)
        self.ask("GET", page, name=re.sub(r"\d+|(?<=/p/)[a-z]+", "…", page), wanted=200)

    @task(1)
    def write(self):
        if not self.me["writes"]:
            self.read()
            return
        page = self.me["writes"]["page"]
        name = re.sub(r"\d+", "…", page)
        form = TOKEN.search(self.ask("GET", page, name=name, wanted=200).text)
        self.wait()
        fields = {key: str(value).format(number=next(NUMBER)) for key, value in self.me["writes"]["fields"].items()}
        if form:
            self.ask("POST", page, {**fields, "csrfmiddlewaretoken": form[1]}, name=f"{name} sent", wanted=302)
