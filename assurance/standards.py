"""Standard sets: written, published for good, followed by a new edition in which each standard knows the one before."""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction

from assurance.models import Standard, StandardSet
from partnership.sheets import fold

MOST_STANDARDS = 200
LONGEST = {name: Standard._meta.get_field(name).max_length for name in ("section", "code", "text")}
COLUMNS = ("section", "code", "text", "guidance", "evidence_wanted", "weight")
HEADINGS = {
    "section": {"section", "part", "heading", "category"},
    "code": {"code", "number", "no", "ref", "reference"},
    "text": {"standard", "text", "criterion", "statement"},
    "guidance": {"guidance", "notes", "help"},
    "evidence_wanted": {"evidence wanted", "evidence", "examples of evidence"},
    "weight": {"weight", "weighting"},
}


class Stands(Exception):
    """The set is published: nobody changes it any more."""


def locked(standard_set):
    """``standard_set`` so that nobody else publishes or changes it before this ends. Raises Stands."""
    standard_set = StandardSet.objects.select_for_update(of=["self"], no_key=True).get(pk=standard_set.pk)
    if standard_set.published_on:
        raise Stands
    return standard_set


@transaction.atomic
def keep_standard(standard_set, standard, *, after, **values):
    """Write a standard (None: a new one) and put it ``after`` another of the set (None: first). Raises Stands."""
    standard_set = locked(standard_set)
    others = list(standard_set.standards.exclude(pk=standard.pk if standard else None))
    place = others.index(after) + 1 if after else 0
    if standard is None:
        standard = Standard(standard_set=standard_set, position=place + 1)
    for name, value in values.items():
        setattr(standard, name, value)
    standard.save()
    order = [*others[:place], standard, *others[place:]]
    for number, each in enumerate(order, start=1):
        if each.position != number:
            each.position = number
            each.save(update_fields=["position"])
    return standard


@transaction.atomic
def remove_standard(standard):
    """Take a standard out of a set that is still written. Raises Stands."""
    locked(standard.standard_set)
    standard.delete()


# Rows from a spreadsheet


@dataclass(frozen=True)
class Pasted:
    """What was read of rows that were pasted: dicts of a standard's fields, and what is wrong with which line."""

    rows: list
    problems: list


def read_rows(text, *, taken=()):
    """Rows copied from a spreadsheet (tabs between cells): section, code, standard, guidance, evidence, weight.

    A first row of headings may put them in another order. ``taken``: codes that the set has already.
    """
    try:
        lines = list(csv.reader(io.StringIO(text.strip("\n"), newline=""), delimiter="\t"))
    except csv.Error:
        return Pasted([], ["A quotation mark in these rows is not closed. Close it, and paste them again"])
    lines = [(number, [cell.strip() for cell in line]) for number, line in enumerate(lines, start=1)]
    lines = [(number, line) for number, line in lines if any(line)]
    columns = dict(enumerate(COLUMNS))
    if lines and (named := columns_of(lines[0][1])):
        columns, lines = named, lines[1:]
    if not lines:
        return Pasted([], ["Paste a row for each standard: section, code and the standard itself"])
    if len(lines) + len(taken) > MOST_STANDARDS:
        return Pasted([], [f"A set has at most {MOST_STANDARDS} standards. Paste fewer rows"])
    rows, problems, codes = [], [], {code.casefold(): 0 for code in taken}
    for number, line in lines:
        row = {name: line[at] for at, name in columns.items() if at < len(line)}
        row, wrong = read_row(row)
        code = row["code"].casefold()
        if code and code in codes:
            where = f"in line {codes[code]}" if codes[code] else "in the set"
            wrong.append(f"{row['code']} is {where} already. Give it another code")
        codes.setdefault(code, number)
        problems += [f"Line {number}: {each}" for each in wrong]
        rows.append(row)
    return Pasted(rows, problems)


def columns_of(cells):
    """{index: name} where this row is one of headings, else nothing."""
    found = {at: name for at, cell in enumerate(cells) for name, known in HEADINGS.items() if fold(cell) in known}
    return found if {"code", "text"} <= set(found.values()) else {}


def read_row(row):
    """(fields of a standard, what is wrong with them)."""
    wrong = []
    row = {name: row.get(name, "") for name in COLUMNS}
    if not row["code"]:
        wrong.append("there is no code. Write a short one, like 1.1, in the second column")
    if not row["text"]:
        wrong.append("there is no standard. Write it in the third column")
    for name, longest in LONGEST.items():
        if len(row[name]) > longest:
            words = {"section": "section", "code": "code", "text": "standard"}[name]
            wrong.append(f"the {words} has {len(row[name])} characters. Use {longest} or fewer")
    try:
        row["weight"] = Decimal(row["weight"].replace(",", ".") or "1")
        if not Decimal("0.01") <= row["weight"] < 100:
            raise InvalidOperation
    except InvalidOperation:
        wrong.append(f"“{row['weight']}” is no weight. Write a number above 0 and below 100, or nothing for 1")
        row["weight"] = Decimal(1)
    return row, wrong


@transaction.atomic
def add_rows(standard_set, rows):
    """Put ``rows`` (of ``read_rows``) behind the standards of the set. Raises Stands."""
    standard_set = locked(standard_set)
    last = standard_set.standards.order_by("position").values_list("position", flat=True).last() or 0
    made = [Standard(standard_set=standard_set, position=last + at, **row) for at, row in enumerate(rows, start=1)]
    return Standard.objects.bulk_create(made)


# Editions


@transaction.atomic
def publish_set(standard_set, *, on):
    """From now on it stands, and may be asked. Raises Stands, and ValidationError where nothing is in it."""
    standard_set = locked(standard_set)
    if not standard_set.standards.exists():
        raise ValidationError("Write at least one standard before you publish the set")
    standard_set.published_on = on
    standard_set.save()
    return standard_set


@transaction.atomic
def new_edition(standard_set, *, edition, partnership):
    """A copy of ``standard_set`` to be written on, each standard tied to the one before; ``partnership`` None: shared.

    Raises ValidationError where there is such an edition already.
    """
    StandardSet.objects.select_for_update(of=["self"], no_key=True).get(pk=standard_set.pk)
    same = StandardSet.objects.filter(partnership=partnership, title=standard_set.title, edition__iexact=edition)
    if same.exists():
        raise ValidationError(f"There is an edition called {edition} already. Choose another name")
    copied = ("title", "about", "source", "audience", "asked_of", "scale")
    made = StandardSet.objects.create(
        partnership=partnership,
        edition=edition,
        follows=standard_set,
        **{name: getattr(standard_set, name) for name in copied},
    )
    words = ("position", "section", "code", "text", "guidance", "evidence_wanted", "weight", "descriptors")
    Standard.objects.bulk_create(
        Standard(standard_set=made, same_as=standard, **{name: getattr(standard, name) for name in words})
        for standard in standard_set.standards.all()
    )
    return made


def retire_set(standard_set, *, on):
    """No longer offered to new requests from ``on``; None: offered again."""
    standard_set.retired_on = on
    standard_set.save(update_fields=["retired_on"])


# What is the same from edition to edition


@dataclass(frozen=True)
class Compared:
    """A standard of one edition beside the one it comes from. Either may be None."""

    now: Standard | None
    before: Standard | None

    @property
    def kind(self):
        if self.before is None:
            return "new"
        if self.now is None:
            return "gone"
        told = ("section", "code", "text", "weight", "guidance", "evidence_wanted")
        return "same" if all(getattr(self.now, name) == getattr(self.before, name) for name in told) else "changed"


def compare(standard_set):
    """Each standard of the set beside the one of the edition before, then those that are gone."""
    before = {each.pk: each for each in standard_set.follows.standards.all()} if standard_set.follows else {}
    lines = [Compared(each, before.pop(each.same_as_id, None)) for each in standard_set.standards.all()]
    return lines + [Compared(None, each) for each in before.values()]


def roots_of(followed):
    """{key: key of the first of its line} of ``followed``, {key: key of the one before or None}."""
    roots = {}

    def root(key):
        seen = []
        while followed.get(key) is not None and key not in roots and key not in seen:
            seen.append(key)
            key = followed[key]
        found = roots.get(key, key)
        roots.update(dict.fromkeys([*seen, key], found))
        return found

    for key in followed:
        root(key)
    return roots
