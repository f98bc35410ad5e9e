"""What agencies say they did with a briefing: asked for when it is published, answered, chased, counted by the year."""

from dataclasses import dataclass

from django.db import transaction

from partnership.deadlines import deadlines
from partnership.models import Organisation
from partnership.reminders.chasing import chase
from reviews.briefings import earlier_editions
from reviews.models import Briefing, Receipt

KIND = "receipt"  # how the keys of these deadlines begin


@dataclass(frozen=True)
class Answers:
    """Receipts of one briefing: ``answered`` of this and earlier editions, ``waiting`` of this one."""

    answered: list
    waiting: list
    late: frozenset

    @property
    def asked_count(self):
        return len(self.answered) + len(self.waiting)

    @property
    def used(self):
        return [each for each in self.answered if each.used_on]

    @property
    def reached(self):
        return sum(each.reached or 0 for each in self.used)


def answers_on(briefing, *, on):
    """Each agency once: its last answer to this briefing or an earlier edition, or that it is still to answer."""
    editions = [briefing.pk, *earlier_editions(briefing)]
    rows = (
        Receipt.objects.filter(briefing__in=editions)
        .select_related("organisation", "submitted_by", "briefing")
        .order_by("organisation__name", "-briefing__edition")
    )
    newest = {}
    for row in rows:
        if row.submitted_at or row.briefing_id == briefing.pk:
            newest.setdefault(row.organisation_id, row)
    found = list(newest.values())
    waiting = [each for each in found if not each.submitted_at]
    return Answers(
        answered=[each for each in found if each.submitted_at],
        waiting=waiting,
        late=frozenset(each.pk for each in waiting if each.due_on < on),
    )


@transaction.atomic
def submit_receipt(receipt, *, by, at, **answers):
    """Keep what the agency says, for the first time or otherwise than before; the history has what it said then."""
    for name, value in answers.items():
        setattr(receipt, name, value)
    receipt.submitted_at, receipt.submitted_by = at, by
    receipt.save()
    return receipt


@transaction.atomic
def ask_agency(briefing, *, agency, due_on, on):
    """Ask one more agency, or one that was asked already by another day."""
    receipt, is_new = Receipt.objects.select_for_update(of=["self"]).get_or_create(
        briefing=briefing, organisation=agency, defaults={"asked_on": on, "due_on": due_on}
    )
    if not is_new and not receipt.submitted_at:
        receipt.due_on = due_on
        receipt.save()
    return receipt


@transaction.atomic
def chase_receipts(briefing, *, who, by, now, on):
    """Ask ``who`` ("all", or the key of a receipt) of those who have not answered. Gives ``partnership`` Chased.

    Two who press at once are taken one after the other; nobody is mailed twice on a day. Raises LookupError where
    nobody of that name is waited for.
    """
    held = Briefing.objects.select_for_update(of=["self"], no_key=True).get(pk=briefing.pk)
    keys = {str(key) for key in held.receipts.waiting().values_list("pk", flat=True)}
    if who != "all":
        keys &= {who}
        if not keys:
            raise LookupError(who)
    due = deadlines(on=on, keys={f"{KIND}:{key}" for key in keys}) if keys else []
    return chase(due, by=by, now=now)


# Over a year


@dataclass(frozen=True)
class AgencyYear:
    """One agency in a year: what it was asked, answered and used, and how many people that reached."""

    organisation: Organisation
    asked: int
    answered: int
    used: int
    late: int
    reached: int


def year_of_agencies(partnership_ids, *, starts_on, ends_on, on):
    """AgencyYear of each agency that was asked in the year, by name. One query."""
    rows = (
        Receipt.objects.filter(
            briefing__partnership__in=partnership_ids,
            briefing__published_at__isnull=False,
            asked_on__range=(starts_on, ends_on),
        )
        .exclude(submitted_at=None, briefing__superseded_by__published_at__isnull=False)
        .select_related("organisation")
        .order_by("organisation__name", "organisation_id")
    )
    by_agency = {}
    for row in rows:
        by_agency.setdefault(row.organisation, []).append(row)
    return [
        AgencyYear(
            organisation=organisation,
            asked=len(found),
            answered=sum(1 for each in found if each.submitted_at),
            used=sum(1 for each in found if each.submitted_at and each.used_on),
            late=sum(1 for each in found if not each.submitted_at and each.due_on < on),
            reached=sum(each.reached or 0 for each in found if each.submitted_at and each.used_on),
        )
        for organisation, found in by_agency.items()
    ]
