"""After each step in a browser the page is whole, and holds what its scripts asked for: see ``tests.settling``."""

import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Error

LATE = 0.4  # seconds
HEAD = '<!doctype html><html lang="en"><head><title>Page</title><link rel="icon" href="data:,"></head><body>'
FIRST_PAGE = f"""{HEAD}
<form action="/next/"><label>Words <input name="words"></label><button>Send</button></form>
<a href="/next/">Next</a> <a href="/file/">File</a> <button type="button" id="ask">Ask</button> <p>Nothing</p>
<script>
    document.getElementById("ask").onclick = async () => {{
        document.querySelector("p").textContent = await (await fetch("/said/")).text()
    }}
</script>"""
ANSWERS = {
    "/": ("text/html", [FIRST_PAGE]),
    "/next/": ("text/html", [f"{HEAD}<p>First</p>", "<p>Last</p>"]),
    "/said/": ("text/plain", ["", "Said"]),
    "/file/": ("application/octet-stream", ["", "Words"]),
}


class InPieces(BaseHTTPRequestHandler):
    """Answers late, and each piece of an answer later than the one before."""

    def do_GET(self):
        kind, pieces = ANSWERS[self.path.partition("?")[0]]
        time.sleep(LATE)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece.encode())
            time.sleep(LATE if piece != pieces[-1] else 0)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def slow_server():
    with ThreadingHTTPServer(("localhost", 0), InPieces) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture
def slow_page(new_context, slow_server):
    page = new_context(base_url=slow_server).new_page()
    page.goto("/")
    return page


def words(page):
    """What stands there now: this waits for nothing."""
    return page.locator("p").all_inner_texts()


def send_by_key(page):
    page.get_by_label("Words").focus()
    page.keyboard.press("Enter")


STEPS = {
    "a key": send_by_key,
    "a key on a control": lambda page: page.get_by_label("Words").press("Enter"),
    "a button": lambda page: page.get_by_role("button", name="Send").click(),
    "a link": lambda page: page.get_by_role("link", name="Next").click(),
}


@pytest.mark.parametrize("step", STEPS)
def test_after_a_step_the_next_page_is_whole(slow_page, step):
    STEPS[step](slow_page)
    assert words(slow_page) == ["First", "Last"]


@pytest.mark.parametrize("step", STEPS)
def test_where_nobody_waits_the_old_page_is_read_or_half_of_the_new_one(slow_page, step):
    slow_page.lookout = None
    STEPS[step](slow_page)
    with suppress(Error):  # the page went away under the reader's eyes
        assert words(slow_page) in ([], ["Nothing"], ["First"])


def test_what_a_script_asks_for_stands_on_the_page(slow_page):
    slow_page.get_by_role("button", name="Ask").click()
    assert words(slow_page) == ["Said"]


def test_a_file_leaves_the_page_where_it_is(slow_page):
    with slow_page.expect_download() as download:
        slow_page.get_by_role("link", name="File").click()
    assert download.value.path().read_text() == "Words"
    assert words(slow_page) == ["Nothing"]
    slow_page.get_by_role("link", name="Next").click()
    assert words(slow_page) == ["First", "Last"]


def test_without_a_script_it_is_the_same(new_context, slow_server):
    page = new_context(base_url=slow_server, java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_role("button", name="Send").click()
    assert words(page) == ["First", "Last"]


def test_what_never_comes_is_named(slow_page, monkeypatch):
    monkeypatch.setattr("tests.settling.PATIENCE", 500)
    slow_page.route("**/said/", lambda route: None)
    with pytest.raises(AssertionError, match="waits for .*GET .*/said/"):
        slow_page.get_by_role("button", name="Ask").click()
