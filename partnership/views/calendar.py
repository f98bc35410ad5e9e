"""The calendar: a month, an agenda, what a group has before it, and feeds for one's own calendar program."""

import hashlib
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.calendar_feeds import (
    address_of,
    as_icalendar,
    entries_of_feed,
    feed_of_token,
    make_feed,
    note_reading,
)
from partnership.calendars import (
    ALL,
    MINE,
    MONTHS,
    agenda_of,
    choices_of_whose,
    entries_between,
    last_of_month,
    month_after,
    span_of,
    weeks_of,
    words_for_whose,
)
from partnership.days_off import days_off
from partnership.forms import PlannerForm
from partnership.models import CalendarFeed, Group, Partnership
from partnership.standing import standing_of
from partnership.throttling import is_too_often

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_FEEDS = 20
NEW_FEED = "new calendar feed"
MOST_MISSES = 60  # wrong addresses of feeds from one place in ten minutes

MONTH, LIST = "month", "list"


class CalendarForm(forms.Form):
    """Which months, whose and how: in the address, so a link keeps it. What makes no sense there is left out."""

    month = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label="Month",
        required=False,
        widget=forms.TextInput({"type": "month", "class": "govuk-input"}),
    )
    whose = forms.ChoiceField(label="Whose", required=False, widget=forms.Select({"class": "govuk-select"}))
    view = forms.ChoiceField(choices=[(MONTH, "Month"), (LIST, "List")], required=False)
    months = forms.TypedChoiceField(choices=[(1, "One"), (MONTHS, "A year")], coerce=int, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = words_for_whose(user)
        self.fields["whose"].choices = [(MINE, "Mine"), (ALL, "Everything"), *choices_of_whose(self.found)]
        self.is_valid()

    def chosen(self, name, otherwise):
        return self.cleaned_data.get(name) or otherwise

    def chosen_month(self, today):
        """The first of the month asked for, or of this one where the address makes no sense."""
        asked = self.cleaned_data.get("month")
        if asked and FIRST_YEAR <= int(asked[:4]) <= LAST_YEAR:
            return date(int(asked[:4]), int(asked[5:]), 1)
        return today.replace(day=1)

    def chosen_whose(self):
        chosen = self.chosen("whose", MINE)
        return self.found.get(chosen, chosen)


@require_safe
def calendar(request):
    """A month as weeks, or the days of it (or of twelve) on which there is something, one below the other."""
    today = timezone.localdate()
    form = CalendarForm(request.GET, user=request.user)
    month, whose = form.chosen_month(today), form.chosen_whose()
    view, count = form.chosen("view", MONTH), form.chosen("months", 1)
    if view == MONTH:
        count = 1
    this = today.replace(day=1)
    last = last_of_month(month_after(month, count - 1))
    span = span_of(month.year, month.month) if view == MONTH else (month, last)
    entries = entries_between(request.user, *span, on=today, whose=whose, is_late_wanted=view == LIST and month == this)
    kinds = sorted({entry.kind for entry in entries})
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    if kind:
        entries = [entry for entry in entries if entry.kind == kind]
    off = days_off(*span, partnership_ids=partnerships_of(whose, request.user))
    asked = QueryDict(mutable=True)
    asked.update({"whose": form.chosen("whose", MINE), "kind": kind, "view": view, "months": count})
    context = {
        "form": form,
        "kinds": kinds,
        "asked": asked,
        "month": month,
        "last": last,
        "before": in_the_years(month_after(month, -count)),
        "after": in_the_years(month_after(month, count)),
        "is_this_month": month == this,
        "is_year": count > 1,
        "count": sum(month <= entry.day <= last for entry in entries),
        "today": today,
    }
    if view == LIST:
        context["late"] = [entry for entry in entries if entry.day < month]
        context["months"] = agenda_of(month, count, entries, on=today, off=off)
        return render(request, "partnership/calendar_list.html", context)
    context["weeks"] = weeks_of(month.year, month.month, entries, on=today, off=off)
    return render(request, "partnership/calendar.html", context)


def partnerships_of(whose, user):
    """The keys of the partnerships whose closures count for a calendar: those of ``user`` that it is of."""
    own = standing_of(user).partnership_ids
    if isinstance(whose, Partnership):
        return own & {whose.pk}
    return own & whose.partnership_ids if isinstance(whose, Group) else own


def in_the_years(month):
    """``month``, or None beyond the years that a calendar shows."""
    return month if FIRST_YEAR <= month.year <= LAST_YEAR else None


@require_safe
def group_calendar(request, pk):
    """What a group owes and when it meets, for this month and the next twelve: a sheet to lay on its table."""
    group = get_permitted(request.user, Group, "view", pk=pk)
    today = timezone.localdate()
    month = today.replace(day=1)
    last = last_of_month(month_after(month, MONTHS))
    entries = entries_between(request.user, today, last, on=today, whose=group, is_late_wanted=True)
    off = days_off(today, last, partnership_ids=partnerships_of(group, request.user))
    context = {
        "group": group,
        "crumbs": [
            ("Groups", reverse("partnership:group-list")),
            (group.name, group.get_absolute_url()),
            ("The next 12 months", None),
        ],
        "today": today,
        "last": last,
        "late": [entry for entry in entries if entry.is_late],
        "months": agenda_of(month, MONTHS + 1, [entry for entry in entries if not entry.is_late], on=today, off=off),
        "has_any": bool(entries),
        "is_closed_to_reader": group.is_restricted and group.pk not in standing_of(request.user).group_ids,
    }
    return render(request, "partnership/calendar_group.html", context)


class FeedForm(PlannerForm):
    """What the new feed is of."""

    submit_label = "Make the address"

    of = forms.ChoiceField(
        label="What should it show?",
        error_messages={"required": "Choose what the feed shows", "invalid_choice": "Choose one of the list"},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        groups = Group.objects.visible_to(user).open().exclude(kind=Group.Kind.CASE_REVIEW).order_by("name")
        self.partnerships = Partnership.objects.filter(pk__in=standing_of(user).partnership_ids).order_by("name")
        self.found = {f"group-{group.pk}": {"group": group} for group in groups}
        self.found |= {f"partnership-{each.pk}": {"partnership": each} for each in self.partnerships}
        self.fields["of"].choices = [
            (MINE, "What is due from me, and meetings of my groups"),
            ("Everything of a partnership", [(f"partnership-{each.pk}", each.name) for each in self.partnerships]),
            ("A group", [(f"group-{group.pk}", group.name) for group in groups]),
        ]

    def clean_of(self):
        of = self.cleaned_data["of"]
        if of == MINE and not self.partnerships:
            raise forms.ValidationError("You hold no post in a partnership today, so there is nothing to show.")
        return of

    def target(self):
        return self.found.get(self.cleaned_data["of"], {})


@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request):
    """One's feeds; a new one's address is shown once, because only its hash is kept."""
    form = FeedForm(
        request.POST or None,
        user=request.user,
        initial={"of": request.GET.get("of", "")},
        cancel_url=reverse("partnership:calendar"),
    )
    own = CalendarFeed.objects.visible_to(request.user).filter(revoked_at=None).select_related("group", "partnership")
    if request.method == "POST" and own.count() >= MOST_FEEDS:
        form.add_error(None, f"You have {MOST_FEEDS} addresses. Take one back before you make another.")
    elif form.is_valid():
        feed, token = make_feed(request.user, at=timezone.now(), **form.target())
        request.session[NEW_FEED] = [str(feed.pk), address_of(token)]
        return redirect("partnership:calendar-feeds")
    new_pk, address = request.session.pop(NEW_FEED, ("", ""))
    webcal = f"webcal://{address.partition('://')[2]}"  # which Apple's and Outlook's calendars open by themselves
    context = {"form": form, "feeds": own, "new_pk": new_pk, "address": address, "webcal": webcal}
    return render(request, "partnership/calendar_feeds.html", context, status=form.status)


@require_POST
def revoke_feed(request, pk):
    """Take the address back: whoever has it gets nothing from now on."""
    feed = get_permitted(request.user, CalendarFeed, "revoke", pk=pk)
    if feed.revoked_at is None:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
    messages.success(request, "Taken back. Calendar programs that read this address get nothing from now on.")
    return redirect("partnership:calendar-feeds")


@login_not_required
@require_safe
def feed(request, token):
    """The feed as iCalendar, for whoever has its address; 304 where they have it already.

    Anything else is the same 404, or 429.
    """
    now = timezone.now()
    found = feed_of_token(token, at=now)
    if found is None:
        if is_too_often(request, "feeds-bad", MOST_MISSES):
            return render(request, "429.html", status=429)
        raise Http404
    note_reading(found, at=now)
    content = as_icalendar(found, entries_of_feed(found, on=timezone.localdate(now)), at=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    response["Cache-Control"] = "private, no-cache"  # kept by its reader alone, and asked about each time
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
    return get_conditional_response(request, etag=response["ETag"], response=response)


patterns = [
    path("calendar/", calendar, name="calendar"),
    path("calendar/feeds/", feeds, name="calendar-feeds"),
    path("calendar/feeds/<uuid:pk>/revoke/", revoke_feed, name="calendar-feed-revoke"),
    path("calendar/feed/<str:token>.ics", feed, name="calendar-feed"),
    path("groups/<int:pk>/calendar/", group_calendar, name="calendar-group"),
]
