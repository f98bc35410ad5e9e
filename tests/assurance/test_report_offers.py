"""What the annual report is offered: everything that was recorded and may be told, under its heading, and no more."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assurance.annual import filing
from assurance.annual.gathering import gather_evidence
from assurance.annual.offers import offers_to
from assurance.annual.starting import start_report
from assurance.models import (
    ModeratedScore,
    PractitionerMark,
    PractitionerReply,
    PromiseResult,
    QuarterlyReport,
    ReportEvidence,
)
from partnership.models import Group, Organisation, Rule, RuleSet
from plans.models import Deliverable, HighlightReport, OutcomeJudgement
from reviews.models import ReviewPublication
from tests.conftest import TODAY
from tests.factories import (
    BriefingFactory,
    CaseFactory,
    GroupFactory,
    GroupMemberFactory,
    LearningPointFactory,
    OrganisationFactory,
    OutcomeStatementFactory,
    PostFactory,
    PracticeReviewFactory,
    ReceiptFactory,
    ReCheckFactory,
    RecommendationFactory,
    ReturnFactory,
)
from tests.factories_assurance import (
    AssessmentFactory,
    ModerationPanelFactory,
    PractitionerSurveyFactory,
    SchoolFactory,
    SchoolReturnFactory,
    SchoolSurveyFactory,
    StandardFactory,
    SurveyInvitationFactory,
    SurveyStatementFactory,
)
from tests.factories_judged import (
    AdvisorNoteFactory,
    AuditFactory,
    AuditFindingFactory,
    ChallengeFactory,
    IndicatorCommentFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    InspectionFactory,
    QuarterlyLineFactory,
    QuarterlyPromiseFactory,
    QuarterlyReportFactory,
    RiskFactory,
    RiskReviewFactory,
)
from tests.factories_report import ReportContributionFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
IN_YEAR = date(2026, 12, 1)


def offered(report, kind, on=TODAY):
    """[(the heading it serves first, words, what it shows)] of one kind."""
    return [(each.headings[0], each.text, str(each.shows)) for each in offers_to(report, on=on) if each.kind == kind]


def all_words(report):
    gather_evidence(report, on=TODAY)
    return json.dumps(list(ReportEvidence.objects.filter(section__report=report).values_list("text", flat=True)))


# Headings


def chains():
    return {name: value for name, value in vars(filing).items() if name.isupper() and isinstance(value, tuple)}


@pytest.mark.parametrize("code", ["wt2018", "wt2023", "wt2026", "care-act"])
def test_every_heading_of_every_rule_set_is_served_by_some_evidence(code):
    headings = set(Rule.objects.filter(rule_set__code=code, unit=Rule.Unit.HEADING).values_list("code", flat=True))
    served = {next((each for each in chain if each in headings), None) for chain in chains().values()}
    assert headings - served == set()


@pytest.mark.parametrize("code", ["wt2018", "wt2023", "wt2026", "care-act"])
def test_nothing_is_lost_for_want_of_a_heading(code):
    headings = set(Rule.objects.filter(rule_set__code=code, unit=Rule.Unit.HEADING).values_list("code", flat=True))
    lost = {name for name, chain in chains().items() if not headings & set(chain)}
    assert lost - {"ONGOING", "REFORMS"} == set()


# The cycle


@pytest.fixture
def judged(plan, round_past, office):
    """A published quarterly report that judges an outcome and tells of two promises."""
    outcome = OutcomeStatementFactory(priority=plan.priorities.first(), position=1, text="Babies sleep safely")
    earlier = QuarterlyReportFactory(round=round_past, edition=9, begun_by=office)
    report = QuarterlyReportFactory(round=round_past, begun_by=office)
    QuarterlyLineFactory(report=report, outcome=outcome)
    for text, result in (("Ask fathers", "done"), ("Train all", "not-done")):
        promise = QuarterlyPromiseFactory(report=earlier, text=text)
        PromiseResult.objects.create(report=report, promise=promise, result=result, words="As we said")
    OutcomeJudgement.objects.create(
        outcome=outcome, round=round_past, level="partly", words="Half of homes", judged_by=office, judged_at=NOON
    )
    return report


def publish(quarterly):
    QuarterlyReport.objects.filter(pk=quarterly.pk).update(published_at=NOON)


def test_of_quarterly_reports_judgements_and_promises_once_they_are_published(report, judged):
    assert offered(report, "judgement on an outcome") == offered(report, "promise of a quarterly report") == []
    publish(judged)
    assert offered(report, "judgement on an outcome") == [
        ("impact", "Babies sleep safely. Partly shown in Jul–Sep. Half of homes.", "how-well")
    ]
    assert offered(report, "promise of a quarterly report") == [
        ("decisions", "Ask fathers: done. As we said.", "how-well"),
        ("little-progress", "Train all: not done. As we said.", "how-well"),
    ]


def test_of_highlight_reports_what_was_submitted_and_heard(report, round_past, learning_group, case_group, office):
    def made(group, **words):
        return HighlightReport.objects.create(group=group, round=round_past, begun_by=office, begun_at=NOON, **words)

    submitted = {"submitted_at": NOON, "submitted_by": office}
    made(learning_group, voice="A boy said so.", difference_made="It changed.", **submitted)
    made(case_group, voice="Canary of a case group", **submitted)
    made(GroupFactory(name="Drafting group"), voice="Canary of a draft")
    quiet = made(GroupFactory(name="Quiet group"), voice="Nothing this quarter, because nobody met.", **submitted)
    assert quiet.pk
    name = f"{learning_group}, July to September 2026"
    assert offered(report, "highlight report") == [
        ("feedback", f"{name}: A boy said so.", "how-well"),
        ("impact", f"{name}: It changed.", "difference"),
    ]
    assert "Canary" not in all_words(report)


def test_work_on_a_duty_shows_that_reforms_are_carried_out(report, past_update):
    assert offered(report, "duty of law or guidance") == []
    duty = Rule.objects.filter(unit=Rule.Unit.DUTY).first()
    Deliverable.objects.filter(pk=past_update.deliverable_id).update(duty=duty)
    assert [heading for heading, _words, _shows in offered(report, "duty of law or guidance")] == ["reforms"]


# Indicators


@pytest.fixture
def indicator(partnership):
    """Falling every quarter for three years: an improvement."""
    indicator = IndicatorFactory(partnership=partnership, title="Re-referrals", is_public=True)
    for place in range(12):
        year, quarter = divmod(place, 4)
        starts_on = date(2024 + year, 1 + 3 * quarter, 1)
        ends_on = date(2024 + year, 3 + 3 * quarter, 31 if quarter in (0, 3) else 30)
        IndicatorValueFactory(
            indicator=indicator, starts_on=starts_on, ends_on=ends_on, value=Decimal(300 - 20 * place)
        )
    return indicator


def test_an_indicator_that_moved_is_offered_with_its_comment(report, indicator):
    IndicatorCommentFactory(indicator=indicator, period_on=date(2026, 10, 1), why="Earlier help", so_what="We go on")
    [(heading, words, shows)] = offered(report, "indicator")
    assert (heading, shows) == ("data", "difference")
    assert words.startswith("Re-referrals: 80 in October to December 2026.")
    assert words.endswith("Why: Earlier help So what: We go on")


def test_of_an_indicator_nothing_is_told_that_the_public_may_not_read(report, indicator):
    def told():
        return json.dumps(offered(report, "indicator"))

    IndicatorCommentFactory(indicator=indicator, period_on=date(2026, 10, 1), so_what="Canary of a small number")
    assert "Canary" in told()
    newest = indicator.values.get(starts_on=date(2026, 10, 1))
    newest.value = Decimal(3)
    newest.save()
    assert "Canary" not in told()
    assert " 3 in" not in told()
    indicator.is_public = False
    indicator.save()
    assert offered(report, "indicator") == []


# Scrutiny


def test_of_audits_and_inspections_what_members_were_told(report, partnership):
    audit = AuditFactory(partnerships=[partnership], title="Neglect", summary="Seen late.", moderated_on=IN_YEAR)
    AuditFindingFactory(audit=audit, text="Canary of a finding")
    inspection = InspectionFactory(partnership=partnership, outcome="Good", summary="Canary of an inspection")
    assert offered(report, "finding of an audit") == offered(report, "inspection") == []
    audit.released_on = inspection.released_on = IN_YEAR
    audit.save()
    inspection.save()
    assert offered(report, "finding of an audit") == [
        ("scrutiny", "Neglect. What needs to be better: Canary of a finding.", "how-well")
    ]
    assert offered(report, "inspection") == [
        ("scrutiny", "Ofsted, Front door of children’s services: Good. Canary of an inspection.", "how-well")
    ]


@pytest.mark.parametrize(
    ("factory", "kind", "shows"),
    [
        (ChallengeFactory, "challenge", "how-much"),
        (AdvisorNoteFactory, "note of the independent advisor", "how-much"),
    ],
)
def test_challenges_and_advice_are_offered_once_members_read_them(report, partnership, factory, kind, shows):
    record = factory(partnership=partnership)
    assert offered(report, kind) == []
    record.shared_on = IN_YEAR
    record.save()
    [(heading, _words, now)] = offered(report, kind)
    assert (heading, now) == ("scrutiny", shows)
    record.difference = "Health comes"
    record.save()
    assert offered(report, kind)[0][2] == "difference"
    assert "Difference made: Health comes." in offered(report, kind)[0][1]


def test_risks_that_members_read_are_offered_as_they_stood(report, partnership):
    risk = RiskFactory(partnership=partnership, title="Nobody to visit")
    RiskReviewFactory(risk=risk)
    RiskReviewFactory(risk=risk, reviewed_on=date(2027, 5, 1), likelihood=1)
    assert offered(report, "risk") == []
    risk.shared_on = IN_YEAR
    risk.save()
    words = "Nobody to visit. Likelihood 4 of 5, impact 3 of 5."
    assert offered(report, "risk") == [("little-progress", words, "how-much")]
    risk.closed_on, risk.closed_because, risk.next_review_on = IN_YEAR, "Six came", None
    risk.save()
    assert offered(report, "risk") == [("decisions", "Nobody to visit. Closed: Six came.", "how-well")]


# Reviews


def test_what_a_case_group_found_before_a_release_stays_its_own(report, case):
    own = {"partnership": case.partnership, "source": "local", "source_title": "", "case": case, "label": "A review"}
    released = RecommendationFactory(**own, released_on=date(2027, 1, 5))
    for day, words in ((date(2027, 1, 4), "Canary from before"), (date(2027, 1, 6), "Six of ten")):
        ReCheckFactory(recommendation=released, done_on=day, judgement="partly", evidence=words)
    assert len(offered(report, "re-check")) == 1
    assert "Canary" not in all_words(report)


def test_learning_that_is_free_is_offered_and_no_other(report, partnership, case):
    LearningPointFactory(partnership=partnership, text="Ask everybody")
    of_case = {"partnership": partnership, "case": case, "source_title": "", "label": "A local review"}
    LearningPointFactory(**of_case, text="Canary of a case", learned_on=date(2026, 11, 2))
    LearningPointFactory(**of_case, text="Look in the cot", learned_on=date(2020, 1, 1), released_on=IN_YEAR)
    assert sorted(words for _heading, words, _shows in offered(report, "learning point")) == [
        "A local review: Look in the cot.",
        "National review of babies harmed at home: Ask everybody.",
    ]


def test_published_reviews_are_told_in_public_words(report, partnership, case, office):
    review = PracticeReviewFactory(partnership=partnership, cases=[case], title="Canary of a title")
    assert offered(report, "published review") == []
    ReviewPublication.objects.create(
        partnership=partnership,
        review=review.pk,
        kind=review.kind,
        title="Baby K",
        summary="What we learned",
        published_on=IN_YEAR,
        published_by=office,
    )
    assert offered(report, "published review") == [
        ("reviews-concluded", "Local child safeguarding practice review, Baby K: What we learned.", "how-well")
    ]


def test_reviews_under_way_are_a_count_that_is_never_small(partnership, plan):
    report = start_report(
        [partnership],
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        rule_set=RuleSet.objects.get(code="care-act"),
    )
    few = ("reviews-ongoing", "So far in the year fewer than 5 reviews, or none, are under way.", "how-much")
    assert offered(report, "reviews under way") == [few]
    for number in range(4):
        PracticeReviewFactory(partnership=partnership, cases=[CaseFactory(partnership=partnership)])
        assert (number, offered(report, "reviews under way")) == (number, [few])
    PracticeReviewFactory(partnership=partnership, cases=[CaseFactory(partnership=partnership)])
    PracticeReviewFactory(begun_on=date(2027, 4, 2), partnership=partnership)
    assert offered(report, "reviews under way", on=date(2027, 5, 1)) == [
        ("reviews-ongoing", "At the end of the year 5 reviews were under way.", "how-much")
    ]
    gather_evidence(report, on=TODAY)
    assert report.sections.get(rule__code="reviews-ongoing").evidence.count() == 1


def test_learning_by_agency_is_counts_of_what_was_submitted(report, partnership):
    briefing = BriefingFactory(partnership=partnership, published_at=NOON)
    agency = OrganisationFactory(name="Lantern")
    answer = {"used_on": IN_YEAR, "used_with": "Canary of a team", "changed": "Canary of words", "reached": 12}
    receipt = ReceiptFactory(briefing=briefing, organisation=agency, **answer)
    assert offered(report, "learning by agency") == []
    receipt.submitted_at = NOON
    receipt.save()
    assert offered(report, "learning by agency") == [
        ("contribution", "Lantern used 1 of 1 briefing that it answered about, with 12 people.", "how-well")
    ]


# Members


def reply(invitation, statement, value):
    given = PractitionerReply.objects.create(invitation=invitation, replied_on=IN_YEAR, comment="Canary of a comment")
    PractitionerMark.objects.create(reply=given, statement=statement, value=value)


def test_practitioners_are_told_of_where_enough_answered_and_it_is_over(report, partnership):
    survey = PractitionerSurveyFactory(partnership=partnership, opens_on=date(2026, 11, 1), closes_on=IN_YEAR)
    statement = SurveyStatementFactory(survey=survey, text="I know whom to ask.")
    enough, few = SurveyInvitationFactory(survey=survey), SurveyInvitationFactory(survey=survey)
    for _ in range(4):
        reply(enough, statement, 5)
        reply(few, statement, 1)
    assert offered(report, "practitioner survey") == []
    reply(enough, statement, 2)
    assert offered(report, "practitioner survey") == [
        ("impact", "What practitioners say, 2027: “I know whom to ask.” 4 of 5 agree.", "how-well")
    ]
    assert offered(report, "practitioner survey", on=IN_YEAR) == []
    assert "Canary" not in all_words(report)


def test_schools_are_counted_by_phase(report, partnership):
    survey = SchoolSurveyFactory(partnership=partnership)
    SchoolSurveyFactory(partnership=partnership, sent_on=None)
    area = partnership.areas.first()
    for phase, more in (
        ("Secondary", {"submitted_at": NOON}),
        ("Primary", {}),
        ("Primary", {"submitted_at": NOON}),
        ("Primary", {"excused_on": IN_YEAR}),
    ):
        SchoolReturnFactory(survey=survey, school=SchoolFactory(area=area, phase=phase), **more)
    words = "2 of 3 schools answered. By phase: Primary 1 of 2, Secondary 1 of 1."
    assert offered(report, "survey of schools") == [
        ("education", f"Schools’ safeguarding survey 2026 to 2027: {words}", "how-well")
    ]


def test_who_speaks_for_education_is_told_by_post(report, learning_group, case_group):
    college = OrganisationFactory(name="Elm College", kind=Organisation.Kind.EDUCATION)
    for group in (learning_group, case_group):
        GroupMemberFactory(group=group, post=PostFactory(title="Principal", organisation=college))
    assert offered(report, "education in groups") == [
        ("education", f"{learning_group.name}: Principal, Elm College.", "how-much")
    ]


def test_moderated_scores_are_told_of_three_organisations_together(report, partnership, office):
    panel = ModerationPanelFactory(partnership=partnership, held_on=IN_YEAR, closed_at=NOON)
    standard = StandardFactory()

    def scored(own, now):
        record = ReturnFactory(request=panel.request)
        assessment = AssessmentFactory(record=record, standard=standard, score=own)
        ModeratedScore.objects.create(panel=panel, assessment=assessment, score=now, given_by=office, given_at=NOON)

    scored(3, 3)
    scored(3, 2)
    assert offered(report, "moderated scores") == []
    scored(1, 2)
    [(heading, words, _shows)] = offered(report, "moderated scores")
    assert heading == "scrutiny"
    assert words.endswith("3 organisations gave themselves. 1 stood, 1 became lower and 1 higher.")


def test_of_contributions_what_was_submitted(report, charity, office):
    given = ReportContributionFactory(report=report, organisation=charity, difference="Fewer left", ahead="Housing")
    assert offered(report, "contribution") == []
    given.submitted_at, given.submitted_by = NOON, office
    given.save()
    assert offered(report, "contribution") == [
        ("impact", f"{charity}: Fewer left.", "difference"),
        ("little-progress", f"{charity}: Housing.", "how-well"),
    ]


# All of it


def fill(report, partnership, plan, office):
    """One more of each kind that is read with others beside it."""
    indicator = IndicatorFactory(partnership=partnership, is_public=True, priorities=[plan.priorities.first()])
    IndicatorValueFactory(indicator=indicator)
    IndicatorCommentFactory(indicator=indicator)
    audit = AuditFactory(
        partnerships=[partnership], priorities=[plan.priorities.first()], moderated_on=IN_YEAR, released_on=IN_YEAR
    )
    AuditFindingFactory(audit=audit)
    shared = {"partnership": partnership, "priorities": [plan.priorities.first()]}
    InspectionFactory(**shared, released_on=IN_YEAR)
    ChallengeFactory(**shared, shared_on=IN_YEAR)
    AdvisorNoteFactory(**shared, shared_on=IN_YEAR)
    RiskFactory(**shared, shared_on=IN_YEAR)
    LearningPointFactory(partnership=partnership)
    RecommendationFactory(partnership=partnership, answer="accepted", answered_on=IN_YEAR)
    ReceiptFactory(
        briefing=BriefingFactory(partnership=partnership, published_at=NOON), submitted_at=NOON, used_on=IN_YEAR
    )
    survey = SchoolSurveyFactory(partnership=partnership)
    SchoolReturnFactory(survey=survey)
    group = GroupFactory(partnerships=[partnership])
    college = OrganisationFactory(kind=Organisation.Kind.EDUCATION)
    GroupMemberFactory(group=group, post=PostFactory(organisation=college))
    ReportContributionFactory(report=report, difference="More", submitted_at=NOON, submitted_by=office)


def test_a_fuller_year_asks_no_more_of_the_database(report, partnership, plan, office):
    counts = []
    for _ in range(3):
        fill(report, partnership, plan, office)
        with CaptureQueriesContext(connection) as queries:
            list(offers_to(report, on=TODAY))
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_everything_says_where_it_stands_and_of_which_priority(report, partnership, plan, office):
    fill(report, partnership, plan, office)
    gather_evidence(report, on=TODAY)
    evidence = ReportEvidence.objects.filter(section__report=report)
    without = evidence.filter(address="").values_list("kind", flat=True)
    assert set(without) <= {"learning by agency", "training"}
    of_first = evidence.filter(priority=plan.priorities.first()).values_list("kind", flat=True)
    assert set(of_first) >= {
        "audit",
        "challenge",
        "finding of an audit",
        "indicator",
        "inspection",
        "note of the independent advisor",
        "priority reviews",
        "risk",
        "update",
    }


def test_another_partnerships_records_are_not_offered(report, far_partnership, plan, office):
    before = len(list(offers_to(report, on=TODAY)))
    other = start_report(
        [far_partnership], starts_on=report.starts_on, ends_on=report.ends_on, rule_set=report.rule_set
    )
    fill(other, far_partnership, plan, office)
    assert len(list(offers_to(report, on=TODAY))) == before
    assert Group.objects.exists()
