"""Whether what a plan wants to be different is so yet: judged each round, with what shows it.

A judgement is never overwritten: a later one of the same round supersedes it. Evidence that is taken away
again is kept out of sight, not deleted.
"""

from django.db import transaction
from django.db.models import Case, CharField, Count, IntegerField, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from partnership.models import Document
from plans.models import Evidence, OutcomeJudgement, OutcomeStatement, Update

NOT_JUDGED = "none"
LEVELS = [*OutcomeJudgement.Level.choices, (NOT_JUDGED, "Not judged yet")]


# Judging


@transaction.atomic
def judge_outcome(outcome, *, round, by, at, level, words):
    """Record what is judged of ``outcome`` in ``round``; an earlier judgement of that round is superseded, not lost."""
    OutcomeStatement.objects.select_for_update(of=["self"], no_key=True).get(pk=outcome.pk)
    earlier = judgement_of(outcome, round)
    if earlier and (earlier.level, earlier.words, earlier.judged_by_id) == (level, words, by.pk):
        return earlier  # pressed twice
    judgement = OutcomeJudgement.objects.create(
        outcome=outcome, round=round, level=level, words=words, judged_by=by, judged_at=at
    )
    if earlier:
        earlier.superseded_by = judgement
        earlier.save(update_fields=["superseded_by"])
    return judgement


def judgement_of(outcome, round):
    """The last word of that round, or None."""
    return outcome.judgements.current().filter(round=round).select_related("judged_by").first()


@transaction.atomic
def add_evidence(outcome, *, round, by, at, label, upload=None, address=""):
    """A file (``upload``) or a link that shows what is said of ``outcome`` in ``round``; the same twice is one."""
    document = Document.keep(filename=upload.name, content=upload.read(), by=by) if upload else None
    said = {"round": round, "label": label, "address": "" if document else address}
    same = Q(document__sha256=document.sha256) if document else Q(document=None)
    there = outcome.evidence.filter(same, removed_at=None, **said).first()
    if there:
        if document:
            document.delete()
        return there
    return Evidence.objects.create(outcome=outcome, document=document, added_by=by, added_at=at, **said)


def remove_evidence(evidence, *, at):
    evidence.removed_at = at
    evidence.save(update_fields=["removed_at"])


# Asking


def judged_outcomes(plan):
    """Its outcome statements with ``level`` (a code), ``judged_in``, ``how`` and ``evidence_count``. One query."""
    last = OutcomeJudgement.objects.current().filter(outcome=OuterRef("pk")).order_by("-round__closes_on")
    evidence = Evidence.objects.filter(outcome=OuterRef("pk"), removed_at=None).order_by()
    counted = evidence.values("outcome").annotate(count=Count("pk")).values("count")
    return (
        OutcomeStatement.objects.filter(priority__plan=plan, priority__retired_on=None)
        .select_related("priority")
        .annotate(
            level=Coalesce(Subquery(last.values("level")[:1]), Value(NOT_JUDGED), output_field=CharField()),
            judged_in=Coalesce(Subquery(last.values("round__name")[:1]), Value(""), output_field=CharField()),
            how=Coalesce(Subquery(last.values("words")[:1]), Value(""), output_field=TextField()),
            evidence_count=Coalesce(Subquery(counted), Value(0), output_field=IntegerField()),
        )
        .order_by("priority__position", "position", "pk")
    )


# "Shown" with nothing that shows it, or nothing said at all.
IS_GAP = Q(evidence_count=0) | Q(level__in=[NOT_JUDGED, OutcomeJudgement.Level.UNKNOWN])

IN_ORDER = Case(
    *[When(level=code, then=Value(place)) for place, (code, _words) in enumerate(LEVELS)], output_field=IntegerField()
)


def differences_said(outcome, rounds):
    """What leads said of the difference made in the outcome's priority: updates by round key. One query."""
    updates = (
        Update.objects.current()
        .filter(deliverable__priority=outcome.priority_id, round__in=rounds)
        .exclude(difference_made="")
        .select_related("deliverable__priority", "submitted_by")
        .order_by("deliverable__position")
    )
    found = {}
    for update in updates:
        found.setdefault(update.round_id, []).append(update)
    return found


def quoted(update):
    """A lead's words as they are put into a judgement: who said it of what."""
    of = update.deliverable.full_ref or "a deliverable"
    return f"“{update.difference_made.strip()}” ({of}, {update.submitted_by})"
