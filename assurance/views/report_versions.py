"""Versions of the annual report: what was made and for what, one of them as a page, two of them beside each other."""

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assurance.annual.comparing import compare
from assurance.annual.versions import NOW, content_at, removable, versions_of
from assurance.models import AnnualReport, ReportBuild
from assurance.printed import as_objects
from partnership.access import get_permitted
from partnership.forms import PlannerForm
from partnership.templatetags.components import long_date

UNKNOWN = "Choose a version from the list"


def crumbs_of(report, *here):
    """From the list of reports on. ``here``: (label, url) or the label of this page."""
    ways = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [("Reports", reverse("assurance:report-list")), (str(report), report.get_absolute_url()), *ways]


@require_safe
def version_list(request, pk):
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    manifest = report.published_file.manifest if report.is_published else {}
    stood_behind = {name: manifest.get(name) for name in ("signatures", "published_without")}
    context = {
        "report": report,
        "versions": versions_of(report),
        "stood_behind": as_objects(stood_behind),
        "removable_count": removable(report).count(),
        "crumbs": crumbs_of(report, "Versions"),
    }
    return render(request, "assurance/report_versions.html", context)


@require_safe
def version_read(request, pk):
    """A version as a page, as it was printed."""
    build = get_permitted(request.user, ReportBuild, "view", pk=pk)
    if not build.is_done or not build.content:
        return redirect(build)
    versions = reverse("assurance:version-list", args=[build.report_id])
    context = {
        "record": build.report,
        "report": as_objects(build.content),
        "crumbs": crumbs_of(build.report, ("Versions", versions), f"Version {build.number}"),
    }
    return render(request, "assurance/report_preview.html", context)


class CompareForm(PlannerForm):
    """What beside what. Its fields are called as the address says them: ``from`` and ``to``."""

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (("from", "Before"), ("to", "After")):
            field = forms.ChoiceField(label=label, choices=choices, error_messages={"invalid_choice": UNKNOWN})
            field.widget.attrs["class"] = "govuk-select"
            self.fields[name] = field


@require_safe
def compare_versions(request, pk):
    """Two versions, or one and the words as they are; by default the newest and the one before it."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    listed = reverse("assurance:version-list", args=[report.pk])
    context = {"report": report, "crumbs": crumbs_of(report, ("Versions", listed), "What changed")}
    choices = choices_of(report)
    if not choices:
        return render(request, "assurance/report_compare.html", context | {"nothing": True})
    numbers = [code for code, _label in choices if code != NOW]
    asked = {"from": numbers[1], "to": numbers[0]} if len(numbers) > 1 else {"from": numbers[0], "to": choices[0][0]}
    asked |= {name: request.GET[name] for name in asked if name in request.GET}
    form = CompareForm(asked, choices=choices)
    context |= {"form": form, "labels": dict(choices)}
    if not form.is_valid():
        return render(request, "assurance/report_compare.html", context, status=form.status)
    today = timezone.localdate()
    before, after = (content_at(report, asked[name], on=today) for name in ("from", "to"))
    if before is None or after is None:
        raise Http404
    context |= {
        "before": {"code": asked["from"], "label": dict(choices)[asked["from"]]},
        "after": {"code": asked["to"], "label": dict(choices)[asked["to"]]},
        "is_backwards": is_backwards(asked["from"], asked["to"]),
        "differences": compare(before, after),
    }
    return render(request, "assurance/report_compare.html", context)


def choices_of(report):
    """(code, label) of all that can be compared, the newest first; none where no proof was made yet."""
    builds = report.builds.done().filter(content__isnull=False).exclude(number=None)
    builds = builds.order_by("-number").values_list("number", "finished_at")
    choices = [(str(number), f"Version {number}, {long_date(made)}") for number, made in builds]
    if choices and not report.is_published:
        choices.insert(0, (NOW, "The words as they are now"))
    return choices


def is_backwards(before, after):
    if NOW in (before, after):
        return before == NOW and after != NOW
    return int(before) > int(after)


patterns = [
    path("reports/<int:pk>/versions/", version_list, name="version-list"),
    path("reports/<int:pk>/versions/compare/", compare_versions, name="version-compare"),
    path("reports/builds/<uuid:pk>/page/", version_read, name="version-read"),
]
