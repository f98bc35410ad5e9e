"""What the office sees of reminders, and the page where the demo keeps its mails."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.lists import RecordList
from partnership.models import Message, OutboxMail
from partnership.reminder_lists import OutboxFilter, OutboxTable, SentFilter, SentTable
from partnership.reminders.hours import ROUND_THE_CLOCK, is_sending_time, next_sending_day
from partnership.reminders.preview import who_will_be_told
from partnership.tasks import send_reminders

TROUBLE_IS_SHOWN_FOR = timedelta(days=14)


class ReminderList(RecordList):
    """Who will be told next, whom nobody can tell, what was sent; and a button to send at once."""

    table_class, filterset_class = SentTable, SentFilter
    template_name = "partnership/reminder_list.html"
    export_name = "reminders-sent"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.standing.office_ids:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return Message.objects.visible_to(self.request.user).sent()

    def get_context_data(self, **kwargs):
        now, user = timezone.now(), self.request.user
        today = timezone.localdate(now)
        return super().get_context_data(
            today=today,
            preview=who_will_be_told(user, on=next_sending_day(now)),
            troubled=Message.objects.visible_to(user).troubled(since=today - TROUBLE_IS_SHOWN_FOR),
            hours=hours_in_words(),
            **kwargs,
        )

    def post(self, request):
        return _send_now(request)


def _send_now(request):
    """Wake the worker. It sends what is due and not yet sent, so a second press changes nothing."""
    if is_sending_time(timezone.now()):
        transaction.on_commit(send_reminders.delay, robust=True)
        messages.success(request, "Whoever has not had today’s reminder is told within a minute. See “Sent” below.")
    else:
        messages.info(request, "Nothing goes out at this hour. It is sent on the next working day.")
    return redirect("partnership:reminder-list")


def hours_in_words():
    """ "from 8am to 6pm", or nothing where mails go out round the clock."""
    if settings.REMINDER_HOURS == ROUND_THE_CLOCK:
        return ""
    first, last = (f"{hour}am" if hour < 12 else f"{(hour - 1) % 12 + 1}pm" for hour in settings.REMINDER_HOURS)
    return f"from {first} to {last}"


class Outbox(RecordList):
    """Every mail the demo would have sent, the newest first."""

    table_class, filterset_class = OutboxTable, OutboxFilter
    template_name = "partnership/outbox.html"
    export_name = "outbox"
    queryset = OutboxMail.objects.all()


@require_safe
def outbox_mail(request, pk):
    """One mail, word for word."""
    mail = get_object_or_404(OutboxMail, pk=pk)
    crumbs = [("Outbox", reverse("partnership:outbox")), (mail.subject, None)]
    return render(request, "partnership/outbox_mail.html", {"mail": mail, "crumbs": crumbs})
