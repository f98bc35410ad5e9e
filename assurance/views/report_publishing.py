"""Publishing the annual report: what it means, who stands behind it, and then exactly the proof that was shown."""

from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assurance.annual import publishing, signing
from assurance.annual.missing import missing
from assurance.annual.publishing_forms import PublishForm
from assurance.annual.versions import is_up_to_date
from assurance.models import AnnualReport
from assurance.views.report_versions import crumbs_of
from partnership.access import get_permitted, may, may_or_refuse
from partnership.published_first import published_first
from partnership.publishing import CannotPublish


@require_http_methods(["GET", "HEAD", "POST"])
def publish_report(request, pk):
    """The proof that the leads were asked to sign while it is up to date, or else the newest.

    Pressed twice, or by two people, it is published once: the second is told by whom.
    """
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    if report.is_published and may(request.user, "correct", report):
        return was_published(request, report)
    may_or_refuse(request.user, "publish", report)
    now = timezone.now()
    today = timezone.localdate(now)
    sign_off = signing.open_sign_off(report)
    proofs = report.builds.done().exclude(number=None).defer("pdf", "word", "summary").order_by("-number")
    build, is_current = proof_to_publish(proofs, sign_off)
    chosen = named_proof(proofs, request.POST["build"]) if request.POST.get("build") else build
    unsigned = list(publishing.unsigned_partners(report, chosen, on=today)) if chosen else []
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        report=report,
        unsigned=unsigned,
        initial={"build": build},
        cancel_url=report.get_absolute_url(),
    )
    if form.is_valid():
        try:
            publishing.publish_report(report, by=request.user, at=now, **form.cleaned_data)
        except CannotPublish as refusal:
            report.refresh_from_db()
            if report.is_published:
                return was_published(request, report)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The report is published. Its file can never change")
            return redirect(report)
    context = {
        "report": report,
        "form": form,
        "build": build,
        "sign_off": sign_off,
        "signed_other": sign_off is not None and build is not None and sign_off.build_id != build.pk,
        "seats": signing.seats_of(sign_off, on=today) if sign_off else [],
        "unsigned": unsigned,
        "is_up_to_date": is_current,
        "missing": missing(report, on=today),
        "crumbs": crumbs_of(report, "Publish"),
    }
    return render(request, "assurance/report_publish.html", context, status=form.status)


def was_published(request, report):
    file = report.published_file
    crumbs = crumbs_of(report, "Publish")
    return published_first(request, report, by=file.published_by, at=file.published_at, crumbs=crumbs)


def proof_to_publish(proofs, sign_off):
    """(the proof, whether it is up to date). A PDF that was made again for nothing takes no signature away."""
    signed = next((each for each in proofs if sign_off and each.pk == sign_off.build_id), None)
    if signed and is_up_to_date(signed):
        return signed, True
    newest = next(iter(proofs), None)
    return newest, newest is not None and newest != signed and is_up_to_date(newest)


def named_proof(proofs, key):
    """The proof of that key, or None."""
    try:
        return proofs.filter(pk=UUID(key)).first()
    except ValueError:
        return None


patterns = [path("reports/<int:pk>/publish/", publish_report, name="report-publish")]
