"""What each agency used, gave and owes: a reckoning of its places and trainer days over a stretch of days.

One trainer day gives an agency so many free places (the policy's ``free_places_per_trainer_day``); what it uses beyond
them is a trainer day owed for each so many, at ``trainer_day_charge``: ten places, or £100, in Northumberland 2014-15.
The rest of the rule is ours. Places are reckoned in place-days, so that a place on a half day is half of one on a whole
day. A part of a trainer day is owed as that part. An agency's place counts as used if somebody came, did not come, or
gave it back too late; not coming and giving back too late cost ``non_attendance_charge`` each besides. A waived place
counts for nothing. What was called off, and whoever is not yet marked, counts for nothing either.

Every place and every trainer day is one row, so each counts once; a statement is nothing but sums of such rows. Trainer
days owed are rounded half up to a hundredth; money is whole pennies, rounded half up once for each line.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from partnership.models import Organisation, Partnership, PostHolding
from partnership.refusals import NotNow
from partnership.templatetags.components import long_date
from training.mails.mailing import put
from training.models import (
    ChargeStatement,
    Course,
    Event,
    EventTrainer,
    Place,
    PlaceStatus,
    TrainingMail,
    TrainingPolicy,
)

PENNY = Decimal("0.01")
NONE = Decimal(0)
ATTENDED, MISSED, LATE = "Attended", "Did not attend", "Cancelled too late"


def pennies(amount):
    return amount.quantize(PENNY, ROUND_HALF_UP)


@dataclass(frozen=True)
class Used:
    """One place. ``days``: its length in training days; ``waived``: why it counts for nothing, or ""."""

    key: int
    event: str
    day: date
    person: str
    became: str
    days: Decimal
    waived: str = ""


@dataclass(frozen=True)
class Given:
    """Trainer days of one person at one event."""

    key: int
    event: str
    day: date
    name: str
    days: Decimal


@dataclass(frozen=True)
class ChargeLine:
    """``count`` times ``charge`` is ``amount``, rounded to the penny."""

    what: str
    count: Decimal
    charge: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Reckoning:
    """What one organisation used and gave. ``policy``: by whose numbers it is reckoned."""

    policy: TrainingPolicy
    places: list = field(default_factory=list)
    given: list = field(default_factory=list)

    @property
    def counted(self):
        return [place for place in self.places if not place.waived]

    @property
    def used_days(self):
        return sum((place.days for place in self.counted), NONE)

    @property
    def given_days(self):
        return sum((each.days for each in self.given), NONE)

    @property
    def free_days(self):
        return self.given_days * self.policy.free_places_per_trainer_day

    @property
    def beyond_days(self):
        return max(self.used_days - self.free_days, NONE)

    @property
    def owed_days(self):
        """Trainer days, to a hundredth, so that what a statement shows comes to what it asks."""
        return pennies(self.beyond_days / self.policy.free_places_per_trainer_day)

    def count_of(self, became):
        return sum(place.became == became for place in self.counted)

    @property
    def lines(self):
        policy = self.policy
        return [
            ChargeLine(
                "Trainer days owed",
                self.owed_days,
                policy.trainer_day_charge,
                pennies(self.owed_days * policy.trainer_day_charge),
            ),
            *(
                ChargeLine(
                    what,
                    Decimal(self.count_of(what)),
                    policy.non_attendance_charge,
                    pennies(self.count_of(what) * policy.non_attendance_charge),
                )
                for what in (MISSED, LATE)
            ),
        ]

    @property
    def total(self):
        return sum((line.amount for line in self.lines), NONE)

    @property
    def content(self):
        """As a statement keeps it: all that was reckoned, and by which numbers."""
        return {
            "free_places_per_trainer_day": self.policy.free_places_per_trainer_day,
            "used_days": str(self.used_days),
            "given_days": str(self.given_days),
            "free_days": str(self.free_days),
            "beyond_days": str(self.beyond_days),
            "lines": [
                {"what": each.what, "count": str(each.count), "charge": str(each.charge), "amount": str(each.amount)}
                for each in self.lines
            ],
            "places": [
                {
                    "place": each.key,
                    "event": each.event,
                    "day": each.day.isoformat(),
                    "person": each.person,
                    "became": each.became,
                    "days": str(each.days),
                    "waived": each.waived,
                }
                for each in self.places
            ],
            "given": [
                {
                    "trainer": each.key,
                    "event": each.event,
                    "day": each.day.isoformat(),
                    "name": each.name,
                    "days": str(each.days),
                }
                for each in self.given
            ],
        }


# Reckoning


def policy_of(partnership):
    """The written rules, or the usual ones, by which nobody is charged."""
    return TrainingPolicy.objects.filter(partnership=partnership).first() or TrainingPolicy(partnership=partnership)


def events_charged_by(partnership):
    """Events of the courses that ``partnership`` runs, or that nobody runs and it is the first of by name."""
    courses = Course.objects.filter(partnerships=partnership).select_related("run_by").prefetch_related("partnerships")
    keys = [course.pk for course in courses if home_of(course) == partnership]
    return Event.objects.filter(course__in=keys).not_cancelled()


def home_of(course):
    """As ``Course.home``, from what is fetched."""
    return course.run_by or min(course.partnerships.all(), key=lambda each: (each.name, each.pk), default=None)


def reckonings_of(partnership, stretch, *, at, organisations=None):
    """``{Organisation: Reckoning}`` of events that have begun, by name. Six queries for however many events.

    ``organisations`` (keys) narrows it to those.
    """
    policy = policy_of(partnership)
    events = events_charged_by(partnership).filter(
        starts_at__date__range=(stretch.starts_on, stretch.ends_on), starts_at__lte=at
    )
    places = Place.objects.filter(event__in=events.values("pk")).select_related("event__course")
    trainers = EventTrainer.objects.filter(event__in=events.values("pk")).select_related("event__course")
    trainers = trainers.exclude(organisation=None)
    if organisations is not None:
        places = places.filter(organisation__in=organisations)
        trainers = trainers.filter(organisation__in=organisations)
    used, given = defaultdict(list), defaultdict(list)
    for place in places.order_by("event__starts_at", "person", "pk"):
        if became := became_of(place):
            used[place.organisation_id].append(used_by(place, became))
    for trainer in trainers.order_by("event__starts_at", "pk"):
        row = Given(trainer.pk, trainer.event.course.title, day_of(trainer.event), trainer.name, trainer.days)
        given[trainer.organisation_id].append(row)
    found = Organisation.objects.filter(pk__in={*used, *given}).order_by("name")
    return {each: Reckoning(policy, used[each.pk], given[each.pk]) for each in found}


def became_of(place):
    """What it counts as; "" where it counts for nothing."""
    if place.status == PlaceStatus.ATTENDED:
        return ATTENDED
    if place.status == PlaceStatus.MISSED:
        return MISSED
    return LATE if place.status == PlaceStatus.CANCELLED and place.is_late else ""


def used_by(place, became):
    event = place.event
    return Used(place.pk, event.course.title, day_of(event), place.person, became, event.length, place.waived_because)


def day_of(event):
    return timezone.localdate(event.starts_at)


def unmarked_count(partnership, stretch, *, at):
    """Places of past events of which nobody has said whether somebody came."""
    events = events_charged_by(partnership).filter(
        starts_at__date__range=(stretch.starts_on, stretch.ends_on), starts_at__lte=at
    )
    return Place.objects.filter(event__in=events.values("pk"), status=PlaceStatus.BOOKED).count()


# Statements


@transaction.atomic
def issue_statement(partnership, organisation, stretch, *, by, at, note=""):
    """Freeze what ``organisation`` owes for these days, and tell its people. A further one of the same days corrects
    the one before, and says with ``note`` what.

    Raises NotNow where nobody is charged, the days are not over, nothing was used or given, or nothing differs.
    """
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    if not policy_of(partnership).is_charging:
        raise NotNow(f"{partnership} charges nobody. Say in its rules of training that agencies are charged first.")
    if stretch.ends_on >= timezone.localdate(at):
        raise NotNow(f"These days end on {long_date(stretch.ends_on)}. Issue the statement after that day.")
    reckoning = reckonings_of(partnership, stretch, at=at, organisations=[organisation.pk]).get(organisation)
    before = last_statement(partnership, organisation, stretch)
    if reckoning is None and before is None:
        raise NotNow(f"{organisation} used no place and gave no trainer day in these days.")
    reckoning = reckoning or Reckoning(policy_of(partnership))
    if before and before.content == reckoning.content:
        raise NotNow(f"Edition {before.edition} says exactly this already.")
    if before and not note:
        raise NotNow("Say what this edition corrects.")
    statement = ChargeStatement.objects.create(
        partnership=partnership,
        organisation=organisation,
        starts_on=stretch.starts_on,
        ends_on=stretch.ends_on,
        edition=before.edition + 1 if before else 1,
        content=reckoning.content,
        total=reckoning.total,
        note=note if before else "",
        issued_at=at,
        issued_by=by,
    )
    for address in addresses_of(organisation, on=timezone.localdate(at)):
        put(TrainingMail.Kind.STATEMENT, key=f"{statement.pk}-{address}"[:70], address=address, statement=statement)
    return statement


def last_statement(partnership, organisation, stretch):
    found = ChargeStatement.objects.filter(
        partnership=partnership, organisation=organisation, starts_on=stretch.starts_on, ends_on=stretch.ends_on
    )
    return found.order_by("-edition").first()


def addresses_of(organisation, *, on):
    """Those of whoever holds a post of the organisation."""
    holdings = PostHolding.objects.current(on=on).filter(post__organisation=organisation, user__is_active=True)
    return sorted(set(holdings.values_list("user__email", flat=True)))


def number_of(statement):
    """How a statement is called in letters: "AV-17-2" is the second edition."""
    return f"{statement.partnership.short_name}-{statement.pk}-{statement.edition}"
