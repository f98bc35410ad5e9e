"""Signing a return off: all of it on one page, for who signs and for who asks them."""

from http import HTTPStatus

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assurance.models import Return
from assurance.return_forms import (
    SendBackForm,
    SignedForm,
    SignerForm,
)
from assurance.return_sheet import content_of, read_sheet, whose
from assurance.return_state import AlreadySubmitted, NoLongerOpen
from assurance.returns import HasGaps, ask_to_sign, colleagues, send_back, submit_return
from assurance.views.answering import place_of, why_elsewhere
from assurance.views.returns import crumbs
from partnership.access import get_permitted, may, may_or_refuse
from partnership.models import PostHolding
from partnership.refusals import ChangedMeanwhile

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


@asks_and_answers
def sign_off(request, pk):
    """Everything on one page, for who signs it off and for who asks them."""
    record = get_permitted(request.user, Return, "view", pk=pk)
    elsewhere = why_elsewhere(request, record)
    if elsewhere is not None:
        return elsewhere
    may_or_refuse(request.user, "change", record)
    today = timezone.localdate()
    action = request.POST.get("action", "")
    forms = {
        "ask": SignerForm(request.POST if action == "ask" else None, colleagues=colleagues(record, on=today)),
        "submit": SignedForm(request.POST if action == "submit" else None),
        "back": SendBackForm(request.POST if action == "back" else None),
    }
    if action == "sign":
        may_or_refuse(request.user, "sign", record)
        return finish(request, record, forms, lambda: submit(request, record, signature_of(request.user, record)))
    if action == "back":
        may_or_refuse(request.user, "sign", record)
    if action in forms and forms[action].is_valid():
        cleaned = forms[action].cleaned_data
        commands = {
            "ask": lambda: ask(request, record, cleaned["signer"]),
            "submit": lambda: submit(request, record, cleaned["signed_off_by"]),
            "back": lambda: give_back(request, record, cleaned["note"]),
        }
        return finish(request, record, forms, commands[action])
    status = forms[action].status if action in forms else HTTPStatus.OK
    return show_sign_off(request, record, forms, status=status)


def finish(request, record, forms, command):
    """Carry out what was pressed; where it cannot be, the page again with what is missing or what changed."""
    try:
        return command()
    except HasGaps:
        return show_sign_off(request, record, forms, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except ChangedMeanwhile as meanwhile:
        return show_sign_off(request, record, forms, changed=meanwhile.there, status=HTTPStatus.CONFLICT)
    except (AlreadySubmitted, NoLongerOpen):
        return why_elsewhere(request, Return.objects.get(pk=record.pk))


def show_sign_off(request, record, forms, *, changed=(), status):
    sheet = read_sheet(record)
    context = {
        "record": record,
        "sheet": sheet,
        "crumbs": [*crumbs(record)[:1], (str(record.request), record_page(record)), ("Sign off", None)],
        "content": content_of(sheet),
        "files": {str(each.pk) for line in sheet.lines for each in line.evidence},
        "gaps": [(line, place_of(sheet, line)) for line in sheet.gaps],
        "joined": [(each, whose(each)) for each in sheet.joined],
        "changed": [(line, place_of(sheet, line)) for line in changed],
        "seen": signing.dumps(sheet.marks, compress=True),
        "is_signer": may(request.user, "sign", record) and record.sign_off_asked_at is not None,
        "forms": forms,
        "is_mended": status != HTTPStatus.OK,
        "problems": problems_of(forms, sheet if status == HTTPStatus.UNPROCESSABLE_ENTITY else None),
    }
    return render(request, "assurance/return_sign_off.html", context, status=status)


def problems_of(forms, sheet):
    """[(sentence, where it leads)] for the summary of errors."""
    found = [(said[0], f"id_{name}") for form in forms.values() for name, said in form.errors.items()]
    if sheet is None or found:
        return found
    return [(line.missing, "gaps") for line in sheet.gaps]


def record_page(record):
    return reverse("assurance:return-change", args=[record.pk])


def seen_marks(request):
    try:
        return signing.loads(request.POST.get("seen", ""))
    except signing.BadSignature:
        return {}


def signature_of(user, record):
    """The name and the post by which somebody of the organisation signs."""
    held = PostHolding.objects.current(on=timezone.localdate()).filter(user=user, post__organisation__isnull=False)
    posts = {holding.post.organisation_id: holding.post.title for holding in held.select_related("post")}
    title = posts.get(record.organisation_id) or next(iter(posts.values()), "")
    return f"{user.name}, {title}"[:160] if title else user.name


def ask(request, record, signer):
    ask_to_sign(record, signer=signer, by=request.user, at=timezone.now())
    messages.success(request, f"{signer} is asked to sign it off. It stands among their work with its date.")
    return redirect("assurance:return-sign-off", record.pk)


def give_back(request, record, note):
    send_back(record, note=note, at=timezone.now())
    messages.success(request, "Sent back to your colleagues with what should be changed.")
    return redirect("assurance:return-list")


def submit(request, record, signed_off_by):
    submit_return(record, signed_off_by=signed_off_by, by=request.user, at=timezone.now(), seen=seen_marks(request))
    messages.success(request, "Return submitted. It can be read here and no longer changed")
    return redirect(record)


patterns = [
    path("returns/<uuid:pk>/sign-off/", sign_off, name="return-sign-off"),
]
