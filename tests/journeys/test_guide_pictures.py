"""The pictures of the guides show the pages as they are: ``./run pictures`` takes them anew.

Each page is that of the sample on one day, so its words are the same on any day until somebody changes the page.
"""

import hashlib
import json
import os
import re
from io import BytesIO

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assurance.management.commands.load_sample import load_sample
from partnership.guides import GUIDES, KEPT, pictures
from partnership.models import User
from tests.journeys.conftest import DESK, PHONE

FOLDER = settings.BASE_DIR / "static/guides"
TAKES = "TAKE_PICTURES" in os.environ
QUALITY = 60  # of WebP
STILL = "*, ::before, ::after { transition: none !important; animation: none !important; caret-color: transparent }"


def at(name, *arguments):
    return lambda page: page.goto(reverse(name, args=arguments))


def due(words):
    """Where My work leads for what is due under these words."""

    def go(page):
        page.goto(reverse("assurance:my-work"))
        page.goto(page.locator("main li a", has_text=words).first.get_attribute("href"))

    return go


def then(first, words):
    """``first``, and from there the first link of these words."""

    def go(page):
        first(page)
        page.goto(page.locator("main a", has_text=words).first.get_attribute("href"))

    return go


def plan_of_the_year(page):
    page.goto(reverse("plans:plan-list"))
    page.locator("main a", has_text="Business plan 2026 to 2027").first.click()


PICTURES = {
    "work": ("Tomasz", PHONE, at("assurance:my-work")),
    "update": ("Tomasz", PHONE, at("plans:updates")),
    "highlight": ("Tomasz", PHONE, due("Highlight report for October")),
    "meeting": ("Tomasz", DESK, due("Meeting of Learning")),
    "propose": ("Ruth", DESK, due("Propose a rating")),
    "review": ("Ruth", DESK, then(due("Propose a rating"), "Propose a rating")),
    "deciding": ("Imogen", PHONE, at("assurance:my-work")),
    "decide": ("Imogen", DESK, due("Decide the ratings")),
    "returns": ("Greta", DESK, at("assurance:return-list")),
    "return": ("Greta", PHONE, due("Assurance return 2026")),
    "contribution": ("Greta", DESK, due("Your part of Annual report")),
    "desk": ("Nadia", DESK, at("assurance:desk")),
    "plan": ("Nadia", DESK, plan_of_the_year),
    "round": ("Nadia", DESK, due("Closes: October to December")),
    "report": ("Nadia", DESK, then(at("assurance:report-list"), "Annual report 2026 to 2027")),
    "look": ("Marguerite", DESK, then(at("assurance:my-work"), "Write what you looked at")),
    "scrutiny": ("Marguerite", DESK, at("assurance:independent-scrutiny")),
    "programme": ("Fatima", DESK, at("training:event-list")),
    "course": ("Fatima", DESK, due("Seeing and naming neglect")),
}


WORDS = """main => {
    const copy = main.cloneNode(true)
    for (const choices of copy.querySelectorAll("select, script")) choices.remove()
    return copy.textContent
}"""


def words_of(page):
    """The words of the page in no order, for records of one day come in any; and without the choices of its boxes."""
    words = sorted(page.locator("main").evaluate(WORDS).split())
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def take(page, name):
    page.add_style_tag(content=STILL)
    picture = Image.open(BytesIO(page.screenshot()))
    FOLDER.mkdir(exist_ok=True)
    picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)


def test_take_or_compare_the_pictures(visit, today):
    load_sample(on=timezone.localdate())
    kept, found = pictures(), {}
    for name, (who, screen, go) in PICTURES.items():
        user = User.objects.get(name__startswith=f"{who} ")
        sharp = {"device_scale_factor": 2 if screen == PHONE else 1}
        page = visit(user, screen=screen, bypass_csp=TAKES, **sharp)
        go(page)
        page.wait_for_load_state("networkidle")
        found[name] = {**screen, "words": words_of(page)}
        if TAKES:
            take(page, name)
        page.context.close()
    if TAKES:
        KEPT.write_text(json.dumps(found, indent=1) + "\n")
    changed = [name for name in found if found[name] != kept.get(name)]
    assert TAKES or changed == [], "these pages have changed: ./run pictures, then look at static/guides/"


def test_every_picture_is_of_a_guide_and_is_there():
    used = set()
    for role in GUIDES:
        source = (settings.BASE_DIR / "templates/guides" / f"{role}.html").read_text()
        used |= set(re.findall(r'guide_picture "(\w+)"', source))
    assert used == set(PICTURES) == set(pictures()) == {path.stem for path in FOLDER.glob("*.webp")}


@pytest.mark.parametrize("role", GUIDES)
def test_a_guide_stands_on_any_screen(visit, check_page, role):
    page = visit()
    assert page.goto(reverse("partnership:guide", args=[role])).status == 200
    check_page(page)
