"""Lines that stand over something: the heading of a priority, the label of what comes under it."""

import re

from plans.importer.columns import plain_heading

NUMBERED = re.compile(
    r"^(?:strategic |shared |joint )?(?:priority|theme|objective|goal|aim)(?: area)?(?: no\.?)?\s?"
    r"(\d{1,2}[a-z]?|one|two|three|four|five|six|seven|eight|nine|ten)\b\s?[:.)\u2013-]?\s*",
    re.IGNORECASE,
)
# "2.", "2a.1)", "P1:", "A." and "iv." stand before a title; "1001 days:" and "CSE." are part of one.
_LEADING_NUMBER = re.compile(
    r"^(\d{1,2}[a-z]?(?:\.\d{1,2})*[a-z]?|[A-Z]{1,3}\d{1,2}(?:\.\d{1,2})?[a-z]?|[A-Z]|[ivx]{1,4})\s?[.):]\s+(?=\S)"
)
_NAMED_LABEL = re.compile(r"^(\S.*) \((outcomes)\)$")
_NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_FIGURES = {word: str(number) for number, word in enumerate(_NUMBER_WORDS, start=1)}

# What the paragraphs under a label are.
_LABELS = {
    "rationale": re.compile(
        r"^(?:rationale|why(?: is)? this (?:is )?(?:a priority|matters)|why is this (?:important|a priority)|why|"
        r"background|case for change|what we know|what do we know|evidence base|drivers?)\b"
    ),
    "outcomes": re.compile(
        r"^(?:what (?:will|does|would) (?:success|good) looks? like|(?:intended |desired |expected |key )?"
        r"outcomes?(?: statements?)?|(?:key )?objectives?|(?:our )?aims?|what difference will (?:we|this) make|"
        r"(?:what )?(?:do )?we want to (?:achieve|see|be assured of)|what (?:are we trying|we are trying) to achieve|"
        r"what do we want to (?:achieve|see)|(?:our )?(?:vision|ambition)s?|success criteria)$"
    ),
    "indicators": re.compile(
        r"^(?:(?:key )?(?:performance )?indicators?|kpis?|performance measures?|measures?(?: of success)?|"
        r"how will we (?:know|measure).*|how we will (?:know|measure).*|data(?: set)?|"
        r"quantitative .*|qualitative .*)$"
    ),
    "actions": re.compile(
        r"^(?:key )?(?:actions?(?: plan)?|deliverables|activities|what (?:will we|we will) do|"
        r"delivery plan|action table)$"
    ),
}


def label_of(text):
    """What the paragraphs after this one are ("outcomes"), if it is a label; else None."""
    if len(text) > 90:
        return None
    if named_label(text):
        return "outcomes"
    plain = plain_heading(text)
    return next((kind for kind, pattern in _LABELS.items() if pattern.match(plain)), None)


def named_label(text):
    """ "So that children can say" of "So that children can say (outcomes)", as our workbooks write it; else None."""
    named = _NAMED_LABEL.match(text)
    return named[1] if named else None


def label_and_rest(text):
    """("outcomes", "Outcome", "Children are safe") of "Outcome: Children are safe"; else None."""
    head, colon, rest = text.partition(":")
    if colon and rest.strip() and len(head) < 50 and label_of(head) in {"rationale", "outcomes", "indicators"}:
        return label_of(head), head.strip(), rest.strip()
    return None


def split_heading(paragraph):
    """(ref, title) of a priority's heading: "Priority 2a: Babies", "3. Mental health"."""
    text, ref = paragraph.text, paragraph.number
    named = NUMBERED.match(text)
    if named:
        ref = _FIGURES.get(named.group(1).lower(), named.group(1))
        return ref, text[named.end() :].strip()
    number = _LEADING_NUMBER.match(text)
    if number:
        return number.group(1), text[number.end() :].strip()
    return ref, text
