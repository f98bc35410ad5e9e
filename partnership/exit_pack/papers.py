"""What stands now as documents of a pack: see ``papers`` in ``partnership.exit_pack.declaring``."""

from partnership.pdf import PdfProblem


def pdf_or_reason(heading, stem, make):
    """(heading, file name, bytes) of the PDF that ``make()`` gives, or of a note that says why there is none.

    Whoever leaves needs the pack, even if one of its documents cannot be set.
    """
    try:
        return heading, f"{stem}.pdf", make().content
    except PdfProblem as problem:
        said = f"The PDF could not be made: {problem}\nThe Word document beside this file has the same content.\n"
        return heading, f"{stem}.txt", said.encode()
