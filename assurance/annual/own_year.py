"""What the partnership knows of one organisation in a report's year: figures of that organisation and of no other."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from assurance.annual.money import budgets_of
from partnership.attendance import THERE, Expected
from partnership.models import Contribution
from partnership.money import in_pounds
from partnership.templatetags.components import long_date
from plans.models import DeliverableLead
from training.models import Place


@dataclass(frozen=True)
class Known:
    """One line: "Training places taken up", "41 of 48". ``more``: what is meant, one a line."""

    label: str
    value: str
    more: tuple = ()


def known_of(organisation, year):
    """Every Known there is. The same number of queries whatever there is of each."""
    return list(
        filter(
            None,
            [
                places_of(organisation, year),
                returns_of(organisation, year),
                meetings_of(organisation, year),
                led_by(organisation, year),
                *given_by(organisation, year),
            ],
        )
    )


def places_of(organisation, year):
    counts = year.places().aggregate(
        booked=Count("pk", filter=Q(organisation=organisation)),
        attended=Count("pk", filter=Q(organisation=organisation, status=Place.Status.ATTENDED)),
    )
    return counts["booked"] and Known("Training places taken up", f"{counts['attended']:,} of {counts['booked']:,}")


def returns_of(organisation, year):
    asked = list(
        year.returns()
        .filter(organisation=organisation, withdrawn_at=None)
        .with_due()
        .select_related("request")
        .order_by("request__due_on", "pk")
    )
    submitted = [each for each in asked if each.submitted_at]
    in_time = [each for each in submitted if timezone.localdate(each.submitted_at) <= each.asked_by_day]
    if not asked:
        return None
    late = len(submitted) - len(in_time)
    more = tuple(
        f"{each.request.title}: {'submitted' if each.submitted_at else f'due {long_date(each.asked_by_day)}'}"
        for each in asked
    )
    return Known("Returns submitted", f"{len(submitted)} of {len(asked)}{f', {late} late' if late else ''}", more)


def meetings_of(organisation, year):
    """Meetings at which it was expected and somebody wrote down who came."""
    groups = list(year.groups())
    expected = Expected(*groups, also=[organisation.pk])
    of_group = {group.pk: expected.of(group) for group in groups}
    asked = there = 0
    for meeting in year.meetings().held().prefetch_related("attendance"):
        rows = {row.organisation_id: row for row in meeting.attendance.all()}
        own = rows.get(organisation.pk)
        if rows and (own or organisation.pk in of_group[meeting.group_id].on(meeting.meets_on)):
            asked += 1
            there += bool(own and own.status in THERE)
    return Known("Meetings attended, itself or by a deputy", f"{there} of {asked}") if asked else None


def led_by(organisation, year):
    """Deliverables of the year's plans that it, or a post of it, leads."""
    leads = DeliverableLead.objects.filter(
        Q(organisation=organisation) | Q(post__organisation=organisation),
        deliverable__priority__plan__in=year.plans().values("pk"),
    ).select_related("deliverable__priority")
    found = {each.deliverable_id: each.deliverable for each in leads.order_by("deliverable__priority__position")}
    more = tuple(str(each) for each in sorted(found.values(), key=lambda each: (each.priority_id, each.position)))
    return Known("Deliverables you lead", str(len(found)), more) if found else None


def given_by(organisation, year):
    given = Contribution.objects.filter(budget__in=budgets_of(year).agreed().order_by(), organisation=organisation)
    for each in given.select_related("budget").order_by("budget__starts_on", "pk"):
        if each.amount or each.in_kind:
            value = in_pounds(each.amount) if each.amount else "Nothing in money"
            yield Known("Given to the partnership’s budget", value, tuple(filter(None, [each.in_kind])))
