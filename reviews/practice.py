"""Practice reviews: begun after what partners decided on one case or several, led, drafted, ended, carried over."""

from django.db import transaction
from django.db.models import Max

from partnership.models import Document, Organisation
from partnership.publishing import sha256_of
from partnership.refusals import NotNow
from reviews.cases import begin_stages_of_review, leave_stage_out
from reviews.models import AgencySummary, Case, FamilyStep, PracticeReview, ReviewDraft
from reviews.publication import freeze, proof_of_older


@transaction.atomic
def begin_review(*, partnership, cases, kind, reference, title, begun_on, by):
    """Keep a practice review of ``cases``, all of ``partnership``, decided on ``begun_on``, with its stages.

    ``by`` has looked at it: nobody begins one unseen. Raises NotNow where one of the cases has a review of this
    kind under way: somebody else has just begun it.
    """
    held = list(Case.objects.select_for_update().filter(partnership=partnership, pk__in=[case.pk for case in cases]))
    if len(held) != len({case.pk for case in cases}):
        raise NotNow("A case of another partnership can’t be reviewed here.")
    again = PracticeReview.objects.under_way().filter(cases__in=held, kind=kind).first()
    if again:
        raise NotNow(f"{again.reference} is under way already for this case.")
    review = PracticeReview.objects.create(partnership=partnership, kind=kind, reference=reference, title=title)
    review.cases.set(held)
    begin_stages_of_review(review, begun_on=begun_on)
    review.note_reading(by=by)
    return review


# Older reviews, and reviews that end


@transaction.atomic
def carry_over(*, partnership, kind, reference, title, summary, published_on, themes, address, upload, by, at):
    """Enter a review that was published before: on the public list with its file or link, without stages or clocks.

    ``upload`` is a checked PDF or None. Raises UnreadableFile for one that can't be cleaned of who made it.
    """
    report = Document.keep(filename=upload.name, content=upload.read(), by=by) if upload else None
    review = PracticeReview.objects.create(
        partnership=partnership,
        kind=kind,
        reference=reference,
        title=title,
        public_title=title,
        public_summary=summary,
        public_address=address,
        final_report=report,
        is_carried_over=True,
        ended_on=published_on,
    )
    review.themes.set(themes)
    review.note_reading(by=by)
    freeze(review, proof_of_older(review), earlier=None, by=by, at=at)
    return review


@transaction.atomic
def end_review(review, *, because, on):
    """End a review that is not to be published by us, and say why."""
    held = PracticeReview.objects.select_for_update().get(pk=review.pk)
    if held.ended_on:
        raise NotNow("This review has ended already.")
    for stage in held.stages.filter(done_on=None):
        leave_stage_out(stage, because=because)
    held.ended_on = on
    held.save()


# The reviewer


def agencies_of(review):
    """The organisations that were asked about the cases of ``review``."""
    asked = AgencySummary.objects.filter(case__reviews=review.pk)
    return Organisation.objects.filter(pk__in=asked.values("organisation")).order_by("name")


def involved_of(reviewer, agencies):
    """The one of ``agencies`` for which a reviewer works, or None."""
    works_for = plain(reviewer.works_for)
    return next((each for each in agencies if works_for and plain(each.name) in (works_for, plain(each))), None)


def plain(name):
    return " ".join(str(name).replace("’", "'").casefold().split())


# The family

NOBODY_YET = {
    FamilyStep.Kind.INFORMED: "Nobody has told the family of the review",
    FamilyStep.Kind.INVITED: "Nobody has invited the family to take part",
    FamilyStep.Kind.ADVOCATE: "Nobody was offered an advocate",
    FamilyStep.Kind.MET: "The reviewer has not met the family",
    FamilyStep.Kind.REPORT: "The family has not seen the report",
    FamilyStep.Kind.PUBLICATION: "The family does not know the day of publication",
}


def gaps_with_family(steps):
    """(kind, what it means) of each kind of step of which nothing is recorded, done or not."""
    there = {step.kind for step in steps}
    return [(kind, words) for kind, words in NOBODY_YET.items() if kind not in there]


# Drafts


@transaction.atomic
def add_draft(review, *, upload, note, by):
    """(draft, whether it is new) of a checked file; the same file again is the draft there is."""
    held = PracticeReview.objects.select_for_update().get(pk=review.pk)
    content = upload.read()
    same = held.drafts.filter(document__sha256=sha256_of(content)).first()
    if same:
        return same, False
    last = held.drafts.aggregate(last=Max("number"))["last"] or 0
    document = Document.keep(filename=upload.name, content=content, by=by)
    draft = ReviewDraft.objects.create(
        partnership_id=held.partnership_id, review=held, number=last + 1, document=document, note=note, added_by=by
    )
    return draft, True


@transaction.atomic
def keep_public_words(review, *, upload, by):
    """Keep what a form wrote for the public, and ``upload`` (a checked PDF or None) as the reviewer's own report."""
    if upload:
        review.final_report = Document.keep(filename=upload.name, content=upload.read(), by=by)
    review.save()
