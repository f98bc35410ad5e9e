"""The annual report as a Word document, for those who must edit: the same words, tables and figures as the PDF.

``make_word`` reads ``annual.content`` alone, so the document is of the same moment as the PDF beside it.
"""

import io

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt

from assurance.annual.word_blocks import WRITERS, write_paragraphs, write_table, write_words
from partnership.lists import plain
from partnership.pack_word import dress, number_pages
from plans.plan_word import instruct, mark, without_clock

PICTURE_WIDTH = Cm(16.8)
SIZES = (("Normal", 11), ("Title", 32), ("Heading 1", 20), ("Heading 2", 14), ("Heading 3", 12), ("Caption", 10))
PLAN_WIDTHS = (1.4, 5.2, 4.4, 6.6, 5.8, 2.7)


def make_word(content, *, pictures):
    """The document as bytes; the same content always gives the same. ``pictures``: PNG by the figure's number."""
    document = Document()
    title = f"{content['title']} {content['years']}, {content['name']}"
    dress(document, title=plain(title), author=plain(content["name"]), brand=content["house"]["brand"])
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = plain(f"{content['title']} {content['years']}, edition {content['edition']}")
    number_pages(section)
    for name, size in SIZES:
        document.styles[name].font.size = Pt(size)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH).paragraph_format.space_after = Pt(3)
    write_front(document, content)
    write_year(document, content, pictures)
    for each in content["sections"]:
        write_section(document, each, pictures)
    write_plans(document, content)
    write_appendices(document, content)
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


# The front


def write_front(document, content):
    write_words(document, content["name"])
    write_words(document, f"{content['title']} {content['years']}", "Title")
    write_words(document, "What we did together, what difference it made, and what we have not yet put right")
    write_words(document, f"Covers {content['period']}. Edition {content['edition']} of {content['dated']}.")
    for body in content["bodies"]:
        write_words(document, body, "List Bullet")
    write_about(document, content)
    document.add_paragraph("Contents", style="TOC Heading").paragraph_format.page_break_before = True
    paragraph = document.add_paragraph(style="toc 1")
    mark(paragraph, "begin")
    instruct(paragraph, r'TOC \o "1-1" \h')
    mark(paragraph, "separate")
    for number, name in enumerate(headings_of(content)):
        paragraph = document.add_paragraph(style="toc 1") if number else paragraph
        paragraph.add_run(plain(name))
    mark(paragraph, "end")
    if content["foreword"]["paragraphs"]:
        document.add_heading("Foreword", level=1).paragraph_format.page_break_before = True
        write_paragraphs(document, content["foreword"]["paragraphs"])
        for each in content["foreword"]["signed"]:
            write_words(document, ", ".join(filter(None, [each["name"], each["post"]])))


def write_about(document, content):
    write_words(
        document,
        f"It covers {content['period']} and follows the headings of {content['rule_set']['title']}. Where each "
        "heading comes from stands beside it; the evidence filed under it stands at its end, and where there is none "
        "the report says so. This document can be edited; what was published is the PDF.",
    )
    if content["changes"]:
        write_words(document, "What this edition changes:")
        write_paragraphs(document, content["changes"])
    office = content["office"]
    ways = ", ".join(filter(None, [office["email"], office["phone"]]))
    if ways:
        write_words(document, f"Ask the business office for other formats: {ways}.")


def headings_of(content):
    """The first level of the document, in order."""
    letters = content["letters"]
    return [
        *(["Foreword"] if content["foreword"]["paragraphs"] else []),
        "The year on one page",
        *[f"{each['number']} {each['title']}" for each in content["sections"]],
        *[f"{letter} {APPENDICES[name]}" for name, letter in letters.items()],
    ]


# The year


def write_year(document, content, pictures):
    document.add_heading("The year on one page", level=1).paragraph_format.page_break_before = True
    rows = [
        [[each["words"]], [f"{each['value']} of {each['of']}" if each["of"] else each["value"]], [each["was"] or "–"]]
        for each in content["figures"]
    ]
    write_table(document, ["What we counted", "This year", "Before"], rows, (9.2, 3.6, 4.0))
    for chart in content["rating_charts"]:
        caption = f"Table {chart['table']}. {chart['plan']}: {chart['finding']}"
        if chart["drawing"]:
            caption = f"Table {chart['table']}. Data for figure {chart['figure']}: rating decided in each round"
            words = f"Figure {chart['figure']}. {chart['finding']}"
            write_picture(document, words, pictures.get(chart["figure"]), chart["drawing"])
        heads = ["Priority", *[f"{each['months']} {each['year']}" for each in chart["rounds"]]]
        rows = [
            [[each["heading"]], *[[rating["word"] if rating else "Not rated"] for rating in each["ratings"]]]
            for each in chart["priorities"]
        ]
        width = 10.8 / max(len(chart["rounds"]), 1)
        write_table(document, heads, rows, (6, *[width] * len(chart["rounds"])), caption=caption, size=9)
    for key in content["keys"]:
        rows = [[[each["word"]], [each["meaning"]]] for each in key["ratings"]]
        of_plan = f" of {key['plan']}" if len(content["keys"]) > 1 else ""
        caption = f"{key_number(key)}How to read the ratings{of_plan}"
        write_table(document, ["Rating", "Meaning in plain words"], rows, (4, 12.8), caption=caption)


def key_number(key):
    """A key that is no table in print has no number."""
    return f"Table {key['table']}. " if key["table"] else ""


def write_picture(document, caption, png, drawing):
    """The figure with its alternative text: what it finds, then every value."""
    write_words(document, caption, "Caption")
    if png is None:
        return
    picture = document.add_picture(io.BytesIO(png), width=PICTURE_WIDTH)
    shown = picture._inline.docPr
    shown.set("descr", plain(f"{drawing['finding']}. {drawing['values']}"))
    shown.set("title", plain(drawing["finding"]))


# The sections


def write_section(document, section, pictures):
    document.add_heading(plain(f"{section['number']} {section['title']}"), level=1)
    source = section["source"]
    write_words(document, ". ".join(filter(None, [source["label"], source["words"].rstrip("."), source["citation"]])))
    if section["standfirst"]:
        write_words(document, section["standfirst"], "Subtitle")
    write_paragraphs(document, section["paragraphs"])
    for each in section["quotes"]:
        write_words(document, f"“{each['words']}”", "Quote")
        write_words(document, f"{each['reference']}, {each['facts']}")
    if not section["paragraphs"] and not section.get("has_own_words"):
        write_words(
            document, "Nothing has been written under this heading. The partnership has not yet said what it did."
        )
    for block in section["blocks"]:
        if "drawing" in block:
            document.add_heading(f"{block['number']} Training", level=2)
            write_words(document, block["intro"])
            caption = f"Figure {block['figure']}. {block['finding']}"
            write_picture(document, caption, pictures.get(block["figure"]), block["drawing"])
        WRITERS[block["kind"]](document, block)
    items = [each for part in section["evidence"] for each in part]
    if items:
        document.add_heading("Evidence filed under this heading", level=2)
        for each in items:
            write_words(document, f"{each['reference']}: {each['text']} ({each['facts']})", "List Bullet")
    elif section["is_required"]:
        write_words(
            document,
            "No evidence was filed under this heading. Nothing on record shows how much was done here, how well, or "
            "what difference it made.",
        )


# Appendices

APPENDICES = {
    "plan": "The plan, deliverable by deliverable",
    "rules": "The rules behind the headings",
    "structure": "How we are organised",
    "members": "Members",
    "attendance": "Who came to meetings",
    "words": "Words we use",
}


def write_plans(document, content):
    """On pages that lie across; the pages after stand upright again."""
    if not content["plans"]:
        return
    turn(document, WD_ORIENT.LANDSCAPE)
    document.add_heading(f"{content['letters']['plan']} {APPENDICES['plan']}", level=1)
    for plan in content["plans"]:
        for table in plan["tables"]:
            rated = (
                f"Last rating decided: {table['rating']['word']}, {table['rated']}."
                if table["rating"]
                else ("No rating was decided in the year.")
            )
            more = ", continued" if table["is_continued"] else ""
            caption = " ".join([f"{table['heading']}{more}. {plan['title']}.", *table["outcomes"][:1], rated])
            rows = [
                [
                    [each["reference"]],
                    [each["title"]],
                    [each["leads"]],
                    [f"{one['text']} {one['timescale']}".strip() for one in each["activities"]],
                    [each["progress"]],
                    [each["rating"]["word"] if each["rating"] else "Not rated"],
                ]
                for each in table["rows"]
            ]
            heads = [
                "Ref",
                "Deliverable",
                "Lead",
                "What we do, and by when",
                "Last update of the year",
                "Lead’s rating",
            ]
            write_table(document, heads, rows, PLAN_WIDTHS, caption=caption, size=9)
    turn(document, WD_ORIENT.PORTRAIT)


def turn(document, orientation):
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = orientation
    is_wide = orientation == WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if is_wide else (Cm(21), Cm(29.7))
    section.left_margin = section.right_margin = Cm(1.8) if is_wide else Cm(2.1)
    section.different_first_page_header_footer = False


def write_appendices(document, content):
    letters = content["letters"]
    document.add_heading(f"{letters['rules']} {APPENDICES['rules']}", level=1)
    note = content["rule_set"]["note"]
    write_words(document, f"The report follows {content['rule_set']['title']}. {note}".strip())
    rows = [[[each["title"]], [each["source"]], [each["checked"].capitalize()]] for each in content["rules"]["rows"]]
    caption = f"Table {content['rules']['table']}. Headings and their sources"
    write_table(document, ["Heading", "Source", "Checked"], rows, (6.6, 6, 4.2), caption=caption)
    if "structure" in letters:
        document.add_heading(f"{letters['structure']} {APPENDICES['structure']}", level=1)
        rows = [
            [[each["name"]], [each["purpose"] or each["kind"]], [each["reports_to"] or "–"], [str(each["held"])]]
            for each in content["structure"]["rows"]
        ]
        caption = f"Table {content['structure']['table']}. Groups of the partnership"
        write_table(
            document, ["Group", "What it is for", "Reports to", "Met"], rows, (4.6, 6.6, 4.2, 1.4), caption=caption
        )
    document.add_heading(f"{letters['members']} {APPENDICES['members']}", level=1)
    rows = [[[each["name"]], [each["roles"]]] for part in content["members"]["parts"] for each in part]
    caption = f"Table {content['members']['table']}. Member organisations"
    write_table(document, ["Organisation", "Part in the partnership"], rows, (8, 8.8), caption=caption)
    if "attendance" in letters:
        write_attendance(document, content["attendance"], f"{letters['attendance']} {APPENDICES['attendance']}")
    document.add_heading(f"{letters['words']} {APPENDICES['words']}", level=1)
    for each in content["words"]:
        paragraph = document.add_paragraph()
        paragraph.add_run(plain(each["term"])).bold = True
        paragraph.add_run(plain(f": {each['meaning']}"))


def write_attendance(document, attendance, heading):
    document.add_heading(heading, level=1)
    rows = [
        [
            [each["name"]],
            ["; ".join(f"{group['name']} {group['came']}" for group in each["groups"])],
            [f"{each['there']} of {each['asked']}"],
        ]
        for each in attendance["rows"]
    ]
    caption = f"Table {attendance['table']}. Meetings that each organisation came to"
    write_table(document, ["Organisation", "In each group", "All meetings"], rows, (5.8, 8, 3), caption=caption)
    if attendance["seldom"]:
        document.add_heading("Seldom there", level=2)
        for each in attendance["seldom"]:
            write_words(document, each)
