"""The structure chart: groups as boxes, each under the one that it reports to, drawn from the data.

``as_tree`` nests groups; ``draw`` lays the tree out and gives a ``Chart`` that a template writes as SVG.
One unit is a pixel of the screen at 1280. Branches stand side by side in level rows; groups without any
of their own hang in columns from a line beside them, as many to a column as it takes to fit the page,
and if that is not enough so do the groups above them. Nothing overlaps and no line crosses a box,
however many groups there are: a chart too wide for the page is made smaller by whoever shows it.

Compared: Graphviz (a program to install, and its own idea of text) and D3's tidy tree (needs a script, and
sets twelve siblings in one row): neither wraps words or stacks siblings.
"""

import math
import unicodedata
from dataclasses import dataclass, field

WIDTH = 1072  # of the public pages at 1280; what fits there fits everywhere
HEIGHT = 820  # a page of paper on its side then has letters of more than 7 points

BOX_WIDTH = 176
PADDING = 10
INDENT = 18  # a column's boxes stand that far right of the line they hang from
COLUMN_GAP = 18
ROW_GAP = 12
LEVEL_GAP = 40
TAG_HEIGHT, TAG_GAP, TAG_PADDING = 18, 5, 5
INSIDE = BOX_WIDTH - 2 * PADDING

# Size, height of a line, how far down its letters stand.
NAME = (16, 20, 15)
NOTE = (15, 19, 14)
TAG_SIZE = 13

# Widths in ems of Source Sans 3 at 600, rounded up; other letters count as wide as the widest of theirs.
WIDTHS = {
    0.2: " \u00a0",
    0.3: "',.:;Iijl|’‘",
    0.35: "!()-/[\\]f{}",
    0.4: "rt",
    0.45: "*?sz",
    0.5: '"J_cvxy–“”',
    0.55: "#$+0123456789<=>EFLSTVXYZ^`aegko~",
    0.6: "ABCKPRbdhnpqu",
    0.65: "&DG",
    0.7: "HNOQU",
    0.75: "Mw",
    0.8: "W",
    0.85: "%m",
    0.9: "@",
}
WIDTH_OF = {letter: width for width, letters in WIDTHS.items() for letter in letters}
UNKNOWN, FULL_WIDTH = 0.7, 1.05
SLACK = 1.05  # another face where ours did not come


# What is drawn


@dataclass(frozen=True)
class Label:
    """What a box says, from the top; ``tags`` are the partnerships that share the group."""

    name: str
    url: str = ""
    note: str = ""
    warning: str = ""
    tags: tuple = ()
    is_dashed: bool = False

    @property
    def spoken(self):
        """The same in one line, for whoever hears it."""
        shared = f"shared by {', '.join(self.tags)}" if self.tags else ""
        return ", ".join(filter(None, [self.name, self.note, self.warning, shared]))


@dataclass(frozen=True)
class Text:
    words: str
    x: int
    y: int
    kind: str


@dataclass(frozen=True)
class Tag:
    words: str
    x: int
    y: int
    width: int
    height: int = TAG_HEIGHT

    @property
    def text_x(self):
        return self.x + TAG_PADDING

    @property
    def text_y(self):
        return self.y + 13


@dataclass(frozen=True)
class Box:
    label: Label
    x: int
    y: int
    height: int
    texts: tuple
    tags: tuple
    width: int = BOX_WIDTH


@dataclass(frozen=True)
class Wire:
    """A straight line between two points, across or down."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Chart:
    """``boxes`` in the order of reading: each group before those that report to it."""

    width: int
    height: int
    boxes: tuple
    wires: tuple

    @property
    def path(self):
        """All lines as one SVG path."""
        return " ".join(f"M{wire.x1} {wire.y1}L{wire.x2} {wire.y2}" for wire in self.wires)


# The tree


def as_tree(groups):
    """``groups`` as nested {"group", "branches"}; one whose parent is not among them is a root.

    Beside each other stand first those with groups of their own, then as kinds are listed, then by name.
    """
    groups = list(groups)
    known = {group.pk for group in groups}
    under = {}
    for group in groups:
        parent = group.parent_id if group.parent_id in known else None
        under.setdefault(parent, []).append(group)

    def place(group):
        return group.pk not in under, group.Kind.values.index(group.kind), group.name

    def branches_of(parent):
        return [
            {"group": group, "branches": branches_of(group.pk)} for group in sorted(under.get(parent, []), key=place)
        ]

    return branches_of(None)


def label_of(group, *, url, is_vacant=False):
    """What the box of ``group`` says. A kind that its name says already is not said again."""
    kind = group.get_kind_display()
    shared = [partnership.short_name for partnership in group.partnerships.all()]
    return Label(
        name=group.name,
        url=url,
        note="" if kind.casefold() in group.name.casefold() else kind,
        warning="Chair vacant" if is_vacant else "",
        tags=tuple(shared) if len(shared) > 1 else (),
        is_dashed=group.kind == group.Kind.TASK,
    )


# Words in a box


def width_of(words, size):
    """How wide ``words`` are at most, in units."""
    return sum(width_of_letter(letter) for letter in words) * size * SLACK


def width_of_letter(letter):
    if letter in WIDTH_OF:
        return WIDTH_OF[letter]
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in WIDTH_OF:
        return WIDTH_OF[plain]
    return FULL_WIDTH if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF else UNKNOWN


def wrapped(words, size, width=INSIDE):
    """``words`` in lines no wider than ``width``; a word too long for one is broken."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and width_of(lines[-1] + letter, size) > width:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


@dataclass
class Node:
    """A box before it has a place: its label, wrapped, how high that makes it, and its children."""

    label: Label
    children: list
    lines: list = field(default_factory=list)
    tag_rows: list = field(default_factory=list)
    height: int = 0
    levels_below: int = 0
    x: int = 0
    y: int = 0

    def __post_init__(self):
        label = self.label
        self.lines = [(line, "name", NAME) for line in wrapped(label.name, NAME[0])]
        self.lines += [(line, "note", NOTE) for line in wrapped(label.note, NOTE[0])]
        self.lines += [(line, "warning", NOTE) for line in wrapped(label.warning, NOTE[0])]
        self.tag_rows = rows_of_tags(label.tags)
        self.height = 2 * PADDING + sum(height for _, _, (_, height, _) in self.lines)
        self.height += len(self.tag_rows) * (TAG_HEIGHT + TAG_GAP)
        self.levels_below = 1 + max((child.levels_below for child in self.children), default=-1)

    @property
    def bottom(self):
        return self.y + self.height

    @property
    def centre(self):
        return self.x + BOX_WIDTH // 2

    @property
    def middle(self):
        return self.y + self.height // 2

    def walk(self):
        """This node and all below it, in the order of reading."""
        yield self
        for child in self.children:
            yield from child.walk()

    def box(self):
        texts, y = [], self.y + PADDING
        for words, kind, (_, height, baseline) in self.lines:
            texts.append(Text(words, self.x + PADDING, y + baseline, kind))
            y += height
        tags = []
        for row in self.tag_rows:
            x, y = self.x + PADDING, y + TAG_GAP
            for words, width in row:
                tags.append(Tag(words, x, y, width))
                x += width + TAG_GAP
            y += TAG_HEIGHT
        return Box(self.label, self.x, self.y, self.height, tuple(texts), tuple(tags))


def rows_of_tags(tags):
    """(words, width) of each tag, in rows that fit a box."""
    rows, used = [], INSIDE + 1
    for words in tags:
        [words] = wrapped(words, TAG_SIZE, INSIDE - 2 * TAG_PADDING)[:1] or [""]
        width = math.ceil(width_of(words, TAG_SIZE)) + 2 * TAG_PADDING
        if used + TAG_GAP + width > INSIDE:
            rows.append([])
            used = -TAG_GAP
        rows[-1].append((words, width))
        used += TAG_GAP + width
    return rows


# Places


@dataclass
class Column:
    """Siblings, each with all below it, one under the other; from ``line_x`` on a line beside them."""

    nodes: list
    has_line: bool
    x: int = 0

    @property
    def indent(self):
        return INDENT if self.has_line else 0

    @property
    def width(self):
        return self.indent + BOX_WIDTH + INDENT * max(node.levels_below for node in self.nodes)

    @property
    def entry(self):
        return self.x + (INDENT // 2 if self.has_line else BOX_WIDTH // 2)


@dataclass
class Branch:
    """A node with what stands below it in the next row: branches and columns, from the left."""

    node: Node
    units: list

    @property
    def width(self):
        return max(BOX_WIDTH, width_of_units(self.units))

    @property
    def entry(self):
        return self.node.centre

    @property
    def only_column(self):
        """The one column with a line that is all there is below, which then hangs from the box itself."""
        return self.units[0] if len(self.units) == 1 and isinstance(self.units[0], Column) else None


def width_of_units(units):
    return sum(unit.width for unit in units) + COLUMN_GAP * (len(units) - 1) if units else 0


class Layout:
    """One way to lay ``roots`` out: nodes with fewer than ``hang`` levels below them hang in columns of ``rows``."""

    def __init__(self, roots, *, hang, rows):
        self.hang, self.rows = hang, rows
        self.roots = roots
        self.wires = []
        self.heights = []
        self.units = self._units_of(roots, 0, is_top=True)
        self.tops = [sum(self.heights[:depth]) + LEVEL_GAP * depth for depth in range(len(self.heights) + 1)]
        x = 0
        for unit in self.units:
            self._place(unit, x, 0)
            x += unit.width + COLUMN_GAP
        self.width = max(width_of_units(self.units), BOX_WIDTH)
        self.height = max((node.bottom for root in roots for node in root.walk()), default=0)

    @property
    def misfit(self):
        """1 for a chart that fits its page; for one that does not, how many times too large it is."""
        return max(1, self.width / WIDTH, self.height / HEIGHT)

    def _units_of(self, nodes, depth, *, is_top=False):
        """Branches and columns for ``nodes``; notes how high the row at ``depth`` is."""
        units, hanging = [], []
        for node in nodes:
            if node.levels_below < self.hang:
                hanging.append(node)
                continue
            if depth == len(self.heights):
                self.heights.append(0)
            self.heights[depth] = max(self.heights[depth], node.height)
            units += self._columns_of(hanging, is_top=is_top)
            hanging = []
            units.append(Branch(node, self._units_of(node.children, depth + 1)))
        return units + self._columns_of(hanging, is_top=is_top)

    def _columns_of(self, nodes, *, is_top):
        """``nodes`` in columns of as even a length as their order allows."""
        if not nodes:
            return []
        count = sum(1 for node in nodes for _ in node.walk())
        length = math.ceil(count / math.ceil(count / self.rows))
        columns, used = [], length
        for node in nodes:
            size = sum(1 for _ in node.walk())
            if used + size > length and (not columns or columns[-1]):
                columns.append([])
                used = 0
            columns[-1].append(node)
            used += size
        return [Column(column, has_line=not is_top and self._needs_line(column)) for column in columns]

    @staticmethod
    def _needs_line(nodes):
        return len(nodes) > 1 or nodes[0].levels_below > 0

    def _place(self, unit, left, depth):
        if isinstance(unit, Column):
            self._place_column(unit, left, depth)
        else:
            self._place_branch(unit, left, depth)

    def _place_column(self, column, left, depth):
        column.x = left
        y = self.tops[min(depth, len(self.tops) - 1)]
        for node in column.nodes:
            y = self._hang(node, left + column.indent, y)

    def _hang(self, node, x, y):
        """Place ``node`` and all below it, one under the other; gives where the next may stand."""
        node.x, node.y = x, y
        y = node.bottom + ROW_GAP
        for child in node.children:
            y = self._hang(child, x + INDENT, y)
        self._wire_beside(node.children, x + INDENT // 2, node.bottom)
        return y

    def _place_branch(self, branch, left, depth):
        node = branch.node
        x = left + (branch.width - width_of_units(branch.units)) // 2
        for unit in branch.units:
            self._place(unit, x, depth + 1)
            x += unit.width + COLUMN_GAP
        column = branch.only_column
        hangs_from_box = column is not None and column.has_line
        node.x = column.x if hangs_from_box else left + (branch.width - BOX_WIDTH) // 2
        node.y = self.tops[depth]
        if hangs_from_box:
            self._wire_beside(column.nodes, column.entry, node.bottom)
        else:
            self._wire_below(branch, self.tops[depth + 1])

    def _wire_beside(self, nodes, x, top):
        """A line down at ``x`` from ``top``, and from it one across to each of ``nodes``."""
        if nodes:
            self._wire(x, top, x, nodes[-1].middle)
        for node in nodes:
            self._wire(x, node.middle, node.x, node.middle)

    def _wire_below(self, branch, top_of_row):
        """From the box down to a line across, and from that to each unit below."""
        node, across = branch.node, top_of_row - LEVEL_GAP // 2
        entries = [unit.entry for unit in branch.units]
        self._wire(node.centre, node.bottom, node.centre, across)
        self._wire(min(*entries, node.centre), across, max(*entries, node.centre), across)
        for unit, entry in zip(branch.units, entries, strict=True):
            if isinstance(unit, Column) and unit.has_line:
                self._wire_beside(unit.nodes, entry, across)
            else:
                self._wire(entry, across, entry, top_of_row)

    def _wire(self, x1, y1, x2, y2):
        if (x1, y1) != (x2, y2):
            self.wires.append(Wire(x1, y1, x2, y2))


def draw(branches, label_of):
    """The Chart of ``branches`` (see ``as_tree``); ``label_of`` gives what the box of a group says."""

    def node_of(branch):
        return Node(label_of(branch["group"]), [node_of(below) for below in branch["branches"]])

    # Nodes have their places in them, so a way to lay them out that was the best is laid out again.
    roots = [node_of(branch) for branch in branches]
    hang, rows = best_way(roots)
    layout = Layout(roots, hang=hang, rows=rows)
    boxes = tuple(node.box() for root in roots for node in root.walk())
    return Chart(layout.width, layout.height, boxes, tuple(layout.wires))


def best_way(roots):
    """(hang, rows) of the first layout that fits its page, the flattest first; of the least misfit if none does."""
    count = sum(1 for root in roots for _ in root.walk())
    deepest = max((root.levels_below for root in roots), default=0)
    best, best_misfit = (1, 1), math.inf
    for hang in range(1, deepest + 2):
        for rows in lengths_to_try(count):
            misfit = Layout(roots, hang=hang, rows=rows).misfit
            if misfit < best_misfit:
                best, best_misfit = (hang, rows), misfit
            if misfit == 1:
                return best
    return best


def lengths_to_try(count):
    """1, 2, 3 … up to twelve, then fewer and fewer, up to ``count``."""
    rows = 1
    while rows < count:
        yield rows
        rows += 1 if rows < 12 else rows // 4
    yield max(count, 1)
