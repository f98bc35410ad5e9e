"""What stands against reading a PDF with a screen reader, found by walking it.

Asked of every document that we make (there must be nothing) and of files that people bring. No validator: it
knows what readers stumble over first (PDF/UA-1, ISO 14289-1, clauses 7.1 to 7.21), in words for a person.
"""

import io
from collections import Counter

import pikepdf
from pikepdf import Array, Dictionary, Name

SHOWS = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE"}
BEGINS, ENDS = {"BDC", "BMC"}, "EMC"
HEADINGS = {f"/H{level}": level for level in range(1, 7)}
PAGES_WITHOUT_BOOKMARKS = 5
SUBSET_PREFIX = 6


def faults_in(content):
    """Every kind of fault of the PDF ``content`` (bytes), once, in words and with how often; [] where there is none."""
    try:
        opened = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        return ["It is locked with a password"]
    except pikepdf.PdfError:
        return ["It can’t be opened as a PDF"]
    with opened as pdf:
        found = Counter([*faults_of_document(pdf), *faults_of_tags(pdf), *faults_of_pages(pdf), *faults_of_fonts(pdf)])
    return [fault if times == 1 else f"{fault} ({times} times)" for fault, times in found.items()]


def faults_of_document(pdf):
    root = pdf.Root
    if not str(root.get("/Lang", "")).strip():
        yield "It does not say which language it is in"
    with pdf.open_metadata() as metadata:
        has_title = bool(str(metadata.get("dc:title") or pdf.docinfo.get("/Title", "")).strip())
    if not has_title:
        yield "It has no title"
    elif not bool(root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False)):
        yield "Its title is not shown in place of the file’s name"
    if len(pdf.pages) >= PAGES_WITHOUT_BOOKMARKS and not root.get("/Outlines", Dictionary()).get("/First"):
        yield "It has no bookmarks"


# The tags


def faults_of_tags(pdf):
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None or not bool(pdf.Root.get("/MarkInfo", Dictionary()).get("/Marked", False)):
        yield "It has no tags: a screen reader guesses what is a heading, a list, a table"
        return
    last = 0
    for element in elements_under(tree):
        kind = str(role_of(element, tree))
        if kind == "/Figure" and not (has_words(element, "/Alt") or has_words(element, "/ActualText")):
            yield "A picture has no words that say what it shows"
        elif kind == "/Table":
            yield from faults_of_table(element, tree)
        elif kind in HEADINGS:
            level = HEADINGS[kind]
            if last == 0 and level != 1:
                yield "The first heading is not of the first level"
            elif level > last + 1:
                yield "A heading skips a level"
            last = level
        elif kind == "/L":
            kinds = {str(role_of(each, tree)) for each in kids_of(element)}
            if not kinds or kinds - {"/LI", "/L", "/Caption"}:
                yield "A list holds something beside its items"


def elements_under(element):
    """Every element of the tag tree, in reading order. The tree is walked without recursion: files are deep."""
    waiting = list(reversed(kids_of(element)))
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(kids_of(found)))


def kids_of(element):
    kids = element.get("/K")
    kids = list(kids) if isinstance(kids, Array) else [kids]
    return [kid for kid in kids if isinstance(kid, Dictionary) and "/S" in kid]


def role_of(element, tree):
    """The standard kind of an element, followed through the document's own names."""
    kind, roles = element.S, tree.get("/RoleMap", Dictionary())
    for _ in range(10):
        if str(kind) not in roles:
            break
        kind = roles[str(kind)]
    return kind


def has_words(element, key):
    return bool(str(element.get(key, "")).strip())


def faults_of_table(table, tree):
    cells = [each for each in elements_under(table) if str(role_of(each, tree)) in {"/TH", "/TD"}]
    headers = [each for each in cells if str(role_of(each, tree)) == "/TH"]
    if not headers:
        yield "A table has no header cells"
    elif not all(attribute_of(header, "/Scope") or header.get("/ID") for header in headers):
        yield "A table’s header cell does not say what it heads"


def attribute_of(element, name):
    given = element.get("/A")
    for each in list(given) if isinstance(given, Array) else [given]:
        if isinstance(each, Dictionary) and name in each:
            return each[name]
    return None


# What is on the pages


def faults_of_pages(pdf):
    for page in pdf.pages:
        if shows_untagged(page):
            yield "Something on a page is in no tag: a screen reader misses it or reads it in the wrong place"
        for link in page.get("/Annots", []):
            if link.get("/Subtype") == Name.Link and not has_words(link, "/Contents"):
                yield "A link has no words that say where it leads"


def shows_untagged(page):
    depth = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in BEGINS:
            depth += 1
        elif name == ENDS:
            depth -= 1
        elif depth == 0 and name in SHOWS and not is_tagged_inside(page, name, operands):
            return True
    return False


def is_tagged_inside(page, name, operands):
    """Whether what is drawn brings its own tags: a form with marked content."""
    if name != "Do":
        return False
    drawn = page.get("/Resources", Dictionary()).get("/XObject", Dictionary()).get(str(operands[0]))
    return drawn is not None and "/StructParents" in drawn


# Its letters


def faults_of_fonts(pdf):
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.FontDescriptor:
            if not any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                yield f"The letters of {str(item.get('/FontName', '/a font'))[1:]} are not in the file"
            elif str(item.get("/FontName", ""))[1 + SUBSET_PREFIX : 2 + SUBSET_PREFIX] != "+":
                yield f"All letters of {str(item.FontName)[1:]} are in the file, not only those it uses"
