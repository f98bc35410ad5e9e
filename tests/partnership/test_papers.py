"""Papers: what is taken in, what is said of it, and what is left of it once it is safe."""

import io
import threading
import zipfile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from docx.oxml import parse_xml

from partnership import confined
from partnership.confined import Limits, run_confined
from partnership.downloads import POLICY
from partnership.models import Document, Meeting, Paper
from partnership.pack_forms import title_of
from partnership.papers import A_SCAN, NO_FONTS, NO_TAGS, take_paper
from partnership.uploads import UnreadableFile
from tests import paper_samples as samples
from tests.factories import AgendaItemFactory


def address(name, pk):
    return reverse(f"partnership:{name}", args=[pk])


def prepare(content, **limits):
    facts, files = run_confined("partnership.paper_pdf", {"prefix": "p-"}, [content], limits=Limits(**limits))
    return facts, pikepdf.open(io.BytesIO(files[0]))


def read(content):
    facts, files = run_confined("partnership.paper_word", {"prefix": "p-"}, [content])
    return facts, files


def kinds(pdf):
    """The kinds of elements in its tag tree, in reading order."""
    found = []

    def walk(element):
        found.append(str(element.S)[1:])
        for kid in element.get("/K", []):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                walk(kid)

    for top in pdf.Root.StructTreeRoot.K:
        walk(top)
    return found


# PDFs


def test_a_tagged_pdf_keeps_its_headings_one_below_the_papers_own():
    facts, pdf = prepare(samples.tagged_pdf())
    assert (facts["is_tagged"], facts["is_scan"], facts["has_own_fonts"], facts["claims_ua"]) == (
        True,
        False,
        True,
        True,
    )
    assert [kind for kind in kinds(pdf) if kind[0] in "HT" and kind != "TBody"] == [
        "H3", "Table", "THead", "TR", "TH", "TH", "TR", "TD", "TD", "H4",
    ]  # fmt: skip
    assert facts["bookmarks"] == [[0, "How are we doing?", 0], [1, "Part 1", 1]]
    assert [str(link.get("/A", {}).get("/URI", "inside")) for link in pdf.pages[0].Annots] == [
        "https://example.org/",
        "inside",
    ]


def test_an_untagged_pdf_is_read_page_by_page():
    facts, pdf = prepare(samples.untagged_pdf(pages=2))
    assert (facts["is_tagged"], facts["is_scan"], facts["has_own_fonts"]) == (False, False, False)
    assert kinds(pdf) == ["P", "P"]


def test_a_scan_says_that_it_is_a_picture():
    facts, pdf = prepare(samples.scan_pdf())
    assert (facts["is_scan"], kinds(pdf)) == (True, ["Figure"])
    assert "brought as a picture without words" in str(pdf.Root.StructTreeRoot.K[0].Alt)


def test_nothing_that_acts_is_left():
    content = samples.acting_pdf()
    assert whole(pikepdf.open(io.BytesIO(content))).count(b"CANARY") >= 7  # the control
    _, pdf = prepare(content)
    assert whole(pdf).count(b"CANARY") == 0
    assert sorted(pdf.Root.keys()) == ["/MarkInfo", "/Pages", "/StructTreeRoot", "/Type"]
    assert [str(link.A.URI) for link in pdf.pages[0].Annots] == ["https://example.org/kept"]


def whole(pdf):
    """All of its bytes, unpacked, as a viewer could come upon them."""
    file = io.BytesIO()
    pdf.save(file, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    return file.getvalue()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_keeps_its_size_and_stands_upright_in_its_frame(turn):
    source = pikepdf.open(io.BytesIO(samples.untagged_pdf(size=(600, 900))))
    source.pages[0].obj.Rotate = turn
    facts, pdf = prepare(samples.saved(source))
    seen = [600, 900] if turn in {0, 180} else [900, 600]
    assert facts["sizes"] == [seen]
    assert [float(side) for side in pdf.pages[0].MediaBox] == [0, 0, *seen]
    assert "/Rotate" not in pdf.pages[0].obj


REFUSED = {
    "with a password": (samples.locked_pdf, "has a password"),
    "damaged": (lambda: b"%PDF-1.7 nothing", "is damaged"),
    "half": (lambda: samples.tagged_pdf()[:300], "is damaged"),
    "that unpacks to something huge": (samples.bomb_pdf, "huge|too long|too much"),
    "with too many pages": (lambda: samples.untagged_pdf(pages=401), "has 401 pages"),
    "with a tiny page": (lambda: samples.untagged_pdf(size=(9, 9)), "far too small or too large"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_pdf_is_refused_with_a_sentence(kind):
    make, words = REFUSED[kind]
    with pytest.raises(UnreadableFile, match=words):
        prepare(make())


def test_tags_that_hang_in_themselves_are_walked_once():
    facts, pdf = prepare(samples.circle_pdf())
    assert facts["is_tagged"]
    assert kinds(pdf).count("Table") == 1


# Word


def test_a_word_paper_is_read_with_its_headings_table_and_picture():
    facts, files = read(samples.word())
    html = facts["html"]
    assert [html.count(f"<{tag}>") for tag in ("h3", "h4", "h5", "thead", "li")] == [2, 1, 0, 1, 1]
    assert '<th scope="col"><p>Area</p></th>' in html
    assert 'src="p-picture-1.png"' in html
    assert facts["pictures"] == ["p-picture-1.png"]
    assert files[0].startswith(b"\x89PNG")


def with_script(document):
    paragraph = document.add_paragraph("<script>alert(1)</script><img src=x onerror=alert(1)>")
    relation = document.part.relate_to("javascript:alert(2)", LINK, is_external=True)
    paragraph._p.append(parse_xml(f'<w:hyperlink {SPACES} r:id="{relation}"><w:r><w:t>x</w:t></w:r></w:hyperlink>'))


LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def test_no_script_of_a_word_paper_is_left():
    html = read(samples.word(fill=with_script))[0]["html"]
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "javascript" not in html
    assert "<img src=x" not in html


def test_a_picture_with_far_too_many_pixels_is_left_out_and_told():
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(samples.word())) as given, zipfile.ZipFile(changed, "w") as made:
        for name in given.namelist():
            content = given.read(name)
            if name.endswith(".png"):  # 60,000 by 60,000, says its header
                content = content[:16] + (60_000).to_bytes(4, "big") * 2 + content[24:]
            made.writestr(name, content)
    facts, files = read(changed.getvalue())
    assert (facts["lost_pictures"], files) == (1, [])
    assert "[A drawing that can’t be shown here]" in facts["html"]


def test_a_file_that_is_no_document_is_refused():
    with pytest.raises(UnreadableFile, match="damaged"):
        read(b"PK\x03\x04 nothing")


# The process


def test_whoever_waits_is_told_so_while_a_question_takes_long(monkeypatch):
    monkeypatch.setattr(confined, "SECONDS_BETWEEN_WORDS", 0.01)
    told = []
    answer, _ = run_confined(
        "partnership.paper_word", {"prefix": ""}, [samples.word()], on_wait=lambda: told.append("still there")
    )
    assert answer["pictures"] == ["picture-1.png"]
    assert len(told) > 1


def test_a_question_is_stopped_by_the_clock():
    with pytest.raises(UnreadableFile, match="takes too long"):
        run_confined("partnership.paper_word", {"prefix": ""}, [samples.word()], limits=Limits(wall_seconds=0.05))


# Bringing one


@pytest.fixture
def bring(client_of, agenda_item):
    """``bring(user, name, content)``: the answer to an upload for ``agenda_item``."""

    def bring(user, name, content, **more):
        files = {"file": SimpleUploadedFile(name, content), **more}
        return client_of(user).post(address("paper-add", agenda_item.pk), files, follow=True)

    return bring


def text_of(response):
    return response.content.decode()


def test_the_items_lead_brings_a_paper(bring, lead, agenda_item):
    content = samples.word()
    response = bring(lead, "what_fathers-say.docx", content)
    paper = Paper.objects.get()
    assert response.redirect_chain == [(agenda_item.get_absolute_url(), 302)]
    assert (paper.title, paper.position, paper.added_by) == ("What fathers say", 1, lead)
    assert bytes(paper.document.content) == content
    assert "“What fathers say” is with the item." in text_of(response)


@pytest.mark.parametrize(
    ("make", "remark"), [(samples.untagged_pdf, NO_TAGS), (samples.scan_pdf, A_SCAN), (samples.tagged_pdf, "")]
)
def test_a_pdf_that_not_everybody_can_read_is_taken_and_said(bring, lead, make, remark):
    page = text_of(bring(lead, "x.pdf", make(), title="A poster"))
    assert "“A poster” is with the item." in page
    assert [words in page for words in (NO_TAGS, A_SCAN, NO_FONTS)] == [remark == NO_TAGS, remark == A_SCAN, False]


def test_the_same_bytes_twice_are_one_paper_and_it_is_said(bring, lead):
    bring(lead, "a.docx", (content := samples.word()))
    page = text_of(bring(lead, "b.docx", content))
    assert "This file is there already, as “A”, so nothing was added" in page
    assert (Paper.objects.count(), Document.objects.count()) == (1, 1)


def test_the_same_bytes_for_another_item_are_taken_and_said(bring, lead, office, meeting):
    content = samples.word()
    take_paper(
        AgendaItemFactory(meeting=meeting, title="Money"), title="M", filename="a.docx", content=content, by=office
    )
    assert "The same file is also with the item “Money”" in text_of(bring(lead, "b.docx", content))
    assert Paper.objects.count() == 2


BAD = {
    "nothing": (None, None, "Choose the Word document or PDF"),
    "empty": ("a.docx", b"", "Choose a file that isn’t empty"),
    "a spreadsheet": ("a.xlsx", b"PK\x03\x04", "This file is a spreadsheet"),
    "another name": ("a.pdf", b"PK\x03\x04", "is named .pdf but is something else"),
    "locked": ("a.pdf", samples.locked_pdf(), "This PDF has a password"),
    "damaged": ("a.pdf", b"%PDF-1.7 nothing", "This PDF is damaged"),
    "macros": ("a.docm", b"PK\x03\x04", "can hold macros"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_at_its_field_and_nothing_is_kept(kind, client_of, lead, agenda_item):
    name, content, words = BAD[kind]
    files = {"file": SimpleUploadedFile(name, content)} if name else {}
    response = client_of(lead).post(address("paper-add", agenda_item.pk), files | {"title": "My <title>"})
    assert (response.status_code, Paper.objects.count(), Document.objects.count()) == (422, 0, 0)
    assert words in text_of(response)
    assert 'value="My &lt;title&gt;"' in text_of(response)


def test_nobody_else_brings_one(bring, partner, stranger, agenda_item):
    assert [bring(user, "a.docx", samples.word()).status_code for user in (partner, stranger)] == [403, 404]
    assert Paper.objects.count() == 0


def test_a_meeting_whose_minutes_are_agreed_takes_no_paper(client_of, chair, held_meeting, today):
    item = AgendaItemFactory(meeting=held_meeting)
    Meeting.objects.filter(pk=held_meeting.pk).update(minutes_agreed_on=today)
    response = client_of(chair).post(address("paper-add", item.pk), {}, follow=True)
    assert "The minutes were agreed on 12 January 2027" in text_of(response)


@pytest.mark.django_db(transaction=True)
def test_a_double_submit_is_one_paper(agenda_item, lead):
    content = samples.untagged_pdf()
    made, begin = [], threading.Barrier(2)

    def submit():
        begin.wait()
        made.append(take_paper(agenda_item, title="A", filename="a.pdf", content=content, by=lead)[1])
        connection.close()

    threads = [threading.Thread(target=submit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False, True]
    assert Paper.objects.count() == 1


@pytest.mark.parametrize(
    ("filename", "title"),
    [("what_fathers-say.docx", "What fathers say"), ("  .pdf", "Paper"), ("x" * 300 + ".pdf", "X" + "x" * 199)],
)
def test_a_title_comes_from_the_files_name(filename, title):
    assert title_of(filename) == title


# Afterwards


def test_a_paper_is_given_as_a_file_to_those_who_see_the_meeting(
    paper, client_of, partner, stranger, case_group_member
):
    response = client_of(partner).get(paper.get_absolute_url())
    assert response.content == bytes(paper.document.content)
    assert response["Content-Disposition"] == 'attachment; filename="fathers.pdf"'
    assert (response["Content-Type"], response["Content-Security-Policy"]) == ("application/pdf", POLICY)
    assert client_of(stranger).get(paper.get_absolute_url()).status_code == 404


def test_a_withdrawn_paper_is_kept_for_those_who_run_the_group(paper, client_of, chair, partner):
    page = client_of(chair).post(address("paper-withdraw", paper.pk), follow=True)
    assert "“What fathers say” is withdrawn" in text_of(page)
    assert Paper.objects.get().withdrawn_at is not None
    answers = [client_of(user).get(paper.get_absolute_url()).status_code for user in (chair, partner)]
    assert answers == [200, 404]
    again = client_of(chair).post(address("paper-withdraw", paper.pk), follow=True)
    assert "was withdrawn already" in text_of(again)


def test_papers_are_put_in_order(agenda_item, client_of, chair, office):
    papers = [
        take_paper(agenda_item, title=title, filename="a.pdf", content=title.encode(), by=office)[0] for title in "ABC"
    ]
    client_of(chair).post(address("paper-move", papers[2].pk))
    client_of(chair).post(address("paper-move", papers[0].pk), {"to": "earlier"})
    assert [paper.title for paper in agenda_item.papers.all()] == ["A", "C", "B"]
    client_of(chair).post(address("paper-move", papers[0].pk), {"to": "later"})
    assert [paper.title for paper in agenda_item.papers.all()] == ["C", "A", "B"]


@pytest.mark.parametrize("papers", [1, 3])
def test_the_page_asks_the_database_the_same_for_one_paper_and_for_three(
    papers, agenda_item, client_of, chair, office, django_assert_num_queries
):
    for number in range(papers):
        take_paper(agenda_item, title=f"Paper {number}", filename="a.pdf", content=b"%d" % number, by=office)
    client = client_of(chair)
    client.get(address("paper-add", agenda_item.pk))
    with django_assert_num_queries(QUERIES):
        client.get(address("paper-add", agenda_item.pk))


QUERIES = 10
