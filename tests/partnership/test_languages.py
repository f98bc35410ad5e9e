"""Public pages have a Welsh address each, where the partnership offers it; nothing else is ever in another language."""

import string
from datetime import date

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext, override

from partnership.catalogue import KEYWORDS, catalogues, collected, from_template, missing, read, words_of
from partnership.languages import WELSH
from partnership.models import Partnership
from partnership.templatetags.components import long_date, sentence_join
from tests.factories import MembershipFactory, PartnershipFactory


@pytest.fixture
def welsh(partnership):
    Partnership.objects.filter(pk=partnership.pk).update(is_also_in_welsh=True)
    return partnership


def address(partnership, language=WELSH, name="partnership:public-home"):
    with override(language):
        return reverse(name, args=[partnership.slug])


# Addresses


@pytest.mark.django_db
def test_each_language_has_an_address_that_names_itself_and_the_other(client, welsh):
    english, cymraeg = f"/p/{welsh.slug}/", f"/cy/p/{welsh.slug}/"
    assert (address(welsh, "en-gb"), address(welsh)) == (english, cymraeg)
    pages = {each: client.get(each) for each in (english, cymraeg)}
    assert {each: page["Content-Language"] for each, page in pages.items()} == {english: "en-GB", cymraeg: "cy"}
    for here, tag in ((english, "en-GB"), (cymraeg, "cy")):
        html = pages[here].content.decode()
        assert f'<html lang="{tag}"' in html
        assert f'<link rel="canonical" href="http://localhost:8000{here}">' in html
        assert f'<link rel="alternate" hreflang="en-GB" href="http://localhost:8000{english}">' in html
        assert f'<link rel="alternate" hreflang="cy" href="http://localhost:8000{cymraeg}">' in html
    assert f'href="{cymraeg}" hreflang="cy" lang="cy" rel="alternate">Cymraeg<' in pages[english].content.decode()
    assert f'href="{english}" hreflang="en-GB" lang="en-GB" rel="alternate">English<' in pages[cymraeg].content.decode()
    assert "Ein blaenoriaethau" in pages[cymraeg].content.decode()
    assert "Our priorities" in pages[english].content.decode()


@pytest.mark.django_db
def test_nobody_is_shown_welsh_that_the_office_did_not_ask_for(client, partnership):
    other = PartnershipFactory(slug="elsewhere", is_public=False)
    Partnership.objects.filter(pk=other.pk).update(is_also_in_welsh=True)
    refused = [client.get(path) for path in (address(partnership), address(other), "/cy/p/nobody/", "/cy/", "/cy/x/")]
    assert {each.status_code for each in refused} == {404}
    assert {each.content for each in refused} == {client.get("/nowhere/").content}
    html = client.get(address(partnership, "en-gb")).content.decode()
    assert "hreflang" not in html
    assert "Cymraeg" not in html


@pytest.mark.django_db
def test_each_language_is_kept_and_asked_about_by_its_own_mark(client, settings, welsh, django_assert_num_queries):
    settings.PUBLIC_PAGES_KEPT = 60
    pages = {each: client.get(each) for each in (address(welsh, "en-gb"), address(welsh))}
    assert len({page["ETag"] for page in pages.values()}) == 2
    with django_assert_num_queries(0):
        for path, page in pages.items():
            again = client.get(path)
            assert (again.content, again["Content-Language"]) == (page.content, page["Content-Language"])
            assert client.get(path, headers={"If-None-Match": page["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_a_page_in_welsh_asks_the_database_no_more(client, welsh, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as english:
        client.get(address(welsh, "en-gb"))
    with django_assert_max_num_queries(len(english)):
        client.get(address(welsh))


@pytest.mark.django_db
def test_the_browser_chooses_no_language(client, client_of, office, welsh):
    """Neither on public pages nor signed in, where allauth, django-filter and Django have words in a hundred."""
    for visitor in (client, client_of(office)):
        for path in ("/", "/help/", "/sign-in/", address(welsh, "en-gb"), "/meetings/?meets_on=x", "/nowhere/"):
            plain, asked = visitor.get(path), visitor.get(path, headers={"Accept-Language": "cy,de;q=0.9,fr;q=0.8"})
            assert asked.status_code == plain.status_code
            assert 'lang="en-GB"' in asked.content.decode() or asked.status_code == 302
            assert not {"Accept-Language"} & set(asked.get("Vary", "").split(", "))
    wrong = {"login": "no address", "password": ""}
    shown = client.post("/sign-in/", wrong, headers={"Accept-Language": "cy"}).content.decode()
    assert "Mae" not in shown


@pytest.mark.django_db
def test_a_page_in_welsh_leaves_the_next_one_as_it_was(client, welsh):
    client.get(address(welsh))
    assert translation.get_language() == "en-gb"
    assert 'lang="en-GB"' in client.get("/help/").content.decode()


@pytest.mark.django_db
def test_english_says_what_it_said_without_translation(settings):
    """Django's own British catalogue changes no word and no date, so that signed-in pages stand as they stood."""
    catalogue = translation.trans_real.translation("en-gb")._catalog
    changed = {
        key: words
        for each in catalogue._catalogs
        for key, words in each.items()
        if key and isinstance(key, str) and words and words != key.rpartition("\x04")[2]
    }
    assert changed == {}


# Words


def test_days_plurals_and_lists_are_said_in_welsh():
    with override(WELSH):
        assert long_date(date(2027, 3, 1)) == "1 Mawrth 2027"
        said = [ngettext("%(count)s page", "%(count)s pages", each) % {"count": each} for each in (0, 1, 2, 3, 6, 8)]
        assert said == ["0 tudalen", "1 dudalen", "2 dudalen", "3 tudalen", "6 thudalen", "8 tudalen"]
        assert sentence_join(["Gwent", "Powys"]) == "Gwent a Powys"
        assert sentence_join(["Gwent", "Arfon"]) == "Gwent ac Arfon"
    assert sentence_join(["Gwent", "Powys", "Arfon"]) == "Gwent, Powys and Arfon"


# The catalogue


def placeholders(words):
    """``%(name)s`` and ``{name}`` in it."""
    named = {name for _text, name, *_rest in string.Formatter().parse(words) if name is not None}

    class Asked(dict):
        def __missing__(self, key):
            self[key] = 0
            return 0

    asked = Asked()
    if "%(" in words:
        words % asked
    return named | {f"%{name}" for name in asked}


def faults_of(catalogue, found):
    """What is wrong with a catalogue, beside what was found marked."""
    faults = [
        f"no translation: {each.id}" for each in found if each.id and catalogue.get(each.id, each.context) is None
    ]
    faults += [f"empty: {words}" for words in missing(catalogue)]
    for message in catalogue:
        asked = message.id if isinstance(message.id, tuple) else (message.id,)
        for words in filter(None, words_of(message)):
            if message.id and placeholders(words) != placeholders(asked[-1]):
                faults.append(f"placeholder: {words}")
        if message.id and isinstance(message.string, tuple) and len(message.string) != catalogue.num_plurals:
            faults.append(f"plurals: {message.id}")
    return faults


@pytest.mark.parametrize("language", catalogues())
def test_every_marked_word_has_a_translation_that_keeps_its_placeholders(language):
    assert faults_of(read(catalogues()[language]), collected()) == []


def test_a_catalogue_that_lacks_something_is_found():
    found, catalogue = Catalog(), Catalog(locale="cy")
    for words in ("Home", "Plan of {0}", "%(count)s left", "Said", ("%(n)s day", "%(n)s days")):
        found.add(words)
    catalogue.add("Plan of {0}", "Cynllun")
    catalogue.add("%(count)s left", "%(number)s ar ôl")
    catalogue.add("Said", "")
    catalogue.add(("%(n)s day", "%(n)s days"), ("%(n)s diwrnod",) * 2)
    assert faults_of(catalogue, found) == [
        "no translation: Home",
        "empty: Said",
        "placeholder: Cynllun",
        "placeholder: %(number)s ar ôl",
        "plurals: ('%(n)s day', '%(n)s days')",
    ]


def test_marked_words_of_a_template_are_found(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "{% load i18n %}\n  <p>it’s (so\n{% translate 'One' %} not {% blocktranslate count n=1 %}{{ n }} day"
        "{% plural %}{{ n }} days{% endblocktranslate %}\n      {% translate 'Two' as two %}"
    )
    with page.open("rb") as file:
        found = [words for _line, words, _comments, _context in extract(from_template, file, KEYWORDS)]
    assert found == ["One", ("%(n)s day", "%(n)s days"), "Two"]


# Names


@pytest.mark.django_db
def test_a_list_finds_a_name_by_its_letters_with_their_marks_and_without(client_of, office, partnership):
    for name in ("Siân Ŵyn Trust", "Sion House"):
        MembershipFactory(partnership=partnership, organisation__name=name)
    visitor = client_of(office)
    for words, found in (("sian wyn", True), ("SIÂN", True), ("ŵyn", True), ("siôn wyn", False)):
        html = visitor.get("/organisations/", {"words": words}).content.decode()
        assert ("Siân Ŵyn Trust" in html) is found, words


@pytest.mark.django_db
def test_members_stand_in_the_order_of_the_alphabet_whatever_marks_they_carry(client, partnership):
    for name in ("Zeta", "Ŵyn", "âl", "Wyvern"):
        MembershipFactory(partnership=partnership, organisation__name=f"{name} members")
    html = client.get(f"/p/{partnership.slug}/members/").content.decode()
    names = ["âl members", "Wyvern members", "Ŵyn members", "Zeta members"]
    names.sort(key=html.index)
    assert names == ["âl members", "Ŵyn members", "Wyvern members", "Zeta members"]
