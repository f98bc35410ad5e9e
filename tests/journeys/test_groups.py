"""The office opens a group, seats it and writes its terms; the chair and the public read them."""

from datetime import date

from django.urls import reverse
from playwright.sync_api import expect

from partnership.models import Group
from tests.factories import GroupFactory
from tests.journeys.conftest import PHONE


def fill_day(page, name, day):
    group = page.get_by_role("group", name=name)
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label, exact=True).fill(str(value))


def test_the_office_opens_a_group_and_everyone_reads_its_terms(
    visit, check_page, office, chair, lead, partnership, executive, learning_group
):
    page = visit(office)
    page.goto("/groups/")
    check_page(page)
    page.get_by_role("link", name="Add a group").click()
    check_page(page)
    page.get_by_label("Name").fill("Homes Task and Finish Group")
    page.get_by_label("What kind of group is it?").select_option("Task and finish group")
    page.get_by_label(partnership.name).check()
    page.get_by_label("Which group does it report to?").select_option("Executive")
    page.get_by_role("button", name="Add the group").click()
    expect(page.get_by_role("heading", level=1, name="Homes Task and Finish Group")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Add a seat").click()
    check_page(page)
    page.get_by_label("Which post has the seat?").fill("midwifery")
    page.get_by_label("Deputy with equal authority").check()
    page.get_by_role("button", name="Add the seat").click()
    expect(page.get_by_text("or choose Observer instead").first).to_be_visible()
    check_page(page)
    page.get_by_label("Chair", exact=True).check()
    page.get_by_role("button", name="Add the seat").click()
    expect(page.get_by_role("cell", name="Delia Marchetti")).to_be_visible()

    page.get_by_role("link", name="Write them").click()
    check_page(page)
    page.get_by_role("link", name="Write the first version").click()
    check_page(page)
    page.get_by_label("Remit").fill("Finds homes for families.\n\nReports every quarter.")
    page.get_by_label("Membership").fill("Both councils")
    page.get_by_label("Quorum").fill("Three members")
    page.get_by_role("button", name="Save the draft").click()
    check_page(page)
    page.get_by_role("link", name="Agree these terms").click()
    check_page(page)
    page.get_by_role("button", name="Agree these terms").click()
    expect(page.get_by_role("alert")).to_contain_text("Version 1 is in force")

    group = Group.objects.get(name="Homes Task and Finish Group")
    public = visit(screen=PHONE)
    public.goto(reverse("partnership:public-structure", args=[partnership.slug]))
    check_page(public)
    public.get_by_role("link", name=group.name).last.click()
    expect(public.get_by_text("Finds homes for families.")).to_be_visible()
    check_page(public)

    page.goto(group.get_absolute_url())
    page.get_by_role("link", name="Close this group").click()
    check_page(page)
    fill_day(page, "Last day", date(2027, 1, 12))
    page.get_by_label("Why is it closing?").fill("Its work is done")
    page.get_by_role("button", name="Close the group").click()
    expect(page.get_by_role("alert")).to_contain_text("is closed")
    check_page(page)


def test_a_new_chair_and_a_new_version_are_told_before_and_after(
    visit, check_page, office, chair, lead, learning_group, terms, draft_terms
):
    page = visit(office)
    page.goto(learning_group.get_absolute_url())
    page.get_by_role("link", name="Add a seat").click()
    page.get_by_label("Which post has the seat?").fill("Head of Midwifery")
    page.get_by_label("Chair", exact=True).check()
    page.get_by_label("They stay, as a member").check()
    fill_day(page, "First day", date(2027, 1, 12))
    page.get_by_role("button", name="Add the seat").click()
    expect(page.get_by_role("row", name="Head of Midwifery")).to_contain_text("Chair")
    expect(page.get_by_role("row", name="Chair of Learning and Development")).to_contain_text("Member")
    page.get_by_label("Who sat here on another day?").fill("2027-01-11")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Who sat here on 11 January 2027")).to_be_visible()
    expect(page.get_by_role("row", name="Head of Midwifery")).to_have_count(0)
    check_page(page)
    page.get_by_role("link", name="Back to today").click()
    page.get_by_role("link", name="End the seat of Head of Midwifery").click()
    check_page(page)
    page.goto(reverse("partnership:terms-compare", args=[draft_terms.pk]))
    check_page(page)


def test_the_chart_is_walked_by_keyboard_from_the_top(visit, check_page, office, executive, learning_group, case_group):
    for number in range(12):
        GroupFactory(name=f"Subgroup {number:02}", parent=executive, partnerships=[case_group.partnerships.get()])
    page = visit(office)
    page.goto("/structure/")
    check_page(page)
    boxes = page.locator(".structure-chart a")
    names = boxes.evaluate_all("links => links.map(link => link.getAttribute('aria-label').split(',')[0])")
    assert names[:2] == ["Executive", "Learning and Development Subgroup"]
    boxes.first.focus()
    page.keyboard.press("Tab")
    expect(boxes.nth(1)).to_be_focused()
    outside = """boxes => boxes.filter(box => {
        const frame = box.closest("svg").getBoundingClientRect(), own = box.getBoundingClientRect();
        return own.left < frame.left || own.right > frame.right || own.bottom > frame.bottom;
    }).length"""
    assert boxes.evaluate_all(outside) == 0
    words_outside = """boxes => boxes.flatMap(box => {
        const frame = box.querySelector("rect.box").getBoundingClientRect();
        return [...box.querySelectorAll("text")].filter(text => text.getBoundingClientRect().right > frame.right);
    }).length"""
    assert boxes.evaluate_all(words_outside) == 0
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Learning and Development Subgroup")).to_be_visible()
