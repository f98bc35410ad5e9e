"""Reviews on paper: the sector's box for one priority or for each of a round, recorded or empty."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.pdf import PdfProblem
from plans.documents import WORD
from plans.models import Priority, UpdateRound
from plans.review_box import boxes_of, content_of, make_pdf, make_word


def find(user, round_pk, pk):
    """(the round, one of its plan's priorities or None)."""
    round = get_permitted(user, UpdateRound, "view", pk=round_pk)
    return round, get_object_or_404(Priority.objects.filter(plan=round.plan), pk=pk) if pk else None


@require_safe
def print_reviews(request, round_pk, pk=None):
    """The boxes as a page to print; ``?empty`` for those to be filled in at a meeting."""
    round, priority = find(request.user, round_pk, pk)
    is_empty = "empty" in request.GET
    boxes = boxes_of(round, priority=priority, is_empty=is_empty)
    empty = "?empty=yes" if is_empty else ""
    context = {
        "title": f"Review of {round}" if priority else f"Reviews of {round}",
        "round": round,
        "plan": round.plan,
        "boxes": boxes,
        "is_empty": is_empty,
        "pdf": address_of("pdf", round, priority) + empty,
        "word": address_of("word", round, priority) + empty,
        "other": address_of("print", round, priority) + ("" if is_empty else "?empty=yes"),
        "crumbs": crumbs_of(round, priority),
    }
    return render(request, "plans/review_print.html", context)


@require_safe
def review_file(request, round_pk, kind, pk=None):
    """The boxes as a file. Where the PDF can't be made, back to the page that any browser prints."""
    round, priority = find(request.user, round_pk, pk)
    is_empty = "empty" in request.GET
    boxes = boxes_of(round, priority=priority, is_empty=is_empty)
    if not boxes:
        raise Http404
    content = content_of(round, boxes, is_empty=is_empty)
    name = "-".join(filter(None, ["review", slugify(round.name), slugify(priority)[:50] if priority else ""]))
    name += "-empty" if is_empty else ""
    if kind == "word":
        return as_attachment(make_word(content), f"{name}.docx", WORD)
    try:
        pdf = make_pdf(content)
    except PdfProblem as problem:
        messages.error(request, f"{problem} Print this page with your browser instead, or take the Word document.")
        return redirect(address_of("print", round, priority))
    return as_attachment(pdf.content, f"{name}.pdf")


def address_of(kind, round, priority):
    if priority:
        return reverse(f"plans:review-{kind}", args=[priority.pk, round.pk])
    return reverse(f"plans:reviews-{kind}", args=[round.pk])


def crumbs_of(round, priority):
    crumbs = [(round.plan.title, round.plan.get_absolute_url()), (str(round), round.get_absolute_url())]
    if priority:
        crumbs.append((str(priority), reverse("plans:review-detail", args=[priority.pk, round.pk])))
    return [*crumbs, ("Print", None)]


ONE, ALL = "priorities/<int:pk>/review/<int:round_pk>/", "rounds/<int:round_pk>/reviews/"

patterns = [
    path(f"{ONE}print/", print_reviews, name="review-print"),
    path(f"{ONE}review.pdf", review_file, {"kind": "pdf"}, name="review-pdf"),
    path(f"{ONE}review.docx", review_file, {"kind": "word"}, name="review-word"),
    path(f"{ALL}print/", print_reviews, name="reviews-print"),
    path(f"{ALL}reviews.pdf", review_file, {"kind": "pdf"}, name="reviews-pdf"),
    path(f"{ALL}reviews.docx", review_file, {"kind": "word"}, name="reviews-word"),
]
