"""The archive itself: written piece by piece, so that its size is no matter to the memory of whoever writes it.

``data/`` has every row of every table as PostgreSQL writes it, ``history/`` what the history says of them,
``tables/`` the same rows for people, ``documents/`` each file with its own name. ``manifest.json`` comes last and has
the digest of all of them; ``read-me-first.html`` says in plain words what is what.
"""

# Names of tables and columns come from the models, never from a pack.
# ruff: noqa: S608

import csv
import hashlib
import io
import json
import re
import zipfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePosixPath

from django.db.migrations.recorder import MigrationRecorder
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.text import slugify

from partnership.exit_pack.choosing import PEOPLE
from partnership.exit_pack.deciding import tables
from partnership.kept_bytes import from_column
from partnership.lists import harmless

FORMAT = 1
LONG_AGO = (2000, 1, 1, 0, 0, 0)  # the date of each file, so that the same content gives the same archive
AT_ONCE = 500  # rows
MOST_NAMED = 20_000  # rows of a table whose names stand in other tables' sheets
MOST_LETTERS = 2_000  # of a cell that holds a structure
NAMING = ("name", "title", "reference", "ref", "filename", "word", "code")
UNSAFE = re.compile(r"[^\w .,()&+-]+")
BYTE_ORDER_MARK = "\ufeff"
ENDINGS = {"pdf": ".pdf", "summary": ".pdf", "word": ".docx"}
STANDING = "documents/as-it-stands/"
FILES = "#files"  # the key of a line under which its files stand
CONTEXTS = "pghistory.Context"
# Of a context only this leaves: who, which page or task, why.
OF_A_CONTEXT = ("user", "path", "task", "reason", "source")


def schema_now():
    """{app: its newest migration} as this database has them."""
    found = {}
    ours = {label.split(".")[0] for label in tables()}
    for app, name in sorted(MigrationRecorder.Migration.objects.values_list("app", "name")):
        if app in ours:
            found[app] = max(found.get(app, ""), name)
    return found


class Archive:
    """A zip that is written to ``file`` and never read back; ``members``: {path: {size, sha256}}."""

    def __init__(self, file):
        self.packed = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self.members = {}

    @contextmanager
    def member(self, path, *, level=6):
        """Gives ``write(bytes)``."""
        if path in self.members:
            raise ValueError(f"Two files are called {path}")
        info = zipfile.ZipInfo(path, LONG_AGO)
        info.compress_type, info._compresslevel = zipfile.ZIP_DEFLATED, level
        digest, size = hashlib.sha256(), 0
        with self.packed.open(info, "w", force_zip64=True) as opened:

            def write(content):
                nonlocal size
                opened.write(content)
                digest.update(content)
                size += len(content)

            yield write
        self.members[path] = {"size": size, "sha256": digest.hexdigest()}

    def add(self, path, text):
        with self.member(path) as write:
            write(text.encode())


class Pack:
    """Writes all of a ``Choice``. ``say(step, done, total)`` tells whoever watches how far it is."""

    def __init__(self, choice, file, *, say):
        self.choice = choice
        self.archive = Archive(file)
        self.say = say
        self.listed = []  # per table that has rows: what the manifest says of it
        self.documents = []  # (heading, [(path, name)])
        self.names = {}
        self.row_count = self.event_count = 0
        self.files = {}  # (label, key): {field: path}

    def write(self, *, by, at, papers, left_out):
        """All of it; gives the manifest. ``papers``: [(heading, file name, bytes)] that no row has."""
        self._write_papers(papers)
        there = [table for table in self.choice.tables.values() if self.choice.counts.get(table.label)]
        self._write_files([table for table in there if table.bytes])
        for table in there:
            self._remember_names(table)
        for done, table in enumerate(there):
            self.say(f"Writing {table.model._meta.verbose_name_plural}"[:120], done, len(there))
            self._write_table(table)
        self._write_contexts()
        manifest = self._manifest(by=by, at=at, left_out=left_out)
        self.archive.add("read-me-first.html", self._read_me(manifest))
        manifest["files"] = self.archive.members.copy()
        self.archive.add("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        self.archive.packed.close()
        return manifest

    def _rows(self, sql, parameters=()):
        with self.choice.connection.chunked_cursor() as cursor:
            cursor.execute(sql, parameters)
            while rows := cursor.fetchmany(AT_ONCE):
                yield from rows

    # Files

    def _write_papers(self, papers):
        headings = {}
        for number, (heading, name, content) in enumerate(papers, start=1):
            path = f"{STANDING}{number}/{file_name(name, '')}"
            with self.archive.member(path, level=1) as write:
                write(content)
            headings.setdefault(heading, []).append((path, PurePosixPath(path).name))
        self.documents += headings.items()

    def _write_files(self, found):
        for table in found:
            there = " + ".join(f"(t.{field.column} IS NOT NULL)::int" for field in table.bytes)
            sql, parameters = self.choice.rows_of(table, f"t.{table.key}::text, {there}")
            keys = [key for key, count in self._rows(sql, parameters) if count]
            heading = str(table.model._meta.verbose_name_plural).capitalize()
            kept = []
            for done, key in enumerate(keys):
                self.say(f"Packing {heading.lower()}"[:120], done, len(keys))
                kept += self._write_files_of(table, key)
            if kept:
                self.documents.append((heading, kept))

    def _write_files_of(self, table, key):
        kept, folder = [], slugify(table.model._meta.verbose_name_plural)
        told = told_of(table, key)
        with self.choice.connection.cursor() as cursor:
            for field in table.bytes:
                cursor.execute(f"SELECT t.{field.column} FROM {table.db_table} t WHERE {table.key}::text = %s", [key])
                content = cursor.fetchone()[0]
                if content is None:
                    continue
                path = f"documents/{folder}/{key}/{file_name(told, field.name)}"
                with self.archive.member(path, level=1) as write:
                    write(bytes(from_column(content)))
                self.files.setdefault((table.label, key), {})[field.column] = path
                kept.append((path, PurePosixPath(path).name))
        return kept

    # Rows

    def _write_table(self, table):
        said = {"rows": self.choice.counts[table.label]}
        self.row_count += said["rows"]
        with self.archive.member(f"data/{table.label}.jsonl") as write:
            for key, line in self._rows(*self.choice.rows_of(table, self._columns(table))):
                write(self._with_files(table, key, line).encode() + b"\n")
        if table.source is None:
            self._write_sheet(table)
        if table.history:
            said["events"] = self._write_history(table)
        self.listed.append((table, said))

    def _columns(self, table):
        """The key, and the row as JSON: without bytes, secrets emptied, pointers that lead nowhere cut."""
        columns = [self._column(table, field) for field in table.columns if field not in table.bytes]
        return f"t.{table.key}::text, (SELECT to_jsonb(r)::text FROM (SELECT {', '.join(columns)}) r)"

    def _column(self, table, field):
        if field.name in table.emptied and field.model is table.model:
            return f"{literal(table.emptied[field.name])} AS {field.column}"
        if (table.label, field.name) in self.choice.cut:
            label = field.related_model._meta.label
            if label not in self.choice.tables:
                return f"NULL AS {field.column}"
            taken = self.choice._taken(label)
            return f"CASE WHEN t.{field.column} IN ({taken} AND is_live) THEN t.{field.column} END AS {field.column}"
        other = table.told_by.get(field.name)
        if other and any(label == table.label for label, _field in self.choice.cut):
            return f"CASE t.{field.column} WHEN '' THEN t.{other} ELSE t.{field.column} END AS {field.column}"
        return f"t.{field.column}"

    def _with_files(self, table, key, line):
        files = self.files.get((table.label, key))
        return line if files is None else f"{line[:-1]}, {json.dumps(FILES)}: {json.dumps(files)}}}"

    def _write_history(self, table):
        fields = [field for field in table.history._meta.concrete_fields if not getattr(field, "generated", False)]
        columns = ", ".join(self._column(table, field) for field in fields)
        sql, parameters = self.choice.history_of(
            table, f"(SELECT to_jsonb(r)::text FROM (SELECT {columns}) r)", in_order=True
        )
        count = 0
        with self.archive.member(f"history/{table.label}.jsonl") as write:
            for (line,) in self._rows(sql, parameters):
                write(line.encode() + b"\n")
                count += 1
        self.event_count += count
        return count

    def _write_contexts(self):
        told = ", ".join(f"'{name}'" for name in OF_A_CONTEXT)
        sql = (
            "SELECT jsonb_build_object('id', c.id, 'created_at', c.created_at, 'updated_at', c.updated_at, 'metadata',"
            " (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(c.metadata)"
            f" WHERE key IN ({told})))::text"
            " FROM pghistory_context c JOIN pack_context USING (id) ORDER BY c.id"
        )
        with self.archive.member(f"history/{CONTEXTS}.jsonl") as write:
            for (line,) in self._rows(sql):
                write(line.encode() + b"\n")

    # Sheets for people

    def _write_sheet(self, table):
        fields = [field for field in table.columns if field not in table.bytes and field.name not in table.emptied]
        with self.archive.member(f"tables/{table.label}.csv") as write:

            def put(cells):
                line = io.StringIO()
                csv.writer(line).writerow([harmless(cell) for cell in cells])
                write(line.getvalue().encode())

            write(BYTE_ORDER_MARK.encode())
            put([str(field.verbose_name).capitalize() for field in fields])
            for _key, line in self._rows(*self.choice.rows_of(table, self._columns(table))):
                row = json.loads(line)
                put([self._in_words(field, row[field.column]) for field in fields])

    def _in_words(self, field, value):
        if value is None:
            return ""
        if field.is_relation:
            return self.names.get(field.related_model._meta.label, {}).get(value, value)
        if field.choices:
            return dict(field.flatchoices).get(value, value)
        if isinstance(value, dict | list):
            text = json.dumps(value, ensure_ascii=False)
            return text if len(text) <= MOST_LETTERS else "Too long for a cell: see the same row in the folder data"
        if field.get_internal_type() == "DateTimeField":
            moment = parse_datetime(value)
            return moment.replace(tzinfo=None) if isinstance(moment, datetime) and moment.tzinfo is None else moment
        return value

    def _remember_names(self, table):
        naming = naming_column(table)
        if not naming or self.choice.counts[table.label] > MOST_NAMED:
            return
        sql, parameters = self.choice.rows_of(table, f"to_jsonb(t.{table.key}), left(t.{naming}::text, 80)")
        self.names[table.label] = {
            json.loads(key) if isinstance(key, str) else key: name for key, name in self._rows(sql, parameters)
        }

    # What it says of itself

    def _manifest(self, *, by, at, left_out):
        partnership = self.choice.partnership
        return {
            "format": FORMAT,
            "partnership": {"name": partnership.name, "slug": partnership.slug, "key": partnership.pk},
            "made_at": at.isoformat(),
            "made_by": by.name,
            "with_cases": self.choice.with_cases,
            "schema": schema_now(),
            "left_out": left_out,
            "cut": {f"{label}.{field}": count for (label, field), count in sorted(self.choice.cut.items())},
            "left_loose": {label: count for label, count in sorted(self.choice.left.items()) if count},
            "tables": {table.label: said for table, said in self.listed},
        }

    def _read_me(self, manifest):
        people = self.choice.counts.get(PEOPLE, 0)
        sheets = [
            (str(table.model._meta.verbose_name_plural).capitalize(), f"tables/{table.label}.csv", said["rows"])
            for table, said in self.listed
            if table.source is None
        ]
        return render_to_string(
            "partnership/exit_pack_read_me.html",
            {
                "manifest": manifest,
                "at": parse_datetime(manifest["made_at"]),
                "partnership": self.choice.partnership,
                "sheets": sorted(sheets),
                "documents": self.documents,
                "people": people,
                "row_count": self.row_count,
                "event_count": self.event_count,
            },
        )


def naming_column(table):
    """The column by which people know a row, or None."""
    there = {field.column for field in table.columns if field not in table.bytes}
    return next((name for name in NAMING if name in there), None)


def told_of(table, key):
    """What a file is called where it has a name, else what people call the record that has it."""
    rows = table.model._base_manager.defer(*(field.name for field in table.bytes))
    record = rows.filter(pk=key).first()
    return getattr(record, "filename", "") or str(record or table.model._meta.verbose_name)


def literal(value):
    """``value`` as SQL; only what the code itself says."""
    if value is None:
        return "NULL"
    return {True: "true", False: "false"}.get(value, f"'{value}'")


def file_name(told, field):
    """What a file is called in the archive: no name that a system would take for something else.

    Two files of one record have different names.
    """
    name = UNSAFE.sub("-", told).strip(" .-")[:100] or "file"
    ending = ENDINGS.get(field)
    if ending is None:
        return name
    name = name.removesuffix(".pdf").removesuffix(".docx")
    return f"{name}, {field}{ending}" if field == "summary" else f"{name}{ending}"
