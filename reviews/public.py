"""Published practice reviews, for everyone. Every page starts at ``.published()``.

A page knows what was published and nothing of the review, its cases or who worked on it. Its files have addresses
of their own here, so that one that was corrected or withdrawn is no longer given out.
"""

from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from partnership.downloads import as_attachment
from partnership.public import find_partnership, public_page
from partnership.templatetags.components import file_facts
from reviews.models import ReviewPublication
from reviews.report_pdf import parts_of

FILES = {"report": "file", "full-report": "attachment"}
WITHOUT_BYTES = [f"{field}__{column}" for field in FILES.values() for column in ("content", "manifest")]


def published_of(partnership):
    """What the public may read of ``partnership``, with the facts of its files and not their bytes."""
    publications = ReviewPublication.objects.published().filter(partnership=partnership)
    return publications.with_first_day().select_related("partnership", *FILES.values()).defer(*WITHOUT_BYTES)


def public_part(partnership, *, on):
    """The part of the partnership's home page: its last reviews."""
    return list(published_of(partnership).newest_first()[:2])


@login_not_required
@require_safe
def review_list(request, slug):
    """Reviews by year, the newest first; the address can narrow them to a theme."""
    partnership = find_partnership(slug)
    reviews = list(published_of(partnership).newest_first())
    themes = sorted({theme for review in reviews for theme in review.themes})
    chosen = request.GET.get("theme", "")
    chosen = chosen if chosen in themes else ""
    shown = [review for review in reviews if not chosen or chosen in review.themes]
    years = [(year, list(each)) for year, each in groupby(shown, key=lambda review: review.first_published_on.year)]
    return public_page(
        request, partnership, "reviews/public_review_list.html", years=years, themes=themes, chosen=chosen
    )


@login_not_required
@require_safe
def review_page(request, slug, pk):
    """One review in full; an edition that was corrected leads to the one that corrects it."""
    partnership = find_partnership(slug)
    review = published_of(partnership).filter(pk=pk).first()
    if review is None:
        return redirect(newest_or_404(partnership, pk))
    content = {name: getattr(review, name) for name in ("summary", "findings", "response")}
    files = [
        {"url": url_of(partnership, review, what), "file": getattr(review, field), "what": what}
        for what, field in FILES.items()
        if getattr(review, field)
    ]
    for each in files:
        each["facts"] = file_facts(each["file"])
    return public_page(
        request,
        partnership,
        "reviews/public_review.html",
        description=review.summary,
        review=review,
        files=files,
        crumbs=[("Reviews", reverse("reviews:public-review-list", args=[slug])), (review.title, None)],
        **parts_of({**content, "published_on": review.published_on.isoformat()}),
    )


def newest_or_404(partnership, pk):
    """The edition that is public in place of one that was corrected."""
    earlier = get_object_or_404(ReviewPublication, partnership=partnership, pk=pk)
    newest = published_of(partnership).filter(review=earlier.review).first()
    if newest is None:
        raise Http404
    return newest


def url_of(partnership, review, what):
    return reverse("reviews:public-review-file", args=[partnership.slug, review.pk, what])


@login_not_required
@require_safe
def review_file(request, slug, pk, what):
    """The bytes that were published, while they are public: asked again each time, and sent where they are new."""
    field = FILES.get(what)
    review = published_of(find_partnership(slug)).filter(pk=pk).first()
    file = field and review and getattr(review, field)
    if not file:
        raise Http404
    etag = quote_etag(file.sha256)
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = as_attachment(file.content, file.filename, file.content_type)
    response["ETag"], response["Cache-Control"] = etag, "public, no-cache"
    return response


patterns = [
    path("p/<slug:slug>/reviews/", review_list, name="public-review-list"),
    path("p/<slug:slug>/reviews/<uuid:pk>/", review_page, name="public-review"),
    path("p/<slug:slug>/reviews/<uuid:pk>/<slug:what>/", review_file, name="public-review-file"),
]
