"""What assurance offers as a source of a plan's reasons: what people said, and what returns say together."""

from assurance.models import Inspection, ThematicSummary, VoiceEntry


def voices(user, partnership_ids, only=None):
    """Voices that may be named in public and that this person may see, the newest first.

    Rows as ``settings.PLAN_SOURCES`` asks: (pk, kind, label, address, words).
    """
    found = VoiceEntry.objects.published().visible_to(user).filter(partnerships__in=partnership_ids)
    if only is not None:
        found = found.filter(pk__in=only)
    return [
        (
            entry.pk,
            "What was said",
            f"{entry.public_who}, {entry.heard_on:%B %Y}",
            entry.get_absolute_url(),
            entry.public_said,
        )
        for entry in found.distinct().order_by("-heard_on", "-pk")
    ]


def summaries(user, partnership_ids, only=None):
    """What the returns to a request say together, once it is released; rows as above, the newest first."""
    found = (
        ThematicSummary.objects.visible_to(user)
        .filter(partnership__in=partnership_ids)
        .exclude(released_on=None)
        .select_related("request")
        .order_by("-released_on", "-pk")
    )
    if only is not None:
        found = found.filter(pk__in=only)
    return [
        (
            summary.pk,
            "What returns say",
            f"Summary of returns: {summary.request.title}, {summary.released_on:%B %Y}",
            summary.get_absolute_url(),
            summary.introduction,
        )
        for summary in found
    ]


def inspections(user, partnership_ids, only=None):
    """Inspections that members were told of and whose report is published; rows as above, the newest first."""
    told = Inspection.objects.visible_to(user).exclude(released_on=None).exclude(published_on=None)
    found = told.filter(partnership__in=partnership_ids)
    if only is not None:
        found = found.filter(pk__in=only)
    return [
        (
            inspection.pk,
            "Inspection",
            f"Inspection: {inspection.title}, {inspection.starts_on:%B %Y}",
            inspection.get_absolute_url(),
            inspection.outcome or inspection.summary,
        )
        for inspection in found.order_by("-starts_on", "-pk")
    ]
