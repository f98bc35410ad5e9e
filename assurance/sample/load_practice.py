"""Rows of practice reviews: one under way, one published, one older that was carried over."""

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word

from assurance.sample.practice import OLDER, PUBLISHED, REVIEWERS, UNDER_WAY
from partnership.working_days import this_or_next_working_day
from reviews.models import Appointment, Case, FamilyStep, PracticeReview, Recommendation, Reviewer, Theme
from reviews.practice import add_draft, begin_review, carry_over
from reviews.publication import choose_day, prepare, publish_review, settle_step, steps_of
from reviews.releasing import left_of, release_together

WRITTEN = ("terms", "method", "period", "public_title", "public_summary", "findings", "response")


def load_practice(cast):
    partnership, manager = cast.partnerships["AV"], cast.holders["manager"]
    reviewers = [Reviewer.objects.create(partnership=partnership, **row) for row in REVIEWERS]
    load_under_way(cast, partnership, manager, reviewers[0])
    load_to_be_published(cast, partnership, manager, reviewers[0])
    load_older(cast, partnership, manager)


def begin(cast, row, *, partnership, cases, manager):
    review = begin_review(
        partnership=partnership,
        cases=cases,
        kind=PracticeReview.Kind.LOCAL,
        reference=row["reference"],
        title=row["title"],
        begun_on=cast.calendar.day(row["begun"]),
        by=manager,
    )
    for name in WRITTEN:
        setattr(review, name, row.get(name, ""))
    review.save()
    review.themes.set(Theme.objects.filter(title__in=row["themes"]))
    return review


def load_under_way(cast, partnership, manager, reviewer):
    row, day = UNDER_WAY, cast.calendar.day
    cases = Case.objects.filter(partnership=partnership, reference=row["case"])
    review = begin(cast, row, partnership=partnership, cases=cases, manager=manager)
    own = {"partnership": partnership, "review": review}
    Appointment.objects.create(**own, reviewer=reviewer, appointed_on=day(row["appointed"]))
    for kind, days, reason, note in row["family"]:
        FamilyStep.objects.create(**own, kind=kind, done_on=day(days), not_done_because=reason, note=note)
    add_draft(review, upload=a_draft(row["title"]), note=row["draft"][1], by=manager)


def a_draft(title):
    word, file = Word(), BytesIO()
    word.add_heading(title, 0)
    word.add_paragraph("First draft, for the case review group alone.")
    word.save(file)
    return SimpleUploadedFile("first-draft.docx", file.getvalue())


def load_to_be_published(cast, partnership, manager, reviewer):
    """All but published: that takes a PDF, and waits until the rows are there."""
    row, day = PUBLISHED, cast.calendar.day
    review = begin(cast, row, partnership=partnership, cases=[], manager=manager)
    own = {"partnership": partnership, "review": review}
    Appointment.objects.create(**own, reviewer=reviewer, appointed_on=day(row["begun"] + 14))
    for number, kind in enumerate(FamilyStep.Kind.values):
        FamilyStep.objects.create(**own, kind=kind, done_on=day(row["on"] - 150 + 24 * number))
    publish_on = day_of_publication(cast)
    sent_on = publish_on - timedelta(days=20)
    choose_day(review, day=publish_on, by=manager, on=sent_on)
    for step in steps_of(review, on=cast.calendar.today):
        settle_step(review, step.code, done_on=sent_on, exception="", by=manager, on=cast.calendar.today)
    for number, (text, answer, because) in enumerate(row["recommendations"], start=1):
        Recommendation.objects.create(
            **own,
            source=Recommendation.Source.LOCAL,
            ref=f"R{number}",
            text=text,
            made_on=sent_on,
            answer=answer,
            answer_because=because,
            answered_on=sent_on,
            answered_by=manager,
        )


def day_of_publication(cast):
    return this_or_next_working_day(cast.calendar.day(PUBLISHED["on"]))


def publish_last_review(cast):
    """Publish the review as it was on its day. Raises PdfProblem where this machine cannot make PDFs."""
    review = PracticeReview.objects.get(reference=PUBLISHED["reference"])
    day = day_of_publication(cast)
    proof = prepare(review, on=day)
    publish_review(review, proof=proof, by=cast.holders["manager"], at=cast.calendar.moment(day))
    released_on = this_or_next_working_day(day + timedelta(days=7))
    chosen = [(each, {"text": each.text, "measure": each.measure}) for each in left_of(review)]
    release_together(chosen, label=review.public_title, by=cast.holders["manager"], on=released_on)


def load_older(cast, partnership, manager):
    row, today = OLDER, cast.calendar.today
    carry_over(
        partnership=partnership,
        kind=PracticeReview.Kind.SCR,
        reference=row["reference"],
        title=row["title"],
        summary=row["summary"],
        published_on=today.replace(year=today.year - row["years_ago"], day=min(today.day, 28)),
        themes=Theme.objects.filter(title__in=row["themes"]),
        address=row["address"],
        upload=None,
        by=manager,
        at=cast.calendar.moment(today),
    )
