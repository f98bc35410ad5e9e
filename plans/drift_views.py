"""Where a plan drifts: the list for the office, and what it has set aside."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted, may
from plans.course import read_course
from plans.drift import KINDS, drift_of, parted, set_aside, take_back
from plans.drift_forms import SetAsideForm
from plans.models import DriftNote, Plan
from plans.views import asks_and_answers


@require_safe
def drift_list(request, pk):
    """Every line of drift with its one step, rule by rule."""
    plan = get_permitted(request.user, Plan, "oversee", pk=pk)
    today = timezone.localdate()
    course = read_course(plan, on=today)
    notes = DriftNote.objects.filter(plan=plan).in_force(on=today).select_related("set_by")
    drift = parted(drift_of(course, on=today), notes)
    context = {
        "plan": plan,
        "kinds": by_kind(drift.lines),
        "drift": drift,
        "has_rounds": bool(course.past(today)),
        "may_change": may(request.user, "change", plan),
        "crumbs": crumbs(plan, "Drift"),
    }
    return render(request, "plans/drift_list.html", context)


def by_kind(lines):
    """[(Kind, its lines)] in the order of the rules."""
    found = {}
    for line in lines:
        found.setdefault(line.kind.code, []).append(line)
    return [(KINDS[code], of_kind) for code, of_kind in found.items()]


@asks_and_answers
def set_aside_view(request, pk, key):
    """Let one line be until a day, with the reason."""
    plan = get_permitted(request.user, Plan, "change", pk=pk)
    now = timezone.localtime()
    line = next((each for each in drift_of(read_course(plan, on=now.date()), on=now.date()) if each.key == key), None)
    if line is None:
        raise Http404
    back = reverse("plans:drift-list", args=[plan.pk])
    note = plan.drift_notes.filter(key=key).first()
    initial = {"reason": note.reason, "until": note.until} if note else None
    form = SetAsideForm(request.POST or None, on=now.date(), initial=initial, cancel_url=back)
    if form.is_valid():
        set_aside(plan, key=key, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, f"Set aside until {form.cleaned_data['until']:%-d %B %Y}.")
        return redirect(back)
    context = {"plan": plan, "line": line, "form": form, "crumbs": crumbs(plan, "Set aside", Drift=back)}
    return render(request, "plans/drift_set_aside.html", context, status=form.status)


@require_POST
def take_back_view(request, pk, key):
    plan = get_permitted(request.user, Plan, "change", pk=pk)
    if take_back(plan, key=key):
        messages.success(request, "Back on the list.")
    return redirect("plans:drift-list", pk=plan.pk)


def crumbs(plan, here, **between):
    return [
        ("Plans", reverse("plans:plan-list")),
        (plan.title, plan.get_absolute_url()),
        *between.items(),
        (here, None),
    ]


patterns = [
    path("plans/<int:pk>/drift/", drift_list, name="drift-list"),
    path("plans/<int:pk>/drift/<str:key>/set-aside/", set_aside_view, name="drift-set-aside"),
    path("plans/<int:pk>/drift/<str:key>/take-back/", take_back_view, name="drift-take-back"),
]
