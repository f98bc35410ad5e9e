"""The words in which a board says how assured it is: looked at, made one's own, changed, taken away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.levels import begin_own_levels, next_position, offer_level_again, retire_level
from assurance.models import AssuranceLevel
from assurance.scrutiny_forms import LevelForm
from partnership.access import get_permitted, may
from partnership.models import Partnership

LIST = "assurance:level-list"


@require_safe
def level_list(request):
    """Whose words are used: each partnership's own, or the installation's."""
    user = request.user
    levels = list(AssuranceLevel.objects.visible_to(user).order_by("position", "pk"))
    partnerships = Partnership.objects.filter(pk__in=user.standing.partnership_ids).order_by("name")
    sets = [levels_in(levels, None, user)]
    sets += [levels_in(levels, each, user) for each in partnerships]
    context = {"sets": sets, "crumbs": crumbs(None)}
    return render(request, "assurance/level_list.html", context)


def levels_in(levels, partnership, user):
    own = [each for each in levels if each.partnership_id == (partnership and partnership.pk)]
    return {
        "partnership": partnership,
        "levels": [each for each in own if each.retired_on is None],
        "retired": [each for each in own if each.retired_on],
        "may_change": may(user, "change", AssuranceLevel(partnership=partnership)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, slug=""):
    """A level more, of one partnership or (without a slug) of the installation."""
    partnership = whose(request.user, slug)
    level = AssuranceLevel(partnership=partnership, position=next_position(partnership))
    return answer(request, level, "Level added")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    level = get_permitted(request.user, AssuranceLevel, "change", pk=pk)
    return answer(request, level, "Level saved")


def answer(request, level, said):
    form = LevelForm(request.POST or None, instance=level, cancel_url=reverse(LIST))
    if form.is_valid():
        form.save()
        messages.success(request, said)
        return redirect(LIST)
    title = f"Change “{level.word}”" if level.pk else "Add a level"
    context = {"form": form, "level": level, "title": title, "crumbs": crumbs(title)}
    return render(request, "assurance/level_form.html", context, status=form.status)


@require_POST
def begin_own(request, slug):
    """Make the installation's levels one partnership's own, to be changed."""
    partnership = whose(request.user, slug)
    begin_own_levels(partnership)
    messages.success(request, f"{partnership} has levels of its own now. Change what you like")
    return redirect(LIST)


@require_POST
def retire(request, pk):
    """Take a level away, or offer it again."""
    level = get_permitted(request.user, AssuranceLevel, "change", pk=pk)
    try:
        if request.POST.get("action") == "again":
            offer_level_again(level)
            messages.success(request, f"“{level}” can be chosen again")
        else:
            retire_level(level, on=timezone.localdate())
            messages.success(request, f"“{level}” can no longer be chosen. Judgements made by it keep it")
    except ValidationError as problem:
        messages.error(request, problem.message)
    return redirect(LIST)


def whose(user, slug):
    """The partnership of ``slug`` whose office this person is in; None, the installation, for an administrator."""
    if not slug:
        if not user.standing.is_administrator:
            raise PermissionDenied
        return None
    partnership = get_object_or_404(Partnership, slug=slug, pk__in=user.standing.partnership_ids)
    if partnership.pk not in user.standing.office_ids:
        raise PermissionDenied
    return partnership


def crumbs(title):
    top = ("Words of judgement", reverse(LIST) if title else None)
    return [("Returns", reverse("assurance:return-list")), top, *([(title, None)] if title else [])]


patterns = [
    path("returns/levels/", level_list, name="level-list"),
    path("returns/levels/add/", add, name="level-add"),
    path("returns/levels/of/<slug:slug>/add/", add, name="level-add-own"),
    path("returns/levels/of/<slug:slug>/begin/", begin_own, name="level-begin"),
    path("returns/levels/<int:pk>/", change, name="level-change"),
    path("returns/levels/<int:pk>/retire/", retire, name="level-retire"),
]
