"""How often oneself hears of what is due: one's own page, and the link in a reminder that slows all of them down."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from partnership.models import Message, Reminder, ReminderHours
from partnership.reminder_forms import PreferencesForm
from partnership.reminders.bounces import bounced_addresses
from partnership.reminders.choices import keep_hours, keep_paces, paces_of, put_back, slow_down
from partnership.reminders.policies import Policies
from partnership.reminders.unsubscribing import reader_of
from partnership.throttling import is_too_often

GET_OR_POST = ["GET", "HEAD", "POST"]
SENT_SHOWN = 20
BAD_TOKENS = 60  # from one address in ten minutes
UNDO, UNDO_SECONDS = "partnership.reminders.undo", 24 * 60 * 60


@require_http_methods(GET_OR_POST)
def preferences(request):
    """One's own pace of each kind, days and hours; and what one was sent lately."""
    user = request.user
    found = Policies.read()
    policies = {kind: found.of(kind, user.standing.partnership_ids) for kind in settings.DEADLINE_KINDS}
    hours = ReminderHours.objects.filter(user=user).first()
    form = PreferencesForm(request.POST or None, policies=policies, paces=paces_of(user), hours=hours)
    if form.is_valid():
        keep_paces(user, form.chosen_paces())
        keep_hours(user, form.chosen_hours())
        messages.success(request, "Saved. Your next reminders keep to it.")
        return redirect("partnership:preferences")
    reminders = Reminder.objects.select_related("asked_by")
    sent = Message.objects.filter(recipient=user).sent().prefetch_related(Prefetch("reminders", reminders))
    context = {
        "form": form,
        "sent": sent[:SENT_SHOWN],
        "has_bounced": bool(bounced_addresses([user.email])),
    }
    return render(request, "partnership/preferences.html", context, status=form.status)


@csrf_exempt  # a mail program presses it without ever having seen the page; the signature says for whom
@login_not_required
@sensitive_variables("token")
@require_http_methods(GET_OR_POST)
def unsubscribe(request, token):
    """The link in a reminder. Opened it changes nothing and shows a button; pressed it slows everything down.

    A mail program may press it by itself (RFC 8058). It says nothing of whose link it is.
    """
    reader = reader_of(token)
    status, context = 200, {"token": token}
    if reader is None:
        if is_too_often(request, "unsubscribe-bad", BAD_TOKENS):
            return render(request, "429.html", status=429)
        status, context = 404, {"is_wrong": True}
    elif request.method == "POST" and "undo" in request.POST:
        context["is_undone"] = undo(reader, request.POST["undo"])
    elif request.method == "POST":
        context |= {"is_slow": True, "undo": undo_token(reader, slow_down(reader))}
    response = render(request, "partnership/unsubscribe.html", context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "strict-origin"
    return response


def undo_token(reader, before):
    return signing.dumps({"reader": reader.pk, "before": before}, salt=UNDO, compress=True)


def undo(reader, token):
    """Put back what was chosen before; False where the button is too old or another's."""
    try:
        kept = signing.loads(token, salt=UNDO, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return False
    if kept["reader"] != reader.pk:
        return False
    put_back(reader, kept["before"])
    return True


patterns = [
    path("my-reminders/", preferences, name="preferences"),
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
]
