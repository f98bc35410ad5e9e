"""The register of an event, as whoever runs it ticks it on a phone: who came, who else, the code, the close."""

import re

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from partnership.pdf import PdfProblem
from partnership.refusals import ChangedMeanwhile, NotNow
from training.attendance import register as attendance
from training.attendance.certificates import earned_at, ends_at_of, is_earned, make_certificates, number_of
from training.attendance.forms import NameForm, WalkInForm
from training.attendance.paper import make_register
from training.models import Event, Place, PlaceStatus
from training.views.pages import GET_OR_POST

REGISTER = "training:register"
DONE = {"came": PlaceStatus.ATTENDED, "missed": PlaceStatus.MISSED, "undo": ""}
KEYS = re.compile(r"[0-9]{1,18}")


def run_event(request, pk):
    return get_permitted(request.user, Event, "change", pk=pk)


def crumbs(event, here):
    return [
        ("Training", reverse("training:event-list")),
        (event.course.title, event.get_absolute_url()),
        *([("Register", reverse(REGISTER, args=[event.pk])), (here, None)] if here else [("Register", None)]),
    ]


@require_safe
def register(request, pk):
    """Everybody with a place, to be ticked; who waited and came; what is left to do."""
    event = run_event(request, pk)
    now = timezone.now()
    found = attendance.register_of(event)
    clashes = attendance.clashes_of(event) if found.came_count else {}
    for place in found.expected:
        place.clash = words_of_clash(request.user, clashes.get(place.practitioner_id))
    words = request.GET.get("words", "").casefold().split()
    context = {
        "event": event,
        "register": found,
        "expected": [place for place in found.expected if fits(place, words)],
        "aside": [place for place in found.aside if fits(place, words)],
        "words": request.GET.get("words", ""),
        "clash_count": sum(bool(place.clash) for place in found.expected),
        "left_count": len(found.unmarked),
        "is_full": found.in_room_count >= event.capacity,
        "may_mark": attendance.is_day_of(event, at=now) and not event.is_cancelled and not event.register_closed_at,
        "is_to_come": not attendance.is_day_of(event, at=now),
        "may_close": attendance.has_begun(event, at=now),
        "has_certificates": found.came_count and now >= ends_at_of(event),
        "crumbs": crumbs(event, ""),
    }
    return render(request, "training/register.html", context)


def fits(place, words):
    text = f"{place.person} {place.organisation.name}".casefold()
    return all(word in text for word in words)


def words_of_clash(user, event):
    """Which other event; of one that somebody else runs only that there is one."""
    if event is None:
        return ""
    return event.course.title if may(user, "change", event) else "an event of another partnership"


def back(request, event, anchor=""):
    """To the list as it was narrowed, beside whoever was ticked."""
    words = request.POST.get("words", "")
    query = {"query": {"words": words}} if words else {}
    return redirect(reverse(REGISTER, args=[event.pk], fragment=anchor or None, **query))


@require_POST
def mark(request, pk, place_pk):
    event = run_event(request, pk)
    place = event.places.filter(pk=place_pk).first()
    if place is None or request.POST.get("do") not in DONE:
        raise Http404
    try:
        attendance.mark(place, DONE[request.POST["do"]], by=request.user, at=timezone.now())
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return back(request, event)
    return back(request, event, f"place-{place.pk}")


@require_POST
def everyone(request, pk):
    event = run_event(request, pk)
    try:
        count = attendance.everyone_came(event, by=request.user, at=timezone.now())
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Ticked {count} who were not marked yet")
    return back(request, event)


@require_http_methods(GET_OR_POST)
def add(request, pk):
    """Somebody who is not on the list."""
    event = run_event(request, pk)
    now = timezone.now()
    try:
        attendance.refuse_unless_open(event, at=now)
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return redirect(REGISTER, pk)
    found = attendance.register_of(event)
    form = WalkInForm(
        request.POST if request.method == "POST" else None,
        event=event,
        is_full=found.in_room_count >= event.capacity,
        cancel_url=reverse(REGISTER, args=[pk]),
    )
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "email", "organisation")}
        try:
            place = attendance.add_walk_in(event, by=request.user, at=now, **values)
        except NotNow as refusal:
            messages.error(request, str(refusal))
            return redirect(REGISTER, pk)
        messages.success(request, f"{place.person} is on the list as there")
        return back(request, event, f"place-{place.pk}")
    context = {
        "form": form,
        "event": event,
        "title": "Somebody who is not on the list",
        "came_count": found.came_count,
        "room_count": found.in_room_count,
        "crumbs": crumbs(event, "Somebody else"),
    }
    return render(request, "training/register_add.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def code(request, pk):
    """The code, large, for the screen in the room."""
    event = run_event(request, pk)
    now = timezone.now()
    if request.method == "POST":
        try:
            attendance.start_code(event, by=request.user, at=now)
        except NotNow as refusal:
            messages.error(request, str(refusal))
            return redirect(REGISTER, pk)
        return redirect("training:register-code", pk)
    found = attendance.register_of(event)
    context = {
        "event": event,
        "register": found,
        "address": request.build_absolute_uri(reverse("training:sign-in")),
        "works_from": event.starts_at - attendance.EARLY,
        "works_until": ends_at_of(event) + attendance.LATE,
        "works_now": attendance.takes_sign_in(event, at=now) and not event.register_closed_at,
        "is_over": bool(event.register_closed_at) or now > ends_at_of(event) + attendance.LATE,
        "crumbs": crumbs(event, "Sign-in code"),
    }
    return render(request, "training/register_code.html", context)


@require_http_methods(GET_OR_POST)
def close(request, pk):
    """First the names of those who will not have come; then it is done."""
    event = run_event(request, pk)
    status = 200
    if request.method == "POST":
        seen = {int(key) for key in KEYS.findall(request.POST.get("seen", ""))}
        try:
            missed = attendance.close_register(event, by=request.user, at=timezone.now(), seen=seen)
        except NotNow as refusal:
            messages.error(request, str(refusal))
            return redirect(REGISTER, pk)
        except ChangedMeanwhile:
            status = 409
        else:
            count = f", {len(missed)} did not attend" if missed else ""
            messages.success(request, f"The register is closed{count}. Certificates are on their way")
            return redirect(REGISTER, pk)
    if event.register_closed_at:
        return redirect(REGISTER, pk)
    context = {
        "event": event,
        "register": attendance.register_of(event),
        "has_changed": status == 409,
        "is_running": timezone.now() < ends_at_of(event),
        "crumbs": crumbs(event, "Close the register"),
    }
    return render(request, "training/register_close.html", context, status=status)


@require_POST
def reopen(request, pk):
    event = run_event(request, pk)
    attendance.reopen_register(event, by=request.user)
    messages.success(request, "The register is open again. Who was marked stays marked until you change it")
    return redirect(REGISTER, pk)


# On paper


def pdf_of(request, event, make, name):
    try:
        pdf = make()
    except PdfProblem as problem:
        messages.error(request, f"{problem} Print the page of the register instead.")
        return redirect(REGISTER, event.pk)
    return as_attachment(pdf.content, f"{slugify(name)}.pdf")


@require_safe
def paper(request, pk):
    """The list to be signed in the room."""
    event = run_event(request, pk)
    return pdf_of(request, event, lambda: make_register(event), f"register {event}")


@require_safe
def certificates(request, pk):
    """Everybody's certificate in one file."""
    event = run_event(request, pk)
    places = earned_at(event, at=timezone.now())
    if not places:
        messages.error(request, "There are no certificates yet: they are for those who were there, once it is over")
        return redirect(REGISTER, pk)
    return pdf_of(request, event, lambda: make_certificates(event, places), f"certificates {event}")


@require_safe
def certificate(request, pk):
    place = get_permitted(request.user, Place, "change", pk=pk)
    if not is_earned(place, at=timezone.now()):
        messages.error(request, "A certificate is for those who were there, once it is over")
        return redirect(REGISTER, place.event_id)
    return pdf_of(request, place.event, lambda: make_certificates(place.event, [place]), f"certificate {place.person}")


@require_http_methods(GET_OR_POST)
def certificate_name(request, pk):
    """Put the name right; the certificate is another then, and is sent again where the register is closed."""
    place = get_permitted(request.user, Place, "change", pk=pk)
    event = place.event
    form = NameForm(
        request.POST if request.method == "POST" else None,
        initial={"name": place.person},
        cancel_url=reverse(REGISTER, args=[event.pk]),
    )
    if form.is_valid():
        answers = form.cleaned_data
        attendance.correct_name(place, name=answers["name"], everywhere=answers["is_everywhere"], by=request.user)
        messages.success(request, f"It is {answers['name']} now")
        return back(request, event, f"place-{place.pk}")
    context = {
        "form": form,
        "title": "Put a name right",
        "place": place,
        "number": number_of(place) if place.status == PlaceStatus.ATTENDED else "",
        "crumbs": crumbs(event, "Name"),
    }
    return render(request, "training/certificate_name.html", context, status=form.status)


OF_EVENT = "training/<int:pk>/register"

patterns = [
    path(f"{OF_EVENT}/", register, name="register"),
    path(f"{OF_EVENT}/<int:place_pk>/", mark, name="register-mark"),
    path(f"{OF_EVENT}/everyone/", everyone, name="register-everyone"),
    path(f"{OF_EVENT}/add/", add, name="register-add"),
    path(f"{OF_EVENT}/code/", code, name="register-code"),
    path(f"{OF_EVENT}/close/", close, name="register-close"),
    path(f"{OF_EVENT}/open/", reopen, name="register-open"),
    path(f"{OF_EVENT}/list.pdf", paper, name="register-paper"),
    path(f"{OF_EVENT}/certificates.pdf", certificates, name="certificates"),
    path("training/certificates/<int:pk>/certificate.pdf", certificate, name="certificate"),
    path("training/certificates/<int:pk>/name/", certificate_name, name="certificate-name"),
]
