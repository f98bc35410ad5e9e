"""A run says of each promise what its tests came to: no figure where a test failed is called kept."""

import json

import pytest

from partnership.guarantees import NUMBERS
from tests import guarantee_run
from tests.guarantee_run import figures_of, judged, line_of, modules, numbers_of, outcomes
from tests.guarantees.figures import WORKING, record

TRIED = "T7"  # this module belongs to no promise

REPORT = """<testsuites><testsuite>
<testcase classname="c" name="test_a" file="tests/guarantees/test_a.py"/>
<testcase classname="c" name="test_b" file="tests/guarantees/test_b.py"><failure message="no">no</failure></testcase>
<testcase classname="c" name="test_c" file="tests/guarantees/test_c.py"><skipped message="no browser"/></testcase>
<testcase classname="c" name="test_d" file="tests/guarantees/test_c.py"/>
<testcase classname="" name="tests.guarantees.test_e"><error message="collection failure">no</error></testcase>
</testsuite></testsuites>"""
PATHS = {
    "tests/guarantees/test_a.py": ["T1", "T3"],
    "tests/guarantees/test_b.py": ["T2"],
    "tests/guarantees/test_c.py": ["T4"],
    "tests/guarantees/test_e.py": ["T5"],
}


def line(number, words, quick=True, **counts):
    return {"number": number, "words": words, "counts": counts, "test": "tests/x.py::test", "quick": quick}


@pytest.fixture
def results(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    return list(outcomes(report, PATHS))


def test_a_promise_is_kept_only_if_all_its_tests_passed(results):
    found = judged(PATHS, results, [])
    states = {number: found[number]["state"] for number in ["T1", "T2", "T3", "T4", "T5", "T6"]}
    assert states == {"T1": "kept", "T2": "failed", "T3": "kept", "T4": "partly", "T5": "failed", "T6": "untried"}
    assert found["T4"]["reasons"] == ["no browser"]
    assert list(found) == NUMBERS


def test_each_promise_is_one_line():
    found = {"state": "partly", "figures": ["1 file", "0 errors"], "reasons": ["no browser"]}
    assert line_of("T4", found) == "T4  partly  1 file; 0 errors; left out: no browser"
    assert line_of("T12", {"state": "untried", "figures": [], "reasons": []}) == "T12 not run"


def test_counts_of_the_same_words_are_added_and_of_the_worst_the_worst_is_kept():
    words = "{looks:,} looks, worst {worst_seconds} s"
    lines = [line("T1", words, looks=900, worst_seconds=3), line("T1", words, looks=200, worst_seconds=2)]
    assert figures_of(lines) == {"T1": ["1,100 looks, worst 3 s"]}


def test_a_whole_run_stands_for_the_quick_one():
    lines = [line("T7", "50 files: 0 errors"), line("T7", "5,000 files: 0 errors", quick=False)]
    assert figures_of(lines) == {"T7": ["5,000 files: 0 errors"]}


def test_many_figures_are_cut_short():
    lines = [line("T9", f"form {letter}: 0") for letter in "abcdefgh"]
    assert figures_of(lines)["T9"][-1] == "and 2 more figures"


def test_a_module_belongs_to_the_promises_with_which_its_docstring_begins(tmp_path):
    module = tmp_path / "test_x.py"
    for words, expected in [
        ("T13: what was published.", ["T13"]),
        ("T13 for reviews: what was published.", ["T13"]),
        ("T1, T3 and T9: all of it.", ["T1", "T3", "T9"]),
        ("Some words of T13.", []),
        ("Thirteen words.", []),
        (f'Words."""\n{"record"}(\n    "T5", "figure")\n"""', ["T5"]),
    ]:
        module.write_text(f'"""{words}"""\n')
        assert numbers_of(module) == expected


def test_every_number_in_a_docstring_is_one_of_a_promise():
    assert {number for of in modules().values() for number in of} <= set(NUMBERS)


def test_a_figure_is_a_line_of_the_file_that_was_named_and_of_no_other(tmp_path, monkeypatch):
    monkeypatch.delenv("FIGURES_FILE", raising=False)
    record(TRIED, "nothing is written")
    file = tmp_path / "figures"
    monkeypatch.setenv("FIGURES_FILE", str(file))
    record(TRIED, "{files} files", files=3)
    monkeypatch.setitem(WORKING, "is_quick", False)
    record(TRIED, "“all” of them")
    first, second = [json.loads(each) for each in file.read_text().splitlines()]
    assert (first["words"], first["counts"], first["quick"]) == ("{files} files", {"files": 3}, True)
    assert (second["words"], second["quick"]) == ("“all” of them", False)
    assert first["test"].startswith("tests/guarantees/test_figures.py::test_a_figure")


def test_a_figure_that_cannot_be_added_up_is_refused_at_once(monkeypatch):
    monkeypatch.delenv("FIGURES_FILE", raising=False)
    with pytest.raises(TypeError, match="2.1 times"):
        record(TRIED, "{slower}", slower="2.1 times")


@pytest.mark.parametrize("words", [["--keep", "--quick"], ["--keep", "T7", "-k", "x"]])
def test_only_whole_promises_are_kept(words, monkeypatch):
    monkeypatch.setattr(guarantee_run, "run_tests", None)
    with pytest.raises(SystemExit, match="keeps whole promises"):
        guarantee_run.main(words)


def test_promises_that_are_named_are_kept_beside_those_that_were(monkeypatch, tmp_path):
    kept = tmp_path / "kept.json"
    monkeypatch.setattr(guarantee_run, "KEPT_RUN", kept)
    monkeypatch.setattr(guarantee_run, "LAST_RUN", tmp_path / "last.json")
    monkeypatch.setattr(guarantee_run, "PROJECT", tmp_path)
    monkeypatch.setattr(guarantee_run, "modules", lambda: PATHS)
    asked = []

    def run_tests(paths, options, *, is_quick, folder):
        report = folder / "report.xml"
        report.write_text(REPORT)
        asked.append(list(paths))
        return [0], [report]

    monkeypatch.setattr(guarantee_run, "run_tests", run_tests)
    for words in (["--keep"], ["--keep", "T4"]):
        with pytest.raises(SystemExit, match="0"):
            guarantee_run.main(words)
    assert asked == [list(PATHS), ["tests/guarantees/test_c.py"]]
    written = json.loads(kept.read_text())
    assert len(written["runs"]) == 2
    assert {number: each["run"] for number, each in written["guarantees"].items()} == {
        number: int(number == "T4") for number in NUMBERS
    }
    assert list(json.loads((tmp_path / "last.json").read_text())["guarantees"]) == ["T4"]
