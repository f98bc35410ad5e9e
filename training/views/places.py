"""Places for people with an account: their own organisation's, or everybody's for whoever runs the training."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.refusals import NotNow
from partnership.templatetags.components import long_date, sentence_join
from training.models import Event, Place
from training.places.booking_forms import BecauseForm
from training.places.booking_many import book_people
from training.places.bookings import (
    OPEN,
    cancel_place,
    fill_places,
    free_until,
    lock,
    move_up,
    swap_person,
    why_not_now,
    would_be_late,
)
from training.places.forms import PeopleForm, SwapForm, WaiveForm, bookable_organisations
from training.places.lists import PlaceExport, PlaceFilter, PlaceTable
from training.places.waiting_list import fills_by_itself, fills_until, has_shares, room_of, standing_in_line
from training.practitioners.finding import practitioner_for
from training.rules import run_ids
from training.views.pages import GET_OR_POST, asked, crumbs, form_page

Status = Place.Status


class PlaceList(RecordList):
    """Everybody's places for whoever runs the training; for others those of their own organisations."""

    table_class, filterset_class = PlaceTable, PlaceFilter
    template_name = "training/place_list.html"
    export_name = "places"

    def get_queryset(self):
        visible = Place.objects.visible_to(self.request.user)
        return (
            Place.objects.filter(pk__in=visible.values("pk"))
            .select_related("event__course", "organisation", "practitioner", "booked_by")
            .order_by("event__starts_at", "event", "organisation__name", "person", "pk")
        )

    def get_table_class(self):
        return PlaceExport if self.request.GET.get(self.export_trigger_param) else PlaceTable

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            runs=bool(run_ids(user)),
            is_of_an_organisation=bool(user.standing.organisation_ids),
            crumbs=crumbs("Places"),
            **kwargs,
        )


# The places of one event


def way_to(event, *here):
    first = (f"{event.course.title}, {long_date(event.starts_at)}", event.get_absolute_url())
    return crumbs(first, *here)


@require_safe
def event_places(request, pk):
    """Who has a place, and who waits in which order. Only whoever runs it sees others than their own people."""
    event = get_permitted(request.user, Event, "view", pk=pk)
    runs, now = may(request.user, "change", event), timezone.now()
    places = list(event.places.select_related("organisation", "practitioner"))
    waiting = sorted((each for each in places if each.status == Status.WAITING), key=lambda e: (e.waiting_since, e.pk))
    for number, place in enumerate(waiting, start=1):
        place.number = number
    seen = request.user.standing.organisation_ids
    room = room_of(event, at=now)
    context = {
        "event": event,
        "taken": [each for each in places if each.status in Place.TAKEN and (runs or each.organisation_id in seen)],
        "waiting": [each for each in waiting if runs or each.organisation_id in seen],
        "unconfirmed": [
            each for each in places if each.status == Status.UNCONFIRMED and (runs or each.organisation_id in seen)
        ],
        "given_back": [
            each for each in places if each.status == Status.CANCELLED and (runs or each.organisation_id in seen)
        ],
        "taken_count": room.taken.total(),
        "free_count": room.free,
        "waiting_count": len(waiting),
        "runs": runs,
        "may_book": may(request.user, "book", event) and (runs or bool(seen)),
        "may_fill": runs and bool(waiting) and room.free > 0 and now < event.starts_at and not event.is_cancelled,
        "may_move": runs and room.free > 0 and now < event.starts_at and not event.is_cancelled,
        "why_not": why_not_now(event, at=now, by=request.user),
        "fills_by_itself": fills_by_itself(event, at=now),
        **rules_of(event, at=now),
        "crumbs": way_to(event, "Places"),
    }
    return render(request, "training/event_places.html", context)


def rules_of(event, *, at):
    """What ``place_rules.html`` and ``place_cost.html`` say."""
    return {
        "policy": event.course.policy,
        "has_shares": has_shares(event, on=timezone.localdate(at)),
        "fills_until": fills_until(event),
        "free_until": free_until(event),
    }


@require_http_methods(GET_OR_POST)
def book(request, pk):
    """Book several people of an organisation at once."""
    event = get_permitted(request.user, Event, "book", pk=pk)
    now = timezone.now()
    if not bookable_organisations(event, request.user, on=timezone.localdate(now)).exists():
        raise PermissionDenied
    there = reverse("training:event-places", args=[pk])
    why_not = why_not_now(event, at=now, by=request.user)
    if why_not:
        messages.error(request, why_not)
        return redirect(there)
    form = PeopleForm(asked(request), event=event, user=request.user, cancel_url=there)
    if form.is_valid():
        manager = form.cleaned_data.get("manager_email", "")
        came_to = book_people(
            event,
            people=form.people,
            organisation=form.cleaned_data["organisation"],
            by=request.user,
            at=now,
            manager_email=manager,
        )
        say(request, event, came_to)
        return redirect(there)
    context = {
        "event": event,
        "form": form,
        **rules_of(event, at=now),
        "crumbs": way_to(event, ("Places", there), "Book"),
    }
    return render(request, "training/place_book.html", context, status=form.status)


def say(request, event, came_to):
    """Who is booked, who is kept for a manager, who waits and why, and who was not booked."""
    words = {
        Status.BOOKED: "Booked: {}",
        Status.AGREEMENT: "Kept until the manager agrees: {}",
        Status.WAITING: "On the waiting list: {}",
    }
    for status, said in words.items():
        names = [each.place.person for each in came_to if each.place and each.place.status == status]
        if names:
            messages.success(request, said.format(sentence_join(names)))
    is_waiting = any(each.place and each.place.status == Status.WAITING for each in came_to)
    if is_waiting and room_of(event, at=timezone.now()).free:
        messages.info(request, "They wait though places are free: their organisation has its fair share of this event")
    for each in came_to:
        if each.why_not:
            messages.error(request, f"Not booked: {each.person.name}, {each.person.email}: {each.why_not}")


@require_POST
def fill(request, pk):
    """Give what is free to those next in line, by hand."""
    event = get_permitted(request.user, Event, "change", pk=pk)
    given = fill_places(event, at=timezone.now(), by=request.user)
    if given:
        messages.success(request, f"These have a place now: {sentence_join([place.person for place in given])}")
    else:
        messages.info(request, "Nothing is free, or nobody waits")
    return redirect("training:event-places", pk=pk)


# One place


def find(request, pk, verb="view"):
    place = get_permitted(request.user, Place, verb, pk=pk)
    found = Place.objects.select_related("event__course__run_by", "organisation", "practitioner", "booked_by")
    return found.get(pk=place.pk)


def way_to_place(place, here=None):
    places = ("Places", reverse("training:event-places", args=[place.event_id]))
    if here is None:
        return way_to(place.event, places, place.person)
    return way_to(place.event, places, (place.person, place.get_absolute_url()), here)


@require_safe
def detail(request, pk):
    place = find(request, pk)
    event, now = place.event, timezone.now()
    runs = may(request.user, "change", place)
    is_to_come = now < event.starts_at and not event.is_cancelled
    own = may(request.user, "cancel", place)
    context = {
        "place": place,
        "event": event,
        "line": standing_in_line(place),
        "runs": runs,
        "may_cancel": own and is_to_come and place.status in OPEN,
        "may_swap": own and is_to_come and place.status in [Status.BOOKED, Status.AGREEMENT],
        "may_move": runs and is_to_come and place.status == Status.WAITING and room_of(event, at=now).free > 0,
        "may_waive": runs and (place.is_late or place.status == Status.MISSED),
        **rules_of(event, at=now),
        "crumbs": way_to_place(place),
    }
    return render(request, "training/place_detail.html", context)


@require_http_methods(GET_OR_POST)
def cancel(request, pk):
    place = find(request, pk, "cancel")
    now = timezone.now()
    form = BecauseForm(
        asked(request),
        label="Why?",
        submit_label="Give the place back",
        help_text=f"{place.person} reads it. Do not write about anybody’s health.",
        cancel_url=place.get_absolute_url(),
    )
    if form.is_valid():
        try:
            cancel_place(place, because=form.cleaned_data["because"], at=now, by=request.user)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{place.person} has no place any more. Whoever is next in line is told")
            return redirect("training:event-places", pk=place.event_id)
    return form_page(
        request,
        form,
        title=f"Give back the place of {place.person}",
        crumbs=way_to_place(place, "Give back"),
        template="training/place_cancel.html",
        place=place,
        is_late=would_be_late(place.event, place, at=now),
        **rules_of(place.event, at=now),
    )


@require_http_methods(GET_OR_POST)
def swap(request, pk):
    """A colleague comes instead."""
    place = find(request, pk, "cancel")
    form = SwapForm(asked(request), course=place.event.course, cancel_url=place.get_absolute_url())
    if form.is_valid():
        try:
            now_theirs = pass_on(place, by=request.user, at=timezone.now(), **form.cleaned_data)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{now_theirs.person} comes instead of {place.person}. Both are told")
            return redirect(now_theirs)
    return form_page(
        request,
        form,
        title="Another person comes instead",
        crumbs=way_to_place(place, "Another person"),
        lede=f"The place of {place.person} passes to a colleague at {place.organisation}. It costs nothing, and nobody "
        "who waits loses by it.",
    )


@transaction.atomic
def pass_on(place, *, name, email, by, at):
    lock(place.event)
    practitioner = practitioner_for(email=email, name=name, organisation=place.organisation)
    return swap_person(place, practitioner=practitioner, at=at, by=by)


@require_POST
def move(request, pk):
    place = find(request, pk, "change")
    try:
        place = move_up(place, at=timezone.now())
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{place.person} has a place now: {place.get_status_display().lower()}")
    return redirect("training:event-places", pk=place.event_id)


@require_http_methods(GET_OR_POST)
def waive(request, pk):
    place = find(request, pk, "change")
    if not (place.is_late or place.status == Status.MISSED):
        messages.info(request, "Nothing is charged for this place")
        return redirect(place)
    form = WaiveForm(asked(request), instance=place, cancel_url=place.get_absolute_url())
    if form.is_valid():
        form.save()
        words = "is not charged" if place.waived_because else "is charged as the rules say"
        messages.success(request, f"The place of {place.person} {words}")
        return redirect(place)
    return form_page(
        request,
        form,
        title=f"Waive the charge for {place.person}",
        crumbs=way_to_place(place, "Waive the charge"),
        lede="For somebody who was ill or called to court, say. The reason stands in the statement.",
    )


patterns = [
    path("training/places/", PlaceList.as_view(), name="place-list"),
    path("training/places/<int:pk>/", detail, name="place-detail"),
    path("training/places/<int:pk>/cancel/", cancel, name="place-cancel"),
    path("training/places/<int:pk>/swap/", swap, name="place-swap"),
    path("training/places/<int:pk>/move/", move, name="place-move"),
    path("training/places/<int:pk>/waive/", waive, name="place-waive"),
    path("training/<int:pk>/places/", event_places, name="event-places"),
    path("training/<int:pk>/book/", book, name="event-book"),
    path("training/<int:pk>/fill/", fill, name="event-fill"),
]
