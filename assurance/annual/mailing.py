"""Mails with the published report's address and hash to its recipients: what they say, and the queue of them."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from assurance.annual.recipients import public_path, settle_mails
from assurance.models import ReportMail
from partnership.mail_queue import MailQueue, NotSent


def with_report(mails):
    return (
        mails.select_related("recipient__report__published_file")
        .defer("recipient__report__published_file__content", "recipient__report__published_file__manifest")
        .prefetch_related("recipient__report__partnerships")
    )


def write(mail):
    """``mail`` as a message. Raises NotSent where the office wrote down meanwhile that it went otherwise, or not."""
    recipient = mail.recipient
    report = recipient.report
    if recipient.sent_on or recipient.not_sent_because:
        raise NotSent("It was written down as sent otherwise, or as not sent, before it left.")
    if not public_path(report):
        raise NotSent("The partnership has no public page any more, so there is no address to send.")
    return EmailMessage(subject_of(report), words_to(recipient), reply_to=reply_to(report))


def subject_of(report):
    return f"Published: {report}"


def words_to(recipient):
    """What the mail to ``recipient`` of a published report says."""
    report = recipient.report
    body = render_to_string(
        "emails/report_published.txt",
        {
            "recipient": recipient,
            "report": report,
            "file": report.published_file,
            "partnerships": list(report.partnerships.all()),
            "link": settings.SITE_URL + public_path(report),
            "download": settings.SITE_URL + report.published_file.get_absolute_url(),
        },
    )
    return body.strip() + "\n"


def reply_to(report):
    """The first office that has an address."""
    return [each.office_email for each in report.partnerships.all() if each.office_email][:1] or None


QUEUE = MailQueue(ReportMail, "report-mail", select=with_report, write=write)


def send_waiting():
    """Hand over what waits, and note the days; how many mails were taken. Running it twice sends nothing twice."""
    count = QUEUE.send_waiting()
    settle_mails()
    return count
