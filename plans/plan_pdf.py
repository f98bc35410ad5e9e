"""A version of a plan as one tagged PDF: its HTML, and all that the layout may use beside it.

Type, tables and tokens are the annual report's (``report/report.css``), cover, margins and running
headers the board pack's (``pack/house.css``); ``plans/print/plan.css`` adds what only a plan has.
``content`` is ``plans.documents.content_of``.
"""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
WIDE_FROM = 4  # columns: from so many on the pages of the table lie across


def print_html(content):
    is_wide = content["table"].column_count >= WIDE_FROM
    return render_to_string("plans/print/plan.html", {"doc": content, "is_wide": is_wide})


def print_assets(content):
    """``{name: bytes}``: the style sheets of reports, packs, plans and comparisons, cover, ratings, fonts."""
    made = {
        "report.css": render_to_string("report/report.css"),
        "house.css": render_to_string("pack/house.css", {"house": content["house"], "shapes": []}),
        "plan.css": render_to_string("plans/print/plan.css", {"ratings": content["ratings"]}),
        "comparison.css": render_to_string("plans/print/comparison.css"),
        "cover.svg": render_to_string("pack/cover.svg", {"house": content["house"]}),
        "dots.svg": render_to_string("report/dots.svg"),
        **{each.image: render_to_string("report/rating.svg", {"rating": each}) for each in content["ratings"]},
    }
    fonts = {f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))}
    return {name: text.encode() for name, text in made.items()} | fonts
