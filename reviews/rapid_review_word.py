"""The rapid review pack as a Word document: the words of the PDF, to be worked on."""

import io

from docx import Document
from docx.shared import Cm, Pt

from partnership.house_style import FALLBACK, darkened
from partnership.lists import plain
from partnership.pack_word import add_table, dress, number_pages
from plans.plan_word import lines_of, without_clock
from reviews.rapid_review import NOTHING

STAGE_WIDTHS = (6.6, 3.2, 3.2, 3.8)
AGENCY_WIDTHS = (6.0, 4.2, 3.0, 3.6)
PAIR_WIDTHS = (6.0, 10.8)


def make_word(content):
    """``reviews.rapid_review.content_of`` as bytes; the same content always gives the same."""
    document = Document()
    brand = darkened(content["colour"] or FALLBACK)
    dress(document, title="Rapid review", author=plain(content["name"]), brand=brand)
    settle(document, content)
    document.add_paragraph(plain(content["name"]))
    document.add_paragraph(plain(f"Rapid review {content['reference']}"), style="Title")
    document.add_paragraph(plain(content["category"]))
    document.add_paragraph(plain(f"Restricted to the case review group. {content['copy']}."))
    write_notification(document, content)
    for heading, text in content["purposes"]:
        document.add_heading(plain(heading), level=1)
        write_words(document, text)
    write_summaries(document, content["summaries"])
    write_decisions(document, content)
    write_letters(document, content["letters"])
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


def settle(document, content):
    section = document.sections[0]
    header = section.header.paragraphs[0]
    header.text = plain(f"Restricted. Rapid review {content['reference']}. {content['copy']}")
    header.paragraph_format.space_after = Pt(12)
    document.styles["Header"].font.size = Pt(9)
    number_pages(section)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size in (("Normal", 10.5), ("Title", 26), ("Heading 1", 15), ("Heading 2", 12), ("Heading 3", 11)):
        document.styles[name].font.size = Pt(size)


def write_words(document, text, style=None):
    for line in lines_of(plain(text)) or [NOTHING]:
        document.add_paragraph(line, style=style)


def write_notification(document, content):
    document.add_heading("The notification", level=1)
    write_pairs(document, ["Fact", "As notified"], content["facts"])
    write_words(document, content["summary"])
    document.add_heading("Its time", level=2)
    rows = [
        [[plain(each["title"])], [each["due"]], [each["done"]], [plain(each["because"])]] for each in content["stages"]
    ]
    add_table(document, ["Stage", "Due", "Done", "Why it was late, or is not needed"], rows, widths=STAGE_WIDTHS)
    document.add_heading("Agencies", level=2)
    rows = [
        [[plain(each["agency"])], [plain(each["contact"])], [each["asked"]], [each["state"]]]
        for each in content["agencies"]
    ]
    if rows:
        add_table(document, ["Agency", "Contact", "Asked", "Summary"], rows, widths=AGENCY_WIDTHS)
    else:
        document.add_paragraph("No agency is named.")


def write_pairs(document, heads, pairs):
    rows = [[[plain(what)], [plain(value)]] for what, value in pairs]
    add_table(document, heads, rows, widths=PAIR_WIDTHS)


def write_summaries(document, summaries):
    document.add_heading("What each agency said", level=1)
    if not summaries:
        document.add_paragraph("No summary is back.")
    for summary in summaries:
        document.add_heading(plain(summary["agency"]), level=2)
        document.add_paragraph(plain(summary["came"]))
        for question, answer in summary["answers"]:
            document.add_heading(plain(question), level=3)
            write_words(document, answer)


def write_decisions(document, content):
    document.add_heading("What is to follow", level=1)
    write_words(document, content["next_steps"])
    document.add_heading("Advised by the independent advisor", level=2)
    for advice in content["advice"]:
        document.add_heading(plain(advice["outcome"]), level=3)
        write_words(document, advice["reasons"])
        document.add_paragraph(plain(advice["who"]))
    if not content["advice"]:
        document.add_paragraph("No advice was given.")
    document.add_heading("Decided by the safeguarding partners", level=2)
    document.add_paragraph(plain(content["verdict"]))
    for decision in content["decisions"]:
        document.add_heading(plain(f"{decision['partner']}: {decision['outcome']}"), level=3)
        if decision["who"]:
            write_words(document, decision["reasons"])
            document.add_paragraph(plain(decision["who"]))
    document.add_heading("Sign-off", level=2)
    write_pairs(document, ["Who or what", "Signed off"], content["sign_off"])


def write_letters(document, letters):
    document.add_heading("The Panel", level=1)
    if not letters:
        document.add_paragraph("No letter has come.")
    for letter in letters:
        document.add_heading(plain(letter["heading"]), level=2)
        if letter["words"]:
            write_words(document, letter["words"])
        if letter["points"]:
            write_pairs(
                document,
                ["What the Panel says", "What we say to it"],
                [(p, r or "Not yet") for p, r in letter["points"]],
            )
