"""How are we doing? One report a plan and quarter: what shows each outcome, what is promised, what came of it."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pgtrigger
import pikepdf
import pytest
from django.conf import settings
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document

from assurance.models import (
    IndicatorComment,
    PromiseResult,
    QuarterlyBuild,
    QuarterlyDraft,
    QuarterlyLine,
    QuarterlyPromise,
    QuarterlyReport,
)
from assurance.quarterly import builds, publishing, writing
from assurance.quarterly.builds import request_build, run_build
from assurance.quarterly.content import content_of
from assurance.quarterly.deadlines import reports as reports_due
from assurance.quarterly.deadlines import reports_of_office
from assurance.quarterly.standing import changes_of_board, missing
from assurance.tasks import resume_quarterly_builds
from partnership.actions import update_action
from partnership.builds import Claim
from partnership.models import MeetingAction
from partnership.pdf import Pdf
from partnership.publishing import CannotPublish
from plans.models import OutcomeJudgement
from plans.outcomes import judge_outcome, judgement_of
from reviews.models import RecommendationAction
from tests.factories import (
    CaseFactory,
    DeliverableFactory,
    OutcomeStatementFactory,
    PlanFactory,
    PriorityFactory,
    PriorityReviewFactory,
    ReCheckFactory,
    RecommendationFactory,
    UpdateFactory,
    VoiceEntryFactory,
)
from tests.factories_judged import (
    AdvisorNoteFactory,
    AuditFactory,
    AuditFindingFactory,
    ChallengeFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    InspectionFactory,
    RiskFactory,
    RiskReviewFactory,
)

NOW = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)
IN_QUARTER = date(2026, 11, 20)
SAID = {"doing_well": "", "explore": "", "not_judged_because": ""}


@pytest.fixture
def quick_pdf(monkeypatch):
    """The layout takes seconds; what it is given is kept here instead."""
    made = []

    def make_pdf(content, *, on_progress=None):
        made.append(content)
        return Pdf(b"%PDF-1.7 " + str(len(made)).encode(), 3, 0.1)

    monkeypatch.setattr(builds, "make_pdf", make_pdf)
    return made


def begin(round, by):
    return writing.begin_report(round, by=by, at=NOW, on=TODAY)


@pytest.fixture
def report(round_open, office):
    """Of October to December 2026, begun: two outcomes."""
    return begin(round_open, office)


@pytest.fixture
def babies(plan):
    return plan.priorities.get(position=1)


def address(report, verb):
    return reverse(f"assurance:quarterly-{verb}", args=[report.pk])


def line_url(line):
    return reverse("assurance:quarterly-line", args=[line.pk])


def judge_all(report, by):
    for line in report.lines.all():
        writing.write_line(line, by=by, at=NOW, level="partly", how="Seen in ten records.", **SAID)


def published(report, by, quick_pdf):
    """``report`` judged wholly, told wholly, given and published."""
    judge_all(report, by)
    for result in report.results.all():
        writing.tell_results(report, {result.pk: ("done", "It was done.", False)})
    writing.give_to_board(report, by=by, at=NOW)
    return publish(report, by)


def publish(report, by):
    build = request_build(report, by=by, on=TODAY)
    run_build(build.pk)
    build.refresh_from_db()
    return publishing.publish_report(report, build=build, by=by, at=NOW, on=TODAY)


# Begin


def test_begun_twice_is_one_report_with_a_line_for_each_outcome(client_of, office, scrutiny_chair, round_open):
    url = reverse("assurance:quarterly-begin", args=[round_open.pk])
    first, again = client_of(office).post(url), client_of(scrutiny_chair).post(url)

    report = QuarterlyReport.objects.get()
    assert first.url == again.url == report.get_absolute_url()
    said = [str(line) for line in report.lines.all()]
    assert said == ["Babies are safe in their first year.", "Neglect is noticed sooner."]


def test_members_and_the_advisor_do_not_begin_one(client_of, advisor, partner, executive_chair, round_open):
    url = reverse("assurance:quarterly-begin", args=[round_open.pk])
    assert {client_of(each).post(url).status_code for each in (advisor, partner, executive_chair)} == {403}
    assert not QuarterlyReport.objects.exists()


def test_a_plan_without_outcomes_says_what_to_do(client_of, office, round_open, plan):
    for priority in plan.priorities.all():
        priority.outcomes.all().delete()
    page = client_of(office).post(reverse("assurance:quarterly-begin", args=[round_open.pk]), follow=True)
    assert "This plan has no outcome statement yet." in page.content.decode()


def test_an_outcome_that_comes_into_the_plan_later_comes_into_the_report(report, babies):
    OutcomeStatementFactory(priority=babies, position=2, text="Fathers are asked.")
    writing.gather(report, on=TODAY)
    said = [str(line) for line in report.lines.all()]
    assert said == ["Babies are safe in their first year.", "Fathers are asked.", "Neglect is noticed sooner."]


# Evidence


@pytest.fixture
def told(plan, partnership, babies, led_deliverable, round_open, ratings, office, hospital, lead):
    """One thing of every source that every member may read, and beside each one that is hidden."""
    linked = {"partnership": partnership, "priorities": [babies]}
    shared = {"shared_on": IN_QUARTER}
    indicator = IndicatorFactory(partnership=partnership, owner=hospital, title="Babies seen", priorities=[babies])
    IndicatorValueFactory(indicator=indicator, value=41, entered_by=office)
    small = IndicatorFactory(partnership=partnership, owner=hospital, title="Small ones", priorities=[babies])
    IndicatorValueFactory(indicator=small, value=3, entered_by=office)
    AuditFindingFactory(
        audit=AuditFactory(
            partnerships=[partnership],
            priorities=[babies],
            title="Neglect",
            summary="Seen late.",
            moderated_on=IN_QUARTER,
            released_on=IN_QUARTER,
        ),
        position=1,
        text="Fathers unseen.",
    )
    AuditFactory(partnerships=[partnership], priorities=[babies], title="HIDDEN audit")
    InspectionFactory(title="Front door", outcome="Good", released_on=IN_QUARTER, **linked)
    InspectionFactory(title="HIDDEN inspection", **linked)
    VoiceEntryFactory(partnerships=[partnership], priorities=[babies], said="Say it to me.", did="We did.")
    VoiceEntryFactory(
        partnerships=[partnership], priorities=[babies], said="HIDDEN, earlier", heard_on=date(2026, 8, 1)
    )
    UpdateFactory(
        deliverable=led_deliverable,
        round=round_open,
        rating=ratings["A"],
        progress="31 plans.",
        voice="“I wrote it.”",
        submitted_by=lead,
    )
    PriorityReviewFactory(
        priority=babies,
        round=round_open,
        proposed_rating=ratings["A"],
        proposed_by=office,
        proposed_at=NOW,
        decided_rating=ratings["A"],
        decided_by=office,
        decided_at=NOW,
        decision_comments="Not yet.",
    )
    for recommendation, words in [
        (RecommendationFactory(partnership=partnership, text="Ask everybody."), "Asked in 14 of 20."),
        (
            RecommendationFactory(partnership=partnership, text="HIDDEN", case=CaseFactory(partnership=partnership)),
            "HIDDEN",
        ),
        (
            RecommendationFactory(
                partnership=partnership,
                text="Released later.",
                case=CaseFactory(partnership=partnership),
                label="A local review",
                released_on=date(2026, 12, 20),
            ),
            "HIDDEN: said before the release",
        ),
    ]:
        RecommendationAction.objects.create(
            recommendation=recommendation, deliverable=led_deliverable, linked_by=office
        )
        ReCheckFactory(recommendation=recommendation, done_on=IN_QUARTER, judgement="partly", evidence=words)
    RiskReviewFactory(risk=RiskFactory(ref="R1", title="They leave", **shared, **linked), reviewed_by=office)
    RiskFactory(ref="R2", title="HIDDEN risk", **linked)
    ChallengeFactory(ref="C1", title="No nurse", **shared, **linked)
    ChallengeFactory(ref="C2", title="HIDDEN challenge", **linked)
    AdvisorNoteFactory(looked_at="Ten plans", said="Four of ten.", written_by=office, **shared, **linked)
    AdvisorNoteFactory(looked_at="HIDDEN note", written_by=office, **linked)


def evidence_of(report, position=1):
    rows = report.evidence.filter(line__position=position)
    return [(each.stream, each.reference) for each in rows]


def test_each_stream_offers_what_every_member_may_read_and_nothing_else(told, report):
    assert sorted(evidence_of(report)) == [
        ("audits", "Audit: Neglect"),
        ("audits", "Ofsted: Front door"),
        ("challenge", "Challenge C1: No nurse"),
        ("challenge", "Independent advisor: Ten plans"),
        ("challenge", "Risk R1"),
        ("data", "Babies seen"),
        ("data", "Small ones"),
        ("progress", "1.1 A shared plan with every family before a birth"),
        ("progress", "Rating decided"),
        ("reviews", f"National review of babies harmed at home, {recommendation_ref(report)}"),
        ("voice", "1.1 A shared plan with every family before a birth, update"),
        ("voice", "A group of young parents, November 2026"),
    ]
    words = " ".join(report.evidence.values_list("text", flat=True))
    assert "HIDDEN" not in words
    assert "What needs to be better: Fathers unseen." in words
    assert evidence_of(report, position=2) == []


def recommendation_ref(report):
    return report.evidence.get(stream="reviews").reference.rpartition(", ")[2]


def test_a_small_number_is_not_told(told, report):
    small = report.evidence.get(reference="Small ones").text
    assert "3" not in small and "hidden" in small
    assert "41" in report.evidence.get(reference="Babies seen").text


def test_what_an_indicator_means_is_told_with_it_and_its_own_outcome_alone_is_served(
    plan, partnership, hospital, babies, office, round_open
):
    other = OutcomeStatementFactory(priority=babies, position=2, text="Fathers are asked.")
    indicator = IndicatorFactory(partnership=partnership, owner=hospital, priorities=[babies], outcomes=[other])
    IndicatorValueFactory(indicator=indicator, value=41, entered_by=office)
    IndicatorComment.objects.create(
        indicator=indicator,
        period_on=date(2026, 10, 1),
        why="More asked.",
        so_what="Go on.",
        said_by=office,
        said_at=NOW,
    )
    report = begin(round_open, office)
    [row] = report.evidence.filter(stream="data")
    assert (row.line.outcome, row.text.endswith("So what: Go on.")) == (other, True)


def test_what_is_said_of_a_hidden_figure_is_not_told(partnership, hospital, babies, office, round_open):
    indicator = IndicatorFactory(partnership=partnership, owner=hospital, priorities=[babies])
    IndicatorValueFactory(indicator=indicator, value=3, entered_by=office)
    IndicatorComment.objects.create(
        indicator=indicator,
        period_on=date(2026, 10, 1),
        why="Three more.",
        so_what="All three are seen weekly.",
        said_by=office,
        said_at=NOW,
    )
    [row] = begin(round_open, office).evidence.filter(stream="data")
    assert "three" not in row.text


def test_what_is_linked_to_last_years_priority_serves_the_one_it_was_carried_into(
    plan, partnership, babies, round_open, office, rating_key
):
    last_year = PlanFactory(starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31), rating_key=rating_key)
    babies.carried_from = PriorityFactory(plan=last_year, position=1)
    babies.save()
    VoiceEntryFactory(partnerships=[partnership], priorities=[babies.carried_from])
    assert evidence_of(begin(round_open, office)) == [("voice", "A group of young parents, November 2026")]


def test_what_was_left_out_stays_so_when_it_is_looked_for_again(client_of, scrutiny_chair, partnership, babies, report):
    VoiceEntryFactory(partnerships=[partnership], priorities=[babies])
    writing.gather(report, on=TODAY)
    row = report.evidence.get()
    url = reverse("assurance:quarterly-evidence", args=[row.pk])
    for _twice in range(2):
        client_of(scrutiny_chair).post(url, {"do": "leave"})
    VoiceEntryFactory(partnerships=[partnership], priorities=[babies], who="Fathers")
    page = client_of(scrutiny_chair).post(address(report, "gather"), follow=True)

    assert "1 new piece of evidence. What was left out stays out." in page.content.decode()
    left_out = dict(report.evidence.values_list("reference", "is_left_out"))
    assert left_out == {"A group of young parents, November 2026": True, "Fathers, November 2026": False}
    content = content_of(report, on=TODAY)
    shown = [item["reference"] for item in content["priorities"][0]["outcomes"][0]["streams"][0]["items"]]
    assert shown == ["Fathers, November 2026"]

    client_of(scrutiny_chair).post(url, {"do": "take"})
    assert not report.evidence.filter(is_left_out=True).exists()


def test_what_is_withdrawn_at_its_source_goes(partnership, babies, round_open, office):
    risk = RiskFactory(partnership=partnership, priorities=[babies], shared_on=IN_QUARTER)
    report = begin(round_open, office)
    assert report.evidence.count() == 1
    risk.shared_on = None
    risk.save()
    writing.gather(report, on=TODAY)
    assert report.evidence.count() == 0


def test_a_stream_with_nothing_is_said(client_of, office, report):
    page = client_of(office).get(report.get_absolute_url()).content.decode()
    assert page.count("Nothing was offered from any stream this quarter.") == 2


# Writing


def test_an_outcome_is_judged_in_the_round(client_of, scrutiny_chair, report):
    line = report.lines.first()
    answer = {"level": "partly", "how": "Seen in ten.", "doing_well": "Asked.", "explore": "Who moves."}
    response = client_of(scrutiny_chair).post(line_url(line), answer)

    assert response.status_code == 302
    judgement = judgement_of(line.outcome, report.round)
    assert (judgement.level, judgement.words, judgement.judged_by) == ("partly", "Seen in ten.", scrutiny_chair)
    line.refresh_from_db()
    assert (line.doing_well, line.explore) == ("Asked.", "Who moves.")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"level": "shown", "how": " "}, "Enter how we know, or what is missing"),
        ({"how": "Seen."}, "Choose how far it is shown, so that what you say of it is recorded"),
        ({"level": "certainly", "how": "Seen."}, "Choose an answer from the list"),
        ({"doing_well": "x" * 5001}, "Use 5000 characters or fewer. You have 5001"),
    ],
)
def test_a_bad_answer_is_told_and_nothing_is_half_saved(client_of, office, report, answer, error):
    line = report.lines.first()
    page = client_of(office).post(line_url(line), {"explore": "Typed.", **answer})
    assert page.status_code == 422
    assert error in page.content.decode() and "Typed." in page.content.decode()
    line.refresh_from_db()
    assert (line.explore, OutcomeJudgement.objects.exists()) == ("", False)


def test_two_who_judge_at_once_see_both(client_of, office, scrutiny_chair, report):
    line = report.lines.first()
    seen = client_of(office).get(line_url(line)).context["form"]["seen"].value()
    client_of(scrutiny_chair).post(line_url(line), {"level": "shown", "how": "Ten of ten."})
    page = client_of(office).post(line_url(line), {"level": "not-yet", "how": "None.", "seen": seen})

    assert page.status_code == 409
    assert judgement_of(line.outcome, report.round).level == "shown"
    assert "It now says “Ten of ten.”" in page.content.decode() and "None." in page.content.decode()


def test_what_is_typed_is_kept_for_whoever_typed_it(client_of, office, scrutiny_chair, report):
    line = report.lines.first()
    draft = reverse("assurance:quarterly-draft", args=[report.pk, f"line:{line.pk}"])
    client_of(office).post(draft, {"level": "partly", "how": "Half a sen"}, headers={"HX-Request": "true"})

    assert "Half a sen" in client_of(office).get(line_url(line)).content.decode()
    assert "Half a sen" not in client_of(scrutiny_chair).get(line_url(line)).content.decode()
    assert judgement_of(line.outcome, report.round) is None
    client_of(office).post(line_url(line), {"level": "partly", "how": "Half a sentence, ended."})
    assert not QuarterlyDraft.objects.exists()


def test_leaving_evidence_out_loses_nothing_that_was_typed(client_of, office, partnership, babies, report):
    VoiceEntryFactory(partnerships=[partnership], priorities=[babies])
    writing.gather(report, on=TODAY)
    row = report.evidence.get()
    client = client_of(office)
    seen = client.get(line_url(row.line)).context["form"]["seen"].value()
    url = reverse("assurance:quarterly-evidence", args=[row.pk])
    page = client.post(url, {"do": "leave", "seen": seen, "how": "Typed and not saved"}, follow=True)
    assert "Typed and not saved" in page.content.decode() and "Take it back" in page.content.decode()


def test_draft_pages_of_other_reports_are_none(client_of, office, report, round_past):
    other = begin(round_past, office)
    url = reverse("assurance:quarterly-draft", args=[report.pk, f"line:{other.lines.first().pk}"])
    assert client_of(office).post(url, {"how": "x"}).status_code == 404


# Promises


def promise(report, text="Ask fathers in every assessment.", line=None, **lead):
    lead = lead or {"lead_group": report.plan.scrutiny_group}
    return writing.add_promise(report, text=text, due_on=date(2027, 3, 31), line=line, **lead)


def test_a_promise_is_made_once_however_often_it_is_sent(client_of, office, report, scrutiny_group):
    line = report.lines.first()
    answer = {"text": "Ask fathers.", "lead": f"group:{scrutiny_group.pk}"}
    answer |= {"due_on_day": "31", "due_on_month": "3", "due_on_year": "2027"}
    for _twice in range(2):
        response = client_of(office).post(f"{address(report, 'promise-add')}?line={line.pk}", answer)
    assert response.url == f"{line_url(line)}#next"
    made = QuarterlyPromise.objects.get()
    assert (made.text, made.lead, made.due_on, made.line) == ("Ask fathers.", scrutiny_group, date(2027, 3, 31), line)


def test_a_promise_lacks_are_told(client_of, office, report):
    page = client_of(office).post(address(report, "promise-add"), {"text": "", "lead": ""})
    said = page.content.decode()
    assert page.status_code == 422
    assert "Enter what will be done" in said and "Enter the day" in said


def test_a_line_of_another_report_is_none(client_of, office, report, round_past):
    other = begin(round_past, office).lines.first()
    assert client_of(office).get(f"{address(report, 'promise-add')}?line={other.pk}").status_code == 404


# The board


def test_what_the_board_changed_stands_beside_what_it_was_given(
    client_of, office, scrutiny_chair, executive_chair, report
):
    line = report.lines.first()
    writing.write_words(report, by=office, introduction="It goes well.", doing_well="", explore="")
    writing.write_line(line, by=office, at=NOW, level="shown", how="Seen.", **SAID)
    client_of(scrutiny_chair).post(address(report, "give"))
    answer = {"level": "partly", "how": "Seen in one unit.", "doing_well": "", "explore": ""}
    assert client_of(scrutiny_chair).post(line_url(line), answer).status_code == 403
    assert client_of(executive_chair).post(line_url(line), answer).status_code == 302

    report.refresh_from_db()
    of = "“Babies are safe in their first year.”"
    assert changes_of_board(report) == [
        {"what": f"{of}, judgement", "before": "Shown", "after": "Partly shown"},
        {"what": f"{of}, how we know", "before": "Seen.", "after": "Seen in one unit."},
    ]
    page = client_of(office).get(report.get_absolute_url()).content.decode()
    assert "What the board changed" in page and "Seen in one unit." in page


def test_given_twice_is_given_once(client_of, office, report):
    first = client_of(office).post(address(report, "give"))
    report.refresh_from_db()
    at = report.given_at
    second = client_of(office).post(address(report, "give"))
    report.refresh_from_db()
    assert (first.status_code, second.status_code, report.given_at) == (302, 302, at)


def test_the_deciding_chair_changes_nothing_before_it_is_given(client_of, executive_chair, report):
    assert client_of(executive_chair).get(line_url(report.lines.first())).status_code == 403


# Publishing


def test_it_is_published_once_all_is_said(report, office, quick_pdf):
    writing.give_to_board(report, by=office, at=NOW)
    promise(report)
    assert [each.what for each in missing(report)] == [
        "Not judged: Babies are safe in their first year.",
        "Not judged: Neglect is noticed sooner.",
    ]
    with pytest.raises(CannotPublish, match="2 still to be said"):
        publish(report, office)
    first, second = report.lines.all()
    writing.write_line(first, by=office, at=NOW, level="unknown", how="Nobody was asked.", **SAID)
    writing.write_line(
        second, by=office, at=NOW, level="", how="", doing_well="", explore="", not_judged_because="The post is vacant."
    )
    assert missing(report) == []
    assert publish(report, office).is_published


def test_promises_become_lines_of_the_action_log(report, office, scrutiny_group, quick_pdf):
    promise(report)
    published(report, office, quick_pdf)
    action = MeetingAction.objects.get()
    assert (action.group, action.text, action.due_on) == (
        scrutiny_group,
        "Ask fathers in every assessment.",
        date(2027, 3, 31),
    )
    assert report.promises.get().action == action


def test_a_report_that_is_not_with_the_board_is_not_published(report, office, quick_pdf):
    judge_all(report, office)
    with pytest.raises(CannotPublish, match="Give it to the board first"):
        publish(report, office)


def test_what_changed_since_the_files_were_made_is_not_published(client_of, report, office, quick_pdf):
    judge_all(report, office)
    writing.give_to_board(report, by=office, at=NOW)
    build = request_build(report, by=office, on=TODAY)
    run_build(build.pk)
    writing.write_words(report, by=office, introduction="Something else.", doing_well="", explore="")
    client = client_of(office)
    assert "Make PDF and Word again" in client.get(address(report, "publish")).content.decode()
    page = client.post(address(report, "publish"), {"build": build.pk}, follow=True)
    assert "Something in the report has changed since these files were made" in page.content.decode()
    assert not QuarterlyReport.objects.published().exists()


def test_what_was_taken_back_since_the_files_were_made_is_not_published(report, office, partnership, babies, quick_pdf):
    risk = RiskFactory(partnership=partnership, priorities=[babies], shared_on=IN_QUARTER)
    judge_all(report, office)
    writing.give_to_board(report, by=office, at=NOW)
    build = request_build(report, by=office, on=TODAY)
    run_build(build.pk)
    risk.shared_on = None
    risk.save()
    build.refresh_from_db()
    with pytest.raises(CannotPublish, match="has changed since"):
        publishing.publish_report(report, build=build, by=office, at=NOW, on=TODAY)


def test_members_read_the_page_and_both_files_once_it_is_published(
    client_of, partner, stranger, report, office, quick_pdf
):
    addresses = [report.get_absolute_url(), address(report, "file"), address(report, "word")]
    assert [client_of(partner).get(each).status_code for each in addresses] == [404, 404, 404]
    published(report, office, quick_pdf)
    answers = [client_of(partner).get(each) for each in addresses]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[1].content == b"%PDF-1.7 1"
    assert [client_of(stranger).get(each).status_code for each in addresses] == [404, 404, 404]
    assert "Seen in ten records." in [p.text for p in Document(BytesIO(answers[2].content)).paragraphs]
    listed = client_of(partner).get(reverse("assurance:quarterly-list")).content.decode()
    assert "October to December 2026" in listed and "Begin" not in listed


def test_what_was_published_is_read_as_it_was(client_of, partner, report, office, quick_pdf):
    """The plan goes on: what is judged of the round later stands there and not here."""
    published(report, office, quick_pdf)
    judge_outcome(
        report.lines.first().outcome, round=report.round, by=office, at=NOW, level="shown", words="Judged later."
    )
    page = client_of(partner).get(report.get_absolute_url()).content.decode()
    assert "Seen in ten records." in page and "Judged later." not in page


CHANGES = {
    "the report": lambda report: QuarterlyReport.objects.filter(pk=report.pk).update(introduction="Other"),
    "a line": lambda report: report.lines.update(doing_well="Other"),
    "a new line": lambda report: QuarterlyLine.objects.create(
        report=report, outcome=OutcomeStatementFactory(), position=9
    ),
    "evidence": lambda report: report.evidence.update(is_left_out=True),
    "evidence gone": lambda report: report.evidence.all()._raw_delete("default"),
    "a promise": lambda report: report.promises.update(text="Other"),
    "the files": lambda report: report.builds.update(pdf=b"Other"),
    "a result": lambda report: PromiseResult.objects.create(report=report, promise=report.promises.get()),
}
GUARDS = [
    "assurance.QuarterlyReport:published_quarter_stands",
    "assurance.QuarterlyLine:published_lines_stand",
    "assurance.QuarterlyEvidence:published_evidence_stands",
    "assurance.QuarterlyPromise:published_promises_stand",
    "assurance.PromiseResult:published_results_stand",
    "assurance.QuarterlyBuild:published_quarter_is_forever",
]


@pytest.fixture
def frozen(report, office, partnership, babies, quick_pdf):
    VoiceEntryFactory(partnerships=[partnership], priorities=[babies])
    writing.gather(report, on=TODAY)
    promise(report)
    return published(report, office, quick_pdf)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_of_a_published_report_changes(frozen, change):
    with pytest.raises(InternalError, match="pgtrigger"), transaction.atomic():
        change(frozen)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_with_the_guards_off_each_would_change_it(frozen, change):
    with pgtrigger.ignore(*GUARDS):
        change(frozen)


# The next quarter


def test_the_second_report_tells_what_came_of_the_firsts_promises(
    client_of, office, scrutiny_chair, round_past, round_open, quick_pdf
):
    first = begin(round_past, office)
    kept, late = promise(first, "Ask fathers."), promise(first, "Begin the second unit.")
    published(first, office, quick_pdf)
    kept.refresh_from_db()
    update_action(kept.action, text="Asked in 40 of 50.", by=office, on=TODAY, outcome="Asked in 40 of 50.")

    second = begin(round_open, office)
    page = client_of(scrutiny_chair).get(address(second, "results")).content.decode()
    assert "Closed on 12 January 2027" in page and "Asked in 40 of 50." in page
    told = {each.promise_id: each for each in second.results.all()}
    answer = {
        f"result-{told[kept.pk].pk}": "done",
        f"words-{told[kept.pk].pk}": "Fathers were asked in 40 of 50.",
        f"result-{told[late.pk].pk}": "not-done",
        f"words-{told[late.pk].pk}": "No midwife came.",
        f"on-{told[late.pk].pk}": "on",
    }
    assert client_of(scrutiny_chair).post(address(second, "results"), answer).status_code == 302
    content = content_of(second, on=TODAY)
    assert [(each["text"], each["result_word"], each["goes_on"]) for each in content["past"]] == [
        ("Ask fathers.", "Done", False),
        ("Begin the second unit.", "Not done", True),
    ]
    judge_all(second, office)
    assert missing(second) == []
    outcome = content_of(second, on=TODAY)["priorities"][0]["outcomes"][0]
    assert (outcome["was"], outcome["moved"]) == ("was partly shown in July to September 2026", "same")


def test_what_goes_on_is_asked_about_again(plan, round_past, round_open, office, quick_pdf):
    first = begin(round_past, office)
    promised = promise(first)
    published(first, office, quick_pdf)
    second = begin(round_open, office)
    writing.tell_results(second, {second.results.get().pk: ("partly", "Half of it.", True)})
    judge_all(second, office)
    writing.give_to_board(second, by=office, at=NOW)
    promised.refresh_from_db()
    update_action(promised.action, text="Ended too soon.", by=office, on=TODAY, outcome="Ended too soon.")
    publish(second, office)
    promised.action.refresh_from_db()
    assert promised.action.closed_on is None  # open again: it goes on

    days = {"opens_on": date(2027, 4, 1), "closes_on": date(2027, 4, 22)}
    third = plan.rounds.create(
        name="January to March 2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31), **days
    )
    assert [each.promise for each in begin(third, office).results.all()] == [promised]


def test_an_untold_promise_is_in_the_way(round_past, round_open, office, quick_pdf):
    first = begin(round_past, office)
    promise(first)
    published(first, office, quick_pdf)
    second = begin(round_open, office)
    judge_all(second, office)
    assert [each.what for each in missing(second)] == ["Not told what came of: Ask fathers in every assessment."]


@pytest.mark.parametrize(
    ("answer", "error"),
    [(("", "Words alone."), "Choose what came of it"), (("done", ""), "Say in a sentence what came of it")],
)
def test_half_a_result_is_sent_back(client_of, round_past, round_open, office, quick_pdf, answer, error):
    first = begin(round_past, office)
    promise(first)
    published(first, office, quick_pdf)
    second = begin(round_open, office)
    key = second.results.get().pk
    page = client_of(office).post(address(second, "results"), {f"result-{key}": answer[0], f"words-{key}": answer[1]})
    assert (page.status_code, error in page.content.decode()) == (422, True)


# Correcting


def test_a_correction_is_a_new_edition_that_says_what_it_corrects(client_of, partner, office, frozen):
    client = client_of(office)
    for _twice in range(2):
        response = client.post(address(frozen, "correct"), {"changes": "A figure was wrong."})
    second = QuarterlyReport.objects.get(edition=2)
    assert response.url == second.get_absolute_url()
    assert (second.lines.count(), second.evidence.count(), second.promises.count()) == (2, 1, 1)
    assert client_of(partner).get(second.get_absolute_url()).status_code == 404

    changed = second.promises.get()
    writing.change_promise(
        changed, text="Ask fathers and grandmothers.", due_on=changed.due_on, lead_group=changed.lead_group
    )
    writing.give_to_board(second, by=office, at=NOW)
    publish(second, office)
    assert [action.text for action in MeetingAction.objects.all()] == ["Ask fathers and grandmothers."]
    page = client_of(partner).get(frozen.get_absolute_url()).content.decode()
    assert "This edition was corrected." in page
    assert "A figure was wrong." in client_of(partner).get(second.get_absolute_url()).content.decode()


def test_results_already_told_move_to_the_corrected_promise(frozen, office, plan, quick_pdf):
    days = {"opens_on": date(2027, 4, 1), "closes_on": date(2027, 4, 22)}
    later = plan.rounds.create(
        name="January to March 2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31), **days
    )
    following = begin(later, office)
    writing.tell_results(following, {following.results.get().pk: ("done", "It was done.", False)})
    second = publishing.correct_report(frozen, changes="A word.", by=office, at=NOW)
    writing.give_to_board(second, by=office, at=NOW)
    publish(second, office)
    writing.gather(following, on=TODAY)
    result = following.results.get()
    assert (result.promise.report, result.result, result.words) == (second, "done", "It was done.")


# The worker


def test_a_build_run_twice_is_made_once(report, office, quick_pdf):
    build = request_build(report, by=office, on=TODAY)
    assert request_build(report, by=office, on=TODAY) == build
    assert [run_build(build.pk), run_build(build.pk)] == [True, False]
    assert len(quick_pdf) == 1


def test_a_build_left_behind_by_a_killed_worker_is_taken_up(report, office, quick_pdf):
    build = request_build(report, by=office, on=TODAY)
    Claim.take(QuarterlyBuild, build.pk)
    resume_quarterly_builds()
    assert QuarterlyBuild.objects.get(pk=build.pk).state == "running"

    QuarterlyBuild.objects.filter(pk=build.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    resume_quarterly_builds()
    assert QuarterlyBuild.objects.get(pk=build.pk).state == "done"
    assert len(quick_pdf) == 1


def test_the_pdf_is_tagged_has_bookmarks_and_says_what_the_page_says(told, report, office):
    writing.write_words(report, by=office, introduction="- One\n- Two", doing_well="", explore="")
    judge_all(report, office)
    promise(report)
    build = request_build(report, by=office, on=TODAY)
    run_build(build.pk)
    build.refresh_from_db()
    with pikepdf.open(BytesIO(bytes(build.pdf))) as pdf:
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "en-GB"
        with pdf.open_outline() as outline:
            assert [each.title for each in outline.root] == ["How are we doing?"]
            assert [each.title for each in outline.root[0].children][-1] == "Next actions for all of us"
    words = [each.text for each in Document(BytesIO(bytes(build.word))).paragraphs]
    assert words[1:3] == [
        "How are we doing?",
        "October to December 2026 (1 October 2026 to 31 December 2026). Business plan 2026 to 2027.",
    ]


# What is due


def test_a_report_is_due_days_after_its_decisions_from_the_group_and_the_office(plan, round_past, round_open, office):
    assert list(reports_due(TODAY)) == []  # a plan that never had one is not asked
    begin(round_past, office)
    due_on = round_open.closes_on + timedelta(days=settings.QUARTERLY_REPORT_DAYS)
    due = {(row["deadline_due_on"], row["deadline_group"], row["deadline_group_above"]) for row in reports_due(TODAY)}
    assert due == {(due_on, plan.scrutiny_group_id, plan.deciding_group_id)}
    assert {row["deadline_post"] for row in reports_of_office(TODAY)} == {office.holdings.get().post_id}


def test_a_published_report_is_due_no_more(report, office, quick_pdf):
    published(report, office, quick_pdf)
    assert list(reports_due(TODAY)) == []


# Queries


def filled(plan, round, count, rows):
    """``count`` outcomes, each of a priority with ``rows`` deliverables that were answered."""
    for position in range(3, count + 1):
        priority = PriorityFactory(plan=plan, position=position, ref=str(position))
        OutcomeStatementFactory(priority=priority, position=1)
        deliverables = [DeliverableFactory(priority=priority, position=n, ref=str(n)) for n in range(rows)]
        for each in deliverables:
            UpdateFactory(deliverable=each, round=round, rating=plan.ratings[0])


@pytest.mark.parametrize(("outcomes", "rows"), [(10, 1), (60, 1), (10, 3)])
def test_query_counts(client_of, office, plan, round_open, django_assert_num_queries, outcomes, rows):
    filled(plan, round_open, outcomes, rows)
    report = begin(round_open, office)
    promise(report)
    client = client_of(office)
    client.get(report.get_absolute_url())
    with django_assert_num_queries(28):
        client.get(report.get_absolute_url())
    with django_assert_num_queries(19):
        client.get(line_url(report.lines.last()))
    with django_assert_num_queries(9):
        client.get(reverse("assurance:quarterly-list"))
