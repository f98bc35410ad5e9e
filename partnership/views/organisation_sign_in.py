"""Signing in by one's organisation: leaving for it, and coming back."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.models import Login
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnership.accounts import organisations
from partnership.accounts.adapters import AccountAdapter
from partnership.accounts.events import Kind, note
from partnership.accounts.organisations import NotSignedIn, organisation_called
from partnership.accounts.second_step import without_second_step


def named(key):
    organisation = organisation_called(key)
    if organisation is None:
        raise Http404
    return organisation


def wanted(request):
    going = request.GET.get(REDIRECT_FIELD_NAME, "")
    return going if AccountAdapter(request).is_safe_url(going) else ""


@login_not_required
@never_cache
@require_safe
def leave(request, key):
    """To the organisation. It changes nothing, so a link is enough: what comes back is bound to this browser."""
    organisation = named(key)
    if request.user.is_authenticated:
        return redirect(wanted(request) or "partnership:home")
    return send(request, organisation)


@without_second_step
@never_cache
@require_safe
def prove(request, key):
    """To the organisation, which asks again who it is."""
    organisation = named(key)
    get_object_or_404(SocialAccount, user=request.user, provider=organisation.id)
    return send(request, organisation, proves=True)


def send(request, organisation, *, proves=False):
    try:
        return redirect(organisations.begin(request, organisation, going=wanted(request), proves=proves))
    except NotSignedIn as trouble:
        return refused(request, organisation, trouble)


def refused(request, organisation, trouble):
    note(Kind.REFUSED, None, request, detail=f"{organisation.name}: {trouble.detail}")
    messages.error(request, str(trouble))
    return redirect("partnership:second-step" if request.user.is_authenticated else "partnership:sign-in")


@login_not_required
@never_cache
@require_safe
def come_back(request, key):
    """From the organisation, with a code that is good once, for this browser."""
    organisation = named(key)
    try:
        claims, started = organisations.claims_of(request, organisation)
        if started["proves"]:
            return proved(request, organisation, claims, started)
        person = organisations.person_with(claims, organisation, request)
    except NotSignedIn as trouble:
        return refused(request, organisation, trouble)
    if request.user.is_authenticated and request.user != person:
        logout(request)
    record(request, person, organisation, claims)
    return perform_login(request, Login(user=person, redirect_url=started["going"] or None))


def proved(request, organisation, claims, started):
    """They are who they were: what they wanted to do goes on."""
    account = {"provider": organisation.id, "uid": str(claims["sub"])}
    if not request.user.is_authenticated or not SocialAccount.objects.filter(user=request.user, **account).exists():
        raise NotSignedIn(organisations.BROKEN_OFF, "somebody else came back")
    record(request, request.user, organisation, claims, reauthenticated=True)
    request.GET = QueryDict(urlencode({REDIRECT_FIELD_NAME: started["going"]}))
    return resume_request(request) or redirect("partnership:second-step")


def record(request, person, organisation, claims, **more):
    second_step = organisation.has_asked_for_second_step(claims) or None
    record_authentication(request, person, "socialaccount", provider=organisation.id, second_step=second_step, **more)


patterns = [
    path("sign-in/with/<slug:key>/", leave, name="organisation-leave"),
    path("sign-in/with/<slug:key>/back/", come_back, name="organisation-back"),
    path("account/prove/with/<slug:key>/", prove, name="organisation-prove"),
]
