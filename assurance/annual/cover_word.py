"""A cover report as a Word document, for a committee whose clerk puts it into a form of their own."""

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from partnership.lists import plain
from partnership.pack_word import add_table, dress, number_pages
from plans.plan_word import without_clock

HANGING = Cm(1.1)
GIVEN_WIDTHS = (6.2, 2.5, 2.0, 3.5, 2.6)


def make_word(content):
    """``content`` of ``cover_content`` as bytes; the same content always gives the same."""
    document = Document()
    dress(document, title=plain(content["title"]), author=plain(content["name"]), brand=content["house"]["brand"])
    section = document.sections[0]
    section.header.paragraphs[0].text = plain(content["committee"])
    number_pages(section)
    for name, size in (("Normal", 11.5), ("Title", 22), ("Heading 1", 14)):
        document.styles[name].font.size = Pt(size)
    write_head(document, content)
    for each in content["sections"]:
        document.add_heading(plain(each["heading"]), level=1)
        for block in each["blocks"]:
            write_block(document, block)
        for table in each["tables"]:
            write_table(document, table)
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


def write_head(document, content):
    document.add_paragraph(plain(content["committee"])).runs[0].bold = True
    if content["meets"]:
        document.add_paragraph(content["meets"])
    document.add_paragraph(plain(content["title"]), style="Title")
    document.add_paragraph(plain(f"Report of: {content['report_of']}"))


def write_block(document, block):
    """A numbered paragraph hangs from its number, which is text: it is the same wherever the document is opened."""
    for item in block.get("items", []):
        document.add_paragraph(plain(item), style="List Bullet")
    if "text" not in block:
        return
    paragraph = document.add_paragraph()
    if "number" in block:
        shape = paragraph.paragraph_format
        shape.left_indent, shape.first_line_indent = HANGING, -HANGING
        shape.tab_stops.add_tab_stop(HANGING)
        paragraph.add_run(f"{block['number']}.\t")
    paragraph.add_run(plain(block["text"]))


def write_table(document, table):
    caption = document.add_paragraph()
    caption.add_run(plain(table["caption"])).bold = True
    caption.paragraph_format.keep_with_next = True
    rows = [[[plain(cell)] for cell in row] for row in table["rows"]]
    add_table(document, table["heads"], rows, widths=GIVEN_WIDTHS)
    made = document.tables[-1]
    describe(made, table["caption"])
    for row in made.rows:
        for cell in row.cells[1:]:
            for paragraph in cell.paragraphs:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def describe(table, words):
    """What a screen reader says of ``table`` before it reads it."""
    description = OxmlElement("w:tblCaption")
    description.set(qn("w:val"), plain(words)[:250])
    table._tbl.tblPr.append(description)
