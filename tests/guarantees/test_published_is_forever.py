"""T13: what was published never changes. Beside each refusal stands its control, with the guard off."""

import hashlib
from datetime import UTC, datetime

import pgtrigger
import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import Error
from django.test import Client

from assurance.annual.builds import request_build, run_build
from assurance.annual.publishing import publish_report
from partnership.models import Organisation, Partnership, PublishedFile
from partnership.publishing import changed_files, publish_file
from plans.models import Plan, Priority, Update
from tests.guarantees.figures import FOREVER, record

pytestmark = pytest.mark.django_db

GUARD = "partnership.PublishedFile:published_is_forever"


@pytest.fixture
def published(annual_report, office, partnership):
    """Bytes that were published as a report."""
    annual_report.published_file = publish_file(
        partnerships=[partnership],
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=annual_report.title,
        filename="report.pdf",
        content=b"%PDF-1.7 published",
        by=office,
        at=datetime(2027, 1, 12, 9, 0, tzinfo=UTC),
    )
    annual_report.save()
    return annual_report.published_file


@pytest.fixture
def laid_out(annual_report, office):
    """A report from evidence to bytes: made by the worker's own steps, and published."""
    build = request_build(annual_report, by=office)
    run_build(build.pk)
    build.refresh_from_db()
    return publish_report(annual_report, build=build, by=office, at=build.finished_at, without="Vacant.")


def raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def save_other_bytes(file):
    file.content = b"%PDF other"
    file.save()


WAYS_TO_CHANGE = {
    "save": save_other_bytes,
    "save the title": lambda file: (setattr(file, "title", "Another"), file.save(update_fields=["title"])),
    "queryset update": lambda file: PublishedFile.objects.update(content=b"%PDF other"),
    "bulk update": lambda file: (
        setattr(file, "content", b"%PDF other"),
        PublishedFile.objects.bulk_update([file], ["content"]),
    ),
    "raw update": lambda file: raw("UPDATE partnership_publishedfile SET content = %s", b"%PDF other"),
    "raw update of the hash": lambda file: raw("UPDATE partnership_publishedfile SET sha256 = 'x'"),
    "delete": lambda file: (file.partnerships.clear(), type(file).objects.filter(pk=file.pk)._raw_delete("default")),
    "raw delete": lambda file: (
        file.partnerships.clear(),
        raw("UPDATE assurance_annualreport SET published_file_id = NULL"),
        raw("DELETE FROM partnership_publishedfile"),
    ),
}


def state_of_the_file(pk):
    return PublishedFile.objects.filter(pk=pk).values_list("content", "sha256", "title", "manifest").first()


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_published_bytes_are_changed_by_no_way(way, published):
    before = state_of_the_file(published.pk)
    with pytest.raises(InternalError, match="Cannot update or delete rows"), transaction.atomic():
        WAYS_TO_CHANGE[way](published)
    assert bytes(state_of_the_file(published.pk)[0]) == bytes(before[0])
    assert state_of_the_file(published.pk)[1:] == before[1:]
    record("T13", FOREVER, ways=1, changed=0)


@pytest.mark.parametrize("way", [way for way in WAYS_TO_CHANGE if "delete" not in way])
def test_with_the_guard_off_each_way_would_change_it(way, published):
    before = state_of_the_file(published.pk)
    with pgtrigger.ignore(GUARD):
        WAYS_TO_CHANGE[way](published)
    assert state_of_the_file(published.pk) != before


def test_with_the_guard_off_it_could_be_deleted(published):
    with pgtrigger.ignore(GUARD):
        WAYS_TO_CHANGE["raw delete"](published)
    assert state_of_the_file(published.pk) is None


def test_downloads_stay_the_same_after_edits_of_everything_linked(
    laid_out, annual_report, office, plan, past_update, voice_entry, partnership
):
    def download():
        return Client().get(laid_out.get_absolute_url()).content

    first = download()
    annual_report.sections.update(narrative="Rewritten", standfirst="Rewritten")
    annual_report.foreword = "Rewritten"
    annual_report.title = "Renamed"
    annual_report.save()
    annual_report.builds.update(pdf=b"%PDF another proof", content={})
    annual_report.sections.all().delete()
    Partnership.objects.update(house_colour="#123456", office_email="")
    Organisation.objects.update(to_on=datetime(2026, 1, 1, tzinfo=UTC).date())
    Priority.objects.update(title="Renamed")
    Update.objects.update(progress="Rewritten")
    Plan.objects.update(status=Plan.Status.DRAFT)
    office.name = "Renamed"
    office.save()
    downloads = {hashlib.sha256(download()).hexdigest() for _ in range(100)}
    assert downloads == {hashlib.sha256(first).hexdigest()} == {laid_out.sha256}


def test_a_flipped_bit_is_found(published):
    assert changed_files() == []
    with pgtrigger.ignore(GUARD):
        PublishedFile.objects.update(content=b"%PDF-1.7 bit flipped")
    assert changed_files() == [published]


def test_a_publisher_cannot_be_removed(published, office):
    with pytest.raises(Error), transaction.atomic():
        raw("DELETE FROM partnership_user WHERE id = %s", office.pk)
        raw("SET CONSTRAINTS ALL IMMEDIATE")
