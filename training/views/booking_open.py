"""Booking without an account: the public form, one's own place by its link, and what a manager is asked."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from partnership.models import Partnership
from partnership.public import find_partnership, public_page
from partnership.refusals import NotNow
from partnership.throttling import is_too_often
from training.attendance.forms import CodeForm
from training.attendance.register import own_part
from training.evaluation.asking import waiting_for
from training.links import MANAGER, PLACE
from training.models import Event, Place, Practitioner
from training.places.booking_forms import BecauseForm, BookForm, ConfirmForm
from training.places.bookings import (
    OPEN,
    agree,
    ask_for_place,
    cancel_place,
    confirm_place,
    decline,
    free_until,
    take_place,
    why_not_now,
    would_be_late,
)
from training.places.waiting_list import fills_until, has_shares, is_at_share, offered, standing_in_line
from training.practitioners.finding import practitioner_for
from training.views.by_link import by_link
from training.views.pages import GET_OR_POST

ASKINGS = 60  # from one address in ten minutes: a team books together behind one
SHOWS_JOINING = {Place.Status.BOOKED, Place.Status.ATTENDED}


# The public form


def find_event(partnership, pk):
    events = Event.objects.published().filter(course__partnerships=partnership)
    return get_object_or_404(events.select_related("course__run_by"), pk=pk)


def crumbs(partnership, event, *more):
    programme = reverse("training:public-programme", args=[partnership.slug])
    book = reverse("training:public-book", args=[partnership.slug, event.pk])
    return [("Training", programme), (event.course.title, book if more else None), *more]


@login_not_required
@require_http_methods(GET_OR_POST)
def book(request, slug, pk):
    """Ask for a place. What comes of it is said by mail alone, so that nobody learns here who is known."""
    partnership = find_partnership(slug)
    event = find_event(partnership, pk)
    if request.method == "POST" and is_too_often(request, "training-book", ASKINGS):
        return render(request, "429.html", status=429)
    now = timezone.now()
    why_not = why_not_now(event, at=now)
    form = BookForm(request.POST if request.method == "POST" else None, event=event)
    status = form.status
    if request.method == "POST" and not why_not and form.is_valid():
        try:
            ask(event, at=now, **form.cleaned_data)
        except NotNow as refusal:
            why_not = str(refusal)
        else:
            return redirect("training:public-book-asked", slug=slug, pk=pk)
    if request.method == "POST" and why_not:
        status = 409
    found = Event.objects.with_place_counts().get(pk=event.pk)
    context = {
        "event": event,
        "form": form,
        "why_not": why_not,
        "is_full": found.booked_count >= event.capacity,
        "waiting_count": found.waiting_count,
        "has_shares": has_shares(event, on=timezone.localdate(now)),
        "fills_until": fills_until(event),
        "policy": event.course.policy,
        "free_until": free_until(event),
        "crumbs": crumbs(partnership, event),
    }
    response = public_page(request, partnership, "training/public_book.html", **context)
    response.status_code = status
    patch_cache_control(response, private=True, no_store=True)
    return response


@transaction.atomic
def ask(event, *, at, name, email, organisation, job, needs, manager_email=""):
    practitioner = practitioner_for(
        email=email, name=name, organisation=organisation, job=job, manager_email=manager_email
    )
    ask_for_place(event, practitioner=practitioner, at=at, manager_email=manager_email, needs=needs)


@login_not_required
@require_safe
def asked(request, slug, pk):
    partnership = find_partnership(slug)
    event = find_event(partnership, pk)
    return public_page(
        request,
        partnership,
        "training/public_book_asked.html",
        event=event,
        policy=event.course.policy,
        crumbs=crumbs(partnership, event, ("Look at your mail", None)),
    )


# One's own place


def place_context(place, *, at):
    """What the page of a place shows; what has to do with joining only to those who have the place."""
    event, policy = place.event, place.event.course.policy
    is_past = timezone.localdate(at) > timezone.localdate(event.ends_at or event.starts_at)
    public = Partnership.objects.published().filter(courses=event.course_id).first() if event.is_public else None
    return {
        "place": place,
        "event": event,
        "course": event.course,
        "policy": policy,
        "home": event.course.home,
        "line": standing_in_line(place),
        "is_at_share": place.status == Place.Status.WAITING and is_at_share(place, at=at),
        "is_offered": place.status == Place.Status.WAITING and place.pk in offered(event, at=at),
        "is_over": at >= event.starts_at,
        "may_cancel": place.status in OPEN and at < event.starts_at and not event.is_cancelled,
        "shows_joining": place.status in SHOWS_JOINING and not event.is_cancelled and not is_past,
        "is_late": would_be_late(event, place, at=at),
        "free_until": free_until(event),
        "has_shares": has_shares(event, on=timezone.localdate(at)),
        "fills_until": fills_until(event),
        "questions": waiting_for([place], at=at),
        "again_url": reverse("training:public-book", args=[public.slug, event.pk]) if public else "",
    }


@require_http_methods(GET_OR_POST)
@by_link(PLACE)
def place_open(request, place, token):
    """What, when, where and how it stands. Only a press changes something."""
    now, problem = timezone.now(), ""
    action = request.POST.get("action", "")
    form = ConfirmForm(request.POST if action == "confirm" else None, place=place)
    try:
        if action == "confirm" and form.is_valid():
            confirm(place, role=form.cleaned_data.get("role"), at=now)
            return redirect("training:place-open", token)
        if action == "take":
            take_place(place, at=now)
            return redirect("training:place-open", token)
    except NotNow as refusal:
        problem = str(refusal)
        place.refresh_from_db()
    context = place_context(place, at=now) | {"form": form, "token": token, "problem": problem}
    context["attendance"] = own_part(place, at=now) | {"form": CodeForm()}
    status = 409 if problem else form.status
    return render(request, "training/place_open.html", context, status=status)


@transaction.atomic
def confirm(place, *, role, at):
    """Whoever follows the link from the mail has proved the address: now they may say which role is theirs."""
    confirm_place(place, at=at)
    if role:
        Practitioner.objects.filter(pk=place.practitioner_id, role=None).update(role=role)


@require_http_methods(GET_OR_POST)
@by_link(PLACE)
def place_open_cancel(request, place, token):
    now = timezone.now()
    context = place_context(place, at=now)
    if not context["may_cancel"]:
        return redirect("training:place-open", token)
    form = BecauseForm(
        request.POST or None,
        label="Why can you not come?",
        submit_label="Give my place back",
        help_text="Whoever runs the training and your own organisation read it. Do not write about your health.",
        cancel_url=reverse("training:place-open", args=[token]),
    )
    if form.is_valid():
        try:
            cancel_place(place, because=form.cleaned_data["because"], at=now)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("training:place-open", token)
    return render(request, "training/place_open_cancel.html", context | {"form": form}, status=form.status)


# The manager


@require_http_methods(GET_OR_POST)
@by_link(MANAGER)
def manager_open(request, place, token):
    """A manager agrees by one press, or says why not."""
    now, problem = timezone.now(), ""
    is_agreed = request.POST.get("action") == "agree"
    form = BecauseForm(
        request.POST if request.method == "POST" and not is_agreed else None,
        label="Why not?",
        submit_label="Do not agree",
        help_text=f"{place.person} reads it.",
    )
    form.submit_kind = "secondary"
    try:
        if is_agreed:
            agree(place, at=now)
            return redirect("training:manager-open", token)
        if form.is_valid():
            decline(place, because=form.cleaned_data["because"], at=now)
            return redirect("training:manager-open", token)
    except NotNow as refusal:
        problem = str(refusal)
        place.refresh_from_db()
    context = place_context(place, at=now) | {"form": form, "problem": problem}
    is_over = place.event.is_cancelled or context["is_over"]
    context["is_asked"] = place.status == Place.Status.AGREEMENT and not is_over
    return render(request, "training/manager_open.html", context, status=409 if problem else form.status)


patterns = [
    path("p/<slug:slug>/training/<int:pk>/book/", book, name="public-book"),
    path("p/<slug:slug>/training/<int:pk>/book/asked/", asked, name="public-book-asked"),
    path("t/place/<str:token>/", place_open, name="place-open"),
    path("t/place/<str:token>/cancel/", place_open_cancel, name="place-open-cancel"),
    path("t/manager/<str:token>/", manager_open, name="manager-open"),
]
