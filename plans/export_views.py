"""A plan to take away: as Excel and CSV for its people, the published one as JSON for everyone."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import may
from partnership.downloads import as_attachment
from partnership.lists import SafeExport
from partnership.public import find_partnership
from plans.documents import filename_of, stem_of
from plans.models import PlanVersion
from plans.plan_excel import make_csv, make_workbook
from plans.public import published_plan
from plans.snapshots import take_snapshot
from plans.views import get_plan

XLSX, CSV = "xlsx", "csv"


@require_safe
def plan_excel(request, pk, kind=XLSX):
    """The plan as it stands, for its own people; for others its latest published version."""
    plan = get_plan(request.user, pk)
    if not may(request.user, "view", plan):
        version = plan.versions.published().newest_first().first()
        if version is None:
            raise Http404
        return as_file(version.snapshot, kind, number=version.number, name=filename_of(version, kind))
    name = f"{stem_of(plan.title)}.{kind}"
    return as_file(take_snapshot(plan), kind, number=plan.version, name=name)


@require_safe
def version_excel(request, pk, kind=XLSX):
    """The plan as it stood in this version."""
    version = PlanVersion.objects.visible_to(request.user).filter(pk=pk).first()
    if version is None:
        raise Http404
    return as_file(version.snapshot, kind, number=version.number, name=filename_of(version, kind))


def as_file(snapshot, kind, *, number, name):
    content = make_csv(snapshot) if kind == CSV else make_workbook(snapshot, number=number)
    return as_attachment(content, name, SafeExport.FORMATS[kind])


@login_not_required
@require_safe
def public_json(request, slug):
    """The published plan as data: what anybody may read on its page, with nothing that only we understand."""
    version = published_plan(find_partnership(slug), on=timezone.localdate())
    if version is None:
        raise Http404
    response = JsonResponse(public_values(version), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Access-Control-Allow-Origin"] = "*"  # anybody's page may show it
    return response


def public_values(version):
    """``version`` for others: without our keys, with what it is and when it was published."""
    values = without_keys(version.snapshot)
    plan = values.pop("plan")
    return {
        "title": plan["title"],
        "version": version.number,
        "published_on": timezone.localdate(version.made_at).isoformat(),
        "fingerprint": version.sha256,
        "partnerships": plan["partnerships"],
        "starts_on": plan["starts_on"],
        "ends_on": plan["ends_on"],
        "introduction": plan["introduction"],
        **{name: values[name] for name in ("drivers", "review_dates", "ratings", "priorities")},
    }


OURS = {"key", "carried_from", "token", "shape"}


def without_keys(value):
    """``value`` without the names by which our own records and colours are found."""
    if isinstance(value, dict):
        return {name: without_keys(each) for name, each in value.items() if name not in OURS}
    return [without_keys(each) for each in value] if isinstance(value, list) else value


patterns = [
    path("plans/<int:pk>/plan.xlsx", plan_excel, name="plan-excel"),
    path("plans/<int:pk>/plan.csv", plan_excel, {"kind": CSV}, name="plan-csv"),
    path("plan-versions/<int:pk>/plan.xlsx", version_excel, name="version-excel"),
    path("plan-versions/<int:pk>/plan.csv", version_excel, {"kind": CSV}, name="version-csv"),
    path("p/<slug:slug>/plan.json", public_json, name="public-plan-json"),
]
