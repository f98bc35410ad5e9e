"""Who lacks what, by agency, and which courses close it."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from tablib import Dataset

from partnership.access import get_permitted
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import ROWS_A_PAGE, as_workbook
from partnership.models import Partnership
from partnership.standing import standing_of
from partnership.templatetags.components import long_date
from training.competence.marks import FEWEST_PEOPLE, State, booked_for, coming_events, gaps_of, marks_of
from training.models import Competency, Practitioner

LIST = "training:gap-list"
ORDER = [State.NEVER, State.OVER, State.SOON, State.IN_TIME, State.HELD]


def chosen_partnership(request):
    """(that which the address asks for, or the first by name; all of one's own). None for who is of none."""
    ids = standing_of(request.user).partnership_ids
    own = list(Partnership.objects.filter(pk__in=ids).order_by("name"))
    asked = request.GET.get("partnership", "")
    return next((each for each in own if str(each.pk) == asked), own[0] if own else None), own


def runs_training_of(user, partnership):
    standing = standing_of(user)
    return partnership is not None and partnership.pk in standing.training_ids | standing.office_ids


@require_safe
def overview(request):
    """Agencies by competencies: how many need it, hold it, lack it."""
    partnership, own = chosen_partnership(request)
    today = timezone.localdate()
    gaps = gaps_of(request.user, partnership, on=today) if partnership else None
    runs, own_ids = runs_training_of(request.user, partnership), standing_of(request.user).organisation_ids

    def sees_names(line):
        return runs or line.organisation.pk in own_ids

    if gaps and request.GET.get("export") == "xlsx":
        people = people_of(request.user, partnership, on=today)
        content = as_workbook(numbers_of(gaps), names_of(people))
        return as_attachment(content, f"competence-{today:%Y-%m-%d}.xlsx", EXCEL)
    context = {
        "gaps": gaps,
        "lines": [(line, cells_of(gaps, line, sees_names(line))) for line in gaps.lines] if gaps else [],
        "total_cells": cells_of(gaps, gaps.total, runs) if gaps and gaps.total else [],
        "partnership": partnership,
        "partnerships": own,
        "runs": runs,
        "is_advisor": partnership is not None and partnership.pk in request.user.standing.advisor_ids,
        "fewest": FEWEST_PEOPLE,
        "today": today,
        "crumbs": [("Training", reverse("training:event-list")), ("Competence", None)],
    }
    return render(request, "training/gap_list.html", context)


def cells_of(gaps, line, has_names):
    """(competency, its Tally, where to read whose it is and what closes it)."""
    found = []
    for competency, cell in zip(gaps.competencies, line.cells, strict=True):
        address = reverse("training:gap-detail", args=[competency.pk]) if has_names else ""
        if address and line.organisation:
            address += f"?organisation={line.organisation.pk}"
        found.append((competency, cell, address))
    return found


def people_of(user, partnership, *, on, competencies=None):
    """Marks of the practitioners whose names ``user`` may see, those who lack something first."""
    people = Practitioner.objects.visible_to(user).filter(role__partnership=partnership).on_day(on)
    if competencies is None:
        competencies = Competency.objects.filter(partnership=partnership)
    marks = marks_of(people, on=on, competencies=competencies)
    return sorted(
        marks, key=lambda mark: (ORDER.index(mark.state), mark.practitioner.organisation.name, mark.practitioner.name)
    )


def numbers_of(gaps):
    headers = [
        "Organisation",
        "Competency",
        "Need it",
        "Hold it",
        "Per cent",
        "Lack it",
        "Run out soon",
        "Still in time",
    ]
    rows = Dataset(headers=headers, title="By organisation")
    for line in [*gaps.lines, *([gaps.total] if gaps.total else [])]:
        for competency, cell in zip(gaps.competencies, line.cells, strict=True):
            name = line.organisation.name if line.organisation else "All organisations"
            counts = [cell.needed, cell.held, cell.share, cell.lacked, cell.soon, cell.in_time]
            said = [f"fewer than {FEWEST_PEOPLE}"] + [""] * 5 if cell.is_hidden else counts
            rows.append([name, str(competency), *said])
    return rows


def names_of(marks):
    headers = ["Name", "Organisation", "Role", "Competency", "State", "Gained", "How", "Runs out", "To be gained by"]
    rows = Dataset(headers=headers, title="People")
    for mark in marks:
        gained = (mark.gained.on, mark.gained.how) if mark.gained else ("", "")
        person = mark.practitioner
        rows.append(
            [
                person.name,
                person.organisation.name,
                person.role.title,
                str(mark.competency),
                mark.words,
                *gained,
                mark.runs_out_on or "",
                mark.due_on or "",
            ]
        )
    return rows


@require_safe
def of_competency(request, pk):
    """Who lacks one competency, and the courses that close the gap."""
    competency = get_permitted(request.user, Competency, "view", pk=pk)
    now, today = timezone.now(), timezone.localdate()
    partnership = competency.partnership
    marks = people_of(request.user, partnership, on=today, competencies=Competency.objects.filter(pk=competency.pk))
    organisations = sorted({mark.practitioner.organisation for mark in marks}, key=lambda each: each.name)
    wanted = request.GET.get("organisation", "")
    if wanted:
        marks = [mark for mark in marks if str(mark.practitioner.organisation_id) == wanted]
    shown = [mark for mark in marks if mark.state != State.HELD]
    if request.GET.get("export") == "xlsx":
        name = f"who-lacks-{competency.pk}.xlsx"
        return as_attachment(as_workbook(names_of(marks)), name, EXCEL)
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page"))
    coming = booked_for([mark.practitioner.pk for mark in page], competency, at=now)
    lacking = [mark for mark in marks if mark.is_lacking]
    context = {
        "competency": competency,
        "rows": [(mark, coming.get(mark.practitioner.pk)) for mark in page],
        "page_obj": page,
        "lacking_count": len(lacking),
        "needed_count": len(marks),
        "organisations": organisations,
        "wanted": wanted,
        "courses": competency.courses.visible_to(request.user).offered().order_by("title"),
        "events": coming_events(request.user, competency, at=now)[:20],
        "runs": runs_training_of(request.user, partnership),
        "today": today,
        "crumbs": [
            ("Training", reverse("training:event-list")),
            ("Competence", f"{reverse(LIST)}?partnership={partnership.pk}"),
            (str(competency), None),
        ],
        "as_of": long_date(today),
    }
    return render(request, "training/gap_detail.html", context)


patterns = [
    path("training/competence/", overview, name="gap-list"),
    path("training/competence/<int:pk>/", of_competency, name="gap-detail"),
]
