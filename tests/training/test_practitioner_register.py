"""The register of practitioners: whose people one sees and manages, lists of staff, one person who is there twice."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from tests.factories import CourseFactory, EventFactory, MembershipFactory, OrganisationFactory, PlaceFactory
from tests.factories_training import (
    CompetencyFactory,
    CompetencyRecordFactory,
    EvaluationFactory,
    PractitionerFactory,
    RoleRequirementFactory,
    WorkRoleFactory,
)
from training.models import CompetencyRecord, Evaluation, Place, Practitioner
from training.practitioners.merging import merge_practitioners

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
LIST = reverse("training:practitioner-list")
ADD = reverse("training:practitioner-add")
STAFF = reverse("training:practitioner-import")
GAINED = reverse("training:record-import")


@pytest.fixture
def sleep(partnership):
    return CompetencyFactory(partnership=partnership, title="Safer sleep", valid_months=36)


@pytest.fixture
def visitor(partnership, sleep):
    role = WorkRoleFactory(partnership=partnership, title="Health visitor")
    RoleRequirementFactory(role=role, competency=sleep)
    return role


@pytest.fixture
def course(partnership):
    return CourseFactory(partnerships=[partnership])


@pytest.fixture
def priya(charity, visitor):
    return PractitionerFactory(name="Priya Shah", email="priya@lantern.example", organisation=charity, role=visitor)


@pytest.fixture
def owens(hospital):
    return PractitionerFactory(name="Somebody Of Owen’s", email="other@hospital.example", organisation=hospital)


def url(name, record):
    return reverse(f"training:practitioner-{name}", args=[record.pk])


def listed(page):
    return [row.record for row in page.context["table"].paginated_rows]


def answers(organisation, **more):
    return {"name": "Jo Bell", "email": "jo@lantern.example", "organisation": organisation.pk, "job": "Nurse"} | more


# The list


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("office", ["Priya Shah", "Somebody Of Owen’s"]),
        ("training_coordinator", ["Priya Shah", "Somebody Of Owen’s"]),
        ("partner", ["Priya Shah"]),
        ("other_partner", ["Somebody Of Owen’s"]),
        ("chair", []),
        ("advisor", []),
        ("stranger", []),
    ],
)
def test_whose_people_one_sees(request, client_of, priya, owens, role, names):
    page = client_of(request.getfixturevalue(role)).get(LIST)
    assert [each.name for each in listed(page)] == names


def test_the_list_is_narrowed_by_what_people_lack_or_are_or_whether_they_left(
    client_of, office, priya, owens, sleep, visitor
):
    gone = PractitionerFactory(name="Gone", organisation=owens.organisation, left_on=date(2026, 12, 1))
    client = client_of(office)
    asked = [
        {"lacks": "any"},
        {"lacks": str(sleep.pk)},
        {"role": str(visitor.pk)},
        {"role": "none"},
        {"organisation": owens.organisation_id},
        {"when": "left"},
        {"words": "lantern priya"},
        {"lacks": "999999"},
    ]
    found = [[each.name for each in listed(client.get(LIST, query))] for query in asked]
    assert found == [
        [priya.name],
        [priya.name],
        [priya.name],
        [owens.name],
        [owens.name],
        [gone.name],
        [priya.name],
        [priya.name, owens.name],
    ]


def test_an_export_says_how_much_each_lacks(client_of, partner, priya):
    book = load_workbook(BytesIO(client_of(partner).get(LIST, {"export": "xlsx"}).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == (
        "Name", "E-mail", "Organisation", "Job", "Role", "Began", "Manager", "Manager’s e-mail", "Lacks", "Left",
    )  # fmt: skip
    assert rows[1][:3] + rows[1][8:9] == ("Priya Shah", "priya@lantern.example", "Lantern Family Trust", 1)


@pytest.mark.parametrize("people", [1, 3, 60])
def test_list_query_count(client_of, partner, charity, visitor, django_assert_num_queries, people):
    PractitionerFactory.create_batch(people, organisation=charity, role=visitor)
    client = client_of(partner)
    with django_assert_num_queries(14):
        client.get(LIST)


@pytest.mark.parametrize("places", [1, 3])
def test_page_query_count(client_of, partner, priya, course, django_assert_num_queries, places):
    for number in range(places):
        event = EventFactory(course=course, starts_at=datetime(2026, 5, 1 + number, 9, 0, tzinfo=UTC))
        PlaceFactory(event=event, practitioner=priya, organisation=priya.organisation, status="attended")
    client = client_of(partner)
    with django_assert_num_queries(20):
        client.get(priya.get_absolute_url())


# Adding and changing


def test_a_partner_adds_its_own_people_and_nobody_elses(client_of, partner, charity, hospital, visitor):
    client = client_of(partner)
    client.post(ADD, answers(charity, email="Jo@Lantern.Example", role=visitor.pk))
    assert list(Practitioner.objects.values_list("name", "email", "organisation", "role")) == [
        ("Jo Bell", "jo@lantern.example", charity.pk, visitor.pk)
    ]
    page = client.post(ADD, answers(hospital, email="another@lantern.example"))
    assert (page.status_code, Practitioner.objects.count()) == (422, 1)


def test_a_partner_does_not_give_its_people_away(client_of, partner, priya, hospital):
    page = client_of(partner).post(url("change", priya), answers(hospital, email=priya.email))
    priya.refresh_from_db()
    assert (page.status_code, priya.organisation.name) == (422, "Lantern Family Trust")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "Enter the name"),
        ({"email": "jo"}, "Enter an e-mail address like name@example.org"),
        ({"email": "PRIYA@lantern.example"}, "Somebody with this address is in the register already"),
        ({"email": "other@hospital.example"}, "Somebody with this address is in the register already"),
        ({"manager_email": "boss"}, "Enter an e-mail address like name@example.org"),
        ({"role": "999999"}, "Choose an answer from the list"),
        ({"began_on_day": "31", "began_on_month": "2", "began_on_year": "2026"}, "Enter a real date"),
    ],
)
def test_what_makes_no_sense_is_sent_back_with_what_was_typed(client_of, partner, charity, priya, owens, typed, said):
    page = client_of(partner).post(ADD, answers(charity) | typed)
    assert (page.status_code, said in page.content.decode(), "Nurse" in page.content.decode()) == (422, True, True)
    assert Practitioner.objects.count() == 2


def test_one_without_an_address_is_added_once(client_of, partner, charity):
    for _ in range(2):
        page = client_of(partner).post(ADD, answers(charity, email=""))
    assert (page.status_code, Practitioner.objects.count()) == (422, 1)


def test_who_leaves_gives_back_what_they_booked(client_of, partner, priya, course):
    coming = PlaceFactory(
        event=EventFactory(course=course), practitioner=priya, organisation=priya.organisation, person=priya.name
    )
    day = {"left_on_day": "11", "left_on_month": "1", "left_on_year": "2027"}
    client = client_of(partner)
    assert b"They have places at events to come" in client.get(url("leave", priya)).content
    client.post(url("leave", priya), {**day, "gives_back": "on"})
    priya.refresh_from_db()
    coming.refresh_from_db()
    assert (priya.left_on, coming.status) == (date(2027, 1, 11), "cancelled")
    client.post(url("leave", priya), {"action": "back"})
    priya.refresh_from_db()
    assert priya.left_on is None


def test_nobody_has_left_tomorrow(client_of, partner, priya):
    day = {"left_on_day": "13", "left_on_month": "1", "left_on_year": "2027"}
    assert client_of(partner).post(url("leave", priya), day).status_code == 422


# What was gained elsewhere


def gained(what, **more):
    return {
        "competency": what.pk,
        "gained_on_day": "1",
        "gained_on_month": "6",
        "gained_on_year": "2026",
        "evidence": "The trust’s own course",
    } | more


def test_what_was_gained_elsewhere_is_recorded_once_and_taken_away(client_of, partner, priya, sleep):
    client = client_of(partner)
    for _ in range(2):
        client.post(url("record-add", priya), gained(sleep))
    record = CompetencyRecord.objects.get()
    assert (record.practitioner, record.recorded_by, record.evidence) == (priya, partner, "The trust’s own course")
    page = client.get(priya.get_absolute_url())
    assert [(mark.competency, mark.state) for mark in page.context["marks"]] == [(sleep, "held")]
    client.post(reverse("training:practitioner-record-remove", args=[priya.pk, record.pk]))
    assert not CompetencyRecord.objects.exists()


def test_a_record_needs_its_proof_and_a_day_that_was(client_of, partner, priya, sleep):
    for more in ({"evidence": ""}, {"gained_on_year": "2028"}, {"competency": "999999"}):
        assert client_of(partner).post(url("record-add", priya), gained(sleep, **more)).status_code == 422


def test_a_record_is_taken_away_through_its_own_person_alone(client_of, partner, priya, owens, sleep, office):
    record = CompetencyRecordFactory(practitioner=owens, competency=sleep, recorded_by=office)
    address = reverse("training:practitioner-record-remove", args=[priya.pk, record.pk])
    assert client_of(partner).post(address).status_code == 404
    assert CompetencyRecord.objects.exists()


# One person twice


@pytest.fixture
def twin(charity):
    return PractitionerFactory(name="Priya Shah", email="", organisation=charity, job="Nurse", manager_name="Ada")


def place_of(person, event, status, **more):
    return PlaceFactory(
        event=event, practitioner=person, organisation=person.organisation, person=person.name, status=status, **more
    )


def test_everything_of_the_second_goes_to_the_first(client_of, partner, priya, twin, course, sleep, office):
    old = EventFactory(course=course, starts_at=datetime(2026, 5, 1, 9, 0, tzinfo=UTC))
    place = place_of(twin, old, "attended")
    record = CompetencyRecordFactory(practitioner=twin, competency=sleep, recorded_by=office)
    CompetencyRecordFactory(practitioner=priya, competency=sleep, recorded_by=office, gained_on=date(2020, 1, 1))
    Practitioner.objects.filter(pk=priya.pk).update(job="")
    client = client_of(partner)
    page = client.get(url("merge", priya), {"other": twin.pk})
    assert page.context["taken"] == ["job title", "manager’s name"]
    client.post(url("merge", priya), {"merge": twin.pk})
    assert list(Practitioner.objects.values_list("pk", "email", "job", "manager_name")) == [
        (priya.pk, "priya@lantern.example", "Nurse", "Ada")
    ]
    place.refresh_from_db()
    record.refresh_from_db()
    assert (place.practitioner, record.practitioner, priya.records.count()) == (priya, priya, 2)
    assert client.post(url("merge", priya), {"merge": twin.pk}).status_code == 404


@pytest.mark.parametrize(
    ("own", "other", "stays"),
    [
        ("booked", "attended", "attended"),
        ("attended", "booked", "attended"),
        ("missed", "attended", "attended"),
        ("waiting", "booked", "booked"),
        ("unsure", "waiting", "waiting"),
    ],
)
def test_of_two_places_at_one_event_the_one_further_along_stays(priya, twin, course, own, other, stays):
    event = EventFactory(course=course, starts_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    place_of(priya, event, own)
    place_of(twin, event, other)
    merge_practitioners(priya, twin, at=NOW)
    assert list(Place.objects.values_list("status", "practitioner")) == [(stays, priya.pk)]


def test_cancelled_places_stay_beside_one_that_is_not(priya, twin, course):
    event = EventFactory(course=course)
    place_of(priya, event, "booked")
    place_of(twin, event, "cancelled")
    merge_practitioners(priya, twin, at=NOW)
    assert sorted(Place.objects.values_list("status", "practitioner")) == [
        ("booked", priya.pk),
        ("cancelled", priya.pk),
    ]


def test_a_place_that_two_entries_held_goes_to_whoever_waits(priya, twin, course):
    event = EventFactory(course=course, capacity=2)
    place_of(priya, event, "booked")
    place_of(twin, event, "booked")
    next_one = place_of(PractitionerFactory(), event, "waiting")
    merge_practitioners(priya, twin, at=NOW)
    next_one.refresh_from_db()
    assert (next_one.status, event.places.filter(practitioner=priya).count()) == ("booked", 1)


def test_what_was_answered_about_either_place_is_kept(priya, twin, course):
    event = EventFactory(course=course, starts_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    stays, goes = place_of(priya, event, "attended"), place_of(twin, event, "missed")
    for place, stage, answered in [
        (stays, "before", None),
        (stays, "after", NOW),
        (goes, "before", NOW),
        (goes, "after", NOW),
    ]:
        EvaluationFactory(place=place, stage=stage, answered_at=answered, words=place.status)
    merge_practitioners(priya, twin, at=NOW)
    kept = Evaluation.objects.filter(place=stays).order_by("stage")
    assert list(kept.values_list("stage", "words")) == [("after", "attended"), ("before", "missed")]


def test_an_address_goes_over_where_the_first_has_none(priya, twin):
    merge_practitioners(twin, priya, at=NOW)
    assert list(Practitioner.objects.values_list("pk", "email")) == [(twin.pk, "priya@lantern.example")]


def test_nobody_merges_with_another_agencys_people(client_of, partner, priya, owens):
    assert client_of(partner).get(url("merge", priya), {"other": owens.pk}).status_code == 404
    assert client_of(partner).post(url("merge", priya), {"merge": owens.pk}).status_code == 404
    assert Practitioner.objects.count() == 2


def test_merging_knows_of_everything_that_points_at_a_practitioner():
    pointing = {field.related_model.__name__ for field in Practitioner._meta.related_objects}
    assert {name for name in pointing if not name.endswith("Event")} == {"Place", "CompetencyRecord", "TrainingMail"}


# A list of staff

HEADINGS = "Name\tE-mail\tJob\tRole\tStart date\tLine manager\tManager’s e-mail"


def pasted(*rows, headings=HEADINGS):
    return "\n".join([headings, *rows])


def read(client, organisation, text, address=STAFF):
    return client.post(address, {"organisation": organisation.pk, "pasted": text})


def say_yes(client, page, address=STAFF, **more):
    return client.post(address, {"understood": page.context["understood"], **more})


def test_a_list_of_staff_is_shown_first_and_made_by_the_yes_once(client_of, partner, charity, priya, visitor):
    client = client_of(partner)
    page = read(
        client,
        charity,
        pasted(
            "Priya Shah\tPRIYA@lantern.example\tSenior health visitor\t\t1 April 2024\tAda King\tada@lantern.example",
            "Jo Bell\tjo@lantern.example\tHealth visitor\thealth visitor\t2026-09-01\t\t",
        ),
    )
    assert (page.status_code, page.context["counts"], Practitioner.objects.count()) == (
        200,
        {"new": 1, "changed": 1, "same": 0, "missing": 0},
        1,
    )
    for _ in range(2):
        say_yes(client, page)
    people = Practitioner.objects.order_by("name").values_list(
        "name", "email", "job", "role", "began_on", "manager_name"
    )
    assert list(people) == [
        ("Jo Bell", "jo@lantern.example", "Health visitor", visitor.pk, date(2026, 9, 1), ""),
        ("Priya Shah", "priya@lantern.example", "Senior health visitor", visitor.pk, date(2024, 4, 1), "Ada King"),
    ]


def test_a_workbook_is_read_as_what_is_pasted(client_of, partner, charity):
    book = Workbook()
    book.active.append(["Staff of the trust, December"])
    book.active.append(["First name", "Surname", "E-mail address", "Job title", "Start date"])
    book.active.append(["Jo", "Bell", "jo@lantern.example", "Nurse", datetime(2026, 9, 1)])
    content = BytesIO()
    book.save(content)
    client = client_of(partner)
    file = SimpleUploadedFile("staff.xlsx", content.getvalue())
    page = client.post(STAFF, {"organisation": charity.pk, "document": file})
    say_yes(client, page)
    assert list(Practitioner.objects.values_list("name", "job", "began_on")) == [("Jo Bell", "Nurse", date(2026, 9, 1))]


@pytest.mark.parametrize(
    ("row", "at", "says"),
    [
        ("\tjo@lantern.example", "A2", "Enter the name in this row"),
        ("Jo Bell\tjo at lantern", "B2", "is not an e-mail address"),
        ("Jo Bell\tjo@lantern.example\t\t\tlast spring", "E2", "We can’t read “last spring” as a day"),
        ("Jo Bell\tother@hospital.example", "B2", "in the register of another organisation"),
        ("=1+1\tjo@lantern.example", "A2", "This holds a formula"),
    ],
)
def test_what_is_wrong_is_named_by_its_cell_and_nothing_is_made(client_of, partner, charity, owens, row, at, says):
    page = read(client_of(partner), charity, pasted(row, "Good Row\tgood@lantern.example"))
    [problem] = page.context["problems"]
    assert (page.status_code, problem["at"], says in problem["says"]) == (422, at, True)
    assert "Good Row" in page.content.decode()  # what was pasted is there to be mended
    assert Practitioner.objects.count() == 1


def test_doubts_are_said_and_do_not_stand_in_the_way(client_of, partner, charity, priya, twin, visitor):
    text = pasted("Jo Bell\t\tNurse\tHealth visiter", "Priya Shah\tnew@lantern.example")
    page = read(client_of(partner), charity, text)
    assert [(note["at"], note["says"].split(".")[0]) for note in page.context["notes"]] == [
        ("A2", "Without an address they can’t book by themselves, nor be asked what changed"),
        ("D2", "The framework has no role “Health visiter”"),
        ("B3", "We take this to be the Priya Shah who has no address in the register yet"),
    ]
    assert "Did you mean “Health visitor”?" in page.content.decode()


def test_two_rows_of_one_person_are_told(client_of, partner, charity, priya):
    text = pasted("Priya Shah\tpriya@lantern.example", "Priya Shah\t", "P Shah\tPriya@Lantern.example")
    page = read(client_of(partner), charity, text)
    assert [problem["at"] for problem in page.context["problems"]] == ["A3", "B4"]


def test_whoever_is_not_in_a_whole_list_has_left(client_of, partner, charity, priya, owens):
    client = client_of(partner)
    page = read(client, charity, pasted("Jo Bell\tjo@lantern.example"))
    assert [each.name for each in page.context["draft"].missing] == ["Priya Shah"]
    say_yes(client, page, missing_left="1")
    left = Practitioner.objects.exclude(left_on=None).values_list("name", "left_on")
    assert list(left) == [("Priya Shah", date(2027, 1, 12))]


def test_whoever_runs_training_moves_somebody_to_another_agency(client_of, office, charity, owens):
    client = client_of(office)
    page = read(client, charity, pasted("Somebody Of Owen’s\tother@hospital.example"))
    assert page.context["rows"][0].changes == [("Organisation", "St Brannoc’s Hospital Trust", "Lantern Family Trust")]
    say_yes(client, page)
    owens.refresh_from_db()
    assert owens.organisation == charity


def test_what_was_understood_is_nobody_elses(client_of, partner, other_partner, charity, priya):
    page = read(client_of(partner), charity, pasted("Jo Bell\tjo@lantern.example"))
    for sealed in (page.context["understood"], "made up"):
        client_of(other_partner).post(STAFF, {"understood": sealed})
    assert Practitioner.objects.count() == 1


def test_a_partner_brings_no_list_for_another_agency(client_of, partner, hospital):
    page = read(client_of(partner), hospital, pasted("Jo Bell\tjo@lantern.example"))
    assert (page.status_code, Practitioner.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Choose a file, or paste the rows below"),
        ("Jo Bell\tjo@lantern.example", "no row with the headings"),
        ("Name\tE-mail", "no rows under them"),
        ('Name\tE-mail\n"Jo', "Enter the name"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(client_of, partner, charity, text, said):
    page = read(client_of(partner), charity, text)
    assert page.status_code in {200, 422}
    assert said in page.content.decode() or page.status_code == 200


@pytest.mark.parametrize("people", [1, 3, 60])
def test_preview_query_count(client_of, partner, charity, visitor, django_assert_num_queries, people):
    rows = [f"Person {n}\tp{n}@lantern.example\tNurse\tHealth visitor" for n in range(people)]
    PractitionerFactory.create_batch(people, organisation=charity, role=visitor)
    client = client_of(partner)
    with django_assert_num_queries(10):
        read(client, charity, pasted(*rows))


# What many gained elsewhere


def test_what_many_gained_is_recorded_once(client_of, partner, charity, priya, twin, sleep):
    client = client_of(partner)
    text = pasted(
        "priya@lantern.example\tSAFER sleep\t1 June 2026\tE-learning",
        "priya@lantern.example\tSafer sleep\t1/6/2026\tE-learning",
        headings="E-mail\tCompetency\tDate\tHow",
    )
    page = read(client, charity, text, GAINED)
    assert page.context["counts"] == {"new": 1, "same": 1}
    for _ in range(2):
        say_yes(client, page, GAINED)
    records = CompetencyRecord.objects.values_list("practitioner", "competency", "gained_on", "recorded_by")
    assert list(records) == [(priya.pk, sleep.pk, date(2026, 6, 1), partner.pk)]


@pytest.mark.parametrize(
    ("row", "at"),
    [
        ("nobody@lantern.example\t\tSafer sleep\t1 June 2026\tE-learning", "A2"),
        ("other@hospital.example\t\tSafer sleep\t1 June 2026\tE-learning", "A2"),
        ("\tPriya Shah\tSafer sleep\t1 June 2026\tE-learning", "B2"),
        ("\t\tSafer sleep\t1 June 2026\tE-learning", "B2"),
        ("priya@lantern.example\t\tSafe sleep\t1 June 2026\tE-learning", "C2"),
        ("priya@lantern.example\t\tSafer sleep\t1 June 2028\tE-learning", "D2"),
        ("priya@lantern.example\t\tSafer sleep\t\tE-learning", "D2"),
        ("priya@lantern.example\t\tSafer sleep\t1 June 2026\t", "E2"),
    ],
)
def test_what_cannot_be_recorded_is_named_by_its_cell(client_of, partner, charity, priya, twin, owens, sleep, row, at):
    text = pasted(row, headings="E-mail\tName\tCompetency\tDate\tHow")
    page = read(client_of(partner), charity, text, GAINED)
    assert (page.status_code, [problem["at"] for problem in page.context["problems"]]) == (422, [at])


def test_people_of_two_partnerships_are_seen_by_whoever_runs_training_in_either(
    client_of, office, far_partnership, stranger, priya
):
    shared = OrganisationFactory(name="Shared")
    MembershipFactory(organisation=shared, partnership=far_partnership)
    theirs = PractitionerFactory(name="Far away", organisation=shared)
    assert [listed(client_of(user).get(LIST)) for user in (office, stranger)] == [[priya], [theirs]]
