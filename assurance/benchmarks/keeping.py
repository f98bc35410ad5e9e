"""The runs of ``./run bench`` on this machine: a file of lines that grows, and what is usual according to it."""

import json
import os
import platform
import re
import subprocess
from pathlib import Path
from statistics import median

WORSE_BY = 0.2
FEWEST_RUNS = 3  # before these, one run with bad luck would be what is usual
LAST_RUNS = 9  # what was usual longer ago is another product


class KeptRuns:
    """What earlier runs found: a JSON line for each benchmark of each run, in a file that is only added to.

    A run that is stopped half-way keeps what it has measured. Of figures of other machines nothing is said: a ratio
    depends on the machine less than seconds do, but it does.
    """

    def __init__(self, path, *, machine=None):
        self.path = Path(path)
        self.machine = machine or this_machine()

    def add(self, benchmark, figures, *, at, commit):
        line = {
            "at": at.isoformat(timespec="seconds"),
            "commit": commit,
            "machine": self.machine,
            "benchmark": benchmark,
            "figures": {figure.name: figure.value for figure in figures if figure.value is not None},
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # One write, so that two runs at once don't mix their lines.
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, (json.dumps(line, ensure_ascii=False) + "\n").encode())
        finally:
            os.close(handle)

    def values(self, benchmark):
        """{name of a figure: what the last runs here found, oldest first}."""
        found = {}
        for line in self.lines():
            if (line["machine"], line["benchmark"]) == (self.machine, benchmark):
                for name, value in line["figures"].items():
                    found.setdefault(name, []).append(value)
        return {name: values[-LAST_RUNS:] for name, values in found.items()}

    def lines(self):
        """Each line that can be read; one that a power cut has left half written is passed over."""
        if not self.path.exists():
            return
        for text in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict) and {"machine", "benchmark", "figures"} <= line.keys():
                yield line


def judged(figure, earlier):
    """(the line of ``figure``, what is wrong with it or ""); ``earlier`` are its values in runs before."""
    if figure.value is None:
        return f"  {figure.name}: {figure.words}", ""
    said = [figure.bar] if figure.bar else []
    wrong = []
    if figure.is_missed:
        wrong.append(f"{figure.bar} was promised")
    if earlier:
        usual = median(earlier)
        said.append(f"usually {say_usual(usual, figure)}, of {len(earlier)} {'runs' if len(earlier) > 1 else 'run'}")
        if len(earlier) >= FEWEST_RUNS and figure.is_worse_than(usual, by=WORSE_BY):
            wrong.append(f"usually it is {say_usual(usual, figure)}")
    line = f"  {figure.name}: {figure.amount}"
    if said:
        line += f" ({'; '.join(said)})"
    if figure.words:
        line += f". {figure.words}"
    if wrong:
        line += "  <<< WORSE"
    return line, f"{figure.name}: {figure.amount}, but {' and '.join(wrong)}" if wrong else ""


def say_usual(usual, figure):
    return f"{usual:,.4g}{figure.unit}" if isinstance(figure.value, int) else f"{usual:,.2f}{figure.unit}"


def this_machine():
    """ "2 × AMD EPYC": what a ratio may depend on; not the machine's name, which a container makes up anew."""
    processor = platform.processor() or platform.machine()
    if (told := Path("/proc/cpuinfo")).exists() and (
        named := re.search(r"^model name\s*: (.*)$", told.read_text(), re.M)
    ):
        processor = named[1].strip()
    return f"{os.cpu_count()} × {processor}"


def this_commit(folder):
    """The commit in ``folder``, with "+" where files differ from it; "" where git can't say."""
    try:
        asked = [
            subprocess.check_output(["git", *words], cwd=folder, text=True, stderr=subprocess.DEVNULL)
            for words in (("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
        ]
    except (OSError, subprocess.CalledProcessError):
        return ""
    return asked[0].strip() + ("+" if asked[1].strip() else "")
