"""A PDF as a reviewer might send it: with properties, a comment and an attachment that say who made it."""

import io

import pikepdf


def a_pdf(*, author="Somebody", words=b"BT ET"):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(words)
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T=author, Contents="A comment"
    )
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/"),
    )
    page.Annots = pikepdf.Array([pdf.make_indirect(note), pdf.make_indirect(link)])
    pdf.attachments["notes.txt"] = author.encode()
    pdf.docinfo["/Author"] = author
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [author]
    file = io.BytesIO()
    pdf.save(file, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return file.getvalue()
