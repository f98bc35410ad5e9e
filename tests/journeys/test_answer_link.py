"""From a reminder to an answer without signing in; and a line handed on to somebody else."""

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from plans.links import make_link
from plans.models import Delegation, Update
from tests.journeys.conftest import PHONE


def test_lead_answers_from_the_mail_in_three_presses(visit, check_page, lead, led_deliverable, past_update, round_open):
    page = visit(screen=PHONE)
    seen = []
    page.on("request", lambda request: seen.append(request.headers.get("referer", "")))
    _link, token = make_link(lead, at=timezone.now())
    page.goto(reverse("plans:answer-open", args=[token]))  # 1
    expect(page.get_by_role("heading", level=1)).to_have_text("Open what is due")
    check_page(page)
    page.get_by_role("button", name="Open my lines").click()  # 2
    expect(page).to_have_url(reverse("plans:answer"))
    expect(page.get_by_text(led_deliverable.title).first).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    check_page(page)
    page.get_by_role("button", name="Same as last time").click()  # 3
    expect(page.get_by_text("Thank you.")).to_be_visible()
    check_page(page)
    update = led_deliverable.updates.in_round(round_open).current().get()
    assert (update.submitted_by, update.came_by, update.is_unchanged) == (lead, Update.Way.LINK, True)
    assert [address for address in seen if token in address] == []


def test_a_link_that_is_over_says_how_to_get_another(visit, check_page, today, db):
    page = visit()
    page.goto(reverse("plans:answer-open", args=["A" * 64]))
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")
    check_page(page)
    page.get_by_label("Your e-mail address").fill("somebody@example.org")
    page.get_by_role("button", name="Send me a new link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your e-mails")
    check_page(page)


def test_lead_hands_a_line_on_and_takes_it_back(visit, check_page, lead, partner, led_deliverable, round_open):
    page = visit(lead)
    page.goto(led_deliverable.get_absolute_url())
    page.get_by_role("link", name="Hand it on for this round").click()
    check_page(page)
    page.get_by_label("Who answers?").fill("Greta")
    page.get_by_role("button", name="Hand it on").click()
    expect(page.get_by_text("Greta Holloway may answer for Delia Marchetti in this round.")).to_be_visible()
    check_page(page)

    deputy = visit(partner, screen=PHONE)
    deputy.goto(reverse("plans:updates"))
    expect(deputy.get_by_text(led_deliverable.title).first).to_be_visible()
    deputy.get_by_role("link", name="Who answers for whom").click()
    check_page(deputy)

    page.goto(reverse("plans:delegation-list"))
    check_page(page)
    page.get_by_role("link", name="End Greta Holloway").click()
    check_page(page)
    page.get_by_role("button", name="Yes, end it now").click()
    expect(page.get_by_text("no longer answers for")).to_be_visible()
    assert Delegation.objects.get().ended_at is not None


def test_days_away_are_said_on_one_page(visit, check_page, lead, partner, led_deliverable, round_open):
    page = visit(lead, screen=PHONE)
    page.goto(reverse("plans:cover-add"))
    check_page(page)
    for name, parts in {"First day away": (13, 1, 2027), "Last day away": (20, 1, 2027)}.items():
        group = page.get_by_role("group", name=name)
        for label, value in zip(("Day", "Month", "Year"), parts, strict=True):
            group.get_by_label(label).fill(str(value))
    page.get_by_label("Who answers?").fill("Greta")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is reminded instead")).to_be_visible()
    check_page(page)
