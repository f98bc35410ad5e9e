"""Exit packs: asked for, watched while they are made, downloaded. Each asks again who it is."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.accounts.events import note
from partnership.accounts.freshness import asks_again
from partnership.data_protection.doors import crumbs, office_or_administrator
from partnership.downloads import POLICY
from partnership.exit_pack.forms import ExitPackForm
from partnership.exit_pack.making import ALWAYS_STAYS, contents, request_pack
from partnership.models import AccountEvent, ExitPack
from partnership.models.exit_packs import KEPT
from partnership.tasks import build_exit_pack


@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def exit_pack_list(request):
    """The packs that were made, and a form to ask for one."""
    office_or_administrator(request.user)
    form = ExitPackForm(request.POST or None, user=request.user)
    if form.is_valid():
        pack = request_pack(
            form.cleaned_data["partnership"],
            with_cases=form.cleaned_data.get("with_cases", False),
            by=request.user,
        )
        note(AccountEvent.Kind.PACK_ASKED, request.user, request, at=timezone.now(), detail=said(pack))
        transaction.on_commit(partial(build_exit_pack.delay, str(pack.pk)), robust=True)
        return redirect(pack)
    packs = ExitPack.objects.visible_to(request.user).select_related("partnership", "requested_by")
    context = {
        "form": form,
        "packs": packs[:50],
        "stays": ALWAYS_STAYS,
        "days": KEPT.days,
        "crumbs": crumbs(("Exit packs", None)),
    }
    return render(request, "partnership/exit_pack_list.html", context, status=form.status)


@require_safe
def exit_pack_detail(request, pk):
    """How far a pack is; htmx asks for the moving part alone, once a second, until it is done."""
    pack = get_permitted(request.user, ExitPack, "view", pk=pk)
    trail = crumbs(("Exit packs", reverse("partnership:exit-pack-list")), (pack.partnership.name, None))
    context = {"pack": pack, "days": KEPT.days, "crumbs": trail}
    part = "#progress" if request.htmx else ""
    return render(request, f"partnership/exit_pack_detail.html{part}", context)


@require_safe
@asks_again
def exit_pack_download(request, pk):
    """The archive, a part at a time. One that is not there (any more) leads back to its page."""
    pack = get_permitted(request.user, ExitPack, "take", pk=pk)
    if not pack.is_ready:
        return redirect(pack)
    if request.method == "GET":
        note(AccountEvent.Kind.PACK_TAKEN, request.user, request, at=timezone.now(), detail=said(pack))
    response = StreamingHttpResponse(contents(pack), content_type="application/zip")
    name = f"exit-pack-{pack.partnership.slug}-{pack.finished_at:%Y-%m-%d}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Length"] = pack.size
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def exit_pack_again(request, pk):
    """Ask once more for one that could not be made."""
    pack = get_permitted(request.user, ExitPack, "take", pk=pk)
    if pack.state != ExitPack.State.FAILED:
        messages.info(request, "This pack did not fail.")
        return redirect(pack)
    new = request_pack(pack.partnership, with_cases=pack.has_cases, by=request.user)
    transaction.on_commit(partial(build_exit_pack.delay, str(new.pk)), robust=True)
    return redirect(new)


def said(pack):
    return f"{pack.partnership.short_name}, {'with' if pack.has_cases else 'without'} cases"


patterns = [
    path("exit-packs/", exit_pack_list, name="exit-pack-list"),
    path("exit-packs/<uuid:pk>/", exit_pack_detail, name="exit-pack-detail"),
    path("exit-packs/<uuid:pk>/file/", exit_pack_download, name="exit-pack-download"),
    path("exit-packs/<uuid:pk>/again/", exit_pack_again, name="exit-pack-again"),
]
