"""T20: no version of any file held a secret, and production does not start with a key that anybody could know."""

import os
import secrets
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from detect_secrets.core import scan
from detect_secrets.settings import default_settings
from django.conf import settings

from tests.guarantees.figures import record

NEWEST = 40  # commits that are looked through with every change; a whole run looks through all
LONGEST = 2_000  # characters of a line: what is longer was made by a program
# Hashes of packages and of the words on pages, which look like keys and are public.
LEFT_OUT = [":!requirements*.txt", ":!*package-lock.json", ":!static/licences", ":!partnership/guide_pictures.json"]
# What looks like a secret, and why it is none.
EXPLAINED = {
    "password": "the example of an address in .env.example",
    "password-changed": "a word for what happened",
    "correct-horse-battery": "of the people of the tests",
    "demo-password-2026": "of the demo's people; it is printed for everybody who starts the demo",
    "another": "a test of a key that was changed",
    "made-up-for-this-test-alone-0123456789": "of a repository that a test makes and throws away",
    "correct-horse-battery-staple-7": "of a repository that a test makes and throws away",
    "3f2a91bc04de": "a made-up reference of a fault",
    "wrong": "a test of a password that is",
    "planner": "of the tests' own server of an organisation",
    "online": "whether breached passwords are asked for",
    "Show": "on the button beside a password",
    "https://meet.example.org/safer-sleep": "a link that a test looks for where it must not be",
    "https://meet.example/secret-room": "a link that a test looks for where it must not be",
    "A123456789012": "a made-up number of a pupil, which must be recognised",
    "files-of-the-planner": "the bucket of the tests' own server of objects",
    "secret": "what the tests call a key that opens nothing",
    "secret_key": "what django-storages calls a setting",
    "0123456789abcdef0123456789abcdef": "a made-up number of a request",
    "bare": "the key of a Django with nothing in it, which is timed and thrown away",
    "ABESIJKMHOPCTYXaesijopcyx": "Latin letters that look like Greek and Cyrillic ones",
}


def lines_ever_written(repository, *options):
    """{path: its lines, each once}, of every version that ``git log`` names."""
    log = ["git", "log", "-p", "--unified=0", "--no-color", "--no-renames", "--no-ext-diff", "--diff-filter=AM"]
    told = subprocess.run([*log, *options, "--", ".", *LEFT_OUT], cwd=repository, capture_output=True, check=True)
    found, path = defaultdict(dict), None
    for line in told.stdout.decode("utf-8", "replace").split("\n"):
        if line.startswith("+++ "):
            path = line[6:] if line.startswith("+++ b/") else None
        elif line.startswith("+") and path and len(line) < LONGEST:
            found[path][line[1:]] = None
    return found


def secrets_in(lines, folder):
    """(path, kind, value) of all that looks like a secret; a sentence beside the word password is one for people."""
    with default_settings():
        for number, (path, written) in enumerate(lines.items()):
            # The ending of its name says how a line is read; the name itself would make a folder.
            file = folder / f"{number}{Path(path).suffix}"
            file.write_text("\n".join(written))
            for each in scan.scan_file(str(file)):
                if each.type != "Secret Keyword" or " " not in each.secret_value:
                    yield path, each.type, each.secret_value


def look_through(folder, *options):
    """How many lines were looked through, and what was found in them that nothing explains."""
    lines = lines_ever_written(settings.BASE_DIR, *options)
    found = [each for each in secrets_in(lines, folder) if each[2] not in EXPLAINED]
    return sum(map(len, lines.values())), found


def test_the_newest_commits_hold_no_secret(tmp_path):
    count, found = look_through(tmp_path, f"-n{NEWEST}")
    assert found == []
    record("T20", f"the newest {NEWEST} commits, {count:,} lines: 0 secrets")


@pytest.mark.long
def test_no_commit_ever_held_a_secret(tmp_path):
    told = ["git", "rev-list", "--count", "HEAD"]
    commits = int(subprocess.run(told, cwd=settings.BASE_DIR, capture_output=True, text=True).stdout)
    count, found = look_through(tmp_path)
    assert found == []
    record("T20", f"the whole history, {commits} commits with {count:,} different lines: 0 secrets")


def test_a_secret_that_was_taken_back_is_found(tmp_path):
    """The control: written, committed, and deleted again."""
    repository, folder = tmp_path / "repository", tmp_path / "folder"
    repository.mkdir()
    folder.mkdir()
    key = "AKIA" + "Q3EGW6PZN5XHY2TB"

    def git(*words):
        us = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *us, *words], cwd=repository, check=True, capture_output=True)

    git("init", "-q")
    for words in (f'KEY = "{key}"\n', "KEY = None\n"):
        (repository / "settings.py").write_text(words)
        git("add", ".")
        git("commit", "-qm", "A commit")
    found = list(secrets_in(lines_ever_written(repository), folder))
    assert ("settings.py", "AWS Access Key", key) in found


# The key of an installation

PRODUCTION = {
    "MODE": "production",
    "SITE_URL": "https://planner.example.org",
    "DATABASE_URL": "postgres://planner@localhost/planner",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "PATH": os.environ["PATH"],
}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "Set SECRET_KEY"),
        ("short", "SECRET_KEY must be 50 random characters or more"),
        ("not-a-secret-for-demo-only-" + "0" * 40, "SECRET_KEY must be 50 random characters or more"),
        ("x" * 49, "SECRET_KEY must be 50 random characters or more"),
        ("x" * 60, "SECRET_KEY must be 50 random characters or more"),
        (secrets.token_urlsafe(50), ""),
    ],
    ids=["absent", "short", "the demo’s", "a letter too few", "one letter", "by chance"],
)
def test_production_does_not_start_with_a_key_that_anybody_could_know(key, words):
    started = subprocess.run(
        [sys.executable, "-c", "import partnership.settings"],
        cwd=settings.BASE_DIR,
        env={**PRODUCTION, "SECRET_KEY": key},
        capture_output=True,
        text=True,
    )
    said = started.stderr.strip().rpartition("\n")[2]
    assert (started.returncode == 0, words in said) == (not words, True)
