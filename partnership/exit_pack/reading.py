"""An archive that came from elsewhere: looked at from end to end before anything of it is believed.

Nothing is unpacked to a folder, so no name in it leads anywhere. Every refusal says what to do.
"""

import hashlib
import json
import zipfile
import zlib

from partnership.exit_pack.deciding import tables
from partnership.exit_pack.writing import CONTEXTS, FORMAT, schema_now

MOST_MANIFEST = 50 * 1024 * 1024
MOST_LINE = 64 * 1024 * 1024
AT_ONCE = 1024 * 1024
FOLDERS = ("data/", "history/", "tables/", "documents/")
ALONE = {"manifest.json", "read-me-first.html"}


class BadPack(Exception):
    """The file is no exit pack that can be taken in; the words say why and what to do."""


class Arrived:
    """A pack that was looked at: ``manifest``, and its members piece by piece. Raises BadPack.

    ``most``: how many bytes it may be when unpacked. ``sha256``: what whoever made it says that it must be.
    """

    def __init__(self, file, *, most, sha256=""):
        if sha256 and hashlib.file_digest(file, "sha256").hexdigest() != sha256.strip().lower():
            raise BadPack("Its SHA-256 is not the one that you gave. It was altered or cut off: fetch it again.")
        try:
            self.packed = zipfile.ZipFile(file)
            self.infos = self.packed.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
            raise BadPack("The file is no whole zip archive. It may have been cut off: fetch it again.") from problem
        self._look_at_names()
        total = sum(info.file_size for info in self.infos)
        if total > most:
            raise BadPack(
                f"Unpacked it would be {total} bytes, and no more than {most} are read. "
                "If that is right, say so with --most-gigabytes."
            )
        self.manifest = self._read_manifest()
        self._look_at_manifest()

    def _look_at_names(self):
        names = [info.filename for info in self.infos]
        if len(set(names)) != len(names):
            raise BadPack("Two files in it have one name. It was not made by this product: do not use it.")
        for info in self.infos:
            name = info.filename
            is_known = name in ALONE or name.startswith(FOLDERS)
            if not is_known or ".." in name.split("/") or "\\" in name or info.is_dir() or info.flag_bits & 1:
                raise BadPack(f"“{name[:80]}” does not belong in an exit pack. It was altered: do not use it.")

    def _read_manifest(self):
        if "manifest.json" not in {info.filename for info in self.infos}:
            raise BadPack("There is no manifest.json in it: it is not an exit pack.")
        content = b"".join(self._pieces("manifest.json", most=MOST_MANIFEST))
        try:
            manifest = json.loads(content)
            looked_at = (manifest["format"], manifest["schema"], manifest["files"], manifest["tables"])
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise BadPack("Its manifest.json cannot be read. It was altered or cut off: fetch it again.") from problem
        if not all(isinstance(each, dict) for each in looked_at[1:]):
            raise BadPack("Its manifest.json cannot be read. It was altered or cut off: fetch it again.")
        return manifest

    def _look_at_manifest(self):
        if self.manifest["format"] != FORMAT:
            raise BadPack(f"It has format {self.manifest['format']}, and this product reads format {FORMAT}.")
        here, there = schema_now(), self.manifest["schema"]
        if here != there:
            apart = [
                f"{app}: {there.get(app, 'nothing')} there, {here.get(app, 'nothing')} here"
                for app in sorted(here.keys() | there.keys())
                if here.get(app) != there.get(app)
            ]
            raise BadPack(
                f"Its tables have another version than this installation ({'; '.join(apart)[:600]}). "
                "Bring the older of the two installations to the version of the newer one, and make the pack anew."
            )
        said, found = self.manifest["files"], {info.filename for info in self.infos} - {"manifest.json"}
        if set(said) != found:
            wrong = sorted(set(said) ^ found)[0]
            raise BadPack(
                f"“{wrong[:80]}” is in the list and not in the archive, or the other way round. Fetch it again."
            )
        unknown = self.manifest["tables"].keys() - tables().keys()
        if unknown:
            raise BadPack(f"It has a table that does not leave with a partnership: {sorted(unknown)[0][:80]}.")
        wanted = {f"data/{label}.jsonl" for label in self.manifest["tables"]} | {f"history/{CONTEXTS}.jsonl"}
        missing = {name for name in wanted if name not in found}
        if missing:
            raise BadPack(f"“{sorted(missing)[0]}” is missing. Fetch it again.")

    def verify(self):
        """Read every file once and hold it against its digest."""
        for name, said in self.manifest["files"].items():
            digest = hashlib.sha256()
            for piece in self._pieces(name, most=said.get("size", 0)):
                digest.update(piece)
            if digest.hexdigest() != said.get("sha256"):
                raise BadPack(f"“{name[:80]}” is not what was packed. It was altered or damaged: fetch the pack again.")

    def _pieces(self, name, *, most):
        size = 0
        try:
            with self.packed.open(name) as opened:
                while piece := opened.read(AT_ONCE):
                    size += len(piece)
                    if size > most:
                        raise BadPack(f"“{name[:80]}” is larger than the pack says. It was altered: do not use it.")
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as problem:
            raise BadPack(f"“{name[:80]}” cannot be read. It was altered or cut off: fetch it again.") from problem

    def lines(self, name):
        """(the line as it is, what it says) of a file of rows; nothing where there is no such file."""
        if name not in self.manifest["files"]:
            return
        with self.packed.open(name) as opened:
            while line := opened.readline(MOST_LINE):
                try:
                    row = json.loads(line)
                except ValueError as problem:
                    raise BadPack(f"“{name[:80]}” has a line that cannot be read.") from problem
                if not isinstance(row, dict):
                    raise BadPack(f"“{name[:80]}” has a line that is no row.")
                yield line.decode().rstrip("\n"), row

    def content(self, path):
        """The bytes of one document."""
        if path not in self.manifest["files"] or not path.startswith("documents/"):
            raise BadPack(f"“{str(path)[:80]}” is named as a document and is none.")
        return self.packed.read(path)
