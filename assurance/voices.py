"""The register of voices: who may tell what, an entry told directly, and what an entry shows to whom."""

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from assurance.models import VoiceEntry
from assurance.timetable import lock_partnerships
from partnership.changes import changes_of
from partnership.models import Group, Organisation
from partnership.models.organisations import Membership, valid_on
from partnership.standing import standing_of
from plans.models import Plan, Priority

GROWS = ("said", "did", "not_done_because", "changed")


def may_tell(user):
    """The office, whoever represents an organisation, and whoever chairs a group may tell who was heard."""
    standing = standing_of(user)
    return bool(standing.office_ids or (standing.partnership_ids and (standing.organisation_ids or own_groups(user))))


def own_groups(user):
    """The open groups for which this person may say who was heard; never a case review group."""
    standing = standing_of(user)
    of_office = Group.partnerships.through.objects.filter(partnership__in=standing.office_ids)
    own = Q(pk__in=standing.chaired_group_ids) | Q(pk__in=of_office.values("group"))
    return Group.objects.open().filter(own).exclude(kind=Group.Kind.CASE_REVIEW)


def own_organisations(user, *, on):
    """The organisations for which this person may say who was heard: their own; for an office all members of today."""
    standing = standing_of(user)
    members = Membership.objects.filter(valid_on(on), partnership__in=standing.office_ids)
    return Organisation.objects.filter(Q(pk__in=standing.organisation_ids) | Q(pk__in=members.values("organisation")))


def is_theirs(user, *, partnership, organisation, group, on):
    """Whether ``user`` may tell what is said to have been heard for ``partnership``.

    Its office may; others where they represent ``organisation`` or chair ``group``, and that is of the partnership.
    """
    standing = standing_of(user)
    if partnership.pk in standing.office_ids:
        return True
    if group and group.pk in standing.chaired_group_ids and partnership.pk in group.partnership_ids:
        return True
    return bool(
        organisation
        and organisation.pk in standing.organisation_ids
        and organisation.memberships.filter(valid_on(on), partnership=partnership).exists()
    )


def known_priorities(user):
    """Priorities of plans that this person may see and that are no drafts: to link to, and to be named."""
    plans = Plan.objects.visible_to(user).exclude(status=Plan.Status.DRAFT)
    return Priority.objects.filter(plan__in=plans.values("pk"))


def entries_of(user):
    """What this person may see, each with its ``partnerships`` and ``shown_priorities``. Two queries more, or none."""
    shown = known_priorities(user).select_related("plan").order_by("plan__starts_on", "plan", "position")
    return (
        VoiceEntry.objects.visible_to(user)
        .select_related("organisation", "group")
        .prefetch_related("partnerships", Prefetch("priorities", shown, to_attr="shown_priorities"))
    )


@transaction.atomic
def tell_voice(*, partnerships, priorities, **fields):
    """(the entry, whether it is new): one that says the same already is the answer to a second press.

    What was taken from a report (``source_key``) is there once for each partnership, whatever was made of its words.
    """
    ids = {partnership.pk for partnership in partnerships}
    lock_partnerships(ids)
    ours = VoiceEntry.objects.of_partnerships(ids)
    source_key = fields.get("source_key", "")
    if source_key:
        same = ours.filter(source_key=source_key).first()
    else:
        same = next((each for each in ours.filter(**fields) if each.partnership_ids == ids), None)
    if same:
        return same, False
    entry = VoiceEntry.objects.create(**fields)
    entry.partnerships.set(partnerships)
    entry.priorities.set(priorities)
    return entry, True


def take_back(entry):
    """The public no longer reads it. Its wording stays, to begin with when it is told again."""
    entry.is_public, entry.published_on = False, None
    entry.save(update_fields=["is_public", "published_on"])


def how_it_grew(entry):
    """The Changes in which its words were written, the oldest first, each with those fields alone."""
    grown = []
    for change in reversed(changes_of(entry)):
        fields = [field for field in change.fields if field.name in GROWS and field.after]
        if fields:
            grown.append({"day": timezone.localdate(change.at), "by": change.by, "fields": fields})
    return grown
