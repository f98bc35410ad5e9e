"""Deputies answer for a lead, as long as both are what they were, and not a day longer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from partnership.access import may
from partnership.deadlines import deadlines, deadlines_for, with_people
from partnership.models import User
from plans.deputies import deliverables_of_deputy
from plans.models import Delegation, Deliverable
from tests.conftest import TODAY

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def again(user):
    """``user`` as the next request reads them."""
    return User.objects.get(pk=user.pk)


def may_answer(user, deliverable):
    """Whether they are let, and whether it is listed as theirs: never one without the other."""
    listed = deliverables_of_deputy(again(user), on=TODAY).filter(pk=deliverable.pk).exists()
    let = may(again(user), "update", Deliverable.objects.get(pk=deliverable.pk))
    assert listed == let
    return let


@pytest.fixture
def handed(led_deliverable, round_open, lead, partner):
    """1.1 of this round, from ``lead`` to ``partner``."""
    return Delegation.objects.create(
        given_by=lead, given_to=partner, deliverable=led_deliverable, round=round_open, made_by=lead, made_at=NOW
    )


@pytest.fixture
def cover(lead, partner, led_deliverable, round_open):
    """``lead`` is away from today for a week; ``partner`` answers."""
    return Delegation.objects.create(
        given_by=lead,
        given_to=partner,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=6),
        made_by=lead,
        made_at=NOW,
    )


def test_without_a_word_from_the_lead_nobody_answers_for_them(partner, led_deliverable, round_open):
    assert may_answer(partner, led_deliverable) is False


def test_deputy_answers_the_row_they_were_given_and_no_other(handed, partner, led_deliverable, group_deliverable):
    assert (may_answer(partner, led_deliverable), may_answer(partner, group_deliverable)) == (True, False)


def test_cover_is_for_all_that_the_lead_leads(cover, partner, led_deliverable, group_deliverable):
    assert (may_answer(partner, led_deliverable), may_answer(partner, group_deliverable)) == (True, False)


def test_chair_hands_on_what_the_group_leads(handed, chair, partner, led_deliverable, group_deliverable, round_open):
    Delegation.objects.filter(pk=handed.pk).update(given_by=chair, deliverable=group_deliverable)
    assert (may_answer(partner, led_deliverable), may_answer(partner, group_deliverable)) == (False, True)


@pytest.mark.parametrize(
    "change",
    [
        {"ended_at": NOW},
        {"starts_on": TODAY + timedelta(days=1)},
        {"starts_on": date(2027, 1, 1), "ends_on": TODAY - timedelta(days=1)},
    ],
    ids=["taken back", "not away yet", "back again"],
)
def test_cover_ends_by_itself(cover, partner, led_deliverable, change):
    assert may_answer(partner, led_deliverable) is True
    Delegation.objects.filter(pk=cover.pk).update(**change)
    assert may_answer(partner, led_deliverable) is False


def test_what_was_handed_on_ends_with_the_round(handed, partner, led_deliverable, round_open):
    round_open.closed_at = NOW
    round_open.save()
    assert may_answer(partner, led_deliverable) is False


def test_what_was_handed_on_ends_when_the_next_round_opens(handed, partner, led_deliverable, round_open, plan):
    round_open.opens_on, round_open.closes_on = date(2026, 10, 1), date(2026, 10, 14)
    round_open.save()
    assert may_answer(partner, led_deliverable) is True
    plan.rounds.create(
        name="The next", starts_on=TODAY, ends_on=TODAY, opens_on=TODAY, closes_on=TODAY + timedelta(days=14)
    )
    assert may_answer(partner, led_deliverable) is False


def test_lead_who_leaves_takes_it_with_them(handed, lead, partner, led_deliverable):
    lead.holdings.update(to_on=TODAY - timedelta(days=1))
    assert may_answer(partner, led_deliverable) is False


def test_lead_whose_account_is_switched_off_takes_it_with_them(handed, lead, partner, led_deliverable):
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert may_answer(partner, led_deliverable) is False


def test_deputy_who_leaves_answers_no_more(handed, partner, led_deliverable):
    partner.holdings.update(to_on=TODAY - timedelta(days=1))
    assert may_answer(partner, led_deliverable) is False


def test_deputy_from_elsewhere_answers_nothing(handed, stranger, led_deliverable):
    Delegation.objects.filter(pk=handed.pk).update(given_to=stranger)
    assert may_answer(stranger, led_deliverable) is False


def test_deputy_cannot_hand_it_on(handed, partner, chair, led_deliverable):
    Delegation.objects.create(
        given_by=partner, given_to=chair, starts_on=TODAY, ends_on=TODAY, made_by=partner, made_at=NOW
    )
    assert may_answer(chair, led_deliverable) is False


def test_office_and_lead_answer_as_before(cover, office, lead, led_deliverable):
    assert [may(again(each), "update", led_deliverable) for each in (office, lead)] == [True, True]


def test_asking_is_one_query(cover, partner, django_assert_num_queries):
    partner.standing  # noqa: B018 read once a request
    with django_assert_num_queries(1):
        assert deliverables_of_deputy(partner, on=TODAY).count() == 1


# Reminders


def told_of(kind):
    """Who is told of what of this kind, as what: {key: {name: why}}."""
    reached = with_people(deadlines(on=TODAY), on=TODAY)
    return {
        reach.deadline.key: {each.user.name: each.why for each in reach.recipients}
        for reach in reached
        if reach.deadline.kind == kind
    }


def test_both_are_told_of_what_was_handed_on(handed, lead, partner, led_deliverable, round_open):
    key = f"update:{round_open.pk}:{led_deliverable.pk}"
    head = "Head of Midwifery, Vale and Mill Integrated Care Board"
    assert told_of("Update")[key] == {lead.name: head, partner.name: f"deputy for {lead.name}"}


def test_the_deputy_is_told_instead_of_a_lead_who_is_away(cover, lead, partner, led_deliverable, round_open):
    key = f"update:{round_open.pk}:{led_deliverable.pk}"
    assert told_of("Update")[key] == {partner.name: f"deputy for {lead.name}"}
    told = {name for people in told_of("Milestone").values() for name in people}
    assert (partner.name in told, lead.name in told) == (True, False)


def test_a_lead_who_is_away_is_told_where_the_deputy_cannot_be(cover, lead, partner, led_deliverable, round_open):
    User.objects.filter(pk=partner.pk).update(is_active=False)
    assert set(told_of("Update")[f"update:{round_open.pk}:{led_deliverable.pk}"]) == {lead.name}


def test_what_is_answered_for_somebody_stands_in_ones_own_list(cover, partner, chair, led_deliverable, round_open):
    key = f"update:{round_open.pk}:{led_deliverable.pk}"
    assert key in {each.key for each in deadlines_for(again(partner), on=TODAY)}
    assert key not in {each.key for each in deadlines_for(again(chair), on=TODAY)}
