"""What is offered to show each outcome in a quarter, from every stream, and filed in the quarter's report.

A report is read by every member of its plan's partnerships, so each source gives only what all of them may read:
audits and inspections that were told, summaries of returns that were released, risks, challenges and notes that
were shared, recommendations that are free, answers about training as its evaluation tells them, and figures with
the small ones hidden. What is linked to a priority of
an earlier plan serves the priority that it was carried into.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from assurance.indicators.moves import in_words
from assurance.indicators.small_numbers import figures_of
from assurance.models import (
    AdvisorNote,
    Audit,
    AuditFinding,
    Challenge,
    Indicator,
    IndicatorComment,
    Inspection,
    QuarterlyEvidence,
    QuarterlyReport,
    Risk,
    RiskReview,
    ThematicSummary,
    VoiceEntry,
)
from assurance.quarterly.offers import Offer, Quarter
from assurance.quarterly.training import of_training
from plans.models import Evidence, OutcomeStatement, PriorityReview, Update
from reviews.models import ReCheck, Recommendation

DATA, RETURNS, AUDITS, VOICE, PROGRESS, REVIEWS, _TRAINING, CHALLENGE = QuarterlyEvidence.Stream
OLDEST_FIGURE = timedelta(days=366)  # before the quarter: an older one says nothing of it


# Filing it


@transaction.atomic
def gather_evidence(report, *, on):
    """File what the quarter has shown under each line, as of ``on``; gives how many things are new.

    What somebody left out stays out; what was changed at its source is changed here, what was withdrawn there goes.
    """
    report = QuarterlyReport.objects.select_for_update(of=["self"]).select_related("round__plan").get(pk=report.pk)
    lines = list(report.lines.select_related("outcome"))
    offers = list(all_offers(Quarter.of(report.round), on=on))
    offered = {(line.pk, offer.source_key): offer for line in lines for offer in offers if offer.serves(line.outcome)}
    held = {(each.line_id, each.source_key): each for each in report.evidence.all()}
    new = [
        QuarterlyEvidence(report=report, line_id=line_id, source_key=key, **offer.columns)
        for (line_id, key), offer in offered.items()
        if (line_id, key) not in held
    ]
    QuarterlyEvidence.objects.bulk_create(new)
    for at, evidence in held.items():
        if at not in offered:
            evidence.delete()
            continue
        changed = {name: value for name, value in offered[at].columns.items() if getattr(evidence, name) != value}
        if changed:
            for name, value in changed.items():
                setattr(evidence, name, value)
            evidence.save(update_fields=list(changed))
    return len(new)


def all_offers(quarter, *, on):
    for source in SOURCES:
        yield from source(quarter, on=on)


# The streams


def of_data(quarter, *, on):
    """What each indicator says up to the end of the quarter, as any member may read it, and so what.

    One whose outcomes are of this plan serves those, any other all outcomes of its priorities.
    """
    first, last = quarter.days
    in_use = Indicator.objects.filter(Q(retired_on=None) | Q(retired_on__gt=first))
    comments = IndicatorComment.objects.filter(period_on__lte=last).order_by("-period_on", "-said_at", "-pk")
    indicators = list(
        quarter.linked(in_use.filter(partnership__in=quarter.partnership_ids))
        .prefetch_related(
            Prefetch("outcomes", OutcomeStatement.objects.filter(priority__plan=quarter.round.plan_id), to_attr="own"),
            Prefetch("comments", comments, to_attr="said"),
        )
        .order_by("ref", "title", "pk")
    )
    figures = figures_of(indicators, None)
    for each in indicators:
        known = [figure for figure in figures[each.pk] if figure.ends_on <= last]
        if not known or known[-1].ends_on < first - OLDEST_FIGURE:
            continue
        now = known[-1].starts_on
        # Words about a figure that is hidden may tell it.
        is_hidden = any(figure.is_hidden for figure in known if figure.starts_on == now)
        said = [comment.so_what.strip() for comment in each.said if comment.period_on == now and not is_hidden][:1]
        yield Offer(
            stream=DATA,
            source_key=f"indicator:{each.pk}",
            reference=str(each),
            text=" ".join([in_words(each, known), *[f"So what: {words}" for words in said]]),
            dated_on=max(figure.ends_on for figure in known),
            address=each.get_absolute_url(),
            priorities=frozenset() if each.own else quarter.now(each.ours),
            outcomes=frozenset(outcome.pk for outcome in each.own),
        )


def of_returns(quarter, *, on):
    """What the returns to a request say together, released in the quarter; by the timetable's priority."""
    summaries = ThematicSummary.objects.filter(
        partnership__in=quarter.partnership_ids,
        released_on__range=quarter.days,
        request__entry__priority__in=quarter.follows,
    ).select_related("request__entry__priority")
    for each in summaries.order_by("released_on", "pk"):
        counts = [f"{level['word'].lower()} {level['count']}" for level in each.figures["levels"] if level["count"]]
        judged = f" Of {each.figures['judged']} judged returns: {', '.join(counts)}." if counts else ""
        yield Offer(
            stream=RETURNS,
            source_key=f"returns:{each.pk}",
            reference=each.request.title,
            text=f"{each.introduction.strip()}{judged}",
            dated_on=each.released_on,
            address=each.get_absolute_url(),
            priorities=quarter.now([each.request.entry.priority]),
        )


def of_audits(quarter, *, on):
    """Audits and inspections that members were told of in the quarter."""
    of_ours = Audit.partnerships.through.objects.filter(partnership__in=quarter.partnership_ids).values("audit")
    told = Audit.objects.released().filter(pk__in=of_ours, released_on__range=quarter.days)
    for each in quarter.linked(told).prefetch_related("findings").order_by("released_on", "pk"):
        found = [f"{AuditFinding.Kind(one.kind).label}: {one.text.strip()}" for one in each.findings.all()]
        yield Offer(
            stream=AUDITS,
            source_key=f"audit:{each.pk}",
            reference=f"Audit: {each.title}",
            text="\n".join([each.summary.strip(), *found]).strip() or each.title,
            dated_on=each.released_on,
            address=each.get_absolute_url(),
            priorities=quarter.now(each.ours),
        )
    inspections = Inspection.objects.filter(
        partnership__in=quarter.partnership_ids, released_on__range=quarter.days
    ).select_related("organisation")
    for each in quarter.linked(inspections).order_by("released_on", "pk"):
        of_whom = f" of {each.organisation}" if each.organisation else ""
        yield Offer(
            stream=AUDITS,
            source_key=f"inspection:{each.pk}",
            reference=f"{each.inspectorate}{of_whom}: {each.title}",
            text=" ".join(filter(None, [each.outcome and f"{each.outcome}.", each.summary.strip()])) or each.title,
            dated_on=each.released_on,
            address=each.get_absolute_url(),
            priorities=quarter.now(each.ours),
        )


def of_voice(quarter, *, on):
    """Who was heard, or of whom something was done or changed, in the quarter; and what leads said of voice."""
    in_quarter = Q(heard_on__range=quarter.days) | Q(did_on__range=quarter.days) | Q(changed_on__range=quarter.days)
    of_ours = VoiceEntry.partnerships.through.objects.filter(partnership__in=quarter.partnership_ids)
    heard = VoiceEntry.objects.filter(in_quarter, pk__in=of_ours.values("voiceentry"))
    for each in quarter.linked(heard).order_by("heard_on", "pk"):
        came = [
            f"“{each.said.strip()}”",
            each.did and f"We did: {each.did.strip()}",
            each.not_done_because and f"Nothing was done: {each.not_done_because.strip()}",
            each.changed and f"What changed: {each.changed.strip()}",
        ]
        yield Offer(
            stream=VOICE,
            source_key=f"voice:{each.pk}",
            reference=f"{each.who}, {each.heard_on:%B %Y}",
            text=" ".join(filter(None, came)),
            dated_on=each.heard_on,
            priorities=quarter.now(each.ours),
        )
    for each in updates_of(quarter).exclude(voice=""):
        yield Offer(
            stream=VOICE,
            source_key=f"update-voice:{each.deliverable_id}",
            reference=f"{each.deliverable}, update",
            text=each.voice,
            dated_on=timezone.localdate(each.submitted_at),
            address=each.deliverable.get_absolute_url(),
            priorities=frozenset([each.deliverable.priority_id]),
        )


def updates_of(quarter):
    return (
        Update.objects.current()
        .in_round(quarter.round)
        .filter(deliverable__priority__in=quarter.follows)
        .select_related("deliverable__priority", "rating")
        .order_by("deliverable__priority__position", "deliverable__position", "pk")
    )


def of_progress(quarter, *, on):
    """The round's decided ratings and updates, and what was attached to an outcome."""
    decided = PriorityReview.objects.decided().filter(round=quarter.round).select_related("decided_rating", "priority")
    for each in decided.order_by("priority__position"):
        said = each.decision_comments or each.scrutiny_comments
        yield Offer(
            stream=PROGRESS,
            source_key=f"review:{each.pk}",
            reference="Rating decided",
            text=f"{each.decided_rating.word}: {each.decided_rating.meaning.lower()}. {said}".strip(),
            dated_on=timezone.localdate(each.decided_at),
            address=reverse("plans:review-detail", args=[each.priority_id, each.round_id]),
            priorities=frozenset([each.priority_id]),
        )
    for each in updates_of(quarter):
        made = f" Difference made: {each.difference_made.strip()}" if each.difference_made else ""
        yield Offer(
            stream=PROGRESS,
            source_key=f"update:{each.deliverable_id}",
            reference=str(each.deliverable),
            text=f"{each.rating.word}. {each.progress.strip()}{made}",
            dated_on=timezone.localdate(each.submitted_at),
            address=each.deliverable.get_absolute_url(),
            priorities=frozenset([each.deliverable.priority_id]),
        )
    attached = Evidence.objects.filter(
        round=quarter.round, removed_at=None, outcome__priority__in=quarter.follows
    ).order_by("added_at", "pk")
    for each in attached:
        yield Offer(
            stream=PROGRESS,
            source_key=f"evidence:{each.pk}",
            reference="Attached to the outcome",
            text=each.label,
            dated_on=timezone.localdate(each.added_at),
            address=reverse("plans:outcome-detail", args=[each.outcome_id]),
            outcomes=frozenset([each.outcome_id]),
        )


def of_reviews(quarter, *, on):
    """Later looks at recommendations that every member may read, by the rows of the plan that carry them out.

    What a case review group said of one before it was released stays the group's.
    """
    free = Recommendation.objects.shared().filter(partnership__in=quarter.partnership_ids)
    told = Q(recommendation__case=None, recommendation__review=None) | Q(done_on__gte=F("recommendation__released_on"))
    looked = (
        ReCheck.objects.filter(
            told,
            recommendation__in=free.values("pk"),
            recommendation__actions__deliverable__priority__in=quarter.follows,
            done_on__range=quarter.days,
        )
        .select_related("recommendation")
        .annotate(of_priority=F("recommendation__actions__deliverable__priority"))
        .order_by("done_on", "pk")
    )
    found = {}
    for each in looked:
        _check, priorities = found.setdefault(each.pk, (each, set()))
        priorities.add(quarter.follows[each.of_priority])
    for each, priorities in found.values():
        of = each.recommendation
        yield Offer(
            stream=REVIEWS,
            source_key=f"recheck:{each.pk}",
            reference=f"{of.source_words}{f', {of.ref}' if of.ref else ''}",
            text=f"{of.text.strip()} {each.get_judgement_display()}: {each.evidence.strip()}",
            dated_on=each.done_on,
            address=of.get_absolute_url(),
            priorities=frozenset(priorities),
        )


def of_challenge(quarter, *, on):
    """Risks that stood in the quarter, challenges and the advisor's notes; only what members were let read."""
    first, last = quarter.days
    ours = Q(partnership__in=quarter.partnership_ids) & ~Q(shared_on=None)
    reviews = RiskReview.objects.filter(reviewed_on__lte=last).order_by("-reviewed_on", "-pk")
    stood = Risk.objects.filter(ours, Q(closed_on=None) | Q(closed_on__gte=first), raised_on__lte=last)
    for each in quarter.linked(stood).prefetch_related(Prefetch("reviews", reviews, to_attr="looks")).order_by("ref"):
        look = each.looks[0] if each.looks else None
        score = f" Likelihood {look.likelihood} of 5, impact {look.impact} of 5." if look else " Not scored yet."
        controls = f" What holds it: {each.controls.strip()}" if each.controls else ""
        yield Offer(
            stream=CHALLENGE,
            source_key=f"risk:{each.pk}",
            reference=f"Risk {each.ref}",
            text=f"{each.title.rstrip('.')}.{score}{controls}",
            dated_on=look.reviewed_on if look else each.raised_on,
            address=each.get_absolute_url(),
            priorities=quarter.now(each.ours),
        )
    is_answered = Q(answered_on__range=quarter.days)
    in_quarter = is_answered | Q(raised_on__range=quarter.days) | Q(closed_on__range=quarter.days)
    for each in quarter.linked(Challenge.objects.filter(ours, in_quarter)).order_by("raised_on", "pk"):
        yield Offer(
            stream=CHALLENGE,
            source_key=f"challenge:{each.pk}",
            reference=f"Challenge {each.ref}: {each.title}",
            text=asked_and_answered(each.issue, each),
            dated_on=each.raised_on,
            address=each.get_absolute_url(),
            priorities=quarter.now(each.ours),
        )
    in_quarter = is_answered | Q(looked_on__range=quarter.days)
    for each in quarter.linked(AdvisorNote.objects.filter(ours, in_quarter)).order_by("looked_on", "pk"):
        yield Offer(
            stream=CHALLENGE,
            source_key=f"advice:{each.pk}",
            reference=f"Independent advisor: {each.looked_at}",
            text=asked_and_answered(f"{each.said.strip()} {each.asked.strip()}", each),
            dated_on=each.looked_on,
            address=each.get_absolute_url(),
            priorities=quarter.now(each.ours),
        )


def asked_and_answered(words, put):
    """What was put to somebody, their answer, and what came of it."""
    said = [
        words.strip(),
        put.answer and f"Answer: {put.answer.strip()}",
        put.difference and f"Difference made: {put.difference.strip()}",
    ]
    return " ".join(filter(None, said))


SOURCES = [of_data, of_returns, of_audits, of_voice, of_progress, of_reviews, of_training, of_challenge]
