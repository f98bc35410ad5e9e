"""A new partnership's first steps: their states come from the records, and nobody's yes makes one done."""

from datetime import date

import pytest
from django.urls import reverse

from assurance.navigation import navigation
from partnership.models import Group, GroupMember, Membership, Post, Reminder
from plans.models import Plan
from tests.conftest import hold
from tests.factories import (
    DeliverableFactory,
    DeliverableLeadFactory,
    GroupFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PlanFactory,
    PriorityFactory,
    UpdateRoundFactory,
)
from tests.plans.test_plan_page import count_queries

MY_WORK = reverse("assurance:my-work")
PUT_AWAY = reverse("assurance:getting-started-put-away")


@pytest.fixture
def beginner(db, today):
    """A partnership of which nothing stands but its name."""
    return PartnershipFactory(name="Harrowdale Safeguarding Children Partnership", short_name="HD", slug="harrowdale")


@pytest.fixture
def beginners_office(beginner):
    return hold("Beth Ames", "Partnership manager", duty=Post.Duty.OFFICE, partnerships=[beginner])


@pytest.fixture
def steps_of(client_of):
    """``steps_of(user, partnership)``: {title of each step: (state, what is found)}."""

    def steps_of(user, partnership):
        page = client_of(user).get(reverse("assurance:getting-started", args=[partnership.pk]))
        return {step.title: (step.state, step.found) for step in page.context["beginning"].steps}

    return steps_of


def links_of(page):
    return {words for step in page.context["beginning"].steps for words, _url in step.links}


def test_of_nothing_nothing_is_done(steps_of, administrator, beginner):
    beginner.areas.clear()
    assert steps_of(administrator, beginner) == {
        "The business office": ("to-do", "There is no post of the office yet"),
        "Name, areas and address": (
            "to-do",
            "Still to say: which local authority areas it covers and the office’s e-mail address",
        ),
        "Partner organisations": ("to-do", "None yet"),
        "Groups and their chairs": ("to-do", "None yet"),
        "Posts and people": ("to-do", "nobody in no post"),
        "The plan and who leads": ("to-do", "None yet"),
        "The plan agreed": ("later", "After the plan is here"),
        "Chairs and leads invited": ("to-do", "0 signed in, 0 invited, 0 not invited yet"),
        "The first round of updates": ("later", "After the plan is agreed"),
        "Reminders": ("later", "After a round is open"),
    }


def test_each_record_moves_its_own_step(steps_of, beginner, beginners_office, rating_key):
    def state(title):
        return steps_of(beginners_office, beginner)[title]

    council = MembershipFactory(
        partnership=beginner, organisation=OrganisationFactory(), role=Membership.Role.RELEVANT
    ).organisation
    assert state("Partner organisations") == ("begun", "1 organisation, among them no statutory partner")
    MembershipFactory(partnership=beginner, organisation=OrganisationFactory(), role=Membership.Role.STATUTORY)
    assert state("Partner organisations") == ("done", "2 organisations, among them 1 statutory partner")

    board = GroupFactory(name="Harrowdale Board", kind=Group.Kind.BOARD, partnerships=[beginner])
    assert state("Groups and their chairs") == ("begun", "1 group, 1 without anybody in the chair")
    assert state("Posts and people")[0] == "to-do"
    hold("Dora Quill", "Director", group=board, role=GroupMember.Role.CHAIR, organisation=council)
    assert state("Groups and their chairs") == ("done", "1 group")
    assert state("Posts and people") == ("done", "2 people in 2 posts")

    plan = PlanFactory(partnerships=[beginner], rating_key=rating_key, status=Plan.Status.DRAFT)
    lead = DeliverableLeadFactory(
        deliverable=DeliverableFactory(priority=PriorityFactory(plan=plan)), post=None, group=None, organisation=None
    )
    assert state("The plan and who leads") == (
        "begun",
        "A plan with 1 deliverable. Of 1 leads we do not know who 1 would be",
    )
    lead.group = board
    lead.save()
    assert state("The plan and who leads") == ("done", "A plan with 1 deliverable")
    assert state("The plan agreed")[0] == "to-do"
    Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.PUBLISHED)
    assert state("The plan agreed")[0] == "done"

    assert state("The first round of updates") == ("to-do", "None yet")
    UpdateRoundFactory(plan=plan, opens_on=date(2027, 1, 11), closes_on=date(2027, 2, 1))
    assert state("The first round of updates") == ("done", "1 round has opened")
    assert state("Reminders")[0] == "to-do"
    Reminder.objects.create(
        deadline_key="update:1:1",
        due_on=date(2027, 2, 1),
        step=-5,
        recipient=beginners_office,
        state=Reminder.State.DONE,
        partnership_ids=[beginner.pk],
    )
    assert state("Reminders") == ("done", "The first reminders of a round have left")


def test_a_planned_round_is_not_an_opened_one(steps_of, beginner, beginners_office, rating_key):
    plan = PlanFactory(partnerships=[beginner], rating_key=rating_key, status=Plan.Status.PUBLISHED)
    UpdateRoundFactory(plan=plan, opens_on=date(2027, 1, 13), closes_on=date(2027, 2, 1))
    assert steps_of(beginners_office, beginner)["The first round of updates"] == ("begun", "1 round is planned")


def test_what_another_partnership_has_moves_nothing(steps_of, beginner, beginners_office, plan, round_open, chair):
    found = steps_of(beginners_office, beginner)
    moved = [title for title, (state, _words) in found.items() if state not in {"to-do", "later"}]
    assert moved == ["The business office"]  # which has signed in


def test_an_administrator_sees_how_far_it_is_and_neither_the_plan_nor_a_way_into_it(
    client_of, administrator, beginner, beginners_office, rating_key
):
    PlanFactory(title="Not told to anybody", partnerships=[beginner], rating_key=rating_key, status=Plan.Status.DRAFT)
    url = reverse("assurance:getting-started", args=[beginner.pk])
    theirs, own = client_of(administrator).get(url), client_of(beginners_office).get(url)
    assert "Not told to anybody" not in theirs.text
    assert "Open the plan" in links_of(own)
    assert links_of(own) - links_of(theirs) >= {"Open the plan", "Add a group", "See who is told next"}


def test_the_home_pages_of_the_office_lead_to_the_steps_until_a_round_has_opened(
    client_of, beginner, beginners_office, rating_key
):
    client = client_of(beginners_office)
    for url in (MY_WORK, reverse("assurance:desk")):
        assert client.get(url).context["steps"]["beginning"].next_step.title == "Name, areas and address"
    plan = PlanFactory(partnerships=[beginner], rating_key=rating_key, status=Plan.Status.PUBLISHED)
    UpdateRoundFactory(plan=plan, opens_on=date(2027, 1, 12), closes_on=date(2027, 2, 1))
    assert client.get(MY_WORK).context["steps"] is None


def test_put_away_they_are_gone_from_the_home_page_and_the_menu_until_they_are_asked_for_again(
    client_of, beginner, beginners_office
):
    def menu(client):
        return [item.label for item in navigation(client.get(MY_WORK).wsgi_request)]

    client = client_of(beginners_office)
    assert "Getting started" not in menu(client)
    client.get(reverse("assurance:getting-started", args=[beginner.pk]))
    assert "Getting started" in menu(client)
    client.post(PUT_AWAY)
    assert "Getting started" not in menu(client)
    assert client.get(MY_WORK).context["steps"] is None
    client.get(reverse("assurance:getting-started", args=[beginner.pk]))  # from Help, and still put away
    assert "Getting started" not in menu(client)
    anew = client_of(beginners_office)  # signed in once more
    assert anew.get(MY_WORK).context["steps"] is None
    assert "You put them away on" in anew.get(reverse("assurance:getting-started", args=[beginner.pk])).text
    anew.post(PUT_AWAY, {"again": "1"})
    assert anew.get(MY_WORK).context["steps"]
    assert "Getting started" in menu(anew)


def test_nobody_else_is_led_to_them(client_of, chair, advisor, partner, plan):
    assert [client_of(user).get(MY_WORK).context["steps"] for user in (chair, advisor, partner)] == [None] * 3


def test_steps_take_as_many_queries_for_three_of_everything_as_for_one(
    client_of, beginner, beginners_office, rating_key
):
    client = client_of(beginners_office)
    url = reverse("assurance:getting-started", args=[beginner.pk])
    client.get(url)  # puts them into the menu

    def one_more(number):
        agency = OrganisationFactory(name=f"Agency {number}")
        MembershipFactory(partnership=beginner, organisation=agency)
        group = GroupFactory(name=f"Group {number}", partnerships=[beginner])
        hold(f"Person {number}", f"Post {number}", group=group, role=GroupMember.Role.CHAIR, organisation=agency)
        plan = PlanFactory(title=f"Plan {number}", partnerships=[beginner], rating_key=rating_key)
        DeliverableLeadFactory(deliverable=DeliverableFactory(priority=PriorityFactory(plan=plan)), group=group)
        UpdateRoundFactory(plan=plan, opens_on=date(2027, 1, 12), closes_on=date(2027, 2, 1))

    one_more(1)
    at_1 = count_queries(client, url)
    one_more(2)
    one_more(3)
    assert count_queries(client, url) == at_1


def test_a_new_post_of_an_only_partnership_is_of_it_without_a_tick(client_of, beginner, beginners_office):
    client = client_of(beginners_office)
    asked = client.get(reverse("partnership:post-add"), {"duty": "office"}).context["form"]
    assert (asked["partnerships"].value(), asked["duty"].value()) == ([beginner.pk], "office")
    assert client.get(reverse("partnership:group-add")).context["form"]["partnerships"].value() == [beginner.pk]


def test_before_the_yes_the_page_names_the_partnership_whose_office_it_is(client_of, administrator, beginner):
    post = Post.objects.create(title="Partnership manager", duty=Post.Duty.OFFICE)
    post.partnerships.add(beginner)
    answer = client_of(administrator).post(
        reverse("partnership:post-appoint", args=[post.pk]),
        {"email": "b@example.org", "name": "Beth", "from_on_day": "12", "from_on_month": "1", "from_on_year": "2027"},
    )
    assert f"Runs the business office of {beginner}" in answer.text
