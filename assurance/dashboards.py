"""Home pages: what is there to do, how the plan stands, and where everything is."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from partnership.deadlines import deadlines_for
from partnership.frame import NavigationItem
from partnership.standing import standing_of
from plans.due_words import days_late
from plans.models import Deliverable, Plan, Update
from plans.table import STRIP_LENGTH, read_table

SOON = timedelta(days=31)
AHEAD = timedelta(days=92)
DONE_SINCE = timedelta(days=60)
NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine"}

# What the button beside a deadline says; anything else is only opened.
VERBS = {"Update": "Update", "Return": "Answer", "Rating": "Rate", "Paper": "Bring it", "Action": "Update"}


# What stands below a page of the main menu, by how its addresses begin.
BELOW = {
    "assurance:return-list": ("/timetable/",),
    "plans:plan-list": ("/deliverables/", "/rounds/", "/priorities/", "/plan-versions/", "/plan-comments/"),
    "partnership:meeting-list": ("/agenda-items/", "/papers/", "/packs/"),
    "partnership:group-list": ("/seats/", "/terms/"),
    "partnership:overview": (
        "/structure/",
        "/organisations/",
        "/memberships/",
        "/nominations/",
        "/posts/",
        "/holdings/",
        "/people/",
        "/actions/",
        "/money/",
        "/contributions/",
        "/spending/",
        "/arrangements",
        "/dispute",
        "/partnerships/",
        "/reminders/",
    ),
    "partnership:administration": ("/areas/", "/partnerships/"),
}


def navigation(request):
    """The main links for this person; only to pages that they can open."""
    standing = standing_of(request.user)
    items = [("My work", "assurance:my-work")]
    if standing.office_ids:
        items.insert(0, ("Office desk", "assurance:desk"))
    if standing.partnership_ids:
        items += [
            ("Plans", "plans:plan-list"),
            ("Meetings", "partnership:meeting-list"),
            ("Returns", "assurance:return-list"),
            ("Groups", "partnership:group-list"),
            ("Training", "training:event-list"),
            ("Reports", "assurance:report-list"),
            ("Partnership", "partnership:overview"),
        ]
    if standing.case_group_ids:
        items.append(("Cases", "reviews:case-list"))
    if standing.is_administrator:
        items.append(("Administration", "partnership:administration"))
    return [navigation_item(label, name, path=request.path) for label, name in items]


def navigation_item(label, name, *, path):
    url = reverse(name)
    return NavigationItem(label, url, is_current=path.startswith((url, *BELOW.get(name, ()))))


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
    """What is due from one person: late, soon, later; and what they did lately."""

    late: list
    soon: list
    later: list
    done: list

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


def my_work(user, *, on):
    """Everything due from ``user`` in the next three months, the latest first among the late."""
    items = [_work_item(deadline, on) for deadline in deadlines_for(user, on=on, until=on + AHEAD)]
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
    )


def _work_item(deadline, on):
    late = (on - deadline.due_on).days
    said = f"{days_late(late)}. " if late > 0 else ""
    whose = ", ".join(owner.text for owner in deadline.owners if owner.text)
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
class Desk:
    """How the office's running plan stands on a day. ``silent``: no answer in the last two rounds."""

    plan: object
    table: object
    rounds: list
    open_round: object
    answered_count: int
    asked_count: int
    overdue: list
    silent: list
    drifting: list


def desk(user, *, on):
    """The desk of the office's newest running plan, or None where there is none."""
    plan = (
        Plan.objects.running()
        .filter(partnerships__in=standing_of(user).office_ids)
        .order_by("-starts_on", "-pk")
        .prefetch_related("partnerships")
        .first()
    )
    if plan is None:
        return None
    rounds = list(plan.rounds.all())
    open_round = next((round for round in reversed(rounds) if round.is_open(on=on)), None)
    table = read_table(plan, on=on, rounds=rounds[-STRIP_LENGTH:])
    rows = table.deliverables
    answered = set()
    if open_round:
        answered = set(open_round.updates.current().values_list("deliverable", flat=True))
    silent_ids = set()
    closed = [round for round in rounds if round.closes_on < on][-2:]
    if len(closed) == 2:
        silent_ids = set(
            Deliverable.objects.filter(priority__plan=plan).without_update_in(closed).values_list("pk", flat=True)
        )
    overdue = [row for row in rows if row.is_overdue]
    return Desk(
        plan=plan,
        table=table,
        rounds=rounds[-STRIP_LENGTH:],
        open_round=open_round,
        answered_count=len(answered),
        asked_count=len(rows),
        overdue=sorted(overdue, key=lambda row: -row.days_late),
        silent=[row for row in rows if row.pk in silent_ids],
        drifting=[row for row in overdue if row.rating and row.rating.token in {"green", "blue"}],
    )
