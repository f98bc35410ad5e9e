"""The sign-off of the annual report: the office asks, each statutory partner's lead signs or asks for changes."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assurance.annual import signing
from assurance.annual.publishing_forms import PaperSignatureForm, SignForm, SignOffAskForm, WithdrawForm
from assurance.annual.versions import LONG, is_up_to_date
from assurance.models import AnnualReport, ReportSignature, SignOff
from assurance.tasks import tell_of_sign_offs_soon
from assurance.views.registers import form_page
from assurance.views.report_versions import crumbs_of
from partnership.access import get_permitted, may, may_or_refuse
from partnership.refusals import NotNow

GET_OR_POST = ["GET", "HEAD", "POST"]
Decision = ReportSignature.Decision


def crumbs(sign_off, *here):
    return crumbs_of(sign_off.report, ("Sign-off", sign_off.get_absolute_url() if here else None), *here)


def done(form, act):
    """Do it, where the form is right and it can be done now; gives whether. A refusal stands above the form."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act()
    except NotNow as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


# The office asks


@require_http_methods(GET_OR_POST)
def ask(request, pk):
    """Put the newest proof before the leads; what was before them is withdrawn with a reason."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "change", report)
    today = timezone.localdate()
    standing = signing.open_sign_off(report)
    build = report.builds.done().exclude(number=None).defer("pdf", "word", "summary").order_by("-number").first()
    if standing and build and standing.build_id == build.pk:
        return redirect(standing)
    form = SignOffAskForm(
        request.POST or None,
        report=report,
        standing=standing,
        on=today,
        initial={"build": build},
        cancel_url=report.get_absolute_url(),
    )
    if done(form, lambda: signing.ask_to_sign(report, by=request.user, at=timezone.now(), **asked(form))):
        tell_of_sign_offs_soon()
        messages.success(request, "The lead partners find it on My work, and are reminded")
        return redirect(signing.open_sign_off(report))
    context = {
        "report": report,
        "form": form,
        "build": build,
        "standing": standing,
        "is_up_to_date": bool(build) and is_up_to_date(build),
        "partners": list(signing.statutory_partners(report, on=today)),
        "crumbs": crumbs_of(report, "Ask for signatures"),
    }
    return render(request, "assurance/report_sign_off_ask.html", context, status=form.status)


def asked(form):
    return {"because": "", **form.cleaned_data}


@require_http_methods(GET_OR_POST)
def withdraw(request, pk):
    sign_off = find(request.user, "withdraw", pk)
    form = WithdrawForm(request.POST or None, cancel_url=sign_off.get_absolute_url())
    if done(form, lambda: signing.withdraw(sign_off, at=timezone.now(), **form.cleaned_data)):
        tell_of_sign_offs_soon()
        messages.success(request, "Withdrawn. Whoever signed is told, and what they signed is kept")
        return redirect(sign_off)
    lede = "Nobody can sign it any more. What was signed stays to be read, and counts for no other version."
    return form_page(request, form, title="Withdraw the sign-off", crumbs=crumbs(sign_off, "Withdraw"), lede=lede)


@require_http_methods(GET_OR_POST)
def record(request, pk):
    """Keep a signature given on paper or at a meeting."""
    sign_off = find(request.user, "record", pk)
    now = timezone.now()
    today = timezone.localdate(now)
    waiting = signing.waiting_partners(sign_off, on=today)
    if request.method != "POST" and not waiting:
        messages.info(request, "Everybody has signed")
        return redirect(sign_off)
    made_on = timezone.localdate(sign_off.build.finished_at)
    form = PaperSignatureForm(
        request.POST or None, waiting=waiting, made_on=made_on, on=today, cancel_url=sign_off.get_absolute_url()
    )
    if done(form, lambda: keep(sign_off, Decision.SIGNED, by=request.user, at=now, **form.cleaned_data)):
        messages.success(request, f"The signature for {form.cleaned_data['organisation']} is kept")
        return redirect(sign_off)
    lede = (
        f"What a lead has signed of version {sign_off.build.number} elsewhere. It is kept as it is and never changes."
    )
    return form_page(request, form, title="Keep a signature", crumbs=crumbs(sign_off, "Keep a signature"), lede=lede)


def keep(sign_off, decision, *, by, at, **said):
    signing.sign(sign_off, decision=decision, by=by, at=at, **said)
    tell_of_sign_offs_soon()


# The leads read and sign


def find(user, verb, pk):
    sign_off = get_permitted(user, SignOff, verb, pk=pk)
    sign_off.build = sign_off.report.builds.defer(*LONG).select_related("requested_by").get(pk=sign_off.build_id)
    return sign_off


@require_safe
def detail(request, pk):
    """What is put before the leads, what changed since they saw one last, and who has signed."""
    sign_off = find(request.user, "view", pk)
    today = timezone.localdate()
    report = sign_off.report
    seats = signing.seats_of(sign_off, on=today)
    is_open = sign_off.withdrawn_at is None and not report.is_published
    context = {
        "sign_off": sign_off,
        "report": report,
        "build": sign_off.build,
        "seats": seats,
        "signed_count": sum(seat.signature is not None for seat in seats),
        "asks_for_changes": any(seat.waits_for_changes for seat in seats),
        "is_open": is_open,
        "seen_before": signing.seen_before(sign_off),
        "own_posts": list(signing.own_posts(request.user, sign_off, on=today)) if is_open else [],
        "may_record": may(request.user, "record", sign_off),
        "may_publish": is_open and may(request.user, "publish", report),
        "others": report.sign_offs.exclude(pk=sign_off.pk).select_related("build").defer(*signing.bytes_of("build")),
        "today": today,
        "crumbs": crumbs(sign_off),
    }
    return render(request, "assurance/report_sign_off.html", context)


@require_http_methods(GET_OR_POST)
def sign(request, pk):
    """Sign for one's own organisation, or say what has to change first."""
    sign_off = find(request.user, "sign", pk)
    now = timezone.now()
    today = timezone.localdate(now)
    posts = signing.own_posts(request.user, sign_off, on=today)
    if not posts:
        messages.info(request, "Your organisation has signed already, or is not a statutory partner of this report")
        return redirect(sign_off)
    form = SignForm(
        request.POST or None,
        posts=posts,
        initial={"name": request.user.name, "post_title": posts[0].title},
        cancel_url=sign_off.get_absolute_url(),
    )
    if done(form, lambda: keep(sign_off, by=request.user, at=now, signed_on=today, **signed(form))):
        words = {
            Decision.SIGNED: "Signed for {}. What you signed is kept as it is",
            Decision.CHANGES: "The office reads what {} asks for. You can still sign this version",
        }
        organisation = form.cleaned_data["post"].organisation
        messages.success(request, words[form.cleaned_data["decision"]].format(organisation))
        return redirect(sign_off)
    context = {
        "sign_off": sign_off,
        "report": sign_off.report,
        "build": sign_off.build,
        "form": form,
        "seen_before": signing.seen_before(sign_off),
        "crumbs": crumbs(sign_off, "Sign"),
    }
    return render(request, "assurance/report_sign.html", context, status=form.status)


def signed(form):
    said = dict(form.cleaned_data)
    said["organisation"] = said.pop("post").organisation
    if said["decision"] == Decision.SIGNED:
        said["words"] = ""
    return said


patterns = [
    path("reports/<int:pk>/sign-off/", ask, name="sign-off-ask"),
    path("report-sign-offs/<int:pk>/", detail, name="sign-off-detail"),
    path("report-sign-offs/<int:pk>/sign/", sign, name="sign-off-sign"),
    path("report-sign-offs/<int:pk>/record/", record, name="sign-off-record"),
    path("report-sign-offs/<int:pk>/withdraw/", withdraw, name="sign-off-withdraw"),
]
