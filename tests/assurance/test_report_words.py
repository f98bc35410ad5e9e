"""Writing the report: beside its evidence, kept as it is typed, with live figures, and drafted from the trail."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assurance.annual import standstill
from assurance.annual.figures import Figures
from assurance.annual.starting import start_report
from assurance.models import ReportDraft, ReportEvidence, ReportSection, ReportSeen
from partnership.models import PublishedFile, RuleSet
from partnership.publishing import publish_file
from plans.models import CarryDecision
from plans.standstill import keep_note
from tests.assurance.conftest import ENDS_ON, STARTS_ON
from tests.conftest import TODAY
from tests.factories import VoiceEntryFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def address(name, *args):
    return reverse(f"assurance:{name}", args=args)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def office_client(client_of, office):
    return client_of(office)


@pytest.fixture
def section(report):
    return report.sections.get(rule__code="feedback")


def section_url(section):
    return address("section-change", section.report_id, section.pk)


def draft_url(report, page):
    return address("report-draft", report.pk, page)


# The words


def test_a_section_is_written_beside_what_is_taken_into_it(office_client, section):
    taken, left = section.evidence.order_by("kind")
    ReportEvidence.objects.filter(pk=taken.pk).update(use="quoted", quote="A few words of it")
    page = text_of(office_client.get(section_url(section)))
    assert "“A few words of it”" in page and "Decide on 1 piece of evidence" in page
    assert left.text not in page
    response = office_client.post(section_url(section), {"standfirst": "We asked.", "narrative": "They said."})
    section.refresh_from_db()
    assert response.status_code == 302
    assert (section.standfirst, section.narrative) == ("We asked.", "They said.")


def test_a_reference_that_names_nothing_is_sent_back_with_the_nearest(office_client, section):
    response = office_client.post(section_url(section), {"standfirst": "", "narrative": "[[place-taken-up]] places"})
    assert response.status_code == 422
    assert "names no figure of this year. Did you mean [[places-taken-up]]" in text_of(response)
    assert "[[place-taken-up]] places</textarea>" in text_of(response)
    section.refresh_from_db()
    assert section.narrative == ""


def test_the_opening_sentence_is_counted_as_it_reads(office_client, section):
    data = {"standfirst": f"{'word ' * 20}[[people-heard change]]", "narrative": ""}
    response = office_client.post(section_url(section), data)
    assert (response.status_code, "Use 25 words or fewer. You have 28" in text_of(response)) == (422, True)


def test_two_people_who_write_at_once_see_both_versions(office_client, section):
    page = office_client.get(section_url(section))
    seen = page.context["form"]["seen"].value()
    ReportSection.objects.filter(pk=section.pk).update(narrative="Theirs.")
    response = office_client.post(section_url(section), {"narrative": "Mine.", "standfirst": "", "seen": seen})
    assert response.status_code == 409
    assert "Theirs." in text_of(response) and "Mine.</textarea>" in text_of(response)
    again = response.context["form"]["seen"].value()
    assert (
        office_client.post(
            section_url(section),
            {"narrative": "Mine.", "standfirst": "", "seen": response.context["form"].data["seen"]},
        ).status_code
        == 302
    ), again


def test_the_year_in_short_is_short(office_client, report):
    url = address("in-short-change", report.pk)
    refused = office_client.post(url, {"in_short": "word " * 151})
    assert (refused.status_code, "You have 151" in text_of(refused)) == (422, True)
    assert office_client.post(url, {"in_short": "We heard [[people-heard]]."}).status_code == 302
    report.refresh_from_db()
    assert report.in_short == "We heard [[people-heard]]."


# Drafts


def test_what_is_typed_is_kept_for_its_writer_alone_and_shows_how_it_reads(
    office_client, client_of, report, section, advisor
):
    url = draft_url(report, f"section:{section.pk}")
    part = office_client.post(
        url, {"narrative": "We heard [[people-heard]].", "standfirst": ""}, headers={"HX-Request": "true"}
    )
    count = Figures.of(report).find("people-heard").words
    assert f"We heard {count}." in text_of(part) and "Kept as a draft at" in text_of(part)
    assert "[[people-heard]].</textarea>" in text_of(office_client.get(section_url(section)))
    section.refresh_from_db()
    assert section.narrative == ""
    assert client_of(advisor).post(url, {"narrative": "x"}).status_code == 403
    office_client.post(section_url(section), {"narrative": "Done.", "standfirst": ""})
    assert not ReportDraft.objects.exists()


def test_a_draft_can_be_thrown_away(office_client, report, section):
    url = draft_url(report, "foreword")
    office_client.post(url, {"foreword": "Dear all"})
    assert "Dear all</textarea>" in text_of(office_client.get(address("foreword-change", report.pk)))
    office_client.post(url, {"foreword": "Dear all", "forget": "yes"})
    assert "Dear all" not in text_of(office_client.get(address("foreword-change", report.pk)))


@pytest.mark.parametrize("page", ["nonsense", "section:0", "section:x", "section:99999999999999999999"])
def test_a_page_that_the_report_does_not_have_is_not_found(office_client, report, page):
    assert office_client.post(draft_url(report, page), {"narrative": "x"}).status_code == 404


def test_a_section_of_another_report_is_not_found(office_client, report, section, partnership):
    other = start_report([partnership], starts_on=STARTS_ON, ends_on=ENDS_ON, rule_set=report.rule_set)
    assert office_client.post(draft_url(other, f"section:{section.pk}"), {"narrative": "x"}).status_code == 404


# Numbers typed by hand


def test_a_typed_number_becomes_a_reference_with_one_press(office_client, report, section, partnership):
    VoiceEntryFactory(partnerships=[partnership], people_count=1146)
    count = Figures.of(report).find("people-heard").words
    typed = {"narrative": f"We heard {count} people.", "standfirst": "Kept too."}
    url = draft_url(report, f"section:{section.pk}")
    page = text_of(office_client.post(url, typed, headers={"HX-Request": "true"}))
    wanted = f"narrative:9:{count}:people-heard"
    assert f'value="{wanted}"' in page
    office_client.post(url, typed | {"replace": wanted})
    answers = ReportDraft.objects.get().answers
    assert (answers["narrative"], answers["standfirst"]) == ("We heard [[people-heard]] people.", "Kept too.")


@pytest.mark.parametrize("wanted", ["", "narrative", "narrative:x:1:people-heard", "other:9:1:people-heard", ":::"])
def test_a_replacement_that_makes_no_sense_changes_nothing(office_client, report, section, wanted):
    url = draft_url(report, f"section:{section.pk}")
    office_client.post(url, {"narrative": "We heard 12 people.", "standfirst": "", "replace": wanted})
    assert ReportDraft.objects.get().answers["narrative"] == "We heard 12 people."


def test_saving_remembers_what_figures_said(office_client, report, section, partnership):
    VoiceEntryFactory(partnerships=[partnership], people_count=1146)
    count = Figures.of(report).find("people-heard").words
    office_client.post(section_url(section), {"narrative": f"We heard {count} people.", "standfirst": ""})
    VoiceEntryFactory(partnerships=[partnership], people_count=4)
    now = Figures.of(report).find("people-heard").words
    page = text_of(office_client.get(section_url(section)))
    assert "It said so once and no longer does." in page and f"now {now}" in page


# What was said the year before


def test_last_year_s_words_stand_beside_this_year_s(office_client, report, section, published_before):
    page = text_of(office_client.get(section_url(section)))
    assert "They told us last year." in page
    other = report.sections.get(rule__code="costs")
    assert "They told us last year." not in text_of(office_client.get(section_url(other)))


@pytest.fixture
def published_before(report, partnership, office):
    before = start_report(
        [partnership],
        starts_on=STARTS_ON.replace(year=2025),
        ends_on=ENDS_ON.replace(year=2026),
        rule_set=report.rule_set,
    )
    title = before.sections.get(rule__code="feedback").title
    printed = {"title": title, "standfirst": "", "paragraphs": [{"text": "They told us last year."}]}
    before.published_file = publish_file(
        partnerships=[partnership],
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=before.title,
        filename="a.pdf",
        content=b"%PDF",
        page_count=1,
        manifest={"sections": [printed], "foreword": {"paragraphs": []}},
        by=office,
        at=NOW,
    )
    before.save()
    return before


# Little or no progress


@pytest.fixture
def stuck(report):
    return report.sections.get(rule__code="little-progress")


def press(client, report, **data):
    return client.post(address("standstill-draft", report.pk), data)


def narrative_of(client, section):
    return client.get(section_url(section)).context["form"]["narrative"].value()


def test_it_is_drafted_from_the_trail_with_one_press(office_client, report, stuck, led_deliverable, office):
    keep_note(led_deliverable, text="Nobody had time.", by=office, at=NOW)
    pieces = standstill.pieces_of(report, on=TODAY)
    assert pieces != []
    response = press(office_client, report)
    assert response.url == f"{section_url(stuck)}#trail"
    assert narrative_of(office_client, stuck) == "\n\n".join(piece.text for piece in pieces)
    stuck.refresh_from_db()
    assert stuck.narrative == ""  # nothing is said until somebody saves it


def test_drafting_again_keeps_what_was_typed_and_shows_what_is_new(office_client, report, stuck, led_deliverable):
    press(office_client, report)
    office_client.post(section_url(stuck), {"narrative": "Our own words.", "standfirst": ""})
    press(office_client, report)
    assert narrative_of(office_client, stuck) == "Our own words."
    assert office_client.get(section_url(stuck)).context["pieces"] == []
    CarryDecision.objects.all().delete()
    ReportSeen.objects.filter(key__startswith="trail:").first().delete()
    new = office_client.get(section_url(stuck)).context["pieces"]
    assert len(new) == 1
    press(office_client, report, piece=new[0].key, narrative="Our own words, longer.", standfirst="")
    assert narrative_of(office_client, stuck) == f"Our own words, longer.\n\n{new[0].text}"
    assert office_client.get(section_url(stuck)).context["pieces"] == []


def test_rules_without_the_heading_get_one_of_their_own(office_client, year, partnership):
    rule_set = next(each for each in RuleSet.objects.all() if not each.rules.filter(code="little-progress").exists())
    report = start_report([partnership], starts_on=STARTS_ON, ends_on=ENDS_ON, rule_set=rule_set)
    ReportSection.objects.filter(report=report, title=standstill.TITLE).delete()
    count = report.sections.count()
    press(office_client, report)
    press(office_client, report)
    own = report.sections.get(title=standstill.TITLE)
    assert (own.rule, report.sections.count()) == (None, count + 1)


def test_no_reason_is_made_up(report):
    for piece in standstill.pieces_of(report, on=TODAY):
        assert piece.text.strip()
    told = [piece.text for piece in standstill.pieces_of(report, on=TODAY) if piece.key.startswith("rating:")]
    assert all("“" in text or standstill.NO_REASON in text for text in told)


# Queries


@pytest.mark.parametrize("rows", [1, 3])
def test_a_section_takes_the_same_queries_however_much_is_beside_it(office_client, report, section, rows):
    made = section.evidence.first()
    for number in range(rows):
        made.pk, made.source_key, made.use = None, f"copy:{number}", "accepted"
        made.save()
    with CaptureQueriesContext(connection) as asked:
        office_client.get(section_url(section))
    COUNTS.add(len(asked))
    assert len(COUNTS) == 1 and len(asked) < 60


COUNTS = set()
