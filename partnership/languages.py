"""Public pages in Welsh: an address of their own each, for partnerships that offer them.

The address says the language, never the browser or a cookie: /p/ashford-vale/plan/ is English and
/cy/p/ashford-vale/plan/ Welsh, so that each is one page for all, can be kept and asked about by its mark
(``partnership.public_pages``), linked to and found by search engines. Pages that have both are named one by one, by
``public_path``; all else keeps its one address and stays English, whatever ``Accept-Language`` says: no middleware
reads it. (Django's ``i18n_patterns`` would give a second address to everything, sign-in and cases included.)
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import path, translate_url
from django.utils.functional import lazystr
from django.utils.html import format_html
from django.utils.translation import get_language, override

WELSH = "cy"
ENGLISH = settings.LANGUAGE_CODE
PREFIX = f"{WELSH}/"
# As pages and headers name a language (BCP 47).
TAGS = {ENGLISH: "en-GB", WELSH: "cy"}
OG_LOCALES = {ENGLISH: "en_GB", WELSH: "cy_GB"}


@dataclass(frozen=True)
class OtherAddress:
    """The same page in a language: ``tag`` and ``label`` are those of that language itself."""

    tag: str
    label: str
    url: str
    is_current: bool


class SpokenRoute:
    """A route as it stands in the language of the day; Django asks anew for each (translated URL patterns)."""

    def __init__(self, route):
        self.route = route

    def __str__(self):
        return f"{PREFIX}{self.route}" if is_welsh() else self.route


def public_path(route, view, *, name):
    """``path`` for a page that has a Welsh address too. Its view asks ``find_partnership`` whether that is offered."""
    return path(lazystr(SpokenRoute(route)), view, name=name)


def is_welsh():
    return get_language() == WELSH


def page_tag():
    """The language of the page that is being made, as HTML says it."""
    return TAGS.get(get_language(), TAGS[ENGLISH])


def mark_of_english():
    """The attribute that marks a partnership's own words, which stay as they were written, on a Welsh page."""
    return format_html(' lang="{}"', TAGS[ENGLISH]) if is_welsh() else ""


def addresses_of(request):
    """The page of ``request`` in every language, this one among them; nothing for a page with one address."""
    here = request.get_full_path()
    urls = {code: translate_url(here, code) for code, _label in settings.LANGUAGES}
    if len(set(urls.values())) == 1:
        return []
    return [OtherAddress(TAGS[code], label, urls[code], urls[code] == here) for code, label in settings.LANGUAGES]


class PageLanguage:
    """Middleware: the language is what the address says. What is made inside it says so in its header."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with override(WELSH if request.path_info.startswith(f"/{PREFIX}") else ENGLISH):
            response = self.get_response(request)
            if response.get("Content-Type", "").startswith("text/html"):
                response.headers.setdefault("Content-Language", page_tag())
        return response
