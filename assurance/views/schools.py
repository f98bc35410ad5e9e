"""The register of schools: the list, one school, a file brought into it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.models import School, SchoolImport
from assurance.schools.forms import SchoolForm, SchoolImportForm
from assurance.schools.importing import Draft, confirm_schools, stage_schools
from assurance.schools.lists import SchoolFilter, SchoolTable
from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.models import Partnership
from partnership.uploads import UnreadableFile

GET_OR_POST = ["GET", "HEAD", "POST"]
LINES_A_PAGE = 50
MOST_PROBLEMS = 100


def wide_or_refuse(user):
    """Schools are the office's and the advisor's to read."""
    if not user.standing.wide_ids:
        raise PermissionDenied


def offices_or_refuse(user):
    if not user.standing.office_ids:
        raise PermissionDenied
    return Partnership.objects.of_office(user)


def crumbs(*more):
    here = ("Schools", reverse("assurance:school-list") if more else None)
    return [("Returns", reverse("assurance:return-list")), here, *more]


class SchoolList(RecordList):
    """The schools of one's areas, to narrow and take away."""

    table_class, filterset_class = SchoolTable, SchoolFilter
    template_name = "assurance/school_list.html"
    export_name = "schools"

    def get(self, request, *args, **kwargs):
        wide_or_refuse(request.user)
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        return School.objects.visible_to(self.request.user).select_related("area").order_by("name", "urn")

    def get_context_data(self, **kwargs):
        is_office = bool(self.request.user.standing.office_ids)
        return super().get_context_data(crumbs=crumbs(), is_office=is_office, **kwargs)


@require_safe
def school_detail(request, pk):
    """One school, and what it answered to each survey."""
    school = get_permitted(request.user, School, "view", pk=pk)
    returns = school.returns.visible_to(request.user).select_related("survey").order_by("-survey__due_on")
    context = {
        "school": school,
        "returns": returns,
        "today": timezone.localdate(),
        "may_change": may(request.user, "change", school),
        "crumbs": crumbs((school.name, None)),
    }
    return render(request, "assurance/school_detail.html", context)


@require_http_methods(GET_OR_POST)
def change_school(request, pk):
    """Contacts by hand: no file that leaves them empty takes them away."""
    school = get_permitted(request.user, School, "change", pk=pk)
    form = SchoolForm(request.POST or None, instance=school, cancel_url=school.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, f"Saved {school}")
        return redirect(school)
    context = {
        "form": form,
        "school": school,
        "crumbs": crumbs((school.name, school.get_absolute_url()), ("Change", None)),
    }
    return render(request, "assurance/school_form.html", context, status=form.status)


# Bringing a file


@require_http_methods(GET_OR_POST)
def bring(request):
    """Step 1: a file, and whose schools stand in it."""
    partnerships = offices_or_refuse(request.user)
    form = SchoolImportForm(
        request.POST or None,
        request.FILES or None,
        partnerships=partnerships,
        cancel_url=reverse("assurance:school-list"),
    )
    if form.is_valid():
        try:
            staged = stage_schools(
                form.cleaned_data["document"], partnership=form.cleaned_data["partnership"], by=request.user
            )
        except UnreadableFile as problem:
            form.add_error("document", str(problem))
        else:
            return redirect(staged)
    context = {"form": form, "crumbs": crumbs(("Bring schools", None))}
    return render(request, "assurance/school_import.html", context, status=form.status)


@require_safe
def preview(request, pk):
    """Step 2: what is new, changed, closed and left out; afterwards what was brought."""
    staged = get_permitted(request.user, SchoolImport, "view", pk=pk)
    trail = crumbs(("Bring schools", reverse("assurance:school-import")), ("What we understood", None))
    context = {"staged": staged, "crumbs": trail, "counts": staged.understood.get("brought")}
    if staged.confirmed_at:
        return render(request, "assurance/school_import_done.html", context)
    draft = Draft(staged)
    lines = [("Closed", line) for line in draft.closed] + [("Changed", line) for line in draft.changed]
    lines += [("New", line) for line in draft.new]
    context |= {
        "draft": draft,
        "counts": draft.counts,
        "is_anything": bool(lines or draft.same),
        "problems": draft.problems[:MOST_PROBLEMS],
        "more_problems": max(0, draft.problem_count - MOST_PROBLEMS),
        "elsewhere": staged.understood.get("elsewhere", []),
        "page_obj": Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "assurance/school_import_preview.html", context)


@require_POST
def confirm(request, pk):
    """Step 3: yes. The second yes of a double click brings nothing again."""
    staged = get_permitted(request.user, SchoolImport, "confirm", pk=pk)
    confirm_schools(staged, by=request.user, at=timezone.now())
    messages.success(request, "The register is up to date")
    return redirect(staged)


patterns = [
    path("schools/", SchoolList.as_view(), name="school-list"),
    path("schools/<int:pk>/", school_detail, name="school-detail"),
    path("schools/<int:pk>/change/", change_school, name="school-change"),
    path("schools/import/", bring, name="school-import"),
    path("schools/import/<uuid:pk>/", preview, name="school-import-preview"),
    path("schools/import/<uuid:pk>/confirm/", confirm, name="school-import-confirm"),
]
