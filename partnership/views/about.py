"""What the product says of itself: what is new, what it guarantees, and whom to tell of a hole in it."""

from collections import Counter
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.guarantees import NUMBERS, kept_runs, parts_of
from partnership.whats_new import releases

HALF_A_YEAR = 6  # months


@login_not_required
@require_safe
def guarantees(request):
    """Each promise in plain words, with the figure that the last kept run of its tests came to."""
    kept = kept_runs()
    verdicts = parts_of(kept)
    context = {
        "kept": kept,
        "is_old": kept and kept.is_old(at=timezone.now()),
        "parts": verdicts,
        "states": Counter(verdict.state for _heading, part in verdicts for verdict in part),
        "promise_count": len(NUMBERS),
        "contact": settings.SECURITY_CONTACT,
    }
    return render(request, "partnership/guarantees.html", context)


@login_not_required
@require_safe
def whats_new(request):
    return render(request, "partnership/whats_new.html", {"releases": releases()})


@login_not_required
@require_safe
def security_txt(request):
    """Whom to tell of a hole, as programs look for it: RFC 9116."""
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": security_txt_expires(timezone.now()).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Preferred-Languages": "en",
        "Canonical": settings.SITE_URL + request.path,
        "Policy": settings.SITE_URL + reverse("partnership:guarantees") + "#report",
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def security_txt_expires(at):
    """The first of a month, half a year on: an installation that still answers still says who is there."""
    years, month = divmod(at.month - 1 + HALF_A_YEAR, 12)
    return datetime(at.year + years, month + 1, 1, tzinfo=UTC)


patterns = [
    path("about/whats-new/", whats_new, name="whats-new"),
    path("about/guarantees/", guarantees, name="guarantees"),
    path(".well-known/security.txt", security_txt, name="security-txt"),
]
