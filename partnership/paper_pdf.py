"""A paper that is a PDF, made safe and ready to stand in a pack.

A program for ``partnership.confined`` (no Django, no database). ``prepare`` takes a stranger's PDF and
makes one of its pages, what can be read on them, and their tags alone: nothing that acts (scripts,
launches, forms, attachments) is carried over. Each page is drawn a little smaller in its own size, so
that the pack's header and page number stand in its margin and cover nothing. A PDF without tags is
given one for each page. ``pack_join`` puts it among the pages of a pack.
"""

import io
import re
from collections import defaultdict

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Pdf, Rectangle, Stream, String

from partnership.confined import serve
from partnership.pack_frame import frame
from partnership.uploads import UnreadableFile

MOST_PAGES = 400
MOST_ELEMENTS = 60_000
DEEPEST = 80
MOST_BOOKMARKS = 500
MOST_MARKS_A_PAGE = 20_000
MOST_CONTENT = 60 * 1024 * 1024  # of one page, unpacked
SHORTEST, LONGEST = 72, 14_400  # sides of a page, in points

PAPER_LEVEL = 2  # the level of a paper's own heading in the pack
LINK_SCHEMES = ("https://", "http://", "mailto:")
PRINTS = 4
STORED = ("/Length", "/Filter", "/DecodeParms")  # how a stream is packed
UA_CLAIM = re.compile(rb"pdfuaid:part\s*(?:=\s*[\"']1|>\s*1)")

STANDARD = {
    "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "P",
    "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody",
    "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT", "RP",
    "Warichu", "WT", "WP", "Figure", "Formula", "Form",
}  # fmt: skip
IN_OTHER_WORDS = {"Document": "Part", "Private": "NonStruct", "Title": "P", "Sub": "Span", "Em": "Span"}
KEPT_OF_ELEMENT = ("/Lang", "/Alt", "/ActualText", "/E", "/A")
KEPT_OF_PAGE = ("/Type", "/Parent", "/Resources", "/Contents", "/Annots", "/Tabs", "/Group", "/StructParents")
ACTING_KEYS = ("/F", "/FFilter", "/FDecodeParms", "/OPI", "/Ref", "/AF", "/AA", "/Alternates", "/PieceInfo")


def main(question, files):
    return prepare(files[0], prefix=question["prefix"])


def prepare(content, *, prefix=""):
    """(facts, [PDF]) of a paper. Raises UnreadableFile with what the person should do.

    Facts: ``sizes`` (of each page as it is seen, in points), ``is_tagged``, ``is_scan`` (no text at
    all), ``has_own_fonts``, ``claims_ua``, ``bookmarks`` ([depth, title, page], from 0). ``prefix`` sets
    its elements' ids apart from those of other papers.
    """
    source = opened(content)
    if not len(source.pages):
        raise UnreadableFile("This PDF has no pages. Save it again and try again.")
    if len(source.pages) > MOST_PAGES:
        raise UnreadableFile(
            f"This PDF has {len(source.pages)} pages, and a pack takes {MOST_PAGES} of one paper. Bring the part "
            "that the meeting is to read."
        )
    claims_ua = bool(UA_CLAIM.search(metadata_of(source)))
    bookmarks = bookmarks_of(source)
    fix_forms(source)
    name_no_destinations(source)
    paper = pikepdf.new()
    paper.pages.extend(source.pages)
    disarm(paper)
    layers = layers_of(source, paper)
    sizes, kept, moved = [], set(), {}
    for page in paper.pages:
        keep_only(page.obj, (*KEPT_OF_PAGE, "/MediaBox", "/CropBox", "/Rotate", "/UserUnit"))
        check_content(page)
        sizes.append(shrink_into_frame(paper, page, kept, moved))
    fonts = fonts_of(paper)
    has_text = bool(fonts)
    tree = tree_of(source, paper, kept, prefix)
    if tree is None:
        tree = tag_by_page(paper, is_scan=not has_text)
    for page in paper.pages:
        keep_only(page.obj, (*KEPT_OF_PAGE, "/MediaBox"))
    tree.write()
    if layers:
        paper.Root.OCProperties = layers
    facts = {
        "sizes": sizes,
        "is_tagged": tree.is_own,
        "is_scan": not has_text,
        "has_own_fonts": all(brings_font(font) for font in fonts),
        "claims_ua": claims_ua and tree.is_own,
        "bookmarks": bookmarks,
    }
    return facts, [saved(paper)]


def opened(content):
    try:
        return Pdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        raise UnreadableFile("This PDF has a password. Save it without the password and try again.") from None
    except pikepdf.PdfError:
        raise UnreadableFile("This PDF is damaged. Save it again as a PDF and try again.") from None


def saved(pdf):
    file = io.BytesIO()
    pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def metadata_of(pdf):
    metadata = pdf.Root.get("/Metadata")
    return metadata.read_bytes() if isinstance(metadata, Stream) else b""


def bookmarks_of(source):
    """[depth, title, page] of its bookmarks that lead to a page, from 0."""
    numbers = {page.obj.objgen: number for number, page in enumerate(source.pages)}
    found = []

    def walk(items, depth):
        for item in items:
            if len(found) >= MOST_BOOKMARKS:
                return
            aim = item.destination
            if aim is None and item.action is not None and item.action.get("/S") == Name.GoTo:
                aim = item.action.get("/D")
            number = numbers.get(page_aimed_at(source, aim))
            if number is not None:
                found.append([depth, str(item.title)[:300], number])
            walk(item.children, depth + 1)

    try:
        with source.open_outline(max_depth=6) as outline:
            walk(outline.root, 0)
    except (pikepdf.PdfError, pikepdf.OutlineStructureError, ValueError, TypeError, KeyError, AttributeError):
        return []
    return found


def page_aimed_at(source, aim):
    aim = explicit(source, aim)
    return aim[0].objgen if aim is not None else None


def explicit(source, aim):
    """A destination as an array whose first member is a page, or None. Names are looked up."""
    if isinstance(aim, (Name, String, str)):
        aim = named_destination(source, aim)
    if isinstance(aim, Dictionary):
        aim = aim.get("/D")
    is_one = isinstance(aim, Array) and len(aim) > 1 and isinstance(aim[0], Dictionary)
    return aim if is_one and aim[0].get("/Type") == Name.Page else None


def named_destination(source, name):
    if isinstance(name, Name):
        return source.Root.get("/Dests", Dictionary()).get(str(name))
    names = source.Root.get("/Names", Dictionary()).get("/Dests")
    return pikepdf.NameTree(names).get(str(name)) if isinstance(names, Dictionary) else None


def fix_forms(source):
    """What was filled in and noted becomes part of the page; nothing can be filled in any more."""
    source.flatten_annotations("print")


def name_no_destinations(source):
    """Links inside the paper say their page itself, since names are not carried over."""
    for page in source.pages:
        for link in annotations(page):
            action = link.get("/A")
            aim = link.get("/Dest")
            if aim is None and isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
                aim = action.get("/D")
            if aim is not None:
                link["/Dest"] = explicit(source, aim) or False


def annotations(page):
    found = page.obj.get("/Annots")
    return [item for item in found if isinstance(item, Dictionary)] if isinstance(found, Array) else []


def disarm(paper):
    """No stream takes its bytes from elsewhere, and nothing hangs on one that could act."""
    for item in paper.objects:
        if isinstance(item, Stream):
            for key in ACTING_KEYS:
                if key in item:
                    del item[key]


def layers_of(source, paper):
    """Which layers are switched off, so that they stay so; None where there are no layers."""
    properties = source.Root.get("/OCProperties")
    if not isinstance(properties, Dictionary) or not isinstance(properties.get("/OCGs"), Array):
        return None
    plain = source.make_indirect(Dictionary(OCGs=properties.OCGs, D=properties.get("/D", Dictionary())))
    copied = paper.copy_foreign(plain)
    off = list(copied.D.get("/OFF", []))
    if copied.D.get("/BaseState") == Name.OFF:
        on = {group.objgen for group in copied.D.get("/ON", [])}
        off = [group for group in copied.OCGs if group.objgen not in on]
    return Dictionary(OCGs=copied.OCGs, D=Dictionary(Name=String("Layers"), OFF=Array(off)))


def keep_only(record, keys):
    for key in list(record.keys()):
        if key not in keys:
            del record[key]


def check_content(page):
    """A page that unpacks to something huge is found here, and not by whoever opens the pack."""
    contents = page.obj.get("/Contents", Array())
    streams = [contents] if isinstance(contents, Stream) else list(contents)
    if sum(len(each.read_bytes()) for each in streams if isinstance(each, Stream)) > MOST_CONTENT:
        raise UnreadableFile("A page of this PDF unpacks to something huge. Save it again and try again.")


def shrink_into_frame(paper, page, kept, moved):
    """Draw the page upright and inside its frame; gives its size as it is seen.

    ``kept`` is given the links that stay (their object numbers), ``moved`` the patterns that were moved.
    """
    box, matrix, size = seen(page)
    scale, left, bottom = frame(*size)
    matrix = matrix @ Matrix(scale, 0, 0, scale, left, bottom)
    edge = matrix.transform(box)
    clip = f"{edge.llx:.4f} {edge.lly:.4f} {edge.width:.4f} {edge.height:.4f} re W n".encode()
    begin = b"q " + clip + b" " + matrix.encode() + b" cm\n"
    contents = page.obj.get("/Contents", Array())
    inner = [contents] if isinstance(contents, Stream) else [each for each in contents if isinstance(each, Stream)]
    page.obj.Contents = Array([paper.make_stream(begin), *inner, paper.make_stream(b"\nQ\n")])
    page.obj.MediaBox = Array([0, 0, *size])
    move_patterns(paper, page, matrix, moved)
    keep_links(paper, page, matrix, kept)
    return size


def move_patterns(paper, page, matrix, moved):
    """A pattern is laid out from the page's own corner, wherever what it fills has been moved."""
    patterns = page.obj.get("/Resources", Dictionary()).get("/Pattern")
    if not isinstance(patterns, Dictionary):
        return
    ours = Dictionary()
    for name, pattern in patterns.items():
        key = (pattern.objgen, matrix.encode())
        if not pattern.is_indirect or key not in moved:
            moved[key] = moved_pattern(paper, pattern, matrix)
        ours[name] = moved[key]
    page.obj.Resources = Dictionary({**page.obj.Resources, "/Pattern": ours})


def moved_pattern(paper, pattern, matrix):
    if isinstance(pattern, Stream):
        given = Dictionary({key: value for key, value in pattern.items() if key not in STORED})
        own = paper.make_stream(pattern.read_bytes(), given)
    else:
        own = paper.make_indirect(Dictionary(pattern))
    own.Matrix = (Matrix(own.get("/Matrix", Matrix())) @ matrix).as_array()
    return own


def seen(page):
    """(the visible box, how it is brought upright to 0 0, its size then), in points."""
    box = visible_box(page)
    unit = float(page.obj.get("/UserUnit", 1))
    turn = int(page.obj.get("/Rotate", 0)) % 360
    upright = {
        0: Matrix(1, 0, 0, 1, -box.llx, -box.lly),
        90: Matrix(0, -1, 1, 0, -box.lly, box.urx),
        180: Matrix(-1, 0, 0, -1, box.urx, box.ury),
        270: Matrix(0, 1, -1, 0, box.ury, -box.llx),
    }[turn]
    matrix = upright @ Matrix(unit, 0, 0, unit, 0, 0)
    size = [round(float(side) * unit, 2) for side in (box.width, box.height)]
    if turn in {90, 270}:
        size.reverse()
    if not all(SHORTEST <= side <= LONGEST for side in size):
        raise UnreadableFile("A page of this PDF is far too small or too large. Save it again as A4 and try again.")
    return box, matrix, size


def visible_box(page):
    media, crop = Rectangle(page.mediabox), Rectangle(page.cropbox)
    box = Rectangle(
        max(media.llx, crop.llx), max(media.lly, crop.lly), min(media.urx, crop.urx), min(media.ury, crop.ury)
    )
    return box if box.width > 0 and box.height > 0 else media


def keep_links(paper, page, matrix, kept):
    """Links to addresses and to pages of this paper stay, moved with the page; nothing else that acts."""
    numbers = {each.obj.objgen for each in paper.pages}
    links = []
    for link in annotations(page):
        if link.get("/Subtype") != Name.Link or not link.is_indirect:
            continue
        aim, address = link.get("/Dest"), address_of(link)
        is_inner = isinstance(aim, Array) and len(aim) > 1 and getattr(aim[0], "objgen", None) in numbers
        if not is_inner and not address:
            continue
        said = str(link.get("/Contents", "")) or address or "Link within this paper"
        rectangle = matrix.transform(Rectangle(link.Rect))
        keep_only(link, ("/Type", "/Subtype", "/StructParent"))
        link.Rect = rectangle.as_array()
        link.Border = Array([0, 0, 0])
        link.F = PRINTS
        link.Contents = String(said[:500])
        if is_inner:
            link.Dest = Array([aim[0], Name.Fit])
        else:
            link.A = Dictionary(S=Name.URI, URI=String(address))
        kept.add(link.objgen)
        links.append(link)
    if links:
        page.obj.Annots = Array(links)
        page.obj.Tabs = Name.S
    elif "/Annots" in page.obj:
        del page.obj["/Annots"]


def address_of(link):
    action = link.get("/A")
    if not isinstance(action, Dictionary) or action.get("/S") != Name.URI:
        return ""
    address = str(action.get("/URI", ""))
    return address if address.lower().startswith(LINK_SCHEMES) else ""


def fonts_of(paper):
    """The fonts that its pages, and the drawings on them, write with."""
    found, visited = [], set()
    waiting = [page.obj.get("/Resources") for page in paper.pages]
    while waiting:
        resources = waiting.pop()
        if not isinstance(resources, Dictionary):
            continue
        found.extend(font for font in members(resources, "/Font") if isinstance(font, Dictionary))
        for drawing in members(resources, "/XObject"):
            if isinstance(drawing, Stream) and drawing.objgen not in visited:
                visited.add(drawing.objgen)
                waiting.append(drawing.get("/Resources"))
    return found


def members(resources, kind):
    named = resources.get(kind)
    return [value for _, value in named.items()] if isinstance(named, Dictionary) else []


def brings_font(font):
    if font.get("/Subtype") == Name.Type3:
        return True
    if font.get("/Subtype") == Name.Type0:
        return all(brings_font(descendant) for descendant in font.get("/DescendantFonts", []))
    says = font.get("/FontDescriptor")
    return isinstance(says, Dictionary) and any(key in says for key in ("/FontFile", "/FontFile2", "/FontFile3"))


# Tags


class Tree:
    """The tags of one PDF, and what each numbered mark of a page (or link) belongs to."""

    def __init__(self, pdf, *, is_own):
        self.pdf = pdf
        self.is_own = is_own
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.top = []
        self.marks = defaultdict(dict)  # of a page or drawing, by its object's number: {mark: element}
        self.holders = {}
        self.links = {}
        self.ids = {}

    def fill(self, holder, mark, element):
        self.holders[holder.objgen] = holder
        self.marks[holder.objgen][mark] = element

    def write(self):
        numbers = Array()
        for key, (number, marks) in enumerate(self.marks.items()):
            self.holders[number]["/StructParents"] = key
            filled = Array([marks.get(mark) for mark in range(max(marks) + 1)])
            numbers.extend([key, self.pdf.make_indirect(filled)])
        for key, (link, element) in enumerate(self.links.values(), start=len(self.marks)):
            link.StructParent = key
            numbers.extend([key, element])
        self.root.K = Array(self.top)
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=numbers))
        self.root.IDTree = Dictionary(Names=Array([part for pair in sorted(self.ids.items()) for part in pair]))
        self.pdf.Root.StructTreeRoot = self.root
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)


def tag_by_page(paper, *, is_scan):
    """Each page as one paragraph, or as one picture where nothing on it is text."""
    tree = Tree(paper, is_own=False)
    for number, page in enumerate(paper.pages, start=1):
        kind = Name.Figure if is_scan else Name.P
        element = paper.make_indirect(Dictionary(Type=Name.StructElem, S=kind, P=tree.root, Pg=page.obj, K=Array([0])))
        if is_scan:
            element.Alt = String(f"Page {number} of this paper, which was brought as a picture without words")
        whole = paper.make_stream(page_bytes(page), Type=Name.XObject, Subtype=Name.Form, BBox=page.obj.MediaBox)
        whole.Resources = page.obj.get("/Resources", Dictionary())
        if "/Group" in page.obj:
            whole.Group = page.obj.Group
        page.obj.Resources = Dictionary(XObject=Dictionary(Paper=whole))
        page.obj.Contents = paper.make_stream(b"/%s <</MCID 0>> BDC /Paper Do EMC" % str(kind)[1:].encode())
        tree.fill(page.obj, 0, element)
        tree.top.append(element)
        for link in annotations(page):
            inside = paper.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.Link, P=tree.root, Pg=page.obj, Alt=link.Contents)
            )
            inside.K = Array([Dictionary(Type=Name.OBJR, Obj=link, Pg=page.obj)])
            tree.links[link.objgen] = (link, inside)
            tree.top.append(inside)
    return tree


def page_bytes(page):
    return b"\n".join(each.read_bytes() for each in page.obj.Contents)


def tree_of(source, paper, kept, prefix):
    """The paper's own tags, copied piece by piece; None where it has none that can be used."""
    given = source.Root.get("/StructTreeRoot")
    is_marked = source.Root.get("/MarkInfo", Dictionary()).get("/Marked") is True
    if not is_marked or not isinstance(given, Dictionary) or "/K" not in given:
        return None
    try:
        copied = paper.copy_foreign(given if given.is_indirect else source.make_indirect(given))
        copying = Copying(paper, copied, kept, prefix)
        copying.copy()
    except (pikepdf.PdfError, TypeError, ValueError, KeyError, AttributeError, RecursionError):
        return None
    return copying.tree if copying.tree.marks else None


class Copying:
    """One walk through a stranger's tags that takes what is understood and nothing else."""

    def __init__(self, paper, given, kept, prefix):
        self.tree = Tree(paper, is_own=True)
        self.paper = paper
        self.given = given
        self.kept = kept
        self.prefix = prefix
        self.pages = {page.obj.objgen: page.obj for page in paper.pages}
        self.roles = given.get("/RoleMap", Dictionary())
        self.classes = given.get("/ClassMap", Dictionary())
        self.visited = set()
        self.level = PAPER_LEVEL

    def copy(self):
        self.kids(self.given, self.tree.root, None, self.tree.top, 0)

    def kids(self, given, parent, page, into, depth):
        if depth > DEEPEST or len(self.visited) > MOST_ELEMENTS:
            raise ValueError("more tags than a paper has")
        found = given.get("/K")
        for kid in found if isinstance(found, Array) else [found]:
            made = self.kid(kid, parent, page, depth)
            if made is not None:
                into.append(made)

    def kid(self, kid, parent, page, depth):
        if isinstance(kid, Dictionary) and kid.get("/Type") not in (Name.MCR, Name.OBJR):
            return self.element(kid, parent, page, depth)
        if parent == self.tree.root:
            return None
        if isinstance(kid, Dictionary):
            page = self.pages.get(kid["/Pg"].objgen) if "/Pg" in kid else page
            return self.link(kid, parent, page) if kid.Type == Name.OBJR else self.mark(kid, parent, page)
        if isinstance(kid, int) and page is not None:
            return self.numbered(page, kid, parent)
        return None

    def numbered(self, holder, mark, parent):
        if not 0 <= mark < MOST_MARKS_A_PAGE or mark in self.tree.marks[holder.objgen]:
            return None
        self.tree.fill(holder, mark, parent)
        return mark

    def mark(self, kid, parent, page):
        """A mark of another page than its element's, or inside a drawing."""
        inside = kid.get("/Stm")
        holder = inside if isinstance(inside, Stream) else page
        if page is None or self.numbered(holder, int(kid.MCID), parent) is None:
            return None
        made = Dictionary(Type=Name.MCR, Pg=page, MCID=int(kid.MCID))
        if isinstance(inside, Stream):
            made.Stm = inside
        return made

    def link(self, kid, parent, page):
        link = kid.get("/Obj")
        if page is None or not isinstance(link, Dictionary) or link.objgen not in self.kept:
            return None
        self.tree.links[link.objgen] = (link, parent)
        return Dictionary(Type=Name.OBJR, Obj=link, Pg=page)

    def element(self, given, parent, page, depth):
        if given.is_indirect:
            if given.objgen in self.visited:
                return None
            self.visited.add(given.objgen)
        page = self.pages.get(given["/Pg"].objgen, page) if isinstance(given.get("/Pg"), Dictionary) else page
        made = self.paper.make_indirect(Dictionary(Type=Name.StructElem, S=self.role(given), P=parent))
        if page is not None:
            made.Pg = page
        for key in KEPT_OF_ELEMENT:
            if key in given:
                made[key] = given[key]
        if "/A" not in made and isinstance(given.get("/C"), Name) and str(given.C) in self.classes:
            made.A = self.classes[str(given.C)]
        if isinstance(given.get("/ID"), (str, String)):
            made.ID = String(f"{self.prefix}{given.ID}")
            self.tree.ids[str(made.ID)] = made
        self.name_headers(made)
        kids = []
        self.kids(given, made, page, kids, depth + 1)
        made.K = Array(kids)
        if str(made.S) == "/Link" and not any(isinstance(kid, Dictionary) and "/Obj" in kid for kid in kids):
            made.S = Name.Span  # its link was not kept
        return made

    def name_headers(self, made):
        """A cell names its headings by their ids."""
        attributes = made.get("/A")
        for each in attributes if isinstance(attributes, Array) else [attributes]:
            if isinstance(each, Dictionary) and isinstance(each.get("/Headers"), Array):
                each.Headers = Array([String(f"{self.prefix}{name}") for name in each.Headers])

    def role(self, given):
        """Its kind in the standard's words, a heading one below the paper's own and never two."""
        kind = str(given.get("/S", "/Span"))
        for _ in range(10):
            if kind[1:] in STANDARD or kind not in self.roles:
                break
            kind = str(self.roles[kind])
        kind = IN_OTHER_WORDS.get(kind[1:], kind[1:])
        if kind == "H" or re.fullmatch("H[1-9]", kind):
            wanted = PAPER_LEVEL + int(kind[1:] or 1)
            self.level = min(wanted, self.level + 1, 6)
            kind = f"H{self.level}"
        return Name(f"/{kind if kind in STANDARD else 'NonStruct'}")


if __name__ == "__main__":
    serve(main)
