"""T2: a confidential case changes no byte that anybody outside its group can fetch; nor does a draft, nor a dispute.

Every address is fetched twice: in a world, and in the same world with more in it that is hidden
from whoever asks. Bytes, headers and the number of questions to the database must be equal. For most roles
``test_access.py`` asks it, which fetches every address anyway. Here is its control: there was something that could
leak, and those who may see it do. The quick half opens what shows it, and every sixth of the other addresses.
"""

import pytest

from tests.guarantees.access_table import DOORS
from tests.guarantees.hidden import more_disputes, more_of_a_draft
from tests.guarantees.quick_half import one_in
from tests.guarantees.restricted import more_restricted
from tests.guarantees.walks import browser, differences, everything

pytestmark = pytest.mark.django_db


OF_A_DRAFT = {
    "assurance:return-list",
    "assurance:return-detail (draft)",
    "assurance:return-change (draft)",
    "assurance:return-sign-off (draft)",
    "assurance:my-work",
    "partnership:deadline-list",
    "partnership:calendar",
    "partnership:record-history (of a draft return)",
}
OF_A_DISPUTE = {
    "partnership:dispute-list",
    "partnership:calendar",
    "partnership:deadline-list",
    "assurance:my-work",
}


def doors_for(shown, is_whole_run):
    return [door for door in DOORS if is_whole_run or str(door) in shown or one_in(6, "both worlds", door)]


def test_cases_change_nothing_for_a_partner_and_a_draft_shows_to_its_own_organisation(world, is_whole_run):
    client = browser(world, "partner")
    doors = doors_for(OF_A_DRAFT, is_whole_run)
    before = everything(world, client, doors)
    more_restricted(world)
    after = everything(world, client, doors)
    assert differences(before, after) == {}
    more_of_a_draft(world)
    changed = differences(after, everything(world, client, doors))
    assert "assurance:return-detail (draft)" in changed
    assert set(changed) <= OF_A_DRAFT


def test_a_dispute_shows_to_those_of_an_office_who_are_involved(world, colleague, is_whole_run):
    """The control of ``test_access.py``, where the very same disputes change nothing for the rest of that office."""
    client = browser(world, "colleague")
    doors = doors_for(OF_A_DISPUTE, is_whole_run)
    before = everything(world, client, doors)
    more_disputes(world, colleague)
    changed = differences(before, everything(world, client, doors))
    assert set(changed) == OF_A_DISPUTE, changed
