"""A published review as a tagged PDF in the house style of its partnership, from the words that become public alone.

Type, tables and tokens are the annual report's (``report/report.css``), cover, margins and running headers the
board pack's (``pack/house.css``); ``reviews/print/review.css`` adds what only a review has.
"""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date

from partnership.house_style import darkened, house_colours
from partnership.paragraphs import blocks_of
from partnership.pdf import render_pdf
from partnership.templatetags.components import long_date

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def make_pdf(content, *, is_proof=False):
    """``reviews.publication.content_of`` as a ``Pdf``; a proof says so on each page. Raises PdfProblem."""
    house = house_colours(darkened(content["colour"]))
    html = render_to_string("reviews/print/review.html", {"doc": content, "is_proof": is_proof, **parts_of(content)})
    made = {
        "report.css": render_to_string("report/report.css"),
        "house.css": render_to_string("pack/house.css", {"house": house, "shapes": []}),
        "review.css": render_to_string("reviews/print/review.css"),
        "cover.svg": render_to_string("pack/cover.svg", {"house": house}),
        "dots.svg": render_to_string("report/dots.svg"),
    }
    fonts = {f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))}
    return render_pdf(html, assets={name: text.encode() for name, text in made.items()} | fonts)


def parts_of(content):
    """The words in blocks, and the day in words; the public page shows the same."""
    return {
        "day": long_date(parse_date(content["published_on"])),
        "summary": blocks_of(content["summary"]),
        "findings": blocks_of(content["findings"]),
        "response": blocks_of(content["response"]),
    }
