"""Figures of training: a year or any stretch of days, against the year before and against need."""

from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.models import Partnership
from training.evaluation.asking import figures_of
from training.evaluation.charts import in_words
from training.figures.charts import drawing_of, months_of
from training.figures.counting import events_for, figures_of_training, own_training_for
from training.figures.forms import StretchForm
from training.figures.sheets import sheets_of
from training.needs.deciding import needs_of
from training.views.pages import crumbs

TITLE = "Figures"


def asked_for(request):
    """The form of what is asked, its figures and all that belongs beside them."""
    now = timezone.now()
    on = timezone.localdate(now)
    partnerships = Partnership.objects.filter(pk__in=request.user.standing.partnership_ids).order_by("name", "pk")
    form = StretchForm(request.GET, partnerships=partnerships, on=on)
    stretch, partnership = form.stretch, form.chosen_partnership
    figures = figures_of_training(events_for(request.user, partnership), stretch, at=now)
    about = [partnership] if partnership else form.partnerships
    return {
        "form": form,
        "stretch": stretch,
        "figures": figures,
        "needs": [met for each in about for met in needs_of(each, stretch.starts_on, stretch.ends_on, on=on)],
        "evaluation": figures_of(figures.events, on=on),
        "own": own_training_for(request.user, stretch, partnership),
    }


@require_safe
def figures(request):
    found = asked_for(request)
    drawn = found["figures"]
    context = found | {
        "crumbs": crumbs(TITLE),
        "said": in_words(found["evaluation"]),
        "agencies_drawn": drawing_of("agencies", "Attended, by agency", drawn.agencies),
        "months_drawn": months_of(drawn.months),
        "modes_drawn": drawing_of("modes", "Attended, by way of teaching", drawn.modes),
        "tables": [
            ("by-agency", "By agency", "Agency", drawn.agencies),
            ("by-month", "By month", "Month", drawn.months),
            ("by-course", "By course", "Course", drawn.courses),
            ("by-way", "By way of teaching", "Way", drawn.modes),
        ],
        "asked": request.GET.urlencode(),
        "runs": bool(request.user.standing.training_ids | request.user.standing.office_ids),
    }
    return render(request, "training/figures.html", context)


@require_safe
def figures_file(request):
    found = asked_for(request)
    sheets = sheets_of(found["figures"], needs=found["needs"], evaluation=found["evaluation"], own=found["own"])
    name = f"training-{found['stretch'].starts_on}-to-{found['stretch'].ends_on}.xlsx"
    return as_attachment(as_workbook(*sheets), name, EXCEL)


patterns = [
    path("training/figures/", figures, name="figures"),
    path("training/figures/figures.xlsx", figures_file, name="figures-file"),
]
