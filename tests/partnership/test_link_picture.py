"""The picture beside a link to a public page: drawn once, kept by its address, gone with another name or colour."""

import io
import re

import pytest
from django.core.cache import cache
from PIL import Image

from partnership import link_picture
from partnership.pdf import PdfProblem
from tests.factories import PartnershipFactory

pytestmark = pytest.mark.django_db

GROUND = (11, 79, 92)


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def drawn(monkeypatch):
    """What was to be drawn, without drawing it."""
    asked = []
    monkeypatch.setattr(link_picture, "draw", lambda facts: asked.append(facts) or b"PNG")
    return asked


def test_every_public_page_names_it_with_its_size_and_its_words(client, settings, partnership):
    page = client.get(partnership.get_absolute_url()).content.decode()
    said = dict(re.findall(r'<meta property="og:image(:?\w*)" content="([^"]*)">', page))
    assert said == {
        "": f"{settings.SITE_URL}{link_picture.address_of(partnership)}",
        ":type": "image/png",
        ":width": "1200",
        ":height": "630",
        ":alt": f"{partnership.name}: its name on its own colour",
    }


def test_it_is_a_picture_of_that_size_in_the_colour_of_the_partnership(client, partnership):
    partnership.house_colour = "#0b4f5c"
    partnership.save()
    answer = client.get(link_picture.address_of(partnership))
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
        colours = picture.convert("RGB").getcolors()
    assert max(colours)[1] == GROUND
    assert len(colours) > 2  # something is written on it
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "public, max-age=31536000, immutable")
    assert len(answer.content) < 100_000


def test_it_is_drawn_once(client, partnership, drawn):
    for _time in range(3):
        client.get(link_picture.address_of(partnership))
    assert len(drawn) == 1


@pytest.mark.parametrize("change", [{"name": "Another name"}, {"house_colour": "#7a1f3d"}, {"short_name": "XY"}])
def test_another_name_or_colour_has_another_address_and_the_old_one_leads_there(client, partnership, drawn, change):
    before = link_picture.address_of(partnership)
    for name, value in change.items():
        setattr(partnership, name, value)
    partnership.save()
    after = link_picture.address_of(partnership)
    assert after != before
    answer = client.get(before)
    assert (answer.status_code, answer["Location"]) == (302, after)


def test_control_what_it_does_not_show_changes_no_address(partnership):
    before = link_picture.address_of(partnership)
    partnership.introduction = "We plan together."
    partnership.save()
    assert link_picture.address_of(partnership) == before


def test_of_a_partnership_that_is_not_public_there_is_none(client, drawn):
    hidden = PartnershipFactory(is_public=False)
    assert (client.get(link_picture.address_of(hidden)).status_code, drawn) == (404, [])


def test_what_cannot_be_drawn_is_said_and_not_kept(client, partnership, monkeypatch):
    def fails(facts):
        raise PdfProblem("Pango is missing.")

    monkeypatch.setattr(link_picture, "draw", fails)
    answer = client.get(link_picture.address_of(partnership))
    assert (answer.status_code, "immutable" in answer.get("Cache-Control", "")) == (503, False)
    assert client.get(partnership.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["A", "Ashford Vale Safeguarding Children Partnership", "Ź" * 160, "<b>&" * 40])
def test_whatever_the_name_is_it_is_one_picture(name):
    partnership = PartnershipFactory.build(name=name, short_name="AV", house_colour="#ffd500")
    with Image.open(io.BytesIO(link_picture.draw(link_picture.facts_of(partnership)))) as picture:
        assert picture.size == (link_picture.WIDTH, link_picture.HEIGHT)
