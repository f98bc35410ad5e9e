"""What the plan and its cycle have shown: updates, ratings, outcomes, promises, what groups reported.

Of highlight and quarterly reports only what was submitted or published, in its last edition.
"""

from dataclasses import replace

from django.urls import reverse
from django.utils import timezone

from assurance.annual.filing import (
    DECISIONS,
    DIFFERENCE,
    FEEDBACK,
    HOW_MUCH,
    HOW_WELL,
    IMPACT,
    LITTLE_PROGRESS,
    REFORMS,
    Offer,
    in_sentences,
)
from assurance.models import PromiseResult, QuarterlyLine, QuarterlyPromise, QuarterlyReport
from assurance.voice_offers import NOTHING
from partnership.models import Group
from plans.models import HighlightReport, OutcomeJudgement

WORRYING = {OutcomeJudgement.Level.NOT_YET, OutcomeJudgement.Level.UNKNOWN}
Result = QuarterlyPromise.Result


def update_offers(year):
    """Every update that says what difference was made; of the other deliverables the last word."""
    last_words, with_difference = {}, set()
    taken = voices_taken_over(year)
    for update in year.updates():
        row = update.deliverable
        offer = Offer(
            headings=IMPACT,
            source_key=f"update:{update.pk}",
            reference=f"U-{row.full_ref}" if row.full_ref else "Update",
            kind="update",
            text=update.progress,
            shows=HOW_MUCH,
            dated_on=timezone.localdate(update.submitted_at),
            address=row.get_absolute_url(),
            priority_id=row.priority_id,
        )
        last_words[update.deliverable_id] = offer
        if update.difference_made:
            with_difference.add(update.deliverable_id)
            yield replace(offer, text=update.difference_made, shows=DIFFERENCE)
        if update.voice and f"update:{update.deliverable_id}-{update.round_id}" not in taken:
            key = f"update:{update.pk}:voice"
            yield replace(offer, headings=FEEDBACK, source_key=key, text=update.voice, shows=HOW_WELL)
        if row.duty_id:
            key = f"update:{update.pk}:duty"
            yield replace(offer, headings=REFORMS, source_key=key, kind="duty of law or guidance")
    for deliverable_id, offer in last_words.items():
        if deliverable_id not in with_difference:
            yield offer


def voices_taken_over(year):
    """Keys of what stands in the register of voices, public: it is offered from there."""
    return set(year.voices().published().exclude(source_key="").values_list("source_key", flat=True))


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
            address=reverse("plans:review-detail", args=[priority.pk, reviews[-1].round_id]),
            priority_id=priority.pk,
        )
        yield offer
        if any(review.decided_rating.worries for review in reviews):
            yield replace(offer, headings=LITTLE_PROGRESS)


def decision_in_words(review):
    """ "Amber in Jul–Sep", and what was proposed where that was something else."""
    proposed = f" (proposed {review.proposed_rating.word})" if review.differs and review.proposed_rating else ""
    return f"{review.decided_rating.word}{proposed} in {review.round.short_name}"


def outcome_offers(year):
    """What difference each deliverable of an ended plan made that is done, and why each was dropped that was."""
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
            address=row.get_absolute_url(),
            priority_id=row.priority_id,
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
            address=row.get_absolute_url(),
            priority_id=row.priority_id,
        )


def judgement_offers(year):
    """Of each outcome how far it is shown, round by round, where a quarterly report that is published says so."""
    published = quarterly_reports(year)
    lines = QuarterlyLine.objects.filter(report__in=published).values("outcome", "report__round")
    told = {(line["outcome"], line["report__round"]) for line in lines}
    judgements = (
        OutcomeJudgement.objects.current()
        .filter(round__in=published.order_by().values("round"))
        .select_related("outcome", "round")
        .order_by("round__ends_on", "outcome__priority__position", "outcome__position", "pk")
    )
    by_outcome = {}
    for judgement in judgements:
        if (judgement.outcome_id, judgement.round_id) in told:
            by_outcome.setdefault(judgement.outcome, []).append(judgement)
    for outcome, found in by_outcome.items():
        last = found[-1]
        trail = ", ".join(f"{each.get_level_display().lower()} in {each.round.short_name}" for each in found)
        is_shown = last.level == OutcomeJudgement.Level.SHOWN
        yield Offer(
            headings=LITTLE_PROGRESS if last.level in WORRYING else IMPACT,
            source_key=f"judgement:{outcome.pk}",
            reference=f"O-{outcome.pk}",
            kind="judgement on an outcome",
            text=f"{in_sentences(outcome.text)} {trail[:1].upper()}{trail[1:]}. {in_sentences(last.words)}".strip(),
            shows=DIFFERENCE if is_shown else HOW_WELL,
            dated_on=timezone.localdate(last.judged_at),
            address=reverse("plans:outcome-detail", args=[outcome.pk]),
            priority_id=outcome.priority_id,
        )


def quarterly_reports(year):
    """Those of the year that everybody of the partnerships reads, each in its last edition."""
    return QuarterlyReport.objects.published().current().filter(round__in=year.rounds().order_by().values("pk"))


def promise_offers(year):
    """What quarterly reports told of what had been promised: kept, or not and why."""
    told = (
        PromiseResult.objects.filter(report__in=quarterly_reports(year))
        .exclude(result="")
        .select_related("promise__line__outcome", "report__round")
        .order_by("report__round__ends_on", "promise__position", "pk")
    )
    for each in told:
        promised = each.promise.text.strip().rstrip(".")
        is_kept = each.result in {Result.DONE, Result.PARTLY}
        line = each.promise.line
        yield Offer(
            headings=DECISIONS if is_kept else LITTLE_PROGRESS,
            source_key=f"promise:{each.promise_id}:{each.report.round_id}",
            reference=f"Q-{each.promise_id}",
            kind="promise of a quarterly report",
            text=in_sentences(f"{promised}: {each.get_result_display().lower()}", each.words),
            shows=HOW_WELL,
            dated_on=each.report.round.ends_on,
            address=each.report.get_absolute_url(),
            priority_id=line.outcome.priority_id if line else None,
        )


def highlight_offers(year):
    """What groups reported to the group above them: whom they heard, and what difference was made."""
    reports = (
        HighlightReport.objects.submitted()
        .current()
        .filter(round__in=year.rounds().order_by().values("pk"))
        .exclude(group__kind=Group.Kind.CASE_REVIEW)
        .select_related("group", "round")
        .order_by("round__ends_on", "group__name", "pk")
    )
    taken = voices_taken_over(year)
    silent = set(reports.filter(voice__iregex=NOTHING).values_list("pk", flat=True))
    for report in reports:
        key = f"highlight:{report.group_id}-{report.round_id}"
        offer = Offer(
            headings=FEEDBACK,
            source_key=f"{key}:voice",
            reference=f"H-{report.group_id}",
            kind="highlight report",
            text=f"{report.group}, {report.round.name}: {report.voice.strip()}",
            shows=HOW_WELL,
            dated_on=timezone.localdate(report.submitted_at),
            address=report.get_absolute_url(),
        )
        if report.pk not in silent and key not in taken:
            yield offer
        if report.difference_made.strip():
            text = f"{report.group}, {report.round.name}: {report.difference_made.strip()}"
            yield replace(offer, headings=IMPACT, source_key=f"{key}:difference", text=text, shows=DIFFERENCE)
