"""The glossary: what abbreviations mean, in words that each partnership's office keeps."""

import pytest
from django.urls import reverse

from partnership.glossary import add_usual_terms, by_letter
from partnership.models import GlossaryTerm, Partnership
from partnership.searching.asking import question, search, tidied
from partnership.usual_glossary import USUAL, usual_for
from tests.plans.test_plan_page import count_queries

URL = reverse("partnership:glossary")


def explain(partnership, term="LCSPR", stands_for="Local child safeguarding practice review", meaning=""):
    return partnership.glossary.create(term=term, stands_for=stands_for, meaning=meaning)


def kept():
    return list(GlossaryTerm.objects.values_list("term", "stands_for", "meaning"))


def answers(term="LCSPR", stands_for="Local child safeguarding practice review", meaning=""):
    return {"term": term, "stands_for": stands_for, "meaning": meaning}


def text_of(client, **asked):
    return " ".join(client.get(URL, asked).content.decode().split())


@pytest.fixture
def term(partnership):
    return explain(partnership)


# What one begins with


def test_the_usual_terms_are_in_order_each_once_and_each_explained():
    terms = [usual.term.casefold() for usual in USUAL]
    assert terms == sorted(set(terms))
    assert all(usual.meaning for usual in USUAL)
    assert {usual.of for usual in USUAL} == {"", Partnership.Kind.CHILDREN, Partnership.Kind.ADULTS}


def test_a_new_partnership_begins_with_the_usual_terms_of_its_kind(client_of, administrator):
    answered = client_of(administrator).post(
        reverse("partnership:partnership-add"),
        {
            "name": "Saltmere Safeguarding Adults Board",
            "short_name": "SM",
            "kind": "adults",
            "house_colour": "#3b2a5e",
            "financial_year_starts_month": "4",
        },
    )
    assert answered.status_code == 302, answered.context["form"].errors
    begun = Partnership.objects.get(short_name="SM").glossary.values_list("term", flat=True)
    assert sorted(begun) == sorted(usual.term for usual in usual_for("adults"))
    assert ("DoLS" in begun, "LADO" in begun) == (True, False)


def test_the_usual_terms_come_once_and_leave_what_the_office_wrote(client_of, office, partnership):
    explain(partnership, "lcspr", "Our own words")
    client, address = client_of(office), reverse("partnership:glossary-usual", args=[partnership.pk])
    for _twice in range(2):
        assert client.post(address).status_code == 302
    assert partnership.glossary.count() == len(usual_for(partnership.kind))
    assert partnership.glossary.get(term__iexact="LCSPR").stands_for == "Our own words"
    assert add_usual_terms(partnership) == 0


# The page


@pytest.mark.django_db
def test_terms_read_from_a_to_z_and_the_same_words_of_two_partnerships_once(partnership, other_partnership):
    for name in ("ToR", "DA", "dSL", "4LSAB"):
        explain(partnership, name, "Words")
    explain(other_partnership, "DA", "Words")
    explain(other_partnership, "ToR", "Other words")
    terms = GlossaryTerm.objects.select_related("partnership")
    assert [
        (letter, [(line.first.term, len(line.records)) for line in lines]) for letter, lines in by_letter(terms)
    ] == [("0–9", [("4LSAB", 1)]), ("D", [("DA", 2), ("dSL", 1)]), ("T", [("ToR", 1), ("ToR", 1)])]


def test_words_narrow_it_and_every_word_counts(client_of, chair, partnership, term):
    explain(partnership, "SAR", "Safeguarding adults review", "Looks at how agencies worked together")
    client = client_of(chair)
    assert "2 terms have" in text_of(client, q="REVIEW")
    only_one = text_of(client, q="review agencies")
    assert ("1 term has" in only_one, "Local child" in only_one) == (True, False)
    assert "No term has that" in text_of(client, q="<b>lighthouse")


def test_the_office_adds_changes_and_removes_a_term_and_the_history_says_so(client_of, office, partnership):
    client = client_of(office)
    assert "Nothing is explained yet" in text_of(client)
    client.post(reverse("partnership:glossary-add", args=[partnership.pk]), answers(" LCSPR  "))
    assert kept() == [("LCSPR", "Local child safeguarding practice review", "")]
    term = GlossaryTerm.objects.get()
    changed = client.post(f"/glossary/{term.pk}/change/", answers(meaning="It is not about blame."))
    assert (changed.status_code, changed["Location"]) == (302, f"/glossary/#term-{term.pk}")
    assert kept() == [("LCSPR", "Local child safeguarding practice review", "It is not about blame.")]
    history = client.get(f"/history/partnership.glossaryterm/{term.pk}/").content.decode()
    assert ("It is not about blame." in history, office.name in history) == (True, True)
    client.post(f"/glossary/{term.pk}/remove/")
    assert kept() == []
    assert f"Removed by {office.name}" in text_of(client)


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"term": " "}, "term", "Enter the abbreviation or term"),
        ({"stands_for": " "}, "stands_for", "Enter what it stands for, or what it means below"),
        (
            {"term": "Sar"},
            "term",
            "“SAR” is in the glossary already. Change that one, or enter another term",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(client_of, office, partnership, given, field, words):
    explain(partnership, "SAR", "Safeguarding adults review")
    address = reverse("partnership:glossary-add", args=[partnership.pk])
    response = client_of(office).post(address, answers(**given))
    assert (response.status_code, dict(response.context["form"].errors)) == (422, {field: [words]})
    assert len(kept()) == 1
    assert given.get("stands_for", "Local child safeguarding practice review") in response.content.decode()


def test_two_partnerships_may_explain_the_same_term(client_of, office, other_partnership, term):
    client_of(office).post(reverse("partnership:glossary-add", args=[other_partnership.pk]), answers())
    assert len(kept()) == 2


# Who reads it


def test_its_people_read_it_change_nothing_and_strangers_learn_nothing(client_of, chair, stranger, partnership, term):
    assert "Local child safeguarding practice review" in text_of(client_of(chair))
    assert "Change" not in text_of(client_of(chair))
    assert "Local child safeguarding practice review" not in text_of(client_of(stranger))
    pages = [
        reverse("partnership:glossary-add", args=[partnership.pk]),
        reverse("partnership:glossary-usual", args=[partnership.pk]),
        f"/glossary/{term.pk}/change/",
        f"/glossary/{term.pk}/remove/",
    ]
    assert [client_of(chair).post(page, answers("Mine")).status_code for page in pages] == [403] * 4
    assert [client_of(stranger).post(page, answers("Mine")).status_code for page in pages] == [403, 403, 404, 404]
    assert len(kept()) == 1


def test_a_search_finds_a_term_for_its_people_alone(chair, stranger, term):
    typed = question(tidied("LCSPR"))
    assert search(chair, typed).counts.get("term") == 1
    assert search(stranger, typed).counts.get("term") is None


def test_page_query_count_is_the_same_for_one_term_and_for_sixty(client_of, office, partnership):
    client = client_of(office)
    counts = []
    for number in (1, 59):
        for each in range(number):
            explain(partnership, f"T{number}-{each}").delete()
            explain(partnership, f"T{number}-{each}")
        client.get(URL)
        counts.append(count_queries(client, URL))
    assert counts[0] == counts[1]
