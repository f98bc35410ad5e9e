"""Documents of a version: asked for by one press, watched while they are made, taken away."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.whole_numbers import whole_number
from plans.documents import WORD, filename_of, request_document
from plans.models import Plan, PlanDocument, PlanVersion
from plans.tasks import build_soon


@require_POST
def make_document(request, pk):
    """Ask the worker for a version as PDF and Word; with ``earlier``, for what changed since that version.

    What was asked for already is the answer, so a second press makes nothing twice.
    """
    version = get_permitted(request.user, PlanVersion, "view", pk=pk)
    earlier = find_earlier(request, version)
    document = request_document(version, by=request.user, earlier=earlier)
    if document.is_under_way:
        build_soon(document)
    return redirect(document)


def find_earlier(request, version):
    """The version named in the body: any other that this person may see, as on the page that compares."""
    key = request.POST.get("earlier", "")
    if not key:
        return None
    return get_object_or_404(PlanVersion.objects.visible_to(request.user).exclude(pk=version.pk), pk=whole_number(key))


@require_safe
def document_detail(request, pk):
    """How far a document is; htmx asks for the moving part alone, once a second, until it is done."""
    document = get_permitted(request.user, PlanDocument, "view", pk=pk)
    version = document.version
    plan = version.plan
    is_shown = Plan.objects.visible_to(request.user).filter(pk=plan.pk).exists()
    context = {
        "document": document,
        "version": version,
        "plan": plan,
        "crumbs": [
            ("Plans", reverse("plans:plan-list")),
            *([(str(plan), plan.get_absolute_url())] if is_shown else []),
            (f"Version {version.number}", version.get_absolute_url()),
            ("What changed" if document.earlier_id else "PDF and Word", None),
        ],
    }
    part = "#progress" if request.htmx else ""
    return render(request, f"plans/document_detail.html{part}", context)


@require_safe
def document_download(request, pk, kind):
    """The file as it was made. One that is not there (yet) leads back to its page."""
    if kind not in KINDS:
        raise Http404
    document = get_permitted(request.user, PlanDocument, "view", pk=pk)
    field, ending, content_type = KINDS[kind]
    content = getattr(document, field) if document.is_done else None
    if content is None:
        return redirect(document)
    name = filename_of(document.version, ending, earlier=document.earlier)
    return as_attachment(content, name, content_type)


# Field, ending and type of each file a document may hold.
KINDS = {"pdf": ("pdf", "pdf", "application/pdf"), "word": ("word", "docx", WORD)}

patterns = [
    path("plans/versions/<int:pk>/documents/", make_document, name="document-make"),
    path("plans/documents/<uuid:pk>/", document_detail, name="document-detail"),
    path("plans/documents/<uuid:pk>/<str:kind>/", document_download, name="document-download"),
]
