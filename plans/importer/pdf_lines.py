"""Words on a page to lines, and lines to paragraphs.

A PDF says where each word stands and nothing of paragraphs. What tells them: a bullet, a wider gap, other
letters, and above all a line that ends although the next word would still have gone on it.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from plans.moments import MONTHS, SEASONS, words

BULLETS = re.compile(
    r"^[\u2022\u2023\u25aa\u25ab\u25cf\u25cb\u25e6\u25a0\u25a1\u2043\u2219\u27a2\u2192\u2713\uf000-\uf0ff\u00b7\u00a7]$"
)
DASHES = re.compile(r"^[-\u2010\u2013\u2014*]$")
NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]$|^\d{1,2}(?:\.\d{1,2})+\.?$")
# "Mar 2022" above "Jun 2021": two dates, even where the column is too narrow for both on a line.
A_YEAR_ENDS = re.compile(r"(?:\b20\d\d|[/\u2013-]\d\d|[’']\d\d)[.;]?$")
_BEFORE_A_MONTH = r"(?:(?:by|end|end of|early|mid|late|from|before|\d{1,2}(?:st|nd|rd|th)?)[ -])*"
_AGAIN = r"(?:weekly|monthly|quarterly|termly|annually|yearly|ongoing|tbc)"
A_DATE_BEGINS = re.compile(rf"{_BEFORE_A_MONTH}(?:{'|'.join([*MONTHS, *SEASONS])}|q[1-4]|{_AGAIN})\b", re.IGNORECASE)
AGAIN_ENDS = re.compile(rf"(?:^|\s){_AGAIN}[.;]?$", re.IGNORECASE)
A_PARTNERSHIP_BEGINS = re.compile(r"[A-Z][A-Z&]{1,9}: (?=\S)")
SENTENCE_END = re.compile(r"[.!?:;][’”\"')]?$")
WRAPPED_HYPHEN = re.compile(r"(?<=\w)[-\u2010]$")
STANDING_PREFIXES = words(
    """
    anti child co cross early ex face family follow full half high inter joint long low mid mini multi non on part peer
    police post pre pro re school self semi short sub third trauma two under well
    """
)

# In parts of a letter's size.
SAME_LINE = 0.4
NO_SPACE = 0.08
A_SPACE = 0.25
# Usual distances of lines, in sizes; a gap is one that is this much wider.
LEAST_LEADING, USUAL_LEADING, MOST_LEADING = 1.0, 1.15, 2.2
A_GAP = 1.3


@dataclass(slots=True)
class Line:
    """Words beside each other, from left to right."""

    words: list

    @property
    def x0(self):
        return self.words[0].x0

    @property
    def x1(self):
        return self.words[-1].x1

    @property
    def base(self):
        return self.words[-1].base

    @property
    def size(self):
        return max(word.size for word in self.words)

    @property
    def text(self):
        return text_of(self.words)

    @property
    def is_bold(self):
        return all(word.is_bold for word in self.words)

    @property
    def is_coloured(self):
        return all(word.is_coloured for word in self.words)

    @property
    def first_width(self):
        """How wide its first word is, with what stands against it."""
        end = self.words[0].x1
        for word, after in zip(self.words, self.words[1:], strict=False):
            if after.x0 - word.x1 > NO_SPACE * word.size:
                break
            end = after.x1
        return end - self.x0


def text_of(words):
    """The words with spaces where there are any on the page."""
    parts = []
    for before, word in zip([None, *words], words, strict=False):
        if before is not None and word.x0 - before.x1 > NO_SPACE * word.size:
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)


def lines_of(words):
    """The lines of words that stand in one column, from the top."""
    lines, base = [], None
    for word in sorted(words, key=lambda word: word.base):
        if base is None or word.base - base > SAME_LINE * word.size:
            lines.append([])
            base = word.base
        lines[-1].append(word)
    return [Line(sorted(line, key=lambda word: word.x0)) for line in lines]


def leading_of(columns):
    """The usual distance of lines in sizes of their letters, over columns of lines."""
    ratios = sorted(
        (below.base - above.base) / above.size
        for lines in columns
        for above, below in zip(lines, lines[1:], strict=False)
        if abs(above.size - below.size) < 0.1 * above.size
    )
    ratios = [ratio for ratio in ratios if ratio <= MOST_LEADING]
    if len(ratios) < 4:
        return USUAL_LEADING
    return max(LEAST_LEADING, ratios[len(ratios) * 3 // 10])


@dataclass(slots=True)
class Para:
    """Lines that are one paragraph. ``bullet_x``: where its bullet stands; ``text_x``: where its words begin."""

    lines: list
    bullet_x: float | None = None
    text_x: float = 0.0
    room: float = 0.0  # what is left of its last line

    @property
    def first(self):
        return self.lines[0]

    @property
    def last(self):
        return self.lines[-1]

    def is_full_for(self, line):
        """Would the first word of a line after it not have gone on its last line?"""
        return A_SPACE * self.last.size + line.first_width + 0.5 > self.room


@dataclass
class Column:
    """Where lines may begin and end, how far apart they are, and how lists stand in it."""

    left: float
    right: float
    leading: float = USUAL_LEADING
    hangs: bool = True
    words: Counter = field(default_factory=Counter)  # of the whole document, to join what a hyphen parted


def bullet_of(line):
    """How many words at the start of a line are its bullet: 0 or 1."""
    first, *rest = line.words
    if not rest or rest[0].x0 - first.x1 <= NO_SPACE * first.size:
        return int(bool(BULLETS.match(first.text)))
    if BULLETS.match(first.text) or DASHES.match(first.text):
        return 1
    return int(first.text == "o" and first.font != rest[0].font)


def hangs(lines):
    """Do lists in these lines set their second lines under the words of the first?"""
    hanging = flush = 0
    for above, below in zip(lines, lines[1:], strict=False):
        if bullet_of(above) and not bullet_of(below) and len(above.words) > 1:
            hanging += abs(below.x0 - above.words[1].x0) < 2.5
            flush += below.x0 < above.words[1].x0 - 2.5
    return hanging > 0 or not flush


def paragraphs_of(lines, column):
    """Paragraphs of the lines of one column."""
    paras = []
    for line in lines:
        bullet = bullet_of(line)
        if bullet and len(line.words) == 1:
            continue  # a bullet before nothing
        if bullet:
            stripped = Line(line.words[1:])
            paras.append(Para([stripped], line.x0, stripped.x0))
        elif paras and _goes_on(paras[-1], line, column):
            paras[-1].lines.append(line)
        else:
            paras.append(Para([line], None, line.x0))
    for para in paras:
        para.room = _room(para.last, column)
    return paras


def _goes_on(para, line, column):
    above = para.last
    if line.base - above.base > A_GAP * column.leading * max(above.size, line.size):
        return False
    if abs(line.size - above.size) > 0.08 * above.size and para.bullet_x is None:
        return False
    if above.words[-1].is_bold != line.words[0].is_bold and line.is_bold != above.is_bold:
        return line.text[0].islower() and not _fits(above, line, column)
    if para.bullet_x is not None:
        if line.x0 >= para.text_x - 2.5:
            return True
        if column.hangs:
            return False
    elif _begins_item(line) and (_begins_item(para.first) or line.x0 < para.text_x - 2.5):
        return False
    if begins_anew(above.text, line.text):
        return False
    return not _fits(above, line, column)


def begins_anew(above, below):
    """Do the words of two lines say that they are two: a partnership before a colon, a date after a date?"""
    if A_PARTNERSHIP_BEGINS.match(below):
        return True
    ends_date = A_YEAR_ENDS.search(above) or (AGAIN_ENDS.search(above) and below[0].isupper())
    return bool(ends_date and A_DATE_BEGINS.match(below))


def _begins_item(line):
    return len(line.words) > 1 and bool(NUMBER.match(line.words[0].text))


def _fits(above, below, column):
    """Would the first word of the line below have gone on the line above?"""
    return A_SPACE * above.size + below.first_width + 0.5 <= _room(above, column)


def _room(line, column):
    """What is left of the line."""
    before, after = line.x0 - column.left, column.right - line.x1
    is_centred = before > line.size and abs(before - after) < 0.6 * line.size
    return before + after if is_centred else after


def words_of(line_lists):
    """How often each word stands in the document, in small letters, to know whole words by."""
    counts = Counter()
    for lines in line_lists:
        for line in lines:
            texts = line.text.lower().split()
            if texts and WRAPPED_HYPHEN.search(texts[-1]):
                texts.pop()
            counts.update(text.strip(".,;:()‘’“”\"'!?") for text in texts)
    return counts


def joined(lines, known):
    """The text of lines in one, without the hyphens that only part a word at a line's end."""
    text = ""
    for line in lines:
        text = _with(text, line.text, known)
    return text


def _with(text, more, known):
    if not text:
        return more
    if text.endswith("/") and not text.endswith(" /"):
        return text + more
    hyphen = WRAPPED_HYPHEN.search(text)
    if not hyphen:
        return f"{text} {more}"
    stem, rest = re.search(r"[\w’'-]*$", text[: hyphen.start()]).group(), re.match(r"[\w’']*", more).group()
    return text[: hyphen.start()] + ("-" if _is_standing(stem, rest, hyphen.group(), known) else "") + more


def _is_standing(stem, rest, hyphen, known):
    """Is this a hyphen of the word ("multi-agency"), not of the line's end?"""
    if not rest[:1].islower() or not stem[-1:].isalpha():
        return True
    stem = stem.lower()
    if stem + rest in known:
        return False
    if f"{stem}-{rest}" in known:
        return True
    return hyphen == "-" and (stem in STANDING_PREFIXES or (stem in known and rest.lower() in known))
