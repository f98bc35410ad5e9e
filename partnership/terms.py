"""Terms of reference, version by version: a draft begins from the last, is agreed, and then stands."""

import difflib
import re
from dataclasses import dataclass

from django.db import transaction

from partnership.models import Group, TermsOfReference

WORDS = ("remit", "membership", "quorum", "frequency")
# A word or a mark, with the space after it, which is kept as it now is and never told as a change.
PIECES = re.compile(r"^\s+|[\w’'-]+\s*|[^\w\s]\s*")
LIKE_ENOUGH = 0.35  # below this, two texts are told as one taken out and one put in


class DraftExists(Exception):  # noqa: N818
    """Somebody began a draft already; ``draft`` is it."""

    def __init__(self, draft):
        super().__init__(str(draft))
        self.draft = draft


@transaction.atomic
def next_draft(group):
    """The next version, not yet kept: the words of the last, for somebody to change."""
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    last = group.terms.first()
    if last is None:
        return TermsOfReference(group=group)
    if last.is_draft:
        raise DraftExists(last)
    return TermsOfReference(group=group, version=last.version + 1, **{name: getattr(last, name) for name in WORDS})


@transaction.atomic
def agree_terms(terms, *, agreed_on, next_review_on):
    """They are in force, and their words stand: the database refuses to change them."""
    terms.status = TermsOfReference.Status.AGREED
    terms.agreed_on, terms.next_review_on = agreed_on, next_review_on
    terms.save(update_fields=["status", "agreed_on", "next_review_on"])


@dataclass(frozen=True)
class Piece:
    """Words that both versions have (``kind`` ""), or that were "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Part:
    """One part of the terms, with what became of its words."""

    label: str
    pieces: tuple

    @property
    def is_changed(self):
        return any(piece.kind for piece in self.pieces)


def compare(before, after):
    """Each part of the terms of ``after``, word by word beside ``before``."""
    parts = []
    for name in WORDS:
        label = TermsOfReference._meta.get_field(name).verbose_name.capitalize()
        parts.append(Part(label, pieces_of(words_in(before, name), words_in(after, name))))
    return parts


def words_in(terms, name):
    return terms.get_frequency_display() if name == "frequency" else getattr(terms, name)


def pieces_of(before, after):
    """What became of ``before``, as Pieces in the order of reading: first what went, then what came."""
    old, new = PIECES.findall(before), PIECES.findall(after)
    words = [[piece.strip() for piece in pieces] for pieces in (old, new)]
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    if matcher.ratio() < LIKE_ENOUGH:
        return tuple(changed("removed", f"{before}\n" if before else "") + changed("added", after))
    pieces = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("", "".join(new[j1:j2])))
            continue
        pieces += changed("removed", "".join(old[i1:i2])) + changed("added", "".join(new[j1:j2]))
    return tuple(pieces)


def changed(kind, text):
    """Changed words, and outside them the space that follows."""
    words = text.rstrip()
    return [piece for piece in (Piece(kind, words), Piece("", text[len(words) :])) if piece.text]
