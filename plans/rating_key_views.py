"""The key of a plan's ratings: chosen, made for a partnership, changed while nobody has used it."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from partnership.access import get_permitted, may
from plans.models import Plan, Rating, RatingKey
from plans.rating_key_forms import KeyForm, NameForm, RatingForms
from plans.rating_keys import change_key, choose_key, in_the_way, make_key, remove_key, times_given
from plans.views import asks_and_answers


@asks_and_answers
def plan_rating_key(request, pk):
    """Which key a plan is read by, and those it could be read by, in colour and as they print in grey."""
    plan = get_permitted(request.user, Plan, "edit", pk=pk)
    keys = RatingKey.objects.offered_to(plan).prefetch_related("ratings", "partnerships")
    form = KeyForm(
        request.POST if request.method == "POST" else None,
        keys=keys,
        initial={"key": plan.rating_key_id},
        cancel_url=plan.get_absolute_url(),
    )
    if form.is_valid():
        key = form.cleaned_data["key"]
        try:
            choose_key(plan, key)
        except ValidationError as problem:
            form.add_error("key", problem)
        else:
            messages.success(request, f"The plan is rated by “{key}” from now on. What was said keeps its rating.")
            return redirect("plans:plan-rating-key", plan.pk)
    context = {
        "plan": plan,
        "form": form,
        "in_the_way": in_the_way(plan),
        "keys": [
            {"key": key, "ratings": best_first(key), "may_change": may(request.user, "change", key)} for key in keys
        ],
        "crumbs": crumbs_of(plan, ("Ratings", None)),
    }
    return render(request, "plans/rating_key.html", context, status=form.status)


def best_first(key):
    return sorted(key.ratings.all(), key=lambda rating: -rating.position)


def crumbs_of(plan, *more):
    return [("Plans", reverse("plans:plan-list")), (str(plan), plan.get_absolute_url()), *more]


@asks_and_answers
def add_key(request, pk):
    """An own key, begun as a copy of the plan's."""
    plan = get_permitted(request.user, Plan, "edit", pk=pk)
    return edit_key(request, plan, key=None)


@asks_and_answers
def change_key_view(request, pk, key_pk):
    plan = get_permitted(request.user, Plan, "edit", pk=pk)
    key = get_permitted(request.user, RatingKey, "change", pk=key_pk)
    return edit_key(request, plan, key=key)


def edit_key(request, plan, *, key):
    """The page on which a key is written: made where ``key`` is None. One press shows it before it is saved."""
    data = request.POST if request.method == "POST" else None
    given = times_given(key) if key else Counter()
    ratings = list(Rating.objects.filter(key=key.pk if key else plan.rating_key_id).order_by("-position"))
    name = NameForm(data, key=key, initial={"name": key.name if key else ""})
    rows = RatingForms(data, ratings=ratings, given=given, is_copy=key is None)
    is_preview = data is not None and "preview" in data
    status = 200
    if data is not None and not is_preview:
        is_valid = [name.is_valid(), rows.is_valid()]
        if all(is_valid):
            try:
                kept = save_key(plan, key, name=name.cleaned_data["name"], ratings=rows.values())
            except ValidationError as problem:
                name.add_error(None, problem)
            else:
                messages.success(request, f"Saved the key “{kept}”.")
                return redirect("plans:plan-rating-key", plan.pk)
        if not is_valid[1]:
            name.add_error(None, rows.problem or "Mend the ratings that are marked below")
        status = 422
    name.helper.form_tag = False
    context = {
        "plan": plan,
        "key": key,
        "name": name,
        "rows": rows,
        "preview": rows.preview,
        "is_preview": is_preview,
        "given_count": sum(given.values()),
        "form": name if status == 422 else None,
        "crumbs": crumbs_of(
            plan,
            ("Ratings", reverse("plans:plan-rating-key", args=[plan.pk])),
            (str(key) if key else "A key of your own", None),
        ),
    }
    return render(request, "plans/rating_key_form.html", context, status=status)


def save_key(plan, key, *, name, ratings):
    return change_key(key, name=name, ratings=ratings) if key else make_key(plan, name=name, ratings=ratings)


@require_POST
def remove_key_view(request, pk, key_pk):
    plan = get_permitted(request.user, Plan, "edit", pk=pk)
    key = get_permitted(request.user, RatingKey, "change", pk=key_pk)
    try:
        remove_key(key)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, f"Deleted the key “{key}”.")
    return redirect("plans:plan-rating-key", plan.pk)


patterns = [
    path("plans/<int:pk>/ratings/", plan_rating_key, name="plan-rating-key"),
    path("plans/<int:pk>/ratings/add/", add_key, name="rating-key-add"),
    path("plans/<int:pk>/ratings/<int:key_pk>/", change_key_view, name="rating-key-change"),
    path("plans/<int:pk>/ratings/<int:key_pk>/remove/", remove_key_view, name="rating-key-remove"),
]
