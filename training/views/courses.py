"""Courses: what is taught, why, and how it went; for whoever runs the training to add, change and retire."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.refusals import NotNow
from plans.priority_links import shown_priorities
from training.models import Course, LearningNeed, NeedsAnalysis
from training.programme.changing import bring_back, held_and_to_come, retire_course
from training.programme.course_forms import CourseForm
from training.programme.course_lists import CourseExport, CourseFilter, CourseTable, courses_of
from training.rules import run_ids
from training.views.pages import GET_OR_POST, asked, crumbs, form_page

LIST = "training:course-list"


def crumbs_of_course(course, *here):
    own = (course.title, course.get_absolute_url() if here else None)
    return crumbs(("Courses", reverse(LIST)), own, *here)


class CourseList(RecordList):
    table_class, filterset_class = CourseTable, CourseFilter
    template_name = "training/course_list.html"
    export_name = "courses"

    def get_queryset(self):
        return courses_of(self.request.user, at=timezone.now())

    def get_table_class(self):
        return CourseExport if self.request.GET.get(self.export_trigger_param) else CourseTable

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_run=bool(run_ids(self.request.user)), crumbs=crumbs("Courses"), **kwargs)


def needs_met(course, user):
    """The learning needs that it meets, of analyses that this person may read."""
    analyses = NeedsAnalysis.objects.visible_to(user)
    found = LearningNeed.objects.filter(courses=course, analysis__in=analyses.values("pk"))
    return found.select_related("analysis").order_by("-analysis__starts_on", "position", "pk")


@require_safe
def detail(request, pk):
    """One course: what it is for, what it follows from, and how often it was held with whom."""
    course = get_permitted(request.user, Course, "view", pk=pk)
    coming, held = held_and_to_come(course, at=timezone.now())
    were_held = [event for event in held if not event.is_cancelled]
    context = {
        "course": course,
        "partnerships": course.partnerships.order_by("name"),
        "competencies": course.competencies.select_related("partnership"),
        "priorities": shown_priorities(course, request.user),
        "needs": needs_met(course, request.user),
        "coming": coming,
        "held": held,
        "held_count": len(were_held),
        "came_count": sum(event.attended_count for event in were_held),
        "may_change": may(request.user, "change", course),
        "crumbs": crumbs_of_course(course),
    }
    return render(request, "training/course_detail.html", context)


@require_http_methods(GET_OR_POST)
def add(request):
    if not run_ids(request.user):
        raise PermissionDenied
    form = CourseForm(asked(request), instance=Course(), user=request.user, cancel_url=reverse(LIST))
    if form.is_valid():
        course = form.save()
        messages.success(request, "The course is there. Add an event to hold it on a day")
        return redirect(course)
    lede = "What is taught, to whom, and why. When and where it is held are its events, which follow."
    return form_page(request, form, title="Add a course", crumbs=crumbs(("Courses", reverse(LIST)), "Add"), lede=lede)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    course = get_permitted(request.user, Course, "change", pk=pk)
    form = CourseForm(asked(request), instance=course, user=request.user, cancel_url=course.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, "The course is saved")
        return redirect(course)
    return form_page(request, form, title="Change the course", crumbs=crumbs_of_course(course, "Change"))


@require_http_methods(GET_OR_POST)
def retire(request, pk):
    """Not held any more, or brought back. What was held stays."""
    course = get_permitted(request.user, Course, "change", pk=pk)
    if request.method == "POST":
        if request.POST.get("action") == "back":
            try:
                bring_back(course)
            except NotNow as problem:
                messages.error(request, str(problem))
            else:
                messages.success(request, "The course is offered again")
        else:
            retire_course(course, on=timezone.localdate())
            messages.success(request, "The course is not held any more. It stands among those that are retired")
        return redirect(course)
    if course.retired_on:
        return redirect(course)
    coming, _held = held_and_to_come(course, at=timezone.now())
    context = {
        "course": course,
        "coming": [event for event in coming if not event.is_cancelled],
        "crumbs": crumbs_of_course(course, "Retire"),
    }
    return render(request, "training/course_retire.html", context)


patterns = [
    path("training/courses/", CourseList.as_view(), name="course-list"),
    path("training/courses/add/", add, name="course-add"),
    path("training/courses/<int:pk>/", detail, name="course-detail"),
    path("training/courses/<int:pk>/change/", change, name="course-change"),
    path("training/courses/<int:pk>/retire/", retire, name="course-retire"),
]
