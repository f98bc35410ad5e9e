"""Cases, for the case review group alone. To anyone else these addresses do not exist."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from partnership.access import get_permitted
from reviews.models import Case
from reviews.timeline import next_stage_of, stages_of


class CaseList(ListView):
    """Open cases of one's case review group, then closed ones."""

    template_name = "reviews/case_list.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.standing.case_group_ids:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return Case.objects.visible_to(self.request.user).select_related("partnership")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        cases = list(context["object_list"])
        today = timezone.localdate()
        for case in cases:
            case.next_stage = next_stage_of(case, on=today)
        closed = Case.Stage.CLOSED
        context["today"] = today
        context["open_cases"] = [case for case in cases if case.stage != closed]
        context["closed_cases"] = [case for case in cases if case.stage == closed]
        return context


@require_safe
def case_detail(request, pk):
    """One case; that this person looked at it is recorded."""
    case = get_permitted(request.user, Case, "view", pk=pk)
    case.note_reading(by=request.user)
    today = timezone.localdate()
    context = {
        "case": case,
        "crumbs": [("Cases", reverse("reviews:case-list")), (case.reference, None)],
        "stages": stages_of(case, on=today),
        "today": today,
        "readings": case.readings.select_related("read_by")[:10],
    }
    return render(request, "reviews/case_detail.html", context)
