"""Why a figure moved, and so what: said by the organisation that answers for it, or by the office."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods

from assurance.indicators.charts import charts_of
from assurance.indicators.comment_forms import CommentForm
from assurance.indicators.comments import latest_of, say_why, talk_of
from assurance.indicators.moves import newest_period, periods_of
from assurance.indicators.small_numbers import figures_of
from assurance.models import Indicator
from partnership.access import get_permitted


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request, pk):
    """About one period; ``?period=2026-10-01`` chooses it. What was said before is there to go on from."""
    indicator = get_permitted(request.user, Indicator, "enter", pk=pk)
    figures = figures_of([indicator], request.user)[indicator.pk]
    if newest_period(figures) is None:
        messages.info(request, "There are no figures yet, so there is nothing to explain")
        return redirect(indicator)
    talk = talk_of(indicator, figures, on=timezone.localdate())
    form = CommentForm(
        request.POST if request.method == "POST" else None,
        indicator=indicator,
        figures=figures,
        owed=talk["owed"],
        initial=begun(request.GET.get("period"), indicator, figures, talk["owed"]),
        cancel_url=indicator.get_absolute_url(),
    )
    if form.is_valid():
        say_why(indicator, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "Saved. What was said before stays below it")
        return redirect(indicator)
    context = {
        "indicator": indicator,
        "form": form,
        "picture": picture_of(indicator, figures, talk["owed"]),
        "owed": talk["owed"],
        "crumbs": [
            ("Indicators", reverse("assurance:indicator-list")),
            (str(indicator), indicator.get_absolute_url()),
            ("Why it moved", None),
        ],
    }
    return render(request, "assurance/indicator_comment.html", context, status=form.status)


def picture_of(indicator, figures, owed):
    """The whole alone, unless it is in an area that something moved."""
    picture = charts_of(indicator, figures)
    return picture if picture["main"] is None or any(move.area for move in owed) else picture | {"areas": []}


def begun(asked, indicator, figures, owed):
    """What the form holds at first: the period asked for, or owed the longest, or the newest; and its last words."""
    known = [starts_on for starts_on, _ends_on in periods_of(figures)]
    try:
        day = parse_date(asked or "")
    except ValueError:
        day = None
    if day not in known:
        day = owed[0].last.starts_on if owed else known[0]
    said = latest_of(indicator).get(day)
    words = {"why": said.why, "so_what": said.so_what} if said else {}
    return {"period_on": day.isoformat(), **words}


patterns = [path("indicators/<int:pk>/comment/", comment, name="indicator-comment")]
