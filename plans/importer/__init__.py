"""Read a plan from an office's own document.

``read_plan`` does it here and now, and is for files one trusts; ``read_plan_safely`` does it in a
child process with limits, and is for uploads. Both answer with::

    {"plan": {...}, "doubts": [{"at": "priorities/0/deliverables/2/leads/0", "says": "…"}],
     "notes": ["…"]}

Nothing in it counts until a person has seen it and said yes. ``doubts`` are the places that could
be read another way, ``notes`` what had no place in the plan: nothing is dropped. Both raise
``UnreadablePlan`` with a sentence for the person.

The plan: ``title, period_start, period_end, version, context_heading, context, cross_cutting[],
priorities[]``. A priority: ``ref, title, note, rationale[], outcomes_heading, outcomes[],
indicators[], deliverables[]``. A deliverable: ``ref, title, description, leads[{partnership, text}],
other_partnerships[], evidence_measures[], activities[], timescale_text, progress``. An activity:
``text, points[], partnership, lead, timescale_text, kind, dates[{due, label, precision}]``. The
first date of a window also has ``starts``, and ``open_end`` says that a window has no end.
"""

import json
import logging
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from partnership.uploads import kind_by_bytes
from plans.importer.problems import UnreadablePlan
from plans.importer.understand import understand

__all__ = ["READERS", "UnreadablePlan", "read_plan", "read_plan_safely", "reader_of"]

# Who makes the blocks of each kind of file. Which kind a file is, its bytes say and not its name. Each is
# loaded when it is asked for: loading all of them takes longer than reading a plan of thirty pages.
READERS = {
    ".docx": ("plans.importer.word", "read_word"),
    ".xlsx": ("plans.importer.excel", "read_excel"),
    ".csv": ("plans.importer.excel", "read_csv"),
    ".pdf": ("plans.importer.pdf", "read_pdf"),
}

logger = logging.getLogger(__name__)

WALL_SECONDS = 20
HOME = Path(__file__).resolve().parents[2]
TOO_LONG = "This document took too long to read. Save the plan on its own, without pictures, and try again."


def reader_of(kind):
    """The function that makes blocks of a file of ``kind``, one of READERS."""
    module, name = READERS[kind]
    return getattr(import_module(module), name)


def read_plan(path, *, filename=None):
    """The plan in the document at ``path``; ``filename`` is what the person called it."""
    read = reader_of(kind_by_bytes(path))
    return understand(read(path), filename=Path(filename or path).stem)


def read_plan_safely(path, *, filename=None):
    """The same, in a child process that may use little memory and time and may open nothing else."""
    path = Path(path).resolve()
    command = [sys.executable, "-m", "plans.importer.child", str(path), Path(filename or path).name]
    environment = {"PATH": os.defpath, "PYTHONPATH": str(HOME), "PYTHONIOENCODING": "utf-8"}
    try:
        child = subprocess.run(  # noqa: S603 -- our own module, and a path we made
            command, cwd=HOME, env=environment, capture_output=True, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as slow:
        raise UnreadablePlan(TOO_LONG) from slow
    if child.stderr:
        logger.warning("Reading a document: %s", child.stderr[-500:].decode(errors="replace"))
    try:
        answer = json.loads(child.stdout)
    except ValueError as killed:  # out of processor time or memory, so it said nothing
        raise UnreadablePlan(TOO_LONG) from killed
    if "refused" in answer:
        raise UnreadablePlan(answer["refused"])
    return answer["read"]
