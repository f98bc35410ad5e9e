"""What shows that a page is in its language: another language's words for everything, told apart from plain ones.

Where the Welsh catalogue is put out of the way, every marked word stands in ⟦brackets⟧. What stands on a Welsh page
outside them, and outside what is marked as English, was forgotten.
"""

import re
from html.parser import HTMLParser

import pytest
from django.utils.translation import trans_real

from partnership.languages import WELSH

SAID_BY_ATTRIBUTES = {"alt", "aria-label", "data-l", "placeholder", "title"}
SUMMARISED = {"description", "og:title", "og:description", "og:image:alt"}
WITHOUT_AN_END = {"br", "col", "hr", "img", "input", "link", "meta", "path", "rect", "use"}
UNSPOKEN = {"script", "style"}
SPOKEN = re.compile(r"⟦[^⟦⟧]*⟧")
# Said alike in both languages.
ALIKE = re.compile(r"Partnership Planner|SHA-256 [0-9a-f]{64}|\b\d+(\.\d)? [kMG]B\b|\S+@\S+|https?://\S+")
WORD = re.compile(r"[^\W\d_]{2,}")


class Bracketed(trans_real.DjangoTranslation):
    """A catalogue that says everything, in brackets."""

    def gettext(self, message):
        return f"⟦{message.rpartition(chr(4))[2]}⟧" if message else message

    def ngettext(self, one, many, count):
        return self.gettext(one if count == 1 else many)


@pytest.fixture
def bracketed(monkeypatch):
    monkeypatch.setitem(trans_real._translations, WELSH, Bracketed(WELSH))


class Listener(HTMLParser):
    def __init__(self, names):
        super().__init__()
        self.names, self.open, self.plain = names, [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.open.append((tag, attrs.get("lang")))
        for name in SAID_BY_ATTRIBUTES & attrs.keys():
            self.listen(attrs[name])
        if attrs.get("name", attrs.get("property")) in SUMMARISED:
            self.listen(attrs["content"])
        if tag in WITHOUT_AN_END:
            self.open.pop()

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in WITHOUT_AN_END:
            self.open.pop()

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(tag in UNSPOKEN for tag, _language in self.open):
            self.listen(data)

    def listen(self, words):
        languages = [language for _tag, language in self.open if language]
        if languages and languages[-1] != WELSH:
            return
        while SPOKEN.search(words):
            words = SPOKEN.sub("", words)
        for name in self.names:
            words = words.replace(name, "")
        if WORD.search(ALIKE.sub("", words)):
            self.plain.append(" ".join(words.split()))


def plain_words(html, *, names=()):
    """What stands on a page untranslated and unmarked; ``names`` are those of the partnership, which stay."""
    listener = Listener(names)
    listener.feed(html)
    return listener.plain
