"""Agency summaries: agencies are named, asked, asked again, answer or are sent back; the stages follow.

Each agency's contact knows of their own summary alone. What only the case review group may read (the other
agencies, the stages) is read here for what follows from a contact's act, and never shown to them.
"""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from partnership.access import may
from partnership.deadlines import deadlines
from partnership.models import Organisation, PostHolding, User
from partnership.refusals import NotNow
from partnership.reminders.chasing import chase
from partnership.row_security import all_rows
from partnership.templatetags.components import long_date
from reviews.cases import LateNeedsReason, held_open, record_stage
from reviews.models import AgencySummary

ASKED, BACK = "summaries-asked", "summaries-back"
WORDS = ("involvement", "key_practice", "analysis", "immediate_action")


# On the case page


def section_of(case, user, *, on):
    """What the case page shows of its agencies. Three queries, however many they are."""
    summaries = list(case.summaries.select_related("organisation", "contact", "submitted_by"))
    represented = represented_by_contacts(summaries, on=on)
    for summary in summaries:
        summary.lost_contact = bool(
            summary.contact_id
            and not summary.submitted_at
            and (summary.contact_id, summary.organisation_id) not in represented
        )
    to_ask = [each for each in summaries if each.contact_id and not each.asked_on and not each.lost_contact]
    return {
        "summaries": summaries,
        "to_ask": to_ask,
        "without_contact": [each for each in summaries if not each.contact_id and not each.asked_on],
        "waiting": [each for each in summaries if each.asked_on and not each.submitted_at],
        "back": [each for each in summaries if each.submitted_at],
        "is_open": case.closed_on is None and may(user, "change", case),
    }


def represented_by_contacts(summaries, *, on):
    """{(person's key, organisation's key)} of those contacts who represent their organisation on a day."""
    heirs = dict(
        Organisation.objects.with_heir()
        .filter(pk__in=[each.organisation_id for each in summaries])
        .values_list("pk", "heir")
    )
    contacts = [each.contact_id for each in summaries if each.contact_id]
    held = set(PostHolding.objects.current(on=on).filter(user__in=contacts).values_list("user", "post__organisation"))
    return {
        (each.contact_id, each.organisation_id)
        for each in summaries
        if (each.contact_id, heirs.get(each.organisation_id)) in held
    }


# Who is asked


def representatives(organisation, *, on):
    """The people who represent ``organisation`` (or what it was merged into) on a day, by name."""
    heir = Organisation.objects.with_heir().filter(pk=organisation.pk).values("heir")
    held = PostHolding.objects.current(on=on).filter(post__organisation__in=heir)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def agencies_to_add(case, *, on):
    """Members of the partnership on a day that are not yet among the agencies of ``case``."""
    members = Organisation.objects.members_of([case.partnership_id], on=on)
    return members.exclude(pk__in=case.summaries.values("organisation")).order_by("name")


@transaction.atomic
def add_agencies(case, organisations):
    """Name ``organisations`` as involved; one that was named meanwhile stays as it is."""
    held_open(case)
    AgencySummary.objects.bulk_create(
        [AgencySummary(case=case, partnership_id=case.partnership_id, organisation=each) for each in organisations],
        ignore_conflicts=True,
    )


@transaction.atomic
def remove_agency(summary):
    """It was not involved after all. Raises NotNow once something of it is written."""
    held_open(summary.case)
    summary = locked(summary)
    if summary.submitted_at or any(getattr(summary, name) for name in WORDS):
        raise NotNow(f"{summary.organisation} has begun its summary, so it stays among the agencies.")
    summary.delete()
    settle_stages(summary.case)


@transaction.atomic
def name_contact(summary, contact, *, on):
    """Say who answers for the agency: from now on ``contact`` alone sees what is asked."""
    held_open(summary.case)
    summary = locked(summary)
    if summary.submitted_at:
        raise NotNow("This summary is back, so its contact stays.")
    if not representatives(summary.organisation, on=on).filter(pk=contact.pk).exists():
        raise NotNow(f"{contact} does not represent {summary.organisation} today. Choose somebody who does.")
    summary.contact = contact
    summary.save()


# Asking


def due_by_rule(case, *, on):
    """The day by which the clock wants the summaries back, or None where it is past or has not begun."""
    stage = case.stages.filter(code=BACK).with_clock().first()
    return stage.due_on if stage and stage.due_on and stage.due_on >= on else None


def late_since(case, *, on):
    """The day on which the agencies should have been asked, where that is past and they have not all been; or None."""
    stage = case.stages.filter(code=ASKED, done_on=None, not_needed_because="", late_because="").with_clock().first()
    return stage.due_on if stage and stage.due_on and stage.due_on < on else None


@transaction.atomic
def ask(case, summaries, *, words, due_on, on, late_because=""):
    """Ask the contacts of ``summaries``, or change what they were asked; gives how many are asked for the first time.

    When the last agency is asked, that stage of the case is done: raises ``reviews.cases.LateNeedsReason`` where it is
    late and nobody said why.
    """
    held_open(case)
    first = 0
    for summary in case.summaries.select_for_update().filter(pk__in=[each.pk for each in summaries]):
        if summary.submitted_at:
            continue
        if not representatives(summary.organisation, on=on).filter(pk=summary.contact_id).exists():
            raise NotNow(f"Name a contact of {summary.organisation} first: somebody who represents it today.")
        first += summary.asked_on is None
        summary.asked_on = summary.asked_on or on
        summary.asked_with, summary.due_on = words, due_on
        summary.save()
    settle_stages(case, late_because=late_because)
    return first


def chase_agencies(case, *, only=None, by, now):
    """Ask again those who have not answered, all or ``only`` one: see ``partnership.reminders.chasing.chase``."""
    waiting = case.summaries.waiting()
    keys = [
        f"summary:{key}" for key in waiting.filter(**({"pk": only.pk} if only else {})).values_list("pk", flat=True)
    ]
    due = deadlines(on=timezone.localdate(now), keys=keys) if keys else []
    return chase(due, by=by, now=now)


# Answering


@transaction.atomic
def submit(summary, *, by, at):
    """The contact sends it: from now on it stands, until it is sent back."""
    with all_rows():
        held_open(summary.case)
        held = locked(summary)
        if held.submitted_at or held.asked_on is None:
            raise NotNow("This summary has been sent already.")
        held.submitted_at, held.submitted_by, held.sent_back_because = at, by, ""
        held.save()
        settle_stages(held.case)


@transaction.atomic
def record_paper(summary, *, words, received_on, by, at):
    """Keep an answer that came on paper on a day, typed in by somebody of the group. ``words``: {field: text}."""
    held_open(summary.case)
    held = locked(summary)
    if held.submitted_at:
        raise NotNow("This summary is back already.")
    for name in WORDS:
        setattr(held, name, words[name])
    held.asked_on = min(held.asked_on or received_on, received_on)
    held.due_on = held.due_on or received_on
    held.submitted_at = at if received_on == timezone.localdate(at) else noon(received_on)
    held.submitted_by, held.came_on_paper, held.sent_back_because = by, True, ""
    held.save()
    settle_stages(held.case)


@transaction.atomic
def send_back(summary, *, because, due_on):
    """Ask for what is still wanted. The agency's words are its own again until it sends them."""
    held_open(summary.case)
    held = locked(summary)
    if not held.submitted_at:
        raise NotNow("This summary is not back yet, so it can’t be sent back.")
    if held.contact_id is None:
        raise NotNow(f"{held.organisation} has no contact who could be asked here. Name one first.")
    held.submitted_at = held.submitted_by = None
    held.came_on_paper = False
    held.sent_back_because, held.due_on = because, due_on
    held.save()
    settle_stages(held.case)


def noon(day):
    return timezone.make_aware(datetime.combine(day, time(12)))


def locked(summary):
    """The summary as it is now, changed by nobody else until the end of this transaction."""
    return AgencySummary.objects.select_for_update(of=["self"]).select_related("organisation").get(pk=summary.pk)


# The stages


def settle_stages(case, *, late_because=None):
    """Asking the last agency and the last return are stages of the case. A return sent back opens the second again.

    Without ``late_because`` a first stage that is late stays open, for the group to say why.
    """
    found = list(case.summaries.all())
    stages = {stage.code: stage for stage in case.stages.filter(code__in=[ASKED, BACK], not_needed_because="")}
    asked, back = stages.get(ASKED), stages.get(BACK)
    if asked and not asked.done_on and found and all(each.asked_on for each in found):
        try:
            record_stage(
                asked, done_on=max(each.asked_on for each in found), late_because=late_because or asked.late_because
            )
        except LateNeedsReason:
            if late_because is not None:
                raise
    if not back:
        return
    is_back = bool(found) and all(each.submitted_at for each in found)
    if is_back and not back.done_on:
        day = max(timezone.localdate(each.submitted_at) for each in found)
        because = back.late_because or f"The last summary came on {long_date(day)}."
        record_stage(back, done_on=day, late_because=because)
    elif back.done_on and any(each.asked_on and not each.submitted_at for each in found):
        record_stage(back, done_on=None)
