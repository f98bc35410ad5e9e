"""To whom the published report goes: the list, its addresses, and the days that prove that it went in time."""

import tablib
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assurance.annual import mailing, recipients
from assurance.annual.publishing_forms import RecipientForm, SentForm
from assurance.models import AnnualReport, ReportRecipient
from assurance.tasks import send_report_mails_soon
from assurance.views.registers import form_page
from assurance.views.report_versions import crumbs_of
from partnership.access import get_permitted, may, may_or_refuse
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.refusals import NotNow
from partnership.whole_numbers import whole_number

GET_OR_POST = ["GET", "HEAD", "POST"]
LIST = "assurance:recipient-list"


def crumbs(report, *here):
    return crumbs_of(report, ("Recipients", reverse(LIST, args=[report.pk]) if here else None), *here)


def to_list(report):
    return redirect(LIST, report.pk)


@require_http_methods(GET_OR_POST)
def recipient_list(request, pk):
    """Everybody beside the day by which the report has to be there; POST puts the list together. As Excel too."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    if request.method == "POST":
        may_change(request.user, report)
        count = recipients.make_recipients(report)
        messages.success(request, f"{count} added" if count else "Everybody is on the list already")
        return to_list(report)
    today = timezone.localdate()
    lines = recipients.lines_of(report, on=today)
    if request.GET.get("export") == "xlsx":
        return as_attachment(as_workbook(sheet_of(report, lines)), f"{report.filename_stem}-recipients.xlsx", EXCEL)
    context = {
        "report": report,
        "lines": lines,
        "sent_count": sum(bool(line.recipient.sent_on) for line in lines),
        "due": [line for line in lines if line.due_on],
        "in_time_count": sum(bool(line.due_on and line.recipient.sent_on and not line.is_late) for line in lines),
        "may_change": is_office(request.user, report),
        "has_public_page": bool(recipients.public_path(report)),
        "crumbs": crumbs(report),
    }
    return render(request, "assurance/report_recipients.html", context)


def is_office(user, report):
    return may(user, "change", ReportRecipient(report=report))


def may_change(user, report):
    may_or_refuse(user, "change", ReportRecipient(report=report))


def sheet_of(report, lines):
    sheet = tablib.Dataset(title="Recipients")
    sheet.headers = ["Who", "E-mail address", "Asked by", "Due", "Sent", "How", "How it stands", "Note"]
    for line in lines:
        recipient = line.recipient
        asked_by = recipient.rule.standing if recipient.rule else "Our own"
        way = recipient.get_way_display()
        sheet.append(
            [
                recipient.name,
                recipient.email,
                asked_by,
                line.due_on,
                recipient.sent_on,
                way,
                line.standing,
                recipient.note,
            ]
        )
    return sheet


@require_http_methods(GET_OR_POST)
def add(request, pk):
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_change(request.user, report)
    form = RecipientForm(
        request.POST or None,
        instance=ReportRecipient(report=report),
        cancel_url=reverse(LIST, args=[report.pk]),
    )
    if form.is_valid():
        recipient, is_new = recipients.add_recipient(report, **form.cleaned_data)
        messages.success(request, f"{recipient} is on the list" if is_new else f"{recipient} was on the list already")
        return to_list(report)
    return form_page(request, form, title="Add a recipient", crumbs=crumbs(report, "Add"))


@require_http_methods(GET_OR_POST)
def change(request, pk):
    """Name and address; one of our own to which nothing went can be taken off (``action``)."""
    recipient = get_permitted(request.user, ReportRecipient, "change", pk=pk)
    report = recipient.report
    if request.method == "POST" and request.POST.get("action") == "remove":
        try:
            recipients.remove_recipient(recipient)
        except NotNow as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{recipient} is off the list")
        return to_list(report)
    form = RecipientForm(request.POST or None, instance=recipient, cancel_url=reverse(LIST, args=[report.pk]))
    if form.is_valid():
        form.save()
        messages.success(request, f"{recipient} is saved")
        return to_list(report)
    context = {
        "form": form,
        "recipient": recipient,
        "report": report,
        "may_remove": not (recipient.rule_id or recipient.sent_on),
        "crumbs": crumbs(report, recipient.name),
    }
    return render(request, "assurance/report_recipient.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def sent(request, pk):
    """Write down that it went, or why it does not."""
    recipient = get_permitted(request.user, ReportRecipient, "send", pk=pk)
    report = recipient.report
    today = timezone.localdate()
    published_on = timezone.localdate(report.published_file.published_at)
    form = SentForm(
        request.POST or None,
        published_on=published_on,
        on=today,
        initial=said_before(recipient, on=today),
        cancel_url=reverse(LIST, args=[report.pk]),
    )
    if form.is_valid():
        said = form.cleaned_data
        if said["what"] == form.SENT:
            given = {name: said[name] for name in ("sent_on", "way", "note")}
            recipients.mark_sent(recipient, by=request.user, **given)
        else:
            recipients.mark_not_sent(recipient, because=said["because"], by=request.user)
        messages.success(request, f"{recipient}: saved")
        return to_list(report)
    return form_page(
        request, form, title=f"Was it sent? {recipient}", crumbs=crumbs(report, recipient.name), lede=str(report)
    )


def said_before(recipient, *, on):
    if recipient.not_sent_because:
        return {"what": SentForm.NOT_SENT, "because": recipient.not_sent_because}
    return {
        "what": SentForm.SENT,
        "sent_on": recipient.sent_on or on,
        "way": recipient.way,
        "note": recipient.note,
    }


@require_http_methods(GET_OR_POST)
def mail(request, pk):
    """Send the public address and the hash by mail: first what it will say, then once."""
    recipient = get_permitted(request.user, ReportRecipient, "send", pk=pk)
    report = recipient.report
    if request.method == "POST":
        turn = whole_number(request.POST.get("turn"), otherwise=-1)
        try:
            is_new = recipients.mail_recipient(recipient, turn=turn, by=request.user, at=timezone.now())
        except NotNow as refusal:
            messages.error(request, str(refusal))
        else:
            if is_new:
                send_report_mails_soon()
            messages.success(request, f"The mail to {recipient} is on its way")
        return to_list(report)
    context = {
        "recipient": recipient,
        "report": report,
        "turn": recipients.next_turn(recipient),
        "words": mailing.words_to(recipient),
        "crumbs": crumbs(report, recipient.name),
    }
    return render(request, "assurance/report_recipient_mail.html", context)


patterns = [
    path("reports/<int:pk>/recipients/", recipient_list, name="recipient-list"),
    path("reports/<int:pk>/recipients/add/", add, name="recipient-add"),
    path("report-recipients/<int:pk>/change/", change, name="recipient-change"),
    path("report-recipients/<int:pk>/sent/", sent, name="recipient-sent"),
    path("report-recipients/<int:pk>/mail/", mail, name="recipient-mail"),
]
