"""The page of the partnership: every count is that of its list, and nobody learns more than there."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from partnership.models import GroupMember, Meeting, PublishedFile
from partnership.overview import Figure, figures_for, next_meetings
from partnership.publishing import publish_file
from tests.conftest import hold
from tests.factories import (
    ArrangementsFactory,
    BudgetYearFactory,
    ContributionFactory,
    MeetingActionFactory,
    MeetingFactory,
    PostFactory,
    TermsFactory,
)
from tests.plans.test_plan_page import count_queries

URL = reverse("partnership:overview")


def told(user, on):
    return [(figure.count, figure.words) for figure in figures_for(user, on=on)]


@pytest.fixture
def to_look_at(partnership, learning_group, hospital):
    """One of everything that the page counts."""
    PostFactory(title="Named doctor", organisation=hospital)
    MeetingActionFactory(group=learning_group, due_on=date(2027, 1, 11))
    TermsFactory(group=learning_group, next_review_on=date(2027, 1, 12))
    MeetingFactory(group=learning_group, meets_on=date(2027, 1, 11))
    budget = BudgetYearFactory(partnerships=[partnership])
    ContributionFactory(budget=budget, organisation=hospital, amount=10000, prior_amount=20000)


EVERYTHING = [
    (1, "post that nobody holds"),
    (1, "late action"),
    (1, "group whose terms are due to be looked at"),
    (1, "meeting that nobody has written up"),
]


def test_each_thing_that_wants_looking_at_is_counted(office, today, to_look_at):
    assert told(office, today) == [*EVERYTHING, (1, "contribution changed without a reason")]


def test_reasons_are_the_offices_to_ask_for(chair, today, to_look_at):
    assert told(chair, today) == EVERYTHING


def test_another_partnerships_office_counts_nothing_of_ours(stranger, leaver, today, to_look_at):
    assert told(stranger, today) == told(leaver, today) == []


def test_what_is_not_due_yet_is_not_counted(office, learning_group, today):
    MeetingActionFactory(group=learning_group, due_on=today)
    MeetingActionFactory(group=learning_group, due_on=date(2027, 1, 4), closed_on=today, outcome="Done")
    TermsFactory(group=learning_group, next_review_on=date(2027, 1, 13))
    TermsFactory(group=learning_group, version=2, status="draft", next_review_on=date(2026, 1, 1), agreed_on=None)
    MeetingFactory(group=learning_group, meets_on=today)
    assert told(office, today) == []


def test_each_count_is_that_of_its_list(client_of, office, today, to_look_at, executive, learning_group):
    MeetingActionFactory(group=executive, due_on=date(2026, 12, 1))
    MeetingFactory(group=executive, meets_on=date(2027, 1, 4))
    client = client_of(office)
    listed = {figure.words: client.get(figure.url) for figure in figures_for(office, on=today)[:4]}
    assert {words: page.context["row_count"] for words, page in listed.items()} == {
        "post that nobody holds": 1,
        "late actions": 2,
        "group whose terms are due to be looked at": 1,
        "meetings that nobody has written up": 2,
    }
    assert all(page.context["filter"].not_understood == [] for page in listed.values())


@pytest.fixture
def second_version(published_arrangements, office):
    """In force since January in place of the first, to be looked at by the end of June."""
    first = published_arrangements
    file = publish_file(
        partnerships=[first.partnership],
        kind=PublishedFile.Kind.ARRANGEMENTS,
        title="How we work together",
        filename="arrangements-2.pdf",
        content=b"%PDF-1.7 the second",
        page_count=1,
        manifest={},
        at=datetime(2026, 12, 30, 9, 0, tzinfo=UTC),
        by=office,
    )
    return ArrangementsFactory(
        partnership=first.partnership,
        version=2,
        status="published",
        published_file=file,
        published_at=file.published_at,
        in_force_from=date(2027, 1, 1),
        review_on=date(2027, 6, 30),
    )


def test_arrangements_are_due_on_their_day_and_a_draft_never_is(office, second_version):
    ArrangementsFactory(partnership=second_version.partnership, version=3, review_on=date(2026, 1, 1))
    days = [date(2027, 6, 29), date(2027, 6, 30)]
    assert [[each for each in figures_for(office, on=day) if "arrangements" in each.words] for day in days] == [
        [],
        [Figure(1, "partnership’s arrangements due for review", second_version.get_absolute_url())],
    ]


def test_a_case_review_groups_meetings_and_actions_count_for_its_own_alone(
    client_of, case_group, case_group_member, office, advisor, today
):
    before = [client_of(user).get(URL).content for user in (office, advisor)]
    MeetingActionFactory(group=case_group, due_on=date(2027, 1, 4))
    MeetingFactory(group=case_group, meets_on=date(2027, 1, 4))
    MeetingFactory(group=case_group, meets_on=date(2027, 2, 4))
    assert [same(client_of(user).get(URL).content) for user in (office, advisor)] == [same(page) for page in before]
    assert told(case_group_member, today) == [(1, "late action"), (1, "meeting that nobody has written up")]
    assert [meeting.group for meeting in next_meetings(case_group_member, on=today)] == [case_group]


def same(page):
    """A page without its token, which is another each time."""
    return [line for line in page.decode().splitlines() if "csrf" not in line.lower()]


def test_a_dispute_changes_nothing_on_the_page(client_of, office, chair, dispute):
    pages = [same(client_of(user).get(URL).content) for user in (office, chair)]
    dispute.delete()
    assert [same(client_of(user).get(URL).content) for user in (office, chair)] == pages


def test_next_meetings_are_those_to_come_that_are_on(office, learning_group, today):
    planned = [MeetingFactory(group=learning_group, meets_on=date(2027, 1, 12 + n)) for n in range(6)]
    Meeting.objects.filter(pk=planned[1].pk).update(status="cancelled", cancelled_reason="Snow")
    assert list(next_meetings(office, on=today)) == [planned[0], *planned[2:5]]


def test_the_office_finds_its_settings_here_and_others_do_not(client_of, office, chair, partnership, learning_group):
    settings = reverse("partnership:partnership-change", args=[partnership.pk])
    people = reverse("partnership:people-import-upload")
    pages = [client_of(user).get(URL).content.decode() for user in (office, chair)]
    assert [[url in page for url in (settings, people)] for page in pages] == [[True, True], [False, False]]


def test_who_is_in_no_partnership_is_told_why_nothing_is_here(client_of, leaver, administrator):
    for user in (leaver, administrator):
        assert "You are in no partnership" in client_of(user).get(URL).content.decode()


def test_the_page_takes_as_many_queries_for_three_of_everything_as_for_one(
    client_of, chair, to_look_at, learning_group, executive
):
    client = client_of(chair)
    MeetingFactory(group=learning_group, meets_on=date(2027, 2, 1))
    at_1 = count_queries(client, URL)
    for day in (2, 3):
        hold(f"Somebody {day}", "Member", group=executive, role=GroupMember.Role.MEMBER)
        MeetingActionFactory(group=learning_group, due_on=date(2027, 1, day))
        MeetingFactory(group=learning_group, meets_on=date(2027, 1, day))
        MeetingFactory(group=learning_group, meets_on=date(2027, 2, day))
    assert count_queries(client, URL) == at_1


# The main menu


def current(page):
    """The labels of the main menu, and which of them the page stands under."""
    nav = page.context["frame"].nav
    return [item.label for item in nav], [item.label for item in nav if item.is_current]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("assurance:desk", "Office desk"),
        ("assurance:my-work", "My work"),
        ("plans:plan-list", "Plans"),
        ("partnership:meeting-list", "Meetings"),
        ("assurance:return-list", "Assurance"),
        ("partnership:group-list", "Groups"),
        ("training:event-list", "Training"),
        ("assurance:report-list", "Reports"),
        ("partnership:overview", "Partnership"),
        ("partnership:structure", "Partnership"),
        ("partnership:organisation-list", "Partnership"),
        ("partnership:post-list", "Partnership"),
        ("partnership:person-list", "Partnership"),
        ("partnership:action-list", "Partnership"),
        ("partnership:budget-list", "Partnership"),
        ("partnership:arrangements-list", "Partnership"),
        ("partnership:dispute-list", "Partnership"),
        ("partnership:reminder-list", "Partnership"),
    ],
)
def test_every_page_stands_under_one_item_of_the_menu(client_of, office, name, label):
    assert current(client_of(office).get(reverse(name)))[1] == [label]


def test_the_menu_has_what_this_person_can_open(client_of, office, case_group_member, administrator, leaver):
    menus = [current(client_of(user).get(URL))[0] for user in (office, case_group_member, administrator, leaver)]
    common = [
        "Plans",
        "Meetings",
        "Assurance",
        "Groups",
        "Training",
        "Recommendations",
        "Learning",
        "Reports",
        "Partnership",
    ]
    assert menus == [
        ["Office desk", "My work", *common],
        ["My work", *common, "Cases"],
        ["My work", "Administration"],
        ["My work"],
    ]
