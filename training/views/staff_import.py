"""Bring a list of staff, or of what people gained elsewhere: the list, what was understood of it, yes."""

from django import forms
from django.contrib import messages
from django.core import signing
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnership.models import Organisation
from partnership.refusals import NotNow
from partnership.uploads import UnreadableFile, check_upload
from training.importing.rows_form import RowsForm
from training.importing.writing import WANTED
from training.models import Competency
from training.practitioners.forms import organisations_managed_by, roles_for
from training.practitioners.staff_importing import GainedDraft, StaffDraft, bring_gained, bring_staff
from training.practitioners.staff_sheet import GainedReading, StaffReading
from training.views.pages import GET_OR_POST
from training.views.practitioners import LIST, crumbs, refuse_unless_manages

SHOWN_ROWS, SHOWN_PROBLEMS, SHOWN_NOTES = 200, 100, 20
MEANWHILE = "Somebody else was adding some of this in the same moment. Look again, then say yes"
SALT = "training.staff"


class ListForm(RowsForm):
    """A file, or rows copied out of a spreadsheet."""

    submit_label = "Read the list"
    field_order = ["organisation"]

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Whose people are they?",
        error_messages={"required": "Choose the organisation whose people these are"},
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("organisation", organisations)


def read_list(reading, cleaned):
    """What stands in the file, or else in what was pasted. Raises UnreadableFile."""
    upload = cleaned.get("document")
    if upload:
        suffix = check_upload(upload, wanted=WANTED)
        return reading.read(upload.read(), suffix)
    return reading.read(cleaned["pasted"].strip("\r\n").encode(), ".csv")


def import_page(request, *, reading, draft_of, bring, title, lede, template, page):
    """The three steps on one address. What was understood goes along signed, so that nothing is kept before the yes."""
    refuse_unless_manages(request.user)
    organisations = organisations_managed_by(request.user).distinct().order_by("name")
    form = ListForm(request.POST or None, request.FILES or None, organisations=organisations, cancel_url=reverse(LIST))
    ways = crumbs(title)
    base = {"title": title, "lede": lede, "page": page, "crumbs": ways, "headings": reading.headings}
    if request.method == "POST" and "understood" in request.POST:
        return say_yes(request, organisations, draft_of, bring, template, base)
    if form.is_valid():
        try:
            understood = read_list(reading, form.cleaned_data)
        except UnreadableFile as problem:
            form.add_error("document" if form.cleaned_data.get("document") else "pasted", str(problem))
        else:
            organisation = form.cleaned_data["organisation"]
            pasted = "" if form.cleaned_data.get("document") else form.cleaned_data["pasted"]
            return preview(request, understood, organisation, draft_of, template, base | {"pasted": pasted})
    return render(request, "training/staff_import.html", base | {"form": form}, status=form.status)


def preview(request, understood, organisation, draft_of, template, base):
    draft = draft_of(understood, organisation)
    sealed = signing.dumps([request.user.pk, organisation.pk, understood], salt=SALT, compress=True)
    context = base | {
        "draft": draft,
        "organisation": organisation,
        "counts": draft.counts,
        "understood": sealed,
        "rows": draft.rows[:SHOWN_ROWS],
        "more_rows": max(0, len(draft.rows) - SHOWN_ROWS),
        "problems": draft.problems[:SHOWN_PROBLEMS],
        "more_problems": max(0, len(draft.problems) - SHOWN_PROBLEMS),
        "notes": draft.notes[:SHOWN_NOTES],
        "more_notes": max(0, len(draft.notes) - SHOWN_NOTES),
        "left_out": draft.left_out,
    }
    return render(request, template, context, status=422 if draft.problems else 200)


def say_yes(request, organisations, draft_of, bring, template, base):
    """Everything at once; what changed meanwhile so that it can't be made is shown again."""
    try:
        user_pk, organisation_pk, understood = signing.loads(request.POST["understood"], salt=SALT)
    except signing.BadSignature:
        messages.error(request, "The list was not whole any more. Bring it again")
        return redirect(request.path)
    organisation = organisations.filter(pk=organisation_pk).first()
    if user_pk != request.user.pk or organisation is None:
        messages.error(request, "Bring the list again")
        return redirect(request.path)
    try:
        with transaction.atomic():
            draft = bring(understood, organisation)
    except (NotNow, IntegrityError) as why:
        messages.error(request, str(why) if isinstance(why, NotNow) else MEANWHILE)
        return preview(request, understood, organisation, draft_of, template, base)
    messages.success(request, said_of(draft.counts, organisation))
    return redirect(f"{reverse(LIST)}?organisation={organisation.pk}")


def said_of(counts, organisation):
    changed = f", {counts['changed']} changed" if counts.get("changed") else ""
    return f"{organisation}: {counts['new']} new{changed}, {counts['same']} were there already"


@require_http_methods(GET_OR_POST)
def staff(request):
    today, user = timezone.localdate(), request.user
    managed = set(organisations_managed_by(user).values_list("pk", flat=True))

    def draft_of(understood, organisation):
        return StaffDraft(understood, organisation=organisation, roles=roles_for(user), managed=managed, on=today)

    def bring(understood, organisation):
        return bring_staff(
            understood,
            organisation=organisation,
            roles=roles_for(user),
            managed=managed,
            missing_left="missing_left" in request.POST,
            on=today,
        )

    return import_page(
        request,
        reading=StaffReading,
        draft_of=draft_of,
        bring=bring,
        title="Bring a list of staff",
        lede="Names, addresses, jobs, roles of the framework, since when, and managers. You see what we understood, "
        "cell by cell, before anything is made.",
        template="training/staff_import_preview.html",
        page="staff",
    )


@require_http_methods(GET_OR_POST)
def gained(request):
    today, user = timezone.localdate(), request.user
    competencies = Competency.objects.visible_to(user)

    def draft_of(understood, organisation):
        return GainedDraft(understood, organisation=organisation, competencies=competencies, on=today)

    def bring(understood, organisation):
        return bring_gained(understood, organisation=organisation, competencies=competencies, by=user, on=today)

    return import_page(
        request,
        reading=GainedReading,
        draft_of=draft_of,
        bring=bring,
        title="Record competencies for many",
        lede="What people gained in their own agency, or elsewhere: one row for each person and competency.",
        template="training/staff_import_preview.html",
        page="gained",
    )


patterns = [
    path("training/practitioners/bring/", staff, name="practitioner-import"),
    path("training/practitioners/bring/competencies/", gained, name="record-import"),
]
