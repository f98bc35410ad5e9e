"""The board pack as a Word document: the same content, Word papers appended, PDF papers named.

A program for ``partnership.confined`` (no Django, no database), because it opens what people brought.
docxcompose appends a paper with its styles, lists and pictures; before that, what would ask for
something from outside (linked pictures, embedded objects, fields that fetch) is taken out of it.
"""

import io
import re
import zipfile

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docxcompose.composer import Composer
from lxml import etree

from partnership.confined import serve

FONT, SERIF = "Calibri", "Cambria"
FETCHES = re.compile(r"\b(DDE|DDEAUTO|INCLUDEPICTURE|INCLUDETEXT|LINK|IMPORT|DATABASE|MACROBUTTON)\b", re.IGNORECASE)
ACTS = ("w:altChunk", "w:subDoc", "w:object", "w:control", "w:attachedTemplate")
PAPER_LEVEL = 2


def main(question, files):
    return build(question["pack"], dict(zip(question["papers"], files, strict=True)))


def build(pack, papers):
    """(``{"missing": [anchor]}``, [the document]); ``papers``: bytes of Word papers by their anchor."""
    document = Document()
    set_up(document, pack)
    composer = Composer(document)
    write_cover(document, pack)
    write_agenda(document, pack)
    if pack["last"]:
        write_last_meeting(document, pack["last"])
    write_actions(document, pack["actions"])
    missing = []
    for paper in pack["papers"]:
        write_paper_heading(document, paper)
        if paper["anchor"] not in papers:
            write_where_it_is(document, paper)
        elif not append(composer, papers[paper["anchor"]]):
            missing.append(paper["anchor"])
            write_where_it_is(document, paper)
    if pack["attendance"]:
        write_attendance(document, pack["attendance"])
    file = io.BytesIO()
    composer.save(file)
    return {"missing": missing}, [file.getvalue()]


# The document


def set_up(document, pack):
    """House type and colour, A4, language, title, and page numbers in the footer."""
    title = f"{pack['title']}, {pack['short_day']}"
    dress(document, title=f"Board pack: {title}", author=pack["name"], brand=pack["house"]["brand"])
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = title
    number_pages(section)


def dress(document, *, title, author, brand):
    """House type, ``brand`` ("#rrggbb") on headings, an upright A4 page, language and properties."""
    brand = RGBColor.from_string(brand.lstrip("#").upper())
    properties = document.core_properties
    properties.title, properties.author, properties.language = title[:250], author[:250], "en-GB"
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.1)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    for name, size, face in (
        ("Title", 34, SERIF),
        ("Heading 1", 22, SERIF),
        ("Heading 2", 15, FONT),
        ("Heading 3", 12, FONT),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = face, Pt(size), brand
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)


def number_pages(section):
    footer = section.footer.paragraphs[0]
    footer.add_run("Page ")
    add_field(footer, "PAGE")
    footer.add_run(" of ")
    add_field(footer, "NUMPAGES")


def add_field(paragraph, code):
    for kind, text in (("begin", None), (None, code), ("separate", None), ("value", "1"), ("end", None)):
        run = paragraph.add_run()
        if kind == "value":
            run.text = text
        elif kind is None:
            instruction = OxmlElement("w:instrText")
            instruction.text = text
            run._r.append(instruction)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def write_cover(document, pack):
    document.add_paragraph(pack["name"])
    document.add_paragraph(f"{pack['title']}, {pack['short_day']}", style="Title")
    document.add_paragraph("Agenda and papers" + (f" of the {pack['group']}" if pack["is_named"] else ""))
    for line in (pack["day"], pack["times"], pack["venue"]):
        if line:
            document.add_paragraph(line)
    if pack["link"]:
        add_link(document.add_paragraph(), pack["link"], "Join online")
    document.add_paragraph(f"Made {pack['made']}")


def write_agenda(document, pack):
    add_heading(document, "Agenda", on_new_page=True)
    rows = []
    for item in pack["agenda"]:
        title = [f"{item['number']} {item['title']}", item["asked"]]
        for number, paper in enumerate(item["papers"], start=1):
            out = "" if paper["is_in"] else ". Not in this pack"
            title.append(f"Paper {number}: {paper['title']}{out}")
        if item["is_awaited"]:
            title.append("Paper to follow")
        asked = [item["kind"], f"{item['minutes']} minutes" if item["minutes"] else ""]
        rows.append([[item["time"] or "–"], title, asked, [item["lead"] or "–", item["lead_organisation"]]])
    add_table(document, ["Time", "Item", "Asked for", "Lead"], rows, widths=[1.9, 8.1, 2.9, 3.9], head_column=1)
    out = [paper for paper in pack["papers"] if not paper["is_in"]]
    if out:
        document.add_heading("Not in this pack", level=2)
        for paper in out:
            words = document.add_paragraph(f"{paper['label']}, {paper['title']}: {paper['said']} ", style="List Bullet")
            add_link(words, paper["url"], "Fetch it online")


def write_last_meeting(document, last):
    if last["is_agreed"]:
        add_heading(document, "What the last meeting decided", on_new_page=True)
        document.add_paragraph(f"{last['day']}. Its minutes were agreed on {last['agreed_on']}.")
    else:
        add_heading(document, f"Minutes of {last['day']}, to be agreed", on_new_page=True)
        document.add_heading("Who was there", level=2)
        rows = [[[each["status"]], [", ".join(each["who"])]] for each in last["attendance"]]
        add_table(document, ["Answer", "Who"], rows, widths=[3.6, 13.2])
        if last["also_there"]:
            document.add_paragraph(f"Also there: {last['also_there']}")
        for item in last["items_said"]:
            document.add_heading(f"{item['number']} {item['title']}", level=2)
            for words in item["paragraphs"] or ["Nothing was written down."]:
                document.add_paragraph(words)
    document.add_heading("Decisions", level=2)
    if not last["decisions"]:
        document.add_paragraph("No decision was written down.")
        return
    rows = [[[each["ref"]], [each["text"], each["item"]], [each["reason"] or "–"]] for each in last["decisions"]]
    add_table(document, ["Ref", "Decision", "Why"], rows, widths=[1.6, 9.6, 5.6])


def write_actions(document, actions):
    add_heading(document, "Open actions", on_new_page=True)
    if not actions:
        document.add_paragraph("No action is open.")
        return
    rows = [
        [
            [each["ref"]],
            [each["text"], f"{each['latest_on']}: {each['latest']}" if each["latest"] else ""],
            [each["lead"]],
            [each["due"], each["late"]],
        ]
        for each in actions
    ]
    add_table(document, ["Ref", "Action and what was last said", "Lead", "Due"], rows, widths=[2, 7.8, 3.8, 3.2])


def write_paper_heading(document, paper):
    add_heading(document, f"{paper['label']}: {paper['title']}", on_new_page=True)
    item = paper["item"]
    lead = ", ".join(filter(None, [item["lead"], item["lead_organisation"]]))
    document.add_paragraph(". ".join(filter(None, [item["kind"], f"Lead: {lead}" if lead else ""])))
    if item["asked"]:
        document.add_paragraph(f"The meeting is asked: {item['asked']}")


def write_where_it_is(document, paper):
    pages = paper["page_count"]
    size = f", {pages} page{'' if pages == 1 else 's'}" if pages else ""
    kind = "a PDF" if paper["is_pdf"] else "a Word document"
    words = document.add_paragraph(f"This paper is {kind} ({paper['filename']}{size}). ")
    add_link(words, paper["url"], "Fetch it online")
    if paper["is_in"] and paper["is_pdf"]:
        words.add_run(", or read it in the pack that is a PDF.")
    if paper["said"]:
        document.add_paragraph(paper["said"])


def write_attendance(document, attendance):
    heads = ["Organisation", *[f"{each['day']} {each['year']}" for each in attendance["days"]], "There"]
    is_wide = len(heads) > 8
    if is_wide:
        section = document.add_section()
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
    add_heading(document, "Attendance over the year", on_new_page=not is_wide)
    rows = [
        [
            [line["name"], "seldom there" if line["is_seldom_there"] else ""],
            *[[cell["letter"]] for cell in line["cells"]],
            [line["there"]],
        ]
        for line in attendance["lines"]
    ]
    each = (25.5 if is_wide else 16.8) - 5.2 - 2
    widths = [5.2, *[each / len(attendance["days"])] * len(attendance["days"]), 2]
    add_table(document, heads, rows, widths=widths, size=9)
    document.add_paragraph(" · ".join(attendance["key"]))


# Pieces


def add_heading(document, words, *, on_new_page):
    heading = document.add_heading(words, level=1)
    heading.paragraph_format.page_break_before = on_new_page


def add_table(document, heads, rows, *, widths, head_column=0, size=10):
    """A table whose head is repeated on every page. A cell is a list of lines; empty ones are left out."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    rule_lightly(table)
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        fill(cell, [words], size, is_bold=True)
    mark_head(table.rows[0])
    for row in rows:
        cells = table.add_row().cells
        for column, (cell, lines) in enumerate(zip(cells, row, strict=True)):
            fill(cell, lines, size, is_bold=column == head_column)
        keep_together(table.rows[-1])
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    document.add_paragraph()


def rule_lightly(table):
    """Lines between rows only, and room above and below the words."""
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{edge}")
        line.set(qn("w:val"), "single" if edge in {"top", "bottom", "insideH"} else "nil")
        line.set(qn("w:sz"), "4")
        line.set(qn("w:color"), "9DB0B4")
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for edge, width in (("top", "50"), ("left", "0"), ("bottom", "50"), ("right", "110")):
        margin = OxmlElement(f"w:{edge}")
        margin.set(qn("w:w"), width)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # Word insists on the order of the schema: borders, layout, margins, look.
    properties.find(qn("w:tblLayout")).addprevious(borders)
    properties.find(qn("w:tblLook")).addprevious(margins)


def fill(cell, lines, size, *, is_bold):
    """The first line in bold where it heads the row."""
    lines = [line for line in lines if line]
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(line)
        run.font.size = Pt(size)
        run.bold = is_bold and number == 0


def mark_head(row):
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def keep_together(row):
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def add_link(paragraph, address, words):
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(words)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


# Papers


def append(composer, content):
    """Whether the Word paper could be put at the end."""
    before = len(composer.doc.element.body)
    try:
        paper = Document(io.BytesIO(content))
        disarm(paper)
        shift_headings(paper)
        composer.append(paper)
    except (KeyError, ValueError, AttributeError, IndexError, TypeError, etree.LxmlError, PackageNotFoundError,
            zipfile.BadZipFile, NotImplementedError):  # fmt: skip
        for element in list(composer.doc.element.body)[before:]:
            if element.tag != qn("w:sectPr"):
                composer.doc.element.body.remove(element)
        return False
    return True


def disarm(paper):
    """Nothing in it asks for anything from outside, runs, or updates itself."""
    body = paper.element.body
    for element in list(body.iter(*map(qn, ACTS))):
        element.getparent().remove(element)
    for instruction in body.iter(qn("w:instrText")):
        if FETCHES.search(instruction.text or ""):
            instruction.text = ""
    for field in list(body.iter(qn("w:fldSimple"))):
        if FETCHES.search(field.get(qn("w:instr"), "")):
            field.set(qn("w:instr"), "")
    for picture in list(body.iter(qn("a:blip"))):
        picture.attrib.pop(qn("r:link"), None)
    for relation in list(paper.part.rels.values()):
        if relation.is_external and relation.reltype != RELATIONSHIP_TYPE.HYPERLINK:
            unlink(body, relation.rId)
            del paper.part.rels[relation.rId]


def unlink(body, relation_id):
    for element in body.iter():
        for name, value in list(element.attrib.items()):
            if value == relation_id and name.startswith("{" + RELATIONS + "}"):
                del element.attrib[name]


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def shift_headings(paper):
    """A paper's headings stand below the pack's heading of it, and skip no level."""
    level = PAPER_LEVEL - 1
    for paragraph in paper.paragraphs:
        found = re.fullmatch(r"Heading ([1-9])|(Title)", paragraph.style.name or "")
        if not found:
            continue
        level = min(int(found[1] or 1) + PAPER_LEVEL - 1, level + 1, 9)
        name = f"Heading {level}"
        if name in {style.name for style in paper.styles}:
            paragraph.style = paper.styles[name]


if __name__ == "__main__":
    serve(main)
