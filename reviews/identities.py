"""Text that may say who somebody is: a name, a date of birth, an address, a number.

The identities of children and adults never belong in a case, a review or its learning. What is found is a doubt,
for a person to judge: a machine can't know that Rowan is a ward. So it errs on the side of asking, but not about
ordinary words of this work, months, or the names of organisations that are known.

Each pattern reads the text once; none repeats within a repetition, so a long text costs only its length.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from reviews.given_names import ALSO_WORDS, GIVEN
from reviews.plain_words import ADDRESSED, BEGINNINGS, BODIES, PARTICLES, STREETS, TITLES, USUAL


class Kind(StrEnum):
    """Said after "Is “…”"."""

    NAME = "somebody’s name"
    BIRTH = "a date of birth"
    ADDRESS = "somebody’s address"
    NUMBER = "somebody’s number or e-mail address"


@dataclass(frozen=True)
class Doubt:
    """``words``, as they stand in the text, may be what ``kind`` says."""

    kind: Kind
    words: str

    def __str__(self):
        return f"Is “{self.words}” {self.kind}?"


def doubts_in(text, *, known=()):
    """What in ``text`` may say who somebody is, each once, in the order of the text.

    ``known`` are names of organisations, areas and groups, which are nobody's.
    """
    found = [
        (*match.span(), kind)
        for kind, patterns in PATTERNS.items()
        for pattern in patterns
        for match in pattern.finditer(text)
        if kind != Kind.NUMBER or is_number(match.group())
    ]
    places = [*found, *names_in(text, known=known)]
    places.sort(key=lambda place: (place[0], -place[1]))
    doubts, end_of_last = [], 0
    for start, end, kind in places:
        if start >= end_of_last:
            doubts.append(Doubt(kind, " ".join(text[start:end].split())))
            end_of_last = end
    return list(dict.fromkeys(doubts))


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s{{1,3}}(?:of\s)?{_MONTH}\b|{_MONTH}\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?\b)"
    r"(?:,?\s{1,3}\d{4})?"
)
_AGE = r"(?:\d{1,2}|[a-z]{3,6}teen|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_STREETS = "|".join(sorted(STREETS))

PATTERNS = {
    Kind.BIRTH: [
        re.compile(r"(?<![\d./-])\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?![\d/-])"),
        re.compile(r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])"),
        re.compile(rf"\bborn\s{{1,3}}(?:on\s)?(?:the\s)?{_DAY}", re.IGNORECASE),
        re.compile(rf"\bbirthday\s(?:is\s|was\s|fell\s)?(?:on\s)?(?:the\s)?{_DAY}", re.IGNORECASE),
        re.compile(rf"\b(?:turned|aged|was|became)\s{_AGE}\s(?:years\s)?(?:old\s)?on\s(?:the\s)?{_DAY}", re.IGNORECASE),
        re.compile(r"\bdate\sof\sbirth\b[^.\n]{0,20}?\d[\w./ -]{0,20}", re.IGNORECASE),
        re.compile(r"\bd\.?\s?o\.?\s?b\b\.?(?:\s?[:,]?\s?\d[\w./ -]{0,15}\d)?", re.IGNORECASE),
        re.compile(
            r"\b\d{1,2}\s?years?,?\s(?:and\s)?(?:\d{1,2}\s?months?,?\s(?:and\s)?)?\d{1,2}\s?days?\b", re.IGNORECASE
        ),
    ],
    Kind.ADDRESS: [
        # A postcode; "s47 2nd visit" is none.
        re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d(?!st|nd|rd|th)[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE),
        re.compile(
            rf"\b\d{{1,4}}[a-z]?,?\s(?:[A-Z][\w’'-]{{1,30}}\s){{1,3}}(?i:{_STREETS})\b",
        ),
        re.compile(r"\b\d{1,4}[a-z]?,?\s[a-z’'-]{3,30}\s(?:street|road|lane|avenue|crescent|terrace)\b"),
        re.compile(r"\bflat\s\d{1,4}[a-z]?\b", re.IGNORECASE),
    ],
    Kind.NUMBER: [
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
        re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d\d\s?\d\d\s?\d\d\s?[A-D]\b", re.IGNORECASE),
        re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-Z]\b", re.IGNORECASE),  # a pupil's (UPN)
        re.compile(r"(?<![\w£.,+])\+?\(?\d[\d() -]{4,18}\d(?![\w]|[.,]\d)"),
    ],
}


def is_number(words):
    """Whether digits are enough to be somebody's; what has letters was found by its form."""
    digits = re.sub(r"[\s()-]", "", words)
    if not digits.lstrip("+").isdecimal():
        return True
    if digits.startswith("+") or (digits.startswith("0") and len(digits) in (10, 11)):
        return len(digits) >= 10
    return is_nhs_number(digits) or (digits == words and len(digits) >= 6)


def is_nhs_number(digits):
    """Ten digits of which the last checks the others, each weighed from 10 down to 2 (modulus 11)."""
    if len(digits) != 10:
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return (11 - rest) % 11 == int(digits[-1])


# Names


class Word(NamedTuple):
    text: str
    start: int
    end: int
    begins: bool  # a sentence, a line or a quotation
    follows: bool  # the word before, with nothing between but blanks or the point of an initial or a title

    @property
    def plain(self):
        """In small letters and without a possessive ending."""
        return self.text.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")

    @property
    def is_capital(self):
        return self.text[0].isupper()

    @property
    def is_initial(self):
        return len(self.text) == 1


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+){0,4}['’]?")
_USUAL = {word.replace("’", "'").removesuffix("'s") for word in USUAL} | TITLES
_ENDS_ORDINARY = ("ing", "ed", "ly", "tion", "tions", "ment", "ments", "ness", "ity", "ance", "ence")


def words_of(text):
    words = []
    for match in _WORD.finditer(text):
        between = text[words[-1].end : match.start()] if words else ""
        last = words[-1].text.casefold() if words else ""
        abbreviates = between.startswith(".") and (len(last) == 1 or last in TITLES)
        gap = between.removeprefix(".") if abbreviates else between
        of_title = abbreviates and len(last) > 1
        begins = not words or (not of_title and any(mark in between for mark in '.!?:;\n•“"‘(–—*/'))
        words.append(Word(match.group(), *match.span(), begins, not gap.strip(" \t\xa0") and bool(gap)))
    return words


def names_in(text, *, known=()):
    """(start, end, Kind.NAME or ADDRESS) of what looks like a person's name, or like a street's."""
    words = words_of(text)
    in_small = {word.text for word in words if not word.is_capital}
    pairs, singles = known_words(known)
    usual = [is_usual(word, in_small) or word.plain in singles for word in words]
    for at, (one, two) in enumerate(zip(words, words[1:], strict=False)):
        if two.follows and (one.plain, two.plain) in pairs:
            usual[at] = usual[at + 1] = True
        elif two.follows and one.plain in GIVEN and two.text.isupper() and two.plain not in _USUAL:
            usual[at + 1] = False  # "Kirsty BELL": no abbreviation
    at = 0
    while at < len(words):
        end = end_of_run(words, at)
        yield from _of_run(words, usual, at, end)
        at = end


def known_words(names):
    """The pairs of words that follow each other in ``names``, and the names of a single word."""
    pairs, singles = set(), set()
    for name in names:
        words = [word.plain for word in words_of(name)]
        pairs.update(zip(words, words[1:], strict=False))
        if len(words) == 1:
            singles.update(words)
    return pairs, singles


def is_usual(word, in_small):
    """A word of this work, or one that has a capital only because a sentence begins."""
    plain = word.plain
    if plain in GIVEN or (plain in ALSO_WORDS and not word.begins):
        return False
    if plain in _USUAL or (word.text.isupper() and len(word.text) <= 6):
        return True
    return word.begins and (plain in BEGINNINGS or plain in in_small or plain.endswith(_ENDS_ORDINARY))


def end_of_run(words, at):
    """Where the words that follow each other with capitals from ``at`` end; particles stand between two of them."""
    end = at + 1
    if not words[at].is_capital:
        return end
    while end < len(words) and words[end].follows:
        is_particle = words[end].plain in PARTICLES and end + 1 < len(words)
        if words[end].is_capital:
            end += 1
        elif is_particle and words[end + 1].follows and words[end + 1].is_capital:
            end += 2
        else:
            break
    return end


def _of_run(words, usual, start, end):
    """What stands in ``words[start:end]``: one word in small letters, or words with capitals."""
    run = words[start:end]
    if not run[0].is_capital:
        after_title = start and run[0].follows and words[start - 1].text in ("mr", "mrs") and not run[0].is_initial
        if run[0].text.islower() and (after_title or run[0].plain in GIVEN):
            yield run[0].start, run[0].end, Kind.NAME
        return
    if len(run) > 1 and run[-1].plain in BODIES:
        return
    if len(run) > 1 and run[-1].plain in STREETS and not usual[end - 2]:
        first = next(at for at in range(end - 2, start - 2, -1) if at < start or usual[at]) + 1
        yield words[first].start, run[-1].end, Kind.ADDRESS
        return
    at = start
    while at < end:
        stop = at
        while stop < end and (not usual[stop] or (words[stop].is_initial and _joins(words, usual, at, stop, end))):
            stop += 1
        if stop == at:
            at += 1
            continue
        if _is_name(words, at, stop):
            first = at - 1 if at and words[at].follows and words[at - 1].plain in TITLES else at
            yield words[first].start, words[stop - 1].end, Kind.NAME
        at = stop


def _joins(words, usual, start, at, end):
    """Whether an initial belongs to a name: "J. Okafor", "Ravi K", but not "Child A" or the "A" of a sentence."""
    if at > start:
        return True
    is_article = words[at].begins and words[at].plain in ("a", "i")
    return at + 1 < end and not usual[at + 1] and not is_article


def _is_name(words, start, stop):
    """Whether the unusual words ``words[start:stop]`` may be a person's name."""
    before = words[start - 1] if start and words[start].follows else None
    if before and before.plain in ("st", "saint"):
        return False
    if stop - start > 1 or (before and before.plain in ADDRESSED):
        return True
    word = words[start]
    return word.plain in GIVEN or (word.plain in ALSO_WORDS and not word.begins)
