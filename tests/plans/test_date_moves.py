"""A new date: asked for by a lead with a reason, and answered by the office. The plan keeps its own until then."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from plans.answering import Move, moves_waiting, send_line
from plans.models import DateMove


def ask(deliverable, activity, words, *, round, by, rating, progress="Slow"):
    answers = {"rating": rating, "progress": progress, "moves": [Move(activity, words, "Two vacancies")]}
    send_line(deliverable, round=round, by=by, at=timezone.now(), answers=answers)
    return DateMove.objects.order_by("-pk").first()


@pytest.fixture
def trial(led_deliverable):
    """The activity of 1.1 that is due by the end of November."""
    return led_deliverable.activities.get(position=2)


@pytest.fixture
def move(led_deliverable, trial, lead, round_open, ratings):
    return ask(led_deliverable, trial, "end of March 2027", round=round_open, by=lead, rating=ratings["A"])


def url_of(move):
    return reverse("plans:date-move-decide", args=[move.pk])


def test_the_office_agrees_by_one_press_and_the_plan_says_so(client_of, office, move, trial, plan):
    client_of(office).post(url_of(move), {"agree": "1", "seen": "by end of Nov 2026"})
    trial.refresh_from_db()
    move.refresh_from_db()
    days = list(trial.milestones.values_list("due_on", flat=True))
    assert (trial.timescale_text, days, move.is_agreed, move.decided_by) == (
        "end of March 2027",
        [date(2027, 3, 31)],
        True,
        office,
    )
    assert list(moves_waiting(plan)) == []


def test_what_was_agreed_can_be_undone(client_of, office, move, trial, plan):
    browser = client_of(office)
    browser.post(url_of(move), {"agree": "1", "seen": "by end of Nov 2026"})
    browser.post(reverse("plans:plan-undo", args=[plan.pk]))
    trial.refresh_from_db()
    assert trial.timescale_text == "by end of Nov 2026"


def test_nobody_but_the_office_answers(client_of, lead, chair, stranger, move, trial):
    assert [client_of(each).post(url_of(move), {"agree": "1"}).status_code for each in (lead, chair, stranger)] == [
        403,
        403,
        404,
    ]
    trial.refresh_from_db()
    assert trial.timescale_text == "by end of Nov 2026"


def test_to_keep_the_date_needs_a_reason(client_of, office, move):
    assert client_of(office).post(url_of(move), {"reason": " "}).status_code == 422
    client_of(office).post(url_of(move), {"reason": "The inspection is in May"})
    move.refresh_from_db()
    assert (move.is_agreed, move.decision_reason) == (False, "The inspection is in May")


def test_it_is_answered_once_and_not_where_the_plan_has_changed(client_of, office, move, trial):
    assert client_of(office).post(url_of(move), {"agree": "1", "seen": "something else"}).status_code == 409
    client_of(office).post(url_of(move), {"reason": "No"})
    again = client_of(office).post(url_of(move), {"agree": "1", "seen": "by end of Nov 2026"})
    trial.refresh_from_db()
    assert (again.status_code, trial.timescale_text) == (409, "by end of Nov 2026")


def test_what_a_lead_asks_for_again_takes_the_place_of_the_first(
    client_of, office, move, led_deliverable, trial, lead, round_open, ratings, plan
):
    second = ask(led_deliverable, trial, "May 2027", round=round_open, by=lead, rating=ratings["A"], progress="Slower")
    assert list(moves_waiting(plan)) == [second]
    assert client_of(office).post(url_of(move), {"agree": "1", "seen": "by end of Nov 2026"}).status_code == 409


def test_old_and_new_stand_side_by_side(client_of, office, partner, stranger, move, led_deliverable, plan):
    listed = reverse("plans:date-move-list", args=[plan.pk])
    for url in (listed, led_deliverable.get_absolute_url()):
        pages = [client_of(each).get(url).content.decode() for each in (office, partner)]
        said = [
            all(words in page for words in ("by end of Nov 2026", "end of March 2027", "Two vacancies"))
            for page in pages
        ]
        assert (said, ["Agree<" in page for page in pages]) == ([True, True], [True, False])
    assert client_of(stranger).get(listed).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_the_same_however_many(
    client_of, office, led_deliverable, lead, round_open, ratings, plan, django_assert_num_queries, count
):
    for number in range(count):
        activity = led_deliverable.activities.create(position=10 + number, text="One more")
        led_deliverable.updates.update(superseded_by=None)
        ask(led_deliverable, activity, f"{number + 1} May 2027", round=round_open, by=lead, rating=ratings["A"])
    DateMove.objects.update(decided_at=timezone.now(), is_agreed=False, decided_by=office)
    browser = client_of(office)
    with django_assert_num_queries(9):
        browser.get(reverse("plans:date-move-list", args=[plan.pk]))
