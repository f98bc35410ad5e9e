"""Reading a Word plan of thirty pages, against LibreOffice making a PDF of the same file."""

import io
import resource
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from docx import Document
from docx.enum.section import WD_ORIENT

from assurance.benchmarks.figures import Figure
from plans.importer import read_plan_safely

RUNS = 3
MOST_TIMES = 0.2
PRIORITIES, DELIVERABLES, ACTIVITIES = 6, 9, 3
HEADINGS = ["Key deliverable", "Lead", "Other partnerships involved", "Activity", "Timescale"]
MONTHS = ["June 2026", "by end of Sept 2026", "Dec 2026", "March 2027", "quarterly", "ongoing", "tbc"]
LAST_SECONDS = 180


def word_plan():
    """CPU of our reader, its own process and limits included, as a share of LibreOffice's conversion."""
    name = "reading a Word plan ÷ soffice --convert-to pdf of the same file"
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return [Figure(name, words="LibreOffice is not installed here, so there is nothing to compare with")]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.docx"
        path.write_bytes(make_plan())
        ours, theirs = [], []
        for run in range(RUNS + 1):  # one more to warm up: LibreOffice makes a profile the first time
            seconds = cpu_of(lambda: read_plan_safely(path)), cpu_of(lambda: convert(office, path))
            if run:
                ours.append(seconds[0])
                theirs.append(seconds[1])
        with pikepdf.open(path.with_suffix(".pdf")) as pdf:
            pages = len(pdf.pages)
    return [
        Figure(
            name,
            min(ours) / min(theirs),
            f"{pages} pages, {PRIORITIES * DELIVERABLES * ACTIVITIES} activities: {min(ours):.2f} s against "
            f"{min(theirs):.2f} s of CPU, least of {RUNS}",
            at_most=MOST_TIMES,
        )
    ]


def cpu_of(do):
    """CPU seconds of the processes that ``do`` starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    do()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def convert(office, path, *, to="pdf", into=None):
    """Have LibreOffice save ``path`` as another kind of file, in the folder ``into`` or beside it."""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", to, "--outdir", str(into or path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=LAST_SECONDS)  # noqa: S603 -- paths we made


def make_plan():
    """An invented plan as the bytes of a Word document, its pages lying across as such plans do."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_paragraph("Measured Vale business plan April 2026 to March 2027", style="Title")
    for priority in range(1, PRIORITIES + 1):
        document.add_heading(f"Priority {priority}: What families told us, part {priority}", level=1)
        document.add_paragraph("Rationale", style="Heading 2")
        for number in range(1, 4):
            document.add_paragraph(f"A reason of a line or so, the one numbered {number}.", style="List Bullet")
        add_table(document, priority)
        document.add_paragraph("Outcome statements", style="Heading 2")
        document.add_paragraph(f"Children say that they were heard, part {priority}.", style="List Bullet")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def add_table(document, priority):
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = heading
    for number in range(1, DELIVERABLES + 1):
        cells = table.add_row().cells
        cells[0].text = f"{priority}.{number} A promise of about the length that promises have, made to every family"
        cells[1].text = f"Chair of the group that leads {number % 4}"
        cells[2].text = "Adults board\nCommunity safety partnership"
        for at in range(ACTIVITIES):
            words = f"Do what was said, with all who have to do with it, and write down what came of it ({at + 1})."
            write(cells[3], words, at, style="List Bullet")
            write(cells[4], MONTHS[(priority + number + at) % len(MONTHS)], at)


def write(cell, words, at, style=None):
    paragraph = cell.add_paragraph() if at else cell.paragraphs[0]
    paragraph.text = words
    if style:
        paragraph.style = style
