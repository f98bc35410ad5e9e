"""To whom a published report goes, and what proves that it went in time."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assurance.annual import mailing, recipients
from assurance.models import ReportMail, ReportRecipient
from partnership.deadlines import deadlines_for
from partnership.mail_queue import queues
from partnership.models import PublishedFile, Rule, RuleSet
from partnership.publishing import publish_file
from partnership.refusals import NotNow
from partnership.reminders.bounces import record_bounce
from partnership.reminders.returned_mail import Notice, queued_mail_came_back
from tests.factories import AnnualReportFactory
from tests.factories_report import ReportRecipientFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)
PUBLISHED = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)


def address(name, *args):
    return reverse(f"assurance:{name}", args=args)


def text_of(response):
    return response.content.decode()


def typed(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


@pytest.fixture
def out(partnership, office):
    """A report published on 8 January under Working Together 2023, without recipients yet."""
    report = AnnualReportFactory(partnerships=[partnership], rule_set=RuleSet.objects.get(code="wt2023"))
    publish(report, partnership, office)
    return report


def publish(report, partnership, office, at=PUBLISHED):
    report.published_file = publish_file(
        partnerships=[partnership],
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=report.title,
        filename="report.pdf",
        content=b"%PDF-1.7 published " + str(report.pk).encode(),
        page_count=3,
        by=office,
        at=at,
    )
    report.save()


@pytest.fixture
def panel(out):
    return ReportRecipientFactory(report=out, position=1, name="The Panel", email="panel@example.org", within_days=7)


def standing(report, on=TODAY):
    return [(line.recipient.name, line.standing, line.is_late) for line in recipients.lines_of(report, on=on)]


# The list


def test_the_rules_name_who_is_sent_the_report_and_by_when(out):
    count = recipients.make_recipients(out)
    named = Rule.objects.filter(rule_set=out.rule_set, unit=Rule.Unit.RECIPIENT)
    assert count == len(named) > 3
    assert {(each.rule_id, each.within_days) for each in out.recipients.all()} == {
        (rule.pk, rule.number) for rule in named
    }
    assert sorted(line.due_on for line in recipients.lines_of(out, on=TODAY) if line.due_on) == [date(2027, 1, 15)] * 2
    assert recipients.make_recipients(out) == 0


def test_addresses_and_our_own_recipients_are_remembered_from_the_last_report(out, partnership, far_partnership):
    recipients.make_recipients(out)
    panel = out.recipients.get(rule__code="to-panel")
    panel.email = "panel@example.org"
    panel.save()
    recipients.mark_sent(panel, sent_on=TODAY, way="email", note="", by=None)
    recipients.add_recipient(out, name="The bishop", email="bishop@example.org", within_days=None)
    years = {"starts_on": date(2027, 4, 1), "ends_on": date(2028, 3, 31)}
    following = AnnualReportFactory(partnerships=[partnership], rule_set=RuleSet.objects.get(code="wt2018"), **years)
    elsewhere = AnnualReportFactory(partnerships=[far_partnership], rule_set=following.rule_set, **years)
    for report in (following, elsewhere):
        recipients.make_recipients(report)
    again = following.recipients.get(rule__code="to-panel")
    assert (again.email, again.sent_on, again.rule.rule_set) == ("panel@example.org", None, following.rule_set)
    assert following.recipients.get(name="The bishop").email == "bishop@example.org"
    assert not elsewhere.recipients.exclude(email="").exists()
    assert not elsewhere.recipients.filter(name="The bishop").exists()


def test_an_address_that_came_later_reaches_the_report_that_was_begun_already(out, partnership):
    years = {"starts_on": date(2027, 4, 1), "ends_on": date(2028, 3, 31)}
    following = AnnualReportFactory(partnerships=[partnership], rule_set=out.rule_set, **years)
    for report in (following, out):
        recipients.make_recipients(report)
    out.recipients.filter(rule__code="to-panel").update(email="panel@example.org")
    following.recipients.filter(rule__code="to-what-works").update(email="typed@example.org")
    out.recipients.filter(rule__code="to-what-works").update(email="older@example.org")
    assert recipients.make_recipients(following) == 0
    found = following.recipients.exclude(email="").values_list("rule__code", "email")
    assert dict(found) == {"to-panel": "panel@example.org", "to-what-works": "typed@example.org"}


def test_our_own_recipient_that_was_taken_off_does_not_come_back(out, partnership):
    recipients.add_recipient(out, name="The bishop", email="", within_days=None)
    edition = AnnualReportFactory(partnerships=[partnership], rule_set=out.rule_set, corrects=out, edition=2)
    recipients.make_recipients(edition)
    recipients.remove_recipient(edition.recipients.get(name="The bishop"))
    recipients.make_recipients(edition)
    assert not edition.recipients.filter(name="The bishop").exists()


def test_a_correction_is_sent_to_everybody_anew(out, panel, partnership, office):
    recipients.mark_sent(panel, sent_on=TODAY, way="post", note="", by=office)
    edition = AnnualReportFactory(partnerships=[partnership], rule_set=out.rule_set, corrects=out, edition=2)
    recipients.make_recipients(edition)
    again = edition.recipients.get(name="The Panel")
    assert (again.email, again.sent_on) == ("panel@example.org", None)


def test_whom_a_rule_names_stays_on_the_list(out):
    recipients.make_recipients(out)
    with pytest.raises(NotNow, match="A rule names"):
        recipients.remove_recipient(out.recipients.get(rule__code="to-panel"))


# Sent, in time or late


def test_late_is_said_in_words_beside_the_day_it_was_due(out, panel, office):
    assert standing(out) == [("The Panel", "Not sent yet", False)]
    assert standing(out, on=date(2027, 1, 16)) == [("The Panel", "Not sent yet, 1 day late", True)]
    recipients.mark_sent(panel, sent_on=date(2027, 1, 18), way="post", note="", by=office)
    assert standing(out, on=date(2027, 1, 20)) == [("The Panel", "Sent on 18 January 2027, 3 days late", True)]
    recipients.mark_sent(panel, sent_on=date(2027, 1, 15), way="post", note="", by=office)
    assert standing(out, on=date(2027, 1, 20)) == [("The Panel", "Sent on 15 January 2027, in time", False)]


def test_the_office_is_reminded_until_it_went_or_it_is_said_why_not(out, panel, office, partner):
    def due(user):
        found = deadlines_for(user, on=TODAY)
        return [(each.key, each.due_on) for each in found if each.key.startswith("report-copies")]

    assert due(office) == [(f"report-copies:{out.pk}", date(2027, 1, 15))]
    assert due(partner) == []
    recipients.mark_not_sent(panel, because="It takes no paper.", by=office)
    assert due(office) == []
    recipients.mark_sent(panel, sent_on=TODAY, way="portal", note="", by=office)
    assert (due(office), panel.report.recipients.get().not_sent_because) == ([], "")


def test_of_a_corrected_edition_nothing_is_due(out, panel, partnership, office):
    edition = AnnualReportFactory(partnerships=[partnership], rule_set=out.rule_set, corrects=out, edition=2)
    publish(edition, partnership, office)
    keys = [each.key for each in deadlines_for(office, on=TODAY) if each.key.startswith("report-copies")]
    assert keys == []
    recipients.make_recipients(edition)
    keys = [each.key for each in deadlines_for(office, on=TODAY) if each.key.startswith("report-copies")]
    assert keys == [f"report-copies:{edition.pk}"]


def test_the_day_is_after_publication_and_not_to_come(client_of, office, panel):
    client = client_of(office)
    url = address("recipient-sent", panel.pk)

    def send(day, **more):
        return client.post(url, {"what": "sent", "way": "post", **typed("sent_on", day), **more})

    refused = [send(date(2027, 1, 7)), send(TODAY + timedelta(days=1)), send(TODAY, way="")]
    refused.append(client.post(url, {"what": "not-sent", "because": ""}))
    assert [each.status_code for each in refused] == [422] * 4
    assert "Enter that day or a later one" in text_of(refused[0])
    assert send(TODAY, note="Receipt 4471").status_code == 302
    panel.refresh_from_db()
    assert (panel.sent_on, panel.way, panel.note, panel.recorded_by) == (TODAY, "post", "Receipt 4471", office)


def test_nothing_is_sent_before_publication(client_of, office, partnership):
    report = AnnualReportFactory(partnerships=[partnership])
    waiting = ReportRecipientFactory(report=report)
    client = client_of(office)
    answers = [client.get(address(name, waiting.pk)).status_code for name in ("recipient-sent", "recipient-mail")]
    assert answers == [403, 403]
    with pytest.raises(NotNow, match="not published"):
        recipients.mail_recipient(waiting, turn=1, by=office, at=NOW)


# By mail


@pytest.fixture
def sent_mail(panel, office):
    recipients.mail_recipient(panel, turn=1, by=office, at=NOW)
    mailing.send_waiting()
    panel.refresh_from_db()
    return ReportMail.objects.get()


def test_the_mail_says_where_the_report_is_and_how_to_know_it(sent_mail, out, panel, partnership):
    [message] = mail.outbox
    assert message.to == ["panel@example.org"]
    assert address("public-report", partnership.slug, out.pk) in message.body
    assert out.published_file.sha256 in message.body
    assert (panel.sent_on, panel.way) == (timezone.localdate(sent_mail.sent_at), "email")
    assert mailing.QUEUE in queues()


def test_run_twice_and_pressed_twice_it_leaves_once(sent_mail, panel, office):
    assert recipients.mail_recipient(panel, turn=1, by=office, at=NOW) is False
    assert (mailing.send_waiting(), len(mail.outbox), ReportMail.objects.count()) == (0, 1, 1)


def test_a_worker_killed_before_the_day_is_noted_leaves_it_to_the_next(panel, office):
    recipients.mail_recipient(panel, turn=1, by=office, at=NOW)
    mailing.QUEUE.send_waiting()
    panel.refresh_from_db()
    assert panel.sent_on is None
    mailing.send_waiting()
    panel.refresh_from_db()
    assert (panel.way, len(mail.outbox)) == ("email", 1)


def test_a_mail_that_comes_back_is_shown_and_does_not_count_as_sent(sent_mail, panel, out, client_of, office):
    notice = Notice("panel@example.org", None, "550 no such user")
    queued_mail_came_back(sent_mail, notice, at=NOW)
    mailing.send_waiting()
    panel.refresh_from_db()
    assert (panel.sent_on, panel.way) == (None, "")
    page = text_of(client_of(office).get(address("recipient-list", out.pk)))
    assert "Not sent: the mail did not arrive" in page and "550 no such user" in page
    recipients.mark_sent(panel, sent_on=TODAY, way="email", note="", by=office)
    mailing.send_waiting()
    panel.refresh_from_db()
    assert panel.sent_on == TODAY


def test_to_an_address_from_which_mail_comes_back_nothing_is_sent(panel, office):
    record_bounce("Panel@example.org", is_permanent=True, answer="550", message=None, at=NOW)
    with pytest.raises(NotNow, match="comes back"):
        recipients.mail_recipient(panel, turn=1, by=office, at=NOW)


def test_what_was_written_down_meanwhile_stops_the_mail(panel, office, out):
    recipients.mail_recipient(panel, turn=1, by=office, at=NOW)
    recipients.mark_sent(panel, sent_on=date(2027, 1, 9), way="post", note="", by=office)
    mailing.send_waiting()
    panel.refresh_from_db()
    assert (mail.outbox, panel.sent_on, panel.way) == ([], date(2027, 1, 9), "post")
    assert "written down" in ReportMail.objects.get().problem


def test_a_partnership_without_a_public_page_sends_no_address(panel, office, partnership):
    partnership.is_public = False
    partnership.save()
    with pytest.raises(NotNow, match="no public page"):
        recipients.mail_recipient(panel, turn=1, by=office, at=NOW)


def test_the_office_reads_the_mail_before_it_sends_it_once(
    client_of, office, panel, django_capture_on_commit_callbacks
):
    client = client_of(office)
    url = address("recipient-mail", panel.pk)
    assert panel.report.published_file.sha256 in text_of(client.get(url))
    for _press in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(url, {"turn": "1"})
    assert len(mail.outbox) == 1
    assert "Sent on" in text_of(client.get(address("recipient-list", panel.report_id)))


# Who reads it


def test_advisor_and_leads_read_the_list_and_change_nothing(client_of, advisor, lead_partner, out, panel, partner):
    url = address("recipient-list", out.pk)
    pages = [text_of(client_of(user).get(url)) for user in (advisor, lead_partner)]
    assert ["The Panel" in page and "Send by mail" not in page for page in pages] == [True, True]
    assert client_of(advisor).post(url).status_code == 403
    assert client_of(partner).get(url).status_code == 403


def test_the_public_reads_names_of_bodies_and_days_and_no_address(client_of, out, panel, office, partnership):
    unsent = ReportRecipientFactory(report=out, position=2, name="The bishop")
    recipients.mark_sent(panel, sent_on=TODAY, way="email", note="Receipt 4471", by=office)
    page = text_of(client_of(None).get(address("public-report", partnership.slug, out.pk)))
    assert "The Panel" in page and "12 January 2027" in page
    assert not [secret for secret in ("panel@example.org", "Receipt 4471", unsent.name) if secret in page]


def test_the_list_is_given_away_as_excel(client_of, office, out, panel):
    recipients.mark_sent(panel, sent_on=TODAY, way="post", note="=1+1", by=office)
    content = client_of(office).get(address("recipient-list", out.pk), {"export": "xlsx"}).content
    rows = list(load_workbook(io.BytesIO(content)).active.values)
    assert [str(cell.date()) if isinstance(cell, datetime) else cell for cell in rows[1]] == [
        "The Panel",
        "panel@example.org",
        "Our own",
        "2027-01-15",
        "2027-01-12",
        "Post",
        "Sent on 12 January 2027, in time",
        "=1+1",
    ]


def test_what_is_missing_says_to_whom_it_has_not_gone(out, panel, office):
    url = address("recipient-list", out.pk)
    late = date(2027, 1, 17)
    assert [(each.what, each.url) for each in recipients.lacks_of_recipients(out, on=late)] == [
        ("Sending the report to The Panel: not sent yet, 2 days late", url)
    ]
    recipients.mark_sent(panel, sent_on=late, way="post", note="", by=office)
    assert list(recipients.lacks_of_recipients(out, on=late)) == []


def test_the_form_of_an_address_says_what_is_wrong_and_saves_what_is_right(client_of, office, panel):
    client = client_of(office)
    url = address("recipient-change", panel.pk)
    assert client.post(url, {"name": "", "email": "no address"}).status_code == 422
    client.post(url, {"name": "The Panel", "email": "new@example.org", "within_days": "7"})
    panel.refresh_from_db()
    assert panel.email == "new@example.org"


def test_an_address_that_somebody_else_just_changed_is_not_overwritten_unseen(client_of, office, panel):
    client = client_of(office)
    url = address("recipient-change", panel.pk)
    seen = client.get(url).context["form"]["seen"].value()
    ReportRecipient.objects.update(email="theirs@example.org")
    response = client.post(url, {"name": "The Panel", "email": "mine@example.org", "within_days": "7", "seen": seen})
    assert response.status_code == 409 and "theirs@example.org" in text_of(response)


@pytest.mark.parametrize("count", [1, 3, 10])
def test_the_list_asks_as_often_for_ten_as_for_one(client_of, office, out, count, django_assert_num_queries):
    for number in range(count):
        made = ReportRecipientFactory(report=out, position=number + 1, name=f"Body {number}")
        ReportMail.objects.create(recipient=made, address="a@example.org", made_by=office, made_at=NOW)
    client = client_of(office)
    client.get(address("recipient-list", out.pk))
    with django_assert_num_queries(12):
        client.get(address("recipient-list", out.pk))
