"""The action log: what groups agreed to do, who answers for it, what has come of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted, may
from partnership.actions import add_action, change_action, reopen_action, update_action
from partnership.lists import RecordList
from partnership.meeting_forms import ActionChangeForm, ActionForm, ActionUpdateForm
from partnership.meeting_lists import ActionFilter, ActionTable
from partnership.models import MeetingAction
from partnership.templatetags.components import long_date
from partnership.views.meetings import LEADS, crumbs_of, find_group


class ActionList(RecordList):
    """The lines of every log that one may read: the open ones first, by the day they are due."""

    table_class, filterset_class = ActionTable, ActionFilter
    template_name = "partnership/action_list.html"
    export_name = "actions"

    def get_queryset(self):
        seen = MeetingAction.objects.visible_to(self.request.user)
        return (
            seen.with_latest_update()
            .select_related("group", *LEADS)
            .order_by("-closed_on", "due_on", "group__name", "pk")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["filter"].form
        group = form.cleaned_data.get("group") if form.is_bound and form.is_valid() else None
        return {**context, "group": group, "may_run": bool(group) and may(self.request.user, "run", group)}


def link_to_log(group):
    return ("Action log", f"{reverse('partnership:action-list')}?group={group.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, pk):
    """A new line; its number comes by itself. ``?meeting=`` says where it was agreed."""
    group = find_group(request.user, pk, "run")
    today = timezone.localdate()
    form = ActionForm(
        request.POST or None,
        group=group,
        on=today,
        initial={"meeting": request.GET.get("meeting")},
        cancel_url=link_to_log(group)[1],
    )
    if form.is_valid():
        answers = dict(form.cleaned_data)
        lead = answers.pop("lead")
        try:
            action = add_action(group, **answers, **lead)
        except ValidationError as problem:
            form.add_error("meeting", problem)
        else:
            messages.success(request, f"{action.ref} is in the action log")
            return redirect(action)
    context = {
        "group": group,
        "crumbs": crumbs_of(group, link_to_log(group), ("Add an action", None)),
        "title": "Add an action",
        "lede": "It stays in the log from meeting to meeting until it is closed.",
        "form": form,
    }
    return render(request, "partnership/meeting_form.html", context, status=form.status)


@require_safe
def action_detail(request, pk):
    action = get_permitted(request.user, MeetingAction, "view", pk=pk)
    context = {
        "action": action,
        "group": action.group,
        "crumbs": crumbs_of(action.group, link_to_log(action.group), (action.ref, None)),
        "updates": action.updates.select_related("said_by"),
        "today": timezone.localdate(),
        "is_late": action.is_late(on=timezone.localdate()),
        "may_change": may(request.user, "change", action),
        "may_update": may(request.user, "update", action),
    }
    return render(request, "partnership/action_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    action = get_permitted(request.user, MeetingAction, "change", pk=pk)
    form = ActionChangeForm(
        request.POST or None, instance=action, on=timezone.localdate(), cancel_url=action.get_absolute_url()
    )
    if form.is_valid():
        answers = dict(form.cleaned_data)
        is_open_again = answers.pop("is_open_again", False)
        lead = answers.pop("lead")
        change_action(action, **answers, **lead)
        if is_open_again:
            reopen_action(action, by=request.user)
        messages.success(request, f"{action.ref} is saved" + (" and open again" if is_open_again else ""))
        return redirect(action)
    return show(request, action, form, title=f"Change {action.ref}")


@require_http_methods(["GET", "HEAD", "POST"])
def update(request, pk):
    """What has happened, from whoever answers for it or runs the group."""
    action = get_permitted(request.user, MeetingAction, "update", pk=pk)
    form = ActionUpdateForm(request.POST or None, cancel_url=action.get_absolute_url())
    if action.closed_on and not form.is_bound:
        messages.info(request, f"{action.ref} was closed on {long_date(action.closed_on)}, so it needs no update")
        return redirect(action)
    if form.is_valid():
        said = form.cleaned_data
        try:
            action = update_action(
                action, text=said["text"], outcome=said["outcome"], by=request.user, on=timezone.localdate()
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{action.ref} is closed" if action.closed_on else "Your update is in the log")
            return redirect(action)
    return show(request, action, form, title=f"Update {action.ref}", lede=action.text)


def show(request, action, form, *, title, lede=""):
    own = (action.ref, action.get_absolute_url())
    context = {
        "group": action.group,
        "crumbs": crumbs_of(action.group, link_to_log(action.group), own, (title, None)),
        "title": title,
        "lede": lede,
        "form": form,
    }
    return render(request, "partnership/meeting_form.html", context, status=form.status)
