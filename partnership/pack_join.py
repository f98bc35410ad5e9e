"""Put papers that are PDFs among the pages of a pack.

A program for ``partnership.confined`` (no Django, no database). The pack was laid out with an empty sheet
for each page of each paper (``paper_pdf.prepare`` made them), so every page number in it is right
already. Each sheet gives way to its page; what the pack prints in the margin is drawn under it, the
paper's tags hang in the sheet's place, and its bookmarks below the paper's own.
"""

import io
import re

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, OutlineItem, Pdf, Stream

from partnership.confined import serve
from partnership.paper_pdf import explicit, saved


def main(question, files):
    return join(files[0], files[1:], question["papers"], claims_ua=question["claims_ua"])


def join(content, papers, places, *, claims_ua):
    """(facts, [PDF]): the pack, its empty sheets replaced by the pages of ``papers`` (prepared PDFs).

    ``places``: for each paper ``anchor`` (the name of its heading's place; its first sheet is named so
    with "-sheets" behind) and ``bookmarks``.
    """
    pack = Pdf.open(io.BytesIO(content))
    numbers = {page.obj.objgen: number for number, page in enumerate(pack.pages)}
    names = pikepdf.NameTree(pack.Root.Names.Dests)
    for paper, place in zip(papers, places, strict=True):
        place["heading"] = numbers[explicit(pack, names[place["anchor"]])[0].objgen]
        place["page"] = numbers[explicit(pack, names[f"{place['anchor']}-sheets"])[0].objgen]
        del names[f"{place['anchor']}-sheets"]
        Joining(pack, place["page"]).put(Pdf.open(io.BytesIO(paper)))
    add_bookmarks(pack, places)
    if not claims_ua:
        forget_claim(pack)
    return {"page_count": len(pack.pages)}, [saved(pack)]


class Joining:
    """One paper's pages, in the place of the sheets that begin at page ``first``."""

    def __init__(self, pack, first):
        self.pack = pack
        self.first = first
        self.root = pack.Root.StructTreeRoot
        self.numbers = self.root.ParentTree.Nums

    def put(self, paper):
        count = len(paper.pages)
        sheets = [self.pack.pages[self.first + number] for number in range(count)]
        stamps = [stamp_of(self.pack, sheet) for sheet in sheets]
        holder, *others = [self.place_of(sheet) for sheet in sheets]
        for other in others:
            remove(other)
        keys = {int(sheet.obj.StructParents) for sheet in sheets}
        for number in range(count):
            self.pack.pages[self.first + number] = paper.pages[number]
        tree = self.pack.copy_foreign(paper.Root.StructTreeRoot)
        self.graft(tree, holder, keys)
        self.take_layers(paper)
        for number, stamp in enumerate(stamps):
            put_stamp(self.pack, self.pack.pages[self.first + number], stamp)

    def place_of(self, sheet):
        """The element that stands for an empty sheet: the Div around the words on it."""
        element = next(each for each in self.marks_of(sheet) if each is not None)
        while str(element.S) != "/Div":
            element = element.P
        return element

    def marks_of(self, sheet):
        pairs = dict(zip(self.numbers[::2], self.numbers[1::2], strict=True))
        return [each if isinstance(each, Dictionary) else None for each in pairs[int(sheet.obj.StructParents)]]

    def graft(self, tree, holder, keys):
        pairs = zip(list(self.numbers)[::2], list(self.numbers)[1::2], strict=True)
        ours = [(int(key), value) for key, value in pairs if int(key) not in keys]
        offset = max((key for key, _ in ours), default=-1) + 1
        theirs = list(tree.ParentTree.Nums)
        moved = [(int(key) + offset, value) for key, value in zip(theirs[::2], theirs[1::2], strict=True)]
        self.root.ParentTree.Nums = Array([part for pair in [*ours, *moved] for part in pair])
        self.root.ParentTreeNextKey = offset + len(moved)
        self.numbers = self.root.ParentTree.Nums
        renumber(tree, offset)
        holder.K = tree.K
        for kid in tree.K:
            kid.P = holder
        if "/Pg" in holder:
            del holder["/Pg"]
        self.take_ids(tree)

    def take_ids(self, tree):
        ours = list(self.root.get("/IDTree", Dictionary()).get("/Names", []))
        theirs = list(tree.IDTree.Names)
        if theirs:
            pairs = [*zip(ours[::2], ours[1::2], strict=True), *zip(theirs[::2], theirs[1::2], strict=True)]
            pairs.sort(key=lambda pair: bytes(pair[0]))
            self.root.IDTree = Dictionary(Names=Array([part for pair in pairs for part in pair]))

    def take_layers(self, paper):
        if "/OCProperties" not in paper.Root:
            return
        theirs = self.pack.copy_foreign(paper.make_indirect(paper.Root.OCProperties))
        ours = self.pack.Root.get("/OCProperties")
        if ours is None:
            self.pack.Root.OCProperties = theirs
            return
        ours.OCGs.extend(theirs.OCGs)
        ours.D.OFF.extend(theirs.D.OFF)


def renumber(tree, offset):
    """Move the keys by which the pages, drawings and links of ``tree`` are found."""
    seen_already = set()

    def walk(element):
        for kid in element.get("/K", []):
            if not isinstance(kid, Dictionary):
                move(element.Pg, "/StructParents")
            elif "/Obj" in kid:
                move(kid.Obj, "/StructParent")
            elif "/MCID" in kid:
                move(kid.get("/Stm", kid.Pg), "/StructParents")
            else:
                walk(kid)

    def move(holder, key):
        if holder.objgen not in seen_already:
            seen_already.add(holder.objgen)
            holder[key] = int(holder[key]) + offset

    for top in tree.K:
        walk(top)


def remove(element):
    """Take ``element`` out of the tree, and whatever around it is empty then."""
    parent = element.P
    parent.K = Array([kid for kid in parent.K if kid != element])
    if not len(parent.K) and parent.get("/S") not in (None, Name.Document):
        remove(parent)


def stamp_of(pack, sheet):
    """What the pack prints on each page (its header and number), as a drawing."""
    kept, is_words = [], False
    for operands, operator in pikepdf.parse_content_stream(sheet):
        if operator == Operator("BDC") and "/MCID" in operands[-1]:
            is_words = True
        if not is_words:
            kept.append((operands, operator))
        elif operator == Operator("EMC"):
            is_words = False
    stamp = pack.make_stream(pikepdf.unparse_content_stream(kept))
    stamp.Type, stamp.Subtype = Name.XObject, Name.Form
    stamp.BBox = sheet.obj.MediaBox
    stamp.Resources = sheet.obj.Resources
    return stamp


def put_stamp(pack, page, stamp):
    resources = Dictionary(page.obj.get("/Resources", Dictionary()))
    drawings = Dictionary(resources.get("/XObject", Dictionary()))
    name = next(f"/Stamp{number}" for number in range(len(drawings) + 1) if f"/Stamp{number}" not in drawings)
    drawings[name] = stamp
    resources.XObject = drawings
    page.obj.Resources = resources
    own = page.obj.Contents
    own = [own] if isinstance(own, Stream) else list(own)
    page.obj.Contents = Array([pack.make_stream(f"{name} Do\n".encode()), *own])


def add_bookmarks(pack, places):
    """The paper's own bookmarks below ours, which leads to the page of its heading."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pack.pages)}
    wanted = {place["heading"]: place for place in places if place["bookmarks"]}
    with pack.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop()
            waiting.extend(item.children)
            aim = explicit(pack, item.destination)
            place = wanted.get(numbers.get(aim[0].objgen)) if aim is not None else None
            if place:
                hang(item, place)


def hang(item, place):
    """``place``'s bookmarks as children of ``item``; one that is too deep for its neighbour is drawn up."""
    above = [item]
    for depth, title, number in place["bookmarks"]:
        made = OutlineItem(title, place["page"] + number)
        del above[depth + 1 :]
        above[-1].children.append(made)
        above.append(made)
    item.is_closed = True


def forget_claim(pack):
    """A pack with a paper that is not made for screen readers does not say that it is."""
    metadata = pack.Root.Metadata
    plain = re.sub(rb"<rdf:Description[^>]*pdfuaid:part[^>]*/>", b"", metadata.read_bytes())
    pack.Root.Metadata = pack.make_stream(plain, Type=Name.Metadata, Subtype=Name.XML)


if __name__ == "__main__":
    serve(main)
