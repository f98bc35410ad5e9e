"""T14: of a stranger’s markup nothing is left that acts: cleaned once it stays as it is, and a browser runs none of it.

What cleans is ``partnership.paper_word.cleaned``, the only place that takes markup from a file. All other words are
text, and Django’s templates write them so (``test_checks`` looks for exceptions).
"""

# ruff: noqa: E501 -- an attack stands in one line

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from partnership.paper_word import cleaned
from partnership.uploads import UnreadableFile
from tests.guarantees.figures import record

ACT = "window.ran=(window.ran||0)+1"
HANDLERS = [
    "onerror",
    "onload",
    "onclick",
    "onfocus",
    "onmouseover",
    "ontoggle",
    "onanimationstart",
    "onbegin",
    "onpointerenter",
]
TAGS = ["img src=x", "svg", "body", "input autofocus", "details open", "video src=x", "audio src=x", "iframe", "object data=x",
        "marquee", "math", "a href=#", "p tabindex=1", "table", "select autofocus", "style", "form", "button"]  # fmt: skip
SCHEMES = ["javascript:", "JaVaScRiPt:", "java\tscript:", "java&#10;script:", "&#106;avascript:", "\x01javascript:", "vbscript:",
           "data:text/html,", "data:text/html;base64,", "jav&#x0A;ascript:", " javascript:", "feed:javascript:", "//x.invalid/",
           "file:///", "blob:", "view-source:", "javascript&colon;", "\u2028javascript:"]  # fmt: skip
HOLDERS = ["<a href='{}'>x</a>", "<iframe src='{}'></iframe>", "<form action='{}'><button>x</button></form>",
           "<object data='{}'></object>", "<embed src='{}'>", "<img src='{}'>", "<base href='{}'>"]  # fmt: skip
WHOLE = [
    f"<script>{ACT}</script>", f"<ScRiPt>{ACT}</sCrIpT>", f"<script/x>{ACT}</script>", f"<<script>{ACT}//<</script>",
    f"<svg><script>{ACT}</script></svg>", f"<math><mi><script>{ACT}</script></mi></math>", f"<scr<script>ipt>{ACT}</script>",
    f"<noscript><p title=\"</noscript><img src=x onerror={ACT}>\">", f"<style><img src=x onerror={ACT}></style>",
    f"<textarea><img title='</textarea><img src=x onerror={ACT}>'></textarea>", f"<!--><img src=x onerror={ACT}>-->",
    f"<template><script>{ACT}</script></template>", f"<iframe srcdoc='<script>parent.{ACT}</script>'></iframe>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={ACT}&gt;'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={ACT}>", f"<svg></p><style><a id='</style><img src=1 onerror={ACT}>'>",
    f"<p style='background:url(javascript:{ACT})'>x</p>", "<p style='position:fixed;inset:0'>x</p>", f"<xmp><img src=x onerror={ACT}></xmp>",
    "<link rel=stylesheet href=//x.invalid/>", "<meta http-equiv=refresh content='0;url=//x.invalid/'>", f"<title><img src=x onerror={ACT}></title>",
    f"<svg><animate onbegin={ACT} attributeName=x dur=1s>", f"<svg><a xlink:href='javascript:{ACT}'><text>x</text></a></svg>",
    f"<a href='x' onclick={ACT} id=getElementById>x</a>", "<img name=cookie>", "<form id=parentNode><input name=nodeName></form>",
    f"<svg><foreignObject><body onload={ACT}></foreignObject></svg>", f"<p>\x00<scr\x00ipt>{ACT}</script>", f"<plaintext><script>{ACT}</script>",
    f"&lt;script&gt;{ACT}&lt;/script&gt;", f"<p title='\"><script>{ACT}</script>'>x</p>", f"<table><td background='javascript:{ACT}'>x</table>",
    f"<td><ol start='\"><img src=x onerror={ACT}>'>x</ol></td>", f"<img src='picture-1.png' onerror={ACT}>", f"<img src='x\" onerror=\"{ACT}'>",
]  # fmt: skip
PARTS = ["<", ">", "</", "<!--", "-->", "<p", "<a href=", "<img src=", "<script>", "<style>", "<svg>", "<math>", "</p>", "'", '"',
         " onerror=", " onload=", "javascript:", "&", "&lt;", "&#60;", "\n", "=", "/", "x", " ", "<table>", "<td>", "<li>",
         "<![CDATA[", "]]>", "<?x", "picture-1.png", "<h1>", "<noscript>", "<textarea>", "é", "\u2028"]  # fmt: skip
ACTING = re.compile(r"^(?:on|style$|srcdoc$|formaction$|xlink:|action$|background$|id$|class$|name$)")
HREF = re.compile(r"^(?:https?://|mailto:)", re.I)
ALLOWED_CLASS = "long brought"


# An Office file is XML, which holds no control characters.
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=4)


def vectors():
    found = [f"<{tag} {handler}={ACT}>x</{tag.split()[0]}>" for tag in TAGS for handler in HANDLERS]
    found += [holder.format(f"{scheme}{ACT}") for scheme in SCHEMES for holder in HOLDERS]
    return found + WHOLE


def faults_of(markup):
    """What acts in ``markup``, in words."""
    root = lxml_html.fragment_fromstring(markup, create_parent="div")
    found = [f"<{each.tag}>" for each in root.iter() if not isinstance(each.tag, str) or each.tag in FORBIDDEN]
    for each in root.iter():
        for name, value in each.attrib.items():
            is_ours = (each.tag, name, value) == ("table", "class", ALLOWED_CLASS)
            if ACTING.match(name.lower()) and not is_ours:
                found.append(f"{name}={value}")
            elif name == "href" and not HREF.match(value):
                found.append(f"href={value}")
            elif name == "src" and not re.fullmatch(r"[-a-z0-9]*picture-\d+\.(?:png|jpg)", value):
                found.append(f"src={value}")
    return found


FORBIDDEN = {"script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "link", "meta", "base",
             "video", "audio", "template", "textarea", "select", "noscript", "title", "xmp", "plaintext", "details"}  # fmt: skip


def test_nothing_that_acts_is_left_of_known_attacks():
    attacks = vectors()
    made = [cleaned(attack) for attack in attacks]
    assert len(attacks) >= 300
    assert [fault for each in made for fault in faults_of(each)] == []
    assert [
        attack
        for attack, each in zip(attacks, made, strict=True)
        if whatever_level(cleaned(each)) != whatever_level(each)
    ] == []


@pytest.mark.parametrize("count", [300, pytest.param(5_000, marks=pytest.mark.long)])
def test_nothing_that_acts_is_left_of_anything(count):
    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(st.one_of(st.sampled_from(PARTS), WORDS), max_size=25).map("".join))
    def check(markup):
        try:
            once = cleaned(markup)
        except UnreadableFile:  # nested without end
            return
        assert faults_of(once) == []
        assert whatever_level(cleaned(once)) == whatever_level(once)

    check()
    record(
        "T14",
        "{worst_vectors} known attacks and {worst_strings:,} strings cleaned: {left} scripts, handlers, styles or remote "
        "pictures left, and cleaning again changes nothing",
        worst_vectors=len(vectors()),
        worst_strings=count,
        left=0,
    )


def test_an_empty_item_of_a_list_takes_nothing_in():
    once = cleaned("<table><li>")
    assert once.startswith("<li></li><table")
    assert cleaned(once) == once


def whatever_level(markup):
    """A paper’s headings are set one below the paper’s own, each time it is cleaned."""
    return re.sub(r"<(/?)h\d>", r"<\1h>", markup)


def ran(page, markups):
    """How many scripts a browser ran, and what it asked for, when it opened and touched each of these."""
    asked = []
    page.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
    count = 0
    for start in range(0, len(markups), 40):
        boxes = "".join(f"<div>{markup}</div>" for markup in markups[start : start + 40])
        page.set_content(f"<!DOCTYPE html><body>{boxes}</body>", wait_until="load")
        page.wait_for_timeout(150)
        count += page.evaluate("window.ran || 0")
    page.unroute_all(behavior="ignoreErrors")
    return count, [url for url in asked if not url.startswith("about:")]


@pytest.mark.browser
def test_a_browser_runs_none_of_it(page):
    attacks = vectors()
    count, asked = ran(page, [cleaned(attack) for attack in attacks])
    record(
        "T14",
        "Chromium ran {scripts} scripts of {worst_vectors} attacks, and asked for {asked} addresses",
        scripts=count,
        worst_vectors=len(attacks),
        asked=len(asked),
    )
    assert (count, asked) == (0, [])


@pytest.mark.browser
def test_without_the_sanitiser_a_browser_runs_them(page):
    """The control."""
    count, asked = ran(
        page,
        [
            f"<img src=x onerror={ACT}>",
            f"<script>{ACT}</script>",
            f"<svg onload={ACT}></svg><img src=https://x.invalid/>",
        ],
    )
    assert count >= 3 and asked
