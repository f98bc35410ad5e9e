"""Meetings: the lists, a group's year, one meeting from the day it is planned to its agreed minutes."""

from datetime import timedelta
from itertools import zip_longest

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may, may_or_refuse
from partnership.attendance import answers_for
from partnership.lists import RecordList
from partnership.meeting_forms import (
    AgreeMinutesForm,
    CancelForm,
    DayFormSet,
    MeetingChangeForm,
    MeetingForm,
    MoveForm,
    PatternForm,
)
from partnership.meeting_lists import MeetingFilter, MeetingTable, upcoming_first
from partnership.meetings import (
    DaysRefused,
    agree_minutes,
    cancel_meeting,
    days_of_pattern,
    may_still_be_written,
    move_meeting,
    plan_meetings,
    refusals,
    remark_on,
    words_of_pattern,
    years_of,
)
from partnership.models import Frequency, Meeting, MeetingAction, Paper, TermsOfReference
from partnership.models.meetings import groups_seen_by
from partnership.public import find_partnership, public_page
from partnership.templatetags.components import long_date

A_YEAR = timedelta(days=365)


def find_group(user, pk, verb="view"):
    """The group of this key whose meetings ``user`` may know of, and to which they may do ``verb``.

    A case review group itself is no secret, but that it meets is: Http404 for everyone else.
    """
    group = groups_seen_by(user).filter(pk=pk).prefetch_related("partnerships").first()
    if group is None:
        raise Http404
    may_or_refuse(user, verb, group)
    return group


def crumbs_of(group, *more):
    return [("Groups", reverse("partnership:group-list")), (group.name, group.get_absolute_url()), *more]


def crumbs_to(meeting, *more):
    own = (f"{meeting.meets_on:%-d %B %Y}", meeting.get_absolute_url() if more else None)
    return crumbs_of(
        meeting.group, ("Meetings", reverse("partnership:group-meetings", args=[meeting.group_id])), own, *more
    )


# Lists


class MeetingList(RecordList):
    """The meetings that one may know of: those to come first."""

    table_class, filterset_class = MeetingTable, MeetingFilter
    template_name = "partnership/meeting_list.html"
    export_name = "meetings"

    def get_queryset(self):
        seen = Meeting.objects.visible_to(self.request.user)
        return upcoming_first(
            seen.select_related("group").prefetch_related("group__partnerships"), on=timezone.localdate()
        )


def year_asked_for(request, group):
    """(the year that the address asks for or this one, all the years there are)."""
    years = years_of(group, on=timezone.localdate())
    asked = request.GET.get("year", "")
    today = timezone.localdate()
    this_year = next(year for year in years if year.starts_on <= today <= year.ends_on)
    return next((year for year in years if str(year.key) == asked), this_year), years


@require_safe
def group_meetings(request, pk):
    """One group's year: what is planned, was held, moved or cancelled, with the reasons."""
    group = find_group(request.user, pk)
    year, years = year_asked_for(request, group)
    meetings = (
        group.meetings.between(year.starts_on, year.ends_on)
        .select_related("led_by")
        .prefetch_related("moves")
        .annotate(item_count=Count("items"))
        .order_by("meets_on", "starts_at", "pk")
    )
    meetings = list(meetings)
    leaders = group.session_leaders.filter(closed_on=None)
    context = {
        "group": group,
        "crumbs": crumbs_of(group, ("Meetings", None)),
        "year": year,
        "years": years,
        "meetings": meetings,
        "today": timezone.localdate(),
        "leaders_without": [leader for leader in leaders if leader.pk not in {each.led_by_id for each in meetings}],
        "may_run": may(request.user, "run", group),
    }
    return render(request, "partnership/meeting_group.html", context)


# Planning


@require_http_methods(["GET", "HEAD", "POST"])
def plan_year(request, pk):
    """Plan a year in two steps: a pattern gives a list of days, which can be changed before it is kept."""
    group = find_group(request.user, pk, "run")
    today = timezone.localdate()
    form = PatternForm(request.POST or None, on=today, initial=usual_pattern(group))
    days, notes = None, []
    if form.is_valid():
        pattern = days_of_pattern(
            form.cleaned_data["first"],
            frequency=form.cleaned_data["frequency"],
            until=form.cleaned_data["until"],
        )
        refused = refusals(group, [each.on for each in pattern])
        notes = [refused.get(each.on) or each.why for each in pattern]
        if request.POST.get("action") == "plan":
            days = DayFormSet(request.POST, prefix="day", form_kwargs={"on": today})
            if days.is_valid() and keep_year(request, group, form, days):
                return redirect("partnership:group-meetings", group.pk)
        else:
            offered = [{"is_wanted": each.on not in refused, "meets_on": each.on} for each in pattern]
            days = DayFormSet(prefix="day", form_kwargs={"on": today}, initial=offered)
    context = {
        "group": group,
        "crumbs": crumbs_of(group, link_to_meetings(group), ("Plan a year", None)),
        "form": form,
        "days": days,
        "rows": list(zip_longest(days, notes[: len(days)], fillvalue="")) if days is not None else [],
        "pattern_words": words_of_pattern(form.cleaned_data["first"]) if days is not None else "",
        "standing_count": group.standing_items.count(),
    }
    is_wrong = form.errors or (days is not None and days.is_bound)
    return render(request, "partnership/meeting_plan.html", context, status=422 if is_wrong else 200)


def usual_pattern(group):
    """How often the group's terms say that it meets; when and where it met last."""
    terms = TermsOfReference.objects.agreed().filter(group=group).order_by("-version").first()
    last = group.meetings.exclude(status=Meeting.Status.CANCELLED).order_by("-meets_on").first()
    usual = {name: getattr(last, name) for name in PatternForm.details} if last else {}
    return usual | ({"frequency": terms.frequency} if terms else {"frequency": Frequency.QUARTERLY})


def keep_year(request, group, form, days):
    """Whether the days are planned; where the group cannot meet on one, that is said beside it."""
    details = {name: form.cleaned_data[name] for name in form.details}
    try:
        planned = plan_meetings(group, days=days.days, **details)
    except DaysRefused as problem:
        days.refuse(problem.refused)
        return False
    if planned:
        count = "1 meeting is" if len(planned) == 1 else f"{len(planned)} meetings are"
        messages.success(request, f"{count} planned. Papers are due {group.papers_working_days} working days before")
    else:
        messages.info(request, "These meetings were planned already")
    return True


def link_to_meetings(group):
    return ("Meetings", reverse("partnership:group-meetings", args=[group.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def add_meeting(request, pk):
    group = find_group(request.user, pk, "run")
    back = reverse("partnership:group-meetings", args=[group.pk])
    form = MeetingForm(request.POST or None, group=group, on=timezone.localdate(), cancel_url=back)
    if form.is_valid():
        details = dict(form.cleaned_data)
        day = details.pop("meets_on")
        try:
            planned = plan_meetings(group, days=[day], **details)
        except DaysRefused as problem:
            form.add_error("meets_on", problem.refused[day])
        else:
            meeting = planned[0] if planned else group.meetings.planned().get(meets_on=day)
            messages.success(request, f"The meeting of {long_date(day)} is planned. {remark_on(day)}".strip())
            return redirect(meeting)
    context = {
        "group": group,
        "crumbs": crumbs_of(group, link_to_meetings(group), ("Add a meeting", None)),
        "title": "Add a meeting",
        "lede": "One meeting between those of the year, or one that was held before. Its standing items come with it.",
        "form": form,
    }
    return render(request, "partnership/meeting_form.html", context, status=form.status)


# One meeting


@require_safe
def meeting_detail(request, pk):
    """The agenda with its papers, who was there, what was decided and agreed."""
    meeting = get_permitted(request.user, Meeting, "view", pk=pk)
    papers = Paper.objects.filter(withdrawn_at=None).select_related("document").defer("document__content")
    items = (
        meeting.items.order_by("position", "pk")
        .select_related("lead_post__organisation", "carried_from__meeting__group", "group")
        .prefetch_related(
            Prefetch("papers", papers, to_attr="shown_papers"),
            "decisions",
            Prefetch("actions", MeetingAction.objects.select_related(*LEADS)),
            "carried_to",
        )
    )
    today = timezone.localdate()
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "crumbs": crumbs_to(meeting),
        "partnerships": meeting.group.partnerships.all(),
        "items": items,
        "answers": answers_for(meeting),
        "moves": meeting.moves.select_related("moved_by"),
        "other_decisions": meeting.decisions.filter(item=None),
        "other_actions": meeting.actions.filter(item=None).select_related(*LEADS),
        "open_action_count": meeting.group.actions.open().count(),
        "today": today,
        "is_past": meeting.meets_on <= today,
        "may_run": may(request.user, "change", meeting),
        "post_ids": request.user.standing.post_ids,
        "agree_form": AgreeMinutesForm(on=today, initial={"agreed_on": today}),
    }
    return render(request, "partnership/meeting_detail.html", context)


LEADS = ("lead_post__organisation", "lead_group", "lead_organisation")


def refuse_where_it_stands(request, meeting):
    """Where nothing can be done to ``meeting`` any more: a message that says why, and the way back."""
    try:
        may_still_be_written(meeting)
    except ValidationError as problem:
        messages.info(request, problem.message)
        return redirect(meeting)
    return None


def refuse_unless_planned(request, meeting):
    if meeting.status != Meeting.Status.PLANNED:
        messages.info(request, f"This meeting is {meeting.get_status_display().lower()}, so it stays as it is")
        return redirect(meeting)
    return None


def show_form(request, meeting, form, *, title, lede=""):
    context = {
        "group": meeting.group,
        "meeting": meeting,
        "crumbs": crumbs_to(meeting, (title, None)),
        "title": title,
        "lede": lede,
        "form": form,
    }
    return render(request, "partnership/meeting_form.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def change_meeting(request, pk):
    meeting = get_permitted(request.user, Meeting, "change", pk=pk)
    refused = refuse_where_it_stands(request, meeting)
    if refused:
        return refused
    form = MeetingChangeForm(
        request.POST or None,
        instance=meeting,
        group=meeting.group,
        on=timezone.localdate(),
        cancel_url=meeting.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Meeting saved")
        return redirect(meeting)
    return show_form(request, meeting, form, title="Change the meeting", lede="To change its day, move it instead.")


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, pk):
    """Another day, with the reason; papers and agenda follow."""
    meeting = get_permitted(request.user, Meeting, "change", pk=pk)
    refused = refuse_unless_planned(request, meeting)
    if refused:
        return refused
    form = MoveForm(request.POST or None, on=timezone.localdate(), cancel_url=meeting.get_absolute_url())
    if form.is_valid():
        to = form.cleaned_data["to"]
        try:
            meeting = move_meeting(meeting, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error("to", problem)
        else:
            papers = f"Papers are due on {long_date(meeting.papers_due_on)}."
            messages.success(request, f"The meeting is on {long_date(to)} now. {papers} {remark_on(to)}".strip())
            return redirect(meeting)
    was = f"It is planned for {meeting.meets_on:%A} {long_date(meeting.meets_on)}. The agenda goes with it."
    return show_form(request, meeting, form, title="Move the meeting", lede=was)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, pk):
    """Not held, with the reason; its items wait on the forward plan."""
    meeting = get_permitted(request.user, Meeting, "change", pk=pk)
    refused = refuse_unless_planned(request, meeting)
    if refused:
        return refused
    form = CancelForm(request.POST or None, cancel_url=meeting.get_absolute_url())
    if form.is_valid():
        try:
            cancel_meeting(meeting, reason=form.cleaned_data["reason"])
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, "The meeting is cancelled. Its items are on the forward plan again")
            return redirect(meeting)
    lede = "It stays in the record with its reason. What was on its agenda waits on the forward plan."
    return show_form(request, meeting, form, title="Cancel the meeting", lede=lede)


@require_POST
def agree(request, pk):
    """The group agreed the minutes that day: the record stands."""
    meeting = get_permitted(request.user, Meeting, "change", pk=pk)
    refused = refuse_where_it_stands(request, meeting)
    if refused:
        return refused
    form = AgreeMinutesForm(request.POST, on=timezone.localdate(), cancel_url=meeting.get_absolute_url())
    if form.is_valid():
        try:
            agree_minutes(meeting, agreed_on=form.cleaned_data["agreed_on"])
        except ValidationError as problem:
            form.add_error("agreed_on", problem)
        else:
            messages.success(request, "The minutes are agreed. From now on the record of this meeting stands")
            return redirect(meeting)
    return show_form(request, meeting, form, title="Agree the minutes", lede=AGREED_STANDS)


AGREED_STANDS = "Once they are agreed nobody can change them. What was wrong is minuted at the next meeting."


# For everyone


@login_not_required
@require_safe
def public_meetings(request, slug):
    """When the partnership's public groups meet, and why a meeting was moved or not held."""
    partnership = find_partnership(slug)
    today = timezone.localdate()
    meetings = (
        Meeting.objects.published()
        .filter(group__partnerships=partnership, meets_on__gte=today - A_YEAR)
        .select_related("group")
        .prefetch_related("moves")
        .defer("link", "venue", "also_there")
    )
    context = {
        "to_come": [meeting for meeting in meetings if meeting.meets_on >= today],
        "gone_by": [meeting for meeting in reversed(meetings) if meeting.meets_on < today],
    }
    return public_page(request, partnership, "partnership/public_meetings.html", **context)
