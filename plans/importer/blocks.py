"""What a reader makes of a document, whatever its format: paragraphs and tables in their order.

A reader (``word.py`` is one) answers with a ``Document``; nothing after it knows what kind of file
it was.
"""

import re
from dataclasses import dataclass, field, replace

# A stroke, a ring and the private characters that Word's symbol fonts use for bullets.
_BULLET = re.compile(r"^(?:[\u2022\u2023\u25aa\u25cf\u25e6\u2043\uf0a7\uf0b7\uf0d8\u00b7]\s*|[-\u2013*o]\s+)(?=\S)")
# Also what no database keeps: control characters and halves of a pair.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\ufeff\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")

# Letters of the Cyrillic and Greek alphabets that pass for Latin ones in a name ("LSCPБ").
_LOOK_ALIKES = str.maketrans(
    "\u0410\u0411\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0430\u0435\u043e"
    "\u0440\u0441\u0443\u0445\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7",
    "ABBEKMHOPCTXaeopcyxABEHIKMNOPTX",
)
_WORD = re.compile(r"\w{1,60}")
_LATIN, _OTHER = re.compile(r"[A-Za-z]"), re.compile(r"[\u0370-\u04ff]")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, its white space made plain.

    ``heading``: 0 for a title, 1 and up for a heading, None for anything else.
    ``bold_start``: the bold words that it begins with, where the rest is not bold.
    ``bullet``: its depth in a list, from 0; None outside lists. ``number``: the number that the
    document shows before it ("2", "2a"), if it makes that number by itself. ``role``: what the paragraphs after
    it are, where a document of our own says so ("outcomes").
    """

    text: str
    heading: int | None = None
    is_bold: bool = False
    bold_start: str = ""
    bullet: int | None = None
    number: str | None = None
    role: str | None = None

    def with_bullet_read(self):
        """The same, with a bullet that was typed as a character told from the text."""
        if self.bullet is not None or not _BULLET.match(self.text):
            return self
        return replace(self, text=_BULLET.sub("", self.text), bullet=0)


@dataclass(frozen=True)
class Cell:
    """One cell. ``column`` is its place in the grid; ``continues`` says it is part of the cell above.

    ``line_length`` is about how many characters fit in a line, to tell what stands beside what.
    """

    paragraphs: tuple[Paragraph, ...]
    column: int
    span: int = 1
    continues: bool = False
    line_length: int = 40

    @property
    def text(self):
        return "\n".join(p.text for p in self.paragraphs if p.text)


@dataclass(frozen=True)
class Row:
    """``doubt``: what the reader was not sure of, in words for the person."""

    cells: tuple[Cell, ...]
    doubt: str | None = None

    @property
    def is_blank(self):
        return not any(cell.text for cell in self.cells)


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]

    @property
    def width(self):
        """How many columns the grid has."""
        return max((c.column + c.span for row in self.rows for c in row.cells), default=0)


@dataclass
class Document:
    """Everything that was read. ``notes`` are remarks of the reader for the person."""

    blocks: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def tidy(text):
    """Plain spaces, no invisible characters."""
    return " ".join(_INVISIBLE.sub("", text).split())


def settle_letters(text):
    """Put Latin letters for look-alikes inside words that are otherwise Latin; and those words."""
    if not _OTHER.search(text):
        return text, []
    odd_words = []

    def settled(match):
        word = match.group()
        if not (_LATIN.search(word) and _OTHER.search(word)):
            return word
        odd_words.append(word)
        return word.translate(_LOOK_ALIKES)

    text = _WORD.sub(settled, text)
    return text, odd_words
