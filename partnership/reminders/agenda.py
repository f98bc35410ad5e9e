"""What is to be said on a day, to whom: read from the deadlines, the policies and what was said before.

Steps that passed while nothing ran, or before a deadline was there, are not made up for: everybody is
told at the latest step that has come. The turns of a week read the deadlines of a window around the day, but
the first turn of each week reads all there are. So after an outage of any length nothing is lost, only
told once and later; and an old date that came into the product after its steps is found within a week.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from django.utils import timezone

from partnership.closures import shared_working_days, working_days_of
from partnership.deadlines import deadlines, deadlines_of, each_deadline, with_people
from partnership.models import Heartbeat, Partnership, Reminder, ReminderPause
from partnership.models.people import read_standing
from partnership.reminders.ladder import Ladder
from partnership.reminders.paces import Pace, Paces
from partnership.reminders.policies import Policies, kind_of
from partnership.templatetags.components import long_date
from partnership.working_days import ENGLAND

Rung = Reminder.Rung
State = Reminder.State

DAYS_OF_GRACE = 20  # working days after the last step and rung in which the turns of a week still look
DEADLINES_AT_A_TIME = 1000

GONE = "Done, moved, or no longer theirs."


@dataclass(frozen=True)
class Telling:
    """That one person is to be told of one deadline, at one of its steps, and as who: see ``Reminder.rung``.

    ``missed``: the steps before that one whose days passed since the last turn, while nothing ran.
    ``is_fresh``: the day of its step has come since the last turn.
    """

    deadline: object
    recipient: object
    step: int
    rung: str = Rung.LEAD
    is_asked: bool = False
    is_fresh: bool = False
    missed: tuple = ()

    @property
    def identity(self):
        return (self.deadline.key, self.deadline.due_on, self.recipient.user.pk)

    def as_reminder(self, *, turn, asked_by=None):
        """Says nothing of what a restricted deadline is about, not even as what one is told."""
        deadline = self.deadline
        return Reminder(
            deadline_key=deadline.key,
            due_on=deadline.due_on,
            step=self.step,
            turn=turn,
            rung=self.rung,
            asked_by=asked_by,
            recipient=self.recipient.user,
            title="" if deadline.is_restricted else deadline.title[:300],
            why="" if deadline.is_restricted else self.recipient.why[:200],
            is_restricted=deadline.is_restricted,
            partnership_ids=sorted(deadline.partnership_ids),
        )


class Withheld(NamedTuple):
    """A telling whose step has come and that is not said, and why. ``waits``: it is said on a later day by itself."""

    telling: Telling
    why: str
    waits: bool


@dataclass(frozen=True)
class Agenda:
    """Whom to tell of what on a day.

    ``tellings`` by identity; ``withheld`` those that are not said; ``unreached`` the ``Reach`` of what cannot be
    told; ``not_climbed`` (deadline, why) where a rung above has to wait. ``history`` is what the ledger said.
    ``keys`` and ``partnership_ids`` are of what was asked for; None: of all.
    """

    tellings: dict
    unreached: tuple
    partnership_ids: frozenset | None = None
    keys: frozenset | None = None
    withheld: tuple = ()
    not_climbed: tuple = ()
    history: object = None
    due: tuple = field(default=(), repr=False)


def agenda(*, on, standing=None, partnership_ids=None, keys=None):
    """The whole agenda of a day at once; of some partnerships as far as ``standing`` may know of it.

    ``keys``: only of the deadlines of these keys.
    """
    planner = Planner(on=on)
    found = deadlines(on=on, until=planner.until, standing=standing, partnership_ids=partnership_ids, keys=keys)
    due = [each for each in found if planner.since is None or each.due_on >= planner.since]
    if partnership_ids is not None:
        # Once more, with the partnerships that share it: their people are told by the same rules of all of them.
        due = deadlines(on=on, keys={each.key for each in due})
    return planner.agenda_of(due, partnership_ids=partnership_ids, keys=keys)


def agenda_of(keys, *, on):
    """The agenda of the deadlines of these keys alone."""
    return Planner(on=on).agenda_of(deadlines(on=on, keys=keys))


class Planner:
    """Everything that is the same for all deadlines of a day, read once."""

    def __init__(self, *, on):
        self.on = on
        self.policies = Policies.read()
        self.closures = working_days_of(Partnership.objects.values_list("pk", flat=True))
        self.planned_days = PlannedDays.read()
        self.asked = {}
        due_days = set()
        planned = Reminder.objects.filter(state=State.PLANNED)
        for key, due_on, person, step, asker in planned.values_list(
            "deadline_key", "due_on", "recipient", "step", "asked_by"
        ):
            due_days.add(due_on)
            if asker:
                self.asked[key, due_on, person] = step
        self.asked_deadlines = {(key, due_on) for key, due_on, _person in self.asked}
        before, after = self.policies.furthest
        kinds = {ENGLAND, *self.closures.values()}
        self.until = max([*(days.add(on, max(before, 1)) for days in kinds), *due_days])
        self.since = None
        if not self.planned_days.reads_all(on):
            self.since = min([*(days.add(on, -(after + DAYS_OF_GRACE)) for days in kinds), *due_days])
        self.pauses = Pauses.in_force(on=on)
        self.ladder = Ladder(on=on)
        self._working_days, self._calls = {}, {}

    def agendas(self):
        """The agenda of the day in parts of ``DEADLINES_AT_A_TIME``: needs a transaction.

        It holds one part at most, and none while it reads the next: let go of each before you ask for another.
        """
        found = each_deadline(on=self.on, since=self.since, until=self.until)
        return map(self.agenda_of, iter(lambda: list(islice(found, DEADLINES_AT_A_TIME)), []))

    def agenda_of(self, due, *, partnership_ids=None, keys=None):
        """The agenda of some deadlines, in thirteen queries at most however many there are."""
        self._working_days, self._calls = {}, {}  # of these alone, however many parts there are
        called = [each for each in due if self.call_of(each).step is not None or self._is_asked(each)]
        history = History.read({each.key for each in called})
        reaches = with_people(called, on=self.on)
        tellings, not_climbed = [], []
        for reach in reaches:
            told, words = self._tellings_of(reach, history)
            tellings += told
            not_climbed += words
        paces = Paces.read({telling.recipient.user.pk for telling in tellings})
        said, withheld = {}, []
        for telling in tellings:
            why_not = self._why_not(telling, paces, history)
            if why_not:
                withheld.append(Withheld(telling, *why_not))
            else:
                said[telling.identity] = telling
        return Agenda(
            tellings=said,
            unreached=tuple(
                reach for reach in reaches if reach.missing and self.call_of(reach.deadline).step is not None
            ),
            partnership_ids=partnership_ids,
            keys=keys,
            withheld=tuple(withheld),
            not_climbed=tuple(not_climbed),
            history=history,
            due=tuple(due),
        )

    def call_of(self, deadline):
        """What the calendar says of it today: the same for all of one date, policy and working days."""
        policy = self.policies.of(kind_of(deadline.key), deadline.partnership_ids)
        asked = (deadline.due_on, policy, self._days_of(deadline.partnership_ids))
        if asked not in self._calls:
            self._calls[asked] = self._call(*asked)
        return self._calls[asked]

    def _call(self, due_on, policy, days):
        step = latest_step(due_on, policy.steps, on=self.on, days=days)
        is_late = step is not None and due_on < self.on
        before = self.planned_days.before(self.on)
        came = [each for each in policy.steps if before and before < days.add(due_on, each) <= self.on]
        return Call(
            policy=policy,
            days=days,
            step=step,
            rungs=tuple(
                (rung, after) for rung, after in policy.ladder if is_late and days.add(due_on, after) <= self.on
            ),
            missed=tuple(each for each in came if each < step),
            is_fresh=before is None or step in came,
            is_closed=ENGLAND.is_working_day(self.on) and not days.is_working_day(self.on),
        )

    def _days_of(self, partnership_ids):
        if partnership_ids not in self._working_days:
            self._working_days[partnership_ids] = shared_working_days(self.closures, partnership_ids)
        return self._working_days[partnership_ids]

    def _is_asked(self, deadline):
        return (deadline.key, deadline.due_on) in self.asked_deadlines

    def _tellings_of(self, reach, history):
        """Of one deadline: those who owe it, and those above them who are to hear of it; and why others are not."""
        deadline, call = reach.deadline, self.call_of(reach.deadline)
        above, words = self._climb(reach, call, history) if call.rungs else ({}, "")
        # Whoever owes it hears on the same day that those above hear of it.
        climbed = [telling.step for telling in above.values()]
        tellings = []
        for recipient in reach.recipients:
            asked = self.asked.get((deadline.key, deadline.due_on, recipient.user.pk))
            steps = [step for step in (call.step, asked, *climbed) if step is not None]
            if call.step is not None or asked is not None:
                tellings.append(
                    Telling(
                        deadline,
                        recipient,
                        max(steps),
                        is_asked=asked is not None,
                        is_fresh=call.is_fresh,
                        missed=call.missed,
                    )
                )
        return [*tellings, *above.values()], [(deadline, words)] if words else []

    def _climb(self, reach, call, history):
        """({person's key: Telling} of the rungs above, in words why no further).

        A rung is told once its day has come and the mail server has taken a mail to the rung below, on an
        earlier day and as many days ago as the policy has between the two: whoever hears of it late has the same
        time as everybody. Nobody on a rung: it is passed over. Nobody could be told: the office hears that.
        """
        deadline, on = reach.deadline, self.on
        rows = history.of(deadline)
        told_on, floor = first_told(rows, Rung.LEAD, before=on), 0
        if told_on is None:
            trying = (history.is_news(Telling(deadline, each, call.step), on=on) for each in reach.recipients)
            if reach.recipients and (any(trying) or not has_failed(rows, Rung.LEAD)):
                return {}, "Nobody above hears of it before whoever owes it has been told."
            return self._to_the_office(reach, call.rungs[-1][1], "nobody who owes it could be reminded"), ""
        found = {}
        for rung, after in call.rungs:
            if call.days.add(told_on, after - floor) > on:
                return found, ""
            people = self._above(reach, rung)
            if not people:
                continue
            found |= {pk: Telling(deadline, each, after, rung) for pk, each in people.items()}
            told_on, floor = first_told(rows, rung, before=on), after
            if told_on is None:
                if has_failed(rows, rung) and rung != Rung.OFFICE:
                    found |= self._to_the_office(reach, call.rungs[-1][1], f"{LABELS[rung]} could not be told")
                break
        return found, ""

    def _above(self, reach, rung):
        """Those on ``rung`` who don't owe it themselves."""
        return {pk: each for pk, each in self.ladder.on_rung(reach.deadline, rung).items() if pk not in owing(reach)}

    def _to_the_office(self, reach, step, why):
        return {
            pk: Telling(reach.deadline, replace(each, why=f"{each.why}, because {why}"), step, Rung.OFFICE)
            for pk, each in self._above(reach, Rung.OFFICE).items()
        }

    def _why_not(self, telling, paces, history):
        """(why it is not said today, whether it is said later by itself), or None where it is."""
        user, kind = telling.recipient.user, kind_of(telling.deadline.key)
        hours, call = paces.hours_of(user.pk), self.call_of(telling.deadline)
        if pause := self.pauses.of(*telling.identity):
            return in_words(pause), True
        if not telling.is_asked:
            if call.is_closed:
                return f"The office is closed until {long_date(call.days.add(self.on, 1))}.", True
            pace = paces.of(user, kind) if call.policy.may_be_slowed else Pace.DAILY
            if pace == Pace.OFF:
                return "Has turned this kind off.", False
            if pace == Pace.WEEKLY and not (self._is_weekly_day(hours) or history.is_left_over(telling)):
                weekly = hours.next_weekly_day(self.on + timedelta(days=1))
                return f"Hears of this kind once a week: on {long_date(weekly)}.", True
        if not hours.is_their_day(self.on):
            return f"Takes no mail on that day of the week: it leaves on {long_date(hours.next_day(self.on))}.", True
        return None

    def _is_weekly_day(self, hours):
        """Their first day of the week; or the first after it, where nothing ran on that one."""
        weekly = hours.weekly_day(self.on)
        if weekly is None or weekly > self.on:
            return False
        before = self.planned_days.before(self.on)
        return weekly == self.on or before is None or before < weekly


class Call(NamedTuple):
    """What the calendar says of a deadline today.

    Its latest step, (rung, days after) of the rungs whose day has come, and the earlier steps ``missed``;
    ``is_fresh`` where the latest step came since the last turn.
    """

    policy: object
    days: object
    step: int | None
    rungs: tuple
    missed: tuple
    is_fresh: bool
    is_closed: bool


def latest_step(due_on, steps, *, on, days=ENGLAND):
    """The last of ``steps`` whose day has come by ``on``, or None before the first."""
    return max((step for step in steps if days.add(due_on, step) <= on), default=None)


def owing(reach):
    return {each.user.pk for each in reach.recipients}


# What was said before


class Row(NamedTuple):
    """A Reminder, as far as planning asks; ``day`` and ``message_state`` are its message's."""

    pk: int
    key: str
    due_on: date
    recipient: int
    step: int
    turn: int
    state: str
    rung: str
    day: date | None
    message_state: str | None


class History:
    """What the ledger says of some deadlines, read once: the rows of each, in the order of their steps."""

    FIELDS = (
        "pk",
        "deadline_key",
        "due_on",
        "recipient",
        "step",
        "turn",
        "state",
        "rung",
        "message__day",
        "message__state",
    )

    def __init__(self, rows):
        self.rows = defaultdict(list)
        for row in map(Row._make, rows):
            self.rows[row.key, row.due_on].append(row)

    @classmethod
    def read(cls, keys):
        known = Reminder.objects.filter(deadline_key__in=keys).order_by("step", "turn")
        return cls(known.values_list(*cls.FIELDS))

    def of(self, deadline):
        return self.rows.get((deadline.key, deadline.due_on), [])

    def of_person(self, telling):
        return [row for row in self.of(telling.deadline) if row.recipient == telling.recipient.user.pk]

    def before(self, telling):
        """The last that this person was to be told of it as who they are now, or None."""
        rows = [row for row in self.of_person(telling) if row.rung == telling.rung]
        return rows[-1] if rows else None

    def is_left_over(self, telling):
        """Whether it was to be said on an earlier day, and its message did not leave."""
        before = self.before(telling)
        return before is not None and before.state == State.PLANNED

    def turn_of(self, telling):
        """The next turn at its step: a row of the same step may stand there from before."""
        return max((row.turn + 1 for row in self.of_person(telling) if row.step == telling.step), default=0)

    def is_news(self, telling, *, on):
        """Whether nothing was said yet at this step: it is new, or came to nothing, or may not have arrived."""
        before = self.before(telling)
        if before is None or before.step < telling.step or before.state == State.SUPPRESSED:
            return True
        return before.state == State.HELD and before.day < on


def first_told(rows, rung, *, before):
    """The day of the first mail to anybody on ``rung`` that a mail server took, or None."""
    return min(
        (row.day for row in rows if row.rung == rung and row.state == State.DONE and row.day and row.day < before),
        default=None,
    )


def has_failed(rows, rung):
    """Whether there were mails to this rung, and the last to each person could not be sent."""
    last = {row.recipient: row.state for row in rows if row.rung == rung}
    return bool(last) and set(last.values()) == {State.FAILED}


# Which days were planned


class PlannedDays(NamedTuple):
    """On which days turns planned: the last, the one before it, and the last that read everything there is."""

    last: date | None = None
    earlier: date | None = None
    all_read: date | None = None

    NAME = "reminder-planning"

    @classmethod
    def read(cls):
        beat = Heartbeat.objects.filter(name=cls.NAME).first()
        if beat is None:
            return cls()
        days = (beat.outcome.get(name) for name in cls._fields)
        return cls(*(day and date.fromisoformat(day) for day in days))

    def before(self, on):
        """The last day before ``on`` on which a turn planned, or None."""
        return next((day for day in (self.last, self.earlier) if day and day < on), None)

    def reads_all(self, on):
        """Whether no turn of this week has read everything yet."""
        return self.all_read is None or self.all_read < on - timedelta(days=on.weekday())

    def planned(self, on):
        """Write down that a turn has planned ``on``; only the first of a day changes anything."""
        days = PlannedDays(on, self.before(on), on if self.reads_all(on) else self.all_read)
        if days != self:
            now = timezone.now()
            outcome = {name: day and day.isoformat() for name, day in days._asdict().items()}
            Heartbeat.objects.update_or_create(
                name=self.NAME, defaults={"began_at": now, "ended_at": now, "outcome": outcome}
            )


# What an office has paused


class Pauses:
    """The pauses in force on a day, by deadline and person."""

    def __init__(self, rows):
        self.rows = {(row.deadline_key, row.due_on, row.recipient_id): row for row in rows}

    @classmethod
    def in_force(cls, *, on, keys=None):
        rows = ReminderPause.objects.in_force(on=on).select_related("made_by")
        return cls(rows if keys is None else rows.filter(deadline_key__in=keys))

    def of(self, key, due_on, person):
        """The pause for everybody or for this person (by key), or None."""
        return self.rows.get((key, due_on, None)) or self.rows.get((key, due_on, person))


def in_words(pause):
    until = f" until {long_date(pause.until)}" if pause.until else ""
    return f"{pause.made_by} has paused it{until}: {pause.reason}"


# Asked again when the mail leaves


@dataclass(frozen=True)
class Told:
    """A reminder that still stands when its mail is written. ``heard_by``: those above who hear of it too, in words."""

    reminder: Reminder
    deadline: object
    heard_by: tuple = ()


def still_told(reader, reminders, *, on):
    """([Told] of ``reminders`` that ``reader`` is still to be told on a day, {key of each other: why not}).

    Still due on that day, still theirs or still late and they still stand on that rung, still allowed to know,
    and not paused meanwhile. ``reminders`` are of one message; asks the deadlines twice at most.
    """
    reminders = list(reminders)
    if not (reader.is_active and reader.email):
        return [], {each.pk: "Their account is switched off or has no address." for each in reminders}
    keys = {each.deadline_key for each in reminders}
    owed = {(each.key, each.due_on): each for each in deadlines_of(read_standing(reader, on=on), on=on, keys=keys)}
    above = {each.deadline_key for each in reminders if each.rung != Rung.LEAD}
    late = {(each.key, each.due_on): each for each in (deadlines(on=on, keys=above) if above else ())}
    ladder = Ladder(on=on, partnership_ids={pk for each in late.values() for pk in each.partnership_ids})
    pauses, hears = Pauses.in_force(on=on, keys=keys), heard_above(keys)
    told, left_out = [], {}
    for reminder in reminders:
        place = (reminder.deadline_key, reminder.due_on)
        deadline = owed.get(place)
        if reminder.rung != Rung.LEAD:
            deadline = late.get(place)
            is_theirs = deadline and deadline.is_late(on=on) and reader.pk in ladder.on_rung(deadline, reminder.rung)
            deadline = deadline if is_theirs else None
        pause = pauses.of(*place, reader.pk)
        if deadline is None or pause:
            left_out[reminder.pk] = in_words(pause) if deadline else GONE
        else:
            told.append(Told(reminder, deadline, hears.get(place, ()) if reminder.rung == Rung.LEAD else ()))
    return told, left_out


LABELS = {Rung.CHAIR: "the chair", Rung.OFFICE: "the business office", Rung.EXECUTIVE: "the executive"}


def heard_above(keys):
    """{(deadline's key, due date): who hears of it besides whoever owes it, in words, from below}."""
    states = [State.PLANNED, State.BUNDLED, State.DONE, State.HELD]
    rows = Reminder.objects.filter(deadline_key__in=keys, state__in=states).exclude(rung=Rung.LEAD)
    rungs = defaultdict(set)
    for key, due_on, rung in rows.values_list("deadline_key", "due_on", "rung").distinct():
        rungs[key, due_on].add(rung)
    return {place: tuple(words for rung, words in LABELS.items() if rung in found) for place, found in rungs.items()}
