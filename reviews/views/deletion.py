"""How long a case is kept, what holds it, and its deletion on the word of two. For its case review group alone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted, may, may_or_refuse
from partnership.accounts.freshness import asks_again
from partnership.refusals import NotNow
from reviews import deletion as process
from reviews.forms.deletion import AskForDeletionForm, HoldCaseForm, KeepAfterAllForm, LiftCaseHoldForm
from reviews.models import Case
from reviews.views.summaries import asks_and_answers, data_of, form_page

HEADING = "How long it is kept"


@require_safe
def kept_list(request):
    """Of each group that one sits in: the cases whose time is up, and what was deleted."""
    own = request.user.standing.own_case_group_ids
    if not own:
        raise Http404
    context = {
        "groups": process.kept_by(own, on=timezone.localdate()),
        "crumbs": [("Cases", reverse("reviews:case-list")), ("How long cases are kept", None)],
    }
    return render(request, "reviews/kept_list.html", context)


@asks_again
@asks_and_answers
def delete_case(request, pk):
    """What would go, what stays and why; and the asking."""
    case = get_permitted(request.user, Case, "delete", pk=pk)
    form = AskForDeletionForm(data_of(request), case=case, cancel_url=case.get_absolute_url())
    if form.is_valid():
        try:
            process.ask(
                case,
                because=form.cleaned_data["because"],
                by=request.user,
                on=timezone.localdate(),
                at=timezone.now(),
            )
        except NotNow as problem:
            messages.warning(request, str(problem))
        else:
            messages.success(request, "You have asked. Another member of the group confirms it.")
        return redirect(place_of(case))
    return show(request, case, ask=form)


def show(request, case, *, ask=None, keep=None):
    """The page of one case: ``ask`` and ``keep`` are its forms, filled in or not."""
    case.note_reading(by=request.user, what=HEADING)
    keeping, hold, deletion = process.Keeping(on=timezone.localdate()), process.hold_of(case), process.deletion_of(case)
    ask = ask or AskForDeletionForm(case=case, cancel_url=case.get_absolute_url())
    keep = keep or KeepAfterAllForm(case=case)
    keep.helper.form_action = reverse("reviews:case-delete-withdraw", args=[case.pk])
    goes = process.what_goes(case)
    context = {
        "case": case,
        "hold": hold,
        "deletion": deletion,
        "under": keeping.under(case.partnership_id),
        "until": keeping.until(case),
        "obstacle": keeping.obstacle(case, hold),
        "goes": goes,
        "stays": process.what_stays(case),
        "seen": process.digest(goes),
        "ask": ask,
        "keep": keep,
        "may_confirm": deletion is not None and may(request.user, "confirm", deletion),
        "crumbs": [("Cases", reverse("reviews:case-list")), (case.reference, case.get_absolute_url()), (HEADING, None)],
    }
    status = max(ask.status, keep.status)
    return render(request, "reviews/case_kept.html", context, status=status)


def asked_for(request, pk, verb):
    """(the case, its CaseDeletion that waits). Without one, None stands for it."""
    case = get_permitted(request.user, Case, "delete", pk=pk)
    deletion = process.deletion_of(case)
    if deletion:
        may_or_refuse(request.user, verb, deletion)
    return case, deletion


def answered_already(request, case):
    messages.warning(request, "Nobody asks for its deletion now.")
    return redirect(place_of(case))


@asks_again
@require_POST
def confirm_deletion(request, pk):
    """The second person's yes, to what the page showed them."""
    case, deletion = asked_for(request, pk, "confirm")
    if deletion is None:
        return answered_already(request, case)
    try:
        process.confirm(
            deletion,
            seen=request.POST.get("seen", ""),
            by=request.user,
            on=timezone.localdate(),
            at=timezone.now(),
        )
    except NotNow as problem:
        messages.warning(request, str(problem))
        return redirect(place_of(case))
    messages.success(request, "The case is deleted. Nobody outside the group is told.")
    return redirect("reviews:kept-list")


@require_POST
def withdraw_deletion(request, pk):
    case, deletion = asked_for(request, pk, "withdraw")
    if deletion is None:
        return answered_already(request, case)
    form = KeepAfterAllForm(request.POST, case=case)
    if not form.is_valid():
        return show(request, case, keep=form)
    try:
        process.withdraw(deletion, because=form.cleaned_data["because"], by=request.user, at=timezone.now())
    except NotNow as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, "It is not deleted. Your reason is kept.")
    return redirect(place_of(case))


@asks_and_answers
def hold_case(request, pk):
    case = get_permitted(request.user, Case, "delete", pk=pk)
    if process.hold_of(case):
        messages.info(request, "It is held already.")
        return redirect(place_of(case))
    form = HoldCaseForm(data_of(request), cancel_url=place_of(case))
    if form.is_valid():
        process.place_hold(case, because=form.cleaned_data["because"], by=request.user, at=timezone.now())
        messages.success(request, "It is held. Nobody can delete it until the hold is lifted.")
        return redirect(place_of(case))
    return form_page(request, case, form, "Hold this case", "It is kept beyond its time until somebody lifts the hold.")


@asks_and_answers
def lift_case_hold(request, pk):
    case = get_permitted(request.user, Case, "delete", pk=pk)
    hold = process.hold_of(case)
    if hold is None:
        messages.info(request, "It is not held.")
        return redirect(place_of(case))
    form = LiftCaseHoldForm(data_of(request), cancel_url=place_of(case))
    if form.is_valid():
        try:
            process.lift_hold(hold, because=form.cleaned_data["because"], by=request.user, at=timezone.now())
        except NotNow as problem:
            messages.warning(request, str(problem))
        else:
            messages.success(request, "The hold is lifted.")
        return redirect(place_of(case))
    return form_page(request, case, form, "Lift the hold", f"Held because: {hold.because}")


def place_of(case):
    return reverse("reviews:case-delete", args=[case.pk])


patterns = [
    path("reviews/kept/", kept_list, name="kept-list"),
    path("reviews/<uuid:pk>/delete/", delete_case, name="case-delete"),
    path("reviews/<uuid:pk>/delete/confirm/", confirm_deletion, name="case-delete-confirm"),
    path("reviews/<uuid:pk>/delete/withdraw/", withdraw_deletion, name="case-delete-withdraw"),
    path("reviews/<uuid:pk>/hold/", hold_case, name="case-hold"),
    path("reviews/<uuid:pk>/hold/lift/", lift_case_hold, name="case-hold-lift"),
]
