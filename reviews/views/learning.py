"""Learning points, read by members, and themes over years with small numbers kept back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from tablib import Dataset

from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from partnership.lists import BYTE_ORDER_MARK, RecordList, harmless
from partnership.models import Partnership
from partnership.refusals import NotNow
from reviews.forms.learning import PointForm, PointFromElsewhereForm, SmallestForm
from reviews.forms.releasing import ReleasePointForm
from reviews.learning import measures_of, remove_point, smallest_shown
from reviews.learning_lists import LearningFilter, LearningTable
from reviews.models import Briefing, Case, LearningPoint, LearningSettings, PracticeReview
from reviews.releasing import release, take_back
from reviews.theme_pictures import draw
from reviews.views.briefings import LEARNING, writes_for
from reviews.years import name_of_year, year_of

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
NOT_SHOWN = "not shown"


class LearningList(RecordList):
    """What was learned, the newest first; of a case or a review what its group has released."""

    table_class, filterset_class = LearningTable, LearningFilter
    template_name = "reviews/learning_list.html"
    export_name = "learning-points"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.standing.reading_ids:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        user = self.request.user
        seen = LearningPoint.objects.visible_to(user).with_source(user)
        return seen.select_related("partnership").prefetch_related("themes").order_by("-known_on", "pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"may_add": bool(writes_for(self.request.user))}


def crumbs(*between):
    return [(LEARNING[0], reverse(LEARNING[1])), ("Learning points", reverse("reviews:learning-list")), *between]


def point_to(request, verb, pk):
    """A learning point, and that it was looked at where only its group may know of it."""
    point = get_permitted(request.user, LearningPoint, verb, pk=pk)
    point.note_reading(by=request.user)
    return point


@require_safe
def detail(request, pk):
    point = point_to(request, "view", pk)
    shown = LearningPoint.objects.with_source(request.user).prefetch_related("themes").get(pk=point.pk)
    context = {
        "point": shown,
        "briefings": Briefing.objects.visible_to(request.user).filter(
            learning_points=point, superseded_by__published_at=None
        ),
        "may_change": may(request.user, "change", point),
        "may_release": may(request.user, "release", point),
        "may_look_back": may(request.user, "look_back", point),
        "crumbs": crumbs(("One of them", None)),
    }
    return render(request, "reviews/learning_detail.html", context)


def page_of_form(request, form, title, trail, **context):
    context |= {"form": form, "title": title, "crumbs": [*trail, (title, None)]}
    return render(request, "reviews/learning_form.html", context, status=form.status)


@asks_and_answers
def add(request):
    """A point that comes from no case and no review of ours."""
    partnerships = writes_for(request.user)
    if not partnerships:
        raise PermissionDenied if request.user.standing.reading_ids else Http404
    form = PointFromElsewhereForm(
        request.POST or None,
        partnerships=partnerships,
        on=timezone.localdate(),
        cancel_url=reverse("reviews:learning-list"),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Added. Every member can read it.")
        return redirect("reviews:learning-list")
    return page_of_form(request, form, "Add a learning point", crumbs())


@asks_and_answers
def add_to_case(request, pk):
    case = get_permitted(request.user, Case, "change", pk=pk)
    case.note_reading(by=request.user)
    return add_to(request, case, LearningPoint(case=case, partnership=case.partnership))


@asks_and_answers
def add_to_review(request, pk):
    review = get_permitted(request.user, PracticeReview, "change", pk=pk)
    review.note_reading(by=request.user)
    return add_to(request, review, LearningPoint(review=review, partnership=review.partnership))


def add_to(request, owner, point):
    form = PointForm(request.POST or None, instance=point, on=timezone.localdate(), cancel_url=owner.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, "Added. Only the case review group can read it until you release it.")
        return redirect(f"{owner.get_absolute_url()}#learning")
    trail = [("Cases", reverse("reviews:case-list")), (owner.reference, owner.get_absolute_url())]
    return page_of_form(request, form, "Add a learning point", trail, is_restricted=True)


@asks_and_answers
def change(request, pk):
    point = point_to(request, "change", pk)
    on = timezone.localdate()
    back = point.get_absolute_url()
    if point.is_of_group:
        form = PointForm(request.POST or None, instance=point, on=on, cancel_url=back)
    else:
        form = PointFromElsewhereForm(
            request.POST or None,
            instance=point,
            partnerships=writes_for(request.user),
            on=on,
            cancel_url=back,
        )
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(back)
    return page_of_form(
        request,
        form,
        "Change a learning point",
        crumbs(("One of them", back)),
        is_restricted=point.is_restricted,
        remove_url=reverse("reviews:learning-remove", args=[point.pk]),
    )


@asks_and_answers
def release_view(request, pk):
    """Let every member read it, under a label that leads nowhere."""
    point = point_to(request, "release", pk)
    back = point.get_absolute_url()
    form = ReleasePointForm(request.POST or None, instance=point, cancel_url=back)
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("label", "text")}
        release(point, **words, by=request.user, on=timezone.localdate())
        messages.success(request, f"Released. Every member of {point.partnership} can read it now.")
        return redirect(back)
    return page_of_form(
        request, form, "Release it to members", crumbs(("One of them", back)), is_release=True, point=point
    )


@require_POST
def take_back_view(request, pk):
    point = point_to(request, "release", pk)
    try:
        take_back(point)
    except NotNow as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Taken back. Only the case review group can read it.")
    return redirect(point)


@require_POST
def remove(request, pk):
    point = point_to(request, "change", pk)
    try:
        remove_point(point, on=timezone.localdate())
    except NotNow as problem:
        messages.error(request, str(problem))
        return redirect(point)
    messages.success(request, "Removed.")
    return redirect("reviews:learning-list")


# Themes over years


def partnership_asked(request):
    """(the partnership whose numbers are shown, those to choose from). One at a time: two together could be parted."""
    own = list(Partnership.objects.filter(pk__in=request.user.standing.reading_ids).order_by("name"))
    if not own:
        raise Http404
    return next((each for each in own if str(each.pk) == request.GET.get("partnership")), own[0]), own


@require_safe
def themes(request):
    """Learning points and recommendations by theme and year; for the case review group cases too."""
    partnership, own = partnership_asked(request)
    last = year_of(timezone.localdate())
    measures = measures_of(partnership, request.user, last_year=last)
    if request.GET.get("export") == "csv":
        return export(partnership, measures, smallest_shown(partnership))
    smallest = smallest_shown(partnership)
    context = {
        "partnership": partnership,
        "own": own,
        "parts": [(each, draw(each, smallest=smallest), lines_of(each.counts, smallest)) for each in measures],
        "years": [name_of_year(year) for year in measures[0].counts.columns],
        "is_group": partnership.pk in request.user.standing.case_group_ids,
        "is_office": partnership.pk in request.user.standing.office_ids,
        "smallest": smallest,
        "crumbs": [(LEARNING[0], reverse(LEARNING[1])), ("Themes over years", None)],
    }
    return render(request, "reviews/learning_themes.html", context)


def lines_of(counts, smallest):
    """[(heading, [what stands in each cell], its total)] of a table, the totals of its columns last."""

    def said(row, year):
        return words_of(counts, row, year, smallest)

    rows = [*((str(row), row) for row in counts.rows), ("All themes", None)]
    return [(name, [said(row, year) for year in counts.columns], said(row, None)) for name, row in rows]


def words_of(counts, row, year, smallest):
    number = counts.shown(row, year)
    if number is not None:
        return str(number)
    return NOT_SHOWN if row is None or year is None else f"under {smallest}"


def export(partnership, measures, smallest):
    """What the page shows, as CSV: the same numbers are kept back."""
    years = measures[0].counts.columns
    rows = Dataset(headers=["What", "Theme", *(name_of_year(year) for year in years), "All years"])
    for measure in measures:
        for name, cells, total in lines_of(measure.counts, smallest):
            rows.append([harmless(cell) for cell in (measure.heading, name, *cells, total)])
    filename = f"themes-{slugify(partnership.short_name)}.csv"
    return as_attachment(BYTE_ORDER_MARK + rows.export("csv"), filename, "text/csv")


@asks_and_answers
def smallest_view(request, pk):
    """From which number on members read what is counted by theme and year."""
    partnership = get_permitted(request.user, Partnership, "office", pk=pk)
    kept = LearningSettings.objects.filter(partnership=partnership).first()
    back = f"{reverse('reviews:learning-themes')}?partnership={partnership.pk}"
    form = SmallestForm(
        request.POST or None, instance=kept or LearningSettings(partnership=partnership), cancel_url=back
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(back)
    trail = [(LEARNING[0], reverse(LEARNING[1])), ("Themes over years", back)]
    return page_of_form(request, form, "Smallest number shown", trail)


patterns = [
    path("learning/points/", LearningList.as_view(), name="learning-list"),
    path("learning/points/add/", add, name="learning-add"),
    path("learning/points/<uuid:pk>/", detail, name="learning-detail"),
    path("learning/points/<uuid:pk>/change/", change, name="learning-change"),
    path("learning/points/<uuid:pk>/release/", release_view, name="learning-release"),
    path("learning/points/<uuid:pk>/take-back/", take_back_view, name="learning-take-back"),
    path("learning/points/<uuid:pk>/remove/", remove, name="learning-remove"),
    path("learning/themes/", themes, name="learning-themes"),
    path("learning/themes/<int:pk>/smallest/", smallest_view, name="learning-smallest"),
    path("reviews/<uuid:pk>/learning/", add_to_case, name="case-learning-add"),
    path("practice-reviews/<uuid:pk>/learning/", add_to_review, name="review-learning-add"),
]
