"""Indicators: the register, one with its figures, figures typed, pasted and brought, and what is taken away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from tablib import Dataset

from assurance.indicators import stale
from assurance.indicators.charts import charts_of
from assurance.indicators.comments import talk_of
from assurance.indicators.corrections import corrections_of
from assurance.indicators.entering import FiguresForm, enter_figures, periods_to_type
from assurance.indicators.exporting import dataset_of, write_template
from assurance.indicators.forms import ImportForm, IndicatorForm, PasteForm, RetireForm
from assurance.indicators.importing import (
    WHOLE,
    CannotMend,
    Draft,
    confirm_figures,
    leave_out_doubts,
    mend,
    stage_file,
    stage_pasted,
)
from assurance.indicators.lists import IndicatorFilter, IndicatorTable
from assurance.indicators.periods import Period
from assurance.indicators.sheet import FIELDS
from assurance.indicators.small_numbers import figures_of
from assurance.indicators.words import number
from assurance.models import Indicator, IndicatorImport
from partnership.access import get_permitted, may
from partnership.downloads import EXCEL, as_attachment
from partnership.forms import lock_and_refresh
from partnership.lists import BYTE_ORDER_MARK, RecordList, as_workbook, harmless
from partnership.models import Area, Partnership
from partnership.sheet_lists import CannotImport
from partnership.standing import standing_of
from partnership.templatetags.components import long_date
from partnership.uploads import UnreadableFile
from partnership.whole_numbers import whole_number
from plans.models import OutcomeStatement, Priority

GET_OR_POST = ["GET", "HEAD", "POST"]
ROWS_A_PAGE = 50
MOST_NOTES = 20


class IndicatorList(RecordList):
    """Those of one's own partnerships; small numbers as whoever asks may see them."""

    table_class, filterset_class = IndicatorTable, IndicatorFilter
    template_name = "assurance/indicator_list.html"
    export_name = "indicators"

    def get_queryset(self):
        indicators = Indicator.objects.visible_to(self.request.user).with_next_figure(on=timezone.localdate())
        return indicators.select_related("owner").in_order()

    def get_context_data(self, **kwargs):
        is_office = bool(standing_of(self.request.user).office_ids)
        return super().get_context_data(crumbs=crumbs(), is_office=is_office, **kwargs)


def crumbs(*more):
    return [("Indicators", reverse("assurance:indicator-list")), *more]


def crumbs_of(indicator, *more):
    return crumbs((str(indicator), indicator.get_absolute_url()), *more)


def seen(user, pk, verb="view"):
    indicator = get_permitted(user, Indicator, verb, pk=pk)
    return Indicator.objects.select_related("partnership", "owner", "same_as").get(pk=indicator.pk)


def offices_or_refuse(user):
    if not standing_of(user).office_ids:
        raise PermissionDenied
    return Partnership.objects.of_office(user)


# One indicator


@require_safe
def detail(request, pk):
    """What it counts, what its figures say, and every one of them as this person may see it."""
    get_permitted(request.user, Indicator, "view", pk=pk)
    today = timezone.localdate()
    indicator = (
        Indicator.objects.with_next_figure(on=today)
        .select_related("partnership", "owner", "same_as")
        .prefetch_related(
            Prefetch("priorities", Priority.objects.visible_to(request.user).select_related("plan")),
            Prefetch(
                "outcomes",
                OutcomeStatement.objects.filter(priority__in=Priority.objects.visible_to(request.user)),
            ),
        )
        .get(pk=pk)
    )
    figures = figures_of([indicator], request.user)[indicator.pk]
    sees_small = may(request.user, "read_small", indicator)
    context = {
        "indicator": indicator,
        "charts": charts_of(indicator, figures),
        "figures": figures,
        "table": table_of(indicator, figures),
        "has_hidden": any(figure.is_hidden for figure in figures),
        "sees_small": sees_small,
        "late": "" if indicator.retired_on else stale.in_words(indicator, on=today),
        "talk": talk_of(indicator, figures, on=today),
        "baseline": _with_words(indicator, indicator.baseline, indicator.baseline_words),
        "target": _with_words(
            indicator, indicator.target, indicator.target_by and f"by {long_date(indicator.target_by)}"
        ),
        "way_words": (
            "It is watched: neither way is better."
            if indicator.polarity == Indicator.Polarity.NEITHER
            else f"{indicator.get_polarity_display()}."
        ),
        "public_words": "May be shown" if indicator.is_public else "Not shown",
        "may_change": may(request.user, "change", indicator),
        "may_enter": may(request.user, "enter", indicator) and not indicator.retired_on,
        "crumbs": crumbs((str(indicator), None)),
    }
    return render(request, "assurance/indicator_detail.html", context)


def _with_words(indicator, value, words):
    return "" if value is None else f"{number(indicator, value)}{f', {words}' if words else ''}"


def table_of(indicator, figures):
    """``{"areas": names, "rows": [(Period, [cell])]}``, the newest period first; a cell is a figure in words."""
    areas = sorted({(figure.area is not None, str(figure.area or WHOLE)) for figure in figures})
    names = [name for _is_area, name in areas]
    by_place = {(figure.starts_on, str(figure.area or WHOLE)): figure for figure in figures}
    periods = sorted({Period(figure.starts_on, figure.ends_on) for figure in figures}, reverse=True)
    return {
        "areas": names,
        "rows": [
            (period, [(name, _cell(indicator, by_place.get((period.starts_on, name)))) for name in names])
            for period in periods
        ],
    }


def _cell(indicator, figure):
    """``{"said", "people", "compared", "note", "is_hidden"}``; empty for no figure."""
    if figure is None:
        return {}
    people = ""
    if figure.denominator is not None:
        counted = "" if figure.numerator is None else f"{figure.numerator:,.0f} "
        people = f"{counted}of {figure.denominator:,.0f}"
    return {
        "said": "" if figure.value is None else number(indicator, figure.value),
        "people": people,
        "compared": "" if figure.comparator is None else number(indicator, figure.comparator),
        "note": figure.note,
        "is_hidden": figure.is_hidden,
    }


@require_http_methods(GET_OR_POST)
def add(request):
    partnerships = offices_or_refuse(request.user)
    form = IndicatorForm(
        request.POST if request.method == "POST" else None,
        instance=Indicator(),
        partnerships=partnerships,
        on=timezone.localdate(),
        cancel_url=reverse("assurance:indicator-list"),
    )
    if form.is_valid():
        indicator = form.save()
        say_saved(request, form, f"“{indicator}” is in the register")
        return redirect(indicator)
    context = {"form": form, "title": "Add an indicator", "crumbs": crumbs(("Add an indicator", None))}
    return render(request, "assurance/indicator_form.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    indicator = seen(request.user, pk, "change")
    form = IndicatorForm(
        request.POST if request.method == "POST" else None,
        instance=indicator,
        partnerships=offices_or_refuse(request.user),
        on=timezone.localdate(),
        cancel_url=indicator.get_absolute_url(),
    )
    if form.is_valid():
        indicator = form.save()
        say_saved(request, form, "Saved")
        return redirect(indicator)
    context = {"form": form, "title": "Change the indicator", "crumbs": crumbs_of(indicator, ("Change", None))}
    return render(request, "assurance/indicator_form.html", context, status=form.status)


def say_saved(request, form, words):
    messages.success(request, words)
    if form.small_ones:
        small = " and ".join(form.small_ones)
        messages.warning(request, f"Everybody sees the {small}: if it counts people, it is a small number")


@require_http_methods(GET_OR_POST)
def retire(request, pk):
    """No longer followed, with a reason; its figures stay. Or followed again."""
    indicator = seen(request.user, pk, "change")
    if request.method == "POST" and "again" in request.POST:
        lock_and_refresh(indicator)
        indicator.retired_on, indicator.retired_because = None, ""
        indicator.save(update_fields=["retired_on", "retired_because"])
        messages.success(request, "It is followed again")
        return redirect(indicator)
    form = RetireForm(
        request.POST if request.method == "POST" else None, instance=indicator, cancel_url=indicator.get_absolute_url()
    )
    if form.is_valid():
        indicator = form.save(commit=False)
        indicator.retired_on = indicator.retired_on or timezone.localdate()
        indicator.save()
        messages.success(request, "It is no longer followed. Its figures stay")
        return redirect(indicator)
    title = "No longer follow it?"
    context = {"form": form, "title": title, "crumbs": crumbs_of(indicator, ("No longer follow it", None))}
    return render(request, "assurance/indicator_retire.html", context, status=form.status)


# Figures typed


@require_http_methods(GET_OR_POST)
def values(request, pk):
    """The table in which figures are typed, and what was corrected."""
    indicator = seen(request.user, pk, "enter")
    if request.method == "POST":
        lock_and_refresh(indicator)
    if indicator.retired_on:
        messages.error(request, "It is no longer followed. Follow it again to type figures")
        return redirect(indicator)
    today = timezone.localdate()
    periods, before, after = periods_to_type(indicator, until=request.GET.get("until"), on=today)
    form = FiguresForm(
        request.POST if request.method == "POST" else None,
        indicator=indicator,
        areas=list(Area.objects.filter(partnerships=indicator.partnership)),
        periods=periods,
        cancel_url=indicator.get_absolute_url(),
    )
    if form.is_valid():
        changed = enter_figures(indicator, form.figures(), by=request.user, at=timezone.now())
        say_changed(request, changed, form.merged)
        return redirect(indicator)
    context = {
        "indicator": indicator,
        "form": form,
        "before": before,
        "after": after,
        "corrections": corrections_of(indicator),
        "crumbs": crumbs_of(indicator, ("Type figures", None)),
    }
    return render(request, "assurance/indicator_values.html", context, status=form.status)


def say_changed(request, changed, merged):
    figures = "1 figure" if changed == 1 else f"{changed} figures"
    messages.success(request, f"Saved {figures}" if changed else "Nothing was different, so nothing was saved")
    if merged:
        messages.info(request, "Somebody else changed other figures meanwhile; theirs stand too")


# Figures from a file, or pasted


@require_http_methods(GET_OR_POST)
def upload(request):
    """Step 1: a file."""
    form = ImportForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        partnerships=offices_or_refuse(request.user),
        cancel_url=reverse("assurance:indicator-list"),
    )
    return stage(request, form, "document", stage_file, "assurance/indicator_import.html", "Bring figures from a file")


@require_http_methods(GET_OR_POST)
def paste(request):
    """Step 1: or cells that were copied."""
    form = PasteForm(
        request.POST if request.method == "POST" else None,
        partnerships=offices_or_refuse(request.user),
        cancel_url=reverse("assurance:indicator-list"),
    )
    return stage(request, form, "figures", stage_pasted, "assurance/indicator_paste.html", "Paste figures")


def stage(request, form, field, command, template_name, title):
    if form.is_valid():
        try:
            staged = command(form.cleaned_data[field], partnership=form.cleaned_data["partnership"], by=request.user)
        except UnreadableFile as problem:
            form.add_error(field, str(problem))
        else:
            return redirect(staged)
    context = {"form": form, "title": title, "crumbs": crumbs((title, None))}
    return render(request, template_name, context, status=form.status)


@require_http_methods(GET_OR_POST)
def preview(request, pk):
    """Step 2: every doubt at its cell, to be mended or left out; and what would count."""
    staged = get_permitted(request.user, IndicatorImport, "view", pk=pk)
    if request.method == "POST":
        return keep_mended(request, staged)
    again = ("Bring figures from a file", reverse("assurance:indicator-import"))
    context = {"staged": staged, "crumbs": crumbs(again, ("What we understood", None))}
    if staged.confirmed_at:
        context["brought"] = staged.understood["brought"]
        return render(request, "assurance/indicator_import_done.html", context)
    draft = Draft(staged, on=timezone.localdate())
    fine = [line for line in draft.taken if not line.doubts]
    context |= {
        "draft": draft,
        "counts": draft.counts,
        "notes": draft.notes[:MOST_NOTES],
        "more_notes": max(0, len(draft.notes) - MOST_NOTES),
        "left_out": staged.understood.get("left_out", []),
        "left_out_lines": draft.left_out[:ROWS_A_PAGE],
        "page_obj": Paginator(draft.doubtful or fine, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "assurance/indicator_import_preview.html", context)


def keep_mended(request, staged):
    may_or_404 = get_permitted(request.user, IndicatorImport, "confirm", pk=staged.pk)
    today = timezone.localdate()
    try:
        if "leave-out-all" in request.POST:
            leave_out_doubts(may_or_404, on=today)
        else:
            mend(may_or_404, rows=mended_rows(request.POST))
    except CannotMend as problem:
        messages.error(request, str(problem))
        return redirect(staged)
    staged.refresh_from_db()
    count = len(Draft(staged, on=today).doubtful)
    if count:
        messages.warning(request, f"Kept. {count} row{'s' if count > 1 else ''} still to mend or to leave out")
    else:
        messages.success(request, "Nothing is in doubt any more. Look through it, then say yes")
    return redirect(staged)


def mended_rows(posted):
    """``{key of an entry: {field: text}}`` of the rows on the page that was sent."""
    rows = {}
    for key in posted.getlist("row"):
        if (number := whole_number(key)) is not None:
            rows[number] = {
                field: " ".join(posted[f"{key}-{field}"].split())[:300]
                for field in FIELDS
                if f"{key}-{field}" in posted
            } | {"left_out": f"{key}-left_out" in posted}
    return rows


@require_POST
def confirm(request, pk):
    """Step 3: yes. The second yes of a double click counts nothing again."""
    staged = get_permitted(request.user, IndicatorImport, "confirm", pk=pk)
    try:
        confirm_figures(staged, by=request.user, at=timezone.now())
    except CannotImport as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "The figures count")
    return redirect(staged)


# Taken away


@require_safe
def export(request):
    """Every figure that this person may see, or those of one indicator; small numbers hidden as on the page."""
    indicators = Indicator.objects.visible_to(request.user).in_order()
    asked = request.GET.get("indicator", "")
    if asked and not (indicators := indicators.filter(pk=whole_number(asked))):
        raise Http404
    rows = dataset_of(indicators, request.user)
    if request.GET.get("format") == "csv":
        safe = Dataset(*[[harmless(cell) for cell in row] for row in rows], headers=rows.headers)
        return as_attachment(BYTE_ORDER_MARK + safe.export("csv"), "figures.csv", "text/csv")
    return as_attachment(as_workbook(rows), "figures.xlsx", EXCEL)


@require_safe
def template(request):
    """An empty sheet with a row for each indicator and area; ``?layout=wide``: quarters side by side."""
    partnerships = offices_or_refuse(request.user)
    indicators = Indicator.objects.filter(partnership__in=partnerships).in_use().in_order()
    asked = whole_number(request.GET.get("partnership"))
    if asked is not None:
        partnerships = partnerships.filter(pk=asked)
        indicators = indicators.filter(partnership=asked)
    areas = Area.objects.filter(partnerships__in=partnerships).distinct()
    content = write_template(indicators, areas, is_wide=request.GET.get("layout") == "wide", on=timezone.localdate())
    return as_attachment(content, "figures to fill in.xlsx", EXCEL)


patterns = [
    path("indicators/", IndicatorList.as_view(), name="indicator-list"),
    path("indicators/add/", add, name="indicator-add"),
    path("indicators/import/", upload, name="indicator-import"),
    path("indicators/paste/", paste, name="indicator-paste"),
    path("indicators/import/<uuid:pk>/", preview, name="indicator-import-preview"),
    path("indicators/import/<uuid:pk>/confirm/", confirm, name="indicator-import-confirm"),
    path("indicators/export/", export, name="indicator-export"),
    path("indicators/template/", template, name="indicator-template"),
    path("indicators/<int:pk>/", detail, name="indicator-detail"),
    path("indicators/<int:pk>/change/", change, name="indicator-change"),
    path("indicators/<int:pk>/retire/", retire, name="indicator-retire"),
    path("indicators/<int:pk>/figures/", values, name="indicator-values"),
]
