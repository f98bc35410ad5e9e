"""An organisation's pack: what is in it, and the pack itself as PDF or Excel."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from assurance.organisation_pack import make_pdf, may_have_pack, pack_of, sheets_of
from partnership.access import get_permitted
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.models import Organisation
from partnership.pdf import PdfProblem
from partnership.whole_numbers import whole_number


@require_safe
def show(request, pk):
    organisation, pack = asked(request, pk)
    context = {
        "organisation": organisation,
        "pack": pack,
        "crumbs": [("Returns", reverse("assurance:return-list")), (organisation.name, None)],
    }
    return render(request, "assurance/organisation_pack.html", context)


def asked(request, pk):
    """The organisation, and the pack of the years that the address asks for (none: all)."""
    organisation = get_permitted(request.user, Organisation, "view", pk=pk)
    if not may_have_pack(request.user, organisation):
        raise PermissionDenied
    years = {whole_number(year) for year in request.GET.getlist("year")}
    return organisation, pack_of(request.user, organisation, years=years, on=timezone.localdate())


@require_safe
def take(request, pk, kind):
    organisation, pack = asked(request, pk)
    name = f"{slugify(organisation.name)}-{pack.chosen[0] if pack.chosen else 'empty'}.{kind}"
    if kind == "xlsx":
        return as_attachment(as_workbook(*sheets_of(pack)), name, EXCEL)
    try:
        return as_attachment(make_pdf(pack).content, name)
    except PdfProblem as problem:
        messages.error(request, f"{problem} Take the Excel file instead.")
        return redirect("assurance:organisation-pack", pk)


PACK = "organisations/<int:pk>/pack"

patterns = [
    path(f"{PACK}/", show, name="organisation-pack"),
    path(f"{PACK}.pdf", take, {"kind": "pdf"}, name="organisation-pack-pdf"),
    path(f"{PACK}.xlsx", take, {"kind": "xlsx"}, name="organisation-pack-xlsx"),
]
