"""Making the proof of a report: a worker claims it (``partnership.builds``) and keeps the PDF, Word and one page."""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import timezone

from assurance.annual.charts import bright_line, cover_lines, cover_points
from assurance.annual.content import content_of
from assurance.annual.gathering import gather_evidence
from assurance.annual.pictures import draw_pictures
from assurance.annual.summary import make_summary
from assurance.annual.word import make_word
from assurance.models import AnnualReport, ReportBuild
from assurance.printed import as_objects, content_hash
from partnership.builds import Pages, run_claimed
from partnership.exit_pack.papers import pdf_or_reason
from partnership.pdf import render_pdf
from partnership.replica_reading import caught_up

DRAFTS = "Annual reports that are being written"
FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"


# Asking


@transaction.atomic
def request_build(report, *, by):
    """Ask for a proof of ``report``; one that is under way already is the answer."""
    AnnualReport.objects.select_for_update(of=["self"]).get(pk=report.pk)
    under_way = report.builds.under_way().first()
    if under_way:
        return under_way
    last = report.builds.aggregate(last=Max("number"))["last"] or 0
    return report.builds.create(requested_by=by, step="Waiting for a worker", number=last + 1)


# Making


def run_build(build_id):
    """Make the PDF of a build that waits; of any other nothing. Gives whether this call made it."""
    return run_claimed(ReportBuild, build_id, make)


def make(claim):
    report = AnnualReport.objects.get(builds=claim.build_id)
    claim.say("Gathering evidence")
    gather_evidence(report)
    content = caught_up(partial(content_of, report, on=timezone.localdate()))
    assets = print_assets(content)
    pdf = make_pdf(report, content, assets, claim=claim)
    claim.keep(pdf, content=content, content_hash=content_hash(content), **make_others(content, assets, say=claim.say))


def make_pdf(report, content, assets, *, claim):
    count = len(content["sections"])
    claim.say(f"Setting {count} sections", 0, count)
    return render_pdf(print_html(content), assets=assets, on_progress=Pages(claim, pages_expected(report, content)))


def make_others(content, assets, *, say):
    """The same report for Word and on one page, as fields of the build; ``say(words)`` tells how far it is."""
    say("Writing the Word edition")
    word = make_word(content, pictures=draw_pictures(content, assets=assets))
    say("Setting the report on one page")
    summary = make_summary(content, assets=assets).content
    return {"word": word, "word_size": len(word), "summary": summary, "summary_size": len(summary)}


def papers_of(partnership, *, by, at, claim):
    """(heading, file name, bytes) of each annual report that is being written, as it stands: PDF and Word."""
    drafts = AnnualReport.objects.visible_to(by).filter(partnerships=partnership, published_file=None)
    for report in drafts.order_by("pk"):
        content = content_of(report, on=timezone.localdate(at))
        assets = print_assets(content)
        stem = f"{report.filename_stem}-as-it-stands"
        yield pdf_or_reason(DRAFTS, stem, partial(make_pdf, report, content, assets, claim=claim))
        claim.say("Writing the Word edition")
        yield DRAFTS, f"{stem}.docx", make_word(content, pictures=draw_pictures(content, assets=assets))


def pages_expected(report, content):
    """As many as last time; for a first proof a guess."""
    last = report.builds.done().values_list("page_count", flat=True).first()
    return last or 7 + len(content["sections"]) + sum(len(plan["tables"]) for plan in content["plans"])


# From content to pages


def print_html(content):
    return render_to_string("report/print.html", {"report": as_objects(content), "for_print": True})


def print_assets(content):
    """All that the printed report uses: ``{name: bytes}``."""
    report = as_objects(content)
    ratings = [rating for key in report.keys for rating in key.ratings]
    cover = {"lines": cover_lines(), "bright_line": bright_line(), "points": cover_points(report.round_count)}
    made = {
        "report.css": render_to_string("report/report.css"),
        "house.css": render_to_string("report/house.css", {"house": report.house, "ratings": ratings}),
        "cover.svg": render_to_string("report/cover.svg", {"house": report.house, **cover}),
        "dots.svg": render_to_string("report/dots.svg"),
        **{rating.image: render_to_string("report/rating.svg", {"rating": rating}) for rating in ratings},
    }
    fonts = {f"fonts/{path.name}": path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))}
    return {name: text.encode() for name, text in made.items()} | fonts
