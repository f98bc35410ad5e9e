"""T22: a page is light: at most 100 kB of style and script, compressed, and nothing from anybody else's server."""

import gzip
import re
from functools import cache
from os.path import normpath
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template

from tests.guarantees.figures import record

MOST_BYTES = 100_000
FOLDER = Path(settings.BASE_DIR, "templates")
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html") if path.parent.name != "emails")
ASSET = re.compile(r"""\{%\s*static\s+['"]([^'"]+\.(?:css|js))['"]""")
PARENT = re.compile(r"""\{%\s*(?:extends|include)\s+['"]([^'"]+)['"]""")
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+\.js)["']""")
ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|object|embed)\b[^>]*\b(?:src|srcset|data)=["']?(?:https?:)?//"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|icon|preload|preconnect|modulepreload))[^>]*\bhref=["']?(?:https?:)?//"""
    r"""|url\(\s*["']?(?:https?:)?//|@import\s+(?:url\()?["'](?:https?:)?//"""
    r"""|\bimport\s*\(?[^;\n]*["'](?:https?:)?//""",
    re.IGNORECASE,
)


def htmx():
    """The static files of ``{% htmx_script %}``."""
    tag = Template("{% load django_htmx %}{% htmx_script %}").render(Context())
    return {address.removeprefix(settings.STATIC_URL) for address in re.findall(r'src="([^"]+)"', tag)}


@cache
def assets_of(template):
    """What a page of ``template`` may load: its own, and those of all that it extends and includes."""
    text = (FOLDER / template).read_text()
    found = set(ASSET.findall(text)) | (htmx() if "{% htmx_script %}" in text else set())
    for other in PARENT.findall(text):
        if (FOLDER / other).exists() and other != template:
            found |= assets_of(other)
    return frozenset(each for asset in found for each in with_imports(asset))


def with_imports(asset):
    """A script, and the modules that it imports."""
    found, waiting = set(), [asset]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            if name.endswith(".js"):
                waiting += [normpath(Path(name).parent / each) for each in IMPORT.findall(file_of(name).read_text())]
    return found


def file_of(asset):
    path = finders.find(asset)
    assert path, f"{asset} is not among the static files; ./run install builds them"
    return Path(path)


@cache
def compressed(asset):
    return len(gzip.compress(file_of(asset).read_bytes(), 9))


def weight(template):
    return sum(map(compressed, assets_of(template)))


def test_no_page_loads_more_than_100_kb_of_style_and_script():
    weights = {template: weight(template) for template in TEMPLATES}
    assert {template: size for template, size in weights.items() if size > MOST_BYTES} == {}
    heaviest = max(weights, key=weights.get)
    assert weights[heaviest] > 40_000  # the style sheet and htmx are counted
    record(
        "T22",
        "at most {worst_kb} kB of style and script on any page, compressed, of {pages} templates; 0 from elsewhere",
        worst_kb=round(weights[heaviest] / 1000),
        pages=len(weights),
    )


def test_what_a_page_loads_is_found_in_all_that_it_extends_and_imports():
    base = assets_of("base.html")
    assert {"build/planner.css", "js/planner.js", *htmx()} <= base
    assert "build/govuk-frontend.min.js" in base  # by an import
    assert assets_of("plans/update_list.html") - base == {"js/updates.js", "js/keeping.js"}


def test_nothing_comes_from_another_server():
    ours = {asset for template in TEMPLATES for asset in assets_of(template)}
    texts = {template: (FOLDER / template).read_text() for template in TEMPLATES}
    texts |= {asset: file_of(asset).read_text() for asset in ours}
    assert {name: ELSEWHERE.findall(text) for name, text in texts.items() if ELSEWHERE.search(text)} == {}


@pytest.mark.parametrize(
    "text",
    [
        '<script type="module" src="https://cdn.example/x.js"></script>',
        '<img alt="" src="//cdn.example/x.png">',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        "@font-face { src: url(https://cdn.example/x.woff2) }",
        '@import "https://cdn.example/x.css"',
        'import { x } from "https://cdn.example/x.js"',
    ],
)
def test_what_comes_from_elsewhere_would_be_found(text):
    assert ELSEWHERE.search(text)


def test_a_link_is_not_taken_for_it():
    assert not ELSEWHERE.search(
        '<link rel="canonical" href="https://ours.example/"><a href="https://gov.uk">GOV.UK</a>'
    )
