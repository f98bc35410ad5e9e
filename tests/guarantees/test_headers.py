"""T15: no page needs an exception from the headers that protect its reader; ``test_access`` reads all answers’."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse

from tests.guarantees.headers import HEADERS, POLICY, faults_of


def answer(**headers):
    policy = "; ".join(f"{name} {sources}" for name, sources in POLICY.items())
    return HttpResponse(headers={"Content-Security-Policy": policy, **HEADERS, **headers})


def test_an_answer_without_its_headers_is_found():
    assert faults_of(answer(), is_private=False) == []
    assert faults_of(answer(**{"Cache-Control": "private, no-store"}), is_private=True) == []
    assert faults_of(answer(), is_private=True) == ["Cache-Control: "]
    assert faults_of(answer(**{"X-Frame-Options": "SAMEORIGIN"}), is_private=False) == ["X-Frame-Options: SAMEORIGIN"]
    assert faults_of(answer(**{"Content-Security-Policy": "sandbox"}), is_private=False) == ["policy {'sandbox': ''}"]


TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|javascript:|hx-on|\|safe\b|autoescape off",
    re.IGNORECASE,
)


def inline_parts(text):
    return INLINE.findall(text)


def exceptions_in(path):
    """What a template needs that the policy forbids. A mail, which no policy reaches, may bring its own style."""
    allowed = {"<style"} if path.parent.name == "emails" else set()
    return [part for part in inline_parts(path.read_text()) if part not in allowed]


def test_no_template_needs_inline_script_or_style():
    found = {str(path.relative_to(settings.BASE_DIR)): exceptions_in(path) for path in TEMPLATES}
    assert {path: parts for path, parts in found.items() if parts} == {}


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
