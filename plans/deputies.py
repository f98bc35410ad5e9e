"""Deputies: a lead lets somebody else answer, one deliverable in a round, or all of theirs while away.

What is handed on ends by itself: with the round, with the days away, as soon as the lead no longer
leads it, and as soon as the deputy is no longer of the partnership. Nobody hands on what was handed to them.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from partnership.deadlines import COLUMNS
from partnership.models import GroupMember, Organisation, Post, PostHolding, User
from partnership.models.people import CHAIRS, read_standing
from partnership.templatetags.components import long_date
from plans.deadlines import milestones, updates
from plans.models import Delegation, Deliverable, DeliverableLead

LONGEST_COVER = timedelta(days=366)


def giver_to(user, *, on):
    """Of each row of a query of leads: the name of who let ``user`` answer for it on that day, or None."""
    given = Delegation.objects.in_force(on=on).of_lead(on=on).filter(given_to=user.pk)
    return Subquery(given.order_by("made_at").values("given_by__name")[:1])


class CannotHandOn(Exception):
    """The message says what is in the way and what to do; ``field`` is where it belongs."""

    def __init__(self, message, field="given_to"):
        super().__init__(message)
        self.field = field


# Who


def people_of(partnership_ids, *, on):
    """Those who hold a post in any of these partnerships on that day, and whose account is on."""
    posts = Post.objects.of_partnerships(partnership_ids)
    holdings = PostHolding.objects.current(on=on).filter(post__in=posts.values("pk"))
    return User.objects.filter(pk__in=holdings.values("user"), is_active=True)


def people_leading(deliverables, *, on):
    """Those who stand behind a lead of any of ``deliverables`` on that day: holders, chairs, representatives."""
    leads = DeliverableLead.objects.filter(deliverable__in=deliverables)
    seats = GroupMember.objects.current(on=on).filter(role__in=CHAIRS, group__in=leads.values("group"))
    heirs = Organisation.objects.with_heir().filter(pk__in=leads.values("organisation"))
    holdings = PostHolding.objects.current(on=on).filter(
        Q(post__in=leads.values("post"))
        | Q(post__in=seats.values("post"))
        | Q(post__organisation__in=heirs.values("heir"))
    )
    return User.objects.filter(pk__in=holdings.values("user"), is_active=True)


# Handing on and taking back


@transaction.atomic
def hand_on(deliverable, *, round, given_by, given_to, note, by, at):
    """``given_to`` may answer ``deliverable`` in ``round`` for ``given_by``, beside them. Asking twice hands on once.

    Raises CannotHandOn.
    """
    on = timezone.localdate(at)
    Deliverable.objects.select_for_update(no_key=True).get(pk=deliverable.pk)
    given = Delegation.objects.filter(deliverable=deliverable, round=round, ended_at=None).select_related("given_to")
    same = given.filter(given_by=given_by, given_to=given_to).first()
    if same:
        return same
    other = given.filter(Q(given_by=given_by) | Q(given_to=given_to)).first()
    if other:
        raise CannotHandOn(f"It is handed on to {other.given_to} already. Take that back first, if it is to change")
    if not people_leading([deliverable.pk], on=on).filter(pk=given_by.pk).exists():
        raise CannotHandOn(f"{given_by} does not lead this deliverable today. Choose somebody who does", "given_by")
    refuse_deputy(given_by, given_to, deliverable.partnership_ids, days=(on, on), on=on)
    return Delegation.objects.create(
        given_by=given_by, given_to=given_to, deliverable=deliverable, round=round, note=note, made_by=by, made_at=at
    )


@transaction.atomic
def cover(*, given_by, given_to, starts_on, ends_on, note, by, at):
    """While ``given_by`` is away, both days included, ``given_to`` answers all that they lead.

    Asking twice covers once. Raises CannotHandOn.
    """
    on = timezone.localdate(at)
    User.objects.select_for_update(no_key=True).get(pk=given_by.pk)
    if ends_on < starts_on:
        raise CannotHandOn("The last day is before the first. Enter that day or a later one", "ends_on")
    if ends_on < on:
        raise CannotHandOn("This time is over. Enter a last day that is still to come", "ends_on")
    if ends_on - starts_on > LONGEST_COVER:
        raise CannotHandOn(
            "Enter a year at most. Whoever is away for longer needs somebody else in their post", "ends_on"
        )
    away = Delegation.objects.filter(deliverable=None, ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
    for other in away.filter(given_by=given_by).select_related("given_to"):
        if (other.given_to, other.starts_on, other.ends_on) == (given_to, starts_on, ends_on):
            return other
        days = f"from {long_date(other.starts_on)} to {long_date(other.ends_on)}"
        raise CannotHandOn(
            f"{other.given_to} answers {days} already. End that first, or choose other days", "starts_on"
        )
    partnership_ids = read_standing(given_by, on=on).partnership_ids
    refuse_deputy(given_by, given_to, partnership_ids, days=(starts_on, ends_on), on=on)
    return Delegation.objects.create(
        given_by=given_by,
        given_to=given_to,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
        made_by=by,
        made_at=at,
    )


def refuse_deputy(given_by, given_to, partnership_ids, *, days, on):
    """Refuse oneself, somebody who on that day is from outside, and somebody who is away in ``days`` (first, last)."""
    if given_by == given_to:
        raise CannotHandOn("Choose somebody else: nobody answers for themselves")
    if not people_of(partnership_ids, on=on).filter(pk=given_to.pk).exists():
        raise CannotHandOn(f"{given_to} holds no post in this partnership today. Choose somebody who does")
    starts_on, ends_on = days
    away = given_to.delegations_given.filter(
        deliverable=None, ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).first()
    if away:
        words = f"from {long_date(away.starts_on)} to {long_date(away.ends_on)}"
        raise CannotHandOn(f"{given_to} is away {words}. Choose somebody else")


@transaction.atomic
def end(delegation, *, at):
    """Over from this moment, whoever says so. Ending it twice ends it once."""
    delegation = Delegation.objects.select_for_update(no_key=True).get(pk=delegation.pk)
    if delegation.ended_at is None:
        delegation.ended_at = at
        delegation.save(update_fields=["ended_at"])
    return delegation


# Who answered for whom


def answered_for():
    """Of each row of a query of updates: the name of the lead for whom a deputy sent it, or None."""
    day = OuterRef("submitted_at__date")
    leading = PostHolding.objects.current(on=OuterRef(day)).filter(
        Q(post__leads__deliverable=OuterRef(OuterRef("deliverable")))
        | Q(
            post__group_memberships__role__in=CHAIRS,
            post__group_memberships__group__leads__deliverable=OuterRef(OuterRef("deliverable")),
        )
        | Q(post__organisation__leads__deliverable=OuterRef(OuterRef("deliverable")))
    )
    delegations = Delegation.objects.filter(
        Q(deliverable=OuterRef("deliverable"), round=OuterRef("round")) | Q(starts_on__lte=day, ends_on__gte=day),
        Q(ended_at=None) | Q(ended_at__gt=OuterRef("submitted_at")),
        given_to=OuterRef("submitted_by"),
        made_at__lte=OuterRef("submitted_at"),
        given_by__in=leading.values("user"),
    )
    return Subquery(delegations.values("given_by__name")[:1])


def deputies_of(deliverable, *, on):
    """Who may answer it on that day for one of its leads: Delegations with their two people."""
    leads = people_leading([deliverable.pk], on=on)
    given = Delegation.objects.in_force(on=on).filter(
        Q(deliverable=deliverable) | Q(deliverable=None), given_by__in=leads.values("pk")
    )
    return given.select_related("given_by", "given_to").order_by("made_at")


# Reminders: a deputy is told beside the lead of what was handed on for a round, and instead of one who is away


def updates_handed_on(on):
    """Updates that a lead handed on for the round, owed by the deputy too."""
    handed = Delegation.objects.in_force(on=on).exclude(deliverable=None)
    of_row = handed.filter(deliverable=OuterRef("pk"), round=OuterRef("priority__plan__rounds")).of_lead(
        on=on, lead="leads__", deliverable="pk"
    )
    due = updates(on).filter(pk__in=handed.order_by().values("deliverable"))
    return _owed_by(of_row, due, lead="leads", if_any=handed)


def updates_covered(on):
    """Updates of leads who are away, owed by whoever answers meanwhile."""
    away = Delegation.objects.in_force(on=on).filter(deliverable=None)
    of_lead = away.of_lead(on=on, lead="leads__", deliverable="pk")
    return _owed_by(of_lead, updates(on), lead="leads", if_any=away, is_instead=True)


def milestones_covered(on):
    """Milestones of leads who are away."""
    away = Delegation.objects.in_force(on=on).filter(deliverable=None)
    of_lead = away.of_lead(on=on, lead="activity__deliverable__leads__", deliverable="activity__deliverable")
    return _owed_by(of_lead, milestones(on), lead="activity__deliverable__leads", if_any=away, is_instead=True)


def _owed_by(delegations, due, *, lead, if_any, is_instead=False):
    """``due`` (a source of deadlines) once more, owed by the deputy of ``delegations`` (of the lead of its row).

    One deputy a lead: where a post or an organisation has two people away at once, the other one is still told
    themselves. ``lead`` is where a row has its lead; ``if_any``: the delegations in question. PostgreSQL comes from
    their givers to the leads behind which those may stand, and looks at the rows of these one by one: in a nation
    somebody is always away, and most of what is due is nobody's of them.
    """
    first = delegations.order_by("-made_at", "-pk")
    nobody = Cast(Value(None), BigIntegerField())
    name = Concat(Value("deputy for "), Subquery(first.values("given_by__name")[:1]), output_field=TextField())
    giver = Subquery(first.values("given_by")[:1], output_field=BigIntegerField())
    own = {
        "deadline_user": Subquery(first.values("given_to")[:1], output_field=BigIntegerField()),
        "deadline_instead_of": giver if is_instead else nobody,
        "deadline_owner_text": name,
        "deadline_post": nobody,
        "deadline_group": nobody,
        "deadline_organisation": nobody,
    }
    others = {column: F(column) for column in COLUMNS if column not in own}
    theirs = _leads_of(if_any.order_by().values("given_by"))
    rows = due.alias(lead_of_row=F(lead)).filter(lead_of_row__in=theirs).values("pk")  # its columns are said anew
    return rows.annotate(**own, **others).filter(deadline_user__isnull=False).values(*COLUMNS)


def _leads_of(people):
    """Leads that are a post which one of ``people`` has ever held, or a group or an organisation of such a post.

    A union, as PostgreSQL finds each part by its index; of conditions joined by OR it would try every lead.
    """
    posts = PostHolding.objects.filter(user__in=people).values("post")
    groups = GroupMember.objects.filter(post__in=posts, role__in=CHAIRS).values("group")
    own = Post.objects.filter(pk__in=posts, organisation__isnull=False).values("organisation")
    organisations = Organisation.objects.with_heir().filter(heir__in=own).values("pk")
    leads = DeliverableLead.objects.order_by()
    of_post, of_group = leads.filter(post__in=posts).values("pk"), leads.filter(group__in=groups).values("pk")
    return of_post.union(of_group, leads.filter(organisation__in=organisations).values("pk"))
