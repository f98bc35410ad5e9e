"""Little or no progress as a Word document, to be worked into a report: words, then where they come from."""

import io

from docx import Document

from partnership.house_style import darkened
from partnership.lists import UNPRINTABLE
from partnership.pack_word import dress
from partnership.templatetags.components import sentence_join
from plans.due_words import long
from plans.plan_word import without_clock


def make_word(plan, found, *, on):
    """The document as bytes. ``found``: pairs of a priority and its StoodStill."""
    document = Document()
    name = printable(plan.title)
    title = f"Little or no progress: {name}"
    partnerships = list(plan.partnerships.all())
    brand = darkened(partnerships[0].house_colour or "#5b2459")
    dress(document, title=title, author=sentence_join([each.name for each in partnerships]), brand=brand)
    document.add_heading("Little or no progress, and why", 1)
    document.add_paragraph(f"{name}. As the plan stood on {long(on)}.")
    if not found:
        document.add_paragraph("No deliverable stood still.")
    for aim, stories in found:
        document.add_heading(printable(aim.heading), 2)
        for told in stories:
            document.add_heading(printable(told.promise.name), 3)
            document.add_paragraph(
                f"Why it is here: {sentence_join([each[:1].lower() + each[1:] for each in told.reasons])}."
            )
            for paragraph in told.words.splitlines():
                if paragraph.strip():
                    document.add_paragraph(printable(paragraph))
            if not told.is_written:
                document.add_paragraph("Drafted from the record; nobody has edited it yet.").runs[0].italic = True
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


def printable(text):
    """``text`` without what Word cannot hold: characters that control a printer, pasted from elsewhere."""
    return UNPRINTABLE.sub("", text)
