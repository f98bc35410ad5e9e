"""People who write the same words of one record at the same moment, round after round, and what became of them.

An update is lost where somebody's words were taken that replaced others than the ones that person had been shown. The
order in which words stood is asked of the history that the database itself wrote.
"""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.guarantees.live import Browser

FIRST = "Editor 0 began."
THEIRS = re.compile(r'(?:It now says “|class="typed-words">)(Editor [^”<]*)')


@dataclass(frozen=True)
class Place:
    """Where the words are written: ``page`` shows the form, ``door`` takes it, ``box`` is the name of the words in it.

    ``stored``: gives every word that stood in the record, the oldest first; ``also``: of the (number of the editor,
    number of the round), what else is filled in. ``shows_what_was``: a conflict says what stood there before both.
    """

    page: str
    door: str
    box: str
    stored: Callable
    also: Callable = lambda number, turn: {}
    shows_what_was: bool = True


@dataclass
class Editor:
    number: int
    place: Place
    browser: Browser
    fields: dict = field(default_factory=dict)
    shown: str = ""

    def read(self):
        answer = self.browser.get(self.place.page)
        assert answer.status == HTTPStatus.OK
        self.fields = answer.form(self.place.box)
        self.shown = self.fields[self.place.box]

    def write(self, turn):
        """(status, the words, those they were to replace). A conflict shows both; one goes on from its page."""
        words, shown = f"Editor {self.number} in turn {turn}.", self.shown
        values = self.fields | self.place.also(self.number, turn) | {self.place.box: words}
        answer = self.browser.post(self.place.door, values)
        if answer.status == HTTPStatus.CONFLICT:
            self.fields = answer.form(self.place.box)
            assert self.fields[self.place.box] == words, "what was typed is kept"
            self.shown = THEIRS.search(answer.text)[1]
            assert self.shown != words
            assert self.place.shows_what_was == (f"said “{shown}” when you began" in answer.text)
        elif answer.status == HTTPStatus.FOUND:
            self.read()
        return answer.status, words, shown


class Typist(Editor):
    """Whose page saves by a script as one types: what was typed stays in the browser."""

    def write(self, turn):
        words, shown = f"Editor {self.number} in turn {turn}.", self.shown
        answer = self.browser.post(self.place.door, self.fields | {self.place.box: words})
        if answer.status in {HTTPStatus.OK, HTTPStatus.CONFLICT}:
            said = json.loads(answer.text)
            self.fields = self.fields | {self.place.box.replace("-text", "-seen"): said["seen"]}
            self.shown = said.get("theirs", words)
        return answer.status, words, shown


TAKEN = {HTTPStatus.OK, HTTPStatus.FOUND}


@dataclass
class Tally:
    sent: int
    accepted: int
    conflicts: int
    lost: int
    turns_won: int

    @property
    def is_whole(self):
        return self.accepted + self.conflicts == self.sent


def write_at_once(editors, *, turns):
    """Have all write in each turn, from the page that they have before them; gives the Tally."""
    sent = []
    with ThreadPoolExecutor(len(editors)) as pool:
        list(pool.map(Editor.read, editors))
        for turn in range(1, turns + 1):
            sent += pool.map(lambda editor, turn=turn: (turn, *editor.write(turn)), editors)
    taken = [(words, shown) for _turn, status, words, shown in sent if status in TAKEN]
    stood = in_order(editors[0].place.stored())
    before = dict(zip(stood[1:], stood, strict=False))
    return Tally(
        sent=len(sent),
        accepted=len(taken),
        conflicts=sum(status == HTTPStatus.CONFLICT for _turn, status, *_rest in sent),
        lost=sum(before.get(words) != shown for words, shown in taken),
        turns_won=len({turn for turn, status, *_rest in sent if status in TAKEN}),
    )


def in_order(words):
    """Without those that were only stored again as they stood."""
    words = list(words)
    return [each for number, each in enumerate(words) if number == 0 or words[number - 1] != each]
