"""How old one must be to read a text with ease: Flesch and Kincaid's grade, as an age.

Syllables are where Pyphen would break a word, which on our pages finds a twentieth more than are spoken: ages come out
half a year too high. Pyphen comes with WeasyPrint and asks nobody; textstat fetches a dictionary from the network when
it is first used, and py-readability-metrics has stood still since 2020.
"""

import re

from pyphen import Pyphen

HYPHENS = Pyphen(lang="en_US", left=1, right=1)
AGE_OF_GRADE_0 = 5
# Words of the field, and of the product, that no shorter one stands for: each counts as two syllables.
OF_THE_FIELD = {
    "accessibility", "activity", "activities", "agency", "agencies", "annual", "arrangements", "assurance", "authority",
    "deliverable", "deliverables", "independent", "organisation", "organisations", "partnership", "partnership’s",
    "partnerships", "priority", "priorities", "recommendation", "recommendations", "safeguarding", "statutory",
}  # fmt: skip
ENDS_A_SENTENCE = re.compile(r"[.!?:;]+(?:\s|$)|\n+")
WORD = re.compile(r"[A-Za-zÀ-ÿ’'-]*[A-Za-zÀ-ÿ]")
BLOCK = re.compile(
    r"</?(?:p|li|ul|ol|h\d|dt|dd|td|th|tr|div|section|label|legend|option|summary|button|br|title)\b[^>]*>"
)


def syllables(word):
    return 2 if word.lower() in OF_THE_FIELD else len(HYPHENS.positions(word.lower())) + 1


def age(text):
    """In years, of English text of a hundred words or more: what the grade says of less means little."""
    words = WORD.findall(text)
    sentences = [part for part in ENDS_A_SENTENCE.split(text) if WORD.search(part)]
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return round(grade + AGE_OF_GRADE_0, 1)


def words_of_template(source):
    """What a template says of its own, a paragraph a line; whatever is filled in counts as one short word."""
    source = re.sub(
        r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->|<script.*?</script>|<svg.*?</svg>", "", source, flags=re.S
    )
    source = re.sub(r"{{.*?}}", " it ", source, flags=re.S)
    source = re.sub(
        r"{%-?\s*(\w+).*?%}",
        lambda tag: "\n" if tag[1].startswith(("block", "endblock", "el", "extends")) else " ",
        source,
        flags=re.S,
    )
    source = BLOCK.sub("\n", re.sub(r"\s+", " ", source))
    lines = (re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&\w+;", " ", line)).strip() for line in source.split("\n"))
    return "\n".join(line for line in lines if len(WORD.findall(line)) > 1)
