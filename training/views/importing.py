"""Bring a log of training in, look at what was understood, say yes, take it back; and take a year out as a workbook."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.models import Partnership
from partnership.refusals import NotNow
from partnership.uploads import UnreadableFile
from training.figures.exporting import year_sheets
from training.figures.sheets import sheets_of
from training.importing.draft import FIELDS, LEAVE, Draft
from training.importing.rows_form import RowsForm
from training.importing.writing import confirm_log, leave_out_doubts, mend, stage_log, take_back
from training.models import Event, TrainingImport
from training.views.figures import asked_for
from training.views.pages import GET_OR_POST, asked, crumbs

TITLE = "Bring a log in"
ROWS_SHOWN = 50


class LogForm(RowsForm):
    """A file, or rows copied out of a spreadsheet."""

    what, submit_label = "The log", "Read the log"
    field_order = ["partnership"]

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Whose training was it?",
        error_messages={"required": "Choose the partnership whose training this was"},
    )

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("partnership", partnerships)


def partnerships_run_by(user):
    standing = user.standing
    found = Partnership.objects.filter(pk__in=standing.training_ids | standing.office_ids).order_by("name", "pk")
    if not found:
        raise PermissionDenied
    return found


@require_http_methods(GET_OR_POST)
def bring(request):
    partnerships = partnerships_run_by(request.user)
    files = request.FILES if request.method == "POST" else None
    form = LogForm(asked(request), files, partnerships=partnerships, cancel_url=reverse("training:event-list"))
    if form.is_valid():
        answers = form.cleaned_data
        upload = answers.get("document")
        try:
            staged = stage_log(
                upload=upload, pasted=answers["pasted"], partnership=answers["partnership"], by=request.user
            )
        except UnreadableFile as problem:
            form.add_error("document" if upload else "pasted", str(problem))
        else:
            return redirect(staged)
    earlier = TrainingImport.objects.visible_to(request.user).exclude(confirmed_at=None).select_related("document")
    context = {"form": form, "crumbs": crumbs(TITLE), "earlier": earlier[:20]}
    return render(request, "training/import.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def preview(request, pk):
    staged = get_permitted(request.user, TrainingImport, "view", pk=pk)
    on = timezone.localdate()
    if request.method == "POST":
        try:
            if "leave-out-all" in request.POST:
                leave_out_doubts(staged, on=on)
            else:
                mend(staged, **mended(request, Draft(staged, on=on)))
        except NotNow as refusal:
            messages.error(request, str(refusal))
        return redirect(staged)
    context = {"staged": staged, "crumbs": crumbs((TITLE, reverse("training:import")), "What we understood")}
    if staged.confirmed_at:
        taken_back = staged.understood.get("taken_back_at")
        context |= {
            "brought": staged.understood["brought"],
            "taken_back_at": parse_datetime(taken_back) if taken_back else None,
        }
        return render(request, "training/import_done.html", context)
    draft = Draft(staged, on=on)
    context |= {
        "draft": draft,
        "counts": draft.counts,
        "unknown": [each | {"key": key, "count": len(each["rows"])} for key, each in draft.unknown.items()],
        "doubts": [(line, doubts_of(line, draft)) for line in draft.doubtful[:ROWS_SHOWN]],
        "page_obj": Paginator(draft.events, ROWS_SHOWN).get_page(request.GET.get("page")),
    }
    return render(request, "training/import_preview.html", context)


def doubts_of(line, draft):
    """[(field, what it is called, its cell, what to do, its text)] of a line."""
    columns = draft.understood.get("columns", {})
    letters = {f"agency {name}": letter for letter, name, _what in draft.understood.get("agencies", [])}
    texts = {
        f"agency {name}": text
        for (_l, name, _w), text in zip(
            draft.understood.get("agencies", []), line.row.get("agencies", []), strict=False
        )
    }
    return [
        (
            name,
            FIELDS.get(name, name.removeprefix("agency ")),
            f"{(columns | letters).get(name, '')}{line.number}",
            says,
            texts.get(name, line.text(name)),
        )
        for name, says in line.doubts.items()
    ]


def mended(request, draft):
    """What was typed, of rows that are in doubt alone."""
    typed, cells, left_out = request.POST, {}, []
    for line in draft.doubtful:
        if f"{line.number}-left_out" in typed:
            left_out.append(line.number)
        cells[line.number] = {
            name: typed[f"{line.number}-{name}"] for name in line.doubts if f"{line.number}-{name}" in typed
        }
    choices = {**dict.fromkeys(draft.by_key), LEAVE: None}
    chosen = {}
    for place, key in enumerate(draft.unknown):
        if typed.get(f"organisation-{place}") in choices:
            chosen[key] = typed[f"organisation-{place}"]
    return {"cells": cells, "left_out": left_out, "chosen": chosen}


@require_POST
def confirm(request, pk):
    staged = get_permitted(request.user, TrainingImport, "confirm", pk=pk)
    try:
        counts = confirm_log(staged, by=request.user, at=timezone.now())
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{counts['events']} events are in the log of training")
    return redirect(staged)


@require_POST
def undo(request, pk):
    staged = get_permitted(request.user, TrainingImport, "confirm", pk=pk)
    try:
        count = take_back(staged, by=request.user, at=timezone.now())
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Taken back: {count} events, with their places")
    return redirect(staged)


@require_safe
def year_file(request):
    """Everything of a year or of some days, with names, for whoever runs the training."""
    run = partnerships_run_by(request.user)
    found = asked_for(request)
    stretch = found["stretch"]
    events = Event.objects.filter(
        pk__in=Event.objects.filter(course__partnerships__in=run).values("pk"),
        starts_at__date__range=(stretch.starts_on, stretch.ends_on),
    )
    if found["form"].chosen_partnership:
        events = events.filter(course__partnerships=found["form"].chosen_partnership)
    rows = events.not_cancelled().select_related("course").order_by("starts_at", "pk")
    sheets = sheets_of(found["figures"], needs=found["needs"], evaluation=found["evaluation"], own=found["own"])
    name = f"training-{stretch.starts_on}-to-{stretch.ends_on}-with-names.xlsx"
    return as_attachment(as_workbook(*year_sheets(rows), *sheets), name, EXCEL)


patterns = [
    path("training/import/", bring, name="import"),
    path("training/import/<uuid:pk>/", preview, name="import-preview"),
    path("training/import/<uuid:pk>/confirm/", confirm, name="import-confirm"),
    path("training/import/<uuid:pk>/take-back/", undo, name="import-take-back"),
    path("training/figures/everything.xlsx", year_file, name="year-file"),
]
