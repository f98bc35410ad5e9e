"""What somebody finds in a world, to be held beside what they find in the same world with more in it.

Of pages, searches, spreadsheets, forms sent back with errors, mails and calendar feeds: each way gives a dictionary
whose values can be compared, and ``walks.differences`` says where two worlds are not the same.
"""

import re
from datetime import timedelta
from http import HTTPStatus

import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from lxml import html

from partnership.calendar_feeds import make_feed
from partnership.reminders.loop import send_reminders
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import INVALID
from tests.guarantees.filling import filled
from tests.guarantees.hidden import HIDDEN_FROM
from tests.guarantees.quick_half import by_lot
from tests.guarantees.restricted import CANARY
from tests.guarantees.walks import DRAWN_BY_LOT, MORNING, counted_look, found_in, look

LOT = re.compile(r"[A-Za-z0-9_.-]{40,}")  # what is drawn by lot for each link
HELLO = re.compile(r"Hello .*,")
DAYS = 30
FEW_FORMS = 40
REFERENCE = f"{CANARY}-0"
# What is looked for in everything at once: the case's own words, half of one, one with a slip, and its reference.
SEARCHED = [CANARY, "canary summ", "canray", REFERENCE]
TAKEN = {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}
CSV, EXCEL = "?export=csv", "?export=xlsx"


def every_query(door, exports):
    """A list is also searched for the canary, and taken along as a spreadsheet; so is everything at once."""
    if door.name == "partnership:search":
        return ["", *(f"?q={words}" for words in SEARCHED)]
    return ["", f"?words={CANARY}", *exports] if door.name.endswith("-list") else [""]


def one_query(door, exports):
    found = every_query(door, exports)
    return [found[by_lot(door) % len(found)]]


def pages(world, client, doors, exports=(CSV,), queries_of=every_query):
    """{address: ``found_in`` the answer} of ``doors``, with searches and ``exports`` of lists."""
    found = {}
    with time_machine.travel(MORNING, tick=False):
        for door in doors:
            url = reverse(door.name, kwargs=door.place(world))
            for query in queries_of(door, exports):
                found[f"{door}{query}"] = found_in(*counted_look(client, "get", url + query))
    return found


def doors_with_errors(role, count=FEW_FORMS):
    """The forms that ``role`` is let into and sends back as they should not be, some ``count`` of them."""
    doors = [door for door in DOORS if door.post[role] == INVALID and door.name not in DRAWN_BY_LOT]
    return doors[:: max(1, len(doors) // count)]


def wrong_posts(world, client, doors):
    """{address: what is answered} to forms of ``doors`` that have to be mended: what they say is wrong, in words.

    Each is sent twice: as the access table has it, and filled in with the reference of a hidden case in every box.
    Where that is taken, it says only so: where a new record leads is drawn by lot.
    """
    found = {}
    with time_machine.travel(MORNING, tick=False):
        for door in doors:
            url = reverse(door.name, kwargs=door.place(world))
            for words, body in (("", door.body(world)), (" with its reference", referring(client, url))):
                answer = found_in(*counted_look(client, "post", url, {"csrfmiddlewaretoken": "", **body}))
                found[f"{door}{words}"] = answer if answer[0] not in TAKEN else (answer[0], {}, b"", 0)
    return found


def referring(client, url):
    """What the form at ``url`` sends with the reference of a case in each empty box; {} where there is no page."""
    response = look(client, "get", url)
    if response.status_code != HTTPStatus.OK:
        return {}
    forms = html.fromstring(response.content).xpath("//main//form[translate(@method, 'POST', 'post') = 'post']")
    return filled(max(forms, key=lambda form: len(form.xpath(".//*[@name]"))), REFERENCE) if forms else {}


# Mails


def mails_of(world, mailoutbox, days=DAYS):
    """{(number of the day, address, how many): its subject and words} of what is mailed on so many days from now on.

    Who sits in the case review group may learn from a mail that there is something, and no more: so of theirs there is
    one text that is always the same, and here is counted how many others there are.
    """
    inside = {world.people["case_group_member"].email, world.somebody.email}
    mailoutbox.clear()
    found, to_the_group = {}, set()
    start = transaction.savepoint()
    for number in range(days):
        moment = MORNING + timedelta(days=number)
        with time_machine.travel(moment, tick=False):
            send_reminders(on=moment.date(), now=moment)
        for mail in mailoutbox:
            words = f"{mail.subject}\n\n{LOT.sub('', mail.body)}"
            if mail.to[0] in inside:
                to_the_group.add(HELLO.sub("", words))
            else:
                found[number, mail.to[0], sum(key[:2] == (number, mail.to[0]) for key in found)] = words
        mailoutbox.clear()
    transaction.savepoint_rollback(start)
    found["other texts to the group"] = str(max(len(to_the_group) - 1, 0))
    return found


# Calendars


def feeds_of(world, roles):
    """{(role, of what): its bytes, headers and count of questions} of every calendar feed that each can keep."""
    group, restricted = world.group, world.case_meeting.group
    found = {}
    with transaction.atomic(), time_machine.travel(MORNING, tick=False):
        for role in roles:
            for name, of in [
                ("mine", {}),
                ("partnership", {"partnership": world.partnership}),
                ("group", {"group": group}),
                ("case review group", {"group": restricted}),
            ]:
                _feed, token = make_feed(world.people[role], at=MORNING, **of)
                url = reverse("partnership:calendar-feed", args=[token])
                response, count = counted_look(Client(), "get", url)
                # Of what members of the group owe themselves more may be asked than is told.
                found[role, name] = found_in(response, count if role in HIDDEN_FROM else 0)
        transaction.set_rollback(True)
    return found
