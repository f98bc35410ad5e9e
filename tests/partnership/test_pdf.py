"""PDFs for everyone's eyes and ears, made where nothing can be reached and nothing runs for ever."""

import io
import json
import socket
import sys
import threading
from pathlib import Path

import page
import pikepdf
import pytest

from partnership import pdf
from partnership.pdf import Limits, PdfProblem, render_pdf, stop_layout

STYLE = b"""
@page { @top-left { content: "Running header"; font-family: sans-serif } }
html { font-family: sans-serif }
"""
DOCUMENT = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>A report</title>
<link rel="stylesheet" href="style.css"></head><body>
<h1>A report</h1><p>Words and <a href="#t">a link</a>, and <a href="https://example.org/">another</a>.</p>
<h2 id="t">Table</h2>
<table><caption>Table 1</caption><thead><tr><th scope="col">Place</th><th scope="col">Count</th></tr></thead>
<tbody><tr><th scope="row">Ashford</th><td>3</td></tr></tbody></table>
<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" role="img"><title>Three bars</title>
<rect width="5" height="5"/></svg></figure>
</body></html>"""


def body(inside):
    return f'<!DOCTYPE html><html lang="en-GB"><head><title>T</title></head><body>{inside}</body></html>'


def elements(pdf_file, kind):
    return [
        item
        for item in pdf_file.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name(kind) and "/P" in item
    ]


def conforms(content, tmp_path):
    path = tmp_path / "made.pdf"
    path.write_bytes(content)
    checked = page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1)
    return (checked.is_compliant, checked.rules.total, checked.rules.failed)


def test_a_pdf_conforms_to_pdf_ua(tmp_path):
    made = render_pdf(DOCUMENT, assets={"style.css": STYLE})
    assert made.page_count == 1 and made.cpu_seconds > 0 and made.peak_bytes > 10_000_000
    assert conforms(made.content, tmp_path) == (True, 104, 0)


def test_a_screen_reader_hears_what_cells_head_and_no_running_header():
    made = render_pdf(DOCUMENT, assets={"style.css": STYLE})
    with pikepdf.open(io.BytesIO(made.content)) as opened:
        headers = [str(element.A.Scope) for element in elements(opened, "/TH")]
        operators = pikepdf.parse_content_stream(opened.pages[0])
        artifacts = [
            operands for operands, operator in operators if str(operator) == "BDC" and str(operands[0]) == "/Artifact"
        ]
        links = [int(annotation.F) for annotation in opened.pages[0].Annots]
        metadata = opened.Root.Metadata
        assert headers == ["/Column", "/Column", "/Row"]
        assert [str(operands[1].Type) for operands in artifacts] == ["/Pagination"]
        assert links == [4, 4]
        assert "/Filter" not in metadata
        assert b"pdfuaid:part" in metadata.read_raw_bytes()
        assert [str(figure.Alt) for figure in elements(opened, "/Figure")] == ["Three bars"]
        assert str(opened.Root.Lang) == "en-GB"


def test_progress_is_told_page_by_page():
    told = []
    pages = "".join(f'<p style="break-before: page">{number}</p>' for number in range(4))
    made = render_pdf(body(pages), assets={}, on_progress=told.append)
    assert told[: made.page_count] == list(range(1, made.page_count + 1))


# What a document may not do


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("the partnership’s secret")
    return path


@pytest.fixture
def knocks():
    """Addresses on which something called at a local server; ``knocks.url`` is its own."""
    server = socket.create_server(("127.0.0.1", 0))
    called = []

    def answer():
        while True:
            try:
                connection, address = server.accept()
            except OSError:
                return
            called.append(address)
            connection.close()

    threading.Thread(target=answer, daemon=True).start()
    yield called, f"http://127.0.0.1:{server.getsockname()[1]}/x"
    server.close()


REACHES_OUT = {
    "image": '<img alt="" src="{url}">',
    "style sheet": '<link rel="stylesheet" href="{url}">',
    "import": '<style>@import "{url}";</style>',
    "background": '<p style="background: url({url})">x</p>',
    "list marker": '<ul style="list-style-image: url({url})"><li>x</ul>',
    "font": "<style>@font-face {{ font-family: f; src: url({url}) }} p {{ font-family: f }}</style><p>x</p>",
    "attachment": '<link rel="attachment" href="{url}">',
    "attachment of a link": '<a rel="attachment" href="{url}">x</a>',
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "drawing in a drawing": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
}


@pytest.mark.parametrize("way", REACHES_OUT)
def test_a_document_reads_no_file(way, secret):
    inside = REACHES_OUT[way].format(url=secret.as_uri())
    with pytest.raises(PdfProblem, match="asks for something outside it: file:///"):
        render_pdf(body(inside), assets={})


@pytest.mark.parametrize("way", REACHES_OUT)
def test_a_document_calls_no_address(way, knocks):
    called, url = knocks
    with pytest.raises(PdfProblem, match="asks for something outside it: http://127"):
        render_pdf(body(REACHES_OUT[way].format(url=url)), assets={})
    assert called == []


def test_a_drawing_that_uses_another_is_made_without_it(knocks):
    called, url = knocks
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><title>T</title><use href="{url}#a"/></svg>'
    assert render_pdf(body(drawing), assets={}).page_count == 1
    assert called == []


@pytest.mark.parametrize("url", ["data:image/svg+xml,<svg/>", "ftp://example.org/x", "//example.org/x", "/etc/passwd"])
def test_a_document_reaches_nothing_by_other_schemes(url):
    with pytest.raises(PdfProblem, match="asks for something outside it"):
        render_pdf(body(f'<img alt="" src="{url}">'), assets={})


def test_without_the_fetcher_the_secret_would_be_read(secret):
    """The control: WeasyPrint's own fetcher takes the file into the PDF."""
    from weasyprint import HTML  # noqa: PLC0415 (a heavy library, for this test alone)

    content = HTML(string=body(f'<link rel="attachment" href="{secret.as_uri()}">')).write_pdf()
    with pikepdf.open(io.BytesIO(content)) as opened:
        embedded = [item.get_file().read_bytes() for item in opened.attachments.values()]
    assert embedded == [secret.read_bytes()]


def test_an_endless_layout_is_stopped_and_the_next_document_is_made():
    nested = "<div style='display:flex'>" * 22 + "x" + "</div>" * 22
    with pytest.raises(PdfProblem, match="needs more than 2 seconds of computing"):
        render_pdf(body(nested), assets={}, limits=Limits(cpu_seconds=2))
    assert render_pdf(body("<p>Fine</p>"), assets={}).page_count == 1


def test_a_slow_layout_is_stopped_by_the_clock():
    nested = "<div style='display:flex'>" * 22 + "x" + "</div>" * 22
    with pytest.raises(PdfProblem, match="not made within 1 seconds"):
        render_pdf(body(nested), assets={}, limits=Limits(wall_seconds=1))
    assert render_pdf(body("<p>Fine</p>"), assets={}).page_count == 1


def test_a_greedy_document_is_stopped():
    with pytest.raises(PdfProblem):
        render_pdf(body("<p>words</p>" * 60_000), assets={}, limits=Limits(memory_bytes=250_000_000))
    assert render_pdf(body("<p>Fine</p>"), assets={}).page_count == 1


def test_whoever_stops_watching_stops_the_layout():
    class NoLongerInterested(Exception):
        pass

    def lose_interest(page_number):
        raise NoLongerInterested

    with pytest.raises(NoLongerInterested):
        render_pdf(body("<p>Fine</p>"), assets={}, on_progress=lose_interest)
    assert render_pdf(body("<p>Fine</p>"), assets={}).page_count == 1


# The process


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_layout_process_knows_no_secret(monkeypatch):
    stop_layout()
    monkeypatch.setenv("SECRET_KEY", "not for the layout")
    render_pdf(body("<p>Fine</p>"), assets={})
    environment = Path(f"/proc/{pdf._layout.process.pid}/environ").read_bytes()
    names = {line.partition(b"=")[0].decode() for line in environment.split(b"\0") if line}
    assert names <= {"HOME", "TMPDIR", "LC_CTYPE"}


def test_a_machine_without_pango_is_told_what_to_install(tmp_path, monkeypatch):
    program = tmp_path / "no_pango.py"
    answer = json.dumps({"cannot": "cannot load library 'libpangoft2-1.0-0'"})
    program.write_text(f"import socket, sys\nsocket.socket(fileno=0).send({answer.encode()!r})\n")
    stop_layout()
    monkeypatch.setattr(pdf, "PROGRAM", program)
    with pytest.raises(PdfProblem, match="install Pango .on Debian, apt-get install libpangoft2-1.0-0."):
        render_pdf(DOCUMENT, assets={"style.css": STYLE})


def test_a_fault_of_the_engine_is_a_problem_with_words(tmp_path, monkeypatch):
    program = tmp_path / "silent.py"
    program.write_text("")
    stop_layout()
    monkeypatch.setattr(pdf, "PROGRAM", program)
    with pytest.raises(PdfProblem, match="did not start"):
        render_pdf(DOCUMENT, assets={"style.css": STYLE})
