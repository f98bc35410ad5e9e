"""T13: what a group submitted never changes: its highlight report and the lines. Beside each refusal, its control."""

from datetime import UTC, datetime

import pgtrigger
import pytest
from django.db import InternalError, connection, transaction

from plans.highlights import begin_report, correct_report, submit_report
from plans.models import HighlightLine, HighlightReport
from tests.factories import UpdateFactory
from tests.guarantees.figures import FOREVER, record

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
GUARDS = (
    "plans.HighlightReport:submitted_report_stands",
    "plans.HighlightReport:submitted_report_is_kept",
    "plans.HighlightLine:lines_of_submitted_stand",
)


@pytest.fixture
def submitted(learning_group, executive, group_deliverable, led_deliverable, round_open, chair):
    """A report with one line, sent to the executive."""
    UpdateFactory(deliverable=group_deliverable, round=round_open, progress="It ran in both areas.")
    report = begin_report(learning_group, round_open, by=chair, at=NOW)
    return submit_report(report, to=executive, voice="Fathers told us that nobody asks.", by=chair, at=NOW)[0]


def raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def save_other_words(report):
    report.risks = "Written afterwards"
    report.save()


WAYS_TO_CHANGE = {
    "save": save_other_words,
    "queryset update": lambda report: HighlightReport.objects.update(voice="Something else"),
    "what was frozen": lambda report: HighlightReport.objects.update(frozen={}),
    "by whom": lambda report: raw("UPDATE plans_highlightreport SET submitted_by_id = NULL"),
    "unsubmit": lambda report: raw("UPDATE plans_highlightreport SET submitted_at = NULL"),
    "delete": lambda report: (HighlightLine.objects.all().delete(), report.delete()),
    "raw delete": lambda report: (
        HighlightLine.objects.all()._raw_delete("default"),
        raw("DELETE FROM plans_highlightreport"),
    ),
    "a line": lambda report: HighlightLine.objects.update(progress="Something else"),
    "delete a line": lambda report: report.lines.all().delete(),
    "add a line": lambda report: report.lines.create(deliverable=other_deliverable(report)),
    "move a line in": lambda report: HighlightLine.objects.filter(pk=line_of_a_draft(report).pk).update(report=report),
}
# These go for the row itself, and not for its lines before it.
WAYS_TO_DELETE = {
    "delete": lambda report: HighlightReport.objects.filter(pk=report.pk)._raw_delete("default"),
    "raw delete": lambda report: raw("DELETE FROM plans_highlightreport WHERE id = %s", report.pk),
}


def other_deliverable(report):
    return report.round.plan.priorities.first().deliverables.exclude(pk=report.lines.get().deliverable_id).first()


def line_of_a_draft(report):
    draft = HighlightReport.objects.create(
        group=report.submitted_to, round=report.round, begun_by=report.begun_by, begun_at=NOW
    )
    return draft.lines.create(deliverable=other_deliverable(report))


def state_of(report):
    rows = HighlightReport.objects.filter(pk=report.pk).values(
        "voice", "risks", "submitted_by", "submitted_at", "frozen"
    )
    return list(rows), list(HighlightLine.objects.filter(report=report.pk).values("pk", "progress", "rating"))


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_a_submitted_report_is_changed_by_no_way(way, submitted):
    before = state_of(submitted)
    with pytest.raises(InternalError, match="Cannot (update|delete|change)"), transaction.atomic():
        WAYS_TO_CHANGE[way](HighlightReport.objects.get(pk=submitted.pk))
    assert state_of(submitted) == before
    record("T13", FOREVER, ways=1, changed=0)


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_with_the_guards_off_each_way_would_change_it(way, submitted):
    before = state_of(submitted)
    with pgtrigger.ignore(*GUARDS):
        WAYS_TO_CHANGE[way](HighlightReport.objects.get(pk=submitted.pk))
    assert state_of(submitted) != before


@pytest.mark.parametrize("way", WAYS_TO_DELETE)
def test_one_without_lines_is_not_deleted_either(way, submitted):
    with pgtrigger.ignore("plans.HighlightLine:lines_of_submitted_stand"):
        submitted.lines.all().delete()
    with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
        WAYS_TO_DELETE[way](submitted)
    assert HighlightReport.objects.filter(pk=submitted.pk).exists()


def test_a_new_edition_takes_its_place_and_no_second_one(submitted, executive, chair):
    again = correct_report(submitted, reason="The figure was wrong.", by=chair, at=NOW)
    again.lines.update(progress="It ran in one area.")
    submit_report(again, to=executive, voice="Fathers told us that nobody asks.", by=chair, at=NOW)
    submitted.refresh_from_db()
    assert (submitted.replaced_by, submitted.lines.get().progress) == (again, "It ran in both areas.")
    for other in (None, submitted):
        with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
            HighlightReport.objects.filter(pk=submitted.pk).update(replaced_by=other)
