"""What a report still lacks is true on any day of the year, says who can mend it, and leads there."""

import io
import itertools
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assurance.annual.missing import missing
from assurance.annual.steps import steps_of
from assurance.models import ReportEvidence, ReportSeen, Return
from partnership.models import GroupMember, Meeting
from plans.models import UpdateRound
from tests.conftest import TODAY
from tests.factories import (
    AttendanceFactory,
    BudgetYearFactory,
    ContributionFactory,
    DeliverableFactory,
    GroupMemberFactory,
    MeetingFactory,
    OrganisationFactory,
    PostFactory,
    SpendingLineFactory,
    VoiceEntryFactory,
)
from tests.factories_report import (
    ConsultationCommentFactory,
    ReportConsultationFactory,
    ReportContributionFactory,
    ReportRecipientFactory,
    ScrutinyStatementFactory,
)

pytestmark = pytest.mark.django_db
AFTER = date(2027, 5, 1)


def found(report, on=TODAY):
    return {each.what: each for each in missing(report, on=on)}


def page_of(client, report, name="report-missing", query=""):
    response = client.get(reverse(f"assurance:{name}", args=[report.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


# Words and evidence


def test_words_are_due_when_the_year_is_over(report):
    assert (found(report)["The foreword"].is_due, found(report, AFTER)["The foreword"].is_due) == (False, True)
    report.foreword, report.in_short = "Dear all", "In short"
    report.save()
    assert not {"The foreword", "The year in short"} & set(found(report))


def test_evidence_that_nobody_decided_on_is_counted_by_section(report):
    section = report.sections.get(rule__code="feedback")
    what = f"A decision on 2 pieces of evidence in section {section.position}, {section.title}"
    assert found(report)[what].url == reverse("assurance:report-evidence", args=[report.pk, section.pk])
    section.evidence.update(use=ReportEvidence.Use.LEFT_OUT)
    now = found(report)
    assert what not in now and f"Any evidence under section {section.position}, {section.title}" in now


def test_a_priority_without_evidence_of_impact_is_named(report, plan):
    first = plan.priorities.order_by("position").first()
    evidence = ReportEvidence.objects.filter(section__report=report)
    evidence.update(shows="how-much")
    name = f"Evidence of impact for priority {first.ref}, {first.title}"
    assert name in found(report)
    one = evidence.first()
    one.shows, one.priority = "difference", first
    one.save()
    assert name not in found(report)
    one.use = ReportEvidence.Use.LEFT_OUT
    one.save()
    assert name in found(report)


def test_feedback_of_children_counts_once_it_is_used(report, partnership):
    what = "Feedback of children: none of it is used in the report"
    assert what in found(report)
    of_others = VoiceEntryFactory(partnerships=[partnership], people="practitioners")
    evidence = report.sections.get(rule__code="feedback").evidence.get(kind="voice")
    evidence.use = ReportEvidence.Use.QUOTED
    evidence.save()
    assert what not in found(report)
    evidence.source_key = f"voice:{of_others.pk}"
    evidence.save()
    assert what in found(report)


# Figures


def test_a_figure_without_a_value_and_one_that_is_none_are_named(report):
    section = report.sections.get(rule__code="costs")
    section.narrative = "We spent [[spent]]. [[nonsense]]"
    section.save()
    told = found(report)
    assert told[f"A value for [[spent]] in section {section.position}: pounds spent"].url == reverse(
        "partnership:budget-list"
    )
    assert f"[[nonsense]] in section {section.position} is no figure of this year" in told


def test_a_number_that_its_figure_left_behind_is_named(report):
    section = report.sections.get(rule__code="feedback")
    section.narrative = "We heard 1,146 people."
    section.save()
    assert not [what for what in found(report) if "1,146" in what]
    ReportSeen.objects.create(report=report, key="figure:people-heard", value="1,146", seen_at=report.created_at)
    assert [what for what in found(report) if what.startswith("“1,146” in section 5 no longer agrees: people heard")]


# The year's own records


def test_updates_and_ratings_of_a_round_that_is_open_are_not_due_yet(report, round_past):
    DeliverableFactory(priority=round_past.plan.priorities.first(), ref="9.9", title="Nobody answers")
    what = next(what for what in found(report) if "Nobody answers" in what)
    assert found(report)[what].is_due
    UpdateRound.objects.filter(pk=round_past.pk).update(closes_on=TODAY + timedelta(days=3), closed_at=None)
    assert not found(report)[what].is_due


def test_a_return_that_was_withdrawn_is_not_asked_for(report, draft_return):
    title = draft_return.request.title
    assert title in found(report)
    Return.objects.filter(pk=draft_return.pk).update(withdrawn_at=report.created_at)
    assert title not in found(report)


# What others owe


def test_what_others_owe_stands_with_whoever_owes_it(report, hospital, advisor, office):
    ReportContributionFactory(report=report, organisation=hospital, asked_by=office)
    ScrutinyStatementFactory(report=report, written_by=advisor, words="Canary of a draft")
    consultation = ReportConsultationFactory(report=report, opened_by=office)
    ConsultationCommentFactory(consultation=consultation)
    ReportRecipientFactory(report=report, email="")
    told = missing(report, on=AFTER)
    who = {each.part: each.who for each in told if each.part in ("Contributions", "Independent scrutiny")}
    assert who == {"Contributions": hospital.name, "Independent scrutiny": "Independent advisor"}
    words = " ".join(each.what for each in told)
    assert "Canary" not in words
    assert "An answer to 1 comment of: Members of the partnership" in words
    assert "An e-mail address for " in words


def test_the_office_comes_first_and_then_everybody_by_their_part(report):
    people = list(dict.fromkeys(each.who for each in missing(report, on=AFTER)))
    assert people[:3] == ["Business office", "Lead safeguarding partners", "Independent advisor"]
    assert people[3:] == sorted(people[3:], key=lambda who: (who != "Training coordinator", who))


# The page


def test_each_is_led_only_where_they_can_mend_something(report, client_of, office, advisor, lead_partner):
    write = reverse("assurance:section-change", args=[report.pk, report.sections.first().pk])
    statement = f'href="{reverse("assurance:statement-detail", args=[report.pk])}"'
    assert write in page_of(client_of(office), report)
    of_advisor = page_of(client_of(advisor), report)
    assert (write in of_advisor, statement in of_advisor) == (False, True)
    of_lead = page_of(client_of(lead_partner), report)
    assert (write in of_lead, statement in of_lead) == (False, False)


def test_it_is_narrowed_to_who_can_mend_it(report, client_of, office):
    client = client_of(office)
    page = page_of(client, report, query="?who=Independent+advisor")
    assert "The independent scrutiny statement" in page and "The foreword" not in page
    assert "The foreword" in page_of(client, report, query="?who=nobody+at+all")


def test_it_is_a_workbook_too(report, client_of, office):
    response = client_of(office).get(reverse("assurance:report-missing", args=[report.pk]) + "?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.values)
    assert rows[0] == ("What is missing", "Who can mend it", "What to do", "Part of the report", "Due")
    assert len(rows) == len(missing(report, on=TODAY)) + 1


def test_nothing_is_missing_from_what_is_published(report, client_of, office, partner):
    url = reverse("assurance:report-missing", args=[report.pk])
    assert client_of(partner).get(url).status_code == 404


def test_how_many_are_missing_is_told_alone(report, client_of, office):
    url = reverse("assurance:report-missing", args=[report.pk]) + "?count=yes"
    told = client_of(office).get(url, headers={"HX-Request": "true"}).content.decode().strip()
    due = [each for each in missing(report, on=TODAY) if each.is_due]
    assert told == f"{len(due)} things missing"


# Steps


def test_steps_say_how_far_each_part_is(report, hospital, office):
    ReportContributionFactory(report=report, organisation=hospital, asked_by=office, due_on=TODAY - timedelta(days=1))
    steps = {step.name: (step.state, step.standing) for step in steps_of(report, on=TODAY)}
    assert steps["Contributions"] == ("late", "0 of 1 agencies have written. 1 is late.")
    assert steps["Words"] == ("to-do", "0 of 12 sections written, foreword not.")
    assert steps["Publication"] == ("to-do", "No proof is made yet. To be published by 30 September 2027.")


def test_the_home_page_says_what_is_next_for_whoever_looks(report, client_of, office, advisor, lead_partner):
    url = report.get_absolute_url()
    of_office = client_of(office).get(url)
    assert [each.part for each in of_office.context["next"]] == ["Evidence"] * 3
    assert [each.part for each in client_of(advisor).get(url).context["next"]] == ["Independent scrutiny"]
    assert "Nothing waits for you" in client_of(lead_partner).get(url).content.decode()


# Queries


def counted_queries(call):
    with CaptureQueriesContext(connection) as asked:
        call()
    return len(asked)


@pytest.mark.parametrize(("few", "many"), [(1, 3), (10, 60)])
def test_it_takes_the_same_few_queries_however_much_is_missing(
    report, plan, office, hospital, executive, learning_group, scrutiny_group, few, many
):
    priority = plan.priorities.first()
    partnerships = list(report.partnerships.all())
    groups, numbers = [executive, learning_group, scrutiny_group], itertools.count()
    for group in groups:
        GroupMemberFactory(group=group, post=PostFactory(organisation=hospital))

    def more(count):
        for _ in range(count):
            number = next(numbers)
            DeliverableFactory(priority=priority, title=f"Silent {number}")
            ReportContributionFactory(report=report, organisation=OrganisationFactory(), asked_by=office)
            VoiceEntryFactory(partnerships=partnerships)
            budget = BudgetYearFactory(partnerships=partnerships, starts_on=report.starts_on, ends_on=report.ends_on)
            ContributionFactory(budget=budget)
            SpendingLineFactory(budget=budget)
            MeetingFactory(
                group=groups[number % 3], status=Meeting.Status.HELD, meets_on=TODAY - timedelta(days=number)
            )

    more(few)
    first = counted_queries(lambda: missing(report, on=AFTER)), counted_queries(lambda: steps_of(report, on=AFTER))
    more(many - few)
    again = counted_queries(lambda: missing(report, on=AFTER)), counted_queries(lambda: steps_of(report, on=AFTER))
    assert first == again
    assert again[0] <= 35  # everything is missing at once: without meetings to write up and figures in texts it is less


def test_a_number_that_never_was_a_figure_has_no_figures_read(report, office):
    section = report.sections.get(rule__code="feedback")
    ReportSeen.objects.create(report=report, key="figure:people-heard", value="1,146", seen_at=report.created_at)
    section.narrative = "In 2026 we wrote 871 letters."
    section.save()
    first = counted_queries(lambda: missing(report, on=AFTER))
    section.narrative = "In 2026 we heard 1,146 people."
    section.save()
    assert counted_queries(lambda: missing(report, on=AFTER)) > first + 20


@pytest.mark.parametrize(("attendance", "is_missed"), [([], True), (["present"], False)])
def test_attendance_that_nobody_kept_is_missed_where_somebody_is_expected(
    report, executive, hospital, attendance, is_missed
):
    GroupMemberFactory(group=executive, post=PostFactory(organisation=hospital))
    meeting = MeetingFactory(group=executive, status=Meeting.Status.HELD, meets_on=TODAY - timedelta(days=9))
    for status in attendance:
        AttendanceFactory(meeting=meeting, organisation=hospital, status=status)
    assert (f"Attendance at 1 meeting of {executive.name}" in found(report)) == is_missed
    GroupMember.objects.filter(group=executive).update(role=GroupMember.Role.OBSERVER)
    assert f"Attendance at 1 meeting of {executive.name}" not in found(report)


# On the home pages


def test_the_report_in_the_making_stands_on_the_home_pages_of_its_readers(
    report, client_of, office, advisor, partner, stranger
):
    desk = client_of(office).get(reverse("assurance:desk")).content.decode()
    assert "To be published by 30 September 2027" in desk and "See what is missing" in desk
    work = reverse("assurance:my-work")
    shown = [
        report.title in client_of(user).get(work).content.decode() for user in (office, advisor, partner, stranger)
    ]
    assert shown == [True, True, False, False]
