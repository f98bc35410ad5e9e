"""How long each partnership keeps each kind of record, what is held for good reason, and what is over.

A record of several partnerships (a joint plan's) is over only when it is over for each of them.
"""

from dataclasses import dataclass
from datetime import datetime, time

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

from partnership.data_protection.declaring import End, Kind
from partnership.data_protection.map import kinds
from partnership.data_protection.periods import in_months, older_than
from partnership.models import LegalHold, Partnership, RetentionPeriod
from partnership.standing import standing_of

INSTALLATION = None  # in place of a partnership's key


@dataclass(frozen=True)
class Line:
    """One kind of record of one partnership (``partnership`` None: of the installation)."""

    partnership: Partnership | None
    kind: Kind
    months: int | None
    period: RetentionPeriod | None
    hold: LegalHold | None

    @property
    def period_in_words(self):
        return in_months(self.months)

    @property
    def whose(self):
        """As an address names it."""
        return self.partnership.slug if self.partnership else "installation"

    @property
    def is_by_itself(self):
        return bool(self.period and self.period.is_by_itself and not self.hold)

    @property
    def can_be_done(self):
        """Whether something happens at the end by a press or by night."""
        is_done = self.kind.end not in {End.BY_HAND, End.KEEP} and not self.kind.is_fixed
        return is_done and self.months is not None and not self.hold


class Schedule:
    """Read once, in three queries: periods, holds and partnerships of the whole installation."""

    def __init__(self):
        self.partnerships = {each.pk: each for each in Partnership.objects.order_by("name")}
        self.periods = {(each.partnership_id, each.kind): each for each in RetentionPeriod.objects.all()}
        self.holds = {}
        for hold in LegalHold.objects.filter(lifted_at=None).select_related("placed_by"):
            self.holds.setdefault((hold.partnership_id, hold.kind), hold)

    def line(self, partnership_id, kind):
        return Line(
            self.partnerships.get(partnership_id),
            kind,
            self.months(partnership_id, kind),
            self.periods.get((partnership_id, kind.code)),
            self.hold(partnership_id, kind),
        )

    def lines(self, partnership_ids, *, with_installation):
        """Of these partnerships, each with the kinds that are its own; the installation's last."""
        found = [
            self.line(pk, kind)
            for pk in self.partnerships
            if pk in partnership_ids
            for kind in kinds().values()
            if not kind.is_of_installation
        ]
        if with_installation:
            found += [self.line(INSTALLATION, kind) for kind in kinds().values() if kind.is_of_installation]
        return found

    def months(self, partnership_id, kind):
        period = self.periods.get((partnership_id, kind.code))
        return period.months if period else kind.months

    def hold(self, partnership_id, kind):
        """What keeps it from going. Records of the installation hold something of every partnership."""
        ids = list(self.partnerships) if partnership_id is INSTALLATION else [partnership_id]
        for pk in [INSTALLATION, *ids]:
            for code in (kind.code, ""):
                if hold := self.holds.get((pk, code)):
                    return hold
        return None

    def over(self, partnership_id, kind, *, on):
        """[(Records, its rows that are over on a day)], whether held or not; empty where it is kept for good."""
        months = self.months(partnership_id, kind)
        if months is None:
            return []
        return [
            (records, self._over(records, partnership_id, kind, older_than(months, on=on), on=on))
            for records in kind.records
        ]

    def _over(self, records, partnership_id, kind, before, *, on):
        dated = records.dated
        rows = records.rows().filter(**{f"{dated}__lt": as_dated(records, before)})
        if partnership_id is INSTALLATION:
            return rows
        rows = of(records, rows, [partnership_id])
        for months, others in self._keeping_longer(partnership_id, kind, before, on=on).items():
            theirs = of(records, records.rows(), others)
            if months is not None:
                first = as_dated(records, older_than(months, on=on))
                theirs = theirs.filter(models.Q(**{f"{dated}__gte": first}) | models.Q(**{dated: None}))
            rows = rows.exclude(pk__in=theirs.order_by().values("pk"))
        return rows

    def _keeping_longer(self, partnership_id, kind, before, *, on):
        """{months, or None for whatever its age: keys of other partnerships that keep it so long}."""
        found = {}
        for other in self.partnerships:
            if other == partnership_id:
                continue
            months = None if self.hold(other, kind) else self.months(other, kind)
            if months is None or older_than(months, on=on) < before:
                found.setdefault(months, []).append(other)
        return found


def of(records, rows, partnership_ids):
    if callable(records.of):
        return records.of(rows, partnership_ids)
    found = rows.model._default_manager.filter(**{f"{records.of}__in": partnership_ids})
    return rows.filter(pk__in=found.order_by().values("pk"))


def as_dated(records, day):
    """``day`` as what the records' date is compared with: the beginning of it, where that is a moment."""
    model = records.rows().model
    for name in records.dated.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:  # reckoned by the query, and a day
            return day
        model = field.related_model
    if isinstance(field, models.DateTimeField):
        return timezone.make_aware(datetime.combine(day, time.min))
    return day


def may_see_counts(user, line):
    """How many cases are over only their own group may know."""
    if not line.kind.behind:
        return True
    return line.partnership is not None and line.partnership.pk in standing_of(user).own_case_group_ids
