"""Deputies answer for a lead, as long as both are what they were, and not a day longer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Exists, OuterRef
from django.urls import reverse

from partnership.access import may
from partnership.deadlines import deadlines, deadlines_for, with_people
from partnership.models import User
from plans.deputies import answered_for, end
from plans.models import Delegation, Deliverable, DeliverableLead, Update
from tests.conftest import TODAY

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


def again(user):
    """``user`` as the next request reads them."""
    return User.objects.get(pk=user.pk)


def answered_by(user):
    """The open deliverables that pages list as ``user``'s to answer."""
    leads = DeliverableLead.objects.filter(deliverable=OuterRef("pk")).answered_by(user, on=TODAY)
    return Deliverable.objects.open().filter(Exists(leads))


def may_answer(user, deliverable):
    """Whether they are let, and whether it is listed as theirs: never one without the other."""
    listed = answered_by(again(user)).filter(pk=deliverable.pk).exists()
    let = may(again(user), "update", Deliverable.objects.get(pk=deliverable.pk))
    assert listed == let
    return let


@pytest.fixture
def handed(led_deliverable, round_open, lead, partner):
    """1.1 of this round, from ``lead`` to ``partner``."""
    return Delegation.objects.create(
        given_by=lead, given_to=partner, deliverable=led_deliverable, round=round_open, made_by=lead, made_at=NOW
    )


@pytest.fixture
def cover(lead, partner, led_deliverable, round_open):
    """``lead`` is away from today for a week; ``partner`` answers."""
    return Delegation.objects.create(
        given_by=lead,
        given_to=partner,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=6),
        made_by=lead,
        made_at=NOW,
    )


def test_without_a_word_from_the_lead_nobody_answers_for_them(partner, led_deliverable, round_open):
    assert may_answer(partner, led_deliverable) is False


def test_deputy_answers_the_row_they_were_given_and_no_other(handed, partner, led_deliverable, group_deliverable):
    assert (may_answer(partner, led_deliverable), may_answer(partner, group_deliverable)) == (True, False)


def test_cover_is_for_all_that_the_lead_leads(cover, partner, led_deliverable, group_deliverable):
    assert (may_answer(partner, led_deliverable), may_answer(partner, group_deliverable)) == (True, False)


def test_chair_hands_on_what_the_group_leads(handed, chair, partner, led_deliverable, group_deliverable, round_open):
    Delegation.objects.filter(pk=handed.pk).update(given_by=chair, deliverable=group_deliverable)
    assert (may_answer(partner, led_deliverable), may_answer(partner, group_deliverable)) == (False, True)


@pytest.mark.parametrize(
    "change",
    [
        {"ended_at": NOW},
        {"starts_on": TODAY + timedelta(days=1)},
        {"starts_on": date(2027, 1, 1), "ends_on": TODAY - timedelta(days=1)},
    ],
    ids=["taken back", "not away yet", "back again"],
)
def test_cover_ends_by_itself(cover, partner, led_deliverable, change):
    assert may_answer(partner, led_deliverable) is True
    Delegation.objects.filter(pk=cover.pk).update(**change)
    assert may_answer(partner, led_deliverable) is False


def test_what_was_handed_on_ends_with_the_round(handed, partner, led_deliverable, round_open):
    round_open.closed_at = NOW
    round_open.save()
    assert may_answer(partner, led_deliverable) is False


def test_what_was_handed_on_ends_when_the_next_round_opens(handed, partner, led_deliverable, round_open, plan):
    round_open.opens_on, round_open.closes_on = date(2026, 10, 1), date(2026, 10, 14)
    round_open.save()
    assert may_answer(partner, led_deliverable) is True
    plan.rounds.create(
        name="The next", starts_on=TODAY, ends_on=TODAY, opens_on=TODAY, closes_on=TODAY + timedelta(days=14)
    )
    assert may_answer(partner, led_deliverable) is False


def test_lead_who_leaves_takes_it_with_them(handed, lead, partner, led_deliverable):
    lead.holdings.update(to_on=TODAY - timedelta(days=1))
    assert may_answer(partner, led_deliverable) is False


def test_lead_whose_account_is_switched_off_takes_it_with_them(handed, lead, partner, led_deliverable):
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert may_answer(partner, led_deliverable) is False


def test_deputy_who_leaves_answers_no_more(handed, partner, led_deliverable):
    partner.holdings.update(to_on=TODAY - timedelta(days=1))
    assert may_answer(partner, led_deliverable) is False


def test_deputy_from_elsewhere_answers_nothing(handed, stranger, led_deliverable):
    Delegation.objects.filter(pk=handed.pk).update(given_to=stranger)
    assert may_answer(stranger, led_deliverable) is False


def test_deputy_cannot_hand_it_on(handed, partner, chair, led_deliverable):
    Delegation.objects.create(
        given_by=partner, given_to=chair, starts_on=TODAY, ends_on=TODAY, made_by=partner, made_at=NOW
    )
    assert may_answer(chair, led_deliverable) is False


def test_office_and_lead_answer_as_before(cover, office, lead, led_deliverable):
    assert [may(again(each), "update", led_deliverable) for each in (office, lead)] == [True, True]


def test_asking_is_one_query(cover, partner, django_assert_num_queries):
    partner.standing  # noqa: B018 read once a request
    with django_assert_num_queries(1):
        assert answered_by(partner).count() == 1


# Reminders


def told_of(kind):
    """Who is told of what of this kind, as what: {key: {name: why}}."""
    reached = with_people(deadlines(on=TODAY), on=TODAY)
    return {
        reach.deadline.key: {each.user.name: each.why for each in reach.recipients}
        for reach in reached
        if reach.deadline.kind == kind
    }


def test_both_are_told_of_what_was_handed_on(handed, lead, partner, led_deliverable, round_open):
    key = f"update:{round_open.pk}:{led_deliverable.pk}"
    head = "Head of Midwifery, Vale and Mill Integrated Care Board"
    assert told_of("Update")[key] == {lead.name: head, partner.name: f"deputy for {lead.name}"}


def test_the_deputy_is_told_instead_of_a_lead_who_is_away(cover, lead, partner, led_deliverable, round_open):
    key = f"update:{round_open.pk}:{led_deliverable.pk}"
    assert told_of("Update")[key] == {partner.name: f"deputy for {lead.name}"}
    told = {name for people in told_of("Milestone").values() for name in people}
    assert (partner.name in told, lead.name in told) == (True, False)


def test_a_lead_who_is_away_is_told_where_the_deputy_cannot_be(cover, lead, partner, led_deliverable, round_open):
    User.objects.filter(pk=partner.pk).update(is_active=False)
    assert set(told_of("Update")[f"update:{round_open.pk}:{led_deliverable.pk}"]) == {lead.name}


def test_what_is_answered_for_somebody_stands_in_ones_own_list(cover, partner, chair, led_deliverable, round_open):
    key = f"update:{round_open.pk}:{led_deliverable.pk}"
    assert key in {each.key for each in deadlines_for(again(partner), on=TODAY)}
    assert key not in {each.key for each in deadlines_for(again(chair), on=TODAY)}


def test_whoever_has_no_standing_owes_nothing(cover, partner, led_deliverable, round_open):
    User.objects.filter(pk=partner.pk).update(is_active=False)
    assert deadlines_for(again(partner), on=TODAY) == []


# The pages


def add_url(deliverable):
    return reverse("plans:delegation-add", args=[deliverable.pk])


AWAY = {
    "starts_on_day": "12",
    "starts_on_month": "1",
    "starts_on_year": "2027",
    "ends_on_day": "18",
    "ends_on_month": "1",
    "ends_on_year": "2027",
    "given_to": "Greta",
}


def test_lead_hands_a_deliverable_on_and_a_double_press_hands_it_on_once(
    client_of, lead, partner, led_deliverable, round_open
):
    for _press in range(2):
        response = client_of(lead).post(add_url(led_deliverable), {"given_to": "Greta Holloway", "note": "Ask Jo"})
        assert response.headers["Location"] == led_deliverable.get_absolute_url()
    given = Delegation.objects.get()
    assert (given.given_by, given.given_to, given.round, given.made_by, given.note) == (
        lead,
        partner,
        round_open,
        lead,
        "Ask Jo",
    )


def test_office_hands_on_for_a_lead_who_is_ill_and_can_end_it(
    client_of, office, lead, partner, led_deliverable, handed
):
    handed.delete()
    body = {"given_by": lead.pk, "given_to": "Greta"}
    assert client_of(office).post(add_url(led_deliverable), body).status_code == 302
    given = Delegation.objects.get()
    assert (given.given_by, given.made_by, may_answer(partner, led_deliverable)) == (lead, office, True)
    assert client_of(office).post(reverse("plans:delegation-end", args=[given.pk])).status_code == 302
    assert may_answer(partner, led_deliverable) is False


def test_office_names_only_whoever_leads_it(client_of, office, partner, chair, led_deliverable, round_open):
    response = client_of(office).post(add_url(led_deliverable), {"given_by": chair.pk, "given_to": "Greta"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["given_by"])


@pytest.mark.parametrize("typed", ["Delia Marchetti", "Edwin Farrow", "Lorna Haddow", "Nobody At All", ""])
def test_nobody_from_outside_and_not_oneself_is_offered_or_taken(
    client_of, lead, stranger, leaver, partner, led_deliverable, round_open, typed
):
    page = client_of(lead).get(add_url(led_deliverable)).content.decode()
    assert ("Greta Holloway" in page, "Edwin Farrow" in page, "Lorna Haddow" in page) == (True, False, False)
    response = client_of(lead).post(add_url(led_deliverable), {"given_to": typed, "note": "Kept"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["given_to"])
    assert "Kept" in response.content.decode()
    assert Delegation.objects.count() == 0


def test_a_second_deputy_for_the_same_row_is_refused_in_words(client_of, handed, lead, other_partner, led_deliverable):
    response = client_of(lead).post(add_url(led_deliverable), {"given_to": "Owen"})
    assert response.status_code == 422
    assert response.context["form"].errors["given_to"] == [
        "It is handed on to Greta Holloway already. Take that back first, if it is to change"
    ]


def test_without_a_round_there_is_nothing_to_hand_on(client_of, lead, led_deliverable):
    assert client_of(lead).get(add_url(led_deliverable)).headers["Location"] == led_deliverable.get_absolute_url()


def test_deputy_is_refused_where_a_lead_hands_on(client_of, handed, partner, led_deliverable):
    assert client_of(partner).get(add_url(led_deliverable)).status_code == 403


def test_lead_says_who_answers_while_away_once(client_of, lead, partner, led_deliverable, round_open):
    for _press in range(2):
        assert client_of(lead).post(reverse("plans:cover-add"), AWAY).status_code == 302
    given = Delegation.objects.get()
    assert (given.given_by, given.given_to, given.starts_on, given.ends_on) == (lead, partner, TODAY, date(2027, 1, 18))


def test_office_says_it_for_a_lead(client_of, office, lead, partner, led_deliverable, round_open):
    response = client_of(office).post(reverse("plans:cover-add"), AWAY | {"given_by": lead.pk})
    assert response.status_code == 302
    assert (Delegation.objects.get().given_by, Delegation.objects.get().made_by) == (lead, office)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on_month": "12", "ends_on_year": "2026"}, "ends_on"),
        ({"starts_on_year": "2026", "ends_on_day": "11"}, "ends_on"),
        ({"ends_on_year": "2031"}, "ends_on"),
        ({"ends_on_day": "31", "ends_on_month": "2"}, "ends_on"),
        ({"starts_on_day": ""}, "starts_on"),
        ({"given_to": "Edwin Farrow"}, "given_to"),
    ],
    ids=["ends before it starts", "over", "years", "no such day", "half a day", "from elsewhere"],
)
def test_days_that_make_no_sense_are_refused_at_their_field(client_of, lead, partner, stranger, change, field):
    response = client_of(lead).post(reverse("plans:cover-add"), AWAY | change)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Delegation.objects.count() == 0


def test_nobody_answers_who_is_away_then_themselves(client_of, cover, partner, chair):
    response = client_of(chair).post(reverse("plans:cover-add"), AWAY | {"given_to": "Delia"})
    assert response.context["form"].errors["given_to"] == [
        "Delia Marchetti is away from 12 January 2027 to 18 January 2027. Choose somebody else"
    ]


def test_days_away_do_not_overlap(client_of, cover, lead, other_partner):
    response = client_of(lead).post(reverse("plans:cover-add"), AWAY | {"given_to": "Owen"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["starts_on"])


@pytest.mark.parametrize("who", ["lead", "partner", "office"])
def test_lead_deputy_and_office_can_end_it_for_good(request, client_of, cover, led_deliverable, partner, who):
    user = request.getfixturevalue(who)
    assert client_of(user).post(cover.get_absolute_url()).status_code == 302
    assert may_answer(partner, led_deliverable) is False


def test_others_know_nothing_of_it(client_of, cover, chair, stranger):
    for user in (chair, stranger):
        assert client_of(user).post(cover.get_absolute_url()).status_code == 404
        assert "Delia Marchetti" not in client_of(user).get(reverse("plans:delegation-list")).content.decode()


def test_list_says_who_answers_what_for_whom(client_of, cover, handed, lead, partner, office):
    for user in (lead, partner, office):
        rows = client_of(user).get(reverse("plans:delegation-list")).context["table"].data.data
        assert {(each.given_to, each.state) for each in rows} == {(partner, "now")}


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client_of, lead, partner, led_deliverable, round_open, count, django_assert_num_queries):
    for number in range(count):
        Delegation.objects.create(
            given_by=lead,
            given_to=partner,
            starts_on=TODAY + timedelta(days=10 * number),
            ends_on=TODAY + timedelta(days=10 * number + 1),
            made_by=lead,
            made_at=NOW,
        )
    client = client_of(lead)
    with django_assert_num_queries(7):
        client.get(reverse("plans:delegation-list"))


def named():
    return dict(Update.objects.annotate(name=answered_for()).values_list("pk", "name"))


def test_what_a_deputy_sent_says_for_whom(cover, handed, lead, partner, office, led_deliverable, round_open, ratings):
    by_deputy, by_office = (
        led_deliverable.updates.create(
            round=round_open, rating=ratings["G"], progress="Held", submitted_by=by, submitted_at=LATER
        )
        for by in (partner, office)
    )
    assert named() == {by_deputy.pk: lead.name, by_office.pk: None}
    end(cover, at=NOW)
    end(handed, at=NOW)
    assert named() == {by_deputy.pk: None, by_office.pk: None}


def test_the_deliverables_page_says_who_may_answer_and_offers_to_hand_it_on(
    client_of, cover, lead, partner, led_deliverable
):
    page = client_of(lead).get(led_deliverable.get_absolute_url()).content.decode()
    assert ("Greta Holloway may answer for Delia Marchetti" in page, add_url(led_deliverable) in page) == (True, True)
    assert add_url(led_deliverable) not in client_of(partner).get(led_deliverable.get_absolute_url()).content.decode()


def test_the_trail_says_in_whose_name_a_deputy_answered(
    client_of, cover, lead, partner, led_deliverable, round_open, ratings
):
    led_deliverable.updates.create(
        round=round_open, rating=ratings["G"], progress="Held", submitted_by=partner, submitted_at=LATER
    )
    page = client_of(lead).get(led_deliverable.get_absolute_url()).content.decode()
    assert "Greta Holloway for Delia Marchetti, 12 January 2027" in page
