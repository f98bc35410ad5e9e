"""A partnership's glossary: what it begins with, and how those of several partnerships read as one."""

from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from partnership.forms import lock_and_refresh
from partnership.models import GlossaryTerm
from partnership.usual_glossary import usual_for

OTHER = "0–9"


@transaction.atomic
def add_usual_terms(partnership):
    """Put in the usual terms that are not there yet, and say how many; what the office wrote stays as it is."""
    lock_and_refresh(partnership)
    missing = missing_usual_terms(partnership, partnership.glossary.all())
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(partnership=partnership, term=usual.term, stands_for=usual.stands_for, meaning=usual.meaning)
        for usual in missing
    )
    return len(missing)


def missing_usual_terms(partnership, terms):
    """The usual ones that are not among ``terms``, which may be of other partnerships too."""
    there = {each.term.casefold() for each in terms if each.partnership_id == partnership.pk}
    return [usual for usual in usual_for(partnership.kind) if usual.term.casefold() not in there]


@dataclass(frozen=True)
class Line:
    """What a reader sees of one term: the same words of several partnerships stand once.

    ``records`` are theirs, each with its ``partnership`` read.
    """

    records: tuple

    @property
    def first(self):
        return self.records[0]

    @property
    def partnerships(self):
        return [record.partnership for record in self.records]


def with_words(terms, words):
    """Those in which each of ``words`` stands somewhere."""
    words = [word.casefold() for word in words]
    return [
        each
        for each in terms
        if all(word in f"{each.term} {each.stands_for} {each.meaning}".casefold() for word in words)
    ]


def by_letter(terms):
    """[(letter, its lines)] of ``terms``, which come in the order of the alphabet with their partnerships."""
    lines = {}
    for term in terms:
        lines.setdefault((term.term.casefold(), term.stands_for, term.meaning), []).append(term)
    ordered = sorted((Line(tuple(records)) for records in lines.values()), key=place_of)
    return [(letter, list(group)) for letter, group in groupby(ordered, key=letter_of)]


def place_of(line):
    return (letter_of(line) != OTHER, line.first.term.casefold(), line.first.pk)


def letter_of(line):
    letter = line.first.term[0].upper()
    return letter if letter.isalpha() else OTHER
