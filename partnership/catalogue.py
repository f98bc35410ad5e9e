"""The words that are marked for translation, found in our files and put into each language's catalogue.

``./run catalogue`` runs it. Django's own reader turns a template into words that look like a program; Babel reads those
and the programs. Without xgettext, which a bare machine does not have.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("partnership", "plans", "reviews", "training", "assurance")
# Each with where its arguments have what is said of one, of several, and the context ("c").
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_": None,
    "noop": None,
}


def from_template(file, keywords, comment_tags, options):
    """An extraction method of Babel: (line, function, messages, comments) of each marked string."""
    # In parentheses nothing depends on how lines are indented.
    words = f"({templatize(file.read().decode())})"
    yield from extract_python(BytesIO(words.encode()), keywords, comment_tags, options)


def sources():
    """(path, extraction method) of every file that may have marked words."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield path, from_template
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path, "python"


def collected():
    """Every marked string, as a catalogue without a language."""
    catalogue = Catalog(charset="utf-8")
    for path, method in sources():
        with path.open("rb") as file:
            for _line, message, comments, context in extract(method, file, KEYWORDS, ("Translators:",)):
                place = (str(path.relative_to(ROOT)), None)
                catalogue.add(message, None, [place], auto_comments=comments, context=context)
    return catalogue


def catalogues():
    """{language: path of its catalogue}."""
    return {path.parent.parent.name: path for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))}


def read(path):
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain="django")


def missing(catalogue):
    """The strings that have no translation in it."""
    return [each.id for each in catalogue if each.id and (each.fuzzy or not all(words_of(each)))]


def words_of(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def bring_up_to_date():
    """Put what is marked today into each catalogue, take out what no longer is, and say what lacks a translation."""
    found = collected()
    for language, path in catalogues().items():
        catalogue = read(path)
        created = catalogue.creation_date
        catalogue.update(found, no_fuzzy_matching=True)
        catalogue.creation_date = created
        with path.open("wb") as file:
            write_po(file, catalogue, width=0, ignore_obsolete=True)
        for words in missing(catalogue):
            sys.stdout.write(f"{language}: {words!r}\n")


if __name__ == "__main__":
    bring_up_to_date()
