"""The single-agency training return: asked once, drafted by several, frozen once submitted, compared with last year."""

from datetime import UTC, date, datetime
from io import BytesIO

import pghistory
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from partnership.deadlines import deadlines_for
from partnership.refusals import ChangedMeanwhile, NotNow
from tests.at_once import at_once
from tests.factories_training import AgencyCourseFactory, AgencyTrainingReturnFactory
from training import own_returns
from training.models import AgencyCourse, AgencyTrainingReturn

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
LIST = reverse("training:own-return-list")
CANARY = "Canary of a draft"


@pytest.fixture
def record(partnership, charity):
    """Of the year to March 2027, not begun, due on 26 February."""
    return AgencyTrainingReturnFactory(partnership=partnership, organisation=charity)


@pytest.fixture
def last_year(partnership, charity):
    """96 of 120, submitted."""
    record = AgencyTrainingReturnFactory(
        partnership=partnership,
        organisation=charity,
        starts_on=date(2025, 4, 1),
        ends_on=date(2026, 3, 31),
        submitted_at=datetime(2026, 4, 20, 9, 0, tzinfo=UTC),
        assured="Observed twice",
    )
    AgencyCourseFactory(record=record, level="Level 1")
    return record


def url(name, record):
    return reverse(f"training:own-return-{name}", args=[record.pk])


def course(title="Safeguarding for everybody", level="Level 1", needed=100, trained=80):
    return {"title": title, "level": level, "needed_count": needed, "trained_count": trained}


def said(*courses, assured="", difference=""):
    return {"assured": assured, "difference": difference, "courses": list(courses)}


def typed(*courses, version=1, **words):
    rows = {}
    for number, each in enumerate(courses):
        for name, value in each.items():
            rows[f"courses-{number}-{name}"] = "" if value is None else str(value)
    forms = {"courses-TOTAL_FORMS": str(len(courses)), "courses-INITIAL_FORMS": "0"}
    return {"version": str(version), "assured": "", "difference": "", **words, **forms, **rows}


def submitted(record, *courses, at=NOW, by):
    own_returns.save_draft(record, seen=record.version, said=said(*courses, assured="Observed"))
    return own_returns.submit(record, by=by, at=at)


# Asking


def asking(*organisations, **more):
    return {
        "year": "2026-04-01",
        "due_on_day": "26",
        "due_on_month": "2",
        "due_on_year": "2027",
        "organisations": [each.pk for each in organisations],
    } | more


def test_one_press_asks_every_member_and_a_second_asks_nobody_again(client_of, office, partnership, charity, hospital):
    address = reverse("training:own-return-ask", args=[partnership.pk])
    for _ in range(2):
        client_of(office).post(address, asking(charity, hospital))
    asked = AgencyTrainingReturn.objects.values_list("organisation", "starts_on", "ends_on", "asked_on", "due_on")
    days = (date(2026, 4, 1), date(2027, 3, 31), date(2027, 1, 12), date(2027, 2, 26))
    assert list(asked) == [(charity.pk, *days), (hospital.pk, *days)]


@pytest.mark.parametrize(
    "more", [{"year": "1999-04-01"}, {"due_on_year": "2026"}, {"organisations": []}, {"organisations": [999_999]}]
)
def test_what_makes_no_sense_asks_nobody(client_of, office, partnership, charity, more):
    page = client_of(office).post(reverse("training:own-return-ask", args=[partnership.pk]), asking(charity) | more)
    assert (page.status_code, AgencyTrainingReturn.objects.count()) == (422, 0)


def test_who_is_asked_finds_it_in_their_work_until_it_is_submitted(partner, other_partner, record):
    def due(user):
        return [
            (each.title, each.due_on)
            for each in deadlines_for(user, on=date(2027, 1, 12))
            if each.key.startswith("own-training:")
        ]

    assert (due(partner), due(other_partner)) == ([("Own training, year from 2026", date(2027, 2, 26))], [])
    submitted(record, course(), by=partner)
    assert due(partner) == []


def test_only_who_has_not_begun_is_no_longer_asked(client_of, office, record):
    own_returns.save_draft(record, seen=1, said=said(course()))
    client_of(office).post(url("take-back", record))
    assert AgencyTrainingReturn.objects.count() == 1
    AgencyTrainingReturn.objects.update(version=1)
    client_of(office).post(url("take-back", record))
    assert AgencyTrainingReturn.objects.count() == 0


# Writing


def test_a_draft_is_saved_and_lines_without_anything_are_left_out(client_of, partner, record):
    client = client_of(partner)
    empty = course("", "", None, None)
    page = client.post(url("answer", record), typed(course(), empty, course("Level two", "", 5, None), assured="Seen"))
    assert (page.status_code, page.url) == (302, url("answer", record))
    assert own_returns.said_in(AgencyTrainingReturn.objects.get()) == said(
        course(), course("Level two", "", 5, None), assured="Seen"
    )
    client.post(url("answer", record), typed(course("Level two", "", 5, 4), version=2))
    assert own_returns.said_in(AgencyTrainingReturn.objects.get()) == said(course("Level two", "", 5, 4))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (course(""), "Enter which course this is"),
        (course(needed="many"), "Enter a whole number, in figures"),
        (course(trained=-1), "Enter 0 or more people"),
        (course(needed=9_999_999), "Check the number of people"),
        (course("x" * 161), "Use 160 characters or fewer"),
    ],
)
def test_a_line_that_makes_no_sense_is_sent_back_with_everything(client_of, partner, record, wrong, words):
    page = client_of(partner).post(url("answer", record), typed(course("Kept words"), wrong, assured="Kept too"))
    text = page.content.decode()
    assert (page.status_code, words in text, "Kept words" in text, "Kept too" in text) == (422, True, True, True)
    assert AgencyCourse.objects.count() == 0


def test_two_who_write_at_once_both_keep_their_words(client_of, partner, record):
    own_returns.save_draft(record, seen=1, said=said(course("Theirs"), assured="Theirs as well"))
    client = client_of(partner)
    page = client.post(url("answer", record), typed(course("Mine"), version=1))
    text = page.content.decode()
    assert (page.status_code, "Mine" in text, "Theirs" in text, "Theirs as well" in text) == (409, True, True, True)
    assert AgencyCourse.objects.get().title == "Theirs"
    client.post(url("answer", record), typed(course("Mine"), version=page.context["version"]))
    assert AgencyCourse.objects.get().title == "Mine"


def test_the_same_words_sent_twice_are_one_saving(record):
    for _ in range(2):
        saved = own_returns.save_draft(record, seen=1, said=said(course()))
    assert saved.version == 2
    with pytest.raises(ChangedMeanwhile):
        own_returns.save_draft(record, seen=1, said=said(course("Another")))


def test_who_has_not_begun_begins_with_last_years_courses(client_of, partner, record, last_year):
    page = client_of(partner).get(url("answer", record))
    [first, *_] = page.context["rows"].initial
    assert first == {"title": "Safeguarding for everybody", "level": "Level 1"}
    assert "Observed twice" in page.content.decode()


def test_a_draft_is_read_by_its_own_organisation_alone(client_of, partner, office, training_coordinator, record):
    own_returns.save_draft(record, seen=1, said=said(course(CANARY), assured=CANARY))
    address = record.get_absolute_url()
    reads = {user.name: CANARY in client_of(user).get(address).content.decode() for user in (partner, office)}
    assert reads == {partner.name: True, office.name: False}
    for user in (office, training_coordinator):
        for page in (address, LIST):
            assert CANARY not in client_of(user).get(page).content.decode()
        assert client_of(user).get(url("answer", record)).status_code == 403
    book = load_workbook(BytesIO(client_of(office).get(LIST, {"export": "xlsx"}).content))
    assert CANARY not in str([list(sheet.values) for sheet in book])


# Submitting and handing back


def test_what_is_missing_is_said_before_it_is_submitted(client_of, partner, record):
    own_returns.save_draft(record, seen=1, said=said(course(trained=None)))
    client = client_of(partner)
    assert len(client.get(record.get_absolute_url()).context["missing"]) == 2
    client.post(url("submit", record))
    record.refresh_from_db()
    assert record.submitted_at is None


def test_no_course_at_all_is_an_answer_with_its_reason(record, partner):
    own_returns.save_draft(record, seen=1, said=said(assured="Nothing to assure", difference="We have no staff yet"))
    assert own_returns.submit(record, by=partner, at=NOW).submitted_at == NOW


def test_once_submitted_it_stands(client_of, partner, office, record):
    submitted(record, course(), by=partner)
    client = client_of(partner)
    assert client.get(url("answer", record)).url == record.get_absolute_url()
    client.post(url("answer", record), typed(course("Changed"), version=2))
    with pytest.raises(NotNow):
        own_returns.save_draft(record, seen=2, said=said(course("Changed")))
    assert AgencyCourse.objects.get().title == "Safeguarding for everybody"
    assert "Safeguarding for everybody" in client_of(office).get(record.get_absolute_url()).content.decode()
    client.post(url("submit", record))
    record.refresh_from_db()
    assert record.submitted_at == NOW


def test_it_is_handed_back_with_a_reason_that_its_organisation_reads(client_of, partner, office, record):
    submitted(record, course(), by=partner)
    day = {"due_on_day": "1", "due_on_month": "3", "due_on_year": "2027"}
    assert client_of(office).post(url("hand-back", record), day).status_code == 422
    client_of(office).post(url("hand-back", record), {**day, "because": "Level 2 is missing"})
    record.refresh_from_db()
    assert (record.submitted_at, record.submitted_by, record.due_on) == (None, None, date(2027, 3, 1))
    page = client_of(partner).get(url("answer", record))
    assert "Level 2 is missing" in page.content.decode()
    own_returns.submit(record, by=partner, at=NOW)
    record.refresh_from_db()
    assert own_returns.handed_back_because(record) == ""


def test_another_reason_in_its_history_is_no_handing_back(record):
    with pghistory.context(reason="The year was moved"):
        own_returns.save_draft(record, seen=1, said=said(course()))
    assert own_returns.handed_back_because(record) == ""


def test_more_time_is_given_until_it_is_submitted(client_of, partner, office, record):
    day = {"due_on_day": "1", "due_on_month": "4", "due_on_year": "2027"}
    client_of(office).post(url("due", record), day)
    record.refresh_from_db()
    assert record.due_on == date(2027, 4, 1)
    submitted(record, course(), by=partner)
    client_of(office).post(url("due", record), {**day, "due_on_month": "5"})
    record.refresh_from_db()
    assert record.due_on == date(2027, 4, 1)


@pytest.mark.django_db(transaction=True)
def test_asked_at_once_by_two_every_organisation_has_one(partnership, charity, hospital):
    days = {"starts_on": date(2026, 4, 1), "ends_on": date(2027, 3, 31), "due_on": date(2027, 3, 1)}

    def ask():
        return own_returns.ask(partnership, [charity, hospital], on=date(2027, 1, 12), **days)

    at_once(ask, ask)
    assert AgencyTrainingReturn.objects.count() == 2


# What they come to


def test_per_cent_by_level_and_agency_beside_last_year(partnership, charity, hospital, partner, record, last_year):
    other = AgencyTrainingReturnFactory(partnership=partnership, organisation=hospital)
    submitted(record, course(), course("Two", "Level 2", 10, 9), by=partner)
    own_returns.save_draft(other, seen=1, said=said(course(trained=0)))
    year = own_returns.year_of(partnership, date(2026, 4, 1))
    counts = [
        (
            line.organisation.name,
            {level: each.share for level, each in line.levels.items()},
            line.whole.share,
            line.before.share,
        )
        for line in year.lines
    ]
    assert (counts, year.submitted_count, year.asked_count, year.total.whole.share, year.total.before.share) == (
        [
            ("Lantern Family Trust", {"Level 1": 80, "Level 2": 90}, 81, 80),
            ("St Brannoc’s Hospital Trust", {}, None, None),
        ],
        1,
        2,
        81,
        80,
    )


def test_figures_are_of_what_was_submitted_with_both_numbers(partnership, charity, record, partner, last_year):
    own_returns.save_draft(record, seen=1, said=said(course()))
    AgencyCourseFactory(record=last_year, level="Level 2", trained_count=None)
    assert list(AgencyTrainingReturn.objects.figures()) == [
        {
            "level": "Level 1",
            "organisation": charity.pk,
            "starts_on": date(2025, 4, 1),
            "needed": 120,
            "trained": 96,
            "course_count": 1,
        }
    ]


@pytest.mark.parametrize(
    ("day", "before"), [(date(2026, 4, 1), date(2025, 4, 1)), (date(2024, 2, 29), date(2023, 2, 28))]
)
def test_the_year_before_begins_on_the_same_day(day, before):
    assert own_returns.year_before(day) == before


def test_everything_is_taken_away_as_a_spreadsheet(client_of, office, partner, record):
    submitted(record, course(), by=partner)
    book = load_workbook(BytesIO(client_of(office).get(LIST, {"export": "xlsx"}).content))
    sheets = {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book}
    name = "Lantern Family Trust"
    assert sheets["Courses"] == [(name, "Safeguarding for everybody", "Level 1", 100, 80)]
    assert sheets["Words"] == [(name, "Observed", None)]
    assert sheets["By organisation and level"][0] == (name, "Yes", "Level 1", 100, 80, 80)


@pytest.mark.parametrize("returns", [1, 3])
def test_overview_query_count(client_of, office, partnership, charity, hospital, health_board, partner, returns,
                              django_assert_num_queries):  # fmt: skip
    for organisation in [charity, hospital, health_board][:returns]:
        made = AgencyTrainingReturnFactory(partnership=partnership, organisation=organisation)
        submitted(made, course(), by=partner)
    client = client_of(office)
    with django_assert_num_queries(9):
        client.get(LIST)


@pytest.mark.parametrize("courses", [1, 3])
def test_answer_page_query_count(client_of, partner, record, courses, django_assert_num_queries):
    own_returns.save_draft(record, seen=1, said=said(*[course(f"Course {n}") for n in range(courses)]))
    client = client_of(partner)
    with django_assert_num_queries(12):
        client.get(url("answer", record))
