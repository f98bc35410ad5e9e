"""What is done with records that are over: seen before it is done, done on somebody's word, and written down.

It may be run twice, and it may die half-way: each kind of each partnership is one transaction, and what is gone
is not found again. Nothing that is held goes.
"""

from django.db import transaction
from django.utils import timezone

from partnership.data_protection.declaring import End
from partnership.data_protection.forgetting import forget_person
from partnership.data_protection.guards import unguarded
from partnership.data_protection.map import event_models, kinds
from partnership.data_protection.periods import older_than
from partnership.data_protection.schedule import INSTALLATION, Schedule
from partnership.data_protection.subjects import model_of, subjects
from partnership.models import Document, LegalHold, Partnership, RetentionPeriod, RetentionRun
from partnership.refusals import NotNow
from partnership.row_security import all_rows

AT_ONCE = 500


def count_over(schedule, line, *, on):
    """How many records of that line are over, held or not."""
    key = line.partnership.pk if line.partnership else INSTALLATION
    return sum(rows.count() for _records, rows in schedule.over(key, line.kind, on=on))


def samples_over(schedule, line, *, on, most=5):
    """Some of them in words, for those who may see them."""
    key = line.partnership.pk if line.partnership else INSTALLATION
    return [str(row) for _records, rows in schedule.over(key, line.kind, on=on) for row in rows[:most]][:most]


@transaction.atomic
def apply_kind(partnership_id, code, *, on, by, at):
    """Do at the end of its time what its kind says; gives the RetentionRun, or None where nothing was over.

    ``by`` None: at night, by itself. Raises NotNow where it is held, kept for good or for people to decide.
    """
    lock()
    schedule, kind = Schedule(), kinds()[code]
    line = schedule.line(partnership_id, kind)
    if not line.can_be_done:
        raise NotNow(
            "It is held: lift the hold first." if line.hold else "Nothing is done by itself with this kind of record."
        )
    with all_rows():
        count = sum(do(kind, records, rows) for records, rows in schedule.over(partnership_id, kind, on=on))
    if not count:
        return None
    return RetentionRun.objects.create(
        partnership_id=partnership_id,
        kind=code,
        count=count,
        older_than=older_than(line.months, on=on),
        by=by,
        at=at,
    )


def lock():
    """Nobody changes a period or a hold, and nothing else is deleted, before this ends."""
    list(Partnership.objects.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def do(kind, records, rows):
    """How many went."""
    reason = f"retention {kind.code}"
    keys = list(rows.order_by().values_list("pk", flat=True).distinct())
    if kind.end == End.ERASE:
        return forget_all(records.rows().model, keys, reason=reason)
    act = clear if kind.end == End.CLEAR else delete
    for start in range(0, len(keys), AT_ONCE):
        act(records, keys[start : start + AT_ONCE], reason=reason)
    return len(keys)


def forget_all(model, keys, *, reason):
    subject = next(each for each in subjects().values() if model_of(each) is model)
    for record in model._base_manager.filter(pk__in=keys):
        forget_person(subject, record, reason=reason)
    return len(keys)


def clear(records, keys, *, reason):
    model = records.rows().model
    history = event_models().get(model)
    with unguarded(model, reason=reason):
        model._base_manager.filter(pk__in=keys).update(**records.clears)
        if history:
            history.objects.filter(pgh_obj_id__in=keys).update(**records.clears)


def delete(records, keys, *, reason):
    """The rows, what hangs on them, their files and the history of all of it."""
    rows = records.rows().model._base_manager.filter(pk__in=keys)
    files = list(rows.values_list(records.document, flat=True)) if records.document else []
    for each in [*records.parts(keys), rows]:
        delete_with_history(each, reason=reason)
    if files:
        delete_with_history(unused(files), reason=reason)


def delete_with_history(rows, *, reason):
    keys = list(rows.values_list("pk", flat=True))
    history = event_models().get(rows.model)
    with unguarded(rows.model, reason=reason):
        rows.model._base_manager.filter(pk__in=keys).delete()
        if history:
            history.objects.filter(pgh_obj_id__in=keys).delete()


def unused(files):
    """Of these documents those that no other record has."""
    rows = Document.objects.filter(pk__in=files)
    for relation in Document._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.is_relation and not is_history(relation.related_model):
            users = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": files})
            rows = rows.exclude(pk__in=users.values(relation.field.name))
    return rows


def is_history(model):
    return hasattr(model, "pgh_tracked_model")


# What an office decides


@transaction.atomic
def set_period(partnership_id, code, *, months, is_by_itself, because, by, at):
    """Keep it so many months (None: for good) from now on. The history keeps what was decided before."""
    lock()
    decided = {"months": months, "is_by_itself": is_by_itself, "because": because, "set_by": by, "set_at": at}
    period, is_new = RetentionPeriod.objects.get_or_create(partnership_id=partnership_id, kind=code, defaults=decided)
    if not is_new:
        for name, value in decided.items():
            setattr(period, name, value)
        period.save()
    return period


@transaction.atomic
def place_hold(partnership_id, code, *, because, by, at):
    """From now on nothing of it goes (``code`` empty: of all). One that stands already stays as it is."""
    lock()
    standing = LegalHold.objects.filter(partnership_id=partnership_id, kind=code, lifted_at=None).first()
    return standing or LegalHold.objects.create(
        partnership_id=partnership_id, kind=code, because=because, placed_by=by, placed_at=at
    )


@transaction.atomic
def lift_hold(hold, *, because, by, at):
    lock()
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if hold.lifted_at:
        raise NotNow("It was lifted already.")
    hold.lifted_because, hold.lifted_by, hold.lifted_at = because, by, at
    hold.save()


# Every night


def night(*, at):
    """Do what offices let happen by itself; gives ``waiting``: {partnership's slug: {code: count}} of all else."""
    on = timezone.localdate(at)
    schedule, waiting, done = Schedule(), {}, 0
    with all_rows():
        for line in schedule.lines(schedule.partnerships, with_installation=True):
            if not line.can_be_done or line.kind.behind:
                continue
            count = count_over(schedule, line, on=on)
            if count and line.is_by_itself:
                key = line.partnership.pk if line.partnership else INSTALLATION
                run = apply_kind(key, line.kind.code, on=on, by=None, at=at)
                done += run.count if run else 0
            elif count:
                waiting.setdefault(line.whose, {})[line.kind.code] = count
    return {"waiting": waiting, "done": done}
