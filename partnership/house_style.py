"""A partnership's own colour, on its public pages and on paper, always with text that can be read on it.

Contrast is WCAG 2.2's (relative luminance, 1 to 21); 4.5 is what its level AA asks of text.
"""

import re

from django.utils.html import format_html

ENOUGH = 4.5
WHITE = "#ffffff"
INK = "#1d1823"
FALLBACK = "#5b2459"


def house_css(colour):
    """The one rule set of a partnership's style sheet. Anything that is no colour gives our own."""
    colour = house_background(colour)
    if contrast(colour, WHITE) >= ENOUGH:
        return f".public {{ --house: {colour}; }}\n"
    readable = darkened(colour)
    return (
        f".public {{ --house: {colour}; }}\n"
        f".public .hero {{ color: {INK}; }}\n"
        "@media not all and (prefers-color-scheme: dark) {\n"
        f"  .public {{ --brand: {readable}; --link: {readable}; }}\n"
        "}\n"
    )


def house_background(colour):
    """``colour`` if it is one, else our own: for whatever else is drawn in it."""
    return colour if re.fullmatch(r"#[0-9a-f]{6}", colour) else FALLBACK


def house_icon(colour, letters):
    """A small square of the partnership's colour with its first two letters, as SVG."""
    ground = house_background(colour)
    ink = WHITE if contrast(ground, WHITE) >= ENOUGH else INK
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="{}"/>'
        '<text x="16" y="22" font-family="sans-serif" font-size="16" font-weight="700" text-anchor="middle" '
        'fill="{}">{}</text></svg>',
        ground,
        ink,
        letters[:2],
    )


def contrast(one, other):
    """How far apart two colours are, from 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    """Relative luminance of "#rrggbb", from 0 (black) to 1 (white)."""
    red, green, blue = (linear(part / 255) for part in parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(share):
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def darkened(colour):
    """The same hue, darkened just as far as it takes to be read on white."""
    while contrast(colour, WHITE) < ENOUGH:
        colour = "#" + "".join(f"{int(part * 0.95):02x}" for part in parts(colour))
    return colour


def is_colour(text):
    """Whether it is written "#rrggbb"."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def parts(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


# On paper

# Of a rating's shape, of its edge, of the letter in it, by the rating's token.
RATING_INKS = {
    "red": ("#a3192e", "#a3192e", "#ffffff"),
    "amber": ("#ffc24d", "#6b4300", "#3d2600"),
    "green": ("#1d7a4d", "#1d7a4d", "#ffffff"),
    "blue": ("#1f4e8c", "#1f4e8c", "#ffffff"),
    "grey": ("#5d686d", "#4a575d", "#ffffff"),
}


def house_colours(brand):
    """A partnership's colour and its relatives: for lines, for grounds, for the drawing on the cover."""
    return {
        "brand": brand,
        "middle": mixed(brand, "#ffffff", 0.28),
        "tint": mixed(brand, "#ffffff", 0.91),
        "line": mixed(brand, "#ffffff", 0.38),
    }


def mixed(colour, other, share_of_other):
    channels = [
        round(
            int(colour[place : place + 2], 16) * (1 - share_of_other)
            + int(other[place : place + 2], 16) * share_of_other
        )
        for place in (1, 3, 5)
    ]
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def name_lines(name):
    """A partnership's name on two lines of a cover: where it is, and what it is."""
    words = name.split(" ")
    for what in ("Safeguarding", "Community", "Adults", "Children’s"):
        if what in words[1:]:
            place = words.index(what, 1)
            return [" ".join(words[:place]), " ".join(words[place:])]
    return [name, ""]
