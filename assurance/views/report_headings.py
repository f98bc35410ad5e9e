"""The headings of an annual report: what each rests on; its own ones added, renamed, moved and removed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.annual.heading_forms import HeadingAddForm, HeadingForm
from assurance.annual.headings import DOWN, UP, add_heading, headings_of, move_heading, remove_heading, rename_heading
from assurance.models import AnnualReport, ReportSection
from partnership.access import get_permitted, may, may_or_refuse
from partnership.refusals import NotNow

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def heading_list(request, pk):
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    sections = list(headings_of(report))
    context = {
        "report": report,
        "sections": sections,
        "may_change": may(request.user, "change", report),
        "unread_count": sum(1 for each in sections if each.rule and each.rule.is_to_be_verified),
        "crumbs": crumbs(report, "Headings"),
    }
    return render(request, "assurance/report_headings.html", context)


@require_http_methods(GET_OR_POST)
def add(request, pk):
    report = report_to_change(request, pk)
    form = HeadingAddForm(
        request.POST or None, instance=ReportSection(report=report), report=report, cancel_url=list_of(report)
    )
    if form.is_valid():
        return after(request, report, "Heading added", add_heading, report, **form.cleaned_data)
    return ask(request, report, form, "Add a heading")


@require_http_methods(GET_OR_POST)
def change(request, pk, section_pk):
    report = report_to_change(request, pk)
    section = section_of(report, section_pk)
    form = HeadingForm(request.POST or None, instance=section, report=report, cancel_url=list_of(report))
    if form.is_valid():
        return after(request, report, "Heading saved", rename_heading, section, **form.cleaned_data)
    return ask(request, report, form, "Change the heading")


@require_POST
def move(request, pk, section_pk):
    report = report_to_change(request, pk)
    section = section_of(report, section_pk)
    if request.POST.get("do") not in (UP, DOWN):
        return HttpResponseBadRequest("Say whether it goes up or down")
    return after(request, report, "", move_heading, section, request.POST["do"], place=f"#heading-{section.pk}")


@require_http_methods(GET_OR_POST)
def remove(request, pk, section_pk):
    """Ask once, then remove it. A heading that a rule asks for can't be removed."""
    report = report_to_change(request, pk)
    section = section_of(report, section_pk)
    if section.rule_id:
        raise PermissionDenied
    if request.method == "POST":
        return after(request, report, f"“{section.title}” is removed", remove_heading, section)
    context = {
        "report": report,
        "section": section,
        "filed_count": section.evidence.count(),
        "crumbs": crumbs(report, "Remove a heading"),
    }
    return render(request, "assurance/report_heading_remove.html", context)


# What they have in common


def report_to_change(request, pk):
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "change", report)
    return report


def section_of(report, pk):
    return get_object_or_404(report.sections.select_related("rule"), pk=pk)


def list_of(report):
    return reverse("assurance:heading-list", args=[report.pk])


def after(request, report, done, process, *args, place="", **kwargs):
    """Do it, and show the headings; or the report, with why it can't be done."""
    try:
        process(*args, **kwargs)
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return redirect(report)
    if done:
        messages.success(request, done)
    return redirect(f"{list_of(report)}{place}")


def ask(request, report, form, title):
    context = {"form": form, "crumbs": crumbs(report, title)}
    return render(request, "assurance/report_form.html", context, status=form.status)


def crumbs(report, here):
    trail = [("Reports", reverse("assurance:report-list")), (str(report), report.get_absolute_url())]
    return [*trail, (here, None)] if here == "Headings" else [*trail, ("Headings", list_of(report)), (here, None)]


patterns = [
    path("reports/<int:pk>/headings/", heading_list, name="heading-list"),
    path("reports/<int:pk>/headings/add/", add, name="heading-add"),
    path("reports/<int:pk>/headings/<int:section_pk>/change/", change, name="heading-change"),
    path("reports/<int:pk>/headings/<int:section_pk>/move/", move, name="heading-move"),
    path("reports/<int:pk>/headings/<int:section_pk>/remove/", remove, name="heading-remove"),
]
