"""Plans of an invented nation: promises, rounds, what leads said and how it was judged."""

from datetime import timedelta

from partnership.nation.meetings import weekday
from partnership.nation.rows import moment
from plans.models import (
    Activity,
    Deliverable,
    DeliverableLead,
    Milestone,
    OutcomeStatement,
    Plan,
    PlanDriver,
    PlanVersion,
    Priority,
    PriorityReview,
    RationaleItem,
    Update,
    UpdateRound,
)
from plans.snapshots import hash_of, take_snapshot

PRIORITIES, PROMISES = 6, 60
IN_A_JOINT_PLAN = 12
QUARTERS = 4
DAYS_OPEN = 18
# How the ratings, worst first, follow one another: mostly as before.
MOVES = [-1, 0, 0, 0, 0, 1, 1]
ANSWERED, SAYS_MORE = 88, 40  # of a hundred
EXECUTIVE, SCRUTINY = 1, 3  # places of the groups


def make_plan(homes, year, *, key, ratings, rows, words, on, follows=None):
    """The plan of ``homes`` (one, or neighbours with a joint one) for the year; gives its key and its priorities' keys.

    ``ratings``: keys of the ratings of ``key``, worst first. ``follows``: the plan of the year before.
    """
    home, ends_on = homes[0], year.replace(year=year.year + 1) - timedelta(days=1)
    made_at, is_over = moment(year - timedelta(days=80)), ends_on < on
    by = home.manager
    published_at = moment(weekday(year - timedelta(days=14)))
    title = f"{'Joint plan' if homes[1:] else f'{home.place} business plan'} {year.year} to {year.year + 1}"
    plan = rows.add(
        Plan,
        at=made_at,
        by=by,
        was={"status": "draft"},
        changed_at=moment(ends_on + timedelta(days=10))
        if is_over and ends_on + timedelta(days=10) < on
        else published_at,
        title=title,
        starts_on=year,
        ends_on=ends_on,
        status="closed" if is_over else "published",
        introduction=f"{words.of('reason')} {words.of('reason')}",
        rating_key_id=key,
        scrutiny_group_id=home.groups[SCRUTINY],
        deciding_group_id=home.groups[EXECUTIVE],
        continues_id=follows,
    )
    for each in homes:
        rows.link(Plan, "partnerships", at=made_at, by=by, plan_id=plan, partnership_id=each.key)
    for position in range(3):
        rows.add(PlanDriver, at=made_at, by=by, plan_id=plan, position=position, text=words.of("reason"))
    rounds = make_rounds(plan, home, year, rows=rows, on=on)
    count = IN_A_JOINT_PLAN if homes[1:] else PROMISES
    priorities = []
    for place in range(PRIORITIES):
        promises = range(place * count // PRIORITIES, (place + 1) * count // PRIORITIES)
        maker = Priorities(homes, plan, rounds, ratings, rows=rows, words=words, on=on)
        priorities.append(maker.make(place, promises, year, made_at))
    return plan, priorities


def make_rounds(plan, home, year, *, rows, on):
    """[(key, first day, last day, whether it opened)] of the quarters."""
    rounds = []
    for quarter in range(QUARTERS):
        month = year.month + quarter * 3
        first = year.replace(year=year.year + (month - 1) // 12, month=(month - 1) % 12 + 1)
        month += 3
        ends_on = year.replace(year=year.year + (month - 1) // 12, month=(month - 1) % 12 + 1) - timedelta(days=1)
        opens_on = weekday(ends_on - timedelta(days=24))
        closes_on = weekday(opens_on + timedelta(days=DAYS_OPEN))
        closed_on = closes_on + timedelta(days=9)
        values = {"closed_at": moment(closed_on), "closed_by_id": home.manager} if closed_on < on else {}
        if values:
            values |= {"was": {"closed_at": None, "closed_by_id": None}, "changed_at": moment(closed_on)}
        key = rows.add(
            UpdateRound,
            at=moment(year - timedelta(days=10)),
            by=home.manager,
            plan_id=plan,
            name=f"{first:%B} to {ends_on:%B %Y}",
            starts_on=first,
            ends_on=ends_on,
            opens_on=opens_on,
            closes_on=closes_on,
            **values,
        )
        rounds.append((key, opens_on, closes_on))
    return rounds


class Priorities:
    def __init__(self, homes, plan, rounds, ratings, *, rows, words, on):
        self.homes, self.home, self.plan, self.rounds, self.ratings = homes, homes[0], plan, rounds, ratings
        self.rows, self.words, self.on = rows, words, on

    def make(self, place, promises, year, at):
        rows, words, by = self.rows, self.words, self.home.office[1]
        priority = rows.add(
            Priority,
            at=at,
            by=by,
            plan_id=self.plan,
            position=place + 1,
            ref=str(place + 1),
            title=words.of("aim"),
            is_cross_cutting=place == 0,
        )
        for position in range(2):
            text = words.of("reason")
            rows.add(RationaleItem, at=at, by=by, priority_id=priority, position=position, text=text)
            text = words.of("outcome")
            rows.add(OutcomeStatement, at=at, by=by, priority_id=priority, position=position, text=text)
        for number in range(len(promises)):
            self._make_promise(priority, number, f"{place + 1}.{number + 1}", year, at)
        self._make_reviews(priority)
        return priority

    def _make_promise(self, priority, number, ref, year, at):
        rows, words, rng = self.rows, self.words, self.words.rng
        by = self.home.office[1]
        promise = rows.add(
            Deliverable,
            at=at,
            by=by,
            priority_id=priority,
            position=number + 1,
            ref=ref,
            title=words.of("promise"),
            evidence_measures=words.of("outcome") if words.chance(30) else "",
        )
        member = rng.randrange(len(self.home.posts))
        lead = rows.add(
            DeliverableLead,
            at=at,
            by=by,
            deliverable_id=promise,
            text=f"Safeguarding lead {member + 1}, {self.home.place}",
            post_id=self.home.posts[member],
        )
        if words.chance(25):
            self._make_second_lead(promise, at, by)
        for letter in range(1 + words.chance(60)):
            self._make_activity(promise, lead, letter, year, at)
        self._make_updates(promise, self.home.people[member])

    def _make_second_lead(self, promise, at, by):
        other = self.homes[-1]
        group = self.words.rng.randrange(2, len(other.groups) - 1)
        self.rows.add(
            DeliverableLead,
            at=at,
            by=by,
            deliverable_id=promise,
            position=1,
            partnership_id=other.key if self.homes[1:] else None,
            text="The group’s chair",
            group_id=other.groups[group],
        )

    def _make_activity(self, promise, lead, letter, year, at):
        rows, words, rng = self.rows, self.words, self.words.rng
        by = self.home.office[1]
        month = rng.randrange(1, 13)
        due_on = year.replace(year=year.year + (year.month + month - 1) // 12, month=(year.month + month - 1) % 12 + 1)
        due_on -= timedelta(days=1)
        is_continuous = words.chance(8)
        activity = rows.add(
            Activity,
            at=at,
            by=by,
            deliverable_id=promise,
            position=letter + 1,
            text=words.of("work"),
            lead_id=lead,
            timescale_text="All year" if is_continuous else f"{due_on:%B %Y}",
            timescale_kind="continuous" if is_continuous else "date",
        )
        if is_continuous:
            return
        met_on = due_on + timedelta(days=rng.randint(-60, 25))
        is_met = met_on < self.on and words.chance(90)
        change = {"met_on": met_on, "was": {"met_on": None}, "changed_at": moment(met_on)} if is_met else {}
        rows.add(Milestone, at=at, by=by, activity_id=activity, due_on=due_on, **change)

    def _make_updates(self, promise, person):
        """One in each round that has opened; who was late said so, and who changed their mind has two."""
        rows, words, rng = self.rows, self.words, self.words.rng
        standing = rng.choice([1, 2, 2])
        for key, opens_on, closes_on in self.rounds:
            said_on = opens_on + timedelta(days=rng.randint(1, DAYS_OPEN + 4))
            if said_on >= self.on or not words.chance(ANSWERED):
                continue
            standing = min(max(standing + rng.choice(MOVES), 0), len(self.ratings) - 1)
            at = moment(said_on, rng.randint(8, 17), rng.randrange(60))
            values = {
                "deliverable_id": promise,
                "round_id": key,
                "rating_id": self.ratings[standing],
                "progress": words.of("progress"),
                "risk": words.of("risk") if words.chance(SAYS_MORE) else "",
                "difference_made": words.of("difference") if words.chance(SAYS_MORE) else "",
                "voice": words.of("voice") if words.chance(SAYS_MORE) else "",
                "submitted_by_id": person,
                "submitted_at": at,
                "is_late": said_on > closes_on,
                "came_by": "link" if words.chance(60) else "page",
            }
            update = rows.add(Update, at=at, by=person, **values)
            if words.chance(3):
                earlier = at - timedelta(hours=3)
                values |= {"submitted_at": earlier, "progress": words.of("progress"), "superseded_by_id": update}
                rows.add(Update, at=earlier, by=person, was={"superseded_by_id": None}, changed_at=at, **values)

    def _make_reviews(self, priority):
        rows, words, rng = self.rows, self.words, self.words.rng
        standing = rng.choice([1, 2])
        proposer, decider = self.home.chair(SCRUTINY), self.home.chair(EXECUTIVE)
        for key, _opens_on, closes_on in self.rounds:
            proposed_at, decided_at = (
                moment(closes_on + timedelta(days=3), 15),
                moment(closes_on + timedelta(days=8), 16),
            )
            if proposed_at.date() >= self.on:
                return
            standing = min(max(standing + rng.choice(MOVES), 0), len(self.ratings) - 1)
            values = {
                "priority_id": priority,
                "round_id": key,
                "proposed_rating_id": self.ratings[standing],
                "scrutiny_comments": words.of("comment"),
                "scrutiny_recommendations": words.of("action"),
                "proposed_by_id": proposer,
                "proposed_at": proposed_at,
            }
            if decided_at.date() >= self.on:
                rows.add(PriorityReview, at=proposed_at, by=proposer, **values)
                return
            decision = {
                "decided_rating_id": self.ratings[standing],
                "decision_comments": words.of("comment"),
                "decided_by_id": decider,
                "decided_at": decided_at,
            }
            before = dict.fromkeys(decision) | {"decision_comments": ""}
            rows.add(
                PriorityReview,
                at=proposed_at,
                by=proposer,
                was=before,
                changed_at=decided_at,
                changed_by=decider,
                **values,
                **decision,
            )


def publish_plans(publishers, *, rows):
    """Freeze each plan as its first approved and published version; their rows must be written already.

    ``publishers``: {plan: who published it}.
    """
    for plan in Plan.objects.filter(pk__in=publishers).prefetch_related("partnerships").order_by("pk"):
        snapshot = take_snapshot(plan)
        approved_on = weekday(plan.starts_on - timedelta(days=28))
        for stage, day in (("approved", approved_on), ("published", weekday(plan.starts_on - timedelta(days=14)))):
            rows.add(
                PlanVersion,
                at=moment(day),
                plan_id=plan.pk,
                number="1.0",
                stage=stage,
                approved_by_id=plan.deciding_group_id,
                approved_on=approved_on,
                snapshot=snapshot,
                sha256=hash_of(snapshot),
                made_by_id=publishers[plan.pk],
                made_at=moment(day),
            )
