"""Read a PDF into blocks.

A PDF is a picture of a document: it says where words and lines stand, not what they are. ``pdf_marks``
gives what stands on each page, ``pdf_tables`` the grids, ``pdf_lines`` the paragraphs; here the pages become
one document again: what is printed on every page is left out, tables go on over pages, and rows that a
page's end tore are made whole, with a doubt.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from plans.importer.blocks import Cell, Document, Paragraph, Row, Table, settle_letters, tidy
from plans.importer.columns import all_columns, read_layout
from plans.importer.pdf_lines import (
    A_YEAR_ENDS,
    SENTENCE_END,
    Column,
    Line,
    Para,
    begins_anew,
    hangs,
    joined,
    leading_of,
    lines_of,
    paragraphs_of,
    words_of,
)
from plans.importer.pdf_marks import read_pages
from plans.importer.pdf_tables import crosses, cuts_of, grids_of, heading_at, open_grid
from plans.importer.problems import UnreadablePlan

PICTURES = "This PDF holds pictures of pages, not text. Upload the Word document it was made from."
NO_LETTERS = "The letters in this PDF can’t be told from their shapes. Upload the Word document it was made from."
EMPTY = "This PDF has no text. Upload the Word document it was made from."
TORN = "This row ran over a page. We put its two parts together."
NOT_TORN = "A page ends above this part of the row. We took it for a line of its own under the same deliverable."

LEAST_LETTERS = 40
MOST_ODD_WORDS = 20
# Parts of a page's height that hold what is printed on every page.
MARGIN = 0.14
IN_MARGINS_OF = 0.4
PAGE_NUMBER = re.compile(
    r"^(?:[-\u2013|]\s*)?(?:page\s*)?(\d{1,3})(?:\s*(?:of|/|\|)\s*\d{1,3})?(?:\s*\|?\s*p\s?a\s?g\s?e)?(?:\s*[-\u2013|])?$",
    re.IGNORECASE,
)
CONTENTS_LINE = re.compile(r"(?:\.\s?){5,}\s*\d{1,3}$|\u2026{2,}\s*\d{1,3}$")
CONTINUED = re.compile(r"\s*[\u2013-]?\s*\(?\b(?:continued|cont(?:inued|[’']?d)?\.?)\)?$", re.IGNORECASE)
GOES_ON = re.compile(r"(?:[,&(/]|\b(?:and|or|of|the|for|to|with|in|on|by))$", re.IGNORECASE)
LONGEST_HEADING = 200
USUAL_GUTTER = 9  # points between columns without rules
FULL_LENGTH = 10**6  # every line of a cell has its place, so none is measured by its letters


def read_pdf(path):
    """The blocks of the PDF at ``path``."""
    pages = read_pages(Path(path).read_bytes())
    _check_text(pages)
    return _PdfReader(pages).document()


def _check_text(pages):
    letters = sum(len(word.text) for page in pages for word in page.words)
    glyphs = sum(page.glyphs for page in pages)
    if letters < LEAST_LETTERS:
        raise UnreadablePlan(PICTURES if any(page.has_picture for page in pages) else EMPTY)
    if sum(page.odd_glyphs for page in pages) > 0.3 * glyphs:
        raise UnreadablePlan(NO_LETTERS)


@dataclass
class Flow:
    """Lines that are read one after another, in a column of the page."""

    lines: list
    page: object
    is_narrow: bool = False  # beside another column


@dataclass
class Standing:
    """A grid where it stands. ``goes_on``: it has no headings of its own, but those of a page before."""

    grid: object
    page: object
    goes_on: bool = False

    @property
    def xs(self):
        return self.grid.xs


@dataclass
class RawCell:
    """``paras``: (how many lines down, ``Para``)."""

    column: int
    span: int
    continues: bool
    paras: list

    @property
    def text(self):
        return " ".join(para_text(para) for _, para in self.paras)


@dataclass
class RawRow:
    cells: list
    doubt: str | None = None

    @property
    def height(self):
        return max((at + len(para.lines) for cell in self.cells for at, para in cell.paras), default=0)

    @property
    def text(self):
        return " ".join(filter(None, (cell.text for cell in self.cells)))

    @property
    def is_across(self):
        """Does its one cell with words run across the table?"""
        filled = [cell for cell in self.cells if cell.paras]
        width = sum(cell.span for cell in self.cells)
        return len(filled) == 1 and filled[0].span >= max(2, width - 1)


@dataclass
class RawTable:
    xs: list
    rows: list
    page: object
    is_ruled: bool = True
    goes_on: bool = False


def para_text(para):
    return " ".join(line.text for line in para.lines)


class _PdfReader:
    def __init__(self, pages):
        self.pages = pages
        self.grids, self.loose = {}, {}
        for page in pages:
            self.grids[page.number], words = grids_of(page)
            self.loose[page.number] = lines_of(words)
        self.known = words_of(self._all_columns_of_lines())
        self.body_size = self._usual_size()
        self.furniture = []
        self._leave_out_furniture()
        self.margins = self._margins()
        self.odd_words = set()

    def _all_columns_of_lines(self):
        for page in self.pages:
            yield self.loose[page.number]
            for grid in self.grids[page.number]:
                for box in grid.boxes:
                    yield lines_of(box.words)

    def _usual_size(self):
        sizes = Counter()
        for page in self.pages:
            for word in page.words:
                sizes[round(word.size * 2) / 2] += len(word.text)
        return sizes.most_common(1)[0][0]

    def document(self):
        items = self._items()
        self.open_ends = _open_ends(item.grid for item in items if isinstance(item, Standing))
        items = [self._raw_table(item) if isinstance(item, Standing) else item for item in items]
        items = self._whole_tables(items)
        document = Document(notes=self._notes())
        self.heading_levels = self._levels(items)
        last = None
        for item in items:
            if isinstance(item, RawTable):
                document.blocks.append(self._table(item))
                last = None
            else:
                last = self._add_text(document.blocks, item, last)
        for word in sorted(self.odd_words)[:MOST_ODD_WORDS]:
            plain, _ = settle_letters(word)
            document.notes.append(f"“{word}” has a letter of another alphabet in it. We read it as “{plain}”.")
        return document

    def _notes(self):
        notes = []
        pictures = [str(page.number) for page in self.pages if page.has_picture and not page.words]
        if pictures:
            where = f"Page {pictures[0]} is a picture" if len(pictures) == 1 else "Some pages are pictures"
            notes.append(f"{where}, so nothing on it was read: page {', '.join(pictures)}.")
        upright = dict.fromkeys(word.text for page in self.pages for word in page.upright)
        if upright:
            notes.append("Words that run up the page were left out: " + " ".join(upright))
        if self.furniture:
            notes.append("Printed on every page, and left out: " + "; ".join(dict.fromkeys(self.furniture)))
        return notes

    # What is printed on every page

    def _leave_out_furniture(self):
        counts = Counter()
        for page in self.pages:
            counts.update({_margin_key(line, page) for line in self._in_margins(page)})
        often = max(2, IN_MARGINS_OF * len(self.pages))
        for page in self.pages:
            lines = self.loose[page.number]
            top, bottom = self._text_ends(page)
            while lines and self._is_furniture(lines[0], page, counts, often, lines[1:], top):
                self._leave_out(lines.pop(0))
            while lines and self._is_furniture(lines[-1], page, counts, often, [], bottom):
                self._leave_out(lines.pop())

    def _leave_out(self, line):
        if not PAGE_NUMBER.match(line.text) and len(line.text) > 3:
            self.furniture.append(re.sub(r"\bpage \d+(?: of \d+)?\b", "", line.text, flags=re.IGNORECASE).strip(" |-"))

    def _text_ends(self, page):
        grids = self.grids[page.number]
        return (
            min((grid.top for grid in grids), default=page.height),
            max((grid.bottom for grid in grids), default=0.0),
        )

    def _in_margins(self, page):
        for line in self.loose[page.number]:
            if line.base < MARGIN * page.height or line.base > (1 - MARGIN) * page.height:
                yield line

    def _is_furniture(self, line, page, counts, often, below, edge):
        is_top = line.base < MARGIN * page.height and line.base < edge
        is_bottom = line.base > (1 - MARGIN) * page.height and line.base > edge
        if not is_top and not is_bottom:
            return False
        if PAGE_NUMBER.match(line.text):
            return True
        if counts[_margin_key(line, page)] < often:
            return False
        return not (is_top and heading_at([line, *below[:5]]))

    # Text and tables in their order

    def _margins(self):
        """(left, right) of the text on pages of each width."""
        by_width = defaultdict(list)
        for page in self.pages:
            by_width[round(page.width)] += self.loose[page.number]
        margins = {}
        for width, lines in by_width.items():
            grids = [grid for page in self.pages if round(page.width) == width for grid in self.grids[page.number]]
            left = min((line.x0 for line in lines), default=0.0)
            right = max((line.x1 for line in lines), default=float(width))
            full = [line for line in lines if line.x1 > left + 0.9 * (right - left)]
            if len(full) < 3:
                right = max([right, width - left, *(grid.xs[-1] - 6 for grid in grids)])
            margins[width] = (left, right)
        return margins

    def _items(self):
        """``Flow``s and ``Standing`` grids from the first page to the last."""
        items, open_table = [], None
        for page in self.pages:
            grids = self.grids[page.number]
            lines = self.loose[page.number]
            for grid in [*grids, None]:
                top = grid.top if grid else float("inf")
                above = [line for line in lines if line.base <= top + 1]
                lines = [line for line in lines if line.base > top + 1]
                flows, open_table = self._open_tables(above, page, open_table)
                items += flows
                if grid:
                    items.append(Standing(grid, page))
                    open_table = None
        return items

    def _open_tables(self, lines, page, before):
        """(what ``lines`` hold, the table without rules that they end with).

        ``before``: such a table that ended the last page, and may go on here.
        """
        items, begun = [], 0
        at = 0
        last = before if not lines else None
        if before is not None and lines and heading_at(lines) is None:
            headings = before.grid.headings
            grid, taken = open_grid(lines, 0, cuts_of(lines, 0, headings, page), page)
            if grid and self._goes_on_in_columns(lines[:taken], grid):
                grid.headings = headings
                last = Standing(grid, page, goes_on=True)
                items.append(last)
                at = begun = taken
        while at < len(lines):
            found = heading_at(lines[at : at + 8])
            if found is None:
                at += 1
                continue
            count, headings = found
            below = lines[at:]
            grid, taken = open_grid(below, count, cuts_of(below, count, headings, page), page)
            if not grid:
                at += 1
                continue
            grid.headings = headings
            items += self._flows(lines[begun:at], page)
            last = Standing(grid, page)
            items.append(last)
            at = begun = at + taken
        rest = self._flows(lines[begun:], page)
        return items + rest, last

    def _goes_on_in_columns(self, lines, grid):
        """Do these lines stand in the columns of the table on the page before?"""
        inside = [line for line in lines if not crosses(line, grid.xs[:-1])]
        beside = [line for line in inside if any(_gap_at(line, place) for place in grid.xs[1:-1])]
        return bool(beside) and len(beside) * 3 >= len(inside)

    def _flows(self, lines, page):
        lines = [line for line in lines if not CONTENTS_LINE.search(line.text)]
        if not lines:
            return []
        place = _second_column(lines, page)
        if place is None:
            return [Flow(lines, page)]
        x, first, last = place
        above, beside, below = lines[:first], lines[first : last + 1], lines[last + 1 :]
        words = [word for line in beside for word in line.words]
        left = lines_of([word for word in words if word.x0 < x])
        right = lines_of([word for word in words if word.x0 >= x])
        flows = [Flow(left, page, True), Flow(right, page, True)]
        return self._flows(above, page) + flows + self._flows(below, page)

    # Tables

    def _raw_table(self, standing):
        grid = standing.grid
        by_column = defaultdict(list)
        for box in grid.boxes:
            if box.words:
                by_column[box.column].append((box, lines_of(box.words)))
        columns = [lines for boxes in by_column.values() for _, lines in boxes]
        leading = leading_of(columns)
        rows = [RawRow([]) for _ in grid.ys[1:]]
        bases = [float("inf")] * len(rows)
        for boxes in by_column.values():
            for box, lines in boxes:
                bases[box.row] = min(bases[box.row], lines[0].base)
        for boxes in by_column.values():
            all_lines = [lines for _, lines in boxes]
            left = min(line.x0 for lines in all_lines for line in lines)
            is_hanging = all(hangs(lines) for lines in all_lines)
            for box, lines in boxes:
                right = self._right_of(box, left, grid)
                place = Column(left, right, leading, is_hanging)
                paras = paragraphs_of(lines, place)
                size = self._line_height(lines, leading)
                cell = RawCell(
                    box.column,
                    box.columns,
                    False,
                    [(round((para.first.base - bases[box.row]) / size), para) for para in paras],
                )
                rows[box.row].cells.append(cell)
        _add_empty_cells(rows, grid)
        return RawTable(grid.xs, [row for row in rows if row.cells], standing.page, grid.is_ruled, standing.goes_on)

    def _line_height(self, lines, leading):
        return leading * (sorted(line.size for line in lines)[len(lines) // 2])

    def _right_of(self, box, left, grid):
        """Where the lines of a cell may end. Without rules the longest lines in like columns tell."""
        if grid.is_ruled:
            return box.x1 - min(max(left - grid.xs[box.column], 1.0), 8.0)
        lefts = _lefts(grid)
        own = lefts[box.column : box.column + 2]
        ends = sorted(end for other, found in self.open_ends if _alike(own, other) for end in found)
        if box.columns > 1 or len(own) < 2 or not ends:
            return box.x1 - 2
        near = [end for end in ends if end > ends[-1] - 0.12 * (ends[-1] - left)]
        return ends[-1] + 1.5 if len(ends) >= 5 and len(near) >= 2 else max(ends[-1] + 1.5, own[1] - USUAL_GUTTER)

    def _whole_tables(self, items):
        """Join the tables that go on over a page's end."""
        whole, heading = [], None
        for item in items:
            last = whole[-1] if whole else None
            are_tables = isinstance(item, RawTable) and isinstance(last, RawTable)
            rest = self._rest_of(last, item) if are_tables and item.page.number == last.page.number + 1 else None
            if rest:
                _join(last, rest)
                last.page = item.page
                continue
            if isinstance(item, RawTable):
                own = next((row for row in item.rows[:1] if _is_heading(row, len(item.xs) - 1)), None)
                if own is None and item.goes_on and heading:
                    item.rows.insert(0, replace(heading))  # it stands after a paragraph, and would be no table
                heading = own or heading
            whole.append(item)
        return whole

    def _rest_of(self, table, after):
        """``after`` without headings that are printed again; None if it is another table."""
        after = _in_columns_of(table, after)
        if after is None:
            return None
        again = {fold(row.text) for row in table.rows[:4]}
        banners = {fold(row.text) for row in table.rows if row.is_across}
        while after.rows:
            text = fold(CONTINUED.sub("", after.rows[0].text))
            if text in again or (after.rows[0].is_across and text in banners):
                del after.rows[0]
            else:
                break
        is_rest = after.rows and not _is_heading(after.rows[0], len(after.xs) - 1)
        return after if is_rest else None

    def _table(self, raw):
        rows = []
        for row in raw.rows:
            cells = []
            for cell in row.cells:
                steps = _steps([para.bullet_x for _, para in cell.paras if para.bullet_x is not None])
                paragraphs, line = [], 0
                for at, para in cell.paras:
                    paragraphs += [Paragraph("")] * min(max(at - line, 0), 60)
                    paragraphs.append(self._paragraph(para, steps))
                    line = max(at, line) + 1
                cells.append(Cell(tuple(paragraphs), cell.column, cell.span, cell.continues, FULL_LENGTH))
            rows.append(Row(tuple(sorted(cells, key=lambda cell: cell.column)), row.doubt))
        return Table(tuple(rows))

    # Text

    def _add_text(self, blocks, flow, last):
        """Add the paragraphs of a flow; gives the last ``Para``, which the next page may go on with."""
        left, right = self.margins[round(flow.page.width)]
        if flow.is_narrow:
            left, right = min(line.x0 for line in flow.lines), max(line.x1 for line in flow.lines)
        column = Column(left, right, leading_of([flow.lines]), hangs(flow.lines))
        paras = paragraphs_of(flow.lines, column)
        if last is not None and paras and _reads_on(last, paras[0]):
            paras[0] = replace(last, lines=[*last.lines, *paras[0].lines], room=paras[0].room)
            blocks.pop()
        for run in _list_runs(paras):
            steps = _steps([para.bullet_x for para in run if para.bullet_x is not None])
            for para in run:
                blocks.append(self._paragraph(para, steps, is_loose=True))
        return paras[-1] if paras else None

    def _paragraph(self, para, steps, *, is_loose=False):
        text = joined(para.lines, self.known)
        text, odd_words = settle_letters(tidy(text))
        self.odd_words.update(odd_words)
        is_bold = all(line.is_bold for line in para.lines)
        depth = None if para.bullet_x is None else _step_of(para.bullet_x, steps)
        return Paragraph(
            text=text,
            heading=self.heading_levels.get(self._grade(para)) if is_loose else None,
            is_bold=is_bold,
            bold_start="" if is_bold else tidy(self._bold_start(para)),
            bullet=depth,
        ).with_bullet_read()

    def _bold_start(self, para):
        start = []
        for line in para.lines:
            words = []
            for word in line.words:
                if not word.is_bold:
                    break
                words.append(word)
            if words:
                start.append(Line(words))
            if len(words) < len(line.words):
                break
        return joined(start, self.known)

    def _grade(self, para):
        """What sets a heading apart: the size of its letters, where they are larger or coloured; else None."""
        size = round(para.first.size * 2) / 2
        if para.bullet_x is not None or len(para_text(para)) > LONGEST_HEADING:
            return None
        stands_out = all(line.is_bold or line.is_coloured for line in para.lines)
        larger = para.first.size / self.body_size
        return size if larger >= 1.14 or (larger >= 1.04 and stands_out) else None

    def _levels(self, items):
        """Heading levels by size. The largest is the title, if it stands on the first page alone."""
        pages, times, texts = defaultdict(set), Counter(), {}
        for item in items:
            above = None
            for line in item.lines if isinstance(item, Flow) else ():
                grade = self._grade(Para([line]))
                if grade is not None:
                    pages[grade].add(item.page.number)
                    times[grade] += grade != above
                    texts.setdefault(grade, line.text)
                above = grade
        sizes = sorted(pages, reverse=True)
        is_title = bool(sizes) and pages[sizes[0]] == {self.pages[0].number}
        if is_title and len(sizes) == 1:
            is_title = times[sizes[0]] == 1 and not re.match(r"\d|priority", texts[sizes[0]], re.IGNORECASE)
        return {size: level for level, size in enumerate(sizes, start=0 if is_title else 1)}


def _lefts(grid):
    """Where the words of each column begin, and where the last column ends."""
    lefts = list(grid.xs)
    for column in range(len(grid.xs) - 1):
        own = [word.x0 for box in grid.boxes if box.column == column and box.columns == 1 for word in box.words]
        lefts[column] = min(own, default=grid.xs[column])
    return lefts


def _open_ends(grids):
    """[((left, next left), [where lines end])] of each column in grids without rules."""
    found = []
    for grid in grids:
        if grid.is_ruled:
            continue
        lefts = _lefts(grid)
        for column in range(len(grid.xs) - 1):
            boxes = [box for box in grid.boxes if box.column == column and box.columns == 1]
            ends = [line.x1 for box in boxes for line in lines_of(box.words)]
            found.append((lefts[column : column + 2], ends))
    return found


def _alike(one, other):
    return len(one) == len(other) and all(abs(a - b) < 3 for a, b in zip(one, other, strict=True))


def fold(text):
    return " ".join(text.casefold().split())


def _margin_key(line, page):
    """The line without the number of its page."""
    return fold(re.sub(rf"(?<!\d){page.number}(?!\d)", "#", line.text))


def _gap_at(line, x):
    """Are there words on both sides of ``x``, and room between them?"""
    before = [word.x1 for word in line.words if word.x0 < x]
    after = [word.x0 for word in line.words if word.x0 >= x - 1]
    return bool(before and after) and min(after) - max(before) > 0.7 * line.size


def _second_column(lines, page):
    """(where it begins, first line, last line) of a second column of text, or None."""
    starts = defaultdict(list)
    for at, line in enumerate(lines):
        for before, word in zip(line.words, line.words[1:], strict=False):
            if word.x0 - before.x1 > 0.9 * word.size and 0.3 * page.width < word.x0 < 0.75 * page.width:
                starts[round(word.x0 / 2)].append(at)
        if line.x0 > 0.3 * page.width:
            starts[round(line.x0 / 2)].append(at)
    for place, at in sorted(starts.items(), key=lambda start: -len(start[1])):
        if len(at) < 4:
            break
        x = place * 2 - 3
        first, last = _free_stretch(lines, x, at)
        left = [line for line in lines[first : last + 1] if line.x0 < x]
        right = [at_line for at_line in at if first <= at_line <= last]
        if len(left) >= 4 and len(right) >= 4:
            return x, first, last
    return None


def _free_stretch(lines, x, at):
    """(first, last) of the lines round those at ``at`` that no word at ``x`` interrupts."""
    middle = at[len(at) // 2]
    is_free = [all(word.x1 < x + 1 or word.x0 > x - 1 for word in line.words) and _is_parted(line, x) for line in lines]
    first = last = middle
    while first > 0 and is_free[first - 1]:
        first -= 1
    while last + 1 < len(lines) and is_free[last + 1]:
        last += 1
    # What stands to the left alone is above both columns, or below them, unless the left one is longer.
    first = max(first, min(at))
    end = max(place for place in at if place <= last)
    while end < last and lines[end + 1].base - lines[end].base < 1.45 * lines[end].size:
        end += 1
    return first, end


def _is_parted(line, x):
    before = [word.x1 for word in line.words if word.x0 < x]
    after = [word.x0 for word in line.words if word.x0 >= x]
    return not before or not after or min(after) - max(before) > 0.8 * line.size


def _reads_on(last, first):
    """Does a paragraph go on over the end of a page or a column?"""
    if first.bullet_x is not None or abs(first.first.size - last.last.size) > 0.5:
        return False
    text = first.first.text
    return text[:1].islower() and not SENTENCE_END.search(last.last.text) and first.first.is_bold == last.last.is_bold


def _list_runs(paras):
    """Paragraphs in runs, each of list items or of none."""
    runs = []
    for para in paras:
        if runs and (runs[-1][-1].bullet_x is None) == (para.bullet_x is None):
            runs[-1].append(para)
        else:
            runs.append([para])
    return runs


def _steps(places):
    """The places of bullets that are further in than each other."""
    steps = []
    for place in sorted(places):
        if not steps or place - steps[-1] > 5:
            steps.append(place)
    return steps


def _step_of(place, steps):
    return max((depth for depth, step in enumerate(steps) if place >= step - 0.1), default=0)


# Rows over pages


def _add_empty_cells(rows, grid):
    """Cells without words, and those that go on with the cell above."""
    for box in grid.boxes:
        if not box.words:
            rows[box.row].cells.append(RawCell(box.column, box.columns, False, []))
        for row in range(box.row + 1, box.row + box.rows):
            rows[row].cells.append(RawCell(box.column, box.columns, True, []))


def _in_columns_of(table, after):
    """``after`` with its cells in the columns of ``table``; None if they stand elsewhere."""
    are_ruled = table.is_ruled and after.is_ruled
    near = 6 if are_ruled else 24
    if abs(table.xs[0] - after.xs[0]) > near:
        return None
    if are_ruled and abs(table.xs[-1] - after.xs[-1]) > near:
        return None
    places = []
    for x in after.xs[:-1]:
        nearest = min(range(len(table.xs) - 1), key=lambda at: abs(table.xs[at] - x))
        if abs(table.xs[nearest] - x) > near or nearest in places:
            return None
        places.append(nearest)
    places.append(len(table.xs) - 1)
    for row in after.rows:
        for cell in row.cells:
            end = places[cell.column + cell.span]
            cell.column = places[cell.column]
            cell.span = end - cell.column
    return RawTable(table.xs, after.rows, after.page, after.is_ruled)


def _is_heading(row, width):
    cells = tuple(Cell((Paragraph(cell.text),), cell.column, cell.span) for cell in row.cells)
    return read_layout(Row(cells), all_columns(), width) is not None


def _join(table, after):
    first = after.rows[0]
    if table.rows and not first.is_across:
        kind = _torn(table.rows[-1], first)
        if kind == "torn":
            _mend(table.rows[-1], first)
            del after.rows[0]
        elif kind == "under":
            first.cells[:] = [replace(cell, continues=cell.continues or cell.column == 0) for cell in first.cells]
            first.doubt = NOT_TORN
    table.rows += after.rows


def _cell(row, column):
    return next((cell for cell in row.cells if cell.column == column and cell.paras), None)


def _torn(above, row):
    """ "torn" if the first row on a page is the rest of the one above; "under" if a row of a merged cell."""
    if _cell(row, 0) and _completes(above, row):
        return "torn"
    if _cell(row, 0):
        return "torn" if _is_rest(above, row) else None
    filled = [cell for cell in row.cells if cell.paras]
    fresh = [cell for cell in filled if _begins_afresh(_cell(above, cell.column), cell)]
    return "under" if len(filled) >= 3 and len(fresh) == len(filled) else "torn"


def _completes(above, row):
    """Has the row above only what this one has not, so that the page's end came before its longer cells?"""
    if not any(cell.column == 0 and not cell.continues for cell in above.cells):
        return False
    filled = {cell.column for cell in above.cells if cell.paras}
    if not filled or 0 in filled:
        return False
    return 1 not in filled or not filled & {cell.column for cell in row.cells if cell.paras}


def _begins_afresh(above, cell):
    """Does this cell begin with something new, after one that had come to its end?"""
    first = cell.paras[0][1]
    if first.bullet_x is None and not re.match(r"[A-Z0-9‘“(]", first.first.text):
        return False
    return above is None or not above.paras[-1][1].is_full_for(first.first) or bool(SENTENCE_END.search(above.text))


def _is_rest(above, row):
    """Is a row whose first cell has words still the rest of the one above?"""
    own = _cell(row, 0).paras[0][1]
    before = _cell(above, 0)
    if before is None or own.bullet_x is not None:
        return False
    if own.first.text[:1].islower() and not re.match(r"[a-z][.)]", own.first.text):
        return True
    is_whole = len([cell for cell in row.cells if cell.paras]) >= 3
    is_numbered = bool(re.match(r"\(?\d", own.first.text))
    was_numbered = bool(re.match(r"\(?\d", before.text))
    return not is_whole and was_numbered and not is_numbered


def _mend(above, rest):
    """Put the rest of a torn row under its beginning."""
    height = above.height
    for cell in rest.cells:
        if not cell.paras:
            continue
        first = _cell(above, cell.column)
        lower = [(at + height, para) for at, para in cell.paras]
        if first is None:
            place = next((own for own in above.cells if own.column == cell.column), None)
            if place is None:
                above.cells.append(replace(cell, paras=lower))
            else:
                place.paras = lower
            continue
        last, begin = first.paras[-1][1], cell.paras[0][1]
        if _goes_on_below(last, begin):
            last.lines += begin.lines
            last.room = begin.room
            lower = lower[1:]
        first.paras += lower
    above.doubt = TORN


def _goes_on_below(last, begin):
    if begin.bullet_x is not None:
        return False
    if last.bullet_x is not None and abs(begin.first.x0 - last.text_x) > 3:
        return False
    text, more = last.last.text, begin.first.text
    if SENTENCE_END.search(text) or begins_anew(text, more) or (A_YEAR_ENDS.search(text) and more[0].isupper()):
        return False
    return more[0].islower() or GOES_ON.search(text) is not None or last.is_full_for(begin.first)
