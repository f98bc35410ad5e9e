"""Standard sets: which there are, what one asks, and how the office writes, publishes and follows it."""

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.models import StandardSet
from assurance.models.standards import figure
from assurance.scale_forms import whose_field
from assurance.standard_forms import EditionForm, PasteForm, StandardForm, StandardSetForm
from assurance.standards import (
    Stands,
    add_rows,
    compare,
    keep_standard,
    new_edition,
    publish_set,
    remove_standard,
    retire_set,
)
from assurance.views.scales import may_keep_own
from partnership.access import get_permitted, may
from partnership.lists import DayColumn, RecordFilter, RecordList, RecordTable
from partnership.templatetags.components import long_date

GET_OR_POST = ["GET", "HEAD", "POST"]
STANDS = "This set was published meanwhile, so it stands. Begin a new edition of it to change it"


class StandardSetTable(RecordTable):
    """Needs ``standard_count``."""

    caption = "Standard sets"
    title = tables.Column("Standard set", linkify=True)
    edition = tables.Column("Edition")
    source = tables.Column("Law or guidance")
    asked_of = tables.Column("Who is asked")
    standard_count = tables.Column("Standards")
    partnership = tables.Column("Whose", order_by="partnership__name", empty_values=())
    published_on = DayColumn("Published", empty_values=())

    def render_partnership(self, record):
        return record.partnership.short_name if record.partnership_id else "Everybody’s"

    def value_partnership(self, record):
        return self.render_partnership(record)

    def render_published_on(self, record, value):
        if not value:
            return "Being written"
        return f"Retired {long_date(record.retired_on)}" if record.retired_on else long_date(value)

    def value_published_on(self, record, value):
        return value or "Being written"


class StandardSetFilter(RecordFilter):
    search_fields = ("title", "edition", "source", "standards__text")

    audience = django_filters.ChoiceFilter(label="About", empty_label="Everybody", choices=StandardSet.Audience.choices)
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[("offered", "Offered"), ("written", "Being written"), ("retired", "Retired")],
        method="in_state",
    )

    def in_state(self, sets, _name, state):
        if state == "written":
            return sets.filter(published_on=None)
        return sets.exclude(published_on=None).filter(retired_on__isnull=state == "offered")


class StandardSetList(RecordList):
    """Those of the installation and of one's own partnerships."""

    table_class, filterset_class = StandardSetTable, StandardSetFilter
    template_name = "assurance/standard_set_list.html"
    export_name = "standard-sets"

    def get_queryset(self):
        sets = StandardSet.objects.visible_to(self.request.user).select_related("partnership")
        return sets.annotate(standard_count=Count("standards")).order_by("title", "-published_on", "-pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(crumbs=crumbs(), may_add=may_keep_own(self.request.user), **kwargs)


@require_safe
def detail(request, pk):
    """What the set asks, section by section, and what this person may do with it."""
    standard_set = seen(request.user, pk)
    points = list(standard_set.scale.points.all())
    standards = list(standard_set.standards.all())
    for standard in standards:
        standard.said = [
            (point, standard.descriptors[figure(point.value)])
            for point in points
            if figure(point.value) in standard.descriptors
        ]
    context = {
        "standard_set": standard_set,
        "standards": standards,
        "points": points,
        "has_weights": any(standard.weight != 1 for standard in standards),
        "may_write": may(request.user, "write", standard_set),
        "may_change": may(request.user, "change", standard_set),
        "may_follow": may_keep_own(request.user) and standard_set.published_on,
        "crumbs": crumbs((str(standard_set), None)),
    }
    return render(request, "assurance/standard_set_detail.html", context)


def seen(user, pk, verb="view"):
    standard_set = get_permitted(user, StandardSet, verb, pk=pk)
    return StandardSet.objects.select_related("scale", "partnership", "follows").get(pk=standard_set.pk)


@require_http_methods(GET_OR_POST)
def add(request):
    if not may_keep_own(request.user):
        raise PermissionDenied
    form = StandardSetForm(
        request.POST if request.method == "POST" else None,
        instance=StandardSet(),
        user=request.user,
        cancel_url=reverse("assurance:standard-set-list"),
    )
    form.submit_label = "Begin the set"
    if form.is_valid():
        standard_set = form.save()
        messages.success(request, f"Began “{standard_set}”. Write its standards, then publish it")
        return redirect(standard_set)
    return show_form(request, form, "A standard set of your own", crumbs(("A set of your own", None)))


@require_http_methods(GET_OR_POST)
def change(request, pk):
    standard_set = seen(request.user, pk, "write")
    form = StandardSetForm(
        request.POST if request.method == "POST" else None,
        instance=standard_set,
        user=request.user,
        cancel_url=standard_set.get_absolute_url(),
    )
    if form.is_valid():
        standard_set = form.save()
        messages.success(request, f"Saved “{standard_set}”")
        return redirect(standard_set)
    return show_form(request, form, f"Change {standard_set}", crumbs_of(standard_set, "Change"))


def show_form(request, form, title, crumbs, *, lede="", record=None, **more):
    context = {"form": form, "title": title, "lede": lede, "crumbs": crumbs, "record": record, **more}
    return render(request, "assurance/standard_form.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def write(request, pk, standard_pk=None):
    """One standard: a new one, or ``standard_pk``."""
    standard_set = seen(request.user, pk, "write")
    standard = standard_set.standards.filter(pk=standard_pk).first()
    if standard_pk and standard is None:
        raise Http404
    form = StandardForm(
        request.POST if request.method == "POST" else None,
        instance=standard,
        standard_set=standard_set,
        cancel_url=standard_set.get_absolute_url(),
    )
    if form.is_valid():
        try:
            standard = keep_standard(standard_set, standard, **form.values)
        except Stands:
            return stands(request, standard_set)
        messages.success(request, f"Saved {standard.code}")
        return redirect(standard_set)
    title = f"Standard {standard.code}" if standard else "Add a standard"
    return show_form(request, form, title, crumbs_of(standard_set, title), record=standard, standard_set=standard_set)


@require_POST
def remove(request, pk, standard_pk):
    standard_set = seen(request.user, pk, "write")
    standard = standard_set.standards.filter(pk=standard_pk).first()
    if standard is None:
        raise Http404
    try:
        remove_standard(standard)
    except Stands:
        return stands(request, standard_set)
    messages.success(request, f"Took {standard.code} out of the set")
    return redirect(standard_set)


@require_http_methods(GET_OR_POST)
def paste(request, pk):
    """Standards from a spreadsheet. All of them, or what is wrong with which line and none."""
    standard_set = seen(request.user, pk, "write")
    form = PasteForm(
        request.POST if request.method == "POST" else None,
        standard_set=standard_set,
        cancel_url=standard_set.get_absolute_url(),
    )
    if form.is_valid():
        try:
            made = add_rows(standard_set, form.cleaned_data["rows"])
        except Stands:
            return stands(request, standard_set)
        messages.success(request, f"Added {len(made)} standard{'' if len(made) == 1 else 's'}")
        return redirect(standard_set)
    return show_form(request, form, "Standards from a spreadsheet", crumbs_of(standard_set, "From a spreadsheet"))


@require_POST
def publish(request, pk):
    standard_set = seen(request.user, pk, "change")
    try:
        publish_set(standard_set, on=timezone.localdate())
    except Stands:
        messages.info(request, "It is published already")
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, f"Published “{standard_set}”. It stands from now on and may be asked")
    return redirect(standard_set)


@require_http_methods(GET_OR_POST)
def edition(request, pk):
    """A new edition, copied from this one. An office follows everybody's set with one of its own."""
    standard_set = seen(request.user, pk)
    if not (may_keep_own(request.user) and standard_set.published_on):
        raise PermissionDenied
    whose = whose_field(request.user)
    if standard_set.partnership_id in request.user.standing.office_ids:
        whose.initial = standard_set.partnership_id
    form = EditionForm(
        request.POST if request.method == "POST" else None, whose=whose, cancel_url=standard_set.get_absolute_url()
    )
    if form.is_valid():
        try:
            made = new_edition(standard_set, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error("edition", problem)
        else:
            messages.success(request, f"Began “{made}”. Change what has changed, then publish it")
            return redirect(made)
    lede = "It begins as a copy. What stays the same is counted from year to year, whatever its words become."
    return show_form(request, form, "A new edition", crumbs_of(standard_set, "A new edition"), lede=lede)


@require_safe
def compared(request, pk):
    """What this edition changed of the one before."""
    standard_set = seen(request.user, pk)
    before = standard_set.follows
    if before is None or not StandardSet.objects.visible_to(request.user).filter(pk=before.pk).exists():
        raise Http404
    lines = compare(standard_set)
    context = {
        "standard_set": standard_set,
        "lines": lines,
        "same_count": sum(line.kind == "same" for line in lines),
        "crumbs": crumbs_of(standard_set, "What changed"),
    }
    return render(request, "assurance/standard_set_compare.html", context)


@require_POST
def retire(request, pk):
    """No longer offered to new requests; pressed again, offered again."""
    standard_set = seen(request.user, pk, "change")
    is_offered = standard_set.retired_on is None
    retire_set(standard_set, on=timezone.localdate() if is_offered else None)
    words = "is no longer offered to new requests" if is_offered else "is offered again"
    messages.success(request, f"“{standard_set}” {words}")
    return redirect(standard_set)


def stands(request, standard_set):
    messages.error(request, STANDS)
    return redirect(standard_set)


def crumbs(*more):
    here = ("Standards", reverse("assurance:standard-set-list") if more else None)
    return [("Returns", reverse("assurance:return-list")), here, *more]


def crumbs_of(standard_set, here):
    return crumbs((str(standard_set), standard_set.get_absolute_url()), (here, None))


patterns = [
    path("standards/", StandardSetList.as_view(), name="standard-set-list"),
    path("standards/add/", add, name="standard-set-add"),
    path("standards/<int:pk>/", detail, name="standard-set-detail"),
    path("standards/<int:pk>/change/", change, name="standard-set-change"),
    path("standards/<int:pk>/publish/", publish, name="standard-set-publish"),
    path("standards/<int:pk>/edition/", edition, name="standard-set-edition"),
    path("standards/<int:pk>/compare/", compared, name="standard-set-compare"),
    path("standards/<int:pk>/retire/", retire, name="standard-set-retire"),
    path("standards/<int:pk>/paste/", paste, name="standard-set-paste"),
    path("standards/<int:pk>/standards/add/", write, name="standard-add"),
    path("standards/<int:pk>/standards/<int:standard_pk>/", write, name="standard-change"),
    path("standards/<int:pk>/standards/<int:standard_pk>/remove/", remove, name="standard-remove"),
]
