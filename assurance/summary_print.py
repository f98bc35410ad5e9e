"""What all the returns say together, as a tagged PDF and as a Word document to be worked with."""

import io
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from docx import Document
from docx.shared import Pt

from assurance.printed import counted
from partnership.house_style import FALLBACK, darkened, house_colours
from partnership.lists import plain
from partnership.pack_word import add_table, dress, number_pages
from partnership.pdf import render_pdf
from partnership.templatetags.components import long_date
from plans.plan_word import lines_of, without_clock

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
KIND_OF_DOCUMENT = "What the returns say"


def make_pdf(content):
    """``summaries.content_of`` as a ``Pdf``. Raises PdfProblem."""
    house = house_colours(darkened(content["colour"] or FALLBACK))
    assets = {
        "summary.css": render_to_string("assurance/print/summary.css", {"house": house}).encode(),
        **{f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))},
    }
    return render_pdf(render_to_string("assurance/print/summary.html", {"content": content}), assets=assets)


def make_word(content):
    """The same as bytes; the same content always gives the same."""
    document = Document()
    brand = darkened(content["colour"] or FALLBACK)
    dress(document, title=plain(f"{KIND_OF_DOCUMENT}: {content['title']}"), author=plain(content["whose"]), brand=brand)
    number_pages(document.sections[0])
    for name, size in (("Normal", 11), ("Title", 26), ("Heading 1", 16), ("Heading 2", 12.5)):
        document.styles[name].font.size = Pt(size)
    document.add_paragraph(plain(content["whose"]))
    document.add_paragraph(plain(content["title"]), style="Title")
    document.add_paragraph(plain(standing_of(content)))
    write(document, content["introduction"])
    write_judgements(document, content["figures"])
    for part in content["parts"]:
        if part["sections"]:
            document.add_heading(plain(part["heading"]), level=1)
        for section in part["sections"]:
            document.add_heading(plain(section.heading), level=2)
            write(document, section.text)
    write_standards(document, content["figures"].standards)
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


def standing_of(content):
    """ "What the returns say. Released 12 January 2027." """
    released = f"Released {long_date(content['released_on'])}" if content["released_on"] else "A draft"
    return f"{KIND_OF_DOCUMENT}. {released}."


def write(document, text):
    for line in lines_of(plain(text)):
        document.add_paragraph(line)


def write_judgements(document, figures):
    document.add_heading("How assured we are", level=1)
    document.add_paragraph(f"{counted(figures.given, 'return')} came, {figures.judged} of them judged.")
    rows = [[[plain(level.word)], [plain(level.meaning)], [str(level.count)]] for level in figures.levels]
    add_table(document, ["Judgement", "What it means", "Returns"], rows, widths=(4.4, 9.4, 3.0))


def write_standards(document, standards):
    if not standards:
        return
    document.add_heading("Scores that organisations gave themselves", level=1)
    rows = [[[plain(each.title)], [words_of(mark) for mark in each.marks]] for each in standards]
    add_table(document, ["Standard", "Score and number of organisations"], rows, widths=(10.4, 6.4))


def words_of(mark):
    return plain(f"{mark.words}: {mark.count}")
