"""Mails to people without an account: what left, what waits, what did not arrive; and the file of an invitation."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.refusals import NotNow
from training.links import PLACE
from training.mails import invitations
from training.mails.forms import AddressForm
from training.mails.lists import MailFilter, MailTable, with_standing
from training.mails.mending import is_undelivered, send_again
from training.mails.words import DEAD
from training.models import Place, TrainingMail
from training.views.by_link import by_link
from training.views.pages import GET_OR_POST


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
