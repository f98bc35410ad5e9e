"""Every answer carries the headers that protect its reader, and no page needs an exception."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import ROLES
from tests.guarantees.test_access import browser, knock

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
POLICY_OF_FILES = {"sandbox": ""}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# The one address that is a secret itself says only from which house a request comes, not even to us.
HEADERS_OF = {"plans:answer-open": {"Referrer-Policy": "strict-origin"}}


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


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_carries_them(world, role):
    client = browser(world, role)
    found = []
    for door in DOORS:
        url = reverse(door.name, kwargs=door.place(world))
        response, _written = knock(client, "get", url)
        headers = HEADERS | HEADERS_OF.get(door.name, {})
        faults = faults_of(response, is_private=role != "anonymous", headers=headers)
        found += [f"{role} {door}: {fault}" for fault in faults]
    assert found == []


TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|javascript:|hx-on|\|safe\b|autoescape off",
    re.IGNORECASE,
)


def inline_parts(text):
    return INLINE.findall(text)


def test_no_template_needs_inline_script_or_style():
    found = {
        str(path.relative_to(settings.BASE_DIR)): inline_parts(path.read_text())
        for path in TEMPLATES
        if inline_parts(path.read_text())
    }
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        '<p style="color: red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        "<style>p {}</style>",
        "{{ words|safe }}",
    ],
)
def test_the_search_finds_what_it_looks_for(text):
    assert len(inline_parts(text)) == 1
