"""How plans have gone: what their rounds, dates and judgements say, read once, as plain values.

Drift, what stood still and the pictures ask different things of the same rows. They are read here in
six queries for any number of plans, rows and rounds; the questions themselves touch no database, so
that each of them can be asked of a few lines written in a test.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from partnership.models import GroupMember, PostHolding
from plans.letters import lettered
from plans.models import (
    Activity,
    DateMove,
    Deliverable,
    DeliverableLead,
    Evidence,
    Milestone,
    OutcomeJudgement,
    OutcomeStatement,
    Priority,
    PriorityReview,
    Rating,
    ReviewAction,
    Update,
    UpdateRound,
)
from plans.reviewing import WHAT_BECAME

Kind = Activity.Kind
NEVER_MISSED = {Kind.CONTINUOUS, Kind.UNSET}


@dataclass(slots=True)
class Answer:
    """A deliverable's last word in one round. ``on``: the day it came; ``by``: a name."""

    round: UpdateRound
    rating: Rating
    progress: str
    on: date
    by: str = ""
    risk: str = ""
    difference_made: str = ""
    worse_reason: str = ""
    is_unchanged: bool = False


@dataclass(slots=True)
class Move:
    """A new date that was asked for. ``is_agreed``: None while the office has not said."""

    pk: int
    asked_on: date
    before: str
    after: str
    reason: str = ""
    before_due_on: date | None = None
    after_due_on: date | None = None
    is_agreed: bool | None = None
    is_taken_back: bool = False
    decision_reason: str = ""

    @property
    def is_waiting(self):
        return self.is_agreed is None

    @property
    def holds(self):
        """Whether the plan says it: agreed, and the old date was not put back since."""
        return bool(self.is_agreed) and not self.is_taken_back


@dataclass(slots=True)
class Mark:
    """A milestone. ``is_start``: the first day of a window, which is no promise."""

    due_on: date | None
    met_on: date | None = None
    label: str = ""
    is_start: bool = False


@dataclass(slots=True)
class Work:
    """An activity with its milestones in order, and the new dates asked for it, the oldest first."""

    text: str
    pk: int = 0
    letter: str = "a"
    timescale: str = ""
    kind: str = Kind.DATE
    marks: list = field(default_factory=list)
    moves: list = field(default_factory=list)

    @property
    def promised(self):
        """The milestones that can be met or missed, as dates."""
        if self.kind in NEVER_MISSED:
            return []
        return [mark for mark in self.marks if mark.due_on and not mark.is_start]

    @property
    def is_met(self):
        return bool(self.promised) and all(mark.met_on for mark in self.promised)

    def missed(self, on):
        return [mark for mark in self.promised if not mark.met_on and mark.due_on < on]

    def moves_that_count(self):
        """Those that the plan says, and those asked for that nobody has answered."""
        return [move for move in self.moves if move.holds or move.is_waiting]


@dataclass(slots=True)
class Leader:
    """Who leads, as written. ``holders``: who holds the post or chairs the group today."""

    text: str
    pk: int = 0
    area: str = ""
    post_id: int | None = None
    group_id: int | None = None
    organisation_id: int | None = None
    holders: list = field(default_factory=list)
    holder_ids: list = field(default_factory=list)
    vacant_since: date | None = None

    @property
    def is_linked(self):
        return bool(self.post_id or self.group_id or self.organisation_id)

    @property
    def is_reached(self):
        """Whether a round asks anybody; an organisation is asked through whoever represents it."""
        return bool(self.holders or self.organisation_id)

    @property
    def responders(self):
        """Who is asked, as a chase names them: "person-12", or "organisation-3" through whoever represents it."""
        if self.organisation_id and not self.holder_ids:
            return [f"organisation-{self.organisation_id}"]
        return [f"person-{pk}" for pk in self.holder_ids]

    @property
    def named(self):
        """ "Head of Midwifery (Delia Marchetti)"."""
        return f"{self.text} ({', '.join(self.holders)})" if self.holders else self.text


@dataclass(slots=True)
class Promise:
    """A deliverable. ``answers``: {round's key: Answer}, of each round the last word."""

    title: str
    pk: int = 0
    ref: str = ""
    leads: list = field(default_factory=list)
    works: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    evidence_count: int = 0
    note: str = ""
    noted_on: date | None = None

    @property
    def name(self):
        return f"{self.ref} {self.title}".strip()

    @property
    def said(self):
        """Its answers, the oldest round first."""
        return sorted(self.answers.values(), key=lambda answer: (answer.round.closes_on, answer.round.pk))

    @property
    def last(self):
        return self.said[-1] if self.answers else None

    @property
    def rating(self):
        return self.last.rating if self.answers else None

    @property
    def promised(self):
        return [mark for work in self.works for mark in work.promised]

    def missed(self, on):
        """(Work, Mark) of every milestone past its day and not met, the longest missed first."""
        return sorted(
            ((work, mark) for work in self.works for mark in work.missed(on)), key=lambda pair: pair[1].due_on
        )

    def days_late(self, on):
        missed = self.missed(on)
        return (on - missed[0][1].due_on).days if missed else 0


@dataclass(slots=True)
class Judgement:
    """Whether an outcome statement is true yet, as judged in one round."""

    round: UpdateRound
    level: str
    on: date


@dataclass(slots=True)
class Outcome:
    text: str
    pk: int = 0
    judgements: list = field(default_factory=list)
    evidence_count: int = 0

    @property
    def last(self):
        return max(self.judgements, key=lambda each: each.round.closes_on, default=None)


@dataclass(slots=True)
class Verdict:
    """A priority's review in one round. ``actions``: what its log asks for."""

    round: UpdateRound
    proposed: Rating | None = None
    decided: Rating | None = None
    proposed_on: date | None = None
    decided_on: date | None = None
    scrutiny_comments: str = ""
    decision_comments: str = ""
    decision_reason: str = ""
    actions: list = field(default_factory=list)

    @property
    def rating(self):
        return self.decided or self.proposed

    @property
    def is_proposed_only(self):
        return self.proposed is not None and self.decided is None

    @property
    def differs(self):
        """The deciding group chose another rating than was proposed."""
        return bool(self.decided and self.proposed and self.decided.pk != self.proposed.pk)


@dataclass(slots=True)
class Aim:
    """A priority. ``verdicts``: {round's key: Verdict}."""

    title: str
    pk: int = 0
    ref: str = ""
    promises: list = field(default_factory=list)
    outcomes: list = field(default_factory=list)
    verdicts: dict = field(default_factory=dict)

    @property
    def heading(self):
        return f"{self.ref}. {self.title}" if self.ref else self.title


@dataclass
class Course:
    """One plan: its rounds, the oldest first, its ratings, the worst first, and its rows."""

    plan: object
    rounds: list
    ratings: list
    aims: list

    @property
    def promises(self):
        return [promise for aim in self.aims for promise in aim.promises]

    def past(self, on):
        """Rounds that are over: past their last day, or closed by the office."""
        return [each for each in self.rounds if each.closes_on < on or each.closed_at]

    def answerable(self, on):
        """The round that opened last, if it still takes answers; else None. An older one asks nobody any more."""
        last = next((each for each in reversed(self.rounds) if each.opens_on <= on), None)
        return last if last and last.is_answerable(on=on) else None

    def open_round(self, on):
        return next((each for each in reversed(self.rounds) if each.is_open(on=on)), None)

    @cached_property
    def by_pk(self):
        """{deliverable's key: (Aim, Promise)}."""
        return {promise.pk: (aim, promise) for aim in self.aims for promise in aim.promises}


def read_courses(plans, *, on):
    """A Course for each of ``plans``, in their order, in six queries; ``on``: who holds a post that day."""
    keys = [plan.pk for plan in plans]
    ratings = {}
    for rating in Rating.objects.order_by("position"):  # of every key: a plan may have had another one before
        ratings.setdefault(rating.key_id, []).append(rating)
    rounds = {}
    for round in UpdateRound.objects.filter(plan__in=keys).order_by("closes_on", "pk"):
        rounds.setdefault(round.plan_id, []).append(round)
    known = Known(
        {rating.pk: rating for each in ratings.values() for rating in each},
        {round.pk: round for each in rounds.values() for round in each},
    )
    promises = _promises(keys, known, on=on)
    aims = _aims(keys, promises, known)
    return [
        Course(plan, rounds.get(plan.pk, []), ratings.get(plan.rating_key_id, []), aims.get(plan.pk, []))
        for plan in plans
    ]


def read_course(plan, *, on):
    return read_courses([plan], on=on)[0]


@dataclass(frozen=True)
class Known:
    """What rows name by its key: ratings and rounds."""

    ratings: dict
    rounds: dict


def _aims(keys, promises, known):
    own = {"priority": OuterRef("pk")}
    reviews = PriorityReview.objects.filter(**own).values(
        data=JSONObject(
            round="round",
            proposed="proposed_rating",
            decided="decided_rating",
            proposed_at="proposed_at",
            decided_at="decided_at",
            scrutiny_comments="scrutiny_comments",
            decision_comments="decision_comments",
            decision_reason="decision_reason",
        )
    )
    actions = ReviewAction.objects.filter(review__priority=OuterRef("pk")).order_by("agreed_on", "pk")
    evidence = Evidence.objects.filter(outcome=OuterRef("pk"), removed_at=None)
    outcomes = OutcomeStatement.objects.filter(**own).order_by("position")
    judged = OutcomeJudgement.objects.current().filter(outcome__priority=OuterRef("pk"))
    rows = (
        Priority.objects.in_plan()
        .filter(plan__in=keys)
        .order_by("plan", "position")
        .values(
            "pk",
            "plan_id",
            "ref",
            "title",
            review_rows=ArraySubquery(reviews),
            action_rows=ArraySubquery(actions.values(data=JSONObject(round="review__round", text="text"))),
            outcome_rows=ArraySubquery(
                outcomes.values(data=JSONObject(pk="pk", text="text", evidence_count=_count_of(evidence, "outcome")))
            ),
            judgement_rows=ArraySubquery(
                judged.values(data=JSONObject(outcome="outcome", round="round", level="level", at="judged_at"))
            ),
        )
    )
    found = {}
    for row in rows:
        aim = Aim(row["title"], row["pk"], row["ref"], promises.get(row["pk"], []))
        aim.outcomes = _outcomes(row, known)
        aim.verdicts = _verdicts(row, known)
        found.setdefault(row["plan_id"], []).append(aim)
    return found


def _outcomes(row, known):
    judged = {}
    for each in row["judgement_rows"]:
        judgement = Judgement(known.rounds[each["round"]], each["level"], _day(each["at"]))
        judged.setdefault(each["outcome"], []).append(judgement)
    return [
        Outcome(each["text"], each["pk"], judged.get(each["pk"], []), each["evidence_count"])
        for each in row["outcome_rows"]
    ]


def _verdicts(row, known):
    verdicts = {}
    for each in row["review_rows"]:
        verdicts[each["round"]] = Verdict(
            round=known.rounds[each["round"]],
            proposed=known.ratings.get(each["proposed"]),
            decided=known.ratings.get(each["decided"]),
            proposed_on=_day(each["proposed_at"]),
            decided_on=_day(each["decided_at"]),
            scrutiny_comments=each["scrutiny_comments"],
            decision_comments=each["decision_comments"],
            decision_reason=each["decision_reason"],
        )
    for each in row["action_rows"]:
        if not each["text"].startswith(WHAT_BECAME):  # that looks back, and asks nobody for anything
            verdicts[each["round"]].actions.append(each["text"])
    return verdicts


def _promises(keys, known, *, on):
    """{priority's key: its Promises}."""
    own = {"deliverable": OuterRef("pk")}
    updates = (
        Update.objects.current()
        .filter(**own)
        .values(
            data=JSONObject(
                round="round",
                rating="rating",
                progress="progress",
                risk="risk",
                difference_made="difference_made",
                worse_reason="worse_reason",
                is_unchanged="is_unchanged",
                at="submitted_at",
                by="submitted_by__name",
            )
        )
    )
    rows = list(
        Deliverable.objects.in_plan()
        .filter(priority__plan__in=keys, priority__retired_on=None)
        .order_by("priority__position", "position")
        .values(
            "pk",
            "priority_id",
            "priority__ref",
            "ref",
            "title",
            "standstill_note__text",
            "standstill_note__written_at",
            update_rows=ArraySubquery(updates),
            evidence_count=_count_of(Evidence.objects.filter(removed_at=None, **own), "deliverable"),
        )
    )
    ids = [row["pk"] for row in rows]
    leads, works = _leads(ids, on=on), _works(ids)
    found = {}
    for row in rows:
        promise = Promise(
            title=row["title"],
            pk=row["pk"],
            ref=_full_ref(row),
            leads=leads.get(row["pk"], []),
            works=works.get(row["pk"], []),
            answers={each["round"]: _answer(each, known) for each in row["update_rows"]},
            evidence_count=row["evidence_count"],
            note=row["standstill_note__text"] or "",
            noted_on=_day(row["standstill_note__written_at"]),
        )
        found.setdefault(row["priority_id"], []).append(promise)
    return found


def _full_ref(row):
    """As ``Deliverable.full_ref``."""
    ref = row["ref"]
    is_short = ref and "." not in ref and row["priority__ref"]
    return f"{row['priority__ref']}.{ref}" if is_short else ref


def _answer(row, known):
    return Answer(
        round=known.rounds[row["round"]],
        rating=known.ratings[row["rating"]],
        progress=row["progress"],
        on=_day(row["at"]),
        by=row["by"],
        risk=row["risk"],
        difference_made=row["difference_made"],
        worse_reason=row["worse_reason"],
        is_unchanged=row["is_unchanged"],
    )


def _leads(ids, *, on):
    ended = (
        PostHolding.objects.filter(post=OuterRef("post"), to_on__lt=on)
        .order_by()
        .values("post")
        .annotate(last=Max("to_on"))
        .values("last")
    )
    unseated = (
        GroupMember.objects.filter(group=OuterRef("group"), role=GroupMember.Role.CHAIR, to_on__lt=on)
        .order_by()
        .values("group")
        .annotate(last=Max("to_on"))
        .values("last")
    )
    rows = (
        DeliverableLead.objects.filter(deliverable__in=ids)
        .with_holders(on=on)
        .order_by("deliverable", "position")
        .values(
            "pk",
            "deliverable_id",
            "text",
            "post_id",
            "group_id",
            "organisation_id",
            "holder_names",
            "holder_ids",
            area=F("partnership__short_name"),
            vacant_since=Case(When(post=None, then=Subquery(unseated)), default=Subquery(ended)),
        )
    )
    found = {}
    for row in rows:
        lead = Leader(
            text=row["text"],
            pk=row["pk"],
            area=row["area"] or "",
            post_id=row["post_id"],
            group_id=row["group_id"],
            organisation_id=row["organisation_id"],
            holders=row["holder_names"],
            holder_ids=row["holder_ids"],
            vacant_since=None if row["holder_names"] else row["vacant_since"],
        )
        found.setdefault(row["deliverable_id"], []).append(lead)
    return found


def _works(ids):
    own = {"activity": OuterRef("pk")}
    milestones = Milestone.objects.filter(**own).order_by("position", "pk")
    stands = Q(update__superseded_by=None) | Q(is_agreed=True)  # what a later word took back was not agreed
    moves = DateMove.objects.filter(stands, **own).order_by("update__submitted_at", "pk")
    rows = (
        Activity.objects.in_plan()
        .filter(deliverable__in=ids)
        .order_by("deliverable", "position")
        .values(
            "pk",
            "deliverable_id",
            "position",
            "text",
            "timescale_text",
            "timescale_kind",
            mark_rows=ArraySubquery(milestones.values(data=JSONObject(due="due_on", met="met_on", label="label"))),
            move_rows=ArraySubquery(
                moves.values(
                    data=JSONObject(
                        pk="pk",
                        at="update__submitted_at",
                        before="before_text",
                        after="after_text",
                        before_due="before_due_on",
                        after_due="after_due_on",
                        reason="reason",
                        is_agreed="is_agreed",
                        taken_back="taken_back_at",
                        decision_reason="decision_reason",
                    )
                )
            ),
        )
    )
    found = {}
    for row in rows:
        found.setdefault(row["deliverable_id"], []).append(_work(row))
    return found


def _work(row):
    is_window = row["timescale_kind"] == Kind.WINDOW and len(row["mark_rows"]) > 1
    return Work(
        text=row["text"],
        pk=row["pk"],
        letter=lettered(row["position"]),
        timescale=row["timescale_text"],
        kind=row["timescale_kind"],
        marks=[
            Mark(_day(each["due"]), _day(each["met"]), each["label"], is_window and place == 0)
            for place, each in enumerate(row["mark_rows"])
        ],
        moves=[
            Move(
                pk=each["pk"],
                asked_on=_day(each["at"]),
                before=each["before"],
                after=each["after"],
                reason=each["reason"],
                before_due_on=_day(each["before_due"]),
                after_due_on=_day(each["after_due"]),
                is_agreed=each["is_agreed"],
                is_taken_back=bool(each["taken_back"]),
                decision_reason=each["decision_reason"],
            )
            for each in row["move_rows"]
        ],
    )


def _count_of(queryset, of):
    counted = queryset.order_by().values(of).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _day(value):
    """The day of what PostgreSQL wrote into JSON, of a day or of a moment; None of nothing."""
    if not value:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
        return timezone.localtime(value).date() if value.tzinfo else value.date()
    return timezone.localtime(value).date()
