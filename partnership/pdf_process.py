"""The process that lays out PDFs: no Django, no database, no secret, no network, and limits.

``partnership.pdf`` starts it by its path with an empty environment and one socket. For every document
it forks a child, which is limited, lays that one document out and ends; so the libraries are loaded
once, and whatever a document does to its process is gone with it.

What WeasyPrint leaves undone for a screen reader ``finish`` does on the objects about to be written,
which costs a hundredth of reading the finished file again.
"""

import gc
import json
import logging
import os
import resource
import socket
import sys
from multiprocessing.connection import Connection

ASSETS = "https://assets.invalid/"
KIBIBYTE = 1024
PRINTS = 4  # the flag of an annotation that is there on paper too

try:
    import pydyf
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
except OSError as missing:  # one of the libraries under WeasyPrint
    CANNOT = str(missing)
    FatalURLFetchingError, URLFetcher = OSError, object
else:
    CANNOT = ""


class OwnAssets(URLFetcher):
    """Gives out what came with the document (``{name: bytes}``) and asks nobody for anything else."""

    def __init__(self, assets):
        super().__init__(allowed_protocols=[], allow_redirects=False)
        self.refused = None
        self.assets = {ASSETS + name: content for name, content in assets.items()}

    def fetch(self, url, headers=None):
        if url not in self.assets:
            self.refused = FatalURLFetchingError(f"The document asks for something outside it: {url[:200]}")
            raise self.refused
        headers = {"Content-Type": "text/css"} if url.endswith(".css") else {}
        return URLFetcherResponse(url, self.assets[url], headers)


def lay_out(html, assets):
    """``html`` (text) as a tagged PDF: (bytes, number of pages)."""
    page_counts = []

    def finisher(document, pdf):
        page_counts.append(len(document.pages))
        finish(pdf)

    fetcher = OwnAssets(assets)
    source = weasyprint.HTML(string=html, base_url=ASSETS, url_fetcher=fetcher)
    content = source.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=True, finisher=finisher)
    if fetcher.refused:  # inside a drawing WeasyPrint goes on without what it was refused
        raise fetcher.refused
    return content, page_counts[0]


# Room for its deep calls, as ``partnership.stack_room`` explains; this process imports nothing of ours.
lay_out.__code__ = lay_out.__code__.replace(co_stacksize=33_000)


# What a screen reader also needs


def finish(pdf):
    """Mend ``pdf`` (pydyf's objects, about to be written) where WeasyPrint 70 falls short of PDF/UA.

    Header cells say what they head; running headers and page numbers are artifacts, not text in
    the middle of a sentence; links print; the metadata can be read without unpacking it.
    """
    root = pdf.objects[number_of(pdf.catalog["StructTreeRoot"])]
    in_tree = set()
    for reference in root["K"]:
        visit_element(pdf, number_of(reference), in_tree, in_head=False)
    mark_running_headers(pdf, pdf.objects[number_of(root["ParentTree"])]["Nums"], in_tree)
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("Subtype") == "/Link":
            item["F"] = PRINTS
        elif isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata":
            item.compress = False


def number_of(reference):
    """12 of b"12 0 R"."""
    return int(reference.split()[0])


def visit_element(pdf, number, in_tree, *, in_head):
    """Put the numbers of this element of the tag tree and all below it into ``in_tree``."""
    element = pdf.objects[number]
    if element.get("Type") != "/StructElem":
        return
    in_tree.add(number)
    if element["S"] == "/L":
        keep_items(pdf, element, number)
    if element["S"] == "/TH":
        element["A"]["Scope"] = "/Column" if in_head else "/Row"
    in_head = in_head or element["S"] == "/THead"
    for kid in element["K"]:
        if isinstance(kid, bytes):
            visit_element(pdf, number_of(kid), in_tree, in_head=in_head)


def keep_items(pdf, element, number):
    """Leave a list nothing but its items: groups of terms around them go, and the white space between.

    What is left out hangs outside the tree then, and so becomes an artifact.
    """
    items = []
    for kid in element["K"]:
        below = pdf.objects[number_of(kid)] if isinstance(kid, bytes) else {}
        if below.get("S") in {"/LI", "/L", "/Caption"}:
            items.append(kid)
        elif below.get("S") == "/Div":
            for item in below["K"]:
                if isinstance(item, bytes) and pdf.objects[number_of(item)].get("S") == "/LI":
                    pdf.objects[number_of(item)]["P"] = f"{number} 0 R".encode()
                    items.append(item)
    if items:
        element["K"] = pydyf.Array(items)


def mark_running_headers(pdf, content_of_pages, in_tree):
    """Turn marked content whose element hangs outside the tag tree into artifacts.

    ``content_of_pages``: for each page its number and, by the mark's number, the element it fills.
    """
    for page, fills in zip(content_of_pages[::2], content_of_pages[1::2], strict=True):
        if not isinstance(fills, list):
            continue  # a link's entry, not a page's
        outside = {mark for mark, element in enumerate(fills) if number_of(element) not in in_tree}
        page_object = pdf.objects[pdf.pages["Kids"][3 * page]]
        operators = pdf.objects[number_of(page_object["Contents"])].stream
        for place, operand in enumerate(operators):
            if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in outside:
                operators[place - 1] = "/Artifact"
                operators[place] = pydyf.Dictionary({"Type": "/Pagination"})
        for mark in outside:
            fills[mark] = "null"


# One document, in a child of its own


def take_job(connection):
    """(html, assets, limits) as ``partnership.pdf`` sends them."""
    header = json.loads(connection.recv_bytes())
    html = connection.recv_bytes().decode()
    assets = {name: connection.recv_bytes() for name in header["assets"]}
    return html, assets, header["limits"]


def limit(cpu_seconds, memory_bytes):
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64_000_000, 64_000_000))


class TellsPages(logging.Handler):
    """WeasyPrint logs every page it begins; pass its number on."""

    def __init__(self, connection):
        super().__init__()
        self.connection = connection

    def emit(self, record):
        if "Page %d" in str(record.msg):
            send(self.connection, page=record.args[0])


def send(connection, **message):
    connection.send_bytes(json.dumps(message).encode())


def do_job(connection):
    """Answer with ``page`` messages, then ``problem``, or ``page_count`` and the file itself."""
    html, assets, limits = take_job(connection)
    limit(**limits)
    progress = logging.getLogger("weasyprint.progress")
    progress.handlers = [TellsPages(connection)]
    progress.setLevel(logging.INFO)
    try:
        content, page_count = lay_out(html, assets)
    except MemoryError:
        send(connection, problem="The document needs more memory than is allowed.")
    except FatalURLFetchingError as refusal:
        send(connection, problem=str(refusal))
    except Exception as fault:
        print(f"{type(fault).__name__}: {fault}"[:500], file=sys.stderr, flush=True)
        send(connection, problem="The PDF engine could not lay out this document.")
    else:
        send(connection, page_count=page_count)
        connection.send_bytes(content)


def serve(control):
    """Fork a child for every connection that comes over ``control``, until that closes."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        child = os.fork()
        if child == 0:
            control.close()
            gc.disable()  # the child ends with its document; looking for garbage costs a tenth
            do_job(Connection(descriptors[0]))
            os._exit(0)
        os.close(descriptors[0])
        _, status, usage = os.wait4(child, 0)
        used = {"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_bytes": usage.ru_maxrss * KIBIBYTE}
        control.send(json.dumps({"status": status, **used}).encode())


def main():
    control = socket.socket(fileno=sys.stdin.fileno())
    control.send(json.dumps({"cannot": CANNOT}).encode())
    if not CANNOT:
        serve(control)


if __name__ == "__main__":
    main()
