"""Little or no progress, and why: drafted from the trail, edited and kept by the office."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import as_attachment
from plans.course import read_course
from plans.documents import WORD
from plans.drift_views import crumbs
from plans.models import Deliverable, Plan
from plans.standstill import StoodStill, keep_note, stood_still, story_of
from plans.standstill_forms import NoteForm
from plans.standstill_word import make_word
from plans.views import asks_and_answers

PAGE = "Little or no progress"


@require_safe
def standstill(request, pk):
    """Each deliverable that stood still, why we say so, and its story."""
    plan = get_permitted(request.user, Plan, "oversee", pk=pk)
    context = {
        "plan": plan,
        "found": found_of(plan),
        "may_change": may(request.user, "change", plan),
        "crumbs": crumbs(plan, PAGE),
    }
    return render(request, "plans/standstill.html", context)


@require_safe
def standstill_word(request, pk):
    """The same as a Word document, to be worked into a report."""
    plan = get_permitted(request.user, Plan, "oversee", pk=pk)
    content = make_word(plan, found_of(plan), on=timezone.localdate())
    return as_attachment(content, f"{slugify(plan.title)}-little-or-no-progress.docx", WORD)


def found_of(plan):
    """Pairs of a priority and what stood still in it."""
    today = timezone.localdate()
    by_aim = {}
    for each in stood_still(read_course(plan, on=today), on=today):
        by_aim.setdefault(each.aim.pk, (each.aim, []))[1].append(each)
    return list(by_aim.values())


@asks_and_answers
@transaction.atomic
def standstill_note(request, pk):
    """Write what is said of one deliverable; ``?draft=again`` puts today's draft into the box, beside what is kept."""
    deliverable = get_permitted(request.user, Deliverable, "view", pk=pk)
    plan = deliverable.priority.plan
    may_or_refuse(request.user, "change", plan)
    now = timezone.localtime()
    course = read_course(plan, on=now.date())
    if pk not in course.by_pk:
        raise Http404
    aim, promise = course.by_pk[pk]
    told = StoodStill(aim, promise, [], story_of(course, aim, promise, on=plan.judged_on(now.date())))
    back = reverse("plans:standstill", args=[plan.pk])
    form = NoteForm(
        request.POST or None,
        deliverable=deliverable,
        initial={"text": told.draft if request.GET.get("draft") == "again" else told.words},
        cancel_url=back,
    )
    if form.is_valid():
        keep_note(deliverable, text=form.cleaned_data["text"], by=request.user, at=now)
        messages.success(request, "Saved.")
        return redirect(f"{back}#deliverable-{pk}")
    context = {
        "plan": plan,
        "deliverable": deliverable,
        "told": told,
        "form": form,
        "is_again": request.GET.get("draft") == "again",
        "crumbs": crumbs(plan, "Edit", **{PAGE: back}),
    }
    return render(request, "plans/standstill_note.html", context, status=form.status)


patterns = [
    path("plans/<int:pk>/little-progress/", standstill, name="standstill"),
    path("plans/<int:pk>/little-progress/word/", standstill_word, name="standstill-word"),
    path("deliverables/<int:pk>/little-progress/", standstill_note, name="standstill-note"),
]
