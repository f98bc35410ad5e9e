"""The figures of the guarantees: what a test measured, kept for whoever started the run.

``./run guarantees`` names a file in ``FIGURES_FILE``; each call of ``record`` adds one line of JSON to it. A module of
tests says to which guarantees it belongs by beginning its docstring with their numbers: ``T7: …`` or ``T1, T3: …``.
"""

import json
import os
from datetime import UTC, datetime

from time_machine import escape_hatch

WORKING = {"is_quick": True}
"""Whether the test that runs is one that also runs in CI, or one of those marked ``long``: see ``tests.conftest``."""


FOREVER = "{ways} ways to change or delete what is there for ever: {changed} did"
"""What each kind of record that never changes tells of T13, so that it is added up."""


def record(number, words, **counts):
    """Note that guarantee ``number`` ("T7") came to ``words``.

    Words may name counts: ``record("T1", "{looks:,} looks, {wrong} wrong", looks=311, wrong=0)``. Where several
    tests record the same words their counts are added up, but of counts called ``worst_…`` the greatest is kept.

    Raises TypeError for a count that is no number: at once, and not when a long run adds them up.
    """
    words_among = {name: count for name, count in counts.items() if not isinstance(count, int | float)}
    if words_among:
        raise TypeError(f"Only numbers can be added up: {words_among}")
    file = os.environ.get("FIGURES_FILE")
    if not file:
        return
    line = {
        "number": number,
        "words": words,
        "counts": counts,
        "test": os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0],
        "when": real_time().isoformat(timespec="seconds"),
        "quick": WORKING["is_quick"],
    }
    # Workers share the file: one write each, to its end.
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, (json.dumps(line, ensure_ascii=False) + "\n").encode())
    finally:
        os.close(handle)


def real_time():
    return escape_hatch.datetime.datetime.now(UTC) if escape_hatch.is_travelling() else datetime.now(UTC)
