"""Publishing: exactly the bytes of the proof that was read, and signed by the lead of each statutory partner.

A lead who is ill must not stop a statutory duty, so the office may publish without a signature, with a reason that is
kept beside the file for ever and that everybody reads. One transaction holds the file and whom it has to reach, so a
worker or a person who falls out half-way leaves nothing half-published.
"""

from django.db import transaction
from django.utils import timezone

from assurance.annual.companions import publish_companions
from assurance.annual.recipients import make_recipients
from assurance.annual.signing import locked_report, open_sign_off, signed_content, statutory_partners
from assurance.annual.versions import is_up_to_date
from partnership.models import PublishedFile
from partnership.publishing import CannotPublish, publish_file


def unsigned_partners(report, build, *, on):
    """The statutory partners whose lead has not signed this very proof."""
    sign_off = open_sign_off(report)
    signed = [] if sign_off is None or sign_off.build_id != build.pk else sign_off.signed_ids
    return statutory_partners(report, on=on).exclude(pk__in=signed)


@transaction.atomic
def publish_report(report, *, build, by, at, without=""):
    """Publish exactly the bytes of the proof ``build``; raises CannotPublish where that makes no sense.

    ``without`` says why it goes out before every statutory partner has signed this proof.
    """
    report = locked_report(report)
    if report.is_published:
        raise CannotPublish("This edition is published already. A correction is a new edition.")
    if build.report_id != report.pk or not build.is_done:
        raise CannotPublish("There is no finished proof of this report yet. Make the PDF first.")
    if not is_up_to_date(build):
        raise CannotPublish(
            "Something in the report has changed since this proof was made. Make the PDF again, read it, then publish."
        )
    unsigned = [organisation.name for organisation in unsigned_partners(report, build, on=timezone.localdate(at))]
    if unsigned and not without:
        raise CannotPublish(
            "Not every statutory partner has signed this proof. Wait for them, or say why it goes out without."
        )
    report.published_file = publish_file(
        partnerships=report.partnerships.all(),
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=report.title,
        filename=f"{report.filename_stem}.pdf",
        content=bytes(build.pdf),
        page_count=build.page_count,
        manifest=build.content | stood_behind(report, build, unsigned=unsigned, without=without),
        by=by,
        at=at,
        supersedes=report.corrects.published_file if report.corrects else None,
    )
    report.save(update_fields=["published_file"])
    publish_companions(report, build=build, by=by, at=at)
    make_recipients(report)
    return report.published_file


def stood_behind(report, build, *, unsigned, without):
    """Who stands behind the file, as it is kept beside its bytes: they were signed, so it is not printed in them."""
    sign_off = open_sign_off(report)
    is_signed = sign_off is not None and sign_off.build_id == build.pk
    return {
        "version": build.number,
        "signatures": signed_content(sign_off) if is_signed else [],
        "published_without": {"organisations": unsigned, "because": without} if unsigned else None,
    }
