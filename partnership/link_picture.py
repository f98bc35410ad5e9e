"""The picture that other sites show beside a link to a partnership's public pages: its name on its own colour.

Its address holds a mark of all that it is made from, so it may be kept for a year; with another name or colour it has
another address. It is laid out as our PDFs are, once, and kept in the cache.
"""

import hashlib
import io
import json
from pathlib import Path

import pypdfium2
from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse

from partnership.house_style import ENOUGH, INK, WHITE, contrast, house_background, name_lines
from partnership.pdf import Limits, render_pdf

WIDTH, HEIGHT = 1200, 630  # pixels, as Open Graph asks for
PIXELS_A_POINT = 2
COLOURS = 64
A_MONTH = 30 * 24 * 3600
DESIGN = 1  # counted up with the template, so that what was kept of an earlier design is asked for no more
LIMITS = Limits(cpu_seconds=10, wall_seconds=20)
FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
LONG, VERY_LONG = 48, 90  # letters of a name


def facts_of(partnership):
    """All that the picture shows."""
    colour = house_background(partnership.house_colour)
    where, what = name_lines(partnership.name)
    return {
        "where": where,
        "what": what,
        "letters": partnership.short_name[:2],
        "colour": colour,
        "ink": WHITE if contrast(colour, WHITE) >= ENOUGH else INK,
        "size": "small" if len(partnership.name) > VERY_LONG else "middle" if len(partnership.name) > LONG else "large",
    }


def mark_of(partnership):
    made_of = json.dumps([DESIGN, facts_of(partnership)], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def address_of(partnership):
    return reverse("partnership:link-picture", args=[partnership.slug, mark_of(partnership)])


def picture_of(partnership):
    """The PNG. Raises PdfProblem where it can't be drawn."""
    key = f"link-picture:{mark_of(partnership)}"
    kept = cache.get(key)
    if kept is None:
        kept = draw(facts_of(partnership))
        cache.set(key, kept, A_MONTH)
    return kept


def draw(facts):
    style = render_to_string("partnership/print/link_picture.css", facts).encode()
    fonts = {
        f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("source-serif-4-*-600-normal.woff2"))
    }
    html = render_to_string("partnership/print/link_picture.html", facts)
    pdf = render_pdf(html, assets={"link_picture.css": style} | fonts, limits=LIMITS)
    with pypdfium2.PdfDocument(pdf.content) as pages:
        drawn = pages[0].render(scale=PIXELS_A_POINT).to_pil().convert("RGB").quantize(COLOURS)
    file = io.BytesIO()
    drawn.save(file, "PNG", optimize=True)
    return file.getvalue()
