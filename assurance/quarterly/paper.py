"""A quarter's report as a tagged PDF, from the same content as the page."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from assurance.printed import as_objects
from partnership.pdf import render_pdf

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def make_pdf(content, *, on_progress=None):
    """``content`` of ``content_of`` as a ``Pdf``. Raises PdfProblem."""
    ratings = {each["rating"]["name"]: each["rating"] for each in content["priorities"] if each["rating"]}
    levels = {
        each["level"]: render_to_string("assurance/print/quarterly_level.svg", {"level": each["level"], **content})
        for each in content["counts"]
    }
    report = as_objects(content)
    style = {"house": report.house, "ratings": ratings.values(), "levels": levels}
    made = {
        "quarterly.css": render_to_string("assurance/print/quarterly.css", style),
        **{each["image"]: render_to_string("report/rating.svg", {"rating": each}) for each in ratings.values()},
        **{f"level-{level}.svg": drawn for level, drawn in levels.items()},
    }
    assets = {name: text.encode() for name, text in made.items()}
    assets |= {f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))}
    html = render_to_string("assurance/print/quarterly.html", {"report": report})
    return render_pdf(html, assets=assets, on_progress=on_progress)
