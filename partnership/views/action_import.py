"""Bring actions from a spreadsheet into a group's log: the file, what was understood of it, yes."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted
from partnership.actions_importing import Draft, confirm_actions, stage_actions
from partnership.forms import PlannerForm
from partnership.models import ActionImport
from partnership.sheet_lists import CannotImport
from partnership.uploads import UnreadableFile
from partnership.views.actions import link_to_log
from partnership.views.meetings import crumbs_of, find_group

ROWS_A_PAGE = 50
PROBLEMS_A_PAGE = 100
MOST_NOTES = 20


class ActionImportForm(PlannerForm):
    submit_label = "Read the file"

    document = forms.FileField(
        label="The spreadsheet",
        help_text="An Excel workbook (.xlsx) or a CSV file, one action a row, at most 5,000. It is only read: nothing "
        "is put in the log until you say yes.",
        error_messages={"required": "Choose the file that holds the actions"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].widget.attrs["accept"] = ".xlsx,.csv"


class ConfirmForm(PlannerForm):
    """The yes. Where a line is in the log already and the sheet says otherwise, it says which of the two counts."""

    submit_label = "Yes, put these in the log"

    KEEP, TAKE = "keep", "take"
    changes = forms.ChoiceField(
        label="What about the lines that are in the log already?",
        choices=[(KEEP, "Leave them as they are in the log"), (TAKE, "Change them to what the spreadsheet says")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the lines that are there already change"},
    )

    def __init__(self, *args, has_changes, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_changes:
            del self.fields["changes"]


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, pk):
    """Step 1: a file, for the log of this group."""
    group = find_group(request.user, pk, "run")
    form = ActionImportForm(request.POST or None, request.FILES or None, cancel_url=link_to_log(group)[1])
    if form.is_valid():
        try:
            staged = stage_actions(form.cleaned_data["document"], group=group, by=request.user)
        except UnreadableFile as problem:
            form.add_error("document", str(problem))
        else:
            return redirect(staged)
    context = {"group": group, "form": form, "crumbs": crumbs_of(group, link_to_log(group), ("Bring actions", None))}
    return render(request, "partnership/action_import_upload.html", context, status=form.status)


@require_safe
def preview(request, pk):
    """Step 2: every problem by its cell; without any, every row and what becomes of it."""
    staged = get_permitted(request.user, ActionImport, "view", pk=pk)
    if staged.confirmed_at:
        context = shown(staged) | {"made": staged.understood["made"]}
        return render(request, "partnership/action_import_done.html", context)
    return show(request, staged, Draft(staged, on=timezone.localdate()))


def show(request, staged, draft, form=None):
    form = form or ConfirmForm(has_changes=draft.has_changes)
    form.helper.form_action = reverse("partnership:action-import-confirm", args=[staged.pk])
    listed, a_page = (draft.problems, PROBLEMS_A_PAGE) if draft.problems else (draft.rows, ROWS_A_PAGE)
    context = {
        **shown(staged),
        "draft": draft,
        "counts": draft.counts,
        "form": form,
        "notes": draft.notes[:MOST_NOTES],
        "more_notes": max(0, len(draft.notes) - MOST_NOTES),
        "left_out": staged.understood.get("left_out", []),
        "page_obj": Paginator(listed, a_page).get_page(request.GET.get("page")),
    }
    return render(request, "partnership/action_import_preview.html", context, status=form.status)


def shown(staged):
    group = staged.group
    again = ("Bring actions", reverse("partnership:action-import-upload", args=[group.pk]))
    crumbs = crumbs_of(group, link_to_log(group), again, ("What we understood", None))
    return {"staged": staged, "group": group, "crumbs": crumbs, "again": again[1], "log": link_to_log(group)[1]}


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, pk):
    """Step 3: yes. The second yes of a double click makes nothing again."""
    staged = get_permitted(request.user, ActionImport, "confirm", pk=pk)
    if request.method != "POST" or staged.confirmed_at:
        return redirect(staged)
    draft = Draft(staged, on=timezone.localdate())
    form = ConfirmForm(request.POST, has_changes=draft.has_changes)
    if not form.is_valid():
        return show(request, staged, draft, form)
    try:
        take_changes = form.cleaned_data.get("changes") == ConfirmForm.TAKE
        confirm_actions(staged, by=request.user, at=timezone.now(), take_changes=take_changes)
    except CannotImport as problem:
        messages.error(request, str(problem))
    except IntegrityError:
        messages.error(request, "Somebody else was writing in this log in the same moment. Look again, then say yes")
    else:
        messages.success(request, "The actions are in the log")
    return redirect(staged)


patterns = [
    path("groups/<int:pk>/actions/import/", upload, name="action-import-upload"),
    path("actions/import/<uuid:pk>/", preview, name="action-import-preview"),
    path("actions/import/<uuid:pk>/confirm/", confirm, name="action-import-confirm"),
]
