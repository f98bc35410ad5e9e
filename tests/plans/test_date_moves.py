"""A new date: asked for by a lead with a reason, and answered by the office. The plan keeps its own until then."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from plans.answering import Move, moves_waiting, send_line
from plans.course import read_courses
from plans.date_moves import agree_to_move, settle_moves
from plans.models import Activity, DateMove
from tests.conftest import TODAY


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


def taken_back(move):
    move.refresh_from_db()
    return move.is_agreed, move.taken_back_by, bool(move.taken_back_at)


def type_timescale(browser, plan, activity, words):
    """As the office does in the table's cell."""
    url = reverse("plans:cell-change", args=[plan.pk, "activity", activity.pk, "timescale"])
    seen = browser.get(url).context["form"].fields["seen"].initial
    answer = browser.post(url, {"timescale_text": words, "means": "", "seen": seen})
    assert answer.status_code == 302


def test_an_agreed_date_that_is_undone_says_that_it_was_taken_back_and_by_whom(
    client_of, office, lead, move, trial, plan, led_deliverable
):
    browser = client_of(office)
    browser.post(url_of(move), {"agree": "1", "seen": "by end of Nov 2026"})
    assert taken_back(move) == (True, None, False)
    listed = reverse("plans:date-move-list", args=[plan.pk])
    assert ["Undo the last change" in client.get(listed).text for client in (browser, client_of(lead))] == [True, False]
    browser.post(reverse("plans:plan-undo", args=[plan.pk]))
    assert taken_back(move) == (True, office, True)
    for url in (reverse("plans:date-move-list", args=[plan.pk]), led_deliverable.get_absolute_url()):
        said = " ".join(strip_tags(client_of(lead).get(url).text).split())
        who = f"{office.name}, 12 January 2027"
        assert f"Agreed{who}Then taken back: the plan has its old date again{who}" in said
        assert "Answer it again" not in said
        assert "Answer it again" in client_of(office).get(url).text


def test_the_old_date_typed_into_the_table_takes_it_back_too_and_a_third_date_does_not(
    client_of, office, move, trial, plan
):
    browser = client_of(office)
    agree_to_move(move, by=office, at=timezone.now())
    type_timescale(browser, plan, trial, "June 2027")
    assert taken_back(move) == (True, None, False)
    type_timescale(browser, plan, trial, "by  end of Nov 2026")
    assert taken_back(move) == (True, office, True)
    type_timescale(browser, plan, trial, "end of March 2027")
    assert taken_back(move) == (True, None, False)


def test_the_first_of_two_agreed_dates_taken_back_takes_the_second_with_it(
    office, move, led_deliverable, trial, lead, round_open, ratings, plan
):
    agree_to_move(move, by=office, at=timezone.now())
    trial.refresh_from_db()
    second = ask(led_deliverable, trial, "May 2027", round=round_open, by=lead, rating=ratings["A"], progress="Slower")
    agree_to_move(second, by=office, at=timezone.now())

    def say(words):
        Activity.objects.filter(pk=trial.pk).update(timescale_text=words)
        settle_moves(plan, by=office, at=timezone.now())
        return [taken_back(each)[2] for each in (move, second)]

    assert [say("May 2027"), say("end of March 2027"), say("by end of Nov 2026")] == [
        [False, False],
        [False, True],
        [True, True],
    ]


def test_what_was_taken_back_can_be_answered_again_either_way(client_of, office, move, trial, plan):
    browser = client_of(office)
    for _time in range(2):
        assert browser.post(url_of(move), {"agree": "1", "seen": "by end of Nov 2026"}).status_code == 302
        assert taken_back(move) == (True, None, False)
        browser.post(reverse("plans:plan-undo", args=[plan.pk]))
    page = browser.get(url_of(move)).text
    assert ("Agree to the new date" in page, "Then taken back" in page) == (True, True)
    assert browser.post(url_of(move), {"reason": "The inspection is in May"}).status_code == 302
    move.refresh_from_db()
    assert (move.is_agreed, move.decision_reason, move.taken_back_at) == (False, "The inspection is in May", None)
    assert browser.post(url_of(move), {"agree": "1", "seen": "by end of Nov 2026"}).status_code == 409


def test_a_date_taken_back_was_not_moved(office, move, trial, plan, led_deliverable):
    agree_to_move(move, by=office, at=timezone.now())
    settle_moves(plan, by=office, at=timezone.now())

    def moves():
        [course] = read_courses([plan], on=TODAY)
        works = [work for each in course.promises for work in each.works if work.pk == trial.pk]
        return [(len(work.moves), len(work.moves_that_count())) for work in works]

    assert moves() == [(1, 1)]
    Activity.objects.filter(pk=trial.pk).update(timescale_text="by end of Nov 2026")
    settle_moves(plan, by=office, at=timezone.now())
    assert moves() == [(1, 0)]


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
