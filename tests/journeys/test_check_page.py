"""What every page must stand would find the fault: words that cannot be read, at either width alone."""

import pytest

PAGE = """<!doctype html><html lang="en"><head><title>Page</title><style>{}</style></head>
<body><main><h1>Heading</h1><p>Words</p><div class="dark"></div><p class="other">Other words</p></main></body></html>"""
AT_DESK, ON_PHONE = "@media (min-width: 401px) { %s }", "@media (max-width: 400px) { %s }"
UNDER = ".dark { position: absolute; top: 300px; width: 300px; height: 99px; background: #333 }"
FAULTS = {
    "pale at a desk": (AT_DESK % "p { color: #bbb }", "at 1280"),
    "pale on a phone": (ON_PHONE % "p { color: #bbb }", "at 390"),
    "pale of its parent": (ON_PHONE % "main { color: #bbb }", "at 390"),
    "on a dark ground": (ON_PHONE % "main { background: #444 }", "at 390"),
    "too small to be pale": ("p { color: #888; font-size: 2rem }" + ON_PHONE % "p { font-size: 1rem }", "at 390"),
    "seen on a phone alone": (
        ".other { color: #bbb; display: none }" + ON_PHONE % ".other { display: block }",
        "at 390",
    ),
    "moved over what is dark": (
        UNDER + ".other { position: absolute; top: 600px }" + ON_PHONE % ".other { top: 310px }",
        "at 390",
    ),
}


@pytest.fixture
def page(new_context):
    return new_context().new_page()


def test_a_page_without_fault_stands(page, check_page):
    page.set_content(PAGE.format(""))
    check_page(page)


def test_a_look_that_was_readable_is_not_asked_again(page, check_page, readable):
    page.set_content(PAGE.format("p { color: #123 }"))
    check_page(page)
    known = set(readable)
    assert [look for look in known if look.startswith("rgb(17, 34, 51)|")]
    page.set_content(PAGE.format("p { color: #123 }").replace("Words", "Quite other words"))
    check_page(page)
    assert readable == known


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_is_found(page, check_page, fault):
    style, where = FAULTS[fault]
    page.set_content(PAGE.format(""))
    check_page(page)  # what looks like its words need not be asked again
    page.set_content(PAGE.format(style))
    with pytest.raises(AssertionError, match=f"{where}:(?s:.*)color-contrast"):
        check_page(page)
