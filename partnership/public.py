"""What everyone may read. Every page starts at ``.published()``."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnership.frame import NavigationItem
from partnership.house_style import house_css
from partnership.models import Group, Partnership, PublishedFile
from partnership.structure import as_tree, draw, label_of

# The pages of one partnership: what the link says, and the address it is known by.
PUBLIC_PAGES = [
    ("Home", "partnership:public-home"),
    ("Our plan", "plans:public-plan"),
    ("Who we are", "partnership:public-structure"),
    ("Arrangements", "partnership:public-arrangements"),
    ("You said, we did", "assurance:public-voices"),
    ("Reports", "assurance:public-report-list"),
    ("Reviews", "reviews:public-review-list"),
    ("Learning", "reviews:public-learning"),
    ("Training", "training:public-programme"),
]


def find_partnership(slug):
    """The public partnership at this address, or Http404."""
    return get_object_or_404(Partnership.objects.published(), slug=slug)


def public_page(request, partnership, template, **context):
    """Render one page of ``partnership`` in its own colour, with its own navigation."""
    addresses = [(label, reverse(name, args=[partnership.slug])) for label, name in PUBLIC_PAGES]
    context["partnership"] = partnership
    context["public_nav"] = [NavigationItem(label, url, is_current=request.path == url) for label, url in addresses]
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
    return render(request, "partnership/help.html")


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
        group=shown,
        terms=shown.terms.agreed().first(),
        parent=others.filter(pk=shown.parent_id).first(),
        children=others.filter(parent=shown),
        crumbs=[("Who we are", reverse("partnership:public-structure", args=[slug])), (shown.name, None)],
    )
