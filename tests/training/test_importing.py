"""A log of training: understood in many shapes, nothing before the yes, brought once, taken back as a whole."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnership.lists import as_workbook
from partnership.refusals import NotNow
from partnership.uploads import UnreadableFile
from tests.factories import CourseFactory, EventFactory, PlaceFactory
from training.figures.exporting import events_sheet, people_sheet
from training.importing.draft import Draft
from training.importing.writing import confirm_log, leave_out_doubts, mend, stage_log, take_back
from training.models import Course, Event, Place, PlaceStatus, Practitioner, TrainingImport

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)
PEOPLE = (
    "Course title,Date of event,Delegate name,Agency,E-mail address,Attended Y/N\n"
    "Safer sleep,10/11/2025,Ada Birch,{own},ada@own.example,Yes\n"
    "Safer sleep,2025-11-10,Bryn Alder,{own},,DNA\n"
    "Safer  Sleep,10 Nov 2025,Clara Pell,{own},clara@own.example,Cancelled\n"
    'Neglect,"Monday, 1 December 2025",Dev Quill,{own},dev@own.example,y\n'
)
EVENTS = "Training;Date;Mode;Trainer agency;Trainer days;Attended;No shows;{own};{other};{own} - no shows\n" + (
    "Safer sleep;10.11.2025;Teams;{other};0.5;5;1;3;2;1\n"
)


@pytest.fixture
def names(partner, other_partner):
    def name(user):
        return user.holdings.get().post.organisation.name

    return {"own": name(partner), "other": name(other_partner)}


def staged(text, partnership, by, **names):
    return stage_log(pasted=text.format(**names), partnership=partnership, by=by)


def found():
    places = Place.objects.order_by("event__course__title", "person", "status")
    return [(each.event.course.title, each.person, each.status) for each in places.select_related("event__course")]


def test_a_row_for_each_person(today, partnership, office, names):
    log = staged(PEOPLE, partnership, office, **names)
    draft = Draft(log, on=TODAY)
    assert (draft.doubtful, draft.to_choose, Event.objects.count()) == ([], [], 0)  # nothing before the yes
    counts = confirm_log(log, by=office, at=NOW)
    assert counts == {"events": 2, "there": 0, "courses": 2, "attended": 2, "missed": 1, "left_out": 0}
    assert found() == [
        ("Neglect", "Dev Quill", "attended"),
        ("Safer sleep", "Ada Birch", "attended"),
        ("Safer sleep", "Bryn Alder", "missed"),
        ("Safer sleep", "Clara Pell", "cancelled"),
    ]
    assert sorted(Practitioner.objects.values_list("email", flat=True)) == [
        "ada@own.example",
        "clara@own.example",
        "dev@own.example",
    ]
    assert not Place.objects.exclude(signed_in_how=Place.How.IMPORTED).exists()


def test_a_row_for_each_event_makes_places_that_name_nobody(today, partnership, office, names):
    log = staged(EVENTS, partnership, office, **names)
    counts = confirm_log(log, by=office, at=NOW)
    assert (counts["events"], counts["attended"], counts["missed"]) == (1, 5, 1)
    rows = Place.objects.values_list("organisation__name", "status", "person", "practitioner")
    assert sorted(rows) == sorted(
        [(names["own"], "attended", "Not named", None)] * 3
        + [(names["other"], "attended", "Not named", None)] * 2
        + [(names["own"], "missed", "Not named", None)]
    )
    event = Event.objects.get()
    assert (event.course.mode, [str(each.organisation) for each in event.people.all()]) == (
        Course.Mode.ONLINE,
        [names["other"]],
    )


def test_brought_twice_makes_nothing_twice(today, partnership, office, names):
    first, second = (staged(PEOPLE, partnership, office, **names) for _ in range(2))
    confirm_log(first, by=office, at=NOW)
    assert confirm_log(first, by=office, at=NOW)["events"] == 2  # the same yes again
    draft = Draft(second, on=TODAY)
    assert (draft.is_ready, draft.counts["there"]) == (False, 2)
    with pytest.raises(NotNow):
        confirm_log(second, by=office, at=NOW)
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "doubt"),
    [
        ("Safer sleep,31/02/2025,Ada,{own},,yes", "date"),
        ("Safer sleep,10/11/2030,Ada,{own},,yes", "date"),
        ("Safer sleep,10/11/2025,Ada,{own},no address,yes", "email"),
        ("Safer sleep,10/11/2025,Ada,{own},,perhaps", "attended"),
        (",10/11/2025,Ada,{own},,yes", "event"),
        ("=A1,10/11/2025,Ada,{own},,yes", "event"),
    ],
)
def test_a_doubt_stands_at_its_cell_and_holds_everything_back(today, partnership, office, names, wrong, doubt):
    log = staged(PEOPLE + wrong + "\n", partnership, office, **names)
    draft = Draft(log, on=TODAY)
    assert [(line.number, list(line.doubts)) for line in draft.doubtful] == [(6, [doubt])]
    with pytest.raises(NotNow):
        confirm_log(log, by=office, at=NOW)
    assert not Event.objects.exists()
    leave_out_doubts(log, on=TODAY)
    log.refresh_from_db()
    assert confirm_log(log, by=office, at=NOW)["left_out"] == 1


def test_a_doubt_can_be_mended(today, partnership, office, names):
    log = staged(PEOPLE + "Neglect,soon,Leo,{own},,yes\n", partnership, office, **names)
    mend(log, cells={6: {"date": "1/12/2025"}}, left_out=[], chosen={})
    log.refresh_from_db()
    assert confirm_log(log, by=office, at=NOW)["attended"] == 3


def test_an_unknown_organisation_is_chosen_once_for_all_its_rows(today, partnership, office, partner, names):
    text = PEOPLE.replace("{own}", "Our old name")
    log = staged(text, partnership, office, **names)
    [waits] = Draft(log, on=TODAY).to_choose
    assert (waits["name"], len(waits["rows"])) == ("Our old name", 4)
    own = partner.holdings.get().post.organisation
    mend(log, cells={}, left_out=[], chosen={"our old name": str(own.pk)})
    log.refresh_from_db()
    confirm_log(log, by=office, at=NOW)
    assert set(Place.objects.values_list("organisation", flat=True)) == {own.pk}


def test_sums_that_do_not_agree_are_a_doubt(today, partnership, office, names):
    log = staged(EVENTS.replace(";5;1;", ";9;1;"), partnership, office, **names)
    [line] = Draft(log, on=TODAY).doubtful
    assert list(line.doubts) == ["attended_count"]


def test_all_that_a_log_made_is_taken_back_and_nothing_else(today, partnership, office, event, names):
    PlaceFactory(event=event)
    before = (Event.objects.count(), Course.objects.count(), Place.objects.count(), Practitioner.objects.count())
    log = staged(PEOPLE, partnership, office, **names)
    confirm_log(log, by=office, at=NOW)
    assert take_back(log, by=office, at=NOW) == 2
    after = (Event.objects.count(), Course.objects.count(), Place.objects.count(), Practitioner.objects.count())
    assert after == before
    with pytest.raises(NotNow):
        take_back(log, by=office, at=NOW)


def test_what_was_built_on_is_not_taken_back(today, partnership, office, names):
    log = staged(PEOPLE, partnership, office, **names)
    confirm_log(log, by=office, at=NOW)
    PlaceFactory(event=Event.objects.first())
    with pytest.raises(NotNow):
        take_back(log, by=office, at=NOW)
    assert Event.objects.count() == 2


@pytest.mark.parametrize("text", ["", "a,b\n1,2", "Course,Date\nSafer sleep,1/1/2025", "Course,Date,Name,Agency\n"])
def test_what_is_no_log_is_refused_in_words(partnership, office, text):
    with pytest.raises(UnreadableFile):
        stage_log(pasted=text, partnership=partnership, by=office)


def tally():
    rows = Place.objects.filter(status__in=["attended", "missed"]).values_list(
        "event__course__title", "organisation__name", "status"
    )
    return sorted(rows)


@pytest.mark.parametrize("shape", ["people", "events"])
def test_what_we_give_away_is_read_again_as_the_same(today, partnership, office, partner, other_partner, shape):
    course = CourseFactory(title="Round and round", partnerships=[partnership])
    event = EventFactory(course=course, starts_at=datetime(2025, 11, 10, 9, 30, tzinfo=UTC))
    for user, status in [(partner, PlaceStatus.ATTENDED), (partner, PlaceStatus.MISSED), (other_partner, "attended")]:
        PlaceFactory(event=event, organisation=user.holdings.get().post.organisation, status=status)
    places = Place.objects.filter(event=event).select_related("event__course", "organisation", "practitioner")
    sheet = people_sheet(places) if shape == "people" else events_sheet([event], list(places))
    content, before = as_workbook(sheet), tally()
    Place.objects.filter(event=event).delete()
    event.delete()
    upload = SimpleUploadedFile("ours.xlsx", content)
    log = stage_log(upload=upload, partnership=partnership, by=office)
    confirm_log(log, by=office, at=NOW)
    assert tally() == before


def test_the_pages_lead_from_a_file_to_the_yes_and_back(client_of, office, partnership, today, names):
    client = client_of(office)
    answer = client.post(reverse("training:import"), {"partnership": partnership.pk, "pasted": PEOPLE.format(**names)})
    log = TrainingImport.objects.get()
    assert answer.url == log.get_absolute_url()
    assert "Yes, bring these" in client.get(answer.url).content.decode()
    client.post(reverse("training:import-confirm", args=[log.pk]))
    assert "Take it all back" in client.get(answer.url).content.decode()
    client.post(reverse("training:import-take-back", args=[log.pk]))
    assert not Event.objects.exists()


def test_the_workbook_with_names_is_only_for_who_runs_training(client_of, office, partner, event, today):
    answers = [client_of(person).get(reverse("training:year-file")).status_code for person in (office, partner)]
    assert answers == [200, 403]


def test_any_number_of_rows_takes_the_same_queries(
    client_of, office, partnership, today, names, django_assert_max_num_queries
):
    client, counts = client_of(office), []
    for count in (1, 3, 60):
        rows = "".join(f"Course {n},10/11/2025,Ada,{names['own']},a{n}@x.example,yes\n" for n in range(count))
        log = stage_log(pasted=PEOPLE.splitlines()[0] + "\n" + rows, partnership=partnership, by=office)
        with django_assert_max_num_queries(60) as caught:
            client.get(log.get_absolute_url())
        counts.append(len(caught))
    assert len(set(counts)) == 1, counts
