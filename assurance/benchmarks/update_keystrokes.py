"""How long five lines take, by the keystroke-level model of Card, Moran and Newell, here and in a tracker by mail.

Each job is a list of steps from opening the mail, and each step the operators that it needs: K a key or a
click, P pointing at something, H a hand from mouse to keys or back, M making up one's mind, R waiting for
the machine. Both jobs are done by somebody practised, by mouse, who knows what to say: the model leaves out
reading and finding words, on both sides alike. R is measured here for our pages, and is set to a stated guess
(``EXCEL_STARTS``) for the other. ``tests/journeys/test_update.py`` presses these buttons in a browser.
"""

import time
from datetime import timedelta

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assurance.benchmarks.figures import Figure
from assurance.benchmarks.plan_page import make_office, make_plan
from plans.models import Deliverable, DeliverableLead, Rating, Update, UpdateRound

SECONDS = {"K": 0.2, "P": 1.1, "H": 0.4, "M": 1.35}
EXCEL_STARTS = 4.0  # seconds until an attachment stands open in Excel, a guess in its favour
LINES = 5
MOST_SECONDS = 60
ACTIONS_FOR_NO_CHANGE = 2  # from My work: open the page, press "Same as last time"; three from the mail

CLICK = "MPK"
TWO_SENTENCES, SHORT, NEW_DATE, REASON = 140, 40, 17, 60  # characters typed
FIGURE, HALF_A_SENTENCE, DETAIL = 5, 40, 25

# From the mail: open it, follow its link, and the button of the page that it leads to.
BEGIN_HERE = [("open the mail", CLICK), ("follow its link", CLICK + "R"), ("“Open my lines”", CLICK + "R")]
SAME = ("“Same as last time”", CLICK + "R")


def typed(characters):
    """Into a box: point at it, to the keys, the keys, and back to the mouse."""
    return "PK" + "H" + "K" * characters + "H"


def changed():
    """Last time's two sentences put right: two figures, each marked by two clicks, and half a sentence more."""
    return ("PKK" + "H" + "K" * FIGURE + "H") * 2 + typed(HALF_A_SENTENCE)


# What is typed in several lines goes by one press at the end.
WORDS_HERE = [("choose a rating", CLICK), ("two sentences", typed(TWO_SENTENCES))]
CHANGED_HERE = [
    ("choose a rating", CLICK),
    ("“Start from last time’s words”", CLICK + "R"),
    ("two figures and half a sentence", changed()),
]
DATE_HERE = [
    ("choose a rating", CLICK),
    ("what has happened", typed(SHORT)),
    ("“No, it needs a new date”", CLICK),
    ("a day that is offered", CLICK),
    ("a reason that is offered", CLICK),
    ("a few words more on it", typed(DETAIL)),
]
SEND = ("“Send what I have answered”", CLICK + "R")

# The tracker: open the mail and its attachment, allow editing, then each own row among sixty, save, reply, attach.
BEGIN_THERE = [("open the mail", CLICK), ("open the attachment", CLICK + "R"), ("“Enable editing”", CLICK)]
FIND_ROW = ("scroll to the next own row", "MPP")
RATE_CELL = ("choose the rating from the cell’s list", "PKPKPK")
SAME_THERE = [FIND_ROW, RATE_CELL, ("“No change”", typed(len("No change")))]
WORDS_THERE = [FIND_ROW, RATE_CELL, ("two sentences", typed(TWO_SENTENCES))]
CHANGED_THERE = [FIND_ROW, RATE_CELL, ("open the cell", "PKK"), ("two figures and half a sentence", changed())]
DATE_THERE = [
    FIND_ROW,
    RATE_CELL,
    ("what has happened", typed(SHORT)),
    ("the new date", typed(NEW_DATE)),
    ("why", typed(REASON)),
]
END_THERE = [
    ("save it where it is found again", "MKK" + "PKPK"),
    ("back to the mail, “Reply”", CLICK + "PK"),
    ("attach: button, folder, file, “Open”", CLICK + "PKPKPK"),
    ("a line of words", typed(SHORT)),
    ("“Send”", CLICK),
]

NO_CHANGE = "five lines, no change"
JOBS = {
    NO_CHANGE: ([*BEGIN_HERE, *[SAME] * 5], [*BEGIN_THERE, *SAME_THERE * 5, *END_THERE]),
    "three the same, one with two sentences, one new date": (
        [*BEGIN_HERE, *[SAME] * 3, *WORDS_HERE, *DATE_HERE, SEND],
        [*BEGIN_THERE, *SAME_THERE * 3, *WORDS_THERE, *DATE_THERE, *END_THERE],
    ),
    "the same, the two sentences being last time’s put right": (
        [*BEGIN_HERE, *[SAME] * 3, *CHANGED_HERE, *DATE_HERE, SEND],
        [*BEGIN_THERE, *SAME_THERE * 3, *CHANGED_THERE, *DATE_THERE, *END_THERE],
    ),
}


def seconds_of(steps, *, wait):
    operators = "".join(operators for _words, operators in steps)
    return sum(SECONDS.get(each, wait) for each in operators)


def actions_of(steps):
    """Clicks, and each box typed into, which is what a person would count."""
    return len([words for words, _operators in steps])


def keys_of(steps):
    """Seconds on the keys alone: what no page can take off whoever types the words."""
    return sum(SECONDS["K"] * (operators.count("K") - operators.count("P")) for _words, operators in steps)


def update_keystrokes():
    """Seconds by the model and actions, here and by tracker, for each job; with the wait that we measured."""
    wait = measure_wait()
    figures = []
    for job, (here, there) in JOBS.items():
        ours, theirs = seconds_of(here, wait=wait), seconds_of(there, wait=EXCEL_STARTS)
        figures.append(
            Figure(
                f"{job} ÷ the same by a tracker in the mail",
                ours / theirs,
                f"{ours:.0f} s in {actions_of(here)} steps against {theirs:.0f} s in {actions_of(there)} steps; "
                f"{keys_of(here):.0f} s of ours are the keys of words typed",
            )
        )
    first, _there = JOBS[NO_CHANGE]
    return [
        Figure(
            f"{NO_CHANGE}, from the mail, by the keystroke-level model",
            seconds_of(first, wait=wait),
            f"Our pages answer in {wait:.2f} s; one line with no change takes {ACTIONS_FOR_NO_CHANGE} actions from My "
            f"work, {len(BEGIN_HERE[1:]) + 1} from the mail",
            unit=" s",
            at_most=MOST_SECONDS,
        ),
        *figures,
    ]


def measure_wait():
    """Seconds for our longest wait, “Same as last time” with the page after it: the least of five."""
    with transaction.atomic():
        try:
            office, partnerships = make_office()
            plan = make_plan(partnerships, office, deliverables=LINES)
            today = timezone.localdate()
            rounds = list(plan.rounds.order_by("closes_on"))
            now = rounds[-1] if rounds else UpdateRound(plan=plan, name="Now", starts_on=today, ends_on=today)
            now.opens_on, now.closes_on, now.closed_at = today, today + timedelta(days=10), None
            now.save()
            Update.objects.filter(round=now).delete()
            rows = Deliverable.objects.filter(priority__plan=plan)
            DeliverableLead.objects.filter(deliverable__in=rows).update(post=office.holdings.first().post)
            before = UpdateRound.objects.create(
                plan=plan,
                name="Before",
                starts_on=today - timedelta(days=900),
                ends_on=today - timedelta(days=890),
                opens_on=today - timedelta(days=880),
                closes_on=today - timedelta(days=870),
            )
            rating = Rating.objects.filter(key=plan.rating_key).first()
            for row in rows:
                row.updates.filter(round=now).delete()
                said = {"rating": rating, "progress": "As planned.", "submitted_by": office}
                if not row.updates.exists():
                    row.updates.create(round=before, submitted_at=timezone.now(), **said)
            client = Client()
            client.force_login(office)
            return min(time_same(client, row) for row in rows)
        finally:
            transaction.set_rollback(True)


def time_same(client, row):
    began = time.perf_counter()
    response = client.post(reverse("plans:update-same", args=[row.pk]), follow=True)
    if response.status_code != 200 or not row.updates.filter(is_unchanged=True).exists():
        raise RuntimeError(f"“Same as last time” answered {response.status_code}.")
    return time.perf_counter() - began
