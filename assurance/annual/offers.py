"""What the year has shown, and which heading each thing serves: one generator a kind of record."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from assurance.annual.meetings import facts_of_actions, facts_of_arrangements, facts_of_decisions, facts_of_meetings
from assurance.annual.money import facts_of_money
from assurance.annual.training import facts_of_training
from assurance.audits.offers import in_words
from assurance.models import ReportEvidence
from assurance.printed import counted
from reviews.models import Briefing, ReCheck

# Which heading (the code of a rule) each kind of evidence serves: the first that the report has.
IMPACT = ("impact", "strategy", "objective")
FEEDBACK = ("feedback", "objective")
LITTLE_PROGRESS = ("little-progress",)
LEARNING = ("learning",)
DECISIONS = ("decisions", "impact", "strategy")
MEMBERS = ("contribution", "members", "impact")
COSTS = ("costs",)
ARRANGEMENTS = ("arrangements", "objective")

HOW_MUCH, HOW_WELL, DIFFERENCE = ReportEvidence.Shows


@dataclass(frozen=True)
class Offer:
    """One thing that could be filed: under the first of ``headings`` that the report has."""

    headings: tuple
    source_key: str
    reference: str
    kind: str
    text: str
    shows: str
    dated_on: date


def all_offers(year):
    yield from update_offers(year)
    yield from review_offers(year)
    yield from outcome_offers(year)
    yield from standstill_offers(year)
    yield from voice_offers(year)
    yield from return_offers(year)
    yield from summary_offers(year)
    yield from audit_offers(year)
    yield from recommendation_offers(year)
    yield from training_offers(year)
    yield from money_offers(year)
    yield from meeting_offers(year)
    yield from arrangements_offers(year)
    yield from briefing_offers(year)


def update_offers(year):
    """Every update that says what difference was made; of the other deliverables the last word."""
    last_words, with_difference = {}, set()
    for update in year.updates():
        ref = update.deliverable.full_ref
        offer = Offer(
            headings=IMPACT,
            source_key=f"update:{update.pk}",
            reference=f"U-{ref}" if ref else "Update",
            kind="update",
            text=update.progress,
            shows=HOW_MUCH,
            dated_on=timezone.localdate(update.submitted_at),
        )
        last_words[update.deliverable_id] = offer
        if update.difference_made:
            with_difference.add(update.deliverable_id)
            yield replace(offer, text=update.difference_made, shows=DIFFERENCE)
        if update.voice:
            key = f"update:{update.pk}:voice"
            yield replace(offer, headings=FEEDBACK, source_key=key, text=update.voice, shows=HOW_WELL)
    for deliverable_id, offer in last_words.items():
        if deliverable_id not in with_difference:
            yield offer


def review_offers(year):
    """A priority's decided ratings, round by round; those that worry also where progress is missing."""
    by_priority = {}
    for review in year.decided_reviews():
        by_priority.setdefault(review.priority, []).append(review)
    for priority, reviews in by_priority.items():
        offer = Offer(
            headings=DECISIONS,
            source_key=f"reviews:{priority.pk}",
            reference=f"PR-{priority.ref or priority.position}",
            kind="priority reviews",
            text=f"{priority.title}: {', '.join(decision_in_words(review) for review in reviews)}.",
            shows=HOW_WELL,
            dated_on=timezone.localdate(reviews[-1].decided_at),
        )
        yield offer
        if any(review.decided_rating.worries for review in reviews):
            yield replace(offer, headings=LITTLE_PROGRESS)


def decision_in_words(review):
    """ "Amber in Jul–Sep", and what was proposed where that was something else."""
    proposed = f" (proposed {review.proposed_rating.word})" if review.differs and review.proposed_rating else ""
    return f"{review.decided_rating.word}{proposed} in {review.round.short_name}"


def outcome_offers(year):
    """What difference each promise made that is done, and why each was dropped that was."""
    for decision in year.outcomes():
        row = decision.deliverable
        is_done = decision.decision == decision.Decision.DONE
        yield Offer(
            headings=IMPACT if is_done else LITTLE_PROGRESS,
            source_key=f"outcome:{row.pk}",
            reference=f"P-{row.full_ref or row.pk}",
            kind="outcome of a promise",
            text=f"{row.title}: {'done' if is_done else 'dropped'}. {decision.reason}",
            shows=DIFFERENCE if is_done else HOW_WELL,
            dated_on=timezone.localdate(decision.decided_at),
        )


def standstill_offers(year):
    """What the office wrote of each deliverable that stood still. A draft that nobody edited is not offered."""
    for note in year.standstill_notes():
        row = note.deliverable
        yield Offer(
            headings=LITTLE_PROGRESS,
            source_key=f"standstill:{row.pk}",
            reference=f"N-{row.full_ref or row.pk}",
            kind="little or no progress",
            text=note.text,
            shows=HOW_WELL,
            dated_on=timezone.localdate(note.written_at),
        )


def voice_offers(year):
    """Voices as the public reads them."""
    for entry in year.voices().published():
        yield Offer(
            headings=FEEDBACK,
            source_key=f"voice:{entry.pk}",
            reference=f"V-{entry.pk:04}",
            kind="voice",
            text=f"{entry.public_who}: {entry.public_said.strip()}",
            shows=DIFFERENCE if entry.public_changed else HOW_WELL if entry.public_did else HOW_MUCH,
            dated_on=entry.heard_on,
        )


def return_offers(year):
    """How many organisations answered each request. Counts alone: their words are theirs."""
    for request in year.requests():
        yield Offer(
            headings=MEMBERS,
            source_key=f"request:{request.pk}",
            reference=f"RET-{request.pk}",
            kind="returns",
            text=f"{request.title}: {request.submitted_count} of {request.asked_count} organisations answered.",
            shows=HOW_MUCH,
            dated_on=request.due_on,
        )


def summary_offers(year):
    """What the returns to a request say together, once members read it. No organisation's judgement is in it."""
    for summary in year.summaries():
        counts = [f"{level['word'].lower()} {level['count']}" for level in summary.figures["levels"] if level["count"]]
        judged = f" Of {summary.figures['judged']} judged returns: {', '.join(counts)}." if counts else ""
        yield Offer(
            headings=MEMBERS,
            source_key=f"returns:{summary.pk}",
            reference=f"SUM-{summary.pk}",
            kind="summary of returns",
            text=f"{summary.request.title}: {summary.introduction.strip()}{judged}",
            shows=HOW_WELL,
            dated_on=summary.released_on,
        )


def audit_offers(year):
    """What audits found that members were told of; one that looked again shows what came of the one before."""
    for audit in year.audits():
        yield Offer(
            headings=IMPACT,
            source_key=f"audit:{audit.pk}",
            reference=f"AUD-{audit.pk}",
            kind="audit",
            text=in_words(audit),
            shows=DIFFERENCE if audit.re_audit_of_id else HOW_WELL,
            dated_on=audit.released_on,
        )


def recommendation_offers(year):
    """What was answered to recommendations, reasons included, and what a later look at one found."""
    for each in year.answered_recommendations():
        because = f" {each.answer_because.strip()}" if each.answer_because else ""
        yield Offer(
            headings=LEARNING,
            source_key=f"recommendation:{each.pk}",
            reference=f"REC-{each.ref}" if each.ref else "REC",
            kind="recommendation",
            text=f"{each.source_words}: {each.text} {each.get_answer_display()}.{because}",
            shows=HOW_MUCH,
            dated_on=each.answered_on,
        )
    for each in year.judged_rechecks():
        of = each.recommendation
        yield Offer(
            headings=LEARNING,
            source_key=f"recheck:{each.pk}",
            reference=f"REC-{of.ref}" if of.ref else "REC",
            kind="re-check",
            text=f"{of.text} {each.get_judgement_display()}. {each.evidence.strip()}",
            shows=DIFFERENCE if each.judgement == ReCheck.Judgement.EMBEDDED else HOW_WELL,
            dated_on=each.done_on,
        )


def training_offers(year):
    """Each course with its events and places in the year; what they changed, for which needs, and who gave it."""
    for course in year.courses():
        places = f"{counted(course.taken_count, 'place')} booked, {course.attended_count} taken up"
        yield Offer(
            headings=IMPACT,
            source_key=f"course:{course.pk}",
            reference=f"TR-{course.pk}",
            kind="training",
            text=f"{course.title}: {counted(course.event_count, 'event')}, {places}.",
            shows=HOW_MUCH,
            dated_on=timezone.localdate(course.last_at),
        )
    for fact in facts_of_training(year):
        yield Offer(headings=IMPACT, **vars(fact))


def money_offers(year):
    """What was given, spent and kept, in words."""
    for fact in facts_of_money(year):
        yield Offer(headings=COSTS, **vars(fact))


def meeting_offers(year):
    """How the groups met and who came; what they decided; what came of what they asked for."""
    for fact in facts_of_meetings(year):
        yield Offer(headings=MEMBERS, **vars(fact))
    for fact in (*facts_of_decisions(year), *facts_of_actions(year)):
        yield Offer(headings=DECISIONS, **vars(fact))


def briefing_offers(year):
    """Each briefing that came out in the year, and how many agencies used it. Their words are theirs."""
    used = Count("receipts", filter=Q(receipts__used_on__isnull=False))
    out = Briefing.objects.published().filter(
        partnership__in=year.partnership_ids, published_at__date__range=(year.starts_on, year.ends_on)
    )
    for briefing in out.annotate(asked=Count("receipts"), used=used).order_by("published_at", "pk"):
        came_to = f" {briefing.used} of {briefing.asked} agencies say that they used it." if briefing.asked else ""
        yield Offer(
            headings=LEARNING,
            source_key=f"briefing:{briefing.pk}",
            reference="BR",
            kind="briefing",
            text=f"Briefing “{briefing.title}” was published.{came_to}",
            shows=HOW_MUCH,
            dated_on=timezone.localdate(briefing.published_at),
        )


def arrangements_offers(year):
    for fact in facts_of_arrangements(year):
        yield Offer(headings=ARRANGEMENTS, **vars(fact))
