"""T2: PostgreSQL hides what an agency writes to an audit from all others until it is submitted."""

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from assurance.audits.grading import hand_back
from assurance.models import AuditAnswer, AuditGrade
from partnership.row_security import EVERYTHING, NOBODY, tell
from tests.factories_judged import AuditAnswerFactory
from tests.ownership import as_owner

pytestmark = pytest.mark.django_db

WORDS = [AuditAnswer, AuditGrade]
OUTSIDE = ["office", "chair", "scrutiny_chair", "other_partner", "advisor", "administrator", "stranger", "leaver"]


@pytest.fixture
def gradings(world):
    """(the draft, the submitted one), both with an answer and a grade."""
    AuditAnswerFactory(grading=world.audit_grading, question=world.audit_question)
    return world.audit_grading_draft, world.audit_grading


@pytest.fixture
def reads(gradings):
    """``reads(person)``: of whose gradings each table's rows, and its history's, this person's requests could read."""

    def reads(person):
        tell(person.pk if person else NOBODY)
        try:
            events = [apps.get_model("assurance", f"{model.__name__}Event") for model in WORDS]
            return [set(model.objects.values_list("grading", flat=True)) for model in [*WORDS, *events]]
        finally:
            tell(EVERYTHING)

    return reads


def test_an_agency_reads_its_own_draft_and_what_was_submitted(world, gradings, reads):
    assert reads(world.people["partner"]) == [{each.pk for each in gradings}] * 4


@pytest.mark.parametrize("role", OUTSIDE)
def test_nobody_else_reads_a_word_of_a_draft(world, gradings, reads, role):
    assert reads(world.people[role]) == [{gradings[1].pk}] * 4


def test_nor_does_the_public(gradings, reads):
    assert reads(None) == [{gradings[1].pk}] * 4


def test_what_was_handed_back_is_a_draft_again(world, gradings, reads):
    hand_back(gradings[1], because="Another father.", by=world.people["office"], at=timezone.now())
    assert reads(world.people["office"]) == [set()] * 4
    assert reads(world.people["other_partner"]) == [{gradings[1].pk}] * 4


def test_control_without_the_policy_all_would_be_there(world, gradings, reads):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in WORDS:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")
    assert reads(world.people["office"])[:2] == [{each.pk for each in gradings}] * 2
