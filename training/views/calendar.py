"""The calendar of training: the events of a month as weeks, or one below the other."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.calendars import Entry, agenda_of, last_of_month, month_after, span_of, weeks_of
from partnership.days_off import days_off
from training.models import Event
from training.programme.changing import standing_in
from training.views.pages import crumbs

FIRST_YEAR, LAST_YEAR = 2000, 2100
MONTH, LIST = "month", "list"


class CalendarForm(forms.Form):
    """Which month and how, in the address. What makes no sense there is left out."""

    month = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", required=False)
    view = forms.ChoiceField(choices=[(MONTH, MONTH), (LIST, LIST)], required=False)

    def month_or_this(self, today):
        """The first of the month asked for, or of this one."""
        typed = self.cleaned_data.get("month")
        if typed and FIRST_YEAR <= int(typed[:4]) <= LAST_YEAR:
            return date(int(typed[:4]), int(typed[5:]), 1)
        return today.replace(day=1)


def entry_of(event):
    starts = timezone.localtime(event.starts_at)
    ends = timezone.localtime(event.ends_at) if event.ends_at else None
    is_short = ends is not None and ends.date() == starts.date()
    return Entry(
        key=f"event:{event.pk}",
        day=starts.date(),
        title=event.course.title,
        kind=event.course.get_mode_display(),
        url=event.get_absolute_url(),
        whose="" if event.is_cancelled else standing_in(event),
        starts_at=starts.time(),
        ends_at=ends.time() if is_short else None,
        place=event.venue,
        is_cancelled=event.is_cancelled,
    )


def entries_between(user, first, last):
    """The events that begin from ``first`` to ``last`` as Entries, in order; called-off ones among them say so."""
    visible = Event.objects.visible_to(user).filter(starts_at__date__range=(first, last))
    events = Event.objects.filter(pk__in=visible.values("pk")).select_related("course").with_place_counts()
    return sorted(map(entry_of, events), key=lambda entry: entry.order)


@require_safe
def calendar(request):
    today = timezone.localdate()
    form = CalendarForm(request.GET)
    form.is_valid()
    month = form.month_or_this(today)
    view = form.cleaned_data.get("view") or MONTH
    span = span_of(month.year, month.month) if view == MONTH else (month, last_of_month(month))
    entries = entries_between(request.user, *span)
    off = days_off(*span, partnership_ids=request.user.standing.partnership_ids)
    way = QueryDict(mutable=True)
    way.update({"view": view})
    before, after = month_after(month, -1), month_after(month, 1)
    context = {
        "asked": way,
        "view": view,
        "month": month,
        "before": before if before.year >= FIRST_YEAR else None,
        "after": after if after.year <= LAST_YEAR else None,
        "is_this_month": month == today.replace(day=1),
        "has_whose": True,
        "count": sum(month <= entry.day <= last_of_month(month) for entry in entries),
        "today": today,
        "crumbs": crumbs("Calendar"),
    }
    if view == LIST:
        context["months"] = agenda_of(month, 1, entries, on=today, off=off)
    else:
        context["weeks"] = weeks_of(month.year, month.month, entries, on=today, off=off)
    return render(request, "training/calendar.html", context)


patterns = [path("training/calendar/", calendar, name="calendar")]
