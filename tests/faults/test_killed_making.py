"""T6: a worker is killed while it makes a report’s files: PDF, Word edition, one page, cover report. Real processes.

Each is made in the end, once; until then nobody is given half of it.
"""

import io
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.db.models.functions import Now

from assurance.annual.builds import request_build
from assurance.annual.cover import begin_cover, request_cover_build
from assurance.models import CoverBuild, ReportBuild, ReportConsultation
from tests.factories import AnnualReportFactory, ReportSectionFactory
from tests.factories_report import ReportBuildFactory, ReportConsultationFactory
from tests.faults.conftest import wait_for

REPORTS, COVERS = "assurance.tasks.resume_report_builds", "assurance.tasks.resume_cover_builds"
HALF = {"state": "running", "pdf": None, "word": None}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def report(transactional_db, partnership, rule_set):
    report = AnnualReportFactory(partnerships=[partnership], rule_set=rule_set)
    ReportSectionFactory(report=report, position=1, title="Costs", standfirst="Said.", narrative="We spent £562,000.")
    return report


@pytest.fixture
def build(report, office):
    return request_build(report, by=office)


@pytest.fixture
def cover_build(report, office):
    proof = ReportBuildFactory(report=report, requested_by=office, number=1)
    committee = ReportConsultationFactory(
        report=report, build=proof, opened_by=office, audience=ReportConsultation.Audience.COMMITTEE
    )
    return request_cover_build(begin_cover(committee, by=office, at=committee.opened_at), by=office)


def killed_at(point, task, workers):
    worker = workers.start(stop_at=point)
    workers.give(task)
    workers.wait_until_it_stands_still()
    workers.kill(worker)


def made_by_another(build, task, workers):
    """The build as another worker has made it, once the lease of the first ran out; and how often it was kept."""
    model = type(build)
    model.objects.filter(pk=build.pk).update(lease_until=Now() - timedelta(seconds=1))
    workers.start()
    workers.give(task)
    wait_for(lambda: model.objects.get(pk=build.pk).is_done, f"it is made. {workers.last_words()}")
    workers.finish(task)
    kept = (workers.folder / "kept").read_text().split()
    return model.objects.get(pk=build.pk), kept.count(str(build.pk))


def half(build):
    return type(build).objects.values(*HALF).get(pk=build.pk)


# Half a minute each, so that only the last moment at which half could be given away is tried with every change.
@pytest.mark.parametrize(
    "point",
    [
        pytest.param("Writing the Word edition", marks=pytest.mark.long),
        pytest.param("Setting the report on one page", marks=pytest.mark.long),
        "keeping",
    ],
)
def test_every_file_of_a_report_is_made_once_when_its_worker_was_killed(build, workers, point):
    killed_at(point, REPORTS, workers)
    assert half(build) == HALF
    made, kept_count = made_by_another(build, REPORTS, workers)
    assert kept_count == 1
    assert len(pikepdf.open(io.BytesIO(made.pdf)).pages) == made.page_count
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(made.word)).namelist()
    assert len(pikepdf.open(io.BytesIO(made.summary)).pages) >= 1
    assert (made.word_size, made.summary_size) == (len(made.word), len(made.summary))
    assert ReportBuild.objects.count() == 1


@pytest.mark.long
@pytest.mark.parametrize("point", ["Putting the cover report together", "keeping"])
def test_the_files_of_a_cover_report_are_made_once_when_their_worker_was_killed(cover_build, workers, point):
    killed_at(point, COVERS, workers)
    assert half(cover_build) == HALF
    made, kept_count = made_by_another(cover_build, COVERS, workers)
    assert kept_count == 1
    assert len(pikepdf.open(io.BytesIO(made.pdf)).pages) == made.page_count
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(made.word)).namelist()
    assert CoverBuild.objects.count() == 1


@pytest.mark.long
def test_control_while_the_lease_runs_nobody_takes_it_up(build, workers):
    killed_at("Writing the Word edition", REPORTS, workers)
    type(build).objects.filter(pk=build.pk).update(lease_until=Now() + timedelta(hours=1))
    workers.start()
    workers.finish(REPORTS)
    assert half(build) == HALF
