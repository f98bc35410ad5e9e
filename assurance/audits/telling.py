"""What members are told of an audit, frozen on that day; how it compares with the audit before; how it ends."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from assurance.audits.planning import locked
from assurance.audits.sheets import IN_ALL
from assurance.models import AuditGrading, AuditModeration
from assurance.return_sheet import figure, score_in_words


class NotModerated(Exception):
    """No meeting has agreed the grades yet, so there is nothing to tell."""


# Figures


def figures_of(audit):
    """The agreed grades counted, without any case or agency, as JSON holds them.

    {"cases": 5, "agencies": 4, "best": "lowest", "parts": [{"title", "counts": [{"score", "word", "count", ...}]}]}:
    the best grade first, every grade that has a word and whatever else was given.
    """
    scale = audit.scale
    points = {point.value: point for point in scale.points.all()}
    rows = AuditModeration.objects.filter(case__audit=audit).values_list("section", "score")
    counts = Counter(rows)
    parts = []
    for section in [*audit.sections.all(), None]:
        key = section.pk if section else None
        values = {score for part, score in counts if part == key} | set(points)
        values = sorted(values, reverse=scale.best == scale.Best.HIGHEST)
        parts.append(
            {
                "title": section.title if section else IN_ALL,
                "counts": [
                    counted(value, counts[key, value], scale, points)
                    for value in values
                    if counts[key, value] or any(part == key for part, _score in counts)
                ],
            }
        )
    submitted = AuditGrading.objects.submitted().filter(case__audit=audit)
    return {
        "cases": len(set(AuditModeration.objects.filter(case__audit=audit).values_list("case", flat=True))),
        "agencies": len(set(submitted.values_list("organisation", flat=True))),
        "scale": scale.pk,
        "best": scale.best,
        "parts": parts,
    }


def counted(value, count, scale, points):
    point = points.get(value)
    return {
        "score": figure(value),
        "word": score_in_words(value, scale, points),
        "code": point.code if point else figure(value),
        "token": point.token if point else "grey",
        "shape": point.shape if point else "ring",
        "count": count,
    }


@dataclass(frozen=True)
class Counted:
    """How many cases had one grade, as a rating that can be drawn."""

    score: str
    word: str
    code: str
    token: str
    shape: str
    count: int
    meaning: str = ""


@dataclass
class PartFigures:
    """One section: its grades counted now and, where it was looked at before, then; ``movement`` in words."""

    title: str
    counts: list
    before: list = field(default_factory=list)
    movement: str = ""

    @property
    def total(self):
        return sum(each.count for each in self.counts)

    @property
    def given(self):
        return [each for each in self.counts if each.count]

    @property
    def given_before(self):
        return [each for each in self.before if each.count]


BETTER, WORSE, SAME, UNKNOWN = "Better", "Worse", "About the same", "Cannot be compared"
NEGLIGIBLE = Decimal("0.147")  # of Cliff's delta, below which nothing moved (Romano and others 2006)


def shown_figures(figures, before=None):
    """[PartFigures] of ``figures_of``; with those of the audit ``before`` beside each section of the same name."""
    then = {part["title"].casefold(): part for part in (before or {}).get("parts", ())}
    found = []
    for part in figures.get("parts", ()):
        row = PartFigures(part["title"], [Counted(**each) for each in part["counts"]])
        earlier = then.get(part["title"].casefold())
        if earlier:
            row.before = [Counted(**each) for each in earlier["counts"]]
            is_one_scale = figures["scale"] == before["scale"]
            row.movement = movement(row.before, row.counts, figures["best"]) if is_one_scale else UNKNOWN
        found.append(row)
    return found


def movement(then, now, best):
    """Whether grades are better now: each case now is set against each case then, and the better ones are counted.

    Grades stand in an order and are no amounts, so nothing is averaged: this is Cliff's delta (Cliff 1993).
    """
    sign = 1 if best == "highest" else -1
    pairs = [
        (before.count * after.count, sign * (Decimal(after.score) - Decimal(before.score)))
        for before in then
        for after in now
    ]
    total = sum(count for count, _difference in pairs)
    if not total:
        return UNKNOWN
    better = sum(count for count, difference in pairs if difference > 0)
    worse = sum(count for count, difference in pairs if difference < 0)
    delta = Decimal(better - worse) / total
    return SAME if abs(delta) < NEGLIGIBLE else BETTER if delta > 0 else WORSE


# Telling and ending


@transaction.atomic
def tell_members(audit, *, summary, re_audit_on, by, on):
    """Freeze its figures and open it to members; its entry of the timetable is done. Told twice, it is told once.

    Raises NotModerated.
    """
    audit = locked(audit)
    if audit.released_on:
        return audit
    if audit.moderated_on is None:
        raise NotModerated
    audit.summary, audit.re_audit_on = summary, re_audit_on
    audit.figures = figures_of(audit)
    audit.released_on, audit.released_by = on, by
    audit.save()
    entry = audit.timetable_entry
    if entry and entry.done_on is None:
        entry.done_on = on
        entry.save(update_fields=["done_on"])
    return audit


@transaction.atomic
def close_audit(audit, *, because, on):
    """Nothing more comes of it, and why. Closed twice, it is closed once."""
    audit = locked(audit)
    if audit.closed_on is None:
        audit.closed_on, audit.closed_because = on, because
        audit.save(update_fields=["closed_on", "closed_because"])
    return audit
