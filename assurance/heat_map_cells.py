"""A cell of the heat map: number in a shape, an arrow, and all of it in words. Colour comes last."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from assurance.heat_map import DOWN, NOT_APPLICABLE, NOT_ASKED, SAME, SCORED, UNANSWERED, UP
from assurance.models.standards import figure
from partnership.templatetags.components import shape_of

ARROWS = {UP: "↑", DOWN: "↓", SAME: "="}
MOVED = {UP: "better than last time", DOWN: "worse than last time", SAME: "the same as last time"}
KINDS = {NOT_APPLICABLE: "Does not apply", UNANSWERED: "Not answered", NOT_ASKED: "Not asked"}


class Cells:
    """Draws marks of one scale. Two thousand cells have a few dozen drawings between them."""

    def __init__(self, scale, points):
        self.scale = scale
        self.points = {point.value: point for point in points}
        self.draw = lru_cache(maxsize=None)(self._draw)

    def words(self, mark):
        """ "2 Mostly met, better than last time (1). Moderated: they said 3"."""
        said = self.score_in_words(mark.score) if mark.kind == SCORED else KINDS[mark.kind]
        if mark.movement == SAME:
            said += f", {MOVED[SAME]}"
        elif mark.movement:
            said += f", {MOVED[mark.movement]} ({figure(mark.before)})"
        if mark.is_moderated:
            said += f". Moderated: they said {mark.own}" if mark.own else ". Moderated: they gave no score"
        return said

    def score_in_words(self, score):
        """ "2 Mostly met", "Amber", "65%"."""
        point = self.points.get(score)
        number = f"{figure(score)}{self.scale.unit}"
        if point is None:
            return number
        return point.word if point.letter else f"{number} {point.word}"

    def drawing(self, score):
        """A score's shape; where the scale has no words, its number over a bar."""
        point = self.points.get(score)
        if point:
            return shape_of(point)
        share = round(20 * float(self.scale.share(score)), 1)
        return format_html(
            '<span class="heat-number" aria-hidden="true">{}</span>'
            '<svg class="heat-bar" viewBox="0 0 20 4" aria-hidden="true" focusable="false">'
            '<rect class="rail" width="20" height="4"/><rect width="{}" height="4"/></svg>',
            figure(score),
            share,
        )

    def _draw(self, mark):
        """What stands in the cell of ``mark``."""
        drawn = self.drawing(mark.score) if mark.kind == SCORED else ""
        if mark.kind == NOT_APPLICABLE:
            drawn = mark_safe('<span class="heat-word" aria-hidden="true">n/a</span>')
        signs = ARROWS.get(mark.movement, "") + (" m" if mark.is_moderated else "")
        return format_html(
            '{}<span class="heat-signs" aria-hidden="true">{}</span><span class="govuk-visually-hidden">{}</span>',
            drawn,
            signs.strip(),
            self.words(mark),
        )
