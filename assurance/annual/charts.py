"""The report's drawings, as numbers that a template turns into SVG.

One unit is a quarter of a millimetre in print: 672 fills the width of the page. Text is 12.5 units or
more. A drawing's ``finding`` is its alternative text; ``values`` says every value in words; a table
with the same values always follows it.
"""

import math
import textwrap

WIDTH = 672
LABEL_WIDTH = 208


def ratings_chart(priorities, rounds, *, finding):
    """Each priority's decided rating in each round, as words with shapes.

    ``priorities``: ``{"heading", "ratings": [rating or None, one for each round]}``;
    ``rounds``: ``{"months", "year"}``.
    """
    head, row_height = 38, 40
    column = (WIDTH - LABEL_WIDTH) / max(len(rounds), 1)
    middles = [LABEL_WIDTH + column * (place + 0.5) for place in range(len(rounds))]
    return {
        "finding": finding,
        "values": " ".join(values_in_words(priority, rounds) for priority in priorities),
        "width": WIDTH,
        "height": head + row_height * len(priorities) + 2,
        "head": head,
        "columns": [
            {"x": round(x, 1), "months": each["months"], "year": each["year"]}
            for x, each in zip(middles, rounds, strict=True)
        ],
        "rows": [
            {
                "line": head + row_height * (place + 1),
                "label": label_lines(priority["heading"], head + row_height * place),
                "cells": [
                    {
                        "x": round(x, 1),
                        "shape_x": round(x - 10, 1),
                        "shape_y": head + row_height * place + 3,
                        "word_y": head + row_height * place + 35,
                        "rating": rating,
                    }
                    for x, rating in zip(middles, priority["ratings"], strict=True)
                ],
            }
            for place, priority in enumerate(priorities)
        ],
    }


def label_lines(text, top):
    lines = textwrap.wrap(text, 29, max_lines=2, placeholder="…")
    first = top + (25 if len(lines) == 1 else 17)
    return [{"y": first + 16 * place, "text": line} for place, line in enumerate(lines)]


def values_in_words(priority, rounds):
    words = ", ".join(
        f"{each['months']} {each['year']} {rating['word'] if rating else 'not rated'}"
        for each, rating in zip(rounds, priority["ratings"], strict=True)
    )
    return f"{priority['heading']}: {words}."


def places_chart(rows, *, finding):
    """Bars of training places booked (outline) and taken up (solid).

    ``rows``: name, booked, attended, share.
    """
    bar_start, bar_end, head, row_height = 232, 570, 26, 38
    scale = (bar_end - bar_start) / max(row["booked"] for row in rows)
    return {
        "finding": finding,
        "values": " ".join(f"{row['name']}: {row['booked']} booked, {row['attended']} taken up." for row in rows),
        "width": WIDTH,
        "height": head + row_height * len(rows),
        "bar_start": bar_start,
        "label_x": bar_start - 10,
        "key_booked_x": bar_start + 18,
        "key_taken_x": bar_start + 140,
        "key_taken_text_x": bar_start + 158,
        "rows": [
            {
                "label": textwrap.shorten(row["name"], 34, placeholder="…"),
                "y": head + row_height * place + 4,
                "taken_y": head + row_height * place + 18,
                "label_y": head + row_height * place + 21,
                "booked": row["booked"],
                "booked_y": head + row_height * place + 14,
                "booked_width": round(row["booked"] * scale, 1),
                "booked_x": round(bar_start + row["booked"] * scale + 6, 1),
                "attended": row["attended"],
                "attended_width": round(row["attended"] * scale, 1),
                "attended_x": round(bar_start + row["attended"] * scale + 6, 1),
                "attended_text_y": head + row_height * place + 29,
                "share": row["share"],
            }
            for place, row in enumerate(rows)
        ],
    }


# The cover: a landscape of quiet lines, and one bright line with a point for each round of the year


def cover_lines():
    """Paths of the quiet lines, each with how strongly it shows."""
    return [
        {"path": smooth_path(lambda x, top=top: top + rise(x, top)), "opacity": round(0.18 + 0.008 * place, 3)}
        for place, top in enumerate(range(38, 270, 9))
    ]


def rise(x, top):
    swell = 9 * math.sin(x / 34 + top / 46)
    return swell + 5 * math.sin(x / 61 - top / 29) - x * 0.06


def bright_line():
    return smooth_path(bright)


def bright(x):
    return 198 + 8 * math.sin(x / 26 - 2.1) - x * 0.03


def cover_points(count):
    """Where the points stand; the last is the end of the year."""
    if not count:
        return []
    gap = 150 / max(count - 1, 1)
    places = [34 + gap * place for place in range(count)] if count > 1 else [184]
    return [
        {"x": round(x, 1), "y": round(bright(x), 1), "is_last": place == count - 1} for place, x in enumerate(places)
    ]


def smooth_path(height, start=-4, end=214, step=6):
    points = [f"{x} {height(x):.1f}" for x in range(start, end + step, step)]
    return "M" + " L".join(points)
