"""A version of a plan as a Word document: the same words and the same table as the PDF, to be worked on.

``plans.importer`` reads it back as the same plan, so a partnership can always leave with its plan, and
come back with it. What it says is ours (``plans.documents.content_of``), so no child process is needed.
"""

import io
import zipfile

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from partnership.pack_word import dress, keep_together, mark_head, number_pages, rule_lightly
from plans.by_hand import together
from plans.importer.columns import FIELDS
from plans.importer.headings import label_of
from plans.importer.own import ABOUT, DRIVERS, HASH, MEASURES, OPENING, RATINGS, REVIEW_DATES, SHARED

WIDTH = 26.1  # centimetres between the margins of a page that lies across
WIDTHS = {"ref": 1.4, "promise": 5.6, "measures": 4.2, "leads": 4.4, "others": 3, "activity": 7.6, "timescale": 3.6}
SIZE = Pt(9.5)
# By these the reader knows a heading of outcomes whatever it is called, and a ref whatever it looks like.
OUTCOMES, REF = "Plan outcomes", "PlanRef"
CROSS_CUTTING = "Cross-cutting: "
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can tell: the same words give the same bytes


def make_word(content):
    """The document as bytes; the same content always gives the same."""
    document = Document()
    dress(
        document,
        title=f"{content['plan'].title}, version {content['number']}",
        author=content["name"],
        brand=content["house"]["brand"],
    )
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH).paragraph_format.space_after = Pt(3)
    document.styles.add_style(OUTCOMES, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Heading 2"]
    document.styles.add_style(REF, WD_STYLE_TYPE.CHARACTER)
    write_cover(document, content)
    write_contents(document, content)
    write_opening(document, content)
    lie_across(document, content)
    for number, priority in enumerate(content["table"].priorities):
        write_priority(document, priority, content["table"], is_first=number == 0)
    write_colophon(document, content)
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


def without_clock(file):
    """The package without the moment at which each of its parts was written."""
    still = io.BytesIO()
    with zipfile.ZipFile(file) as package, zipfile.ZipFile(still, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in package.namelist():
            copy.writestr(zipfile.ZipInfo(name, LONG_AGO), package.read(name), zipfile.ZIP_DEFLATED)
    return still.getvalue()


# The front


def write_cover(document, content):
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = f"{content['plan'].title}, version {content['number']}"
    number_pages(section)
    document.add_paragraph(content["name"])
    document.add_paragraph(content["plan"].title, style="Title")
    document.add_paragraph(content["period"])
    document.add_paragraph(f"Version {content['number']}. {content['stage']}, {content['day']}.")


def write_contents(document, content):
    """The priorities as links, in a field that Word can bring up to date."""
    if not content["table"].priorities:
        return
    document.add_paragraph("Contents", style="TOC Heading")
    paragraph = document.add_paragraph(style="toc 1")
    mark(paragraph, "begin")
    instruct(paragraph, r'TOC \o "1-1" \h \n')
    mark(paragraph, "separate")
    for number, priority in enumerate(content["table"].priorities):
        paragraph = document.add_paragraph(style="toc 1") if number else paragraph
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), bookmark_of(priority))
        link.append(paragraph.add_run(priority.heading)._r)
        paragraph._p.append(link)
    mark(paragraph, "end")


def mark(paragraph, kind):
    character = OxmlElement("w:fldChar")
    character.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(character)


def instruct(paragraph, words):
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = words
    paragraph.add_run()._r.append(instruction)


def bookmark_of(priority):
    return priority.anchor.replace("-", "_")


def write_opening(document, content):
    if content["plan"].introduction:
        document.add_heading(OPENING, level=1).paragraph_format.page_break_before = True
        for words in lines_of(content["plan"].introduction):
            document.add_paragraph(words)
    if content["drivers"]:
        document.add_heading(DRIVERS, level=1)
        for each in content["drivers"]:
            source = f" ({each['source']})" if each["source"] else ""
            document.add_paragraph(each["text"] + source, style="List Bullet")
    if content["review_dates"]:
        document.add_heading(REVIEW_DATES, level=1)
        for each in content["review_dates"]:
            document.add_paragraph(": ".join(filter(None, [each["day"], each["label"]])), style="List Bullet")


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def lie_across(document, content):
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.8)
    section.different_first_page_header_footer = False


# Priorities


def write_priority(document, priority, table, *, is_first):
    heading = document.add_heading(level=1)
    if priority.ref:
        heading.add_run(f"{priority.ref}. ", style=REF)
    heading.add_run(f"{CROSS_CUTTING}{priority.title}" if is_only_text(priority) else priority.title)
    heading.paragraph_format.page_break_before = not is_first
    add_bookmark(heading, bookmark_of(priority), priority)
    if priority.joint_with:
        document.add_paragraph(f"{SHARED}{'; '.join(priority.joint_with)}")
    for words in lines_of(priority.note):
        document.add_paragraph(words)
    if priority.rationale:
        document.add_heading("Why this matters", level=2)
        for words in priority.rationale:
            document.add_paragraph(words, style="List Bullet")
    if priority.outcomes:
        is_usual = label_of(priority.outcomes_heading) == "outcomes"
        document.add_paragraph(priority.outcomes_heading, style="Heading 2" if is_usual else OUTCOMES)
        for words in priority.outcomes:
            document.add_paragraph(words, style="List Bullet")
    if priority.blocks:
        write_table(document, priority, table)


def is_only_text(priority):
    """Whether it runs through all the others, and is not called so already."""
    says = priority.title.casefold().replace("-", " ")
    return priority.is_cross_cutting and not priority.blocks and "cross cutting" not in says


def add_bookmark(paragraph, name, priority):
    key = priority.anchor.rpartition("-")[2]
    for tag, attributes in (("w:bookmarkStart", {"w:id": key, "w:name": name}), ("w:bookmarkEnd", {"w:id": key})):
        element = OxmlElement(tag)
        for attribute, value in attributes.items():
            element.set(qn(attribute), value)
        paragraph._p.append(element)


def write_table(document, priority, shape):
    """A row for each activity; the cells of its deliverable are merged downwards, as on paper."""
    codes = [column.code for column in shape.columns]
    table = document.add_table(rows=1, cols=len(codes), style="Table Grid")
    table.autofit = False
    rule_lightly(table)
    share = WIDTH / sum(WIDTHS[code] for code in codes)
    for column, code in zip(table.columns, codes, strict=True):
        column.width = Cm(WIDTHS[code] * share)
    for cell, column in zip(table.rows[0].cells, shape.columns, strict=True):
        cell.width = Cm(WIDTHS[column.code] * share)
        cell.paragraphs[0].style = column_style(document, column.code)
        write(cell.paragraphs[0], column.heading, is_bold=True)
    mark_head(table.rows[0])
    for block in priority.blocks:
        for place, (activity, lead) in enumerate(block.lines or [(None, None)]):
            row = table.add_row()
            keep_together(row)
            for cell, code in zip(row.cells, codes, strict=True):
                fill_cell(cell, code, block, activity, lead, place, shape.headings)
    document.add_paragraph()


def column_style(document, code):
    """A style that says which column it is, for an office calls its columns as it likes."""
    name = f"Plan column {FIELDS[code]}"
    if name not in document.styles:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    return document.styles[name]


def fill_cell(cell, code, block, activity, lead, place, headings):
    row = block.row
    if code == "activity":
        write_activity(cell, activity, is_lead_said=lead is not None)
    elif code == "timescale":
        write_lines(cell, lines_of(together(activity.timescale_text, activity.by_hand)) if activity else [])
    elif lead is not None and code == "leads":
        write_lines(cell, [lead_words(lead)])
    else:
        if block.span > 1:
            cell._tc.vMerge = "continue" if place else "restart"
        if place == 0:
            write_shared(cell, code, row, headings)


def write_shared(cell, code, row, headings):
    """A cell that belongs to the deliverable as a whole."""
    if code == "promise":
        if row.ref and "ref" not in headings:
            write(cell.paragraphs[0], f"{row.ref} ", is_bold=True, style=REF)
        write(cell.paragraphs[0], row.title, is_bold=True)
        under = lines_of(row.description)
        under += [f"Duty: {row.duty}"] if row.duty else []
        for words in under:
            write(cell.add_paragraph(), words)
        if row.evidence_measures and "measures" not in headings:
            write(cell.add_paragraph(), MEASURES)
            for words in row.evidence_measures:
                write(cell.add_paragraph(style="List Bullet"), words)
    else:
        lines = {
            "ref": [row.ref],
            "measures": row.evidence_measures,
            "leads": [lead_words(lead) for lead in row.leads],
            "others": row.other_partnerships,
        }
        # Several leads without an area are a list: a name alone above another would be a partnership's.
        is_list = code == "leads" and len(row.leads) > 1 and not any(lead.area for lead in row.leads)
        write_lines(cell, lines[code], style="List Bullet" if is_list else None)


def write_activity(cell, activity, *, is_lead_said):
    """Its first line, and others as points under it: a paragraph of its own would be another activity."""
    if activity is None:
        return
    first, *points = lines_of(activity.text) or [""]
    own = f" ({activity.lead})" if activity.lead and not is_lead_said else ""
    write(cell.paragraphs[0], first + own)
    for words in points:
        write(cell.add_paragraph(style="List Bullet 2"), words.lstrip("•-– "))


def lead_words(lead):
    return f"{lead.area}: {lead.text}" if lead.area else lead.text


def write_lines(cell, lines, *, style=None):
    for number, words in enumerate(line for line in lines if line):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        if style:
            paragraph.style = style
        write(paragraph, words)


def write(paragraph, words, *, is_bold=False, style=None):
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(words, style=style)
    run.font.size = SIZE
    run.bold = is_bold


# The end


def write_colophon(document, content):
    if content["ratings"]:
        document.add_heading(RATINGS, level=1).paragraph_format.page_break_before = True
        write_pairs(document, ["Rating", "What it means"], [[each.word, each.meaning] for each in content["ratings"]])
    heading = document.add_heading(ABOUT, level=1)
    heading.paragraph_format.page_break_before = not content["ratings"]
    facts = [
        ["Stage", f"{content['stage']}, {content['day']}"],
        ["Approved by", f"{content['approved_by']}, {content['approved_on']}" if content["approved_by"] else ""],
        ["What changed and why", content["reason"]],
        [HASH, content["sha256"]],
    ]
    write_pairs(document, ["What", "In this version"], [fact for fact in facts if fact[1]])
    document.add_paragraph(
        "This document can be changed; the version can’t. Compare it with the PDF that was made with it."
    )


def write_pairs(document, heads, rows):
    table = document.add_table(rows=1, cols=2, style="Table Grid")
    table.autofit = False
    rule_lightly(table)
    mark_head(table.rows[0])
    for place, pair in enumerate([heads, *rows]):
        row = table.rows[0] if place == 0 else table.add_row()
        for number, (cell, words) in enumerate(zip(row.cells, pair, strict=True)):
            cell.width = Cm((5.5, 18)[number])
            write(cell.paragraphs[0], words, is_bold=place == 0 or number == 0)
    document.add_paragraph()
