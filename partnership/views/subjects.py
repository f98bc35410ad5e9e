"""One person of whom something is held: what there is, a copy of it, and being forgotten."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.data_protection import erasing
from partnership.data_protection.copies import request_copy
from partnership.data_protection.doors import crumbs, looks_after_it, office_or_administrator
from partnership.data_protection.forgetting import Identity, links_to, what_goes, what_stays
from partnership.data_protection.map import personal
from partnership.data_protection.subject_forms import CopyForm, EraseForm, FindForm, WithdrawForm
from partnership.data_protection.subjects import model_of, subjects
from partnership.downloads import as_attachment
from partnership.models import Erasure, SubjectAccess, SubjectCopy
from partnership.refusals import NotNow
from partnership.standing import standing_of
from partnership.tasks import build_subject_copy

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
MOST_FOUND = 50


def office_or_group(user):
    """Also whoever sits in a case review group: its copies of cases are its own to make."""
    if not looks_after_it(user) and not standing_of(user).own_case_group_ids:
        raise PermissionDenied


@require_safe
def subject_list(request):
    office_or_group(request.user)
    form = FindForm(request.GET or None)
    found = find(request.user, **form.cleaned_data) if form.is_valid() else None
    log = SubjectAccess.objects.visible_to(request.user).select_related("made_by")[:20]
    context = {"form": form, "found": found, "log": log, "crumbs": crumbs(("People", None))}
    return render(request, "partnership/subject_list.html", context)


def find(user, *, kind, words):
    """[(their record, its address)] of those whom ``user`` may know of."""
    subject, holds = subjects()[kind], Q()
    for field in (subject.name, *subject.contacts):
        holds |= Q(**{f"{field}__icontains": words})
    rows = subject.seen_by(user).filter(holds).order_by(subject.name, "pk").distinct()
    return [(getattr(row, subject.name) or str(row), row, address(subject, row)) for row in rows[:MOST_FOUND]]


@require_safe
def subject_detail(request, kind, key):
    subject, record = find_subject(request.user, kind, key)
    is_theirs = subject.may(request.user, record)
    counts = {}
    for line in personal():
        if is_theirs and not line.part.behind and (count := links_to(line, record)):
            counts[line.part.title] = counts.get(line.part.title, 0) + count
    about = {"subject_kind": kind, "subject_key": str(record.pk)}
    context = {
        "subject": subject,
        "name": Identity(subject, record).name,
        "contacts": Identity(subject, record).contacts,
        "counts": counts,
        "may_act": is_theirs,
        "may_copy_cases": bool(standing_of(request.user).own_case_group_ids),
        "copies": SubjectAccess.objects.visible_to(request.user).filter(**about).select_related("made_by"),
        "made": SubjectCopy.objects.visible_to(request.user).filter(**about),
        "erasures": Erasure.objects.visible_to(request.user).filter(**about),
        "kind": kind,
        "key": key,
        "crumbs": subject_crumbs(),
    }
    return render(request, "partnership/subject_detail.html", context)


@asks_and_answers
def subject_copy(request, kind, key):
    """An archive of all but cases and drafts, made by the office or an administrator."""
    subject, record = permitted_subject(request.user, kind, key)
    return copy_page(request, subject, record, of_cases=False)


@asks_and_answers
def subject_case_copy(request, kind, key):
    """What the records of one's own case review group hold of them: made by the group, whether there is any or not."""
    subject, record = find_subject(request.user, kind, key)
    if not standing_of(request.user).own_case_group_ids:
        raise PermissionDenied
    return copy_page(request, subject, record, of_cases=True)


def copy_page(request, subject, record, *, of_cases):
    back = address(subject, record)
    form = CopyForm(request.POST if request.method == "POST" else None, cancel_url=back)
    if form.is_valid():
        asked = request_copy(subject, record, by=request.user, of_cases=of_cases, **form.cleaned_data)
        transaction.on_commit(partial(build_subject_copy.delay, str(asked.pk)))
        return redirect(asked)
    title = "A copy of what cases hold about them" if of_cases else "A copy of what is held about them"
    return form_page(request, form, title, back, lede=Identity(subject, record).name)


@require_safe
def subject_copy_detail(request, pk):
    """How far a copy is; htmx asks for the moving part alone, once a second, until it is done."""
    copy = get_permitted(request.user, SubjectCopy, "view", pk=pk)
    about = address(subjects()[copy.subject_kind], copy.subject_key)
    trail = crumbs(("People", reverse("partnership:subject-list")), ("This person", about), ("Copy", None))
    part = "#progress" if request.htmx else ""
    context = {"copy": copy, "about": about, "crumbs": trail}
    return render(request, f"partnership/subject_copy_detail.html{part}", context)


@require_safe
def subject_copy_file(request, pk):
    copy = get_permitted(request.user, SubjectCopy, "view", pk=pk)
    if not copy.is_done:
        return redirect(copy)
    return as_attachment(copy.archive, f"copy-{timezone.localdate(copy.requested_at)}.zip", "application/zip")


@asks_and_answers
def subject_erase(request, kind, key):
    """What would go, what stays and why; and the asking."""
    subject, record = permitted_subject(request.user, kind, key)
    form = EraseForm(request.POST if request.method == "POST" else None, cancel_url=address(subject, record))
    if form.is_valid():
        try:
            erasure = erasing.ask(subject, record, by=request.user, at=timezone.now(), **form.cleaned_data)
        except NotNow as problem:
            messages.warning(request, str(problem))
            return redirect("partnership:subject-list")
        messages.success(request, "You have asked. A second person confirms it.")
        return redirect(erasure)
    context = preview(subject, record) | {"form": form, "crumbs": subject_crumbs(subject, record)}
    return render(request, "partnership/subject_erase.html", context, status=form.status)


def preview(subject, record):
    identity = Identity(subject, record)
    return {
        "name": identity.name,
        "pseudonym": identity.pseudonym,
        "goes": what_goes(subject, record),
        "stays": what_stays(subject, record),
    }


# Erasures


@require_safe
def erasure_list(request):
    office_or_administrator(request.user)
    rows = Erasure.objects.visible_to(request.user).select_related("asked_by", "confirmed_by", "withdrawn_by")
    context = {"erasures": rows[:200], "crumbs": crumbs(("Erasures", None))}
    return render(request, "partnership/erasure_list.html", context)


@require_safe
def erasure_detail(request, pk):
    return show_erasure(request, get_permitted(request.user, Erasure, "view", pk=pk), None)


def show_erasure(request, erasure, form):
    form = form or WithdrawForm()
    form.helper.form_action = reverse("partnership:erasure-withdraw", args=[erasure.pk])
    subject, record = erasing.whom(erasure)
    is_theirs = subject.may(request.user, record)
    context = {
        "erasure": erasure,
        "form": form,
        "subject": subject,
        "may_confirm": erasure.is_open and is_theirs and may(request.user, "confirm", erasure),
        "places": erasure.counts.get("places", []),
        "counts": [(label, count) for label, count in erasure.counts.items() if label != "places"],
        "crumbs": crumbs(("Erasures", reverse("partnership:erasure-list")), (erasure.pseudonym or "Asked for", None)),
    }
    if erasure.is_open and is_theirs:
        context |= preview(subject, record)
    return render(request, "partnership/erasure_detail.html", context, status=form.status)


@require_POST
def erasure_confirm(request, pk):
    erasure = get_permitted(request.user, Erasure, "confirm", pk=pk)
    if not erasure.is_open:
        messages.warning(request, "This has been answered already.")
        return redirect(erasure)
    subject, record = erasing.whom(erasure)
    if not subject.may(request.user, record):
        raise PermissionDenied
    try:
        erasing.confirm(erasure, by=request.user, at=timezone.now())
    except NotNow as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, "They are erased.")
    return redirect(erasure)


@require_POST
def erasure_withdraw(request, pk):
    erasure = get_permitted(request.user, Erasure, "withdraw", pk=pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return show_erasure(request, erasure, form)
    try:
        erasing.withdraw(erasure, by=request.user, at=timezone.now(), **form.cleaned_data)
    except NotNow as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, "They are not erased. Your reason is kept.")
    return redirect(erasure)


# Whom an address means


def find_subject(user, kind, key):
    """(Subject, their record). 404 where there is nobody, or ``user`` may not know of them."""
    subject = subjects().get(kind)
    if subject is None or not (looks_after_it(user) or standing_of(user).own_case_group_ids):
        raise Http404
    try:
        known = subject.seen_by(user).filter(pk=key).exists()
    except (ValueError, ValidationError, OverflowError):
        known = False
    if not known:
        raise Http404
    return subject, model_of(subject)._base_manager.get(pk=key)


def permitted_subject(user, kind, key):
    subject, record = find_subject(user, kind, key)
    if not subject.may(user, record):
        raise PermissionDenied
    return subject, record


def address(subject, record):
    """``record``: theirs, or its key."""
    return reverse("partnership:subject-detail", args=[subject.code, getattr(record, "pk", record)])


def subject_crumbs(subject=None, record=None):
    trail = [("People", reverse("partnership:subject-list"))]
    if subject:
        trail += [(Identity(subject, record).name or "This person", address(subject, record)), ("Erase", None)]
    else:
        trail.append(("This person", None))
    return crumbs(*trail)


def form_page(request, form, title, back, lede):
    trail = crumbs(("People", reverse("partnership:subject-list")), (lede or "This person", back), ("Copy", None))
    context = {"form": form, "title": title, "lede": lede, "crumbs": trail}
    return render(request, "partnership/data_protection_form.html", context, status=form.status)


patterns = [
    path("data-protection/people/", subject_list, name="subject-list"),
    path("data-protection/people/<slug:kind>/<str:key>/", subject_detail, name="subject-detail"),
    path("data-protection/people/<slug:kind>/<str:key>/copy/", subject_copy, name="subject-copy"),
    path("data-protection/people/<slug:kind>/<str:key>/case-copy/", subject_case_copy, name="subject-case-copy"),
    path("data-protection/people/<slug:kind>/<str:key>/erase/", subject_erase, name="subject-erase"),
    path("data-protection/copies/<uuid:pk>/", subject_copy_detail, name="subject-copy-detail"),
    path("data-protection/copies/<uuid:pk>/file/", subject_copy_file, name="subject-copy-file"),
    path("data-protection/erasures/", erasure_list, name="erasure-list"),
    path("data-protection/erasures/<uuid:pk>/", erasure_detail, name="erasure-detail"),
    path("data-protection/erasures/<uuid:pk>/confirm/", erasure_confirm, name="erasure-confirm"),
    path("data-protection/erasures/<uuid:pk>/withdraw/", erasure_withdraw, name="erasure-withdraw"),
]
