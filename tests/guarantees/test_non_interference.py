"""A confidential case changes no byte that anybody outside its group can fetch; nor does a draft, nor a dispute.

Every address is fetched twice: in a world, and in the same world with more in it that is hidden
from whoever asks. Bytes, headers and the number of questions to the database must be equal.
"""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from partnership.models import Post
from tests.conftest import hold
from tests.factories import AnswerFactory, CaseFactory, DisputeFactory, DisputeStageFactory
from tests.guarantees.access_table import DOORS
from tests.guarantees.test_access import browser, look

TOKEN = re.compile(rb"[A-Za-z0-9]{64}")
MORNING = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(world):
    """Of the same office; the only one of it who is involved."""
    world.people["colleague"] = hold(
        "Jonah Pettifer", "Deputy manager", duty=Post.Duty.OFFICE, partnerships=[world.partnership]
    )
    return world.people["colleague"]


def everything(world, client):
    """Every address as this person finds it: {door: (status, headers, bytes, count of queries)}."""
    found = {}
    with time_machine.travel(MORNING, tick=False):
        for door in DOORS:
            asked = Counter()
            with connection.execute_wrapper(asked):
                response = look(client, "get", reverse(door.name, kwargs=door.place(world)))
            found[str(door)] = (response.status_code, dict(response.items()), content_of(response), asked.count)
    return found


class Counter:
    """How many questions the database was asked; it keeps no words, so it costs nothing."""

    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def content_of(response):
    """The bytes without what is drawn by lot; of an Office file its parts, as it also says when it was packed."""
    content = TOKEN.sub(b"", b"".join(response))
    if not is_zipfile(BytesIO(content)):
        return content
    with ZipFile(BytesIO(content)) as package:
        return [(part.filename, part.CRC) for part in package.infolist()]


def differences(before, after):
    return [door for door in before if before[door] != after[door]]


def more_cases(world):
    """Two that are urgent, one of them with a look at it."""
    for reference in ("AV-2027-88", "AV-2027-99"):
        case = CaseFactory(
            partnership=world.partnership,
            reference=reference,
            aware_on=date(2026, 12, 7),
            notified_on=date(2026, 12, 21),
        )
    case.note_reading(by=world.people["case_group_member"])


def more_of_a_draft(world):
    question = world.draft_return.request.questions.get(position=2)
    AnswerFactory(record=world.draft_return, question=question, text="Words that nobody else may read")


def more_disputes(world, *people):
    """A late one and one that is settled, between organisations that ``world.people`` represent."""
    between = {"raised_by": world.organisation, "raised_with": [world.draft_return.organisation]}
    posts = [person.holdings.get().post for person in people]
    late = DisputeFactory(partnership=world.partnership, people=posts, advice="Canary", advice_by="Canary", **between)
    DisputeStageFactory(dispute=late, name="Canary", owed_by=posts[0])
    done = DisputeFactory(partnership=world.partnership, people=posts, **between)
    DisputeStageFactory(dispute=done, answered_on=date(2027, 1, 5), answer="Canary")
    done.outcome, done.settled_on = "Canary", date(2027, 1, 8)
    done.save()


def more_of_everything(world):
    more_cases(world)
    more_of_a_draft(world)
    more_disputes(world, world.people["colleague"])


ROLES = ["anonymous", "office", "chair", "other_partner", "advisor", "administrator", "stranger"]


@pytest.mark.parametrize("role", ROLES)
def test_what_is_hidden_changes_nothing(world, colleague, role):
    """Cases from all outside their group, a draft return from other organisations, disputes from the uninvolved."""
    client = browser(world, role)
    before = everything(world, client)
    more_of_everything(world)
    assert differences(before, everything(world, client)) == []


# The rest have their control in the same test: there was something that could leak, and those who may see it do.


def test_a_case_shows_to_its_own_group(world):
    client = browser(world, "case_group_member")
    before = everything(world, client)
    more_cases(world)
    changed = differences(before, everything(world, client))
    assert "reviews:case-list" in changed
    assert set(changed) <= {
        "reviews:case-list",
        "reviews:case-detail",
        "assurance:my-work",
        "partnership:deadline-list",
    }


def test_cases_change_nothing_for_a_partner_and_a_draft_shows_to_its_own_organisation(world):
    client = browser(world, "partner")
    before = everything(world, client)
    more_cases(world)
    after = everything(world, client)
    assert differences(before, after) == []
    more_of_a_draft(world)
    changed = differences(after, everything(world, client))
    assert "assurance:return-detail (draft)" in changed
    assert set(changed) <= {
        "assurance:return-list",
        "assurance:return-detail (draft)",
        "assurance:return-change (draft)",
        "assurance:my-work",
        "partnership:record-history (of a draft return)",
    }


def test_a_dispute_changes_nothing_for_a_colleague_of_the_same_office_and_shows_to_those_involved(world, colleague):
    client = browser(world, "colleague")
    before = everything(world, client)
    more_disputes(world, world.people["office"], world.people["advisor"])
    after = everything(world, client)
    assert differences(before, after) == []
    more_disputes(world, colleague)
    assert set(differences(after, everything(world, client))) == {
        "partnership:dispute-list",
        "partnership:calendar",
        "partnership:deadline-list",
        "assurance:my-work",
    }
