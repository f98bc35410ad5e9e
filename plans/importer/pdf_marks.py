"""What stands on the pages of a PDF: words, rules and coloured fields, each at its place.

PDFium (by its plain C functions, whose bindings come with pypdfium2) unpacks the file and knows its
fonts. What it gives is turned here to how the page is seen: points from the left and from the top,
whichever way the page lies.
"""

import ctypes
import math
import re
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from plans.importer.problems import UnreadablePlan

MOST_PAGES = 200
MOST_GLYPHS_A_PAGE = 60_000
MOST_GLYPHS = 3_000_000
MOST_DRAWINGS_A_PAGE = 20_000
MOST_POINTS_A_DRAWING = 2_000
DEEPEST_FORM = 5

# In points. A field thinner than this is a rule; a glyph nearer than this part of its size goes on the word.
RULE_WIDTH = 3.2
SPACE = 0.18

LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "ft", 0xFB06: "st"}
LINE_END_HYPHENS = {0x02, 0xFFFE, 0xAD}  # how PDFium gives a hyphen that it takes for one of the layout
BLANKS = {0x09, 0x0A, 0x0D, 0x20, 0xA0}
BOLD_NAME = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
FORCED_BOLD = 1 << 18

LOCKED = "This PDF has a password. Save it without the password, or upload the Word document it was made from."
FORM = (
    "This PDF is a form that only Adobe Reader can open. Upload the Word document it was made from, "
    "or print it to a PDF first."
)
DAMAGED = "This PDF is damaged. Save it again as a PDF, or upload the Word document it was made from."
TOO_LONG = "This document is far longer than a plan. Save the plan on its own and try again."


@dataclass(slots=True)
class Word:
    """A word with its box; ``base`` is the line that it stands on, ``size`` that of its letters."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    is_bold: bool = False
    is_coloured: bool = False
    font: int = 0

    @property
    def top(self):
        return self.base - 0.8 * self.size

    @property
    def bottom(self):
        return self.base + 0.22 * self.size


@dataclass(slots=True)
class Rule:
    """A straight line across (``is_across``) or down, at ``at`` from ``start`` to ``end``."""

    is_across: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Field:
    """A coloured box behind the text."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass
class Page:
    number: int
    width: float
    height: float
    words: list = field(default_factory=list)
    rules: list = field(default_factory=list)
    fields: list = field(default_factory=list)
    upright: list = field(default_factory=list)  # words that run up or down the page
    has_picture: bool = False
    odd_glyphs: int = 0  # that no letter is known for
    glyphs: int = 0


def read_pages(content):
    """The ``Page``s of a PDF's bytes. Raises UnreadablePlan."""
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        is_locked = pdfium.FPDF_GetLastError() in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise UnreadablePlan(LOCKED if is_locked else DAMAGED)
    try:
        return list(_pages(document))
    finally:
        pdfium.FPDF_CloseDocument(document)


def _pages(document):
    count = pdfium.FPDF_GetPageCount(document)
    if count < 1:
        raise UnreadablePlan(DAMAGED)
    if count > MOST_PAGES:
        raise UnreadablePlan(
            f"This PDF has {count} pages, far more than a plan. Save the pages of the plan on their own and try again."
        )
    if pdfium.FPDF_GetFormType(document) in {pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND}:
        raise UnreadablePlan(FORM)
    has_fields = pdfium.FPDF_GetFormType(document) == pdfium.FORMTYPE_ACRO_FORM
    glyphs = 0
    for number in range(count):
        loaded = pdfium.FPDF_LoadPage(document, number)
        if not loaded:
            raise UnreadablePlan(DAMAGED)
        if has_fields and pdfium.FPDFPage_Flatten(loaded, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS:
            pdfium.FPDF_ClosePage(loaded)  # what was typed into its fields is now text of the page
            loaded = pdfium.FPDF_LoadPage(document, number)
        try:
            page = _PageReader(loaded, number + 1).read()
        finally:
            pdfium.FPDF_ClosePage(loaded)
        glyphs += page.glyphs
        if glyphs > MOST_GLYPHS:
            raise UnreadablePlan(TOO_LONG)
        yield page


class _View:
    """From a page's own points to how it is seen, which a page may turn by quarters."""

    def __init__(self, page):
        box = pdfium.FS_RECTF()
        if not pdfium.FPDF_GetPageBoundingBox(page, box):
            raise UnreadablePlan(DAMAGED)
        self.quarters = pdfium.FPDFPage_GetRotation(page) % 4
        self.left, self.low = box.left, min(box.bottom, box.top)
        self.across, self.up = abs(box.right - box.left), abs(box.top - box.bottom)

    @property
    def size(self):
        return (self.up, self.across) if self.quarters % 2 else (self.across, self.up)

    def point(self, x, y):
        x, y = x - self.left, y - self.low
        if self.quarters == 0:
            return x, self.up - y
        if self.quarters == 1:
            return y, x
        if self.quarters == 2:
            return self.across - x, y
        return self.up - y, self.across - x

    def direction(self, x, y):
        """The same for which way something points."""
        return [(x, -y), (y, x), (-x, y), (-y, -x)][self.quarters]


class _PageReader:
    def __init__(self, loaded, number):
        self.loaded = loaded
        self.view = _View(loaded)
        width, height = self.view.size
        self.page = Page(number, width, height)
        self.drawings = 0
        self.styles = {}
        self.fonts = {}

    def read(self):
        text = pdfium.FPDFText_LoadPage(self.loaded)
        if not text:
            raise UnreadablePlan(DAMAGED)
        try:
            self._words(text)
        finally:
            pdfium.FPDFText_ClosePage(text)
        for at in range(pdfium.FPDFPage_CountObjects(self.loaded)):
            self._drawing(pdfium.FPDFPage_GetObject(self.loaded, at), _SAME, 0)
        return self.page

    # Words

    def _words(self, text):
        count = pdfium.FPDFText_CountChars(text)
        self.page.glyphs = count
        if count > MOST_GLYPHS_A_PAGE:
            raise UnreadablePlan(TOO_LONG)
        box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        seen, word, style = {}, None, None
        for at in range(count):
            code = pdfium.FPDFText_GetUnicode(text, at)
            if code in BLANKS or pdfium.FPDFText_IsGenerated(text, at) == 1:
                word = None
                continue
            place = ctypes.cast(pdfium.FPDFText_GetTextObject(text, at), ctypes.c_void_p).value
            style = self.styles.get(place) or self._style(text, at, place)
            if pdfium.FPDFText_HasUnicodeMapError(text, at) == 1:
                self.page.odd_glyphs += 1
            letters = _letters(code)
            if not letters or not pdfium.FPDFText_GetLooseCharBox(text, at, box):
                continue
            pdfium.FPDFText_GetCharOrigin(text, at, x, y)
            one, two = self.view.point(box.left, box.bottom), self.view.point(box.right, box.top)
            if not style.is_level:
                self._upright(letters, one, two, style, is_next=word == "upright")
                word = "upright"
                continue
            x0, x1 = min(one[0], two[0]), max(one[0], two[0])
            base = self.view.point(x.value, y.value)[1]
            if seen.setdefault((letters, round(x0), round(base)), place) != place:
                continue  # printed twice, to look bolder
            if isinstance(word, Word) and _goes_on(word, x0, base, style):
                word.text += letters
                word.x1 = max(word.x1, x1)
                continue
            word = Word(letters, x0, x1, base, style.size, style.is_bold, style.is_coloured, style.font)
            self.page.words.append(word)

    def _upright(self, letters, one, two, style, *, is_next):
        if is_next:
            self.page.upright[-1].text += letters
        else:
            base = max(one[1], two[1])
            self.page.upright.append(Word(letters, min(one[0], two[0]), max(one[0], two[0]), base, style.size))

    def _style(self, text, at, place):
        """What the letters of one text object share."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(text, at, matrix)
        right, down = self.view.direction(matrix.a, matrix.b)
        scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c)) or 1.0
        drawn = pdfium.FPDFText_GetTextObject(text, at)
        font, is_bold = self._font(drawn)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
        style = _Style(
            size=min(max(pdfium.FPDFText_GetFontSize(text, at) * scale, 1.0), 400.0),
            is_level=right > 0 and abs(down) < 0.1 * right,
            is_bold=is_bold or mode == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE,
            is_coloured=_is_coloured(drawn),
            font=font,
        )
        self.styles[place] = style
        return style

    def _font(self, drawn):
        """(its number on this page, is it bold?)"""
        font = pdfium.FPDFTextObj_GetFont(drawn)
        place = ctypes.cast(font, ctypes.c_void_p).value
        if place is None:
            return 0, False
        if place not in self.fonts:
            name = (ctypes.c_char * 200)()
            pdfium.FPDFFont_GetBaseFontName(font, name, 200)
            flags = pdfium.FPDFFont_GetFlags(font)
            is_bold = bool(BOLD_NAME.search(name.value.decode("latin-1"))) or (flags > 0 and bool(flags & FORCED_BOLD))
            self.fonts[place] = (len(self.fonts) + 1, is_bold)
        return self.fonts[place]

    # Rules and fields

    def _drawing(self, drawn, outer, depth):
        self.drawings += 1
        if self.drawings > MOST_DRAWINGS_A_PAGE:
            return  # a map or a picture made of strokes; no table has as many
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self.page.has_picture = True
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
            inner = _joined(_matrix_of(drawn), outer)
            for at in range(pdfium.FPDFFormObj_CountObjects(drawn)):
                self._drawing(pdfium.FPDFFormObj_GetObject(drawn, at), inner, depth + 1)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._path(drawn, _joined(_matrix_of(drawn), outer))

    def _path(self, drawn, matrix):
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(drawn, fill, stroke)
        if not fill.value and not stroke.value:
            return
        for points in self._outlines(drawn, matrix):
            xs, ys = [x for x, _ in points], [y for _, y in points]
            x0, x1, top, bottom = min(xs), max(xs), min(ys), max(ys)
            is_box = len(points) >= 4 and all(_near(x, x0, x1) and _near(y, top, bottom) for x, y in points)
            if is_box and min(x1 - x0, bottom - top) > RULE_WIDTH:
                if fill.value and not _is_white(drawn):
                    self.page.fields.append(Field(x0, top, x1, bottom))
                if stroke.value:
                    self._box(x0, top, x1, bottom)
            elif bottom - top <= RULE_WIDTH < x1 - x0:
                self.page.rules.append(Rule(True, (top + bottom) / 2, x0, x1))
            elif x1 - x0 <= RULE_WIDTH < bottom - top:
                self.page.rules.append(Rule(False, (x0 + x1) / 2, top, bottom))
            elif stroke.value:
                self._strokes(points)

    def _box(self, x0, top, x1, bottom):
        for y in (top, bottom):
            self.page.rules.append(Rule(True, y, x0, x1))
        for x in (x0, x1):
            self.page.rules.append(Rule(False, x, top, bottom))

    def _strokes(self, points):
        """The straight parts of a line with corners."""
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
            if abs(y1 - y0) < 1 and abs(x1 - x0) > RULE_WIDTH:
                self.page.rules.append(Rule(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x1 - x0) < 1 and abs(y1 - y0) > RULE_WIDTH:
                self.page.rules.append(Rule(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _outlines(self, drawn, matrix):
        """The points of each outline of a path, as seen. One with a curve is no box and no rule."""
        a, b, c, d, e, f = matrix
        x, y = ctypes.c_float(), ctypes.c_float()
        points, is_straight, found = [], True, []
        for at in range(min(pdfium.FPDFPath_CountSegments(drawn), MOST_POINTS_A_DRAWING)):
            segment = pdfium.FPDFPath_GetPathSegment(drawn, at)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if len(points) > 1 and is_straight:
                    found.append(points)
                points, is_straight = [], True
            is_straight = is_straight and kind != pdfium.FPDF_SEGMENT_BEZIERTO
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            points.append(
                self.view.point(a * x.value + c * y.value + e, b * x.value + d * y.value + f),
            )
            if pdfium.FPDFPathSegment_GetClose(segment) == 1:
                points.append(points[0])
        if len(points) > 1 and is_straight:
            found.append(points)
        return found


@dataclass(slots=True)
class _Style:
    size: float
    is_level: bool
    is_bold: bool
    is_coloured: bool
    font: int


_SAME = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _matrix_of(drawn):
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(drawn, matrix):
        return _SAME
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _joined(inner, outer):
    """One matrix for ``inner`` inside ``outer``."""
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _near(value, one, other):
    return abs(value - one) < 0.8 or abs(value - other) < 0.8


def _colours(drawn):
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(drawn, red, green, blue, alpha):
        return 0, 0, 0, 255
    return red.value, green.value, blue.value, alpha.value


def _is_white(drawn):
    red, green, blue, alpha = _colours(drawn)
    return min(red, green, blue) > 250 or alpha < 8


def _is_coloured(drawn):
    """Neither black nor a grey: a heading's colour, perhaps."""
    red, green, blue, _ = _colours(drawn)
    return max(red, green, blue) - min(red, green, blue) > 40


def _letters(code):
    if code in LIGATURES:
        return LIGATURES[code]
    if code in LINE_END_HYPHENS:
        return "-"
    if code < 32 or 0xD800 <= code <= 0xDFFF or code in {0xFFFF, 0x7F} or code > 0x10FFFF:
        return ""
    return chr(code)


def _goes_on(word, x0, base, style):
    is_level = abs(base - word.base) < 0.1 * word.size or (
        style.size < word.size and abs(base - word.base) < 0.5 * word.size  # the "st" of a raised "1st"
    )
    # The letters of a ligature have one box together, so the next one begins where the last one did.
    return is_level and word.is_bold == style.is_bold and -2 * word.size < x0 - word.x1 < SPACE * word.size
