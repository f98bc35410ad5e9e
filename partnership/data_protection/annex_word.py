"""The annex of a data protection impact assessment, as a Word document to be finished by those who answer for it.

What is held, why, how long and who sees it is filled in from the product; how likely and how bad each risk is, and
whether what the product does is enough, only the controllers can say: those cells are left for them.
"""

import io

from docx import Document as WordDocument

from partnership.data_protection.declaring import SPECIAL
from partnership.data_protection.map import kind_of, personal
from partnership.data_protection.periods import in_months
from partnership.pack_word import add_table, dress, number_pages
from partnership.templatetags.components import long_date

PLAIN = "#0b0c0c"
RISKS = [
    (
        "Somebody reads of a case who has no part in it",
        "Only the case review group sees its cases, by name of its members; the database refuses the rows to everybody "
        "else. Emergency access takes two people, ends after hours, and the group is told. Who read what is kept.",
    ),
    (
        "A child, an adult or a family is known by what is written",
        "A case has a reference in place of names. Forms say where no name belongs. What is published is written anew, "
        "and small numbers are not shown.",
    ),
    (
        "Somebody gets in with another’s account",
        "A second step is asked of the roles that the partnership chooses; sessions end; tries are slowed down; who "
        "leaves a post has lost its rights at the next click. Access is looked at once a year.",
    ),
    (
        "It is kept for longer than it is needed",
        "Each kind of record has a time and a reason, and what is over waits for a yes or goes every night.",
    ),
    (
        "Somebody is not given what is held about them",
        "A copy is made from the same map as this annex, with the places that must be read before it is handed over.",
    ),
    (
        "What was deleted comes back with a backup",
        "Erasures are written down outside the database and gone through again after a backup was put back.",
    ),
    (
        "A record is changed and nobody knows by whom",
        "History is written by the database itself and can’t be changed by the product.",
    ),
    (
        "A mail or a link reaches the wrong person",
        "Mails name no child, adult or family. Links work for one person and one thing, end, and can be taken back.",
    ),
]


def annex(name, lines, *, brand, on):
    """Bytes of the document. ``name``: whose it is; ``lines``: the lines of its ``Schedule``."""
    document = WordDocument()
    title = "Annex to the data protection impact assessment"
    dress(document, title=f"{title}: {name}", author=name, brand=brand or PLAIN)
    number_pages(document.sections[0])
    document.add_paragraph(name)
    document.add_paragraph(title, style="Title")
    document.add_paragraph(
        f"Made on {long_date(on)} from the planning tool itself. Sections 1 to 3 say what it holds as it stands. "
        "Section 4 is for the controllers, with their data protection officers: the tool says what it does, and they "
        "judge whether that is enough."
    )
    write_pieces(document)
    write_special(document)
    write_periods(document, lines)
    write_risks(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def write_pieces(document):
    document.add_heading("1. What is held", level=1)
    pieces = {}
    for line in personal():
        pieces.setdefault(id(line.part), (line.part, {}))[1].update(dict.fromkeys(words for words, _ in line.in_words))
    rows = [
        [
            [part.title, part.why],
            [part.whose],
            list(held),
            [part.basis],
            [f"Kept: {in_months(kind_of(part).months).lower()}", f"Seen by: {part.seen_by}"],
        ]
        for part, held in pieces.values()
    ]
    heads = ["Piece, and why", "Whose", "What it holds", "Why it may be held", "How long; who sees it"]
    add_table(document, heads, rows, widths=(4.6, 2.8, 3.4, 2.8, 3.2), size=8)


def write_special(document):
    document.add_heading("2. Special categories and offences", level=1)
    document.add_paragraph(
        "These records may tell of health, ethnicity, family life or offences. Schedule 1, paragraph 18 of the Data "
        "Protection Act 2018 asks for an appropriate policy document beside this one."
    )
    for line in personal():
        if line.fields.keys() & SPECIAL:
            document.add_paragraph(f"{line.part.title}: {line.name.lower()}", style="List Bullet")


def write_periods(document, lines):
    document.add_heading("3. How long it is kept", level=1)
    rows = [
        [
            [line.kind.name],
            [line.period_in_words],
            [line.kind.counted_from],
            [f"{line.kind.end_in_words}."],
            [line.period.because if line.period else line.kind.source],
        ]
        for line in lines
    ]
    heads = ["Kind of record", "Kept", "Counted from", "Then", "Because"]
    add_table(document, heads, rows, widths=(4.2, 1.8, 3, 3.8, 4), size=8)


def write_risks(document):
    document.add_heading("4. Risks, to be judged", level=1)
    heads = ["Risk to people", "What the tool does", "How likely, how bad", "What else is needed, and who decides"]
    add_table(document, heads, [[[risk], [does], [], []] for risk, does in RISKS], widths=(3.8, 6, 3, 4), size=9)
