"""The forward plan: items are placed, moved, carried over; what stands on every agenda; what is due of it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnership.agenda import carry_over, place_item
from partnership.deadlines import deadlines, deadlines_for
from partnership.models import AgendaItem, Document, Group, ItemKind, Meeting, Paper, StandingItem
from tests.conftest import TODAY
from tests.factories import AgendaItemFactory, GroupFactory, MeetingFactory, OrganisationFactory, PostFactory
from tests.plans.test_plan_page import count_queries


def url(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def titles(queryset):
    return [item.title for item in queryset.order_by("position", "pk")]


@pytest.fixture
def may_meeting(learning_group):
    return MeetingFactory(group=learning_group, meets_on=date(2027, 5, 11), papers_due_on=date(2027, 5, 4))


# Adding and changing


def test_an_item_waits_on_the_forward_plan_once_however_often_one_presses(client_of, office, learning_group, lead):
    body = {"title": "Safer sleep", "kind": "decision", "lead_post": "head of midwifery", "wanted_by_day": ""}
    client = client_of(office)
    answers = [client.post(url("item-add", learning_group), body).url for _again in range(2)]
    assert answers == [url("forward-plan", learning_group)] * 2
    item = learning_group.agenda_items.get()
    assert (item.title, item.kind, item.lead_post.title, item.meeting) == (
        "Safer sleep",
        ItemKind.DECISION,
        "Head of Midwifery",
        None,
    )


def test_an_item_can_go_on_an_agenda_at_once_and_its_paper_is_due_with_the_others(client_of, chair, meeting):
    body = {"title": "Budget", "kind": "decision", "needs_paper": "on", "meeting": meeting.pk}
    client_of(chair).post(url("item-add", meeting.group), body)
    item = meeting.items.get()
    assert (item.title, item.paper_due_on) == ("Budget", date(2027, 3, 2))


def test_a_meeting_of_another_group_is_no_choice(client_of, chair, learning_group, case_meeting):
    body = {"title": "Budget", "kind": "decision", "meeting": case_meeting.pk}
    page = client_of(chair).post(url("item-add", learning_group), body)
    assert (page.status_code, page.context["form"].errors) == (422, {"meeting": ["Choose an answer from the list"]})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("/my-work/", "/my-work/"),
        ("http://localhost:8000/my-work/?x=1#y", "/my-work/"),
        (" /help/ ", "/help/"),
    ],
)
def test_the_page_that_an_item_comes_from_is_kept_as_a_path(client_of, chair, agenda_item, typed, kept):
    body = {"title": "Fathers", "kind": "assurance", "source_path": typed}
    assert client_of(chair).post(url("item-change", agenda_item), body).status_code == 302
    agenda_item.refresh_from_db()
    assert agenda_item.source_path == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "//evil.example.org/help/",
        "https://evil.example.org/help/",
        "/no/such/page/",
        "http://[::1",
        "help",
    ],
)
def test_any_other_address_is_refused(client_of, chair, agenda_item, typed):
    body = {"title": "Fathers", "kind": "assurance", "source_path": typed}
    page = client_of(chair).post(url("item-change", agenda_item), body)
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {"source_path": ["Copy the address of a page of this product, for example /deliverables/12/"]},
    )


def test_a_day_for_a_paper_that_is_not_wanted_is_asked_about(client_of, chair, agenda_item):
    body = {"title": "Fathers", "kind": "assurance", "paper_due_on_day": 2, "paper_due_on_month": 3}
    page = client_of(chair).post(url("item-change", agenda_item), body | {"paper_due_on_year": 2027})
    assert page.context["form"].errors == {"needs_paper": ["Tick this, or take away the day on which the paper is due"]}


# Placing, shifting, carrying over


def test_an_item_is_placed_and_taken_off_again(client_of, chair, meeting, learning_group):
    AgendaItemFactory(meeting=meeting, position=10, title="First")
    item = AgendaItemFactory(group=learning_group, title="Second", needs_paper=True)
    client = client_of(chair)
    answer = client.post(url("item-place", item), {"meeting": meeting.pk})
    assert answer.url == f"{url('forward-plan', learning_group)}#item-{item.pk}"
    item.refresh_from_db()
    assert (titles(meeting.items), item.paper_due_on) == (["First", "Second"], date(2027, 3, 2))
    client.post(url("item-place", item), {"meeting": ""})
    item.refresh_from_db()
    assert item.meeting is None


def test_a_paper_with_a_day_of_its_own_keeps_it(meeting, may_meeting, learning_group):
    item = AgendaItemFactory(group=learning_group, needs_paper=True, paper_due_on=date(2027, 2, 1))
    place_item(item, meeting=meeting)
    placed = place_item(item, meeting=may_meeting)
    assert placed.paper_due_on == date(2027, 2, 1)


def test_an_item_is_placed_at_planned_meetings_of_its_own_group_alone(client_of, chair, learning_group, executive):
    item = AgendaItemFactory(group=learning_group)
    wrong = [
        MeetingFactory(group=executive),
        MeetingFactory(group=learning_group, meets_on=date(2026, 6, 9), status=Meeting.Status.HELD),
    ]
    for meeting in wrong:
        page = client_of(chair).post(url("item-place", item), {"meeting": meeting.pk}, follow=True)
        assert [str(message) for message in page.context["messages"]] == [
            "That meeting is not planned any more. Choose another"
        ]
        with pytest.raises(ValidationError):
            place_item(item, meeting=meeting)
    item.refresh_from_db()
    assert item.meeting is None


def test_items_change_places_with_their_neighbours_and_stop_at_the_ends(client_of, chair, meeting):
    items = [AgendaItemFactory(meeting=meeting, title=title) for title in "ABC"]
    client, orders = client_of(chair), []
    for item, direction in [
        (items[2], "up"),
        (items[2], "up"),
        (items[2], "up"),
        (items[0], "down"),
        (items[1], "down"),
    ]:
        answer = client.post(url("item-shift", item), {"direction": direction, "back": "meeting"})
        assert answer.url == f"{meeting.get_absolute_url()}#item-{item.pk}"
        orders.append("".join(titles(meeting.items)))
    assert orders == ["ACB", "CAB", "CAB", "CBA", "CAB"]


def test_what_was_not_reached_is_carried_over_once_and_stays_in_the_record(
    client_of, chair, held_meeting, meeting, lead
):
    item = AgendaItemFactory(meeting=held_meeting, title="Not reached", lead_post=lead.holdings.get().post)
    client = client_of(chair)
    for _again in range(2):
        client.post(url("item-place", item), {"meeting": "next"})
    assert titles(held_meeting.items) == ["Not reached"]
    again = meeting.items.get()
    assert (again.title, again.carried_from, again.lead_post) == ("Not reached", item, item.lead_post)


def test_an_item_of_a_meeting_to_come_goes_on_to_the_next_itself(meeting, may_meeting, agenda_item):
    assert carry_over(agenda_item) == agenda_item
    agenda_item.refresh_from_db()
    assert (agenda_item.meeting, agenda_item.paper_due_on) == (may_meeting, date(2027, 5, 4))


def test_without_a_next_meeting_it_waits_on_the_forward_plan(held_meeting):
    item = AgendaItemFactory(meeting=held_meeting)
    again = carry_over(item)
    assert (again.meeting, again.carried_from) == (None, item)


def test_an_item_of_a_meeting_that_was_held_cannot_be_taken_off_it(held_meeting, meeting):
    item = AgendaItemFactory(meeting=held_meeting)
    with pytest.raises(ValidationError, match="Carry it over instead"):
        place_item(item, meeting=meeting)


# Standing items


def test_a_standing_item_comes_onto_the_agendas_to_come(client_of, chair, meeting, may_meeting, held_meeting):
    young = GroupFactory(
        name="Sounding Board", kind=Group.Kind.YOUNG_PEOPLE, partnerships=meeting.group.partnerships.all()
    )
    client = client_of(chair)
    body = {"title": "What we heard", "kind": "information", "minutes": 10, "asked_by": young.pk}
    for _again in range(2):
        client.post(url("standing-items", meeting.group), body)
    assert list(meeting.group.standing_items.values_list("title", "asked_by__name")) == [
        ("What we heard", "Sounding Board")
    ]
    agendas = [titles(each.items) for each in (held_meeting, meeting, may_meeting)]
    assert agendas == [[], ["What we heard"], ["What we heard"]]

    used = may_meeting.items.get()
    used.discussion = "Somebody wrote this"
    used.save()
    client.post(url("standing-items", meeting.group), {"remove": meeting.group.standing_items.get().pk})
    assert meeting.group.standing_items.count() == 0
    assert [titles(each.items) for each in (meeting, may_meeting)] == [[], ["What we heard"]]


def test_a_standing_item_of_another_group_is_not_removed_from_here(client_of, chair, learning_group, executive):
    theirs = StandingItem.objects.create(group=executive, title="Welcome")
    for wrong in (theirs.pk, "x", "9" * 40):
        answer = client_of(chair).post(url("standing-items", learning_group), {"remove": wrong})
        assert answer.status_code == 404
    assert StandingItem.objects.get() == theirs


# What is due


def due(user=None):
    found = deadlines_for(user, on=TODAY) if user else deadlines(on=TODAY)
    return [(each.due_on, each.kind, each.title) for each in found if each.kind in {"Meeting", "Paper", "Action"}]


def test_a_meeting_is_due_to_its_chair_a_paper_to_its_lead_an_action_to_its_lead(
    meeting, agenda_item, meeting_action, chair, lead, office, partner, stranger
):
    found = {user.name: due(user) for user in (chair, lead, office, partner, stranger)}
    assert found == {
        chair.name: [(date(2027, 3, 9), "Meeting", "Meeting of Learning and Development Subgroup")],
        lead.name: [
            (date(2027, 2, 26), "Action", "LD-1 Write to every school"),
            (date(2027, 3, 2), "Paper", "Safer sleep: what fathers say"),
        ],
        office.name: [],
        partner.name: [],
        stranger.name: [],
    }


def test_nobody_is_asked_for_what_is_done_brought_cancelled_or_gone_by(
    meeting, held_meeting, agenda_item, paper, meeting_action, chair, lead
):
    meeting_action.closed_on, meeting_action.outcome = TODAY, "Every school knows"
    meeting_action.save()
    AgendaItemFactory(meeting=held_meeting, needs_paper=True, paper_due_on=date(2026, 11, 3))
    MeetingFactory(
        group=meeting.group, meets_on=date(2027, 4, 13), status=Meeting.Status.CANCELLED, cancelled_reason="Snow"
    )
    assert due() == [(date(2027, 3, 9), "Meeting", "Meeting of Learning and Development Subgroup")]


def test_a_paper_that_was_withdrawn_is_wanted_again(agenda_item, paper, office, lead):
    assert "Paper" not in [kind for _day, kind, _title in due(lead)]
    paper.withdrawn_at = "2027-01-11T09:00Z"
    paper.save()
    assert "Paper" in [kind for _day, kind, _title in due(lead)]
    document = Document.keep(filename="again.pdf", content=b"%PDF-1.7 again", by=office)
    Paper.objects.create(item=agenda_item, document=document, title="Again", added_by=office)
    assert "Paper" not in [kind for _day, kind, _title in due(lead)]


def test_what_a_case_review_group_does_is_due_to_its_own_people_alone(
    case_meeting, case_group, case_group_member, office, lead
):
    item = AgendaItemFactory(
        meeting=case_meeting,
        title="Canary",
        needs_paper=True,
        paper_due_on=date(2027, 3, 2),
        lead_post=lead.holdings.get().post,
    )
    assert due(lead) == []
    item.lead_post = case_group_member.holdings.get().post
    item.save()
    assert due(case_group_member) == [(date(2027, 3, 2), "Paper", "Canary")]
    seen = deadlines(on=TODAY, standing=office.standing)
    assert [each.title for each in seen if "Canary" in each.title or "Case" in each.title] == []


# Queries


@pytest.mark.parametrize("page", ["forward-plan", "standing-items", "item-add"])
def test_pages_take_as_many_queries_for_three_as_for_one(client_of, office, meeting, held_meeting, page):
    client, group = client_of(office), meeting.group

    def add():
        for where in (None, meeting, held_meeting):
            post = PostFactory(organisation=OrganisationFactory())
            AgendaItemFactory(group=group, meeting=where, lead_post=post, needs_paper=True)
        StandingItem.objects.create(group=group, title="Welcome", asked_by=GroupFactory())

    add()
    client.get(url(page, group))
    at_1 = count_queries(client, url(page, group))
    for month in (4, 5):
        add()
        AgendaItemFactory(meeting=MeetingFactory(group=group, meets_on=date(2027, month, 20)))
    assert count_queries(client, url(page, group)) == at_1


def test_the_page_of_an_item_shows_the_thread(client_of, partner, held_meeting, meeting):
    item = AgendaItemFactory(meeting=held_meeting, title="Not reached", source="Deliverable 1.1", source_path="/help/")
    again = carry_over(item)
    page = client_of(partner).get(url("item-detail", item))
    assert list(page.context["carried_to"]) == [again]
    assert page.context["may_run"] is False
    assert b'href="/help/">Deliverable 1.1</a>' in page.content
    assert AgendaItem.objects.count() == 2
