"""What somebody does in a browser is over before the next thing is looked at.

Playwright's ``click`` returns once the next page has begun, and a key that sends a form at once: what stands on the
page then may be the old page's, or half of the new one's. So after every press, tick and choice it is waited until the
page is whole, and what its scripts asked the server for has come and stands on it. All browser tests have this by
``tests.browser``, without asking.

What happens by itself, a while after somebody typed, is awaited by what it shows: ``expect(…)``. A test that holds an
answer back sets ``page.lookout = None``.
"""

from contextlib import ExitStack, contextmanager
from functools import wraps
from time import monotonic
from unittest import mock

from playwright.sync_api import BrowserContext, Error, Keyboard, Locator, Page

STEPS = {
    Locator: ("check", "click", "drag_to", "press", "select_option", "set_input_files", "uncheck"),
    Page: ("goto", "go_back", "reload"),
}
PATIENCE = 90_000  # milliseconds: a machine under load is slow, not wrong
PAUSE = 20  # milliseconds until it is looked at again
SAY_WHEN_LEAVING = "addEventListener('beforeunload', () => { window.isLeaving = true })"
STAY = "() => { window.isLeaving = false }"
# A timer's turn comes after what the step itself has put off, like the sending of a form.
STATE = """async () => {
    if (!matchMedia("(scripting: none)").matches)
        await new Promise(done => setTimeout(done))
    return [document.readyState === "complete", Boolean(window.isLeaving)]
}"""


class Lookout:
    """What the scripts of a page have asked for, and whether a file came where a page might have."""

    def __init__(self, page):
        self.page = page
        self.under_way = set()
        self.turns = 0
        self.has_file = False
        page.on("request", self.begin)
        page.on("requestfinished", self.end)
        page.on("requestfailed", self.end)
        page.on("framenavigated", self.forget)
        page.on("download", self.take_file)

    def begin(self, request):
        if request.resource_type in {"fetch", "xhr"}:
            self.under_way.add(request)
            self.turns += 1

    def end(self, request):
        if request in self.under_way:
            self.under_way.remove(request)
            self.turns += 1

    def forget(self, frame):
        """Nobody is told of what the old page asked for as it was left."""
        if frame == self.page.main_frame:
            self.under_way.clear()

    def take_file(self, _download):
        self.has_file = True

    def is_still(self):
        turns = self.turns
        try:
            is_whole, is_leaving = self.page.evaluate(STATE)
            if is_leaving and self.has_file:  # so the page stays where it is
                self.page.evaluate(STAY)
                is_leaving = self.has_file = False
        except Error:  # its place was taken by the next one meanwhile
            return self.page.is_closed()
        return is_whole and not is_leaving and not self.under_way and turns == self.turns

    def settle(self):
        until = monotonic() + PATIENCE / 1000
        while not self.is_still():
            if monotonic() > until:
                asked = [f"{request.method} {request.url}" for request in self.under_way]
                raise AssertionError(f"{self.page.url} is not whole yet. It waits for {asked or 'another page'}.")
            self.page.wait_for_timeout(PAUSE)


def settled(act, page_of):
    """``act``, and what comes of it on the page, where it is watched."""

    @wraps(act)
    def act_and_settle(self, *args, **options):
        result = act(self, *args, **options)
        if lookout := getattr(page_of(self), "lookout", None):
            lookout.settle()
        return result

    return act_and_settle


def watched(new_page):
    @wraps(new_page)
    def new_watched_page(context):
        page = new_page(context)
        page.add_init_script(SAY_WHEN_LEAVING)
        page.lookout = Lookout(page)
        page.keyboard.press = settled(Keyboard.press, lambda _: page).__get__(page.keyboard)
        return page

    return new_watched_page


@contextmanager
def settling():
    """Within it, every page that is opened settles after each step."""
    with ExitStack() as stack:
        for kind, name in [(kind, name) for kind, names in STEPS.items() for name in names]:
            step = settled(getattr(kind, name), lambda actor: getattr(actor, "page", actor))
            stack.enter_context(mock.patch.object(kind, name, step))
        stack.enter_context(mock.patch.object(BrowserContext, "new_page", watched(BrowserContext.new_page)))
        yield
