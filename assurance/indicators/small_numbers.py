"""Small numbers: which figures are not shown to all, because they, or others with them, point at a few people.

Hidden first is every figure behind which stand fewer people than the indicator's bar, and more than none. A nought is
shown: it points at nobody, and that nothing happened is worth knowing. The same is asked of the people behind a per
cent or a rate: those counted, those of whom they are counted and, of a per cent, those who are left.

Then others are hidden until no small number can be worked out: from a whole minus its areas, from a year minus its
quarters, from a rate times its denominator, or from an indicator that counts the same over other periods. What can be
worked out is asked of linear algebra, exactly; then it is asked whether sums leave each small number a range as wide as
the bar. All hidden figures look the same, or their mark would say which are small.

Sources: Government Statistical Service and Office for National Statistics, "Guidance for tables produced from
administrative sources" (2014) and "Policy on protecting confidentiality in tables of birth and death statistics":
a primary and a secondary suppression, noughts usually shown; Department for Education's statistics mark both
alike, "c". Whoever knows the rule that the next smallest is hidden too may guess a little closer than these tests;
the same is true of the tables named.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from assurance.models import Indicator, IndicatorValue
from partnership.access import may
from partnership.models import Area

COUNTED, OF_WHOM, LEFT = "counted", "of whom", "left"
EVER = Decimal("Infinity")
TILINGS = 24
TRIED = 6


@dataclass(frozen=True)
class Figure:
    """One value as one person may see it; of a hidden one only where, when and what it is compared with."""

    pk: int
    indicator_id: int
    area: Area | None
    starts_on: date
    ends_on: date
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    comparator: Decimal | None
    note: str
    is_hidden: bool

    @property
    def area_id(self):
        return self.area.pk if self.area else None


def figures_of(indicators, user):
    """``{pk of an indicator: [Figure, by period and area]}``, as ``user`` may see them; ``None`` is the public.

    The one way to the figures for pages, charts, files and reports. Two queries, however many indicators.
    """
    indicators = list(indicators)
    families = {_family(indicator) for indicator in indicators}
    values = (
        IndicatorValue.objects.filter(indicator__in=Indicator.objects.of_families(families))
        .select_related("area", "indicator")
        .order_by("starts_on", "area__name", "pk")
    )
    by_family = defaultdict(list)
    for value in values if families else ():
        by_family[_family(value.indicator)].append(value)
    return {indicator.pk: shown(indicator, by_family[_family(indicator)], user) for indicator in indicators}


def shown(indicator, values, user):
    """``[Figure]`` of ``indicator`` as ``user`` may see them.

    ``values``: all of the indicator and of those that count the same (``same_as``), never some of the periods: what
    is hidden rests on the others. Take ``figures_of`` where they are not at hand already.
    """
    out_of_sight = set() if user is not None and may(user, "read_small", indicator) else hidden(values)
    return [_figure(value, value.pk in out_of_sight) for value in values if value.indicator_id == indicator.pk]


def _figure(value, is_hidden):
    return Figure(
        pk=value.pk,
        indicator_id=value.indicator_id,
        area=value.area,
        starts_on=value.starts_on,
        ends_on=value.ends_on,
        value=None if is_hidden else value.value,
        numerator=None if is_hidden else value.numerator,
        denominator=None if is_hidden else value.denominator,
        comparator=value.comparator,
        note="" if is_hidden else value.note,
        is_hidden=is_hidden,
    )


def _family(indicator):
    return indicator.same_as_id or indicator.pk


def hidden(values):
    """Keys of those of ``values`` that must not be shown, small ones and what would give them away.

    ``values``: IndicatorValue rows with their ``indicator``, all periods and areas of each.
    """
    families = defaultdict(list)
    for value in values:
        if value.value is not None:
            families[_family(value.indicator)].append(value)
    keys = set()
    for rows in families.values():
        bar = max(row.indicator.small_below for row in rows)
        if bar > 1:
            for cells in _apart(_cells_of(rows)):
                keys |= _hidden_of(cells, bar)
    return keys


class _Cell:
    """One area in one period: every row that tells how many there were, and the numbers of people behind them."""

    def __init__(self, key):
        self.area, self.starts_on, self.ends_on = key
        self.pks = []
        self.measures = {}

    def size(self):
        return min(self.measures.values())

    def small(self, bar):
        return {name for name, people in self.measures.items() if 0 < people < bar}


def _cells_of(rows):
    """Cells behind which people are known."""
    cells = {}
    for row in rows:
        key = row.area_id, row.starts_on, row.ends_on
        cell = cells.setdefault(key, _Cell(key))
        cell.pks.append(row.pk)
        for name, people in _people_behind(row).items():
            cell.measures.setdefault(name, people)
    return [cell for cell in cells.values() if cell.measures]


def _people_behind(row):
    """``{COUNTED: …, OF_WHOM: …, LEFT: …}`` as far as the row tells it."""
    unit = row.indicator.unit
    if unit == Indicator.Unit.COUNT:
        return {COUNTED: row.value}
    counted, of_whom = row.numerator, row.denominator
    people = {}
    if unit in (Indicator.Unit.DAYS, Indicator.Unit.SCORE):
        counted, of_whom = of_whom if of_whom is not None else counted, None
    elif counted is None and of_whom is not None:
        each = 100 if unit == Indicator.Unit.PERCENT else row.indicator.rate_per
        counted = Decimal(round(row.value * of_whom / each))
    if counted is not None:
        people[COUNTED] = counted
    if of_whom is not None:
        people[OF_WHOM] = of_whom
        if unit == Indicator.Unit.PERCENT:
            people[LEFT] = of_whom - counted
    return people


def _apart(cells):
    """Cells of periods that overlap, together: nothing of the others says anything of them."""
    together, last = [], None
    for cell in sorted(cells, key=lambda cell: (cell.starts_on, cell.ends_on)):
        if last is None or cell.starts_on > last:
            together.append([])
            last = cell.ends_on
        last = max(last, cell.ends_on)
        together[-1].append(cell)
    return together


def _hidden_of(cells, bar):
    """Keys of rows that are hidden among ``cells``, whose periods overlap."""
    small = [cell for cell in cells if cell.small(bar)]
    if not small:
        return set()
    away = set(small)
    for whole_areas in _readings(cells):
        table = _Table(cells, bar, whole_areas)
        while (exposed := table.exposed(small, away)) is not None:
            more = table.next_to_hide(exposed, away)
            if more is None:
                break
            away.add(more)
    return {pk for cell in away for pk in cell.pks}


def _readings(cells):
    """Sets of areas that may be taken for the whole: none but the whole, or also a county among its districts."""
    holds_all = _areas_that_hold_all(cells)
    counted = {(cell.area, cell.starts_on, cell.ends_on): cell.measures.get(COUNTED) for cell in cells}
    is_sure = any(
        number and area in holds_all and counted.get((None, *period)) == number
        for (area, *period), number in counted.items()
    )
    if holds_all and is_sure:
        return [{None, *holds_all}]
    return [{None}, {None, *holds_all}] if holds_all else [{None}]


def _areas_that_hold_all(cells):
    """Areas that count as many as all others together, be it by chance."""
    by_period = defaultdict(dict)
    for cell in cells:
        if cell.area is not None and COUNTED in cell.measures:
            by_period[cell.starts_on, cell.ends_on][cell.area] = cell.measures[COUNTED]
    return {
        area
        for counted in by_period.values()
        for area, number in counted.items()
        if len(counted) > 2 and number and number * 2 == sum(counted.values())
    }


class _Table:
    """What is known of ``cells`` to a reader who knows that areas make the whole and quarters the year."""

    def __init__(self, cells, bar, whole_areas):
        self.cells, self.bar, self.whole_areas = cells, bar, whole_areas
        self.functionals = self._functionals()
        self.sums = self._sums()

    def _functionals(self):
        """Each cell as the set of the smallest pieces (an area in a stretch of days) that it counts."""
        edges = sorted({cell.starts_on.toordinal() for cell in self.cells} | {_after(cell) for cell in self.cells})
        stretches = list(zip(edges, edges[1:], strict=False))

        def within(cell):
            return [s for s in stretches if cell.starts_on.toordinal() <= s[0] and s[1] <= _after(cell)]

        pieces = {(cell.area, s) for cell in self.cells if cell.area not in self.whole_areas for s in within(cell)}
        areas = {area for area, _ in pieces}
        functionals = {}
        for cell in self.cells:
            if cell.area not in self.whole_areas:
                functionals[cell] = {(cell.area, s) for s in within(cell)}
            else:
                of_areas = {(area, s) for area in areas for s in within(cell)} & pieces
                bare = {(None, s) for s in within(cell) if not any((area, s) in pieces for area in areas)}
                functionals[cell] = of_areas | bare
        return functionals

    def _sums(self):
        """``[(whole, parts)]``: a whole that its areas make, a period that shorter ones make."""
        sums = []
        by_period, by_area = defaultdict(list), defaultdict(list)
        for cell in self.cells:
            by_period[cell.starts_on, cell.ends_on].append(cell)
            by_area[cell.area].append(cell)
        for cells in by_period.values():
            parts = [cell for cell in cells if cell.area not in self.whole_areas]
            pieces = set().union(*(self.functionals[part] for part in parts))
            wholes = [cell for cell in cells if cell.area in self.whole_areas and self.functionals[cell] == pieces]
            sums.extend((whole, parts) for whole in wholes if parts)
        for cells in by_area.values():
            for cell in cells:
                sums.extend((cell, parts) for parts in _tilings(cell, cells))
        return sums

    def exposed(self, small, away):
        """A small cell that can be worked out, or nearly; None if there is none."""
        basis = _basis(self.functionals[cell] for cell in self.cells if cell not in away)
        for cell in small:
            if not _reduce(_vector(self.functionals[cell]), basis):
                return cell
        for measure in (COUNTED, OF_WHOM, LEFT):
            ranges = self._ranges(away, measure)
            for cell in small:
                if measure in cell.small(self.bar):
                    lowest, highest = ranges[cell]
                    if highest - lowest < self.bar - 1:
                        return cell
        return None

    def _ranges(self, away, measure):
        """``{hidden cell: (lowest, highest)}`` that sums leave it: at least one, since a nought would be shown."""
        ranges = {cell: (Decimal(min(1, cell.measures.get(measure, 0))), EVER) for cell in away}

        def of(cell):
            return ranges.get(cell) or (cell.measures[measure], cell.measures[measure])

        sums = [
            (whole, parts) for whole, parts in self.sums if all(measure in cell.measures for cell in (whole, *parts))
        ]
        for _ in range(len(self.cells)):
            before = dict(ranges)
            for whole, parts in sums:
                if whole in away:
                    low, high = of(whole)
                    ranges[whole] = max(low, sum(of(p)[0] for p in parts)), min(high, sum(of(p)[1] for p in parts))
                for part in parts:
                    if part in away:
                        low, high = of(part)
                        others = [of(p) for p in parts if p is not part]
                        if all(top < EVER for _, top in others):
                            low = max(low, of(whole)[0] - sum(top for _, top in others))
                        if of(whole)[1] < EVER:
                            high = min(high, of(whole)[1] - sum(bottom for bottom, _ in others))
                        ranges[part] = low, high
            if ranges == before:
                break
        return ranges

    def next_to_hide(self, exposed, away):
        """The smallest figure shown that, hidden, protects ``exposed``; None if all are hidden."""
        near = {cell for whole, parts in self.sums if exposed in (whole, *parts) for cell in (whole, *parts)}
        seen = sorted(
            (cell for cell in self.cells if cell not in away),
            key=lambda cell: (cell not in near, cell.size() == 0, cell.size(), cell.starts_on, cell.area or 0),
        )
        for cell in seen[:TRIED]:
            if cell.size() and self.exposed([exposed], away | {cell}) is None:
                return cell
        return seen[0] if seen else None


def _after(cell):
    return cell.ends_on.toordinal() + 1


def _tilings(cell, cells, limit=TILINGS):
    """Ways in which shorter periods of ``cells`` make that of ``cell``, at most ``limit``."""
    inside = defaultdict(list)
    for other in cells:
        if other is not cell and cell.starts_on <= other.starts_on and other.ends_on <= cell.ends_on:
            inside[other.starts_on.toordinal()].append(other)
    ways, open_ways = [], [(cell.starts_on.toordinal(), [])]
    while open_ways and len(ways) < limit:
        day, parts = open_ways.pop()
        if day == _after(cell):
            ways.append(parts)
        else:
            open_ways.extend((_after(part), [*parts, part]) for part in inside[day])
    return ways


def _vector(pieces):
    return {piece: Fraction(1) for piece in pieces}


def _basis(functionals):
    """What is shown, as rows of which each begins with a piece of its own: ``{piece: row}``."""
    basis = {}
    for pieces in functionals:
        row = _reduce(_vector(pieces), basis)
        if row:
            first = next(iter(row))
            basis[first] = {piece: factor / row[first] for piece, factor in row.items()}
    return basis


def _reduce(row, basis):
    """``row`` minus what the basis says of it; empty if it can be worked out from there."""
    row = dict(row)
    todo = [piece for piece in row if piece in basis]
    while todo:
        piece = todo.pop()
        factor = row.get(piece)
        if not factor:
            continue
        for other, amount in basis[piece].items():
            left = row.get(other, 0) - factor * amount
            if left:
                row[other] = left
                if other in basis:
                    todo.append(other)
            else:
                row.pop(other, None)
    return row
