"""Who is sent the published report: by the rule set and by custom, with the days that prove "within seven days".

A list begins with the rules and with what the last report of the same partnerships had: addresses are typed once.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from assurance.annual.lacks import OFFICE, Missing
from assurance.models import AnnualReport, ReportMail, ReportRecipient
from assurance.printed import counted
from partnership.models import Rule
from partnership.refusals import NotNow
from partnership.reminders.bounces import bounced_addresses
from partnership.templatetags.components import days_late, long_date

Way = ReportRecipient.Way

# The list


@transaction.atomic
def make_recipients(report):
    """Whoever the rules name and the last report was sent to, once each; how many came.

    What is there already stays, and has the last report's address where it has none of its own.
    """
    AnnualReport.objects.select_for_update(of=["self"], no_key=True).get(pk=report.pk)
    there = list(report.recipients.select_related("rule"))
    rules, names = {each.rule_id for each in there}, {each.name.casefold() for each in there}
    known = list(recipients_before(report))
    of_rule = {each.rule.code: each for each in known if each.rule}
    for each in there:
        before = of_rule.get(each.rule.code) if each.rule else None
        if before and before.email and not each.email and not each.sent_on:
            each.email = before.email
            each.save(update_fields=["email"])
    wanted = []
    for rule in report.rule_set.rules.filter(unit=Rule.Unit.RECIPIENT).order_by("position", "code"):
        if rule.pk not in rules:
            before = of_rule.get(rule.code)
            name, email = (before.name, before.email) if before else (rule.title, "")
            wanted.append(ReportRecipient(rule=rule, name=name, email=email, within_days=rule.number))
    if not there:  # one of our own that was taken off the list does not come back
        wanted += [
            ReportRecipient(name=each.name, email=each.email, within_days=each.within_days)
            for each in known
            if each.rule is None and each.name.casefold() not in names
        ]
    last = report.recipients.aggregate(last=Max("position"))["last"] or 0
    for position, recipient in enumerate(wanted, start=last + 1):
        recipient.report, recipient.position = report, position
    ReportRecipient.objects.bulk_create(wanted)
    return len(wanted)


def recipients_before(report):
    """Those of the last report of the same partnerships, or of the edition that this one corrects."""
    earlier = AnnualReport.objects.filter(
        partnerships__in=report.partnerships.values("pk"), recipients__isnull=False
    ).exclude(pk=report.pk)
    last = earlier.filter(ends_on__lte=report.ends_on).order_by("-ends_on", "-edition", "-pk").first()
    return last.recipients.select_related("rule") if last else ReportRecipient.objects.none()


@transaction.atomic
def add_recipient(report, *, name, email, within_days):
    """One of our own, last in the list; one of that name already there is the answer."""
    AnnualReport.objects.select_for_update(of=["self"], no_key=True).get(pk=report.pk)
    same = report.recipients.filter(name__iexact=name).first()
    if same:
        return same, False
    last = report.recipients.aggregate(last=Max("position"))["last"] or 0
    return report.recipients.create(position=last + 1, name=name, email=email, within_days=within_days), True


@transaction.atomic
def remove_recipient(recipient):
    """Take one of our own off. Raises NotNow where a rule asks for it, or something went to it."""
    recipient = locked(recipient)
    if recipient.rule_id:
        raise NotNow("A rule names this recipient. If it does not go there, say why it is not sent.")
    if recipient.sent_on or recipient.mails.exists():
        raise NotNow("Something went to this recipient, so it stays on the list.")
    recipient.delete()


def locked(recipient):
    return ReportRecipient.objects.select_for_update(of=["self"], no_key=True).get(pk=recipient.pk)


# Sending


@transaction.atomic
def mark_sent(recipient, *, sent_on, way, note, by):
    """Keep the day on which it went, and how."""
    recipient = locked(recipient)
    recipient.sent_on, recipient.way, recipient.note = sent_on, way, note
    recipient.not_sent_because, recipient.recorded_by = "", by
    recipient.save()
    return recipient


@transaction.atomic
def mark_not_sent(recipient, *, because, by):
    """Say why it does not go there."""
    recipient = locked(recipient)
    recipient.sent_on, recipient.way, recipient.note = None, "", ""
    recipient.not_sent_because, recipient.recorded_by = because, by
    recipient.save()
    return recipient


@transaction.atomic
def mail_recipient(recipient, *, turn, by, at):
    """Have it sent by mail; whether one waits to leave. ``turn`` is the one the page offered: pressed twice, once.

    Raises NotNow where it cannot be.
    """
    recipient = locked(recipient)
    if not recipient.report.is_published:
        raise NotNow("The report is not published yet.")
    if not public_path(recipient.report):
        raise NotNow("The partnership has no public page, so there is no address to send. Send the file yourselves.")
    if not recipient.email:
        raise NotNow("Enter the e-mail address first.")
    if bounced_addresses([recipient.email]):
        raise NotNow(f"Mail to {recipient.email} comes back. Enter another address, or send it in another way.")
    if turn != next_turn(recipient):
        return False
    recipient.mails.create(turn=turn, address=recipient.email, made_by=by, made_at=at)
    return True


def next_turn(recipient):
    """Of the next mail; 0 while one is on its way."""
    if recipient.mails.filter(sent_at=None, problem="").exists():
        return 0
    return (recipient.mails.aggregate(last=Max("turn"))["last"] or 0) + 1


@transaction.atomic
def settle_mails():
    """Note the day on those to whom a mail has gone, and take it back where the mail came back. Twice is once."""
    gone = ReportMail.objects.select_for_update(of=["self"]).exclude(sent_at=None).select_related("recipient")
    for mail in gone.filter(problem="", recipient__sent_on=None, recipient__not_sent_because="").order_by("sent_at"):
        note_mail(mail)
    for mail in gone.exclude(problem="").order_by("pk"):
        take_back_mail(mail)


def note_mail(mail):
    recipient = locked(mail.recipient)
    if recipient.sent_on is None:
        recipient.sent_on, recipient.way = timezone.localdate(mail.sent_at), Way.EMAIL
        recipient.recorded_by = mail.made_by
        recipient.save()


def take_back_mail(mail):
    """It did not arrive: ``sent_at`` goes, and the day it stood for; what else was written down since stays."""
    recipient = locked(mail.recipient)
    is_of_mail = recipient.way == Way.EMAIL and recipient.sent_on == timezone.localdate(mail.sent_at)
    if is_of_mail and recipient.recorded_by_id == mail.made_by_id:
        recipient.sent_on, recipient.way = None, ""
        recipient.save()
    mail.sent_at = None
    mail.save(update_fields=["sent_at"])


# What stands


@dataclass(frozen=True)
class Line:
    """One recipient beside the day by which it has to have the report. ``mail``: the last one, or None."""

    recipient: ReportRecipient
    due_on: date | None
    standing: str
    is_late: bool
    mail: ReportMail | None


def lines_of(report, *, on):
    """The recipients of a report in their order, with how each stands."""
    published = report.published_file
    day = timezone.localdate(published.published_at) if published else None
    found = report.recipients.select_related("rule__rule_set", "recorded_by").prefetch_related("mails")
    return [line_of(recipient, published_on=day, on=on) for recipient in found]


def line_of(recipient, *, published_on, on):
    """``published_on`` None: not published yet."""
    mails = sorted(recipient.mails.all(), key=lambda mail: mail.turn)
    mail = mails[-1] if mails else None
    due_on = due_day(recipient, published_on)
    words, is_late = standing_of(recipient, due_on, mail, is_published=published_on is not None, on=on)
    return Line(recipient, due_on, words, is_late, mail)


def due_day(recipient, published_on):
    if published_on is None or recipient.within_days is None:
        return None
    return published_on + timedelta(days=recipient.within_days)


def standing_of(recipient, due_on, mail, *, is_published, on):
    """(in words, whether it is or was late)."""
    if recipient.not_sent_because:
        return f"Not sent: {recipient.not_sent_because}", False
    if recipient.sent_on:
        late = days_late(due_on, recipient.sent_on) if due_on else ""
        sent = f"Sent on {long_date(recipient.sent_on)}"
        if late:
            return f"{sent}, {late}", True
        return (f"{sent}, in time" if due_on else sent), False
    if not is_published:
        return "To be sent when the report is published", False
    if mail and mail.problem:
        return "Not sent: the mail did not arrive", bool(due_on and due_on < on)
    if mail:
        return "The mail is on its way", bool(due_on and due_on < on)
    late = days_late(due_on, on) if due_on else ""
    return (f"Not sent yet, {late}", True) if late else ("Not sent yet", False)


def told_in_public(report):
    """To whom a published report went and when, the names of bodies alone: [(name, day)]."""
    sent = report.recipients.exclude(sent_on=None)
    return list(sent.values_list("name", "sent_on"))


def public_path(report):
    """Where everybody reads a published report, or "" where none of its partnerships is public."""
    partnership = report.partnerships.filter(is_public=True).first()
    if not report.is_published or partnership is None:
        return ""
    return reverse("assurance:public-report", args=[partnership.slug, report.pk])


def lacks_of_recipients(report, *, on):
    """Before publication whom it goes to and where, after it to whom it has not gone."""
    url = reverse("assurance:recipient-list", args=[report.pk])
    recipients = list(report.recipients.all())
    unknown = sum(not (each.email or each.sent_on or each.not_sent_because) for each in recipients)
    if not recipients and not report.is_published:
        yield Missing("The list of those who are sent the report", OFFICE, url, "Put it together")
    if unknown:
        what = f"An e-mail address for {counted(unknown, 'recipient')} of the report"
        yield Missing(what, OFFICE, url, "Enter it, or send the report by post")
    for line in lines_of(report, on=on) if report.is_published else ():
        if not line.recipient.sent_on and not line.recipient.not_sent_because:
            yield Missing(f"Sending the report to {line.recipient}: {line.standing.lower()}", OFFICE, url, "Send it")
