"""A plan begins: empty or from last year's, and no partnership has two for one day."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from plans import starting
from plans.models import Plan, PlanDriver
from plans.starting import is_long, next_period, start_plan
from tests.factories import PartnershipFactory, PlanFactory

pytestmark = pytest.mark.django_db

URL = "/plans/start/"


def days(**named):
    """``starts_on=date(…)`` as the three boxes of a form."""
    return {
        f"{name}_{place}": str(part)
        for name, day in named.items()
        for place, part in zip(("day", "month", "year"), (day.day, day.month, day.year), strict=True)
    }


@pytest.fixture
def typed(partnership, other_partnership):
    """What a browser sends for a plan of both partnerships for the year after this one, from nothing."""
    return {
        "begins": "empty",
        "partnerships": [partnership.pk, other_partnership.pk],
        "title": "Business plan 2027 to 2028",
        "audience": "children",
        **days(starts_on=date(2027, 4, 1), ends_on=date(2028, 3, 31)),
    }


def of(plan):
    return {"partnerships": list(plan.partnerships.all()), "audience": plan.audience}


def test_the_next_year_is_suggested_from_the_plan_that_runs(client_of, office, plan):
    form = client_of(office).get(URL).context["form"]
    assert {name: form.initial[name] for name in ("begins", "title", "starts_on", "ends_on", "audience")} == {
        "begins": plan.pk,
        "title": "Business plan 2027 to 2028",
        "starts_on": date(2027, 4, 1),
        "ends_on": date(2028, 3, 31),
        "audience": "children",
    }
    assert {each.pk for each in form.initial["partnerships"]} == plan.partnership_ids


def test_without_a_plan_the_next_financial_year_of_the_partnership_is_suggested(partnership, today):
    partnership.financial_year_starts_month = 9
    assert next_period([partnership], on=today) == (date(2027, 9, 1), date(2028, 8, 31))
    PlanFactory(partnerships=[partnership], starts_on=date(2027, 9, 1), ends_on=date(2029, 8, 31))
    assert next_period([partnership], on=today) == (date(2029, 9, 1), date(2030, 8, 31))


def test_an_empty_plan_is_a_draft_of_those_who_were_ticked(client_of, office, partnership, other_partnership, typed):
    response = client_of(office).post(URL, typed)
    plan = Plan.objects.get()
    assert response.url == plan.get_absolute_url()
    assert (plan.title, plan.status, plan.version, plan.starts_on, plan.ends_on, plan.continues) == (
        "Business plan 2027 to 2028",
        "draft",
        "0.1",
        date(2027, 4, 1),
        date(2028, 3, 31),
        None,
    )
    assert plan.partnership_ids == {partnership.pk, other_partnership.pk}


def test_a_plan_from_last_year_s_takes_what_belongs_to_the_whole(client_of, office, plan, typed):
    columns = [{"code": "promise", "heading": "Key deliverables"}]
    Plan.objects.filter(pk=plan.pk).update(columns=columns, audience="both")
    PlanDriver.objects.create(plan=plan, position=1, text="A duty", source_key="rule:1", source_label="The Act")
    response = client_of(office).post(URL, typed | {"begins": plan.pk, "audience": "both"})
    new = plan.continued_by.get()
    assert response.url == reverse("plans:plan-carry", args=[plan.pk])
    assert (new.rating_key, new.scrutiny_group, new.deciding_group, new.columns, new.audience) == (
        plan.rating_key,
        plan.scrutiny_group,
        plan.deciding_group,
        columns,
        "both",
    )
    assert list(new.drivers.values_list("position", "text", "source_key", "source_label")) == [
        (1, "A duty", "rule:1", "The Act")
    ]
    assert (new.introduction, new.priorities.count(), new.published_version) == ("", 0, None)


def test_a_group_that_has_closed_is_not_taken_along(plan, executive):
    executive.closed_on = date(2027, 1, 1)
    executive.save()
    new = start_plan(title="Next", starts_on=date(2027, 4, 1), ends_on=date(2028, 3, 31), continues=plan, **of(plan))
    assert (new.scrutiny_group, new.deciding_group) == (plan.scrutiny_group, None)


OVERLAPS = "“Business plan 2026 to 2027” of the same partnerships already runs from 1 April 2026 to 31 March 2027"


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        (days(starts_on=date(2027, 3, 1)), {"starts_on": [OVERLAPS]}),
        (days(ends_on=date(2027, 4, 1)), {"ends_on": ["Enter a last day that comes after the first"]}),
        (days(ends_on=date(2027, 1, 1)), {"ends_on": ["Enter a last day that comes after the first"]}),
        (
            days(ends_on=date(2030, 4, 1)),
            {"is_meant": ["Tick this if the plan runs for so long, or change its last day"]},
        ),
        ({"starts_on_day": "31", "starts_on_month": "2"}, {"starts_on": ["Enter a real date, like 27 3 2027"]}),
        ({"starts_on_year": ""}, {"starts_on": ["Add the year to the date"]}),
        ({"title": " "}, {"title": ["Enter what the plan is called, like “Business plan 2027 to 2028”"]}),
        ({"title": "x" * 201}, {"title": ["Use 200 characters or fewer. You have 201"]}),
        ({"partnerships": []}, {"partnerships": ["Choose the partnership whose plan this is"]}),
        ({"begins": ""}, {"begins": ["Choose what the plan starts from"]}),
        (
            {"begins": "999"},
            {"begins": ["This plan can’t be carried forward by you, or is already. Choose from the list"]},
        ),
        ({"audience": "martians"}, {"audience": ["Choose an answer from the list"]}),
    ],
)
def test_each_wrong_answer_gets_its_sentence_and_nothing_is_made(client_of, office, plan, typed, changed, errors):
    response = client_of(office).post(URL, typed | changed)
    form = response.context["form"]
    assert (response.status_code, form.errors, Plan.objects.count()) == (422, errors, 1)
    if "title" not in changed:
        assert form["title"].value() == "Business plan 2027 to 2028"


def test_a_long_plan_is_made_once_somebody_says_that_it_is_meant(client_of, office, typed):
    browser, long = client_of(office), days(ends_on=date(2031, 3, 31))
    assert b"runs for longer than three years" not in browser.get(URL).content
    assert b"runs for longer than three years" in browser.post(URL, typed | long).content
    browser.post(URL, typed | long | {"is_meant": "on"})
    assert Plan.objects.get().ends_on == date(2031, 3, 31)


@pytest.mark.parametrize(
    ("ends_on", "is_it"), [(date(2030, 3, 31), False), (date(2030, 4, 1), True), (date(2032, 2, 28), True)]
)
def test_three_years_to_the_day_are_not_long(ends_on, is_it):
    assert is_long(date(2027, 4, 1), ends_on) is is_it


def test_another_partnership_is_refused_at_its_field(client_of, office, far_partnership, typed):
    response = client_of(office).post(URL, typed | {"partnerships": [far_partnership.pk]})
    assert response.context["form"].errors == {"partnerships": ["Choose from the partnerships whose office you are in"]}
    assert Plan.objects.count() == 0


def test_a_joint_plan_is_carried_forward_by_the_office_of_all_alone(client_of, office, plan, stranger):
    plan.partnerships.add(stranger.holdings.get().post.partnerships.get())
    page = client_of(office).get(f"{URL}?from={plan.pk}")
    assert page.context["form"].plans == {}
    answer = client_of(office).get(reverse("plans:plan-carry", args=[plan.pk]))
    assert "Whoever is in the offices of all of them starts the next plan." in answer.content.decode()


def test_a_plan_is_followed_by_one_plan_alone(plan):
    following = start_plan(
        title="Next", starts_on=date(2027, 4, 1), ends_on=date(2028, 3, 31), continues=plan, **of(plan)
    )
    with pytest.raises(ValidationError) as refused:
        start_plan(title="Again", starts_on=date(2029, 4, 1), ends_on=date(2030, 3, 31), continues=plan, **of(plan))
    assert refused.value.messages == [f"“{following}” was started from “{plan}” already"]


def test_neighbours_plans_do_not_stand_in_the_way(plan):
    other = PartnershipFactory(short_name="NB", slug="nb")
    assert start_plan(
        [other], title="Theirs", starts_on=plan.starts_on, ends_on=plan.ends_on, audience="children"
    ).partnership_ids == {other.pk}


def race(user, typed):
    """Two offices press the button at the same moment; gives the answers."""
    answers, ready = [], threading.Barrier(2)

    def press(title):
        try:
            client = Client()
            client.force_login(user)
            client.get(URL)
            ready.wait(timeout=30)
            response = client.post(URL, typed | {"title": title})
            answers.append((response.status_code, b"of the same partnerships already runs" in response.content))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[title]) for title in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_of_two_offices_at_once_one_wins_and_the_other_is_told(office, rating_key, typed):
    assert (race(office, typed), Plan.objects.count()) == ([(302, False), (422, True)], 1)


@pytest.mark.django_db(transaction=True)
def test_the_control_without_the_lock_both_win(office, rating_key, typed, monkeypatch):
    """The check alone does not do it: both look before either has written."""
    looked = threading.Barrier(2)
    check = starting.refuse_overlap

    def check_without_lock(partnership_ids, **given):
        check([], **given)
        looked.wait(timeout=30)

    monkeypatch.setattr(starting, "refuse_overlap", check_without_lock)
    assert (race(office, typed), Plan.objects.count()) == ([(302, False), (302, False)], 2)
