"""A dispute changes no byte that anybody can fetch who is not involved: not its own office, not who has another.

As in ``test_non_interference.py`` every address is fetched twice, the second time with disputes in the
world that are hidden from whoever asks.
"""

from datetime import date

import pytest

from partnership.models import Post
from tests.conftest import hold
from tests.factories import DisputeFactory, DisputeStageFactory
from tests.guarantees.test_access import browser
from tests.guarantees.test_non_interference import differences, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(world):
    """Of the same office; the only one of it who is involved."""
    world.people["colleague"] = hold(
        "Jonah Pettifer", "Deputy manager", duty=Post.Duty.OFFICE, partnerships=[world.partnership]
    )
    return world.people["colleague"]


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


@pytest.mark.parametrize("role", ["anonymous", "office", "lead", "advisor", "administrator", "stranger"])
def test_a_dispute_changes_nothing_for_those_not_involved(world, colleague, role):
    client = browser(world, role)
    before = everything(world, client)
    more_disputes(world, colleague)
    assert differences(before, everything(world, client)) == []


def test_nor_for_a_colleague_of_the_same_office(world, colleague):
    client = browser(world, "colleague")
    before = everything(world, client)
    more_disputes(world, world.people["office"], world.people["advisor"])
    assert differences(before, everything(world, client)) == []


# Control: there was something that could leak, and whoever is involved sees it, on these pages alone.


def test_a_dispute_shows_to_those_involved(world, colleague):
    client = browser(world, "colleague")
    before = everything(world, client)
    more_disputes(world, colleague)
    assert set(differences(before, everything(world, client))) == {"partnership:dispute-list", "assurance:my-work"}
