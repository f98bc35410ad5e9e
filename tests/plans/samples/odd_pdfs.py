"""PDFs that are no plan or mean harm, made with pikepdf when a test needs them."""

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream


def saved(pdf, **how):
    file = io.BytesIO()
    pdf.save(file, **how)
    return file.getvalue()


def blank(count=1):
    pdf = pikepdf.new()
    for _ in range(count):
        pdf.add_blank_page(page_size=(842, 595))
    return pdf


def with_content(content, **resources):
    """One page that is drawn by ``content``."""
    pdf = blank()
    page = pdf.pages[0]
    page.obj.Contents = Stream(pdf, content)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font), **resources)
    return pdf


def locked(content, *, user="secret"):
    pdf = Pdf.open(io.BytesIO(content))
    return saved(pdf, encryption=pikepdf.Encryption(owner="owner", user=user))


def turned(content, degrees):
    """The same pages lying on their side, and drawn to be read when turned."""
    pdf = Pdf.open(io.BytesIO(content))
    for page in pdf.pages:
        width, height = (float(side) for side in page.mediabox[2:])
        ways = {
            90: ((0, 1, -1, 0, height, 0), (height, width)),
            180: ((-1, 0, 0, -1, width, height), (width, height)),
            270: ((0, -1, 1, 0, 0, width), (height, width)),
        }
        matrix, (across, up) = ways[degrees]
        page.contents_add(b"q %f %f %f %f %f %f cm" % matrix, prepend=True)
        page.contents_add(b"Q")
        page.obj.MediaBox = Array([0, 0, across, up])
        page.obj.CropBox = Array([0, 0, across, up])
        page.obj.Rotate = degrees
    return saved(pdf)


def scan():
    """A picture of a page, without letters."""
    pdf = blank()
    grey = Stream(pdf, bytes(100 * 70))
    grey.update({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 100, "/Height": 70})
    grey.update({"/ColorSpace": Name.DeviceGray, "/BitsPerComponent": 8})
    page = pdf.pages[0]
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=grey))
    page.obj.Contents = Stream(pdf, b"q 842 0 0 595 0 0 cm /Im0 Do Q")
    return saved(pdf)


def xfa():
    """A form whose page only asks to wait, as Adobe's designer makes them."""
    pdf = with_content(b"BT /F1 12 Tf 50 500 Td (Please wait. If this message is not replaced, update.) Tj ET")
    form = Stream(pdf, b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template/></xdp:xdp>")
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([]), XFA=form))
    return saved(pdf)


def bomb(megabytes=600):
    """A drawing that unpacks to a thousand times its size."""
    packer, parts = zlib.compressobj(9), []
    for _ in range(megabytes):
        parts.append(packer.compress(b"0 0 m 9 9 l S \n" * 69_905))
    parts.append(packer.flush())
    pdf = blank()
    stream = Stream(pdf, b"")
    stream.write(b"".join(parts), filter=Name.FlateDecode)
    pdf.pages[0].obj.Contents = stream
    return saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def endless_forms():
    """A drawing that draws itself."""
    pdf = with_content(b"/Fm0 Do")
    form = pdf.make_indirect(Stream(pdf, b"/Fm0 Do /Fm0 Do"))
    form.update({"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 9, 9])})
    form.Resources = Dictionary(XObject=Dictionary(Fm0=form))
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm0=form)
    return saved(pdf)


def doubling_forms(depth=30):
    """A drawing that draws another twice, which draws another twice, and so on."""
    pdf = with_content(b"/Fm0 Do")
    inner = None
    for _ in range(depth):
        form = pdf.make_indirect(Stream(pdf, b"/Fm0 Do /Fm0 Do" if inner is not None else b"0 0 m 9 9 l S"))
        form.update({"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 9, 9])})
        if inner is not None:
            form.Resources = Dictionary(XObject=Dictionary(Fm0=inner))
        inner = form
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm0=inner)
    return saved(pdf)


def looped_tree():
    """Pages whose tree leads back to its root."""
    pdf = blank(2)
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)
    return saved(pdf)


def many_letters(count=200_000):
    return saved(with_content(b"BT /F1 1 Tf 0 0 Td " + b"(abcdefghij) Tj " * (count // 10) + b"ET"))


def many_rules(count=60_000):
    lines = b"".join(b"%d %d m %d %d l S\n" % (n % 800, n % 590, (n * 7) % 800, n % 590) for n in range(count))
    return saved(with_content(b"BT /F1 9 Tf 9 9 Td (" + b"word " * 20 + b") Tj ET " + lines))
