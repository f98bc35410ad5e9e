"""The sample's arrangements and disputes: published, waiting, and seen by those whom they concern alone."""

from io import BytesIO

import pikepdf
from django.utils import timezone

from assurance.sample.load_arrangements import publish_first_arrangements
from partnership.arrangements import waiting_partners
from partnership.models import Arrangements, Dispute, User


def test_versions_are_published_and_one_waits_for_the_last_of_three(sample):
    today = timezone.localdate()
    publish_first_arrangements(sample)
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


def test_each_dispute_is_seen_by_those_involved(sample):
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
