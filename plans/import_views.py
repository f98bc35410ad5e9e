"""Import a plan: a document, what was understood of it, and the yes."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted, may_or_refuse
from partnership.models import Partnership
from plans.import_forms import ImportForm
from plans.importer import UnreadablePlan
from plans.importing import confirm_import, progress_of, stage_import, staged_table, unlinked_leads
from plans.models import PlanImport
from plans.views import asks_and_answers


@asks_and_answers
def import_upload(request):
    """Step 1: a document, and whose plan it is."""
    partnerships = Partnership.objects.of_office(request.user)
    may_or_refuse_import(request.user)
    form = ImportForm(request.POST or None, request.FILES or None, partnerships=partnerships)
    if form.is_valid():
        try:
            staged = stage_import(
                form.cleaned_data["document"], partnerships=form.cleaned_data["partnerships"], by=request.user
            )
        except UnreadablePlan as problem:
            form.add_error("document", str(problem))
        else:
            return redirect(staged)
    return render(request, "plans/import_upload.html", {"form": form}, status=form.status)


def may_or_refuse_import(user):
    """Only an office imports; there is no record yet to ask."""
    office = Partnership.objects.of_office(user).first()
    may_or_refuse(user, "office", office or Partnership())


@require_safe
def import_preview(request, pk):
    """Step 2: what was understood, cell by cell, with every doubt marked."""
    staged = get_permitted(request.user, PlanImport, "view", pk=pk)
    if staged.plan_id:
        return redirect(staged.plan)
    doubts = staged.understood.get("doubts", [])
    read = staged.understood["plan"]
    starts_on, ends_on = parse_date(read["period_start"]), parse_date(read["period_end"])
    context = {
        "staged": staged,
        "read": read,
        "period": f"{starts_on:%-d %B %Y} to {ends_on:%-d %B %Y}",
        "whose": " and ".join(str(partnership) for partnership in staged.partnerships.all()),
        "unlinked": unlinked_leads(staged),
        "notes": staged.understood.get("notes", []),
        "progress": progress_of(staged),
        "table": staged_table(staged, on=starts_on),
        "doubts": doubts,
    }
    return render(request, "plans/import_preview.html", context)


@require_POST
def import_confirm(request, pk):
    """Step 3: yes. The second yes of a double click gives the same plan."""
    staged = get_permitted(request.user, PlanImport, "confirm", pk=pk)
    plan = confirm_import(staged, by=request.user)
    messages.success(request, "The plan is imported as a draft. Nobody is asked anything until you publish it.")
    return redirect(plan)


patterns = [
    path("plans/import/", import_upload, name="import-upload"),
    path("plans/import/<uuid:pk>/", import_preview, name="import-preview"),
    path("plans/import/<uuid:pk>/confirm/", import_confirm, name="import-confirm"),
]
