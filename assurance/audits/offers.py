"""What audits offer to others, once members were told: reasons of a plan, evidence, what people need to learn."""

from assurance.audits.telling import BETTER, WORSE, shown_figures
from assurance.models import Audit


def told(user, partnership_ids, only=None):
    """Audits that members were told of, the newest first; rows as ``settings.PLAN_SOURCES`` asks."""
    found = Audit.objects.visible_to(user).released().of_partnerships(partnership_ids)
    if only is not None:
        found = found.filter(pk__in=only)
    return [
        (audit.pk, "Audit", f"Audit: {audit.title}, {audit.released_on:%B %Y}", audit.get_absolute_url(), audit.summary)
        for audit in found.order_by("-released_on", "-pk")
    ]


def in_words(audit):
    """What a told audit found, as evidence: its words, the grades of the whole, and what moved since the one before."""
    before = audit.re_audit_of
    before = before.figures if before and before.released_on else None
    parts = shown_figures(audit.figures, before)
    if not parts:
        return f"{audit.title}: {audit.summary.strip()}"
    whole = parts[-1]
    counts = ", ".join(f"{each.word.lower()} {each.count}" for each in whole.given)
    graded = f" Of {audit.figures['cases']} cases: {counts}." if counts else ""
    moved = f" Looked at again: {whole.movement.lower()} than before." if whole.movement in (BETTER, WORSE) else ""
    return f"{audit.title}: {audit.summary.strip()}{graded}{moved}"
