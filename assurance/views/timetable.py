"""The assurance timetable: three years by quarter, as a list to take away, and what the office does with it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.models import Audit, TimetableEntry
from assurance.models.timetable import first_of_quarter, quarter_after, year_of
from assurance.request_lists import requests_of
from assurance.timetable import (
    YEARS_SHOWN,
    add_entry,
    move_entry,
    name_of_quarter,
    roll_forward,
    span_of,
    to_roll,
    with_words,
    years_of,
)
from assurance.timetable_forms import RollForm, TimetableEntryForm
from assurance.timetable_lists import TimetableFilter, TimetableTable
from partnership.access import get_permitted
from partnership.lists import RecordList

GET_OR_POST = ["GET", "HEAD", "POST"]
EARLIEST, LATEST = 2000, 2100


@require_safe
def timetable(request):
    """Three years from this one, or from the year that the address asks for."""
    today = timezone.localdate()
    first = asked_year(request.GET.get("from"), on=today)
    visible = TimetableEntry.objects.visible_to(request.user).prefetch_related("partnerships").for_pages()
    starts_on, ends_on = span_of(first)
    entries = with_words(visible.between(starts_on, ends_on), request.user, on=today)
    is_now, quarter_on = first == year_of(today), first_of_quarter(today)
    context = {
        "years": years_of(entries, first=first, on=today),
        "quarter": name_of_quarter(quarter_on),
        "owed": [each for each in entries if not each.done_on and each.quarter_on <= quarter_on] if is_now else [],
        "requests_due": requests_due(request.user, before=quarter_after(quarter_on)) if is_now else [],
        "first": first,
        "last": first + YEARS_SHOWN,
        "is_now": is_now,
        "entries": entries,
        "roll_from": max((entry.year for entry in entries), default=first),
        "left": with_words(visible.overdue(on=today).filter(quarter_on__lt=starts_on), request.user, on=today),
        "office_ids": request.user.standing.office_ids,
        "is_shared": len(request.user.standing.partnership_ids) > 1,
        "crumbs": crumbs(),
    }
    return render(request, "assurance/timetable.html", context)


def requests_due(user, *, before):
    """Requests that are open and due before that day, and stand under no entry of the timetable."""
    return requests_of(user).filter(closed_on=None, entry=None, due_on__lt=before).exclude(sent_on=None)


def asked_year(words, *, on):
    """The year that an address asks for; this one where it makes no sense."""
    if words and words.isascii() and words.isdigit() and EARLIEST <= int(words[:5]) <= LATEST:
        return int(words)
    return year_of(on)


class TimetableList(RecordList):
    """The same as a list, to narrow and to take away."""

    table_class, filterset_class = TimetableTable, TimetableFilter
    template_name = "assurance/timetable_list.html"
    export_name = "assurance-timetable"

    def get_queryset(self):
        return TimetableEntry.objects.visible_to(self.request.user).for_pages().prefetch_related("partnerships")

    def get_context_data(self, **kwargs):
        return super().get_context_data(crumbs=crumbs(("As a list", None)), **kwargs)


@require_http_methods(GET_OR_POST)
def add(request):
    """Put something on the timetable."""
    if not request.user.standing.office_ids:
        raise PermissionDenied
    form = TimetableEntryForm(
        request.POST or None,
        user=request.user,
        initial={"quarter_on": request.GET.get("quarter")},
        cancel_url=reverse("assurance:timetable"),
    )
    form.submit_label = "Put it on the timetable"
    if form.is_valid():
        entry, is_new = add_entry(**form.cleaned_data)
        when = name_of_quarter(entry.quarter_on)
        messages.success(
            request, f"“{entry}” is on the timetable for {when}" if is_new else f"“{entry}” is there already, in {when}"
        )
        return redirect(entry)
    context = {"form": form, "crumbs": crumbs(("Put something on it", None))}
    return render(request, "assurance/timetable_form.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    """Change it, move it to another quarter, or say that it is done."""
    entry = get_permitted(request.user, TimetableEntry, "change", pk=pk)
    form = TimetableEntryForm(
        request.POST or None, instance=entry, user=request.user, cancel_url=entry.get_absolute_url()
    )
    if form.is_valid():
        entry = form.save()
        messages.success(request, f"Saved “{entry}”")
        return redirect(entry)
    context = {
        "form": form,
        "entry": entry,
        "requests": entry.requests.order_by("-due_on"),
        "audits": Audit.objects.visible_to(request.user).filter(timetable_entry=entry),
        "crumbs": crumbs((entry.title, None)),
    }
    return render(request, "assurance/timetable_form.html", context, status=form.status)


@require_POST
def remove(request, pk):
    """Take off what was planned and will not be done. What was done stays, and history keeps both."""
    entry = get_permitted(request.user, TimetableEntry, "change", pk=pk)
    if entry.done_on:
        messages.info(request, "It is done, so it stays on the timetable")
        return redirect(entry)
    back = f"{reverse('assurance:timetable')}?from={entry.year}"
    entry.delete()
    messages.success(request, f"“{entry}” is off the timetable")
    return redirect(back)


@require_POST
def move(request, pk):
    """Dragged into another quarter; the script is told in a sentence what came of it."""
    entry = get_permitted(request.user, TimetableEntry, "change", pk=pk)
    try:
        to, seen = (parse_date(request.POST.get(name, "")) for name in ("to", "seen"))
    except ValueError:
        to = seen = None
    if to is None or seen is None or not EARLIEST <= to.year <= LATEST:
        return JsonResponse({"words": "Choose a quarter of the timetable."}, status=422)
    try:
        move_entry(entry, to=to, seen=seen)
    except ValidationError as refusal:
        return JsonResponse({"words": " ".join(refusal.messages)}, status=409)
    return JsonResponse({"words": f"“{entry}” is in {name_of_quarter(to)} now."})


@require_http_methods(GET_OR_POST)
def roll(request, year):
    """What comes again in the next year: looked at, ticked, planned by one press."""
    if not EARLIEST <= year <= LATEST:
        raise Http404
    if not request.user.standing.office_ids:
        raise PermissionDenied
    entries = to_roll(request.user, year=year)
    form = RollForm(
        request.POST if request.method == "POST" else None,
        entries=[entry for entry in entries if not entry.is_there],
        cancel_url=f"{reverse('assurance:timetable')}?from={year}",
    )
    if form.is_valid():
        made = roll_forward(request.user, year=year, keys=set(form.cleaned_data["entries"]))
        count = len(made)
        messages.success(request, f"{count} {'entry is' if count == 1 else 'entries are'} planned again")
        return redirect(f"{reverse('assurance:timetable')}?from={year + 1}")
    context = {
        "form": form,
        "year": year,
        "next": year + 1,
        "after": year + 2,
        "is_anything_left": any(not entry.is_there for entry in entries),
        "there": [entry for entry in entries if entry.is_there],
        "crumbs": crumbs((f"Plan {year + 1} to {year + 2}", None)),
    }
    return render(request, "assurance/timetable_roll.html", context, status=form.status)


def crumbs(*more):
    here = ("What we look into", reverse("assurance:timetable") if more else None)
    return [("Returns", reverse("assurance:return-list")), here, *more]


patterns = [
    path("timetable/", timetable, name="timetable"),
    path("timetable/list/", TimetableList.as_view(), name="timetable-list"),
    path("timetable/add/", add, name="timetable-add"),
    path("timetable/roll/<int:year>/", roll, name="timetable-roll"),
    path("timetable/<int:pk>/move/", move, name="timetable-move"),
    path("timetable/<int:pk>/", change, name="timetable-change"),
    path("timetable/<int:pk>/remove/", remove, name="timetable-remove"),
]
