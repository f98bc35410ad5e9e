"""The PDF of an annual report of sixty pages: against WeasyPrint alone, and LibreOffice on the equal Word file."""

import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import weasyprint
from django.db import transaction
from django.utils import timezone

from assurance.annual.builds import print_assets, print_html
from assurance.annual.content import content_of
from assurance.annual.pictures import draw_pictures
from assurance.annual.word import make_word
from assurance.benchmarks.figures import Figure
from assurance.benchmarks.word_plan import convert, cpu_of
from assurance.management.commands.load_sample import load_sample
from assurance.models import AnnualReport
from partnership.pdf import render_pdf
from partnership.pdf_process import ASSETS, OwnAssets

RUNS = 3
MOST_TIMES = 1.05
PAGES = 60
MEGABYTE = 1_000_000


def report_pdf():
    """Our PDF against WeasyPrint's own and LibreOffice's, on the sample's report grown to 60 pages.

    Ours counts the process of its own that lays out, what it is sent and sends back, and the mending
    for screen readers; not the loading of libraries, which happens once for all documents, as it
    does for WeasyPrint alone. Each in turn, so that all meet the same machine.
    """
    content, html, assets = long_report()
    ours, alone = [], []
    for _ in range(RUNS):
        alone.append(cpu_of_weasyprint(html, assets))
        seconds, pdf = cpu_of_ours(html, assets)
        ours.append(seconds)
    return [
        Figure(
            "annual report as PDF ÷ WeasyPrint alone on the same HTML",
            min(ours) / min(alone),
            f"{pdf.page_count} pages, {min(ours):.2f} s against {min(alone):.2f} s of CPU, least of {RUNS}; "
            f"at most {pdf.peak_bytes / MEGABYTE:.0f} MB",
            at_most=MOST_TIMES,
        ),
        against_office(content, assets, min(ours)),
    ]


def against_office(content, assets, seconds):
    """How our time compares with LibreOffice's for the Word edition of the same content."""
    name = "annual report as PDF ÷ soffice --convert-to pdf of the same report as Word"
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return Figure(name, words="LibreOffice is not installed here")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"
        path.write_bytes(make_word(content, pictures=draw_pictures(content, assets=assets)))
        convert(office, path)  # makes a profile
        theirs = min(cpu_of(lambda: convert(office, path)) for _ in range(RUNS))
    return Figure(name, seconds / theirs, f"{theirs:.2f} s of CPU for LibreOffice")


def long_report():
    """The sample's last year, its narratives repeated until it has sixty pages: (content, HTML, assets)."""
    today = timezone.localdate()
    with transaction.atomic():
        load_sample(on=today)
        content = content_of(AnnualReport.objects.order_by("ends_on").first(), on=today)
        transaction.set_rollback(True)
    told = [list(section["paragraphs"]) for section in content["sections"]]
    while True:
        html, assets = print_html(content), print_assets(content)
        if render_pdf(html, assets=assets).page_count >= PAGES:
            return content, html, assets
        for section, paragraphs in zip(content["sections"], told, strict=True):
            section["paragraphs"] = [*section["paragraphs"], *paragraphs * 6]


def cpu_of_weasyprint(html, assets):
    started = time.process_time()
    source = weasyprint.HTML(string=html, base_url=ASSETS, url_fetcher=OwnAssets(assets))
    source.write_pdf(pdf_variant="pdf/ua-1")
    return time.process_time() - started


def cpu_of_ours(html, assets):
    started = time.process_time()
    pdf = render_pdf(html, assets=assets)
    return time.process_time() - started + pdf.cpu_seconds, pdf
