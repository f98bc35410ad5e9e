"""The annual report, from evidence to published bytes.

It is not written in summer: everything that shows something is filed under the statutory heading it
serves (``gather_evidence``), the office sees what is still missing and who can mend it (``missing``),
a worker makes the proof (``report_builds``), and publishing takes exactly the proof's bytes.

Nothing of a case is ever read here: what a review taught is written by people, under its heading.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from assurance.audits.offers import in_words
from assurance.models import AnnualReport, ReportEvidence, ReportSection
from assurance.report_content import content_hash, content_of, counted
from assurance.report_meetings import (
    facts_of_actions,
    facts_of_arrangements,
    facts_of_decisions,
    facts_of_meetings,
    lacks_of_arrangements,
    lacks_of_meetings,
)
from assurance.report_money import facts_of_money, lacks_of_money
from assurance.report_training import facts_of_training, lacks_of_training
from assurance.report_year import Year
from partnership.models import PublishedFile, Rule
from partnership.publishing import CannotPublish, publish_file
from plans.models import Deliverable, Priority
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


# Beginning


@transaction.atomic
def start_report(partnerships, *, starts_on, ends_on, rule_set):
    """A new report of these partnerships with a section for each heading that the rules ask for."""
    report = AnnualReport.objects.create(
        title=f"Annual report {starts_on.year} to {ends_on.year}",
        starts_on=starts_on,
        ends_on=ends_on,
        rule_set=rule_set,
    )
    report.partnerships.set(partnerships)
    headings = rule_set.rules.filter(unit=Rule.Unit.HEADING).order_by("position")
    ReportSection.objects.bulk_create(
        ReportSection(report=report, position=position, title=rule.title, rule=rule)
        for position, rule in enumerate(headings, start=1)
    )
    gather_evidence(report)
    return report


@transaction.atomic
def start_edition(report, *, changes):
    """The next edition of a published report with everything in it, to be corrected and published."""
    if not report.is_published or AnnualReport.objects.filter(corrects=report).exists():
        raise CannotPublish("A new edition can be started once, from a published report.")
    edition = AnnualReport.objects.create(
        title=report.title,
        starts_on=report.starts_on,
        ends_on=report.ends_on,
        edition=report.edition + 1,
        rule_set=report.rule_set,
        foreword=report.foreword,
        foreword_by=report.foreword_by,
        corrects=report,
        changes=changes,
    )
    edition.partnerships.set(report.partnerships.all())
    for section in report.sections.prefetch_related("evidence"):
        filed = list(section.evidence.all())
        copied = copy_of(section, report=edition)
        copied.save()
        ReportEvidence.objects.bulk_create(copy_of(evidence, section=copied) for evidence in filed)
    return edition


def copy_of(record, **parent):
    """A new row like ``record``, under another parent; not saved."""
    own = {
        field.attname: getattr(record, field.attname)
        for field in record._meta.concrete_fields
        if not field.primary_key and field.name not in parent
    }
    return type(record)(**own, **parent)


# Evidence


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


@transaction.atomic
def gather_evidence(report):
    """File what the year has shown under the heading it serves; gives the number of things filed.

    Doing it again changes nothing but what has changed at its source. What somebody left out stays
    out; what was withdrawn at its source goes.
    """
    sections = report.sections.exclude(rule=None).select_related("rule")
    by_code = {section.rule.code: section.pk for section in sections}
    filed = {}
    for offer in all_offers(Year.of(report)):
        section_id = next((by_code[code] for code in offer.headings if code in by_code), None)
        if section_id:
            filed[section_id, offer.source_key] = offer
    held = {(each.section_id, each.source_key): each for each in evidence_of(report)}
    ReportEvidence.objects.bulk_create(
        [
            as_evidence(offer, section_id)
            for (section_id, source_key), offer in filed.items()
            if not is_filed_as(offer, held.get((section_id, source_key)))
        ],
        update_conflicts=True,
        unique_fields=["section", "source_key"],
        update_fields=FILED_FIELDS,
    )
    withdrawn = [each.pk for key, each in held.items() if key not in filed]
    evidence_of(report).filter(pk__in=withdrawn).delete()
    return len(filed)


FILED_FIELDS = ["reference", "kind", "text", "shows", "dated_on"]


def evidence_of(report):
    return ReportEvidence.objects.filter(section__report=report)


def as_evidence(offer, section_id):
    own = {field: getattr(offer, field) for field in FILED_FIELDS}
    return ReportEvidence(section_id=section_id, source_key=offer.source_key, **own)


def is_filed_as(offer, evidence):
    """Whether ``evidence`` (or None) says already what is offered: then its history stays quiet."""
    return evidence is not None and all(getattr(offer, field) == getattr(evidence, field) for field in FILED_FIELDS)


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


@transaction.atomic
def write_section(section, *, standfirst, narrative, left_out):
    """Keep somebody's words, and which of the evidence filed (``left_out``) is not to be printed."""
    section.standfirst, section.narrative = standfirst, narrative
    section.save()
    chosen = {evidence.pk for evidence in left_out}
    for evidence in section.evidence.all():
        if evidence.is_left_out != (evidence.pk in chosen):
            evidence.is_left_out = evidence.pk in chosen
            evidence.save(update_fields=["is_left_out"])


# What is still missing


@dataclass(frozen=True)
class Missing:
    """Something the report still lacks, who can mend it, and where (an address, or empty)."""

    what: str
    who: str
    url: str = ""


OFFICE = "Business office"


def missing(report):
    """Everything that the report still lacks, as of now."""
    year = Year.of(report)
    return [
        *missing_words(report),
        *missing_updates(year),
        *missing_decisions(year),
        *missing_returns(year),
        *missing_money(report, year),
        *missing_meetings(year),
        *missing_arrangements(report, year),
        *missing_impact_of_training(report, year),
    ]


def missing_words(report):
    if not report.foreword.strip():
        yield Missing(
            "The foreword", "Lead safeguarding partners", reverse("assurance:foreword-change", args=[report.pk])
        )
    for section in report.sections.prefetch_related("evidence"):
        url = reverse("assurance:section-change", args=[report.pk, section.pk])
        where = f"section {section.position}, {section.title}"
        if not section.narrative.strip():
            yield Missing(f"The narrative of {where}", OFFICE, url)
        elif not section.standfirst.strip():
            yield Missing(f"The opening sentence of {where}", OFFICE, url)
        if section.rule_id and all(evidence.is_left_out for evidence in section.evidence.all()):
            yield Missing(f"Any evidence under {where}", OFFICE, url)


def missing_updates(year):
    """Deliverables about which nobody said anything in the last round of the year."""
    for round in last_rounds(year):
        silent = (
            Deliverable.objects.filter(priority__plan=round.plan_id)
            .exclude(pk__in=round.updates.values("deliverable"))
            .select_related("priority")
            .prefetch_related("leads")
            .order_by("priority__position", "position")
        )
        for deliverable in silent:
            leads = ", ".join(lead.text for lead in deliverable.leads.all())
            url = reverse("plans:round-detail", args=[round.pk])
            yield Missing(f"An update on {deliverable}, {round.name}", leads or OFFICE, url)


def last_rounds(year):
    """The last round of each plan."""
    rounds = year.rounds().select_related("plan__scrutiny_group", "plan__deciding_group")
    return {round.plan_id: round for round in rounds}.values()


def missing_decisions(year):
    """Priorities that nobody rated at the end of the year."""
    for round in last_rounds(year):
        undecided = Priority.objects.filter(plan=round.plan_id).exclude(
            pk__in=round.reviews.decided().values("priority")
        )
        proposed = set(round.reviews.exclude(proposed_at=None).values_list("priority", flat=True))
        for priority in undecided:
            group = round.plan.deciding_group if priority.pk in proposed else round.plan.scrutiny_group
            url = reverse("plans:review-detail", args=[priority.pk, round.pk])
            yield Missing(f"A rating of {priority}, {round.name}", str(group or OFFICE), url)


def missing_returns(year):
    for each in year.returns().filter(submitted_at=None).select_related("request", "organisation"):
        yield Missing(each.request.title, each.organisation.name)


def missing_money(report, year):
    """What the costs lack, where the report has a heading for them."""
    if report.sections.filter(rule__code__in=COSTS).exists():
        for what, url in lacks_of_money(year):
            yield Missing(what, OFFICE, url)


def missing_meetings(year):
    for what, url in lacks_of_meetings(year, on=timezone.localdate()):
        yield Missing(what, OFFICE, url)


def missing_arrangements(report, year):
    """That nobody looked at them, where the report has a heading for it."""
    if report.sections.filter(rule__code__in=ARRANGEMENTS[:1]).exists():
        for what, url in lacks_of_arrangements(year):
            yield Missing(what, OFFICE, url)


def missing_impact_of_training(report, year):
    """That nothing shows what training changed, where the report has a heading for impact."""
    if report.sections.filter(rule__code__in=IMPACT).exists():
        for what, url in lacks_of_training(year):
            yield Missing(what, "Training coordinator", url)


# Publishing


@transaction.atomic
def publish_report(report, *, build, by):
    """Publish exactly the bytes of the proof ``build``; raises CannotPublish where that makes no sense."""
    report = AnnualReport.objects.select_for_update(of=["self"]).get(pk=report.pk)
    if report.is_published:
        raise CannotPublish("This edition is published already. A correction is a new edition.")
    if build.report_id != report.pk or not build.is_done:
        raise CannotPublish("There is no finished proof of this report yet. Make the PDF first.")
    if not is_up_to_date(build):
        raise CannotPublish(
            "Something in the report has changed since this proof was made. Make the PDF again, read it, then publish."
        )
    report.published_file = publish_file(
        partnerships=report.partnerships.all(),
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=report.title,
        filename=f"{report.filename_stem}.pdf",
        content=bytes(build.pdf),
        page_count=build.page_count,
        manifest=build.content,
        by=by,
        at=timezone.now(),
        supersedes=report.corrects.published_file if report.corrects else None,
    )
    report.save(update_fields=["published_file"])
    return report.published_file


def is_up_to_date(build):
    """Whether the report would print the same today as when the proof ``build`` was made."""
    if not build.content:
        return False
    made_on = date.fromisoformat(build.content["dated_on"])
    return content_hash(content_of(build.report, on=made_on)) == build.content_hash
