"""Everything that is held about somebody, as one archive to be read, and then handed over.

Nothing is blacked out by a machine: where the words of a record name somebody else, or this person, the place is
pointed out, and a person reads it first. Cases are only ever in the copy that their own group makes; what an
organisation has not submitted is its own to give.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string

from partnership.data_protection.declaring import BEHIND_CASES
from partnership.data_protection.forgetting import Identity
from partnership.data_protection.map import event_models, personal
from partnership.data_protection.scope import rows_for
from partnership.data_protection.subjects import model_of, subjects
from partnership.models import Partnership, SubjectAccess
from partnership.standing import standing_of

MOST_ROWS = 5000  # of one kind of record; a copy says where there are more
SHORTEST_NAME = 5  # letters: shorter ones would be found in any sentence
LONG_AGO = (2000, 1, 1, 0, 0, 0)  # the date of each file, so that the same content gives the same archive
TOLD = ("names", "contacts", "training", "health", "cases", "words")  # secrets and whole files are not told


@dataclass
class Held:
    """Of one kind of record all that is about them. ``rows``: dicts by what the fields are called."""

    line: object
    rows: list
    has_more: bool = False


@dataclass
class Copy:
    """``to_read``: what a person must read before it is handed over, and why."""

    subject: object
    name: str
    held: list = field(default_factory=list)
    to_read: list = field(default_factory=list)
    history: list = field(default_factory=list)

    @property
    def record_count(self):
        return sum(len(each.rows) for each in self.held)


def gather(subject, record, *, user, of_cases=False, say=None):
    """The Copy that ``user`` may make: of cases alone, or of all but cases and drafts.

    ``say`` is told before each kind of record how many are done, and of how many.
    """
    identity = Identity(subject, record)
    copy = Copy(subject, identity.name)
    others = other_names(identity)
    lines = [line for line in personal() if is_told(line, of_cases=of_cases)]
    for number, line in enumerate(lines):
        if say:
            say(number, len(lines))
        rows = rows_of_line(line, subject, record, user, of_cases=of_cases)
        condition = about(line, subject, identity)
        if condition is not None:
            found = list(rows.filter(condition).order_by("pk").distinct()[: MOST_ROWS + 1])
            if found:
                told = [in_words(line, row, record) for row in found[:MOST_ROWS]]
                copy.held.append(Held(line, told, len(found) > MOST_ROWS))
                copy.to_read += names_in(line, found[:MOST_ROWS], others)
        copy.to_read += mentions(line, rows, identity, condition)
    if not of_cases:
        copy.history = own_history(record)
    return copy


def is_told(line, *, of_cases):
    return (line.part.behind == BEHIND_CASES) == of_cases and (of_cases or not line.part.behind)


def rows_of_line(line, subject, record, user, *, of_cases):
    if line.model is type(record):
        return line.model._base_manager.filter(pk=record.pk)
    rows = rows_for(line.model, user)
    if of_cases:
        names = {each.name for each in line.model._meta.get_fields()}
        if "partnership" not in names:
            return rows.none()
        rows = rows.filter(partnership__in=standing_of(user).own_case_group_ids)
    return rows


def about(line, subject, identity):
    """The condition that a row of ``line`` is about them, or None where no field could say so."""
    model, found = line.model, Q()
    if model is type(identity.record):
        return Q(pk=identity.record.pk)
    for name in line.named("people"):
        if model._meta.get_field(name).related_model is type(identity.record):
            found |= Q(**{name: identity.record.pk})
    for label, lookup in subject.further:
        if label == line.label:
            found |= Q(**{lookup: identity.record.pk})
    for name in line.named("contacts"):
        for address in identity.contacts:
            found |= Q(**{f"{name}__iexact": address})
    return found or None


def in_words(line, row, record):
    """What a row tells of them, by what its fields are called; other people in it by nothing but that they are."""
    told = {"record": str(row.pk)}
    for name in line.named("people"):
        column = line.model._meta.get_field(name)
        value = getattr(row, column.attname)
        if value is not None and column.related_model is type(record):
            told[str(column.verbose_name)] = "this person" if value == record.pk else "somebody else"
    for column in line.model._meta.concrete_fields:
        is_told = column.name in line.named(*TOLD) or isinstance(column, models.DateField)
        value = getattr(row, column.attname) if is_told else None
        if value not in (None, "", [], {}):
            told[str(column.verbose_name)] = value
    return told


def own_history(record):
    history = event_models().get(type(record))
    if history is None:
        return []
    names = [each.name for each in history._meta.concrete_fields if not each.is_relation and each.name != "password"]
    return list(history.objects.filter(pgh_obj_id=record.pk).order_by("pgh_id").values(*names))


# What must be read first


def other_names(identity):
    """The names of everybody else whom the product knows."""
    found = set()
    for subject in subjects().values():
        found |= set(model_of(subject)._base_manager.values_list(subject.name, flat=True))
    return sorted(name for name in found if len(name) >= SHORTEST_NAME and name.casefold() != identity.name.casefold())


def names_in(line, rows, others):
    """Other people who are named in the words of these rows."""
    found = []
    for row in rows:
        for name in line.named("words", "cases", "training"):
            words = text_of(getattr(row, name)).casefold()
            named = [other for other in others if other.casefold() in words] if words else []
            if named:
                found.append(place(line, row, name, f"names {', '.join(named)}"))
    return found


def mentions(line, rows, identity, condition):
    """Words that name this person in records which are not tied to them."""
    found = []
    looked_for = [each for each in (identity.name, *identity.contacts) if len(each) >= SHORTEST_NAME]
    for name in line.named("words", "names"):
        column = line.model._meta.get_field(name)
        if not looked_for or not isinstance(column, models.CharField | models.TextField):
            continue
        holds = Q()
        for each in looked_for:
            holds |= Q(**{f"{name}__icontains": each})
        named = rows.filter(holds)
        if condition is not None:
            named = named.exclude(pk__in=rows.filter(condition).order_by().values("pk"))
        found += [
            place(line, row, name, "names this person") | {"words": text_of(getattr(row, name))}
            for row in named.order_by("pk")[:MOST_ROWS]
        ]
    return found


def place(line, row, name, why):
    return {"of": line.name, "record": str(row.pk), "field": line.words_of(name), "why": why}


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder) if value else ""


# The archive


def archive(copy, *, at):
    """(bytes of a zip, digest of its list of files)."""
    held = [
        {"of": each.line.name, "part": each.line.part.title, "why": each.line.part.why, "records": each.rows}
        for each in copy.held
    ]
    files = {
        "read-me-first.html": render_to_string("partnership/subject_copy.html", {"copy": copy, "at": at}),
        "held.json": as_json({"about": copy.name, "held": held, "history of their own record": copy.history}),
        "to-read-before-handing-over.json": as_json(copy.to_read),
    }
    contents = {name: text.encode() for name, text in files.items()}
    manifest = as_json({name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {**contents, "manifest.json": manifest}.items():
            packed.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return made.getvalue(), hashlib.sha256(manifest).hexdigest()


def as_json(value):
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def make_copy(subject, record, *, because, by, at, of_cases=False, say=None):
    """(bytes of the archive, the SubjectAccess that is to be kept of it and is not saved yet)."""
    copy = gather(subject, record, user=by, of_cases=of_cases, say=say)
    content, digest = archive(copy, at=at)
    return content, SubjectAccess(
        partnership=partnership_of(record, by, of_cases=of_cases),
        subject_kind=subject.code,
        subject_key=str(record.pk),
        because=because,
        is_of_cases=of_cases,
        made_by=by,
        made_at=at,
        sha256=digest,
        record_count=copy.record_count,
        to_read_count=len(copy.to_read),
    )


def partnership_of(record, user, *, of_cases=False):
    """The first partnership that they share; None for an administrator, and for who shares none."""
    standing = standing_of(user)
    ids = standing.own_case_group_ids if of_cases else standing.office_ids
    shared = ids & getattr(record, "partnership_ids", ids)
    return Partnership.objects.filter(pk__in=shared or ids).order_by("pk").first()
