"""A practitioner's own pages: signing in, the own record, certificates by link, and whether a certificate is ours."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.pdf import PdfProblem
from partnership.throttling import count_one, counted, is_too_often
from plans.link_views import private, without_its_address
from training.attendance import register as attendance
from training.attendance.certificates import certificate_of, days_of, is_earned, make_certificates
from training.attendance.forms import CertificateNumberForm, CodeForm, RecordForm, SignInForm
from training.attendance.own_record import ask_for_record, make_pdf, partnerships_of, record_of_person, sheets_of
from training.links import PLACE, practitioner_of
from training.views.by_link import BAD_LINKS, by_link
from training.views.pages import GET_OR_POST

# From one address in ten minutes: everybody in a room, or in a hospital, shares one.
SIGN_INS, ASKINGS, CHECKS, PDFS = 300, 60, 60, 120
# With one code, from wherever: somebody knows it and tries addresses. Another code counts anew.
WRONG_ADDRESSES = 100
NOT_SIGNED_IN = (
    "We could not sign you in with this code and this address. Check both: the code may have changed, and the "
    "address is the one with which you booked. If it still does not work, tell whoever runs the event."
)


# Signing in


@csrf_exempt  # nobody is signed in here, and a phone without cookies is in the room too
@without_its_address  # a link from the chat carries the code
@private
@require_http_methods(GET_OR_POST)
def sign_in(request):
    """The code from the screen and one's work e-mail. What is wrong of the two is not told apart."""
    is_post = request.method == "POST"
    if is_post and is_too_often(request, "training-sign-in", SIGN_INS):
        return render(request, "429.html", status=429)
    form = SignInForm(request.POST if is_post else None, initial={"code": request.GET.get("code", "")[:20]})
    if form.is_valid():
        now = timezone.now()
        tries = f"training-sign-in-wrong:{form.cleaned_data['code']}"
        is_worn = counted(tries) >= WRONG_ADDRESSES
        done = None if is_worn else attendance.sign_in(form.cleaned_data["code"], form.cleaned_data["email"], at=now)
        if done:
            return render(request, "training/sign_in_done.html", {"done": done, "event": done.place.event})
        count_one(tries)
        form.add_error(None, NOT_SIGNED_IN)
    return render(request, "training/sign_in.html", {"form": form}, status=form.status)


@require_POST
@by_link(PLACE)
def place_sign_in(request, place, token):
    """From one's own place page: the code alone."""
    form = CodeForm(request.POST)
    done = attendance.sign_in_here(place, form.cleaned_data["code"], at=timezone.now()) if form.is_valid() else None
    if done:
        return render(request, "training/sign_in_done.html", {"done": done, "event": done.place.event, "token": token})
    if form.is_valid():
        form.add_error("code", "This code does not work here now. Look at the screen again, or ask for it")
    context = {"form": form, "place": place, "event": place.event, "token": token}
    return render(request, "training/place_sign_in.html", context, status=form.status)


# Certificates


@require_safe
@by_link(PLACE)
def place_certificate(request, place, token):
    return certificate_file(request, place, back=reverse("training:place-open", args=[token]))


def certificate_file(request, place, *, back):
    if not is_earned(place, at=timezone.now()):
        return redirect(back)
    if is_too_often(request, "training-pdfs", PDFS):
        return render(request, "429.html", status=429)
    try:
        pdf = make_certificates(place.event, [place])
    except PdfProblem as problem:
        messages.error(request, f"{problem} Ask whoever runs the training for it.")
        return redirect(back)
    return as_attachment(pdf.content, f"{slugify(f'certificate {place.event.course.title}')}.pdf")


@private
@require_safe
def certificate_check(request):
    """Whether a number is that of a certificate of ours, what for and whose. Of any other number nothing is said."""
    form = CertificateNumberForm(request.GET if "number" in request.GET else None)
    found = None
    if form.is_valid():
        if is_too_often(request, "training-certificates", CHECKS):
            return render(request, "429.html", status=429)
        found = certificate_of(form.cleaned_data["number"], at=timezone.now())
        if found is None:
            form.add_error("number", "This is no number of ours. Look again: it is printed at the foot")
    context = {"form": form, "found": found, "when": days_of(found.place.event) if found else ""}
    return render(request, "training/certificate_check.html", context, status=form.status)


# One's own record


@private
@require_http_methods(GET_OR_POST)
def record_ask(request):
    """Have the link to one's own record mailed. The answer is the same whoever asks."""
    is_post = request.method == "POST"
    if is_post and is_too_often(request, "training-records", ASKINGS):
        return render(request, "429.html", status=429)
    form = RecordForm(request.POST if is_post else None)
    if form.is_valid():
        ask_for_record(form.cleaned_data["email"], at=timezone.now())
        return redirect("training:record-asked")
    return render(request, "training/record_ask.html", {"form": form}, status=form.status)


@private
@require_safe
def record_asked(request):
    return render(request, "training/record_asked.html")


def of_practitioner(view):
    """``view(request, practitioner, …)`` for whom the link names; what to do where it is over."""

    @without_its_address
    @private
    @wraps(view)
    def answer(request, token, **kwargs):
        practitioner = practitioner_of(token)
        if practitioner is None and is_too_often(request, "training-links-bad", BAD_LINKS):
            return render(request, "429.html", status=429)
        if practitioner is None:
            return render(request, "training/record_over.html", status=404)
        return view(request, practitioner, token=token, **kwargs)

    return answer


@require_safe
@of_practitioner
def record_open(request, practitioner, token):
    context = {
        "record": record_now(practitioner),
        "practitioner": practitioner,
        "partnerships": partnerships_of(practitioner),
        "token": token,
    }
    return render(request, "training/record_open.html", context)


def record_now(practitioner):
    return record_of_person(practitioner, at=timezone.now(), on=timezone.localdate())


@require_safe
@of_practitioner
def record_take(request, practitioner, token, kind):
    """The record as PDF or Excel."""
    if is_too_often(request, "training-pdfs", PDFS):
        return render(request, "429.html", status=429)
    record, name = record_now(practitioner), f"training-{slugify(practitioner.name)}.{kind}"
    if kind == "xlsx":
        return as_attachment(as_workbook(*sheets_of(record)), name, EXCEL)
    try:
        return as_attachment(make_pdf(record, made=timezone.localdate()).content, name)
    except PdfProblem as problem:
        messages.error(request, f"{problem} Take the Excel file, or print the page.")
        return redirect("training:record-open", token)


@require_safe
@of_practitioner
def record_certificate(request, practitioner, token, pk):
    place = practitioner.places.select_related("event__course__run_by").filter(pk=pk).first()
    if place is None:
        return render(request, "404.html", status=404)
    return certificate_file(request, place, back=reverse("training:record-open", args=[token]))


RECORD = "t/record/<str:token>/"

patterns = [
    path("training/sign-in/", sign_in, name="sign-in"),
    path("t/place/<str:token>/sign-in/", place_sign_in, name="place-sign-in"),
    path("t/place/<str:token>/certificate.pdf", place_certificate, name="place-certificate"),
    path("training/certificates/", certificate_check, name="certificate-check"),
    path("my-training/", record_ask, name="record-ask"),
    path("my-training/asked/", record_asked, name="record-asked"),
    path(RECORD, record_open, name="record-open"),
    path(f"{RECORD}record.pdf", record_take, {"kind": "pdf"}, name="record-pdf"),
    path(f"{RECORD}record.xlsx", record_take, {"kind": "xlsx"}, name="record-xlsx"),
    path(f"{RECORD}certificates/<int:pk>.pdf", record_certificate, name="record-certificate"),
]
