"""The sector's own review form, one box a priority: eight fields in their order, filled or empty for a meeting.

Log of actions; comments, recommendations, risks and rating proposed of one group; comments, risks and rating
decided of the other. The labels are the form's own, with the names of the partnership's groups.
"""

import io
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Prefetch
from django.template.loader import render_to_string
from docx import Document
from docx.shared import Cm

from partnership.house_style import darkened, house_colours
from partnership.pack_word import dress, number_pages
from partnership.pdf import Limits, render_pdf
from partnership.templatetags.components import long_date
from plans.documents import rating_on_paper
from plans.models import PriorityReview, Rating
from plans.plan_word import without_clock

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
LAYOUT = Limits(cpu_seconds=20, wall_seconds=25)  # a round of ten priorities takes two


@dataclass(frozen=True)
class Field:
    """One field of the box. ``rating`` (or None) stands before ``lines``, its words."""

    label: str
    lines: tuple = ()
    rating: Rating | None = None
    is_rating: bool = False


@dataclass(frozen=True)
class Box:
    priority: object
    fields: tuple


def labels_of(plan):
    """The eight labels in the form's order, for this plan's two groups."""
    scrutiny = plan.scrutiny_group or "the scrutiny group"
    deciding = plan.deciding_group or "the deciding group"
    return (
        "Action Log + Date",
        f"Comments from {scrutiny}",
        f"Recommendations from {scrutiny}",
        f"Identified Risks and Mitigation ({scrutiny})",
        f"RAG proposal by {scrutiny}",
        f"Comments by {deciding}",
        f"Identified Risks and Mitigation ({deciding})",
        f"RAG decision by {deciding}",
    )


def boxes_of(round, *, priority=None, is_empty=False):
    """A Box for each priority of the round's plan in order, or for ``priority`` alone. A fixed number of queries."""
    plan = round.plan
    priorities = plan.priorities.order_by("position")
    priorities = priorities.filter(pk=priority.pk) if priority else priorities.in_plan()
    if is_empty:
        labels = labels_of(plan)
        return [Box(each, tuple(Field(label, is_rating=number in RATINGS) for number, label in enumerate(labels)))
                for each in priorities]  # fmt: skip
    reviews = (
        PriorityReview.objects.filter(round=round)
        .select_related("proposed_rating", "decided_rating", "proposed_by", "decided_by")
        .prefetch_related("actions", "earlier_decisions__rating", "earlier_decisions__decided_by")
    )
    found = priorities.prefetch_related(Prefetch("reviews", reviews, to_attr="round_reviews"))
    return [box_of(each, each.round_reviews[0] if each.round_reviews else PriorityReview(), plan) for each in found]


RATINGS = (4, 7)  # the fields that hold one


def box_of(priority, review, plan):
    actions = review.actions.all() if review.pk else []
    values = (
        [f"{long_date(line.agreed_on)}: {line.text}" for line in actions],
        paragraphs(review.scrutiny_comments),
        paragraphs(review.scrutiny_recommendations),
        paragraphs(review.scrutiny_risks),
        proposal_lines(review),
        paragraphs(review.decision_comments),
        paragraphs(review.decision_risks),
        decision_lines(review),
    )
    ratings = {4: review.proposed_rating, 7: review.decided_rating}
    return Box(
        priority,
        tuple(
            Field(label, tuple(lines), ratings.get(number), number in RATINGS)
            for number, (label, lines) in enumerate(zip(labels_of(plan), values, strict=True))
        ),
    )


def paragraphs(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def proposal_lines(review):
    if not review.proposed_at:
        return []
    reason = [f"Worse than last round because: {review.worsening_reason}"] if review.worsening_reason else []
    return [*reason, f"{long_date(review.proposed_at)}, recorded by {review.proposed_by}"]


def decision_lines(review):
    """Who decided and when; where it is another rating than was proposed, and where it was corrected, that too."""
    if not review.decided_at:
        return []
    lines = [f"{review.proposed_rating} was proposed. Why it differs: {review.decision_reason}"] * review.differs
    lines.append(f"{long_date(review.decided_at)}, recorded by {review.decided_by}")
    for was in review.earlier_decisions.all():
        lines.append(
            f"Corrected on {long_date(was.corrected_at)}: {was.corrected_because} Until then: {was.rating}, "
            f"recorded on {long_date(was.decided_at)} by {was.decided_by}."
        )
    return lines


# On paper


def content_of(round, boxes, *, is_empty):
    """All that both documents say."""
    plan = round.plan
    partnership = plan.partnerships.first()
    key = [rating_on_paper(place, as_values(rating)) for place, rating in enumerate(ratings_of(plan, boxes), start=1)]
    return {
        "title": f"Reviews of {round}" if len(boxes) != 1 else f"Review of {round}",
        "plan": plan,
        "round": round,
        "name": plan.whose,
        "house": house_colours(darkened(partnership.house_colour if partnership else "#5b2459")),
        "boxes": boxes,
        "key": key,
        "inks": {each.pk: each for each in key},
        "is_empty": is_empty,
    }


def ratings_of(plan, boxes):
    """The plan's ratings, best first, and any of an earlier key that a box still says."""
    said = {field.rating for box in boxes for field in box.fields if field.rating}
    return [*plan.ratings, *sorted(said - set(plan.ratings), key=lambda rating: rating.pk)]


def as_values(rating):
    return {name: getattr(rating, name) for name in ("pk", "code", "word", "meaning", "token", "shape")}


def make_pdf(content):
    """The boxes as a tagged PDF, each on a page of its own. Raises PdfProblem."""
    inked = [
        (
            box.priority,
            [(field, content["inks"].get(field.rating.pk) if field.rating else None) for field in box.fields],
        )
        for box in content["boxes"]
    ]
    assets = {
        "report.css": render_to_string("report/report.css"),
        "house.css": render_to_string("pack/house.css", {"house": content["house"], "shapes": []}),
        "reviews.css": render_to_string("plans/print/reviews.css", {"ratings": content["key"]}),
        "cover.svg": render_to_string("pack/cover.svg", {"house": content["house"]}),
        "dots.svg": render_to_string("report/dots.svg"),
        **{each.image: render_to_string("report/rating.svg", {"rating": each}) for each in content["key"]},
    }
    fonts = {f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))}
    html = render_to_string("plans/print/reviews.html", {"doc": content, "boxes": inked})
    return render_pdf(html, assets={name: text.encode() for name, text in assets.items()} | fonts, limits=LAYOUT)


def make_word(content):
    """The same boxes as a Word document, to be written in; the same content gives the same bytes."""
    document = Document()
    dress(document, title=content["title"], author=content["name"], brand=content["house"]["brand"])
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{content['plan'].title}. {content['title']}"
    number_pages(section)
    for number, box in enumerate(content["boxes"]):
        heading = document.add_heading(str(box.priority), level=1)
        heading.paragraph_format.page_break_before = number > 0
        document.add_paragraph(f"{content['title']}. {content['plan'].title}")
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        table.autofit = False
        for field in box.fields:
            row = table.add_row()
            row.cells[0].width, row.cells[1].width = Cm(5.4), Cm(11.4)
            row.cells[0].paragraphs[0].add_run(field.label).bold = True
            if content["is_empty"]:
                row.height = Cm(1.4 if field.is_rating else 2.5)
            words = [f"{field.rating.word}: {field.rating.meaning}"] if field.rating else []
            for place, line in enumerate([*words, *field.lines]):
                paragraph = row.cells[1].add_paragraph() if place else row.cells[1].paragraphs[0]
                paragraph.add_run(line).bold = bool(field.rating) and place == 0
        key = "; ".join(f"{each.code} {each.word}, {each.meaning}" for each in content["key"])
        document.add_paragraph(f"Ratings: {key}.")
    file = io.BytesIO()
    document.save(file)
    return without_clock(file)
