"""One day as an office sees it, line by line, and what it does to a line by hand."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pghistory
from django.db import transaction
from django.utils import timezone

from partnership.deadlines import deadlines
from partnership.models import Message, Reminder, ReminderPause
from partnership.reminder_words import RESTRICTED, due_words
from partnership.reminders.agenda import PlannedDays, Planner, agenda
from partnership.reminders.chasing import chase
from partnership.reminders.hours import next_sending_day
from partnership.reminders.ledger import plan_and_bundle
from partnership.reminders.pauses import take_turns
from partnership.reminders.policies import kind_of
from partnership.reminders.preview import who_will_be_told
from partnership.working_days import add_working_days

DAYS_AHEAD = timedelta(days=30)
REHEARSED_EVERY = 5  # sending days
A_WEEK, FAR = timedelta(days=7), timedelta(days=120)


@dataclass(frozen=True)
class Line:
    """One person and one deadline on a day: why they are told, or why not.

    ``stop`` is empty where they are told, else what it comes to in two words. ``person`` is None where it is
    nobody, or nobody in particular. ``pause``: the ReminderPause in force, if there is one.
    """

    person: object
    key: str
    due_on: object
    title: str
    why: str = ""
    stop: str = ""
    why_not: str = ""
    rung: str = ""
    url: str = ""
    pause: object = None

    @property
    def kind(self):
        return kind_of(self.key)

    @property
    def is_told(self):
        return not self.stop


def sending_days(now):
    """The next day on which reminders go out, and those after it for a month."""
    day = next_sending_day(now)
    last = day + DAYS_AHEAD
    while day <= last:
        yield day
        after = timezone.localtime(now).replace(year=day.year, month=day.month, day=day.day, hour=23)
        day = next_sending_day(after)


def lines_on(user, *, on, after=(), keys=None):
    """Every Line of ``user``'s offices on a day, by person; last those whom nobody can tell.

    That something goes no higher yet is said where nobody is told of it that day: else it goes its usual way.
    ``after``: the sending days that lie before it. Some of them are rehearsed, so that what has been said by
    then is not said again, and who is above hears in their turn. ``keys``: of these deadlines alone.
    """
    with transaction.atomic():
        rehearse(user, sorted({*after[::REHEARSED_EVERY], *after[-1:]}), on=on, keys=keys)
        preview = who_will_be_told(user, on=on, keys=keys)
        transaction.set_rollback(True)
    pauses = Pauses(user, on=on)
    lines = [
        of_reminder(reminder, person, preview.due.get(reminder.deadline_key), user)
        for person, reminders in preview.people
        for reminder in reminders
    ]
    lines += [stopped(user, NOT_TOLD, *each) for each in preview.not_told if each[0]]
    told = {(line.key, line.due_on) for line in lines}
    lines += [
        stopped(user, NO_HIGHER, *each) for each in preview.not_told if not each[0] and place_of(each[1]) not in told
    ]
    lines += [stopped(user, NOBODY, None, reach.deadline, " ".join(reach.missing)) for reach in preview.unreached]
    lines += skipped(user, {(line.key, line.due_on, line.person) for line in lines}, on=on, keys=keys)
    return sorted(map(pauses.beside, lines), key=in_order)


NOT_TOLD, NOBODY, NO_HIGHER = "Not told.", "Could not be reminded.", "Goes no higher yet."


def rehearse(user, days, *, on, keys=None):
    """As if everybody had been told on ``days`` of what is due, seen from ``on``. For a transaction that is undone."""
    standing = user.standing
    ids = standing.office_ids
    due = agenda(on=on, standing=standing, partnership_ids=ids, keys=keys).due if days else ()
    for day in days:
        plan_and_bundle(Planner(on=day).agenda_of(due, partnership_ids=ids, keys=keys), on=day)
        PlannedDays.read().planned(day)
        said = Message.objects.filter(day=day, state=Message.State.PLANNED)
        Reminder.objects.filter(message__in=said, state=Reminder.State.BUNDLED).update(state=Reminder.State.DONE)
        said.update(state=Message.State.ACCEPTED)


def skipped(user, known, *, on, keys=None):
    """A Line for each step of the last week that an office left out, of what is still due and not told again."""
    rows = Reminder.objects.visible_to(user).filter(
        state=Reminder.State.SKIPPED, due_on__gte=on - FAR, due_on__lte=on + FAR
    )
    if keys is not None:
        rows = rows.filter(deadline_key__in=keys)
    rows = [row for row in rows.select_related("recipient", "skipped_by") if is_of_the_week(row, on=on)]
    due = {each.key: each for each in deadlines(on=on, keys={row.deadline_key for row in rows})} if rows else {}
    for row in rows:
        deadline = due.get(row.deadline_key)
        place = (row.deadline_key, row.due_on, row.recipient)
        if deadline and deadline.due_on == row.due_on and place not in known:
            yield stopped(user, NOT_TOLD, row.recipient, deadline, f"{row.skipped_by} left it out: “{row.reason}”")


def place_of(deadline):
    return (deadline.key, deadline.due_on)


def is_of_the_week(row, *, on):
    return on - A_WEEK < add_working_days(row.due_on, row.step) <= on


def in_order(line):
    person = line.person
    return (person is None, str(person), person.pk if person else 0, bool(line.stop), line.due_on, line.key)


def of_reminder(reminder, person, deadline, user):
    """``deadline`` is None where it was done after its message was put together."""
    rung = reminder.get_rung_display() if reminder.rung != Reminder.Rung.LEAD else ""
    return Line(
        person=person,
        key=reminder.deadline_key,
        due_on=reminder.due_on,
        title=reminder.title or RESTRICTED,
        why=f"{due_words(reminder)}, as {reminder.why}" if reminder.why else due_words(reminder),
        rung=rung,
        url=deadline.url_for(user.standing) if deadline else "",
    )


def stopped(user, stop, person, deadline, words):
    title = RESTRICTED if deadline.is_restricted else deadline.title
    url = deadline.url_for(user.standing)
    return Line(person, deadline.key, deadline.due_on, title, stop=stop, why_not=words, url=url)


class Pauses:
    """The pauses in force on a day that ``user`` may know of."""

    def __init__(self, user, *, on):
        found = ReminderPause.objects.visible_to(user).in_force(on=on).select_related("made_by", "recipient")
        self.found = {(pause.deadline_key, pause.due_on, pause.recipient_id): pause for pause in found}

    def beside(self, line):
        pause = self.found.get((line.key, line.due_on, line.person.pk if line.person else None))
        pause = pause or self.found.get((line.key, line.due_on, None))
        return replace(line, pause=pause) if pause else line


def line_at(user, key, due_on, person_pk, *, on, after=()):
    """The Line of that place on a day, or None where ``user``'s office knows of none: see ``lines_on``."""
    lines = lines_on(user, on=on, after=after, keys={key})
    return next((each for each in lines if (each.key, each.due_on) == (key, due_on) and is_of(each, person_pk)), None)


def is_of(line, person_pk):
    return line.person is not None and line.person.pk == person_pk


def told_again_on(key, *, on):
    """The day of the step after the one that stands on ``on``, by the days of its kind; None: that is the last."""
    planner = Planner(on=on)
    for deadline in deadlines(on=on, keys={key}):
        call = planner.call_of(deadline)
        steps = [step for step in call.policy.steps if call.step is None or step > call.step]
        return call.days.add(deadline.due_on, min(steps)) if steps else None
    return None


def deadline_at(user, key, due_on, *, on):
    """The Deadline of that key and date, of ``user``'s offices; None where it is done, moved or not theirs."""
    standing = user.standing
    due = deadlines(on=on, keys={key}, standing=standing, partnership_ids=standing.office_ids)
    return next((each for each in due if each.due_on == due_on), None)


@transaction.atomic
def send_now(deadline, person, *, reason, by, now):
    """Ask ``person`` for it today, whatever its steps are: see ``chase``. ``reason`` stands in the ledger."""
    take_turns(deadline.key)
    with pghistory.context(reason=reason):
        came_to = chase([deadline], by=by, now=now, only={(deadline.key, person.pk)})
        asked = Reminder.objects.filter(deadline_key=deadline.key, due_on=deadline.due_on, recipient=person)
        asked.filter(state=Reminder.State.PLANNED, asked_by=by).update(reason=reason)
    return came_to
