"""The tables of a page: from its rules and coloured fields, or from where words stand under headings.

Either way the answer is a ``Grid`` of ``Box``es with their words. A grid from rules knows which cells are
merged. One without takes its columns from the gaps between words, and its rows from wide gaps across all
columns where the first column begins something new.
"""

import bisect
from collections import defaultdict
from dataclasses import dataclass, field

from plans.importer.blocks import Cell, Paragraph, Row
from plans.importer.columns import all_columns, plain_heading, read_layout
from plans.importer.pdf_lines import NUMBER, Line, bullet_of, leading_of, lines_of, text_of
from plans.importer.pdf_marks import Rule

# In points.
TOUCH = 3.0
GAP_IN_RULE = 4.0
NARROWEST = 7.0
LOWEST_FIELD = 7.0
MOST_RULES = 1_500
MOST_COLUMNS = 40
HEADING_LINES = 6
# In sizes of letters.
BETWEEN_COLUMNS = 0.5
BETWEEN_ROWS = 1.15
MOST_BLANK = 14


@dataclass
class Box:
    """A cell: its place in the grid, and the words in it. ``rows`` more than 1 for one merged downwards."""

    row: int
    column: int
    rows: int
    columns: int
    x0: float
    x1: float
    words: list = field(default_factory=list)


@dataclass
class Grid:
    """``xs``, ``ys``: where its columns and rows begin, and where the last ones end."""

    xs: list
    ys: list
    boxes: list
    is_ruled: bool = True
    headings: list = field(default_factory=list)  # (from, to) of each, where there are no rules

    @property
    def top(self):
        return self.ys[0]

    @property
    def bottom(self):
        return self.ys[-1]

    def holds(self, word):
        x, y = (word.x0 + word.x1) / 2, word.base - 0.3 * word.size
        return self.xs[0] - 1 <= x <= self.xs[-1] + 1 and self.top - 1 <= y <= self.bottom + 1


def grids_of(page):
    """(grids from rules and fields, the words outside them)."""
    grids, words = [], page.words
    for rules, is_coloured in ((page.rules, False), ([*page.rules, *_edges(page.fields)], True)):
        for grid in _grids(_ruled(rules)):
            if any(_overlap(grid, other) for other in grids):
                continue
            if is_coloured and not _is_whole(grid, words):
                continue
            words, inside = _parted(words, grid)
            if _fill(grid, inside):
                grids.append(grid)
            else:
                words = words + inside
    return sorted(grids, key=lambda grid: grid.top), words


def _is_whole(grid, words):
    """Is this coloured grid a table, and not its headings alone, every other row, or rows without columns?"""
    rows = len(grid.ys) - 1
    parted = [row for row in range(rows) if sum(box.row == row for box in grid.boxes) > 1]
    if rows < 2 or len(parted) * 2 <= rows:
        return False
    below = [word for word in words if grid.bottom < word.base < grid.bottom + 2.2 * word.size]
    return len({column_of(word.x0, grid.xs) for word in below}) < 2 or any(crosses(Line([w]), grid.xs) for w in below)


def _parted(words, grid):
    inside = [word for word in words if grid.holds(word)]
    taken = set(map(id, inside))
    return [word for word in words if id(word) not in taken], inside


def _overlap(one, other):
    return (
        one.top < other.bottom - TOUCH
        and other.top < one.bottom - TOUCH
        and one.xs[0] < other.xs[-1] - TOUCH
        and other.xs[0] < one.xs[-1] - TOUCH
    )


# Rules


def _edges(fields):
    """The sides of coloured fields, as rules. Small ones are marks behind words."""
    for box in fields:
        if box.bottom - box.top < LOWEST_FIELD or box.x1 - box.x0 < LOWEST_FIELD:
            continue
        yield Rule(True, box.top, box.x0, box.x1)
        yield Rule(True, box.bottom, box.x0, box.x1)
        yield Rule(False, box.x0, box.top, box.bottom)
        yield Rule(False, box.x1, box.top, box.bottom)


def _ruled(rules):
    """(rules across, rules down), those in one line joined."""
    return tuple(_joined([rule for rule in rules if rule.is_across is is_across]) for is_across in (True, False))


def _joined(rules):
    lines = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lines and rule.at - lines[-1][0].at <= TOUCH * 0.7:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    found = []
    for line in lines:
        at = sum(rule.at for rule in line) / len(line)
        parts = []
        for rule in sorted(line, key=lambda rule: rule.start):
            if parts and rule.start - parts[-1].end <= GAP_IN_RULE:
                parts[-1].end = max(parts[-1].end, rule.end)
            else:
                parts.append(Rule(rule.is_across, at, rule.start, rule.end))
        found += parts
    return [rule for rule in found if rule.end - rule.start >= NARROWEST][:MOST_RULES]


def _grids(rules):
    """The grids that rules which touch each other make, where they make columns."""
    across, down = rules
    group = list(range(len(across) + len(down)))

    def root(at):
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for i, one in enumerate(across):
        for j, other in enumerate(down, start=len(across)):
            meets = one.start - TOUCH <= other.at <= one.end + TOUCH
            if meets and other.start - TOUCH <= one.at <= other.end + TOUCH:
                group[root(i)] = root(j)
    members = defaultdict(lambda: ([], []))
    for at, rule in enumerate([*across, *down]):
        members[root(at)][0 if rule.is_across else 1].append(rule)
    for own_across, own_down in members.values():
        grid = _grid(own_across, own_down)
        if grid:
            yield grid


def _grid(across, down):
    if len(down) < 2 or not across:
        return None
    xs = _places([rule.at for rule in down] + _ends(across, [rule.at for rule in down]))
    ys = _places([rule.at for rule in across] + _ends(down, [rule.at for rule in across]))
    columns, rows = len(xs) - 1, len(ys) - 1
    if not (2 <= columns <= MOST_COLUMNS and rows >= 1 and columns * rows >= 3):
        return None
    return Grid(xs, ys, _boxes(xs, ys, across, down))


def _places(values):
    places = []
    for value in sorted(values):
        if not places or value - places[-1] > NARROWEST:
            places.append(value)
    return places


def _ends(rules, places):
    """The outermost ends of rules that run on past every rule of the other kind: a table open at a side."""
    first, last = min(rule.start for rule in rules), max(rule.end for rule in rules)
    ends = [first] if first < min(places) - NARROWEST else []
    return [*ends, last] if last > max(places) + NARROWEST else ends


def _boxes(xs, ys, across, down):
    """Merge the squares of a grid where no rule parts them."""
    columns, rows = len(xs) - 1, len(ys) - 1
    closed_right = [[_parts(down, xs[c + 1], ys[r], ys[r + 1]) for c in range(columns)] for r in range(rows)]
    closed_below = [[_parts(across, ys[r + 1], xs[c], xs[c + 1]) for c in range(columns)] for r in range(rows)]
    taken = [[False] * columns for _ in range(rows)]
    boxes = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            wide = 1
            while c + wide < columns and not taken[r][c + wide] and not closed_right[r][c + wide - 1]:
                wide += 1
            high = 1
            while r + high < rows and _same_below(r + high, c, wide, columns, closed_right, closed_below, taken):
                high += 1
            for y in range(r, r + high):
                taken[y][c : c + wide] = [True] * wide
            boxes.append(Box(r, c, high, wide, xs[c], xs[c + wide]))
    return boxes


def _same_below(r, c, wide, columns, closed_right, closed_below, taken):
    """Do the squares of row ``r`` go on with those above them, as one cell?"""
    places = range(c, c + wide)
    if any(closed_below[r - 1][place] or taken[r][place] for place in places):
        return False
    if any(closed_right[r][place] for place in places[:-1]):
        return False
    is_closed_left = c == 0 or closed_right[r][c - 1]
    return is_closed_left and (c + wide == columns or closed_right[r][c + wide - 1])


def _parts(rules, at, start, end):
    """Does a rule at ``at`` cover most of the way from ``start`` to ``end``?"""
    covered = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules if abs(rule.at - at) <= NARROWEST
    )
    return covered >= 0.6 * (end - start)


def _fill(grid, words):
    """Put the words in their boxes; whether that makes a table."""
    _part_numbered_rows(grid, words)
    places = {
        (r, c): box
        for box in grid.boxes
        for r in range(box.row, box.row + box.rows)
        for c in range(box.column, box.column + box.columns)
    }
    for word in words:
        c = min(max(bisect.bisect((grid.xs), (word.x0 + word.x1) / 2) - 1, 0), len(grid.xs) - 2)
        r = min(max(bisect.bisect(grid.ys, word.base - 0.3 * word.size) - 1, 0), len(grid.ys) - 2)
        places[r, c].words.append(word)
    filled = {box.column for box in grid.boxes if box.words}
    return len(filled) >= 2 or (len(filled) == 1 and len(grid.xs) > 3)  # the end of a torn row may have one


def _part_numbered_rows(grid, words):
    """Where no rule runs between rows, the numbers in the first column tell them."""
    rows = len(grid.ys) - 1
    tall = [row for row in range(rows) if all(box.rows == box.columns == 1 for box in grid.boxes if box.row == row)]
    starts = []
    for row in tall:
        top, bottom = grid.ys[row], grid.ys[row + 1]
        own = [word for word in words if top < word.base < bottom]
        first = lines_of([word for word in own if word.x0 < grid.xs[1]])
        numbered = [line for line in first if NUMBER.match(line.words[0].text) and line.words[0].text[0].isdigit()]
        others = [word.base for word in own if word.x0 >= grid.xs[1]]
        starts += [line.base - line.size for line in numbered[1:] if _has_near(others, line.base, 0.2 * line.size)]
    if not starts:
        return
    grid.ys = sorted([*grid.ys, *starts])
    boxes = []
    for box in grid.boxes:
        row = grid.ys.index(_old_row_top(grid, starts, box.row))
        added = 1
        if box.rows == 1:
            while grid.ys[row + added] in starts:
                boxes.append(Box(row + added, box.column, 1, box.columns, box.x0, box.x1))
                added += 1
        boxes.append(Box(row, box.column, box.rows, box.columns, box.x0, box.x1))
    grid.boxes = boxes


def _old_row_top(grid, starts, row):
    return [y for y in grid.ys if y not in starts][row]


def _has_near(values, at, near):
    return any(abs(value - at) < near for value in values)


# Words under headings


def heading_at(lines):
    """(how many lines, (from, to) of each heading) where ``lines`` begin with a row of headings, else None."""
    found = _heading(lines)
    if found is None or (len(lines) > 1 and (_heading(lines[1:]) or found)[0] > found[0]):
        return None  # a line above the headings is none of them
    return found[1:]


def _heading(lines):
    """(how sure, how many lines, places)"""
    best = None
    for count in range(1, min(HEADING_LINES, len(lines)) + 1):
        if count > 1 and lines[count - 1].base - lines[count - 2].base > 1.6 * lines[count - 1].size:
            break
        segments = _segments(lines[:count])
        if not 2 <= len(segments) <= MOST_COLUMNS:
            continue
        cells = tuple(Cell((Paragraph(text),), at) for at, (_, _, text) in enumerate(segments))
        layout = read_layout(Row(cells), _COLUMNS, len(cells))
        if not layout:
            continue
        sure = sum(column.knows(plain_heading(segments[at][2])) for at, column in layout.columns.items())
        if best is None or sure > best[0] or (sure == best[0] and _is_in_same_print(lines, count)):
            best = (sure, count, [(x0, x1) for x0, x1, _ in segments])
    return best


def _is_in_same_print(lines, count):
    """Is the last of ``count`` lines printed as the ones above it, and not as the ones below?"""
    above, last = lines[count - 2], lines[count - 1]
    if above.is_bold:
        return last.is_bold
    if count == len(lines):
        return False
    return lines[count].base - last.base > 1.15 * (last.base - above.base)


_COLUMNS = all_columns()


def _segments(lines):
    """(from, to, text) of what stands above one another in lines, where gaps part it."""
    parts = []
    for line in lines:
        words = [line.words[0]]
        for word in line.words[1:]:
            if word.x0 - words[-1].x1 > BETWEEN_COLUMNS * word.size:
                parts.append(words)
                words = []
            words.append(word)
        parts.append(words)
    segments = []
    for words in sorted(parts, key=lambda words: words[0].x0):
        x0, x1 = words[0].x0, words[-1].x1
        if segments and x0 < segments[-1][1]:
            segments[-1][1] = max(segments[-1][1], x1)
            segments[-1][2].append(words)
        else:
            segments.append([x0, x1, [words]])
    return [
        (x0, x1, " ".join(text_of(words) for words in sorted(own, key=lambda words: words[0].base)))
        for x0, x1, own in segments
    ]


@dataclass
class Band:
    """Lines of an open table that follow closely on each other."""

    lines: list
    kind: str = ""  # "columns", "part", "first" (in the first column alone), "across"


def open_grid(lines, count, cuts, page):
    """A grid without rules down: ``count`` lines of headings and the rows under them, in columns from ``cuts``.

    Gives (grid, how many of the lines it took). Without headings it is a table that goes on from the page before.
    """
    leading = leading_of(_by_column(lines[count:], cuts))
    marks = _row_marks(page, lines[0].base - lines[0].size, cuts)
    bands = _bands(lines[count:], cuts, leading, marks)
    last = max((at for at, band in enumerate(bands) if band.kind == "columns"), default=None)
    if last is None and count and bands and bands[0].kind == "part":
        last = 0  # no more than the end of a row that began on the page before
    if last is None:
        # Headings at the foot of a page have their rows on the next.
        return (_open_boxes([("heading", lines[:count])], cuts, page.width), count) if count else (None, 0)
    while last + 1 < len(bands) and (bands[last + 1].kind == "part" or _is_last_row(bands[last + 1 :])):
        last += 1
    rows = _rows(bands[: last + 1], cuts, marks)
    taken = count + sum(len(band.lines) for band in bands[: last + 1])
    if count:
        rows.insert(0, ("heading", lines[:count]))
    return _open_boxes(rows, cuts, page.width), taken


def _is_last_row(bands):
    """Is this the first cell of a row whose other cells the page's end put on the next page?"""
    return len(bands) == 1 and bands[0].kind == "first" and bool(NUMBER.match(bands[0].lines[0].words[0].text))


def cuts_of(lines, count, headings, page):
    """Where each column begins: in the widest gap between two headings, down all the lines."""
    fields = _heading_fields(page, lines[:count])
    starts = [left for left, _ in headings]
    body = [line for line in lines[count:] if not _runs_over(line, starts)]
    lines = [*lines[:count], *body]
    cuts = [min([starts[0], *(line.x0 for line in lines)]) - 2]
    for (start, end), (left, _) in zip(headings, headings[1:], strict=False):
        edges = [x for x in fields if end - 1 <= x <= left + 1]
        cuts.append(edges[-1] - 0.1 if edges else _gap_between(lines, start + 4, left + 1, left))
    return cuts


def _runs_over(line, starts):
    """Does one run of words cover where two columns begin? Then it stands in none."""
    return any(sum(run.x0 + 2 < start < run.x1 - 2 for start in starts) > 1 for run in _runs(line))


def _heading_fields(page, heading_lines):
    """The left sides of coloured fields behind a row of headings."""
    if not heading_lines:
        return []
    y = heading_lines[0].base - 0.3 * heading_lines[0].size
    fields = [box for box in page.fields if box.top <= y <= box.bottom]
    return sorted(box.x0 for box in fields) if len(fields) > 2 else []


def _gap_between(lines, low, high, usual):
    """The middle of the free strip between ``low`` and ``high`` that is nearest before ``usual``.

    Words that run across (a banner, a paragraph after the table) are outnumbered: a strip is free where
    fewest words stand.
    """
    spans = [(word.x0, word.x1) for line in lines for word in line.words]
    spans = [(x0, x1) for x0, x1 in spans if x1 > low and x0 < high]
    places = sorted({low, high, usual - 1, *(x for span in spans for x in span if low <= x <= high)})
    best = None
    for start, end in zip(places, places[1:], strict=False):
        if end - start < 1.0:
            continue
        middle = (start + end) / 2
        crossed = sum(x0 < middle < x1 for x0, x1 in spans)
        score = (crossed, -min(end - start, 12), abs(end - usual))
        if best is None or score < best[0]:
            best = (score, end)
    return best[1] - 0.5 if best else usual - 1


@dataclass(slots=True)
class _Run:
    x0: float
    x1: float


def _runs(line):
    """Words without the ordinary spaces between them."""
    runs = []
    for word in line.words:
        if runs and word.x0 - runs[-1].x1 <= BETWEEN_COLUMNS * word.size:
            runs[-1].x1 = word.x1
        else:
            runs.append(_Run(word.x0, word.x1))
    return runs


def column_of(x, cuts):
    return max(bisect.bisect(cuts, x) - 1, 0)


def _by_column(lines, cuts):
    columns = defaultdict(list)
    for line in lines:
        for word in line.words:
            columns[column_of(word.x0, cuts)].append(word)
    return [lines_of(words) for words in columns.values()]


def _row_marks(page, top, cuts):
    """Where rules or the edges of fields run across most of the table: the ends of its rows."""
    width = page.width - 2 * cuts[0]
    spans = [rule for rule in page.rules if rule.is_across]
    spans += [rule for rule in _edges(page.fields) if rule.is_across]
    places = defaultdict(float)
    for rule in _joined(spans):
        if rule.at > top and rule.start <= cuts[1] + 5:
            places[rule.at] += rule.end - rule.start
    return _places([at for at, length in places.items() if length > 0.6 * width])


def _bands(lines, cuts, leading, marks):
    bands = []
    for line in lines:
        above = bands[-1].lines[-1] if bands else None
        is_new = above is None or line.base - above.base > BETWEEN_ROWS * leading * max(above.size, line.size)
        if is_new or any(above.base < mark <= line.base for mark in marks):
            if above is not None and line.base - above.base > MOST_BLANK * line.size:
                break  # far below: another part of the page
            bands.append(Band([]))
        bands[-1].lines.append(line)
    for band in bands:
        band.kind = _kind(band.lines, cuts)
    _cut_at_new_heading(bands)
    return bands


def _cut_at_new_heading(bands):
    """Another row of headings begins another table; what stands across before it belongs to that."""
    for at, band in enumerate(bands):
        if at and heading_at(band.lines):
            while at and bands[at - 1].kind in {"across", "first"}:
                at -= 1
            del bands[at:]
            return


def _kind(lines, cuts):
    if any(crosses(line, cuts) for line in lines):
        return "across"
    columns = {column_of(word.x0, cuts) for line in lines for word in line.words}
    if len(columns) > 1:
        return "columns"
    return "first" if columns == {0} else "part"


def crosses(line, cuts):
    return any(run.x0 < cut - 2 and run.x1 > cut + 2 for run in _runs(line) for cut in cuts[1:])


def _rows(bands, cuts, marks):
    """[("row" | "across" | "heading", lines)] of bands."""
    rows = []
    for band in bands:
        if band.kind == "across" or (band.kind == "first" and all(line.is_bold for line in band.lines)):
            rows.append(("across", list(band.lines)))
            continue
        parts = _split_by_number(band.lines, cuts)
        for place, part in enumerate(parts):
            starts = place > 0 or _starts_row(part, cuts)
            if len(marks) > 3 and rows and rows[-1][0] == "row":
                above = rows[-1][1][-1].base
                starts = any(above < mark <= part[0].base for mark in marks)
            if rows and rows[-1][0] == "row" and not starts:
                rows[-1][1].extend(part)
            else:
                rows.append(("row", list(part)))
    return rows


def _starts_row(lines, cuts):
    """A row begins where its first column does, beside another."""
    columns = {column_of(word.x0, cuts) for word in lines[0].words}
    return 0 in columns and len(columns) > 1


def _split_by_number(lines, cuts):
    """Rows that follow without a gap, each with a number before its first cell."""
    parts = [[]]
    for line in lines:
        own = [word for word in line.words if column_of(word.x0, cuts) == 0]
        is_numbered = bool(own) and bool(NUMBER.match(own[0].text)) and not bullet_of(Line(own))
        if parts[-1] and is_numbered and len(own) < len(line.words):
            parts.append([])
        parts[-1].append(line)
    return parts


def _open_boxes(rows, cuts, width):
    ends = [*cuts[1:], width - cuts[0]]
    last = max((word.x1 for _, lines in rows for line in lines for word in line.words), default=width)
    xs = [*cuts, max(cuts[-1] + NARROWEST, min(max(last + 1, ends[-1]), width))]
    ys, boxes = [], []
    for r, (kind, lines) in enumerate(rows):
        ys.append(min(word.top for line in lines for word in line.words))
        words = [word for line in lines for word in line.words]
        if kind == "across":
            boxes.append(Box(r, 0, 1, len(cuts), xs[0], xs[-1], words))
            continue
        own = [Box(r, c, 1, 1, xs[c], xs[c + 1]) for c in range(len(cuts))]
        for word in words:
            own[column_of(word.x0 + 0.5, cuts)].words.append(word)
        boxes += own
    ys.append(max(word.bottom for _, lines in rows for line in lines for word in line.words))
    return Grid(xs, ys, boxes, is_ruled=False)
