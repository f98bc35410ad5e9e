"""Meetings: a year is planned, one is moved, cancelled, written up; agreed minutes stand; the public sees dates."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, transaction
from django.urls import reverse

from partnership.meetings import (
    Agreed,
    DaysRefused,
    Decided,
    agree_minutes,
    cancel_meeting,
    days_of_pattern,
    move_meeting,
    plan_meetings,
    record_minutes,
)
from partnership.models import AgendaItem, Attendance, Group, GroupMember, Meeting, MeetingDecision, StandingItem
from tests.conftest import hold
from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    GroupFactory,
    MeetingActionFactory,
    MeetingFactory,
    OrganisationFactory,
    PostFactory,
)
from tests.plans.test_plan_page import count_queries

LIST = reverse("partnership:meeting-list")


def url(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def on_day(name, day):
    """A day as the three boxes send it."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def dates_of(group):
    return list(group.meetings.values_list("meets_on", flat=True))


# The pattern


def test_a_pattern_keeps_the_place_of_the_weekday_in_its_month():
    days = days_of_pattern(date(2027, 1, 12), frequency="two-months", until=date(2027, 12, 31))
    assert [day.on for day in days] == [
        date(2027, 1, 12),
        date(2027, 3, 9),
        date(2027, 5, 11),
        date(2027, 7, 13),
        date(2027, 9, 14),
        date(2027, 11, 9),
    ]
    assert {day.why for day in days} == {""}


def test_a_bank_holiday_moves_to_the_next_working_day_and_says_so():
    days = days_of_pattern(date(2027, 4, 5), frequency="monthly", until=date(2027, 5, 31))
    assert [(day.on, day.why) for day in days] == [
        (date(2027, 4, 5), ""),
        (date(2027, 5, 4), "Moved from Monday 3 May 2027, a bank holiday"),
    ]


def test_a_saturday_moves_to_monday():
    [day] = days_of_pattern(date(2027, 3, 13), frequency="yearly", until=date(2027, 12, 31))
    assert (day.on, day.why) == (date(2027, 3, 15), "Moved from Saturday 13 March 2027, a weekend")


def test_from_a_fifth_weekday_the_pattern_keeps_the_last_one():
    days = days_of_pattern(date(2027, 3, 31), frequency="monthly", until=date(2027, 6, 30))
    assert [day.on for day in days] == [date(2027, 3, 31), date(2027, 4, 28), date(2027, 5, 26), date(2027, 6, 30)]


def test_a_pattern_goes_over_the_end_of_the_year():
    days = days_of_pattern(date(2027, 11, 9), frequency="quarterly", until=date(2028, 2, 8))
    assert [day.on for day in days] == [date(2027, 11, 9), date(2028, 2, 8)]


# Planning


PATTERN = {
    **on_day("first", date(2027, 4, 13)),
    **on_day("until", date(2027, 9, 30)),
    "frequency": "quarterly",
    "starts_at": "2.30pm",
    "ends_at": "16:30",
    "venue": "Town Hall",
}


def ticked(*days):
    """The second step: these days, all of them wanted."""
    rows = {"day-TOTAL_FORMS": len(days), "day-INITIAL_FORMS": len(days), "action": "plan"}
    for number, day in enumerate(days):
        rows |= {f"day-{number}-is_wanted": "on", **on_day(f"day-{number}-meets_on", day)}
    return PATTERN | rows


def test_the_first_step_shows_every_date_and_plans_nothing(client_of, chair, learning_group):
    page = client_of(chair).post(url("meetings-plan", learning_group), PATTERN | {"action": "dates"})
    assert page.status_code == 200
    assert [(form.initial["meets_on"], form.initial["is_wanted"]) for form in page.context["days"]] == [
        (date(2027, 4, 13), True),
        (date(2027, 7, 13), True),
    ]
    assert dates_of(learning_group) == []


def test_the_second_step_plans_them_with_papers_and_standing_items(client_of, office, learning_group):
    StandingItem.objects.create(group=learning_group, position=1, title="Welcome", minutes=5)
    young = GroupFactory(name="Sounding Board", kind=Group.Kind.YOUNG_PEOPLE)
    StandingItem.objects.create(group=learning_group, position=2, title="What we heard", asked_by=young)
    answer = client_of(office).post(url("meetings-plan", learning_group), ticked(date(2027, 4, 13), date(2027, 7, 14)))
    assert answer.url == url("group-meetings", learning_group)
    fields = ["meets_on", "papers_due_on", "starts_at", "ends_at", "venue", "status"]
    assert list(learning_group.meetings.values_list(*fields)) == [
        (date(2027, 4, 13), date(2027, 4, 6), time(14, 30), time(16, 30), "Town Hall", "planned"),
        (date(2027, 7, 14), date(2027, 7, 7), time(14, 30), time(16, 30), "Town Hall", "planned"),
    ]
    agendas = AgendaItem.objects.filter(group=learning_group).values_list("meeting__meets_on", "title", "source")
    assert list(agendas) == [
        (day, title, source)
        for day in (date(2027, 4, 13), date(2027, 7, 14))
        for title, source in [("Welcome", "Standing item"), ("What we heard", "Standing item of the Sounding Board")]
    ]


def test_what_is_not_ticked_is_not_planned(client_of, chair, learning_group):
    body = ticked(date(2027, 4, 13), date(2027, 7, 13))
    del body["day-0-is_wanted"]
    client_of(chair).post(url("meetings-plan", learning_group), body)
    assert dates_of(learning_group) == [date(2027, 7, 13)]


def test_pressing_twice_makes_one_set(client_of, chair, learning_group):
    client, body = client_of(chair), ticked(date(2027, 4, 13), date(2027, 7, 13))
    answers = [client.post(url("meetings-plan", learning_group), body).status_code for _again in range(2)]
    assert answers == [302, 302]
    assert dates_of(learning_group) == [date(2027, 4, 13), date(2027, 7, 13)]


def test_one_day_that_is_taken_refuses_all_and_says_which(client_of, chair, learning_group):
    MeetingFactory(group=learning_group, meets_on=date(2027, 7, 13))
    page = client_of(chair).post(url("meetings-plan", learning_group), ticked(date(2027, 4, 13), date(2027, 7, 13)))
    assert page.status_code == 422
    assert [form.errors.get("meets_on") for form in page.context["days"]] == [
        None,
        ["The group already meets on 13 July 2027. Choose another day"],
    ]
    assert dates_of(learning_group) == [date(2027, 7, 13)]


def test_a_day_that_is_taken_is_offered_without_its_tick(client_of, chair, learning_group):
    MeetingFactory(group=learning_group, meets_on=date(2027, 7, 13))
    page = client_of(chair).post(url("meetings-plan", learning_group), PATTERN | {"action": "dates"})
    assert [(form.initial["is_wanted"], note) for form, note in page.context["rows"]] == [
        (True, ""),
        (False, "The group already meets on 13 July 2027. Choose another day"),
    ]


@pytest.mark.parametrize(
    ("opened", "closed", "sentence"),
    [
        (date(2027, 5, 1), None, "The group began on 1 May 2027, so it cannot meet on 13 April 2027"),
        (None, date(2027, 3, 31), "The group closed on 31 March 2027, so it cannot meet on 13 April 2027"),
    ],
)
def test_a_meeting_outside_its_groups_life_is_refused(learning_group, opened, closed, sentence):
    learning_group.opened_on, learning_group.closed_on = opened, closed
    learning_group.save()
    with pytest.raises(DaysRefused) as refused:
        plan_meetings(learning_group, days=[date(2027, 4, 13)])
    assert refused.value.refused == {date(2027, 4, 13): sentence}
    assert dates_of(learning_group) == []


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"first_year": ""}, "first", "Add the year to the date"),
        ({"first_day": "31", "first_month": "2"}, "first", "Enter a real date, like 27 3 2027"),
        ({"first_year": "1027"}, "first", "Check the year: 13 April 1027 is too far away"),
        ({"until_year": "9999"}, "until", "Check the year: 30 September 9999 is too far away"),
        ({"until_year": "2026"}, "until", "Enter a last day that is not before the first meeting"),
        ({"starts_at": "early"}, "starts_at", "Enter a time like 10:00 or 2.30pm"),
        ({"ends_at": "9am"}, "ends_at", "Enter an end that comes after the start"),
        ({"starts_at": ""}, "starts_at", "Enter when it starts too"),
        ({"frequency": "as-needed"}, "frequency", "Choose an answer from the list"),
    ],
)
def test_each_wrong_answer_gets_one_sentence_at_its_field(client_of, chair, learning_group, wrong, field, sentence):
    page = client_of(chair).post(url("meetings-plan", learning_group), PATTERN | wrong)
    assert page.status_code == 422
    assert page.context["form"].errors == {field: [sentence]}
    assert dates_of(learning_group) == []


@pytest.mark.parametrize(
    ("days", "sentences"),
    [
        ([date(2027, 4, 13), date(2027, 4, 13)], ["13 April 2027 stands here twice. Change one or leave it out"] * 2),
        ([date(2087, 4, 13)], ["Check the year: 13 April 2087 is too far away"]),
    ],
)
def test_a_wrong_day_of_the_list_is_marked(client_of, chair, learning_group, days, sentences):
    page = client_of(chair).post(url("meetings-plan", learning_group), ticked(*days))
    assert page.status_code == 422
    assert [form.errors["meets_on"] for form in page.context["days"]] == [[sentence] for sentence in sentences]


def test_no_tick_at_all_is_asked_about(client_of, chair, learning_group):
    body = ticked(date(2027, 4, 13))
    del body["day-0-is_wanted"]
    page = client_of(chair).post(url("meetings-plan", learning_group), body)
    assert page.status_code == 422
    assert page.context["days"].non_form_errors() == ["Tick at least one meeting"]


def test_one_meeting_can_be_added_even_on_a_saturday_with_a_remark(client_of, chair, learning_group):
    body = {**on_day("meets_on", date(2027, 6, 12)), "title": "Development day", "link": "meet.example.org/day"}
    page = client_of(chair).post(url("meeting-add", learning_group), body, follow=True)
    meeting = learning_group.meetings.get()
    assert (meeting.title, meeting.link) == ("Development day", "https://meet.example.org/day")
    assert [str(message) for message in page.context["messages"]] == [
        "The meeting of 12 June 2027 is planned. Note that 12 June 2027 is a Saturday."
    ]


# Moving and cancelling


def test_a_moved_meeting_takes_its_papers_and_agenda_with_it(client_of, chair, meeting, agenda_item):
    own = AgendaItemFactory(meeting=meeting, needs_paper=True, paper_due_on=date(2027, 2, 1))
    body = {**on_day("to", date(2027, 3, 16)), "reason": "The chair is in court"}
    assert client_of(chair).post(url("meeting-move", meeting), body).url == meeting.get_absolute_url()
    meeting.refresh_from_db()
    assert (meeting.meets_on, meeting.papers_due_on) == (date(2027, 3, 16), date(2027, 3, 9))
    due = dict(meeting.items.values_list("pk", "paper_due_on"))
    assert due == {agenda_item.pk: date(2027, 3, 9), own.pk: date(2027, 2, 1)}
    moves = meeting.moves.values_list("was_on", "now_on", "reason", "moved_by__name")
    assert list(moves) == [(date(2027, 3, 9), date(2027, 3, 16), "The chair is in court", "Tomasz Brindle")]


def test_a_meeting_is_not_moved_to_a_day_that_is_taken_or_its_own(client_of, chair, meeting):
    MeetingFactory(group=meeting.group, meets_on=date(2027, 3, 16))
    client = client_of(chair)
    said = []
    for day in (date(2027, 3, 16), date(2027, 3, 9)):
        page = client.post(url("meeting-move", meeting), {**on_day("to", day), "reason": "Why not"})
        said.append((page.status_code, page.context["form"].errors["to"]))
    assert said == [
        (422, ["The group already meets on 16 March 2027. Choose another day"]),
        (422, ["9 March 2027 is the day it is planned for already. Choose another day"]),
    ]
    assert meeting.moves.count() == 0


def test_a_cancelled_meeting_says_why_and_gives_its_items_back(client_of, chair, meeting, agenda_item):
    StandingItem.objects.create(group=meeting.group, title="Welcome")
    welcome = AgendaItemFactory(meeting=meeting, title="Welcome")
    answer = client_of(chair).post(url("meeting-cancel", meeting), {"reason": "Too few could come"})
    assert answer.url == meeting.get_absolute_url()
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancelled_reason) == ("cancelled", "Too few could come")
    assert list(AgendaItem.objects.unplaced()) == [agenda_item]
    assert list(meeting.items.all()) == [welcome]


def test_cancelling_needs_a_reason(client_of, chair, meeting):
    page = client_of(chair).post(url("meeting-cancel", meeting), {"reason": " "})
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {"reason": ["Answer “Why is it cancelled?”"]},
    )
    meeting.refresh_from_db()
    assert meeting.status == "planned"


@pytest.mark.parametrize("verb", ["move", "cancel"])
def test_what_was_held_or_cancelled_stays_as_it_is(held_meeting, chair, verb):
    with pytest.raises(ValidationError, match="This meeting is held, so it stays as it is"):
        if verb == "move":
            move_meeting(held_meeting, to=date(2027, 3, 16), reason="Late", by=chair)
        else:
            cancel_meeting(held_meeting, reason="Late")


def test_a_cancelled_day_is_free_again(meeting):
    cancel_meeting(meeting, reason="Too few could come")
    [again] = plan_meetings(meeting.group, days=[meeting.meets_on])
    assert again.meets_on == meeting.meets_on


def test_a_change_keeps_the_day_and_refuses_an_end_before_the_start(client_of, chair, meeting):
    client = client_of(chair)
    page = client.post(url("meeting-change", meeting), {"starts_at": "10am", "ends_at": "9am"})
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {"ends_at": ["Enter an end that comes after the start"]},
    )
    client.post(url("meeting-change", meeting), {"starts_at": "10am", "ends_at": "12.15", "venue": "Library"})
    meeting.refresh_from_db()
    assert (meeting.meets_on, meeting.starts_at, meeting.ends_at, meeting.venue) == (
        date(2027, 3, 9),
        time(10),
        time(12, 15),
        "Library",
    )


# Minutes


def minutes_of(page):
    """What the page of minutes would send if nobody typed anything."""
    body = {}
    for form in page.context["forms"]:
        for field in form:
            value = field.value()
            if isinstance(value, date):
                continue
            body[field.html_name] = "" if value is None else value
    return body


@pytest.fixture
def held_item(held_meeting):
    return AgendaItemFactory(meeting=held_meeting, title="Training plan")


def test_the_minutes_keep_what_was_said_decided_and_agreed(client_of, chair, held_meeting, held_item, lead):
    client, page_url = client_of(chair), url("meeting-minutes", held_meeting)
    body = minutes_of(client.get(page_url)) | {
        f"item-{held_item.pk}-discussion": "Everyone liked the plan.",
        f"new-decision-{held_item.pk}-text": "The plan is agreed",
        f"new-decision-{held_item.pk}-reason": "It costs nothing",
        f"new-action-{held_item.pk}-text": "Book the rooms",
        f"new-action-{held_item.pk}-lead": f"post:{lead.holdings.get().post_id}",
        **on_day(f"new-action-{held_item.pk}-due_on", date(2027, 2, 1)),
        "new-decision-0-text": "We meet in the library",
        "guests-also_there": "A head teacher, to listen",
    }
    assert [client.post(page_url, body).status_code for _again in range(2)] == [302, 302]
    held_item.refresh_from_db()
    held_meeting.refresh_from_db()
    assert (held_item.discussion, held_meeting.also_there) == ("Everyone liked the plan.", "A head teacher, to listen")
    decisions = held_meeting.decisions.values_list("ref", "item", "text", "reason")
    assert list(decisions) == [
        ("D1", held_item.pk, "The plan is agreed", "It costs nothing"),
        ("D2", None, "We meet in the library", ""),
    ]
    actions = held_meeting.actions.values_list("ref", "item", "text", "lead_post__title", "due_on")
    assert list(actions) == [("LD-1", held_item.pk, "Book the rooms", "Head of Midwifery", date(2027, 2, 1))]


def test_a_decision_can_be_put_in_other_words_or_taken_out(held_meeting, held_item):
    def keep(*decisions):
        record_minutes(
            held_meeting, on=date(2027, 1, 12), discussions={}, decisions=decisions, actions=[], also_there=""
        )
        return list(held_meeting.decisions.values_list("ref", "text"))

    assert keep(Decided("Yes", "", item=held_item), Decided("No", "")) == [("D1", "Yes"), ("D2", "No")]
    first, second = held_meeting.decisions.all()
    assert keep(Decided("Yes, in May", "", decision=first), Decided("", "", decision=second)) == [("D1", "Yes, in May")]


def test_what_came_after_the_page_was_opened_is_left_alone(client_of, chair, held_meeting, held_item):
    client, page_url = client_of(chair), url("meeting-minutes", held_meeting)
    body = minutes_of(client.get(page_url)) | {f"item-{held_item.pk}-discussion": "Words"}
    later = AgendaItemFactory(meeting=held_meeting, discussion="Written by somebody else")
    MeetingDecision.objects.create(meeting=held_meeting, ref="D1", text="Decided meanwhile")
    assert client.post(page_url, body).status_code == 302
    later.refresh_from_db()
    assert later.discussion == "Written by somebody else"
    assert list(held_meeting.decisions.values_list("text", flat=True)) == ["Decided meanwhile"]


def test_half_an_action_is_asked_about_and_nothing_is_kept(client_of, chair, held_meeting, held_item):
    client, page_url = client_of(chair), url("meeting-minutes", held_meeting)
    body = minutes_of(client.get(page_url)) | {
        f"item-{held_item.pk}-discussion": "Words",
        f"new-action-{held_item.pk}-text": "Book the rooms",
        "new-decision-0-reason": "A reason alone",
    }
    page = client.post(page_url, body)
    assert page.status_code == 422
    assert [form.errors for form in page.context["forms"] if form.errors] == [
        {"due_on": ["Enter by when it is to be done"]},
        {"text": ["Enter what was decided"]},
    ]
    assert b"Book the rooms" in page.content
    held_item.refresh_from_db()
    assert (held_item.discussion, held_meeting.actions.count(), held_meeting.decisions.count()) == ("", 0, 0)


def test_two_who_write_at_once_do_not_overwrite_each_other(client_of, chair, office, held_meeting, held_item):
    page_url = url("meeting-minutes", held_meeting)
    key = f"item-{held_item.pk}-discussion"
    theirs, mine = [minutes_of(client_of(user).get(page_url)) for user in (office, chair)]
    client_of(office).post(page_url, theirs | {key: "Theirs"})
    page = client_of(chair).post(page_url, mine | {key: "Mine"})
    assert page.status_code == 409
    held_item.refresh_from_db()
    assert held_item.discussion == "Theirs"


def test_minutes_of_a_meeting_to_come_cannot_be_written(meeting):
    with pytest.raises(ValidationError, match="Write it up from that day on"):
        record_minutes(meeting, on=date(2027, 3, 8), discussions={}, decisions=[], actions=[], also_there="")


def test_writing_up_makes_a_planned_meeting_one_that_was_held(meeting):
    record_minutes(meeting, on=date(2027, 3, 9), discussions={}, decisions=[], actions=[], also_there="")
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.HELD


@pytest.fixture
def agreed_meeting(held_meeting, held_item):
    MeetingDecision.objects.create(meeting=held_meeting, item=held_item, ref="D1", text="Yes")
    AttendanceFactory(meeting=held_meeting)
    return agree_minutes(held_meeting, agreed_on=date(2027, 1, 11))


def test_minutes_are_agreed_on_a_day_between_the_meeting_and_today(client_of, chair, held_meeting):
    client, said = client_of(chair), []
    for day in (date(2026, 11, 9), date(2027, 1, 13)):
        page = client.post(url("meeting-agree-minutes", held_meeting), on_day("agreed_on", day))
        said.append((page.status_code, page.context["form"].errors["agreed_on"]))
    assert said == [
        (422, ["The meeting was on 10 November 2026. Enter a day after that"]),
        (422, ["Enter a day that has come"]),
    ]
    answer = client.post(url("meeting-agree-minutes", held_meeting), on_day("agreed_on", date(2027, 1, 12)))
    assert answer.url == held_meeting.get_absolute_url()
    held_meeting.refresh_from_db()
    assert held_meeting.minutes_agreed_on == date(2027, 1, 12)


def test_a_planned_meeting_has_no_minutes_to_agree(meeting):
    with pytest.raises(ValidationError, match="Write down who was there"):
        agree_minutes(meeting, agreed_on=date(2027, 3, 9))


@pytest.mark.parametrize("page", ["meeting-minutes", "meeting-attendance", "meeting-change", "meeting-agree-minutes"])
def test_agreed_minutes_can_no_longer_be_changed(client_of, chair, agreed_meeting, page):
    answer = client_of(chair).post(url(page, agreed_meeting), {"x": "y"}, follow=True)
    assert answer.redirect_chain == [(agreed_meeting.get_absolute_url(), 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "The minutes were agreed on 11 January 2027, so the record stands. "
        "What was wrong in them is minuted at the next meeting"
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(also_there="Somebody"),
        lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(minutes_agreed_on=None),
        lambda meeting: meeting.items.update(discussion="Other words"),
        lambda meeting: meeting.decisions.update(text="No"),
        lambda meeting: meeting.decisions.all().delete(),
        lambda meeting: meeting.attendance.update(status="none"),
        lambda meeting: MeetingDecision.objects.create(meeting=meeting, ref="D2", text="Later"),
        lambda meeting: Attendance.objects.create(meeting=meeting, organisation=OrganisationFactory()),
    ],
)
def test_the_database_keeps_agreed_minutes_too(agreed_meeting, change):
    with pytest.raises(InternalError), transaction.atomic():
        change(agreed_meeting)


def test_an_action_can_still_be_updated_when_the_minutes_are_agreed(agreed_meeting):
    action = MeetingActionFactory(group=agreed_meeting.group, meeting=agreed_meeting)
    action.closed_on, action.outcome = date(2027, 1, 12), "All schools know"
    action.save()
    with pytest.raises(ValidationError, match="The minutes were agreed"):
        record_minutes(
            agreed_meeting,
            on=date(2027, 1, 12),
            discussions={},
            decisions=[],
            actions=[Agreed("More", {}, date(2027, 2, 1))],
            also_there="",
        )


# Who sees what


@pytest.fixture
def case_chair(case_group):
    return hold("Samuel Achterberg", "Designated doctor", group=case_group, role=GroupMember.Role.CHAIR)


def test_a_case_review_groups_meetings_are_known_to_its_own_people_alone(
    client_of, office, stranger, case_group_member, other_case_group_member, case_chair, advisor, case_meeting, meeting
):
    def sees(user):
        client = client_of(user)
        listed = [row.pk for row in client.get(LIST).context["table"].data]
        exported = b"Case Review Group" in client.get(f"{LIST}?export=csv").content
        page = client.get(case_meeting.get_absolute_url()).status_code
        year = client.get(url("group-meetings", case_meeting.group)).status_code
        return case_meeting.pk in listed, exported, page, year

    seen = {user.name: sees(user) for user in (case_group_member, case_chair, office, stranger, advisor)}
    assert seen == {
        case_group_member.name: (True, True, 200, 200),
        case_chair.name: (True, True, 200, 200),
        office.name: (False, False, 404, 404),
        stranger.name: (False, False, 404, 404),
        advisor.name: (False, False, 404, 404),
    }
    assert sees(other_case_group_member) == (False, False, 404, 404)


def test_a_case_review_groups_chair_plans_its_meetings_and_its_office_cannot(
    client_of, case_chair, case_group_member, office, case_group
):
    answers = {
        user.name: client_of(user).post(url("meetings-plan", case_group), ticked(date(2027, 4, 13))).status_code
        for user in (office, case_group_member, case_chair)
    }
    assert answers == {office.name: 404, case_group_member.name: 403, case_chair.name: 302}
    assert dates_of(case_group) == [date(2027, 4, 13)]


def test_a_filter_does_not_offer_a_group_that_one_may_not_know_to_meet(client_of, office, case_meeting, meeting):
    offered = client_of(office).get(LIST).context["filter"].form.fields["group"].queryset
    assert case_meeting.group not in offered
    assert meeting.group in offered


def test_the_public_reads_dates_and_reasons_and_nothing_else(
    client_of, partnership, meeting, held_meeting, agenda_item, case_meeting, chair
):
    meeting.link, meeting.venue = "https://meet.example.org/secret", "Room 5"
    meeting.save()
    move_meeting(meeting, to=date(2027, 3, 16), reason="The chair is in court", by=chair)
    cancelled = MeetingFactory(group=meeting.group, meets_on=date(2027, 2, 2))
    cancel_meeting(cancelled, reason="Too few could come")
    MeetingFactory(group=GroupFactory(partnerships=[partnership], is_public=False, name="Panel"))
    page = client_of(None).get(reverse("partnership:public-meetings", args=[partnership.slug]))
    to_come = [each.meets_on for each in page.context["to_come"]]
    gone_by = [each.meets_on for each in page.context["gone_by"]]
    assert (to_come, gone_by) == ([date(2027, 2, 2), date(2027, 3, 16)], [date(2026, 11, 10)])
    text = page.content.decode()
    shown = [words in text for words in ("The chair is in court", "Too few could come")]
    hidden = [words in text for words in ("secret", "Room 5", agenda_item.title, "Case Review", "Canary", "Panel")]
    assert (shown, hidden) == ([True] * 2, [False] * 6)


# Lists


def test_meetings_to_come_stand_first_then_the_latest_gone_by(client_of, chair, meeting, held_meeting):
    later = MeetingFactory(group=meeting.group, meets_on=date(2027, 5, 11))
    earlier = MeetingFactory(group=meeting.group, meets_on=date(2026, 9, 8), status=Meeting.Status.HELD)
    rows = [row for row in client_of(chair).get(LIST).context["table"].data]
    assert rows == [meeting, later, held_meeting, earlier]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("status=held", ["held"]),
        ("first=2027-01-01", ["planned"]),
        ("last=2026-12-31", ["held"]),
        ("words=fathers", ["planned"]),
        ("words=learning", ["planned", "held"]),
        ("words=nothing+like+it", []),
    ],
)
def test_the_list_is_narrowed_by_the_address(client_of, chair, held_meeting, agenda_item, asked, found):
    page = client_of(chair).get(f"{LIST}?{asked}")
    assert [row.status for row in page.context["table"].data] == found


def test_a_partnership_narrows_the_list_once_for_a_joint_group(client_of, chair, meeting, partnership):
    page = client_of(chair).get(f"{LIST}?partnership={partnership.pk}")
    assert [row.pk for row in page.context["table"].data] == [meeting.pk]


def test_the_groups_year_shows_what_became_of_each_meeting(client_of, chair, meeting, held_meeting):
    MeetingFactory(group=meeting.group, meets_on=date(2026, 3, 31), status=Meeting.Status.HELD)
    page = client_of(chair).get(url("group-meetings", meeting.group))
    assert str(page.context["year"]) == "April 2026 to March 2027"
    assert page.context["meetings"] == [held_meeting, meeting]
    page = client_of(chair).get(f"{url('group-meetings', meeting.group)}?year=2025")
    assert [each.meets_on for each in page.context["meetings"]] == [date(2026, 3, 31)]


def fill(meeting, count, *, office):
    """``count`` items, decisions, actions, answers and moves of the meeting."""
    for number in range(count):
        item = AgendaItemFactory(meeting=meeting, lead_post=PostFactory(organisation=OrganisationFactory()))
        MeetingDecision.objects.create(meeting=meeting, item=item, ref=f"X{number}{item.pk}", text="Yes")
        MeetingActionFactory(group=meeting.group, meeting=meeting, item=item, lead_group=meeting.group)
        AttendanceFactory(meeting=meeting)
        meeting.moves.create(
            was_on=date(2026, 11, 3), now_on=meeting.meets_on, reason="A", moved_by=office, moved_at="2026-10-01T09:00Z"
        )


@pytest.mark.parametrize("page", ["meeting-detail", "meeting-minutes", "meeting-attendance"])
def test_pages_of_a_meeting_take_as_many_queries_for_three_items_as_for_one(client_of, office, held_meeting, page):
    client = client_of(office)
    fill(held_meeting, 1, office=office)
    client.get(url(page, held_meeting))
    at_1 = count_queries(client, url(page, held_meeting))
    fill(held_meeting, 2, office=office)
    assert count_queries(client, url(page, held_meeting)) == at_1


def test_lists_take_as_many_queries_for_three_meetings_as_for_one(client_of, office, meeting, partnership):
    client = client_of(office)
    pages = [LIST, url("group-meetings", meeting.group), f"/p/{partnership.slug}/meetings/"]
    at_1 = [count_queries(client, page) for page in pages]
    for month in (5, 7):
        MeetingFactory(group=meeting.group, meets_on=date(2027, month, 11))
        MeetingFactory(
            group=GroupFactory(partnerships=[partnership]), meets_on=date(2027, month, 12), led_by=meeting.group
        )
    assert [count_queries(client, page) for page in pages] == at_1
