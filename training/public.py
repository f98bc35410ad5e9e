"""The training programme for everyone: what is held when and where, how to book, and never who comes."""

from urllib.parse import urlsplit

import icalendar
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.views.decorators.http import require_safe

from partnership.calendar_feeds import in_one_line
from partnership.downloads import as_attachment
from partnership.public import find_partnership, public_page
from partnership.public_feeds import ENTRIES, PartnershipFeed, as_feed
from partnership.published import lasting_name
from training.mails.invitations import LONDON, hours_of
from training.models import Course, Event
from training.places.bookings import free_until, why_not_now


class ProgrammeForm(forms.Form):
    """What a visitor wants to see, in the address. What makes no sense there is left out."""

    month = forms.ChoiceField(label="Month", required=False)
    audience = forms.ChoiceField(label="For whom", required=False)
    mode = forms.ChoiceField(label="How", required=False)
    places = forms.ChoiceField(label="Places", required=False, choices=[("", "Any"), ("left", "With places left")])

    def __init__(self, *args, events, **kwargs):
        super().__init__(*args, **kwargs)
        months = {month_key(event): date_format(timezone.localtime(event.starts_at), "F Y") for event in events}
        audiences = sorted({event.course.audience for event in events} - {""})
        modes = {event.course.mode for event in events}
        self.fields["month"].choices = [("", "Any month"), *months.items()]
        self.fields["audience"].choices = [("", "Anyone"), *[(each, each) for each in audiences]]
        self.fields["mode"].choices = [("", "Any way"), *[each for each in Course.Mode.choices if each[0] in modes]]
        for field in self.fields.values():
            field.widget.attrs["class"] = "govuk-select"
        self.is_valid()

    @property
    def is_narrowed(self):
        return any(self.cleaned_data.values())

    def fits(self, event):
        asked = self.cleaned_data.get
        return (
            asked("month") in ("", None, month_key(event))
            and asked("audience") in ("", None, event.course.audience)
            and asked("mode") in ("", None, event.course.mode)
            and (not asked("places") or (event.left_count > 0 and event.can_be_booked))
        )


def month_key(event):
    return f"{timezone.localtime(event.starts_at):%Y-%m}"


def shown_events(partnership):
    """What the public may see of a partnership's events, called-off ones among them."""
    return (
        Event.objects.published()
        .filter(pk__in=Event.objects.filter(course__partnerships=partnership).values("pk"))
        .select_related("course")
        .with_place_counts()
        .order_by("starts_at", "pk")
    )


@login_not_required
@require_safe
def programme(request, slug):
    """The events to come, by month."""
    partnership, now = find_partnership(slug), timezone.now()
    events = list(shown_events(partnership).filter(starts_at__gte=now))
    for event in events:
        event.can_be_booked = not why_not_now(event, at=now)
    form = ProgrammeForm(request.GET, events=events)
    by_month = {}
    for event in events:
        if form.fits(event):
            by_month.setdefault(month_key(event), []).append(event)
    return public_page(
        request,
        partnership,
        "training/public_programme.html",
        events=events,
        months=[(of_month[0].starts_at, of_month) for of_month in by_month.values()],
        count=sum(map(len, by_month.values())),
        form=form,
    )


@login_not_required
@require_safe
def event(request, slug, pk):
    """One event: what it is about, who it is for, when and where, and how to get a place."""
    partnership, now = find_partnership(slug), timezone.now()
    shown = shown_events(partnership).filter(pk=pk).select_related("course__run_by").first()
    if shown is None:
        raise Http404
    why_not = why_not_now(shown, at=now)
    others = shown_events(partnership).filter(course=shown.course_id, starts_at__gte=now).exclude(pk=pk)
    policy = shown.course.policy
    until = shown.shares_until_on
    context = {
        "description": f"{date_format(timezone.localtime(shown.starts_at), 'l j F Y')}, {shown.venue}. "
        f"{shown.course.purpose}",
        "event": shown,
        "share": shown.places_per_organisation if until is None or timezone.localdate(now) <= until else None,
        "course": shown.course,
        "why_not": why_not,
        "others": [each for each in others if not each.is_cancelled],
        "charge": policy.non_attendance_charge if policy.is_charging and not why_not else None,
        "free_until": free_until(shown) if policy.is_charging and not why_not else None,
        "crumbs": [("Training", reverse("training:public-programme", args=[slug])), (shown.course.title, None)],
    }
    return public_page(request, partnership, "training/public_event.html", **context)


@login_not_required
@require_safe
def calendar_file(request, slug):
    """The events to come for a calendar program that reads this address again and again; called-off ones as such."""
    partnership, now = find_partnership(slug), timezone.now()
    file = icalendar.Calendar.new(
        name=f"Training, {partnership}", prodid="-//Partnership Planner//EN", subcomponents=[LONDON]
    )
    del file["uid"]  # of the whole file, which some programs take for the event's
    for event in shown_events(partnership).filter(starts_at__gte=now):
        file.add_component(calendar_entry(partnership, event, at=now))
    return as_attachment(file.to_ical(), "training.ics", "text/calendar; charset=utf-8")


def calendar_entry(partnership, event, *, at):
    """Never how to join: that stands in the invitation of those who are booked."""
    starts, ends = hours_of(event)
    page = reverse("training:public-event", args=[partnership.slug, event.pk])
    return icalendar.Event.new(
        uid=f"training-{event.pk}@{urlsplit(settings.SITE_URL).hostname}",
        stamp=at,
        sequence=event.sequence,
        start=starts,
        end=ends,
        summary=in_one_line(event.course.title),
        location=in_one_line(event.venue),
        status="CANCELLED" if event.is_cancelled else "CONFIRMED",
        transparency="TRANSPARENT",
        url=settings.SITE_URL + page,
    )


class EventFeed(PartnershipFeed):
    """Training to come, the next first; what is called off says so. An entry is new when its event was changed."""

    page_name, feed_name = "training:public-programme", "training:public-feed"

    def title(self, partnership):
        return f"Training of {partnership}"

    def subtitle(self, partnership):
        return "Courses to come, the next first"

    def items(self, partnership):
        changes = Event.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk")).order_by("-pgh_id")
        events = shown_events(partnership).filter(starts_at__gte=timezone.now())
        events = list(events.annotate(changed_at=Subquery(changes.values("pgh_created_at")[:1]))[:ENTRIES])
        for each in events:
            each.page = settings.SITE_URL + reverse("training:public-event", args=[partnership.slug, each.pk])
        return events

    def item_title(self, item):
        called_off = "Called off: " if item.is_cancelled else ""
        return f"{called_off}{item.course.title}, {date_format(timezone.localtime(item.starts_at), 'j F Y')}"

    def item_description(self, item):
        when = date_format(timezone.localtime(item.starts_at), "l j F Y, H:i")
        return f"{when}, {item.venue}. {item.cancelled_because or item.course.purpose}".strip()

    def item_link(self, item):
        return item.page

    def item_guid(self, item):
        return lasting_name(f"training:{item.pk}")

    def item_updateddate(self, item):
        return item.changed_at


def event_addresses(partnership, *, on):
    """The pages of events to come, for the sitemap."""
    events = Event.objects.published().filter(course__partnerships=partnership, starts_at__date__gte=on)
    keys = sorted(set(events.values_list("pk", flat=True)))
    return [(reverse("training:public-event", args=[partnership.slug, pk]), None) for pk in keys]


patterns = [
    path("p/<slug:slug>/training/", programme, name="public-programme"),
    path("p/<slug:slug>/training/feed/", as_feed(EventFeed()), name="public-feed"),
    path("p/<slug:slug>/training/training.ics", calendar_file, name="public-calendar"),
    path("p/<slug:slug>/training/<int:pk>/", event, name="public-event"),
]
