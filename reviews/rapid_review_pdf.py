"""The rapid review pack as a tagged PDF, laid out in a process of its own."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from partnership.house_style import FALLBACK, darkened, house_colours
from partnership.pdf import render_pdf

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def make_pdf(content):
    """``reviews.rapid_review.content_of`` as a ``Pdf``. Raises PdfProblem."""
    house = house_colours(darkened(content["colour"] or FALLBACK))
    assets = {
        "rapid_review.css": render_to_string("reviews/print/rapid_review.css", {"house": house}).encode(),
        **{f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))},
    }
    return render_pdf(render_to_string("reviews/print/rapid_review.html", {"doc": content}), assets=assets)
