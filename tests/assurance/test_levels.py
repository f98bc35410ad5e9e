"""Levels of assurance: the board's own words, which stand once somebody was judged by them."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assurance.levels import begin_own_levels, levels_of, retire_level
from assurance.models import AssuranceLevel
from tests.factories_assurance import ScrutinyFactory

NOW = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)
USUAL = ["Not assured", "Partly assured", "Assured"]


def words(partnership):
    return [level.word for level in levels_of(partnership)]


def typed(**more):
    return {"word": "Limited", "meaning": "", "token": "red", "shape": "square", "position": "2"} | more


def test_a_partnership_judges_by_the_installations_words_until_it_has_its_own(partnership, other_partnership):
    assert words(partnership) == USUAL
    for _ in range(2):
        begin_own_levels(partnership)
    AssuranceLevel.objects.filter(partnership=partnership, word="Assured").update(word="Substantial")
    assert (words(partnership), words(other_partnership)) == ([*USUAL[:2], "Substantial"], USUAL)


def test_the_office_adds_one_worst_first(client_of, office, partnership):
    begin_own_levels(partnership)
    client_of(office).post(reverse("assurance:level-add-own", args=[partnership.slug]), typed(position="0"))
    assert words(partnership) == ["Limited", *USUAL]


@pytest.mark.parametrize(
    ("given", "field", "error"),
    [
        ({"word": ""}, "word", "Enter the word"),
        (
            {"word": "assured"},
            "word",
            "There is a level “assured” already. Choose another word, or offer that one again",
        ),
        (
            {"token": "green", "shape": "circle"},
            "shape",
            "“Assured” has this shape in this colour. Choose another, so that nobody confuses the two",
        ),
        ({"position": "first"}, "position", "Enter a whole number, in figures"),
    ],
)
def test_bad_input_is_said_at_its_field(client_of, office, partnership, given, field, error):
    begin_own_levels(partnership)
    page = client_of(office).post(reverse("assurance:level-add-own", args=[partnership.slug]), typed(**given))
    assert (page.status_code, page.context["form"].errors) == (422, {field: [error]})


def test_a_word_by_which_somebody_was_judged_stands(client_of, office, partnership, submitted_return):
    begin_own_levels(partnership)
    level = levels_of(partnership).get(word="Assured")
    ScrutinyFactory(record=submitted_return, partnership=partnership, level=level, judged_at=NOW)
    client_of(office).post(reverse("assurance:level-change", args=[level.pk]), typed(word="Fine", position="9"))
    level.refresh_from_db()
    assert (level.word, level.position) == ("Assured", 9)


def test_what_is_taken_away_is_no_longer_offered_and_can_come_back(client_of, office, partnership):
    begin_own_levels(partnership)
    level = levels_of(partnership).get(word="Partly assured")
    client, address = client_of(office), reverse("assurance:level-retire", args=[level.pk])
    client.post(address)
    assert words(partnership) == ["Not assured", "Assured"]
    client.post(address, {"action": "again"})
    assert words(partnership) == USUAL


def test_the_installation_keeps_one(db):
    *others, last = AssuranceLevel.objects.filter(partnership=None)
    for level in others:
        retire_level(level, on=date(2027, 1, 12))
    with pytest.raises(ValidationError):
        retire_level(last, on=date(2027, 1, 12))


def test_nobody_changes_the_words_of_others(client_of, stranger, administrator, partnership):
    begin_own_levels(partnership)
    level = levels_of(partnership).first()
    address = reverse("assurance:level-change", args=[level.pk])
    assert [client_of(person).post(address, typed()).status_code for person in (stranger, administrator)] == [404, 403]
