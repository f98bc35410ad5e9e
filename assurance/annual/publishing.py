"""Publishing: exactly the bytes of the proof that was read."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from assurance.annual.content import content_of
from assurance.models import AnnualReport
from assurance.printed import content_hash
from partnership.models import PublishedFile
from partnership.publishing import CannotPublish, publish_file


@transaction.atomic
def publish_report(report, *, build, by):
    """Publish exactly the bytes of the proof ``build``; raises CannotPublish where that makes no sense."""
    report = AnnualReport.objects.select_for_update(of=["self"]).get(pk=report.pk)
    if report.is_published:
        raise CannotPublish("This edition is published already. A correction is a new edition.")
    if build.report_id != report.pk or not build.is_done:
        raise CannotPublish("There is no finished proof of this report yet. Make the PDF first.")
    if not is_up_to_date(build):
        raise CannotPublish(
            "Something in the report has changed since this proof was made. Make the PDF again, read it, then publish."
        )
    report.published_file = publish_file(
        partnerships=report.partnerships.all(),
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=report.title,
        filename=f"{report.filename_stem}.pdf",
        content=bytes(build.pdf),
        page_count=build.page_count,
        manifest=build.content,
        by=by,
        at=timezone.now(),
        supersedes=report.corrects.published_file if report.corrects else None,
    )
    report.save(update_fields=["published_file"])
    return report.published_file


def is_up_to_date(build):
    """Whether the report would print the same today as when the proof ``build`` was made."""
    if not build.content:
        return False
    made_on = date.fromisoformat(build.content["dated_on"])
    return content_hash(content_of(build.report, on=made_on)) == build.content_hash
