"""The report's pages: the office makes and publishes, partners and the public read and download."""

import hashlib

import pytest
from django.urls import reverse

from assurance.models import AnnualReport, ReportBuild
from partnership.models import PublishedFile, RuleSet
from tests.assurance.conftest import PROOF

pytestmark = pytest.mark.django_db

VACANT = "The post of its lead was vacant."  # who signs stands in test_report_sign_off


def address(name, *args):
    return reverse(f"assurance:{name}", args=args)


def text_of(response):
    return response.content.decode()


def article_of(response):
    """The report itself, without what stands around it."""
    page = text_of(response)
    return page[page.index('<article class="edition">') : page.index("</article>")]


@pytest.fixture
def office_client(client_of, office):
    return client_of(office)


@pytest.fixture
def make_proof(office_client, quick_pdf, django_capture_on_commit_callbacks):
    """Press "Make the PDF", and have the worker make it."""

    def make_proof(report):
        with django_capture_on_commit_callbacks(execute=True):
            response = office_client.post(address("report-build", report.pk))
        build = report.builds.first()
        assert response.url == build.get_absolute_url()
        return build

    return make_proof


@pytest.fixture
def published(report, make_proof, office_client):
    build = make_proof(report)
    office_client.post(address("report-publish", report.pk), {"build": build.pk, "without": VACANT})
    report.refresh_from_db()
    return report


# From the first heading to the published file


def test_the_office_starts_a_report(office_client, office, partnership, other_partnership, year):
    suggested = office_client.get(address("report-start")).context["form"].initial
    assert (suggested["starts_on"].isoformat(), suggested["ends_on"].isoformat()) == ("2025-04-01", "2026-03-31")
    response = office_client.post(
        address("report-start"),
        {
            "partnerships": [partnership.pk, other_partnership.pk],
            "starts_on_day": "1",
            "starts_on_month": "4",
            "starts_on_year": "2026",
            "ends_on_day": "31",
            "ends_on_month": "March",
            "ends_on_year": "2027",
            "rule_set": RuleSet.objects.get(code="wt2018").pk,
        },
    )
    report = AnnualReport.objects.get()
    assert response.url == report.get_absolute_url()
    assert report.sections.count() == 5
    assert set(report.partnerships.all()) == {partnership, other_partnership}


def test_a_report_of_another_s_partnership_cannot_be_started(office_client, far_partnership):
    response = office_client.post(address("report-start"), {"partnerships": [far_partnership.pk]})
    assert (response.status_code, AnnualReport.objects.count()) == (422, 0)


def test_an_opening_sentence_of_more_than_25_words_is_sent_back(office_client, report):
    section = report.sections.first()
    response = office_client.post(
        address("section-change", report.pk, section.pk), {"standfirst": "word " * 26, "narrative": ""}
    )
    assert response.status_code == 422
    assert "Use 25 words or fewer. You have 26" in text_of(response)


def test_the_preview_is_what_would_be_printed(office_client, report):
    section = report.sections.get(rule__code="costs")
    section.narrative = "It cost <what> it cost."
    section.save()
    page = text_of(office_client.get(address("report-preview", report.pk)))
    assert "It cost &lt;what&gt; it cost." in page
    assert page.count("No evidence was filed under this heading") == 12  # what nobody took is not printed


def test_progress_is_shown_until_the_proof_is_there(office_client, report, office):
    build = ReportBuild.objects.create(
        report=report,
        requested_by=office,
        state="running",
        step="Laying out page 12 of about 25",
        done_count=12,
        total_count=25,
    )
    url = build.get_absolute_url()
    part = text_of(office_client.get(url, headers={"HX-Request": "true"}))
    assert part.strip().startswith('<div class="card" id="progress"')
    assert 'hx-trigger="every 1s"' in part
    assert "Laying out page 12 of about 25" in part
    assert '<progress max="25" value="12">' in part
    assert "<html" in text_of(office_client.get(url))

    ReportBuild.objects.filter(pk=build.pk).update(
        state="done", pdf=PROOF, page_count=25, size=262_000, finished_at=build.requested_at, sha256="ab"
    )
    done = text_of(office_client.get(url, headers={"HX-Request": "true"}))
    assert "hx-trigger" not in done
    assert address("build-proof", build.pk) in done


def test_the_proof_is_a_file_for_those_inside_alone(make_proof, report, client_of, office_client, partner, stranger):
    build = make_proof(report)
    url = address("build-proof", build.pk)
    response = office_client.get(url)
    assert response.content == PROOF + b"1"
    assert response["Content-Disposition"] == 'attachment; filename="annual-report-2026-27-edition-1-proof.pdf"'
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert [client_of(user).get(url).status_code for user in (partner, stranger)] == [404, 404]


def test_the_office_publishes_the_proof_that_it_was_shown(make_proof, report, office_client):
    build = make_proof(report)
    url = address("report-publish", report.pk)
    page = text_of(office_client.get(url))
    assert hashlib.sha256(PROOF + b"1").hexdigest() in page
    response = office_client.post(url, {"build": build.pk, "without": VACANT}, follow=True)
    assert "The report is published" in text_of(response)
    report.refresh_from_db()
    assert bytes(report.published_file.content) == PROOF + b"1"


def test_a_changed_report_is_not_published_and_says_why(make_proof, report, office_client, past_update):
    build = make_proof(report)
    past_update.difference_made = "Another word."
    past_update.save()
    url = address("report-publish", report.pk)
    assert "Something in the report has changed" in text_of(office_client.get(url))
    response = office_client.post(url, {"build": build.pk, "without": VACANT}, follow=True)
    assert "has changed since this proof was made" in text_of(response)
    assert PublishedFile.objects.count() == 0


@pytest.mark.parametrize("build", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_no_other_build_is_published(office_client, report, build):
    response = office_client.post(address("report-publish", report.pk), {"build": build, "without": VACANT})
    assert (response.status_code, PublishedFile.objects.count()) == (422, 0)


def test_a_published_report_is_changed_by_nobody(published, office_client):
    section = published.sections.first()
    refused = [
        office_client.post(address("section-change", published.pk, section.pk), {"narrative": "x"}),
        office_client.post(address("foreword-change", published.pk), {"foreword": "x"}),
        office_client.post(address("report-build", published.pk)),
        office_client.post(address("report-gather", published.pk)),
    ]
    assert [response.status_code for response in refused] == [403] * 4
    again = office_client.post(address("report-publish", published.pk), {"build": published.builds.first().pk})
    assert again.url == published.get_absolute_url()  # whoever published it is led there
    assert (AnnualReport.objects.count(), PublishedFile.objects.filter(annual_report=published).count()) == (1, 1)


def test_a_correction_starts_from_the_published_report(published, office_client):
    response = office_client.post(address("report-edition", published.pk), {"changes": "A total was wrong."})
    edition = AnnualReport.objects.get(edition=2)
    assert response.url == edition.get_absolute_url()
    assert (edition.corrects, edition.changes) == (published, "A total was wrong.")


# Who reads


def test_only_those_inside_see_a_report_in_the_making(
    report, client_of, office, advisor, lead_partner, partner, chair, stranger, administrator
):
    url = report.get_absolute_url()
    inside = [client_of(user).get(url).status_code for user in (office, advisor, lead_partner)]
    outside = [client_of(user).get(url).status_code for user in (partner, chair, stranger, administrator)]
    assert (inside, outside) == ([200] * 3, [404] * 4)
    assert report.title not in text_of(client_of(partner).get(address("report-list")))
    assert report.title in text_of(client_of(office).get(address("report-list")))


def test_a_partner_and_the_public_download_the_published_bytes(published, client_of, partner, partnership):
    file = published.published_file
    listed = text_of(client_of(partner).get(address("report-list")))
    page_url = address("public-report", partnership.slug, published.pk)
    page = text_of(client_of(None).get(page_url))
    assert file.get_absolute_url() in listed and page_url in listed
    assert "Download PDF, 3 pages, 1 kB" in page
    assert file.sha256 in page and "Edition 1, published 12 January 2027" in page
    downloads = [client_of(user).get(file.get_absolute_url()).content for user in (partner, None)]
    assert downloads == [PROOF + b"1", PROOF + b"1"]
    assert {hashlib.sha256(content).hexdigest() for content in downloads} == {file.sha256}


def test_the_list_leads_to_no_page_of_a_partnership_that_is_not_open_to_the_public(
    published, client_of, office, partnership, other_partnership
):
    partnership.is_public = False
    partnership.save()
    assert address("public-report", other_partnership.slug, published.pk) in report_list(client_of(office))
    other_partnership.is_public = False
    other_partnership.save()
    assert "Read it as a page" not in report_list(client_of(office))
    assert published.published_file.get_absolute_url() in report_list(client_of(office))


def report_list(client):
    return text_of(client.get(address("report-list")))


def test_the_public_list_shows_what_is_published_alone(
    published, annual_report, client_of, partnership, far_partnership
):
    public = client_of(None)
    page = text_of(public.get(address("public-report-list", partnership.slug)))
    assert published.title in page and annual_report.title not in page
    assert "No report is published yet" in text_of(public.get(address("public-report-list", far_partnership.slug)))
    assert public.get(address("public-report", partnership.slug, annual_report.pk)).status_code == 404
    assert public.get(address("public-report", far_partnership.slug, published.pk)).status_code == 404


def test_the_public_page_stays_as_it_was_published(published, client_of, partnership, plan, past_update):
    url = address("public-report", partnership.slug, published.pk)
    before = article_of(client_of(None).get(url))
    past_update.difference_made = "Rewritten afterwards."
    past_update.save()
    plan.priorities.update(title="Renamed afterwards")
    assert article_of(client_of(None).get(url)) == before
    assert "Plans were in place in 14 of 20 cases." in before


@pytest.mark.parametrize("reports", [1, 3])
def test_lists_ask_no_more_for_more_reports(
    reports, published, office_client, office, partnership, django_assert_num_queries
):
    for number in range(1, reports):
        copy = AnnualReport.objects.get(pk=published.pk)
        file = PublishedFile.objects.get(pk=published.published_file_id)
        file.pk, file._state.adding, file.title = None, True, f"Report {number}"
        file.save()
        copy.pk, copy._state.adding, copy.published_file = None, True, file
        copy.save()
        copy.partnerships.add(partnership)
    with django_assert_num_queries(10):
        office_client.get(address("report-list"))
