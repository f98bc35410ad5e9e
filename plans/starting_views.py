"""The page on which a plan is started."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from partnership.access import may_or_refuse
from partnership.models import Partnership
from partnership.standing import standing_of
from plans.models import Plan
from plans.starting import next_period, start_plan
from plans.starting_forms import EMPTY, StartForm
from plans.views import asks_and_answers


@asks_and_answers
def start(request):
    """A plan begins as a draft: empty, or from one that is there (``?from=`` its key)."""
    partnerships = Partnership.objects.of_office(request.user)
    may_or_refuse(request.user, "office", partnerships.first() or Partnership())
    plans = list(Plan.objects.that_can_be_continued_by(request.user).prefetch_related("partnerships"))
    form = StartForm(
        request.POST or None,
        partnerships=partnerships,
        plans=plans,
        initial=suggested(request, list(partnerships), plans),
        cancel_url=reverse("plans:plan-list"),
    )
    if form.is_valid():
        values = form.values()
        try:
            plan = start_plan(**values)
        except ValidationError as problem:
            form.add_error("starts_on", problem)
        else:
            if plan.continues_id:
                messages.success(request, f"“{plan}” is started as a draft. Decide what goes into it.")
                return redirect("plans:plan-carry", plan.continues_id)
            messages.success(request, f"“{plan}” is started as a draft. Only the office and the advisor see it.")
            return redirect(plan)
    crumbs = [("Plans", reverse("plans:plan-list")), ("Start a plan", None)]
    return render(request, "plans/plan_start.html", {"form": form, "crumbs": crumbs}, status=form.status)


def suggested(request, partnerships, plans):
    """The next financial year, from the plan asked for or the latest one that can be carried forward."""
    asked = next((plan for plan in plans if str(plan.pk) == request.GET.get("from")), None)
    earlier = asked or (plans[0] if plans and "from" not in request.GET else None)
    own = partnerships
    if earlier:
        own = list(earlier.partnerships.all())
    starts_on, ends_on = next_period(own, after=earlier, on=timezone.localdate())
    years = starts_on.year if starts_on.year == ends_on.year else f"{starts_on.year} to {ends_on.year}"
    return {
        "begins": earlier.pk if earlier else EMPTY,
        "partnerships": own,
        "title": f"Business plan {years}",
        "starts_on": starts_on,
        "ends_on": ends_on,
        "audience": earlier.audience if earlier else Plan.Audience.CHILDREN,
    }


def may_start(user):
    return bool(standing_of(user).office_ids)


patterns = [path("plans/start/", start, name="plan-start")]
