"""Home pages: what is there to do, and how the plan stands."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from assurance.role_panels import role_panels
from partnership.deadlines import deadlines_for
from partnership.standing import standing_of
from partnership.templatetags.components import long_date
from plans.answering import progress_of
from plans.course import read_courses
from plans.drift import drift_of, parted
from plans.due_words import days_late
from plans.models import DriftNote, Plan, Update
from plans.pictures import glance
from plans.table import STRIP_LENGTH

SOON = timedelta(days=31)
AHEAD = timedelta(days=92)
DONE_SINCE = timedelta(days=60)
NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine"}

# What the button beside a deadline says; anything else is only opened.
VERBS = {
    "Update": "Update",
    "Highlight report": "Write it",
    "Return": "Answer",
    "Sign off": "Read and sign",
    "Improvement": "Say it is done",
    "Rating": "Rate",
    "Paper": "Bring it",
    "Action": "Update",
    "Own training": "Answer",
    "Learning needs": "Answer",
    "Close the register": "Close it",
    "What you did with a briefing": "Say it",
    "Audit": "Grade",
    "Comment on a draft": "Read and comment",
    "Signature of a report": "Read and sign",
    "Answer to the advisor": "Answer",
    "Answer to a challenge": "Answer",
    "Voice": "Say it",
    "Figures due": "Type them",
    "Contribution": "Write",
    "Independent scrutiny": "Write",
    "Why a figure moved": "Say why",
}


# Kinds of drift that are about who answers: the desk gives them a card of their own.
SILENCE = {"silent", "nobody"}
ON_A_CARD = 4


@dataclass(frozen=True)
class WorkItem:
    """One thing due from this person, with its one button."""

    due_on: object
    title: str
    about: str
    whose: str
    url: str
    verb: str
    is_late: bool
    is_answer: bool


@dataclass(frozen=True)
class MyWork:
    """What is due from one person: late, soon, later; what they did lately; and the panels of their parts."""

    late: list
    soon: list
    later: list
    done: list
    panels: list

    @property
    def count(self):
        return len(self.late) + len(self.soon)

    @property
    def count_words(self):
        """ "Two things need you"; figures from ten on."""
        if self.count < 2:
            return "One thing needs you" if self.count else "Nothing needs you"
        return f"{NUMBERS.get(self.count, self.count)} things need you"

    @property
    def roles(self):
        """As whom, in the words of the plan: at most two are worth a sentence."""
        roles = list(dict.fromkeys(item.whose for item in self.late + self.soon if item.whose))
        return roles if len(roles) <= 2 else []


def my_work(user, *, at):
    """Everything due from ``user`` in the next three months, the latest first among the late.

    The updates of one round are one item: they are answered on one page.
    """
    on = timezone.localdate(at)
    until = on + AHEAD
    due = deadlines_for(user, on=on, until=until)
    rounds = progress_of(user, on=on) if any(round_of(deadline) for deadline in due) else {}
    groups = {}
    for deadline in due:
        round = round_of(deadline)
        key = round if round in rounds else deadline.key
        groups.setdefault(key, []).append(deadline)
    items = [
        _updates_item(deadlines, rounds[key], on, of_several=len(rounds) > 1)
        if key in rounds
        else _work_item(deadlines[0], on)
        for key, deadlines in groups.items()
    ]
    done = (
        Update.objects.filter(submitted_by=user, submitted_at__date__gte=on - DONE_SINCE)
        .current()
        .select_related("deliverable__priority", "round", "rating")
    )
    return MyWork(
        late=[item for item in items if item.is_late],
        soon=[item for item in items if not item.is_late and item.due_on <= on + SOON],
        later=[item for item in items if item.due_on > on + SOON],
        done=list(done),
        panels=role_panels(user, due=due, at=at, on=on, until=until),
    )


def round_of(deadline):
    """The key of the round that a deadline of an update belongs to, else None: "update:<round>:<deliverable>"."""
    parts = deadline.key.split(":")
    return int(parts[1]) if parts[0] == "update" else None


def _updates_item(deadlines, progress, on, *, of_several):
    """What one round asks of a person and they have not answered: "2 of 5 answered". ``of_several``: say whose plan."""
    late = (on - deadlines[0].due_on).days
    owners = dict.fromkeys(owner.text for each in deadlines for owner in each.owners if owner.text)
    only = deadlines[0].title if progress.asked == 1 else ""
    lines = f"Update your {progress.asked} lines of the plan"
    said = [
        days_late(late) if late > 0 else "",
        f"{progress.plan}, {progress.round_name}" if of_several else progress.round_name,
        f"{progress.answered} of {progress.asked} answered" if progress.asked > 1 else "",
        f"Saved {saved_words(progress.saved_at, on)}, not sent" if progress.saved_at else "",
    ]
    return WorkItem(
        due_on=deadlines[0].due_on,
        title=only or lines,
        about=". ".join(filter(None, said)),
        whose=", ".join(owners) if len(owners) < 3 else "",
        url=f"{reverse('plans:updates')}#round-{round_of(deadlines[0])}",
        verb="Carry on" if progress.answered or progress.saved_at else "Update" if only else "Update all",
        is_late=late > 0,
        is_answer=True,
    )


def saved_words(at, on):
    """ "today at 10:42", "yesterday at 18:04", else the day."""
    moment = timezone.localtime(at)
    days = (on - moment.date()).days
    day = {0: "today", 1: "yesterday"}.get(days) or f"on {long_date(moment)}"
    return f"{day} at {moment:%H:%M}"


def _work_item(deadline, on):
    late = (on - deadline.due_on).days
    said = f"{days_late(late)}. " if late > 0 else ""
    whose = capfirst(", ".join(owner.text for owner in deadline.owners if owner.text))
    return WorkItem(
        due_on=deadline.due_on,
        title=deadline.title,
        about=f"{said}{deadline.kind}{f'. {whose}' if whose else ''}",
        whose=whose,
        url=deadline.url,
        verb=VERBS.get(deadline.kind, "Open"),
        is_late=late > 0,
        is_answer=deadline.kind in VERBS,
    )


@dataclass(frozen=True)
class OnDesk:
    """One running plan on the desk. ``late``: (its deliverables past a date, days late), the longest first."""

    plan: object
    course: object
    late: list
    drift: list
    rounds: list
    glance: list
    open_round: object

    @property
    def answered_count(self):
        return sum(1 for promise in self.course.promises if self.open_round.pk in promise.answers)

    @property
    def asked_count(self):
        return len(self.course.promises)


@dataclass(frozen=True)
class Desk:
    """How the office's running plans stand on a day. ``plans``: all of them; ``shown``: those looked at, one or all."""

    plans: list
    shown: list
    late: list
    silent: list
    drift: list
    aside_count: int

    @property
    def plan(self):
        """The one that is looked at, or of several the newest."""
        return self.shown[0].plan

    @property
    def is_narrowed(self):
        return len(self.shown) < len(self.plans)

    @property
    def has_several(self):
        return len(self.plans) > 1

    @property
    def first_of_each(self):
        """The oldest line of each kind of drift, at most so many as a card holds."""
        found = {}
        for line in self.drift:
            found.setdefault(line.kind.code, line)
        return list(found.values())[:ON_A_CARD]


def desk(user, *, on, narrowed_to=""):
    """The desk of the office's running plans, or None where there is none. ``narrowed_to``: the key of one of them.

    Nine queries, however many plans, rows and rounds there are.
    """
    running = (
        Plan.objects.running()
        .filter(
            pk__in=Plan.partnerships.through.objects.filter(partnership__in=standing_of(user).office_ids).values("plan")
        )
        .order_by("-starts_on", "-pk")
    )
    plans = list(running)
    if not plans:
        return None
    looked_at = [plan for plan in plans if str(plan.pk) == narrowed_to] or plans
    shown = [_on_desk(course, on) for course in read_courses(looked_at, on=on)]
    notes = DriftNote.objects.filter(plan__in=looked_at).in_force(on=on)
    drift = parted([line for each in shown for line in each.drift], notes)
    late = [(each.plan, promise, days) for each in shown for promise, days in each.late]
    return Desk(
        plans=plans,
        shown=shown,
        late=sorted(late, key=lambda found: -found[2]),
        silent=[line for line in drift.lines if line.kind.code in SILENCE],
        drift=[line for line in drift.lines if line.kind.code not in SILENCE],
        aside_count=len(drift.asides),
    )


def _on_desk(course, on):
    rounds, rows = glance(course, on=on, most=STRIP_LENGTH)
    late = [(promise, promise.days_late(on)) for promise in course.promises if promise.missed(on)]
    return OnDesk(course.plan, course, late, drift_of(course, on=on), rounds, rows, course.open_round(on))
