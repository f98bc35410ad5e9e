"""T13: what an agency was charged, and what it submitted, never changes. Each refusal has its control."""

import pgtrigger
import pytest
from django.db import InternalError, connection, transaction

from tests.factories_training import (
    LAST_WEEK,
    AgencyCourseFactory,
    AgencyTrainingReturnFactory,
    ChargeStatementFactory,
)
from tests.guarantees.figures import FOREVER, record
from training.models import AgencyCourse, AgencyTrainingReturn, ChargeStatement
from training.own_returns import hand_back

GUARDS = (
    "training.ChargeStatement:statement_is_forever",
    "training.AgencyTrainingReturn:submitted_training_stands",
    "training.AgencyTrainingReturn:submitted_training_is_kept",
    "training.AgencyCourse:submitted_courses_stand",
)


@pytest.fixture
def kept(training_coordinator, partner, partnership):
    """A statement, and a submitted return with a course."""
    ChargeStatementFactory(partnership=partnership, issued_by=training_coordinator)
    record = AgencyTrainingReturnFactory(partnership=partnership, assured="We watch each trainer.")
    AgencyCourseFactory(record=record)
    record.submitted_at, record.submitted_by = LAST_WEEK, partner
    record.save()
    return record


def raw(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


WAYS = {
    "another total": lambda: ChargeStatement.objects.update(total=1),
    "other lines, raw": lambda: raw("UPDATE training_chargestatement SET content = '{}'"),
    "no statement": lambda: ChargeStatement.objects.all().delete(),
    "other words": lambda: AgencyTrainingReturn.objects.update(assured="We do not."),
    "no return": lambda: raw("DELETE FROM training_agencycourse; DELETE FROM training_agencytrainingreturn"),
    "another count": lambda: AgencyCourse.objects.update(trained_count=120),
    "a course fewer": lambda: AgencyCourse.objects.all().delete(),
}


def state():
    models = (ChargeStatement, AgencyTrainingReturn, AgencyCourse)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_it_is_changed_by_no_way(kept):
    before = state()
    for name, change in WAYS.items():
        with pytest.raises(InternalError, match="Cannot (update|delete|change)"), transaction.atomic():
            change()
        assert state() == before, name
    record("T13", FOREVER, ways=len(WAYS), changed=0)


def test_with_the_guards_off_each_way_would_change_it(kept):
    before = state()
    for name, change in WAYS.items():
        point = transaction.savepoint()
        with pgtrigger.ignore(*GUARDS):
            change()
        assert state() != before, name
        transaction.savepoint_rollback(point)


def test_handed_back_it_can_be_put_right(kept, training_coordinator):
    hand_back(kept, because="A figure is missing.", due_on=kept.due_on, by=training_coordinator)
    kept.courses.update(trained_count=120)
    assert kept.courses.get().trained_count == 120
