"""The training programme for signed-in people: events, who has which place, and what whoever runs it does with them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.models import Partnership
from partnership.refusals import NotNow
from partnership.templatetags.components import long_date
from training.models import Course, Event
from training.programme.changing import CALLED_OFF, add_event, call_off, change_event
from training.programme.event_forms import CallOffForm, EventForm, TrainerFormSet, times_of
from training.programme.event_lists import EventFilter, EventTable
from training.rules import run_ids
from training.views.courses import crumbs_of_course
from training.views.evaluation import told_of
from training.views.pages import GET_OR_POST, asked, form_page

# What a further event takes over from one that was held or planned.
TAKEN_OVER = ["length", "venue", "link", "joining", "trainers", "capacity", "places_per_organisation", "is_public"]


def crumbs_of(event, here=None):
    day = long_date(event.starts_at)
    return crumbs_of_course(event.course, (day, event.get_absolute_url() if here else None), *([here] if here else []))


class EventList(RecordList):
    """Events of one's partnerships, those still to come unless asked otherwise."""

    table_class, filterset_class = EventTable, EventFilter
    template_name = "training/event_list.html"
    export_name = "training"

    def get_queryset(self):
        visible = Event.objects.visible_to(self.request.user)
        return (
            Event.objects.filter(pk__in=visible.values("pk"))
            .select_related("course")
            .with_place_counts()
            .order_by("starts_at", "pk")
        )

    def get_context_data(self, **kwargs):
        standing = self.request.user.standing
        public = Partnership.objects.published().filter(pk__in=standing.partnership_ids)
        return super().get_context_data(may_run=bool(run_ids(self.request.user)), public=public, **kwargs)


@require_safe
def event_detail(request, pk):
    """Places by organisation: the coordinator and office see whose, others only their own people."""
    event = get_permitted(request.user, Event, "view", pk=pk)
    may_change, now = may(request.user, "change", event), timezone.now()
    if may_change:
        named = event.places.all()
    else:
        named = event.places.filter(organisation__in=request.user.standing.organisation_ids)
    organisations = event.places.counts_by_organisation()
    taken = sum(row["taken_count"] for row in organisations)
    context = {
        "event": event,
        "course": event.course,
        "crumbs": crumbs_of(event),
        "organisations": organisations,
        "taken_count": taken,
        "left_count": max(event.capacity - taken, 0),
        "waiting_count": sum(row["waiting_count"] for row in organisations),
        "attended_count": sum(row["attended_count"] for row in organisations),
        "places": named.select_related("organisation"),
        "people": event.people.select_related("organisation"),
        "is_past": event.starts_at < now,
        "is_over": event.is_over(at=now),
        "evaluation": told_of(event, on=timezone.localdate(now)) if event.starts_at < now else None,
        "may_change": may_change,
        "may_book": may(request.user, "book", event),
    }
    return render(request, "training/event_detail.html", context)


# Adding, changing, calling off


def write_event(request, event, *, save, title, crumbs, cancel_url, initial=None, people=None, lede=""):
    """The form of an event with the lines of who trains. ``save`` takes the form; it gives the event and what is said.

    ``initial`` and ``people`` are offered to begin with.
    """
    data, on = asked(request), timezone.localdate()
    form = EventForm(data, instance=event, on=on, initial=initial, cancel_url=cancel_url)
    rows = TrainerFormSet(data, event=event, on=on, prefix="people", initial=people if data is None else None)
    if all([form.is_valid(), rows.is_valid()]):
        try:
            saved, said = save(form)
        except NotNow as problem:
            form.add_error(None, str(problem))
        else:
            rows.save_all(saved)
            messages.success(request, said)
            return redirect(saved)
    context = {"form": form, "rows": rows, "title": title, "crumbs": crumbs, "lede": lede, "course": event.course}
    return render(request, "training/event_form.html", context, status=status_of(form, rows))


def status_of(form, rows):
    """200 for a page that is asked for, 409 where somebody has changed it meanwhile, 422 to be mended."""
    if not form.is_bound:
        return 200
    return 409 if form.has_conflict or rows.has_conflict else 422


def save_new(form):
    event, is_new = add_event(form.instance)
    if not is_new:
        return event, "It stands in the programme already"
    is_past = event.is_over(at=timezone.now())
    return event, f"It is in the programme on {long_date(event.starts_at)}{', among those held' if is_past else ''}"


@require_http_methods(GET_OR_POST)
def add(request, pk):
    """Hold a course on a day."""
    course = get_permitted(request.user, Course, "change", pk=pk)
    if course.retired_on:
        messages.error(request, "This course is not held any more. Bring it back first")
        return redirect(course)
    return write_event(
        request,
        Event(course=course),
        save=save_new,
        title="Add an event",
        lede=course.title,
        crumbs=crumbs_of_course(course, "Add an event"),
        cancel_url=course.get_absolute_url(),
    )


@require_http_methods(GET_OR_POST)
def again(request, pk):
    """The same on another day: all but the day is offered as it was."""
    event = get_permitted(request.user, Event, "change", pk=pk)
    if event.course.retired_on:
        messages.error(request, "This course is not held any more. Bring it back first")
        return redirect(event.course)
    times = {name: value for name, value in times_of(event).items() if name in ("starts", "ends")}
    return write_event(
        request,
        Event(course=event.course),
        save=save_new,
        title="Hold it again",
        lede=f"{event.course.title}, as on {long_date(event.starts_at)}. Enter the day, and change what differs.",
        crumbs=crumbs_of(event, "Hold it again"),
        cancel_url=event.get_absolute_url(),
        initial={name: getattr(event, name) for name in TAKEN_OVER} | times,
        people=list(event.people.values("name", "organisation", "days")),
    )


def words_of(outcome):
    """What followed from a change, in sentences."""
    if outcome.told_count:
        yield f"{people_are(outcome.told_count)} told by e-mail."
    if outcome.without_address_count:
        yield f"{people_are(outcome.without_address_count)} without an e-mail address here: tell them yourself."
    if outcome.given_count:
        yield f"{outcome.given_count} who waited {'has a place' if outcome.given_count == 1 else 'have places'} now."


def people_are(count):
    return "1 person is" if count == 1 else f"{count} people are"


def still_open(request, event):
    """Nothing of a called-off event changes: where to go instead, or None."""
    if not event.is_cancelled:
        return None
    messages.error(request, CALLED_OFF)
    return redirect(event)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    """Whoever counts on it is told where its day, time or place changes."""
    event = get_permitted(request.user, Event, "change", pk=pk)

    def save(form):
        outcome = change_event(event, at=timezone.now(), **form.columns)
        return outcome.event, " ".join(["The event is saved.", *words_of(outcome)])

    return still_open(request, event) or write_event(
        request,
        event,
        save=save,
        title="Change the event",
        lede="Everybody who has a place or waits for one is told by e-mail where its day, time, place, link or joining "
        "details change, and of nothing else.",
        crumbs=crumbs_of(event, "Change"),
        cancel_url=event.get_absolute_url(),
    )


@require_http_methods(GET_OR_POST)
def call_off_event(request, pk):
    event = get_permitted(request.user, Event, "change", pk=pk)
    if moved := still_open(request, event):
        return moved
    form = CallOffForm(asked(request), cancel_url=event.get_absolute_url())
    if form.is_valid():
        try:
            outcome = call_off(event, because=form.cleaned_data["because"], at=timezone.now())
        except NotNow as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, " ".join(["The event is called off.", *words_of(outcome)]))
            return redirect(event)
    when = f"{event.course.title}, {long_date(event.starts_at)} at {timezone.localtime(event.starts_at):%H:%M}."
    concerned = event.places.concerned().count()
    return form_page(
        request,
        form,
        title="Call the event off",
        crumbs=crumbs_of(event, "Call it off"),
        lede=f"{when} It stays in the programme as cancelled, and can’t be changed afterwards.",
        warning=f"{concerned} with a place, or waiting for one, are told at once." if concerned else "",
    )


patterns = [
    path("training/", EventList.as_view(), name="event-list"),
    path("training/courses/<int:pk>/hold/", add, name="event-add"),
    path("training/<int:pk>/", event_detail, name="event-detail"),
    path("training/<int:pk>/change/", change, name="event-change"),
    path("training/<int:pk>/again/", again, name="event-again"),
    path("training/<int:pk>/call-off/", call_off_event, name="event-call-off"),
]
