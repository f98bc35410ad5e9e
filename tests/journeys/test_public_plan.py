"""A version becomes two files; then anyone reads the plan, one priority of it, and what it was before."""

import io
from datetime import UTC, datetime

import docx
import pikepdf
from playwright.sync_api import expect

from tests.factories import PlanVersionFactory
from tests.journeys.conftest import PHONE


def test_a_version_is_made_into_files_and_the_public_reads_it(
    visit, check_page, plan, round_past, review_proposed, ratings, office, executive_chair, executive, tmp_path
):
    version = PlanVersionFactory(
        plan=plan, number="1.1", made_by=office, made_at=datetime(2026, 11, 3, 9, 0, tzinfo=UTC),
        reason="The second maternity unit begins later.", approved_by=executive, approved_on="2026-10-20",
    )  # fmt: skip
    review_proposed.decided_rating, review_proposed.decided_by = ratings["R"], executive_chair
    review_proposed.decided_at = review_proposed.proposed_at
    review_proposed.save()

    page = visit(screen=PHONE)
    page.goto("/p/ashford-vale/plan/")
    expect(page.get_by_text("There is no file of this version yet")).to_be_visible()

    own = visit(office)
    own.goto(version.get_absolute_url())
    own.get_by_role("button", name="Make PDF and Word").click()
    expect(own.get_by_role("heading", name="Both files are ready")).to_be_visible()
    check_page(own)

    page.reload()
    check_page(page)
    pdf, word = (taken(page, tmp_path, name) for name in ("Download the PDF", "Download as Word"))
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as outline:
        assert "1. Babies: a safe first year" in [str(item.title) for item in outline.root[0].children]
    assert docx.Document(io.BytesIO(word)).tables[0].rows[1].cells[0].text == "1.1"

    page.get_by_role("navigation", name="Our priorities").get_by_role(
        "link", name="1. Babies: a safe first year"
    ).click()
    expect(page.get_by_role("heading", name="How it was judged")).to_be_visible()
    expect(page.get_by_role("row", name="July to September 2026")).to_contain_text("Red")
    check_page(page)
    page.get_by_role("link", name="2. Seeing neglect early").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2. Seeing neglect early")
    page.get_by_role("link", name="Business plan 2026 to 2027").click()
    page.get_by_role("link", name="This and 1 earlier version").click()
    expect(page.get_by_role("row", name="1.1")).to_contain_text("The second maternity unit begins later.")
    check_page(page)


def taken(page, folder, name):
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_bytes()
