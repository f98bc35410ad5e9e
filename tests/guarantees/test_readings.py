"""T10: whoever opens a page or a file of a case, or of what comes of one, is written down there, with the moment.

What is read is known by the words that are put into everything restricted: a page of one record on which some of them
stand was a look. Lists name cases and say no more, and only the group has them.
"""

from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from django.db import transaction
from django.urls import reverse

from reviews.models import Case
from reviews.models.cases import CaseReading
from tests.guarantees.access_table import DOORS
from tests.guarantees.doors import OK
from tests.guarantees.figures import record
from tests.guarantees.restricted import CANARY, more_restricted
from tests.guarantees.walks import browser

pytestmark = pytest.mark.django_db

READER = "case_group_member"
# Everybody’s records, and choices, beside which the group sees what the case is called and no more.
NAME_IT_ALONE = {
    ("reviews:recommendation-detail", "released"),
    ("partnership:record-history", "a released recommendation"),
    ("reviews:briefing-change", "a draft"),
}


def unwritten(world):
    """(doors to something restricted whose reader was not written down, how many doors were looked through)."""
    missed, count, client = [], 0, browser(world, READER)
    for door in DOORS:
        place = door.place(world)
        if door.get[READER] != OK or not place or not door.name.startswith(("reviews:", "partnership:record-history")):
            continue
        with transaction.atomic():
            before = CaseReading.objects.count()
            answer = client.get(reverse(door.name, kwargs=place))
            has_read = CANARY.encode() in words_of(answer)
            new = CaseReading.objects.count() - before
            nameless = new and who_reads() != world.people[READER].pk
            transaction.set_rollback(True)
        count += has_read
        if nameless or (has_read and not new and (door.name, door.situation) not in NAME_IT_ALONE):
            missed.append((door.name, door.situation))
    return missed, count


def who_reads():
    """By the history, which a page that is only looked at does not tell by itself."""
    told = CaseReading.pgh_event_model.objects.select_related("pgh_context").last().pgh_context
    return told and told.metadata["request"] and told.metadata["user"]


def words_of(response):
    """Its bytes; of an Office file those of its parts."""
    content = b"".join(response)
    if not is_zipfile(BytesIO(content)):
        return content
    with ZipFile(BytesIO(content)) as package:
        return b"".join(package.read(name) for name in package.namelist())


def test_whoever_reads_something_of_a_case_is_written_down(world):
    more_restricted(world)
    missed, count = unwritten(world)
    assert missed == []
    record("T10", "{pages} pages of a case or review, each of which wrote down who read it", pages=count)


def test_without_the_entry_it_is_found(world, monkeypatch):
    """The control: a case that forgets who looked."""
    monkeypatch.setattr(Case, "note_reading", lambda case, *, by, what="": None)
    more_restricted(world)
    assert ("reviews:case-detail", "") in {(name, "") for name, _situation in unwritten(world)[0]}
