"""How a practice review becomes public: its words, its gate, its day; then corrections. For its group alone."""

import hashlib
import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.pdf import PdfProblem
from partnership.refusals import NotNow
from partnership.uploads import UnreadableFile
from reviews.cases import LateNeedsReason
from reviews.forms.publication import (
    CorrectForm,
    DayForm,
    PublicWordsForm,
    PublishForm,
    StepForm,
    WithdrawForm,
    WithholdForm,
)
from reviews.forms.releasing import KeepRestForm, TogetherForm
from reviews.models import PracticeReview
from reviews.practice import keep_public_words
from reviews.publication import (
    TooSoon,
    choose_day,
    content_of,
    days_of,
    editions_of,
    first_day_with_notice,
    gate_of,
    missing,
    prepare,
    publish_in_full_after_all,
    publish_review,
    settle_step,
    steps_of,
    withdraw,
    withhold_report,
)
from reviews.releasing import count_left, is_waiting, keep_the_rest, left_of, release_together
from reviews.report_pdf import make_pdf, parts_of
from reviews.views.practice import asks_and_answers, crumbs

PAGE = "Publication"


def review_to(request, verb, pk):
    return get_permitted(request.user, PracticeReview, verb, pk=pk)


def own_page(review):
    return reverse("reviews:review-publication", args=[review.pk])


def page_crumbs(review, *here):
    trail = crumbs(review, PAGE)
    return [*trail[:-1], (PAGE, own_page(review)), *[(each, None) for each in here]]


def form_page(request, review, form, heading, *, lede=""):
    review.note_reading(by=request.user, what=heading)
    context = {"review": review, "form": form, "heading": heading, "lede": lede}
    context["crumbs"] = page_crumbs(review, heading)
    return render(request, "reviews/review_form.html", context, status=form.status)


def refuse_once_ended(request, review):
    """What was published stands: the page that says so, or None while the review is under way."""
    if not review.ended_on:
        return None
    messages.info(request, "This review has ended, so its steps stand. What is public is put right by a correction.")
    return redirect(own_page(review))


def seen_of(content):
    """A hash of what would become public."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@require_safe
def publication(request, pk):
    """Everything before the public page, and what is public: the day, the words, the steps, the editions."""
    review = review_to(request, "view", pk)
    review.note_reading(by=request.user, what="publication")
    today = timezone.localdate()
    content = content_of(review, on=today)
    editions = list(editions_of(review).select_related("published_by"))
    context = {
        "review": review,
        "crumbs": crumbs(review, PAGE),
        "today": today,
        "days": days_of(review),
        "first_day": first_day_with_notice(review, on=today),
        "content": content,
        "gate": [] if review.is_carried_over else gate_of(review, on=today),
        "missing": missing(review, content, on=today),
        "editions": editions,
        "left_count": count_left(review.pk) if editions else 0,
        "may_withdraw": bool(editions) and not editions[0].withdrawn_on and is_free(editions[0], today),
    }
    return render(request, "reviews/publication_detail.html", context)


def is_free(edition, today):
    return not edition.stays_until or today > edition.stays_until


@asks_and_answers
def words(request, pk):
    """What everyone will read. After publication, what the next edition will say."""
    review = review_to(request, "change", pk)
    answer = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PublicWordsForm(*answer, instance=review, cancel_url=own_page(review))
    if form.is_valid():
        keep_public_words(form.instance, upload=form.cleaned_data["upload"], by=request.user)
        messages.success(request, "The words are kept. Nobody outside the group reads them before they are published.")
        return redirect(own_page(review))
    return form_page(request, review, form, "Words for the public")


@asks_and_answers
def day(request, pk):
    review = review_to(request, "change", pk)
    if stands := refuse_once_ended(request, review):
        return stands
    today = timezone.localdate()
    form = DayForm(request.POST or None, initial={"day": days_of(review).chosen_on}, cancel_url=own_page(review))
    if form.is_valid():
        given = form.cleaned_data
        try:
            choose_day(review, day=given["day"], too_soon_because=given["too_soon_because"], by=request.user, on=today)
        except (NotNow, TooSoon) as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, "The day is chosen.")
            return redirect(own_page(review))
    return form_page(request, review, form, "The day of publication")


@asks_and_answers
def step(request, pk, code):
    """When one step of the gate was done, or why it was not."""
    review = review_to(request, "change", pk)
    if stands := refuse_once_ended(request, review):
        return stands
    today = timezone.localdate()
    found = next((each for each in steps_of(review, on=today) if each.code == code), None)
    if found is None:
        raise Http404
    row = review.publication_steps.filter(code=code).first()
    initial = {"done_on": row.done_on, "exception": row.exception} if row else {}
    form = StepForm(request.POST or None, initial=initial, code=code, on=today, cancel_url=own_page(review))
    if form.is_valid():
        given = form.cleaned_data
        try:
            settle_step(review, code, done_on=given["done_on"], exception=given["exception"], by=request.user, on=today)
        except LateNeedsReason as refusal:
            form.add_error("exception", str(refusal))
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect(own_page(review))
    return form_page(request, review, form, found.title, lede=found.help)


@asks_and_answers
def withhold(request, pk):
    """Publish what is to be improved and not the report itself."""
    review = review_to(request, "change", pk)
    if stands := refuse_once_ended(request, review):
        return stands
    initial = {"because": review.withheld_because, "discussed_on": review.withheld_discussed_on}
    form = WithholdForm(request.POST or None, initial=initial, on=timezone.localdate(), cancel_url=own_page(review))
    if form.is_valid():
        try:
            withhold_report(review, **{name: form.cleaned_data[name] for name in ("because", "discussed_on")})
        except NotNow as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Only what is to be improved will be published.")
        return redirect(own_page(review))
    lede = "The Panel is asked before. What is to be improved, and what partners do, is published all the same."
    return form_page(request, review, form, "Not publishing the report", lede=lede)


@require_POST
def in_full(request, pk):
    """Take back that the report is not published."""
    review = review_to(request, "change", pk)
    try:
        publish_in_full_after_all(review)
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The report will be published.")
    return redirect(own_page(review))


@require_safe
def proof(request, pk):
    """The PDF as it would be published today, marked as a proof."""
    review = review_to(request, "view", pk)
    if not review.public_title or review.is_carried_over:
        messages.info(request, "Write the title and the words for the public first.")
        return redirect(own_page(review))
    review.note_reading(by=request.user, what="proof of the public report")
    last = editions_of(review).first()
    content = content_of(review, on=timezone.localdate(), edition=last.edition + 1 if last else 1)
    try:
        pdf = make_pdf(content, is_proof=True)
    except PdfProblem as problem:
        messages.error(request, f"The PDF could not be made. {problem}")
        return redirect(own_page(review))
    return as_attachment(pdf.content, "proof.pdf")


@asks_and_answers
def publish(request, pk):
    """What publishing means, all that becomes public, and what is missing; then exactly that is frozen."""
    review = review_to(request, "publish", pk)
    if stands := refuse_once_ended(request, review):
        return stands
    today = timezone.localdate()
    content = content_of(review, on=today)
    form = PublishForm(
        request.POST or None,
        is_late=days_of(review).is_late(today),
        seen=seen_of(content),
        cancel_url=own_page(review),
    )
    return publish_page(request, review, form, content, "Publish")


@asks_and_answers
def correct(request, pk):
    """Publish the words as they stand now as the next edition; the one before is kept."""
    review = review_to(request, "publish", pk)
    last = editions_of(review).first()
    if last is None:
        messages.info(request, "Nothing of this review is public yet, so there is nothing to correct.")
        return redirect(own_page(review))
    content = content_of(review, on=timezone.localdate(), edition=last.edition + 1)
    form = CorrectForm(request.POST or None, is_late=False, seen=seen_of(content), cancel_url=own_page(review))
    return publish_page(request, review, form, content, "Publish a correction")


def publish_page(request, review, form, content, heading):
    lacking = missing(review, content, on=timezone.localdate())
    if form.is_valid() and publish_as_asked(request, review, form):
        return redirect("reviews:review-release", review.pk) if count_left(review.pk) else redirect(own_page(review))
    context = {
        "review": review,
        "form": form,
        "heading": heading,
        "missing": lacking,
        "doc": content,
        **parts_of(content),
        "crumbs": page_crumbs(review, heading),
    }
    return render(request, "reviews/publication_publish.html", context, status=form.status)


def publish_as_asked(request, review, form):
    """Whether it is public now; where not, the form says why."""
    given, now = form.cleaned_data, timezone.now()
    lacking = missing(review, content_of(review, on=timezone.localdate(now)), on=timezone.localdate(now))
    if lacking:  # said before a PDF is made for nothing
        form.add_error(None, " ".join(lacking))
        return False
    try:
        proof = prepare(review, on=timezone.localdate(now), changes=given.get("changes", ""))
        published = publish_review(
            review, proof=proof, late_because=given.get("late_because", ""), by=request.user, at=now
        )
    except (NotNow, LateNeedsReason, UnreadableFile) as refusal:
        form.add_error(None, str(refusal))
    except PdfProblem as problem:
        form.add_error(None, f"The report could not be typeset, so nothing is published. {problem}")
    else:
        messages.success(request, f"“{published.title}” is public, and its words and files never change.")
        return True
    return False


@asks_and_answers
def release_learned(request, pk):
    """Release together what it recommends and taught, once it is public; what is not ticked stays with the group."""
    review = review_to(request, "change", pk)
    last = editions_of(review).first()
    if last is None:
        messages.info(request, "Nothing of this review is public yet. Until it is, release what it taught one by one.")
        return redirect(own_page(review))
    left = left_of(review)
    if not left:
        messages.info(request, "Everything that it recommends and taught is released.")
        return redirect(review)
    if request.method != "POST":
        review.note_reading(by=request.user, what="what it taught, to release it")
    published = {each["text"] for each in last.recommendations}
    form = TogetherForm(request.POST or None, left=left, published=published, cancel_url=review.get_absolute_url())
    if form.is_done_already:
        messages.info(request, "What you ticked is released already.")
        return redirect("reviews:review-release", review.pk)
    if form.is_valid():
        count = release_together(
            form.chosen, label=form.cleaned_data["label"], by=request.user, on=timezone.localdate()
        )
        rest = len(left) - len(form.chosen)
        words = f"{rest} stayed with the group." if rest else "That is all."
        messages.success(request, f"Released: {count}. {words}")
        return redirect("reviews:review-release", review.pk) if rest else redirect(review)
    return release_page(request, review, form)


def release_page(request, review, form, keep_form=None):
    context = {
        "review": review,
        "form": form,
        "keep_form": keep_form or (KeepRestForm() if is_waiting(review) else None),
        "crumbs": page_crumbs(review, "Release what it taught"),
    }
    return render(request, "reviews/review_release.html", context, status=(keep_form or form).status)


@require_POST
def keep_rest(request, pk):
    """Say why what was not released stays with the group."""
    review = review_to(request, "change", pk)
    left, last = left_of(review), editions_of(review).first()
    if last is None or not left:
        return redirect("reviews:review-release", pk)
    keep_form = KeepRestForm(request.POST)
    if keep_form.is_valid():
        try:
            keep_the_rest(review, because=keep_form.cleaned_data["because"])
        except NotNow as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, "It stays with the group. You can release it later all the same.")
        return redirect(review)
    published = {each["text"] for each in last.recommendations}
    form = TogetherForm(left=left, published=published, cancel_url=review.get_absolute_url())
    return release_page(request, review, form, keep_form)


@asks_and_answers
def withdraw_publication(request, pk):
    """Take it off the public pages, once it was there as long as it has to be."""
    review = review_to(request, "publish", pk)
    last = editions_of(review).first()
    if last is None or last.withdrawn_on:
        messages.info(request, "Nothing of this review is public at present.")
        return redirect(own_page(review))
    if not is_free(last, timezone.localdate()):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None, cancel_url=own_page(review))
    if form.is_valid():
        withdraw(last, because=form.cleaned_data["because"], on=timezone.localdate())
        messages.success(request, "It is off the public pages. It is kept here.")
        return redirect(own_page(review))
    return form_page(request, review, form, "Withdraw it")


@require_safe
def edition_file(request, pk, number, what):
    """A file of any edition, for the group: the public reads the newest alone."""
    review = review_to(request, "view", pk)
    edition = editions_of(review).filter(edition=number).select_related(what).first()
    file = edition and getattr(edition, what)
    if not file:
        raise Http404
    return as_attachment(file.content, file.filename, file.content_type)


OF = "practice-reviews/<uuid:pk>/"
patterns = [
    path(f"{OF}publication/", publication, name="review-publication"),
    path(f"{OF}publication/words/", words, name="review-words"),
    path(f"{OF}publication/day/", day, name="review-day"),
    path(f"{OF}publication/steps/<slug:code>/", step, name="review-step"),
    path(f"{OF}publication/withhold/", withhold, name="review-withhold"),
    path(f"{OF}publication/in-full/", in_full, name="review-in-full"),
    path(f"{OF}publication/proof/", proof, name="review-proof"),
    path(f"{OF}publication/publish/", publish, name="review-publish"),
    path(f"{OF}publication/correct/", correct, name="review-correct"),
    path(f"{OF}release/", release_learned, name="review-release"),
    path(f"{OF}release/keep/", keep_rest, name="review-keep-rest"),
    path(f"{OF}publication/withdraw/", withdraw_publication, name="review-withdraw"),
    path(f"{OF}publication/<int:number>/file/", edition_file, {"what": "file"}, name="edition-file"),
    path(f"{OF}publication/<int:number>/report/", edition_file, {"what": "attachment"}, name="edition-attachment"),
]
