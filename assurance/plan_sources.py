"""What assurance offers as a source of a plan's reasons: what children, adults and families said."""

from assurance.models import VoiceEntry


def voices(user, partnership_ids, only=None):
    """Voices that may be named in public and that this person may see, the newest first.

    Rows as ``settings.PLAN_SOURCES`` asks: (pk, kind, label, address, words).
    """
    found = VoiceEntry.objects.published().visible_to(user).filter(partnerships__in=partnership_ids)
    if only is not None:
        found = found.filter(pk__in=only)
    return [
        (entry.pk, "What was said", f"{entry.who}, {entry.heard_on:%B %Y}", "", entry.said)
        for entry in found.distinct().order_by("-heard_on", "-pk")
    ]
