"""Who was at a group's meetings over a year."""

import django_tables2 as tables
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import may
from partnership.attendance import MARKS, heat_map
from partnership.lists import RecordTable, SafeExport
from partnership.views.meetings import crumbs_of, find_group, link_to_meetings, year_asked_for


@require_safe
def group_attendance(request, pk):
    """Organisations by meetings; ``?export=xlsx`` (or csv) gives the same as a file."""
    group = find_group(request.user, pk)
    year, years = year_asked_for(request, group)
    found = heat_map(group, first=year.starts_on, last=year.ends_on)
    wanted = request.GET.get("export", "")
    if SafeExport.is_valid_format(wanted):
        return SafeExport(wanted, as_table(found)).response(f"attendance-{year.key}.{wanted}")
    context = {
        "group": group,
        "crumbs": crumbs_of(group, link_to_meetings(group), ("Attendance", None)),
        "year": year,
        "years": years,
        "map": found,
        "marks": {kind: mark for kind, mark in MARKS.items() if kind != "cancelled"},
        "today": timezone.localdate(),
        "may_run": may(request.user, "run", group),
    }
    return render(request, "partnership/attendance_map.html", context)


def as_table(found):
    """The heat map as a table for a file: a column for each meeting, words instead of letters."""
    meetings = [(f"meeting_{meeting.pk}", meeting) for meeting in found.meetings]
    columns = [("organisation", tables.Column("Organisation"))]
    columns += [(name, tables.Column(f"{meeting.meets_on:%-d %B %Y}")) for name, meeting in meetings]
    columns += [(name, tables.Column(label)) for name, label in FIGURES]
    rows = [
        {
            "organisation": line.name,
            **{name: cell.text for (name, _meeting), cell in zip(meetings, line.cells, strict=True)},
            "there": line.there_count,
            "asked": line.asked_count,
            "percent": line.percent,
            "seldom": "Seldom there" if line.is_seldom_there else "",
        }
        for line in found.lines
    ]
    return RecordTable(rows, extra_columns=columns)


FIGURES = [("there", "There"), ("asked", "Of"), ("percent", "Per cent"), ("seldom", "Note")]
