"""What is held about people: the first page, and the map of it."""

from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.data_protection.annex_word import annex
from partnership.data_protection.doors import crumbs, office_or_administrator
from partnership.data_protection.map import kind_of, kinds, personal
from partnership.data_protection.map_sheet import sheet_of_map
from partnership.data_protection.periods import in_months
from partnership.data_protection.schedule import Schedule
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.models import Partnership
from partnership.standing import standing_of
from partnership.views.retention import find_whose

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REPLACED = "Their name and addresses are replaced, in the history too."


@require_safe
def data_protection(request):
    office_or_administrator(request.user)
    lines = personal()
    context = {
        "crumbs": crumbs(),
        "model_count": len(lines),
        "field_count": sum(len(names) for line in lines for names in line.fields.values()),
        "kind_count": len(kinds()),
        "partnerships": own_partnerships(request.user),
    }
    return render(request, "partnership/data_protection.html", context)


@require_safe
def data_map(request):
    """Every piece of the product with what it holds of whom. ``?export=xlsx``: as a spreadsheet."""
    office_or_administrator(request.user)
    if request.GET.get("export") == "xlsx":
        return as_attachment(as_workbook(sheet_of_map()), "data-map.xlsx", EXCEL)
    context = {"parts": parts_with_lines(), "crumbs": crumbs(("Data map", None))}
    return render(request, "partnership/data_map.html", context)


def parts_with_lines():
    """[{part, how_long, on_erasure, lines}] of all parts that hold something, in their order."""
    found = {}
    for line in personal():
        found.setdefault(id(line.part), (line.part, []))[1].append(line)
    return [
        {"part": part, "how_long": how_long(kind_of(part)), "on_erasure": part.stays or REPLACED, "lines": lines}
        for part, lines in found.values()
    ]


def how_long(kind):
    counted = f", counted from {kind.counted_from}" if kind.months else ""
    return f"{in_months(kind.months)}{counted}. {kind.end_in_words}."


@require_safe
def impact_annex(request, whose):
    """The annex of an impact assessment, for one partnership."""
    schedule = Schedule()
    key = find_whose(request.user, schedule, whose)
    partnership = schedule.partnerships.get(key)
    content = annex(
        partnership.name if partnership else "The installation",
        schedule.lines({key} - {None}, with_installation=True),
        brand=partnership.house_colour if partnership else "",
        on=timezone.localdate(),
    )
    return as_attachment(content, f"impact-assessment-annex-{whose}.docx", WORD)


def own_partnerships(user):
    """Those whose annex this person may have."""
    standing = standing_of(user)
    mine = Partnership.objects.order_by("name")
    return mine if standing.is_administrator else mine.filter(pk__in=standing.office_ids)


patterns = [
    path("data-protection/", data_protection, name="data-protection"),
    path("data-protection/map/", data_map, name="data-map"),
    path("data-protection/impact-assessment/<slug:whose>/", impact_annex, name="impact-annex"),
]
