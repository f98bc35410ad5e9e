"""What other rooms offer as learning needs: from each stream, only what every member may read, and nothing twice."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assurance import learning_needs
from assurance.learning_needs import streams_of
from partnership.models import GroupMember, Post
from tests.conftest import hold
from tests.factories import (
    BriefingFactory,
    CaseFactory,
    GroupMemberFactory,
    LearningPointFactory,
    PlanFactory,
    PracticeReviewFactory,
    PriorityFactory,
    PriorityReviewFactory,
    RatingFactory,
    RecommendationFactory,
    ThemeFactory,
    UpdateRoundFactory,
    VoiceEntryFactory,
)
from tests.factories_assurance import ThematicSummaryFactory
from tests.factories_judged import (
    AuditFactory,
    AuditFindingFactory,
    ChallengeFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    RiskFactory,
    RiskReviewFactory,
)
from tests.factories_training import LearningNeedFactory, NeedsAnalysisFactory
from training.models import LearningNeed
from training.needs import deciding as needs

pytestmark = pytest.mark.django_db

TODAY = date(2027, 1, 12)
TOLD = date(2026, 11, 20)
TO_MEMBERS = {"moderated_on": date(2026, 11, 10), "released_on": TOLD}  # of an audit


@pytest.fixture
def analysis(partnership):
    return NeedsAnalysisFactory(partnership=partnership, opens_on=None, closes_on=None)


def offered(analysis, user, on=TODAY):
    """{stream: [topics]}."""
    return {each.name: [offer.topic for offer in each.offers] for each in streams_of(analysis, user, on=on)}


def page_of(analysis):
    return reverse("assurance:needs-offers", args=[analysis.pk])


def everything_told(partnership, number=1):
    """One of each stream that every member may read."""
    audit = AuditFactory(partnerships=[partnership], **TO_MEMBERS)
    theme = ThemeFactory()
    plan = PlanFactory(partnerships=[partnership], status="published")
    indicator = IndicatorFactory(partnership=partnership)
    for month, value in [(1, 5), (4, 6), (7, 5), (10, 9)]:
        IndicatorValueFactory(
            indicator=indicator,
            starts_on=date(2026, month, 1),
            ends_on=date(2026, month + 2, 30),
            value=Decimal(value * 10),
        )
    indicator.target, indicator.small_below = Decimal(70), 0
    indicator.save()
    figures = {"standards": [{"title": f"Supervision {number}", "marks": marks(red=4, green=5)}]}
    return {
        "finding": AuditFindingFactory(audit=audit, training_need=f"Ask fathers {number}"),
        "point": LearningPointFactory(partnership=partnership, themes=[theme]),
        "recommendation": RecommendationFactory(partnership=partnership, themes=[theme]),
        "briefing": BriefingFactory(partnership=partnership, published_at=datetime(2026, 12, 1, 9, tzinfo=UTC)),
        "priority": PriorityFactory(plan=plan),
        "indicator": indicator,
        "risk": RiskReviewFactory(risk=RiskFactory(partnership=partnership, shared_on=TOLD)).risk,
        "challenge": ChallengeFactory(partnership=partnership, shared_on=TOLD),
        "voice": VoiceEntryFactory(partnerships=[partnership]),
        "summary": ThematicSummaryFactory(partnership=partnership, released_on=TOLD, figures=figures),
    }


def marks(*, red, green):
    return [
        {"words": "Not met", "point": {"token": "red"}, "count": red},
        {"words": "Met", "point": {"token": "green"}, "count": green},
        {"words": "No score", "point": None, "count": 3},
    ]


def test_each_stream_offers_what_it_shows(analysis, partnership, office):
    everything_told(partnership)
    assert {stream.name: len(stream.offers) for stream in streams_of(analysis, office, on=TODAY)} == {
        "Audits": 1,
        "Learning points": 1,
        "Recommendations": 1,
        "Themes of reviews": 1,
        "Briefings": 1,
        "Priorities of the plan": 1,
        "Figures that moved the wrong way": 1,
        "Risks": 1,
        "Challenges": 1,
        "What was said by children, adults and families": 1,
        "Standards that are weak": 1,
    }


def test_a_need_taken_says_what_showed_it_where_and_when(analysis, partnership, training_coordinator, client_of):
    audit = AuditFactory(partnerships=[partnership], **TO_MEMBERS, title="Neglect seen early")
    finding = AuditFindingFactory(audit=audit, training_need="Ask fathers", text="In one case of five.")
    client = client_of(training_coordinator)
    page = client.get(page_of(analysis)).text
    assert "20 November 2026" in page
    assert audit.get_absolute_url() in page
    answer = client.post(page_of(analysis), {"offers": [f"finding:{finding.pk}"], "do": "take"})
    assert answer.status_code == 302
    need = analysis.needs.get()
    assert (need.topic, need.why, need.source, need.source_title, need.source_url, need.position) == (
        "Ask fathers",
        "In one case of five.",
        "audit",
        "Audit: Neglect seen early",
        audit.get_absolute_url(),
        1,
    )
    assert offered(analysis, training_coordinator) == {}
    assert client.post(page_of(analysis), {"offers": [f"finding:{finding.pk}"], "do": "take"}).status_code == 302
    assert analysis.needs.count() == 1


def test_left_out_it_is_offered_no_more_until_somebody_wants_it_again(analysis, partnership, office, client_of):
    risk = RiskFactory(partnership=partnership, shared_on=TOLD)
    client = client_of(office)
    client.post(page_of(analysis), {"offers": [f"risk:{risk.pk}"], "do": "leave"})
    assert offered(analysis, office) == {}
    assert not analysis.needs.exists()
    again = reverse("assurance:needs-offer-again", args=[analysis.pk, analysis.left_out.get().pk])
    for _ in range(2):
        assert client.post(again).status_code == 302
    assert offered(analysis, office) == {"Risks": [risk.title]}


def test_nothing_ticked_is_asked_for_again(analysis, office, client_of):
    answer = client_of(office).post(page_of(analysis), {"do": "take", "csrf": ""})
    assert answer.status_code == 422
    assert "Tick what you want" in answer.text


def test_what_happened_once_is_offered_in_one_year_and_what_lasts_in_each(analysis, partnership, office):
    everything_told(partnership)
    first = streams_of(analysis, office, on=TODAY)
    needs.take_offers(analysis, [offer for stream in first for offer in stream.offers])
    later = NeedsAnalysisFactory(partnership=partnership, starts_on=date(2028, 4, 1), ends_on=date(2029, 3, 31))
    lasting = {offer.key for stream in first for offer in stream.offers if offer.is_lasting}
    now = {offer.key for stream in streams_of(later, office, on=TODAY) for offer in stream.offers}
    assert now == lasting
    assert {key.partition(":")[0] for key in now} == {"theme", "priority", "indicator", "risk"}


def test_what_was_carried_forward_is_not_offered_beside_it(analysis, partnership, office):
    risk = RiskFactory(partnership=partnership, shared_on=TOLD)
    LearningNeedFactory(analysis=analysis, source_key=f"risk:{risk.pk}")
    assert offered(analysis, office) == {}


# Only what every member may read


def restricted(partnership, case_group):
    """Canaries of everything that members may not read."""
    case = CaseFactory(partnership=partnership, category="Canary of a case")
    review = PracticeReviewFactory(partnership=partnership, title="Canary of a review")
    theme = ThemeFactory(title="Canary of a theme")
    LearningPointFactory(partnership=partnership, case=case, text="Canary of a point", themes=[theme])
    LearningPointFactory(partnership=partnership, review=review, text="Canary of a point too", themes=[theme])
    RecommendationFactory(partnership=partnership, case=case, text="Canary of a recommendation", themes=[theme])
    BriefingFactory(partnership=partnership, title="Canary of a draft")
    told_of_group = AuditFactory(partnerships=[partnership], group=case_group, **TO_MEMBERS)
    AuditFindingFactory(audit=told_of_group, training_need="Canary of the group’s audit")
    AuditFindingFactory(audit=AuditFactory(partnerships=[partnership]), training_need="Canary of an audit not told")
    RiskFactory(partnership=partnership, title="Canary of a risk")
    ChallengeFactory(partnership=partnership, title="Canary of a challenge")
    ThematicSummaryFactory(
        partnership=partnership, figures={"standards": [{"title": "Canary of a draft", "marks": marks(red=9, green=0)}]}
    )
    PriorityFactory(plan=PlanFactory(partnerships=[partnership], status="draft"), title="Canary of a draft plan")


@pytest.mark.parametrize("role", ["office", "training_coordinator", "case_group_office"])
def test_nothing_restricted_not_told_or_not_shared_is_offered(
    analysis, partnership, case_group, role, request, client_of
):
    restricted(partnership, case_group)
    user = request.getfixturevalue(role)
    assert offered(analysis, user) == {}
    assert "Canary" not in client_of(user).get(page_of(analysis)).text


@pytest.fixture
def case_group_office(partnership, case_group):
    """Of the office and of the case review group: sees cases, and yet none of them is offered."""
    user = hold("Two Hats", "Business manager and secretary", duty=Post.Duty.OFFICE, partnerships=[partnership])
    post = user.holdings.get().post
    GroupMemberFactory(group=case_group, post=post, role=GroupMember.Role.MEMBER, from_on=date(2025, 4, 1))
    return user


def test_control_without_the_guard_a_restricted_point_would_be_offered(
    analysis, partnership, case_group, case_group_office, monkeypatch
):
    restricted(partnership, case_group)
    points = learning_needs.LearningPoint.objects.visible_to(case_group_office)
    monkeypatch.setattr(learning_needs, "FREE", Q())
    monkeypatch.setattr(learning_needs, "known_on", lambda record, day: day)
    monkeypatch.setattr(learning_needs, "free_points", lambda *_args, on: points.prefetch_related("themes"))
    assert "Canary of a point" in offered(analysis, case_group_office)["Learning points"]


def test_a_released_point_is_offered_as_its_group_let_it_be_read(analysis, partnership, office):
    case = CaseFactory(partnership=partnership, reference="CANARY-7")
    LearningPointFactory(
        partnership=partnership,
        case=case,
        source_title="",
        text="Ask who sleeps there.",
        label="A local review",
        learned_on=date(2026, 6, 1),
        released_on=TOLD,
    )
    ((stream,),) = [streams_of(analysis, office, on=TODAY)]
    (offer,) = stream.offers
    assert (offer.topic, offer.seen_in, offer.dated_on) == ("Ask who sleeps there.", "A local review", TOLD)


def test_of_another_partnership_nothing_is_offered(analysis, partnership, other_partnership, far_partnership, office):
    everything_told(other_partnership)
    assert offered(analysis, office) == {}


def test_what_is_older_than_a_year_was_for_last_years_analysis(analysis, partnership, office):
    VoiceEntryFactory(partnerships=[partnership], heard_on=date(2026, 1, 10))
    LearningPointFactory(partnership=partnership, learned_on=date(2026, 1, 10))
    ChallengeFactory(partnership=partnership, shared_on=TOLD, raised_on=date(2026, 1, 10))
    assert offered(analysis, office) == {}


@pytest.mark.parametrize(
    ("red", "green", "is_weak"), [(2, 2, False), (2, 3, True), (1, 4, False), (2, 4, True), (0, 9, False)]
)
def test_a_standard_is_weak_from_a_third_of_five_organisations_on(analysis, partnership, office, red, green, is_weak):
    figures = {"standards": [{"title": "Supervision", "marks": marks(red=red, green=green)}]}
    ThematicSummaryFactory(partnership=partnership, released_on=TOLD, figures=figures)
    assert bool(offered(analysis, office)) is is_weak


@pytest.mark.parametrize(
    ("token", "says"), [("red", "Rated red in Quarter 3. Too slow."), ("green", "A priority of the plan.")]
)
def test_a_priority_rated_red_says_so_and_one_that_does_well_does_not(analysis, partnership, office, token, says):
    plan = PlanFactory(partnerships=[partnership], status="published")
    priority, round = PriorityFactory(plan=plan), UpdateRoundFactory(plan=plan, name="Quarter 3")
    rating = RatingFactory(key=plan.rating_key, token=token, word=token.capitalize())
    proposed = {"proposed_rating": rating, "proposed_by": office, "proposed_at": datetime(2026, 11, 30, 9, tzinfo=UTC)}
    decided = {"decided_rating": rating, "decided_by": office, "decided_at": datetime(2026, 12, 1, 9, tzinfo=UTC)}
    PriorityReviewFactory(priority=priority, round=round, decision_comments="Too slow.", **proposed, **decided)
    ((stream,),) = [streams_of(analysis, office, on=TODAY)]
    (offer,) = stream.offers
    assert (offer.why, offer.priority_id) == (says, priority.pk)
    needs.take_offers(analysis, [offer])
    assert analysis.needs.get().priority == priority


def test_what_stood_in_the_way_of_a_course_is_never_offered():
    assert not any("valuation" in name for name in vars(learning_needs))


def test_as_many_questions_however_much_is_offered(analysis, partnership, office, client_of):
    client, counts = client_of(office), []
    for number in (1, 2, 3):
        everything_told(partnership, number)
        client.get(page_of(analysis))
        with CaptureQueriesContext(connection) as asked:
            client.get(page_of(analysis))
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_a_settled_analysis_takes_nothing_more(analysis, partnership, office, client_of):
    risk = RiskFactory(partnership=partnership, shared_on=TOLD)
    LearningNeedFactory(analysis=analysis, decision="unmet", reasons="No trainer.")
    needs.settle(analysis, on=TODAY)
    client_of(office).post(page_of(analysis), {"offers": [f"risk:{risk.pk}"], "do": "take"})
    assert not LearningNeed.objects.filter(source_key=f"risk:{risk.pk}").exists()
