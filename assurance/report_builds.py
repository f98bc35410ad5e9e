"""Making the proof of a report: a worker claims it, says how far it is, and keeps the PDF.

A claim is a lease: whoever holds it writes, and moves it on with every word of progress. A build whose
worker was killed can be claimed again when its lease has run out; one that is run twice is made once,
because a worker that finds the lease in other hands stops.
"""

import json
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from assurance.annual_report import gather_evidence
from assurance.models import AnnualReport, ReportBuild
from assurance.report_charts import bright_line, cover_lines, cover_points
from assurance.report_content import content_hash, content_of
from partnership.pdf import PdfProblem, render_pdf
from partnership.publishing import sha256_of

LEASE = timedelta(seconds=25)  # several times as long as the worker is ever silent
SECONDS_BETWEEN_WRITES = 0.3
FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"


class LeaseLost(Exception):
    """Another worker has the build."""


# Asking


@transaction.atomic
def request_build(report, *, by):
    """Ask for a proof of ``report``; one that is under way already is the answer."""
    AnnualReport.objects.select_for_update(of=["self"]).get(pk=report.pk)
    under_way = report.builds.under_way().first()
    return under_way or report.builds.create(requested_by=by, step="Waiting for a worker")


# Making


def run_build(build_id):
    """Make the PDF of a build that waits; of any other nothing. Gives whether this call made it."""
    claim = Claim.take(build_id)
    if claim is None:
        return False
    try:
        make(claim)
    except LeaseLost:
        return False
    except PdfProblem as problem:
        claim.end(state=ReportBuild.State.FAILED, problem=str(problem))
    except Exception:
        claim.end(state=ReportBuild.State.FAILED, problem="A fault of ours. It has been written to the log.")
        raise
    return True


def make(claim):
    report = AnnualReport.objects.get(builds=claim.build_id)
    claim.say("Gathering evidence")
    gather_evidence(report)
    content = content_of(report, on=timezone.localdate())
    count = len(content["sections"])
    claim.say(f"Setting {count} sections", 0, count)
    html, assets = print_html(content), print_assets(content)
    pdf = render_pdf(html, assets=assets, on_progress=Pages(claim, pages_expected(report, content)))
    claim.end(
        state=ReportBuild.State.DONE,
        step="Ready",
        done_count=pdf.page_count,
        total_count=pdf.page_count,
        content=content,
        content_hash=content_hash(content),
        pdf=pdf.content,
        sha256=sha256_of(pdf.content),
        size=len(pdf.content),
        page_count=pdf.page_count,
        problem="",
    )


class Claim:
    """A build in our hands until ``lease_until``. Every write is a transaction of its own."""

    def __init__(self, build_id, lease_until):
        self.build_id = build_id
        self.lease_until = lease_until

    @classmethod
    def take(cls, build_id):
        """The claim, or None where the build is done, failed or in other hands."""
        now = timezone.now()
        claim = cls(build_id, now + LEASE)
        waiting = ReportBuild.objects.waiting(at=now).filter(pk=build_id)
        taken = waiting.update(state=ReportBuild.State.RUNNING, lease_until=claim.lease_until)
        return claim if taken else None

    def say(self, step, done=0, total=0):
        """Tell whoever watches how far it is, and keep the lease. Raises LeaseLost."""
        self._write(step=step, done_count=done, total_count=total, lease_until=timezone.now() + LEASE)

    def end(self, **fields):
        self._write(finished_at=timezone.now(), lease_until=None, **fields)

    def _write(self, **fields):
        ours = ReportBuild.objects.filter(
            pk=self.build_id, state=ReportBuild.State.RUNNING, lease_until=self.lease_until
        )
        if not ours.update(**fields):
            raise LeaseLost
        self.lease_until = fields["lease_until"]


class Pages:
    """Progress of the layout in words: a first pass over the pages, then others that settle numbers."""

    def __init__(self, claim, expected):
        self.claim = claim
        self.expected = expected
        self.page = self.count = 0
        self.is_settling = False
        self.said_at = 0.0

    def __call__(self, page):
        self.is_settling = self.is_settling or page < self.page
        self.page, self.count = page, max(self.count, page)
        now = time.monotonic()
        if now - self.said_at >= SECONDS_BETWEEN_WRITES:
            self.said_at = now
            self.claim.say(*self.words())

    def words(self):
        if self.is_settling:
            return f"Settling page numbers: page {self.page} of {self.count}", self.count, self.count
        about = f" of about {self.expected}" if self.page <= self.expected else ""
        return f"Laying out page {self.page}{about}", self.page, max(self.expected, self.page)


def pages_expected(report, content):
    """As many as last time; for a first proof a guess."""
    last = report.builds.done().values_list("page_count", flat=True).first()
    return last or 7 + len(content["sections"]) + sum(len(plan["tables"]) for plan in content["plans"])


# From content to pages


def as_objects(content):
    """``content`` with names for its keys, as templates and components want it."""
    return json.loads(json.dumps(content), object_hook=lambda pairs: SimpleNamespace(**pairs))


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
