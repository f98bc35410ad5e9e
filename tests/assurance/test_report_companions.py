"""What goes out with the annual report: brought and looked at, made with the proof, published with it or later."""

import io

import docx
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx.shared import Cm
from pikepdf import Array, Dictionary, Name

from assurance.annual.builds import request_build, run_build
from assurance.annual.companions import (
    bring,
    carry_companions,
    lacks_of_companions,
    publish_companion,
    publish_companions,
    remove,
)
from assurance.annual.languages import LANGUAGES, is_same
from assurance.models import ReportCompanion
from partnership.models import PublishedFile
from partnership.pdf import render_pdf
from partnership.publishing import CannotPublish, sha256_of
from partnership.uploads import UnreadableFile
from tests.assurance.conftest import ONE_PAGE, PROOF
from tests.conftest import TODAY
from tests.factories import AnnualReportFactory
from tests.factories_report import LAST_WEEK, ReportBuildFactory

pytestmark = pytest.mark.django_db

HTML = (
    '<!DOCTYPE html><html lang="{}"><head><title>The year</title></head><body><h1>The year</h1><p>{}</p></body></html>'
)


@pytest.fixture(scope="module")
def tagged():
    """A small PDF as our own engine makes them, in English."""
    return render_pdf(HTML.format("en-GB", "What we did."), assets={}).content


@pytest.fixture
def untagged():
    """One page with a line on it and nothing that says what it is."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(b"0 0 m 10 10 l S")
    return as_bytes(pdf)


def as_bytes(pdf):
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


@pytest.fixture
def brought(annual_report, office, tagged):
    def brought(report=annual_report, *, kind="easy-read", language="en-GB", content=tagged, **more):
        values = {"filename": "easy.pdf", "by": office, "at": LAST_WEEK} | more
        return bring(report, kind=kind, language=language, content=content, **values)

    return brought


def address(name, *args):
    return reverse(f"assurance:{name}", args=args)


def published(report, office, **fields):
    """The report, published from a proof that has what ``fields`` say; gives the files beside it."""
    build = ReportBuildFactory(report=report, requested_by=office, **fields)
    report.published_file = a_file(report, office)
    report.save()
    return publish_companions(report, build=build, by=office, at=LAST_WEEK)


def a_file(report, office):
    return PublishedFile.objects.create(
        kind="annual-report", title="A report", filename="r.pdf", content=PROOF, sha256=sha256_of(PROOF), size=9,
        published_at=LAST_WEEK, published_by=office,
    )  # fmt: skip


# Looked at on arrival


def test_a_tagged_pdf_has_nothing_against_it(brought):
    companion = brought()
    assert (companion.findings, companion.title) == ([], "Annual report 2025 to 2026 in easy read")


def test_a_pdf_without_tags_is_taken_and_told(brought, untagged):
    findings = brought(content=untagged).findings
    assert "It has no tags: a screen reader guesses what is a heading, a list, a table" in findings
    assert {"It does not say which language it is in", "It has no title"} <= set(findings)


def test_a_picture_without_words_and_letters_that_are_not_in_it_are_told(brought, tagged):
    with pikepdf.open(io.BytesIO(tagged)) as pdf:
        tree = pdf.Root.StructTreeRoot
        figure = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Figure, P=tree, K=Array()))
        tree.K = Array([*tree.K, figure])
        for item in pdf.objects:
            if isinstance(item, Dictionary) and item.get("/Type") == Name.FontDescriptor:
                for key in {"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys()):
                    del item[key]
        findings = " ".join(brought(content=as_bytes(pdf)).findings)
    assert "A picture has no words that say what it shows" in findings
    assert "are not in the file" in findings


def test_another_language_than_it_was_brought_as_is_told(brought, tagged):
    assert brought(kind="language", language="pl").findings == [
        "It says that it is in “en-GB”, and was brought as Polish"
    ]
    in_polish = render_pdf(HTML.format("pl-PL", "Co zrobiliśmy."), assets={}).content
    assert brought(kind="language", language="pl", content=in_polish).findings == []


@pytest.mark.parametrize("one,other,same", [("pl", "pl-PL", True), ("en-GB", "en", True), ("pl", "pt", False)])
def test_a_language_is_the_same_wherever_it_is_spoken(one, other, same):
    assert is_same(one, other) is same


def test_the_list_of_languages_names_each_once():
    codes = [code for code, *_names in LANGUAGES]
    assert len(codes) == len(set(codes)) and codes[0] == "en-GB"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"%PDF-1.7 and nothing", "damaged"), (b"PK not a PDF", "damaged")],
)
def test_what_is_no_pdf_is_refused(brought, content, words):
    with pytest.raises(UnreadableFile, match=words):
        brought(content=content)
    assert ReportCompanion.objects.count() == 0


def test_what_acts_by_itself_or_has_a_password_is_refused(brought, tagged):
    with pikepdf.open(io.BytesIO(tagged)) as pdf:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        scripted = as_bytes(pdf)
        file = io.BytesIO()
        pdf.save(file, encryption=pikepdf.Encryption(owner="a", user="b"))
    for content, words in ((scripted, "script"), (file.getvalue(), "password")):
        with pytest.raises(UnreadableFile, match=words):
            brought(content=content)


# Replaced, taken back


def test_another_of_the_same_kind_and_language_takes_its_place(brought, untagged):
    first, second, third = brought(content=untagged), brought(title="Easier"), brought(language="pl")
    assert first.pk == second.pk != third.pk
    first.refresh_from_db()
    assert (first.title, first.findings) == ("Easier", [])


def test_what_is_published_is_neither_replaced_nor_taken_back(brought, annual_report, office):
    companion = brought()
    published(annual_report, office)
    with pytest.raises(CannotPublish, match="published already"):
        brought()
    with pytest.raises(CannotPublish, match="stays as it is"):
        remove(companion)


def test_the_office_is_told_what_stands_against_one(brought, annual_report, untagged):
    brought(kind="children")
    assert list(lacks_of_companions(annual_report, on=TODAY)) == []
    brought(content=untagged)
    [lack] = lacks_of_companions(annual_report, on=TODAY)
    assert "in easy read" in lack.what and lack.url == address("companion-list", annual_report.pk)


# Published


def test_all_go_out_with_the_report_each_with_its_own_hash(brought, annual_report, office, tagged):
    brought()
    brought(kind="language", language="pl")
    files = published(annual_report, office, word=b"PK word", summary=ONE_PAGE)
    assert sorted((each.kind, each.filename, each.page_count, each.sha256) for each in files) == [
        ("easy-read", "annual-report-2025-26-edition-1-easy-read.pdf", 1, sha256_of(tagged)),
        ("language", "annual-report-2025-26-edition-1-language-pl.pdf", 1, sha256_of(tagged)),
        ("summary", "annual-report-2025-26-edition-1-one-page.pdf", 1, sha256_of(ONE_PAGE)),
        ("word", "annual-report-2025-26-edition-1.docx", None, sha256_of(b"PK word")),
    ]
    assert publish_companions(annual_report, build=annual_report.builds.first(), by=office, at=LAST_WEEK) == []


def test_a_proof_of_before_has_no_word_and_no_page_to_publish(annual_report, office):
    assert published(annual_report, office) == []


def test_what_comes_later_is_published_on_its_own(brought, annual_report, office):
    early = brought()
    with pytest.raises(CannotPublish, match="not published yet"):
        publish_companion(early, by=office, at=LAST_WEEK)
    published(annual_report, office)
    late = brought(kind="children")
    assert publish_companion(late, by=office, at=LAST_WEEK).kind == "children"
    with pytest.raises(CannotPublish, match="already"):
        publish_companion(late, by=office, at=LAST_WEEK)


def test_a_correction_s_companions_follow_those_they_correct(brought, annual_report, office):
    first = brought()
    published(annual_report, office, word=b"PK word", summary=ONE_PAGE)
    edition = AnnualReportFactory(edition=2, corrects=annual_report, partnerships=annual_report.partnerships.all())
    carry_companions(annual_report, edition=edition)
    carried = edition.companions.get()
    assert carried.findings == ["It was brought for edition 1: check that nothing this edition corrects stands in it"]
    files = published(edition, office, word=b"PK new", summary=ONE_PAGE + b"2")
    first.refresh_from_db()
    assert {each.kind: (each.edition, each.supersedes.edition) for each in files} == {
        "easy-read": (2, 1),
        "word": (2, 1),
        "summary": (2, 1),
    }
    assert next(each for each in files if each.kind == "easy-read").supersedes_id == first.published_file_id


def test_a_proof_brings_word_and_one_page(report, office, quick_pdf):
    build = request_build(report, by=office)
    run_build(build.pk)
    build.refresh_from_db()
    document = docx.Document(io.BytesIO(bytes(build.word)))
    assert (
        document.core_properties.title.startswith("Annual report")
        and round(document.sections[0].page_width / Cm(1)) == 21
    )
    assert (bytes(build.summary), build.summary_size, build.word_size) == (ONE_PAGE, len(ONE_PAGE), len(build.word))


# Pages


def sent(content, **fields):
    upload = SimpleUploadedFile("easy.pdf", content, content_type="application/pdf")
    return {"kind": "easy-read", "language": "en-GB", "title": "", "upload": upload} | fields


def test_the_office_adds_one_and_reads_what_was_found(client_of, office, annual_report, untagged):
    client = client_of(office)
    response = client.post(address("companion-add", annual_report.pk), sent(untagged), follow=True)
    page = response.content.decode()
    assert "against reading it with a screen reader" in page
    assert "It has no tags" in page
    companion = annual_report.companions.get()
    response = client.get(address("companion-file", companion.pk))
    assert (response.content, response["Content-Disposition"][:10]) == (untagged, "attachment")
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "language"}, "Choose the language, or say that it is easy read"),
        ({"kind": "word"}, "Choose what it is"),
        ({"upload": SimpleUploadedFile("a.pdf", b"MZ")}, "named .pdf but is something else"),
        ({"upload": SimpleUploadedFile("a.docx", b"PK\x03\x04")}, "This is not a PDF"),
        ({"upload": ""}, "Choose the PDF"),
    ],
)
def test_a_wrong_file_or_answer_is_sent_back_with_what_was_typed(
    client_of, office, annual_report, tagged, fields, words
):
    given = sent(tagged, title="My title") | fields
    response = client_of(office).post(address("companion-add", annual_report.pk), given)
    page = response.content.decode()
    assert (response.status_code, words in page, "My title" in page) == (422, True, True)


def test_after_publication_one_is_added_and_published_on_its_own(
    client_of, office, annual_report, partnership, tagged, stranger
):
    published(annual_report, office)
    client = client_of(office)
    client.post(address("companion-add", annual_report.pk), sent(tagged, title="Easy words"))
    companion = annual_report.companions.get(kind="easy-read")
    public = address("public-report", partnership.slug, annual_report.pk)
    assert "Easy words" not in client_of(None).get(public).content.decode()
    assert client_of(stranger).get(address("companion-file", companion.pk)).status_code == 404
    client.post(address("companion-publish", companion.pk))
    companion.refresh_from_db()
    page = client_of(None).get(public).content.decode()
    assert "Easy words" in page and companion.published_file.get_absolute_url() in page
    assert "Easy words" in client_of(None).get(address("public-report-list", partnership.slug)).content.decode()
    file = companion.published_file
    answers = [client.post(address(f"companion-{verb}", companion.pk)).status_code for verb in ("remove", "publish")]
    companion.refresh_from_db()
    assert (answers, companion.published_file) == ([403, 302], file)


def test_a_member_finds_what_is_published_with_a_report_in_the_list_and_not_what_waits(
    client_of, office, partner, annual_report, brought
):
    published(annual_report, office)
    waiting = brought()
    assert "Easy read" not in report_list(client_of(partner))
    client_of(office).post(address("companion-publish", waiting.pk))
    for kind, language in (("language", "pl"), ("easy-read", "cy")):
        companion = brought(kind=kind, language=language)
        client_of(office).post(address("companion-publish", companion.pk))
    name = f'<span class="govuk-visually-hidden">: {annual_report.title}, edition 1</span>'
    page = report_list(client_of(partner))
    links = [f">{words}{name}</a>" in page for words in ("Easy read", "Polish", "Easy read, Welsh")]
    assert (links, file_of(waiting) in page) == ([True] * 3, True)


def report_list(client):
    return client.get(address("report-list")).content.decode()


def file_of(companion):
    companion.refresh_from_db()
    return companion.published_file.get_absolute_url()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_no_more_for_more_companions(
    client_of, office, annual_report, partnership, brought, django_assert_num_queries, count
):
    for language in ("en-GB", "pl", "cy")[:count]:
        brought(language=language)
    published(annual_report, office)
    client, visitor = client_of(office), client_of(None)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(address("companion-list", annual_report.pk))
    with django_assert_num_queries(PUBLIC_QUERIES):
        visitor.get(address("public-report", partnership.slug, annual_report.pk))
    with django_assert_num_queries(PUBLIC_LIST_QUERIES):
        visitor.get(address("public-report-list", partnership.slug))
    with django_assert_num_queries(INNER_LIST_QUERIES):
        client.get(address("report-list"))


LIST_QUERIES, PUBLIC_QUERIES, PUBLIC_LIST_QUERIES, INNER_LIST_QUERIES = 9, 9, 6, 10
