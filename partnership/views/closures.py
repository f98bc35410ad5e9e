"""When the office of a partnership is closed: read by its people, kept by its office."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted, may
from partnership.changes import names_of_people, person
from partnership.closure_forms import ClosureForm
from partnership.forms import lock_and_refresh
from partnership.models import Closure, Partnership
from partnership.templatetags.components import long_date
from partnership.working_days import ENGLAND, bank_holidays_known_until

ONE_DAY = timedelta(days=1)
asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def closure_list(request, pk):
    """Closures to come, the next first, then those that are over."""
    partnership = get_permitted(request.user, Partnership, "view", pk=pk)
    today = timezone.localdate()
    closures = list(partnership.closures.all())
    for closure in closures:
        closure.working_days = working_days_in(closure)
    to_come = [closure for closure in closures if closure.last_day >= today]
    over = [closure for closure in reversed(closures) if closure.last_day < today]
    context = {
        "partnership": partnership,
        "parts": [("Closures to come", to_come), ("Closures that are over", over)],
        "removed": removed_from(partnership),
        "known_until": bank_holidays_known_until(on=today),
        "crumbs": crumbs(partnership),
        "may_change": may(request.user, "office", partnership),
    }
    return render(request, "partnership/closure_list.html", context)


def removed_from(partnership):
    """(what it was, its first day, its last, when it was removed, by whom) of each closure that is gone."""
    events = Closure.pgh_event_model.objects.filter(partnership=partnership, pgh_label="delete")
    events = list(events.select_related("pgh_context").order_by("-pgh_id"))
    names = names_of_people(events)
    return [
        (event.title, event.first_day, event.last_day, event.pgh_created_at, person(event, names)) for event in events
    ]


@asks_and_answers
def add_closure(request, pk):
    partnership = get_permitted(request.user, Partnership, "office", pk=pk)
    if request.method == "POST":
        lock_and_refresh(partnership)  # or two who save at once would both find the days free
    return ask(request, Closure(partnership=partnership), "Add a closure")


@asks_and_answers
def change_closure(request, pk):
    closure = get_permitted(request.user, Closure, "change", pk=pk)
    if request.method == "POST":
        lock_and_refresh(closure.partnership)
    return ask(request, closure, "Change the closure")


def ask(request, closure, heading):
    back = list_of(closure.partnership)
    form = ClosureForm(request.POST or None, instance=closure, on=timezone.localdate(), cancel_url=back)
    if form.is_valid():
        messages.success(request, what_it_does(form.save()))
        return redirect(back)
    context = {
        "form": form,
        "heading": heading,
        "closure": closure,
        "partnership": closure.partnership,
        "crumbs": crumbs(closure.partnership, heading),
    }
    return render(request, "partnership/closure_form.html", context, status=form.status)


@asks_and_answers
def remove_closure(request, pk):
    closure = get_permitted(request.user, Closure, "change", pk=pk)
    partnership = closure.partnership
    if request.method == "POST":
        closure.delete()
        messages.success(request, f"“{closure}” is removed. Reminders count its days again.")
        return redirect(list_of(partnership))
    context = {
        "closure": closure,
        "partnership": partnership,
        "working_days": working_days_in(closure),
        "crumbs": crumbs(partnership, "Remove a closure"),
    }
    return render(request, "partnership/closure_remove.html", context)


def working_days_in(closure):
    """How many days of work it takes away; 0 where weekends and bank holidays have them all."""
    return ENGLAND.between(closure.first_day - ONE_DAY, closure.last_day)


def what_it_does(closure):
    days = working_days_in(closure)
    if days == 0:
        return f"“{closure}” is saved. Its days are all weekends or bank holidays, so nothing moves."
    words = f"{days} working day{'' if days == 1 else 's'}"
    span = f"from {long_date(closure.first_day)} to {long_date(closure.last_day)}"
    return f"“{closure}” is saved: {words} {span} that reminders and local steps now pass over."


def list_of(partnership):
    return reverse("partnership:closure-list", args=[partnership.pk])


def crumbs(partnership, *last):
    trail = [("Partnership", reverse("partnership:overview"))]
    if not last:
        return [*trail, ("Closures", None)]
    return [*trail, ("Closures", list_of(partnership)), (last[0], None)]


patterns = [
    path("partnerships/<int:pk>/closures/", closure_list, name="closure-list"),
    path("partnerships/<int:pk>/closures/add/", add_closure, name="closure-add"),
    path("closures/<int:pk>/change/", change_closure, name="closure-change"),
    path("closures/<int:pk>/remove/", remove_closure, name="closure-remove"),
]
