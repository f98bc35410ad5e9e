"""Briefings: read by members, written by the office or, of a review, by its case review group alone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.pdf import PdfProblem
from partnership.refusals import NotNow
from plans.documents import WORD
from reviews.briefing_pdf import make_pdf
from reviews.briefing_word import make_word
from reviews.briefings import (
    MOST_WORDS,
    agencies_asked,
    begin_briefing,
    content_of,
    correct_briefing,
    filename_of,
    length_in_words,
    missing_from,
    publish_briefing,
    word_count_of,
)
from reviews.dissemination import spread_of
from reviews.forms.briefings import BeginForm, BeginForReviewForm, BriefingForm, PublishForm, StepDoneForm, StepForm
from reviews.learning_lists import BriefingFilter, BriefingTable
from reviews.models import Briefing, DisseminationStep, LearningPoint, PracticeReview, Receipt

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
LEARNING = ("Learning", "reviews:briefing-list")


class BriefingList(RecordList):
    """The newest edition of each briefing that is out, and the drafts that this person writes."""

    table_class, filterset_class = BriefingTable, BriefingFilter
    template_name = "reviews/briefing_list.html"
    export_name = "briefings"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.standing.reading_ids:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        seen = Briefing.objects.visible_to(self.request.user).filter(superseded_by__published_at=None)
        return seen.select_related("partnership").order_by("-published_at", "title", "pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"may_begin": bool(writes_for(self.request.user))}


def writes_for(user):
    """Keys of the partnerships for which this person writes briefings and learning points."""
    standing = user.standing
    return standing.office_ids | standing.own_case_group_ids


def crumbs(briefing, here=None):
    between = [(briefing.title, briefing.get_absolute_url())] if here else []
    return [(LEARNING[0], reverse(LEARNING[1])), *between, (here or briefing.title, None)]


def to_write(request, verb, pk):
    """A briefing and that it was looked at, or (None, where to go) where its edition is published already."""
    briefing = get_permitted(request.user, Briefing, "view", pk=pk)
    if briefing.is_published:
        may_or_refuse(request.user, "spread", briefing)
        messages.info(request, "It is published, so its words stand. A correction is a new edition.")
        return briefing, redirect(briefing)
    may_or_refuse(request.user, verb, briefing)
    briefing.note_reading(by=request.user)
    return briefing, None


@asks_and_answers
def begin(request):
    """A briefing that comes from no review of ours."""
    if not writes_for(request.user):
        raise PermissionDenied if request.user.standing.reading_ids else Http404
    form = BeginForm(
        request.POST or None, partnerships=writes_for(request.user), cancel_url=reverse("reviews:briefing-list")
    )
    if form.is_valid():
        briefing = begin_briefing(partnership=form.cleaned_data["partnership"], title=form.cleaned_data["title"])
        return redirect("reviews:briefing-change", briefing.pk)
    context = {"form": form, "crumbs": [(LEARNING[0], reverse(LEARNING[1])), ("Begin a briefing", None)]}
    return render(request, "reviews/briefing_begin.html", context, status=form.status)


@asks_and_answers
def begin_for_review(request, pk):
    """A briefing of a practice review: its case review group's alone until it is published."""
    review = get_permitted(request.user, PracticeReview, "change", pk=pk)
    review.note_reading(by=request.user)
    form = BeginForReviewForm(request.POST or None, cancel_url=review.get_absolute_url())
    if form.is_valid():
        briefing = begin_briefing(partnership=review.partnership, review=review, title=form.cleaned_data["title"])
        return redirect("reviews:briefing-change", briefing.pk)
    context = {
        "form": form,
        "review": review,
        "crumbs": [
            ("Cases", reverse("reviews:case-list")),
            (review.reference, review.get_absolute_url()),
            ("Begin a briefing", None),
        ],
    }
    return render(request, "reviews/briefing_begin.html", context, status=form.status)


@require_safe
def detail(request, pk):
    """As it reads; a draft for who writes it, what is published for the partnership's people."""
    briefing = get_permitted(request.user, Briefing, "view", pk=pk)
    briefing.note_reading(by=request.user)
    today = timezone.localdate()
    writes = may(request.user, "spread", briefing)
    own = Receipt.objects.filter(
        briefing=briefing, organisation__in=request.user.standing.organisation_ids
    ).select_related("organisation")
    context = {
        "briefing": briefing,
        "content": content_of(briefing),
        "length": length_in_words(word_count_of(briefing)),
        "later": Briefing.objects.filter(supersedes=briefing, published_at__isnull=False).first(),
        "points": LearningPoint.objects.visible_to(request.user).filter(briefings=briefing),
        "own_receipts": own if briefing.is_published else [],
        "spread": spread_of(briefing, on=today),
        "writes": writes,
        "today": today,
        "crumbs": crumbs(briefing),
    }
    return render(request, "reviews/briefing_detail.html", context)


@asks_and_answers
def change(request, pk):
    """The six parts and the three questions on one page, each with what helps to write it."""
    briefing, elsewhere = to_write(request, "change", pk)
    if elsewhere:
        return elsewhere
    form = BriefingForm(
        request.POST or None, instance=briefing, user=request.user, cancel_url=briefing.get_absolute_url()
    )
    if form.is_valid():
        saved = form.save()
        messages.success(request, f"Saved. {length_in_words(word_count_of(saved))}.")
        return redirect(saved if "look" in request.POST else reverse("reviews:briefing-change", args=[saved.pk]))
    context = {"briefing": briefing, "form": form, "most": MOST_WORDS, "crumbs": crumbs(briefing, "Write")}
    context["length"] = length_in_words(form.word_count)
    return render(request, "reviews/briefing_change.html", context, status=form.status)


@asks_and_answers
def publish(request, pk):
    """Look at it once more, say who reads it and who is asked what they did with it."""
    briefing, elsewhere = to_write(request, "publish", pk)
    if elsewhere:
        return elsewhere
    now = timezone.now()
    today = timezone.localdate(now)
    form = PublishForm(request.POST or None, briefing=briefing, on=today, cancel_url=briefing.get_absolute_url())
    if form.is_valid():
        answers = form.cleaned_data
        try:
            published = publish_briefing(
                briefing,
                agencies=answers["agencies"],
                due_on=answers["due_on"],
                is_public=answers["is_public"],
                by=request.user,
                at=now,
                on=today,
            )
        except (NotNow, PdfProblem) as problem:
            form.add_error(None, str(problem))
        else:
            count = len(answers["agencies"])
            asked = f" {count} agenc{'y is' if count == 1 else 'ies are'} asked what came of it." if count else ""
            messages.success(request, f"“{published}” is published.{asked}")
            return redirect(published)
    context = {
        "briefing": briefing,
        "form": form,
        "content": content_of(briefing),
        "length": length_in_words(word_count_of(briefing)),
        "missing": missing_from(briefing),
        "has_agencies": agencies_asked(briefing.partnership, on=today).exists(),
        "crumbs": crumbs(briefing, "Publish"),
    }
    return render(request, "reviews/briefing_publish.html", context, status=form.status)


@require_POST
def correct(request, pk):
    """Begin the next edition of what is published."""
    briefing = get_permitted(request.user, Briefing, "spread", pk=pk)
    try:
        draft = correct_briefing(briefing)
    except NotNow as problem:
        messages.info(request, str(problem))
        return redirect(briefing)
    return redirect("reviews:briefing-change", draft.pk)


@require_POST
def discard(request, pk):
    """Throw a draft away. Its history stays."""
    briefing, elsewhere = to_write(request, "change", pk)
    if elsewhere:
        return elsewhere
    briefing.delete()
    messages.success(request, f"The draft of “{briefing}” is thrown away.")
    return redirect("reviews:briefing-list")


# On paper


@require_safe
def download_pdf(request, pk):
    """The bytes that were published; of a draft, or of what is not for the public, set now from the same words."""
    briefing = get_permitted(request.user, Briefing, "view", pk=pk)
    briefing.note_reading(by=request.user)
    if briefing.pdf:
        return as_attachment(briefing.pdf.content, filename_of(briefing, "pdf"))
    try:
        pdf = make_pdf(content_of(briefing))
    except PdfProblem as problem:
        messages.error(request, f"The PDF could not be made. {problem} The Word document says the same.")
        return redirect(briefing)
    return as_attachment(pdf.content, filename_of(briefing, "pdf"))


@require_safe
def download_word(request, pk):
    briefing = get_permitted(request.user, Briefing, "view", pk=pk)
    briefing.note_reading(by=request.user)
    return as_attachment(make_word(content_of(briefing)), filename_of(briefing, "docx"), WORD)


# How it is spread


@require_safe
def plan(request, pk):
    """To whom it goes, how, by whom and by when; to be printed."""
    briefing = get_permitted(request.user, Briefing, "view", pk=pk)
    briefing.note_reading(by=request.user)
    today = timezone.localdate()
    context = {
        "briefing": briefing,
        "spread": spread_of(briefing, on=today),
        "writes": may(request.user, "spread", briefing),
        "own_post_ids": request.user.standing.post_ids if briefing.is_published else (),
        "today": today,
        "crumbs": crumbs(briefing, "How it is spread"),
    }
    return render(request, "reviews/briefing_plan.html", context)


def step_of(request, verb, pk, step_pk):
    """A step of a briefing that this person may know of, to which they may do ``verb``."""
    briefing = get_permitted(request.user, Briefing, "view", pk=pk)
    step = get_object_or_404(DisseminationStep.objects.select_related("briefing"), briefing=briefing, pk=step_pk)
    may_or_refuse(request.user, verb, step)
    return step


@asks_and_answers
def add_step(request, pk):
    briefing = get_permitted(request.user, Briefing, "spread", pk=pk)
    return write_step(request, briefing, DisseminationStep(briefing=briefing), "Add a step")


@asks_and_answers
def change_step(request, pk, step_pk):
    step = step_of(request, "change", pk, step_pk)
    return write_step(request, step.briefing, step, "Change a step")


def write_step(request, briefing, step, title):
    back = reverse("reviews:briefing-plan", args=[briefing.pk])
    form = StepForm(request.POST or None, instance=step, briefing=briefing, cancel_url=back)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(back)
    context = {"briefing": briefing, "form": form, "title": title, "crumbs": crumbs(briefing, title)}
    if not step._state.adding:
        context["remove_url"] = reverse("reviews:step-remove", args=[briefing.pk, step.pk])
    return render(request, "reviews/step_form.html", context, status=form.status)


@asks_and_answers
def carry_out_step(request, pk, step_pk):
    """Say that it was done: whoever leads it, or the office."""
    step = step_of(request, "carry_out", pk, step_pk)
    back = reverse("reviews:briefing-plan", args=[pk])
    form = StepDoneForm(request.POST or None, instance=step, on=timezone.localdate(), cancel_url=back)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(back)
    title = f"What came of it: {step}"
    context = {"briefing": step.briefing, "form": form, "title": title, "crumbs": crumbs(step.briefing, "Done")}
    return render(request, "reviews/step_form.html", context, status=form.status)


@require_POST
def remove_step(request, pk, step_pk):
    step = step_of(request, "change", pk, step_pk)
    step.delete()
    messages.success(request, "The step is taken out. Its history stays.")
    return redirect("reviews:briefing-plan", pk)


patterns = [
    path("learning/", BriefingList.as_view(), name="briefing-list"),
    path("briefings/begin/", begin, name="briefing-begin"),
    path("practice-reviews/<uuid:pk>/briefing/", begin_for_review, name="review-briefing-begin"),
    path("briefings/<uuid:pk>/", detail, name="briefing-detail"),
    path("briefings/<uuid:pk>/change/", change, name="briefing-change"),
    path("briefings/<uuid:pk>/publish/", publish, name="briefing-publish"),
    path("briefings/<uuid:pk>/correct/", correct, name="briefing-correct"),
    path("briefings/<uuid:pk>/discard/", discard, name="briefing-discard"),
    path("briefings/<uuid:pk>/pdf/", download_pdf, name="briefing-pdf"),
    path("briefings/<uuid:pk>/word/", download_word, name="briefing-word"),
    path("briefings/<uuid:pk>/plan/", plan, name="briefing-plan"),
    path("briefings/<uuid:pk>/plan/add/", add_step, name="step-add"),
    path("briefings/<uuid:pk>/plan/<uuid:step_pk>/", change_step, name="step-change"),
    path("briefings/<uuid:pk>/plan/<uuid:step_pk>/done/", carry_out_step, name="step-done"),
    path("briefings/<uuid:pk>/plan/<uuid:step_pk>/remove/", remove_step, name="step-remove"),
]
