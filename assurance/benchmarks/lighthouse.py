"""Ten main pages on Lighthouse’s slow phone (a fifth of a processor, 1.6 Mbit/s): speed, accessibility, good practice.

Its packages (185 MB) are of this measurement alone, so they have a lock of their own beside ``measure.mjs``, and nobody
gets them by installing the product: ``npm ci --prefix assurance/benchmarks/lighthouse_node``, once. The pages are those
of the sample, which stays in the database of the bench: so this comes last. What serves them is the demo, which sends
style and script uncompressed; in production they are a quarter of that.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assurance.benchmarks.downloads import server
from assurance.benchmarks.figures import Figure
from assurance.management.commands.load_sample import load_sample
from partnership.models import Meeting, Partnership, User
from plans.models import Plan

FOLDER = Path(__file__).with_name("lighthouse_node")
BARS = {"performance": 95, "accessibility": 100, "best-practices": 100}
OFFICE = "Nadia"
LAST_SECONDS = 1200


def lighthouse():
    """The least score of each kind, and of which page; what was found wrong on each."""
    lacking = what_is_missing()
    if lacking:
        return [Figure(f"least {kind}", words=lacking, unit=" of 100", at_least=bar) for kind, bar in BARS.items()]
    if not Partnership.objects.filter(slug="ashford-vale").exists():
        load_sample(on=timezone.localdate())
    client = Client()
    client.force_login(User.objects.filter(name__startswith=OFFICE).get())
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "broker").mkdir()
        with server("partnership.wsgi", settings.BASE_DIR, {"DATA_DIR": place}) as port:
            site = f"http://127.0.0.1:{port}"
            pages = measured([{**cookie, "url": site}], [f"{site}{path}" for path in paths()])
    for page in pages:
        if page["opened"] != page["address"]:
            raise RuntimeError(f"{page['address']} led to {page['opened']}.")
    return [least(kind, bar, pages) for kind, bar in BARS.items()] + [told(page) for page in pages]


def what_is_missing():
    if not (shutil.which("node") and chromium()):
        return "node and Chromium are needed, and not both are here"
    if not (FOLDER / "node_modules").exists():
        return f"npm ci --prefix {FOLDER.relative_to(settings.BASE_DIR)} brings what it needs"
    return ""


def chromium():
    return next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome-stable"])), None)


def paths():
    partnership = Partnership.objects.get(slug="ashford-vale")
    plan = Plan.objects.filter(partnerships=partnership).order_by("-starts_on").first()
    return [
        reverse("assurance:my-work"),
        reverse("assurance:desk"),
        plan.get_absolute_url(),
        reverse("partnership:calendar"),
        reverse("partnership:meeting-list"),
        Meeting.objects.filter(group__partnerships=partnership).order_by("meets_on").first().get_absolute_url(),
        reverse("partnership:action-list"),
        reverse("assurance:indicator-list"),
        partnership.get_absolute_url(),
        reverse("plans:public-plan", args=[partnership.slug]),
    ]


def measured(cookies, addresses):
    """What ``measure.mjs`` finds of each address."""
    said = subprocess.run(
        ["node", str(FOLDER / "measure.mjs"), json.dumps({"cookies": cookies, "addresses": addresses})],
        env=os.environ | {"CHROME_PATH": chromium()},
        check=True,
        capture_output=True,
        text=True,
        timeout=LAST_SECONDS,
    ).stdout
    return [json.loads(line) for line in said.splitlines()]


def least(kind, bar, pages):
    worst = min(pages, key=lambda page: page[kind])
    return Figure(f"least {kind}", round(worst[kind]), path_of(worst), unit=" of 100", at_least=bar)


def told(page):
    scores = ", ".join(f"{kind} {page[kind]:.0f}" for kind in BARS)
    return Figure(path_of(page), words="; ".join([scores, *page["faults"]]))


def path_of(page):
    return "/" + page["address"].split("/", 3)[3]
