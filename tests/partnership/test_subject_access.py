"""Who asks what is held about them gets all of it, once a person has read it; each copy is written down."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from partnership.builds import LEASE
from partnership.data_protection.copies import clear_away, request_copy, run_copy, waiting_copies
from partnership.data_protection.copying import gather, make_copy
from partnership.data_protection.subjects import subjects
from partnership.models import ActionUpdate, SubjectAccess, SubjectCopy
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
    kept.save()
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
    assert client.post(address, {"because": "Pressed twice."}).url == answer.url
    waiting = client.get(answer.url).content.decode()
    assert ("Making the copy" in waiting, client.get(f"{answer.url}file/").url) == (True, answer.url)
    assert (run_copy(pk_of(answer), at=NOW), run_copy(pk_of(answer), at=NOW)) == (True, False)
    assert "The copy is ready" in client.get(answer.url).content.decode()
    fetched = client.get(f"{answer.url}file/")
    assert (fetched["Content-Type"], fetched["Cache-Control"]) == ("application/zip", "private, no-store")
    assert lead.email in content_of(fetched.content)["held.json"]
    assert "She wrote from work." in client.get("/data-protection/people/").content.decode()
    assert SubjectAccess.objects.get().made_by == office


def pk_of(answer):
    return answer.url.rstrip("/").rpartition("/")[2]


@pytest.fixture
def asked(lead, office):
    return request_copy(subjects()[COLLEAGUE], lead, because="She asked.", by=office)


def test_a_copy_is_for_whoever_asked_for_it_alone(client, asked, office, administrator, lead):
    run_copy(asked.pk, at=NOW)
    for user, status in ((office, 200), (administrator, 404), (lead, 404)):
        client.force_login(user)
        assert {client.get(f"{asked.get_absolute_url()}{end}").status_code for end in ("", "file/")} == {status}


def test_who_may_not_any_more_when_it_is_made_gets_none(asked, office):
    office.holdings.update(to_on=date(2027, 1, 11))
    run_copy(asked.pk, at=NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.archive, SubjectAccess.objects.count()) == ("failed", None, 0)
    assert asked.problem.startswith("You may not make this copy any more")


def test_a_worker_reads_no_more_than_the_asker_may(partnership, lead, office, case_group_member):
    case = CaseFactory(partnership=partnership)
    CaseReading.objects.create(partnership=partnership, case=case, what="The case", read_by=lead, read_at=NOW)
    found = []
    for user, of_cases in ((office, False), (case_group_member, True)):
        copy = request_copy(subjects()[COLLEAGUE], lead, because="She asked.", by=user, of_cases=of_cases)
        run_copy(copy.pk, at=NOW)
        copy.refresh_from_db()
        found.append("Case reading" in content_of(bytes(copy.archive))["held.json"])
    assert found == [False, True]


def test_a_worker_that_was_killed_leaves_it_to_the_next_and_it_is_made_once(asked):
    SubjectCopy.objects.filter(pk=asked.pk).update(state="running", lease_until=timezone.now() - LEASE)
    assert waiting_copies(at=timezone.now()) == [asked.pk]
    assert run_copy(asked.pk, at=NOW)
    assert (waiting_copies(at=timezone.now()), SubjectAccess.objects.count()) == ([], 1)


def test_a_copy_goes_after_a_week_and_that_it_was_made_stays(asked):
    run_copy(asked.pk, at=NOW)
    asked.refresh_from_db()
    week = SubjectCopy.KEPT_FOR
    assert (clear_away(at=asked.requested_at + week), clear_away(at=asked.requested_at + week * 2)) == (0, 1)
    assert (SubjectCopy.objects.count(), SubjectAccess.objects.count()) == (0, 1)


def test_asking_for_a_copy_costs_little(client, office, lead, django_assert_max_num_queries):
    """It was made in the request before: some 600 questions."""
    client.force_login(office)
    with django_assert_max_num_queries(30):
        client.post(f"/data-protection/people/colleague/{lead.pk}/copy/", {"because": "She wrote from work."})


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
