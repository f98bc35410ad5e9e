"""Look at a file before it is opened: is it what it says it is, and safe to unpack?

Office files are zip archives, and everything dangerous in one (a small file that unpacks to a huge
one, an entity that reads other files, a macro) can be seen from its list of parts and the first
bytes of each. ``check`` answers with the kind of file, or raises ``UnreadablePlan``.
"""

import zipfile
import zlib
from pathlib import Path

from plans.importer.problems import UnreadablePlan

MOST_BYTES = 25 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PART = 60 * 1024 * 1024
MOST_ENTRIES = 2_000
MOST_RATIO = 100
RATIO_COUNTS_FROM = 1024 * 1024
HEAD = 64 * 1024
LONGEST_LIST = 1024 * 1024  # of the names in an archive

ZIP, OLD_OFFICE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
MAIN_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
SAVE_AS_WORD = "Save the plan as a Word document (.docx) and try again."
SAVE_AGAIN = "Open it in Word, save it again as a Word document (.docx) and try again."


def check(path, filename):
    """The file's kind, ``".docx"`` so far, if it is whole and safe to read."""
    path = Path(path)
    size = path.stat().st_size
    if size == 0:
        raise UnreadablePlan(f"This file is empty. {SAVE_AS_WORD}")
    if size > MOST_BYTES:
        raise UnreadablePlan("This file is larger than 25 MB. Take the pictures out, save it and try again.")
    with path.open("rb") as file:
        start = file.read(8)
    suffix = _check_kind(Path(filename or path.name).suffix.lower(), start)
    try:
        with zipfile.ZipFile(path) as package:
            _check_package(package, suffix)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError) as error:
        raise UnreadablePlan(f"This file is damaged or not complete. {SAVE_AGAIN}") from error
    return suffix


def _check_kind(suffix, start):
    """By its ending and its first bytes, which must agree."""
    if start.startswith(PDF):
        raise UnreadablePlan(f"This file is a PDF. {SAVE_AS_WORD}")
    if suffix in {".docm", ".xlsm", ".dotm", ".xltm"}:
        raise UnreadablePlan(f"This file can hold macros, which we don't open. {SAVE_AS_WORD}")
    if start.startswith(OLD_OFFICE):
        says = "This file has a password or is in an old format."
        raise UnreadablePlan(f"{says} Open it in Word, take the password off, save it as .docx and try again.")
    if suffix in {".xlsx", ".xls", ".ods", ".csv"}:
        raise UnreadablePlan(f"This file is a spreadsheet. {SAVE_AS_WORD}")
    if suffix != ".docx":
        raise UnreadablePlan(f"This is not a Word document. {SAVE_AS_WORD}")
    if not start.startswith(ZIP):
        raise UnreadablePlan(f"This file is named .docx but is something else. {SAVE_AGAIN}")
    return suffix


def _check_package(package, suffix):
    entries = package.infolist()
    if len(entries) > MOST_ENTRIES or sum(len(entry.filename) for entry in entries) > LONGEST_LIST:
        raise UnreadablePlan(f"This file holds far more parts than a plan does. {SAVE_AGAIN}")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadablePlan("This file unpacks to something huge. Take the pictures out, save it and try again.")
    for entry in entries:
        _check_entry(entry)
    names = {entry.filename for entry in entries}
    if any(Path(name).name.lower().startswith("vbaproject") for name in names):
        raise UnreadablePlan(f"This file holds macros, which we don't open. {SAVE_AS_WORD}")
    if MAIN_PARTS[suffix] not in names:
        if MAIN_PARTS[".xlsx"] in names:
            raise UnreadablePlan(f"This file is a spreadsheet that was renamed. {SAVE_AS_WORD}")
        raise UnreadablePlan(f"This file is named .docx but is not a Word document. {SAVE_AGAIN}")
    if b"macroEnabled" in _head(package, "[Content_Types].xml", names):
        raise UnreadablePlan(f"This file can hold macros, which we don't open. {SAVE_AS_WORD}")
    for name in names:
        if name.lower().endswith((".xml", ".rels")):
            _check_no_dtd(_head(package, name, names))


def _check_entry(entry):
    is_large = entry.file_size > RATIO_COUNTS_FROM
    if entry.file_size > MOST_PART or (is_large and entry.file_size > MOST_RATIO * max(1, entry.compress_size)):
        raise UnreadablePlan("A part of this file unpacks to something huge. Save the plan again without pictures.")
    if entry.flag_bits & 0x1:
        raise UnreadablePlan("This file has a password. Save it without the password and try again.")


def _head(package, name, names):
    if name not in names:
        return b""
    with package.open(name) as part:
        return part.read(HEAD)


def _check_no_dtd(head):
    """A document type can name other files or unfold without end; Word never writes one.

    It would stand at the start of the part, in whichever width of letters the part is written in.
    """
    plain = head.replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadablePlan(f"This file is built in an unusual way that we don't open. {SAVE_AGAIN}")
