"""Home pages by role: what stands there, that each figure is as long as the list it leads to, and for whom nothing."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from assurance import advice
from assurance.models import AssuranceRequest
from partnership.models import GroupMember
from tests.conftest import hold
from tests.factories import (
    DisputeFactory,
    MeetingActionFactory,
    MeetingFactory,
    PriorityReviewFactory,
    UpdateRoundFactory,
)
from tests.factories_judged import (
    AdvisorNoteFactory,
    AuditCaseFactory,
    AuditFactory,
    AuditGradingFactory,
    ChallengeFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    InspectionFactory,
    QuarterlyReportFactory,
    RiskFactory,
    RiskReviewFactory,
)
from tests.plans.test_plan_page import count_queries

MY_WORK = reverse("assurance:my-work")
DESK = reverse("assurance:desk")
LAST_WEEK = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
BEFORE = date(2027, 1, 4)


@pytest.fixture
def judged(partnership, far_partnership, charity, hospital, health_board, scrutiny_group, learning_group, draft_return):
    """One of everything that is late or waits, most of it the charity's; and the same of a far partnership."""
    audit = AuditFactory(
        partnerships=[partnership], asked_on=date(2026, 12, 1), grades_due_on=BEFORE, group=scrutiny_group
    )
    AuditGradingFactory(case=AuditCaseFactory(audit=audit, position=1), organisation=charity)
    late = IndicatorFactory(partnership=partnership, owner=charity)
    IndicatorValueFactory(indicator=late, starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30))
    for pk, group in ((partnership, learning_group), (far_partnership, None)):
        high = RiskFactory(partnership=pk, lead_group=group, next_review_on=BEFORE)
        RiskReviewFactory(risk=high, likelihood=5, impact=5)
    ChallengeFactory(partnership=partnership, to_organisation=charity, answer_due_on=BEFORE)
    AdvisorNoteFactory(partnership=partnership, to_organisation=charity, asked="How?", answer_due_on=BEFORE)
    MeetingActionFactory(group=learning_group, lead_organisation=charity, due_on=BEFORE)
    AuditFactory(partnerships=[far_partnership], asked_on=date(2026, 12, 1))
    IndicatorFactory(partnership=far_partnership)
    ChallengeFactory(partnership=far_partnership, answer_due_on=BEFORE)
    AdvisorNoteFactory(partnership=far_partnership, to_organisation=hospital, asked="How?", answer_due_on=BEFORE)


def panel_of(client, name):
    """The values of the panel of that template, or None where it is not there."""
    found = [panel for panel in client.get(MY_WORK).context["work"].panels if panel.template.endswith(f"_{name}.html")]
    return found[0].values if found else None


def listed(client, figures):
    """{words: count}, once it is seen that each figure's list is as long as it says."""
    for figure in figures:
        assert client.get(figure.url).context["row_count"] == figure.count, figure.url
    return {figure.words: figure.count for figure in figures}


# The office


def test_the_desk_says_what_wants_looking_at_and_each_figure_is_as_long_as_its_list(
    client_of, office, judged, round_open
):
    QuarterlyReportFactory(round=round_open)
    AssuranceRequest.objects.update(due_on=BEFORE)
    client = client_of(office)
    assert listed(client, client.get(DESK).context["assured"]) == {
        "late return": 1,
        "audit in grading": 1,
        "indicator without its figure": 1,
        "risk called very high": 1,
        "risk overdue to be looked at": 1,
        "challenge not answered in time": 1,
        "question of the advisor not answered in time": 1,
        "quarterly report being written": 1,
    }


def test_a_desk_with_nothing_to_say_says_nothing(client_of, office, plan):
    page = client_of(office).get(DESK)
    assert (page.context["assured"], "In assurance" in page.text) == ([], False)


def test_the_desk_takes_as_many_queries_for_three_of_each_as_for_one(client_of, office, plan, partnership, judged):
    client = client_of(office)
    at_1 = count_queries(client, DESK)
    for _ in range(2):
        IndicatorFactory(partnership=partnership)
        RiskReviewFactory(risk=RiskFactory(partnership=partnership, next_review_on=BEFORE), likelihood=5, impact=5)
        ChallengeFactory(partnership=partnership, answer_due_on=BEFORE)
    assert count_queries(client, DESK) == at_1


# Partners


def test_a_partner_sees_what_is_asked_of_their_organisation(client_of, partner, other_partner, judged):
    client = client_of(partner)
    panel = panel_of(client, "organisations")
    assert [each.name for each in panel["organisations"]] == ["Lantern Family Trust"]
    assert listed(client, panel["figures"]) == {
        "return to answer": 1,
        "case to grade for an audit": 1,
        "indicator without its figure": 1,
        "challenge to answer": 1,
        "question of the advisor to answer": 1,
        "late action": 1,
    }
    other = panel_of(client_of(other_partner), "organisations")
    assert listed(client_of(other_partner), other["figures"]) == {}


# Chairs


def test_a_chair_sees_the_next_meeting_and_what_is_late_in_the_group(
    client_of, chair, scrutiny_chair, judged, learning_group
):
    MeetingFactory(group=learning_group, meets_on=date(2027, 3, 2))
    soon = MeetingFactory(group=learning_group, meets_on=date(2027, 2, 2))
    MeetingFactory(group=learning_group, meets_on=date(2026, 12, 1))
    [own] = panel_of(client_of(chair), "groups")["groups"]
    assert (own.group, own.meeting, listed(client_of(chair), own.figures)) == (
        learning_group,
        soon,
        {"late action": 1, "risk overdue to be looked at": 1},
    )
    [other] = panel_of(client_of(scrutiny_chair), "groups")["groups"]
    assert (other.meeting, other.figures) == (None, [])


# The advisor


def test_the_advisor_sees_what_came_since_they_last_wrote(
    client_of, advisor, partnership, judged, submitted_return, charity, partner
):
    AuditFactory(partnerships=[partnership], title="Told early", moderated_on=date(2026, 12, 20))
    AuditFactory(partnerships=[partnership], title="Told late", moderated_on=date(2027, 1, 8))
    InspectionFactory(partnership=partnership, title="Front door", published_on=date(2027, 1, 7))
    AdvisorNoteFactory(partnership=partnership, written_by=advisor, looked_on=date(2027, 1, 5))
    answered = AdvisorNoteFactory(
        partnership=partnership, written_by=advisor, to_organisation=charity, asked="When?", answer_due_on=BEFORE
    )
    advice.answer_note(answered, answer="Soon.", by=partner, on=BEFORE)
    client = client_of(advisor)
    panel = panel_of(client, "advisor")
    assert [(each.on, each.what, each.label) for each in panel["news"]] == [
        (date(2027, 1, 8), "Return", str(submitted_return)),
        (date(2027, 1, 8), "Audit, grades agreed", "Told late"),
        (date(2027, 1, 7), "Inspection", "Ofsted: Front door"),
    ]
    assert panel["since"] == date(2027, 1, 5)
    assert listed(client, panel["figures"]) == {"question waiting for an answer": 1, "answer to read": 1}


def test_an_advisor_who_has_written_nothing_looks_a_month_back(client_of, advisor, partnership):
    AuditFactory(partnerships=[partnership], title="Old", moderated_on=date(2026, 12, 11))
    AuditFactory(partnerships=[partnership], title="New", moderated_on=date(2026, 12, 13))
    panel = panel_of(client_of(advisor), "advisor")
    assert ([each.label for each in panel["news"]], panel["since"]) == (["New"], None)


# Those who decide, and the lead member


@pytest.fixture
def decided(plan, round_past, round_open, ratings, office):
    """Priority 1 was amber and is red; priority 2 was amber and is green; then a proposal that counts for nothing."""
    first, second = plan.priorities.order_by("position")[:2]
    by = {"proposed_by": office, "proposed_at": LAST_WEEK, "decided_by": office, "decided_at": LAST_WEEK}
    earlier = UpdateRoundFactory(
        plan=plan,
        name="April to June 2026",
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
        opens_on=date(2026, 7, 4),
        closes_on=date(2026, 7, 20),
    )
    for priority, then, now in ((first, "A", "R"), (second, "A", "G")):
        for round, letter in ((earlier, then), (round_past, now)):
            rating = {"proposed_rating": ratings[letter], "decided_rating": ratings[letter]}
            PriorityReviewFactory(priority=priority, round=round, **rating, **by)
    proposed = {"proposed_rating": ratings["B"], "proposed_by": office, "proposed_at": LAST_WEEK}
    PriorityReviewFactory(priority=first, round=round_open, **proposed)
    return first, second


@pytest.fixture
def lead_member(executive):
    return hold("Councillor Rose Abara", "Lead member for children", group=executive, role=GroupMember.Role.OBSERVER)


def told(panel):
    [standing] = panel["plans"]
    return [[(str(each.before), str(each.now)) for each in changes] for changes in (standing.worse, standing.better)]


def test_the_lead_member_sees_the_plan_what_got_better_or_worse_and_reports(
    client_of, lead_member, decided, round_past, judged, office
):
    report = QuarterlyReportFactory(round=round_past, published_at=LAST_WEEK, published_by=office, given_at=LAST_WEEK)
    panel = panel_of(client_of(lead_member), "plans")
    assert told(panel) == [[("Amber", "Red")], [("Amber", "Green")]]
    assert (panel["figures"], panel["reports"]) == ([], [report])


def test_the_executive_sees_what_there_is_to_decide(
    client_of, executive_chair, lead_partner, decided, judged, round_past
):
    QuarterlyReportFactory(round=round_past, given_at=LAST_WEEK)
    post = lead_partner.holdings.get().post
    DisputeFactory(partnership=post.partnerships.get(), people=[post])
    panel = panel_of(client_of(lead_partner), "plans")
    assert told(panel) == [[("Amber", "Red")], [("Amber", "Green")]]
    assert listed(client_of(lead_partner), panel["figures"]) == {
        "risk called very high": 1,
        "challenge waiting for an answer": 1,
        "open dispute": 1,
    }
    # The chair is told of what is shared alone, and reads the report that the board has.
    chairs = panel_of(client_of(executive_chair), "plans")
    assert listed(client_of(executive_chair), chairs["figures"]) == {"quarterly report with the board": 1}


def test_who_has_no_part_has_no_panel(client_of, lead, stranger, administrator, judged, decided):
    for person in (stranger, administrator):
        assert client_of(person).get(MY_WORK).context["work"].panels == []
    assert panel_of(client_of(lead), "plans") is None


def test_whoever_has_two_parts_has_each_panel_once(client_of, charity, executive, judged, decided):
    both = hold("Two Parts", "Director", organisation=charity, group=executive, role=GroupMember.Role.CHAIR)
    names = [panel.template.split("_")[-1] for panel in client_of(both).get(MY_WORK).context["work"].panels]
    assert names == ["plans.html", "groups.html", "organisations.html"]


def test_my_work_takes_as_many_queries_for_three_of_each_as_for_one(client_of, charity, executive, judged, decided):
    both = hold("Two Parts", "Director", organisation=charity, group=executive, role=GroupMember.Role.CHAIR)
    client = client_of(both)
    at_1 = count_queries(client, MY_WORK)
    for _ in range(2):
        partnership = charity.partnerships.first()
        IndicatorFactory(partnership=partnership, owner=charity)
        ChallengeFactory(partnership=partnership, to_organisation=charity)
        MeetingFactory(group=executive, meets_on=date(2027, 2, 2 + _))
    assert count_queries(client, MY_WORK) == at_1
