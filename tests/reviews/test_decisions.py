"""The advisor advises, each safeguarding partner decides for itself, and a difference goes where it belongs."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.models import Dispute, GroupMember, Membership, Organisation, Post
from reviews.cases import open_case
from reviews.decisions import Verdict, lines_of
from reviews.models import Advice, Case, Outcome, PartnerDecision, PracticeReview
from tests.conftest import hold
from tests.factories import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.usefixtures("rule_sets")


@pytest.fixture
def opened(partnership, case_group):
    return open_case(
        partnership=partnership,
        aware_on=date(2027, 1, 8),
        notified_on=date(2027, 1, 11),
        reference="AV-2027-01",
        category="CANARY of a case",
        summary="CANARY of what happened",
    )


@pytest.fixture
def police(partnership):
    organisation = OrganisationFactory(name="Vale Police", kind=Organisation.Kind.POLICE)
    MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
    return organisation


@pytest.fixture
def for_health(health_board, case_group):
    return hold("Hana Novak", "Designated nurse", organisation=health_board, group=case_group)


@pytest.fixture
def for_police(police, case_group):
    return hold("Piet Vance", "Detective chief inspector", organisation=police, group=case_group)


@pytest.fixture
def case_chair(case_group):
    return hold("Morag Teale", "Chair of the group", group=case_group, role=GroupMember.Role.CHAIR)


@pytest.fixture
def seated_advisor(partnership, case_group, police):
    """The independent advisor, who sits in the group and once came from the police."""
    return hold(
        "Marguerite Lowell",
        "Independent advisor",
        duty=Post.Duty.ADVISOR,
        partnerships=[partnership],
        organisation=police,
        group=case_group,
    )


def said(outcome=Outcome.LOCAL, **more):
    day = {"day_day": "12", "day_month": "1", "day_year": "2027"}
    return {"outcome": outcome.value, "reasons": "There is learning in it.", **day, **more}


def address(case, organisation):
    return reverse("reviews:decision-add", args=[case.pk, organisation.pk])


def decisions_of(case):
    found = case.decisions.filter(superseded_by=None).order_by("organisation__name")
    return [(str(each.organisation), each.outcome, str(each.decided_by), str(each.recorded_by)) for each in found]


def test_the_advisor_in_the_group_advises_and_later_advice_stands_beside_the_first(
    client_of, seated_advisor, opened, today
):
    client = client_of(seated_advisor)
    for outcome in (Outcome.NONE, Outcome.LOCAL, Outcome.LOCAL):  # the last is the same form sent twice
        assert client.post(reverse("reviews:advice-add", args=[opened.pk]), said(outcome)).status_code == 302
    given = [(each.outcome, each.given_by, each.given_on) for each in opened.advice.all()]
    assert given == [(Outcome.LOCAL, seated_advisor, today), (Outcome.NONE, seated_advisor, today)]
    page = client.get(opened.get_absolute_url()).content.decode()
    assert ("Advised by the independent advisor" in page, "What was advised before" in page) == (True, True)


@pytest.mark.parametrize("role", ["for_health", "case_chair", "case_group_member"])
def test_nobody_else_advises(request, client_of, opened, role):
    client = client_of(request.getfixturevalue(role))
    assert client.post(reverse("reviews:advice-add", args=[opened.pk]), said()).status_code == 403
    assert Advice.objects.count() == 0


def test_an_advisor_outside_the_group_learns_of_no_case(client_of, advisor, opened):
    assert client_of(advisor).post(reverse("reviews:advice-add", args=[opened.pk]), said()).status_code == 404


def test_the_advisor_decides_nothing(client_of, seated_advisor, for_police, case_chair, opened, police):
    assert client_of(seated_advisor).post(address(opened, police), said()).status_code == 403
    page = client_of(case_chair).post(address(opened, police), said(decided_by=seated_advisor.pk))
    assert (page.status_code, PartnerDecision.objects.count()) == (422, 0)


def test_each_partner_decides_for_itself_and_the_last_makes_the_meeting(
    client_of, for_health, for_police, opened, health_board, police, today
):
    assert client_of(for_health).post(address(opened, health_board), said()).status_code == 302
    assert opened.stages.get(code="meeting").done_on is None
    assert client_of(for_health).post(address(opened, police), said()).status_code == 403
    assert client_of(for_police).post(address(opened, police), said()).status_code == 302
    assert decisions_of(opened) == [
        ("Vale Police", "local", "Piet Vance", "Piet Vance"),
        ("Vale and Mill Integrated Care Board", "local", "Hana Novak", "Hana Novak"),
    ]
    assert opened.stages.get(code="meeting").done_on == today
    assert Verdict(lines_of(opened, on=today)).outcome == Outcome.LOCAL
    page = client_of(for_health).get(opened.get_absolute_url()).content.decode()
    assert "All safeguarding partners have decided: A local child safeguarding practice review." in page


def test_the_chair_records_what_was_said_in_the_meeting_and_by_whom(client_of, case_chair, for_police, opened, police):
    client = client_of(case_chair)
    assert client.post(address(opened, police), said()).status_code == 422
    client.post(address(opened, police), said(decided_by=for_police.pk))
    assert decisions_of(opened) == [("Vale Police", "local", "Piet Vance", "Morag Teale")]
    assert b"Recorded by Morag Teale" in client.get(opened.get_absolute_url()).content


def test_a_member_who_represents_no_partner_decides_nothing(client_of, case_group_member, for_police, opened, police):
    assert client_of(case_group_member).post(address(opened, police), said()).status_code == 403


def test_a_partner_without_anybody_in_the_group_decides_through_nobody(client_of, case_chair, lead, opened, police):
    assert client_of(case_chair).post(address(opened, police), said()).status_code == 403
    assert (
        b"Nobody who represents it sits in this group" in client_of(case_chair).get(opened.get_absolute_url()).content
    )


def test_an_organisation_that_is_no_statutory_partner_has_no_line(client_of, case_chair, charity, opened):
    assert client_of(case_chair).get(address(opened, charity)).status_code == 404


@pytest.mark.parametrize(
    ("data", "field"), [({"reasons": ""}, "reasons"), ({"outcome": ""}, "outcome"), ({"day_year": "2028"}, "day")]
)
def test_a_decision_needs_an_outcome_reasons_and_a_day_that_has_come(
    client_of, for_police, opened, police, data, field
):
    page = client_of(for_police).post(address(opened, police), said() | data)
    assert (page.status_code, list(page.context["form"].errors), opened.decisions.count()) == (422, [field], 0)


def test_an_outcome_for_adults_is_none_for_a_child(client_of, for_police, opened, police):
    page = client_of(for_police).post(address(opened, police), said(Outcome.SAR_MANDATORY))
    assert (page.status_code, opened.decisions.count()) == (422, 0)


def test_both_kinds_of_adults_review_are_labelled_statutory_with_their_subsection(
    client_of, for_police, opened, police
):
    Case.objects.filter(pk=opened.pk).update(kind=Case.Kind.REFERRAL)
    page = client_of(for_police).get(address(opened, police)).content.decode()
    labels = [str(outcome.label) in page for outcome in Outcome]
    assert labels == [False, False, False, True, True, True, True]
    assert ("statutory, section 44(1) to (3)" in page, "statutory, section 44(4)" in page) == (True, True)


def test_a_correction_supersedes_and_whoever_had_not_seen_it_is_asked(client_of, for_police, opened, police):
    client = client_of(for_police)
    client.post(address(opened, police), said())
    unseen = client.post(address(opened, police), said(Outcome.NONE))
    assert (unseen.status_code, decisions_of(opened)[0][1]) == (409, "local")
    standing = opened.decisions.get()
    client.post(address(opened, police), said(Outcome.NONE, standing=standing.pk))
    client.post(address(opened, police), said(Outcome.NONE, standing=standing.pk))  # sent twice is one
    standing.refresh_from_db()
    assert [(each.outcome, each.superseded_by) for each in opened.decisions.order_by("recorded_at")] == [
        ("local", opened.decisions.get(outcome="none")),
        ("none", None),
    ]
    assert b"What it had decided before" in client.get(opened.get_absolute_url()).content


@pytest.fixture
def differing(client_of, for_health, for_police, opened, health_board, police):
    client_of(for_health).post(address(opened, health_board), said())
    client_of(for_police).post(address(opened, police), said(Outcome.NONE))
    return opened


def test_a_difference_is_shown_and_taken_to_the_dispute_process_without_a_word_of_the_case(
    client_of, differing, for_police, office, police, health_board
):
    client = client_of(for_police)
    assert b"The safeguarding partners differ." in client.get(differing.get_absolute_url()).content
    where = reverse("reviews:case-dispute-add", args=[differing.pk])
    post = office.holdings.get().post
    given = {"raised_by": police.pk, "office_post": post.pk}
    assert client.post(where, {}).status_code == 422
    assert client.post(where, given).status_code == 302
    assert client.post(where, given).status_code == 422
    dispute = Dispute.objects.get()
    assert (dispute.raised_by, list(dispute.raised_with.all()), differing.disputes.get().dispute) == (
        police,
        [health_board],
        dispute,
    )
    for address_of_dispute in (dispute.get_absolute_url(), reverse("partnership:dispute-list")):
        page = client_of(office).get(address_of_dispute)
        words = [word in page.content.decode() for word in ("CANARY", "AV-2027-01", str(differing.pk))]
        assert (page.status_code, words) == (200, [False] * 3)
    assert client_of(office).get(differing.get_absolute_url()).status_code == 404


def test_where_nobody_differs_there_is_nothing_to_take_anywhere(client_of, for_police, opened):
    client_of(for_police).post(reverse("reviews:case-dispute-add", args=[opened.pk]), {})
    assert Dispute.objects.count() == 0


BEGUN = {"begun_on_day": "12", "begun_on_month": "1", "begun_on_year": "2027"}


def test_a_practice_review_begins_from_what_all_decided(
    client_of, for_health, for_police, opened, health_board, police, today
):
    client_of(for_health).post(address(opened, health_board), said())
    where = reverse("reviews:review-begin", args=[opened.pk])
    given = {"kind": "local", "reference": "AV-LR-9", "title": "Babies hurt at home", **BEGUN}
    client = client_of(for_police)
    assert client.post(where, given).status_code == 302
    assert PracticeReview.objects.count() == 0
    client.post(address(opened, police), said())
    assert client.post(where, given | {"reference": ""}).status_code == 422
    client.post(where, given)
    review = PracticeReview.objects.get()
    assert (review.kind, review.reference, list(review.cases.all())) == ("local", "AV-LR-9", [opened])
    assert review.stages.get(code="begun").done_on == today
    again = client.post(where, given | {"reference": "AV-LR-10"})
    assert (again.status_code, PracticeReview.objects.count()) == (422, 1)
    page = client.get(opened.get_absolute_url())
    decisions = page.context["decisions"]
    assert (decisions["begun"], decisions["may_begin"]) == ([review], False)
    assert f'href="{review.get_absolute_url()}"' in page.content.decode()


@pytest.mark.parametrize("partners", [1, 3])
def test_lines_cost_the_same_however_many_partners(opened, partnership, today, django_assert_num_queries, partners):
    for number in range(partners):
        MembershipFactory(
            organisation=OrganisationFactory(name=f"Partner {number}"),
            partnership=partnership,
            role=Membership.Role.STATUTORY,
        )
    with django_assert_num_queries(3):  # decisions, partners, who represents them
        assert len(lines_of(opened, on=today)) == partners
