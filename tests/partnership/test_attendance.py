"""Who is expected at a meeting, who came, and over a year who is seldom there."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnership.attendance import answers_for, heat_map, record_attendance
from partnership.models import Attendance, FormerName, FormerOrganisation, GroupMember, Meeting, Nomination
from tests.factories import (
    AttendanceFactory,
    GroupMemberFactory,
    MeetingFactory,
    OrganisationFactory,
    PostFactory,
)
from tests.plans.test_plan_page import count_queries

YEAR = {"first": date(2026, 4, 1), "last": date(2027, 3, 31)}
P, D, A, N = Attendance.Status.values


def url(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def seat(group, organisation, **seat):
    """A seat of one of the organisation's posts."""
    return GroupMemberFactory(group=group, post=PostFactory(organisation=organisation), **seat)


@pytest.fixture
def agencies(learning_group):
    """Four, each with a seat."""
    found = [OrganisationFactory(name=name) for name in ("Ambulance", "Borough", "College", "District")]
    for organisation in found:
        seat(learning_group, organisation)
    return found


def held_on(group, day, *statuses, agencies=()):
    meeting = MeetingFactory(group=group, meets_on=day, status=Meeting.Status.HELD)
    for organisation, status in zip(agencies, statuses, strict=False):
        AttendanceFactory(meeting=meeting, organisation=organisation, status=status)
    return meeting


def names(meeting):
    return [answer.name for answer in answers_for(meeting)]


# Who is expected


def test_the_organisations_of_that_days_seats_are_expected(learning_group, held_meeting):
    for name, dates in {
        "Always": {},
        "Left before": {"to_on": date(2026, 11, 9)},
        "Left that day": {"to_on": date(2026, 11, 10)},
        "Came after": {"from_on": date(2026, 11, 11)},
        "Came that day": {"from_on": date(2026, 11, 10)},
    }.items():
        seat(learning_group, OrganisationFactory(name=name), **dates)
    seat(learning_group, OrganisationFactory(name="Looks on"), role=GroupMember.Role.OBSERVER)
    seat(learning_group, OrganisationFactory(name="Advises"), role=GroupMember.Role.ADVISOR)
    assert names(held_meeting) == ["Always", "Came that day", "Left that day"]


def test_an_organisation_with_two_seats_is_expected_once(learning_group, held_meeting):
    police = OrganisationFactory(name="Police")
    seat(learning_group, police)
    seat(learning_group, police)
    assert names(held_meeting) == ["Police"]


def test_a_nominated_post_brings_the_organisations_that_it_speaks_for(learning_group, held_meeting):
    one = seat(learning_group, OrganisationFactory(name="First district"))
    Nomination.objects.create(organisation=OrganisationFactory(name="Second district"), post=one.post)
    Nomination.objects.create(
        organisation=OrganisationFactory(name="Third district"), post=one.post, from_on=date(2026, 12, 1)
    )
    assert names(held_meeting) == ["First district", "Second district"]


def test_names_and_mergers_are_those_of_the_day(learning_group, held_meeting):
    trust = OrganisationFactory(name="New Name Trust")
    FormerName.objects.create(organisation=trust, name="Old Name Trust", to_on=date(2026, 11, 30))
    seat(learning_group, trust)
    merged = seat(learning_group, OrganisationFactory(name="Health Board"))
    FormerOrganisation.objects.create(
        post=merged.post, organisation=OrganisationFactory(name="Commissioning Group"), to_on=date(2026, 12, 31)
    )
    assert names(held_meeting) == ["Commissioning Group", "Old Name Trust"]
    later = MeetingFactory(group=learning_group)
    assert names(later) == ["Health Board", "New Name Trust"]


# Recording


def body_of(page, **answers):
    """What the page would send with ``answers`` (by the organisation's name: status, who)."""
    body = {"answer-TOTAL_FORMS": len(page.context["rows"]), "answer-INITIAL_FORMS": len(page.context["rows"])}
    for number, (_form, answer) in enumerate(page.context["rows"]):
        status, who = answers.get(answer.name, (answer.status, answer.who))
        body |= {
            f"answer-{number}-organisation_id": answer.organisation_id,
            f"answer-{number}-status": status,
            f"answer-{number}-who": who,
        }
    return body


def recorded(meeting):
    return list(meeting.attendance.values_list("organisation__name", "status", "who"))


def test_one_row_for_each_organisation_is_saved_and_can_be_changed(client_of, chair, held_meeting, agencies):
    client, page_url = client_of(chair), url("meeting-attendance", held_meeting)
    body = body_of(client.get(page_url), Ambulance=(P, ""), Borough=(D, "Ann Other"), College=(A, ""))
    for _again in range(2):
        assert client.post(page_url, body).url == held_meeting.get_absolute_url()
    assert recorded(held_meeting) == [
        ("Ambulance", P, ""),
        ("Borough", D, "Ann Other"),
        ("College", A, ""),
        ("District", N, ""),
    ]
    client.post(page_url, body_of(client.get(page_url), College=(P, "")))
    assert recorded(held_meeting)[2] == ("College", P, "")


def test_recording_makes_a_planned_meeting_one_that_was_held(meeting, agencies):
    record_attendance(meeting, on=date(2027, 3, 9), answers={agencies[0].pk: (P, "")})
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.HELD


def test_before_the_day_apologies_can_be_noted_and_nobody_has_come(client_of, chair, meeting, agencies):
    client, page_url = client_of(chair), url("meeting-attendance", meeting)
    page = client.post(page_url, body_of(client.get(page_url), Ambulance=(P, "")))
    assert page.status_code == 422
    assert page.context["forms"][0].errors == {
        "status": ["The meeting has not been held yet. Note apologies, the rest on its day"]
    }
    client.post(page_url, body_of(client.get(page_url), Ambulance=(A, "On leave")))
    meeting.refresh_from_db()
    assert (recorded(meeting)[0], meeting.status) == (("Ambulance", A, "On leave"), "planned")


@pytest.mark.parametrize(
    ("wrong", "status"), [({"answer-0-status": "maybe"}, 422), ({"answer-0-organisation_id": 999999}, 422)]
)
def test_a_made_up_answer_saves_nothing(client_of, chair, held_meeting, agencies, wrong, status):
    client, page_url = client_of(chair), url("meeting-attendance", held_meeting)
    page = client.post(page_url, body_of(client.get(page_url), Borough=(P, "")) | wrong)
    assert page.status_code == status
    assert recorded(held_meeting) == []


def test_a_cancelled_meeting_has_no_attendance(meeting, agencies):
    meeting.status, meeting.cancelled_reason = Meeting.Status.CANCELLED, "Snow"
    meeting.save()
    with pytest.raises(ValidationError, match="This meeting was cancelled"):
        record_attendance(meeting, on=date(2027, 3, 9), answers={agencies[0].pk: (P, "")})


# A year


def test_the_map_says_who_was_there_how_often_and_who_seldom(learning_group, agencies):
    held_on(learning_group, date(2026, 5, 12), P, P, A, P, agencies=agencies)
    held_on(learning_group, date(2026, 7, 14), D, A, N, agencies=agencies)
    MeetingFactory(
        group=learning_group, meets_on=date(2026, 9, 8), status=Meeting.Status.CANCELLED, cancelled_reason="Too few"
    )
    held_on(learning_group, date(2026, 11, 10))
    MeetingFactory(group=learning_group)
    found = heat_map(learning_group, **YEAR)
    assert [(line.name, "".join(cell.letter for cell in line.cells), line.percent) for line in found.lines] == [
        ("Ambulance", "PD×?", 100),
        ("Borough", "PA×?", 50),
        ("College", "AN×?", 0),
        ("District", "PN×?", 50),
    ]
    assert [line.name for line in found.seldom_there] == ["College"]
    assert (found.held_count, [each.cancelled_reason for each in found.cancelled], found.to_come_count) == (
        3,
        ["Too few"],
        1,
    )


def test_seldom_there_is_below_the_groups_own_figure_and_never_after_one_meeting(learning_group, agencies):
    held_on(learning_group, date(2026, 5, 12), A, agencies=agencies)
    assert heat_map(learning_group, **YEAR).seldom_there == []
    held_on(learning_group, date(2026, 7, 14), P, P, P, P, agencies=agencies)
    learning_group.attendance_percent = 50
    assert heat_map(learning_group, **YEAR).seldom_there == []
    learning_group.attendance_percent = 51
    assert [line.name for line in heat_map(learning_group, **YEAR).seldom_there] == [
        "Ambulance",
        "Borough",
        "College",
        "District",
    ]


def test_a_meeting_before_one_had_a_seat_counts_for_nothing(learning_group):
    late = OrganisationFactory(name="Late")
    seat(learning_group, late, from_on=date(2026, 7, 1))
    other = OrganisationFactory(name="Other")
    seat(learning_group, other)
    held_on(learning_group, date(2026, 5, 12), P, agencies=[other])
    held_on(learning_group, date(2026, 7, 14), P, P, agencies=[other, late])
    assert [
        (line.name, "".join(cell.letter for cell in line.cells), line.percent)
        for line in heat_map(learning_group, **YEAR).lines
    ] == [
        ("Late", "–P", 100),
        ("Other", "PP", 100),
    ]


def test_the_page_and_its_files_hold_the_same(client_of, partner, stranger, learning_group, agencies):
    meeting = held_on(learning_group, date(2026, 5, 12), P, D, A, agencies=agencies)
    meeting.attendance.filter(status=D).update(who="Ann Other")
    client, page_url = client_of(partner), url("group-attendance", learning_group)
    text = client.get(page_url).content.decode()
    assert "Deputy (Ann Other)" in text
    rows = client.get(f"{page_url}?year=2026&export=csv").content.decode("utf-8-sig").split("\r\n")
    assert rows == [
        "Organisation,12 May 2026,There,Of,Per cent,Note",
        "Ambulance,Present,1,1,100,",
        "Borough,Deputy (Ann Other),1,1,100,",
        "College,Apologies,0,1,0,",
        "District,No response,0,1,0,",
        "",
    ]
    assert client.get(f"{page_url}?export=xlsx").content[:2] == b"PK"
    assert client_of(stranger).get(f"{page_url}?export=csv").status_code == 404


def test_another_year_can_be_asked_for_and_a_wrong_one_is_this(client_of, partner, learning_group, agencies):
    held_on(learning_group, date(2025, 5, 13), P, agencies=agencies)
    client, page_url = client_of(partner), url("group-attendance", learning_group)
    years = [str(client.get(f"{page_url}?year={year}").context["year"]) for year in ("2025", "1999", "x")]
    assert years == ["April 2025 to March 2026", "April 2026 to March 2027", "April 2026 to March 2027"]


@pytest.mark.parametrize("export", ["", "?export=csv"])
def test_the_map_takes_as_many_queries_for_twelve_meetings_as_for_three(
    client_of, partner, learning_group, agencies, export
):
    client, page_url = client_of(partner), url("group-attendance", learning_group) + export

    def hold(months):
        for month in months:
            held_on(learning_group, date(2026, month, 12), P, A, agencies=agencies)

    hold((4, 5, 6))
    client.get(page_url)
    at_3 = count_queries(client, page_url)
    hold((7, 8, 9, 10, 11, 12))
    for month in (1, 2, 3):
        held_on(learning_group, date(2027, month, 12), D, agencies=agencies)
    seat(learning_group, OrganisationFactory(name="More"))
    assert count_queries(client, page_url) == at_3
