"""A highlight report as a tagged PDF: one page at the usual length, as many as it takes at any other."""

from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.template.loader import render_to_string

from partnership.house_style import FALLBACK, RATING_INKS, darkened, house_colours
from partnership.pdf import render_pdf

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def make_pdf(content):
    """``plans.highlight_content.Content`` as a ``Pdf``. Raises PdfProblem."""
    ratings = ratings_on_paper(content)
    colour = content.report.round.plan.partnerships.values_list("house_colour", flat=True).first()
    house = house_colours(darkened(colour or FALLBACK))
    html = render_to_string(
        "plans/print/highlight.html",
        {"content": content, "said": content.said},
    )
    assets = {
        "highlight.css": render_to_string(
            "plans/print/highlight.css", {"house": house, "ratings": ratings.values(), "content": content}
        ).encode(),
        **{mark.image: render_to_string("report/rating.svg", {"rating": mark}).encode() for mark in ratings.values()},
        **{f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))},
    }
    return render_pdf(html, assets=assets)


def ratings_on_paper(content):
    """{rating of a line: how it is drawn}."""
    found = dict.fromkeys(line["rating"] for line in content.lines if line["rating"])
    marks = {}
    for place, rating in enumerate(found, start=1):
        fill, edge, letter = RATING_INKS.get(rating.token, RATING_INKS["grey"])
        name = f"rating-{place}"
        marks[rating] = SimpleNamespace(
            name=name, image=f"{name}.svg", fill=fill, edge=edge, letter=letter, code=rating.code, shape=rating.shape
        )
        for line in content.lines:
            if line["rating"] == rating:
                line["mark"] = name
    return marks
