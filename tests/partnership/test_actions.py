"""The action log: numbers of their own, updates, closing with what came of it, opening again; who may what."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from partnership.actions import add_action, prefix_of, reopen_action, update_action
from partnership.models import Group, MeetingAction
from tests.factories import (
    GroupFactory,
    MeetingActionFactory,
    MeetingFactory,
    OrganisationFactory,
    PostFactory,
)
from tests.plans.test_plan_page import count_queries

LIST = reverse("partnership:action-list")


def url(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def on_day(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


# Numbers


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Executive", "EX"),
        ("Learning and Development Subgroup", "LD"),
        ("Planning and Delivery Group", "PD"),
        ("Case Review Group, Ashford Vale", "CRAV"),
        ("The Group", "A"),
    ],
)
def test_a_groups_prefix_is_made_of_its_name(name, prefix):
    assert prefix_of(Group(name=name)) == prefix


def test_numbers_go_on_from_the_highest_that_was_used(learning_group):
    MeetingActionFactory(group=learning_group, ref="2024/17")
    MeetingActionFactory(group=learning_group, ref="old")
    MeetingActionFactory(ref="LD-99")
    refs = [add_action(learning_group, text=text, due_on=date(2027, 2, 1)).ref for text in ("A", "B")]
    assert refs == ["LD-18", "LD-19"]


def test_the_same_line_sent_twice_is_one(learning_group):
    made = {add_action(learning_group, text="Write", due_on=date(2027, 2, 1)) for _again in range(2)}
    assert len(made) == 1
    assert add_action(learning_group, text="Write", due_on=date(2027, 3, 1)) not in made


@pytest.mark.django_db(transaction=True)
def test_two_who_add_at_once_get_two_numbers(learning_group):
    barrier, refs = threading.Barrier(4), []

    def add(number):
        try:
            barrier.wait(timeout=10)
            refs.append(add_action(learning_group, text=f"Line {number}", due_on=date(2027, 2, 1)).ref)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refs) == ["LD-1", "LD-2", "LD-3", "LD-4"]


# Adding and changing


def test_an_action_is_added_with_one_lead_of_any_kind(client_of, chair, learning_group, health_board, lead):
    post = lead.holdings.get().post
    client = client_of(chair)
    for kind, record in (("post", post), ("group", learning_group), ("organisation", health_board)):
        body = {"text": f"To {kind}", "lead": f"{kind}:{record.pk}", **on_day("due_on", date(2027, 2, 26))}
        assert client.post(url("action-add", learning_group), body).status_code == 302
    actions = MeetingAction.objects.order_by("pk")
    assert [(each.ref, each.text, each.lead) for each in actions] == [
        ("LD-1", "To post", post),
        ("LD-2", "To group", learning_group),
        ("LD-3", "To organisation", health_board),
    ]


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"text": ""}, {"text": ["Answer “What is to be done?”"]}),
        ({"lead": ""}, {"lead": ["Answer “Who answers for it?”"]}),
        ({"lead": "post:999999"}, {"lead": ["Choose an answer from the list"]}),
        ({"due_on_year": "3027"}, {"due_on": ["Check the year: 26 February 3027 is too far away"]}),
        ({"meeting": "999999"}, {"meeting": ["Choose an answer from the list"]}),
    ],
)
def test_each_wrong_answer_gets_one_sentence(client_of, chair, learning_group, wrong, errors):
    body = {"text": "Write", "lead": f"group:{learning_group.pk}", **on_day("due_on", date(2027, 2, 26))}
    page = client_of(chair).post(url("action-add", learning_group), body | wrong)
    assert (page.status_code, page.context["form"].errors) == (422, errors)
    assert MeetingAction.objects.count() == 0


def test_another_partnerships_posts_and_a_meeting_with_agreed_minutes_are_no_choice(
    client_of, chair, learning_group, stranger, held_meeting, meeting
):
    held_meeting.minutes_agreed_on = date(2027, 1, 11)
    held_meeting.save()
    form = client_of(chair).get(url("action-add", learning_group)).context["form"]
    offered = dict(pair for _kind, pairs in form.fields["lead"].choices[1:] for pair in pairs)
    assert f"post:{stranger.holdings.get().post_id}" not in offered
    assert list(form.fields["meeting"].queryset) == [meeting]


def test_a_change_of_lead_is_kept_and_a_closed_action_can_be_opened_again(
    client_of, chair, meeting_action, learning_group
):
    update_action(meeting_action, text="All told", outcome="Every school knows", by=chair, on=date(2027, 1, 11))
    body = {
        "text": "Write to all schools",
        "lead": f"group:{learning_group.pk}",
        **on_day("due_on", date(2027, 3, 1)),
        "is_open_again": "on",
    }
    assert client_of(chair).post(url("action-change", meeting_action), body).status_code == 302
    meeting_action.refresh_from_db()
    kept = (meeting_action.text, meeting_action.lead, meeting_action.closed_on, meeting_action.outcome)
    assert kept == ("Write to all schools", learning_group, None, "")
    assert [update.text for update in meeting_action.updates.all()] == [
        "Opened again. It was closed on 11 January 2027: Every school knows",
        "All told",
    ]


# Updates


def test_the_lead_says_what_has_happened_and_closes_it(client_of, lead, meeting_action):
    client, page_url = client_of(lead), url("action-update", meeting_action)
    client.post(page_url, {"text": "Half have answered"})
    done = {"text": "All have answered", "is_done": "on", "outcome": "Every school knows"}
    answers = [client.post(page_url, done).status_code for _again in range(2)]
    meeting_action.refresh_from_db()
    assert answers == [302, 302]
    assert (meeting_action.closed_on, meeting_action.outcome) == (date(2027, 1, 12), "Every school knows")
    assert [(each.text, each.said_by) for each in meeting_action.updates.all()] == [
        ("All have answered", lead),
        ("Half have answered", lead),
    ]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"text": ""}, {"text": ["Answer “What has happened?”"]}),
        (
            {"text": "Done", "is_done": "on"},
            {"outcome": ["Enter what came of it, or leave “It is done” unticked"]},
        ),
        (
            {"text": "Done", "outcome": "Much"},
            {"is_done": ["Tick this if it is done, or move your words to “What has happened?”"]},
        ),
        ({"text": "x" * 2001}, {"text": ["Use 2000 characters or fewer. You have 2001"]}),
    ],
)
def test_half_an_update_is_asked_about(client_of, lead, meeting_action, typed, errors):
    page = client_of(lead).post(url("action-update", meeting_action), typed)
    assert (page.status_code, page.context["form"].errors) == (422, errors)
    assert meeting_action.updates.count() == 0


def test_a_closed_action_takes_no_update_until_it_is_opened_again(meeting_action, chair):
    update_action(meeting_action, text="All told", outcome="Done", by=chair, on=date(2027, 1, 11))
    with pytest.raises(ValidationError, match="Open it again first"):
        update_action(meeting_action, text="And more", by=chair, on=date(2027, 1, 12))
    reopen_action(meeting_action, by=chair)
    update_action(meeting_action, text="And more", by=chair, on=date(2027, 1, 12))
    assert meeting_action.updates.count() == 3


def test_somebody_elses_action_is_read_and_not_updated(client_of, partner, stranger, meeting_action):
    answers = [
        [client_of(user).get(url(page, meeting_action)).status_code for page in ("action-detail", "action-update")]
        for user in (partner, stranger)
    ]
    assert answers == [[200, 403], [404, 404]]


# The list


def refs(page):
    return [row.ref for row in page.context["table"].data]


@pytest.fixture
def log(learning_group, executive, health_board, meeting_action, chair):
    """LD-1 open, LD-2 late, LD-3 closed, EX-1 of another group."""
    MeetingActionFactory(group=learning_group, ref="LD-2", due_on=date(2027, 1, 5), lead_organisation=health_board)
    closed = MeetingActionFactory(group=learning_group, ref="LD-3", lead_group=learning_group)
    update_action(closed, text="It went well", outcome="Done", by=chair, on=date(2027, 1, 11))
    MeetingActionFactory(group=executive, ref="EX-1", due_on=date(2027, 4, 1))


def test_the_log_shows_what_is_open_first(client_of, partner, stranger, log):
    assert refs(client_of(partner).get(LIST)) == ["LD-2", "LD-1", "EX-1", "LD-3"]
    assert refs(client_of(stranger).get(LIST)) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=open", ["LD-2", "LD-1", "EX-1"]),
        ("state=late", ["LD-2"]),
        ("state=closed", ["LD-3"]),
        ("words=went+well", ["LD-3"]),
        ("lead=midwifery", ["LD-1"]),
        ("lead=learning", ["LD-3"]),
    ],
)
def test_the_log_is_narrowed_by_the_address(client_of, partner, log, asked, found):
    assert refs(client_of(partner).get(f"{LIST}?{asked}")) == found


def test_the_log_is_narrowed_to_a_group_a_meeting_and_an_organisation(
    client_of, chair, partner, log, executive, held_meeting, health_board
):
    client = client_of(partner)
    found = [
        refs(client.get(f"{LIST}?{asked}"))
        for asked in (f"group={executive.pk}", f"meeting={held_meeting.pk}", f"organisation={health_board.pk}")
    ]
    assert found == [["EX-1"], ["LD-1"], ["LD-2", "LD-1"]]
    may_add = [
        client_of(user).get(f"{LIST}?group={held_meeting.group_id}").context["may_run"] for user in (chair, partner)
    ]
    assert may_add == [True, False]


def test_the_file_holds_every_line_in_words(client_of, partner, log):
    rows = client_of(partner).get(f"{LIST}?export=csv").content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Ref,Action,Group,Lead,Due,Latest update,Closed"
    assert rows[4].startswith("LD-3,Write to every school,Learning and Development Subgroup,")
    assert "It went well (Tomasz Brindle, 12 January 2027)" in rows[4]


def test_a_case_review_groups_actions_are_known_to_its_own_people_alone(
    client_of, office, stranger, lead, case_group_member, case_group
):
    action = MeetingActionFactory(group=case_group, ref="CR-1", text="Canary", lead_post=lead.holdings.get().post)

    def sees(user):
        client = client_of(user)
        lists = [b"Canary" in client.get(f"{LIST}{export}").content for export in ("", "?export=csv")]
        return [*lists, *(client.get(url(page, action)).status_code for page in ("action-detail", "action-update"))]

    assert sees(case_group_member) == [True, True, 200, 403]
    assert [sees(user) for user in (office, stranger, lead)] == [[False, False, 404, 404]] * 3
    assert b"Canary" not in client_of(lead).get(reverse("assurance:my-work")).content


def test_the_log_and_a_line_take_as_many_queries_for_three_as_for_one(client_of, office, partnership, meeting_action):
    client = client_of(office)
    pages = [LIST, url("action-detail", meeting_action)]

    def add():
        group = GroupFactory(partnerships=[partnership])
        post = PostFactory(organisation=OrganisationFactory())
        MeetingActionFactory(group=group, meeting=MeetingFactory(group=group), lead_post=post)
        MeetingActionFactory(group=group, lead_organisation=OrganisationFactory())
        meeting_action.updates.create(text="Said", said_by=office, said_at="2027-01-11T09:00Z")

    add()
    at_1 = [count_queries(client, page) for page in pages]
    add()
    add()
    assert [count_queries(client, page) for page in pages] == at_1
