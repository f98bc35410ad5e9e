"""A lead brings a paper from a phone; the chair presses one button and has the pack."""

import io

import docx
import pikepdf
from playwright.sync_api import expect

from tests import paper_samples as samples
from tests.journeys.conftest import PHONE


def test_a_paper_is_brought_and_a_pack_is_made(visit, check_page, lead, chair, meeting, agenda_item, tmp_path):
    page = visit(lead, screen=PHONE)
    page.goto(f"/agenda-items/{agenda_item.pk}/papers/add/")
    check_page(page)
    page.get_by_role("button", name="Add the paper").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the Word document or PDF")
    check_page(page)
    locked, paper = tmp_path / "locked.pdf", tmp_path / "what_fathers_say.docx"
    locked.write_bytes(samples.locked_pdf())
    paper.write_bytes(samples.word())
    page.get_by_label("The paper").set_input_files(locked)
    page.get_by_role("button", name="Add the paper").click()
    expect(page.get_by_role("alert")).to_contain_text("This PDF has a password")
    page.get_by_label("The paper").set_input_files(paper)
    page.get_by_role("button", name="Add the paper").click()
    expect(page.get_by_role("alert")).to_contain_text("“What fathers say” is with the item.")

    page = visit(chair)
    page.goto(f"/agenda-items/{agenda_item.pk}/papers/add/")
    expect(page.get_by_role("button", name="Withdraw “What fathers say”")).to_be_visible()
    check_page(page)
    page.goto(f"/meetings/{meeting.pk}/packs/")
    check_page(page)
    page.get_by_role("button", name="Make the pack").click()
    expect(page.get_by_role("heading", name="The pack is ready")).to_be_visible()
    check_page(page)
    pdf, word = (taken(page, tmp_path, name) for name in ("Download the PDF", "Download as Word"))
    with pikepdf.open(io.BytesIO(pdf)) as pack, pack.open_outline() as outline:
        assert [str(item.title) for item in outline.root[0].children][-1] == "Item 1, paper 1: What fathers say"
    assert "Forty fathers." in [each.text for each in docx.Document(io.BytesIO(word)).paragraphs]
    page.get_by_role("link", name="Board packs").click()
    expect(page.get_by_role("cell", name="Nothing")).to_be_visible()
    check_page(page)


def taken(page, folder, name):
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_bytes()
