"""The sample's arrangements and disputes: whole on any day, and seen by those whom they concern alone."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone

from assurance.management.commands.load_sample import load_sample
from assurance.sample.load_arrangements import publish_first_arrangements
from partnership.arrangements import waiting_partners
from partnership.models import Arrangements, Dispute, DisputeStage, DisputeStep, User
from tests.assurance.test_sample_days import load_on


@pytest.mark.parametrize("on", [date(2027, 1, 12), date(2026, 4, 2), date(2028, 2, 29)])
def test_one_dispute_is_open_at_its_second_stage_on_any_day(db, on):
    load_on(on)
    open_dispute = Dispute.objects.get(settled_on=None)
    late = DisputeStage.objects.filter(answered_on=None, answer_due_on__lt=on)
    assert (open_dispute.stages.count(), bool(open_dispute.advice), open_dispute.advice_answer) == (2, True, "")
    assert (late.count(), Dispute.objects.count(), DisputeStep.objects.count()) == (0, 3, 8)


def test_versions_are_published_and_one_waits_for_the_last_of_three(db):
    today = timezone.localdate()
    publish_first_arrangements(load_sample(on=today))
    versions = Arrangements.objects.order_by("partnership__short_name", "version")
    assert [(each.partnership.short_name, each.version, each.status) for each in versions] == [
        ("AV", 1, "published"),
        ("AV", 2, "endorsing"),
        ("MB", 1, "published"),
    ]
    assert [each.name for each in waiting_partners(versions[1], on=today)] == ["Ashford Vale County Council"]
    for each in (versions[0], versions[2]):
        with pikepdf.open(BytesIO(bytes(each.published_file.content))) as pdf:
            assert (len(pdf.pages) > 1, pdf.Root.MarkInfo.Marked) == (True, True)


def test_each_dispute_is_seen_by_those_involved(db):
    load_sample(on=timezone.localdate())
    seen = {
        name: sorted(Dispute.objects.visible_to(User.objects.get(name=name)).values_list("ref", flat=True))
        for name in ("Nadia Fenwick", "Delia Marchetti", "Greta Holloway", "Ivor Penhale", "Carys Llewellin")
    }
    assert seen == {
        "Nadia Fenwick": ["AV-3XMTH", "AV-K7PWD", "MB-R4LCV"],
        "Delia Marchetti": ["AV-K7PWD"],
        "Greta Holloway": [],
        "Ivor Penhale": [],
        "Carys Llewellin": ["MB-R4LCV"],
    }
