"""Twenty whole files of each kind: lists and papers that this product reads, to be damaged by ``hostile_files``."""

import functools
import io
from datetime import date, datetime

from docx import Document
from openpyxl import Workbook

from tests import paper_samples
from tests.plans.samples import documents, odd_pdfs, workbooks

LISTS = {
    "people": [
        ["Organisation", "Kind of organisation", "Membership", "Post", "Name", "E-mail", "Group", "Role", "From"],
        ["Harbour Trust", "Charity", "", "Head of care", "Ann Leary", "ann@example.org", "", "", date(2026, 4, 1)],
        ["Harbour Trust", "Charity", "", "Nurse", "Bo Lind", "bo@example.org", "", "", "1 April 2026"],
    ],
    "actions": [
        ["Ref", "Action", "Lead", "Due", "Update", "Status", "Date closed"],
        ["LD-3", "Write to schools", "", date(2027, 3, 31), "Half done", "Open", ""],
        ["LD-4", "Map the courses", "", "1 May 2027", "", "Closed", date(2026, 12, 1)],
    ],
    "log": [
        ["Course title", "Date of event", "Delegate name", "Agency", "E-mail address", "Attended Y/N"],
        ["Safer sleep", date(2025, 11, 10), "Ada Birch", "Harbour Trust", "ada@example.org", "Yes"],
        ["Neglect", "1 December 2025", "Dev Quill", "Harbour Trust", "dev@example.org", "DNA"],
    ],
    "staff": [
        ["Name", "E-mail", "Job title", "Team", "Level", "Course", "Date", "Gained on"],
        ["Ada Birch", "ada@example.org", "Nurse", "North", "2", "Safer sleep", "10/11/2025", "10/11/2025"],
        ["Dev Quill", "dev@example.org", "Teacher", "South", "1", "Neglect", datetime(2025, 12, 1), "1 Dec 2025"],
    ],
    "figures": [
        ["Indicator", "Area", "Period", "Value", "Number", "Out of", "Compared with", "Note"],
        ["Children seen alone", "Ashford Vale", "Q3 2026/27", 81.5, 163, 200, 80, ""],
        ["Children seen alone", "Brook End", "Q2 2026/27", "79%", "", "", "", "Late"],
    ],
    "schools": [
        ["URN", "LA (name)", "EstablishmentName", "EstablishmentStatus (name)", "OpenDate", "Postcode", "HeadLastName"],
        ["100001", "Ashford Vale", "Elm Road Primary School", "Open", "01-09-2011", "AV1 2CD", "Akande"],
        ["100002", "Ashford Vale", "Oak Road School", "Closed", "01-09-1999", "AV1 3CD", ""],
    ],
    "tracker": [
        ["Ref", "Action", "Lead", "By when", "Progress", "RAG"],
        ["1.1", "One front door for parents", "Head of care", "June 2026", "Two visits and a call", "Amber"],
        ["1.2", "Advice on safer sleep", "Chair", "September 2026", "Nothing yet", "Red"],
    ],
}  # fmt: skip


def sheet(rows, *, dressed=False):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if dressed:
        book.active.merge_cells("A4:B6")
        book.active.row_dimensions[3].hidden = True
        book.active["D2"].number_format = "0%"
        book.create_sheet("Notes")["C7"] = "=1+1"
        book.create_sheet("Hidden").sheet_state = "hidden"
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_of(rows):
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode()


def letter(*, lines=3, **parts):
    document = Document()
    for number in range(lines):
        document.add_paragraph(f"Dear colleague, this is line {number}.", style=parts.get("style"))
    if parts.get("header"):
        document.sections[0].header.paragraphs[0].text = "Not protectively marked"
        document.sections[0].footer.paragraphs[0].text = "Page"
    if parts.get("rows"):
        table = documents.table(document, [[f"{row} {cell}" for cell in range(4)] for row in range(parts["rows"])])
        table.cell(0, 0).merge(table.cell(1, 1))
        documents.table(table.cell(2, 2), [["inner", "table"]])
    return document


@functools.cache
def whole_files():
    """{ending: twenty files as bytes}, and ten CSVs."""
    plans = [
        documents.small_plan(["1. Write a guide", "Head of care", "", "Write it", "June 2026"]),
        documents.older_plan(),
        documents.banded_plan(),
        documents.column_plan(),
        documents.bare_plan(),
    ]
    trackers = [documents.Document() for _ in range(2)]
    for document in trackers:
        documents.table(document, LISTS["tracker"])
    letters = [
        letter(),
        letter(header=True),
        letter(rows=3),
        letter(rows=30, header=True),
        letter(style="List Bullet"),
        letter(style="List Number", lines=40),
        letter(style="Quote"),
        letter(lines=400),
        letter(lines=0),
        letter(style="Heading 2"),
        letter(rows=5, style="Intense Quote"),
    ]
    papers = [paper_samples.word(), paper_samples.word("Second paper")]
    shapes = [shape()[0] for shape in workbooks.SHAPES[:6]]
    pages = [
        paper_samples.tagged_pdf(pages=1),
        paper_samples.tagged_pdf(pages=4),
        paper_samples.tagged_pdf("A long paper", pages=12),
        paper_samples.scan_pdf(),
        paper_samples.acting_pdf(),
        paper_samples.circle_pdf(),
        odd_pdfs.scan(),
        odd_pdfs.xfa(),
        odd_pdfs.looped_tree(),
        odd_pdfs.blank(2),
    ]
    pages += [paper_samples.untagged_pdf(f"Poster {n}", pages=n, size=(400 + 90 * n, 842)) for n in range(1, 11)]
    return {
        ".docx": [saved(each) for each in [*plans, *trackers, *letters]] + papers,
        ".xlsx": [sheet(rows, dressed=dressed) for rows in LISTS.values() for dressed in (False, True)]
        + [saved(each) for each in shapes],
        ".pdf": [each if isinstance(each, bytes) else odd_pdfs.saved(each) for each in pages],
        ".csv": [csv_of(rows) for rows in LISTS.values()],
    }
