"""Papers as people bring them, well made and hostile, as bytes."""

import io
import zlib

import docx
import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from partnership.pdf import render_pdf


def tagged_pdf(title="How are we doing?", pages=2):
    """As our own reports are: conforms to PDF/UA, headings, a table, a bookmark, links."""
    more = "".join(f'<h2 style="break-before: page">Part {number}</h2><p>Words</p>' for number in range(1, pages))
    return render_pdf(
        f"""<!DOCTYPE html><html lang="en-GB"><head><title>{title}</title></head><body><h1 id="top">{title}</h1>
        <p><a href="https://example.org/">Out</a> <a href="#top">up</a></p>
        <table><thead><tr><th scope="col">Area</th><th scope="col">Seen</th></tr></thead>
        <tbody><tr><td>Ashford</td><td>3</td></tr></tbody></table>{more}</body></html>""",
        assets={},
    ).content


def untagged_pdf(words="A poster", *, pages=1, size=(595, 842)):
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=size)
        page.Resources = Dictionary(
            Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        )
        page.Contents = pdf.make_stream(f"BT /F1 24 Tf 72 700 Td ({words}) Tj ET".encode())
    return saved(pdf)


def scan_pdf():
    """A picture of a page: nothing on it is text."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    picture = pdf.make_stream(
        zlib.compress(b"\x80" * 100),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=10,
        Height=10,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
        Filter=Name.FlateDecode,
    )
    page.Resources = Dictionary(XObject=Dictionary(Im0=picture))
    page.Contents = pdf.make_stream(b"q 400 0 0 600 90 100 cm /Im0 Do Q")
    return saved(pdf)


def acting_pdf():
    """Everything that a PDF can do beside being read."""
    pdf = Pdf.open(io.BytesIO(untagged_pdf("Harmless")))
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('CANARY-SCRIPT')"))
    page = pdf.pages[0].obj
    page.AA = Dictionary(O=script)

    def annotation(**keys):
        return pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=Array([0, 0, 99, 99]), **keys))

    launch = Dictionary(S=Name.Launch, F=String("CANARY-LAUNCH.exe"))
    page.Annots = Array(
        [
            annotation(Subtype=Name.Link, A=launch),
            annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("javascript:CANARY-ADDRESS"))),
            annotation(Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F=String("//CANARY-SHARE/x.pdf"))),
            annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.org/kept"))),
            annotation(Subtype=Name.FileAttachment, Contents=String("CANARY-ATTACHED")),
            annotation(Subtype=Name.Widget, FT=Name.Tx, T=String("CANARY-FIELD"), AA=Dictionary(K=script)),
        ]
    )
    pdf.Root.OpenAction = script
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), script])))
    pdf.attachments["CANARY-FILE.exe"] = b"MZ CANARY-BYTES"
    return saved(pdf)


def locked_pdf():
    pdf = Pdf.open(io.BytesIO(untagged_pdf()))
    return saved(pdf, encryption=pikepdf.Encryption(owner="owner", user="user"))


def bomb_pdf():
    """A page whose content unpacks to 300 MB."""
    pdf = Pdf.open(io.BytesIO(untagged_pdf()))
    packer = zlib.compressobj(9)
    packed = b"".join([packer.compress(b" " * 10_000_000) for _ in range(30)]) + packer.flush()
    stream = pdf.make_stream(b"")
    stream.write(packed, filter=Name.FlateDecode)
    pdf.pages[0].obj.Contents = stream
    return saved(pdf)


def circle_pdf():
    """Tags that hang in themselves."""
    pdf = Pdf.open(io.BytesIO(tagged_pdf()))
    top = pdf.Root.StructTreeRoot.K[0]
    top.K.append(top)
    return saved(pdf)


def saved(pdf, **how):
    file = io.BytesIO()
    pdf.save(file, **how)
    return file.getvalue()


def word(title="What fathers say", *, fill=None):
    """A Word paper with headings that skip a level, a list, a table and a picture."""
    document = docx.Document()
    document.add_heading(title, 0)
    document.add_heading("Whom we asked", 1)
    document.add_paragraph("Forty fathers.")
    document.add_heading("How", 4)
    document.add_paragraph("By telephone", style="List Bullet")
    table = document.add_table(rows=0, cols=2)
    for row in [("Area", "Fathers"), ("Ashford", "22")]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "#0b4f5c").save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture)
    if fill:
        fill(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
