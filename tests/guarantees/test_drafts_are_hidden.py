"""T2: PostgreSQL hides a return's words from all but its organisation until it is submitted, whatever a page asks."""

import pytest
from django.db import connection
from django.utils import timezone

from assurance.models import Answer, Assessment, Improvement, ReturnEvidence
from assurance.returns import hand_back
from partnership.row_security import EVERYTHING, NOBODY, tell
from tests.factories import OrganisationFactory
from tests.ownership import as_owner

pytestmark = pytest.mark.django_db

WORDS = [Answer, Assessment, Improvement, ReturnEvidence]
OUTSIDE = ["office", "chair", "lead", "other_partner", "advisor", "administrator", "stranger", "leaver"]


@pytest.fixture
def reads(world):
    """``reads(person)``: of whose returns each table's rows are that this person's requests could read."""

    def reads(person):
        tell(person.pk if person else NOBODY)
        try:
            own = [Answer.objects.all(), Assessment.objects.all(), ReturnEvidence.objects.all()]
            found = {each.record_id for rows in own for each in rows}
            return found | {each.assessment.record_id for each in Improvement.objects.select_related("assessment")}
        finally:
            tell(EVERYTHING)

    return reads


@pytest.fixture
def drafts(world):
    return {world.draft_return.pk, world.self_assessment_draft.pk}


@pytest.fixture
def submitted(world):
    return {world.submitted_return.pk, world.self_assessment.pk}


def test_an_organisation_reads_its_own_drafts_and_what_was_submitted(world, reads, drafts, submitted):
    assert reads(world.people["partner"]) == drafts | submitted


@pytest.mark.parametrize("role", OUTSIDE)
def test_nobody_else_reads_a_word_of_a_draft(world, reads, submitted, role):
    assert reads(world.people[role]) == submitted


def test_nor_does_the_public(reads, submitted):
    assert reads(None) == submitted


def test_what_was_handed_back_is_a_draft_again(world, reads, drafts):
    hand_back(world.submitted_return, because="A figure is missing.", by=world.people["office"], at=timezone.now())
    assert world.submitted_return.pk not in reads(world.people["office"])
    assert world.submitted_return.pk in reads(world.people["other_partner"])


def test_whoever_leaves_reads_none_of_them_from_then_on(world, reads, drafts):
    world.people["partner"].holdings.update(to_on=timezone.localdate(), ended_at=timezone.now())
    assert not reads(world.people["partner"]) & drafts


def test_who_answers_for_a_merged_organisation_reads_its_drafts(world, reads, drafts):
    charity = world.draft_return.organisation
    between = OrganisationFactory(successor=world.submitted_return.organisation)
    charity.successor = between
    charity.save()
    assert reads(world.people["other_partner"]) >= drafts


def test_control_without_the_policy_all_would_be_there(world, reads, drafts):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in WORDS:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")
    assert reads(world.people["office"]) >= drafts
