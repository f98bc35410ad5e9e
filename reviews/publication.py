"""Publication of a practice review: its gate, the day, what becomes public for ever, corrections.

The steps of the gate are listed here; a row is kept of each once it is done or left out with a reason. What is
published is made first (``prepare``), outside any lock, and frozen by ``publish_review`` only if the review still
says the same. Nothing of it names a case, the review itself or a person.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import slugify

from partnership.arrangements import statutory_partners
from partnership.clocks import by_clock
from partnership.confined import run_confined
from partnership.house_style import FALLBACK, name_lines
from partnership.models import Document, PublishedFile, Rule
from partnership.publishing import publish_file
from partnership.refusals import NotNow
from partnership.templatetags.components import long_date
from partnership.working_days import add_working_days, is_working_day
from reviews.cases import leave_stage_out, record_stage
from reviews.clock import NOTICE, PUBLISHED, STAYS_PUBLIC
from reviews.models import PracticeReview, PublicationStep, ReviewPublication, Stage
from reviews.releasing import begin_releasing
from reviews.report_pdf import make_pdf


class TooSoon(Exception):
    """The Panel and the Secretary of State would have the report too late. The words can be shown to a person."""


# The gate


class GateStep(NamedTuple):
    code: str
    title: str
    help: str = ""


ADVANCE_COPY = "advance-copy"
AGREED = "agreed-"
BEFORE_AGREEMENT = [
    GateStep("checked", "Agencies checked it for accuracy", "Each agency involved read what it says of them."),
    GateStep(
        "anonymous",
        "Nothing in it identifies anybody",
        "Read once by somebody who did not write it: no name, date, place or detail by which a family is known.",
    ),
    GateStep("legal", "Legal and data protection advice was taken", "Court proceedings and inquests included."),
    GateStep("family-told", "The family has seen it and knows the day", "And was asked how to be referred to."),
]
NOTICE_GIVEN = GateStep(
    ADVANCE_COPY,
    "The Panel and the Secretary of State have it",
    "Before the day of publication, by as many working days as the rule says.",
)
AFTER_NOTICE = [
    GateStep("press", "Words for the press are ready", "And who speaks for the partners that day."),
    GateStep("learning", "Its learning is ready to go out", "A seven-minute briefing, and who is told how."),
]


@dataclass(frozen=True)
class Gate:
    """One step as it stands; ``row`` is None as long as nobody answered."""

    step: GateStep
    row: PublicationStep | None = None

    @property
    def is_settled(self):
        return bool(self.row and self.row.is_settled)


def steps_of(review, *, on):
    """The steps before publication, each safeguarding partner's agreement among them."""
    partners = statutory_partners(review.partnership_id, on=on).order_by("name")
    agreed = [GateStep(f"{AGREED}{each.pk}", f"Agreed by {each.name}"[:160]) for each in partners]
    notice = [] if review.kind in review.ADULTS or review.is_carried_over else [NOTICE_GIVEN]
    return [*BEFORE_AGREEMENT, *agreed, *notice, *AFTER_NOTICE]


def gate_of(review, *, on):
    """Every step as it stands, and those that were answered before their partner left. Two queries."""
    rows = {row.code: row for row in review.publication_steps.select_related("done_by")}
    gate = [Gate(step, rows.pop(step.code, None)) for step in steps_of(review, on=on)]
    return gate + [Gate(GateStep(row.code, row.title), row) for row in rows.values() if row.is_settled]


@transaction.atomic
def settle_step(review, code, *, done_on, exception, by, on):
    """Keep that a step was done on a day, or why it was not. Gives its row.

    The advance copy is a stage with a clock as well: sent after its day it needs the reason in ``exception``, or
    LateNeedsReason is raised. Raises NotNow for a step that there is not, or of a review that has ended.
    """
    held = under_way(review)
    found = [(n, step) for n, step in enumerate(steps_of(held, on=on), start=1) if step.code == code]
    if not found:
        raise NotNow("This is no longer among the steps before publication.")
    position, step = found[0]
    if code == ADVANCE_COPY:
        stage = held.stages.filter(code=NOTICE).first()
        if stage and done_on:
            exception = record_stage(stage, done_on=done_on, late_because=exception).late_because
        elif stage:
            leave_stage_out(stage, because=exception)
    row, _is_new = PublicationStep.objects.update_or_create(
        review=held,
        code=code,
        defaults={
            "partnership_id": held.partnership_id,
            "position": position,
            "title": step.title,
            "done_on": done_on,
            "done_by": by if done_on else None,
            "exception": exception,
        },
    )
    return row


# The day


@dataclass(frozen=True)
class Days:
    """The day chosen, by when notice must go for it, and by when the review is to be out; each may be None."""

    chosen_on: object = None
    notice_by: object = None
    notice_sent_on: object = None
    due_on: object = None

    def is_late(self, on):
        return bool(self.due_on and on > self.due_on)


def days_of(review):
    """One query."""
    stages = {stage.code: stage for stage in review.stages.with_clock().filter(code__in=[NOTICE, PUBLISHED])}
    notice, published = stages.get(NOTICE), stages.get(PUBLISHED)
    return Days(
        chosen_on=published.planned_on if published else None,
        notice_by=notice.due_on if notice and not notice.not_needed_because else None,
        notice_sent_on=notice.done_on if notice else None,
        due_on=published.clock_due_on if published else None,
    )


def first_day_with_notice(review, *, on):
    """The first day for which notice given ``on`` a day is early enough; the day itself where none is asked for."""
    rule = Rule.objects.clock(ADVANCE_COPY, on=on, audience=review.partnership.kind).first()
    if rule is None or rule.unit != Rule.Unit.WORKING_DAYS or review.kind in review.ADULTS:
        return on
    day = add_working_days(on, rule.number)
    return day if add_working_days(day, -rule.number) >= on else add_working_days(day, 1)


@transaction.atomic
def choose_day(review, *, day, too_soon_because="", by, on):
    """Keep the day on which the review is to be published.

    Raises NotNow for a day that is no working day or over, and TooSoon where notice cannot be given in time (or was
    not) and nobody says why that is right; the reason is then the exception of that step.
    """
    held = under_way(review)
    if day < on:
        raise NotNow("Choose today or a later day.")
    if not is_working_day(day):
        raise NotNow(f"{long_date(day)} is no working day. Choose one on which people can be asked about it.")
    held.stages.filter(code=PUBLISHED).update(planned_on=day)
    notice = held.stages.with_clock().filter(code=NOTICE).first()
    if notice is None or notice.not_needed_because:
        return
    given_on = notice.done_on or on
    is_too_soon = bool(notice.due_on and notice.due_on < given_on)
    if is_too_soon and not too_soon_because:
        first = first_day_with_notice(held, on=given_on)
        raise TooSoon(
            f"For {long_date(day)} the Panel and the Secretary of State must have the report by "
            f"{long_date(notice.due_on)}. Choose {long_date(first)} or later, or say why less notice is right."
        )
    reason = too_soon_because if is_too_soon else ""
    Stage.objects.filter(pk=notice.pk).update(late_because=reason if notice.done_on else "")
    row = held.publication_steps.filter(code=ADVANCE_COPY).first()
    if row or reason:
        position = [step.code for step in steps_of(held, on=on)].index(ADVANCE_COPY) + 1
        PublicationStep.objects.update_or_create(
            review=held,
            code=ADVANCE_COPY,
            defaults={"exception": reason},
            create_defaults={
                "partnership_id": held.partnership_id,
                "position": position,
                "title": NOTICE_GIVEN.title,
                "exception": reason,
            },
        )


@transaction.atomic
def withhold_report(review, *, because, discussed_on):
    """Keep that the report itself is not published, why, and when the Panel was told; only improvements are."""
    held = under_way(review)
    held.is_withheld, held.withheld_because, held.withheld_discussed_on = True, because, discussed_on
    held.save()


@transaction.atomic
def publish_in_full_after_all(review):
    held = under_way(review)
    held.is_withheld, held.withheld_because, held.withheld_discussed_on = False, "", None
    held.save()


# What becomes public


def content_of(review, *, on, edition=1, changes=""):
    """All that is said to the public, as JSON can hold it; the page and the PDF are made of this alone.

    It is dated ``on``; an older review keeps the day on which it was published then.
    """
    partnership = review.partnership
    is_withheld = review.is_withheld
    day = review.ended_on if review.is_carried_over else on
    return {
        "partnership": partnership.name,
        "name_lines": name_lines(partnership.name),
        "colour": partnership.house_colour or FALLBACK,
        "email": partnership.office_email,
        "kind": review.kind,
        "kind_label": review.get_kind_display(),
        "title": review.public_title.strip(),
        "summary": review.public_summary.strip(),
        "findings": "" if is_withheld else review.findings.strip(),
        "recommendations": [
            {"ref": str(number), "text": each.text.strip(), "response": answer_of(each)}
            for number, each in enumerate(review.recommendations.order_by("ref", "made_on", "pk"), start=1)
        ],
        "response": review.response.strip(),
        "themes": [theme.title for theme in review.themes.all()],
        "is_withheld": is_withheld,
        "address": "" if is_withheld else review.public_address,
        "edition": edition,
        "changes": changes,
        "published_on": day.isoformat(),
    }


def answer_of(recommendation):
    """What the partners say to it, in words for the public."""
    said = recommendation.get_answer_display()
    return f"{said}. {recommendation.answer_because.strip()}" if recommendation.answer_because.strip() else f"{said}."


WORDS = {
    "title": "the title",
    "summary": "what stands in short",
    "findings": "the findings",
    "response": "what partners did and will do",
    "changes": "what is corrected",
}


TO_WRITE = {
    "title": "Write a title for the public.",
    "summary": "Write for the public, in short, what happened and what matters.",
    "response": "Write for the public what partners did and will do.",
}


def missing(review, content, *, on):
    """What it lacks to be published, a sentence for each."""
    wanted = ("title", "summary") if review.is_carried_over else ("title", "summary", "response")
    found = [TO_WRITE[name] for name in wanted if not content[name]]
    if not (content["findings"] or content["is_withheld"] or review.final_report_id or content["address"]):
        found.append("Write the findings for the public, or add the reviewer’s report.")
    found += leaks_in(content, references_of(review))
    if not review.ended_on:
        found += missing_steps(review, on=on)
    return found


def missing_steps(review, *, on):
    if review.is_withheld and not review.withheld_discussed_on:
        yield "Say when not publishing the report was discussed with the Panel."
    chosen_on = days_of(review).chosen_on
    if chosen_on is None:
        yield "Choose the day of publication."
    elif chosen_on > on:
        yield f"The day chosen is {long_date(chosen_on)}. Publish it on that day."
    count = sum(not gate.is_settled for gate in gate_of(review, on=on))
    if count:
        steps = "One step is" if count == 1 else f"{count} steps are"
        yield f"{steps} open. Say when each was done, or why it was not."


def references_of(review):
    """What only the case review group knows them by."""
    own = [review.reference, str(review.pk)]
    for case in review.cases.all():
        own += [case.reference, case.panel_reference, str(case.pk)]
    return [each for each in own if each]


def leaks_in(content, references):
    """A sentence for each place in which a reference of ours stands in words for the public."""
    places = {said: content[name] for name, said in WORDS.items()}
    for each in content["recommendations"]:
        places[f"recommendation {each['ref']}"] = f"{each['text']} {each['response']}"
    return [
        f"Take “{reference}” out of {place}: outside the group nobody is told it."
        for place, text in places.items()
        for reference in references
        if re.search(rf"(?<!\w){re.escape(reference)}(?!\w)", text, re.IGNORECASE)
    ]


@dataclass(frozen=True)
class Proof:
    """What would be published: the words, the PDF made of them, and the reviewer's report without its properties."""

    content: dict
    pdf: object
    attachment: bytes = b""
    attachment_pages: int | None = None
    source_id: object = None


def prepare(review, *, on, changes=""):
    """A Proof of the next edition. Raises PdfProblem, or UnreadableFile for the reviewer's report.

    An older review is not typeset: what was published then is its report.
    """
    last = editions_of(review).first()
    content = content_of(review, on=on, edition=last.edition + 1 if last else 1, changes=changes)
    if review.is_carried_over:
        return proof_of(review, content)
    return proof_of(review, content, make_pdf(content))


def proof_of_older(review):
    """A Proof of an older review as of the day it was published then."""
    return proof_of(review, content_of(review, on=review.ended_on))


def proof_of(review, content, pdf=None):
    if review.is_withheld or not review.final_report_id:
        return Proof(content, pdf)
    document = Document.objects.get(pk=review.final_report_id)
    answer, (clean,) = run_confined("reviews.cleaned_pdf", {"title": content["title"]}, [bytes(document.content)])
    return Proof(content, pdf, clean, answer["page_count"], document.pk)


def editions_of(review):
    """What was published of it, the newest first."""
    return ReviewPublication.objects.filter(review=review.pk).order_by("-edition")


# Publishing


@transaction.atomic
def publish_review(review, *, proof, late_because="", by, at):
    """Freeze ``proof`` and put it on the public pages; pressed twice, it is published once. Gives the publication.

    Raises NotNow where something is missing or the review says something else by now, and LateNeedsReason after
    the day by which it was due, unless ``late_because`` says why.
    """
    held = PracticeReview.objects.select_for_update().get(pk=review.pk)
    on, content = timezone.localdate(at), proof.content
    there = editions_of(held).filter(edition=content["edition"]).first()
    if there:
        if all(getattr(there, name) == content[name] for name in (*FROZEN, "changes")):
            return there
        raise NotNow(f"Edition {content['edition']} was published meanwhile. Look at it before you correct it.")
    again = content_of(held, on=on, edition=content["edition"], changes=content["changes"])
    if again != content or proof.source_id != (None if held.is_withheld else held.final_report_id):
        raise NotNow("The review was changed after you opened this page. Read it again, then publish.")
    lacking = missing(held, content, on=on)
    if lacking:
        raise NotNow(" ".join(lacking))
    earlier = editions_of(held).first()
    if not held.ended_on:
        record_stage(held.stages.get(code=PUBLISHED), done_on=on, late_because=late_because)
        held.ended_on = on
        held.save()
        begin_releasing(held, on=on)
    return freeze(held, proof, earlier=earlier, by=by, at=at)


FROZEN = ("kind", "title", "summary", "findings", "recommendations", "response", "themes", "is_withheld", "address")


def freeze(review, proof, *, earlier, by, at):
    content = proof.content
    on = parse_date(content["published_on"])
    said = {"partnerships": [review.partnership], "kind": PublishedFile.Kind.REVIEW, "by": by, "at": at}
    file = attachment = None
    if proof.pdf:
        file = publish_file(
            title=content["title"],
            filename=filename_of(content),
            content=proof.pdf.content,
            page_count=proof.pdf.page_count,
            manifest=content,
            supersedes=earlier.file if earlier else None,
            **said,
        )
    if proof.attachment:
        attachment = publish_file(
            title=f"{content['title']}: the full report",
            filename=filename_of(content, "full-report"),
            content=proof.attachment,
            page_count=proof.attachment_pages,
            supersedes=earlier.attachment if earlier else None,
            **said,
        )
    return ReviewPublication.objects.create(
        partnership_id=review.partnership_id,
        review=review.pk,
        edition=content["edition"],
        changes=content["changes"],
        published_on=on,
        stays_until=earlier.stays_until if earlier else stays_until(review),
        published_by=by,
        file=file,
        attachment=attachment,
        supersedes=earlier,
        **{name: content[name] for name in FROZEN},
    )


def filename_of(content, what="review"):
    """ "review-a-baby-hurt-at-home-2027.pdf", with its edition from the second on."""
    edition = f"-edition-{content['edition']}" if content["edition"] > 1 else ""
    title = slugify(content["title"])[:70].strip("-") or "report"
    return f"{what}-{title}-{content['published_on'][:4]}{edition}.pdf"


def stays_until(review):
    """The last day on which a review published by its stage's day is to be public, or None where no rule says so."""
    rules = Rule.objects.clock(STAYS_PUBLIC, on=review.ended_on, audience=review.partnership.kind)
    stages = by_clock(review.stages.filter(code=PUBLISHED), rules, counted_from="done_on")
    return stages.values_list("clock_due_on", flat=True).first()


@transaction.atomic
def withdraw(publication, *, because, on):
    """Take the newest edition off the public pages; it is kept. Raises NotNow while it has to stay."""
    held = ReviewPublication.objects.select_for_update(of=["self"]).get(pk=publication.pk)
    if held.withdrawn_on:
        return held
    if held.stays_until and on <= held.stays_until:
        raise NotNow(f"It stays public until {long_date(held.stays_until)}. To put something right, correct it.")
    held.withdrawn_on, held.withdrawn_because = on, because
    held.save(update_fields=["withdrawn_on", "withdrawn_because"])
    return held


def under_way(review):
    """The review as it is now, changed by nobody else until the end of this transaction. Raises NotNow once ended."""
    held = PracticeReview.objects.select_for_update().get(pk=review.pk)
    if held.ended_on:
        raise NotNow("This review has ended, so its steps stand. What is public is put right by a correction.")
    return held
