"""Read a Word document (.docx) into blocks.

The parts of the file are read directly, not through python-docx, because plans hold what that leaves
out: text inside content controls and accepted insertions, numbers that Word makes by itself, and
cells merged downwards, which it repeats. The file has passed ``partnership.uploads`` and this runs in a child
process with limits.
"""

import re
import zipfile
from dataclasses import dataclass, replace

from lxml import etree

from plans.importer.blocks import Cell, Document, Paragraph, Row, Table, settle_letters, tidy
from plans.importer.problems import UnreadablePlan

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

MOST_PARAGRAPHS = 40_000
MOST_CHARACTERS = 3_000_000
MOST_ODD_WORDS = 20
# Twentieths of a point that one character of 10 point text takes, on average.
CHARACTER_WIDTH = 100

_SKIPPED = {W + "del", W + "moveFrom", W + "instrText", W + "delText", MC + "Fallback", W + "pPr"}
_TRANSPARENT = {W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_TRANSPARENT |= {MC + "AlternateContent", MC + "Choice"}
_OFF = {"0", "false", "off", "none"}
# Styles of our own documents: what follows a paragraph, and a ref that stands before a title.
_ROLES = {"plan outcomes": "outcomes"}
_COLUMN_ROLE = re.compile(r"^plan (column \w+)$")
OWN_REF = "PlanRef"
_HEADING_NAME = re.compile(r"^heading (\d)$")
# "List Bullet 2" is a list of its own to Word, and one step further in to the reader.
_DEEPER_LIST_NAME = re.compile(r"^list (?:bullet|number|continue) ([2-5])$")


def read_word(path):
    """The blocks of the Word document at ``path``."""
    with zipfile.ZipFile(path) as package:
        return _WordReader(package).document()


class _WordReader:
    def __init__(self, package):
        self.package = package
        self.styles = _Styles(self._part("word/styles.xml"))
        self.numbers = _Numbers(self._part("word/numbering.xml"))
        self.paragraph_count = 0
        self.character_count = 0
        self.odd_words = set()

    def document(self):
        root = self._part("word/document.xml")
        body = root.find(W + "body") if root is not None else None
        if body is None:
            raise UnreadablePlan("This Word document has no text. Open it in Word, save it again and try again.")
        document = Document(blocks=list(self._blocks(body)))
        for word in sorted(self.odd_words)[:MOST_ODD_WORDS]:
            plain, _ = settle_letters(word)
            document.notes.append(f"“{word}” has a letter of another alphabet in it. We read it as “{plain}”.")
        return document

    def _part(self, name):
        try:
            content = self.package.read(name)
        except KeyError:
            return None
        # No entity, no external DTD, no network, and lxml's own limits on depth and size.
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
        root = etree.fromstring(content, parser)
        if root.getroottree().docinfo.doctype:
            raise UnreadablePlan("This file is built in an unusual way that we don't open. Save it again in Word.")
        return root

    # Blocks

    def _blocks(self, container):
        for element in container:
            if element.tag == W + "p":
                paragraph = self._paragraph(element)
                if paragraph is not None:
                    yield replace(paragraph, text=paragraph.text.replace("\n", " ")).with_bullet_read()
                for box in self._text_boxes(element):
                    yield from self._blocks(box)
            elif element.tag == W + "tbl":
                table = self._table(element)
                if len(table.rows) == 1 and len(table.rows[0].cells) == 1:
                    yield from table.rows[0].cells[0].paragraphs  # a box round some text
                else:
                    yield table
            elif element.tag in _TRANSPARENT:
                yield from self._blocks(element)

    def _text_boxes(self, paragraph):
        for box in paragraph.iter(W + "txbxContent"):
            if not any(parent.tag == MC + "Fallback" for parent in box.iterancestors()):
                yield box

    def _paragraph(self, element):
        """A paragraph, line breaks still in its text; None for a line of a table of contents."""
        properties = element.find(W + "pPr")
        style = self.styles.of(properties)
        if style.name.startswith("toc"):
            return None
        runs = self._runs(element, style.is_bold)
        text = self._count("".join(words for words, _ in runs))
        number_id, depth = self._list_place(properties, style)
        number = self.numbers.next(number_id, depth) if number_id else None
        bold = [is_bold for words, is_bold in runs if words.strip()]
        ref = self._own_ref(element)
        if ref and number is None:
            number, text = ref, text.removeprefix(ref).lstrip(". ")
        return Paragraph(
            role=_role(style.name),
            text=text,
            heading=self._heading(properties, style),
            is_bold=bool(bold) and all(bold),
            bold_start="" if all(bold) else self._bold_start(runs),
            bullet=max(depth, style.list_depth) if number_id else None,
            number=number,
        )

    def _own_ref(self, element):
        """The ref that a document of our own sets apart from the title after it, in a style of its own."""
        for run in element.iterchildren(W + "r"):
            if _value(run.find(f"{W}rPr/{W}rStyle"), "") == OWN_REF:
                return tidy(self._run_text(run)).rstrip(".")
        return None

    def _count(self, text):
        """Plain text, counted against the limits; line breaks are kept."""
        self.paragraph_count += 1
        self.character_count += len(text)
        if self.paragraph_count > MOST_PARAGRAPHS or self.character_count > MOST_CHARACTERS:
            raise UnreadablePlan("This document is far longer than a plan. Save the plan on its own and try again.")
        text, odd_words = settle_letters(text)
        self.odd_words.update(odd_words)
        return "\n".join(tidy(line) for line in text.split("\n")).strip()

    def _bold_start(self, runs):
        start = []
        for words, is_bold in runs:
            if words.strip() and not is_bold:
                break
            start.append(words)
        return tidy("".join(start))

    def _runs(self, element, is_bold):
        """(words, are they bold?) for each run, in order."""
        found = []
        for child in element:
            if child.tag in _SKIPPED or child.tag == W + "tbl":
                continue
            if child.tag == W + "r":
                found.append((self._run_text(child), self._is_run_bold(child, is_bold)))
            elif child.tag != W + "txbxContent" and isinstance(child.tag, str):
                found += self._runs(child, is_bold)
        return found

    def _run_text(self, run):
        words = []
        for child in run:
            if child.tag == W + "t":
                words.append(child.text or "")
            elif child.tag == W + "tab":
                words.append(" ")
            elif child.tag == W + "cr" or (child.tag == W + "br" and child.get(W + "type") is None):
                words.append("\n")
            elif child.tag == W + "noBreakHyphen":
                words.append("-")
            elif child.tag == W + "sym":
                words.append("\u2022 ")
        return "".join(words)

    def _is_run_bold(self, run, otherwise):
        bold = run.find(f"{W}rPr/{W}b")
        return otherwise if bold is None else bold.get(W + "val", "1") not in _OFF

    def _list_place(self, properties, style):
        """(number id, depth) of a list item; the id is None outside lists."""
        own = properties.find(W + "numPr") if properties is not None else None
        number_id, depth = style.number_id, style.depth
        if own is not None:
            number_id = _value(own.find(W + "numId"), number_id)
            depth = int(_value(own.find(W + "ilvl"), depth or 0))
        return (None, None) if number_id in (None, "0") else (number_id, depth or 0)

    def _heading(self, properties, style):
        outline = properties.find(W + "outlineLvl") if properties is not None else None
        if outline is not None and _value(outline, "9") < "9":
            return int(_value(outline, "0")) + 1
        return style.heading

    # Tables

    def _table(self, element):
        widths = [int(float(col.get(W + "w") or 0)) for col in element.iterfind(f"{W}tblGrid/{W}gridCol")]
        return Table(tuple(self._row(row, widths) for row in _unwrap(element, W + "tr")))

    def _row(self, element, widths):
        column = int(_value(element.find(f"{W}trPr/{W}gridBefore"), 0))
        cells = []
        for tc in _unwrap(element, W + "tc"):
            properties = tc.find(W + "tcPr")
            span = max(1, int(_value(_find(properties, "gridSpan"), 1)))
            merge = _find(properties, "vMerge")
            width = sum(widths[column : column + span]) or 4_000
            cell = Cell(
                paragraphs=tuple(self._cell_paragraphs(tc)),
                column=column,
                span=span,
                continues=merge is not None and _value(merge, "continue") == "continue",
                line_length=max(8, width // CHARACTER_WIDTH),
            )
            cells.append(cell)
            column += span
        return Row(tuple(cells))

    def _cell_paragraphs(self, container):
        """Paragraphs of a cell. A line break starts a new one, except inside a list item."""
        for element in container:
            if element.tag == W + "p":
                paragraph = self._paragraph(element)
                if paragraph is None:
                    continue
                if paragraph.bullet is not None:
                    yield replace(paragraph, text=paragraph.text.replace("\n", " "))
                    continue
                for line in paragraph.text.split("\n"):
                    yield replace(paragraph, text=line).with_bullet_read()
            elif element.tag == W + "tbl":
                for row in self._table(element).rows:
                    for cell in row.cells:
                        yield from cell.paragraphs
            elif element.tag in _TRANSPARENT:
                yield from self._cell_paragraphs(element)


def _role(name):
    column = _COLUMN_ROLE.match(name)
    return column[1] if column else _ROLES.get(name)


def _unwrap(container, tag):
    """Children with this tag, also inside content controls and insertions; not those deleted."""
    for element in container:
        if element.tag == tag:
            if element.find(f"{W}trPr/{W}del") is None:
                yield element
        elif element.tag in _TRANSPARENT:
            yield from _unwrap(element, tag)


def _find(element, name):
    return element.find(W + name) if element is not None else None


def _value(element, otherwise):
    return otherwise if element is None else element.get(W + "val", otherwise)


@dataclass(frozen=True)
class _Style:
    name: str = ""
    heading: int | None = None
    is_bold: bool = False
    number_id: str | None = None
    depth: int | None = None
    list_depth: int = 0


class _Styles:
    """Paragraph styles, each with what it takes from the style it is based on."""

    def __init__(self, root):
        self.elements = {}
        self.default = None
        self.read = {}
        for element in root.iterfind(W + "style") if root is not None else ():
            if element.get(W + "type") == "paragraph":
                self.elements[element.get(W + "styleId")] = element
                if element.get(W + "default") in {"1", "true"}:
                    self.default = element.get(W + "styleId")

    def of(self, properties):
        style_id = _value(_find(properties, "pStyle"), self.default)
        return self._style(style_id, depth=0)

    def _style(self, style_id, depth):
        if style_id not in self.elements or depth > 20:
            return _Style()
        if style_id not in self.read:
            element = self.elements[style_id]
            based_on = self._style(_value(_find(element, "basedOn"), None), depth + 1)
            self.read[style_id] = self._own(element, based_on)
        return self.read[style_id]

    def _own(self, element, based_on):
        name = _value(_find(element, "name"), "").lower()
        bold = element.find(f"{W}rPr/{W}b")
        outline = element.find(f"{W}pPr/{W}outlineLvl")
        numbered = element.find(f"{W}pPr/{W}numPr")
        heading = based_on.heading
        named = _HEADING_NAME.match(name)
        deeper = _DEEPER_LIST_NAME.match(name)
        if name == "title":
            heading = 0
        elif named:
            heading = int(named.group(1))
        elif outline is not None and _value(outline, "9") < "9":
            heading = int(_value(outline, "0")) + 1
        return _Style(
            name=name,
            heading=heading,
            is_bold=based_on.is_bold if bold is None else bold.get(W + "val", "1") not in _OFF,
            number_id=_value(_find(numbered, "numId"), based_on.number_id),
            depth=int(_value(_find(numbered, "ilvl"), based_on.depth or 0)),
            list_depth=int(deeper.group(1)) - 1 if deeper else based_on.list_depth,
        )


class _Numbers:
    """Counts lists as Word does, to know the number that the page shows."""

    def __init__(self, root):
        self.levels = {}  # abstract id -> {depth: (start, format, text)}
        self.lists = {}  # number id -> (abstract id, {depth: start over at})
        self.counts = {}  # abstract id -> {depth: count}
        self.begun = set()
        if root is None:
            return
        for element in root.iterfind(W + "abstractNum"):
            self.levels[element.get(W + "abstractNumId")] = {
                int(level.get(W + "ilvl", 0)): (
                    int(_value(_find(level, "start"), 1)),
                    _value(_find(level, "numFmt"), "decimal"),
                    _value(_find(level, "lvlText"), ""),
                )
                for level in element.iterfind(W + "lvl")
            }
        for element in root.iterfind(W + "num"):
            starts = {
                int(over.get(W + "ilvl", 0)): int(_value(_find(over, "startOverride"), 1))
                for over in element.iterfind(W + "lvlOverride")
            }
            self.lists[element.get(W + "numId")] = (_value(_find(element, "abstractNumId"), None), starts)

    def next(self, number_id, depth):
        """The number shown before the next item of this list, None if it shows a bullet."""
        abstract, starts = self.lists.get(number_id, (None, {}))
        levels = self.levels.get(abstract, {})
        if depth not in levels:
            return None
        counts = self.counts.setdefault(abstract, {})
        start, form, text = levels[depth]
        if number_id not in self.begun:
            self.begun.add(number_id)
            if depth in starts:
                counts[depth] = starts[depth] - 1
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if form in {"bullet", "none"}:
            return None
        for level in range(depth + 1):
            level_start, level_form, _ = levels.get(level, (1, "decimal", ""))
            shown = _figure(counts.get(level, level_start), level_form)
            text = text.replace(f"%{level + 1}", shown)
        return text.strip(" .):(-") or None


_ROMAN = [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]


def _figure(count, form):
    if form.endswith("Letter") and 1 <= count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form.endswith("Roman") and 1 <= count <= 399:
        figure = ""
        for value, letters in _ROMAN:
            figure += letters * (count // value)
            count %= value
        return figure if form == "lowerRoman" else figure.upper()
    return str(count)
