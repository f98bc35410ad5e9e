"""The annual report on one page: a tagged PDF of one page, whatever there is to say.

What does not fit is cut, and the page says so. The words are those of "the year in short".
"""

from dataclasses import dataclass

from django.template.loader import render_to_string

from assurance.printed import as_objects, counted
from partnership.pdf import PdfProblem, render_pdf

FEWEST_WORDS = 8  # of a sentence that is cut


@dataclass(frozen=True)
class Room:
    """How much of each kind the page may hold: ``heading`` in letters, ``words`` in words."""

    words: int
    priorities: int
    next: int
    heading: int


# From what the page holds in most years to what fits whatever the words are.
ROOMS = (Room(170, 10, 4, 90), Room(110, 8, 3, 70), Room(60, 6, 2, 60), Room(25, 4, 1, 40))


def make_summary(content, *, assets):
    """A ``Pdf`` of one page. ``assets`` are those of the printed report. Raises PdfProblem."""
    style = render_to_string("report/summary.css").encode()
    for room in ROOMS:
        said = {"report": as_objects(content), "short": as_objects(shortened(content, room)), "for_print": True}
        pdf = render_pdf(render_to_string("report/summary.html", said), assets=assets | {"summary.css": style})
        if pdf.page_count == 1:
            return pdf
    raise PdfProblem("The year in short does not fit on one page. Shorten it and try again.")


def shortened(content, room):
    """What stands on the page beside the figures, and a sentence (``cut``) where something was left out."""
    paragraphs, is_cut = first_words(content.get("in_short") or [], room.words)
    priorities = [
        {"heading": cut(each["heading"], room.heading), "rating": last_rating(each)}
        for chart in content["rating_charts"]
        for each in chart["priorities"]
    ]
    more = len(priorities) - room.priorities
    return {
        "paragraphs": paragraphs,
        "priorities": priorities[: room.priorities],
        "more_priorities": f"And {counted(more, 'more rating')}, in the report." if more > 0 else "",
        "next": [
            {"due": each["due"], "text": cut(each["text"], 2 * room.heading), "priority": cut(each["priority"], 60)}
            for each in content.get("next", [])[: room.next]
        ],
        "cut": "The words were shortened to fit this page. " if is_cut else "",
    }


def last_rating(priority):
    return next((rating for rating in reversed(priority["ratings"]) if rating), None)


def first_words(paragraphs, most):
    """(as many whole sentences as ``most`` words hold, whether any were left out). A list counts by its items."""
    left, found = most, []
    for each in paragraphs:
        kept = []
        for part in each.get("items") or [each.get("text", "")]:
            kept.append(whole_sentences(part, left))
            left -= len(kept[-1].split())
            if kept[-1] != part:
                return [*found, *as_said(each, kept)], True
        found += as_said(each, kept)
    return found, False


def as_said(paragraph, parts):
    """``parts`` in the shape of the paragraph that they are of."""
    parts = [part for part in parts if part]
    if not parts:
        return []
    return [{"items": parts}] if paragraph.get("items") else [{"text": parts[0]}]


def whole_sentences(text, most):
    """The sentences of ``text`` that ``most`` words hold; of a first sentence longer than that its beginning."""
    words = text.split()
    if len(words) <= most:
        return text
    ends = [place for place in range(1, most + 1) if words[place - 1][-1:] in ".?!"]
    if ends:
        return " ".join(words[: ends[-1]])
    return f"{' '.join(words[:most])} …" if most >= FEWEST_WORDS else ""


def cut(text, most):
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
