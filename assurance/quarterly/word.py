"""A quarter's report as a Word document: the same words as the page and the PDF, to be worked with."""

import io

from docx import Document
from docx.shared import Pt

from partnership.lists import plain
from partnership.pack_word import add_table, dress, number_pages
from plans.plan_word import lines_of, without_clock

PROMISE_WIDTHS = (8.6, 5.0, 3.2)
PAST_WIDTHS = (5.6, 3.2, 2.6, 5.4)
CHANGE_WIDTHS = (4.8, 6.0, 6.0)


def make_word(content):
    """``content_of`` as bytes; the same content always gives the same."""
    document = Document()
    title = f"{content['title']} {content['round']}"
    dress(document, title=plain(title), author=plain(content["name"]), brand=content["house"]["brand"])
    section = document.sections[0]
    section.header.paragraphs[0].text = plain(title)
    number_pages(section)
    for name, size in (("Normal", 11), ("Title", 28), ("Heading 1", 17), ("Heading 2", 13), ("Heading 3", 11)):
        document.styles[name].font.size = Pt(size)
    write_head(document, content)
    write_past(document, content)
    for priority in content["priorities"]:
        document.add_heading(plain(priority["heading"]), level=1)
        rating = priority["rating"]
        if rating:
            document.add_paragraph(plain(f"Rating decided: {rating['word']}, {rating['meaning'].lower()}."))
        for outcome in priority["outcomes"]:
            write_outcome(document, outcome)
    write_board(document, content)
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


def write_head(document, content):
    document.add_paragraph(plain(content["name"]))
    document.add_paragraph(content["title"], style="Title")
    document.add_paragraph(plain(f"{content['round']} ({content['period']}). {content['plan']}."))
    document.add_paragraph(plain(f"Edition {content['edition']} of {content['dated']}."))
    if content["changes"]:
        document.add_paragraph(plain(f"What this edition corrects: {content['changes']}"))
    document.add_heading("The quarter in short", level=1)
    write_paragraphs(document, content["introduction"])
    document.add_paragraph(content["counts_words"])
    for heading, name in (("What we do well", "doing_well"), ("What we explore further", "explore")):
        if content[name]:
            document.add_heading(heading, level=2)
            write_paragraphs(document, content[name])
    if content["promises"]:
        document.add_heading("Next actions for all of us", level=2)
        write_promises(document, content["promises"])


def write_paragraphs(document, paragraphs):
    for each in paragraphs:
        for item in each.get("items", []):
            document.add_paragraph(plain(item), style="List Bullet")
        if each.get("text"):
            document.add_paragraph(plain(each["text"]))


def write_outcome(document, outcome):
    document.add_heading(plain(outcome["text"]), level=2)
    judged = document.add_paragraph()
    judged.add_run(plain(outcome["level_word"])).bold = True
    if outcome["was"]:
        judged.add_run(plain(f" ({outcome['was']})"))
    write_paragraphs(document, outcome["how"])
    if outcome["not_judged_because"]:
        document.add_paragraph(plain(f"Why it is not judged: {outcome['not_judged_because']}"))
    for heading, name in (("What goes well", "doing_well"), ("Explore further", "explore")):
        if outcome[name]:
            document.add_heading(heading, level=3)
            write_paragraphs(document, outcome[name])
    if outcome["promises"]:
        document.add_heading("Next actions", level=3)
        write_promises(document, outcome["promises"])
    if not outcome["streams"]:
        document.add_heading("What shows it", level=3)
        document.add_paragraph("Nothing was offered from any stream this quarter.")
    for stream in outcome["streams"]:
        document.add_heading(plain(f"What shows it: {stream['name']}"), level=3)
        for each in stream["items"]:
            line = document.add_paragraph(style="List Bullet")
            line.add_run(plain(each["reference"])).bold = True
            line.add_run(plain(f" ({each['day']}): {' '.join(lines_of(each['text']))}"))
    if outcome["streams"] and outcome["silent"]:
        document.add_paragraph(plain(f"No evidence this quarter from: {outcome['silent']}."))


def write_promises(document, promises):
    rows = [[[plain(each["text"])], [plain(each["lead"])], [each["due"]]] for each in promises]
    add_table(document, ["What we will do", "Who answers for it", "By"], rows, widths=PROMISE_WIDTHS)


def write_past(document, content):
    if not content["past"]:
        return
    document.add_heading("What came of what we promised", level=1)
    rows = [
        [
            [plain(each["text"]), f"By {each['due']}, promised for {each['promised_in']}"],
            [plain(each["lead"])],
            [plain(each["result_word"]), "It goes on" if each["goes_on"] else ""],
            [plain(words) for paragraph in each["words"] for words in paragraph.get("items", [paragraph.get("text")])],
        ]
        for each in content["past"]
    ]
    add_table(document, ["We said we would", "Who", "What came of it", "In words"], rows, widths=PAST_WIDTHS)


def write_board(document, content):
    board = content["board"]
    if not board["changes"]:
        return
    document.add_heading("What the board changed", level=1)
    document.add_paragraph(plain(f"Given to the {board['name'] or 'board'} on {board['given']}."))
    rows = [
        [[plain(each["what"])], [plain(each["before"]) or "Nothing"], [plain(each["after"]) or "Nothing"]]
        for each in board["changes"]
    ]
    add_table(document, ["Where", "As it was given", "As it is now"], rows, widths=CHANGE_WIDTHS)
