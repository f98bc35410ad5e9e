"""The first pages people see: what stands on them, and that they do not grow with their rows."""

import pytest
from django.urls import reverse

from assurance.navigation import navigation
from plans.models import Plan
from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    MeetingActionFactory,
    MilestoneFactory,
    PlanFactory,
    PriorityFactory,
    UpdateRoundFactory,
)
from tests.plans.test_plan_page import add_deliverables, count_queries

MY_WORK = reverse("assurance:my-work")
DESK = reverse("assurance:desk")
REPORT = "Highlight report for October to December 2026"  # of the group that ``chair`` chairs


@pytest.fixture
def work_of(client_of):
    """``work_of(user)``: (titles late, titles due this month) on their My work."""

    def work_of(user):
        work = client_of(user).get(MY_WORK).context["work"]
        return [item.title for item in work.late], [item.title for item in work.soon]

    return work_of


def test_my_work_is_what_one_leads_and_nothing_else(work_of, lead, chair, partner, stranger, plan, round_open):
    assert work_of(lead) == (
        ["1.1 Try it in two maternity units."],
        ["1.1 A shared plan with every family before a birth"],
    )
    assert work_of(chair) == ([], ["1.2 Safer sleep advice that reaches fathers", REPORT])
    assert [work_of(partner), work_of(stranger)] == [([], [])] * 2


def test_each_kind_of_thing_due_has_its_own_button(client_of, lead, chair, agenda_item, meeting_action):
    works = {user.name: client_of(user).get(MY_WORK).context["work"] for user in (lead, chair)}
    buttons = {
        name: [(item.title, item.verb) for item in (*work.late, *work.soon, *work.later)]
        for name, work in works.items()
    }
    assert buttons == {
        lead.name: [("LD-1 Write to every school", "Update"), ("Safer sleep: what fathers say", "Bring it")],
        chair.name: [("Meeting of Learning and Development Subgroup", "Open")],
    }


def test_the_desk_counts_what_wants_looking_at_with_and_without_a_plan(client_of, office, learning_group):
    client = client_of(office)
    assert "In the partnership" not in client.get(DESK).content.decode()
    MeetingActionFactory(group=learning_group, due_on="2027-01-04")
    page = client.get(DESK)
    assert [(figure.count, figure.words) for figure in page.context["figures"]] == [(1, "late action")]
    assert "In the partnership" in page.content.decode()


def test_what_is_answered_leaves_my_work(work_of, client_of, chair, group_deliverable, round_open, ratings):
    client_of(chair).post(
        reverse("plans:deliverable-update", args=[group_deliverable.pk]),
        {f"d{group_deliverable.pk}-rating": ratings["G"].pk, f"d{group_deliverable.pk}-progress": "It has begun."},
    )
    assert work_of(chair) == ([], [REPORT])
    assert [update.progress for update in client_of(chair).get(MY_WORK).context["work"].done] == ["It has begun."]


def test_the_lines_of_one_round_are_one_thing_to_do(client_of, lead, led_deliverable, round_open, ratings):
    for position in (8, 9):
        row = DeliverableFactory(priority=led_deliverable.priority, position=position, title="One more")
        DeliverableLeadFactory(deliverable=row, text="Head of Midwifery", post=lead.holdings.get().post)

    def item():
        [item] = [each for each in client_of(lead).get(MY_WORK).context["work"].soon if "lines" in each.title]
        return item.title, item.about, item.verb

    assert item() == ("Update your 3 lines of the plan", "October to December 2026. 0 of 3 answered", "Update all")
    client_of(lead).post(
        reverse("plans:update-send"),
        {f"d{led_deliverable.pk}-rating": ratings["G"].pk, f"d{led_deliverable.pk}-progress": "Two visits."},
    )
    client_of(lead).post(reverse("plans:update-draft", args=[row.pk]), {f"d{row.pk}-progress": "Half a sen"})
    assert item() == (
        "Update your 3 lines of the plan",
        "October to December 2026. 1 of 3 answered. Saved today at 09:00, not sent",
        "Carry on",
    )


def test_lines_of_two_plans_are_two_things_to_do_and_say_whose(
    client_of, lead, plan, round_open, rating_key, led_deliverable
):
    other = PlanFactory(
        title="Turning 18", rating_key=rating_key, status=Plan.Status.PUBLISHED, partnerships=plan.partnerships.all()
    )
    UpdateRoundFactory(plan=other, name=round_open.name)
    for row_of in (plan, other):
        priority = PriorityFactory(plan=row_of, position=30, ref="30")
        for position in range(2):
            row = DeliverableFactory(priority=priority, position=position)
            DeliverableLeadFactory(deliverable=row, text="Head of Midwifery", post=lead.holdings.get().post)
    items = [each for each in client_of(lead).get(MY_WORK).context["work"].soon if "lines" in each.title]
    assert sorted((each.title, each.about) for each in items) == [
        ("Update your 2 lines of the plan", "Turning 18, October to December 2026. 0 of 2 answered"),
        ("Update your 3 lines of the plan", f"{plan}, October to December 2026. 0 of 3 answered"),
    ]
    assert "Update your 5 lines of 2 plans" in client_of(lead).get(reverse("plans:updates")).text


def test_my_work_takes_as_many_queries_for_three_deadlines_as_for_one(client_of, lead, plan):
    client = client_of(lead)
    post = lead.holdings.get().post
    assert len(client.get(MY_WORK).context["work"].late) == 1
    at_1 = count_queries(client, MY_WORK)
    for n in range(2):
        deliverable = DeliverableFactory(priority=plan.priorities.first(), position=50 + n, ref=str(50 + n))
        DeliverableLeadFactory(deliverable=deliverable, post=post)
        MilestoneFactory(activity=ActivityFactory(deliverable=deliverable), due_on="2027-01-01")
    assert len(client.get(MY_WORK).context["work"].late) == 3
    assert count_queries(client, MY_WORK) == at_1


def test_desk_takes_as_many_queries_for_60_deliverables_as_for_10(client_of, office, plan, round_past, round_open):
    client = client_of(office)
    add_deliverables(plan, 10)
    at_10 = count_queries(client, DESK)
    add_deliverables(plan, 50)
    assert count_queries(client, DESK) == at_10


def test_desk_is_for_the_office_alone(client_of, office, chair, partner, advisor, plan):
    seen = {person.name: client_of(person).get(DESK).status_code for person in [office, chair, partner, advisor]}
    assert seen == {office.name: 200, chair.name: 403, partner.name: 403, advisor.name: 403}


def test_desk_of_an_office_shows_its_own_plan_alone(client_of, office, stranger, plan):
    assert client_of(office).get(DESK).context["desk"].plan == plan
    assert client_of(stranger).get(DESK).context["desk"] is None


def test_my_work_says_as_whom_in_the_words_of_the_plan(client_of, lead, chair, partner, plan, round_open):
    works = {person.name: client_of(person).get(MY_WORK).context["work"] for person in (lead, chair, partner)}
    assert {name: (work.count_words, work.roles) for name, work in works.items()} == {
        lead.name: ("Two things need you", ["Head of Midwifery"]),
        chair.name: (
            "Two things need you",
            ["Chair, Learning and Development Subgroup", "Learning and Development Subgroup"],
        ),
        partner.name: ("Nothing needs you", []),
    }


def below(client, path):
    """(the current item of the main menu, {group: its pages, the current one starred})."""
    [item] = [each for each in navigation(client.get(path).wsgi_request) if each.is_current]
    return item.label, {
        group.label: [f"{each.label}{' *' if each.is_current else ''}" for each in group.items] for group in item.below
    }


LOOKED_INTO = ["Audits", "Inspections", "Indicators", "Voice", "Risks", "Challenges", "Independent scrutiny"]


def test_below_assurance_the_menu_leads_to_the_pages_that_one_uses(client_of, office, partner):
    assert below(client_of(partner), "/timetable/") == (
        "Assurance",
        {"Asked and answered": ["Returns", "Timetable *", "Heat map", "Standards"], "Looked into": LOOKED_INTO},
    )
    asked = ["Returns", "Requests", "Timetable *", "Heat map", "Standards", "Practitioners", "Schools"]
    assert below(client_of(office), "/timetable/") == (
        "Assurance",
        {"Asked and answered": asked, "Looked into": LOOKED_INTO},
    )


@pytest.mark.parametrize(
    "path", ["/reports/", "/report-sign-offs/1/", "/report-recipients/1/change/", "/report-contributions/1/give-back/"]
)
def test_all_of_an_annual_report_stands_below_annual_reports(client_of, office, path):
    """Whether or not its record is there: the page that says so has a menu, too."""
    assert below(client_of(office), path) == ("Reports", {"": ["Annual reports *", "How are we doing?"]})


@pytest.mark.parametrize(("path", "current"), [("/scales/", "Standards"), ("/question-sets/", "Requests")])
def test_what_has_no_place_in_the_menu_stands_below_what_it_serves(client_of, office, path, current):
    _item, groups = below(client_of(office), path)
    assert [each for group in groups.values() for each in group if each.endswith("*")] == [f"{current} *"]


def test_control_another_kind_of_report_is_not_an_annual_one(client_of, office):
    assert below(client_of(office), "/how-are-we-doing/") == (
        "Reports",
        {"": ["Annual reports", "How are we doing? *"]},
    )


def test_rule_sets_stand_where_the_partnership_s_page_leads_to_them(client_of, office):
    assert below(client_of(office), "/rule-sets/") == ("Partnership", {})


def test_elsewhere_nothing_stands_below_the_menu(client_of, office):
    request = client_of(office).get("/plans/").wsgi_request
    assert [each.below for each in navigation(request) if each.below] == []
