"""A case from its notification to the rapid review that was sent, and the Panel's letter, by its group alone."""

import re
from datetime import date

from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.test_arrangements import fill_day


def test_a_case_from_notification_to_the_panels_letter(visit, check_page, rule_sets, case_group_member, charity):
    page = visit(case_group_member)
    page.goto(reverse("reviews:case-list"))
    check_page(page)
    page.get_by_role("link", name="Open a case").first.click()
    check_page(page)
    fill_day(page, "When did the partnership become aware?", date(2027, 1, 5))
    fill_day(page, "When was the Panel notified?", date(2027, 1, 6))
    page.get_by_label("What is it about?").fill("Injury to a baby")
    page.get_by_label("What happened?").fill("Kirsty Bell took the baby to hospital.")
    page.get_by_label("Lantern Family Trust").check()
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_text("Is “Kirsty Bell” somebody’s name?").first).to_be_visible()
    check_page(page)
    page.get_by_label("What happened?").fill("The mother took the baby to hospital. Ravi was the ward’s name.")
    page.get_by_role("button", name="Open the case").click()
    page.get_by_label("None of these says who somebody is").check()
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("alert")).to_contain_text("known to the case review group alone")
    check_page(page)
    address = page.url

    page.get_by_role("link", name="Plan a day").click()
    check_page(page)
    fill_day(page, "For which day is it planned?", date(2027, 1, 20))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Planned for 20 January 2027")).to_be_visible()
    page.get_by_role("link", name=re.compile("Leave out.*partners told")).click()
    check_page(page)
    page.get_by_label("Why is it not needed?").fill("They sat together when it was told")
    page.get_by_role("button", name="Leave it out").click()
    page.get_by_role("link", name=re.compile("Record the day.*sent to the Panel")).click()
    check_page(page)
    fill_day(page, "When was it done?", date(2027, 1, 11))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Done in time: was due by 27 January 2027")).to_be_visible()

    page.get_by_role("link", name="Record a letter").click()
    check_page(page)
    fill_day(page, "When did it come?", date(2027, 1, 12))
    page.get_by_label("Asks for more").check()
    page.get_by_label("What are its points?").fill("Say what was known of the father")
    page.get_by_role("button", name="Save the letter").click()
    page.get_by_role("link", name="Answer the Panel", exact=True).click()
    check_page(page)
    page.get_by_label("1. Say what was known of the father").fill("Nobody had asked")
    fill_day(page, "When did you send your answer?", date(2027, 1, 12))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Answered on 12 January 2027")).to_be_visible()

    phone = visit(case_group_member, screen=PHONE)
    phone.goto(address)
    check_page(phone)
