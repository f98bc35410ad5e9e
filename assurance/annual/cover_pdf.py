"""A cover report as a tagged PDF."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from assurance.printed import as_objects
from partnership.pdf import render_pdf

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def make_pdf(content, *, on_progress=None):
    """``content`` of ``cover_content`` as a ``Pdf``. Raises PdfProblem."""
    report = as_objects(content)
    css = render_to_string("assurance/print/cover.css", {"house": report.house})
    assets = {"cover.css": css.encode()}
    assets |= {f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))}
    html = render_to_string("assurance/print/cover.html", {"report": report})
    return render_pdf(html, assets=assets, on_progress=on_progress)
