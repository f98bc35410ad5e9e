"""Terms of reference, version by version: a draft begins from the last, is agreed, and then stands."""

from dataclasses import dataclass

from django.db import transaction

from partnership.models import Group, TermsOfReference
from partnership.wording import pieces_of

WORDS = ("remit", "membership", "quorum", "frequency")


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
