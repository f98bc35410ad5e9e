"""Mails to schools: what they say, and the queue in which they wait. Nobody is reminded who has answered since."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from assurance.models import SchoolMail
from assurance.schools.letters import letter_to
from assurance.schools.links import address_of
from partnership.mail_queue import MailQueue, NotSent

Kind = SchoolMail.Kind


def with_survey(mails):
    return mails.select_related("record__survey__partnership", "record__school")


def write(mail):
    """``mail`` as a message. The link in it is made anew from the return, so it always works."""
    if mail.record.submitted_at or mail.record.excused_on:
        raise NotSent("The school answered, or was excused, before it left.")
    record, survey = mail.record, mail.record.survey
    title = " ".join(survey.title.split())
    context = {"mail": mail, "survey": survey, "school": record.school, "partnership": survey.partnership}
    if mail.kind == Kind.LETTER:
        letter = letter_to(record, mail.reader)
        subject = f"{record.school.name}: no answer to “{title}”"
        context |= {"letter": letter, "link": address_of(record) if mail.reader == SchoolMail.Reader.HEAD else ""}
        body = render_to_string("emails/school_letter.txt", context)
    else:
        subject = f"Reminder: {title}" if mail.kind == Kind.CHASED else title
        context["link"] = address_of(record)
        body = render_to_string("emails/school_survey.txt", context)
    office = survey.partnership.office_email
    return EmailMessage(subject, body.strip() + "\n", reply_to=[office] if office else None)


QUEUE = MailQueue(SchoolMail, "school-mail", select=with_survey, write=write)


def send_waiting():
    """Hand over what waits; how many mails were taken. Running it twice sends nothing twice."""
    return QUEUE.send_waiting()
