"""What stands before the rows: drivers, review dates, boards that share a priority."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.deadlines import deadlines
from plans.front_matter import last_review_day, quarters_of, write_review_dates
from plans.models import Plan
from plans.table import read_table
from tests.plans.test_sources import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_of, office):
    return client_of(office)


def lines(plan):
    return list(plan.drivers.order_by("position").values_list("position", "text", "source_label"))


def days(plan):
    return list(plan.review_dates.values_list("held_on", "label"))


def typed_day(day, label=""):
    names = {"held_on_0": day.day, "held_on_1": day.month, "held_on_2": day.year} if day else {}
    return names | {"label": label}


def send_days(browser, plan, *wanted):
    """Send the page of review dates with ``wanted`` in its first lines, whatever stood there."""
    url = reverse("plans:plan-review-dates", args=[plan.pk])
    rows = browser.get(url).context["rows"]
    data = {f"{rows.prefix}-{name}": rows.management_form[name].value() for name in rows.management_form.fields}
    for form in rows.forms:
        for name in set(form.fields) & {"id", "seen"}:
            data[form.add_prefix(name)] = form[name].value() or ""
    for form, (day, label) in zip(rows.forms, wanted, strict=False):
        data[form.add_prefix("label")] = label
        if day:
            for part, value in zip(("day", "month", "year"), (day.day, day.month, day.year), strict=True):
                place = ("day", "month", "year").index(part)
                data[form.add_prefix(f"held_on_{place}")] = data[form.add_prefix(f"held_on_{part}")] = value
    return browser.post(url, data)


# Drivers


def test_drivers_are_written_changed_and_left_out(browser, plan):
    url = reverse("plans:plan-drivers", args=[plan.pk])
    send(browser, url, number=0, text="What young people asked for", source_label="Voices of 2026")
    send(browser, url, number=1, text="A national review")
    assert lines(plan) == [
        (1, "What young people asked for", "Voices of 2026"),
        (2, "A national review", ""),
    ]
    page = browser.get(plan.get_absolute_url()).content.decode()
    assert ("What drives this plan" in page, "From Voices of 2026" in page) == (True, True)
    send(browser, url, number=0, text="", source_label="")
    assert lines(plan) == [(2, "A national review", "")]


def test_a_source_without_words_is_asked_for_its_words(browser, plan):
    response = send(browser, reverse("plans:plan-drivers", args=[plan.pk]), source_label="Voices of 2026")
    assert (response.status_code, response.context["rows"].errors[0]["text"]) == (
        422,
        ["Enter what drives the plan, or empty the whole line to leave it out"],
    )


def test_another_plan_s_driver_is_not_changed_here(browser, plan, draft_plan):
    other = draft_plan.drivers.create(position=1, text="Theirs")
    plan.drivers.create(position=1, text="Ours")
    send(browser, reverse("plans:plan-drivers", args=[plan.pk]), id=other.pk, text="Mine")
    other.refresh_from_db()
    assert (other.text, other.plan_id) == ("Theirs", draft_plan.pk)


# Review dates


def test_the_last_review_is_at_most_two_months_after_the_end():
    april = Plan(starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    autumn = Plan(starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 30))
    assert (last_review_day(april), last_review_day(autumn)) == (date(2027, 5, 31), date(2027, 1, 31))


def test_the_sector_s_quarters_fall_on_weekdays_within_the_plan():
    plan = Plan(starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    assert quarters_of(plan) == [date(2026, 7, 15), date(2026, 10, 15), date(2027, 1, 15), date(2027, 4, 15)]
    later = Plan(starts_on=date(2027, 4, 1), ends_on=date(2028, 3, 31))
    assert quarters_of(later) == [date(2027, 7, 15), date(2027, 10, 15), date(2028, 1, 17), date(2028, 4, 17)]


def test_the_office_types_days_and_takes_them_out(browser, plan):
    assert send_days(browser, plan, (date(2026, 7, 9), "Quarter 1"), (date(2027, 4, 20), "")).status_code == 302
    assert days(plan) == [(date(2026, 7, 9), "Quarter 1"), (date(2027, 4, 20), "")]
    page = browser.get(plan.get_absolute_url()).content.decode()
    assert "9 July 2026: Quarter 1" in page
    send_days(browser, plan, (None, ""), (date(2027, 4, 20), "Year’s end"))
    assert days(plan) == [(date(2027, 4, 20), "Year’s end")]


def test_two_days_may_change_places_and_keep_their_rows(plan):
    write_review_dates(plan, {date(2026, 7, 9): "One", date(2026, 10, 9): "Two"})
    keys = list(plan.review_dates.values_list("pk", flat=True))
    write_review_dates(plan, {date(2026, 7, 9): "Two", date(2026, 10, 12): "One"})
    assert days(plan) == [(date(2026, 7, 9), "Two"), (date(2026, 10, 12), "One")]
    assert list(plan.review_dates.values_list("pk", flat=True)) == keys


def test_the_quarters_are_offered_and_saved_as_they_stand(browser, plan):
    url = reverse("plans:plan-review-dates", args=[plan.pk])
    rows = browser.get(f"{url}?fill=quarters").context["rows"]
    offered = [form["held_on"].value() for form in rows.forms][:4]
    assert offered == quarters_of(plan)
    send_days(browser, plan, *[(day, "") for day in offered])
    assert [day for day, _label in days(plan)] == offered


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (
            [(date(2027, 6, 1), "")],
            "Enter a day from 1 April 2026 to 31 May 2027, two months after the plan’s end",
        ),
        (
            [(date(2026, 3, 31), "")],
            "Enter a day from 1 April 2026 to 31 May 2027, two months after the plan’s end",
        ),
        ([(None, "Quarter 1")], "Enter the day, or empty the whole line to leave it out"),
        (
            [(date(2026, 7, 9), "a"), (date(2026, 7, 9), "b")],
            "9 July 2026 is here twice. Empty one of the two lines",
        ),
    ],
)
def test_a_day_that_cannot_be_is_sent_back(browser, plan, wanted, says):
    response = send_days(browser, plan, *wanted)
    errors = [error for form in response.context["rows"].errors for error in form.get("held_on", [])]
    assert (response.status_code, errors, days(plan)) == (422, [says], [])


def test_the_office_is_reminded_of_a_day_to_come(plan, draft_plan, office, partnership, today):
    write_review_dates(plan, {date(2027, 1, 20): "Quarter 3", date(2026, 10, 9): "Quarter 2"})
    write_review_dates(draft_plan, {date(2027, 7, 9): "Not yet"})
    found = [each for each in deadlines(on=today) if each.kind == "Review of the plan"]
    assert [(each.due_on, each.title, each.url) for each in found] == [
        (date(2027, 1, 20), "Look at the plan again: Quarter 3", plan.get_absolute_url())
    ]
    assert {owner.post_id for owner in found[0].owners} == {post.pk for post in partnership.posts.filter(duty="office")}


# Boards that share a priority


def test_a_priority_says_which_boards_share_it(browser, plan, today):
    babies = plan.priorities.get(position=1)
    url = reverse("plans:cell-change", args=[plan.pk, "priority", babies.pk, "joint"])
    seen = browser.get(url).context["form"]["seen"].value()
    browser.post(url, {"joint_with": "• Adults board\nCommunity safety partnership", "seen": seen})
    assert read_table(plan, on=today).priorities[0].joint_with == ["Adults board", "Community safety partnership"]
    assert (
        "Shared with Adults board and Community safety partnership."
        in browser.get(plan.get_absolute_url()).content.decode()
    )


def test_strangers_and_leads_change_none_of_it(client_of, stranger, lead, plan, draft_plan):
    for name in ("plan-drivers", "plan-review-dates"):
        assert client_of(stranger).get(reverse(f"plans:{name}", args=[draft_plan.pk])).status_code == 404
        assert client_of(lead).post(reverse(f"plans:{name}", args=[plan.pk])).status_code == 403
