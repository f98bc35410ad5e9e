"""What everyone may read. Every page starts at ``.published()``."""

import logging
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.module_loading import import_string
from django.utils.text import Truncator
from django.utils.translation import activate, get_language, gettext
from django.utils.translation import gettext_noop as noop
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnership import link_picture
from partnership.frame import NavigationItem
from partnership.guides import GUIDES
from partnership.house_style import house_background, house_css, house_icon
from partnership.languages import ENGLISH, OG_LOCALES, addresses_of, mark_of_english
from partnership.models import Group, Partnership, PublishedFile
from partnership.pdf import PdfProblem
from partnership.structure import as_tree, draw, label_of

logger = logging.getLogger(__name__)

A_YEAR = 365 * 24 * 3600
LONGEST_DESCRIPTION = 155  # characters that search engines show


class PublicPage(NamedTuple):
    """One page that every partnership has: what its link says, its URL's name, and what a search engine says of it.

    Its words are English, and shown in the language of the day.
    """

    label: str
    name: str
    description: str


PUBLIC_PAGES = [
    PublicPage(
        noop("Home"), "partnership:public-home", noop("What {0} promised to keep people safe, and how it is going.")
    ),
    PublicPage(
        noop("Our plan"), "plans:public-plan", noop("The whole plan of {0}: each promise, who leads it and by when.")
    ),
    PublicPage(
        noop("Outcomes"),
        "plans:public-outcomes",
        noop("What will be different because of the plan of {0}, and is it yet?"),
    ),
    PublicPage(noop("Who we are"), "partnership:public-structure", noop("The groups of {0} and what each is for.")),
    PublicPage(noop("Meetings"), "partnership:public-meetings", noop("When the groups of {0} meet.")),
    PublicPage(
        noop("Arrangements"), "partnership:public-arrangements", noop("How the partners of {0} say they work together.")
    ),
    PublicPage(
        noop("You said, we did"), "assurance:public-voices", noop("What people told {0}, and what it did about it.")
    ),
    PublicPage(
        noop("Reports"), "assurance:public-report-list", noop("The annual reports of {0}, as pages and as files.")
    ),
    PublicPage(noop("Reviews"), "reviews:public-review-list", noop("Practice reviews that {0} has published.")),
    PublicPage(
        noop("Learning"), "reviews:public-learning", noop("Seven-minute briefings of {0} for teams and their managers.")
    ),
    PublicPage(noop("Training"), "training:public-programme", noop("Training of {0} to come, and how to book.")),
]
# In the footer, on every page.
FOOTER_PAGES = [
    PublicPage(noop("Who belongs"), "partnership:public-members", noop("The organisations that belong to {0}.")),
    PublicPage(
        noop("Accessibility"),
        "partnership:public-accessibility",
        noop("How everyone can read and use these pages of {0}."),
    ),
    PublicPage(
        noop("Privacy"), "partnership:public-privacy", noop("What {0} keeps about people, why and for how long.")
    ),
    PublicPage(noop("Data"), "partnership:public-api", noop("What {0} publishes, for programs: addresses and fields.")),
]


def find_partnership(slug):
    """The public partnership at this address, or Http404; also where it does not offer the language of the address."""
    try:
        return get_object_or_404(Partnership.objects.published().offered_in(get_language()), slug=slug)
    except Http404:
        activate(ENGLISH)  # nobody offered Welsh here, so the error page is not in it either
        raise


def public_page(request, partnership, template, *, description="", canonical_query="", **context):
    """Render one page of ``partnership`` in its own colour, with its own navigation.

    ``description`` says in a sentence or more what is on it, for search engines and for whoever shares it;
    ``canonical_query`` is the part of its address that makes it a page of its own ("year=2025").
    """
    pages = [(page, reverse(page.name, args=[partnership.slug])) for page in (*PUBLIC_PAGES, *FOOTER_PAGES)]
    links = {page: NavigationItem(gettext(page.label), url, is_current=request.path == url) for page, url in pages}
    here = next((page for page, link in links.items() if link.is_current), None)
    if here and not description:
        description = gettext(here.description).format(partnership)
    context["partnership"] = partnership
    context["languages"] = addresses_of(request) if partnership.is_also_in_welsh else []
    context["in_english"] = mark_of_english()
    context["public_nav"] = [links[page] for page in PUBLIC_PAGES]
    context["public_footer"] = [links[page] for page in FOOTER_PAGES]
    context["about_page"] = {
        "title": context["crumbs"][-1][0] if context.get("crumbs") else gettext(here.label) if here else "",
        "summary": Truncator(" ".join(description.split())).chars(LONGEST_DESCRIPTION),
        "address": f"{settings.SITE_URL}{request.path}{'?' if canonical_query else ''}{canonical_query}",
        "site": settings.SITE_URL,
        "og_locale": OG_LOCALES[get_language()],
        "colour": house_background(partnership.house_colour),
        "picture": f"{settings.SITE_URL}{link_picture.address_of(partnership)}",
    }
    return render(request, template, context)


@login_not_required
@require_safe
def home(request):
    """My work for whoever is signed in; for anyone else, which partnerships are here."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    partnerships = Partnership.objects.published().prefetch_related("areas")
    return render(request, "partnership/home.html", {"partnerships": partnerships})


@login_not_required
@require_safe
def help_page(request):
    return render(request, "partnership/help.html", {"guides": GUIDES})


@login_not_required
@require_safe
def guide(request, role):
    """What one of those who use it does with it, step by step, with pictures."""
    if role not in GUIDES:
        raise Http404
    return render(request, f"guides/{role}.html", {"title": GUIDES[role]})


@login_not_required
@require_safe
def administrator_guide(request):
    """How to run an installation: open to all, for it is needed most when nobody can sign in."""
    callback = reverse("partnership:organisation-back", args=["council"])
    return render(request, "partnership/administrator_guide.html", {"callback": callback})


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "partnership/accessibility.html")


@login_not_required
@require_safe
def privacy(request):
    return render(request, "partnership/privacy.html")


@login_not_required
@require_safe
def partnership_home(request, slug):
    """What this partnership promised and how it is going; each app brings its own part."""
    partnership = find_partnership(slug)
    today = timezone.localdate()
    parts = {name: import_string(reader)(partnership, on=today) for name, reader in settings.PUBLIC_PARTS.items()}
    report = (
        PublishedFile.objects.published()
        .without_content()
        .filter(kind=PublishedFile.Kind.ANNUAL_REPORT, partnerships=partnership)
        .select_related("supersedes")
        .defer("supersedes__content")
        .newest_first()
        .first()
    )
    return public_page(request, partnership, "partnership/public_home.html", report=report, **parts)


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def house_style(request, slug):
    """The partnership's own colour, as one small style sheet that browsers keep for an hour."""
    partnership = find_partnership(slug)
    return HttpResponse(house_css(partnership.house_colour), content_type="text/css")


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def icon(request, slug):
    """The sign in the browser's tab: the partnership's colour and first letters."""
    partnership = find_partnership(slug)
    words = house_icon(partnership.house_colour, partnership.short_name)
    return HttpResponse(words, content_type="image/svg+xml")


@login_not_required
@require_safe
def link_picture_file(request, slug, digest):
    """The picture beside a link; an address of before, from whoever kept it, leads to today's."""
    partnership = find_partnership(slug)
    if digest != link_picture.mark_of(partnership):
        return redirect(link_picture.address_of(partnership))
    try:
        content = link_picture.picture_of(partnership)
    except PdfProblem as problem:
        logger.warning("The picture beside links to %s was not drawn: %s", partnership.slug, problem)
        return HttpResponse("The picture could not be drawn.", content_type="text/plain", status=503)
    response = HttpResponse(content, content_type="image/png")
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response


@login_not_required
@require_safe
def structure(request, slug):
    """The groups of the partnership, each under the one it reports to, as a chart and as a list."""
    partnership = find_partnership(slug)
    branches = as_tree(public_groups(partnership))

    def public_label_of(group):
        return label_of(group, url=reverse("partnership:public-group", args=[partnership.slug, group.pk]))

    return public_page(
        request,
        partnership,
        "partnership/public_structure.html",
        branches=branches,
        chart=draw(branches, public_label_of),
    )


def public_groups(partnership):
    """What is shown of the partnership's groups; of those who share one, only partnerships that are public."""
    shared = Prefetch("partnerships", Partnership.objects.published())
    return Group.objects.published().filter(partnerships=partnership).prefetch_related(shared)


@login_not_required
@require_safe
def group(request, slug, pk):
    """What one group is for, its terms in force, and the groups above and below it."""
    partnership = find_partnership(slug)
    shown = get_object_or_404(public_groups(partnership), pk=pk)
    others = public_groups(partnership)
    return public_page(
        request,
        partnership,
        "partnership/public_group.html",
        description=shown.purpose or f"A group of {partnership}.",
        group=shown,
        terms=shown.terms.agreed().first(),
        parent=others.filter(pk=shown.parent_id).first(),
        children=others.filter(parent=shown),
        crumbs=[("Who we are", reverse("partnership:public-structure", args=[slug])), (shown.name, None)],
    )
