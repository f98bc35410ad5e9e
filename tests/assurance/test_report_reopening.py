"""A consultation that was closed takes comments again: with a reason, until a new day, and those asked are told."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from assurance.annual import consulting, reopening
from assurance.models import ConsultationComment, ReportConsultation
from partnership.access import may
from partnership.deadlines import deadlines_for
from partnership.models import PublishedFile
from partnership.publishing import publish_file
from partnership.refusals import NotNow
from tests.conftest import TODAY
from tests.factories_report import (
    LAST_WEEK,
    ConsultationCommentFactory,
    ReportBuildFactory,
    ReportConsultationFactory,
)

pytestmark = pytest.mark.django_db
CLOSED_AT, NOW = LAST_WEEK + timedelta(days=1), LAST_WEEK + timedelta(days=5)
UNTIL = date(2027, 2, 26)
BECAUSE = "The health board’s answer came after the last day."
FORM = {"because": BECAUSE, "closes_on_day": "26", "closes_on_month": "2", "closes_on_year": "2027"}


@pytest.fixture
def closed(annual_report, office, other_partner, hospital):
    """Closed with one comment of the other partner, answered."""
    build = ReportBuildFactory(report=annual_report, requested_by=office, number=7, pdf=b"%PDF-1.7 the draft")
    consultation = ReportConsultationFactory(
        report=annual_report, build=build, opened_by=office, closes_on=LAST_WEEK.date()
    )
    comment = ConsultationCommentFactory(
        consultation=consultation, made_by=other_partner, organisation=hospital, words="Said in time."
    )
    consulting.answer_comment(comment, result="noted", answer="", by=office, at=CLOSED_AT)
    return consulting.close_consultation(consultation, at=CLOSED_AT)


def again(consultation, office, *, because=BECAUSE, until=UNTIL):
    return reopening.reopen_consultation(consultation, because=because, closes_on=until, by=office, at=NOW)


def url(name, record):
    return reverse(f"assurance:{name}", args=[record.pk])


def words_read_by(user, consultation):
    read = ConsultationComment.objects.visible_to(user).filter(consultation=consultation)
    return list(read.values_list("words", flat=True))


def test_the_office_opens_it_again_with_a_reason_and_a_new_day(client_of, office, closed):
    client = client_of(office)
    assert "Open the consultation again" in client.get(closed.get_absolute_url()).content.decode()
    answer = client.post(url("consultation-reopen", closed), FORM)
    assert (answer.status_code, answer.url) == (302, closed.get_absolute_url())
    closed.refresh_from_db()
    assert (closed.closed_at, closed.closes_on, closed.reopened_by, closed.reopened_because) == (
        None,
        UNTIL,
        office,
        BECAUSE,
    )
    page = client.get(closed.get_absolute_url()).content.decode()
    assert BECAUSE in page and "Comments until 26 February 2027" in page


def test_a_form_without_a_reason_or_with_a_day_that_is_over_keeps_what_was_typed(client_of, office, closed):
    client = client_of(office)
    answer = client.post(url("consultation-reopen", closed), FORM | {"because": ""})
    assert answer.status_code == 422 and "Enter why it is opened again" in answer.content.decode()
    answer = client.post(url("consultation-reopen", closed), FORM | {"closes_on_year": "2026"})
    words = answer.content.decode()
    assert answer.status_code == 422 and "that is not over yet" in words and BECAUSE in words
    closed.refresh_from_db()
    assert closed.closed_at == CLOSED_AT


@pytest.mark.parametrize("role", ["partner", "lead_partner", "advisor"])
def test_nobody_else_opens_it_again(request, client_of, closed, role):
    user = request.getfixturevalue(role)
    assert client_of(user).post(url("consultation-reopen", closed), FORM).status_code == 403
    assert "Open the consultation again" not in client_of(user).get(closed.get_absolute_url()).content.decode()


def test_pressed_twice_it_is_opened_once_and_two_reasons_are_refused(office, closed):
    first = again(closed, office)
    assert again(closed, office).reopened_at == first.reopened_at
    with pytest.raises(NotNow, match="open already"):
        again(closed, office, because="Another reason.")
    events = ReportConsultation.pgh_event_model.objects.filter(pgh_obj=closed.pk).exclude(reopened_at=None)
    assert events.count() == 1


def test_of_a_published_report_nothing_is_opened_again(client_of, office, closed, published_report_file):
    report = closed.report
    report.published_file = published_report_file
    report.save()
    assert client_of(office).get(url("consultation-reopen", closed)).status_code == 403
    with pytest.raises(NotNow, match="published"):
        again(closed, office)


@pytest.fixture
def published_report_file(office, annual_report):
    return publish_file(
        partnerships=annual_report.partnerships.all(),
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=annual_report.title,
        filename="report.pdf",
        content=b"%PDF-1.7",
        page_count=1,
        by=office,
        at=NOW,
    )


def test_what_everybody_has_read_stays_and_what_is_new_waits_until_it_is_closed_again(
    client_of, office, partner, other_partner, closed
):
    assert words_read_by(partner, closed) == ["Said in time."]
    again(closed, office)
    closed.refresh_from_db()
    late = ConsultationCommentFactory(
        consultation=closed, made_by=other_partner, words="Said after all.", made_at=NOW + timedelta(hours=1)
    )
    assert words_read_by(partner, closed) == ["Said in time."]
    assert words_read_by(office, closed) == ["Said in time.", "Said after all."]
    page = client_of(partner).get(url("consultation-comments", closed)).content.decode()
    assert "Said in time." in page and "Said after all." not in page
    assert [may(partner, "view", each) for each in closed.comments.order_by("pk")] == [True, False]
    consulting.answer_comment(late, result="noted", answer="", by=office, at=NOW + timedelta(days=1))
    consulting.close_consultation(closed, at=NOW + timedelta(days=2))
    assert words_read_by(partner, closed) == ["Said in time.", "Said after all."]


def test_whoever_has_not_commented_is_asked_by_the_new_day(client_of, office, partner, closed):
    def asked():
        return [each.due_on for each in deadlines_for(partner, on=TODAY) if each.kind == "Comment on a draft"]

    assert asked() == []
    again(closed, office)
    assert asked() == [UNTIL]
    assert client_of(partner).get(url("comment-add", closed)).status_code == 200


def test_members_are_told_once_each_and_nobody_else(office, partner, other_partner, stranger, closed):
    assert (reopening.tell_reopened(at=NOW), mail.outbox) == (0, [])
    again(closed, office)
    count = reopening.tell_reopened(at=NOW)
    told = sorted(message.to[0] for message in mail.outbox)
    assert len(told) == len(set(told)) == count
    assert {partner.email, other_partner.email} <= set(told) and stranger.email not in told
    assert all(BECAUSE in message.body and "26 February 2027" in message.body for message in mail.outbox)
    assert reopening.tell_reopened(at=NOW) == 0
    assert len(mail.outbox) == count


def test_of_a_committee_nobody_is_mailed_and_of_old_news_neither(office, closed):
    again(closed, office)
    assert reopening.tell_reopened(at=NOW + timedelta(days=2)) == 0
    ReportConsultation.objects.filter(pk=closed.pk).update(audience="committee")
    assert (reopening.tell_reopened(at=NOW), mail.outbox) == (0, [])
