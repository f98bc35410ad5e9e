"""``python -m plans.importer.child PATH NAME``: read one untrusted document, with limits.

Runs alone: no Django, no database, no network. It gives its memory and time away before it opens the
file, and prints one line of JSON: ``{"read": {...}}`` or ``{"refused": "a sentence"}``.
"""

import json
import sys

from partnership.confined import confine
from partnership.uploads import PDF, UnreadableFile, check_file
from plans.importer import READERS, UnreadablePlan, read_plan, reader_of

MEMORY = 512 * 1024 * 1024  # bytes
CPU_SECONDS = 9
DAMAGED = "This file is damaged. Open it, save it again as a new file of the same kind and try again."
TOO_MUCH = "This document is too large for us to read. Save the plan on its own, without pictures, and try again."


def answer(path, filename):
    """``{"read": …}`` or ``{"refused": …}``, whatever the file is."""
    try:
        check_file(path, filename, wanted=tuple(READERS))
        return {"read": read_plan(path, filename=filename)}
    except (UnreadableFile, UnreadablePlan) as problem:
        return {"refused": str(problem)}
    except (MemoryError, RecursionError):
        return {"refused": TOO_MUCH}
    except Exception as error:  # a document can be wrong in any way; each is a sentence, never a crash
        print(f"{type(error).__name__}: {error}"[:500], file=sys.stderr)
        return {"refused": DAMAGED}


def main(path, filename):
    sys.dont_write_bytecode = True
    with open(path, "rb") as file:
        if file.read(len(PDF)) == PDF:
            reader_of(".pdf")  # its library is none of Python's, and could not be loaded once confined
    confine(CPU_SECONDS, MEMORY)
    print(json.dumps(answer(path, filename)))


if __name__ == "__main__":
    main(*sys.argv[1:3])
