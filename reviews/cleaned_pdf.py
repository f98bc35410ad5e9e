"""A reviewer's report as it can be published: its pages as they came, and nothing that says who made them.

A program for ``partnership.confined`` (no Django, no database). Properties, comments, attachments and
whatever acts are taken out; links, tags and bookmarks stay.
"""

from pikepdf import Array, Dictionary, Name, Stream

from partnership.confined import serve
from partnership.paper_pdf import annotations, disarm, opened, saved

TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/AA")
OF_THE_WHOLE = ("/Metadata", "/OpenAction", "/AA", "/AcroForm", "/Collection", "/AF", "/PieceInfo", "/Perms")


def main(question, files):
    """({"page_count": …}, [PDF]) of the one file; ``question["title"]`` is what it is called from now on."""
    pdf = opened(files[0])
    clean(pdf, title=question["title"])
    return {"page_count": len(pdf.pages)}, [saved(pdf)]


def clean(pdf, *, title):
    disarm(pdf)
    for item in pdf.objects:
        if isinstance(item, (Dictionary, Stream)):
            remove(item, TELLING)
    remove(pdf.Root, OF_THE_WHOLE)
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary):
        remove(names, set(names) - {"/Dests"})
    for page in pdf.pages:
        keep_links(page)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
    pdf.docinfo["/Title"] = title
    pdf.remove_unreferenced_resources()


def keep_links(page):
    """Comments carry the names of those who made them; only links stay, and those that lead somewhere plain."""
    links = []
    for each in annotations(page):
        action = each.get("/A")
        acts = isinstance(action, Dictionary) and action.get("/S") not in (Name.URI, Name.GoTo)
        if each.get("/Subtype") == Name.Link and not acts:
            remove(each, ("/T", "/M", "/NM"))
            links.append(each)
    if links:
        page.obj.Annots = Array(links)
    elif "/Annots" in page.obj:
        del page.obj["/Annots"]


def remove(record, keys):
    for key in keys:
        if key in record:
            del record[key]


if __name__ == "__main__":
    serve(main)
