"""The sample on other days than today, and the commands that load it: whole and never old."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from assurance.management.commands.load_sample import load_sample
from assurance.models import AnnualReport, AssuranceRequest
from assurance.sample.dates import Calendar
from partnership.models import Dispute, DisputeStage, DisputeStep, PublishedFile
from plans.models import Milestone, UpdateRound
from tests.assurance.test_sample import childrens_plan, joint_plan
from tests.ownership import as_owner

# The day that is hardest, the last of a financial year, always; and in the long run the morning of the cast, an early
# day of a financial year, a quarter's end and a leap day.
DAYS = [date(2026, 3, 31)]
MORE_DAYS = [date(2027, 1, 12), date(2026, 4, 2), date(2026, 9, 30), date(2028, 2, 29)]


def load_on(day):
    """Load the sample in the morning of ``day``: what its people do asks the clock too."""
    with as_owner(), time_machine.travel(datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC), tick=False):
        return load_sample(on=day)


@pytest.mark.parametrize("on", [*DAYS, *(pytest.param(day, marks=pytest.mark.long) for day in MORE_DAYS)])
def test_the_sample_is_never_old(db, on):
    load_on(on)

    plan = childrens_plan()
    dates = Milestone.objects.filter(activity__deliverable__priority__plan=plan, met_on=None)
    assert plan.starts_on <= on <= plan.ends_on
    assert {round.plan for round in UpdateRound.objects.open_on(on)} == {joint_plan(), plan}
    assert plan.rounds.filter(closes_on__lt=on).count() == 3
    assert dates.filter(due_on__lt=on).count() > 2
    assert dates.filter(due_on__gte=on).count() > 5
    assert not Milestone.objects.filter(met_on__gt=on).exists()
    running = AssuranceRequest.objects.filter(due_on__gt=on, sent_on__lt=on, closed_on=None)
    titles = [title.partition(" 20")[0] for title in running.order_by("title").values_list("title", flat=True)]
    assert titles == ["Assurance return", "How Millbrook hears children", "Self-assessment"]

    open_dispute = Dispute.objects.get(settled_on=None)
    late = DisputeStage.objects.filter(answered_on=None, answer_due_on__lt=on)
    assert (open_dispute.stages.count(), bool(open_dispute.advice), open_dispute.advice_answer) == (2, True, "")
    assert (late.count(), Dispute.objects.count(), DisputeStep.objects.count()) == (0, 3, 8)


def test_last_years_report_is_published_as_in_its_september(db, capsys):
    with as_owner():
        call_command("load_sample")
    report = AnnualReport.objects.published().get()
    year = Calendar(timezone.localdate()).reported_year.year + 1
    published = PublishedFile.objects.get(kind=PublishedFile.Kind.ANNUAL_REPORT)
    assert timezone.localdate(published.published_at) == date(year, 9, 21)
    assert report.published_file == published
    assert bytes(published.content).startswith(b"%PDF")


def test_no_accounts_are_printed_where_there_is_no_sample(db):
    with pytest.raises(CommandError):
        call_command("demo_accounts")
