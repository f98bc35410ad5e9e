"""Groups: who sits where on which day, what the office may change, terms version by version."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.urls import reverse

from partnership.changes import changes_of
from partnership.deadlines import deadlines_for
from partnership.models import (
    FormerName,
    FormerOrganisation,
    Group,
    GroupMember,
    Meeting,
    StandingItem,
    TermsOfReference,
)
from partnership.wording import Piece, pieces_of
from tests.conftest import TODAY, hold
from tests.factories import (
    GroupFactory,
    GroupMemberFactory,
    MeetingFactory,
    OrganisationFactory,
    PartnershipFactory,
    PostFactory,
    PostHoldingFactory,
    TermsFactory,
    UserFactory,
)
from tests.guarantees.test_reminders import at_once

LIST = reverse("partnership:group-list")
ADD = reverse("partnership:group-add")
STRUCTURE = reverse("partnership:structure")
Role = GroupMember.Role


def address(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def day(name, value):
    """A date as its three boxes send it; nothing for None."""
    parts = (value.day, value.month, value.year) if value else ("", "", "")
    return {f"{name}_{box}": str(part) for box, part in zip(("day", "month", "year"), parts, strict=True)}


def names(response):
    return [row.record.name for row in response.context["table"].rows]


def errors(response):
    assert response.status_code in {409, 422}
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


# The list


def test_the_list_begins_with_the_groups_one_sits_on_and_ends_with_closed_ones(
    client_of, chair, scrutiny_group, partnership
):
    GroupFactory(name="A closed one", partnerships=[partnership], closed_on=date(2026, 1, 31))
    assert names(client_of(chair).get(LIST)) == [
        "Learning and Development Subgroup",
        "Executive",
        "Quality and Scrutiny Subgroup",
        "A closed one",
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("whose=mine", ["Learning and Development Subgroup"]),
        ("state=closed", ["Closed"]),
        ("kind=executive", ["Executive"]),
        ("words=sub+quality", ["Quality and Scrutiny Subgroup"]),
        ("kind=nonsense&state=closed", ["Closed"]),
    ],
)
def test_the_list_is_narrowed_by_its_address(client_of, chair, scrutiny_group, partnership, asked, found):
    GroupFactory(name="Closed", partnerships=[partnership], closed_on=date(2026, 1, 31))
    assert names(client_of(chair).get(f"{LIST}?{asked}")) == found


def test_the_list_can_be_narrowed_to_a_partnership_of_one_s_own_alone(
    client_of, office, executive, case_group, other_partnership, far_partnership
):
    client = client_of(office)
    assert names(client.get(f"{LIST}?partnership={other_partnership.pk}")) == ["Executive"]
    assert names(client.get(f"{LIST}?partnership={far_partnership.pk}")) == [
        "Case Review Group, Ashford Vale",
        "Executive",
    ]


def test_the_list_tells_chairs_vacancies_and_reviews_and_so_does_its_export(client_of, chair, learning_group, terms):
    GroupMemberFactory(group=learning_group, post=PostFactory(title="Named nurse"))
    left = GroupMemberFactory(group=learning_group, post=PostFactory(title="Head of Housing"))
    PostHoldingFactory(post=left.post, to_on=date(2026, 12, 31))
    content = client_of(chair).get(f"{LIST}?export=csv").content.decode("utf-8-sig")
    assert content.splitlines() == [
        "Group,Kind,Reports to,Of,Chair,Seats,Vacant,Review terms by",
        'Learning and Development Subgroup,Subgroup,Executive,"AV, MB",Tomasz Brindle,3,2,2027-04-30',
        'Executive,Executive,,"AV, MB",Vacant,0,0,',
    ]


def test_a_stranger_sees_none_of_them_and_is_taught(client_of, stranger, scrutiny_group):
    page = client_of(stranger).get(LIST)
    assert names(page) == []
    assert b"There are no groups yet" in page.content


@pytest.mark.parametrize("groups", [1, 3])
def test_list_query_count(client_of, chair, partnership, learning_group, django_assert_num_queries, groups):
    Group.objects.exclude(pk__in=[learning_group.pk, learning_group.parent_id]).delete()
    for _ in range(groups - 1):
        GroupFactory(partnerships=[partnership], parent=learning_group)
    client = client_of(chair)
    with django_assert_num_queries(9):
        client.get(LIST)


# One group


def seats_of(page):
    return [
        (
            seat.post.title,
            seat.post.organisation_name_then,
            seat.get_role_display(),
            [str(holding.user) for holding in seat.post.current_holdings],
        )
        for seat in page.context["seats"]
    ]


def test_the_page_shows_todays_holders_and_vacant_seats(client_of, chair, learning_group):
    GroupMemberFactory(group=learning_group, post=PostFactory(title="Named nurse"))
    left = GroupMemberFactory(group=learning_group, post=PostFactory(title="Police lead"), role=Role.VICE_CHAIR)
    PostHoldingFactory(post=left.post, user=UserFactory(name="Left Long Ago"), to_on=date(2026, 12, 31))
    page = client_of(chair).get(learning_group.get_absolute_url())
    assert seats_of(page) == [
        ("Chair of Learning and Development", None, "Chair", ["Tomasz Brindle"]),
        ("Police lead", None, "Vice chair", []),
        ("Named nurse", None, "Member", []),
    ]
    assert page.context["vacant_count"] == 2


def test_on_a_day_gone_by_it_shows_who_sat_there_under_the_names_of_that_day(client_of, chair, learning_group):
    trust = OrganisationFactory(name="Harbour Trust")
    FormerName.objects.create(organisation=trust, name="Quay Trust", to_on=date(2024, 3, 31))
    merged = OrganisationFactory(name="Upriver Trust", to_on=date(2026, 3, 31), successor=trust)
    nurse = PostFactory(title="Named nurse", organisation=trust)
    FormerOrganisation.objects.create(post=nurse, organisation=merged, to_on=date(2026, 3, 31))
    doctor = PostFactory(title="Named doctor", organisation=trust)
    PostHoldingFactory(post=nurse, user=UserFactory(name="Ada Before"), to_on=date(2026, 6, 30))
    PostHoldingFactory(post=nurse, user=UserFactory(name="Bea After"), from_on=date(2026, 7, 1))
    GroupMemberFactory(group=learning_group, post=nurse)
    GroupMemberFactory(group=learning_group, post=doctor, to_on=date(2024, 3, 31))
    client = client_of(chair)

    def on(asked):
        return seats_of(client.get(learning_group.get_absolute_url(), {"on": asked}))

    assert on("2027-01-12")[1:] == [("Named nurse", "Harbour Trust", "Member", ["Bea After"])]
    assert on("2026-03-31")[1:] == [("Named nurse", "Upriver Trust", "Member", ["Ada Before"])]
    assert on("2024-03-31") == [
        ("Named doctor", "Quay Trust", "Member", []),
        ("Named nurse", "Upriver Trust", "Member", ["Ada Before"]),
    ]


@pytest.mark.parametrize("asked", ["2026-02-30", "yesterday", "0", "99999-01-01"])
def test_a_day_that_is_none_is_told_and_today_is_shown(client_of, chair, learning_group, asked):
    page = client_of(chair).get(learning_group.get_absolute_url(), {"on": asked})
    assert (page.status_code, page.context["day"], page.context["asked_wrongly"]) == (200, TODAY, asked)


def test_the_page_shows_where_the_group_stands(client_of, chair, learning_group, executive):
    page = client_of(chair).get(executive.get_absolute_url())
    assert (page.context["parent"], list(page.context["children"])) == (None, [learning_group])
    page = client_of(chair).get(learning_group.get_absolute_url())
    assert (page.context["parent"], list(page.context["children"])) == (executive, [])


def test_another_partnerships_group_is_not_there(client_of, stranger, learning_group):
    assert client_of(stranger).get(learning_group.get_absolute_url()).status_code == 404


def test_a_joint_group_says_on_both_sides_who_shares_it(client_of, case_group_member, office, executive):
    for user in (case_group_member, office):
        page = client_of(user).get(executive.get_absolute_url())
        assert [partnership.short_name for partnership in page.context["partnerships"]] == ["AV", "MB"]


def test_the_next_meetings_are_shown_and_a_case_review_groups_to_its_members_alone(
    client_of, office, case_group_member, case_meeting, meeting
):
    page = client_of(office).get(meeting.group.get_absolute_url())
    assert list(page.context["meetings"]) == [meeting]
    assert list(client_of(case_group_member).get(case_meeting.group.get_absolute_url()).context["meetings"]) == [
        case_meeting
    ]
    page = client_of(office).get(case_meeting.group.get_absolute_url())
    assert (list(page.context["meetings"]), b"Canary" in page.content) == ([], False)


@pytest.mark.parametrize("seats", [1, 3])
def test_page_query_count(client_of, office, chair, learning_group, terms, meeting, django_assert_num_queries, seats):
    seat = learning_group.members.get()
    for _ in range(seats - 1):
        member = GroupMemberFactory(group=learning_group, post=PostFactory(organisation=OrganisationFactory()))
        PostHoldingFactory(post=member.post)
        GroupMemberFactory(group=learning_group, role=Role.DEPUTY, deputy_for=seat, has_equal_authority=True)
        GroupFactory(parent=learning_group, partnerships=[learning_group.partnerships.first()])
        MeetingFactory(group=learning_group, meets_on=date(2027, 4, 1 + member.pk % 28))
    if seats == 1:
        GroupMemberFactory(group=learning_group, role=Role.DEPUTY, deputy_for=seat, has_equal_authority=True)
    client = client_of(office)
    with django_assert_num_queries(25):
        client.get(learning_group.get_absolute_url())


# The session that young people lead


@pytest.fixture
def sounding_board(partnership, executive):
    return GroupFactory(
        name="Sounding Board", kind="young-people", partnerships=[partnership], leads_session_of=executive
    )


def sessions(page):
    return [
        (leader.name, board.name, meeting and meeting.meets_on) for leader, board, meeting in page.context["sessions"]
    ]


def test_the_session_is_told_on_both_pages_planned_or_not(client_of, office, sounding_board, executive):
    client = client_of(office)
    MeetingFactory(group=executive, led_by=sounding_board, meets_on=date(2026, 3, 31))  # of last year
    MeetingFactory(
        group=executive,
        led_by=sounding_board,
        meets_on=date(2027, 2, 2),
        status=Meeting.Status.CANCELLED,
        cancelled_reason="Snow",
    )
    for group in (sounding_board, executive):
        page = client.get(group.get_absolute_url())
        assert sessions(page) == [("Sounding Board", "Executive", None)]
        assert b"not yet planned" in page.content
    MeetingFactory(group=executive, led_by=sounding_board, meets_on=date(2027, 3, 12))
    for group in (sounding_board, executive):
        page = client.get(group.get_absolute_url())
        assert sessions(page) == [("Sounding Board", "Executive", date(2027, 3, 12))]
        assert b"<strong>12 March 2027</strong>" in page.content


def test_the_standing_item_is_told_on_both_pages(client_of, office, sounding_board, executive):
    item = StandingItem.objects.create(group=executive, asked_by=sounding_board, title="What young people say")
    for group in (sounding_board, executive):
        assert list(client_of(office).get(group.get_absolute_url()).context["standing_items"]) == [item]


# Adding and changing


def group_answers(whose, **answers):
    return {
        "name": "Housing Task and Finish Group",
        "kind": "task",
        "partnerships": [partnership.pk for partnership in whose],
        "purpose": "Finds homes.",
        "is_public": "on",
        "papers_working_days": "5",
        "attendance_percent": "50",
        **day("opened_on", date(2027, 1, 4)),
        **answers,
    }


def test_the_office_adds_a_group(client_of, office, partnership, other_partnership, executive):
    response = client_of(office).post(
        ADD, group_answers([partnership, other_partnership], parent=executive.pk, leads_session_of=executive.pk)
    )
    group = Group.objects.get(name="Housing Task and Finish Group")
    assert (response.status_code, response.url) == (302, group.get_absolute_url())
    assert (group.kind, group.parent, group.opened_on, group.partnership_ids) == (
        "task",
        executive,
        date(2027, 1, 4),
        {partnership.pk, other_partnership.pk},
    )


def test_a_partner_may_not_add_one_and_another_office_only_its_own(
    client_of, partner, stranger, partnership, far_partnership, executive
):
    answers = group_answers([partnership])
    assert client_of(partner).post(ADD, answers).status_code == 403
    assert "partnerships" in errors(client_of(stranger).post(ADD, answers))
    assert "parent" in errors(client_of(stranger).post(ADD, group_answers([far_partnership], parent=executive.pk)))
    assert not Group.objects.filter(name="Housing Task and Finish Group").exists()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"name": " "}, {"name": ["Enter what the group is called"]}),
        (
            {"name": "executive"},
            {"name": ["There is an open group of this name already. Change that one, or say how this differs"]},
        ),
        ({"partnerships": []}, {"partnerships": ["Choose at least one partnership of your office"]}),
        ({"attendance_percent": "101"}, {"attendance_percent": ["Enter a percentage from 0 to 100"]}),
        ({"papers_working_days": "-1"}, {"papers_working_days": ["Enter 0 or more working days"]}),
        ({"papers_working_days": "99"}, {"papers_working_days": ["Enter 60 working days or fewer"]}),
        ({"opened_on_month": "13"}, {"opened_on": ["Enter a real date, like 27 3 2027"]}),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_nothing_is_kept(
    client_of, office, partnership, executive, answers, said
):
    response = client_of(office).post(ADD, group_answers([partnership], **answers))
    assert errors(response) == said
    assert b"Finds homes." in response.content
    assert list(Group.objects.all()) == [executive]


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_adds_one_group(transactional_db, office, partnership, client_of):
    clients = [client_of(office), client_of(office)]
    statuses = []
    at_once(2, lambda: statuses.append(clients.pop().post(ADD, group_answers([partnership])).status_code))
    assert (sorted(statuses), Group.objects.count()) == ([302, 422], 1)


def test_one_office_changes_a_joint_group_and_the_others_stay(
    client_of, sign_in, partnership, far_partnership, stranger
):
    group = GroupFactory(name="Joint", partnerships=[partnership, far_partnership])
    client = client_of(stranger)
    page = client.get(address("group-change", group))
    assert [p.name for p in page.context["form"].fields["partnerships"].queryset] == [far_partnership.name]
    assert b"It is also a group of Ashford Vale" in page.content
    response = client.post(address("group-change", group), group_answers([far_partnership], name="Joint panel"))
    group.refresh_from_db()
    assert (response.status_code, group.name, group.partnership_ids) == (
        302,
        "Joint panel",
        {partnership.pk, far_partnership.pk},
    )


def test_the_chair_reads_a_group_and_may_not_change_it(client_of, chair, learning_group):
    assert client_of(chair).post(address("group-change", learning_group), {}).status_code == 403


# What a case review group's seats bring is its partnerships' cases


def test_one_office_may_not_make_a_joint_group_a_case_review_group(client_of, stranger, partnership, far_partnership):
    group = GroupFactory(name="Joint", partnerships=[partnership, far_partnership])
    answers = group_answers([far_partnership], kind="case-review")
    assert list(errors(client_of(stranger).post(address("group-change", group), answers))) == ["kind"]


def test_one_office_may_not_give_seats_in_a_joint_case_review_group(client_of, stranger, partnership, far_partnership):
    group = GroupFactory(name="Joint cases", kind="case-review", partnerships=[partnership, far_partnership])
    client = client_of(stranger)
    assert client.get(group.get_absolute_url()).status_code == 200
    assert [client.get(address(name, group)).status_code for name in ("seat-add", "group-change")] == [403, 403]


def test_a_case_review_group_stays_one(client_of, office, case_group, partnership):
    client_of(office).post(address("group-change", case_group), group_answers([partnership], kind="subgroup"))
    case_group.refresh_from_db()
    assert (case_group.name, case_group.kind) == ("Housing Task and Finish Group", "case-review")


# To whom it reports


def test_a_group_never_reports_to_itself_or_to_one_below_it(client_of, office, partnership, executive, learning_group):
    client, place = client_of(office), address("group-change", executive)
    offered = [key for key, _ in client.get(place).context["form"].fields["parent"].choices]
    assert offered == [""]
    assert errors(client.post(place, group_answers([partnership], parent=executive.pk)))["parent"] == [
        "A group can’t report to itself. Choose another, or none"
    ]
    assert errors(client.post(place, group_answers([partnership], parent=learning_group.pk)))["parent"] == [
        "Learning and Development Subgroup reports to this group, so this group can’t report to it. "
        "Choose another, or none"
    ]
    executive.refresh_from_db()
    assert executive.parent is None


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_the_database_refuses_a_circle(db, steps):
    top = bottom = GroupFactory()
    for _ in range(steps):
        bottom = GroupFactory(parent=bottom)
    with pytest.raises(IntegrityError, match="would report to itself"), transaction.atomic():
        Group.objects.filter(pk=top.pk).update(parent=bottom)


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_make_no_circle(transactional_db, office, partnership, client_of):
    """Each is right alone: the second is told that the first was quicker."""
    one = GroupFactory(name="One", partnerships=[partnership])
    two = GroupFactory(name="Two", partnerships=[partnership])
    work = [(client_of(office), one, two), (client_of(office), two, one)]
    said = []

    def change():
        client, group, parent = work.pop()
        answers = group_answers([partnership], name=group.name, parent=parent.pk)
        response = client.post(address("group-change", group), answers)
        said.append("saved" if response.status_code == 302 else "; ".join(errors(response)["parent"]))

    at_once(2, change)
    saved, refused = sorted(said, key=lambda words: words != "saved")
    assert saved == "saved"
    assert refused in {
        "That group has just begun to report to this one. Choose another, or none",
        "One reports to this group, so this group can’t report to it. Choose another, or none",
        "Two reports to this group, so this group can’t report to it. Choose another, or none",
    }
    assert Group.objects.exclude(parent=None).count() == 1


# Closing


def closing(last_day=TODAY, reason="Its work is done"):
    return {**day("last_day", last_day), "reason": reason}


def test_a_group_closes_with_its_seats_and_its_history_says_why(client_of, office, learning_group, chair):
    later = GroupMemberFactory(group=learning_group, from_on=date(2027, 2, 1))
    client = client_of(office)
    assert client.post(address("group-close", learning_group), closing()).status_code == 302
    learning_group.refresh_from_db()
    assert learning_group.closed_on == TODAY
    assert list(learning_group.members.values_list("to_on", flat=True)) == [TODAY]
    assert not GroupMember.objects.filter(pk=later.pk).exists()
    assert changes_of(learning_group)[0].reason == "Its work is done"
    history = client.get(reverse("partnership:record-history", args=["partnership.group", learning_group.pk]))
    assert b"Its work is done" in history.content


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (closing(None), {"last_day": ["Enter the group’s last day"]}),
        (
            closing(date(2027, 1, 13)),
            {"last_day": ["Its last day is still to come. Close it then, or enter an earlier day"]},
        ),
        (closing(date(2020, 1, 1)), {"last_day": ["It opened on 1 April 2021. Enter that day or a later one"]}),
        (closing(reason=""), {"reason": ["Say why, as “Its work is done: the guide is in use”"]}),
    ],
)
def test_a_wrong_last_day_is_told_and_the_group_stays_open(client_of, office, learning_group, answers, said):
    Group.objects.filter(pk=learning_group.pk).update(opened_on=date(2021, 4, 1))
    assert errors(client_of(office).post(address("group-close", learning_group), answers)) == said
    learning_group.refresh_from_db()
    assert learning_group.closed_on is None


def test_what_still_hangs_on_a_group_is_named_before_it_can_close(
    client_of, office, executive, learning_group, case_group
):
    MeetingFactory(group=executive, meets_on=date(2027, 3, 9))
    MeetingFactory(group=executive, meets_on=date(2027, 6, 8), starts_at=time(10))
    assert errors(client_of(office).post(address("group-close", executive), closing())) == {
        "last_day": ["It still has meetings planned: 9 March 2027 and 8 June 2027. Cancel or move them first"],
        "__all__": [
            "Case Review Group, Ashford Vale and Learning and Development Subgroup still report to it. "
            "First close them, or have them report to another"
        ],
    }


def test_closing_a_case_review_group_tells_nothing_of_its_meetings(client_of, office, case_meeting):
    response = client_of(office).post(address("group-close", case_meeting.group), closing())
    assert response.status_code == 302


def test_a_closed_group_opens_again_with_the_seats_that_ended_with_it(
    client_of, office, learning_group, chair, partnership
):
    GroupMemberFactory(group=learning_group, to_on=date(2026, 5, 1))
    client = client_of(office)
    client.post(address("group-close", learning_group), closing())
    answers = group_answers([partnership], name=learning_group.name, is_reopened="on")
    assert client.post(address("group-change", learning_group), answers).status_code == 302
    learning_group.refresh_from_db()
    assert learning_group.closed_on is None
    assert sorted(map(str, learning_group.members.values_list("to_on", flat=True))) == ["2026-05-01", "None"]


def test_a_closed_group_gets_no_seat(client_of, office, learning_group):
    Group.objects.filter(pk=learning_group.pk).update(closed_on=TODAY)
    response = client_of(office).post(address("seat-add", learning_group), {})
    assert (response.status_code, learning_group.members.count()) == (302, 0)


# Seats


@pytest.fixture
def midwife(health_board, lead):
    """``lead``'s post, which the office may give a seat."""
    return lead.holdings.get().post


def seat_answers(post="Head of Midwifery", role="member", from_on=TODAY, to_on=None, **answers):
    return {"post": post, "role": role, **day("from_on", from_on), **day("to_on", to_on), **answers}


def seats_in(group):
    """(title, role, first day, last day) of every seat, in the order they were made."""
    rows = group.members.order_by("pk").values_list("post__title", "role", "from_on", "to_on")
    return [(title, role, str(first), str(last)) for title, role, first, last in rows]


def test_the_office_gives_a_post_a_seat_by_part_of_its_name(client_of, office, learning_group, midwife):
    response = client_of(office).post(address("seat-add", learning_group), seat_answers("midwif delia"))
    assert response.status_code == 302
    assert seats_in(learning_group) == [("Head of Midwifery", "member", "2027-01-12", "None")]


def test_a_chair_may_not_give_seats_and_no_office_gives_them_to_posts_elsewhere(
    client_of, office, chair, learning_group, stranger
):
    assert client_of(chair).post(address("seat-add", learning_group), seat_answers()).status_code == 403
    hold("Far Away", "Harbour master", partnerships=[stranger.holdings.get().post.partnerships.get()])
    assert errors(client_of(office).post(address("seat-add", learning_group), seat_answers("Harbour master"))) == {
        "post": ["Nothing here is called “Harbour master”. Choose a name from the list that opens as you type"]
    }


def test_two_posts_that_fit_are_named(client_of, office, learning_group, midwife, health_board):
    PostFactory(title="Deputy Head of Midwifery", organisation=health_board)
    assert errors(client_of(office).post(address("seat-add", learning_group), seat_answers("midwifery"))) == {
        "post": [
            "More than one fits “midwifery”: Deputy Head of Midwifery, Vale and Mill Integrated Care Board (vacant); "
            "Head of Midwifery, Vale and Mill Integrated Care Board (Delia Marchetti). Choose one of them"
        ]
    }


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"post": ""},
            {"post": ["Choose the post: seats belong to posts, and pass to whoever holds the post next"]},
        ),
        ({"to_on": date(2027, 1, 11)}, {"to_on": ["The last day is before the first. Change one of them"]}),
        (
            {"role": "deputy"},
            {
                "deputy_for": ["Choose whose seat this deputy takes when they can’t come"],
                "has_equal_authority": [
                    "A deputy may decide and commit money as the member may. Tick this, or choose Observer instead"
                ],
            },
        ),
        ({"role": "king"}, {"role": ["Choose an answer from the list"]}),
        (
            {"post": "Chair of Learning", "from_on": date(2026, 1, 1)},
            {
                "post": [
                    "Chair of Learning and Development has a seat here from 1 April 2025 (chair). Change that, "
                    "or enter other days"
                ]
            },
        ),
    ],
)
def test_a_wrong_seat_is_told_at_its_field(client_of, office, learning_group, chair, midwife, answers, said):
    before = seats_in(learning_group)
    assert errors(client_of(office).post(address("seat-add", learning_group), seat_answers(**answers))) == said
    assert seats_in(learning_group) == before


def test_a_deputy_names_whose_and_has_equal_authority(client_of, office, learning_group, chair, midwife):
    seat = learning_group.members.get()
    answers = seat_answers(role="deputy", deputy_for=seat.pk, has_equal_authority="on")
    client = client_of(office)
    assert client.post(address("seat-add", learning_group), answers).status_code == 302
    deputy = learning_group.members.get(role="deputy")
    assert (deputy.deputy_for, deputy.has_equal_authority) == (seat, True)
    assert "deputy_for" in errors(
        client.post(address("seat-change", deputy), seat_answers(deputy_for=seat.pk, has_equal_authority="on"))
    )


def test_only_a_seat_of_the_same_group_is_deputised_for(client_of, office, learning_group, scrutiny_chair, midwife):
    elsewhere = GroupMember.objects.get(post__title="Chair of Quality and Scrutiny")
    answers = seat_answers(role="deputy", deputy_for=elsewhere.pk, has_equal_authority="on")
    assert errors(client_of(office).post(address("seat-add", learning_group), answers)) == {
        "deputy_for": ["Choose an answer from the list"]
    }


@pytest.mark.parametrize(
    ("earlier_chair", "then"),
    [
        ("ends", []),
        ("member", [("Chair of Learning and Development", "member", "2027-02-01", "None")]),
    ],
)
def test_a_new_chair_takes_the_chair_in_one_step(
    client_of, office, learning_group, chair, midwife, earlier_chair, then
):
    deputy = GroupMemberFactory(
        group=learning_group,
        post=PostFactory(title="Their deputy"),
        role="deputy",
        has_equal_authority=True,
        deputy_for=learning_group.members.get(),
    )
    answers = seat_answers(role="chair", from_on=date(2027, 2, 1), earlier_chair=earlier_chair)
    client = client_of(office)
    page = client.get(address("seat-add", learning_group))
    assert "what of Chair of Learning and Development, the chair now?" in page.content.decode()
    assert client.post(address("seat-add", learning_group), answers).status_code == 302
    deputy_ends = "2027-01-31" if earlier_chair == "ends" else "None"
    assert seats_in(learning_group) == [
        ("Chair of Learning and Development", "chair", "2025-04-01", "2027-01-31"),
        ("Their deputy", "deputy", "None", deputy_ends),
        *then,
        ("Head of Midwifery", "chair", "2027-02-01", "None"),
    ]
    deputy.refresh_from_db()
    assert (deputy.deputy_for.to_on is None) == (earlier_chair == "member")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {},
            {"earlier_chair": ["Say what becomes of Chair of Learning and Development, who has the chair until then"]},
        ),
        (
            {"from_on": None},
            {"from_on": ["Enter the day on which it takes the chair from Chair of Learning and Development"]},
        ),
        (
            {"from_on": date(2025, 4, 1)},
            {
                "from_on": [
                    "Chair of Learning and Development has the chair from 1 April 2025. Enter a later day, "
                    "or change that seat"
                ]
            },
        ),
    ],
)
def test_there_is_one_chair_at_a_time(client_of, office, learning_group, chair, midwife, answers, said):
    response = client_of(office).post(address("seat-add", learning_group), seat_answers(role="chair", **answers))
    assert errors(response) == said
    assert len(seats_in(learning_group)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_new_chairs_at_once_one_is_refused(
    transactional_db, office, learning_group, midwife, health_board, client_of
):
    PostFactory(title="Named doctor", organisation=health_board)
    work = [(client_of(office), "Head of Midwifery"), (client_of(office), "Named doctor")]
    statuses = []

    def give():
        client, post = work.pop()
        statuses.append(client.post(address("seat-add", learning_group), seat_answers(post, "chair")).status_code)

    at_once(2, give)
    assert (sorted(statuses), learning_group.members.filter(role="chair").count()) == ([302, 422], 1)


@pytest.mark.django_db(transaction=True)
def test_a_seat_sent_twice_at_once_is_one_seat(transactional_db, office, learning_group, midwife, client_of):
    clients, statuses = [client_of(office), client_of(office)], []
    at_once(
        2, lambda: statuses.append(clients.pop().post(address("seat-add", learning_group), seat_answers()).status_code)
    )
    assert (sorted(statuses), learning_group.members.count()) == ([302, 422], 1)


def test_a_part_that_changes_on_a_day_leaves_what_was_so_before(client_of, office, learning_group, midwife):
    seat = GroupMemberFactory(group=learning_group, post=midwife, from_on=date(2026, 1, 1))
    client, place = client_of(office), address("seat-change", seat)
    answers = {"role": "vice-chair", **day("from_on", date(2026, 1, 1))}
    assert client.post(place, {**answers, **day("part_from", date(2027, 1, 12))}).status_code == 302
    assert seats_in(learning_group) == [
        ("Head of Midwifery", "member", "2026-01-01", "2027-01-11"),
        ("Head of Midwifery", "vice-chair", "2027-01-12", "None"),
    ]


def test_a_part_that_was_wrong_all_along_is_put_right(client_of, office, learning_group, midwife):
    seat = GroupMemberFactory(group=learning_group, post=midwife, from_on=date(2026, 1, 1))
    answers = {"role": "vice-chair", **day("from_on", date(2026, 2, 1))}
    assert client_of(office).post(address("seat-change", seat), answers).status_code == 302
    assert seats_in(learning_group) == [("Head of Midwifery", "vice-chair", "2026-02-01", "None")]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"role": "member", **day("part_from", TODAY)}, "Its part stays the same, so leave this empty"),
        (
            {"role": "observer", **day("part_from", date(2026, 1, 1))},
            "The seat begins on 1 January 2026. Enter a later day, or leave this empty",
        ),
    ],
)
def test_a_wrong_day_of_change_is_told(client_of, office, learning_group, midwife, answers, said):
    seat = GroupMemberFactory(group=learning_group, post=midwife, from_on=date(2026, 1, 1))
    answers |= day("from_on", date(2026, 1, 1))
    assert errors(client_of(office).post(address("seat-change", seat), answers)) == {"part_from": [said]}


def test_a_seat_ends_with_the_deputies_of_it(client_of, office, chair, learning_group):
    seat = learning_group.members.get()
    GroupMemberFactory(
        group=learning_group, post=PostFactory(title="Deputy"), role="deputy", has_equal_authority=True, deputy_for=seat
    )
    client = client_of(office)
    assert b"Deputy deputises for this seat" in client.get(address("seat-end", seat)).content
    assert client.post(address("seat-end", seat), day("last_day", TODAY)).status_code == 302
    assert [row[-1] for row in seats_in(learning_group)] == ["2027-01-12", "2027-01-12"]
    assert client_of(chair).post(address("seat-end", seat), day("last_day", TODAY)).status_code == 403


def test_a_seat_does_not_end_before_it_begins(client_of, office, chair, learning_group):
    response = client_of(office).post(
        address("seat-end", learning_group.members.get()), day("last_day", date(2025, 3, 31))
    )
    assert errors(response) == {"last_day": ["The seat begins on 1 April 2025. Enter that day or a later one"]}


# Terms of reference


def words(**answers):
    return {
        "remit": "What we do",
        "membership": "Who we are",
        "quorum": "Three of us",
        "frequency": "quarterly",
        **answers,
    }


def versions(group):
    return [(terms.version, terms.status, terms.remit) for terms in group.terms.order_by("version")]


def test_the_chair_writes_the_first_terms_and_agrees_them(client_of, chair, partner, learning_group):
    client = client_of(chair)
    response = client.post(address("terms-add", learning_group), words())
    draft = learning_group.terms.get()
    assert (response.url, draft.version, draft.status) == (draft.get_absolute_url(), 1, "draft")
    assert client_of(partner).get(draft.get_absolute_url()).status_code == 404
    response = client.post(
        address("terms-agree", draft), day("agreed_on", date(2027, 1, 11)) | day("next_review_on", date(2028, 1, 11))
    )
    draft.refresh_from_db()
    assert (response.status_code, draft.status, draft.agreed_on, draft.next_review_on) == (
        302,
        "agreed",
        date(2027, 1, 11),
        date(2028, 1, 11),
    )
    assert client_of(partner).get(draft.get_absolute_url()).status_code == 200


def test_the_next_draft_begins_with_the_words_of_the_last_and_says_why(client_of, office, learning_group, terms):
    client, place = client_of(office), address("terms-add", learning_group)
    assert client.get(place).context["form"].initial["remit"] == terms.remit
    assert errors(client.post(place, words())) == {"reason": ["Say what changes in this version, and why"]}
    assert client.post(place, words(reason="Schools joined")).status_code == 302
    assert versions(learning_group) == [(1, "agreed", terms.remit), (2, "draft", "What we do")]


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_a_draft_at_once_write_one(transactional_db, office, learning_group, client_of):
    clients = [client_of(office), client_of(office)]
    at_once(2, lambda: clients.pop().post(address("terms-add", learning_group), words()))
    assert versions(learning_group) == [(1, "draft", "What we do")]


def test_agreed_words_stand_at_the_page_and_at_the_database(client_of, office, terms):
    response = client_of(office).post(address("terms-change", terms), words())
    assert (response.status_code, versions(terms.group)) == (302, [(1, "agreed", terms.remit)])
    with pytest.raises(InternalError), transaction.atomic():
        TermsOfReference.objects.filter(pk=terms.pk).update(remit="Another")


@pytest.mark.parametrize(
    ("agreed_on", "review_on", "said"),
    [
        (
            date(2027, 1, 13),
            date(2028, 1, 1),
            {"agreed_on": ["That day is still to come. Enter it once they have been agreed"]},
        ),
        (
            date(2026, 4, 20),
            date(2028, 1, 1),
            {"agreed_on": ["Version 1 was agreed on 21 April 2026. Enter that day or a later one"]},
        ),
        (TODAY, TODAY, {"next_review_on": ["Enter a day after the one on which they were agreed"]}),
        (None, TODAY, {"agreed_on": ["Enter the day on which they were agreed"]}),
    ],
)
def test_a_wrong_day_of_agreement_is_told(client_of, office, draft_terms, agreed_on, review_on, said):
    answers = day("agreed_on", agreed_on) | day("next_review_on", review_on)
    assert errors(client_of(office).post(address("terms-agree", draft_terms), answers)) == said
    draft_terms.refresh_from_db()
    assert draft_terms.is_draft


def test_what_changed_is_told_word_by_word():
    assert pieces_of("We plan courses and briefings.", "We plan courses, briefings and visits.") == (
        Piece("", "We plan courses "),
        Piece("removed", "and briefings"),
        Piece("added", ", briefings and visits"),
        Piece("", "."),
    )
    assert pieces_of("Four of us", "Half the members, and both councils") == (
        Piece("removed", "Four of us"),
        Piece("", "\n"),
        Piece("added", "Half the members, and both councils"),
    )
    assert pieces_of("One  two\n", "One two") == (Piece("", "One two"),)


def test_the_comparison_is_read_out_and_a_first_version_has_none(client_of, chair, terms, draft_terms):
    client = client_of(chair)
    page = client.get(address("terms-compare", draft_terms)).content.decode()
    assert '<ins><span class="govuk-visually-hidden">[added: </span>A new remit' in page
    assert b"There is no earlier version" in client.get(address("terms-compare", terms)).content


def test_the_chair_is_reminded_of_the_review_and_nobody_else(chair, partner, terms):
    found = [
        (due.title, due.due_on, due.url) for due in deadlines_for(chair, on=TODAY) if due.kind == "Terms of reference"
    ]
    title = "Terms of reference of Learning and Development Subgroup"
    assert found == [(title, date(2027, 4, 30), terms.get_absolute_url())]
    assert [due for due in deadlines_for(partner, on=TODAY) if due.kind == "Terms of reference"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_terms_list_query_count(client_of, office, learning_group, django_assert_num_queries, count):
    for version in range(1, count + 1):
        TermsFactory(group=learning_group, version=version)
    client = client_of(office)
    with django_assert_num_queries(9):
        client.get(address("terms-list", learning_group))


# The structure


def boxes(page):
    return [
        (box.label.name, box.label.warning, box.label.tags, box.label.is_dashed) for box in page.context["chart"].boxes
    ]


def test_the_structure_is_drawn_from_the_open_groups_of_ones_partnerships(
    client_of, chair, executive, learning_group, case_group, partnership, far_partnership
):
    GroupFactory(name="Elsewhere", partnerships=[far_partnership])
    GroupFactory(name="Closed", partnerships=[partnership], closed_on=TODAY)
    GroupFactory(name="Homes", kind="task", partnerships=[partnership], parent=learning_group)
    both = ("AV", "MB")
    client = client_of(chair)
    page = client.get(STRUCTURE)
    assert boxes(page) == [
        ("Executive", "Chair vacant", both, False),
        ("Learning and Development Subgroup", "", both, False),
        ("Homes", "Chair vacant", (), True),
        ("Case Review Group, Ashford Vale", "Chair vacant", (), False),
    ]
    assert 'aria-label="Executive, Chair vacant, shared by AV, MB"' in page.content.decode()


def test_one_chooses_a_partnership_of_ones_own(
    client_of, chair, learning_group, case_group, other_partnership, far_partnership
):
    client = client_of(chair)
    names = [box[0] for box in boxes(client.get(STRUCTURE, {"partnership": other_partnership.pk}))]
    assert names == ["Executive", "Learning and Development Subgroup"]
    for wrong in (far_partnership.pk, "x", "²", "9" * 30):
        page = client.get(STRUCTURE, {"partnership": wrong})
        assert (page.status_code, page.context["chosen"], len(boxes(page))) == (200, None, 3)


def test_a_stranger_and_an_administrator_see_no_structure(client_of, stranger, administrator, learning_group):
    for user in (stranger, administrator):
        page = client_of(user).get(STRUCTURE)
        assert (boxes(page), b"There is nothing to draw yet" in page.content) == ([], True)


@pytest.mark.parametrize("count", [3, 25])
def test_structure_query_count(client_of, office, partnership, executive, django_assert_num_queries, count):
    for _ in range(count - 1):
        GroupFactory(partnerships=[partnership], parent=executive)
    client = client_of(office)
    with django_assert_num_queries(8):
        client.get(STRUCTURE)


# For everyone


def public(name, partnership, *args):
    return reverse(f"partnership:{name}", args=[partnership.slug, *args])


def test_everyone_reads_the_terms_in_force_and_no_draft(client, partnership, learning_group, terms, draft_terms):
    page = client.get(public("public-group", partnership, learning_group.pk))
    assert page.context["terms"] == terms
    assert draft_terms.remit not in page.content.decode()


def test_a_group_that_is_not_published_is_gone(client, partnership, other_partnership, learning_group, case_group):
    assert client.get(public("public-group", other_partnership, case_group.pk)).status_code == 404
    for change in ({"is_public": False}, {"is_public": True, "closed_on": TODAY}):
        Group.objects.filter(pk=learning_group.pk).update(**change)
        assert client.get(public("public-group", partnership, learning_group.pk)).status_code == 404


def test_the_public_chart_tells_no_vacancy_and_no_partnership_that_is_not_public(client, partnership, executive):
    executive.partnerships.add(PartnershipFactory(name="Secret", short_name="SE", slug="secret", is_public=False))
    page = client.get(public("public-structure", partnership))
    assert boxes(page) == [("Executive", "", ("AV", "MB"), False)]
    assert page.context["chart"].boxes[0].label.url == public("public-group", partnership, executive.pk)
    assert [word for word in ("Secret", "vacant") if word in page.content.decode()] == []


@pytest.mark.parametrize("count", [3, 25])
def test_public_structure_query_count(client, partnership, executive, django_assert_num_queries, count):
    for _ in range(count - 1):
        GroupFactory(partnerships=[partnership], parent=executive)
    with django_assert_num_queries(5):
        client.get(public("public-structure", partnership))
