"""What a group is to take and when: its forward plan, the items on it, what is on every agenda."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.agenda import (
    add_item,
    add_standing_item,
    carry_over,
    place_item,
    remove_standing_item,
    shift_item,
)
from partnership.meeting_forms import ItemForm, PlaceForm, StandingItemForm
from partnership.models import AgendaItem, MeetingAction, Paper
from partnership.templatetags.components import long_date
from partnership.views.meetings import LEADS, crumbs_of, crumbs_to, find_group, link_to_meetings
from partnership.whole_numbers import whole_number

# The forward plan


@require_safe
def forward_plan(request, pk):
    """What waits for a meeting, what each meeting to come takes, and what the last one left."""
    group = find_group(request.user, pk)
    items = (
        AgendaItem.objects.order_by("position", "pk")
        .select_related("lead_post__organisation")
        .prefetch_related("carried_to")
    )
    to_come = list(group.meetings.planned().order_by("meets_on").prefetch_related(Prefetch("items", items)))
    last = group.meetings.held().order_by("-meets_on").prefetch_related(Prefetch("items", items)).first()
    part_standing_items([*to_come, last] if last else to_come, group)
    context = {
        "group": group,
        "crumbs": crumbs_of(group, link_to_meetings(group), ("Forward plan", None)),
        "waiting": items.filter(group=group, meeting=None),
        "to_come": to_come,
        "last": last,
        "today": timezone.localdate(),
        "may_run": may(request.user, "run", group),
    }
    return render(request, "partnership/forward_plan.html", context)


def part_standing_items(meetings, group):
    """Give each meeting its ``own_items`` and ``standing_count``: what is on every agenda needs no planning."""
    standing = set(group.standing_items.values_list("title", flat=True))
    for meeting in meetings:
        items = list(meeting.items.all())
        meeting.own_items = [item for item in items if item.title not in standing]
        meeting.standing_count = len(items) - len(meeting.own_items)


def link_to_plan(group):
    return ("Forward plan", reverse("partnership:forward-plan", args=[group.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def create_item(request, pk):
    """Something for the group to take; with ``?meeting=`` at once on that agenda."""
    group = find_group(request.user, pk, "run")
    form = ItemForm(
        request.POST or None,
        group=group,
        may_place=True,
        initial={"meeting": request.GET.get("meeting")},
        cancel_url=link_to_plan(group)[1],
    )
    form.submit_label = "Add the item"
    if form.is_valid():
        try:
            item = add_item(group, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error("meeting", problem)
        else:
            where = f"on the agenda of {long_date(item.meeting.meets_on)}" if item.meeting else "on the forward plan"
            messages.success(request, f"“{item}” is {where}")
            return redirect(item)
    context = {
        "group": group,
        "crumbs": crumbs_of(group, link_to_meetings(group), link_to_plan(group), ("Add an item", None)),
        "title": "Add an item",
        "form": form,
    }
    return render(request, "partnership/meeting_form.html", context, status=form.status)


# One item


def crumbs_of_item(item, *more):
    own = (str(item), reverse("partnership:item-detail", args=[item.pk]) if more else None)
    if item.meeting:
        return crumbs_to(item.meeting, own, *more)
    return crumbs_of(item.group, link_to_meetings(item.group), link_to_plan(item.group), own, *more)


@require_safe
def item_detail(request, pk):
    item = get_permitted(request.user, AgendaItem, "view", pk=pk)
    papers = Paper.objects.filter(item=item, withdrawn_at=None)
    context = {
        "item": item,
        "group": item.group,
        "crumbs": crumbs_of_item(item),
        "papers": papers.select_related("document").defer("document__content"),
        "decisions": item.decisions.all(),
        "actions": MeetingAction.objects.filter(item=item).select_related(*LEADS),
        "carried_to": AgendaItem.objects.filter(carried_from=item).select_related("meeting__group", "group"),
        "today": timezone.localdate(),
        "may_run": may(request.user, "change", item),
        "may_add_paper": may(request.user, "add_paper", item) and not stands(item),
        "stands": stands(item),
    }
    return render(request, "partnership/item_detail.html", context)


def stands(item):
    """Whether ``item`` belongs to a meeting whose minutes are agreed."""
    return bool(item.meeting and item.meeting.has_agreed_minutes)


def refuse_where_it_stands(request, item):
    if not stands(item):
        return None
    messages.info(request, "The minutes of its meeting are agreed, so this item stays as it is. It can be carried over")
    return redirect("partnership:item-detail", item.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def change_item(request, pk):
    item = get_permitted(request.user, AgendaItem, "change", pk=pk)
    refused = refuse_where_it_stands(request, item)
    if refused:
        return refused
    back = reverse("partnership:item-detail", args=[item.pk])
    form = ItemForm(request.POST or None, instance=item, group=item.group, cancel_url=back)
    form.submit_label = "Save the item"
    if form.is_valid():
        form.save()
        messages.success(request, "Item saved")
        return redirect(back)
    context = {
        "group": item.group,
        "crumbs": crumbs_of_item(item, ("Change", None)),
        "title": "Change the item",
        "form": form,
    }
    return render(request, "partnership/meeting_form.html", context, status=form.status)


@require_POST
def place(request, pk):
    """Put an item on an agenda, back on the forward plan, or carry it over to the next meeting."""
    item = get_permitted(request.user, AgendaItem, "change", pk=pk)
    form = PlaceForm(request.POST, item=item)
    if not form.is_valid():
        messages.error(request, "That meeting is not planned any more. Choose another")
        return back_to(request, item)
    chosen = form.cleaned_data["meeting"]
    try:
        is_next = chosen == PlaceForm.NEXT
        placed = carry_over(item) if is_next else place_item(item, meeting=form.meetings.get(chosen))
    except ValidationError as problem:
        messages.error(request, problem.message)
        return back_to(request, item)
    if placed.meeting:
        messages.success(request, f"“{placed}” is on the agenda of {long_date(placed.meeting.meets_on)}")
    else:
        messages.success(request, f"“{placed}” waits on the forward plan")
    return back_to(request, item)


@require_POST
def shift(request, pk):
    """One place up or down."""
    item = get_permitted(request.user, AgendaItem, "change", pk=pk)
    refused = refuse_where_it_stands(request, item)
    if refused:
        return refused
    shift_item(item, up=request.POST.get("direction") == "up")
    return back_to(request, item)


def back_to(request, item):
    """The page on which the button was pressed, at the item."""
    if request.POST.get("back") == "meeting" and item.meeting_id:
        return redirect(f"{reverse('partnership:meeting-detail', args=[item.meeting_id])}#item-{item.pk}")
    return redirect(f"{reverse('partnership:forward-plan', args=[item.group_id])}#item-{item.pk}")


# Standing items


@require_http_methods(["GET", "HEAD", "POST"])
def standing_items(request, pk):
    """What is on every agenda of the group: shown to its people, changed by those who run it."""
    group = find_group(request.user, pk, "view" if request.method in ("GET", "HEAD") else "run")
    today = timezone.localdate()
    may_run = may(request.user, "run", group)
    if "remove" in request.POST:
        standing = get_object_or_404(group.standing_items, pk=whole_number(request.POST["remove"]))
        remove_standing_item(standing, on=today)
        messages.success(request, f"“{standing}” is off the list and off the agendas to come")
        return redirect("partnership:standing-items", group.pk)
    form = StandingItemForm(request.POST or None, group=group)
    if form.is_valid():
        standing, count = add_standing_item(group, on=today, **form.cleaned_data)
        also = f", and on {count} that {'is' if count == 1 else 'are'} planned already" if count else ""
        messages.success(request, f"“{standing}” is on every agenda from now on{also}")
        return redirect("partnership:standing-items", group.pk)
    context = {
        "group": group,
        "crumbs": crumbs_of(group, link_to_meetings(group), ("Standing items", None)),
        "items": group.standing_items.select_related("asked_by"),
        "form": form if may_run else None,
        "may_run": may_run,
    }
    return render(request, "partnership/item_standing.html", context, status=form.status)
