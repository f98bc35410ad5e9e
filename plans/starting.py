"""A plan begins: empty, or as the next of one that is there. No partnership has two plans for one day."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from partnership.models import Partnership
from partnership.money import first_day, last_day
from plans.models import Plan, PlanDriver, RatingKey

FIRST_VERSION = "0.1"
LONG_PLAN_YEARS = 3


def refuse_overlap(partnership_ids, *, starts_on, ends_on, besides=None):
    """Raise ValidationError where another plan of one of these partnerships runs on one of these days.

    The partnerships stay locked until the transaction ends, so that of two offices who start a plan at
    once the second sees the first's. ``besides``: the plan whose own period is being changed.
    """
    if connection.in_atomic_block:
        # Not so locked that a row which points at a partnership would have to wait.
        list(Partnership.objects.filter(pk__in=partnership_ids).order_by("pk").select_for_update(no_key=True))
    others = Plan.objects.filter(partnerships__in=partnership_ids, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if besides:
        others = others.exclude(pk=besides.pk)
    other = others.order_by("starts_on").first()
    if other:
        days = f"{other.starts_on:%-d %B %Y} to {other.ends_on:%-d %B %Y}"
        raise ValidationError(f"“{other}” of the same partnerships already runs from {days}")


@transaction.atomic
def start_plan(partnerships, *, title, starts_on, ends_on, audience, continues=None):
    """A draft of these partnerships without rows; ``continues`` is the plan that is carried into it.

    What belongs to the plan as a whole comes from that one: the key of its ratings, its groups, columns
    and drivers. Raises ValidationError where the period overlaps another plan's, or where that plan
    is continued already.
    """
    if continues:  # locked first, as by the form in which a plan's own period is changed
        Plan.objects.select_for_update(of=["self"]).get(pk=continues.pk)
        following = continues.continued_by.first()
        if following:
            raise ValidationError(f"“{following}” was started from “{continues}” already")
    refuse_overlap([each.pk for each in partnerships], starts_on=starts_on, ends_on=ends_on)
    plan = Plan.objects.create(
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        version=FIRST_VERSION,
        audience=audience,
        continues=continues,
        columns=continues.columns if continues else [],
        rating_key=continues.rating_key if continues else RatingKey.objects.usual(),
        scrutiny_group=group_of(continues, partnerships, "scrutiny_group"),
        deciding_group=group_of(continues, partnerships, "deciding_group"),
    )
    plan.partnerships.set(partnerships)
    if continues:
        PlanDriver.objects.bulk_create(
            PlanDriver(
                plan=plan,
                position=driver.position,
                text=driver.text,
                source_key=driver.source_key,
                source_label=driver.source_label,
            )
            for driver in continues.drivers.all()
        )
    return plan


def group_of(continues, partnerships, which):
    """The group of the plan that is continued, if it still meets; without one the usual group."""
    if continues is None:
        return usual_group(partnerships, which)
    group = getattr(continues, which)
    return group if group and group.closed_on is None else None


def usual_group(partnerships, which):
    """The group that did this for these partnerships' latest plan, if there is one."""
    plans = Plan.objects.filter(partnerships__in=partnerships).exclude(**{which: None})
    latest = plans.order_by("-starts_on").first()
    return getattr(latest, which) if latest else None


def next_period(partnerships, *, after=None, on):
    """(first day, last day) of the financial year that a new plan is likely to be for.

    That is the year after ``after`` ends, else the next financial year of the partnerships; where one
    of their plans runs then already, the year after the last of them.
    """
    if after:
        starts_on = after.ends_on + timedelta(days=1)
    else:
        month = partnerships[0].financial_year_starts_month if partnerships else 4
        starts_on = last_day(first_day(month, on=on)) + timedelta(days=1)
        last = Plan.objects.filter(partnerships__in=partnerships, ends_on__gte=starts_on).order_by("-ends_on").first()
        if last:
            starts_on = last.ends_on + timedelta(days=1)
    return starts_on, last_day(starts_on)


def is_long(starts_on, ends_on):
    """Longer than three years: more often a year mistyped than meant."""
    last = starts_on
    for _year in range(LONG_PLAN_YEARS):
        last = last_day(last) + timedelta(days=1)
    return ends_on >= last
