"""A page in Welsh is Welsh, but for what the partnership wrote itself, which is marked as English."""

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.translation import override

from partnership.languages import WELSH
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import OK
from tests.translated import bracketed, plain_words

__all__ = ["bracketed"]
pytestmark = pytest.mark.django_db


def welsh_pages(world):
    """(door, Welsh address) of every page for everyone that has one."""
    with override(WELSH):
        for door in DOORS:
            if door.get["anonymous"] == OK:
                address = reverse(door.name, kwargs=door.place(world))
                if address.startswith(f"/{WELSH}/"):
                    yield door, address


def test_no_page_in_welsh_has_a_word_that_nobody_translated(world, client, bracketed):
    type(world.partnership).objects.filter(pk=world.partnership.pk).update(is_also_in_welsh=True)
    names = [world.partnership.name]
    left = {}
    for door, address in welsh_pages(world):
        answer = client.get(address)
        assert (answer.status_code, answer.get("Content-Language", WELSH)) == (200, WELSH), address
        if answer["Content-Type"].startswith("text/html"):
            left[str(door)] = plain_words(answer.content.decode(), names=names)
    assert {door: words for door, words in left.items() if words} == {}
    assert len(left) > 0


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("<p>Our plan</p>", ["Our plan"]),
        ("<p>⟦Our plan⟧ of today</p>", ["of today"]),
        ('<input aria-label="Words">', ["Words"]),
        ("<p>⟦Our plan⟧, 2027 – 12.5</p>", []),
        ('<p lang="en-GB">Families <b>first</b></p><p>and last</p>', ["and last"]),
        ('<p lang="en-GB">Families<br>first</p>', []),
        ("<title>⟦Our ⟦plan⟧⟧, Ashford</title>", []),
        ("{% load i18n %}<p>{% translate 'Home' %}</p><p>Home</p>", ["Home"]),
    ],
)
def test_a_word_that_was_forgotten_is_found(bracketed, words, left):
    with override(WELSH):
        html = Template(words).render(Context())
    assert plain_words(html, names=["Ashford"]) == left
