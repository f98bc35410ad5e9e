"""The published arrangements: written, endorsed by the safeguarding partners, published for ever.

One version of a partnership is in hand at a time. While it is a draft the office writes it; sent for
endorsement its words stand, until it is published or taken back. A correction is the next version.
"""

from django.db import transaction
from django.db.models import Max

from partnership.models import Arrangements, Document, Membership, Organisation, Partnership, PublishedFile
from partnership.publishing import publish_file
from partnership.refusals import NotNow

FIRST_TITLE = "Our safeguarding arrangements"


def statutory_partners(partnership_id, *, on):
    """The organisations whose lead representatives endorse, as they are on a day."""
    memberships = Membership.objects.current(on=on).filter(partnership=partnership_id, role=Membership.Role.STATUTORY)
    return Organisation.objects.filter(pk__in=memberships.values("organisation"))


def waiting_partners(arrangements, *, on):
    """Those of them who have not endorsed this version."""
    return statutory_partners(arrangements.partnership_id, on=on).exclude(
        pk__in=arrangements.endorsements.values("organisation")
    )


def missing(arrangements):
    """What it lacks to be sent for endorsement, a sentence for each."""
    found = []
    if not arrangements.summary:
        found.append("Say in plain words what they say.")
    if not arrangements.document_id:
        found.append("Add the document as a PDF.")
    if not arrangements.in_force_from:
        found.append("Say from when it is in force.")
    if arrangements.version > 1 and not arrangements.changes.exists():
        found.append("Say what it changes, with the reason.")
    return found


@transaction.atomic
def start_version(partnership):
    """The version of ``partnership`` in hand, and whether it is new: then it begins with the last one's words."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    last = Arrangements.objects.filter(partnership=partnership).newest_first().first()
    if last and not last.is_published:
        return last, False
    words = {"title": last.title, "summary": last.summary} if last else {"title": FIRST_TITLE, "summary": ""}
    version = last.version + 1 if last else 1
    return Arrangements.objects.create(partnership=partnership, version=version, **words), True


@transaction.atomic
def write_arrangements(arrangements, *, upload, by):
    """Keep what was written in a draft, and ``upload`` (a checked PDF or None) as its document."""
    in_draft(arrangements)
    if upload:
        arrangements.document = Document.keep(filename=upload.name, content=upload.read(), by=by)
    arrangements.save()


@transaction.atomic
def write_change(change):
    """Keep one thing that a draft changes; a new one comes last."""
    arrangements = in_draft(change.arrangements)
    if change._state.adding:
        last = arrangements.changes.aggregate(last=Max("position"))["last"]
        change.position = (last or 0) + 1
    change.save()


@transaction.atomic
def remove_change(change):
    in_draft(change.arrangements)
    change.delete()


@transaction.atomic
def ask_for_endorsement(arrangements):
    """Send a draft to the safeguarding partners; from now its words stand."""
    arrangements = in_draft(arrangements)
    lacking = missing(arrangements)
    if lacking:
        raise NotNow(" ".join(lacking))
    arrangements.status = Arrangements.Status.ENDORSING
    arrangements.taken_back_because = ""
    arrangements.save()


@transaction.atomic
def take_back(arrangements, *, reason):
    """Make it a draft again. What was endorsed was other words, so the endorsements go."""
    arrangements = in_status(arrangements, Arrangements.Status.ENDORSING, "It is not being endorsed at present.")
    arrangements.endorsements.all().delete()
    arrangements.status = Arrangements.Status.DRAFT
    arrangements.taken_back_because = reason
    arrangements.save()


@transaction.atomic
def endorse(arrangements, *, organisation, name, post_title, endorsed_on, by, on):
    """Put ``organisation`` behind this version, once; a second time gives the endorsement that stands.

    Raises NotNow where it is not being endorsed or the organisation is no safeguarding partner of it.
    """
    arrangements = in_status(arrangements, Arrangements.Status.ENDORSING, "It is not being endorsed at present.")
    if not statutory_partners(arrangements.partnership_id, on=on).filter(pk=organisation.pk).exists():
        raise NotNow(f"{organisation} is not a safeguarding partner of {arrangements.partnership}.")
    endorsement, _is_new = arrangements.endorsements.get_or_create(
        organisation=organisation,
        defaults={"name": name, "post_title": post_title, "endorsed_on": endorsed_on, "recorded_by": by},
    )
    return endorsement


@transaction.atomic
def publish_arrangements(arrangements, *, without, by, at, on):
    """Freeze its document and put it on the public page; pressed twice, it is published once.

    ``without`` says why it goes out before every partner has endorsed it. Raises NotNow where it
    does not and somebody has not.
    """
    arrangements = locked(arrangements)
    if arrangements.is_published:
        return arrangements
    if not arrangements.is_endorsing:
        raise NotNow("Send it for endorsement first.")
    waiting = [organisation.name for organisation in waiting_partners(arrangements, on=on)]
    if waiting and not without:
        raise NotNow("Not everyone has endorsed it. Say why it is published without them.")
    earlier = PublishedFile.objects.without_content().filter(arrangements__partnership=arrangements.partnership)
    arrangements.published_file = publish_file(
        partnerships=[arrangements.partnership],
        kind=PublishedFile.Kind.ARRANGEMENTS,
        title=str(arrangements),
        filename=f"{arrangements.partnership.slug}-arrangements-version-{arrangements.version}.pdf",
        content=bytes(arrangements.document.content),
        manifest=manifest_of(arrangements, waiting=waiting, without=without),
        supersedes=earlier.order_by("-arrangements__version").first(),
        by=by,
        at=at,
    )
    arrangements.published_at = at
    arrangements.published_without = without if waiting else ""
    arrangements.status = Arrangements.Status.PUBLISHED
    arrangements.save()
    return arrangements


def manifest_of(arrangements, *, waiting, without):
    """What stood beside the document on the day it was published, kept with its bytes."""
    return {
        "arrangements": arrangements.pk,
        "version": arrangements.version,
        "summary": arrangements.summary,
        "in_force_from": arrangements.in_force_from.isoformat(),
        "review_on": arrangements.review_on.isoformat() if arrangements.review_on else "",
        "document": arrangements.document.sha256,
        "changes": list(arrangements.changes.values("what", "reason", "timescale")),
        "endorsements": [
            {
                "organisation": endorsement.organisation.name,
                "name": endorsement.name,
                "post": endorsement.post_title,
                "on": endorsement.endorsed_on.isoformat(),
            }
            for endorsement in arrangements.endorsements.select_related("organisation")
        ],
        "waiting": waiting,
        "without": without if waiting else "",
    }


# One at a time


def locked(arrangements):
    """The version as it is now, changed by nobody else until the end of this transaction."""
    return Arrangements.objects.select_for_update().get(pk=arrangements.pk)


def in_status(arrangements, status, otherwise):
    arrangements = locked(arrangements)
    if arrangements.status != status:
        raise NotNow(otherwise)
    return arrangements


def in_draft(arrangements):
    return in_status(
        arrangements,
        Arrangements.Status.DRAFT,
        "It has been sent for endorsement, so its words stand. Take it back first.",
    )
