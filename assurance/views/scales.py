"""Scales: those that are offered, a new one, and the words of one."""

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_http_methods

from assurance.models import Scale
from assurance.models.standards import figure
from assurance.scale_forms import ScaleForm
from assurance.scales import with_use
from partnership.access import get_permitted, may
from partnership.lists import RecordFilter, RecordList, RecordTable
from partnership.templatetags.components import long_date, rating_tag

GET_OR_POST = ["GET", "HEAD", "POST"]


class ScaleTable(RecordTable):
    """Needs ``with_use`` and the points."""

    caption = "Scales"
    name = tables.Column("Scale")
    lowest = tables.Column("Scores", order_by=("lowest", "highest"))
    points = tables.Column("In words", orderable=False)
    partnership = tables.Column("Whose", order_by="partnership__name", empty_values=())
    set_count = tables.Column("Standard sets")

    def render_name(self, record):
        if may(self.request.user, "change", record):
            return format_html('<a href="{}">{}</a>', reverse("assurance:scale-change", args=[record.pk]), record.name)
        return record.name

    def value_name(self, record):
        return record.name

    def render_lowest(self, record):
        return span_of(record)

    def value_lowest(self, record):
        return span_of(record)

    def render_points(self, record):
        return format_html_join(" ", "{}", ((rating_tag(point),) for point in record.points.all()))

    def value_points(self, record):
        return ", ".join(f"{point.code} {point.word}" for point in record.points.all())

    def render_partnership(self, record):
        whose = record.partnership.name if record.partnership_id else "Everybody’s"
        return f"{whose}. No longer offered from {long_date(record.retired_on)}" if record.retired_on else whose

    def value_partnership(self, record):
        return self.render_partnership(record)


def span_of(scale):
    """ "0 to 100% in steps of 5"; which is the best where it is not the highest."""
    words = f"{figure(scale.lowest)} to {figure(scale.highest)}{scale.unit}"
    if scale.step != 1:
        words += f" in steps of {figure(scale.step)}"
    return f"{words}, {figure(scale.lowest)} the best" if scale.best == Scale.Best.LOWEST else words


class ScaleFilter(RecordFilter):
    search_fields = ("name", "points__word")


class ScaleList(RecordList):
    """Those of the installation and of one's own partnerships."""

    table_class, filterset_class = ScaleTable, ScaleFilter
    template_name = "assurance/scale_list.html"
    export_name = "scales"

    def get_queryset(self):
        scales = Scale.objects.visible_to(self.request.user).select_related("partnership").prefetch_related("points")
        return with_use(scales).order_by("name", "pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(crumbs=crumbs(), may_add=may_keep_own(self.request.user), **kwargs)


def may_keep_own(user):
    return bool(user.standing.office_ids) or user.standing.is_administrator


@require_http_methods(GET_OR_POST)
def add(request):
    if not may_keep_own(request.user):
        raise PermissionDenied
    return answer(request, Scale(), title="A scale of your own")


@require_http_methods(GET_OR_POST)
def change(request, pk):
    scale = get_permitted(request.user, Scale, "change", pk=pk)
    return answer(request, scale, title=scale.name)


def answer(request, scale, *, title):
    is_in_use = bool(scale.pk) and with_use(Scale.objects.filter(pk=scale.pk)).get().is_in_use
    form = ScaleForm(
        request.POST if request.method == "POST" else None,
        instance=scale,
        user=request.user,
        is_in_use=is_in_use,
        cancel_url=reverse("assurance:scale-list"),
    )
    if form.is_valid():
        with transaction.atomic():
            scale = form.save()
        messages.success(request, f"Saved “{scale}”")
        return redirect("assurance:scale-list")
    context = {"form": form, "scale": scale, "title": title, "is_in_use": is_in_use, "crumbs": crumbs((title, None))}
    return render(request, "assurance/scale_form.html", context, status=form.status)


def crumbs(*more):
    return [
        ("Returns", reverse("assurance:return-list")),
        ("Standards", reverse("assurance:standard-set-list")),
        ("Scales", reverse("assurance:scale-list") if more else None),
        *more,
    ]


patterns = [
    path("scales/", ScaleList.as_view(), name="scale-list"),
    path("scales/add/", add, name="scale-add"),
    path("scales/<int:pk>/", change, name="scale-change"),
]
