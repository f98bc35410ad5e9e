"""People at work on the estate while something is done to it: what they were answered, and in which phase of it."""

import http.client
import re
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

POSTS = "/posts/add/"
ANSWERED = {200, 302, 304}


@dataclass
class Load:
    """``readers``: [(client, [address, …])]; ``writer`` adds posts. Say ``phase`` as you go."""

    readers: list
    writer: object
    phase: str = "before"
    counts: Counter = field(default_factory=Counter)
    failures: list = field(default_factory=list)
    slowest: dict = field(default_factory=dict)
    sent: set = field(default_factory=set)
    acknowledged: set = field(default_factory=set)

    @contextmanager
    def going_on(self):
        over = threading.Event()
        partnership = re.search(r'name="partnerships"[^>]* value="(\d+)"', self.writer.get(POSTS).text)[1]
        jobs = [(self.read, client, addresses) for client, addresses in self.readers]
        jobs.append((self.write, self.writer, partnership))
        threads = [threading.Thread(target=self.repeat, args=(over, *job), daemon=True) for job in jobs]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            over.set()
            for thread in threads:
                thread.join(120)

    def repeat(self, over, job, client, what):
        turn = 0
        while not over.is_set():
            job(client, what, turn)
            turn += 1

    def read(self, client, addresses, turn):
        address = addresses[turn % len(addresses)]
        self.ask(address, lambda: client.get(address))

    def write(self, client, partnership, turn):
        title = f"Post of turn {turn}"
        self.sent.add(title)
        answer = self.ask(POSTS, lambda: client.post(POSTS, {"title": title, "partnerships": partnership}))
        if answer and answer.status == 302 and not trouble_with(answer):
            self.acknowledged.add(title)

    def ask(self, address, request):
        phase, began = self.phase, time.monotonic()
        try:
            answer = request()
        except (OSError, http.client.HTTPException) as problem:
            answer, problem_is = None, repr(problem)
        else:
            problem_is = trouble_with(answer)
        self.counts[phase] += 1
        self.slowest[phase] = max(self.slowest.get(phase, 0), time.monotonic() - began)
        if problem_is:
            self.failures.append((phase, address, problem_is))
        return answer

    def wait_for_more(self, number, seconds=90):
        """Until ``number`` more were answered in this phase."""
        enough, give_up_at = self.counts[self.phase] + number, time.monotonic() + seconds
        while self.counts[self.phase] < enough and time.monotonic() < give_up_at:
            time.sleep(0.1)


def trouble_with(answer):
    if "/sign-in/" in answer.headers.get("Location", ""):
        return "signed out"
    return "" if answer.status in ANSWERED else str(answer.status)
