"""A learning needs analysis to take away: a tagged PDF on A4, a Word document to be worked with, an Excel file."""

import io
from pathlib import Path

import tablib
from django.conf import settings
from django.template.loader import render_to_string
from docx import Document
from docx.shared import Pt

from partnership.house_style import FALLBACK, darkened, house_colours
from partnership.lists import as_workbook, plain
from partnership.pack_word import add_table, dress, number_pages
from partnership.pdf import render_pdf
from partnership.templatetags.components import long_date
from plans.plan_word import lines_of, without_clock
from training.needs.asking import asked_words
from training.needs.deciding import against_need, year_name

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
COLUMNS = [
    "Rank",
    "Need",
    "What shows it",
    "Where it was seen",
    "In what",
    "For whom",
    "Level",
    "How soon",
    "Priority",
    "Asked by",
    "How it is met",
    "Courses",
    "Why, and what is left",
    "Events still to come",
    "Events held",
    "Places",
    "Booked",
    "Attended",
]


def content_of(analysis, *, on):
    """What every kind of document says."""
    needs = [(met, asked_of(met.need)) for met in against_need(analysis, on=on)]
    return {
        "analysis": analysis,
        "whose": analysis.partnership.name,
        "year": year_name(analysis.starts_on, analysis.ends_on),
        "standing": f"Settled on {long_date(analysis.settled_on)}" if analysis.settled_on else "A draft",
        "colour": analysis.partnership.house_colour,
        "needs": needs,
        "rows": [{"need": met.need, "facts": facts_of(met, asked)} for met, asked in needs],
    }


def asked_of(need):
    return asked_words(need.asked_members, need.asked_groups, need.asked_agencies)


def make_pdf(content):
    """``content_of`` as a ``Pdf``. Raises PdfProblem."""
    house = house_colours(darkened(content["colour"] or FALLBACK))
    assets = {
        "needs.css": render_to_string("training/print/needs.css", {"house": house}).encode(),
        **{f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))},
    }
    return render_pdf(render_to_string("training/print/needs.html", {"content": content}), assets=assets)


def make_word(content):
    """The same as bytes; the same content always gives the same."""
    analysis, document = content["analysis"], Document()
    brand = darkened(content["colour"] or FALLBACK)
    dress(document, title=plain(analysis.title), author=plain(content["whose"]), brand=brand)
    number_pages(document.sections[0])
    for name, size in (("Normal", 11), ("Title", 26), ("Heading 1", 16), ("Heading 2", 12.5)):
        document.styles[name].font.size = Pt(size)
    document.add_paragraph(plain(content["whose"]))
    document.add_paragraph(plain(analysis.title), style="Title")
    document.add_paragraph(f"{content['standing']}. For {content['year']}.")
    for line in lines_of(plain(analysis.introduction)):
        document.add_paragraph(line)
    document.add_heading("The needs in their order", level=1)
    rows = [
        [[str(met.need.position)], [plain(met.need.topic)], [plain(met.need.get_decision_display())]]
        for met, _asked in content["needs"]
    ]
    add_table(document, ["Rank", "Need", "How it is met"], rows, widths=(1.6, 11.2, 4.0), head_column=1)
    for met, asked in content["needs"]:
        write_need(document, met, asked)
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)


def write_need(document, met, asked):
    need = met.need
    document.add_heading(plain(f"{need.position}. {need.topic}"), level=2)
    rows = [[[what], lines_of(plain(str(words)))] for what, words in facts_of(met, asked)]
    add_table(document, ["What", "What we know"], rows, widths=(4.2, 12.6))


def facts_of(met, asked):
    """[(what, words)] of one need, as far as anything is known."""
    need, held = met.need, met.held
    seen = ": ".join(filter(None, [need.get_source_display(), need.source_title]))
    facts = [
        ("What shows it", need.why),
        ("Seen in", seen),
        ("For whom", need.audience),
        ("Level", need.level),
        ("How soon", need.get_urgency_display()),
        ("Priority", need.priority or ""),
        ("Asked by", asked),
        ("How it is met", need.get_decision_display()),
        ("Courses", "; ".join(course.title for course, _held in met.courses)),
        ("Why, and what is left", need.reasons),
        ("Held so far", held_words(held) if met.courses else ""),
    ]
    return [(what, words) for what, words in facts if words]


def held_words(held):
    taken = f"{held.booked} of {held.places} places taken, {held.attended} attended"
    return f"{held.held} held, {held.planned} to come; {taken}"


def make_workbook(content):
    """Every need in a row, as an Excel file."""
    data = tablib.Dataset(title="Learning needs", headers=COLUMNS)
    for met, asked in content["needs"]:
        need, held = met.need, met.held
        data.append([
            need.position,
            need.topic,
            need.why,
            need.get_source_display(),
            need.source_title,
            need.audience,
            need.level,
            need.get_urgency_display(),
            str(need.priority or ""),
            asked,
            need.get_decision_display(),
            "; ".join(course.title for course, _held in met.courses),
            need.reasons,
            held.planned,
            held.held,
            held.places,
            held.booked,
            held.attended,
        ])  # fmt: skip
    return as_workbook(data)
