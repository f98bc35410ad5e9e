"""Every page that people of the sample come to by following links asks no question once for each row.

The sample has lists of many rows, so what is asked again for each of them shows; what is new in the product is walked
through as soon as anything leads there.
"""

import re
from collections import Counter, deque
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse

from partnership.models import Organisation, User
from tests.guarantees.walks import look

# One question may be asked of this many records on a page: of those that its address names and what they belong to.
MOST = 5
MOST_TRIES = 3  # at addresses of one name that lead elsewhere, or are not there or not theirs
LINK = re.compile(r'href="([^"#]+)')
# Files are laid out for seconds and are of what their pages show; a look at these signs out or goes elsewhere.
LEFT_OUT = re.compile(r"file|pdf|word|excel|xlsx|paper|proof|download|sign-out|json|feed")
SET_UP = re.compile(r"SAVEPOINT|set_config|^EXECUTE")


class Asked:
    """What the database was asked: {SQL: of how many different values}."""

    def __init__(self):
        self.values = {}

    def __call__(self, execute, sql, params, many, context):
        if not SET_UP.search(sql):
            self.values.setdefault(sql, set()).add(repr(params))
        return execute(sql, params, many, context)

    @property
    def too_often(self):
        return {sql: len(values) for sql, values in self.values.items() if len(values) > MOST}


def names_of(resolver, before=""):
    """The names of all addresses."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names_of(pattern, f"{before}{pattern.namespace}:" if pattern.namespace else before)
        elif pattern.name:
            yield before + pattern.name


def beginnings():
    """The addresses that need no record."""
    for name in names_of(get_resolver()):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


def each_page(client):
    """(name, address, ``Asked``) of one page of each name that is come to by following links."""
    waiting, shown, tries, been = deque(["/", *beginnings()]), set(), Counter(), set()
    while waiting:
        path = urlsplit(waiting.popleft()).path
        try:
            name = resolve(path).view_name
        except Resolver404:
            continue
        if name in shown or tries[name] == MOST_TRIES or path in been or LEFT_OUT.search(name):
            continue
        tries[name] += 1
        been.add(path)
        asked = Asked()
        with connection.execute_wrapper(asked):
            response = look(client, "get", path)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        shown.add(name)
        yield name, path, asked
        waiting.extend(urljoin(path, href) for href in LINK.findall(response.content.decode()))


@pytest.mark.long
@pytest.mark.parametrize(("name", "fewest"), [("nadia", 250), ("tomasz", 100), ("greta", 80)])
def test_no_page_asks_a_question_for_each_row(sample, name, fewest):
    client = Client()
    client.force_login(User.objects.get(email__startswith=f"{name}."))
    found = {(page, path): asked.too_often for page, path, asked in each_page(client)}
    assert {where: questions for where, questions in found.items() if questions} == {}
    assert len(found) >= fewest


def test_a_question_for_each_row_is_noticed(sample):
    asked = Asked()
    with transaction.atomic(), connection.execute_wrapper(asked):
        for organisation in Organisation.objects.all()[: MOST + 1]:
            list(organisation.posts.all())
    assert list(asked.too_often.values()) == [MOST + 1]
