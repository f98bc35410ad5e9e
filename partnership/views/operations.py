"""How the installation runs, for whoever runs it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.operations.readings import read_all
from partnership.operations.signs import signs_of
from partnership.rules import is_administrator


@require_safe
def overview(request):
    """Each part of running it: whether it is well, and what to do where it is not. Nothing that anybody wrote."""
    if not is_administrator(request.user):
        raise PermissionDenied
    readings = read_all(now=timezone.now())
    signs = signs_of(readings)
    context = {
        "signs": signs,
        "ill": [sign for sign in signs if not sign.is_well],
        "readings": readings,
        "trail": [("Administration", reverse("partnership:administration")), ("Operations", None)],
    }
    return render(request, "partnership/operations.html", context)
