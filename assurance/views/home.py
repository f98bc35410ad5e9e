"""The first pages people see: My work for everyone, the desk for the office."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assurance import dashboards
from assurance.annual.at_home import report_panel
from assurance.role_panels import figures_of_office
from assurance.training_panel import figures_of_training
from assurance.views.getting_started import steps_panel
from partnership.overview import figures_for
from partnership.standing import standing_of
from plans.models import Plan


@require_safe
def my_work(request):
    """What is due from me, one button each."""
    now = timezone.localtime()
    context = {
        "work": dashboards.my_work(request.user, at=now),
        "greeting": "Good morning" if now.hour < 12 else "Good afternoon" if now.hour < 18 else "Good evening",
        "is_office": bool(standing_of(request.user).office_ids),
        "steps": steps_panel(request, at=now),
        "out_for_comment": Plan.objects.out_for_comment_to(request.user),
        "today": now.date(),
    }
    return render(request, "assurance/my_work.html", context)


@require_safe
def desk(request):
    """How the plan stands and what needs the office today."""
    if not standing_of(request.user).office_ids:
        raise PermissionDenied
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "steps": steps_panel(request, at=now),
        "desk": dashboards.desk(request.user, on=today, narrowed_to=request.GET.get("plan", "")),
        "to_answer": Plan.objects.with_comments_to_answer(request.user),
        "figures": figures_for(request.user, on=today),
        "assured": figures_of_office(request.user, on=today),
        "trained": figures_of_training(request.user, on=today),
        "report_panel": report_panel(request.user, on=today),
        "today": today,
    }
    return render(request, "assurance/desk.html", context)
