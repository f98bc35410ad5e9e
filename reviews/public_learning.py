"""Published briefings, for everyone. Every page starts at ``.published()``."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from partnership.downloads import as_attachment
from partnership.languages import public_path
from partnership.public import find_partnership, public_page
from plans.documents import WORD
from reviews.briefing_word import make_word
from reviews.briefings import content_of, earlier_editions, filename_of
from reviews.models import Briefing


def published_of(partnership):
    """What the public may read of ``partnership``, the newest first, without the bytes of its files."""
    briefings = Briefing.objects.published().for_everyone().filter(partnership=partnership)
    return (
        briefings.select_related("partnership", "pdf").defer("pdf__content", "pdf__manifest").order_by("-published_at")
    )


def public_part(partnership, *, on):
    """The part of the partnership's home page: its last briefings."""
    return list(published_of(partnership)[:2])


def find_briefing(slug, pk):
    """(partnership, briefing), the edition that took its place where one did; Http404 for what is not public."""
    partnership = find_partnership(slug)
    briefings = list(published_of(partnership))
    for briefing in briefings:
        if briefing.pk == pk:
            return partnership, briefing
    for briefing in briefings:
        if briefing.edition > 1 and pk in earlier_editions(briefing):
            return partnership, briefing
    raise Http404


@login_not_required
@require_safe
def briefing_list(request, slug):
    partnership = find_partnership(slug)
    briefings = published_of(partnership)
    return public_page(request, partnership, "reviews/public_briefing_list.html", briefings=briefings)


@login_not_required
@require_safe
def briefing_page(request, slug, pk):
    """One briefing in full; the address of an earlier edition leads to the newest."""
    partnership, briefing = find_briefing(slug, pk)
    if briefing.pk != pk:
        return redirect("reviews:public-briefing", slug, briefing.pk)
    return public_page(
        request,
        partnership,
        "reviews/public_briefing.html",
        description=briefing.background,
        briefing=briefing,
        content=content_of(briefing),
        crumbs=[("Learning", reverse("reviews:public-learning", args=[slug])), (briefing.title, None)],
    )


@login_not_required
@require_safe
def briefing_word(request, slug, pk):
    _partnership, briefing = find_briefing(slug, pk)
    return as_attachment(make_word(content_of(briefing)), filename_of(briefing, "docx"), WORD)


patterns = [
    public_path("p/<slug:slug>/learning/", briefing_list, name="public-learning"),
    path("p/<slug:slug>/learning/<uuid:pk>/", briefing_page, name="public-briefing"),
    path("p/<slug:slug>/learning/<uuid:pk>/word/", briefing_word, name="public-briefing-word"),
]
