"""What stands under a heading of the Word edition, one writer for each kind of block."""

from partnership.lists import plain
from partnership.pack_word import add_table


def write_words(document, words, style=None):
    return document.add_paragraph(plain(words), style=style)


def write_paragraphs(document, paragraphs):
    for each in paragraphs:
        for item in each.get("items", []):
            write_words(document, item, "List Bullet")
        if each.get("text"):
            write_words(document, each["text"])


def write_table(document, heads, rows, widths, *, caption="", size=10):
    """A table under its caption; a cell is a list of lines. Nothing where there is no row."""
    if not rows:
        return
    if caption:
        write_words(document, caption, "Caption")
    cleaned = [[[plain(str(line)) for line in cell] for cell in row] for row in rows]
    add_table(document, [plain(head) for head in heads], cleaned, widths=widths, size=size)


def word_of(rating):
    return rating["word"] if rating else "Not rated"


def write_heading(document, number, words, *, level=2):
    document.add_heading(plain(f"{number} {words}"), level=level)


def write_priorities(document, block):
    for item in block["items"]:
        write_heading(document, item["number"], item["heading"])
        rated = (
            f"{word_of(item['rating'])}, {item['rated']}." if item["rating"] else "No rating was decided in the year."
        )
        said = [f"We said we would be able to show: {outcome}" for outcome in item["outcomes"][:1]]
        write_words(document, " ".join([rated, *said]))
        write_paragraphs(document, item["comment"])
        for each in item["differences"]:
            paragraph = document.add_paragraph(style="List Bullet")
            paragraph.add_run(plain(f"{each['reference']} What changed: ".strip() + " ")).bold = True
            paragraph.add_run(plain(f"{each['text']} ({each['round']})"))
        if not item["differences"]:
            write_words(
                document,
                "What we cannot yet show: no lead has said what difference the work on this priority made to anybody.",
            )


def write_training(document, block):
    rows = [[[each["name"]], [each["booked"]], [each["attended"]], [each["share"]]] for each in block["rows"]]
    rows.append([["All organisations"], [block["booked"]], [block["attended"]], [block["share"]]])
    caption = f"Table {block['table']}. Data for figure {block['figure']}"
    write_table(
        document, ["Organisation", "Booked", "Taken up", "Share"], rows, (8, 3, 3, 2.8), caption=caption, size=9
    )


def write_worries(document, block):
    for item in block["items"]:
        write_heading(document, item["number"], item["heading"])
        write_words(document, f"{word_of(item['rating'])}, decided for {item['rated']}.")
        if item["why"]:
            document.add_heading("Why", level=3)
            write_paragraphs(document, item["why"])
        else:
            write_words(document, "No reason was written down. The groups that judged this priority did not say why.")
        if item["next"]:
            document.add_heading("What we will do, and what could go wrong", level=3)
            write_paragraphs(document, item["next"])


def write_missed(document, block):
    write_heading(document, block["number"], "Dates that were missed")
    rows = [[[each["reference"]], [each["activity"]], [each["leads"]], [each["due"]]] for each in block["rows"]]
    caption = f"Table {block['table']}. Dates missed by the end of the year"
    write_table(document, ["Ref", "Activity", "Lead", "Date"], rows, (1.4, 6.6, 4.8, 4), caption=caption)


def write_pairs(document, block):
    rows = [[[f"“{each['said']}”", each["by"]], [each["did"]], [each["changed"]]] for each in block["items"]]
    write_table(document, ["You said", "We did", "What changed"], rows, (5.6, 5.8, 5.4))


def write_decisions(document, block):
    write_words(document, block["intro"])
    rows = [
        [[each["priority"]], [each["round"]], [word_of(each["proposed"])], [word_of(each["decided"])], [each["reason"]]]
        for each in block["rows"]
    ]
    caption = f"Table {block.get('table')}. Ratings decided otherwise than proposed"
    heads = ["Priority", "Round", "Proposed", "Decided", "Reason"]
    write_table(document, heads, rows, (4.2, 3, 2.2, 2.2, 5.2), caption=caption)


def write_partners(document, block):
    rows = [
        [[each["name"]], [each["asked"]], [each["submitted"]], [each["on_time"]], [each["places"]]]
        for each in block["rows"]
    ]
    caption = f"Table {block['table']}. What each statutory safeguarding partner returned and took up"
    heads = ["Safeguarding partner", "Returns asked for", "Answered", "On time", "Training places"]
    write_table(document, heads, rows, (6.4, 2.8, 2.4, 2.4, 2.8), caption=caption)


def write_contributions(document, block):
    for item in block["items"]:
        write_heading(document, item["number"], item["organisation"])
        write_paragraphs(document, item["paragraphs"])


def write_statement(document, block):
    write_heading(document, block["number"], "Statement of the independent scrutineer")
    if block["conclusion"]:
        write_words(document, block["conclusion"], "Quote")
    write_paragraphs(document, block["paragraphs"])
    if block["by_line"]:
        write_words(document, block["by_line"])
    document.add_heading("What the partnership answers", level=3)
    write_paragraphs(document, block["answer"] or [{"text": "The partnership has not answered yet."}])


def write_consultation(document, block):
    rows = [
        [[each["name"]], [each["closed"] or "Still open"], [each["comments"]], [each["changed"]]]
        for each in block["rows"]
    ]
    caption = f"Table {block['table']}. Who was asked about the draft, and what came of it"
    heads = ["Who was asked", "Closed", "Comments", "Changed the report"]
    write_table(document, heads, rows, (7, 4, 2.4, 3.4), caption=caption)


WRITERS = {
    "priorities": write_priorities,
    "training": write_training,
    "worries": write_worries,
    "missed": write_missed,
    "pairs": write_pairs,
    "decisions": write_decisions,
    "partners": write_partners,
    "contributions": write_contributions,
    "statement": write_statement,
    "consultation": write_consultation,
}
