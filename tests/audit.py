"""``./run audit``: compare every locked package with the published lists of faults, and keep what they say.

It is written with its day to ``tests/guarantees/advisories.json`` and looked through like code, so that machines
without a way to the lists still know what was known on that day. A fault keeps the day on which it was seen first:
within 14 days of it a version without the fault is locked, or ``EXPLAINED`` in ``test_dependencies.py`` says why it
cannot reach us.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
KEPT = PROJECT / "tests" / "guarantees" / "advisories.json"
LOCK = "requirements-dev.txt"


class NotCompared(Exception):
    """The lists did not answer for a package."""


def ask():
    """What pip-audit answers."""
    command = [sys.executable, "-m", "pip_audit", "-r", LOCK, "--require-hashes", "--disable-pip", "-f", "json"]
    asked = subprocess.run([*command, "--progress-spinner", "off"], cwd=PROJECT, capture_output=True, text=True)
    if not asked.stdout.strip():
        raise NotCompared(asked.stderr.strip().rpartition("\n")[2])
    return json.loads(asked.stdout)


def as_kept(answer, *, on, before):
    """What is kept of ``answer``; ``before`` is what was kept last, or None. Raises NotCompared."""
    left_out = [each["name"] for each in answer["dependencies"] if "skip_reason" in each]
    if left_out:
        raise NotCompared(f"no answer for {len(left_out)} packages, {left_out[0]} among them")
    seen = {(each["package"], each["id"]): each["seen_on"] for each in (before or {"found": []})["found"]}
    return {
        "read_on": on.isoformat(),
        "packages": {each["name"]: each["version"] for each in answer["dependencies"]},
        "found": [
            {
                "package": each["name"],
                "version": each["version"],
                "id": fault["id"],
                "also": sorted(fault["aliases"]),
                "mended_in": fault["fix_versions"],
                "seen_on": seen.get((each["name"], fault["id"]), on.isoformat()),
            }
            for each in answer["dependencies"]
            for fault in each["vulns"]
        ],
    }


def main():
    before = json.loads(KEPT.read_text()) if KEPT.exists() else None
    try:
        kept = as_kept(ask(), on=datetime.now(UTC).date(), before=before)
    except NotCompared as reason:
        sys.exit(f"The lists of faults were not read, so nothing was written: {reason}.")
    KEPT.write_text(json.dumps(kept, indent=2) + "\n")
    for each in kept["found"]:
        mended = ", ".join(each["mended_in"]) or "nothing yet"
        print(f"{each['package']} {each['version']}: {each['id']}, mended in {mended}")
    print(f"{len(kept['packages'])} packages compared, {len(kept['found'])} known faults")
    sys.exit(bool(kept["found"]))


if __name__ == "__main__":
    main()
