"""One person's browser at every page: wide, narrow, with large words and in the dark. Pictures, and what is wrong."""

import json
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, sync_playwright

from tests.browser import ARGUMENTS, find_chromium
from tests.journeys.conftest import AXE_OPTIONS, DESK, OF_THE_STYLE_SHEET, PAGE_CHECK, PHONE
from tests.looks.walk import places

FINDINGS = Path(__file__).with_name("findings.js").read_text()
NARROW = {"width": 320, "height": 720}
# As whoever has told their browser to write larger: what depends on the width of the screen in words follows.
LARGE_WORDS = "--blink-settings=defaultFontSize=32"
TALLEST = 12_000  # pixels of a picture
PEOPLE = {
    "office": "Nadia",
    "chair": "Tomasz",
    "partner": "Greta",
    "public": "",
    "scrutiny": "Ruth",
    "executive": "Imogen",
    "advisor": "Marguerite",
    "training": "Fatima",
    "lead": "Delia",
}
# What is pictured when asked for: its screen and how the browser is set.
PICTURES = {
    "desk": (DESK, {}),
    "phone": (PHONE, {}),
    "dark": (DESK, {"color_scheme": "dark"}),
    "print": ({"width": 794, "height": 1123}, {"media": "print"}),
}
AS_USUAL = {"media": "screen", "color_scheme": "light"}


@contextmanager
def browser_of(site, role):
    """Two pages in which the person of ``role`` is signed in to the demo at ``site``: one writes twice as large."""
    options = {"base_url": site, "viewport": DESK, "bypass_csp": True, "reduced_motion": "reduce"}
    with sync_playwright() as driver:
        browser, larger = (
            driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS + more)
            for more in ([], [LARGE_WORDS])
        )
        context = browser.new_context(**options)
        page = context.new_page()
        if PEOPLE[role]:
            page.goto("/sign-in/")
            page.get_by_role("button", name=f"Be {PEOPLE[role]}").click()
            page.wait_for_load_state()
        yield page, larger.new_context(**options, storage_state=context.storage_state()).new_page()
        browser.close()
        larger.close()


def look_as(role, site, folder, *, only="", pictures=(), again=False, also=()):
    """Look at each page as ``role``; yields (name, findings). What was looked at before is not looked at again."""
    own = folder / role
    own.mkdir(parents=True, exist_ok=True)
    readable = set()
    with browser_of(site, role) as (page, large):
        for place in places(page.context.request.get, also):
            name = place.name.replace(":", "-")
            kept = own / f"{name}.json"
            if (only and only not in place.path and only not in place.name) or (kept.exists() and not again):
                continue
            (own / f"{name}.html").write_text(place.markup)
            try:
                findings = look_at(page, large, place.path, own / name, pictures, readable)
            except Error as problem:
                findings = [["all", "could not be looked at", str(problem).splitlines()[0]]]
            kept.write_text(json.dumps({"name": place.name, "path": place.path, "findings": findings}))
            yield place.name, findings


def look_at(page, large, path, picture, pictures, readable):
    """[[where, kind, of what]] of the page at ``path``, in every manner of looking."""
    page.emulate_media(**AS_USUAL)
    page.set_viewport_size(DESK)
    answer = page.goto(path)
    if answer.status != 200:
        return [["1280", "did not open again", str(answer.status)]]
    page.evaluate(Axe().axe_script)
    found = said_by_axe(page, "1280", readable) + odd(page, "1280", asks_focus=True)
    page.set_viewport_size(PHONE)
    found += said_by_axe(page, "390", readable) + odd(page, "390")
    page.set_viewport_size(NARROW)
    found += odd(page, "320")
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="dark")
    found += said_by_axe(page, "dark", readable)
    large.goto(path)
    found += odd(large, "200 %")
    for kind in pictures:
        screen, setting = PICTURES[kind]
        page.emulate_media(**AS_USUAL | setting)
        page.set_viewport_size(screen)
        page.goto(path)
        clip = {"x": 0, "y": 0, "width": screen["width"], "height": min(TALLEST, height_of(page))}
        page.screenshot(path=f"{picture}-{kind}.jpg", type="jpeg", quality=70, full_page=True, clip=clip)
    return found


def height_of(page):
    return page.evaluate("() => document.documentElement.scrollHeight")


def said_by_axe(page, where, readable):
    asked = {
        "options": AXE_OPTIONS,
        "known": list(readable),
        "without": [OF_THE_STYLE_SHEET] if where != "1280" else [],
    }
    answer = page.evaluate(PAGE_CHECK, asked)
    readable.update(answer["readable"])
    return [
        [where, f"axe: {rule['id']}", " · ".join(" ".join(map(str, node["target"])) for node in rule["nodes"][:4])]
        for rule in answer["violations"]
    ]


def odd(page, where, *, asks_focus=False):
    return [[where, *finding] for finding in page.evaluate(FINDINGS, {"asksFocus": asks_focus})]
