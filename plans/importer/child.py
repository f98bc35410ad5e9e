"""``python -m plans.importer.child PATH NAME``: read one untrusted document, with limits.

Runs alone: no Django, no database, no network. It gives its memory and time away before it opens the
file, and prints one line of JSON: ``{"read": {...}}`` or ``{"refused": "a sentence"}``.
"""

import json
import resource
import sys

from partnership.uploads import UnreadableFile, check_file
from plans.importer import UnreadablePlan, read_plan

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10
REFUSED_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.spawn", "os.posix_spawn",
                  "os.remove", "os.rename", "os.mkdir", "ctypes.", "urllib.")  # fmt: skip
DAMAGED = "This file is damaged. Open it in Word, save it again as a Word document (.docx) and try again."
TOO_MUCH = "This document is too large for us to read. Save the plan on its own, without pictures, and try again."


def limit_self():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse_outside(event, args):
    """Reading a document needs no socket, no other program and no file to write."""
    if event.startswith(REFUSED_EVENTS):
        raise PermissionError(event)
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        raise PermissionError(event)


def answer(path, filename):
    """``{"read": …}`` or ``{"refused": …}``, whatever the file is."""
    try:
        check_file(path, filename)
        return {"read": read_plan(path, filename=filename)}
    except (UnreadableFile, UnreadablePlan) as problem:
        return {"refused": str(problem)}
    except (MemoryError, RecursionError):
        return {"refused": TOO_MUCH}
    except Exception as error:  # a document can be wrong in any way; each is a sentence, never a crash
        print(f"{type(error).__name__}: {error}"[:500], file=sys.stderr)
        return {"refused": DAMAGED}


def main(path, filename):
    limit_self()
    sys.addaudithook(refuse_outside)
    print(json.dumps(answer(path, filename)))


if __name__ == "__main__":
    main(*sys.argv[1:3])
