"""Bring people from a spreadsheet: the file, what was understood of it, yes."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.accounts.freshness import asks_again
from partnership.downloads import as_attachment
from partnership.forms import PlannerForm
from partnership.lists import SafeExport
from partnership.models import Partnership, PeopleImport
from partnership.people_importing import CannotImport, Draft, confirm_people, stage_people
from partnership.people_template import write_template
from partnership.standing import standing_of
from partnership.uploads import UnreadableFile

ROWS_A_PAGE = 50
PROBLEMS_A_PAGE = 100
MOST_NOTES = 20


class PeopleImportForm(PlannerForm):
    submit_label = "Read the file"

    document = forms.FileField(
        label="Your list",
        help_text="An Excel workbook (.xlsx) or a CSV file, at most 5,000 rows. It is only read: nothing is made "
        "until you say yes.",
        error_messages={"required": "Choose the file that holds the list"},
    )
    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Whose people are they?",
        widget=forms.RadioSelect,
        help_text="New organisations become members of it. Its groups are the ones that the list may name.",
        error_messages={"required": "Choose the partnership whose people these are"},
    )

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = partnerships
        if len(partnerships) == 1:
            self.fields["partnership"].initial = partnerships[0]
        self.fields["document"].widget.attrs["accept"] = ".xlsx,.csv"


def offices_or_refuse(user):
    """Only an office brings people; there is no record yet to ask."""
    if not standing_of(user).office_ids:
        raise PermissionDenied
    return Partnership.objects.of_office(user)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    """Step 1: a file, and whose people stand in it."""
    partnerships = offices_or_refuse(request.user)
    form = PeopleImportForm(
        request.POST or None,
        request.FILES or None,
        partnerships=partnerships,
        cancel_url=reverse("partnership:person-list"),
    )
    if form.is_valid():
        try:
            staged = stage_people(
                form.cleaned_data["document"], partnership=form.cleaned_data["partnership"], by=request.user
            )
        except UnreadableFile as problem:
            form.add_error("document", str(problem))
        else:
            return redirect(staged)
    context = {"form": form, "crumbs": [people_crumb(), ("Bring people", None)]}
    return render(request, "partnership/people_import_upload.html", context, status=form.status)


def people_crumb():
    return ("People", reverse("partnership:person-list"))


@require_safe
def template(request):
    """An empty list with our headings, and a sheet that says how to fill it in."""
    offices_or_refuse(request.user)
    return as_attachment(write_template(), "people.xlsx", SafeExport.FORMATS["xlsx"])


@require_safe
def preview(request, pk):
    """Step 2: every problem by its cell; without any, every row and what it makes."""
    staged = get_permitted(request.user, PeopleImport, "view", pk=pk)
    if staged.confirmed_at:
        return render(
            request, "partnership/people_import_done.html", {**shown(staged), "made": staged.understood["made"]}
        )
    draft = Draft(staged, by=request.user, on=timezone.localdate())
    listed, a_page = (draft.problems, PROBLEMS_A_PAGE) if draft.problems else (draft.rows, ROWS_A_PAGE)
    context = {
        **shown(staged),
        "draft": draft,
        "counts": draft.counts,
        "notes": draft.notes[:MOST_NOTES],
        "more_notes": max(0, len(draft.notes) - MOST_NOTES),
        "left_out": staged.understood.get("left_out", []),
        "page_obj": Paginator(listed, a_page).get_page(request.GET.get("page")),
    }
    return render(request, "partnership/people_import_preview.html", context)


def shown(staged):
    crumbs = [
        people_crumb(),
        ("Bring people", reverse("partnership:people-import-upload")),
        ("What we understood", None),
    ]
    return {"staged": staged, "crumbs": crumbs}


@asks_again
@require_POST
def confirm(request, pk):
    """Step 3: yes. The second yes of a double click makes nothing again."""
    staged = get_permitted(request.user, PeopleImport, "confirm", pk=pk)
    try:
        confirm_people(staged, by=request.user, at=timezone.now())
    except CannotImport as problem:
        messages.error(request, str(problem))
    except IntegrityError:
        messages.error(request, "Somebody else was adding some of this in the same moment. Look again, then say yes")
    else:
        messages.success(request, "Everything was brought")
    return redirect(staged)
