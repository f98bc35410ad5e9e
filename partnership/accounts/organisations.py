"""Signing in by one's organisation's own account: OpenID Connect, by the code flow with PKCE, state and nonce.

An organisation is named in the settings (``ORGANISATIONS_SIGN_IN``), never found by what somebody sends. Its word for
an address counts only for the domains that are its own, and only once for each person: what joins an account here to
one there is the number that the organisation gives it (``sub``), as an address may be given to somebody else. Keys
and addresses are read from its own document, and its issuer must be the very one that was named.
"""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field

import jwt
import requests
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode

from partnership.accounts.adapters import person_of
from partnership.accounts.events import Kind, note
from partnership.accounts.mails import post

SECONDS = 10
KEPT_FOR = 600  # seconds that an organisation's own document is not read again
STARTED = "organisation_sign_in"
LONGEST_WAY = 600  # seconds between leaving for the organisation and coming back
NEWLY_PROVED = 300
LEEWAY = 60  # seconds by which clocks may differ
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
MANY_STEPS = {"mfa", "otp", "hwk", "fido", "swk"}  # words of ``amr`` that mean more than a password (RFC 8176)


class NotSignedIn(Exception):
    """Nobody comes in by this. The words say what to do; the log has the reason (``detail``)."""

    def __init__(self, words, detail):
        super().__init__(words)
        self.detail = detail


BROKEN_OFF = "Signing in at your organisation was not finished. Try again"
UNKNOWN = (
    "Your organisation knows you, but nobody here has your address there. Ask your partnership’s business office to "
    "invite you, or which address it knows you by"
)
JOINED_ELSEWHERE = (
    "The account here with your address is joined to another account at your organisation. Ask your partnership’s "
    "business office"
)


@dataclass(frozen=True)
class Organisation:
    """``server_url``: its issuer. ``domains``: of the addresses that are its own. ``second_step``: "always" where it
    asks everybody for one by itself, "claims" where it says so of each sign-in, "never". ``vouches``: its addresses
    count although it does not say that they are verified, as Microsoft's tenants never do.
    """

    id: str
    name: str
    server_url: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: tuple
    second_step: str = "never"
    vouches: bool = False

    @property
    def callback(self):
        return settings.SITE_URL + reverse("partnership:organisation-back", args=[self.id])

    def document(self):
        """What it says of itself. Its issuer must be who was asked."""
        key = f"organisation:{self.id}:{hashlib.sha256(self.server_url.encode()).hexdigest()[:16]}"
        document = cache.get(key)
        if document is None:
            address = f"{self.server_url.rstrip('/')}/.well-known/openid-configuration"
            document = read(requests.get, address)
            if document.get("issuer", "").rstrip("/") != self.server_url.rstrip("/"):
                raise NotSignedIn(BROKEN_OFF, "the document is of another issuer")
            cache.set(key, document, KEPT_FOR)
        return document

    def owns(self, email):
        return email.rpartition("@")[2].casefold() in {domain.casefold() for domain in self.domains}

    def has_asked_for_second_step(self, claims):
        if self.second_step == "always":
            return True
        said = claims.get("amr")
        return self.second_step == "claims" and isinstance(said, list) and bool(MANY_STEPS & set(map(str, said)))


def organisations():
    return [Organisation(**each) for each in settings.ORGANISATIONS_SIGN_IN]


def organisation_called(key):
    return next((each for each in organisations() if each.id == key), None)


def read(ask, address, **kwargs):
    """The JSON object at ``address``; NotSignedIn where there is none."""
    try:
        answer = ask(address, timeout=SECONDS, allow_redirects=False, **kwargs)
        found = answer.json()
    except (requests.RequestException, ValueError) as trouble:
        raise NotSignedIn(BROKEN_OFF, f"nobody answered: {type(trouble).__name__}") from trouble
    if answer.status_code != 200 or not isinstance(found, dict):
        raise NotSignedIn(BROKEN_OFF, f"answered {answer.status_code}")
    return found


def begin(request, organisation, *, going="", proves=False):
    """Where to send somebody to sign in; what was asked stays in their session. ``proves``: although they are in."""
    verifier, state, nonce = (secrets.token_urlsafe(48) for _each in range(3))
    request.session[STARTED] = {
        "organisation": organisation.id,
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "going": going,
        "proves": proves,
        "at": time.time(),
    }
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": organisation.client_id,
        "redirect_uri": organisation.callback,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if proves:
        asked |= {"prompt": "login", "max_age": "0"}
    return f"{organisation.document()['authorization_endpoint']}?{urlencode(asked)}"


def claims_of(request, organisation):
    """What the organisation says of who came back, and what was asked of it. Raises NotSignedIn. Works once."""
    started = request.session.pop(STARTED, None) or {}
    if started.get("organisation") != organisation.id or time.time() - started["at"] > LONGEST_WAY:
        raise NotSignedIn(BROKEN_OFF, "nothing was begun in this browser")
    if not secrets.compare_digest(request.GET.get("state", "").encode(), started["state"].encode()):
        raise NotSignedIn(BROKEN_OFF, "wrong state")
    document = organisation.document()
    if request.GET.get("iss", document["issuer"]) != document["issuer"]:
        raise NotSignedIn(BROKEN_OFF, "an answer of another issuer")
    if "code" not in request.GET:
        raise NotSignedIn(BROKEN_OFF, f"refused there: {request.GET.get('error', '')[:60]}")
    tokens = read(
        requests.post,
        document["token_endpoint"],
        data={
            "grant_type": "authorization_code",
            "code": request.GET["code"],
            "redirect_uri": organisation.callback,
            "client_id": organisation.client_id,
            "client_secret": organisation.client_secret,
            "code_verifier": started["verifier"],
        },
    )
    claims = verified(tokens.get("id_token", ""), organisation, document)
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), started["nonce"].encode()):
        raise NotSignedIn(BROKEN_OFF, "wrong nonce")
    if started["proves"] and not is_newly_proved(claims):
        raise NotSignedIn(BROKEN_OFF, "they were not asked again there")
    return claims, started


def verified(token, organisation, document):
    """The claims of an ID token that is signed by the organisation, for us, and not over."""
    try:
        key = signing_key(token, document)
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=organisation.client_id,
            issuer=document["issuer"],
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except jwt.PyJWTError as trouble:
        raise NotSignedIn(BROKEN_OFF, f"its token: {type(trouble).__name__}") from trouble
    if claims.get("azp", organisation.client_id) != organisation.client_id:
        raise NotSignedIn(BROKEN_OFF, "its token is for somebody else")
    return claims


def signing_key(token, document):
    number = jwt.get_unverified_header(token).get("kid")
    keys = jwt.PyJWKSet.from_dict(read(requests.get, document["jwks_uri"])).keys
    fitting = [key for key in keys if number is None or key.key_id == number]
    if len(fitting) != 1:
        raise jwt.PyJWKSetError("no such key")
    return fitting[0]


def is_newly_proved(claims):
    at = claims.get("auth_time")
    return isinstance(at, int | float) and time.time() - at < NEWLY_PROVED


@transaction.atomic
def person_with(claims, organisation, request):
    """Whose account here it is: joined before, or by an address that is the organisation's own. Raises NotSignedIn."""
    number = str(claims["sub"])
    joined = SocialAccount.objects.filter(provider=organisation.id, uid=number).select_related("user").first()
    if joined:
        if not joined.user.is_active:
            raise NotSignedIn(UNKNOWN, "switched off")
        return joined.user
    email = str(claims.get("email") or "")
    is_sure = claims.get("email_verified") is True or organisation.vouches
    if not (is_sure and email.isascii() and organisation.owns(email)):
        raise NotSignedIn(UNKNOWN, "an address that is not the organisation’s to give")
    person = person_of(email)
    if person is None:
        raise NotSignedIn(UNKNOWN, "no such address here")
    if SocialAccount.objects.filter(user=person, provider=organisation.id).exists():
        raise NotSignedIn(JOINED_ELSEWHERE, "joined to another account there")
    SocialAccount.objects.create(user=person, provider=organisation.id, uid=number, extra_data={})
    note(Kind.ACCOUNT_JOINED, person, request, detail=organisation.name)
    words = {"person": person, "organisation": organisation}
    post("account_joined", f"Your account is joined to {organisation.name}", words, to=person.email)
    return person
