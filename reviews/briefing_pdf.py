"""A briefing as a tagged PDF of one or two pages, in the partnership's own colour."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from partnership.house_style import house_colours
from partnership.pdf import render_pdf

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def make_pdf(content):
    """``reviews.briefings.content_of`` as a ``Pdf``. Raises PdfProblem."""
    assets = {
        "briefing.css": render_to_string(
            "reviews/print/briefing.css", {"house": house_colours(content["brand"])}
        ).encode(),
        **{f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))},
    }
    return render_pdf(render_to_string("reviews/print/briefing.html", {"content": content}), assets=assets)
