"""The plan in pictures, for the partnership's own people."""

from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import get_permitted, may
from plans.course import read_course
from plans.drift_views import crumbs
from plans.models import Plan
from plans.pictures import completion, glance, timeline


@require_safe
def plan_pictures(request, pk):
    """Ratings at a glance, deliverables over time, completion."""
    plan = get_permitted(request.user, Plan, "view", pk=pk)
    today = timezone.localdate()
    course = read_course(plan, on=today)
    rounds, glance_rows = glance(course, on=today)
    context = {
        "plan": plan,
        "course": course,
        "rounds": rounds,
        "glance_rows": glance_rows,
        "timeline": timeline(course, on=today),
        "completion": completion(course, on=today),
        "may_oversee": may(request.user, "oversee", plan),
        "today": today,
        "crumbs": crumbs(plan, "In pictures"),
    }
    return render(request, "plans/plan_pictures.html", context)


patterns = [path("plans/<int:pk>/pictures/", plan_pictures, name="plan-pictures")]
