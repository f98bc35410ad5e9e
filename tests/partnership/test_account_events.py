"""What happened to accounts: who may read it, and for how long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnership.accounts.events import Kind, note
from partnership.accounts.keeping import KEPT_FOR, forget_old_events
from partnership.models import AccountEvent
from partnership.tasks import look_after_accounts


def test_events_are_deleted_after_a_year_and_not_before(partner):
    now = timezone.now()
    for ago in (timedelta(0), KEPT_FOR - timedelta(minutes=1), KEPT_FOR + timedelta(minutes=1)):
        note(Kind.SIGNED_IN, partner, at=now - ago)
    assert (forget_old_events(at=now), forget_old_events(at=now), AccountEvent.objects.count()) == (1, 0, 2)


def test_the_nightly_task_says_how_many(partner, caplog):
    note(Kind.SIGNED_IN, partner, at=timezone.now() - KEPT_FOR - timedelta(days=1))
    with caplog.at_level("INFO"):
        look_after_accounts()
    assert "0 people who left were shut out, 1 account events of a year ago were deleted" in caplog.text


def test_nobody_writes_over_what_happened(partner, db):
    event = note(Kind.SIGNED_IN, partner)
    event.kind = Kind.REFUSED
    with pytest.raises(Exception, match="what_happened_stays"):
        event.save()
