"""Parting an account here from the one at an organisation: by its owner, or for them by their office."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from partnership.access import get_permitted, may
from partnership.accounts.freshness import asks_again
from partnership.accounts.parting import cannot_part, joined_to, name_of, part
from partnership.forms import PlannerForm
from partnership.models import User
from partnership.refusals import NotNow
from partnership.views.second_step import CRUMBS, own_step, pages

LONGEST_REASON = 120


def must_be_joined(person, key):
    if key not in {joined for joined, _name, _since in joined_to(person)}:
        raise Http404


class PartForm(PlannerForm):
    submit_label = "Disconnect it"
    submit_kind = "warning"


class PartForSomebodyForm(PartForm):
    because = forms.CharField(
        label="Why?",
        max_length=LONGEST_REASON,
        help_text="They read it in the mail that they get, and it stands with what happened to the account.",
        error_messages={"required": "Enter why it is disconnected"},
    )


def answer(request, person, key, form, *, back, template, crumbs):
    """Ask, then part; what is against it is said before and after the press."""
    refusal = cannot_part(person, key, by=request.user)
    status = form.status
    if form.is_valid():
        try:
            part(person, key, at=timezone.now(), by=request.user, request=request, **form.cleaned_data)
        except NotNow as problem:
            refusal, status = str(problem), 422
        else:
            messages.success(request, f"Disconnected. The account at {name_of(key)} opens this one no more")
            return redirect(back)
    context = {"person": person, "name": name_of(key), "form": form, "refusal": refusal, "crumbs": crumbs, "back": back}
    return render(request, template, context, status=status)


@own_step
@asks_again
@pages
def part_own(request, key):
    must_be_joined(request.user, key)
    back = reverse("partnership:second-step")
    form = PartForm(request.POST if request.method == "POST" else None, cancel_url=back)
    crumbs = [*CRUMBS[:-1], (CRUMBS[-1][0], back), (f"Disconnect {name_of(key)}", None)]
    template = "registration/organisation_part.html"
    return answer(request, request.user, key, form, back=back, template=template, crumbs=crumbs)


@asks_again
@pages
def part_for_somebody(request, pk, key):
    """For an account there that is another's by now."""
    person = get_permitted(request.user, User, "view", pk=pk)
    back = person.get_absolute_url()
    crumbs = [("People", reverse("partnership:person-list")), (person.name, back), (f"Disconnect {name_of(key)}", None)]
    if not may(request.user, "switch", person):
        return render(request, "partnership/person_refused.html", {"person": person, "crumbs": crumbs}, status=403)
    must_be_joined(person, key)
    form = PartForSomebodyForm(request.POST or None, cancel_url=back)
    template = "partnership/person_part.html"
    return answer(request, person, key, form, back=back, template=template, crumbs=crumbs)


patterns = [
    path("account/second-step/with/<slug:key>/part/", part_own, name="organisation-part"),
    path("people/<int:pk>/with/<slug:key>/part/", part_for_somebody, name="person-part"),
]
