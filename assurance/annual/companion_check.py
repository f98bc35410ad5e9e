"""What stands against reading a brought PDF with a screen reader; nothing of it is kept from here.

A program for ``partnership.confined`` (no Django, no database), because it opens what people brought.
"""

import io

import pikepdf
from pikepdf import Dictionary, Name

from partnership.confined import serve
from partnership.pdf_structure import faults_in
from partnership.uploads import UnreadableFile

MOST_PAGES = 200
ACTS = {Name.JavaScript, Name.Launch, Name.ImportData, Name.SubmitForm}


def main(question, files):
    return look(files[0]), []


def look(content):
    """``faults`` (in words), ``page_count``, ``language`` as it says itself. Raises UnreadableFile."""
    try:
        opened = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as locked:
        raise UnreadableFile("This PDF has a password. Save it without the password and try again.") from locked
    with opened as pdf:
        page_count = len(pdf.pages)
        if not page_count:
            raise UnreadableFile("This PDF has no pages. Save it again and try again.")
        if page_count > MOST_PAGES:
            raise UnreadableFile(
                f"This PDF has {page_count} pages, and at most {MOST_PAGES} are taken. Bring a shorter one."
            )
        if acts(pdf):
            raise UnreadableFile(
                "This PDF holds a script, a form that sends itself, or another file. Print it to a new PDF and bring "
                "that one."
            )
        language = str(pdf.Root.get("/Lang", "")).strip()
    return {"faults": faults_in(content), "page_count": page_count, "language": language}


def acts(pdf):
    """Whether anything in it could do something by itself on the computer of whoever opens it."""
    names = pdf.Root.get("/Names", Dictionary())
    if "/EmbeddedFiles" in names or "/JavaScript" in names or "/AA" in pdf.Root:
        return True
    links = [link for page in pdf.pages for link in page.get("/Annots", [])]
    return any(is_acting(item) for item in [*pdf.objects, *links])


def is_acting(item):
    """Whether it is an action that does something, or has one."""
    if not isinstance(item, Dictionary):
        return False
    held = (item, item.get("/A"), item.get("/OpenAction"))
    return any(isinstance(each, Dictionary) and each.get("/S") in ACTS for each in held)


if __name__ == "__main__":
    serve(main)
