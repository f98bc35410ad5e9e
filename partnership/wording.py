"""What became of a text's words: told in phrases, as a person would mark them with a pen."""

import difflib
import re
from dataclasses import dataclass

# A word or a mark, with the space after it, which is kept as it now is and never told as a change.
PIECES = re.compile(r"^\s+|[\w’'-]+\s*|[^\w\s]\s*")
LIKE_ENOUGH = 0.35  # below this, two texts are told as one taken out and one put in
LONGEST_SPECK = 3  # words that stayed between two changes, and are told with them if these are as long


@dataclass(frozen=True)
class Piece:
    """Words that both versions have (``kind`` ""), or that were "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Sides:
    """One text beside the other: ``before`` has what was removed marked in it, ``after`` what was added."""

    before: tuple
    after: tuple

    @property
    def is_changed(self):
        return any(piece.kind for piece in (*self.before, *self.after))


def pieces_of(before, after):
    """What became of ``before``, as Pieces in the order of reading: first what went, then what came."""
    spans = spans_of(before, after)
    if spans is None:
        return tuple(changed("removed", f"{before}\n" if before else "") + changed("added", after))
    pieces = []
    for at, (old, new, is_equal) in enumerate(spans):
        if is_equal:
            goes_on = at + 1 < len(spans) and spans[at + 1][0]  # to removed words: the space before them was theirs
            pieces.append(Piece("", "".join([*new[:-1], old[-1]] if goes_on else new)))
        else:
            pieces += changed("removed", "".join(old)) + changed("added", "".join(new))
    return tuple(pieces)


def sides_of(before, after):
    """``before`` and ``after`` as ``Sides``."""
    if before == after:
        return Sides(whole("", before), whole("", after))
    spans = spans_of(before, after)
    if spans is None:
        return Sides(whole("removed", before), whole("added", after))
    old_side, new_side = [], []
    for old, new, is_equal in spans:
        if is_equal:
            old_side.append(Piece("", "".join(old)))
            new_side.append(Piece("", "".join(new)))
        else:
            old_side += changed("removed", "".join(old))
            new_side += changed("added", "".join(new))
    return Sides(tuple(old_side), tuple(new_side))


def whole(kind, text):
    """All of ``text`` as one piece; no piece of no text."""
    return (Piece(kind, text),) if text else ()


def likeness(one, other):
    """How alike two texts are by their words, from 0 to 1; marks and capitals count for nothing."""
    matcher = difflib.SequenceMatcher(None, words_in(one), words_in(other), autojunk=False)
    return matcher.ratio()


def words_in(text):
    """The words of ``text`` for comparing: small letters, no marks."""
    return re.findall(r"\w+", text.casefold().replace("’", "").replace("'", ""))


def spans_of(before, after):
    """[(old pieces, new pieces, whether they are equal)] in order; None where the texts are too unlike."""
    old, new = PIECES.findall(before), PIECES.findall(after)
    words = [[piece.strip() for piece in pieces] for pieces in (old, new)]
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    if matcher.ratio() < LIKE_ENOUGH:
        return None
    spans = [(old[i1:i2], new[j1:j2], tag == "equal") for tag, i1, i2, j1, j2 in matcher.get_opcodes()]
    return without_specks(spans)


def without_specks(spans):
    """``spans`` in which a few words that stayed between two changes are told as part of one change.

    "a report by the ~~board~~ **office**" reads; every second word struck through does not.
    """
    told = []
    for span in spans:
        told.append(span)
        while len(told) > 2 and not told[-1][2] and is_speck(*told[-3:]):
            *_, first, speck, last = told
            told[-3:] = [(first[0] + speck[0] + last[0], first[1] + speck[1] + last[1], False)]
    return told


def is_speck(first, between, last):
    """Whether the words ``between`` two changes are few, and no longer than either of them."""
    if not between[2] or first[2] or len(between[0]) > LONGEST_SPECK:
        return False
    size = len("".join(between[0]).strip())
    return all(size <= max(len("".join(side).strip()) for side in change[:2]) for change in (first, last))


def changed(kind, text):
    """Changed words, and outside them the space that follows."""
    words = text.rstrip()
    return [piece for piece in (Piece(kind, words), Piece("", text[len(words) :])) if piece.text]
