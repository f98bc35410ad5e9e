"""Mails to people without an account: what left, what waits, what did not arrive; and the file of an invitation."""

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.lists import LONGEST_WORDS, MomentColumn, RecordFilter, RecordList, RecordTable
from partnership.refusals import NotNow
from partnership.reminders.bounces import bounced_at
from partnership.templatetags.components import long_date
from training.links import PLACE
from training.mails import invitations
from training.mails.forms import AddressForm
from training.mails.mending import is_undelivered, send_again
from training.mails.words import DEAD, OVERTAKEN
from training.models import Event, Place, TrainingMail
from training.views.by_link import by_link
from training.views.pages import GET_OR_POST

SENT, WAITS, NOT_SENT, RETURNED, PASSED = "sent", "waits", "not-sent", "returned", "overtaken"


class MailTable(RecordTable):
    """Needs ``with_standing``."""

    caption = "Mails"
    address = tables.Column("To")
    kind = tables.Column("What", accessor="get_kind_display", order_by="kind")
    about = tables.Column("About", accessor="event", orderable=False)
    made_at = MomentColumn("Made")
    sent_at = tables.Column("Left", empty_values=())
    again = tables.Column("What to do", accessor="pk", orderable=False, exclude_from_export=True)

    def render_about(self, value):
        return format_html('<a href="{}">{}, {}</a>', value.get_absolute_url(), value.course.title, day_of(value))

    def value_about(self, value):
        return f"{value.course.title}, {day_of(value)}"

    def render_sent_at(self, record):
        words = self.value_sent_at(record)
        return format_html('<span class="late-text">{}</span>', words) if is_undelivered(record) else words

    def value_sent_at(self, record):
        if record.problem:
            return record.problem
        if record.sent_at and record.came_back_at:
            return f"Left {moment(record.sent_at)}; mail to this address comes back"
        return moment(record.sent_at) if record.sent_at else "Waits to leave"

    def render_again(self, record):
        if not is_undelivered(record):
            return ""
        url = reverse("training:mail-again", args=[record.pk])
        hidden = f" to {record.address}: {record.get_kind_display()}"
        return format_html('<a href="{}">Send again<span class="govuk-visually-hidden">{}</span></a>', url, hidden)


def day_of(event):
    return long_date(event.starts_at)


def moment(value):
    return f"{long_date(value)}, {timezone.localtime(value):%H:%M}"


def events_of_request(request):
    return Event.objects.run_by(request.user).select_related("course").order_by("-starts_at", "-pk")


class MailFilter(RecordFilter):
    search_fields = ("address",)

    words = django_filters.CharFilter(label="Address", method="with_words", max_length=LONGEST_WORDS)
    kind = django_filters.ChoiceFilter(label="What", empty_label="Any", choices=TrainingMail.Kind.choices)
    state = django_filters.ChoiceFilter(
        label="Which",
        empty_label="All",
        choices=[
            (SENT, "Left"),
            (WAITS, "Wait to leave"),
            (NOT_SENT, "Did not arrive"),
            (RETURNED, "Address comes back"),
            (PASSED, "Not needed any more"),
        ],
        method="in_state",
    )
    event = django_filters.ModelChoiceFilter(
        label="Event", empty_label="Any event", queryset=events_of_request, method="about_event"
    )

    class Meta:
        model = TrainingMail
        fields = []

    def in_state(self, mails, _name, state):
        states = {
            SENT: Q(sent_at__isnull=False, problem=""),
            WAITS: Q(sent_at=None, problem=""),
            NOT_SENT: ~Q(problem="") & ~Q(problem__startswith=OVERTAKEN),
            PASSED: Q(problem__startswith=OVERTAKEN),
            RETURNED: Q(came_back_at__isnull=False),
        }
        return mails.filter(states[state])

    def about_event(self, mails, _name, event):
        return mails.about_event(event)


def with_standing(mails):
    return mails.select_related("place__event__course", "evaluation__place__event__course").annotate(
        came_back_at=bounced_at("address")
    )


class MailList(RecordList):
    """Mails of the training that this person runs; nobody else knows of them."""

    table_class, filterset_class = MailTable, MailFilter
    template_name = "training/mail_list.html"
    export_name = "training-mails"

    def get_queryset(self):
        standing = self.request.user.standing
        if not standing.training_ids | standing.office_ids:
            raise Http404
        return with_standing(TrainingMail.objects.visible_to(self.request.user)).order_by("-made_at", "-pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(crumbs=crumbs(), **kwargs)


@require_http_methods(GET_OR_POST)
def again(request, pk):
    """Mend the address of a mail that did not arrive, and send it once more."""
    mail = get_permitted(request.user, TrainingMail, "send", pk=pk)
    mail = with_standing(TrainingMail.objects.filter(pk=mail.pk)).get()
    listed = reverse("training:mail-list")
    if not is_undelivered(mail):
        messages.info(request, f"There is nothing to send again: {described(mail)}")
        return redirect(listed)
    form = AddressForm(
        request.POST if request.method == "POST" else None, initial={"address": mail.address}, cancel_url=listed
    )
    if form.is_valid():
        try:
            send_again(mail, address=form.cleaned_data["address"], by=request.user, at=timezone.now())
        except NotNow as reason:
            form.add_error("address", str(reason))
        else:
            messages.success(request, f"The mail goes to {form.cleaned_data['address']}")
            return redirect(listed)
    problem = mail.problem or DEAD
    context = {"mail": mail, "form": form, "problem": problem, "crumbs": crumbs(("Send again", None))}
    return render(request, "training/mail_again.html", context, status=form.status)


@require_safe
@by_link(PLACE)
def calendar_file(request, place, token):
    """The event for somebody's own calendar; for whoever is booked."""
    if place.status != Place.Status.BOOKED or place.event.is_cancelled:
        return render(request, "training/link_refused.html", status=404)
    content = invitations.calendar_file_of(place, at=timezone.now())
    return as_attachment(content, "training.ics", f"text/calendar; charset=utf-8; method={invitations.PUBLISH}")


def described(mail):
    if mail.problem:
        return mail.problem
    return "the mail has left" if mail.sent_at else "the mail waits to leave"


def crumbs(*more):
    here = ("Mails", reverse("training:mail-list") if more else None)
    return [("Training", reverse("training:event-list")), here, *more]


patterns = [
    path("training/mails/", MailList.as_view(), name="mail-list"),
    path("training/mails/<int:pk>/again/", again, name="mail-again"),
    path("t/place/<str:token>/invitation.ics", calendar_file, name="place-calendar"),
]
