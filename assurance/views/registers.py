"""What the pages of inspections, risks and challenges do alike: for whom one is added, a form, an action, sharing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from assurance import sharing
from assurance.follow_ups import follow_up
from assurance.register_forms import FollowUpForm
from partnership.models import Partnership
from reviews.forms.recommendations import PartnershipForm

FORM = "assurance/register_form.html"


def form_page(request, form, *, title, crumbs, lede="", warning="", **context):
    """A page with one form. ``warning`` stands above it: who reads what is written."""
    context |= {"form": form, "title": title, "crumbs": crumbs, "lede": lede, "warning": warning}
    return render(request, FORM, context, status=form.status)


def for_whom(request, *, name, title, crumbs, cancel_url):
    """On to the form of ``name`` for the partnership whose office this person is in; asked where there are several."""
    offices = request.user.standing.office_ids
    if not offices:
        raise PermissionDenied
    if len(offices) == 1:
        return redirect(name, next(iter(offices)))
    form = PartnershipForm(request.POST or None, user=request.user, cancel_url=cancel_url)
    if form.is_valid():
        return redirect(name, form.cleaned_data["partnership"].pk)
    return form_page(request, form, title=title, crumbs=crumbs)


def own_partnership(user, pk):
    """The partnership of that key whose office this person is in; else Http404."""
    partnership = Partnership.objects.of_office(user).filter(pk=pk).first()
    if partnership is None:
        raise Http404
    return partnership


def action_page(request, record, *, crumbs, what):
    """Put an action into a group's log because of ``record``."""
    form = FollowUpForm(
        request.POST or None,
        record=record,
        user=request.user,
        on=timezone.localdate(),
        cancel_url=record.get_absolute_url(),
    )
    if form.is_valid():
        answers = dict(form.cleaned_data)
        group, lead = answers.pop("group"), answers.pop("lead")
        try:
            link = follow_up(record, group, **answers, **lead)
        except ValidationError as problem:
            form.add_error("text", problem)
        else:
            messages.success(request, f"{link.action.ref} is in the action log of the {group}")
            return redirect(f"{record.get_absolute_url()}#actions")
    warning = (
        "The group’s action log, the calendar and reminders show these words to everybody of the group’s partnerships. "
        f"Write what is to be done, and nothing of {what} that they may not read."
    )
    return form_page(request, form, title="Add an action", crumbs=crumbs, warning=warning)


def sharing_page(request, record, *, crumbs, template):
    """Share with members, or take back; the page says first what they will read."""
    if request.method == "POST":
        if request.POST.get("action") == "back":
            sharing.take_back(record)
            messages.success(request, "Members read it no longer")
        else:
            sharing.share(record, on=timezone.localdate())
            messages.success(request, f"Members of {record.partnership} can read it now")
        return redirect(record)
    return render(request, template, {"record": record, "crumbs": crumbs})
