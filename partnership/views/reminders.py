"""What the office sees of reminders, and the page where the demo keeps its mails."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.models import Message, OutboxMail
from partnership.reminders import (
    ROUND_THE_CLOCK,
    is_sending_time,
    next_sending_day,
    who_will_be_told,
)
from partnership.tasks import send_reminders

SENT_ON_A_PAGE = 20
MAILS_ON_A_PAGE = 50
TROUBLE_IS_SHOWN_FOR = timedelta(days=14)


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_list(request):
    """Who will be told next, whom nobody can tell, what was sent; and a button to send at once."""
    if not request.user.standing.office_ids:
        raise PermissionDenied
    if request.method == "POST":
        return _send_now(request)
    now = timezone.now()
    today = timezone.localdate(now)
    visible = Message.objects.visible_to(request.user)
    page_of_sent = Paginator(visible.sent(), SENT_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "today": today,
        "preview": who_will_be_told(request.user, on=next_sending_day(now)),
        "troubled": visible.troubled(since=today - TROUBLE_IS_SHOWN_FOR),
        "page_obj": page_of_sent,
        "hours": hours_in_words(),
    }
    return render(request, "partnership/reminder_list.html", context)


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


@require_safe
def outbox(request):
    """Every mail the demo would have sent, the newest first."""
    mails = Paginator(OutboxMail.objects.all(), MAILS_ON_A_PAGE)
    context = {"page_obj": mails.get_page(request.GET.get("page"))}
    return render(request, "partnership/outbox.html", context)


@require_safe
def outbox_mail(request, pk):
    """One mail, word for word."""
    mail = get_object_or_404(OutboxMail, pk=pk)
    crumbs = [("Outbox", reverse("partnership:outbox")), (mail.subject, None)]
    return render(request, "partnership/outbox_mail.html", {"mail": mail, "crumbs": crumbs})
