"""Practice reviews and the register of reviewers, for the case review group alone."""

from datetime import date

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count, Min, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.refusals import NotNow
from partnership.uploads import UnreadableFile
from reviews import learning, recommendations
from reviews.clock import BEGUN
from reviews.forms.practice import (
    AppointmentEndForm,
    AppointmentForm,
    CarryOverForm,
    DraftForm,
    EndForm,
    FamilyStepForm,
    ReviewerForm,
    ReviewForm,
    StartForm,
    partnerships_of_group,
)
from reviews.models import Appointment, FamilyStep, PracticeReview, ReviewDraft, Reviewer
from reviews.practice import (
    add_draft,
    agencies_of,
    begin_review,
    carry_over,
    end_review,
    gaps_with_family,
    involved_of,
)
from reviews.practice_lists import ReviewerFilter, ReviewerTable, ReviewFilter, ReviewTable
from reviews.publication import days_of, editions_of, gate_of
from reviews.timeline import marks_of, next_of, parts_of, timeline_of

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])

ALREADY = "This reference is in the list already. Enter another one"


class GroupList(RecordList):
    """A list that is there for people of a case review group; to anyone else the address does not exist."""

    def dispatch(self, request, *args, **kwargs):
        group_or_404(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        crumbs = [("Cases", reverse("reviews:case-list")), (self.table_class.caption, None)]
        return super().get_context_data(crumbs=crumbs, **kwargs)


def group_or_404(user):
    if not user.standing.case_group_ids:
        raise Http404


def own_group_or_404(user):
    """Who may only look for a few hours has no group in which to begin something."""
    if not partnerships_of_group(user):
        raise Http404


class ReviewList(GroupList):
    """Reviews under way, what is next first; then those that have ended."""

    table_class, filterset_class = ReviewTable, ReviewFilter
    template_name = "reviews/review_list.html"
    export_name = "practice-reviews"

    def get_queryset(self):
        return (
            PracticeReview.objects.visible_to(self.request.user)
            .with_next_stage()
            .annotate(
                begun_on=Min("stages__done_on", filter=Q(stages__code=BEGUN)),
                has_ended=Q(ended_on__isnull=False),
            )
            .select_related("partnership")
            .order_by("has_ended", "next_due_on", "-ended_on", "pk")
        )


@require_safe
def review_detail(request, pk):
    """One practice review; that this person looked at it is recorded."""
    review = get_permitted(request.user, PracticeReview, "view", pk=pk)
    review.note_reading(by=request.user)
    today = timezone.localdate()
    marks = marks_of(review, on=today)
    agencies = list(agencies_of(review))
    appointments = list(review.appointments.select_related("reviewer"))
    for each in appointments:
        each.involved = involved_of(each.reviewer, agencies)
    done, ahead = parts_of(timeline_of(marks, on=today))
    steps = sorted(review.family_steps.all(), key=when_in_the_review)
    gate = [] if review.is_carried_over else gate_of(review, on=today)
    context = {
        "review": review,
        "crumbs": crumbs(review, None)[:-1],
        "marks": marks,
        "done": done,
        "ahead": ahead,
        "next": next_of(marks),
        "today": today,
        "cases": review.cases.all(),
        "themes": review.themes.all(),
        "agencies": agencies,
        "appointments": appointments,
        "family_steps": steps,
        "gaps": [] if review.ended_on else gaps_with_family(steps),
        "drafts": review.drafts.select_related("document", "added_by").defer("document__content"),
        "gate": gate,
        "settled_count": sum(each.is_settled for each in gate),
        "days": days_of(review),
        "editions": editions_of(review),
        "recommendations": recommendations.section_of(review, request.user),
        "learning": learning.section_of(review, request.user),
        "readings": review.readings.select_related("read_by")[:10],
    }
    return render(request, "reviews/review_detail.html", context)


def when_in_the_review(step):
    """The family's steps by their days, and in the order of a review on one day; at the end what was not done."""
    return (step.done_on or date.max, FamilyStep.Kind.values.index(step.kind))


def crumbs(review, here):
    """From the list to ``here``, a page of ``review``."""
    return [
        ("Cases", reverse("reviews:case-list")),
        ("Practice reviews", reverse("reviews:review-list")),
        (review.reference, review.get_absolute_url() if here else None),
        (here, None),
    ]


def form_page(request, review, form, heading, *, lede=""):
    """A page of one form about ``review``, which shows what stands there: so opening it is to read it."""
    review.note_reading(by=request.user, what=heading)
    context = {"review": review, "form": form, "heading": heading, "lede": lede, "crumbs": crumbs(review, heading)}
    return render(request, "reviews/review_form.html", context, status=form.status)


def list_form_page(request, form, heading, *, of=("Practice reviews", "reviews:review-list"), lede=""):
    trail = [("Cases", reverse("reviews:case-list")), (of[0], reverse(of[1])), (heading, None)]
    context = {"form": form, "heading": heading, "lede": lede, "crumbs": trail}
    return render(request, "reviews/review_form.html", context, status=form.status)


@asks_and_answers
def add_review(request):
    """Begin a review that no decision on a case began here."""
    own_group_or_404(request.user)
    form = StartForm(
        request.POST or None, user=request.user, on=timezone.localdate(), cancel_url=reverse("reviews:review-list")
    )
    if form.is_valid():
        try:
            with transaction.atomic():
                review = begin_review(by=request.user, **form.cleaned_data)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        except IntegrityError:
            form.add_error("reference", ALREADY)
        else:
            messages.success(request, f"{review.reference} has begun.")
            return redirect(review)
    lede = "A thematic or national review, or one that was decided on elsewhere. A review of a case begins at the case."
    return list_form_page(request, form, "Begin a practice review", lede=lede)


@asks_and_answers
def carry_over_review(request):
    """Put an older review, published then, on the public list."""
    own_group_or_404(request.user)
    answer = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CarryOverForm(*answer, user=request.user, on=timezone.localdate(), cancel_url=reverse("reviews:review-list"))
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in form.base_fields}
        try:
            with transaction.atomic():
                review = carry_over(by=request.user, at=timezone.now(), **words)
        except UnreadableFile as refusal:
            form.add_error("upload", str(refusal))
        except IntegrityError:
            form.add_error("reference", ALREADY)
        else:
            messages.success(request, f"{review.reference} is on the public list.")
            return redirect(review)
    lede = "A review that was published before, with its report or where it can be read. It has no clocks."
    return list_form_page(request, form, "Carry over an older review", lede=lede)


@asks_and_answers
def change_review(request, pk):
    review = get_permitted(request.user, PracticeReview, "change", pk=pk)
    form = ReviewForm(request.POST or None, instance=review, user=request.user, cancel_url=review.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(review)
    return form_page(request, review, form, "What it is to find out")


@asks_and_answers
def end(request, pk):
    """End a review that we do not publish."""
    review = get_permitted(request.user, PracticeReview, "change", pk=pk)
    if review.ended_on:
        messages.info(request, "This review has ended already.")
        return redirect(review)
    form = EndForm(request.POST or None, cancel_url=review.get_absolute_url())
    if form.is_valid():
        try:
            end_review(review, because=form.cleaned_data["because"], on=timezone.localdate())
        except NotNow as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{review.reference} has ended.")
        return redirect(review)
    return form_page(request, review, form, "End the review")


# Reviewers

REGISTER = ("Reviewers", "reviews:reviewer-list")


class ReviewerList(GroupList):
    """Whom the group can ask to lead a review."""

    table_class, filterset_class = ReviewerTable, ReviewerFilter
    template_name = "reviews/reviewer_list.html"
    export_name = "reviewers"

    def get_queryset(self):
        return (
            Reviewer.objects.visible_to(self.request.user)
            .annotate(led_count=Count("appointments"))
            .select_related("partnership")
            .order_by("-is_available", "name", "pk")
        )


@asks_and_answers
def add_reviewer(request):
    """In the address may be the ``review`` that they are wanted for: then they are appointed next."""
    own_group_or_404(request.user)
    under_way = PracticeReview.objects.visible_to(request.user).under_way()
    review = next((each for each in under_way if str(each.pk) == request.GET.get("review")), None)
    back = reverse("reviews:appointment-add", args=[review.pk]) if review else reverse("reviews:reviewer-list")
    form = ReviewerForm(request.POST or None, user=request.user, cancel_url=back)
    if form.is_valid():
        reviewer = form.save()
        messages.success(request, f"{reviewer} is in the register.")
        return redirect(f"{back}?reviewer={reviewer.pk}" if review else back)
    return list_form_page(request, form, "Add a reviewer", of=REGISTER)


@asks_and_answers
def change_reviewer(request, pk):
    reviewer = get_permitted(request.user, Reviewer, "change", pk=pk)
    form = ReviewerForm(
        request.POST or None, instance=reviewer, user=request.user, cancel_url=reverse("reviews:reviewer-list")
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("reviews:reviewer-list")
    return list_form_page(request, form, reviewer.name, of=REGISTER)


@asks_and_answers
def add_appointment(request, pk):
    review = get_permitted(request.user, PracticeReview, "change", pk=pk)
    form = AppointmentForm(
        request.POST or None,
        initial={"reviewer": request.GET.get("reviewer")},
        review=review,
        agencies=list(agencies_of(review)),
        on=timezone.localdate(),
        cancel_url=review.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, f"{form.instance.reviewer} leads the review.")
        return redirect(review)
    lede = "Ask for interests before: work for an agency involved, earlier reviews of it, ties to people there."
    return form_page(request, review, form, "Appoint the reviewer", lede=lede)


def appointment_to_change(request, pk):
    appointment = get_permitted(request.user, Appointment, "change", pk=pk)
    return appointment, appointment.review


@asks_and_answers
def change_appointment(request, pk):
    """What was declared, and why it is no obstacle."""
    appointment, review = appointment_to_change(request, pk)
    form = AppointmentForm(
        request.POST or None,
        instance=appointment,
        review=review,
        agencies=list(agencies_of(review)),
        on=timezone.localdate(),
        cancel_url=review.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(review)
    return form_page(request, review, form, f"Appointment of {appointment.reviewer}")


@asks_and_answers
def end_appointment(request, pk):
    appointment, review = appointment_to_change(request, pk)
    form = AppointmentEndForm(request.POST or None, instance=appointment, cancel_url=review.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, f"The appointment of {appointment.reviewer} has its end.")
        return redirect(review)
    return form_page(request, review, form, f"End the appointment of {appointment.reviewer}")


# The family


@asks_and_answers
def add_family_step(request, pk):
    """``kind`` in the address is chosen already."""
    review = get_permitted(request.user, PracticeReview, "change", pk=pk)
    chosen = request.GET.get("kind")
    step = FamilyStep(review=review, partnership_id=review.partnership_id)
    form = FamilyStepForm(
        request.POST or None,
        instance=step,
        initial={"kind": chosen} if chosen in FamilyStep.Kind.values else {},
        on=timezone.localdate(),
        cancel_url=review.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(review)
    lede = "Days and what was offered. Never a name: who they are stays in the agencies’ own records."
    return form_page(request, review, form, "The family’s part", lede=lede)


@asks_and_answers
def change_family_step(request, pk):
    step = get_permitted(request.user, FamilyStep, "change", pk=pk)
    review = step.review
    form = FamilyStepForm(
        request.POST or None, instance=step, on=timezone.localdate(), cancel_url=review.get_absolute_url()
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(review)
    return form_page(request, review, form, "The family’s part")


# Drafts


@asks_and_answers
def add_review_draft(request, pk):
    review = get_permitted(request.user, PracticeReview, "change", pk=pk)
    answer = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DraftForm(*answer, cancel_url=review.get_absolute_url())
    if form.is_valid():
        given = form.cleaned_data
        draft, is_new = add_draft(review, upload=given["file"], note=given["note"], by=request.user)
        words = "is kept" if is_new else "is this very file already"
        messages.success(request, f"Draft {draft.number} {words}.")
        return redirect(review)
    lede = "Whoever opens a draft is recorded. Nobody outside the group can."
    return form_page(request, review, form, "Add a draft", lede=lede)


@require_safe
def download_draft(request, pk):
    """A draft as it came, to be saved; that this person took it is recorded."""
    draft = get_permitted(request.user, ReviewDraft, "view", pk=pk)
    draft.review.note_reading(by=request.user, what=f"draft {draft.number}")
    return as_attachment(draft.document.content, draft.document.filename, "application/octet-stream")


@require_safe
def download_final(request, pk):
    """The reviewer's own report as it came."""
    review = get_permitted(request.user, PracticeReview, "view", pk=pk)
    if review.final_report is None:
        raise Http404
    review.note_reading(by=request.user, what="the reviewer’s report")
    return as_attachment(review.final_report.content, review.final_report.filename, "application/octet-stream")


patterns = [
    path("practice-reviews/", ReviewList.as_view(), name="review-list"),
    path("practice-reviews/add/", add_review, name="review-add"),
    path("practice-reviews/carry-over/", carry_over_review, name="review-carry-over"),
    path("practice-reviews/<uuid:pk>/", review_detail, name="review-detail"),
    path("practice-reviews/<uuid:pk>/change/", change_review, name="review-change"),
    path("practice-reviews/<uuid:pk>/end/", end, name="review-end"),
    path("practice-reviews/<uuid:pk>/report/", download_final, name="review-report"),
    path("practice-reviews/<uuid:pk>/appoint/", add_appointment, name="appointment-add"),
    path("practice-reviews/<uuid:pk>/family/", add_family_step, name="family-step-add"),
    path("practice-reviews/<uuid:pk>/drafts/add/", add_review_draft, name="draft-add"),
    path("review-appointments/<uuid:pk>/", change_appointment, name="appointment-change"),
    path("review-appointments/<uuid:pk>/end/", end_appointment, name="appointment-end"),
    path("review-family/<uuid:pk>/", change_family_step, name="family-step-change"),
    path("review-drafts/<uuid:pk>/", download_draft, name="draft-download"),
    path("reviewers/", ReviewerList.as_view(), name="reviewer-list"),
    path("reviewers/add/", add_reviewer, name="reviewer-add"),
    path("reviewers/<uuid:pk>/", change_reviewer, name="reviewer-change"),
]
