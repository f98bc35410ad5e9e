"""The bench remembers: what it keeps of its runs, what it calls worse, and that it fails then."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from assurance.benchmarks import lighthouse
from assurance.benchmarks.figures import Figure
from assurance.benchmarks.keeping import FEWEST_RUNS, LAST_RUNS, KeptRuns, judged, this_commit
from assurance.management.commands import bench

AT = datetime(2027, 3, 31, 9, 0, tzinfo=UTC)
HERE = "2 × Measured"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "data" / "bench.jsonl"


def keep(file, *values, machine=HERE, benchmark="page", name="page ÷ template"):
    runs = KeptRuns(file, machine=machine)
    for value in values:
        runs.add(benchmark, [Figure(name, value)], at=AT, commit="abc1234")


def test_a_run_is_a_line_with_its_day_commit_machine_and_figures(file):
    figures = [Figure("page ÷ template", 1.5), Figure("page", 12, unit=" queries"), Figure("nothing to compare with")]
    KeptRuns(file, machine=HERE).add("page", figures, at=AT, commit="abc1234+")
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {
            "at": "2027-03-31T09:00:00+00:00",
            "commit": "abc1234+",
            "machine": HERE,
            "benchmark": "page",
            "figures": {"page ÷ template": 1.5, "page": 12},
        }
    ]


def test_only_runs_of_the_same_benchmark_on_the_same_machine_are_looked_at(file):
    keep(file, 1.0, 2.0)
    keep(file, 50.0, machine="64 × Elsewhere")
    keep(file, 60.0, benchmark="report")
    assert KeptRuns(file, machine=HERE).values("page") == {"page ÷ template": [1.0, 2.0]}
    assert KeptRuns(file, machine="8 × New").values("page") == {}


def test_only_the_last_runs_count(file):
    keep(file, *map(float, range(LAST_RUNS + 5)))
    assert KeptRuns(file, machine=HERE).values("page") == {
        "page ÷ template": [float(n) for n in range(5, LAST_RUNS + 5)]
    }


def test_a_line_that_was_cut_off_is_passed_over_and_the_next_is_read(file):
    keep(file, 1.0)
    with file.open("a") as cut:
        cut.write('{"machine": "2 × Meas\n[1]\n"page"\n{}\n')
    keep(file, 2.0)
    assert KeptRuns(file, machine=HERE).values("page") == {"page ÷ template": [1.0, 2.0]}


def test_no_run_before_is_no_fault(file):
    assert KeptRuns(file, machine=HERE).values("page") == {}
    assert judged(Figure("page ÷ template", 9.0), []) == ("  page ÷ template: 9.00 ×", "")


@pytest.mark.parametrize(
    ("value", "is_worse"), [(1.0, False), (0.2, False), (1.2, False), (1.19, False), (1.21, True), (5.0, True)]
)
def test_more_than_a_fifth_above_the_median_is_worse(value, is_worse):
    line, fault = judged(Figure("page ÷ template", value), [1.0, 0.5, 9.0])
    assert bool(fault) is is_worse
    assert line.endswith("<<< WORSE") is is_worse
    assert "usually 1.00 ×, of 3 runs" in line


@pytest.mark.parametrize(("value", "is_worse"), [(1.0, False), (3.0, False), (0.81, False), (0.79, True)])
def test_where_more_is_better_a_fifth_less_is_worse(value, is_worse):
    assert bool(judged(Figure("downloads", value, at_least=0.1), [1.0] * 3)[1]) is is_worse


def test_a_run_or_two_are_not_what_is_usual():
    doubled = Figure("page ÷ template", 2.0)
    assert [bool(judged(doubled, [1.0] * runs)[1]) for runs in range(FEWEST_RUNS + 1)] == [False, False, False, True]


def test_a_bar_stands_beside_its_figure_and_missing_it_is_a_fault_at_once():
    kept = Figure("page ÷ template", 1.5, "CPU, least of 100", at_most=2)
    assert judged(kept, []) == ("  page ÷ template: 1.50 × (at most 2 ×). CPU, least of 100", "")
    missed = Figure("page", 13, unit=" queries", at_most=12)
    assert judged(missed, [13]) == (
        "  page: 13 queries (at most 12 queries; usually 13 queries, of 1 run)  <<< WORSE",
        "page: 13 queries, but at most 12 queries was promised",
    )
    both = Figure("downloads", 0.4, at_least=0.8)
    assert judged(both, [1.0] * 3)[1] == (
        "downloads: 0.40 ×, but at least 0.80 × was promised and usually it is 1.00 ×"
    )


def test_what_could_not_be_measured_is_said_and_is_no_fault(file):
    without = Figure("plan ÷ LibreOffice", words="LibreOffice is not installed here", at_most=0.2)
    assert judged(without, [0.1] * 3) == ("  plan ÷ LibreOffice: LibreOffice is not installed here", "")


def test_lighthouse_says_what_brings_it_and_nothing_else_installs_it(monkeypatch):
    monkeypatch.setattr(lighthouse, "FOLDER", Path(settings.BASE_DIR) / "no-such-folder")
    monkeypatch.setattr(lighthouse.shutil, "which", lambda name: f"/usr/bin/{name}")
    said = {figure.words for figure in lighthouse.lighthouse()}
    assert said == {"npm ci --prefix no-such-folder brings what it needs"}
    monkeypatch.setattr(lighthouse.shutil, "which", lambda name: None)
    assert {figure.words for figure in lighthouse.lighthouse()} == {
        "node and Chromium are needed, and not both are here"
    }


def test_git_away_is_a_commit_of_no_name(tmp_path, monkeypatch):
    assert this_commit(tmp_path) == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert this_commit(tmp_path) == ""


@pytest.fixture
def run(file, monkeypatch):
    """``run(value, …)``: one run of a bench of two benchmarks, one of which finds this; what it printed."""

    def page():
        return [Figure("page ÷ template", run.value, at_most=10)]

    def report():
        return [Figure("report ÷ bare", 1.0)]

    def run(value):
        run.value, out = value, io.StringIO()
        call_command("bench", stdout=out, kept_in=file)
        return out.getvalue()

    monkeypatch.setattr(bench, "BENCHMARKS", [page, report])
    return run


def test_the_bench_says_what_is_worse_at_its_end_and_fails(run, file):
    for _ in range(FEWEST_RUNS):
        printed = run(1.0)
    assert "page ÷ template: 1.00 × (at most 10 ×; usually 1.00 ×, of 2 runs)" in printed
    with pytest.raises(CommandError) as failed:
        run(1.3)
    assert str(failed.value) == "1 worse than it should be:\n  page, page ÷ template: 1.30 ×, but usually it is 1.00 ×"
    # It ran to its end all the same, and is kept.
    assert len(file.read_text().splitlines()) == 2 * (FEWEST_RUNS + 1)
    run(1.1)


def test_the_bench_knows_its_benchmarks_by_name(run, file):
    with pytest.raises(CommandError, match="There is no pdf; there is page, report"):
        call_command("bench", "pdf", kept_in=file)
    call_command("bench", "report", stdout=io.StringIO(), kept_in=file)
    assert [json.loads(line)["benchmark"] for line in file.read_text().splitlines()] == ["report"]
