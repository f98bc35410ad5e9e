"""Meetings of the groups over the years: agendas, who came, what was decided and what was to be done."""

from datetime import time, timedelta

from partnership.models import (
    ActionUpdate,
    AgendaItem,
    Attendance,
    BudgetYear,
    Contribution,
    Meeting,
    MeetingAction,
    MeetingDecision,
    SpendingLine,
)
from partnership.nation.rows import moment

A_YEAR = {"board": 4, "executive": 4, "delivery": 6, "subgroup": 3, "case-review": 6}
KINDS = ["board", "executive", "delivery", "subgroup", "subgroup", "subgroup", "case-review"]
ITEMS, DECISIONS, ACTIONS = 5, 1, 2
STATUSES = ["present"] * 7 + ["deputy", "apologies", "none"]
SPENDING = ["Office", "Independent scrutiny", "Training", "Reviews", "Young people’s groups"]


def weekday(day):
    """``day``, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def make_meetings(home, year, *, rows, words, on):
    """The meetings of the year that begins on ``year``; those past ``on`` are planned, without an outcome."""
    for place, group in enumerate(home.groups):
        count = A_YEAR[KINDS[place]]
        for turn in range(count):
            meets_on = weekday(year + timedelta(days=14 + place * 4 + turn * 365 // count))
            make_meeting(home, group, place, meets_on, rows=rows, words=words, on=on)


def make_meeting(home, group, place, meets_on, *, rows, words, on):
    is_held, by = meets_on < on, home.office[1]
    asked_at = moment(meets_on - timedelta(days=60))
    held = {"status": "held", "minutes_agreed_on": meets_on + timedelta(days=30)}
    if not is_held or held["minutes_agreed_on"] > on:
        held.pop("minutes_agreed_on")
    meeting = rows.add(
        Meeting,
        at=asked_at,
        by=by,
        group_id=group,
        meets_on=meets_on,
        starts_at=time(10),
        ends_at=time(12, 30),
        venue=f"Room {1 + place}, {home.place} Town Hall",
        papers_due_on=meets_on - timedelta(days=7),
        **(held | {"was": {"status": "planned", "minutes_agreed_on": None}, "changed_at": moment(meets_on, 15)})
        if is_held
        else {},
    )
    for position in range(1, ITEMS + 1):
        rows.add(
            AgendaItem,
            at=asked_at,
            by=by,
            group_id=group,
            meeting_id=meeting,
            position=position,
            title=words.of("item"),
            kind=("decision", "assurance", "information")[position % 3],
            minutes=15,
            lead_post_id=words.rng.choice(home.posts),
            discussion=words.of("comment") if is_held else "",
        )
    if not is_held:
        return
    for member in range(place % 3, len(home.organisations), 1 if place < 3 else 2):
        rows.add(
            Attendance,
            at=moment(meets_on, 14),
            by=by,
            meeting_id=meeting,
            organisation_id=home.organisations[member],
            status=words.rng.choice(STATUSES),
        )
    ref = f"{home.short_name}/{place + 1}/{meets_on:%y%m%d}"
    for number in range(1, DECISIONS + 1):
        rows.add(
            MeetingDecision,
            at=moment(meets_on, 14),
            by=by,
            meeting_id=meeting,
            ref=f"{ref}/D{number}",
            text=words.of("decision"),
        )
    for number in range(1, ACTIONS + 1):
        make_action(home, group, meeting, f"{ref}/{number}", meets_on, rows=rows, words=words, on=on)


def make_action(home, group, meeting, ref, meets_on, *, rows, words, on):
    due_on = weekday(meets_on + timedelta(days=words.rng.randint(30, 120)))
    closed_on = due_on + timedelta(days=words.rng.randint(-10, 40))
    lead = words.rng.randrange(len(home.posts))
    values = {
        "group_id": group,
        "meeting_id": meeting,
        "ref": ref,
        "text": words.of("action"),
        "lead_post_id": home.posts[lead],
        "due_on": due_on,
    }
    if closed_on < on:
        values |= {"closed_on": closed_on, "outcome": words.of("outcome_of")}
        values |= {"was": {"closed_on": None, "outcome": ""}, "changed_at": moment(closed_on)}
    action = rows.add(MeetingAction, at=moment(meets_on, 15), by=home.office[1], **values)
    said_on = meets_on + timedelta(days=21)
    if said_on < on and words.chance(50):
        said_at = moment(said_on, 9)
        rows.add(
            ActionUpdate,
            at=said_at,
            by=home.people[lead],
            action_id=action,
            text=words.of("progress"),
            said_by_id=home.people[lead],
            said_at=said_at,
        )


def make_budget(home, year, *, rows, words, on):
    ends_on = year.replace(year=year.year + 1) - timedelta(days=1)
    at, rng = moment(year - timedelta(days=20)), words.rng
    is_over = ends_on < on
    budget = rows.add(
        BudgetYear,
        at=at,
        by=home.manager,
        starts_on=year,
        ends_on=ends_on,
        status="closed" if is_over else "agreed",
        agreed_on=year - timedelta(days=20),
        agreed_by=f"{home.place} Executive",
        opening_reserve=rng.randint(10, 60) * 1000,
    )
    rows.link(BudgetYear, "partnerships", at=at, by=home.manager, budgetyear_id=budget, partnership_id=home.key)
    for organisation in home.organisations:
        amount = rng.randint(2, 80) * 1000
        rows.add(Contribution, at=at, by=home.manager, budget_id=budget, organisation_id=organisation, amount=amount)
    for position, title in enumerate(SPENDING, 1):
        planned = rng.randint(5, 90) * 1000
        spent = planned + rng.randint(-4, 4) * 500 if is_over else None
        rows.add(
            SpendingLine,
            at=at,
            by=home.manager,
            budget_id=budget,
            position=position,
            title=title,
            planned=planned,
            spent=spent,
            reason="Prices rose in the year." if spent and spent > planned else "",
        )
