"""A highlight report as a Word document: the same words as the page and the PDF, to be worked on."""

import io

from docx import Document
from docx.shared import Cm, Pt

from partnership.house_style import FALLBACK, darkened
from partnership.lists import plain
from partnership.pack_word import add_table, dress, number_pages
from plans.plan_word import lines_of, without_clock

LINE_WIDTHS = (6.2, 2.6, 8.0)
ATTENDANCE_WIDTHS = (10.8, 6.0)
ACTION_WIDTHS = (2.2, 8.0, 3.6, 3.0)


def make_word(content):
    """``plans.highlight_content.Content`` as bytes; the same content always gives the same."""
    said = content.said
    colour = content.report.round.plan.partnerships.values_list("house_colour", flat=True).first()
    document = Document()
    dress(
        document,
        title=plain(f"Highlight report: {content.name}"),
        author=plain(said["whose"]),
        brand=darkened(colour or FALLBACK),
    )
    settle(document)
    write_head(document, content)
    write_lines(document, content)
    for section in content.sections:
        document.add_heading(section["heading"], level=1)
        if section["name"] == "achievements" and said.get("promised"):
            write_words(document, f"You said you would ({said['promised_in']}): {said['promised']}", style="Quote")
        write_words(document, section["text"] or "Nothing was written.")
    write_facts(document, content)
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


def settle(document):
    """Smaller than the house's headings: a report of a page or two is no book."""
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Cm(1.8)
    number_pages(section)
    for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 13), ("Heading 2", 11)):
        document.styles[name].font.size = Pt(size)


def write_head(document, content):
    said = content.said
    document.add_paragraph(plain(said["whose"]))
    document.add_paragraph(plain(said["group"]), style="Title")
    document.add_paragraph(plain(f"Highlight report for {said['round']} ({said['period']}). {said['plan']}."))
    if said.get("chair"):
        document.add_paragraph(plain(f"Chair: {said['chair']}."))
    document.add_paragraph(plain(content.standing_words))


def write_words(document, text, style=None):
    for line in lines_of(plain(text)):
        document.add_paragraph(line, style=style)


def write_lines(document, content):
    document.add_heading("The plan’s deliverables", level=1)
    document.add_paragraph(f"{content.counts_words}.")
    if content.left_out_words:
        document.add_paragraph(plain(content.left_out_words))
    if not content.lines:
        return
    rows = [
        [
            [plain(f"{line['ref']} {line['title']}".strip())],
            [f"{line['rating'].word}: {line['rating'].meaning}" if line["rating"] else "Not rated"],
            lines_of(plain(line["progress"])) or ["No update was sent."],
        ]
        for line in content.lines
    ]
    add_table(document, ["Deliverable", "Rating", "What has happened"], rows, widths=LINE_WIDTHS)


def write_facts(document, content):
    said = content.said
    document.add_heading("Meetings", level=1)
    for words in content.meeting_words:
        document.add_paragraph(plain(words))
    if said.get("attendance"):
        rows = [[[plain(each["name"])], [attended(each)]] for each in said["attendance"]]
        add_table(document, ["Organisation", "There"], rows, widths=ATTENDANCE_WIDTHS)
    if said.get("decisions"):
        document.add_heading("Decisions", level=1)
        for each in said["decisions"]:
            document.add_paragraph(plain(f"{each['ref']} ({each['day']}): {each['text']}"), style="List Bullet")
    if said.get("actions"):
        document.add_heading("Open actions", level=1)
        rows = [
            [[plain(each["ref"])], [plain(each["text"])], [plain(each["lead"])], [due_words(each)]]
            for each in said["actions"]
        ]
        add_table(document, ["Ref", "Action", "Lead", "Due"], rows, widths=ACTION_WIDTHS)


def attended(each):
    words = f"{each['there']} of {each['asked']} meetings"
    return f"{words}, seldom there" if each["is_seldom"] else words


def due_words(action):
    return f"{action['due']}, late" if action["is_late"] else action["due"]
