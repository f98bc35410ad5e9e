"""A consultation on a draft that was closed is opened again."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assurance.annual import reopening
from assurance.annual.consulting_forms import ReopenForm
from assurance.models import ReportConsultation
from assurance.tasks import tell_of_reopenings_soon
from assurance.views.registers import form_page
from assurance.views.report_consultations import crumbs, done
from partnership.access import get_permitted

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
def reopen(request, pk):
    """Say why, and until when; members are told."""
    consultation = get_permitted(request.user, ReportConsultation, "reopen", pk=pk)
    if consultation.closed_at is None and request.method != "POST":
        messages.info(request, "This consultation is open already")
        return redirect(consultation)
    form = ReopenForm(request.POST or None, on=timezone.localdate(), cancel_url=consultation.get_absolute_url())
    asks_members = consultation.audience == ReportConsultation.Audience.MEMBERS

    def act():
        reopening.reopen_consultation(consultation, by=request.user, at=timezone.now(), **form.cleaned_data)
        if asks_members:
            tell_of_reopenings_soon()

    if done(form, act):
        told = "Members are told by mail" if asks_members else f"Tell {consultation.name}: nobody there has an account"
        messages.success(request, f"The consultation is open again. {told}")
        return redirect(consultation)
    lede = (
        "Whoever was asked can comment until the new day and is told why. What everybody has read stays for all to "
        "read; what is said from now on they read when you close it again. They read the same proof: for a later "
        "draft open another consultation."
    )
    return form_page(
        request, form, title="Open the consultation again", crumbs=crumbs(consultation, "Open again"), lede=lede
    )


patterns = [path("report-consultations/<int:pk>/reopen/", reopen, name="consultation-reopen")]
