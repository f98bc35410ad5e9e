"""What ./run look finds: a fault of each kind, put on a page on purpose, and nothing on a page without one."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from tests.looks import markup
from tests.looks.browsing import odd
from tests.looks.sheets import filled
from tests.looks.walk import all_names, places

PAGE = '<!doctype html><html lang="en"><head><title>Page</title></head><body><main><h1>Page</h1>%s</main></body></html>'
FAULTS = {
    "wider than the screen": '<div style="width: 3000px">Wide</div>',
    "words beyond their box": '<p style="width: 20px">Unbreakable</p>',
    "words cut off": '<p style="width: 20px; overflow: hidden">Unbreakable</p>',
    "a value of the program": "<p>Sent by undefined</p>",
    "a date for machines": "<p>Due 2027-03-31</p>",
    "odd punctuation": "<p>Late , and said so</p>",
    "a count of one with many": "<p>1 actions</p>",
    "nothing in it": '<h2 style="height: 20px"></h2>',
    "more than one next step": '<button class="govuk-button">Save</button> <button class="govuk-button">Send</button>',
    "focus not seen": '<a href="/" style="outline: none">Home</a>',
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_found(new_context, kind):
    page = new_context().new_page()
    page.set_content(PAGE % FAULTS[kind])
    assert [found for _, found, _ in odd(page, "1280", asks_focus=True)] == [kind]


def test_nothing_is_found_on_a_page_without_fault(new_context):
    page = new_context().new_page()
    page.set_content(PAGE % '<p>Due 31 March 2027. 1 action, 2 replies.</p><button class="govuk-button">Save</button>')
    assert odd(page, "1280", asks_focus=True) == []


def test_every_name_that_a_link_leads_to_is_walked_to_once():
    pages = {"/": '<a href="/help/">Help</a> <a href="/privacy/">Privacy</a>', "/help/": '<a href="/">Home</a>'}

    def fetch(path):
        headers = {"content-type": "text/html"}
        return SimpleNamespace(
            status=200 if path in pages else 404, headers=headers, url=path, text=lambda: pages[path]
        )

    assert [place.name for place in places(fetch)] == ["partnership:home", "partnership:help"]
    assert {"partnership:help", "partnership:privacy", "assurance:risk-detail"} < all_names()
    assert reverse("partnership:sign-out")
    assert "partnership:sign-out" not in all_names()


def test_a_sheet_holds_what_fits():
    pieces = [(str(height), SimpleNamespace(height=height)) for height in (500, 400, 900, 100)]
    assert [[[name for name, _ in column] for column in sheet] for sheet in filled(pieces, 2, 1000)] == [
        [["500", "400"], ["900"]],
        [["100"]],
    ]


@pytest.mark.skipif(bool(markup.what_is_missing()), reason=markup.what_is_missing())
def test_the_markup_is_checked_but_for_what_is_meant(tmp_path):
    """The skip says how to get the checker."""
    right, wrong = tmp_path / "right.html", tmp_path / "wrong.html"
    right.write_text(PAGE % '<table role="table"><tr role="row"><td role="cell" hx-get="/">Cell</td></tr></table>')
    wrong.write_text(PAGE % "<p><div>Block in a line</div></p>")
    assert list(markup.said_of([right, wrong])) == [wrong]
