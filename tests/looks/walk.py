"""Which pages there are: the names in the URLconf, and for each the first address that leads to it.

One person at a time follows every link of a running demo, from the pages that need no record; what is new in the
product is found as soon as anything leads there, and a name that nothing led to is told.
"""

import re
from collections import Counter, deque
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse

MOST_TRIES = 4  # at addresses of one name that lead elsewhere, or are not theirs
LINK = re.compile(r'href="([^"#]+)')
# A look at these signs out, or is a file that is laid out for seconds and has no page of its own.
LEFT_OUT = re.compile(r"sign-out|download|(file|pdf|word|excel|xlsx|paper|proof|json|feed|icon|style)$")


@dataclass(frozen=True)
class Place:
    name: str
    path: str
    markup: str


def names_of(resolver, before=""):
    """The names of all addresses."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names_of(pattern, f"{before}{pattern.namespace}:" if pattern.namespace else before)
        elif pattern.name:
            yield before + pattern.name


def all_names():
    return {name for name in names_of(get_resolver()) if not LEFT_OUT.search(name)}


def beginnings():
    """The addresses that need no record."""
    for name in names_of(get_resolver()):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


def places(fetch, also=()):
    """A ``Place`` for each name that somebody comes to; ``fetch(path)`` is a Playwright answer, in their session."""
    waiting, found, tries, been = deque(["/", *also, *beginnings()]), set(), Counter(), set()
    while waiting:
        path = urlsplit(waiting.popleft()).path
        try:
            name = resolve(path).view_name
        except Resolver404:
            continue
        if name in found or tries[name] == MOST_TRIES or path in been or LEFT_OUT.search(name):
            continue
        tries[name] += 1
        been.add(path)
        answer = fetch(path)
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        stood = urlsplit(answer.url).path
        name = resolve(stood).view_name
        if name in found:
            continue
        found.add(name)
        markup = answer.text()
        yield Place(name, stood, markup)
        waiting.extend(urljoin(stood, href) for href in LINK.findall(markup))
