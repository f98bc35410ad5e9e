"""The first steps of a new partnership: which there are, and putting them away for as long as one likes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assurance.getting_started import IN_SESSION, not_begun, read_beginning
from partnership.access import get_permitted, may
from partnership.models import Partnership
from partnership.standing import standing_of


def partnerships_to_start(user):
    """Whose steps this person may see: those of their office, or all to an administrator."""
    standing = standing_of(user)
    if not standing.office_ids and not standing.is_administrator:
        raise PermissionDenied
    if standing.is_administrator:
        return Partnership.objects.order_by("name")
    return Partnership.objects.of_office(user).order_by("name")


@require_safe
def choose(request):
    """Straight to the steps of the only partnership; where there are several, which one."""
    partnerships = list(partnerships_to_start(request.user))
    if len(partnerships) == 1:
        return redirect("assurance:getting-started", partnerships[0].pk)
    return render(request, "assurance/getting_started_choose.html", {"partnerships": partnerships})


@require_safe
def steps(request, pk):
    partnership = get_permitted(request.user, Partnership, "change", pk=pk)
    now = timezone.now()
    beginning = read_beginning(
        partnership,
        is_office=may(request.user, "office", partnership),
        is_administrator=standing_of(request.user).is_administrator,
        at=now,
        on=timezone.localdate(now),
    )
    if beginning.next_step is None:
        request.session.pop(IN_SESSION, None)
    elif IN_SESSION not in request.session:
        request.session[IN_SESSION] = True
    crumbs = [("Partnership", reverse("partnership:overview")), ("Getting started", None)]
    if standing_of(request.user).is_administrator:
        crumbs[0] = ("Administration", reverse("partnership:administration"))
    context = {"beginning": beginning, "partnership": partnership, "crumbs": crumbs}
    return render(request, "assurance/getting_started.html", context)


@require_POST
def put_away(request):
    """Not now: neither on the home page nor in the menu, until this person asks for them again."""
    partnerships_to_start(request.user)
    is_again = "again" in request.POST
    request.user.steps_away_on = None if is_again else timezone.localdate()
    request.user.save(update_fields=["steps_away_on"])
    if is_again:
        messages.success(request, "The first steps are on your home page again")
    else:
        messages.success(request, "The first steps are put away. Help leads to them at any time")
    return redirect("partnership:home")


def steps_panel(request, *, at):
    """For the home pages of an office: its partnerships in which no round has opened yet; none once put away.

    Of a single one the ``beginning`` says what comes next.
    """
    if request.user.steps_away_on:
        return None
    on = timezone.localdate(at)
    waiting = list(not_begun(request.user, on=on))
    if not waiting:
        return None
    alone = waiting[0] if len(waiting) == 1 else None
    beginning = alone and read_beginning(alone, is_office=True, is_administrator=False, at=at, on=on)
    return {"partnerships": waiting, "beginning": beginning}


patterns = [
    path("getting-started/", choose, name="getting-started-choose"),
    path("getting-started/put-away/", put_away, name="getting-started-put-away"),
    path("getting-started/<int:pk>/", steps, name="getting-started"),
]
