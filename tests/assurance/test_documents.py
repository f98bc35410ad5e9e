"""Every kind of document that leaves as a PDF can be read aloud: the sample’s, walked from first tag to last."""

import re
import sys
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from assurance.annual.builds import request_build, run_build
from assurance.annual.cover import begin_cover, cover_content
from assurance.annual.cover_pdf import make_pdf as make_cover
from assurance.models import AnnualReport, QuarterlyReport, ReportConsultation, Return, SchoolSurvey, ThematicSummary
from assurance.quarterly.content import content_of as content_of_quarter
from assurance.quarterly.paper import make_pdf as make_quarter
from assurance.schools.letters import request_letters, run_letters
from partnership import link_picture, pdf
from partnership.models import Meeting, Partnership, User
from partnership.packs import request_pack, run_pack
from partnership.pdf_structure import faults_in
from plans.documents import request_document, run_document
from plans.models import HighlightReport, PlanVersion, PriorityReview
from reviews.briefing_pdf import make_pdf as make_briefing
from reviews.briefings import content_of as content_of_briefing
from reviews.models import Briefing, Case, PracticeReview
from reviews.publication import content_of as content_of_review
from reviews.rapid_review import content_of as content_of_rapid_review
from reviews.rapid_review_pdf import make_pdf as make_rapid_review
from reviews.report_pdf import make_pdf as make_review
from tests.factories_report import ReportConsultationFactory
from training.models import ChargeStatement, Event, NeedsAnalysis, PlaceStatus

APPS = ["partnership", "plans", "reviews", "training", "assurance"]
NOT_FOR_PEOPLE = {"sample", "benchmarks"}
IMPORTED = re.compile(r"^from partnership\.pdf import (?:\([^)]*\brender_pdf\b|[^\n(]*\brender_pdf\b)", re.M)


def makers():
    """Every module of the product that lays a document out."""
    root = Path(settings.BASE_DIR)
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if not NOT_FOR_PEOPLE & set(parts) and IMPORTED.search(path.read_text()):
                yield ".".join(parts)


def documents(office, client):
    """Make one document at least of every kind, of the sample's own records."""
    now, today = timezone.now(), timezone.localdate()

    def take(name, key):
        response = client.get(reverse(name, args=[key]))
        assert (name, response.status_code, response["Content-Type"]) == (name, 200, "application/pdf")

    for version in (PlanVersion.objects.order_by("pk").first(), PlanVersion.objects.order_by("pk").last()):
        run_document(request_document(version, by=office).pk)
    take("plans:highlight-pdf", HighlightReport.objects.exclude(submitted_at=None).first().pk)
    take("plans:reviews-pdf", PriorityReview.objects.decided().last().round_id)
    run_pack(request_pack(Meeting.objects.filter(status=Meeting.Status.HELD).last(), by=office).pk)
    run_letters(request_letters(SchoolSurvey.objects.order_by("pk").first(), by=office, at=now).pk)
    take("assurance:summary-pdf", ThematicSummary.objects.first().pk)
    take("assurance:organisation-pack-pdf", Return.objects.exclude(submitted_at=None).first().organisation_id)
    make_quarter(content_of_quarter(QuarterlyReport.objects.first(), on=today))
    for report in AnnualReport.objects.filter(published_file=None):
        run_build(request_build(report, by=office).pk)
    committee = ReportConsultationFactory(
        report=AnnualReport.objects.first(),
        audience=ReportConsultation.Audience.COMMITTEE,
        opened_by=office,
        build__number=99,
    )
    make_cover(cover_content(begin_cover(committee, by=office, at=now), on=today))
    make_rapid_review(content_of_rapid_review(Case.objects.last(), by=office, now=timezone.localtime()))
    make_briefing(content_of_briefing(Briefing.objects.first()))
    for review in PracticeReview.objects.all():
        make_review(content_of_review(review, on=today))
    link_picture.draw(link_picture.facts_of(Partnership.objects.first()))
    take("training:statement-pdf", ChargeStatement.objects.first().pk)
    take("training:needs-pdf", NeedsAnalysis.objects.first().pk)
    event = Event.objects.filter(places__status=PlaceStatus.ATTENDED).order_by("-starts_at").first()
    take("training:register-paper", event.pk)
    take("training:certificates", event.pk)


def test_every_kind_of_document_can_be_read_aloud(sample, client_of, monkeypatch):
    found = []
    lay_out = pdf._layout.render

    def render(html, assets, on_progress, limits):
        made = lay_out(html, assets, on_progress, limits)
        maker = sys._getframe(2).f_globals["__name__"]
        found.append((maker, faults_in(made.content)))
        return made

    monkeypatch.setattr(pdf._layout, "render", render)
    office = User.objects.get(email="nadia.fenwick@example.org")
    documents(office, client_of(office))
    assert [each for each in found if each[1]] == []
    assert {maker for maker, _ in found} == set(makers())
