"""What others found in us and we in each other: audits, inspections, challenges, the advisor's notes, risks.

Only what members were told or let read, as they read it.
"""

from django.db.models import OuterRef, Prefetch, Q, Subquery

from assurance.annual.filing import (
    DECISIONS,
    DIFFERENCE,
    HOW_MUCH,
    HOW_WELL,
    LITTLE_PROGRESS,
    PEOPLE,
    SCRUTINY,
    Offer,
    in_sentences,
    only_priority,
)
from assurance.audits.offers import in_words
from assurance.models import AdvisorNote, AuditFinding, Challenge, Inspection, Risk, RiskReview


def audit_offers(year):
    """What audits found that members were told of; one that looked again shows what came of the one before."""
    findings = AuditFinding.objects.order_by("position", "pk")
    for audit in year.audits().prefetch_related("priorities", Prefetch("findings", findings, "found")):
        priority = only_priority(audit.priorities.all())
        yield Offer(
            headings=PEOPLE,
            source_key=f"audit:{audit.pk}",
            reference=f"AUD-{audit.pk}",
            kind="audit",
            text=in_words(audit),
            shows=DIFFERENCE if audit.re_audit_of_id else HOW_WELL,
            dated_on=audit.released_on,
            address=audit.get_absolute_url(),
            priority_id=priority,
        )
        for finding in audit.found:
            yield Offer(
                headings=SCRUTINY,
                source_key=f"finding:{finding.pk}",
                reference=f"AUD-{audit.pk}.{finding.position}",
                kind="finding of an audit",
                text=f"{audit.title}. {finding.get_kind_display()}: {in_sentences(finding.text)}",
                shows=HOW_WELL,
                dated_on=audit.released_on,
                address=audit.get_absolute_url(),
                priority_id=priority,
            )


def inspection_offers(year):
    """Inspections that members were told of in the year, and what came of those that ended."""
    told = (
        Inspection.objects.filter(
            partnership__in=year.partnership_ids, released_on__range=(year.starts_on, year.ends_on)
        )
        .select_related("organisation")
        .prefetch_related("priorities")
    )
    for each in told.order_by("released_on", "pk"):
        of_whom = f" of {each.organisation}" if each.organisation else ""
        came = in_sentences(each.closed_because)
        yield Offer(
            headings=SCRUTINY,
            source_key=f"inspection:{each.pk}",
            reference=f"INS-{each.pk}",
            kind="inspection",
            text=f"{each.inspectorate}{of_whom}, {each.title}: {in_sentences(each.outcome, each.summary)}"
            + (f" What came of it: {came}" if came else ""),
            shows=DIFFERENCE if came else HOW_WELL,
            dated_on=each.released_on,
            address=each.get_absolute_url(),
            priority_id=only_priority(each.priorities.all()),
        )


def challenge_offers(year):
    """Challenges between partners that were raised, answered or closed in the year, and the advisor's notes."""
    first, last = year.starts_on, year.ends_on
    ours = Q(partnership__in=year.partnership_ids, shared_on__isnull=False)
    in_year = Q(answered_on__range=(first, last)) | Q(closed_on__range=(first, last))
    challenges = Challenge.objects.filter(ours, in_year | Q(raised_on__range=(first, last)))
    for each in challenges.prefetch_related("priorities").order_by("raised_on", "pk"):
        yield put_to_somebody(
            each, each.raised_on, "challenge", each.ref, f"{each.title.rstrip('.')}: {in_sentences(each.issue)}"
        )
    notes = AdvisorNote.objects.filter(ours, in_year | Q(looked_on__range=(first, last)))
    for each in notes.prefetch_related("priorities").order_by("looked_on", "pk"):
        of_what = each.looked_at.rstrip(".")
        looked = f"The independent advisor looked at {of_what}: {in_sentences(each.said, each.asked)}"
        yield put_to_somebody(each, each.looked_on, "advice", f"ADV-{each.pk}", looked)


KIND_WORDS = {"challenge": "challenge", "advice": "note of the independent advisor"}


def put_to_somebody(each, day, kind, reference, said):
    """What was put to somebody, their answer, and what came of it."""
    answer = f" Answer: {in_sentences(each.answer)}" if each.answer.strip() else ""
    came = f" Difference made: {in_sentences(each.difference)}" if each.difference.strip() else ""
    return Offer(
        headings=SCRUTINY,
        source_key=f"{kind}:{each.pk}",
        reference=reference,
        kind=KIND_WORDS[kind],
        text=f"{said}{answer}{came}",
        shows=DIFFERENCE if came else HOW_WELL if answer else HOW_MUCH,
        dated_on=each.closed_on or each.answered_on or day,
        address=each.get_absolute_url(),
        priority_id=only_priority(each.priorities.all()),
    )


def risk_offers(year):
    """Risks that members read: those that ended in the year with why, and those that stood at its end."""
    looks = RiskReview.objects.filter(risk=OuterRef("pk"), reviewed_on__lte=year.ends_on)
    looks = looks.order_by("-reviewed_on", "-pk")
    stood = (
        Risk.objects.filter(
            Q(closed_on=None) | Q(closed_on__gte=year.starts_on),
            partnership__in=year.partnership_ids,
            shared_on__isnull=False,
            raised_on__lte=year.ends_on,
        )
        .annotate(
            last_likelihood=Subquery(looks.values("likelihood")[:1]),
            last_impact=Subquery(looks.values("impact")[:1]),
            last_on=Subquery(looks.values("reviewed_on")[:1]),
        )
        .prefetch_related("priorities")
        .order_by("partnership", "ref", "pk")
    )
    for each in stood:
        is_closed = each.closed_on is not None and each.closed_on <= year.ends_on
        score = f"Likelihood {each.last_likelihood} of 5, impact {each.last_impact} of 5" if each.last_on else ""
        holds = f"What holds it: {each.controls.strip()}" if each.controls.strip() else ""
        came = [f"Closed: {each.closed_because.strip()}"] if is_closed else [score, holds]
        yield Offer(
            headings=DECISIONS if is_closed else LITTLE_PROGRESS,
            source_key=f"risk:{each.pk}",
            reference=each.ref,
            kind="risk",
            text=in_sentences(each.title, *came),
            shows=HOW_WELL if is_closed else HOW_MUCH,
            dated_on=each.closed_on if is_closed else each.last_on or each.raised_on,
            address=each.get_absolute_url(),
            priority_id=only_priority(each.priorities.all()),
        )
