"""The calendar: a month at a time, and feeds for one's own calendar program."""

from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.calendars import (
    ALL,
    MINE,
    address_of,
    as_icalendar,
    entries_between,
    entries_of_feed,
    feed_of_token,
    make_feed,
    note_reading,
    span_of,
    weeks_of,
)
from partnership.forms import PlannerForm
from partnership.models import CalendarFeed, Group, Partnership
from partnership.standing import standing_of
from partnership.throttling import is_too_often

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_FEEDS = 20
MONTHS = 12
NEW_FEED = "new calendar feed"
MOST_MISSES = 60  # wrong addresses of feeds from one place in ten minutes


class CalendarForm(forms.Form):
    """Which month and whose: in the address, so a link keeps it. What makes no sense there is left out."""

    month = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", required=False)
    whose = forms.ChoiceField(label="Whose", required=False, widget=forms.Select({"class": "govuk-select"}))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = {f"group-{group.pk}": group for group in Group.objects.visible_to(user).open().order_by("name")}
        groups = [(key, group.name) for key, group in self.groups.items()]
        self.fields["whose"].choices = [(MINE, "Mine"), (ALL, "Everything"), ("A group", groups)]

    def chosen_month(self, today):
        """(year, month): as asked, or this one where the address makes no sense."""
        self.is_valid()
        asked = self.cleaned_data.get("month")
        if asked and FIRST_YEAR <= int(asked[:4]) <= LAST_YEAR:
            return int(asked[:4]), int(asked[5:])
        return today.year, today.month

    def chosen_whose(self):
        chosen = self.cleaned_data.get("whose") or MINE
        return self.groups.get(chosen, chosen)


@require_safe
def calendar(request):
    """One month: what is due and when groups meet."""
    today = timezone.localdate()
    form = CalendarForm(request.GET, user=request.user)
    year, month = form.chosen_month(today)
    whose = form.chosen_whose()
    first, last = span_of(year, month)
    entries = entries_between(request.user, first, last, on=today, whose=whose)
    kinds = sorted({entry.kind for entry in entries})
    kind = request.GET.get("kind", "")
    if kind in kinds:
        entries = [entry for entry in entries if entry.kind == kind]
    this = date(year, month, 1)
    context = {
        "form": form,
        "kinds": kinds,
        "kind": kind if kind in kinds else "",
        "whose": form.cleaned_data.get("whose") or MINE,
        "month": this,
        "before": month_beside(this, -1),
        "after": month_beside(this, 1),
        "is_this_month": (year, month) == (today.year, today.month),
        "weeks": weeks_of(year, month, entries, on=today),
        "count": sum(entry.day.month == month for entry in entries),
        "today": today,
    }
    return render(request, "partnership/calendar.html", context)


def month_beside(month, step):
    """The first of the month before or after; None beyond the years that a calendar shows."""
    at = month.year * MONTHS + month.month - 1 + step
    year, index = divmod(at, MONTHS)
    return date(year, index + 1, 1) if FIRST_YEAR <= year <= LAST_YEAR else None


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
        partnerships = Partnership.objects.filter(pk__in=standing_of(user).partnership_ids).order_by("name")
        self.found = {f"group-{group.pk}": {"group": group} for group in groups}
        self.found |= {f"partnership-{each.pk}": {"partnership": each} for each in partnerships}
        self.fields["of"].choices = [
            (MINE, "What is due from me, and meetings of my groups"),
            ("Everything of a partnership", [(f"partnership-{each.pk}", each.name) for each in partnerships]),
            ("A group", [(f"group-{group.pk}", group.name) for group in groups]),
        ]

    def target(self):
        return self.found.get(self.cleaned_data["of"], {})


@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request):
    """One's feeds; a new one's address is shown once, because only its hash is kept."""
    form = FeedForm(request.POST or None, user=request.user, cancel_url=reverse("partnership:calendar"))
    own = CalendarFeed.objects.visible_to(request.user).filter(revoked_at=None).select_related("group", "partnership")
    if request.method == "POST" and own.count() >= MOST_FEEDS:
        form.add_error(None, f"You have {MOST_FEEDS} addresses. Take one back before you make another.")
    elif form.is_valid():
        feed, token = make_feed(request.user, at=timezone.now(), **form.target())
        request.session[NEW_FEED] = [str(feed.pk), address_of(token)]
        return redirect("partnership:calendar-feeds")
    new_pk, address = request.session.pop(NEW_FEED, ("", ""))
    context = {"form": form, "feeds": own, "new_pk": new_pk, "address": address}
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
    """The feed as iCalendar, for whoever has its address. Anything else is the same 404, or 429."""
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
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


patterns = [
    path("calendar/", calendar, name="calendar"),
    path("calendar/feeds/", feeds, name="calendar-feeds"),
    path("calendar/feeds/<uuid:pk>/revoke/", revoke_feed, name="calendar-feed-revoke"),
    path("calendar/feed/<str:token>.ics", feed, name="calendar-feed"),
]
