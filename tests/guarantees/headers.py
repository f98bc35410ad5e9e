"""The headers that protect whoever reads an answer, and what is wrong with those of one."""

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
# A file is saved and not shown; if a browser shows it all the same, nothing in it may act.
POLICY_OF_FILES = {
    "sandbox": "",
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# An address that is a secret itself says only from which house a request comes, not even to us.
SECRET_ADDRESSES = (
    "plans:answer-open",
    "partnership:unsubscribe",
    "assurance:survey-answer",
    "assurance:school-answer",
    "assurance:school-answer-save",
    "training:sign-in",
    "training:place-certificate",
    "training:record-open",
    "training:record-pdf",
    "training:record-xlsx",
    "training:record-certificate",
    "training:needs-open",
    "training:evaluation-open",
    "training:evaluation-manager-open",
    "training:place-calendar",
    "training:place-open",
    "training:place-open-cancel",
    "training:manager-open",
)
HEADERS_OF = {name: {"Referrer-Policy": "strict-origin"} for name in SECRET_ADDRESSES}


def policy_of(response):
    """The answer's content security policy as {directive: sources}."""
    parts = response.headers.get("Content-Security-Policy", "").split(";")
    directives = [part.strip().partition(" ") for part in parts if part.strip()]
    return {name: sources for name, _space, sources in directives}


def faults_of(response, *, is_private, headers=HEADERS):
    """What is wrong with the headers of one answer, in words."""
    found = []
    is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
    if policy_of(response) != (POLICY_OF_FILES if is_file else POLICY):
        found.append(f"policy {policy_of(response)}")
    for name, value in headers.items():
        if response.headers.get(name) != value:
            found.append(f"{name}: {response.headers.get(name)}")
    kept = {part.strip() for part in response.headers.get("Cache-Control", "").split(",")}
    if is_private and (not {"private", "no-store"} <= kept or "public" in kept):
        found.append(f"Cache-Control: {', '.join(sorted(kept))}")
    return found
