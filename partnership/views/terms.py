"""Terms of reference of a group: its versions, a draft, the day they were agreed, what changed."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted, may
from partnership.forms import lock_and_refresh
from partnership.group_forms import AgreeTermsForm, TermsForm
from partnership.models import Group, TermsOfReference
from partnership.terms import DraftExists, agree_terms, compare, next_draft
from partnership.views.groups import crumbs_of

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def terms_list(request, pk):
    group = get_permitted(request.user, Group, "view", pk=pk)
    versions = list(group.terms.visible_to(request.user))
    context = {
        "group": group,
        "crumbs": crumbs_of(group, "Terms of reference"),
        "versions": versions,
        "in_force": next((terms for terms in versions if not terms.is_draft), None),
        "has_draft": any(terms.is_draft for terms in versions),
        "may_write": may(request.user, "run", group) and group.closed_on is None,
        "today": timezone.localdate(),
    }
    return render(request, "partnership/terms_list.html", context)


@asks_and_answers
def add_terms(request, pk):
    """Begin the next version from the words of the last."""
    group = get_permitted(request.user, Group, "run", pk=pk)
    if group.closed_on:
        messages.info(request, f"{group} is closed, so its terms stay as they were.")
        return redirect("partnership:terms-list", group.pk)
    try:
        draft = next_draft(group)
    except DraftExists as exists:
        messages.info(request, f"Version {exists.draft.version} is being written already. This is it.")
        return redirect("partnership:terms-change", exists.draft.pk)
    return ask_terms(request, draft)


@require_safe
def terms_detail(request, pk):
    terms = get_permitted(request.user, TermsOfReference, "view", pk=pk)
    newest = terms.group.terms.agreed().first()
    context = {
        "terms": terms,
        "group": terms.group,
        "crumbs": crumbs_of(terms.group, all_terms_of(terms.group), f"Version {terms.version}"),
        "is_in_force": terms == newest,
        "later": newest if newest and newest.version > terms.version else None,
        "has_earlier": terms.version_before() is not None,
        "may_change": terms.is_draft and may(request.user, "change", terms),
        "today": timezone.localdate(),
    }
    return render(request, "partnership/terms_detail.html", context)


@asks_and_answers
def change_terms(request, pk):
    terms = to_be_changed(request, pk)
    return ask_terms(request, terms) if terms.is_draft else stands(request, terms)


def to_be_changed(request, pk):
    """The terms, held while they are being changed: somebody else may have agreed them a moment ago."""
    terms = get_permitted(request.user, TermsOfReference, "change", pk=pk)
    if request.method == "POST":
        lock_and_refresh(terms)
    return terms


def ask_terms(request, terms):
    is_new, group = terms._state.adding, terms.group
    back = reverse("partnership:terms-list", args=[group.pk]) if is_new else terms.get_absolute_url()
    form = TermsForm(request.POST or None, instance=terms, cancel_url=back)
    if form.is_valid():
        terms = form.save()
        messages.success(request, f"Saved as a draft of version {terms.version}. Only those who run the group see it.")
        return redirect(terms)
    context = {
        "form": form,
        "group": group,
        "terms": terms,
        "crumbs": crumbs_of(group, all_terms_of(group), f"Write version {terms.version}"),
    }
    return render(request, "partnership/terms_form.html", context, status=form.status)


@asks_and_answers
def agree(request, pk):
    terms = to_be_changed(request, pk)
    if not terms.is_draft:
        return stands(request, terms)
    form = AgreeTermsForm(
        request.POST or None, terms=terms, on=timezone.localdate(), cancel_url=terms.get_absolute_url()
    )
    if form.is_valid():
        agree_terms(terms, **form.cleaned_data)
        messages.success(request, f"Version {terms.version} is in force.")
        return redirect(terms)
    context = {
        "form": form,
        "terms": terms,
        "group": terms.group,
        "crumbs": crumbs_of(terms.group, all_terms_of(terms.group), f"Agree version {terms.version}"),
    }
    return render(request, "partnership/terms_agree.html", context, status=form.status)


def stands(request, terms):
    """Agreed words are not changed; the next version is."""
    messages.info(request, "These terms are agreed, so their words stand. Write the next version to change them.")
    return redirect(terms)


@require_safe
def compare_terms(request, pk):
    terms = get_permitted(request.user, TermsOfReference, "view", pk=pk)
    before = terms.version_before()
    context = {
        "terms": terms,
        "group": terms.group,
        "before": before,
        "parts": compare(before, terms) if before else [],
        "crumbs": crumbs_of(
            terms.group,
            all_terms_of(terms.group),
            (f"Version {terms.version}", terms.get_absolute_url()),
            "What changed",
        ),
    }
    return render(request, "partnership/terms_compare.html", context)


def all_terms_of(group):
    return "Terms of reference", reverse("partnership:terms-list", args=[group.pk])
