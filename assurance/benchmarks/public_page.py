"""A hundred people open one public page at once, against the same bytes as a static file of the same server."""

import contextlib
import tempfile
import time
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from assurance.benchmarks.downloads import PEOPLE, ROUNDS, STATIC, at_once, server
from assurance.benchmarks.figures import Figure
from assurance.models import VoiceEntry
from partnership.models import Partnership

VOICES = 40
AT_LEAST = 0.2
MOST_SECONDS = "60"  # for which a page is kept: longer than the measurement


def public_page():
    """Answers a second of a page that is kept, as a multiple of a static file's and of the page made each time."""
    with (
        published_voices() as address,
        tempfile.TemporaryDirectory() as place,
        server("partnership.wsgi", settings.BASE_DIR, with_pages_kept(MOST_SECONDS, place)) as kept_port,
        server("partnership.wsgi", settings.BASE_DIR, with_pages_kept("0", place)) as made_port,
    ):
        content, mark = read(kept_port, address)
        folder = Path(place) / "static"
        folder.mkdir()
        (folder / "page.html").write_bytes(content)
        Path(place, "static_only.py").write_text(STATIC.format(folder=str(folder)))
        with server("static_only", place, {}) as static_port:
            asked = [(kept_port, address), (made_port, address), (static_port, "/files/page.html")]
            took = [[] for _each in asked]
            for run in range(ROUNDS + 1):
                for at, (port, path) in enumerate(asked):
                    seconds = at_once(port, path, content)
                    if run:
                        took[at].append(seconds)
        same = is_told_only_that(kept_port, address, mark)
    kept, made, static = (PEOPLE / min(each) for each in took)
    if not same:
        raise RuntimeError("Whoever has the page is not told so.")
    return [
        Figure(
            f"{PEOPLE} people at a public page that is kept ÷ at a static file of the same server",
            kept / static,
            f"{kept:.0f} a second against {static:.0f}, best of {ROUNDS}; {len(content) / 1000:.0f} kB, compressed "
            "where the browser takes it; whoever has it is answered 304",
            at_least=AT_LEAST,
        ),
        Figure(
            f"{PEOPLE} people at a public page made for each ÷ at one that is kept",
            made / kept,
            f"{made:.0f} a second against {kept:.0f}",
        ),
    ]


def with_pages_kept(seconds, place):
    (Path(place) / "broker").mkdir(exist_ok=True)
    # The page says its own address, which is the same for both.
    return {"DATA_DIR": place, "PUBLIC_PAGES_KEPT": seconds, "SITE_URL": "http://localhost"}


@contextlib.contextmanager
def published_voices():
    """The address of a page of what people told a partnership. Committed, for the servers to see it, and taken back."""
    partnership = Partnership.objects.create(name="Measured Fen", short_name="MF", slug="measured-fen", is_public=True)
    try:
        for number in range(VOICES):
            said = f"Nobody told us what came of it, the {number}th time that we were asked."
            words = {
                "who": "Young parents",
                "said": said,
                "did": "We wrote back to everybody.",
                "changed": "They write.",
            }
            public = {f"public_{name}": each for name, each in words.items()}
            told = VoiceEntry.objects.create(heard_on=date(2026, 10, 1), is_public=True, **words, **public)
            told.partnerships.add(partnership)
        yield reverse("assurance:public-voices", args=[partnership.slug])
    finally:
        VoiceEntry.objects.filter(partnerships=partnership).delete()
        partnership.delete()


def read(port, address):
    """(the page, its ETag), after half a second in which all processes have begun."""
    time.sleep(0.5)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=60) as answer:  # noqa: S310  # nosec B310
        return answer.read(), answer.headers["ETag"]


def is_told_only_that(port, address, mark):
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers={"If-None-Match": mark})  # noqa: S310  # nosec B310
    try:
        urllib.request.urlopen(asked, timeout=60).close()  # noqa: S310  # nosec B310
    except urllib.error.HTTPError as answer:
        return answer.code == 304
    return False
