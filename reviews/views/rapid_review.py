"""The rapid review: written beside what agencies said, and taken away as one pack."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.pdf import PdfProblem
from plans.documents import WORD
from reviews.forms.rapid_review import RapidReviewForm
from reviews.models import Case
from reviews.rapid_review import content_of, returned, review_of, summary_part
from reviews.rapid_review_pdf import make_pdf
from reviews.rapid_review_word import make_word
from reviews.views.summaries import asks_and_answers, data_of

IS_CLOSED = "The case is closed, so its rapid review stands as it was written."
NOT_KEPT = "private, no-store"


@asks_and_answers
def write(request, pk):
    """Its purposes, kept as they are written, beside the summaries that are back."""
    case = get_permitted(request.user, Case, "change", pk=pk)
    if case.closed_on:
        if request.htmx:
            return render(request, "reviews/words_saved.html", {"refused": IS_CLOSED}, status=409)
        messages.info(request, IS_CLOSED)
        return redirect(case)
    form = RapidReviewForm(data_of(request), instance=review_of(case))
    if form.is_valid():
        review = form.save()
        if request.htmx:
            fresh = RapidReviewForm(instance=review)
            return render(request, "reviews/words_saved.html", {"form": fresh, "saved_at": timezone.now()})
        messages.success(request, "Rapid review saved")
        return redirect("reviews:rapid-review-change", case.pk)
    if request.htmx and request.method == "POST":
        return render(request, "reviews/words_saved.html", {"form": form}, status=form.status)
    case.note_reading(by=request.user, what="Rapid review")
    context = {
        "case": case,
        "form": form,
        "summaries": [summary_part(summary) for summary in returned(case)],
        "waiting": case.summaries.filter(submitted_at=None).count(),
        "crumbs": [
            ("Cases", reverse("reviews:case-list")),
            (case.reference, case.get_absolute_url()),
            ("Rapid review", None),
        ],
    }
    return render(request, "reviews/rapid_review_write.html", context, status=form.status)


@require_safe
def pack(request, pk, kind):
    """The whole pack as a file. Its name says nothing, no cache keeps it, and that it was taken is recorded."""
    case = get_permitted(request.user, Case, "view", pk=pk)
    content = content_of(case, by=request.user, now=timezone.localtime())
    if kind == "word":
        response = as_attachment(make_word(content), "rapid-review.docx", WORD)
    else:
        try:
            response = as_attachment(make_pdf(content).content, "rapid-review.pdf")
        except PdfProblem as problem:
            messages.error(request, f"{problem} Take the Word document instead.")
            return redirect(case)
    case.note_reading(by=request.user, what="Rapid review pack")
    response["Cache-Control"] = NOT_KEPT
    return response


CASE = "reviews/<uuid:pk>/"

patterns = [
    path(CASE + "rapid-review/", write, name="rapid-review-change"),
    path(CASE + "rapid-review.pdf", pack, {"kind": "pdf"}, name="rapid-review-pdf"),
    path(CASE + "rapid-review.docx", pack, {"kind": "word"}, name="rapid-review-word"),
]
