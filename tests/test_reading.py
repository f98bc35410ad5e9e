"""Our own words are plain: by reading age, and each error of a form says what to do."""

import ast
import re
from pathlib import Path

from tests.reading import WORD, age, words_of_template

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATES = PROJECT / "templates"
FEWEST_WORDS = 100
OLDEST_FOR_ALL, OLDEST = 12, 14
FOR_ALL = re.compile(r"public|help|guides/|accessibility|privacy|whats_new|guarantees|home\.|survey|_answer|emails/")
# What errors of our forms begin with, or go on with after what is wrong.
DOES = frozenset(
    """
    add agree allow answer ask attach begin book bring cancel change check choose close come confirm copy
    correct cut decide delete empty end enter fill first give go have keep leave look make mark merge move
    name note offer open order paste pick put read record remove reopen report retire save say select send
    set show shorten split start take tell tick try type undo upload use wait write
    """.split()  # noqa: SIM905
)
# Errors that no other words of the form's person can mend: they say where things stand.
SAYS_HOW_IT_IS = {
    "You do not sit in the case review group of {}. {}",
    "{} {}",
    "Who sits in a case review group sees cases, so only the offices of all its partnerships may make one. It is also "
    "a group of {}",
    "{}: {}",
    "and {} more lines like these",
    "{} is not on the scale, which goes from {}",
    "{} is “{}” already",
    "There is a version {} of this plan already. The next is {}",
    "“{}” starts later than that. What follows it starts after it",
    "The course is not of the partnership that asks for this: {}",
}


def ages():
    """(age, name) of each page and mail with enough words of its own, the hardest to read first."""
    texts = {
        str(path.relative_to(TEMPLATES)): words_of_template(path.read_text())
        for path in [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]
    }
    texts["whats_new.txt"] = (PROJECT / "partnership/whats_new.txt").read_text()
    found = [(age(text), name) for name, text in texts.items() if len(WORD.findall(text)) >= FEWEST_WORDS]
    return sorted(found, reverse=True)


def test_every_page_reads_at_its_age():
    found = ages()
    print(*(f"{years} {name}" for years, name in found[:10]), sep="\n")
    assert len(found) > 100
    assert [name for years, name in found if years > (OLDEST_FOR_ALL if FOR_ALL.search(name) else OLDEST)] == []


def test_hard_words_and_long_sentences_are_noticed():
    plain = "You say how it is going. We ask you once a month. " * 10
    hard = (
        "Notwithstanding aforementioned methodological considerations, practitioners operationalise multidisciplinary "
        "interventions commensurate with organisational responsibilities. " * 10
    )
    assert age(plain) < OLDEST_FOR_ALL < OLDEST < age(hard)
    long = plain.replace(".", " and", 19)
    assert age(long) > OLDEST


def errors_of(source):
    """Each error that the source of a form holds; what is filled in stands as {}."""
    for node in ast.walk(ast.parse(source)):
        values = []
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            values += {"ValidationError": node.args[:1], "add_error": node.args[1:2]}.get(name, [])
            named = [word.value for word in node.keywords if word.arg == "error_messages"]
            values += [value for each in named if isinstance(each, ast.Dict) for value in each.values]
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value
            elif isinstance(value, ast.JoinedStr):
                yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in value.values)


def says_what_to_do(error):
    parts = re.split(r"[.:;,]\s+|^", error)
    starts = [re.sub(r"^(or|and|then|so|of which|to) ", "", part.strip()).split(" ")[0] for part in parts]
    return any(start.lower() in DOES for start in starts)


def test_every_error_of_a_form_says_what_to_do():
    rooms = ["partnership", "plans", "reviews", "training", "assurance"]
    forms = [path for room in rooms for path in (PROJECT / room).rglob("*.py") if "forms" in str(path)]
    errors = {error for path in forms for error in errors_of(path.read_text())}
    assert len(errors) > 300
    assert {error for error in errors if not says_what_to_do(error)} - SAYS_HOW_IT_IS == set()


def test_an_error_that_only_complains_is_noticed():
    source = 'def clean(self):\n    raise ValidationError(f"The day {day} is wrong")'
    assert [error for error in errors_of(source) if not says_what_to_do(error)] == ["The day {} is wrong"]
