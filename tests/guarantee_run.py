"""``./run guarantees``: the tests of all promises, one line for each promise, and the run as a file.

    ./run guarantees              all of it, the long ones too
    ./run guarantees --quick      what also runs with every change
    ./run guarantees T7 T9        these alone; anything else that is said goes to pytest
    ./run guarantees --keep       and write what was found to partnership/guarantees.json, which the product shows;
                                  with promises named, the others there stay as they were

A module of tests belongs to the promises with whose numbers its docstring begins ("T7: …", "T1, T3: …") and to those
of which it records a figure. What kills servers and measures time comes last and one after the other; the rest is
shared by two workers.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from partnership.guarantees import KEPT_RUN, NUMBERS, joined

PROJECT = Path(__file__).resolve().parent.parent
LAST_RUN = PROJECT / ".data" / "guarantees.json"
OF_PROMISES = re.compile(r"T\d+(?:(?:, | and )T\d+)*\b")
OF_FIGURES = re.compile(r'\brecord\(\s*"(T\d+)"')
ONE_BY_ONE = "tests/faults/"
MOST_FIGURES = 6
STATES = {"kept": "passed", "partly": "partly", "failed": "FAILED", "untried": "not run"}


def numbers_of(path):
    """The promises to which the module at ``path`` belongs."""
    code = path.read_text()
    begins = OF_PROMISES.match(ast.get_docstring(ast.parse(code)) or "")
    return list(dict.fromkeys([*re.findall(r"T\d+", begins[0] if begins else ""), *OF_FIGURES.findall(code)]))


def modules():
    """{path: its promises}, of every module that belongs to one or stands among the guarantees and faults."""
    found = {
        str(path.relative_to(PROJECT)): numbers_of(path) for path in sorted((PROJECT / "tests").rglob("test_*.py"))
    }
    return {path: of for path, of in found.items() if of or path.startswith(("tests/guarantees/", ONE_BY_ONE))}


# What a run left behind


def outcomes(report, paths):
    """(path, outcome, what was said) of each test in pytest's XML; outcomes: passed, failed, skipped."""
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (our own pytest wrote it)
        # A module that could not be imported has no file, only its dotted name.
        path = case.get("file") or case.get("name", "").replace(".", "/") + ".py"
        if case.find("failure") is not None or case.find("error") is not None:
            yield path, "failed", case.get("name")
        elif case.find("skipped") is not None:
            yield path, "skipped", case.find("skipped").get("message", "")
        else:
            yield path, "passed", ""


def figures_of(lines):
    """{number: sentences}: counts of the same words added up, and whole runs instead of quick ones."""
    groups = defaultdict(list)
    for line in lines:
        groups[line["number"], re.sub(r"\d[\d,.]*", "#", line["words"])].append(line)
    found = defaultdict(list)
    for (number, _words), group in groups.items():
        whole = [line for line in group if not line["quick"]] or group
        for words in dict.fromkeys(line["words"] for line in whole):
            sentence = words.format(**added([line["counts"] for line in whole if line["words"] == words]))
            if sentence not in found[number]:
                found[number].append(sentence)
    return {number: shortened(sentences) for number, sentences in found.items()}


def added(counts):
    total = {}
    for each in counts:
        for name, value in each.items():
            is_worst = name.startswith("worst_")
            total[name] = max(total.get(name, value), value) if is_worst else total.get(name, 0) + value
    return total


def shortened(sentences):
    more = len(sentences) - MOST_FIGURES
    return sentences if more <= 0 else [*sentences[:MOST_FIGURES], f"and {more} more figures"]


def judged(paths, results, lines):
    """{number: {"state", "figures", "reasons"}} for every promise, from what the tests of it came to."""
    belongs = {path: set(of) for path, of in paths.items()}
    for line in lines:
        belongs.setdefault(line["test"].partition("::")[0], set()).add(line["number"])
    figures = figures_of(lines)
    found = {}
    for number in NUMBERS:
        mine = [(outcome, said) for path, outcome, said in results if number in belongs.get(path, ())]
        states = {outcome for outcome, _said in mine}
        if "failed" in states:
            state = "failed"
        elif "passed" not in states:
            state = "untried"
        else:
            state = "partly" if "skipped" in states else "kept"
        reasons = sorted({said.removeprefix("Skipped: ") for outcome, said in mine if outcome == "skipped"})
        found[number] = {"state": state, "figures": figures.get(number, []), "reasons": reasons}
    return found


def line_of(number, found):
    words = [*found["figures"], *(f"left out: {reason}" for reason in found["reasons"])]
    return f"{number:<4}{STATES[found['state']]:<8}{'; '.join(words)}".rstrip()


# The run


def run_tests(paths, options, *, is_quick, folder):
    """Run the modules at ``paths``; what pytest answered, and the reports it left."""
    together = [path for path in paths if not path.startswith(ONE_BY_ONE)]
    alone = [path for path in paths if path.startswith(ONE_BY_ONE)]
    marks = ["-m", "not long"] if is_quick else ["-m", ""]
    statuses, reports = [], []
    for those, share in ((together, ["-n", "2", "--dist", "worksteal"]), (alone, ["-p", "no:xdist"])):
        if not those:
            continue
        reports.append(folder / f"report-{len(reports)}.xml")
        command = [sys.executable, "-m", "pytest", "-q", *share, *marks]
        written = [f"--junitxml={reports[-1]}", "-o", "junit_family=xunit1"]
        environment = {**os.environ, "FIGURES_FILE": str(folder / "figures")}
        statuses.append(subprocess.run([*command, *written, *options, *those], cwd=PROJECT, env=environment).returncode)
    return statuses, reports


def read_lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def version():
    asked = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True).stdout.strip() or "unknown"


def main(words):
    is_quick, is_kept = "--quick" in words, "--keep" in words
    named = [word for word in words if word in NUMBERS]
    options = [word for word in words if word not in {"--quick", "--keep", *named}]
    if is_kept and (options or is_quick):
        sys.exit("--keep keeps whole promises: name some, or none for all, and say nothing else with it.")
    asked = named or NUMBERS
    paths = {path: of for path, of in modules().items() if not named or set(of) & set(named)}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        statuses, reports = run_tests(paths, options, is_quick=is_quick, folder=Path(folder))
        results = [result for report in reports if report.exists() for result in outcomes(report, paths)]
        found = judged(paths, results, read_lines(Path(folder, "figures")))
    run = {
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "minutes": max(1, round((time.monotonic() - began) / 60)),
        "commit": version(),
        "test_count": len(results),
    }
    found = {number: found[number] for number in asked}
    write(LAST_RUN, joined(None, run, found))
    if is_kept:
        write(KEPT_RUN, joined(json.loads(KEPT_RUN.read_text()) if KEPT_RUN.exists() else None, run, found))
    print(*(line_of(number, found[number]) for number in asked), sep="\n")
    print(f"{len(results)} tests in {run['minutes']} minutes; this run is in {LAST_RUN.relative_to(PROJECT)}")
    # 5: with these options a part had no test.
    sys.exit(next((status for status in statuses if status not in {0, 5}), 0))


def write(file, words):
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(words, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
