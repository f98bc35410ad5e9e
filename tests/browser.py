"""The browser that the journeys drive: the machine's own Chromium, or CHROMIUM's.

Best its headless shell: it lays out and runs pages as Chromium does, for two thirds of the work, as it has no windows.

A test that asks for a ``page`` is skipped where there is none, and the last lines of the run say so.
Registered by ``tests.environment`` after Playwright's plugin, whose fixture it completes.
"""

import os
import shutil

import pytest
from playwright.sync_api import expect

from tests.settling import PATIENCE, settling

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# A container has no sandbox to give it; the rest keeps it from calling anywhere by itself.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
ABSENT = "no Chromium was found"

expect.set_options(timeout=PATIENCE)


def find_chromium():
    found = (shutil.which(name) for name in NAMES)
    return os.environ.get("CHROMIUM") or next(filter(None, found), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser(browser):
    with settling():
        yield browser


def pytest_collection_modifyitems(items):
    is_absent = not find_chromium()
    for item in items:
        if {"page", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            if is_absent:
                item.add_marker(pytest.mark.skip(reason=ABSENT))


def pytest_terminal_summary(terminalreporter):
    skipped = [report.nodeid for report in terminalreporter.stats.get("skipped", []) if ABSENT in str(report.longrepr)]
    if skipped:
        terminalreporter.section("Browser tests that did not run")
        for name in skipped:
            terminalreporter.line(name)
        terminalreporter.line(
            f"{len(skipped)} browser tests were skipped: {ABSENT}. "
            "Install one (Debian: apt-get install chromium-headless-shell) or set CHROMIUM to its path."
        )
