"""Files as they should not be, from whole ones: cut, flipped, taken apart and put together wrongly, or simply odd.

``malformed(seeds, count, seed)`` gives (filename, bytes, how it was made) of each; the same for the same ``seed``, so
that what was found can be found again. What asks for something from outside asks at ``BECKON``, which a test may put
an ear behind.
"""

import functools
import io
import random
import re
import struct
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

BECKON = "http://127.0.0.1:9/beckoned"
ZIPPED = (".docx", ".xlsx")
NASTY = [
    f'=HYPERLINK("{BECKON}","x")', "+1", "-2+3", "@SUM(A1)", "\t=1+1", "’; DROP TABLE x; --", "{{ 7*7 }}", "%s%n",
    "<script>alert(1)</script>", "../../etc/passwd", "x" * 32_767, "\u202eevil", "\U0001f9d2\u200d\U0001f9d2",
    "\u0645\u0631\u062d", "\ufeff", "\u0001", "1e308", "-0", "NaN", "9" * 400, "31/02/2027", "0000-00-00", "9999-12-31",
    "1 April 10000", " ", "\n\n", "a\u0301" * 300, "\u2028", "\u00ad", "Ⅷ", "١٢", "²", "½", "#REF!", "TRUE", "0x10",
    "1,5", "12.000.000", "January", "a@b", "a@b.c\r\nBcc: x@y.z",
]  # fmt: skip


# Of any kind of file


def truncate(draw, content):
    return content[: draw.randrange(len(content))]


def flip(draw, content):
    flipped = bytearray(content)
    for _ in range(draw.choice([1, 3, 20, 200])):
        flipped[draw.randrange(len(flipped))] ^= 1 << draw.randrange(8)
    return bytes(flipped)


def cut_out(draw, content):
    start = draw.randrange(len(content))
    return content[:start] + content[start + draw.randrange(1, 4_000) :]


def say_twice(draw, content):
    start = draw.randrange(len(content))
    return content[:start] + content[start : start + draw.randrange(1, 4_000)] + content[start:]


def put_in(draw, content):
    start = draw.randrange(len(content))
    return content[:start] + draw.randbytes(draw.choice([1, 40, 3_000])) + content[start:]


def blank_out(draw, content):
    start = draw.randrange(len(content))
    length = min(draw.randrange(1, 2_000), len(content) - start)
    return content[:start] + bytes(length) + content[start + length :]


def after_a_page(draw, content):
    """Two files in one: a page of the web before it."""
    return b"<html><script>1</script></html>" + content


def two_in_one(draw, content):
    return (
        draw.choice([b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"MZ", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
        + content
    )


def with_a_tail(draw, content):
    return content + draw.choice([b"%PDF-1.7 %%EOF", b"PK\x05\x06" + bytes(18), draw.randbytes(5_000)])


def nothing_of_it(draw, content):
    return draw.choice([b"", b" ", b"\0" * 100, content[:4], content[:30], draw.randbytes(2_000)])


ANY = [truncate, flip, cut_out, say_twice, put_in, blank_out, after_a_page, two_in_one, with_a_tail, nothing_of_it]


# Of archives


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts, how=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as package:
        for name, words in parts.items():
            package.writestr(name, words)
    return file.getvalue()


def main_of(parts):
    """The part that matters: the words of a document, a sheet of a workbook."""
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    return "word/document.xml" if "word/document.xml" in parts else sheets[0]


def changed(change):
    """A mutator that changes {name: bytes} of the parts."""

    def mutate(draw, content):
        parts = parts_of(content)
        change(draw, parts)
        return packed(parts)

    mutate.__name__ = change.__name__
    return mutate


@changed
def without_a_part(draw, parts):
    del parts[draw.choice(list(parts))]


@changed
def with_an_empty_part(draw, parts):
    parts[draw.choice(list(parts))] = b""


@changed
def with_parts_exchanged(draw, parts):
    one, other = draw.sample(list(parts), 2)
    parts[one], parts[other] = parts[other], parts[one]


@changed
def with_names_that_climb(draw, parts):
    parts[draw.choice(["../../../etc/cron.d/x", "/etc/passwd", "C:\\x", "word/../../x", "a" * 300, "\u202e.xml"])] = (
        b"<x/>"
    )


@changed
def with_macros(draw, parts):
    if draw.random() < 0.5:
        parts["word/vbaProject.bin" if "word/document.xml" in parts else "xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
    else:
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(b"openxmlformats", b"ms-word.document.macroEnabled", 1)


@changed
def with_a_document_type(draw, parts):
    name = main_of(parts)
    said = draw.choice(
        [
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
            b'<!DOCTYPE x SYSTEM "' + BECKON.encode() + b'">',
            b"<!DOCTYPE x ["
            + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
            + b"]>",
            b'<!DOCTYPE x [<!ENTITY %% p SYSTEM "' + BECKON.encode() + b'"> %p;]>',
        ]
    )
    xml = re.sub(rb"<\?xml[^>]*\?>", b"", parts[name])
    if draw.random() < 0.3:
        parts[name] = (said + xml).decode("utf-8", "replace").encode("utf-16")
    else:
        # Far from the start, where a look at the head alone would not find it.
        parts[name] = b"<!--" + b" " * draw.choice([0, 70_000]) + b"-->" + said + xml


@changed
def that_unpacks_to_much(draw, parts):
    size = draw.choice([2, 20, 59, 61]) * 1024 * 1024
    name = draw.choice([main_of(parts), "docProps/app.xml", "xl/sharedStrings.xml", "customXml/item1.xml"])
    parts[name] = b"<x>" + draw.choice([b" ", b"<a/>"]) * (size // 4) + b"</x>"


@changed
def of_very_many_parts(draw, parts):
    for number in range(draw.choice([1_500, 2_500])):
        parts[f"customXml/item{number}.xml"] = b"<x/>"


@changed
def with_links_outside(draw, parts):
    kinds = ["image", "hyperlink", "attachedTemplate", "frame", "subDocument", "oleObject", "externalLink", "styles"]
    for name in [name for name in parts if name.endswith(".rels")]:
        more = b"".join(
            b'<Relationship Id="rIdX%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
            b'Target="%s" TargetMode="External"/>'
            % (number, kind.encode(), draw.choice([BECKON, "file:///etc/passwd", "\\\\127.0.0.1\\x"]).encode())
            for number, kind in enumerate(kinds)
        )
        parts[name] = parts[name].replace(b"</Relationships>", more + b"</Relationships>")
    if draw.random() < 0.5:
        for name in [name for name in parts if name.endswith(".rels")]:
            parts[name] = re.sub(
                rb'Target="[^"]*"', b'Target="' + BECKON.encode() + b'" TargetMode="External"', parts[name], count=2
            )


@changed
def nested_deeply(draw, parts):
    name = main_of(parts)
    tag = draw.choice([b"w:tbl", b"w:sdt", b"w:p", b"row", b"c", b"x"])
    depth = draw.choice([200, 2_000, 50_000])
    middle = parts[name].rfind(b"</", 0, len(parts[name]) - 20)
    parts[name] = parts[name][:middle] + b"<%s>" % tag * depth + b"</%s>" % tag * depth + parts[name][middle:]


@changed
def with_numbers_beyond(draw, parts):
    """Numbers in attributes become huge, negative or no numbers."""
    name = draw.choice([main_of(parts), *[each for each in parts if each.endswith((".xml", ".rels"))]])
    odd = draw.choice([b"-1", b"999999999", b"4294967296", b"1e9", b"", b"x", b"NaN", b"9" * 60])
    places = list(re.finditer(rb'"(\d+)"', parts[name]))
    for found in sorted(draw.sample(places, min(len(places), draw.choice([1, 4, 40]))), key=lambda m: -m.start()):
        parts[name] = parts[name][: found.start(1)] + odd + parts[name][found.end(1) :]


@changed
def with_a_cell_far_away(draw, parts):
    name = main_of(parts)
    far = draw.choice(
        [b'r="XFD1048576"', b'r="A1048576"', b'r="ZZZZ9"', b'r="A0"', b'r="1"', b'r="A-1"', b'r="A99999999999"']
    )
    parts[name] = re.sub(rb'\br="[A-Z]+\d+"', far, parts[name], count=draw.choice([1, 5]))
    parts[name] = re.sub(rb'ref="[^"]*"', b'ref="A1:XFD1048576"', parts[name], count=1)
    parts[name] = parts[name].replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B2"/></mergeCells>'
    )
    parts[name] = re.sub(rb'w:val="\d+"', b'w:val="16383"', parts[name], count=6)


@changed
def that_points_nowhere(draw, parts):
    """Shared strings, styles and relations that are not there."""
    name = main_of(parts)
    parts[name] = re.sub(rb"<v>\d+</v>", b"<v>987654</v>", parts[name], count=draw.choice([1, 50]))
    parts[name] = re.sub(rb'\bs="\d+"', b's="54321"', parts[name], count=draw.choice([0, 50]))
    parts[name] = re.sub(rb'r:(id|embed)="[^"]*"', b'r:\\1="rId999"', parts[name])


@changed
def whose_tags_are_torn(draw, parts):
    name = draw.choice([main_of(parts), *[each for each in parts if each.endswith((".xml", ".rels"))]])
    tags = list(re.finditer(rb"</?[\w:]+[^>]*>", parts[name]))
    for found in sorted(draw.sample(tags, min(len(tags), draw.choice([1, 3, 9]))), key=lambda m: -m.start()):
        parts[name] = parts[name][: found.start()] + parts[name][found.end() :]


@changed
def in_other_letters(draw, parts):
    name = main_of(parts)
    xml = re.sub(rb"<\?xml[^>]*\?>", b"", parts[name]).decode("utf-8", "replace")
    how = draw.choice(["utf-16", "utf-32", "utf-7", "cp1252"])
    parts[name] = f'<?xml version="1.0" encoding="{how}"?>{xml}'.encode(how, "xmlcharrefreplace")


@changed
def with_huge_pictures(draw, parts):
    """A picture of 60,000 by 60,000 dots in a few hundred bytes, in every picture's place."""
    for name in [name for name in parts if "/media/" in name] or ["word/media/image1.png"]:
        parts[name] = huge_png()


def huge_png(side=60_000):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def with_one_part_twice(draw, content):
    parts = parts_of(content)
    name = main_of(parts)
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as package:
        package.filelist  # noqa: B018
        package.NameToInfo.pop(name, None)
        package.writestr(name, parts[name][: len(parts[name]) // 2])
    return file.getvalue()


def whose_list_of_parts_lies(draw, content):
    """Sizes, checks, flags and methods in the central directory and before each part."""
    lying = bytearray(content)
    heads = [found.start() for found in re.finditer(rb"PK\x01\x02|PK\x03\x04", content)]
    for start in draw.sample(heads, min(len(heads), draw.choice([1, 4, len(heads)]))):
        is_central = content[start : start + 4] == b"PK\x01\x02"
        field, value = draw.choice(
            [(8, 1), (8, 0x800), (10, 99), (16, 0), (20, 0xFFFFFFFF), (24, 0xFFFFFFF0), (28, 0xFFFF), (42, 0x7FFFFFFF)]
        )
        place = start + (field if is_central else max(4, field - 2))
        width = 2 if field in {8, 10, 28} else 4
        lying[place : place + width] = struct.pack("<H" if width == 2 else "<I", value)
    return bytes(lying)


def inside_itself(draw, content):
    return packed({"word/document.xml": content, "xl/workbook.xml": content, "inner.zip": content})


def in_a_locked_box(draw, content):
    """As Office keeps what has a password: an old kind of file around it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + content


ARCHIVE = [
    without_a_part, with_an_empty_part, with_parts_exchanged, with_names_that_climb, with_macros, with_a_document_type,
    that_unpacks_to_much, of_very_many_parts, with_links_outside, nested_deeply, with_numbers_beyond,
    with_a_cell_far_away, that_points_nowhere, whose_tags_are_torn, in_other_letters, with_huge_pictures,
    with_one_part_twice, whose_list_of_parts_lies, inside_itself, in_a_locked_box,
]  # fmt: skip


# Of PDFs


def redrawn(change):
    """A mutator that changes an opened PDF; what its library will not write is flipped instead."""

    def mutate(draw, content):
        file = io.BytesIO()
        try:
            pdf = pikepdf.open(io.BytesIO(content))
            change(draw, pdf)
            pdf.save(file, compress_streams=draw.random() < 0.5)
        except (pikepdf.PdfError, RuntimeError, ValueError, TypeError):
            return flip(draw, content)
        return file.getvalue()

    mutate.__name__ = change.__name__
    return mutate


@redrawn
def with_numbers_of_pages_wrong(draw, pdf):
    pdf.Root.Pages.Count = draw.choice([-1, 0, 10**9, 10**12])


@redrawn
def whose_pages_are_one_another(draw, pdf):
    page = pdf.pages[0].obj
    page.Parent = page
    pdf.Root.Pages.Parent = pdf.Root.Pages
    page.Annots = Array([page, pdf.Root, Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), A=page)])


@redrawn
def with_pages_of_odd_sizes(draw, pdf):
    odd = draw.choice([[0, 0, 0, 0], [0, 0, 10**8, 10**8], [9, 9, 1, 1], [0, 0, -500, 800], [0, 0], ["a", 0, 0, 0], []])
    pdf.pages[0].obj.MediaBox = Array([String(side) if isinstance(side, str) else side for side in odd])
    pdf.pages[0].obj.UserUnit = draw.choice([0, -1, 10**6])
    pdf.pages[0].obj.Rotate = draw.choice([45, -90, 10**6])


@redrawn
def that_unfolds(draw, pdf):
    size = draw.choice([5, 80, 400]) * 1024 * 1024
    word = draw.choice([b"q ", b"0 0 m 1 1 l S ", b"BT (x) Tj ET ", b" "])
    pdf.pages[0].obj.Contents = Stream(pdf, much_of(word, size), Filter=Name.FlateDecode)


@functools.cache
def much_of(word, size):
    return zlib.compress(word * (size // len(word)), 1)


@redrawn
def with_what_acts(draw, pdf):
    script = Dictionary(S=Name.JavaScript, JS=String("app.launchURL('" + BECKON + "')"))
    pdf.Root.OpenAction = draw.choice(
        [script, Dictionary(S=Name.Launch, F=String("/bin/sh")), Dictionary(S=Name.URI, URI=String(BECKON))]
    )
    pdf.pages[0].obj.AA = Dictionary(O=script)
    pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(b"<x/>"), Fields=Array([]))
    stream = pdf.make_stream(
        b"", F=Dictionary(Type=Name.Filespec, FS=Name.URL, F=String(BECKON)), FFilter=Name.FlateDecode
    )
    pdf.pages[0].obj.Contents = stream if draw.random() < 0.5 else pdf.pages[0].obj.Contents


@redrawn
def with_deep_trees(draw, pdf):
    depth = draw.choice([90, 400])
    inner = Dictionary(S=Name.P, K=0)
    for _ in range(depth):
        inner = pdf.make_indirect(Dictionary(S=draw.choice([Name.Div, Name.Table, Name.L]), K=Array([inner])))
    pdf.Root.StructTreeRoot = pdf.make_indirect(
        Dictionary(Type=Name.StructTreeRoot, K=Array([inner]), ParentTree=inner)
    )
    pdf.Root.MarkInfo = Dictionary(Marked=True)


@redrawn
def with_wrong_things_in_place(draw, pdf):
    """A name where a dictionary belongs, a number for a stream, nothing for an array."""
    wrong = draw.choice([5, Name.X, String("x"), Array([]), Dictionary(), True])
    place = draw.choice(["Contents", "Resources", "Annots", "MediaBox", "Group", "StructParents", "Parent"])
    pdf.pages[0].obj[f"/{place}"] = wrong
    if draw.random() < 0.5:
        pdf.Root[
            draw.choice(["/Outlines", "/Names", "/Dests", "/StructTreeRoot", "/Metadata", "/AcroForm", "/OCProperties"])
        ] = wrong


@redrawn
def with_forms_in_forms(draw, pdf):
    """Each drawing draws the next one twice."""
    inner = pdf.make_stream(b"0 0 m", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
    for _ in range(draw.choice([5, 30])):
        inner = pdf.make_stream(
            b"/F Do /F Do",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 1, 1]),
            Resources=Dictionary(XObject=Dictionary(F=inner)),
        )
    if draw.random() < 0.3:
        inner.Resources.XObject.F = inner
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(F=inner))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/F Do")


@redrawn
def of_many_pages(draw, pdf):
    for _ in range(draw.choice([50, 410])):
        pdf.pages.append(pdf.pages[0])


def with_a_password(draw, content):
    try:
        pdf, file = pikepdf.open(io.BytesIO(content)), io.BytesIO()
    except pikepdf.PdfError:
        return b"%PDF-1.7 /Encrypt"
    pdf.save(file, encryption=pikepdf.Encryption(owner="o", user=draw.choice(["", "secret"]), R=draw.choice([4, 6])))
    return file.getvalue()


def whose_places_lie(draw, content):
    """The table that says where each object begins, and the words between which they stand."""
    swaps = [
        (rb"startxref\s+\d+", b"startxref\n99999999"),
        (rb"/Length \d+", b"/Length 999999999"),
        (rb"/Size \d+", b"/Size 2147483647"),
        (rb"\bendobj\b", b"endoj"),
        (rb"\bendstream\b", b"endstrm"),
        (rb"/Root \d+ 0 R", b"/Root 1 0 R"),
        (rb"(\d+) 0 obj", b"1 0 obj"),
        (rb"/Prev \d+", b"/Prev 0"),
        (rb"/Kids ?\[", b"/Kids [1 0 R 2 0 R 1 0 R "),
    ]
    pattern, instead = draw.choice(swaps)
    return re.sub(pattern, instead, content, count=draw.choice([1, 0]))


DRAWN = [
    with_numbers_of_pages_wrong, whose_pages_are_one_another, with_pages_of_odd_sizes, that_unfolds, with_what_acts,
    with_deep_trees, with_wrong_things_in_place, with_forms_in_forms, of_many_pages, with_a_password, whose_places_lie,
]  # fmt: skip


# Whole, and odd


@changed
def with_odd_words(draw, parts):
    """A whole file in which some texts are others."""
    for name in [name for name in parts if name.startswith(("xl/sharedStrings", "xl/worksheets/", "word/document"))]:
        texts = list(re.finditer(rb"(<(?:w:)?t(?: [^>]*)?>)([^<]*)(</(?:w:)?t>)", parts[name]))
        for found in sorted(draw.sample(texts, min(len(texts), draw.choice([1, 3, 10]))), key=lambda m: -m.start()):
            parts[name] = parts[name][: found.start(2)] + in_xml(draw.choice(NASTY)) + parts[name][found.end(2) :]


@changed
def with_odd_numbers(draw, parts):
    for name in [name for name in parts if name.startswith("xl/worksheets/")]:
        odd = draw.choice([b"-1", b"1E+308", b"2958466", b"-657435", b"0.1", b"99999999999", b"1e-320", b"NaN", b"60"])
        cell = b'<c r="B3"><v>%s</v></c>' % odd
        parts[name] = re.sub(rb'<c r="B3"[^>]*>.*?</c>|<c r="B3"[^>]*/>', cell, parts[name], count=1)
        parts[name] = re.sub(rb't="n"><v>[^<]*</v>', b't="n"><v>%s</v>' % odd, parts[name], count=draw.choice([1, 9]))


def in_xml(text):
    kept = "".join(sign for sign in text if sign in "\t\n\r" or ord(sign) >= 32)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode("utf-8", "replace")


def unchanged(draw, content):
    return content


ODD = [with_odd_words, with_odd_numbers, unchanged]


# Of texts


def with_odd_cells(draw, content):
    lines = content.decode().split("\n")
    for _ in range(draw.choice([1, 3, 10])):
        number = draw.randrange(len(lines))
        cells = lines[number].split(",")
        cells[draw.randrange(len(cells))] = draw.choice(NASTY)
        lines[number] = ",".join(cells)
    return "\n".join(lines).encode(draw.choice(["utf-8", "utf-16", "utf-8"]), "replace")


def of_very_many_rows(draw, content):
    lines = content.split(b"\n")
    return b"\n".join(lines[:1] + lines[1:] * (draw.choice([3_000, 60_000]) // len(lines)))


def of_endless_quotes(draw, content):
    return content + b'"' * draw.choice([1, 3, 100_001])


def of_one_long_line(draw, content):
    return content.replace(b"\n", b",", draw.choice([1, 50])) * draw.choice([1, 300])


WRITTEN = [with_odd_cells, of_very_many_rows, of_endless_quotes, of_one_long_line]

# Names


NAMES = [
    "plan",
    "../../etc/passwd",
    "a" * 240,
    "über plan",
    "x\u202e",
    "%00",
    "CON",
    ".",
    '‘quoted’ "name"',
    "semi;colon",
    "a\nb",
]
ENDINGS = [".docm", ".xlsm", ".doc", ".zip", ".exe", "", ".pdf", ".docx", ".xlsx", ".csv", ".PDF", ".docx.exe"]


def mutators_of(kind):
    if kind in ZIPPED:
        return ARCHIVE + ODD + ANY
    return WRITTEN + ANY if kind == ".csv" else DRAWN + [unchanged] + ANY


def malformed(seeds, count, seed):
    """``seeds``: {ending: [bytes]}. Gives (filename, bytes, what was done): each kind and mutator in turn."""
    draw = random.Random(seed)
    turns = {kind: draw.sample(mutators_of(kind), len(mutators_of(kind))) for kind in seeds}
    for number in range(count):
        kind = list(seeds)[number % len(seeds)]
        mutators = turns[kind]
        mutate = mutators[(number // len(seeds)) % len(mutators)]
        original = draw.choice(seeds[kind])
        content = mutate(draw, original)
        done = mutate.__name__
        if content and mutate in ODD and draw.random() < 0.1:
            mutate = draw.choice(ANY)
            content, done = mutate(draw, content), f"{done}, {mutate.__name__}"
        name, ending = ("plan", kind) if draw.random() < 0.9 else (draw.choice(NAMES), draw.choice([kind, *ENDINGS]))
        yield name + ending, content, f"{kind} {number} {done}"
