"""Groups: who sits where today, which seats are vacant, and nobody else's groups."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.models import Group, GroupMember
from tests.factories import GroupFactory, GroupMemberFactory, PostFactory, PostHoldingFactory, UserFactory

LIST = reverse("partnership:group-list")


def titles(response):
    return {title: [group.name for group in groups] for title, groups in response.context["parts"]}


def test_the_list_begins_with_the_groups_one_sits_on(client_of, chair, scrutiny_group, partnership):
    GroupFactory(name="Closed", partnerships=[partnership], closed_on=date(2026, 1, 31))
    assert titles(client_of(chair).get(LIST)) == {
        "Groups you sit on": ["Learning and Development Subgroup"],
        "Other groups": ["Executive", "Quality and Scrutiny Subgroup"],
        "Closed groups": ["Closed"],
    }


def test_a_stranger_sees_none_of_them_and_is_taught(client_of, stranger, scrutiny_group):
    page = client_of(stranger).get(LIST)
    assert titles(page) == {"Groups you sit on": [], "Other groups": [], "Closed groups": []}
    assert b"You see no groups yet" in page.content


def test_the_page_shows_todays_holders_and_vacant_seats(client_of, chair, learning_group):
    empty = GroupMemberFactory(group=learning_group, post=PostFactory(title="Named nurse"))
    left = GroupMemberFactory(
        group=learning_group,
        post=PostFactory(title="Police lead"),
        role=GroupMember.Role.VICE_CHAIR,
    )
    PostHoldingFactory(post=left.post, user=UserFactory(name="Left Long Ago"), to_on=date(2026, 12, 31))
    page = client_of(chair).get(learning_group.get_absolute_url())
    seats = [
        (seat.post.title, [str(holding.user) for holding in seat.post.current_holdings])
        for seat in page.context["seats"]
    ]
    assert seats == [
        ("Chair of Learning and Development", ["Tomasz Brindle"]),
        ("Police lead", []),
        (empty.post.title, []),
    ]
    assert page.context["vacant_count"] == 2


def test_the_page_shows_where_the_group_stands(client_of, chair, learning_group, executive):
    page = client_of(chair).get(executive.get_absolute_url())
    assert (page.context["parent"], list(page.context["children"])) == (None, [learning_group])
    page = client_of(chair).get(learning_group.get_absolute_url())
    assert (page.context["parent"], list(page.context["children"])) == (executive, [])


def test_another_partnerships_group_is_not_there(client_of, stranger, learning_group):
    assert client_of(stranger).get(learning_group.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("groups", [1, 3])
def test_list_query_count(client_of, chair, partnership, learning_group, django_assert_num_queries, groups):
    Group.objects.exclude(pk__in=[learning_group.pk, learning_group.parent_id]).delete()
    for _ in range(groups - 1):
        GroupFactory(partnerships=[partnership], parent=learning_group)
    client = client_of(chair)
    with django_assert_num_queries(8):  # session, user, savepoint (2), standing, groups, partnerships, frame
        client.get(LIST)


@pytest.mark.parametrize("seats", [1, 3])
def test_page_query_count(client_of, chair, learning_group, django_assert_num_queries, seats):
    for _ in range(seats - 1):
        member = GroupMemberFactory(group=learning_group)
        PostHoldingFactory(post=member.post)
    client = client_of(chair)
    with django_assert_num_queries(14):
        client.get(learning_group.get_absolute_url())
