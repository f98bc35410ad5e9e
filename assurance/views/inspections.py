"""Inspections: the register, one inspection, and what the office does with it until it is closed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assurance import inspections
from assurance.follow_ups import lines_of
from assurance.inspection_forms import InspectionCloseForm, InspectionForm, RecommendForm
from assurance.inspection_lists import InspectionExport, InspectionFilter, InspectionTable, register
from assurance.models import Inspection
from assurance.views.registers import action_page, for_whom, form_page, own_partnership
from partnership.access import get_permitted, may
from partnership.lists import RecordList
from plans.priority_links import shown_priorities
from reviews.models import Recommendation

GET_OR_POST = ["GET", "HEAD", "POST"]
LIST = "assurance:inspection-list"


def crumbs(*here):
    ways = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [("Inspections", reverse(LIST) if here else None), *ways]


def crumbs_of(inspection, here=None):
    top = (inspection.title, inspection.get_absolute_url() if here else None)
    return crumbs(top, *([here] if here else []))


class InspectionList(RecordList):
    """Open ones first, the newest first."""

    table_class, filterset_class = InspectionTable, InspectionFilter
    template_name = "assurance/inspection_list.html"
    export_name = "inspections"

    def get_queryset(self):
        return register(self.request.user)

    def get_table_class(self):
        return InspectionExport if self.request.GET.get(self.export_trigger_param) else InspectionTable

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_add=bool(self.request.user.standing.office_ids), crumbs=crumbs(), **kwargs)


@require_safe
def detail(request, pk):
    """One inspection: what it said, what it recommends, what is done because of it."""
    inspection = get_permitted(request.user, Inspection, "view", pk=pk)
    recommended = Recommendation.objects.visible_to(request.user).filter(inspections=inspection).with_standing()
    context = {
        "inspection": inspection,
        "recommendations": recommended.order_by("closed_on", "ref", "pk"),
        "actions": lines_of(inspection),
        "themes": inspection.themes.all(),
        "priorities": shown_priorities(inspection, request.user),
        "may_change": may(request.user, "change", inspection),
        "may_look_back": may(request.user, "look_back", inspection),
        "today": timezone.localdate(),
        "crumbs": crumbs_of(inspection),
    }
    return render(request, "assurance/inspection_detail.html", context)


@require_http_methods(GET_OR_POST)
def add(request):
    return for_whom(
        request,
        name="assurance:inspection-add-for",
        title="Add an inspection",
        crumbs=crumbs("Add an inspection"),
        cancel_url=reverse(LIST),
    )


@require_http_methods(GET_OR_POST)
def add_for(request, pk):
    partnership = own_partnership(request.user, pk)
    instance = Inspection(partnership=partnership)
    form = InspectionForm(request.POST or None, instance=instance, user=request.user, cancel_url=reverse(LIST))
    form.submit_label = "Add the inspection"
    if form.is_valid():
        inspection, is_new = inspections.add_inspection(partnership, **form.cleaned_data)
        messages.success(request, "The inspection is in the register" if is_new else "It is in the register already")
        return redirect(inspection)
    lede = f"For {partnership}. Its office, its advisor and the organisation read it; members once they are told."
    return form_page(request, form, title="Add an inspection", crumbs=crumbs("Add an inspection"), lede=lede)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    inspection = get_permitted(request.user, Inspection, "change", pk=pk)
    form = InspectionForm(
        request.POST or None, instance=inspection, user=request.user, cancel_url=inspection.get_absolute_url()
    )
    if form.is_valid():
        form.save()
        messages.success(request, "The inspection is saved")
        return redirect(inspection)
    return form_page(request, form, title=f"Change “{inspection.title}”", crumbs=crumbs_of(inspection, "Change"))


@require_http_methods(GET_OR_POST)
def action(request, pk):
    inspection = get_permitted(request.user, Inspection, "change", pk=pk)
    return action_page(request, inspection, crumbs=crumbs_of(inspection, "Add an action"), what="the inspection")


@require_http_methods(GET_OR_POST)
def recommend(request, pk):
    """Keep what it recommends among all recommendations, which every member reads."""
    inspection = get_permitted(request.user, Inspection, "change", pk=pk)
    if inspection.released_on is None:
        messages.error(request, "Every member reads recommendations. Tell members of the inspection first")
        return redirect("assurance:inspection-release", inspection.pk)
    form = RecommendForm(
        request.POST or None,
        inspection=inspection,
        on=timezone.localdate(),
        cancel_url=inspection.get_absolute_url(),
    )
    if form.is_valid():
        try:
            kept, new_count = inspections.recommend(inspection, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            several = "1 recommendation is" if new_count == 1 else f"{new_count} recommendations are"
            messages.success(request, f"{several} kept" if new_count else "That is there already, so nothing was added")
            return redirect(f"{inspection.get_absolute_url()}#recommendations")
    return form_page(
        request,
        form,
        title="Add recommendations",
        crumbs=crumbs_of(inspection, "Add recommendations"),
        lede="Each is answered, put on a plan and looked at again on its own page.",
    )


@require_http_methods(GET_OR_POST)
def release(request, pk):
    """Tell members, or take it back while they read nothing else that names it."""
    inspection = get_permitted(request.user, Inspection, "change", pk=pk)
    if request.method == "POST":
        try:
            if request.POST.get("action") == "back":
                inspections.take_back(inspection)
                messages.success(request, "Members read it no longer")
            else:
                inspections.tell_members(inspection, on=timezone.localdate())
                messages.success(request, f"Members of {inspection.partnership} can read it now")
        except ValidationError as problem:
            messages.error(request, problem.message)
        return redirect(inspection)
    context = {
        "inspection": inspection,
        "has_recommendations": inspection.recommendations.exists(),
        "crumbs": crumbs_of(inspection, "Tell members"),
    }
    return render(request, "assurance/inspection_release.html", context)


@require_http_methods(GET_OR_POST)
def close(request, pk):
    """Close it with what came of it, or open it again."""
    inspection = get_permitted(request.user, Inspection, "change", pk=pk)
    if request.method == "POST" and request.POST.get("action") == "reopen":
        inspections.reopen_inspection(inspection)
        messages.success(request, "The inspection is open again")
        return redirect(inspection)
    if inspection.closed_on:
        return redirect(inspection)
    form = InspectionCloseForm(
        request.POST or None,
        left=inspections.still_open(inspection),
        initial={"because": inspection.closed_because},
        cancel_url=inspection.get_absolute_url(),
    )
    if form.is_valid():
        try:
            inspections.close_inspection(inspection, on=timezone.localdate(), **form.cleaned_data)
        except ValidationError as problem:
            form.add_error("is_anyway" if "is_anyway" in form.fields else None, problem)
        else:
            messages.success(request, "The inspection is closed")
            return redirect(inspection)
    lede = "It stays in the register, and can be opened again."
    return form_page(
        request, form, title=f"Close “{inspection.title}”", crumbs=crumbs_of(inspection, "Close"), lede=lede
    )


patterns = [
    path("inspections/", InspectionList.as_view(), name="inspection-list"),
    path("inspections/add/", add, name="inspection-add"),
    path("inspections/add/<int:pk>/", add_for, name="inspection-add-for"),
    path("inspections/<int:pk>/", detail, name="inspection-detail"),
    path("inspections/<int:pk>/change/", change, name="inspection-change"),
    path("inspections/<int:pk>/action/", action, name="inspection-action"),
    path("inspections/<int:pk>/recommend/", recommend, name="inspection-recommend"),
    path("inspections/<int:pk>/release/", release, name="inspection-release"),
    path("inspections/<int:pk>/close/", close, name="inspection-close"),
]
