"""Last year's plan goes into the next: each promise is done, carried forward or dropped, by a person's word.

What is decided is kept row by row (``CarryDecision``) with the draft that follows, so that half of it
survives a closed page and a colleague can go on. ``finish`` makes the rows of the draft once; from then
on a decision that is changed changes the draft at once, unless somebody has worked on the row there.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, OuterRef, Prefetch, ProtectedError, Subquery

from plans.cells import read_in, write_dates
from plans.models import (
    Activity,
    CarryDecision,
    Deliverable,
    DeliverableLead,
    Milestone,
    OutcomeStatement,
    Plan,
    PlanComment,
    Priority,
    RationaleItem,
    Update,
)
from plans.timescale import Timescale, describe

DONE, CARRIED, DROPPED = CarryDecision.Decision
GOES_ON = {Activity.Kind.CONTINUOUS, Activity.Kind.RECURRING}
NO_DAYS = {Activity.Kind.CONTINUOUS, Activity.Kind.UNSET, Activity.Kind.RELATIVE}


class CannotCarry(Exception):
    """What was asked cannot be done; the message says why and what to do."""


# What there is to decide, and what speaks for which answer


@dataclass
class LeadToCarry:
    """``trouble`` says why nobody would be asked, or is empty."""

    lead: DeliverableLead
    trouble: str


@dataclass
class ActivityToCarry:
    """``goes`` and ``timescale`` are as decided, else as suggested."""

    activity: Activity
    is_met: bool
    goes: bool
    timescale: str
    needs_date: bool
    reading: str


@dataclass
class RowToCarry:
    """A promise of the old plan. ``decision`` is None until somebody has decided; ``suggested`` is (answer, why)."""

    deliverable: Deliverable
    leads: list
    activities: list
    rating: object
    difference: str
    suggested: tuple
    decision: CarryDecision | None
    followers: list
    form: object = None

    @property
    def pk(self):
        return self.deliverable.pk

    @property
    def finished_count(self):
        return sum(each.is_met for each in self.activities)

    @property
    def going(self):
        return [each for each in self.activities if each.goes]


@dataclass
class PriorityToCarry:
    """``follower`` is the priority of the new plan that this one became, if there is one."""

    priority: Priority
    follower: Priority | None
    rows: list = field(default_factory=list)

    @property
    def carried_count(self):
        return sum(1 for row in self.rows if row.decision and row.decision.decision == CARRIED)

    @property
    def decided_count(self):
        return sum(1 for row in self.rows if row.decision)


def read_rows(plan, following, *, on, deliverables=None):
    """[PriorityToCarry] of ``plan`` as it would go into the draft ``following``. Eleven queries for any size.

    Rows that were retired are not asked about: why they left is known. ``deliverables``: a queryset
    that narrows the rows; priorities without any are then left out.
    """
    is_narrowed = deliverables is not None
    rows = _rows(plan, following, deliverables if is_narrowed else Deliverable.objects.all(), on=on)
    ratings = {rating.pk: rating for rating in plan.ratings}
    followers = {each.carried_from_id: each for each in following.priorities.exclude(carried_from=None)}
    priorities = {
        each.pk: PriorityToCarry(each, followers.get(each.pk))
        for each in plan.priorities.in_plan().order_by("position", "pk")
    }
    for row in rows:
        priorities[row.priority_id].rows.append(_row(row, following, ratings))
    return [each for each in priorities.values() if each.rows or not is_narrowed]


def _rows(plan, following, deliverables, *, on):
    said = Update.objects.current().filter(deliverable=OuterRef("pk")).order_by("-round__closes_on", "-submitted_at")
    differences = said.exclude(difference_made="")
    leads = DeliverableLead.objects.select_related("partnership", "post", "group").with_holders(on=on)
    activities = Activity.objects.in_plan().prefetch_related("milestones")
    decisions = CarryDecision.objects.filter(plan=following).select_related("decided_by")
    followers = Deliverable.objects.filter(priority__plan=following).select_related("priority__plan")
    return (
        deliverables.in_plan()
        .filter(priority__plan=plan, priority__retired_on=None)
        .select_related("priority")
        .with_current_rating()
        .annotate(
            rated_in=Subquery(said.values("round__name")[:1]),
            difference_said=Subquery(differences.values("difference_made")[:1]),
        )
        .prefetch_related(
            Prefetch("leads", leads.order_by("position", "pk")),
            Prefetch("activities", activities.order_by("position", "pk")),
            Prefetch("carry_decision", decisions),
            Prefetch("carried_to", followers.order_by("priority__position", "position"), to_attr="followers"),
        )
        .order_by("priority__position", "position", "pk")
    )


def _row(deliverable, following, ratings):
    decision = getattr(deliverable, "carry_decision", None)
    rating = ratings.get(deliverable.current_rating_id)
    activities = list(deliverable.activities.all())
    going = None
    if decision and decision.decision == CARRIED:
        going = {each["activity"]: each["timescale"] for each in decision.activities}
    return RowToCarry(
        deliverable=deliverable,
        leads=[LeadToCarry(lead, trouble_of(lead)) for lead in deliverable.leads.all()],
        activities=[_activity(each, following, going) for each in activities],
        rating=rating,
        difference=deliverable.difference_said or "",
        suggested=suggest(activities, rating, deliverable.rated_in),
        decision=decision,
        followers=deliverable.followers,
    )


def _activity(activity, following, going):
    """``going``: {activity: timescale} of what goes along, None where that is not decided."""
    goes = not is_met(activity)
    words = activity.timescale_text
    if going is not None:
        goes = activity.pk in going
        words = going.get(activity.pk, words)
    needs_date, reading = look_ahead(activity, words, following)
    return ActivityToCarry(activity, is_met(activity), goes, words, needs_date, reading)


def is_met(activity):
    """All its days were met. What goes on all year, comes round or has no day is never at its end."""
    dated = [each for each in activity.milestones.all() if each.due_on or each.met_on]
    if activity.timescale_kind in GOES_ON or not dated:
        return False
    if activity.timescale_kind == Activity.Kind.WINDOW:
        return dated[-1].met_on is not None
    return all(each.met_on for each in dated)


def look_ahead(activity, words, plan):
    """(whether ``words`` need a new date in ``plan``, how they are read there).

    Words that stay keep the days that they meant, which may run past the new plan's end.
    """
    if words.strip() == activity.timescale_text.strip():
        days = [each.due_on for each in activity.milestones.all() if each.due_on and not each.met_on]
        reading = Timescale(activity.timescale_kind, tuple(each for each in activity.milestones.all() if each.due_on))
    else:
        reading = read_in(plan, words)
        days = list(reading.dates)
    if days and reading.kind not in NO_DAYS and max(days) < plan.starts_on:
        last = max(days)
        return True, f"Needs a new date: {last:%-d %B %Y} is before the new plan begins"
    return False, describe(reading)


def trouble_of(lead):
    """Why nobody would be asked about a promise that this lead answers for; empty where somebody is.

    ``lead`` has its ``holder_names``.
    """
    if not lead.is_linked:
        return "not linked to a post or group yet"
    if lead.post_id and lead.post.closed_on:
        return "this post is closed"
    if lead.group_id and lead.group.closed_on:
        return "this group has closed"
    if lead.holder_names or lead.organisation_id:
        return ""
    return "nobody holds this post" if lead.post_id else "nobody chairs this group"


def suggest(activities, rating, rated_in):
    """(answer, why) from what is known of a promise: its last rating and its milestones."""
    if rating and rating.is_done:
        return DONE, f"Its last rating is {rating.word}, in {rated_in}"
    if activities and all(is_met(each) for each in activities):
        return DONE, "All its milestones are met"
    going_on = sum(each.timescale_kind in GOES_ON for each in activities)
    left = [each for each in activities if not is_met(each)]
    if left and going_on == len(left):
        return CARRIED, "What is left of it goes on or comes round again"
    if left:
        return CARRIED, f"{len(left)} of {_counted(len(activities), 'activity', 'activities')} not finished"
    return CARRIED, "Nothing says that it is done"


def _counted(count, one, many):
    return f"{count} {one if count == 1 else many}"


# Deciding


@dataclass(frozen=True)
class Tally:
    """How many promises there are to decide and what was decided."""

    total: int
    done: int
    carried: int
    dropped: int
    made: int

    @property
    def decided(self):
        return self.done + self.carried + self.dropped

    @property
    def undecided(self):
        return self.total - self.decided

    @property
    def words(self):
        """ "14 carried, 6 done, 2 dropped"."""
        return f"{self.carried} carried, {self.done} done, {self.dropped} dropped"


def tally(plan, following):
    """The Tally of ``plan`` with the plan that follows. Three queries."""
    rows = Deliverable.objects.in_plan().filter(priority__plan=plan, priority__retired_on=None)
    given = Counter(rows.filter(carry_decision__plan=following).values_list("carry_decision__decision", flat=True))
    return Tally(rows.count(), given[DONE], given[CARRIED], given[DROPPED], made_rows(plan, following).count())


def made_rows(plan, following):
    """Rows of the new plan that were carried from the old one."""
    return Deliverable.objects.filter(priority__plan=following, carried_from__priority__plan=plan)


def is_open(following):
    """Whether rows are still carried into it: until it is approved."""
    return following.status in {Plan.Status.DRAFT, Plan.Status.CONSULTATION}


def lock_open(following):
    """Lock the plan that follows; CannotCarry where it is approved already."""
    following = Plan.objects.select_for_update(of=["self"]).get(pk=following.pk)
    if not is_open(following):
        raise CannotCarry(f"“{following}” is approved, so what was decided stands. Change its rows in the plan itself.")
    return following


@transaction.atomic
def decide(deliverable, following, *, decision, reason, activities, by, at):
    """Keep what becomes of a promise; ``activities``: [{"activity": key, "timescale": words}] that go along.

    Where the rows of the draft are made already, this one is added, taken out or made anew. Raises
    CannotCarry where somebody has worked on it there since.
    """
    following = lock_open(following)
    kept = CarryDecision.objects.filter(deliverable=deliverable).first()
    is_finished = made_rows(deliverable.priority.plan, following).exists()
    followers = list(_followers_of(deliverable, following)) if is_finished else []
    if followers and not (kept and len(followers) == 1 and is_as_carried(followers[0], kept)):
        raise CannotCarry(
            f"{followers[0].full_ref or 'This row'} of “{following}” was changed after it was carried over. "
            "Change it there, or take it out there first."
        )
    kept = kept or CarryDecision(deliverable=deliverable)
    kept.plan, kept.decision, kept.reason = following, decision, reason
    kept.activities = activities if decision == CARRIED else []
    kept.decided_by, kept.decided_at = by, at
    kept.save()
    if is_finished:
        try:
            _bring_into_line(kept, followers[0] if followers else None)
        except ProtectedError:  # a record of a higher app, like a recommendation that the row carries out
            raise CannotCarry(f"Something rests on this row in “{following}” already. Change it there.") from None
    return kept


def _followers_of(deliverable, following):
    return Deliverable.objects.filter(carried_from=deliverable, priority__plan=following).select_related("priority")


def _bring_into_line(kept, follower):
    """Make the draft say what was decided; ``follower`` is the row there as it was carried before."""
    if follower and kept.decision != CARRIED:
        follower.delete()
    elif follower:
        follower.activities.all().delete()
        _make_activities(kept, follower, dict(_paired(kept.deliverable.leads, follower.leads)))
    elif kept.decision == CARRIED:
        _make_row(kept)


def _paired(old, new):
    """(key of the old lead, the new one) of leads that are the same."""

    def in_order(leads):
        return leads.order_by("position", "pk")

    return [(one.pk, two) for one, two in zip(in_order(old), in_order(new), strict=True)]


def is_as_carried(row, decision):
    """Whether ``row`` of the draft stands as it was carried over: nobody has changed or commented on it."""
    deliverable = decision.deliverable
    if row.is_retired or PlanComment.objects.filter(deliverable=row).exists():
        return False
    own = [getattr(row, name) for name in COPIED] == [getattr(deliverable, name) for name in COPIED]
    leads = _lead_values(row) == _lead_values(deliverable)
    words = dict(Activity.objects.filter(deliverable=deliverable).values_list("pk", "text"))
    wanted = [(words.get(each["activity"]), each["timescale"], None) for each in decision.activities]
    stands = row.activities.order_by("position", "pk").values_list("text", "timescale_text", "retired_on")
    return own and leads and list(stands) == wanted


COPIED = ["title", "description", "other_partnerships", "evidence_measures", "duty_id"]
LEAD = ["partnership_id", "text", "post_id", "group_id", "organisation_id"]


def _lead_values(row):
    return list(row.leads.order_by("position", "pk").values_list(*LEAD))


# The rows of the next plan


@transaction.atomic
def finish(plan, following):
    """Make a row of the draft for every promise that is carried; gives the Tally. Once: again it changes nothing.

    A priority goes along where any of its rows does.
    """
    following = lock_open(following)
    if not made_rows(plan, following).exists():
        carried = (
            CarryDecision.objects.filter(plan=following, decision=CARRIED, deliverable__priority__plan=plan)
            .filter(deliverable__retired_on=None, deliverable__priority__retired_on=None)
            .select_related("deliverable__priority", "plan")
            .order_by("deliverable__priority__position", "deliverable__position", "deliverable")
        )
        _arrange(following, plan, {each.deliverable.priority for each in carried})
        for decision in carried:
            _make_row(decision)
    return tally(plan, following)


def _arrange(following, plan, priorities):
    """Make the priorities that go along; a draft without any of its own has them in the old order, numbered anew."""
    for priority in sorted(priorities, key=lambda each: (each.position, each.pk)):
        _follower(priority, following)
    rows = list(following.priorities.select_related("carried_from"))
    if all(each.carried_from and each.carried_from.plan_id == plan.pk and not each.is_retired for each in rows):
        number = 0
        for position, each in enumerate(sorted(rows, key=lambda row: row.carried_from.position), start=1):
            number += each.ref.isdecimal()
            ref = str(number) if each.ref.isdecimal() else each.ref
            Priority.objects.filter(pk=each.pk).update(position=position, ref=ref)


def _follower(priority, following):
    """The priority of the draft that ``priority`` became; made where there is none."""
    follower = following.priorities.in_plan().filter(carried_from=priority).order_by("position").first()
    if follower:
        return follower
    last = following.priorities.aggregate(last=Max("position"))["last"] or 0
    copied = ["title", "note", "outcomes_heading", "is_cross_cutting", "joint_with"]
    follower = Priority.objects.create(
        plan=following,
        position=last + 1,
        ref=next_ref(priority.ref, following.priorities.values_list("ref", flat=True)),
        carried_from=priority,
        **{name: getattr(priority, name) for name in copied},
    )
    RationaleItem.objects.bulk_create(
        RationaleItem(
            priority=follower,
            position=each.position,
            text=each.text,
            source_key=each.source_key,
            source_label=each.source_label,
        )
        for each in priority.rationale.all()
    )
    OutcomeStatement.objects.bulk_create(
        OutcomeStatement(priority=follower, position=each.position, text=each.text) for each in priority.outcomes.all()
    )
    return follower


def next_ref(ref, taken):
    """A plain number becomes the next that is free; anything else stays as the office writes it."""
    if not ref.isdecimal():
        return ref
    return str(max([int(each) for each in taken if each.isdecimal()], default=0) + 1)


def _make_row(decision):
    old = decision.deliverable
    priority = _follower(old.priority, decision.plan)
    beside = priority.deliverables
    row = Deliverable.objects.create(
        priority=priority,
        position=(beside.aggregate(last=Max("position"))["last"] or 0) + 1,
        ref=_ref_below(old, priority, list(beside.values_list("ref", flat=True))),
        carried_from=old,
        **{name: getattr(old, name) for name in COPIED},
    )
    leads = {}
    for lead in old.leads.order_by("position", "pk"):
        leads[lead.pk] = DeliverableLead.objects.create(
            deliverable=row, position=lead.position, **{name: getattr(lead, name) for name in LEAD}
        )
    _make_activities(decision, row, leads)
    return row


def _ref_below(old, priority, taken):
    """The row's ref among its new neighbours: "1.3" of priority 1 is "2.1" in what is priority 2 now."""
    before, dot, number = old.ref.rpartition(".")
    if dot and before == old.priority.ref and number.isdecimal():
        own = [each.rpartition(".")[2] for each in taken]
        return f"{priority.ref}.{next_ref(number, own)}"
    return next_ref(old.ref, taken)


def _make_activities(decision, row, leads):
    """``leads``: {key of the old lead: the new one}."""
    olds = {each.pk: each for each in decision.deliverable.activities.in_plan().prefetch_related("milestones")}
    going = [(olds[each["activity"]], each["timescale"]) for each in decision.activities if each["activity"] in olds]
    for position, (old, words) in enumerate(going, start=1):
        new = Activity.objects.create(
            deliverable=row,
            position=position,
            text=old.text,
            lead=leads.get(old.lead_id),
            timescale_text=words,
            timescale_kind=old.timescale_kind,
            timescale_by_hand=old.timescale_by_hand if words == old.timescale_text else "",
            by_hand_for=old.by_hand_for if words == old.timescale_text else "",
        )
        if words == old.timescale_text:
            _keep_days(old, new)
        else:
            write_dates(new, read_in(decision.plan, words))


def _keep_days(old, new):
    """The days that the words meant, met or not; of what comes round again those that are over stay behind."""
    kept = [each for each in old.milestones.all() if not (each.met_on and old.timescale_kind in GOES_ON)]
    Milestone.objects.bulk_create(
        Milestone(
            activity=new,
            position=each.position,
            label=each.label,
            due_on=each.due_on,
            precision=each.precision,
            met_on=each.met_on,
        )
        for each in kept
    )


def without_new_date(following):
    """Activities of a draft whose days all lie before it begins: they need a new timescale. One query."""
    ahead = Milestone.objects.filter(activity=OuterRef("pk"), met_on=None).order_by("-due_on")
    return (
        Activity.objects.in_plan()
        .filter(deliverable__priority__plan=following, deliverable__retired_on=None)
        .exclude(timescale_kind__in=NO_DAYS)
        .annotate(last_due=Subquery(ahead.exclude(due_on=None).values("due_on")[:1]))
        .filter(last_due__lt=following.starts_on)
        .select_related("deliverable__priority")
        .order_by("deliverable__priority__position", "deliverable__position", "position")
    )


# Priorities by themselves, and into which plan


@transaction.atomic
def take_priority(priority, following):
    """``priority`` goes along though none of its rows does."""
    return _follower(priority, lock_open(following))


@transaction.atomic
def leave_priority(priority, following):
    """It stays behind after all. Raises CannotCarry where rows stand in it or somebody has worked on it."""
    following = lock_open(following)
    follower = following.priorities.filter(carried_from=priority).first()
    if follower is None:
        return
    stands = _priority_values(follower) == _priority_values(priority)
    if follower.deliverables.exists() or not stands or follower.comments.exists():
        raise CannotCarry(f"“{follower.title}” was worked on in the new plan. Take it out there.")
    follower.delete()


def _priority_values(priority):
    own = (priority.title, priority.note, priority.joint_with, priority.is_cross_cutting, priority.retired_on)
    lines = (priority.rationale, priority.outcomes)
    return own, [list(each.values_list("text", flat=True)) for each in lines]


@transaction.atomic
def follow(plan, following):
    """Carry ``plan`` into a draft that is there already. Raises CannotCarry where either has another by now."""
    Plan.objects.select_for_update(of=["self"]).get(pk=plan.pk)
    following = lock_open(following)
    if following.continues_id == plan.pk:
        return following
    if following.continues_id or plan.continued_by.exists():
        raise CannotCarry("Somebody has chosen another plan meanwhile. Look again.")
    following.continues = plan
    following.save(update_fields=["continues"])
    return following


def following_of(plan):
    """The plan that ``plan`` is carried into, or None."""
    return plan.continued_by.order_by("starts_on", "pk").first()


@transaction.atomic
def start_priority(following, *, title, reason, source_key, source_label):
    """A new priority at the end of a plan with the reason that it was started for, linked to where that comes from."""
    Plan.objects.select_for_update(of=["self"]).get(pk=following.pk)
    last = following.priorities.aggregate(last=Max("position"))["last"] or 0
    refs = list(following.priorities.values_list("ref", flat=True))
    priority = Priority.objects.create(
        plan=following,
        position=last + 1,
        ref=next_ref("1", refs) if not refs or any(ref.isdecimal() for ref in refs) else "",
        title=title,
    )
    RationaleItem.objects.create(
        priority=priority, position=1, text=reason, source_key=source_key, source_label=source_label[:160]
    )
    return priority
