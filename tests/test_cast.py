"""The cast is what it says it is: whoever reads another test can rely on it."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.utils import timezone

from partnership.access import may
from plans.models import UpdateRound
from tests.conftest import TODAY
from tests.emptying import KEPT, empty_database


def test_the_cast_is_in_the_morning_of_its_day(partnership):
    assert timezone.localdate() == TODAY


def test_each_of_the_cast_stands_where_its_name_says(
    partnership,
    other_partnership,
    far_partnership,
    office,
    chair,
    lead,
    partner,
    other_partner,
    case_group_member,
    advisor,
    administrator,
    executive_chair,
    scrutiny_chair,
    training_coordinator,
    lead_partner,
    stranger,
    leaver,
):
    both = {partnership.pk, other_partnership.pk}
    one = {partnership.pk}
    assert {user.name: set(user.standing.partnership_ids) for user in (office, chair, lead)} == {
        "Nadia Fenwick": both,
        "Tomasz Brindle": both,
        "Delia Marchetti": one,
    }
    assert [set(partner.standing.partnership_ids), set(other_partner.standing.partnership_ids)] == [
        one,
        both,
    ]
    assert [set(case_group_member.standing.case_group_ids), set(office.standing.case_group_ids)] == [
        one,
        set(),
    ]
    assert set(advisor.standing.advisor_ids) == both
    assert set(training_coordinator.standing.training_ids) == both
    assert set(lead_partner.standing.lead_partner_ids) == one
    assert executive_chair.standing.chaired_group_ids
    assert scrutiny_chair.standing.chaired_group_ids
    assert administrator.standing.is_administrator
    assert set(stranger.standing.office_ids) == {far_partnership.pk}
    assert set(leaver.standing.partnership_ids) == set()


def test_leads_may_update_what_they_lead_and_nothing_else(
    lead, chair, led_deliverable, group_deliverable, shared_deliverable
):
    deliverables = [led_deliverable, group_deliverable, shared_deliverable]
    assert [may(lead, "update", deliverable) for deliverable in deliverables] == [True, False, False]
    assert [may(chair, "update", deliverable) for deliverable in deliverables] == [False, True, False]


def test_one_round_is_open_today(round_past, round_open, past_update, review_proposed, today):
    assert list(UpdateRound.objects.open_on(today)) == [round_open]


def test_records_of_the_cast_can_be_made_together(
    case, draft_return, submitted_return, event, voice_entry, annual_report, draft_plan, client_of, office
):
    assert client_of(office).get("/health/").status_code < 500


@pytest.mark.django_db(transaction=True)
def test_after_a_test_that_committed_nothing_is_left_but_what_migrations_put_in(
    past_update, submitted_return, dispute, published_arrangements
):
    empty_database()
    models = [model for model in apps.get_models() if model._meta.managed and model._meta.db_table not in KEPT]
    left = {model.__name__ for model in models if model.objects.exists()}
    assert left == {
        "RuleSet",
        "Rule",
        "Theme",
        "QuestionSet",
        "SetQuestion",
        "Scale",
        "ScalePoint",
        "AssuranceLevel",
        "StandardSet",
        "Standard",
        "RiskStep",
        "RiskBand",
    }
    assert Permission.objects.exists()
