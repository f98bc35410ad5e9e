"""T24: each requirement of OWASP ASVS 5.0, levels 1 and 2, has its answer, and no answer points at nothing.

``asvs.csv`` has a line for each, in words of ours. An answer is a *test* (a function, or a module where all of it
answers), a *paper* (a decision that SECURITY.md writes down), the *host*'s duty, *none* (it does not apply, and why),
or *open*: not yet, and what is missing.
"""

import ast
import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from tests.guarantees.figures import record

TABLE = Path(__file__).with_name("asvs.csv")
# How many requirements of level 1 and of level 2 each chapter has.
CHAPTERS = {
    1: (8, 19),
    2: (4, 7),
    3: (8, 11),
    4: (2, 8),
    5: (4, 5),
    6: (13, 22),
    7: (6, 12),
    8: (4, 3),
    9: (4, 3),
    10: (5, 24),
    11: (3, 11),
    12: (3, 6),
    13: (1, 12),
    14: (2, 7),
    15: (3, 10),
    16: (0, 16),
    17: (0, 7),
}
ANSWERS = {"test", "paper", "host", "none", "open"}
SHORTEST_REASON = 4  # letters: "none" is one


def rows(text=None):
    return list(csv.DictReader((text or TABLE.read_text()).splitlines()))


def headings():
    """The anchors of SECURITY.md."""
    lines = Path(settings.BASE_DIR, "SECURITY.md").read_text().splitlines()
    found = [line.lstrip("# ").lower() for line in lines if line.startswith("#")]
    return {"SECURITY.md#" + re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in found}


def is_there(test):
    """Whether a test stands where ``path`` or ``path::function`` says."""
    path, _colons, function = test.partition("::")
    file = Path(settings.BASE_DIR, path)
    if not file.is_file() or not path.startswith("tests/"):
        return False
    names = {node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)}
    return function in names if function else any(name.startswith("test_") for name in names)


def faults_of(row):
    kind, where = row["answer"], row["where"]
    if kind not in ANSWERS:
        yield f"{row['requirement']}: no such answer as {kind}"
    if kind == "test" and not is_there(where):
        yield f"{row['requirement']}: there is no {where}"
    if kind in {"paper", "host"} and where not in headings():
        yield f"{row['requirement']}: there is no {where}"
    if kind in {"none", "open"} and len(where) < SHORTEST_REASON:
        yield f"{row['requirement']}: no reason"
    if not row["words"]:
        yield f"{row['requirement']}: no words"


def test_every_requirement_has_one_line():
    numbers = [row["requirement"] for row in rows()]
    assert len(numbers) == len(set(numbers))
    counted = Counter((int(row["requirement"].partition(".")[0]), int(row["level"])) for row in rows())
    assert {chapter: (counted[chapter, 1], counted[chapter, 2]) for chapter in CHAPTERS} == CHAPTERS
    assert counted.total() == 253


def test_no_answer_points_at_nothing():
    assert [fault for row in rows() for fault in faults_of(row)] == []


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        ("test", "tests/guarantees/test_asvs.py::test_that_nobody_wrote"),
        ("test", "tests/guarantees/test_nowhere.py"),
        ("test", "tests/guarantees/figures.py"),
        ("paper", "SECURITY.md#nothing-of-the-kind"),
        ("none", ""),
        ("perhaps", "some day"),
    ],
)
def test_an_answer_that_points_at_nothing_is_found(answer, where):
    row = {"requirement": "1.1.1", "level": "2", "words": "Words", "answer": answer, "where": where}
    assert len(list(faults_of(row))) == 1


def test_what_is_still_open_is_counted():
    found = Counter(row["answer"] for row in rows())
    told = f"{found['test']} tested, {found['paper']} decided in writing, {found['host']} the host’s duty"
    record(
        "T24", f"{found.total()} requirements: {told}, {found['none']} do not apply, {found['open']} open; 0 orphans"
    )
    if found["open"]:
        pytest.skip(f"{found['open']} requirements of ASVS are still open: see asvs.csv")
