"""Look at a file before it is opened: is it what it says it is, and safe to unpack?

Office files are zip archives, and everything dangerous in one (a small file that unpacks to a huge
one, an entity that reads other files, a macro) can be seen from its list of parts and the first
bytes of each. ``check_file`` answers with the kind of file, or raises ``UnreadableFile``.
"""

import tempfile
import zipfile
import zlib
from pathlib import Path

MOST_BYTES = 25 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PART = 60 * 1024 * 1024
MOST_ENTRIES = 2_000
MOST_RATIO = 100
RATIO_COUNTS_FROM = 1024 * 1024
HEAD = 64 * 1024
LONGEST_LIST = 1024 * 1024  # of the names in an archive

ZIP, OLD_OFFICE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
MAIN_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
# Pictures are kept and given back as files; nothing here opens them.
STARTS = {".pdf": PDF, ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
STARTS |= dict.fromkeys(MAIN_PARTS, ZIP)
WORDS = {
    ".docx": "a Word document (.docx)",
    ".xlsx": "an Excel workbook (.xlsx)",
    ".pptx": "a PowerPoint file (.pptx)",
    ".pdf": "a PDF",
    ".csv": "a CSV file",
    ".png": "a PNG picture",
    ".jpg": "a JPEG picture",
}
WITH_MACROS = {".docm", ".xlsm", ".dotm", ".xltm", ".pptm", ".potm", ".ppsm"}
# What a program that wrote another kind of file can save it as.
NEAREST = {".docx": {".doc", ".docm", ".dotm", ".dotx", ".odt", ".rtf", ".pages"},
           ".xlsx": {".xls", ".xlsm", ".xltm", ".xltx", ".xlsb", ".ods", ".numbers"},
           ".pptx": {".ppt", ".pptm", ".potm", ".ppsm", ".ppsx", ".odp", ".key"}}  # fmt: skip


class UnreadableFile(Exception):
    """A file that is not taken. The message is one plain sentence or two: what to do."""


def check_file(path, filename="", *, wanted=(".docx",)):
    """The file's kind, one of ``wanted`` (".docx", ".xlsx", ".pdf", ".csv"), if it is whole and safe to read.

    ``filename`` is what the person's computer calls it. Raises UnreadableFile.
    """
    path = Path(path)
    suffix = Path(filename or path.name).suffix.lower()
    save = f"Save it as {kinds_in_words(_nearest_kinds(suffix, wanted))} and try again."
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile(f"This file is empty. {save}")
    if size > MOST_BYTES:
        raise UnreadableFile("This file is larger than 25 MB. Take the pictures out, save it and try again.")
    with path.open("rb") as file:
        start = file.read(8)
    suffix = _check_kind(suffix, start, wanted, save)
    if suffix not in MAIN_PARTS:
        return suffix
    try:
        with zipfile.ZipFile(path) as package:
            _check_package(package, suffix, save)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError) as error:
        raise UnreadableFile(f"This file is damaged or not complete. {save}") from error
    return suffix


def kind_by_bytes(path):
    """ ".docx", ".xlsx", ".pdf" or, for anything else, ".csv": what the file at ``path`` is, however it is named."""
    with Path(path).open("rb") as file:
        start = file.read(8)
    if start.startswith(PDF):
        return ".pdf"
    if not start.startswith(ZIP):
        return ".csv"
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())
    return next((suffix for suffix, part in MAIN_PARTS.items() if part in names), ".csv")


def check_upload(upload, *, wanted):
    """``check_file`` for a file that a form has just been given (Django's UploadedFile)."""
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        return check_file(copy.name, upload.name, wanted=wanted)


def kinds_in_words(wanted):
    *most, last = [WORDS[suffix] for suffix in wanted if suffix in WORDS]
    return f"{', '.join(most)} or {last}" if most else last


def _nearest_kinds(suffix, wanted):
    """Those of ``wanted`` that a file with this ending is best saved as."""
    near = [kind for kind in wanted if suffix == kind or suffix in NEAREST.get(kind, ())]
    return near or wanted


def _check_kind(suffix, start, wanted, save):
    """By its ending and its first bytes, which must agree."""
    if suffix in WITH_MACROS:
        raise UnreadableFile(f"This file can hold macros, which we don't open. {save}")
    if start.startswith(OLD_OFFICE):
        says = "This file has a password or is in an old format."
        raise UnreadableFile(f"{says} Open it, take the password off. {save}")
    if start.startswith(PDF) and suffix != ".pdf" and ".pdf" in wanted:
        raise UnreadableFile("This file is a PDF. Give it a name that ends in .pdf and try again.")
    if start.startswith(PDF) and suffix != ".pdf" or suffix == ".pdf" and ".pdf" not in wanted:
        raise UnreadableFile(f"This file is a PDF. {save}")
    if suffix not in wanted:
        if suffix in {".xlsx", ".xls", ".ods", ".csv"}:
            other = " of another kind" if {".xlsx", ".csv"} & set(wanted) else ""
            raise UnreadableFile(f"This file is a spreadsheet{other}. {save}")
        if len(wanted) > 2:
            raise UnreadableFile(f"This kind of file can’t be read here. {save}")
        raise UnreadableFile(f"This is not {kinds_in_words(wanted)}. {save}")
    expected = STARTS.get(suffix, b"")
    if not start.startswith(expected) or (suffix == ".csv" and start.startswith(ZIP)):
        raise UnreadableFile(f"This file is named {suffix} but is something else. {save}")
    return suffix


def _check_package(package, suffix, save):
    entries = package.infolist()
    if len(entries) > MOST_ENTRIES or sum(len(entry.filename) for entry in entries) > LONGEST_LIST:
        raise UnreadableFile(f"This file holds far more parts than a document does. {save}")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadableFile("This file unpacks to something huge. Take the pictures out, save it and try again.")
    for entry in entries:
        _check_entry(entry)
    names = {entry.filename for entry in entries}
    if any(Path(name).name.lower().startswith("vbaproject") for name in names):
        raise UnreadableFile(f"This file holds macros, which we don't open. {save}")
    if MAIN_PARTS[suffix] not in names:
        raise UnreadableFile(f"This file is named {suffix} but is something else. {save}")
    if b"macroEnabled" in _head(package, "[Content_Types].xml", names):
        raise UnreadableFile(f"This file can hold macros, which we don't open. {save}")
    for name in names:
        if name.lower().endswith((".xml", ".rels")):
            _check_no_dtd(_head(package, name, names), save)


def _check_entry(entry):
    is_large = entry.file_size > RATIO_COUNTS_FROM
    if entry.file_size > MOST_PART or (is_large and entry.file_size > MOST_RATIO * max(1, entry.compress_size)):
        raise UnreadableFile("A part of this file unpacks to something huge. Save it again without pictures.")
    if entry.flag_bits & 0x1:
        raise UnreadableFile("This file has a password. Save it without the password and try again.")


def _head(package, name, names):
    if name not in names:
        return b""
    with package.open(name) as part:
        return part.read(HEAD)


def _check_no_dtd(head, save):
    """A document type can name other files or unfold without end; Office never writes one.

    It would stand at the start of the part, in whichever width of letters the part is written in.
    """
    plain = head.replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadableFile(f"This file is built in an unusual way that we don't open. {save}")
