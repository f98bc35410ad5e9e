"""Continuous integration's second try: what fails by chance in a browser, and nothing else, is tried again."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
FLAKY = """
import pathlib
import pytest

@pytest.mark.browser
@pytest.mark.parametrize("name", ["a b", "c"])
def test_races(name):
    before = pathlib.Path("before " + name)
    is_second = before.exists()
    before.touch()
    assert is_second
"""
BROKEN = """
import pytest

@pytest.mark.browser
def test_broken():
    assert False
"""
WITHOUT_BROWSER = """
import pathlib

def test_now_and_then():
    before = pathlib.Path("before")
    is_second = before.exists()
    before.touch()
    assert is_second
"""
MANY = FLAKY.replace('["a b", "c"]', "range(4)").replace('before " + name', 'before" + str(name)')
NOT_READ = "import nothing_of_this_name"


@pytest.fixture
def continuous(tmp_path):
    """``continuous(file=source…)``: status and words of a run of these tests and of the second try after it."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(PROJECT / ".ci" / "second-try", tmp_path / ".ci")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser\naddopts = -ra\n")
    run = tmp_path / "run"
    run.write_text(f'#!/bin/sh\nshift\nPYTEST_DISABLE_PLUGIN_AUTOLOAD=1 exec {sys.executable} -m pytest "$@"\n')
    run.chmod(0o755)

    def ask(*words):
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    def continuous(**files):
        for name, source in files.items():
            (tmp_path / f"test_{name}.py").write_text(source)
        status = ask("./run", "test").returncode
        assert status
        second = ask(".ci/second-try", str(status))
        return second.returncode, second.stdout

    return continuous


def test_what_passes_the_second_time_passes_and_is_named(continuous):
    status, said = continuous(flaky=FLAKY)
    assert status == 0
    assert said.endswith(
        "FLAKY, to be mended: test_flaky.py::test_races[a b]\nFLAKY, to be mended: test_flaky.py::test_races[c]\n"
    )


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"broken": BROKEN}, "what failed did so twice."),
        ({"flaky": FLAKY, "broken": BROKEN}, "what failed did so twice."),
        ({"other": WITHOUT_BROWSER}, "not all that failed are tests of a browser"),
        ({"flaky": FLAKY, "other": WITHOUT_BROWSER}, "not all that failed are tests of a browser"),
        ({"many": MANY}, "4 tests failed; of at most 3 it might be chance."),
        ({"flaky": FLAKY, "unreadable": NOT_READ}, "the run was broken off (status 2)."),
    ],
)
def test_anything_else_that_fails_has_failed(continuous, files, why):
    status, said = continuous(**files)
    assert status == 1
    assert f"No second try: {why}" in said
    assert "FLAKY" not in said
