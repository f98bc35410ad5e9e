"""How the installation runs, for whoever runs it."""

from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.operations.readings import read_all
from partnership.operations.signs import sign_of_versions, signs_of
from partnership.operations.versions import is_behind, read_versions
from partnership.rules import is_administrator


@require_safe
def overview(request):
    """Each part of running it: whether it is well, and what to do where it is not. Nothing that anybody wrote.

    While the database lacks tables of this version that alone is said: this is when an administrator looks here.
    """
    if not is_administrator(request.user):
        raise PermissionDenied
    now = timezone.now()
    try:
        with transaction.atomic():
            readings = read_all(now=now)
        signs = signs_of(readings)
    except ProgrammingError as fault:
        if not is_behind(fault):
            raise
        readings, signs = None, [sign_of_versions(read_versions())]
    context = {
        "signs": signs,
        "ill": [sign for sign in signs if not sign.is_well],
        "readings": readings,
        "now": now,
        "trail": [("Administration", reverse("partnership:administration")), ("Operations", None)],
    }
    return render(request, "partnership/operations.html", context)
