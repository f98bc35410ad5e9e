"""A drill: the newest backup is put back into a throw-away database and folder, to see that it can be.

What came is compared with what was stored, to the last row and byte. Then the product is begun on it, as it would be
on the day: brought up to date, quarantined, all tasks of beat done once, pages asked for. It passes when everything is
as it was and nothing has left the house. The live database is asked for nothing and told only how it went.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

from django.conf import settings

from partnership import embedded
from partnership.models import BackupRun, PublishedFile
from partnership.operations import postgres, restoring
from partnership.operations.backups import Stopwatch, running
from partnership.operations.programs import BackupProblem, last_words
from partnership.operations.repository import Repository

SECONDS_TO_BOOT = 60
SECONDS_TO_REHEARSE = 1800
SECONDS_FOR_A_PAGE = 60  # the first is slow: everything is read from disc


def hold_drill(*, at, repository=None, run="", is_quarantined=True):
    """Its BackupRun; what is wrong stands there, a sentence a line. ``run``: of another backup than the newest."""
    with running(BackupRun.Kind.DRILL, at=at) as drill:
        repository = repository or Repository.of_settings()
        backup = restoring.newest(repository, run=run)
        drill.snapshot, drill.taken_at, drill.size = backup.run, backup.moment, backup.size
        watch = Stopwatch()
        with scratch() as (url, folder):
            with watch.timing("database"):
                restoring.restore_database(repository, backup, url)
            with watch.timing("files"):
                restoring.restore_files(repository, backup, folder)
            with watch.timing("comparing"):
                found = restoring.compare(backup, url, folder)
            with watch.timing("rehearsing"):
                rehearsed = rehearse(url, folder, is_quarantined=is_quarantined)
            with watch.timing("booting"):
                booted = boot(url, folder, moment=backup.moment)
        drill.figures = found.counts | rehearsed | {"pages": booted.pop("pages"), "seconds": watch.seconds}
        problems = [*found.problems, *wrong_in(drill.figures), *booted["problems"]]
        if problems:
            raise BackupProblem("\n".join(problems))
    return drill


def wrong_in(figures):
    yield from figures.pop("problems")
    if figures["mails"]:
        yield f"Mails that would have gone out after the restore: {figures['mails']}."
    if figures["sessions"] or figures["invitations"]:
        yield "People would still have been signed in, or invited, after the restore."
    if figures["back"]:
        yield f"People who were erased and would have been back: {figures['back']}."


@contextmanager
def scratch():
    """(address of an empty database, an empty folder), gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="planner-drill-") as folder:
        if settings.DRILL_DATABASE_URL:
            with postgres.scratch_database(settings.DRILL_DATABASE_URL) as url:
                yield url, Path(folder)
            return
        try:
            database = embedded.use_throwaway()
        except embedded.Unavailable as problem:
            raise BackupProblem(f"Set DRILL_DATABASE_URL: {problem}") from problem
        try:
            yield database.url, Path(folder)
        finally:
            database.let_go()


def surroundings(url, folder):
    """The environment of a process that works on what was put back."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "partnership.operations.drill_settings",
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "WEB_WORKERS": "1",
    }


def rehearse(url, folder, *, is_quarantined):
    """What ``rehearse_restore`` found. Raises BackupProblem where it could not be done at all."""
    words = [] if is_quarantined else ["--without-quarantine"]
    answer = subprocess.run(
        [sys.executable, "manage.py", "rehearse_restore", *words],
        cwd=settings.BASE_DIR,
        env=surroundings(url, folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_REHEARSE,
    )
    if answer.returncode:
        raise BackupProblem(f"The product does not work on it: {last_words(answer.stderr)}")
    return json.loads(answer.stdout.strip().splitlines()[-1])


def boot(url, folder, *, moment):
    """{"pages": how many answered, "problems"}: the product's own web server on it, asked as its proxy would."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asked = list(pages(moment=moment))
    command = [sys.executable, "-m", "gunicorn", "partnership.wsgi", "--bind", f"127.0.0.1:{port}"]
    with (folder / "web.log").open("w+") as log:
        web = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=surroundings(url, folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            if not wait_for(port, web):
                log.seek(0)
                return {"pages": 0, "problems": [f"The web server does not start on it: {last_words(log.read())}"]}
            problems = [*wrong_pages(port, asked)]
        finally:
            web.terminate()
            try:
                web.wait(SECONDS_FOR_A_PAGE)
            except subprocess.TimeoutExpired:
                web.kill()
                web.wait()
    return {"pages": len(asked), "problems": problems}


def wrong_pages(port, asked):
    for path, fits in asked:
        status, content = ask(port, path)
        if not fits(status, content):
            yield f"The page {path} answers {status or 'nothing'}: {len(content)} bytes that are not what they must be."


def pages(*, moment):
    """(address, what its answer must be): the front page, the sign-in page, and the newest published file."""
    for path in ("/health/", "/", "/sign-in/"):
        yield path, lambda status, _content: status == 200
    newest = PublishedFile.objects.filter(published_at__lte=moment).newest_first().values_list("pk", "sha256").first()
    if newest:
        key, sha256 = newest
        yield f"/files/{key}/", lambda status, content: status == 200 and hashlib.sha256(content).hexdigest() == sha256


def ask(port, path):
    """(status, content)"""
    link = HTTPConnection("127.0.0.1", port, timeout=SECONDS_FOR_A_PAGE)
    try:
        link.request("GET", path, headers={"Host": urlsplit(settings.SITE_URL).netloc, "X-Forwarded-Proto": "https"})
        answer = link.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""
    finally:
        link.close()


def wait_for(port, web):
    """Whether it answers in time."""
    give_up_at = time.monotonic() + SECONDS_TO_BOOT
    while time.monotonic() < give_up_at and web.poll() is None:
        if ask(port, "/health/")[0]:
            return True
        time.sleep(0.2)
    return False
