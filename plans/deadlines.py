"""What plans have that is due: milestones not met, and updates that a round still waits for."""

from django.db.models import Case, Exists, F, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Trim

from partnership.deadlines import as_deadlines
from partnership.due_dates import of_office
from plans.models import Deliverable, Milestone, Plan, Priority, PriorityReview, ReviewDate, Update, UpdateRound


def milestones(on):
    """Milestones not met of running plans, owed by the activity's lead or else by every lead."""
    leads = "activity__deliverable__leads"
    plan = "activity__deliverable__priority__plan"
    is_answerable = Q(activity__lead=None) | Q(activity__lead=F(leads))
    unmet = Milestone.objects.filter(
        is_answerable & _in_one_partnership(leads, plan),
        met_on=None,
        due_on__isnull=False,
        activity__retired_on=None,
        activity__deliverable__retired_on=None,
        activity__deliverable__priority__retired_on=None,
        **{f"{plan}__in": Plan.objects.running()},
    )
    in_brackets = joined(Value(" ("), "label", Value(")"))
    label = Case(When(label="", then=Value("")), default=in_brackets, output_field=TextField())
    words = joined("activity__text", label)
    return as_deadlines(
        unmet,
        key="milestone",
        kind="Milestone",
        due_on="due_on",
        title=_titled("activity__deliverable__", words),
        url_name="plans:deliverable-detail",
        url_pk="activity__deliverable",
        partnership=f"{plan}__partnerships",
        group_above=f"{plan}__scrutiny_group",
        **_owner(leads),
    )


def updates(on):
    """Deliverables that their plan's newest round has no update of yet, due on its last day.

    After that day they are late for as long as the office takes answers; no older round asks besides.
    """
    plan = "priority__plan"
    answered = Update.objects.filter(deliverable=OuterRef("pk"), round=OuterRef(f"{plan}__rounds"))
    silent = Deliverable.objects.open().filter(
        ~Exists(answered) & _in_one_partnership("leads", plan),
        **{f"{plan}__rounds__in": UpdateRound.objects.newest_answerable_on(on)},
    )
    return as_deadlines(
        silent,
        key=joined(Value("update:"), f"{plan}__rounds__pk", Value(":"), "pk"),
        kind="Update",
        due_on=f"{plan}__rounds__closes_on",
        title=_titled("", F("title")),
        url_name="plans:deliverable-update",
        look_name="plans:deliverable-detail",
        look_pk="pk",
        partnership=f"{plan}__partnerships",
        group_above=f"{plan}__scrutiny_group",
        **_owner("leads"),
    )


def proposals(on):
    """Rounds in which the scrutiny group has still to propose a rating for a priority."""
    reviewed = PriorityReview.objects.filter(round=OuterRef(OuterRef("pk")), proposed_at__isnull=False)
    waiting = Priority.objects.in_plan().filter(plan=OuterRef("plan")).exclude(pk__in=reviewed.values("priority"))
    return _stage(
        on,
        waiting,
        "proposals",
        "Propose a rating for each priority: ",
        "plan__scrutiny_group",
        above="plan__deciding_group",
    )


def decisions(on):
    """Rounds in which a proposed rating waits for the deciding group."""
    waiting = PriorityReview.objects.filter(round=OuterRef("pk"), proposed_at__isnull=False, decided_at=None)
    return _stage(
        on,
        waiting,
        "decisions",
        "Decide the ratings proposed: ",
        "plan__deciding_group",
        above="plan__deciding_group__parent",
    )


def rounds_opening(on):
    """Days to come on which a round opens, for the business office."""
    return _round_day(on, "opens_on", "round-opens", "Opens: ")


def rounds_closing(on):
    """Days to come on which a round closes."""
    return _round_day(on, "closes_on", "round-closes", "Closes: ")


def _round_day(on, day, key, words):
    rounds = UpdateRound.objects.filter(plan__in=Plan.objects.running(), closed_at=None, **{f"{day}__gte": on})
    return of_office(
        rounds,
        office="plan__partnerships__posts",
        key=key,
        kind="Round",
        due_on=day,
        title=joined(Value(words), "name", of_plan()),
        url_name="plans:round-detail",
        partnership="plan__partnerships",
        group_above="plan__deciding_group",
    )


def plan_reviews(on):
    """Days to come on which a running plan is looked at again, for the business office."""
    dates = ReviewDate.objects.filter(held_on__gte=on, plan__in=Plan.objects.running())
    words = Case(When(label="", then=Value("")), default=joined(Value(": "), "label"), output_field=TextField())
    return of_office(
        dates,
        office="plan__partnerships__posts",
        key="plan-review",
        kind="Review of the plan",
        due_on="held_on",
        title=joined(Value("Look at the plan again"), words, of_plan()),
        url_name="plans:plan-detail",
        url_pk="plan",
        partnership="plan__partnerships",
    )


def _stage(on, waiting, name, words, group, *, above):
    """Rounds opened by ``on`` in which something of ``waiting`` is left, owed by ``group``, under ``above``."""
    rounds = UpdateRound.objects.filter(
        Exists(waiting), opens_on__lte=on, plan__in=Plan.objects.running(), **{f"{group}__isnull": False}
    ).exclude(**{f"{name}_due_on": None})
    return as_deadlines(
        rounds,
        key=name,
        kind="Rating",
        due_on=f"{name}_due_on",
        title=joined(Value(words), F("name"), of_plan()),
        url_name="plans:round-detail",
        partnership="plan__partnerships",
        owner_text=f"{group}__name",
        group=group,
        group_above=above,
    )


def _in_one_partnership(leads, plan):
    """Where another leads in each partnership, a lead owes its own partnership's part alone."""
    theirs = f"{leads}__partnership"
    return Q(**{theirs: None}) | Q(**{theirs: F(f"{plan}__partnerships")})


def _owner(leads):
    return {
        "owner_text": Coalesce(f"{leads}__text", Value(""), output_field=TextField()),
        "post": f"{leads}__post",
        "group": f"{leads}__group",
        "organisation": f"{leads}__organisation",
    }


def _titled(prefix, words):
    """``words`` after the deliverable's ref as ``Deliverable.full_ref`` gives it: "2.1 Safer sleep"."""
    own, priority = f"{prefix}ref", f"{prefix}priority__ref"
    ref = Case(
        When(Q(**{own: ""}) | Q(**{f"{own}__contains": "."}) | Q(**{priority: ""}), then=F(own)),
        default=joined(priority, Value("."), own),
        output_field=TextField(),
    )
    return Trim(joined(ref, Value(" "), words))


def of_plan():
    """A comma and the title of the row's ``plan``, where a partnership of it runs another beside it; else nothing."""
    others = Plan.objects.running().filter(partnerships__plans=OuterRef("plan")).exclude(pk=OuterRef("plan"))
    return Case(
        When(Exists(others), then=joined(Value(", "), "plan__title")), default=Value(""), output_field=TextField()
    )


def joined(*parts):
    return Concat(*parts, output_field=TextField())
