"""Somebody looks for something from any page, with and without a slip, and comes to it."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from tests.factories_judged import RiskFactory
from tests.journeys.conftest import PHONE


def test_what_is_typed_in_the_top_bar_is_found_and_opened(visit, check_page, office, partnership):
    risk = RiskFactory(partnership=partnership, title="Lighthouse without a keeper")
    page = visit(office)
    page.goto(reverse("partnership:group-list"))
    page.get_by_role("searchbox", name="Search").fill("lighthuose")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This is what has")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name=re.compile("without a keeper")).click()
    expect(page).to_have_url(re.compile(f"{risk.get_absolute_url()}$"))


def test_an_empty_search_and_one_that_finds_nothing_can_be_read_by_everyone(visit, check_page, partner):
    page = visit(partner, screen=PHONE)
    for typed in ["", "xylophone"]:
        page.goto(f"{reverse('partnership:search')}?q={typed}")
        check_page(page)
