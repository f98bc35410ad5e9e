"""A partnership's rules of training: shown to its members, changed by whoever runs its training."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import may
from partnership.models import Partnership
from training.models import TrainingPolicy
from training.programme.changing import lock_partnerships
from training.programme.policy_forms import FIGURES, PolicyForm, usual_words
from training.views.pages import GET_OR_POST, asked, crumbs, form_page

TITLE = "Rules of training"


def partnerships_of(user):
    return Partnership.objects.filter(pk__in=user.standing.partnership_ids).order_by("name")


def policy_of(user, pk, verb="view"):
    """The rules of the partnership of that key, the usual ones where none were written; else Http404 or refused."""
    partnership = get_object_or_404(partnerships_of(user), pk=pk)
    policy = TrainingPolicy.objects.filter(partnership=partnership).first() or TrainingPolicy(partnership=partnership)
    if not may(user, "view", policy):
        raise Http404
    if not may(user, verb, policy):
        raise PermissionDenied
    return policy


@require_safe
def policies(request):
    """On to the rules of the one partnership, or the choice of them."""
    partnerships = list(partnerships_of(request.user))
    if len(partnerships) == 1:
        return redirect("training:policy", partnerships[0].pk)
    return render(request, "training/policy_list.html", {"partnerships": partnerships, "crumbs": crumbs(TITLE)})


@require_safe
def policy(request, pk):
    shown = policy_of(request.user, pk)
    context = {
        "policy": shown,
        "figures": [(label, getattr(shown, name), usual_words(name)) for name, label in FIGURES.items()],
        "may_change": may(request.user, "change", shown),
        "crumbs": crumbs(TITLE),
    }
    return render(request, "training/policy.html", context)


@require_http_methods(GET_OR_POST)
def change_policy(request, pk):
    policy = policy_of(request.user, pk, "change")
    if request.method == "POST":
        lock_partnerships([pk])
        policy = policy_of(request.user, pk, "change")
    here = reverse("training:policy", args=[pk])
    form = PolicyForm(asked(request), instance=policy, cancel_url=here)
    if form.is_valid():
        form.save()
        messages.success(request, "The rules are saved. They count for what is booked and asked from now on")
        return redirect(here)
    return form_page(request, form, title="Change the rules", crumbs=crumbs((TITLE, here), "Change"))


patterns = [
    path("training/rules/", policies, name="policies"),
    path("training/rules/<int:pk>/", policy, name="policy"),
    path("training/rules/<int:pk>/change/", change_policy, name="policy-change"),
]
