"""What an office decides of second steps: who needs one, and whose is taken away because it was lost."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnership.access import get_permitted, may
from partnership.accounts.freshness import asks_again
from partnership.accounts.second_step import steps_of
from partnership.accounts.taking_away import take_second_step_away
from partnership.accounts.ways_in import second_steps
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Partnership, PostHolding, User
from partnership.models.organisations import SignInRole
from partnership.models.people import Post
from partnership.refusals import NotNow

pages = require_http_methods(["GET", "HEAD", "POST"])


class PolicyForm(PlannerModelForm):
    submit_label = "Save who needs one"
    second_step_roles = forms.MultipleChoiceField(
        label="Who needs a second step to sign in?",
        help_text="“Everybody else” are members of groups and of member organisations. Who holds several posts, here "
        "or in another partnership, needs one as soon as one of them asks.",
        choices=SignInRole,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Partnership
        fields = ["second_step_roles"]


@asks_again
@pages
def change_policy(request, pk):
    partnership = get_permitted(request.user, Partnership, "change", pk=pk)
    form = PolicyForm(request.POST or None, instance=partnership, cancel_url=reverse("partnership:overview"))
    if form.is_valid():
        form.save()
        messages.success(request, "Saved. Whoever needs one now is asked to set it up at their next click")
        return redirect("partnership:second-step-policy", partnership.pk)
    crumbs = [("Partnership", reverse("partnership:overview")), ("Who needs a second step", None)]
    context = {"form": form, "partnership": partnership, "crumbs": crumbs, **counted(partnership)}
    return render(request, "partnership/second_step_policy.html", context, status=form.status)


def counted(partnership):
    """How many people hold a post here today, and how many of them have no second step."""
    posts = Post.objects.of_partnerships([partnership.pk]).values("pk")
    holders = PostHolding.objects.current(on=timezone.localdate()).filter(post__in=posts).values("user")
    people = User.objects.filter(pk__in=holders, is_active=True)
    return {"people": people.count(), "without": people.exclude(second_steps()).count()}


class TakeAwayForm(PlannerForm):
    submit_label = "Take the second step away"
    submit_kind = "warning"
    because = forms.CharField(
        label="Why, and how do you know that it is them who ask?",
        help_text="Speak to them first: call the number that you have always had, not one from a mail. They read this.",
        min_length=10,
        max_length=200,
        error_messages={
            "required": "Enter why, and how you know that it is them",
            "min_length": "Say it in a sentence",
        },
    )


@asks_again
@pages
def take_away(request, pk):
    person = get_permitted(request.user, User, "view", pk=pk)
    crumbs = [("People", reverse("partnership:person-list")), (person.name, person.get_absolute_url())]
    if not may(request.user, "switch", person):
        context = {"person": person, "crumbs": [*crumbs, ("Second step", None)]}
        return render(request, "partnership/person_refused.html", context, status=403)
    has_none = not steps_of(person).exists()
    form = TakeAwayForm(request.POST or None, cancel_url=person.get_absolute_url())
    if form.is_valid():
        try:
            take_second_step_away(
                person, because=form.cleaned_data["because"], by=request.user, at=timezone.now(), request=request
            )
        except NotNow as problem:
            messages.warning(request, str(problem))
        else:
            messages.success(request, f"The second step of {person} is taken away. Both of you are mailed")
        return redirect(person)
    context = {
        "person": person,
        "form": form,
        "has_none": has_none,
        "crumbs": [*crumbs, ("Take the second step away", None)],
    }
    return render(request, "partnership/person_second_step.html", context, status=form.status)


patterns = [
    path("partnerships/<int:pk>/second-step/", change_policy, name="second-step-policy"),
    path("people/<int:pk>/second-step/", take_away, name="person-second-step"),
]
