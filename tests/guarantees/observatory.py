"""What Mozilla's HTTP Observatory would give an answer, by its rules as its grader's charts have them (``charts.js``).

It begins at 100. Credits count from 90 on only. What one answer cannot show (whether http leads to https, whether
the name is in the browsers' preload list) is left out: no credit, no debit.
"""

import re
from http.cookies import SimpleCookie

from tests.guarantees.headers import policy_of

FULL = 100
CREDITS_FROM = 90
HALF_A_YEAR = 15_768_000  # seconds
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
UNSAFE = BROAD | {"'unsafe-inline'", "data:"}
PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SESSIONS = ("sid", "sess", "answer", "login", "token")
SCRIPTS = re.compile(rb"<script\b[^>]*\bsrc=[\"']([^\"']+)", re.IGNORECASE)


def score_of(response):
    """(the score, {part: its modifier})."""
    parts = {
        "content-security-policy": of_policy(response),
        "cookies": of_cookies(response.cookies),
        "cross-origin-resource-sharing": of_sharing(response.headers),
        "referrer-policy": of_referrer(response.headers),
        "strict-transport-security": of_hsts(response.headers),
        "subresource-integrity": of_scripts(response),
        "x-content-type-options": 0 if response.headers.get("X-Content-Type-Options") == "nosniff" else -5,
        "x-frame-options": of_frames(response),
        "cross-origin-resource-policy": of_resource_policy(response.headers),
    }
    without_credit = FULL + sum(each for each in parts.values() if each < 0)
    credit = sum(each for each in parts.values() if each > 0)
    return max(0, without_credit + credit if without_credit >= CREDITS_FROM else without_credit), parts


def of_policy(response):
    policy = {name: set(sources.split()) for name, sources in policy_of(response).items()}
    if not policy:
        return -25

    def sources(name):
        return policy.get(name) or policy.get("default-src") or {"*"}

    active = set().union(*(those for name, those in policy.items() if name not in {"img-src", "media-src"}))
    if sources("script-src") & UNSAFE or sources("object-src") & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return -20
    if "'unsafe-eval'" in sources("script-src") | sources("style-src"):
        return -10
    if any(source.startswith(("http:", "ftp:")) for source in sources("img-src") | sources("media-src")):
        return -10
    if sources("style-src") & UNSAFE:
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def of_cookies(cookies):
    if not cookies:
        return 0
    worst = 5
    for name, cookie in cookies.items():
        is_session = any(word in name.lower() for word in SESSIONS)
        if not cookie["secure"]:
            worst = min(worst, -40 if is_session else -20)
        if is_session and not cookie["httponly"]:
            worst = min(worst, -30)
        if cookie["samesite"].lower() not in {"lax", "strict"}:
            worst = min(worst, -20 if cookie["samesite"] or "csrf" in name.lower() else 0)
    return worst


def of_sharing(headers):
    allowed = headers.get("Access-Control-Allow-Origin")
    return -50 if allowed and headers.get("Access-Control-Allow-Credentials") == "true" else 0


def of_referrer(headers):
    if "Referrer-Policy" not in headers:
        return 0
    return 5 if headers["Referrer-Policy"].split(",")[-1].strip() in PRIVATE_REFERRERS else -5


def of_hsts(headers):
    age = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    if not age:
        return -20
    return 0 if int(age[1]) >= HALF_A_YEAR else -10


def of_scripts(response):
    """Ours load scripts from this origin only; one from elsewhere without a hash is a debit."""
    if not response.headers.get("Content-Type", "").startswith("text/html") or response.streaming:
        return 0
    return -50 if any(b"//" in source for source in SCRIPTS.findall(response.content)) else 0


def of_frames(response):
    ancestors = set(policy_of(response).get("frame-ancestors", "*").split())
    if not ancestors & BROAD:
        return 5
    return 0 if response.headers.get("X-Frame-Options", "").upper() in {"DENY", "SAMEORIGIN"} else -20


def of_resource_policy(headers):
    policy = headers.get("Cross-Origin-Resource-Policy")
    return 10 if policy in {"same-origin", "same-site"} else 0 if policy in {None, "cross-origin"} else -5


def cookies_of(text):
    """For tests: the cookies that a header line ``text`` sets."""
    return SimpleCookie(text)
