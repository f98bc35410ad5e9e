"""Cases, for the case review group alone. To anyone else these addresses do not exist."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import get_permitted
from partnership.lists import RecordList
from reviews.lists import CaseFilter, CaseTable
from reviews.models import Case
from reviews.timeline import marks_of


class CaseList(RecordList):
    """Open cases of one's case review group, then closed ones."""

    table_class, filterset_class = CaseTable, CaseFilter
    template_name = "reviews/case_list.html"
    export_name = "cases"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.standing.case_group_ids:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return (
            Case.objects.visible_to(self.request.user)
            .with_status()
            .with_next_stage()
            .select_related("partnership")
            .annotate(is_closed=Q(closed_on__isnull=False))
            .order_by("is_closed", "-aware_on", "pk")
        )


@require_safe
def case_detail(request, pk):
    """One case; that this person looked at it is recorded."""
    case = get_permitted(request.user, Case, "view", pk=pk)
    case.note_reading(by=request.user)
    case = Case.objects.with_status().select_related("partnership").get(pk=case.pk)
    today = timezone.localdate()
    context = {
        "case": case,
        "crumbs": [("Cases", reverse("reviews:case-list")), (case.reference, None)],
        "marks": marks_of(case, on=today),
        "today": today,
        "readings": case.readings.select_related("read_by")[:10],
    }
    return render(request, "reviews/case_detail.html", context)


patterns = [
    path("reviews/", CaseList.as_view(), name="case-list"),
    path("reviews/<uuid:pk>/", case_detail, name="case-detail"),
]
