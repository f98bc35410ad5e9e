"""The heat map: to read, to print, and to take away."""

from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from tablib import Dataset

from assurance.heat_map import DOWN, NOT_APPLICABLE, SCORED, UP, families_of, heat_map
from assurance.heat_map_cells import KINDS, Cells
from assurance.heat_map_forms import HeatMapForm, asked_of
from assurance.models.standards import figure
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.whole_numbers import whole_number

NARROWED = ("section", "kind", "partnership", "sort", "paper")


@require_safe
def show(request):
    families = families_of(request.user)
    standard_set = chosen_of(families, whole_number(request.GET.get("set")))
    shown = heat_map(request.user, standard_set, asked_of(request.GET)) if standard_set else None
    if shown and request.GET.get("export") == "xlsx":
        name = f"heat-map-{shown.year}.xlsx"
        return as_attachment(as_workbook(dataset_of(shown)), name, EXCEL)
    initial = {"set": standard_set.pk if standard_set else "", "year": shown.year if shown else ""}
    given = {name: request.GET[name] for name in NARROWED if name in request.GET}
    sets = [family.newest for family in families]
    form = HeatMapForm(initial=initial | given, families=sets, shown=shown, user=request.user)
    context = {
        "map": shown,
        "standard_set": standard_set,
        "filters": form,
        "paper": "a3" if request.GET.get("paper") == "a3" else "a4",
        "today": timezone.localdate(),
        "crumbs": crumbs(),
    }
    if shown:
        context |= drawn(shown)
    return render(request, "assurance/heat_map.html", context)


def chosen_of(families, chosen):
    """The set of which the address names an edition; else the first to which something was submitted."""
    asked = [family for family in families if chosen in family.keys]
    answered = [family for family in families if family.is_answered]
    return next((family.newest for family in [*asked, *answered, *families]), None)


def drawn(shown):
    """The map as the page shows it: cells drawn, and what lines and columns come to."""
    cells = Cells(shown.scale, shown.points)
    codes = [standard.code for standard in shown.standards]
    lines = [
        {
            "name": line.organisation.name,
            "cells": [(code, mark.kind, cells.draw(mark)) for code, mark in zip(codes, line.marks, strict=True)],
            "tally": summed(line.tally, shown, cells),
        }
        for line in shown.lines
    ]
    columns = [
        {
            "standard": column.standard,
            "tally": summed(column.tally, shown, cells),
            "others": [(cells.drawing(score), cells.score_in_words(score)) for score in column.others or ()],
        }
        for column in (shown.columns_in_order if shown.is_whole else shown.columns)
    ]
    history = [
        (organisation.name, [points_of(tally) if tally else "" for tally in tallies])
        for organisation, tallies in shown.history
    ]
    return {
        "lines": lines,
        "columns": columns,
        "sections": sections_of(shown.standards),
        "history": history,
        "years": [f"{year} to {year + 1}" for year in shown.years],
        "has_moderated": any(mark.is_moderated for line in shown.lines for mark in line.marks),
        "has_movement": any(mark.movement for line in shown.lines for mark in line.marks),
        "has_others": any(column.others for column in shown.columns),
    }


def sections_of(standards):
    """[(section, how many standards)] in their order, for the heading over the codes."""
    found = []
    for standard in standards:
        if found and found[-1][0] == standard.section:
            found[-1][1] += 1
        else:
            found.append([standard.section, 1])
    return found


def summed(tally, shown, cells):
    """What a line or a column comes to: points, or how many of each score; never an average."""
    counts = [
        (cells.drawing(score), cells.score_in_words(score), tally.scores[score])
        for score in sorted(tally.scores, key=shown.scale.share)
    ]
    return {
        "points": points_of(tally) if shown.scale.is_added_up else "",
        "counts": [] if shown.scale.is_added_up and not shown.points else counts,
        "not_applicable": tally.kinds[NOT_APPLICABLE],
        "unanswered": tally.kinds["unanswered"],
        "up": tally.movements[UP],
        "down": tally.movements[DOWN],
    }


def points_of(tally):
    """ "61 of 90"; nothing where nothing counts."""
    return f"{figure(round(tally.points, 2))} of {figure(tally.possible)}" if tally.possible else ""


def dataset_of(shown):
    """The map for a spreadsheet: a row for each organisation, a column for each standard, and what moved."""
    cells = Cells(shown.scale, shown.points)
    codes = [standard.code for standard in shown.standards]
    is_added_up = shown.scale.is_added_up
    sums = ["Points", "Of"] if is_added_up else []
    data = Dataset(headers=["Organisation", *codes, *sums, "Better", "Worse", "Moderated"])
    data.title = f"{shown.standard_set.title} {shown.year}"
    for line in shown.lines:
        marked = list(zip(codes, line.marks, strict=True))
        sums = [line.tally.points, line.tally.possible] if is_added_up else []
        data.append(
            [
                line.organisation.name,
                *(cell_of(mark, shown, cells) for mark in line.marks),
                *(float(round(each, 2)) for each in sums),
                ", ".join(code for code, mark in marked if mark.movement == UP),
                ", ".join(code for code, mark in marked if mark.movement == DOWN),
                ", ".join(code for code, mark in marked if mark.is_moderated),
            ]
        )
    return data


def cell_of(mark, shown, cells):
    if mark.kind == SCORED:
        return float(mark.score) if shown.scale.is_added_up else cells.score_in_words(mark.score)
    return KINDS[mark.kind] if mark.kind == NOT_APPLICABLE else ""


def crumbs():
    return [
        ("Returns", reverse("assurance:return-list")),
        ("Standards", reverse("assurance:standard-set-list")),
        ("Heat map", None),
    ]


patterns = [path("standards/heat-map/", show, name="heat-map")]
