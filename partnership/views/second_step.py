"""One's own second step: what it is, an app, recovery codes. Passkeys are in ``passkeys.py``."""

from functools import wraps

import qrcode
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.internal.flows import activate_totp, deactivate_totp
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse, reverse_lazy
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.image.svg import SvgPathImage

from partnership.accounts.adapters import AccountAdapter
from partnership.accounts.forms import AppForm
from partnership.accounts.freshness import asks_again
from partnership.accounts.parting import joined_to
from partnership.accounts.second_step import is_needed, is_taken, steps_of, without_second_step
from partnership.models import Partnership

GOING = "going_after_second_step"
LAST_ONE = "Your work here needs a second step, and this is your only one. Set up another first, then remove this one"
CRUMBS = [("Your account", reverse_lazy("partnership:account")), ("Second step and password", None)]
pages = require_http_methods(["GET", "HEAD", "POST"])


def own_step(view):
    """A page of one's own second step. Who has one and came in without it uses it first; who has none may set it up."""

    @without_second_step
    @wraps(view)
    def owned(request, *args, **kwargs):
        if not is_taken(request) and steps_of(request.user).exists():
            return redirect(f"{prove_url(request.user)}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")
        return view(request, *args, **kwargs)

    return owned


def prove_url(user):
    """Where this person uses the second step that they have."""
    has_passkey = steps_of(user).filter(type=Authenticator.Type.WEBAUTHN).exists()
    return reverse("mfa_reauthenticate_webauthn" if has_passkey else "mfa_reauthenticate")


@own_step
@require_safe
def second_step(request):
    """What one has set up, what is asked of one and why."""
    going = request.GET.get(REDIRECT_FIELD_NAME, "")
    if AccountAdapter(request).is_safe_url(going):
        request.session[GOING] = going
    found = {"webauthn": [], "totp": [], "recovery_codes": []}
    for step in Authenticator.objects.filter(user=request.user).order_by("created_at"):
        found[step.type].append(step)
    codes = found["recovery_codes"]
    context = {
        "crumbs": CRUMBS,
        "app": next(iter(found["totp"]), None),
        "passkeys": [(step, step.wrap().name) for step in found["webauthn"]],
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "codes_unseen": bool(codes) and not codes[0].wrap().did_view,
        "is_needed": is_needed(request.user),
        "is_set_up": bool(found["totp"] or found["webauthn"]),
        "asking": Partnership.objects.filter(pk__in=request.user.standing.second_step_ids),
        "going": request.session.get(GOING),
        "joined": joined_to(request.user),
    }
    return render(request, "registration/second_step_overview.html", context)


@own_step
@asks_again
@pages
def add_app(request):
    """Join an app to the account: by its picture, or by typing the key."""
    if steps_of(request.user).filter(type=Authenticator.Type.TOTP).exists():
        return redirect("partnership:second-step")
    form = AppForm(request.POST or None, user=request.user, cancel_url=reverse("partnership:second-step"))
    if form.is_valid():
        step, codes = activate_totp(request, form)
        record_authentication(request, request.user, "mfa", id=step.pk, type=step.type)
        return after_adding(request, codes, "The app is set up. It is asked for when you sign in")
    address = get_adapter().build_totp_url(request.user, form.secret)
    key = " ".join(form.secret[at : at + 4] for at in range(0, len(form.secret), 4))
    context = {"form": form, "key": key, "address": address, **picture_of(address)}
    return render(request, "registration/app_add.html", context, status=form.status)


def picture_of(address):
    """A QR code as the line that an SVG draws, and the side of its square."""
    code = qrcode.QRCode(border=4, image_factory=SvgPathImage)
    code.add_data(address)
    code.make()
    rows = code.get_matrix()
    line = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"line": line, "side": len(rows)}


def after_adding(request, codes, words):
    """Codes that were made with the first step are shown next; then one goes on to where one was going."""
    messages.success(request, words)
    if codes:
        return redirect("partnership:recovery-codes")
    return redirect(request.session.pop(GOING, None) or "partnership:second-step")


@own_step
@asks_again
@pages
def remove_app(request):
    app = steps_of(request.user).filter(type=Authenticator.Type.TOTP).first()
    if app is None:
        return redirect("partnership:second-step")
    return remove_step(request, app, name="the app", remove=deactivate_totp)


def remove_step(request, step, *, name, remove):
    """Ask, then remove. The last one stays where one is needed."""
    is_last = not steps_of(request.user).exclude(pk=step.pk).exists()
    is_refused = is_last and is_needed(request.user)
    if request.method == "POST" and not is_refused:
        remove(request, step)
        messages.success(request, f"You have removed {name}")
        return redirect("partnership:second-step")
    context = {"name": name, "refusal": LAST_ONE if is_refused else "", "is_last": is_last}
    status = 422 if is_refused and request.method == "POST" else 200
    return render(request, "registration/step_remove.html", context, status=status)


@own_step
@asks_again
@pages
def recovery_codes(request):
    """The codes, until their owner says that they are kept; after that never again."""
    codes = codes_of(request.user)
    if codes is None:
        return redirect("partnership:second-step")
    if request.method == "POST":
        codes.mark_as_viewed()
        return redirect(request.session.pop(GOING, None) or "partnership:second-step")
    if codes.did_view:
        return redirect("partnership:second-step")
    return render(request, "registration/recovery_codes.html", {"codes": codes.get_unused_codes()})


@own_step
@asks_again
@require_safe
def recovery_codes_file(request):
    codes = codes_of(request.user)
    if codes is None or codes.did_view:
        raise Http404
    lines = ["Recovery codes for Partnership Planner. Each is good once.", "", *codes.get_unused_codes(), ""]
    response = HttpResponse("\r\n".join(lines), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


@own_step
@asks_again
@require_POST
def new_recovery_codes(request):
    """The codes before are good no more."""
    if not steps_of(request.user).exists():
        return redirect("partnership:second-step")
    generate_recovery_codes(request)
    return redirect("partnership:recovery-codes")


def codes_of(user):
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return codes.wrap() if codes else None


patterns = [
    path("account/second-step/", second_step, name="second-step"),
    path("account/second-step/app/", add_app, name="app-add"),
    path("account/second-step/app/remove/", remove_app, name="app-remove"),
    path("account/second-step/codes/", recovery_codes, name="recovery-codes"),
    path("account/second-step/codes/file/", recovery_codes_file, name="recovery-codes-file"),
    path("account/second-step/codes/new/", new_recovery_codes, name="recovery-codes-new"),
]
