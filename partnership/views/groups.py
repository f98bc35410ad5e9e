"""The groups of one's partnerships: who sits on them, what they are for, to whom they report."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from partnership import seats
from partnership.access import get_permitted, may, may_or_refuse
from partnership.forms import lock_and_refresh
from partnership.group_forms import CloseGroupForm, EndSeatForm, GroupForm, SeatForm
from partnership.group_lists import (
    GroupFilter,
    GroupTable,
    groups_for_chart,
    groups_for_list,
    led_sessions,
    seats_on,
    standing_items_around,
)
from partnership.lists import RecordList
from partnership.models import Group, GroupMember, Meeting, Partnership
from partnership.models.groups import NO_CIRCLE
from partnership.panels import group_panels
from partnership.structure import as_tree, draw, label_of

MEETINGS_SHOWN = 3

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


# Groups


class GroupList(RecordList):
    """The groups one sits on first, closed groups last."""

    table_class, filterset_class = GroupTable, GroupFilter
    template_name = "partnership/group_list.html"
    export_name = "groups"

    def get_queryset(self):
        return groups_for_list(self.request.user, on=timezone.localdate())

    def get_table_kwargs(self):
        return {"on": timezone.localdate()}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"may_add": bool(self.request.user.standing.office_ids)}


@require_safe
def group_detail(request, pk):
    """Who sits there today or on ``?on=``, under the names of that day; terms, meetings, where it stands."""
    group = get_permitted(request.user, Group, "view", pk=pk)
    today = timezone.localdate()
    asked = request.GET.get("on", "")
    day = day_of(asked)
    members = seats_on(group, day or today)
    visible = Group.objects.visible_to(request.user)
    terms = group.terms.visible_to(request.user)
    meetings = Meeting.objects.visible_to(request.user).planned().filter(group=group, meets_on__gte=today)
    may_change = may(request.user, "change", group)
    context = {
        "group": group,
        "partnerships": group.partnerships.all(),
        "crumbs": [("Groups", reverse("partnership:group-list")), (group.name, None)],
        "today": today,
        "day": day or today,
        "is_today": day in (None, today),
        "asked_wrongly": asked if asked and day is None else "",
        "seats": members,
        "vacant_count": sum(not seat.post.current_holdings for seat in members),
        "has_chair": any(seat.role == GroupMember.Role.CHAIR for seat in members),
        "terms": terms.agreed().first(),
        "draft": terms.filter(status="draft").first(),
        "parent": visible.filter(pk=group.parent_id).first(),
        "children": visible.open().filter(parent=group),
        "meetings": meetings[:MEETINGS_SHOWN],
        "sits_here": group.pk in request.user.standing.group_ids,
        "sessions": led_sessions(group, request.user, on=today),
        "standing_items": standing_items_around(group, request.user),
        "may_change": may_change,
        "may_add_seat": may_change and group.closed_on is None,
        "may_write_terms": may(request.user, "run", group),
        "panels": group_panels(group, request.user, on=today),
    }
    return render(request, "partnership/group_detail.html", context)


def day_of(words):
    """The day that an address names ("2026-04-01"), or None."""
    try:
        return parse_date(words)
    except ValueError:
        return None


@asks_and_answers
def add_group(request):
    own = list(Partnership.objects.of_office(request.user))
    may_or_refuse(request.user, "office", own[0] if own else Partnership())
    if request.method == "POST":  # one after another: a form sent twice finds the group it has just made
        list(Partnership.objects.of_office(request.user).select_for_update(no_key=True))
    form = GroupForm(
        request.POST or None,
        instance=Group(),
        user=request.user,
        on=timezone.localdate(),
        cancel_url=reverse("partnership:group-list"),
    )
    if form.is_valid():
        group = form.save()
        messages.success(request, f"{group} is added. Now say which posts sit there, and what its terms are.")
        return redirect(group)
    crumbs = [("Groups", reverse("partnership:group-list")), ("Add a group", None)]
    return render(request, "partnership/group_form.html", {"form": form, "crumbs": crumbs}, status=form.status)


@asks_and_answers
def change_group(request, pk):
    group = get_permitted(request.user, Group, "change", pk=pk)
    form = GroupForm(
        request.POST or None,
        instance=group,
        user=request.user,
        on=timezone.localdate(),
        cancel_url=group.get_absolute_url(),
    )
    if form.is_valid() and save_group(form):
        is_reopened = bool(form.cleaned_data.get("is_reopened"))
        if is_reopened:
            seats.reopen_group(group)
        messages.success(request, f"{group} is open again. Look through its seats." if is_reopened else "Saved.")
        return redirect(group)
    context = {"form": form, "group": group, "crumbs": crumbs_of(group, "Change")}
    return render(request, "partnership/group_form.html", context, status=form.status)


def save_group(form):
    """Whether the database took it: it refuses a circle that somebody else has just begun."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError as problem:
        if problem.__cause__.diag.constraint_name != NO_CIRCLE:
            raise
        form.say_circle()
        return False
    return True


@asks_and_answers
def close_group(request, pk):
    group = get_permitted(request.user, Group, "change", pk=pk)
    if request.method == "POST":
        lock_and_refresh(group)
    if group.closed_on:
        messages.info(request, f"{group} is closed already.")
        return redirect(group)
    today = timezone.localdate()
    form = CloseGroupForm(
        request.POST or None, group=group, user=request.user, on=today, cancel_url=group.get_absolute_url()
    )
    if form.is_valid():
        seats.close_group(group, on=form.cleaned_data["last_day"], reason=form.cleaned_data["reason"])
        messages.success(request, f"{group} is closed. Its record is kept, and it can be opened again.")
        return redirect(group)
    context = {
        "form": form,
        "group": group,
        "seat_count": group.members.overlapping(today, None).count(),
        "crumbs": crumbs_of(group, "Close"),
    }
    return render(request, "partnership/group_close.html", context, status=form.status)


def crumbs_of(group, *rest):
    """Where a page of ``group`` is; ``rest`` are (words, url) pairs, the last of them only words."""
    *between, here = rest
    return [
        ("Groups", reverse("partnership:group-list")),
        (group.name, group.get_absolute_url()),
        *between,
        (here, None),
    ]


# Seats


@asks_and_answers
def add_seat(request, pk):
    group = get_permitted(request.user, Group, "change", pk=pk)
    if group.closed_on:
        messages.info(request, f"{group} is closed, so nobody can be given a seat there.")
        return redirect(group)
    return ask_seat(request, GroupMember(group=group), "Add a seat")


@asks_and_answers
def change_seat(request, pk):
    return ask_seat(request, get_permitted(request.user, GroupMember, "change", pk=pk), "Change a seat")


def ask_seat(request, seat, heading):
    group = seat.group
    if request.method == "POST":
        seats.hold(group)
    form = SeatForm(
        request.POST or None,
        instance=seat,
        user=request.user,
        on=timezone.localdate(),
        cancel_url=group.get_absolute_url(),
    )
    if form.is_valid():
        seat = form.save(commit=False)
        earlier_chair = form.cleaned_data.get("earlier_chair", "")
        if form.is_new:
            seats.add_seat(seat, earlier_chair=earlier_chair)
        else:
            seats.change_seat(seat, part_from=form.cleaned_data["part_from"], earlier_chair=earlier_chair)
        messages.success(request, f"Saved: {seat.post}, {seat.get_role_display().lower()}.")
        return redirect(group)
    context = {"form": form, "group": group, "seat": seat, "heading": heading, "crumbs": crumbs_of(group, heading)}
    return render(request, "partnership/seat_form.html", context, status=form.status)


@asks_and_answers
def end_seat(request, pk):
    seat = get_permitted(request.user, GroupMember, "change", pk=pk)
    group, today = seat.group, timezone.localdate()
    if seat.to_on and seat.to_on < today:
        messages.info(request, f"This seat ended on {seat.to_on:%-d %B %Y}.")
        return redirect(group)
    form = EndSeatForm(request.POST or None, seat=seat, on=today, cancel_url=group.get_absolute_url())
    if form.is_valid():
        day = form.cleaned_data["last_day"]
        seats.end_seat(seat, on=day)
        messages.success(request, f"The last day of {seat.post} is {day:%-d %B %Y}.")
        return redirect(group)
    deputies = seat.deputies.overlapping(today, None).select_related("post__organisation")
    context = {
        "form": form,
        "group": group,
        "seat": seat,
        "deputies": [deputy.post for deputy in deputies],
        "crumbs": crumbs_of(group, "End a seat"),
    }
    return render(request, "partnership/seat_end.html", context, status=form.status)


# Structure


@require_safe
def structure(request):
    """The groups of one's partnerships, or of one of them, as a chart and as a list."""
    own = list(Partnership.objects.filter(pk__in=request.user.standing.partnership_ids))
    asked = request.GET.get("partnership", "")
    chosen = next((partnership for partnership in own if str(partnership.pk) == asked), None)
    groups = Group.objects.filter(pk__in=Group.objects.visible_to(request.user).values("pk"))
    if chosen:
        groups = groups.filter(partnerships=chosen)
    branches = as_tree(groups_for_chart(groups, on=timezone.localdate()))
    context = {
        "crumbs": [("Groups", reverse("partnership:group-list")), ("Structure", None)],
        "partnerships": own,
        "chosen": chosen,
        "branches": branches,
        "chart": draw(branches, own_label_of),
    }
    return render(request, "partnership/structure.html", context)


def own_label_of(group):
    return label_of(group, url=group.get_absolute_url(), is_vacant=not group.chairs)
