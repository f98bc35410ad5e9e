"""T9: no address breaks over what is typed into it or sent to it, and a form changes only what it asks for.

Every address is asked with odd queries, and every form sent with odd values, as somebody who may. Then every form that
can be filled in is sent twice: as it stands, and with the names of all fields of the records that it wrote. What was
written must be the same.
"""

import logging
import random
import re
import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import quote_from_bytes

import pytest
import time_machine
from django import forms
from django.apps import apps
from django.db import connection, models, transaction
from django.urls import reverse
from lxml import html

from partnership import middleware
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import INVALID, MOVED, OK, ROLES
from tests.guarantees.figures import record
from tests.guarantees.filling import filled
from tests.guarantees.walks import MORNING, browser, look

pytestmark = pytest.mark.django_db

ORDER = ["office", "case_group_member", "partner", *[role for role in ROLES if role != "anonymous"], "anonymous"]
VALUES = [
    b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"\xc3\x28", b"", b" ", b"0", b"-1", b"1" * 30,
    str(10**20).encode(), b"9223372036854775808", b"2147483648", b"1e400", b"NaN", b"Infinity", b"0x10", b"+1",
    "١٢".encode(), "²".encode(), b"abc", b"null", b"None", b"true", b"[]", b"{}", b"(", b"[a-", b"*", b"%", b"_", b"\\",
    b"'", b'"', b"';--", b"..", b"../../etc/passwd", b"2027-02-30", b"9999-99-99", b"0000-00-00", b"10000-01-01",
    b"31/02/2027", b"-0001-01-01", b"00000000-0000-0000-0000-000000000000", b"not-a-uuid", b"{{7*7}}", b"%s%s%n",
    b"<script>alert(1)</script>", "\u202e\u0301\u200b".encode(), "ß".encode() * 3_000, b"x" * 20_000, b"a,b,,c",
    b"a:b:c", b"a&b=c", b"\r\nSet-Cookie: a=b", b"1" * 4_400, b"-x", b"--x", b"x,-x", "\u0130".encode(), b"@", b" 1 ",
    "\ufdfa".encode() * 50,
]  # fmt: skip
ODD_KINDS = ["multipart/form-data", "multipart/form-data; boundary=\x7f", "text/plain", "", "a/b; charset=x"]
PARTS = 12
SIGN_OUT = reverse("partnership:sign-out")
NAMES = ["page", "sort", "q", "search", "words", "export", "partnership", "group", "plan", "round", "organisation",
         "status", "year", "from", "to", "on", "section", "show", "format", "kind", "rating", "next"]  # fmt: skip


@pytest.fixture
def faults():
    """Every line that somebody is to look at, of any log, as it is written."""

    class Keeps(logging.Handler):
        def emit(self, line):
            lines.append(f"{line.name}: {line.getMessage()}"[:300])

    lines, handler = [], Keeps(logging.ERROR)
    loggers = [logging.getLogger(), logging.getLogger("django"), logging.getLogger("django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lines
    for logger in loggers:
        logger.removeHandler(handler)


def first_role(answers, wanted):
    return next((role for role in ORDER if answers[role] in wanted), None)


def addresses(world, method, wanted):
    """(role, door, url) of one door for each address at which somebody is let in."""
    found = {}
    for door in DOORS:
        role = first_role(getattr(door, method), wanted)
        if role and door.name not in found:
            found[door.name] = role, door, reverse(door.name, kwargs=door.place(world))
    return list(found.values())


@dataclass
class Browsers:
    """One for each role, signed in when it is first needed."""

    world: object
    made: dict = field(default_factory=dict)

    def of(self, role):
        if role not in self.made:
            self.made[role] = browser(self.world, role)
        return self.made[role]


def written(pairs):
    return b"&".join(quote_from_bytes(name).encode() + b"=" + quote_from_bytes(value).encode() for name, value in pairs)


def forms_on(page):
    """The forms of a page that send something: (element, {name: text})."""
    if "html" not in page.get("Content-Type", "") or not page.content.strip():
        return []
    forms = html.fromstring(page.content).xpath(f'//form[@method="post" and not(@action="{SIGN_OUT}")]')
    return [(form, filled(form, words)) for form in forms for words in ("Words", "")]


def knock(client, method, url, body=b"", content_type="application/x-www-form-urlencoded"):
    cookies = dict(client.cookies)
    with transaction.atomic():
        if method == "get":
            response = client.get(url, QUERY_STRING=body.decode("ascii"))
        else:
            response = client.generic("POST", url, body, content_type=content_type)
        b"".join(response)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return response.status_code


def fuzz_queries(world, places, times, draw, *, odd=VALUES):
    """(how many queries, how many values, faults) of ``times`` queries at each place."""
    browsers, asked, values, found = Browsers(world), 0, 0, []
    for role, door, url in places:
        for _ in range(times):
            names = draw.sample(NAMES, 12) if draw.random() < 0.9 else ["page"] * 3
            pairs = [(name.encode(), draw.choice(odd)) for name in names]
            pairs += [(draw.choice(VALUES), b"1")] if draw.random() < 0.2 else []
            status = knock(browsers.of(role), "get", url, written(pairs))
            asked, values = asked + 1, values + len(pairs)
            if status >= 500:
                found.append(f"{role} {door} {status} {pairs}")
    return asked, values, found


def fuzz_forms(world, places, times, draw):
    browsers, sent, values, found = Browsers(world), 0, 0, []
    for role, door, url in places:
        client = browsers.of(role)
        known = forms_on(look(client, "get", url)) if door.get[role] == OK else []
        known = [each for _form, each in known] or [door.body(world)]
        for _ in range(times):
            fields = {name: str(value).encode() for name, value in draw.choice(known).items()}
            for name in draw.sample(sorted(fields), min(len(fields), draw.choice([1, 2, 20]))):
                if name != "csrfmiddlewaretoken":
                    fields[name] = draw.choice(VALUES)
            body, kind = written((name.encode(), value) for name, value in fields.items()), None
            odd = draw.random()
            if odd < 0.03:
                body = written((b"f%d" % number, b"1") for number in range(1_001))
            elif odd < 0.06:
                kind = draw.choice(
                    ["multipart/form-data", "multipart/form-data; boundary=\x7f", "text/plain", "", "a/b; charset=x"]
                )
            elif odd < 0.09:
                body, kind = b"--b\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=b"
            status = knock(client, "post", url, body, *([kind] if kind is not None else []))
            sent, values = sent + 1, values + len(fields)
            if status >= 500:
                found.append(f"{role} {door} {status} {kind} {fields}"[:1_000])
    return sent, values, found


def tell(queries, sent, values, faults):
    record(
        "T9",
        "{queries:,} odd queries and {sent:,} forms sent with odd values ({values:,} values): {faults} server errors, "
        "{lines} exceptions in the log",
        queries=queries,
        sent=sent,
        values=values,
        faults=faults,
        lines=0,
    )


def share(places, part, parts):
    return places[part::parts]


def test_addresses_and_forms_bear_what_is_odd(world, faults):
    """An eighth of them, each once; the rest with ``./run guarantees``."""
    draw = random.Random(9)
    with time_machine.travel(MORNING, tick=False):
        queries, values, wrong = fuzz_queries(world, share(addresses(world, "get", {OK}), 0, 8), 1, draw)
        sent, more, worse = fuzz_forms(world, share(addresses(world, "post", {OK, INVALID, MOVED}), 0, 8), 1, draw)
    tell(queries, sent, values + more, len(wrong + worse))
    assert (wrong + worse, faults) == ([], [])


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_address_bears_many_odd_queries(world, faults, part):
    """A hundred values each, many in one query: what breaks over one breaks over one among many."""
    with time_machine.travel(MORNING, tick=False):
        places = share(addresses(world, "get", {OK}), part, PARTS)
        queries, values, wrong = fuzz_queries(world, places, 9, random.Random(part))
    tell(queries, 0, values, len(wrong))
    assert (wrong, faults) == ([], [])


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_form_bears_many_odd_values(world, faults, part):
    """A hundred each."""
    with time_machine.travel(MORNING, tick=False):
        places = share(addresses(world, "post", {OK, INVALID, MOVED}), part, PARTS)
        sent, values, wrong = fuzz_forms(world, places, 13, random.Random(part))
    tell(0, sent, values, len(wrong))
    assert (wrong, faults) == ([], [])


# Only what a form asks for


NUMBER = re.compile(r"\d{2,}")  # of a new row it is another each time
MARK = "Smuggled 9Q7Z"
MARK_NUMBER, MARK_DAY = 987_123, date(2031, 12, 25)
# One’s own draft, as it was typed: it is shown to nobody else, and its form takes from it what it asks for.
KEPT_AS_TYPED = {"assurance_reportdraft", "assurance_quarterlydraft", "plans_reviewdraft"}
KEYS = {"id": "987123", "pk": "987123", "is_superuser": "on", "is_staff": "on", "version": "987123", "tenant": MARK}


@dataclass
class Writes:
    """What a request wrote: the words of each statement and the values that were given to it."""

    statements: list = field(default_factory=list)

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not KEPT_AS_TYPED & set(sql.split('"')[1:2]):
            rows = params if many else [params or ()]
            self.statements += [(sql, tuple(row)) for row in rows]
        return execute(sql, params, many, context)

    def tables(self):
        return {sql.split('"')[1] for sql, _values in self.statements if '"' in sql}

    def columns(self):
        return sorted(sql for sql, _values in self.statements)

    def told(self):
        """Every value but numbers, keys and long random words, which are other each time: {value: how often}."""
        found = {}
        for _sql, values in self.statements:
            for value in flat(values):
                if isinstance(value, bool) or not isinstance(value, (int, uuid.UUID, float, Decimal)):
                    text = NUMBER.sub("#", str(value))
                    if len(text) < 60 and not is_random(text):
                        found[text] = found.get(text, 0) + 1
        return found

    def smuggled(self):
        said = [str(value) for _sql, values in self.statements for value in flat(values)]
        return sorted({text for text in said if MARK in text or text in {str(MARK_NUMBER), str(MARK_DAY)}})


def flat(values):
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from flat(value)
        else:
            yield value


def is_random(text):
    try:
        uuid.UUID(text)
    except ValueError:
        return "seen" in text or (len(text) > 24 and " " not in text)
    return True


def odd_value(column):
    """What would be believed for ``column`` (of a model), and could be found again."""
    if isinstance(column, models.BooleanField):
        return "on"
    if column.choices:
        return str(list(column.flatchoices)[-1][0])
    if isinstance(column, (models.DateField, models.DateTimeField)):
        return MARK_DAY.isoformat()
    if isinstance(column, (models.CharField, models.TextField)):
        return MARK
    return str(MARK_NUMBER)


def fields_of(tables):
    """{name: value} of every column of these tables, and of what the form may not ask for in any."""
    found = dict(KEYS)
    for model in apps.get_models():
        if model._meta.db_table in tables:
            for column in model._meta.concrete_fields:
                found[column.name] = found[column.attname] = odd_value(column)
    return found


def send(client, url, fields):
    """What was written by this form; None where it was not taken."""
    cookies, writes = dict(client.cookies), Writes()
    with transaction.atomic():
        with connection.execute_wrapper(writes):
            response = client.post(url, fields)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return writes if response.status_code in {200, 302, 303} and writes.statements else None


def smuggle(world, places):
    """(how many forms wrote something, how many names were added, what got through) at these places."""
    browsers, wrote, added, found = Browsers(world), 0, 0, []
    for role, door, url in places:
        client = browsers.of(role)
        known = forms_on(look(client, "get", url)) if door.get[role] == OK else []
        bodies = [({**each, **door.body(world)}, form.get("action") or url) for form, each in known]
        done = set()
        for fields, action in bodies or [(door.body(world), url)]:
            if not action.startswith("/"):
                action = url
            plain = None if action in done else send(client, action, fields)
            if plain is None:
                continue
            done.add(action)
            prefixes = {name.rpartition("-")[0] for name in fields}
            extra = {
                f"{prefix}-{name}" if prefix else name: value
                for name, value in fields_of(plain.tables()).items()
                for prefix in {"", *prefixes}
            }
            extra = {name: value for name, value in extra.items() if not is_asked_for(name, fields)}
            wrote, added = wrote + 1, added + len(extra)
            more = send(client, action, {**extra, **fields})
            if more is None:
                continue
            is_other = more.told() != plain.told() and not is_drawn_by_lot(client, action, fields, plain)
            if more.smuggled() or more.columns() != plain.columns() or is_other:
                other = set(more.told().items()) ^ set(plain.told().items())
                found.append(f"{role} {door} {action}: {more.smuggled()} {sorted(map(str, other))[:6]}")
    return wrote, added, found


def is_drawn_by_lot(client, action, fields, plain):
    """Whether the very same form, sent again, writes something else: a code to be said in a room."""
    return send(client, action, fields).told() != plain.told()


def is_asked_for(name, fields):
    """Whether the form has this field, or is a part of its: a day, one of several."""
    return any(asked == name or asked.startswith(f"{name}_") or asked.startswith(f"{name}-") for asked in fields)


def tell_smuggled(wrote, added, found):
    record(
        "T9",
        "{forms:,} forms sent with the {names:,} names of columns that they do not ask for: {through} changed more",
        forms=wrote,
        names=added,
        through=len(found),
    )


def test_a_form_changes_nothing_that_it_does_not_ask_for(world):
    """A tenth of them; all with ``./run guarantees``."""
    with time_machine.travel(MORNING, tick=False):
        wrote, added, found = smuggle(world, share(addresses(world, "post", {OK, INVALID, MOVED}), 1, 10))
    tell_smuggled(wrote, added, found)
    assert found == []
    assert wrote > 10


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_no_form_changes_what_it_does_not_ask_for(world, part):
    with time_machine.travel(MORNING, tick=False):
        wrote, added, found = smuggle(world, share(addresses(world, "post", {OK, INVALID, MOVED}), part, 4))
    tell_smuggled(wrote, added, found)
    assert found == []


# Controls


def test_a_request_that_breaks_is_found(world, faults, monkeypatch):
    monkeypatch.setattr(middleware, "is_plain", lambda text: not text.isdigit() or int(text))
    places = [each for each in addresses(world, "get", {OK}) if each[1].name == "partnership:person-list"]
    with time_machine.travel(MORNING, tick=False):
        _asked, _values, wrong = fuzz_queries(world, places, 3, random.Random(1), odd=["²".encode()])
    assert len(wrong) == 3 and faults


def test_a_form_that_takes_whatever_is_sent_is_found(world, monkeypatch):
    def take_everything(form):
        for name, value in form.data.items():
            columns = {column.name: column for column in form.instance._meta.concrete_fields}
            if isinstance(columns.get(name), (models.CharField, models.TextField)):
                setattr(form.instance, name, value)

    construct = forms.BaseModelForm._post_clean
    monkeypatch.setattr(forms.BaseModelForm, "_post_clean", lambda form: (construct(form), take_everything(form))[0])
    doors = [
        door for door in addresses(world, "post", {OK, INVALID, MOVED}) if door[1].name == "partnership:person-change"
    ]
    with time_machine.travel(MORNING, tick=False):
        wrote, _added, found = smuggle(world, doors)
    assert wrote and found
