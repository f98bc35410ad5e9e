"""Moderation panels: a sample of self-assessments looked at by partners, score by score."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from tablib import Dataset

from assurance import moderation, scrutiny
from assurance.models import ModerationPanel, Return
from assurance.moderation import BeingChanged, PanelClosed
from assurance.moderation_forms import CloseForm, PanelForm, ScoresForm
from assurance.rules import has_conflict
from assurance.views.scrutiny import crumbs_of, find_request
from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
STANDS = "This panel is closed, so its scores stand"
COLUMNS = ["Organisation", "Section", "Standard", "Own score", "Panel’s score", "Differs", "Why", "Given by"]


@asks_and_answers
def add(request, pk, slug):
    """Choose who sits, when, and which returns they look at."""
    record, partnership = find_request(request.user, pk, slug)
    may_or_refuse(request.user, "judge", scrutiny.shell(record, partnership))
    if record.standards_id is None:
        raise Http404
    panel = ModerationPanel(request=record, partnership=partnership, group=record.group)
    return facts(request, panel, title="A moderation panel")


@asks_and_answers
def change(request, pk):
    panel = find_panel(request.user, pk)
    if panel.closed_at:
        return stands(request, panel)
    may_or_refuse(request.user, "moderate", panel)
    return facts(request, panel, title="Change the panel")


def facts(request, panel, *, title):
    """The form of a panel's facts and sample; saved, the panel's page."""
    copies = moderation.given_now(panel.request, panel.partnership)
    form = PanelForm(
        request.POST or None,
        instance=panel,
        candidates=Return.objects.filter(pk__in=copies).select_related("organisation").order_by("organisation__name"),
        because=moderation.suggested(panel.request, panel.partnership, copies),
        on=timezone.localdate(),
        cancel_url=panel.get_absolute_url() if panel.pk else panel.request.get_absolute_url(),
    )
    if form.is_valid():
        try:
            panel = keep(panel, form.cleaned_data)
        except PanelClosed:
            return stands(request, panel)
        messages.success(request, "Panel saved. Score the returns one by one")
        return redirect(panel)
    context = {
        "form": form,
        "title": title,
        "has_candidates": bool(copies),
        "crumbs": [*crumbs_of(panel.request), (title, None)],
    }
    return render(request, "assurance/panel_form.html", context, status=form.status)


def keep(panel, answers):
    if panel.pk:
        return moderation.change_panel(panel, **answers)
    return moderation.begin_panel(panel.request, panel.partnership, **answers)


def find_panel(user, pk):
    return get_permitted(user, ModerationPanel, "view", pk=pk)


def stands(request, panel):
    messages.info(request, STANDS)
    return redirect(panel)


def shown_to(user, panel):
    """{return's key: rows} of the panel; of a group's member without the return of their own organisation."""
    found = moderation.rows_of([panel])[panel.pk]
    return {key: rows for key, rows in found.items() if not is_own(user, panel, key, rows)}


def is_own(user, panel, key, rows):
    if panel.partnership_id in user.standing.office_ids:
        return False
    return bool(rows) and rows[0].record.organisation_id in user.standing.organisation_ids


@require_safe
def detail(request, pk):
    """Each return of the sample: the organisation's scores beside the panel's."""
    panel = find_panel(request.user, pk)
    found = shown_to(request.user, panel)
    context = {
        "panel": panel,
        "returns": [
            {
                "record": rows[0].record,
                "rows": rows,
                "given": sum(row.given is not None for row in rows),
                "differing": sum(row.differs for row in rows),
            }
            for rows in found.values()
            if rows
        ],
        "may_moderate": may(request.user, "moderate", panel),
        "crumbs": crumbs(panel),
    }
    return render(request, "assurance/panel_detail.html", context)


@asks_and_answers
def scores(request, pk, return_pk):
    """What the panel says of one return."""
    panel = find_panel(request.user, pk)
    rows = moderation.rows_of([panel])[panel.pk].get(return_pk)
    if not rows:
        raise Http404
    record = rows[0].record
    if has_conflict(request.user, scrutiny.scrutiny_of(record, panel.partnership)):
        raise PermissionDenied
    if panel.closed_at:
        return stands(request, panel)
    may_or_refuse(request.user, "moderate", panel)
    if record.submitted_at is None:
        messages.info(request, "This return was handed back. Score it when it comes again")
        return redirect(panel)
    scale = panel.request.standards.scale
    points = {point.value: point for point in scale.points.all()}
    if request.method == "POST":
        rows = read_again(panel, return_pk)
    form = ScoresForm(request.POST or None, rows=rows, scale=scale, points=points)
    if form.is_valid():
        try:
            moderation.keep_scores(panel, record, form.scores, by=request.user, at=timezone.now())
        except PanelClosed:
            return stands(request, panel)
        except BeingChanged:
            messages.error(request, "This return was handed back meanwhile, so nothing was saved")
            return redirect(panel)
        messages.success(request, f"Scores of {record.organisation} saved")
        return redirect(f"{panel.get_absolute_url()}#r{record.pk}")
    context = {
        "panel": panel,
        "record": record,
        "form": form,
        "crumbs": [*crumbs(panel)[:-1], (str(panel), panel.get_absolute_url()), (str(record.organisation), None)],
    }
    return render(request, "assurance/panel_scores.html", context, status=form.status)


def read_again(panel, return_pk):
    """The rows as they stand while nobody else can save."""
    ModerationPanel.objects.select_for_update(of=["self"], no_key=True).get(pk=panel.pk)
    return moderation.rows_of([panel])[panel.pk][return_pk]


@asks_and_answers
def close(request, pk):
    """From now on its scores stand."""
    panel = find_panel(request.user, pk)
    if panel.closed_at:
        return stands(request, panel)
    may_or_refuse(request.user, "moderate", panel)
    form = CloseForm(request.POST or None, initial={"note": panel.note}, cancel_url=panel.get_absolute_url())
    if form.is_valid():
        moderation.close_panel(panel, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "The panel is closed. Its scores stand")
        return redirect(panel)
    rows = [row for each in moderation.rows_of([panel])[panel.pk].values() for row in each]
    context = {
        "form": form,
        "title": "Close the panel",
        "has_candidates": True,
        "waiting": sum(row.given is None for row in rows),
        "crumbs": [*crumbs(panel)[:-1], (str(panel), panel.get_absolute_url()), ("Close", None)],
    }
    return render(request, "assurance/panel_form.html", context, status=form.status)


@require_safe
def excel(request, pk):
    """Every score of the sample as a spreadsheet."""
    panel = find_panel(request.user, pk)
    sheet = Dataset(headers=COLUMNS, title="Moderated scores")
    for rows in shown_to(request.user, panel).values():
        for row in rows:
            given = row.given or {}
            sheet.append(
                [
                    str(row.record.organisation),
                    row.line.section,
                    row.line.title,
                    row.own_words,
                    row.words,
                    "Yes" if row.differs else "",
                    row.reason,
                    given.get("given_by__name", ""),
                ]
            )
    return as_attachment(as_workbook(sheet), "moderated-scores.xlsx", EXCEL)


def crumbs(panel):
    return [*crumbs_of(panel.request), (str(panel), None)]


PANEL = "returns/panels/<int:pk>/"

patterns = [
    path("requests/<int:pk>/panels/<slug:slug>/add/", add, name="panel-add"),
    path(PANEL, detail, name="panel-detail"),
    path(f"{PANEL}change/", change, name="panel-change"),
    path(f"{PANEL}close/", close, name="panel-close"),
    path(f"{PANEL}scores.xlsx", excel, name="panel-excel"),
    path(f"{PANEL}returns/<uuid:return_pk>/", scores, name="moderated-score"),
]
