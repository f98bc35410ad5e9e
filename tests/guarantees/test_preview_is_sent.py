"""T6: what the office sees beforehand is what is sent, if nothing changes in between: in random worlds, day after day.

A *control* lets the preview forget one thing that the sender knows, and must be found out.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from partnership.models import Bounce, Closure, GroupMember, Reminder, ReminderHours, ReminderPause, ReminderPolicy
from partnership.reminders import agenda, preview
from partnership.reminders.paces import OwnHours, Pace, Paces
from partnership.reminders.policies import Policies
from partnership.reminders.preview import who_will_be_told
from partnership.working_days import is_working_day
from tests.conftest import hold
from tests.factories import CaseFactory, MeetingFactory, MilestoneFactory
from tests.reminding import send_on

FIRST = date(2027, 1, 12)
SOURCES = {
    "tests.reminding.milestones": "milestone",
    "partnership.due_dates.meetings": "meeting",
    "reviews.deadlines.stages": "rapid-review",
}
HOURS_OF_TURNS = (9, 15)


@dataclass(frozen=True)
class World:
    """Days are counted from ``FIRST``. ``milestones``: (whose, day due); the others are None where there is none."""

    milestones: tuple = (("lead", 0),)
    meeting: int | None = None
    steps: tuple | None = None
    ladder: tuple = (5, 10, 15)
    may_be_slowed: bool = True
    lead_pace: str = Pace.DAILY
    chair_pace: str = Pace.DAILY
    chair_weekdays: frozenset | None = None
    closed: tuple | None = None
    paused: tuple | None = None
    bounced: str | None = None
    chair_leaves: int | None = None
    days: tuple = (0, 1)


def maybe(strategy):
    return st.none() | strategy


WORLDS = st.builds(
    World,
    milestones=st.lists(
        st.tuples(st.sampled_from(["lead", "chair"]), st.integers(-40, 12)), min_size=1, max_size=4
    ).map(tuple),
    meeting=maybe(st.integers(0, 10)),
    steps=maybe(st.lists(st.integers(-10, 10), max_size=4).map(tuple)),
    ladder=st.tuples(*[maybe(st.integers(1, 15))] * 3),
    may_be_slowed=st.booleans(),
    lead_pace=st.sampled_from([Pace.AT_ONCE, Pace.DAILY, Pace.WEEKLY]),
    chair_pace=st.sampled_from([Pace.AT_ONCE, Pace.DAILY, Pace.WEEKLY]),
    chair_weekdays=maybe(st.frozensets(st.integers(0, 6))),
    closed=maybe(st.tuples(st.integers(0, 12), st.integers(0, 4))),
    paused=maybe(st.tuples(st.integers(0, 3), maybe(st.integers(1, 14)), st.booleans())),
    bounced=maybe(st.sampled_from(["lead", "chair", "scrutiny_chair"])),
    chair_leaves=maybe(st.integers(-1, 12)),
    days=st.lists(st.integers(0, 20), min_size=1, max_size=3, unique=True).map(lambda days: tuple(sorted(days))),
)


@pytest.fixture
def cast(
    plan, led_deliverable, group_deliverable, lead, chair, scrutiny_chair, executive_chair, office, case_group, settings
):
    """Everybody of the ladder, and a case; what ``lead`` and ``chair`` owe is for the world to say."""
    settings.DEADLINE_SOURCES = SOURCES
    settings.MAIL_LINKS = []
    activities = {"lead": led_deliverable.activities.first(), "chair": group_deliverable.activities.first()}
    for priority in plan.priorities.all():
        for deliverable in priority.deliverables.all():
            for activity in deliverable.activities.all():
                activity.milestones.all().delete()
    hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)
    CaseFactory(partnership=case_group.partnerships.get(), reference="CANARY-1")
    people = {"lead": lead, "chair": chair, "scrutiny_chair": scrutiny_chair}
    return {"activities": activities, "people": people, "office": office, "partnerships": list(plan.partnerships.all())}


def build(world, cast):
    people, office = cast["people"], cast["office"]
    made = [
        MilestoneFactory(
            activity=cast["activities"][whose], position=20 + number, label=f"M{number}", due_on=FIRST + day * ONE_DAY
        )
        for number, (whose, day) in enumerate(world.milestones)
    ]
    if world.meeting is not None:
        group = people["chair"].holdings.get().post.group_memberships.get().group
        MeetingFactory(group=group, meets_on=FIRST + world.meeting * ONE_DAY, papers_due_on=None)
    if world.steps is not None:
        chair_after, office_after, executive_after = world.ladder
        ReminderPolicy.objects.create(
            partnership=cast["partnerships"][0],
            kind="milestone",
            steps=list(world.steps),
            chair_after=chair_after,
            office_after=office_after,
            executive_after=executive_after,
            may_be_slowed=world.may_be_slowed,
        )
    for who, pace in (("lead", world.lead_pace), ("chair", world.chair_pace)):
        people[who].reminder_preferences.create(kind="", pace=pace)
    if world.chair_weekdays is not None:
        ReminderHours.objects.create(
            user=people["chair"], weekdays=sorted(world.chair_weekdays), first_hour=14, last_hour=17
        )
    if world.closed:
        first, length = world.closed
        for each in cast["partnerships"]:
            Closure.objects.create(
                partnership=each,
                title="Move",
                first_day=FIRST + first * ONE_DAY,
                last_day=FIRST + (first + length) * ONE_DAY,
            )
    if world.paused and world.paused[0] < len(made):
        number, until, is_for_one = world.paused
        ReminderPause.objects.create(
            deadline_key=f"milestone:{made[number].pk}",
            due_on=made[number].due_on,
            recipient=people["lead"] if is_for_one else None,
            until=until and FIRST + until * ONE_DAY,
            reason="So said the world.",
            made_by=office,
            partnership_ids=[each.pk for each in cast["partnerships"]],
        )
    if world.bounced:
        Bounce.objects.create(email=people[world.bounced].email, is_permanent=True)
    if world.chair_leaves is not None:
        people["chair"].holdings.update(to_on=FIRST + world.chair_leaves * ONE_DAY)


ONE_DAY = timedelta(days=1)


def shown_and_sent(world, cast):
    """[(day, what was shown, what was sent, who was shown as not told)] as sets of (person, deadline, step, rung)."""
    build(world, cast)
    found = []
    for day in (FIRST + number * ONE_DAY for number in world.days):
        if not is_working_day(day):
            continue
        seen = preview.who_will_be_told(cast["office"], on=day)
        shown = {identity(each) for _person, reminders in seen.people for each in reminders}
        not_told = {(person.pk, deadline.key) for person, deadline, _why in seen.not_told if person}
        assert not Reminder.objects.filter(state__in=["planned", "bundled"], message__day=day).exists()
        for hour in HOURS_OF_TURNS:
            send_on(day, hour)
        left = Reminder.objects.filter(message__day=day, is_restricted=False).exclude(state="suppressed")
        found.append((day, shown, {identity(each) for each in left}, not_told))
    return found


def identity(reminder):
    return (reminder.recipient_id, reminder.deadline_key, reminder.step, reminder.rung)


def check(world, cast):
    for _day, shown, sent, not_told in shown_and_sent(world, cast):
        assert shown == sent
        assert not {(person, key) for person, key, _step, _rung in sent} & not_told


EVERYTHING = World(
    milestones=(("lead", -9), ("chair", -30), ("chair", 2), ("lead", 6)),
    meeting=3,
    lead_pace=Pace.WEEKLY,
    chair_pace=Pace.AT_ONCE,
    chair_weekdays=frozenset({1, 3}),
    closed=(6, 1),
    paused=(3, 4, False),
    days=(0, 2, 6, 13),
)


@hypothesis_settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=WORLDS)
@example(world=EVERYTHING)
def test_what_the_preview_shows_is_what_is_sent(cast, world):
    before = transaction.savepoint()
    try:
        check(world, cast)
    finally:
        transaction.savepoint_rollback(before)


def forget_pauses(monkeypatch):
    monkeypatch.setattr(agenda.Pauses, "of", lambda *_: None)


def forget_policies(monkeypatch):
    monkeypatch.setattr(Policies, "read", classmethod(lambda cls: cls([])))


def forget_paces(monkeypatch):
    monkeypatch.setattr(Paces, "of", lambda *_: Pace.DAILY)


def forget_weekdays(monkeypatch):
    monkeypatch.setattr(OwnHours, "is_their_day", lambda *_: True)


@pytest.mark.parametrize(
    ("forget", "world"),
    [
        (forget_pauses, World(paused=(0, None, False), days=(0,))),
        (forget_policies, World(steps=(3,), days=(0,))),
        (forget_paces, World(milestones=(("lead", 2),), lead_pace=Pace.WEEKLY, days=(0, 1))),
        (forget_weekdays, World(milestones=(("chair", 0),), chair_weekdays=frozenset({4}), days=(0,))),
    ],
)
def test_control_a_preview_that_forgets_one_thing_is_found_out(cast, forget, world, monkeypatch):
    see = who_will_be_told

    def see_less(user, *, on):
        with monkeypatch.context() as patch:
            forget(patch)
            return see(user, on=on)

    monkeypatch.setattr(preview, "who_will_be_told", see_less)
    with pytest.raises(AssertionError):
        check(world, cast)
