"""Whether everything that an agenda wanted said is accounted for, by the ledger read back."""

from collections import Counter

from django.db.models import Count, Q
from django.db.models.functions import Now

from partnership.models import Message, Reminder

CAME_TO = {
    Reminder.State.PLANNED: "waiting",
    Reminder.State.BUNDLED: "waiting",
    Reminder.State.DONE: "accepted",
    Reminder.State.HELD: "held",
    Reminder.State.SUPPRESSED: "suppressed",
    Reminder.State.SKIPPED: "skipped",
    Reminder.State.FAILED: "failed",
}
OUTCOMES = ("accepted", "held", "suppressed", "skipped", "failed", "waiting")
# What the message must be in for its reminders' own state to be true.
UNDER_WAY = {Message.State.PLANNED, Message.State.CLAIMED, Message.State.SUBMITTING}
TRUE_WITH = {Reminder.State.BUNDLED: UNDER_WAY, Reminder.State.DONE: {Message.State.ACCEPTED}}


def reckon(agenda):
    """{"due": how many tellings, "accepted": …, "held": …}: what became of each, in one query.

    A telling without a row at its step, or with a row that contradicts its message, is in no outcome:
    then the outcomes are less than what was due, and ``partnership.health`` says so.
    """
    keys = {key for key, _due_on, _person in agenda.tellings}
    rows = (
        Reminder.objects.filter(deadline_key__in=keys)
        .order_by("step", "turn")
        .values_list("deadline_key", "due_on", "recipient", "step", "state", "message__state")
    )
    latest = {(key, due_on, person): row for key, due_on, person, *row in rows.iterator()}
    counts = Counter()
    for identity, telling in agenda.tellings.items():
        step, state, message_state = latest.get(identity, (telling.step - 1, None, None))
        if step >= telling.step:
            counts[outcome_of(state, message_state)] += 1
    return {"due": len(agenda.tellings)} | {outcome: counts[outcome] for outcome in OUTCOMES}


def reckon_planned(since):
    """The same of what was planned since: for each of ``since``, a dict of names and lengths of time, in one query."""
    planned_in = {name: Count("pk", filter=Q(planned_at__gte=Now() - length)) for name, length in since.items()}
    groups = (
        Reminder.objects.filter(planned_at__gte=Now() - max(since.values()))
        .order_by()
        .values("state", "message__state")
        .annotate(**planned_in)
    )
    sums = {name: {"due": 0} | dict.fromkeys(OUTCOMES, 0) for name in since}
    for group in groups:
        outcome = outcome_of(group["state"], group["message__state"])
        for name in since:
            sums[name]["due"] += group[name]
            if outcome:
                sums[name][outcome] += group[name]
    return sums


def outcome_of(state, message_state):
    """What a reminder in ``state`` came to, or None where its message says otherwise."""
    if message_state not in TRUE_WITH.get(state, {message_state}):
        return None
    return CAME_TO[state]


def astray(sums):
    """How many of those due are in no outcome. Each of ``sums`` is what ``reckon`` gives."""
    return sums.get("due", 0) - sum(sums.get(outcome, 0) for outcome in OUTCOMES)
