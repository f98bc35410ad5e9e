"""Invented plans in the shapes that offices use, made with python-docx when a test needs them.

Each function answers with a ``docx.Document``. Nobody in them exists.
"""

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def table(document, rows, *, bullets=()):
    """A table of ``rows`` of texts. A newline parts paragraphs; "* " begins a list item."""
    made = document.add_table(rows=0, cols=max(len(row) for row in rows))
    for row in rows:
        cells = made.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            fill(cell, text)
    return made


def fill(cell, text):
    cell.text = ""
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if line.startswith(("* ", "** ")):
            paragraph.style = "List Bullet" if line.startswith("* ") else "List Bullet 2"
            line = line.lstrip("* ")
        paragraph.add_run(line)


def bold(document, text):
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = True
    return paragraph


def bullets(document, *texts):
    for text in texts:
        document.add_paragraph(text, style="List Bullet")


HEADINGS = ["Key Deliverables", "Lead", "Other partnerships involved", "Activity", "Timescale"]


def small_plan(*rows, title="Business plan April 2026 to March 2027 (v1.1)", headings=HEADINGS):
    """One priority with the rows given."""
    document = Document()
    bold(document, title)
    document.add_heading("1. Babies", level=1)
    table(document, [headings, *rows])
    return document


def older_plan():
    """No Activity column; objectives, indicators and a review form under each priority."""
    document = Document()
    document.add_heading("Ashford Vale and Millbrook Boards", level=0)
    bold(document, "Joint Business Plan 2026-27")
    document.add_paragraph("Effective from: 1 April 2026")
    document.add_paragraph("Review dates: July / October / January / April")
    document.add_heading("Introduction", level=1)
    document.add_paragraph("Our chair explains here why the two areas share one plan.")
    document.add_heading("What drives our priorities", level=1)
    bullets(document, "Reviews of serious incidents", "What young people tell us")
    document.add_heading("Cross-cutting themes", level=1)
    bullets(document, "Hearing the child", "Working across the two areas")
    for ref, title in [("1", "Early help"), ("2a", "Neglect"), ("2b", "Online harm")]:
        document.add_heading(f"Priority {ref}: {title}", level=1)
        bold(document, "Objectives")
        bullets(document, f"To be assured that work on {title.lower()} is timely")
        bold(document, "Indicators")
        bullets(document, f"Number of {title.lower()} plans", "Repeat plans within a year")
        table(
            document,
            [
                [
                    "Ref. no.",
                    "In 2026/7 we will",
                    "Outcome/Evidence Measure",
                    "Who will lead?",
                    "Timescale",
                    "Progress",
                ],
                [
                    f"{ref}.1",
                    "Agree one pathway\nTest it with six families",
                    "Families are seen sooner",
                    "Quality and Scrutiny Subgroup / Executive",
                    "Pathway agreed by June 2026\nUsed from October 2026\nReport in January 2027",
                    "",
                ],
                [
                    f"{ref}.2",
                    "Watch the figures",
                    "Quarterly report",
                    "New task and finish group",
                    "Quarterly monitoring",
                    "",
                ],
            ],
        )
        document.add_paragraph("Quarterly review")
        table(
            document,
            [
                ["Action log", "Date"],
                ["Comments from the subgroup", ""],
                ["Recommendations from the subgroup", ""],
                ["Identified risks and mitigation", ""],
                ["RAG proposal", "RAG decision"],
            ],
        )
    return document


def banded_plan():
    """Every priority in one table, each under a row that runs across it."""
    document = Document()
    document.add_paragraph("Millbrook Safeguarding Adults Board strategic plan 2026-2027")
    made = table(
        document,
        [
            ["Action", "Owner", "By when", "RAG"],
            ["Priority 1: Self-neglect", "", "", ""],
            ["Write a one-page guide", "Policy officer", "30/06/26", "Green"],
            ["Priority 2: Transitions", "", "", ""],
            ["Map who plans a move to adult care", "Head of Service", "Autumn 2026", "Amber"],
            ["Ask ten young adults how it went", "Participation lead", "TBC", ""],
        ],
    )
    for at in (1, 3):
        made.cell(at, 0).merge(made.cell(at, 3))
    return document


def column_plan():
    """The priority is a column, merged down its rows; no headings at all."""
    document = Document()
    bold(document, "Farholme delivery plan")
    document.add_paragraph("April 2026 to March 2027, version 2.3")
    made = table(
        document,
        [
            ["Priority", "Objective", "Actions", "Lead officer", "Deadline", "Measure of success", "Comments"],
            [
                "Exploitation",
                "Fewer children go missing",
                "* Ring every family",
                "Police sergeant",
                "Q1",
                "Calls",
                "Late",
            ],
            ["", "Safe places", "* Map them\n* Publish the map", "Youth service", "Sept 2026\nDec 2026", "", ""],
            ["School", "Nobody unseen", "* One shared list", "Both councils", "ongoing", "", ""],
        ],
    )
    made.cell(1, 0).merge(made.cell(2, 0))
    return document


def bare_plan():
    """No heading styles: bold lines name the priorities, and the year stands only in the dates."""
    document = Document()
    document.add_paragraph("Our plan")
    for title in ("Babies", "Neglect"):
        bold(document, title)
        document.add_paragraph("Rationale: reviews told us so")
        document.add_paragraph("Outcome: children are safe")
        table(document, [HEADINGS, [f"{title} guide", "Business office", "", "Write it", "June 2026"]])
    return document


def wrap_in_control(paragraph):
    """Put a paragraph inside a content control, as forms do."""
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    paragraph._p.addprevious(control)
    control.append(content)
    content.append(paragraph._p)


def mark_inserted(run, *, tag="w:ins"):
    """Make a run a tracked insertion (or, with ``w:del``, a tracked deletion)."""
    change = OxmlElement(tag)
    change.set(qn("w:id"), "1")
    change.set(qn("w:author"), "Office")
    run._r.addprevious(change)
    change.append(run._r)
    if tag == "w:del":
        for text in run._r.findall(qn("w:t")):
            text.tag = qn("w:delText")
