"""The yearly review of access: begin it, answer line by line or many at once, close it, take it away."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.access_review_lists import AccessLineFilter, AccessLineTable
from partnership.accounts.freshness import asks_again
from partnership.accounts.reviewing import Decision, answer_lines, begin_review, close_review, office_of
from partnership.forms import PlannerForm
from partnership.lists import RecordList
from partnership.models import AccessReview, Partnership
from partnership.refusals import NotNow
from partnership.standing import standing_of
from partnership.whole_numbers import whole_number

USUAL_DAYS = 28
LIST = "partnership:access-review-list"


def partnerships_of(user):
    """Those whose access this person may have reviewed: their offices', or all for an administrator."""
    standing = standing_of(user)
    if standing.is_administrator:
        return Partnership.objects.order_by("name")
    return Partnership.objects.filter(pk__in=standing.office_ids).order_by("name")


@require_safe
def review_list(request):
    standing = standing_of(request.user)
    if not (standing.is_administrator or standing.office_ids or standing.lead_partner_ids):
        raise PermissionDenied
    reviews = AccessReview.objects.visible_to(request.user).with_progress().select_related("partnership", "closed_by")
    partnerships = list(partnerships_of(request.user))
    open_in = {review.partnership_id for review in reviews if not review.closed_at}
    context = {
        "reviews": reviews,
        "to_begin": [each for each in partnerships if each.pk not in open_in],
        "crumbs": [("People", reverse("partnership:person-list")), ("Reviews of access", None)],
    }
    return render(request, "partnership/access_review_list.html", context)


class BeginForm(PlannerForm):
    submit_label = "Begin the review"

    due_on = forms.DateField(
        label="To be finished by",
        help_text="Whoever is of the office is reminded of it.",
        error_messages={"required": "Enter the day by which it is to be finished"},
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, initial={"due_on": on + timedelta(days=USUAL_DAYS)}, **kwargs)
        self.on = on

    def clean_due_on(self):
        if self.cleaned_data["due_on"] < self.on:
            raise forms.ValidationError("Enter today or a day to come")
        return self.cleaned_data["due_on"]


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request, pk):
    partnership = get_object_or_404(partnerships_of(request.user), pk=pk)
    now = timezone.now()
    form = BeginForm(request.POST or None, on=timezone.localdate(now), cancel_url=reverse(LIST))
    if form.is_valid():
        review = begin_review(partnership, due_on=form.cleaned_data["due_on"], by=request.user, at=now)
        messages.success(request, "Begun. Answer for one person, or for many together; you can stop and go on any time")
        return redirect(review)
    crumbs = [("Reviews of access", reverse(LIST)), ("Begin", None)]
    context = {"form": form, "partnership": partnership, "crumbs": crumbs}
    return render(request, "partnership/access_review_begin.html", context, status=form.status)


class AnswerForm(PlannerForm):
    submit_label = "Keep this answer"

    decision = forms.ChoiceField(
        label="What about those who are ticked?",
        choices=[
            (Decision.KEEP, "Still right: they keep what they have"),
            (Decision.CHANGED, "Changed: something was put right on their page or their posts’"),
            (Decision.ENDED, "Ended: everything that they hold in this partnership ends now"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what about those who are ticked"},
    )
    note = forms.CharField(
        label="In a few words",
        max_length=300,
        required=False,
        help_text="Needed where something was changed: it stands with the review.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.form_id = "answer"  # the boxes in the table belong to it

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == Decision.CHANGED and not cleaned.get("note"):
            self.add_error("note", "Say in a few words what was changed")
        return cleaned


class ReviewDetail(RecordList):
    """The lines of one review, those not looked at first; the form below answers for those that are ticked."""

    table_class, filterset_class = AccessLineTable, AccessLineFilter
    template_name = "partnership/access_review_detail.html"
    form = None

    @property
    def export_name(self):
        return f"review-of-access-{timezone.localdate(self.review.begun_at):%Y-%m-%d}"

    def dispatch(self, request, *args, **kwargs):
        self.review = get_permitted(request.user, AccessReview, "view", pk=kwargs["pk"])
        self.office = office_of(self.review.partnership, on=timezone.localdate())
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        lines = self.review.lines.select_related("user", "decided_by", "review")
        return lines.order_by("decided_at", "user__name", "pk") if self.review.closed_at else lines.open_first()

    def get_table_kwargs(self):
        return {"review": self.review, "reader": self.request.user, "office": self.office}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            review=self.review,
            counts=self.review.counts(),
            may_close=may(self.request.user, "close", self.review),
            form=self.form or AnswerForm(),
            crumbs=[("Reviews of access", reverse(LIST)), (self.review.partnership.short_name, None)],
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        self.form = AnswerForm(request.POST)
        keys = {whole_number(key) for key in request.POST.getlist("line")} - {None}
        if not keys:
            self.form.add_error(None, "Tick at least one person")
        if not self.form.is_valid():
            response = self.get(request, *args, **kwargs)
            response.status_code = self.form.status
            return response
        try:
            answered, problems = answer_lines(
                self.review, keys, by=request.user, at=timezone.now(), **self.form.cleaned_data
            )
        except NotNow as problem:
            messages.warning(request, str(problem))
        else:
            if answered:
                messages.success(request, f"Kept, for {answered} {'person' if answered == 1 else 'people'}")
            for problem in problems:
                messages.warning(request, problem)
        return redirect(request.get_full_path())


@asks_again
@require_POST
def close(request, pk):
    review = get_permitted(request.user, AccessReview, "close", pk=pk)
    try:
        close_review(review, by=request.user, at=timezone.now())
    except NotNow as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, "Closed. It stands here as it is now, and the next one is due in a year")
    return redirect(review)


@require_safe
def print_review(request, pk):
    """All of it on one page, to be printed or filed."""
    review = get_permitted(request.user, AccessReview, "view", pk=pk)
    crumbs = [("Reviews of access", reverse(LIST)), (review.partnership.short_name, review.get_absolute_url())]
    context = {
        "review": review,
        "counts": review.counts(),
        "lines": review.lines.select_related("user", "decided_by").order_by("user__name", "pk"),
        "crumbs": [*crumbs, ("To print", None)],
    }
    return render(request, "partnership/access_review_print.html", context)


patterns = [
    path("access-reviews/", review_list, name="access-review-list"),
    path("access-reviews/begin/<int:pk>/", begin, name="access-review-begin"),
    path("access-reviews/<int:pk>/", ReviewDetail.as_view(), name="access-review-detail"),
    path("access-reviews/<int:pk>/close/", close, name="access-review-close"),
    path("access-reviews/<int:pk>/print/", print_review, name="access-review-print"),
]
