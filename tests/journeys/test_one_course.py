"""One course, lived through: from what people have to learn to what changed in practice, by all who take part."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import mail
from playwright.sync_api import expect

from tests.factories_training import TrainingPolicyFactory
from tests.journeys.conftest import PHONE
from training.evaluation.asking import open_evaluations
from training.mails.words import QUEUE
from training.models import Course, Event, LearningNeed, Place

pytestmark = pytest.mark.browser

PEOPLE = ["Priya Shah", "Owen Marsh", "Bea Lind", "Carl Voss", "Dina Holt", "Ewan Pike"]
LATE = "Fay Orme"  # who comes when it is full
Status = Place.Status


def address_of(name):
    return f"{name.split()[0].lower()}@charity.example"


def at(day, hour, minute=0):
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC), tick=True)


def post():
    """What came since it was last emptied, and everything that still waits: {address: its mails}."""
    QUEUE.send_waiting()
    found = {}
    while mail.outbox:
        each = mail.outbox.pop(0)
        found.setdefault(each.to[0], []).append(each)
    return found


def link_in(mails, kind):
    """Where the first link of this kind in ``mails`` leads, without its host."""
    return next(link for each in mails for link in re.findall(rf"https?://[^/\s]+(/t/{kind}/[\w.:-]+/)", each.body))


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def test_from_a_need_to_a_difference(visit, check_page, on_day, training_coordinator, partnership, charity, today):
    TrainingPolicyFactory(partnership=partnership)
    desk = visit(training_coordinator)
    find_a_need(desk, check_page, partnership)
    plan_a_course(desk, check_page, partnership)
    decide_and_settle(desk, check_page)
    event = hold_it(desk, check_page)
    phones = {name: visit(screen=PHONE) for name in [*PEOPLE, LATE]}
    book(phones, check_page, partnership, event, charity)
    move_it(desk, event)
    with at(date(2027, 2, 25), 10):
        answer_all(phones, {"confidence": "2"})
    with at(date(2027, 3, 2), 9, 40):
        come(phones, on_day, check_page, desk, training_coordinator, event)
    with at(date(2027, 3, 3), 10):
        answer_all(phones, {"confidence": "4", "usefulness": "5"}, words="I will ask to see where the baby sleeps.")
    with at(date(2027, 4, 14), 10):
        answer_all(
            phones,
            {"confidence": "5", "changed": "yes", "manager": "alone"},
            words="I ask at every visit now, and write it down.",
        )
        say_what_came_of_it(on_day, check_page, desk, training_coordinator, event)


# Before


def find_a_need(desk, check_page, partnership):
    desk.goto("/training/needs/")
    follow(desk, "Begin next year’s")
    desk.get_by_label(partnership.name).check()
    press(desk, "Begin the analysis")
    follow(desk, "Add a need by hand")
    desk.get_by_label("What do people have to learn?").fill("Seeing where a baby sleeps")
    desk.get_by_label("What shows it?").fill("Two reviews found that nobody had asked.")
    desk.get_by_label("Soon", exact=True).check()
    press(desk, "Save the need")
    check_page(desk)


def plan_a_course(desk, check_page, partnership):
    desk.goto("/training/courses/")
    follow(desk, "Add a course")
    desk.get_by_label("What is it called?").fill("Where babies sleep")
    desk.get_by_label("What is it for?").fill("So that every visitor asks, and knows what to do with the answer.")
    desk.get_by_label("What can people do afterwards?").fill("Ask to see where the baby sleeps, without blame")
    desk.get_by_label(partnership.name).check()
    press(desk, "Save the course")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Where babies sleep")
    check_page(desk)


def decide_and_settle(desk, check_page):
    desk.goto("/training/needs/")
    follow(desk, "Learning needs 2027")
    follow(desk, "Decide on Seeing where a baby sleeps")
    desk.get_by_label("By these courses", exact=True).check()
    desk.get_by_label("Where babies sleep").check()
    press(desk, "Save the decision")
    follow(desk, "Settle it")
    press(desk, "Settle it")
    expect(desk.get_by_text("Every member reads it")).to_be_visible()
    check_page(desk)


def hold_it(desk, check_page):
    desk.goto(Course.objects.get(title="Where babies sleep").get_absolute_url())
    follow(desk, "Add an event")
    fill_day(desk, "Day", "1 3 2027")
    desk.get_by_label("From", exact=True).fill("10:00")
    desk.get_by_label("To", exact=True).fill("12:30")
    desk.get_by_label("Where?").fill("Old Library")
    desk.get_by_label("Joining details").fill("Ring at the blue door.")
    desk.get_by_label("Places", exact=True).fill(str(len(PEOPLE)))
    press(desk, "Save the event")
    check_page(desk)
    return Event.objects.get(venue="Old Library")


def fill_day(page, question, day):
    group = page.get_by_role("group", name=question, exact=True)
    for label, part in zip(("Day", "Month", "Year"), day.split(), strict=True):
        group.get_by_label(label).fill(part)


# Places


def book(phones, check_page, partnership, event, charity):
    """Six have a place; who comes seventh waits, and has the place that the sixth gives back and asks for again."""
    for name, phone in phones.items():
        phone.goto(f"/p/{partnership.slug}/training/")
        follow(phone, "Where babies sleep")
        phone.get_by_role("link", name=re.compile("Book a place|Join the waiting list")).first.click()
        phone.get_by_label("Your name").fill(name)
        phone.get_by_label("Your work e-mail").fill(address_of(name))
        phone.get_by_label("Who do you work or volunteer for?").select_option(charity.name)
        press(phone, "Ask for a place")
        phone.goto(link_in(post()[address_of(name)], "place"))
        press(phone, "Confirm my place")
    expect(phones[LATE].get_by_text("You are number 1 of 1 on the waiting list.")).to_be_visible()
    check_page(phones[LATE])
    gives_back = phones[PEOPLE[-1]]
    expect(gives_back.get_by_text("Ring at the blue door.")).to_be_visible()
    follow(gives_back, "I cannot come")
    gives_back.get_by_role("textbox").fill("I am in court that day.")
    press(gives_back, "Give my place back")
    phones.pop(PEOPLE[-1])
    phones[LATE].reload()
    expect(phones[LATE].get_by_text("You are booked.")).to_be_visible()
    assert event.places.taken().count() == len(PEOPLE)
    booked = post()[address_of(LATE)][-1]
    assert [part.get_content_type() for part in booked.message().walk()].count("text/calendar")


def move_it(desk, event):
    desk.goto(event.get_absolute_url())
    follow(desk, "Change the event")
    fill_day(desk, "Day", "2 3 2027")
    press(desk, "Save the event")
    moved = post()
    assert set(moved) == {address_of(name) for name in [*PEOPLE[:-1], LATE]}
    assert all("2 March 2027" in each.body for mails in moved.values() for each in mails)


# Three times asked


def answer_all(phones, choices, words=""):
    """Everybody who took part follows the link that was mailed, and answers."""
    open_evaluations(on=date.today(), at=datetime.now(UTC))
    mails = post()
    for name, phone in phones.items():
        phone.goto(link_in(mails[address_of(name)], "evaluation"))
        for field, value in choices.items():
            phone.locator(f"input[name={field}][value='{value}']").check()
        if words:
            phone.locator("textarea[name=words]").fill(words)
        press(phone, "Send my answers")
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Thank you")


# The day itself


def come(phones, on_day, check_page, desk, coordinator, event):
    """All but one sign in by the code, the last is ticked, and the register is closed."""
    on_day(date(2027, 3, 2), desk, coordinator).goto(event.get_absolute_url())
    follow(desk, "Register")
    follow(desk, "Sign-in code")
    press(desk, "Make the code")
    check_page(desk)
    code = desk.locator(".code-letters").inner_text().replace(" ", "")
    *with_phones, ticked = phones
    for name in with_phones:
        phones[name].goto("/training/sign-in/")
        phones[name].get_by_label("Code").fill(code)
        phones[name].get_by_label("Work e-mail").fill(address_of(name))
        press(phones[name], "Sign in")
        expect(phones[name].get_by_role("heading", level=1)).to_have_text("You are signed in")
    follow(desk, "Back to the register")
    desk.get_by_role("button", name=re.compile(f"^Came.*{ticked}")).click()
    expect(desk.get_by_text("6 of 6")).to_be_visible()
    with at(date(2027, 3, 2), 13):
        close(desk, check_page)
    certified = post()
    assert set(certified) == {address_of(name) for name in phones}


def close(desk, check_page):
    desk.reload()
    follow(desk, "Close the register")
    check_page(desk)
    press(desk, "Close the register")
    expect(desk.get_by_role("link", name="All certificates (PDF)")).to_be_visible()


# What came of it


def say_what_came_of_it(on_day, check_page, desk, coordinator, event):
    """Once the questions are closed the coordinator puts together what people wrote."""
    on_day(date(2027, 5, 18), desk, coordinator).goto(f"{event.get_absolute_url()}evaluation/")
    follow(desk, re.compile("Read the words.*some weeks later"))
    desk.get_by_label("What do people say?").fill("They ask at every visit, and write down what they saw.")
    desk.get_by_label("What difference did it make in practice?").fill("Where a baby sleeps is seen, not assumed.")
    press(desk, "Save the summary")
    check_page(desk)
    desk.goto(event.get_absolute_url())
    expect(desk.get_by_text("Where a baby sleeps is seen, not assumed.")).to_be_visible()
    desk.goto("/training/figures/?starts_on=2027-03-01&ends_on=2027-03-31")
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    desk.goto(LearningNeed.objects.get(topic="Seeing where a baby sleeps").get_absolute_url())
    expect(desk.get_by_role("main")).to_contain_text("Where babies sleep")
    check_page(desk)
