"""Contributions to the annual report: asked, chased, drafted by several, submitted, given back, shortened, printed."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from assurance.annual import contributions
from assurance.annual.contributions import contributions_content, lacks_of_contributions, mark
from assurance.annual.own_year import known_of
from assurance.annual.starting import start_edition
from assurance.annual.year import Year
from assurance.models import AnnualReport, ContributionDraft, ReportContribution, Return
from partnership.deadlines import deadlines, deadlines_for
from partnership.models import PublishedFile, Reminder
from partnership.publishing import publish_file
from tests.factories import (
    AnnualReportFactory,
    DeliverableLeadFactory,
    OrganisationFactory,
    PlaceFactory,
)
from tests.factories_report import ReportContributionFactory
from tests.plans.test_plan_page import count_queries
from training.models import Place

pytestmark = pytest.mark.django_db

AT = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)
CANARY = "Twenty-one volunteers, and nobody else may know it"


def url(name, record):
    return reverse(f"assurance:contribution-{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


def day(name, day):
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def typed(seen="", **said):
    """A form's boxes; ``seen``: what the page showed in each."""
    boxes = {f"{name}-text": words for name, words in said.items()}
    return boxes | {f"{name}-seen": mark(seen) for name in said}


def save(contribution, by, **said):
    words = {name: (text, mark("")) for name, text in said.items()}
    return contributions.save_draft(contribution, words, by=by, at=AT)[0]


@pytest.fixture
def contribution(annual_report, charity, office):
    """Greta's organisation is asked."""
    return ReportContributionFactory(report=annual_report, organisation=charity, asked_by=office)


@pytest.fixture
def drafted(contribution, partner):
    save(contribution, partner, did=CANARY, difference="Forty families told us.")
    return contribution


@pytest.fixture
def submitted(drafted, partner):
    return contributions.submit_contribution(drafted, version=1, by=partner, at=AT)


@pytest.fixture
def published_file_of(office):
    """``published_file_of(partnership)``: bytes that were published as its report."""

    def publish(partnership):
        return publish_file(
            partnerships=[partnership],
            kind=PublishedFile.Kind.ANNUAL_REPORT,
            title="Annual report",
            filename="report.pdf",
            content=b"%PDF-1.7",
            manifest={},
            by=office,
            at=AT,
        )

    return publish


# Asking


def test_the_office_asks_every_statutory_partner_and_relevant_agency_in_one_press(
    client_of, office, annual_report, charity, hospital, health_board
):
    client, page = client_of(office), url("ask", annual_report)
    form = client.get(page).context["form"]
    ticked = form["organisations"].value()
    assert {int(pk) for pk in ticked} == {charity.pk, hospital.pk, health_board.pk}
    answer = client.post(page, {"organisations": ticked, "asks": "Tell us.", **day("due_on", date(2027, 2, 26))})
    assert answer.url == url("list", annual_report)
    asked = annual_report.contributions.values_list("organisation__name", "asks", "due_on", "asked_by")
    assert set(asked) == {
        (each.name, "Tell us.", date(2027, 2, 26), office.pk) for each in (charity, hospital, health_board)
    }


def test_asking_twice_is_asking_once_and_more_are_asked_later(office, annual_report, charity, hospital):
    said = {"asks": "Tell us.", "due_on": date(2027, 2, 26), "by": office, "at": AT}
    [first] = contributions.ask_organisations(annual_report, [charity], **said)
    assert contributions.ask_organisations(annual_report, [charity], **said | {"asks": "Other words"}) == []
    [more] = contributions.ask_organisations(annual_report, [charity, hospital], **said)
    assert more.organisation == hospital
    assert ReportContribution.objects.get(pk=first.pk).asks == "Tell us."


def test_a_day_that_has_passed_and_nobody_ticked_are_mended_and_nothing_typed_is_lost(client_of, office, annual_report):
    page = url("ask", annual_report)
    answer = client_of(office).post(page, {"asks": "Our own words", **day("due_on", date(2026, 12, 1))})
    assert answer.status_code == 422
    assert "Enter a day that has not passed" in text_of(answer)
    assert "Choose at least one organisation" in text_of(answer)
    assert "Our own words" in text_of(answer)
    assert not annual_report.contributions.exists()


def test_who_was_withdrawn_may_be_asked_again_and_finds_its_draft(office, partner, drafted):
    contributions.withdraw_contribution(drafted, because="It has merged.", by=office, at=AT)
    assert not ReportContribution.objects.visible_to(partner).exists()
    [again] = contributions.ask_organisations(
        drafted.report, [drafted.organisation], asks="Please", due_on=date(2027, 3, 1), by=office, at=AT
    )
    assert (again.pk, again.withdrawn_at, again.draft.answers["did"]) == (drafted.pk, None, CANARY)


def test_what_was_submitted_is_not_withdrawn(office, submitted):
    with pytest.raises(ValidationError, match="has answered already"):
        contributions.withdraw_contribution(submitted, because="No", by=office, at=AT)


def test_another_day_for_a_reason_that_its_people_read(client_of, office, partner, contribution):
    page = url("day", contribution)
    assert client_of(office).post(page, day("due_on", date(2027, 3, 1))).status_code == 422
    client_of(office).post(page, {"because": "The nurse is ill.", **day("due_on", date(2027, 3, 1))})
    assert ReportContribution.objects.get().due_on == date(2027, 3, 1)
    assert "The nurse is ill." in text_of(client_of(partner).get(url("answer", contribution)))


# What is due


def test_it_is_due_from_the_organisation_s_people_until_it_is_submitted(contribution, partner, other_partner):
    [due] = [each for each in deadlines_for(partner, on=TODAY) if each.key.startswith("report-contribution")]
    assert (due.due_on, due.url) == (date(2027, 1, 29), url("answer", contribution))
    assert not [each for each in deadlines_for(other_partner, on=TODAY) if each.key.startswith("report-contribution")]
    save(contribution, partner, did="Much", difference="Some")
    contributions.submit_contribution(contribution, version=1, by=partner, at=AT)
    assert not deadlines(on=TODAY, keys={due.key})


def test_withdrawn_is_not_due(contribution, office, partner):
    contributions.withdraw_contribution(contribution, because="Merged.", by=office, at=AT)
    assert not [each for each in deadlines_for(partner, on=TODAY) if each.key.startswith("report-contribution")]


def test_the_office_asks_once_more_and_only_those_who_have_not_answered(
    client_of, office, partner, other_partner, contribution, hospital
):
    ReportContributionFactory(
        report=contribution.report, organisation=hospital, submitted_by=other_partner, submitted_at=AT, did="Done"
    )
    client_of(office).post(url("chase", contribution.report))
    told = Reminder.objects.filter(deadline_key__startswith="report-contribution")
    assert set(told.values_list("recipient", "asked_by")) == {(partner.pk, office.pk)}


# The list


def test_the_list_says_who_answered_who_is_late_and_none_of_the_words(
    client_of, office, drafted, hospital, other_partner
):
    report = drafted.report
    ReportContributionFactory(
        report=report, organisation=hospital, submitted_by=other_partner, submitted_at=AT, did="One two three"
    )
    ReportContribution.objects.filter(pk=drafted.pk).update(due_on=date(2027, 1, 8))
    text = text_of(client_of(office).get(url("list", report)))
    assert "4 days late. Not answered" in text
    assert "Answered 11 January 2027" in text
    assert CANARY not in text


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("submitted", {"Gave"}),
        ("waiting", {"Late", "Back"}),
        ("late", {"Late"}),
        ("returned", {"Back"}),
        ("withdrawn", {"Left"}),
    ],
)
def test_the_list_is_narrowed(client_of, office, annual_report, state, found):
    of = {"report": annual_report, "asked_by": office}
    named = {name: OrganisationFactory(name=name) for name in ("Gave", "Late", "Back", "Left")}
    ReportContributionFactory(organisation=named["Gave"], submitted_at=AT, submitted_by=office, **of)
    ReportContributionFactory(organisation=named["Late"], due_on=date(2027, 1, 1), **of)
    ReportContributionFactory(organisation=named["Back"], returned_at=AT, returned_because="Say more.", **of)
    ReportContributionFactory(organisation=named["Left"], withdrawn_at=AT, **of)
    page = client_of(office).get(url("list", annual_report), {"state": state})
    assert {str(row.organisation) for row in page.context["table"].data} == found


def test_the_list_is_taken_away_as_excel_without_a_word_of_a_draft(client_of, office, drafted):
    answer = client_of(office).get(url("list", drafted.report), {"export": "xlsx"})
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[1][0] == drafted.organisation.name
    assert CANARY not in str(rows)


@pytest.mark.parametrize("many", [1, 3, 10, 60])
def test_list_query_count(client_of, office, annual_report, many):
    for number in range(many):
        ReportContributionFactory(
            report=annual_report,
            organisation=OrganisationFactory(name=f"Agency {number:02}"),
            asked_by=office,
            submitted_at=AT if number % 2 else None,
            submitted_by=office if number % 2 else None,
        )
    client = client_of(office)
    client.get(url("list", annual_report))
    assert count_queries(client, url("list", annual_report)) == LIST_QUERIES


LIST_QUERIES = 10


# Writing


def test_what_is_typed_is_saved_by_itself_for_colleagues(client_of, partner, contribution):
    page = reverse("assurance:contribution-save", args=[contribution.pk, "did"])
    answer = client_of(partner).post(page, typed(did=CANARY))
    assert answer.json()["seen"] == mark(CANARY)
    draft = ContributionDraft.objects.get()
    assert (draft.answers, draft.version, draft.saved_by) == ({"did": CANARY}, 1, partner)
    assert CANARY in text_of(client_of(partner).get(url("answer", contribution)))


def test_two_people_who_write_different_answers_do_not_disturb_each_other(partner, contribution):
    save(contribution, partner, did="Mine")
    draft = save(contribution, partner, difference="A colleague’s")
    assert (draft.answers, draft.version) == ({"did": "Mine", "difference": "A colleague’s"}, 2)


def test_who_writes_over_a_colleague_s_words_is_shown_both_and_loses_nothing(client_of, partner, contribution):
    save(contribution, partner, did="Theirs")
    client, page = client_of(partner), url("answer", contribution)
    by_itself = client.post(reverse("assurance:contribution-save", args=[contribution.pk, "did"]), typed(did="Mine"))
    assert (by_itself.status_code, by_itself.json()["theirs"]) == (409, "Theirs")
    whole = client.post(page, typed(did="Mine") | typed(ahead="More money"))
    assert whole.status_code == 409
    assert "Theirs" in text_of(whole)
    assert "Mine" in text_of(whole)
    assert ContributionDraft.objects.get().answers == {"did": "Theirs", "ahead": "More money"}
    client.post(page, typed(seen="Theirs", did="Mine"))
    assert ContributionDraft.objects.get().answers["did"] == "Mine"


def test_theirs_is_taken_by_one_press(client_of, partner, contribution):
    save(contribution, partner, did="Theirs")
    client_of(partner).post(url("answer", contribution), typed(did="Mine") | {"theirs": "did"})
    assert ContributionDraft.objects.get().answers == {"did": "Theirs"}


def test_a_page_that_was_open_for_long_overwrites_nothing_that_it_left_alone(client_of, partner, contribution):
    save(contribution, partner, did="New words of a colleague")
    client_of(partner).post(url("answer", contribution), typed(did="") | typed(ahead="Mine"))
    assert ContributionDraft.objects.get().answers == {"did": "New words of a colleague", "ahead": "Mine"}


def test_words_that_are_too_long_stay_on_the_page_and_the_others_are_saved(client_of, partner, contribution):
    answer = client_of(partner).post(url("answer", contribution), typed(did="x" * 20_001) | typed(ahead="Short"))
    assert answer.status_code == 422
    assert "x" * 20_001 in text_of(answer)
    assert ContributionDraft.objects.get().answers == {"ahead": "Short"}


def test_what_it_gives_in_that_was_typed_too_late_is_shown_to_be_copied(client_of, partner, submitted):
    answer = client_of(partner).post(url("answer", submitted), typed(did="Typed too late"))
    assert answer.status_code == 409
    assert "Typed too late" in text_of(answer)
    assert ReportContribution.objects.get().did == CANARY


# Beside the boxes


@pytest.fixture
def last_year(annual_report, charity, partner, partnership):
    earlier = AnnualReportFactory(
        title="Annual report 2024 to 2025",
        starts_on=date(2024, 4, 1),
        ends_on=date(2025, 3, 31),
        rule_set=annual_report.rule_set,
        partnerships=[partnership],
    )
    return ReportContributionFactory(
        report=earlier,
        organisation=charity,
        asked_by=partner,
        submitted_by=partner,
        submitted_at=AT,
        did="Last year’s answer",
    )


def test_last_year_s_answer_stands_beside_it_and_is_taken_over_by_one_press(
    client_of, partner, contribution, last_year
):
    client, page = client_of(partner), url("answer", contribution)
    assert "Last year’s answer" in text_of(client.get(page))
    client.post(page, typed(did="") | {"still": "did"})
    assert ContributionDraft.objects.get().answers == {"did": "Last year’s answer"}
    refused = client.post(page, typed(seen="Last year’s answer", did="Own words") | {"still": "did"})
    assert refused.status_code == 422
    assert "Own words" in text_of(refused)


def test_what_another_organisation_wrote_last_year_does_not(client_of, partner, contribution, last_year, hospital):
    ReportContribution.objects.filter(pk=last_year.pk).update(organisation=hospital)
    assert "Last year’s answer" not in text_of(client_of(partner).get(url("answer", contribution)))


@pytest.fixture
def said_already(annual_report, charity, draft_return, partner):
    """Greta's return of the report's year is submitted."""
    request = draft_return.request
    request.due_on = date(2026, 1, 29)
    request.save()
    Return.objects.filter(pk=draft_return.pk).update(submitted_at=AT, submitted_by=partner)
    return draft_return


def test_a_return_of_the_year_is_offered_as_a_start(client_of, partner, contribution, said_already):
    answer = said_already.answers.get()
    client, page = client_of(partner), url("answer", contribution)
    assert answer.text in text_of(client.get(page))
    client.post(page, typed(did="We begin.") | {"take": f"did:{answer.pk}"})
    assert ContributionDraft.objects.get().answers == {"did": f"We begin.\n\n{answer.text}"}


def test_a_return_of_another_organisation_is_not(client_of, partner, contribution, submitted_return):
    submitted_return.request.due_on = date(2026, 1, 29)
    submitted_return.request.save()
    answer = submitted_return.answers.first()
    client, page = client_of(partner), url("answer", contribution)
    assert answer.text not in text_of(client.get(page))
    client.post(page, typed(did="") | {"take": f"did:{answer.pk}"})
    assert not ContributionDraft.objects.exclude(answers={}).exists()


def test_the_partnership_tells_an_organisation_what_it_knows_of_it_and_of_no_other(
    annual_report, charity, hospital, event, said_already, submitted_return, led_deliverable, plan
):
    event.starts_at = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
    event.save()
    event.course.partnerships.set(annual_report.partnerships.all())
    event.places.all().delete()
    PlaceFactory(event=event, organisation=charity, status=Place.Status.ATTENDED)
    PlaceFactory(event=event, organisation=charity, status=Place.Status.MISSED)
    PlaceFactory(event=event, organisation=hospital, status=Place.Status.ATTENDED)
    plan.starts_on = date(2025, 4, 1)
    plan.save()
    DeliverableLeadFactory(deliverable=led_deliverable, organisation=charity)
    known = {each.label: each.value for each in known_of(charity, Year.of(annual_report))}
    assert known == {
        "Training places taken up": "1 of 2",
        "Returns submitted": "1 of 1, 1 late",
        "Deliverables you lead": "1",
    }


@pytest.mark.parametrize("many", [1, 3])
def test_answer_query_count(client_of, partner, contribution, last_year, said_already, event, many):
    for _number in range(many):
        PlaceFactory(event=event, organisation=contribution.organisation)
    client = client_of(partner)
    client.get(url("answer", contribution))
    assert count_queries(client, url("answer", contribution)) == ANSWER_QUERIES


ANSWER_QUERIES = 21


# Submitting


def test_it_reads_how_it_would_be_printed_and_submits_exactly_that(client_of, partner, office, drafted):
    client = client_of(partner)
    page = client.get(drafted.get_absolute_url())
    assert CANARY in text_of(page)
    version = page.context["draft"].version
    assert client.post(url("submit", drafted), {"version": version}).url == drafted.get_absolute_url()
    assert CANARY in text_of(client_of(office).get(drafted.get_absolute_url()))


def test_words_that_came_in_since_it_was_read_are_read_first(client_of, partner, drafted):
    contributions.save_draft(drafted, {"ahead": ("A colleague’s", mark(""))}, by=partner, at=AT)
    answer = client_of(partner).post(url("submit", drafted), {"version": "1"})
    assert answer.status_code == 409
    assert "A colleague’s" in text_of(answer)
    assert ReportContribution.objects.get().submitted_at is None
    assert client_of(partner).post(url("submit", drafted), {"version": "2"}).status_code == 302


def test_what_must_be_answered_is_named(client_of, partner, contribution):
    save(contribution, partner, did="Much")
    answer = client_of(partner).post(url("submit", contribution), {"version": "1"})
    assert answer.status_code == 422
    assert "What difference did it make, and how do you know? Write an answer" in text_of(answer)


def test_submitted_it_stands(client_of, partner, submitted):
    client = client_of(partner)
    assert client.get(url("answer", submitted)).url == submitted.get_absolute_url()
    by_itself = client.post(reverse("assurance:contribution-save", args=[submitted.pk, "did"]), typed(did="Other"))
    assert (by_itself.status_code, by_itself.json()["is_over"]) == (409, True)
    with pytest.raises(contributions.AlreadySubmitted):
        contributions.submit_contribution(submitted, version=1, by=partner, at=AT)


def test_once_the_report_is_published_nothing_more_is_written(drafted, partner, published):
    with pytest.raises(contributions.NoLongerAsked):
        contributions.save_draft(drafted, {"did": ("More", mark(CANARY))}, by=partner, at=AT)


@pytest.fixture
def published(drafted, office, partnership, published_file_of):
    AnnualReport.objects.filter(pk=drafted.report_id).update(published_file=published_file_of(partnership))


# Given back and shortened


def test_given_back_it_is_a_draft_again_with_its_words_and_the_reason(client_of, office, partner, submitted):
    page = url("give-back", submitted)
    assert client_of(office).post(page, {"because": ""}).status_code == 422
    client_of(office).post(page, {"because": "How many families?"})
    given_back = ReportContribution.objects.get()
    assert (given_back.submitted_at, given_back.did, given_back.draft.answers["did"]) == (None, "", CANARY)
    text = text_of(client_of(partner).get(url("answer", submitted)))
    assert CANARY in text
    assert "How many families?" in text
    assert contributions_content(given_back.report) == []


def test_what_the_office_gave_back_it_reads_no_more_until_it_is_submitted_anew(client_of, office, partner, submitted):
    contributions.give_back(submitted, because="How many?", at=AT)
    contributions.save_draft(submitted, {"did": ("Ninety families", mark(CANARY))}, by=partner, at=AT)
    assert "Ninety families" not in text_of(client_of(office).get(submitted.get_absolute_url()))
    contributions.submit_contribution(submitted, version=2, by=partner, at=AT)
    assert "Ninety families" in text_of(client_of(office).get(submitted.get_absolute_url()))


def test_giving_back_twice_is_once(submitted):
    contributions.give_back(submitted, because="How many?", at=AT)
    with pytest.raises(ValidationError, match="has it already"):
        contributions.give_back(submitted, because="Again", at=AT)


def test_the_office_shortens_what_is_printed_and_the_organisation_sees_both(client_of, office, partner, submitted):
    client_of(office).post(url("shorten", submitted), {"printed": "Twenty-one volunteers.\n\n- one\n- two"})
    assert contributions_content(submitted.report) == [
        {
            "organisation": submitted.organisation.name,
            "paragraphs": [{"text": "Twenty-one volunteers."}, {"items": ["one", "two"]}],
        }
    ]
    text = text_of(client_of(partner).get(submitted.get_absolute_url()))
    assert "The office shortened it" in text
    assert CANARY in text
    assert ReportContribution.objects.get().did == CANARY


def test_a_text_for_print_that_is_what_was_written_shortens_nothing(client_of, office, submitted):
    client_of(office).post(url("shorten", submitted), {"printed": contributions.written(submitted)})
    assert ReportContribution.objects.get().printed == ""


# What is printed, and lacked


def test_the_report_prints_what_was_submitted_by_name(submitted, hospital, other_partner):
    ReportContributionFactory(
        report=submitted.report,
        organisation=hospital,
        did="We trained forty.",
        submitted_by=other_partner,
        submitted_at=AT,
    )
    assert contributions_content(submitted.report) == [
        {
            "organisation": "Lantern Family Trust",
            "paragraphs": [{"text": CANARY}, {"text": "Forty families told us."}],
        },
        {"organisation": "St Brannoc’s Hospital Trust", "paragraphs": [{"text": "We trained forty."}]},
    ]


def test_a_report_lacks_those_who_were_asked_and_are_silent_and_asking_itself(annual_report, drafted, hospital):
    assert [(each.what, each.who) for each in lacks_of_contributions(annual_report, on=date(2027, 2, 1))] == [
        ("The contribution of Lantern Family Trust, late, due 29 January 2027", "Lantern Family Trust")
    ]
    ReportContribution.objects.update(withdrawn_at=AT)
    assert [each.what for each in lacks_of_contributions(annual_report, on=TODAY)] == [
        "Contributions of agencies: nobody has been asked yet"
    ]


def test_a_correction_prints_what_the_first_edition_did(submitted, published_file_of, partnership):
    report = submitted.report
    report.published_file = published_file_of(partnership)
    report.save()
    edition = start_edition(report, changes="A figure was wrong.")
    assert contributions_content(edition) == contributions_content(report)


# Nobody else reads a draft


def test_no_page_and_no_export_of_anybody_else_holds_a_word_of_a_draft(
    client_of, drafted, office, advisor, lead_partner, other_partner, chair
):
    report = drafted.report
    pages = [
        url("list", report),
        f"{url('list', report)}?export=xlsx",
        f"{url('list', report)}?export=csv",
        drafted.get_absolute_url(),
        url("answer", drafted),
        url("shorten", drafted),
        report.get_absolute_url(),
        reverse("assurance:report-preview", args=[report.pk]),
        reverse("assurance:statement-write", args=[report.pk]),
        reverse("assurance:my-work"),
        reverse("partnership:record-history", args=["assurance.reportcontribution", drafted.pk]),
    ]
    for person in (office, advisor, lead_partner, other_partner, chair):
        for page in pages:
            assert CANARY not in text_of_any(client_of(person).get(page)), (person, page)


def text_of_any(response):
    if "spreadsheet" in response.headers["Content-Type"]:
        return str(list(load_workbook(BytesIO(response.content)).active.values))
    return response.content.decode()


def test_control_submitted_it_is_on_pages_of_those_inside(client_of, submitted, office, advisor, lead_partner):
    for person in (office, advisor, lead_partner):
        assert CANARY in text_of(client_of(person).get(submitted.get_absolute_url()))
    preview = reverse("assurance:report-preview", args=[submitted.report_id])
    assert CANARY in text_of(client_of(office).get(preview))


def test_postgresql_itself_hides_a_draft_from_other_organisations():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'assurance_contributiondraft'"
        )
        assert cursor.fetchone() == (True, True)


def test_its_people_find_it_again_from_the_list_of_reports(client_of, partner, other_partner, submitted):
    reports = reverse("assurance:report-list")
    assert submitted.get_absolute_url() in text_of(client_of(partner).get(reports))
    assert submitted.get_absolute_url() not in text_of(client_of(other_partner).get(reports))
