"""Who asks what is held about them gets all of it, once a person has read it; each copy is written down."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from partnership.data_protection.copying import gather, make_copy
from partnership.data_protection.subjects import subjects
from partnership.models import ActionUpdate, SubjectAccess
from reviews.models import CaseReading
from tests.factories import CaseFactory, CourseFactory, EventFactory, MeetingActionFactory, PlaceFactory
from tests.factories_training import PractitionerFactory

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
COLLEAGUE, LEARNER = "colleague", "learner"
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def said(learning_group, lead, partner, chair):
    """Three updates of an action: by the lead, by another who names the lead, by another who does not."""
    action = MeetingActionFactory(group=learning_group)
    return [
        ActionUpdate.objects.create(action=action, text=f"Agreed with {chair.name}.", said_by=lead, said_at=NOW),
        ActionUpdate.objects.create(
            action=action, text=f"{lead.name} will ring the school.", said_by=partner, said_at=NOW
        ),
        ActionUpdate.objects.create(action=action, text="The school was rung.", said_by=partner, said_at=NOW),
    ]


def copy_of(person, *, user, kind=COLLEAGUE, of_cases=False):
    return gather(subjects()[kind], person, user=user, of_cases=of_cases)


def rows_of(copy, label):
    return [row for held in copy.held if held.line.label == label for row in held.rows]


def test_what_they_said_is_in_it_and_what_others_said_is_not(said, lead, office):
    rows = rows_of(copy_of(lead, user=office), "partnership.ActionUpdate")
    assert [row["record"] for row in rows] == [str(said[0].pk)]


def test_words_that_name_somebody_else_or_them_are_pointed_out_to_be_read(said, lead, office, chair):
    to_read = [
        (each["record"], each["why"]) for each in copy_of(lead, user=office).to_read if each["of"] == "Action update"
    ]
    assert to_read == [(str(said[0].pk), f"names {chair.name}"), (str(said[1].pk), "names this person")]


def test_an_office_copies_nothing_of_a_case_and_the_group_only_that(partnership, lead, office, case_group_member):
    case = CaseFactory(partnership=partnership)
    CaseReading.objects.create(partnership=partnership, case=case, what="The case", read_by=lead, read_at=NOW)
    labels = {held.line.label for held in copy_of(lead, user=office).held}
    assert not {label for label in labels if label.startswith("reviews.")}
    of_group = copy_of(lead, user=case_group_member, of_cases=True)
    assert {held.line.label for held in of_group.held} == {"reviews.CaseReading"}


def test_another_group_finds_nothing_of_that_case(far_partnership, lead, case_group_member):
    case = CaseFactory(partnership=far_partnership)
    CaseReading.objects.create(partnership=far_partnership, case=case, what="The case", read_by=lead, read_at=NOW)
    assert copy_of(lead, user=case_group_member, of_cases=True).held == []


def test_secrets_are_no_part_of_a_copy(lead, office):
    content, _kept = make_copy(subjects()[COLLEAGUE], lead, because="She asked.", by=office, at=NOW)
    assert lead.password not in content_of(content)["held.json"]
    assert lead.email in content_of(content)["held.json"]


def content_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_a_copy_is_written_down_and_can_be_checked_again(said, lead, office, partnership):
    content, kept = make_copy(subjects()[COLLEAGUE], lead, because="She asked.", by=office, at=NOW)
    files = content_of(content)
    manifest = files.pop("manifest.json")
    assert kept.sha256 == hashlib.sha256(manifest.encode()).hexdigest()
    assert json.loads(manifest) == {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    assert (kept.partnership, kept.made_by, kept.subject_key) == (partnership, office, str(lead.pk))
    again, _kept = make_copy(subjects()[COLLEAGUE], lead, because="Again.", by=office, at=NOW)
    assert again == content


def test_a_learner_gets_their_places_and_what_they_need(partnership, charity, office):
    learner = PractitionerFactory(organisation=charity)
    event = EventFactory(course=CourseFactory(partnerships=[partnership]))
    place = PlaceFactory(event=event, organisation=charity, practitioner=learner, needs="A hearing loop")
    PlaceFactory(event=event, organisation=charity, person="Somebody Else", needs="A ramp")
    rows = rows_of(copy_of(learner, user=office, kind=LEARNER), "training.Place")
    assert [(row["record"], "A hearing loop" in row.values()) for row in rows] == [(str(place.pk), True)]


def test_the_office_finds_a_person_makes_a_copy_and_it_stands_in_the_log(client, office, lead):
    client.force_login(office)
    listed = client.get("/data-protection/people/", {"kind": "colleague", "words": lead.name.split()[0]})
    assert f"/data-protection/people/colleague/{lead.pk}/" in listed.content.decode()
    address = f"/data-protection/people/colleague/{lead.pk}/copy/"
    assert client.post(address, {"because": ""}).status_code == 422
    answer = client.post(address, {"because": "She wrote from work."})
    assert answer["Content-Type"] == "application/zip"
    assert "She wrote from work." in client.get("/data-protection/people/").content.decode()
    assert SubjectAccess.objects.get().made_by == office


def test_who_is_no_office_gets_no_copy(client, partner, stranger, lead):
    for user in (partner, stranger):
        client.force_login(user)
        assert client.post(f"/data-protection/people/colleague/{lead.pk}/copy/", {"because": "Mine"}).status_code == 404


@pytest.mark.parametrize("key", ["0", "99999999999999999999999", "no-number"])
def test_nobody_is_404(client, office, key):
    client.force_login(office)
    assert client.get(f"/data-protection/people/colleague/{key}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_copy_costs_as_much_however_much_there_is(learning_group, lead, office, count, django_assert_max_num_queries):
    for _number in range(count):
        ActionUpdate.objects.create(
            action=MeetingActionFactory(group=learning_group), text="Words", said_by=lead, said_at=NOW
        )
    with django_assert_max_num_queries(620):
        copy_of(lead, user=office)
