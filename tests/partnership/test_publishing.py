"""Publishing keeps bytes; a correction stands beside what it corrects; a file is served as a file."""

import uuid
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from partnership.downloads import POLICY
from partnership.models import PublishedFile
from partnership.publishing import CannotPublish, changed_files, publish_file, sha256_of

pytestmark = pytest.mark.django_db

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def publish(partnership, office):
    def publish(content=b"%PDF-1.7 bytes", **options):
        return publish_file(
            partnerships=[partnership],
            kind=PublishedFile.Kind.ANNUAL_REPORT,
            title="Annual report 2025 to 2026",
            filename=options.pop("filename", "annual-report.pdf"),
            content=content,
            page_count=3,
            by=office,
            at=AT,
            **options,
        )

    return publish


def test_what_is_published_is_kept_with_its_hash(publish, partnership, office):
    published = publish(manifest={"what": "it was made from"})
    published.refresh_from_db()
    assert (
        bytes(published.content),
        published.sha256,
        published.size,
        published.edition,
        published.published_by,
        published.published_at,
        published.manifest,
        list(published.partnerships.all()),
    ) == (
        b"%PDF-1.7 bytes",
        sha256_of(b"%PDF-1.7 bytes"),
        14,
        1,
        office,
        AT,
        {"what": "it was made from"},
        [partnership],
    )


def test_nothing_is_published_from_nothing(publish):
    with pytest.raises(CannotPublish):
        publish(content=b"")


def test_a_correction_is_the_next_edition_and_there_is_one(publish):
    first = publish()
    second = publish(content=b"%PDF-1.7 corrected", supersedes=first)
    assert (second.edition, first.superseded_by) == (2, second)
    with pytest.raises(CannotPublish, match="a later edition"):
        publish(content=b"%PDF-1.7 corrected twice", supersedes=first)


def test_no_published_file_has_changed(publish):
    publish()
    assert changed_files() == []


def test_a_file_is_served_as_a_file(publish):
    published = publish(filename="Bericht „ä“.pdf")
    response = Client().get(published.get_absolute_url())
    assert response.content == b"%PDF-1.7 bytes"
    assert {
        name: response[name]
        for name in (
            "Content-Type",
            "Content-Disposition",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cache-Control",
            "ETag",
        )
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''Bericht%20%E2%80%9E%C3%A4%E2%80%9C.pdf",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{published.sha256}"',
    }


def test_whoever_has_the_file_already_is_sent_nothing(publish):
    published = publish()
    response = Client().get(published.get_absolute_url(), headers={"If-None-Match": f'"{published.sha256}"'})
    assert (response.status_code, response.content) == (304, b"")


def test_what_a_person_downloads_is_kept_by_no_cache(publish, client_of, office):
    response = client_of(office).get(publish().get_absolute_url())
    assert "no-store" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]


def test_there_is_no_other_file_and_no_other_way(publish):
    published = publish()
    absent = reverse("partnership:file-download", args=[uuid.uuid4()])
    assert Client().get(absent).status_code == 404
    assert Client().post(published.get_absolute_url()).status_code == 405
