"""The report's figures as PNG, for a Word document, which can't hold our drawings as they are.

They are laid out by the same engine from the same templates as in the PDF, each on a page of its own.
"""

import io

import pypdfium2
from django.template.loader import render_to_string

from assurance.printed import as_objects
from partnership.pdf import render_pdf

DOTS_A_POINT = 3  # 216 dots an inch: sharp on paper
COLOURS = 128


def figures_of(content):
    """Every figure of the report in order: ``figure`` (its number), ``kind``, ``drawing``."""
    of_year = [
        {"figure": each["figure"], "kind": "ratings", "drawing": each["drawing"]}
        for each in ratings_of(content)
        if each["drawing"]
    ]
    blocks = [block for section in content["sections"] for block in section["blocks"]]
    return of_year + [
        {"figure": block["figure"], "kind": "places", "drawing": block["drawing"]}
        for block in blocks
        if "drawing" in block
    ]


def ratings_of(content):
    return content.get("rating_charts", [])


def draw_pictures(content, *, assets):
    """{number of the figure: PNG}. ``assets`` are those of the printed report. Raises PdfProblem."""
    figures = figures_of(content)
    if not figures:
        return {}
    pictures = as_objects([each | {"millimetres": each["drawing"]["height"] / 4} for each in figures])
    said = {"pictures": pictures, "report": as_objects({"house": content["house"]}), "for_print": True}
    style = render_to_string("report/pictures.css", said).encode()
    pdf = render_pdf(render_to_string("report/pictures.html", said), assets=assets | {"pictures.css": style})
    with pypdfium2.PdfDocument(pdf.content) as pages:
        return {each["figure"]: as_png(pages[number]) for number, each in enumerate(figures, start=1)}


def as_png(page):
    picture = page.render(scale=DOTS_A_POINT).to_pil().convert("RGB").quantize(COLOURS)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
