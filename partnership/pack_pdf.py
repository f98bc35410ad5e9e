"""The board pack as one tagged PDF: our own pages and Word papers laid out, PDF papers joined in.

Each page of a PDF paper is an empty sheet of its own size in the layout, so the contents, page numbers
and running headers of the whole pack come out right by themselves; ``pack_join`` then puts the pages
in. A Word paper that the layout cannot master is found by laying out each alone, and left out.
"""

from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from partnership.confined import Limits as ConfinedLimits
from partnership.confined import run_confined
from partnership.pack_frame import FOOT, HEAD, frame
from partnership.papers import with_papers
from partnership.pdf import Limits, PdfProblem, render_pdf
from partnership.uploads import UnreadableFile

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
LAYOUT = Limits(cpu_seconds=75, wall_seconds=90)
ALONE = Limits(cpu_seconds=8, wall_seconds=10)
MOST_TRIED_ALONE = 6
JOINING = ConfinedLimits(cpu_seconds=40, wall_seconds=50, memory_bytes=2_000_000_000)

TOO_HARD = "We could not lay it out. Save it as a PDF and bring that."
NOT_JOINED = "Its pages could not be joined to the pack. Save it again as a PDF and bring that."


def lay_out_pack(content, papers, *, claim, on_page):
    """The pack as a ``Pdf``. A paper that cannot be put in is left out (its ``why_out`` then says why).

    ``content`` is ``packs.pack_content``. Raises PdfProblem where our own pages can't be made.
    """
    try:
        pdf = lay_out(content, papers, on_page)
    except PdfProblem:
        culprits = too_hard(papers, claim)
        if not culprits:
            raise
        for paper in culprits:
            paper.leave_out(TOO_HARD)
        pdf = lay_out(content, papers, on_page)
    brought = [paper for paper in papers if paper.is_in and paper.is_pdf]
    if not brought:
        return pdf
    try:
        return join(pdf, brought, claim)
    except UnreadableFile:
        for paper in brought:
            paper.leave_out(NOT_JOINED)
        return lay_out(content, papers, on_page)


def lay_out(content, papers, on_page):
    return render_pdf(
        pack_html(content, papers), assets=pack_assets(content, papers), on_progress=on_page, limits=LAYOUT
    )


def too_hard(papers, claim):
    """The Word papers that can't be laid out alone in a few seconds, and those that were not tried."""
    brought = [paper for paper in papers if paper.is_in and not paper.is_pdf]
    found = brought[MOST_TRIED_ALONE:]
    for number, paper in enumerate(brought[:MOST_TRIED_ALONE], start=1):
        claim.say(f"Looking for the paper that takes too long: {number} of {len(brought)}")
        try:
            html = render_to_string("pack/paper_alone.html", {"html": brought_html(paper)})
            render_pdf(html, assets=pictures_of(paper), limits=ALONE)
        except PdfProblem:
            found.append(paper)
    return found


def join(pdf, papers, claim):
    def say():
        claim.say("Putting the papers in their places", pdf.page_count, pdf.page_count)

    say()
    places = [{"anchor": paper.anchor, "bookmarks": paper.facts["bookmarks"]} for paper in papers]
    question = {"papers": places, "claims_ua": all(paper.facts["claims_ua"] for paper in papers)}
    files = [pdf.content, *(paper.files[0] for paper in papers)]
    answer, [content] = run_confined("partnership.pack_join", question, files, limits=JOINING, on_wait=say)
    return replace(pdf, content=content, page_count=answer["page_count"])


# From content to pages


def brought_html(paper):
    """A Word paper's own text, which ``paper_word`` has cleaned down to a short list of tags; "" for a PDF."""
    return mark_safe(paper.facts.get("html", ""))  # noqa: S308


def pack_html(content, papers):
    shapes = shapes_of(papers)
    shown = with_papers(content, papers)
    bodies = [
        said
        | {
            "html": brought_html(paper),
            "sheets": [shapes[tuple(size)]["number"] for size in paper.facts.get("sizes", [])],
        }
        for said, paper in zip(shown["papers"], papers, strict=True)
        if paper.is_in
    ]
    return render_to_string("pack/print.html", {"pack": shown, "papers": bodies})


def shapes_of(papers):
    """Each size of page among the PDF papers, with its number and where such a page is drawn."""
    shapes = {}
    for paper in papers:
        for size in map(tuple, paper.facts.get("sizes", [])):
            if size not in shapes:
                width, height = size
                scale, left, _ = frame(width, height)
                shapes[size] = {
                    "number": len(shapes),
                    "width": width,
                    "height": height,
                    "left": f"{left:.3f}",
                    "inner_width": f"{scale * width:.3f}",
                    "inner_height": f"{min(scale * height, height - HEAD - FOOT) - 0.2:.3f}",
                }
    return shapes


def pack_assets(content, papers):
    """All that the printed pack uses: ``{name: bytes}``."""
    sheets = {"shapes": shapes_of(papers).values(), "head": HEAD, "foot": FOOT}
    made = {
        "report.css": render_to_string("report/report.css"),
        "pack.css": render_to_string("pack/pack.css"),
        "house.css": render_to_string("pack/house.css", {"house": content["house"], **sheets}),
        "cover.svg": render_to_string("pack/cover.svg", {"house": content["house"]}),
        "dots.svg": render_to_string("report/dots.svg"),
    }
    fonts = {f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))}
    assets = {name: text.encode() for name, text in made.items()} | fonts
    for paper in papers:
        assets |= pictures_of(paper)
    return assets


def pictures_of(paper):
    return dict(zip(paper.facts.get("pictures", []), paper.files, strict=True)) if not paper.is_pdf else {}
