"""A briefing as a Word document: the same words as the page and the PDF, to be worked with in a team."""

import io

from docx import Document
from docx.shared import Cm, Pt

from partnership.lists import plain
from partnership.pack_word import dress, number_pages
from plans.plan_word import without_clock


def make_word(content):
    """``reviews.briefings.content_of`` as bytes; the same content always gives the same."""
    document = Document()
    dress(document, title=plain(content["title"]), author=plain(content["whose"]), brand=content["brand"])
    settle(document)
    document.add_paragraph(plain(content["whose"]))
    document.add_paragraph(plain(content["title"]), style="Title")
    document.add_paragraph(plain(standing_of(content)))
    for part in content["parts"]:
        document.add_heading(part["heading"], level=1)
        write(document, part["blocks"])
    if content["questions"]:
        document.add_heading("Questions for your team", level=1)
        for question in content["questions"]:
            document.add_paragraph(plain(question), style="List Number")
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


def standing_of(content):
    """ "Seven-minute briefing, 6 minutes to read. Published 12 January 2027. Edition 2." """
    said = [f"Seven-minute briefing, {content['length']}"]
    said.append(f"Published {content['published']}" if content["published"] else "A draft")
    if content["edition"] > 1:
        said.append(f"Edition {content['edition']}")
    return f"{'. '.join(said)}."


def settle(document):
    """Smaller than the house's headings: a briefing of two pages is no book."""
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Cm(1.8)
    number_pages(section)
    for name, size in (("Normal", 11), ("Title", 24), ("Heading 1", 14), ("Heading 2", 11.5)):
        document.styles[name].font.size = Pt(size)


def write(document, blocks):
    for block in blocks:
        if block["items"]:
            for item in block["items"]:
                document.add_paragraph(plain(item), style="List Bullet")
        elif block["is_heading"]:
            document.add_heading(plain(block["text"]), level=2)
        else:
            document.add_paragraph(plain(block["text"]))
