"""Everything that is due, in one shape, from whom it is due, and unknown to whom it must be."""

from datetime import date

import pytest
from django.utils import timezone

from partnership.deadlines import deadlines, deadlines_for, with_people
from partnership.models import GroupMember, User
from plans.models import Plan
from tests.conftest import hold
from tests.factories import (
    CaseFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    MilestoneFactory,
    PostFactory,
    PostHoldingFactory,
    UpdateFactory,
)


@pytest.fixture
def everything(plan, round_open, case, case_group, draft_return, submitted_return, event, training_coordinator, today):
    """One of each kind at least; ``submitted_return`` is no longer due."""


def brief(each):
    return (each.due_on, each.kind, each.title)


def owners_of(each):
    return {owner.text for owner in each.owners}


def test_all_that_is_due_comes_in_one_shape(everything, today):
    assert [brief(each) for each in deadlines(on=today)] == [
        (date(2026, 11, 30), "Milestone", "1.1 Try it in two maternity units."),
        (date(2027, 1, 22), "Update", "1.1 A shared plan with every family before a birth"),
        (date(2027, 1, 22), "Update", "1.2 Safer sleep advice that reaches fathers"),
        (date(2027, 1, 22), "Update", "2.1 Families get help before neglect becomes harm"),
        (date(2027, 1, 28), "Stage of a review", "AV-2027-01: Rapid review sent to the Panel"),
        (date(2027, 1, 29), "Highlight report", "Highlight report for October to December 2026"),
        (date(2027, 1, 29), "Return", "Assurance return 2026 to 2027"),
        (date(2027, 2, 9), "Training event", "Safer sleep for every home visitor"),
        (date(2027, 2, 28), "Milestone", "1.2 Run the winter campaign."),
    ]


def test_later_days_can_be_left_out(everything, today):
    until = date(2027, 1, 22)
    assert {each.due_on for each in deadlines(on=today, until=until)} == {date(2026, 11, 30), until}


def test_each_deadline_stands_once_with_all_its_owners_and_partnerships(
    everything, today, partnership, other_partnership, shared_deliverable, round_open
):
    key = f"update:{round_open.pk}:{shared_deliverable.pk}"
    [shared] = [each for each in deadlines(on=today) if each.key == key]
    assert owners_of(shared) == {"Director of Early Help", "Early Help Manager"}
    assert shared.partnership_ids == {partnership.pk, other_partnership.pk}
    assert shared.url == f"/deliverables/{shared_deliverable.pk}/update/"


def test_an_activitys_own_lead_owes_its_milestones_alone(plan, led_deliverable, today):
    activity = led_deliverable.activities.get(position=2)
    activity.lead = DeliverableLeadFactory(deliverable=led_deliverable, text="Named midwife", post=PostFactory())
    activity.save()
    [milestone] = [each for each in deadlines(on=today) if each.title.startswith("1.1")]
    assert owners_of(milestone) == {"Named midwife"}


def test_what_is_done_is_not_due(everything, today, led_deliverable, round_open, ratings, lead, draft_return, case):
    UpdateFactory(deliverable=led_deliverable, round=round_open, rating=ratings["G"], submitted_by=lead)
    led_deliverable.activities.get(position=2).milestones.update(met_on=today)
    case.stages.filter(code="rapid-review").update(done_on=today)
    titles = [each.title for each in deadlines(on=today)]
    assert titles == [
        "1.2 Safer sleep advice that reaches fathers",
        "2.1 Families get help before neglect becomes harm",
        "Highlight report for October to December 2026",
        "Assurance return 2026 to 2027",
        "Safer sleep for every home visitor",
        "1.2 Run the winter campaign.",
    ]


@pytest.mark.parametrize("status", [Plan.Status.DRAFT, Plan.Status.CLOSED])
def test_nothing_is_due_of_a_plan_that_is_not_running(plan, round_open, today, status):
    Plan.objects.update(status=status)
    assert deadlines(on=today) == []


def test_a_round_asks_from_its_first_day_until_the_office_closes_it(plan, round_open, today):
    """After its last day an answer is late, and still asked for."""

    def asked(day):
        return sum(each.kind == "Update" for each in deadlines(on=day))

    days = [date(2027, 1, 3), date(2027, 1, 4), date(2027, 1, 22), date(2027, 1, 23)]
    assert [asked(day) for day in days] == [0, 3, 3, 3]
    round_open.closed_at = timezone.now()
    round_open.save()
    assert [asked(day) for day in days] == [0, 0, 0, 0]


def test_each_person_sees_what_is_due_from_them_and_nothing_else(
    everything, today, lead, chair, partner, other_partner, training_coordinator, office, advisor, stranger
):
    due = {
        user.name: [each.title for each in deadlines_for(user, on=today)]
        for user in (lead, chair, partner, other_partner, training_coordinator, office, advisor, stranger)
    }
    assert due == {
        lead.name: [
            "1.1 Try it in two maternity units.",
            "1.1 A shared plan with every family before a birth",
        ],
        chair.name: [
            "1.2 Safer sleep advice that reaches fathers",
            "Highlight report for October to December 2026",
            "1.2 Run the winter campaign.",
        ],
        partner.name: ["Assurance return 2026 to 2027"],
        other_partner.name: [],
        training_coordinator.name: ["Safer sleep for every home visitor"],
        office.name: ["Closes: October to December 2026"],
        advisor.name: [],
        stranger.name: [],
    }


def test_my_own_deadline_names_me_alone_as_its_owner(everything, today, shared_deliverable):
    early_help_manager = shared_deliverable.leads.get(text="Early Help Manager").post
    PostHoldingFactory(post=early_help_manager, user=User.objects.get(name="Tomasz Brindle"))
    person = User.objects.get(name="Tomasz Brindle")
    [shared] = [each for each in deadlines_for(person, on=today) if each.title.startswith("2.1")]
    assert owners_of(shared) == {"Early Help Manager"}


def test_a_restricted_deadline_exists_for_the_case_review_groups_chair_alone(
    everything, today, case_group, case_group_member, office, executive_chair, administrator
):
    case_chair = hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)
    assert [each.title for each in deadlines_for(case_chair, on=today)] == [
        "AV-2027-01: Rapid review sent to the Panel"
    ]
    for user in (case_group_member, office, executive_chair, administrator):
        assert "AV-2027-01" not in [each.title for each in deadlines_for(user, on=today)]


def test_a_list_for_the_office_leaves_restricted_ones_out(everything, today, office, case_group_member):
    def kinds(user):
        return {each.kind for each in deadlines(on=today, standing=user.standing)}

    assert "Rapid review" not in kinds(office)
    assert "Stage of a review" in kinds(case_group_member)


# People


def told(due, on):
    return {
        reach.deadline.title: ([r.user.name for r in reach.recipients], list(reach.missing))
        for reach in with_people(due, on=on)
    }


def test_deadlines_reach_the_people_who_hold_them(everything, today, other_partner):
    assert told(deadlines(on=today), today) == {
        "1.1 Try it in two maternity units.": (["Delia Marchetti"], []),
        "1.1 A shared plan with every family before a birth": (["Delia Marchetti"], []),
        "1.2 Safer sleep advice that reaches fathers": (["Tomasz Brindle"], []),
        "2.1 Families get help before neglect becomes harm": (
            [],
            [
                "Nobody holds the post “Director of Early Help”.",
                "Nobody holds the post “Early Help Manager”.",
            ],
        ),
        "AV-2027-01: Rapid review sent to the Panel": ([], ["Nobody chairs Case Review Group, Ashford Vale."]),
        "Highlight report for October to December 2026": (["Tomasz Brindle"], []),
        "Assurance return 2026 to 2027": (["Greta Holloway"], []),
        "Safer sleep for every home visitor": (["Fatima Roscoe"], []),
        "1.2 Run the winter campaign.": (["Tomasz Brindle"], []),
    }


def campaign(today):
    return [each for each in deadlines(on=today) if each.title == "1.2 Run the winter campaign."]


def test_the_vice_chair_is_told_where_the_chair_is_vacant_and_only_then(plan, today, learning_group, chair):
    hold("Yusuf Pell", "Vice chair", group=learning_group, role=GroupMember.Role.VICE_CHAIR)
    assert told(campaign(today), today) == {"1.2 Run the winter campaign.": (["Tomasz Brindle"], [])}
    chair.holdings.update(to_on=date(2027, 1, 11))
    assert told(campaign(today), today) == {"1.2 Run the winter campaign.": (["Yusuf Pell"], [])}


def test_somebody_without_an_address_or_switched_off_is_not_passed_over_in_silence(plan, today, chair):
    User.objects.filter(pk=chair.pk).update(email="")
    words = "Tomasz Brindle (Chair of Learning and Development Subgroup)"
    assert told(campaign(today), today) == {"1.2 Run the winter campaign.": ([], [f"{words} has no e-mail address."])}
    User.objects.filter(pk=chair.pk).update(is_active=False)
    assert told(campaign(today), today) == {
        "1.2 Run the winter campaign.": ([], [f"{words} has an account that is switched off."])
    }


def test_leads_that_are_only_words_are_said_to_be(plan, today):
    deliverable = DeliverableFactory(priority=plan.priorities.get(position=1), position=3, ref="3", title="New")
    activity = deliverable.activities.create(position=1, text="Nobody leads this.")
    MilestoneFactory(activity=activity, due_on=today)
    new = [each for each in deadlines(on=today) if each.due_on == today]
    assert told(new, today) == {"1.3 Nobody leads this.": ([], ["Nobody is named as its lead."])}
    DeliverableLeadFactory(deliverable=deliverable, text="All agencies")
    new = [each for each in deadlines(on=today) if each.due_on == today]
    assert told(new, today) == {
        "1.3 Nobody leads this.": (
            [],
            ["“All agencies” is not yet linked to a post, a group or an organisation."],
        )
    }


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(everything, today, partnership, group_deliverable, count, django_assert_num_queries):
    for number in range(count):
        activity = group_deliverable.activities.create(position=5 + number, text=f"Activity {number}")
        MilestoneFactory(activity=activity, due_on=today)
        CaseFactory(partnership=partnership)
    with django_assert_num_queries(6):  # all deadlines; posts, groups, organisations, seats, holdings
        with_people(deadlines(on=today), on=today)
